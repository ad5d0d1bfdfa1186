"""Pure: the time that a person asks a digest of: yesterday, 2 days, за неделю, в пятницу, 17.02, since Monday."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from core.list_names import bare
from core.moments import FIRST

_DAY = timedelta(days=1)
_LONGEST_AGO = timedelta(days=330)  # that a date without a year may be
# Two of a leap year that is far ahead, half a year apart: on one of them every date that there can be has just been.
_SOME_DAYS = datetime(2196, 6, 1, tzinfo=UTC), datetime(2196, 12, 1, tzinfo=UTC)
_TOWARDS = (
    r"(?:(?:for|the|of|from|in|on|over|during|last|past|this|за|на|в|во|от"
    r"|эт(?:от|ой|у|и|их)|(?:прошл|последн|прошедш)\w+)\s+)*"
)
_WEEKDAYS = (
    r"mon(?:day)?|понедельник\w{0,2}",
    r"tue(?:sday)?|вторник\w{0,2}",
    r"wed(?:nesday)?|сред[ауые]",
    r"thu(?:rsday)?|четверг\w{0,2}",
    r"fri(?:day)?|пятниц\w{1,2}",
    r"sat(?:urday)?|суббот\w{1,2}",
    r"sun(?:day)?|воскресень[еяю]",
)
_MONTHS = (
    r"jan(?:uary)?|январ[ья]",
    r"feb(?:ruary)?|феврал[ья]",
    r"mar(?:ch)?|марта?",
    r"apr(?:il)?|апрел[ья]",
    r"may|ма[йя]",
    r"june?|июн[ья]",
    r"july?|июл[ья]",
    r"aug(?:ust)?|августа?",
    r"sept?(?:ember)?|сентябр[ья]",
    r"oct(?:ober)?|октябр[ья]",
    r"nov(?:ember)?|ноябр[ья]",
    r"dec(?:ember)?|декабр[ья]",
)
_UNITS = {
    r"m|min|mins|minutes?|м|мин|минут[аыу]?": timedelta(minutes=1),
    r"h|hrs?|hours?|ч|час(?:а|ов)?": timedelta(hours=1),
    r"d|days?|today|д|дн(?:я|ей)|день|сегодня|сегодняшн\w+(?: день| дня)?|сутки|суток": _DAY,
    r"w|weeks?|н|нед|недел[яиюье]": 7 * _DAY,
    r"months?|месяц(?:а|ев)?": 30 * _DAY,
}
_NUMBERS = {
    "a couple of": 2,
    "couple of": 2,
    "a": 1,
    "пару": 2,
    "двое": 2,
    "трое": 3,
    **{word: at for at, word in enumerate("two three four five six seven".split(), 2)},
    **{word: at for at, word in enumerate("два три четыре пять шесть семь".split(), 2)},
    "две": 2,
}
_SPAN = re.compile(
    rf"(?<!\w){_TOWARDS}(?:"
    rf"(?P<count>[1-9]\d{{0,3}}|{'|'.join(_NUMBERS)})(?:\s*|\s+последн\w+\s+)(?P<units>{'|'.join(_UNITS)})"
    r"|(?P<unit>hour|час|day|today|день|сегодня|сегодняшн\w+(?: день| дня)?|сутки|week|недел[яюе]|month|месяц))(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Window:
    """What was published from `since` to before `until`."""

    since: datetime
    until: datetime


def read_window(text: str, now: datetime, zone: tzinfo) -> tuple[Window | None, str]:
    """The window that a text names, days by the calendar of `zone`, and the text (`bare`) without the words for it;
    None and the whole where it names none."""
    text = bare(text)
    today = now.astimezone(zone).date()
    for pattern, first_and_end in _DAYS:
        match = pattern.search(text)
        if match and (days := first_and_end(match, today)):
            since, until = (datetime.combine(each, time(), zone).astimezone(UTC) for each in days)
            return Window(since, now if match["since"] else min(until, now)), _without(text, match)
    if match := _SPAN.search(text):
        count, unit = match["count"] or "a", match["units"] or match["unit"]
        length = next(length for names, length in _UNITS.items() if re.fullmatch(names, unit))
        return Window(now - (_NUMBERS.get(count) or int(count)) * length, now), _without(text, match)
    return None, text


def beside_window(text: str) -> str:
    """A text (`bare`) without the words that name a window on one day or another."""
    return min((read_window(text, now, UTC)[1] for now in _SOME_DAYS), key=len)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


_Days = tuple[date, date]  # the first, and the one behind the last


def _back(number: int) -> Callable[[re.Match[str], date], _Days]:
    """The day so many before today."""
    return lambda match, today: (today - number * _DAY, today - (number - 1) * _DAY)


def _weekend(match: re.Match[str], today: date) -> _Days:
    """The last Saturday and its Sunday, today among them."""
    saturday = today - (today.weekday() - 5) % 7 * _DAY
    return saturday, saturday + 2 * _DAY


def _weekday(match: re.Match[str], today: date) -> _Days:
    """The last day of this name, which may be today."""
    day = today - (today.weekday() - _place(match["day"], _WEEKDAYS)) % 7 * _DAY
    return day, day + _DAY


def _date(match: re.Match[str], today: date) -> _Days | None:
    """The day of a date; without a year the last that there was, but none that is only just to come."""
    given = match.groupdict()
    month = int(given["number"]) if given.get("number") else 1 + _place(given["month"], _MONTHS)
    year = int(given.get("year") or today.year)
    try:
        day = date(year + 2000 * (year < 100), month, int(given["day"]))
        if day > today and not given.get("year"):
            day = day.replace(year=day.year - 1)
    except ValueError:  # the 31st of a month that has none
        return None
    soon = not given.get("year") and today - day > _LONGEST_AGO
    return (day, day + _DAY) if FIRST.date() < day <= today and not soon else None


def _place(name: str, among: tuple[str, ...]) -> int:
    return next(at for at, names in enumerate(among) if re.fullmatch(names, name))


def _pattern(days: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:(?P<since>since|со?)\s+)?{_TOWARDS}(?:{days})(?!\w)")


_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], _Days | None]], ...] = (
    (_pattern(r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)"), _date),
    (_pattern(r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})(?:\.(?P<year>(?:\d\d)?\d\d))?"), _date),
    (_pattern(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:\s+(?P<year>\d{{4}}))?"), _date),
    (_pattern(rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"), _date),
    (_pattern(r"day before yesterday|позавчера(?:шн\w+(?: день| дня)?)?"), _back(2)),
    (_pattern(r"yesterday|вчера(?:шн\w+(?: день| дня)?)?"), _back(1)),
    (_pattern(r"weekend|выходн(?:ые|ых)"), _weekend),
    (_pattern(rf"(?P<day>{'|'.join(_WEEKDAYS)})"), _weekday),
)
