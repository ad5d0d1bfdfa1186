"""Moments and spans as people type them (2025-02-17, 2025-02-17T08:00, today, yesterday, 24h, 7d), and programs."""

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta, tzinfo

from core.errors import BadInput

_SPAN = re.compile(r"(\d{1,5})\s*(m|min|h|d|w|ч|м|д|н)")
_UNITS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "м": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "ч": timedelta(hours=1),
    "d": timedelta(days=1),
    "д": timedelta(days=1),
    "w": timedelta(weeks=1),
    "н": timedelta(weeks=1),
}
# What a post's key can be made of; in a question, what lies beyond means "ever".
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_DAYS = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1}


def span(text: str) -> timedelta:
    """A length of time: `90m`, `24h`, `7d`, `2w`. Raises BadInput."""
    match = _SPAN.fullmatch(text.strip().lower())
    if not match or not int(match[1]):
        raise BadInput(text[:40], "is no span of time: write it as 90m, 24h, 7d or 2w")
    return int(match[1]) * _UNITS[match[2]]


def written_span(length: timedelta) -> str:
    """A length of whole minutes as `span` reads it, in the largest unit that it is a number of: `90m`, `1h`, `7d`."""
    unit = next(each for each in ("d", "h", "m") if not length % _UNITS[each])
    return f"{length // _UNITS[unit]}{unit}"


def moment(text: str, now: datetime, zone: tzinfo = UTC) -> datetime:
    """A moment in UTC, from 1970 to 2200. A date is its midnight in `zone`, a span is that long before `now`. Raises
    BadInput."""
    return min(max(_moment(text, now, zone), FIRST), LAST)


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    word = text.strip().lower()
    if word in _DAYS:
        day = now.astimezone(zone).date() - timedelta(days=_DAYS[word])
        return datetime.combine(day, time(), zone).astimezone(UTC)
    with suppress(OverflowError):
        if found := now - span(word) if _SPAN.fullmatch(word) else read_date(word.upper(), zone):
            return found
    raise BadInput(text[:40], "is no time: write 2025-02-17, 2025-02-17T08:00, yesterday, 24h or 7d")


def read_date(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """An ISO 8601 moment in UTC, by the clock of `zone` where it names no offset; None for what is none."""
    try:
        value = datetime.fromisoformat(text or "")
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
