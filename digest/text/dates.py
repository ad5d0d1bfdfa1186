"""Pure: the dates, days of the week and times of a text, in Russian or English."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

_MONTHS_RU = "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()
_MONTHS_EN = "January February March April May June July August September October November December".split()
_DAYS_RU = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресен")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = (
    r"\b(?P<{0}>(?i:январ[яьею]|феврал[яьею]|март(?:а|е|у|ом)?|апрел[яьею]|ма[йяею]|маем|ию[нл][яьею]|август(?:а|е|у|ом)?"
    r"|(?:сент|окт|но)ябр[яьею]|декабр[яьею])|Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_TH = r"(?:-?(?i:st|nd|rd|th|го|е|ого))?"
_TO = r"\s{0,2}(?:[-–—]|and|to|и|по|до)\s{0,2}"
_YEAR = r"(?:,?\s(?P<{0}>(?:19|20)\d\d))?"
_DAY_MONTH = re.compile(
    rf"(?<![\d.,])(?:(?P<from>[0-3]?\d){_TH}{_TO})?(?P<day>[0-3]?\d){_TH}(?:\sof)?\s{_MONTH.format('month')}{_YEAR.format('year')}"
)
_MONTH_DAY = re.compile(
    rf"{_MONTH.format('month')}\.?\s(?P<from>[0-3]?\d){_TH}(?![\d:%])(?:{_TO}(?P<day>[0-3]?\d){_TH}(?!\d))?{_YEAR.format('year')}"
)
_BARE_MONTH = re.compile(_MONTH.format("month"))
_SURELY_MONTH = re.compile(
    r"(?i:\b(?:in|of|since|until|till|by|from|last|next|this|early|late|mid|through|before|after|for)[\s-]$)"
)
_NUMERIC_DATE = re.compile(
    r"(?<![\d.])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d\d)(?![\d])|(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)"
)
_SHORT_DATE = re.compile(r"(?<![\d.,])([0-3]?\d)\.([01]\d)(?![\d.,]*\d)")
_WEEKDAY = re.compile(
    r"\b(?:(?i:(понедельник|вторник|четверг|пятниц|суббот|воскресен(?=ь))[а-я]{0,4}|(сред)[ауые]\b)|"
    r"(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?)\b"
)
_TIME = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(?![:\d])(?:\s?([ap])\.?m\b\.?)?|(?<![\d:.,])(1?\d)\s?([ap])\.?m\b\.?",
    re.IGNORECASE,
)
_DOT_TIME = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3])\.([0-5]\d)(?![\d.,]*\d)")
_TODAY = re.compile(r"\b(?:сегодня|сегодняшн|вчера|завтра|today|yesterday|tomorrow|tonight)", re.IGNORECASE)

_BY_THE_DAY = re.compile(
    r"\b(?:послезавтра|позавчера|(?:сегодня|завтра|вчера)(?:шн\w+)?|эту ночь"
    r"|(?:этой|минувшей|прошлой|прошедшей) ночью"
    r"|сьогодн(?:і|ішн\w+)|[ув]чора|позавчора|цієї ночі"
    r"|today|tonight|tomorrow|yesterday|this (?:morning|afternoon|evening)|last night)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Dates:
    """When, as a text says it: `days` are (day, month), `weekdays` from 0 for Monday, `times` (hour, minute)."""

    days: set[tuple[int, int]] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)
    times: set[tuple[int, int]] = field(default_factory=set)


def goes_by_the_day(text: str) -> bool:
    """Whether it says "today", "tomorrow" or the like, which another day reads wrongly."""
    return _BY_THE_DAY.search(text) is not None


def take_published(text: str, found: Dates, published: date) -> None:
    """What a text that was published on this day means by a year left out, by "today" and its like."""
    found.years.add(published.year)
    if _TODAY.search(text):
        for day in (published + timedelta(days=n) for n in (-1, 0, 1)):
            found.days.add((day.day, day.month))
            found.months.add(day.month)
            found.weekdays.add(day.weekday())


def take_dates(text: str, found: Dates, *, source: bool) -> str:
    """Note the dates of the text; gives the text without them."""

    def numeric(match: re.Match[str]) -> str:
        day, _, month, year, iso_year, iso_month, iso_day = match.groups()
        pairs = [(int(iso_day), int(iso_month))] if iso_day else [(int(day), int(month)), (int(month), int(day))]
        pairs = [pair for pair in pairs if 0 < pair[0] < 32 and 0 < pair[1] < 13]
        if not pairs:
            return match[0]
        for pair in pairs if source else pairs[:1]:
            found.days.add(pair)
            found.months.add(pair[1])
        number = int(iso_year or year)
        found.years.add(number if number > 99 else 2000 + number)
        return " ; "

    def worded(match: re.Match[str]) -> str:
        month = _month(match["month"])
        days = [int(day) for day in (match["from"], match["day"]) if day]
        if not all(0 < day < 32 for day in days):
            return match[0]
        found.days.update((day, month) for day in days)
        found.months.add(month)
        if match["year"]:
            found.years.add(int(match["year"]))
        return " ; "

    text = _NUMERIC_DATE.sub(numeric, text)
    if source:
        for match in _SHORT_DATE.finditer(text):
            found.days.add((int(match[1]), int(match[2])))
            found.months.add(int(match[2]))
    text = _MONTH_DAY.sub(worded, _DAY_MONTH.sub(worded, text))
    _take_names(text, found, source=source)
    return text


def _take_names(text: str, found: Dates, *, source: bool) -> None:
    """Months and days of the week that stand alone."""
    for match in _BARE_MONTH.finditer(text):
        word = match["month"]
        if source or word not in ("May", "March", "Mar") or _SURELY_MONTH.search(text[: match.start()][-12:]):
            found.months.add(_month(word))
    for match in _WEEKDAY.finditer(text):
        russian = (match[1] or match[2] or "").casefold()
        if not match[2] or source or match[0].casefold() == "среду":
            found.weekdays.add(_DAYS_RU.index(russian) if russian else _DAYS_EN.index(match[3]))


def _month(word: str) -> int:
    lower = word.casefold()  # whatever the case, `re` takes some old Cyrillic letters for new ones
    if lower.isascii():
        return next(n for n, month in enumerate(_MONTHS_EN, 1) if month.lower().startswith(lower[:3]))
    return next(n for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 5) if lower.startswith(_MONTHS_RU[n - 1]))


def take_times(text: str, found: Dates, *, source: bool) -> str:
    """Note the times of the text; gives the text without them, of a `source` with the full hours as numbers."""

    def take(match: re.Match[str]) -> str:
        hour, minute = int(match[1] or match[4]), int(match[2] or 0)
        half = (match[3] or match[5] or "").lower()
        if half:
            found.times.add((hour % 12 + (12 if half == "p" else 0), minute))
        if source or not half:
            found.times.add((hour, minute))
        return f" {hour} ; " if source and minute == 0 else " ; "

    if source:
        found.times.update((int(match[1]), int(match[2])) for match in _DOT_TIME.finditer(text))
    return _TIME.sub(take, text)
