"""Pure: the hour that a person typed (8, 8:30, 0830, 8 pm, half past seven, в восемь утра), and when it comes next."""

import re
from collections.abc import Sequence
from datetime import datetime, time

from bot import zones
from digest import due

_HOUR = re.compile(
    r"~?(?:(?P<hour>\d{1,2})"
    r"(?:(?:\s*(?:[:.,hч\-–]|час(?:а|ов)?)\s*|\s)(?P<minute>\d{2})(?:\s?(?:m|м|min|мин|минут)\.?)?)?"
    r"|(?P<run>\d{3,4}))"
    r"\s*(?:o['’]?clock|hours?|h|час(?:а|ов)?|ч\.?|[:.])?"
    r"\s*(?P<half>[ap]\.?\s?m\.?|(?:in the )?(?:morning|afternoon|evening|tonight)"
    r"|утра|утром|утрам|дня|днём|днем|вечера?|вечером|вечерам|ночи|ночью)?\s*[.!]?",
    re.IGNORECASE,
)
# What says nothing of the hour itself, before it and behind it.
_BEFORE = re.compile(
    r"^(?:(?:at|to|for|around|about|every|each|day|morning|tomorrow|в|на|к|о|около|примерно|лучше|давай|давайте|пусть|"
    r"каждый|каждое|день|утро|завтра|ровно|часов|часиков)\s+)+"
)
_BEHIND = re.compile(
    r"\s+(?:please|instead|every day|daily|each day|пожалуйста|каждый день|(?:по )?мск"
    r"|по (?:москве|московскому времени))[.!]?$"
)
_HALF_FIRST = re.compile(  # "вечером в 9"
    r"^(?:по |in the )?(afternoon|evening|tonight|утром|утрам|днём|днем|вечер|вечером|вечерам|ночью) (?:(?:at|в) )?(.+)"
)
_HALF_OF = re.compile(r"^пол-?(?!овин|\s)")  # "полвосьмого" as two words
_QUARTERS = re.compile(
    r"(?:(?P<half>half past|половин[аеу]|пол)|(?P<past>quarter past)|(?P<to>quarter to|без четверти))"
    r"\s+(?P<hour>[1-9]|1\d|2[0-4])(?P<rest>(?!\d).*)"
)
_LONGEST = 40
_NOON = 12
_FORENOON = (10, 11)  # "11 дня" is of the day, not of the night
_WORDS = {"noon": "12:00", "midday": "12:00", "midnight": "00:00", "полдень": "12:00", "полночь": "00:00"}
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve",
    "час два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого одиннадцатого двенадцатого",
)
_NUMBER = {word: str(at) for words in _NUMBERS for at, word in enumerate(words.split(), 1)} | {
    **{word: str(at) for at, word in enumerate("двум трем четырем пяти шести семи восьми девяти десяти".split(), 2)},
    "четвертого": "4",
    "fifteen": "15",
    "пятнадцать": "15",
    "thirty": "30",
    "тридцать": "30",
}
_PARTS = {
    "morning|утр": ("05:00", "06:00", "07:00", "08:00", "09:00", "10:00"),
    "afternoon|day ?time|дн[её]м": ("12:00", "13:00", "14:00", "15:00", "16:00", "17:00"),
    "evening|вечер": ("18:00", "19:00", "20:00", "21:00", "22:00", "23:00"),
    "night|ноч": ("22:00", "23:00", "00:00", "01:00", "02:00", "03:00"),
}
_NOT = re.compile(r"\b(?:not?|don['’]?t|не)\b", re.IGNORECASE)
_COUNT = rf"\d{{1,2}}|an?|{'|'.join(_NUMBER)}"
_MOVED = re.compile(  # "an hour later", «на два часа раньше», «позже на час»
    rf"(?:please |make it |send it |давай(?:те)? |можно )*(?:на )?(?:(?P<count>{_COUNT}) )?(?:hours?|час(?:а|ов)?)"
    r" (?P<way>later|earlier|позже|раньше|попозже|пораньше)(?:,? please|,? пожалуйста)?"
    rf"|(?P<before>позже|раньше|попозже|пораньше) на (?:(?P<behind>{_COUNT}) )?час(?:а|ов)?"
)
_HALVES = {
    "morning": "am",
    "afternoon": "pm",
    "evening": "вечера",
    "tonight": "вечера",
    "утром": "утра",
    "утрам": "утра",
    "днём": "дня",
    "днем": "дня",
    "вечер": "вечера",
    "вечером": "вечера",
    "вечерам": "вечера",
    "ночью": "ночи",
}


def hour(text: str) -> str | None:
    """The hour as HH:MM, or None where the text names none."""
    text = " ".join(text.split()).lower() if len(text) <= _LONGEST else ""
    text = _BEHIND.sub("", _BEFORE.sub("", text)).removeprefix("a ")
    if text in _WORDS:
        return _WORDS[text]
    text = _HALF_OF.sub("пол ", _HALF_FIRST.sub(r"\2 \1", text))
    text = " ".join(_NUMBER.get(word, word) for word in text.split())
    if part := _QUARTERS.fullmatch(text):
        text = _told_by_quarters(part)
    match = _HOUR.fullmatch(text)
    if not match:
        return None
    if run := match["run"]:
        hours, minutes = int(run[:-2]), int(run[-2:])
    else:
        hours, minutes = int(match["hour"]), int(match["minute"] or 0)
    hours = _of_day(hours, _half(match["half"] or ""))
    return f"{hours:02}:{minutes:02}" if 0 <= hours <= 23 and minutes <= 59 else None


def _told_by_quarters(part: re.Match[str]) -> str:
    """ "half past 7", "quarter to 8", and as Russian has it, half of the eighth hour, in figures."""
    hours = int(part["hour"])
    if part["half"] == "half past" or part["past"]:
        return f"{hours}:{'15' if part['past'] else '30'}{part['rest']}"
    before = (hours - 2) % _NOON + 1 if hours <= _NOON else hours - 1
    return f"{before}:{'45' if part['to'] else '30'}{part['rest']}"


def _half(words: str) -> str:
    """Which half of the day: am, pm, or what the words say of it."""
    words = words.replace(".", "").replace(" ", "").removeprefix("inthe")
    return _HALVES.get(words, words)


def hours_of(text: str) -> Sequence[str]:
    """The hours to choose from for one who names a part of the day: "in the mornings", «вечером»; empty for others."""
    parts = [hours for words, hours in _PARTS.items() if re.search(rf"\b(?:{words})", text, re.IGNORECASE)]
    return parts[0] if len(parts) == 1 and not _NOT.search(text) else ()


def hours_moved(text: str) -> int:
    """By how many hours somebody wants a digest later, or (below 0) earlier: "an hour later", «на два часа раньше»; 0
    for others."""
    match = _MOVED.fullmatch(" ".join(text.lower().split()).rstrip(".!")) if len(text) <= _LONGEST else None
    if not match:
        return 0
    count = match["count"] or match["behind"] or "1"
    hours = int(_NUMBER.get(count, count)) if count not in {"a", "an"} else 1
    way = match["way"] or match["before"]
    return (hours if way in {"later", "позже", "попозже"} else -hours) if hours <= _NOON else 0


def shifted(at: str, hours: int) -> str:
    """The hour (HH:MM) so many hours later."""
    return f"{(int(at[:2]) + hours) % 24:02}{at[2:]}"


def next_due(at: str, zone: str, after: datetime, had: datetime | None = None) -> datetime:
    """The first moment after `after` at which the clock of `zone` shows `at` (HH:MM), on a later day than the one whose
    digest was due at `had`."""
    return due.next_due(time.fromisoformat(at), zones.tz(zone), after, had)


def _of_day(hours: int, half: str) -> int:
    """The hour of the day; -1 where the words and the number do not agree (0 pm, 13 am)."""
    if not half:
        return 0 if hours == 24 else hours
    if half == "ночи":  # 11 and 12 at night close the day, the small hours open it
        return hours if hours < 6 else {11: 23, 12: 0}.get(hours, -1)
    if not 1 <= hours <= _NOON:
        return hours if hours < 24 and half in {"вечера", "дня", "pm"} and hours > _NOON else -1
    if half in {"am", "утра"} or (half == "вечера" and hours == _NOON):
        return hours % _NOON
    return hours if half == "дня" and hours in _FORENOON else hours % _NOON + _NOON
