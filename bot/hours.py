"""Pure: the hour that a person typed (8, 8:30, 0830, 20.15, 8 pm, в 9 вечера), and when it comes next."""

import re
from datetime import datetime, time

from bot import zones
from digest import due

_HOUR = re.compile(
    r"(?:at|в|к|о|~)?\s*"
    r"(?:(?P<hour>\d{1,2})(?:\s*[:.,hч\-–]\s*(?P<minute>\d{2}))?|(?P<run>\d{3,4}))"
    r"\s*(?:o'?clock|hours?|h|час(?:а|ов)?|ч\.?|(?P<half>[ap]\.?\s?m\.?|утра|дня|вечера|ночи)|[:.]?)?\s*[.!]?",
    re.IGNORECASE,
)
_LONGEST = 40
_NOON = 12
_WORDS = {"noon": "12:00", "midday": "12:00", "midnight": "00:00", "полдень": "12:00", "полночь": "00:00"}


def hour(text: str) -> str | None:
    """The hour as HH:MM, or None where the text names none."""
    text = " ".join(text.split()).lower() if len(text) <= _LONGEST else ""
    if text.removeprefix("at ").removeprefix("в ") in _WORDS:
        return _WORDS[text.removeprefix("at ").removeprefix("в ")]
    match = _HOUR.fullmatch(text)
    if not match:
        return None
    if run := match["run"]:
        hours, minutes = int(run[:-2]), int(run[-2:])
    else:
        hours, minutes = int(match["hour"]), int(match["minute"] or 0)
    hours = _of_day(hours, (match["half"] or "").replace(".", "").replace(" ", ""))
    return f"{hours:02}:{minutes:02}" if 0 <= hours <= 23 and minutes <= 59 else None


def next_due(at: str, zone: str, after: datetime) -> datetime:
    """The first moment after `after` at which the clock of `zone` shows `at` (HH:MM)."""
    return due.next_due(time.fromisoformat(at), zones.tz(zone), after)


def _of_day(hours: int, half: str) -> int:
    """The hour of the day; -1 where the words and the number do not agree (0 pm, 13 am)."""
    if not half:
        return 0 if hours == 24 else hours
    if half == "ночи":  # 11 and 12 at night close the day, the small hours open it
        return hours if hours < 6 else {11: 23, 12: 0}.get(hours, -1)
    if not 1 <= hours <= _NOON:
        return hours if hours < 24 and half in {"вечера", "дня", "pm"} and hours > _NOON else -1
    if half in {"am", "утра"}:
        return hours % _NOON
    return hours % _NOON + _NOON
