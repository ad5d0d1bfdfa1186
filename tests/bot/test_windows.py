"""The time that people ask a digest of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.windows import beside_window, read_window
from tests.bot.world import Talk
from tests.moments import MOMENTS, NOW

MOSCOW = ZoneInfo("Europe/Moscow")  # where it is nine in the evening of Tuesday, 18 February


def day(number: int, month: int = 2, year: int = 2025) -> datetime:
    """The midnight with which a day of Moscow begins."""
    return datetime(year, month, number, tzinfo=MOSCOW).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("yesterday", day(17), day(18)),
        ("за вчера", day(17), day(18)),
        ("the day before yesterday", day(16), day(17)),
        ("позавчерашний день", day(16), day(17)),
        ("со вчерашнего дня", day(17), NOW),
        ("Monday", day(17), day(18)),
        ("в пятницу", day(14), day(15)),
        ("since friday", day(14), NOW),
        ("tuesday", day(18), NOW),
        ("weekend", day(15), day(17)),
        ("за прошлые выходные", day(15), day(17)),
        ("2025-02-10", day(10), day(11)),
        ("17.02", day(17), day(18)),
        ("31.12.24", day(31, 12, 2024), day(1, 1)),
        ("on 3 May", day(3, 5, 2024), day(4, 5, 2024)),
        ("17 февраля 2025", day(17), day(18)),
        ("February 3rd", day(3), day(4)),
    ],
)
def test_days_are_those_of_the_readers_calendar(text: str, since: datetime, until: datetime) -> None:
    window, rest = read_window(text, NOW, MOSCOW)
    assert window
    assert (window.since, window.until, rest) == (since, until, "")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("12h", timedelta(hours=12)),
        ("за 12 часов", timedelta(hours=12)),
        ("90 min", timedelta(minutes=90)),
        ("2 days", timedelta(days=2)),
        ("за последние три дня", timedelta(days=3)),
        ("2 последних дня", timedelta(days=2)),
        ("a couple of weeks", timedelta(days=14)),
        ("week", timedelta(days=7)),
        ("на этой неделе", timedelta(days=7)),
        ("сутки", timedelta(days=1)),
        ("месяц", timedelta(days=30)),
    ],
)
def test_a_length_of_time_ends_now(text: str, length: timedelta) -> None:
    window, rest = read_window(text, NOW, MOSCOW)
    assert window
    assert (window.until - window.since, window.until, rest) == (length, NOW, "")


@pytest.mark.parametrize(
    "text",
    ["moon", "0d", "99999 days", "30.02", "40.13", "2025-02-19", "20.02", "0999-01-01", "march on rome", "3 маршрута"],
)
def test_other_words_name_no_time(text: str) -> None:
    assert read_window(text, NOW, MOSCOW) == (None, text)


@given(st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.sampled_from(["%d.%m", "%d.%m.%Y", "%d %B", "%B %d"]))
@example(date(2025, 1, 20), "%d %B")
@example(date(2024, 2, 29), "%d.%m")
def test_every_date_is_known_whichever_day_it_is(day: date, form: str) -> None:
    assert beside_window(f"news on {day:{form}}") == "news"


@given(st.text(alphabet="0123456789. dwmay-днвчера", max_size=40), MOMENTS)
def test_no_text_breaks_the_reading_of_a_time(text: str, now: datetime) -> None:
    window, _ = read_window(text, now, MOSCOW)
    assert window is None or window.since <= window.until <= now


@pytest.mark.parametrize(
    "asked",
    [
        "/digest yesterday",
        "/digest в понедельник",
        "/digest 17 february",
        "what was yesterday's news?",
        "/digest yesterday’s world",  # as a telephone writes it
        "what’s up yesterday?",
        "what's up yesterday?",
    ],
)
async def test_a_digest_of_another_day_says_which(talk: Talk, asked: str) -> None:
    await talk.starts()
    assert "World affairs · Monday, 17 February" in await talk.hears(asked)


async def test_lists_and_days_stand_together_in_any_order(talk: Talk) -> None:
    await talk.starts()
    for asked in ("/digest city, 2 days", "/digest за 2 дня Eastport <city>"):
        assert "Eastport &lt;city&gt; · 16 Feb to 18 Feb" in await talk.hears(asked)
    assert "News in Russian · Tuesday" in await talk.hears("/digest Новости")  # else words that ask for the news
    assert "I did not understand “yesterday moon”" in await talk.hears("/digest yesterday moon")
