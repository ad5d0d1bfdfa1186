"""Moments and spans are read as people type them, in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from core.errors import BadInput
from core.moments import moment, read_date, span, written_span
from tests.moments import MOMENTS

NOW = datetime(2025, 2, 18, 18, 30, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("5 min", timedelta(minutes=5)),
        ("24H", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("3ч", timedelta(hours=3)),
        (" 1д ", timedelta(days=1)),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert span(text) == length


@pytest.mark.parametrize("text", ["1m", "90m", "1h", "36h", "1d", "14d"])
def test_a_span_is_written_as_it_is_read(text: str) -> None:
    assert written_span(span(text)) == text


@pytest.mark.parametrize("text", ["", "0d", "d", "-1d", "1.5h", "1y", "123456d", "1d2h", "5mın"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no span of time"):
        span(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-02-17", datetime(2025, 2, 16, 22, tzinfo=UTC)),
        ("2025-02-17T08:00", datetime(2025, 2, 17, 6, tzinfo=UTC)),
        ("2025-02-17t08:00z", datetime(2025, 2, 17, 8, tzinfo=UTC)),
        ("2025-02-17T08:00+05:00", datetime(2025, 2, 17, 3, tzinfo=UTC)),
        ("today", datetime(2025, 2, 17, 22, tzinfo=UTC)),
        ("Вчера", datetime(2025, 2, 16, 22, tzinfo=UTC)),
        ("24h", NOW - timedelta(hours=24)),
        ("7д", NOW - timedelta(days=7)),
        ("0002-01-01", datetime(1970, 1, 1, tzinfo=UTC)),
        ("99999w", datetime(1970, 1, 1, tzinfo=UTC)),
        ("9999-12-31", datetime(2200, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_by_the_clock_of_its_zone(text: str, expected: datetime) -> None:
    assert moment(text, NOW, RIGA) == expected


@pytest.mark.parametrize("text", ["", "soon", "2025-13-01", "18.02.2025", "0001-01-01T00:00+23:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        moment(text, NOW, RIGA)


@given(MOMENTS)
def test_a_moment_that_is_written_out_is_read_back(value: datetime) -> None:
    assert moment(value.isoformat(), NOW) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-02T05:15:00+03:00", datetime(2026, 3, 2, 2, 15, tzinfo=UTC)),
        ("2026-03-02T05:15:00", datetime(2026, 3, 2, 5, 15, tzinfo=UTC)),
        ("1970-01-01T00:00:00+00:00", datetime(1970, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-13-45", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_in_utc_or_not_at_all(value: str | None, expected: datetime | None) -> None:
    assert read_date(value) == expected
