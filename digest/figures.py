"""Pure: the numbers, dates and times of a text, in words or digits, Russian or English, written one way.

A number is a value with the unit that stands beside it: "2,5 млн рублей", "2.5 million roubles" and "2 500 000 ₽" are
the same. Where a notation can be read in two ways ("5m"), both readings are kept and one of them is enough.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

LONGEST = 20_000  # characters of a text that are read
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
_TWO_PARTS = re.compile(r"(\d{1,2})\.(\d\d)")
_TODAY = re.compile(r"\b(?:сегодня|сегодняшн|вчера|завтра|today|yesterday|tomorrow|tonight)", re.IGNORECASE)

_TOKEN = re.compile(
    r"(?P<number>\d{1,3}+(?:[.,' \u2019]\d{3}(?!\d))++(?:[.,]\d{1,9}+)?(?!\d)|\d{1,30}+(?:[.,]\d{1,9}+(?!\d))?)"
    r"(?P<tail>[kmbкм](?![^\W_]))?|(?P<word>[^\W\d_]+)|(?P<sign>[%$€₽£¥])|(?P<dash>[-–—])"
)
_GROUPING = re.compile(r"[.,' \u2019](?=\d{3}(?!\d))")
_ADJECTIVE = "ый ий ой ая ое ее ого его ому ему ым им ую ых их ыми ими ые ие ом ем".split()
_TENS_RU = "двадцат тридцат сорок пятьдесят шестьдесят семьдесят восемьдесят девяност".split()
_TEENS_RU = ["десят", *(f"{unit}надцат" for unit in "один две три четыр пят шест сем восем девят".split())]
_FORMS = {
    2: "два две двух двум двумя двое двоих двоим оба обе обоих обеих обоим обеим two both couple pair",
    3: "три трех трем тремя трое троих троим третий третья третье третьего третьей третьему третьих третьим три three",
    4: "четыре четырех четырем четырьмя четверо четверых four fourth",
    5: "пять пяти пятью пятеро пятерых пятый пятая пятое пятого пятой пятых пятую five fifth",
    6: "шесть шести шестью шестеро шестерых шестой шестая шестого шестую шестых six sixth",
    7: "семь семи семеро семерых седьмой седьмая седьмого седьмую seven seventh",
    8: "восемь восьми восемью восьмеро восьмой восьмая восьмого eight eighth",
    9: "девять девяти девятью девятеро девятый девятая девятого девятой nine ninth",
    40: "сорока",
    50: "пятидесяти",
    60: "шестидесяти",
    70: "семидесяти",
    80: "восьмидесяти",
    90: "девяноста",
    100: "сто ста сотый",
    200: "двести двухсот",
    300: "триста трехсот",
    400: "четыреста четырехсот",
    500: "пятьсот пятисот",
    600: "шестьсот шестисот",
    700: "семьсот семисот",
    800: "восемьсот восьмисот",
    900: "девятьсот девятисот",
}
_TEENS_EN = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _words_of_numbers() -> dict[str, int]:
    found = {form: value for value, forms in _FORMS.items() for form in forms.split()}
    for value, (russian, english) in enumerate(zip(_TEENS_RU, _TEENS_EN, strict=True), 10):
        found |= {english: value, f"{english}th": value}
        found |= dict.fromkeys([russian + end for end in ("ь", "и", "ью", *_ADJECTIVE)], value)
    for value, (russian, english) in enumerate(zip(_TENS_RU, _TENS_EN, strict=True), 2):
        found |= {english: 10 * value, f"{english[:-1]}ieth": 10 * value}
        found |= dict.fromkeys([russian + end for end in ("", "ь", "и", "ью", "о", *_ADJECTIVE)], 10 * value)
    found |= dict.fromkeys(["четверт" + end for end in _ADJECTIVE], 4) | {"twelfth": 12}
    del found["четвертую"], found["четвертых"]  # quarters
    del found["десятые"], found["десятых"]  # tenths
    return found


_WORDS = _words_of_numbers()
_ONES = frozenset("one first один одна одно одного одной одному одну первый первая первое первого первой".split())
_COMPOUND = re.compile(
    r"(двух|трех|четырех|пяти|шести|семи|восьми|девяти|десяти|двенадцати|пятнадцати|двадцати|тридцати|сорока|пятидесяти)"
    r"(лет|дневн|часов|месячн|недельн|этажн|комнатн|сторонн|значн|минутн|миллиард|миллион|тысячн|метров|процентн|кратн)"
)
_COMPOUND_UNITS = {
    "лет": "years", "дневн": "days", "часов": "hours", "месячн": "months", "недельн": "weeks", "минутн": "minutes",
    "метров": "m", "процентн": "%",
}  # fmt: skip
_COMPOUND_VALUES = {
    "двух": 2, "трех": 3, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7, "восьми": 8, "девяти": 9, "десяти": 10,
    "двенадцати": 12, "пятнадцати": 15, "двадцати": 20, "тридцати": 30, "сорока": 40, "пятидесяти": 50,
}  # fmt: skip
_SCALE = re.compile(
    r"(?:(?P<e3>тыс|тысяч[аеиую]?|тысячам|тысячами|тысячах|thousands?)|(?P<e6>млн|миллион\w{0,3}|millions?|mln|mn)"
    r"|(?P<e9>млрд|миллиард\w{0,3}|billions?|bln|bn)|(?P<e12>трлн|триллион\w{0,3}|trillions?|trn|tn))"
)
_TAILS = {"k": 3, "к": 3, "m": 6, "м": 0, "b": 9}
_VAGUE = re.compile(r"десят(?:ки|ков|кам|ками|ках)|dozens?|tens|сот(?:ни|ен|ням|нями|нях)|hundreds")
_UNITS = (
    ("points", re.compile(r"пп|pp|процентн\w{2,3}|percentage|пункт\w{0,3}|points?")),
    ("%", re.compile(r"%|процент(?:а|у|ом|е|ов|ы|ам|ами|ах)?|percent")),
    ("$", re.compile(r"\$|доллар\w{0,3}|dollars?|usd")),
    ("€", re.compile(r"€|евро|euros?|eur")),
    ("₽", re.compile(r"₽|руб|рубл\w{1,3}|r(?:o)?ubles?|rub")),
    ("£", re.compile(r"£|gbp")),
    ("¥", re.compile(r"¥|юан\w{0,3}|yuan|иен\w{0,2}|yen")),
    ("seconds", re.compile(r"секунд\w{0,5}|seconds?")),
    ("minutes", re.compile(r"минут\w{0,5}|minutes?")),
    ("hours", re.compile(r"час(?:а|ов|ам|ами|ах|ов\w{2,3})?|hours?")),
    ("days", re.compile(r"день|дн(?:я|ей|ям|ями|ях|и|ю|евн\w{2,3})|сут(?:ок|ки|кам|ками)|days?")),
    ("weeks", re.compile(r"недел\w{1,5}|weeks?")),
    ("months", re.compile(r"месяц\w{0,3}|месячн\w{2,3}|months?")),
    ("years", re.compile(r"год(?:а|у|ом|ов|ы|ам|ами)?|лет|летн\w{2,3}|years?")),
    ("km", re.compile(r"км|километр\w{0,6}|km|kilomet(?:re|er)s?")),
    ("m", re.compile(r"метр(?:а|у|ом|ов|ы|ам|ах|ов\w{2,3})?|met(?:re|er)s?")),
    ("cm", re.compile(r"см|сантиметр\w{0,6}|cm|centimet(?:re|er)s?")),
    ("miles", re.compile(r"мил(?:я|и|ь|ям|ях)|miles?")),
    ("times", re.compile(r"раза?|times|fold|x|х")),
    ("kg", re.compile(r"кг|килограмм\w{0,3}|kg|kilo(?:gram)?s?")),
    ("t", re.compile(r"тонн\w{0,4}|ton(?:ne)?s?")),
)
# A share or a multiple in words, and the numbers with their units that say the same: "" is any.
_SHARES = (
    (
        re.compile(r"половин\w{0,2}|наполовину|пол(?:года|часа|тора|уторы|утора|овину)|half|halves|halved"),
        (("0.5", ""), ("50", "%"), ("1.5", "")),
    ),
    (
        re.compile(r"вдвое|двукратн\w+|удво\w+|дважды|twice|doubl\w+|twofold"),
        (("2", "times"), ("100", "%"), ("200", "%")),
    ),
    (
        re.compile(r"втрое|тр[её]хкратн\w+|утро(?:ил|ен|ит|ят)\w*|трижды|tripl\w+|thrice|threefold"),
        (("3", "times"), ("200", "%"), ("300", "%")),
    ),
    (re.compile(r"треть|трети|третью"), (("33", "%"), ("33.3", "%"), ("30", "%"))),
)
# Words for "two" that count nothing: "the two leaders".
_IDIOM = re.compile(r"\b(?:the two|both|оба|обе|обоих|обеих|обоим|обеим)\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"[іїєґ]|\b(?:und|der|das|ist|mit|von|bei|einem|hat|am|sind|wurde|auf|für|les|des|une|dans|pour|sur|aux|le|la|du|est"
    r"|un|los|las|una|del|por|para|fue|tras|que|el|en|de)\b",
    re.IGNORECASE,
)
_FOREIGN_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
_DAY_OF = re.compile(r"(?<=\b\d)(\d?)(?:\.|\sde)\s(?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_RANGE = frozenset("до to и and or или".split())


def is_number_word(word: str) -> bool:
    """Whether `word` is a number in words."""
    plain = word.lower().replace("ё", "е")
    return plain in _WORDS or plain in _ONES


class Kind(StrEnum):
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Number:
    """A number: its readings as values, one of which is meant, the unit beside it ("" for none), and its digits as they
    stand there, which may be a date or time as well ("15.10")."""

    values: tuple[Decimal, ...]
    unit: str = ""
    written: str = ""


@dataclass(slots=True)
class Figures:
    """What a text says in numbers. `days` are (day, month), `weekdays` from 0 for Monday, `times` (hour, minute);
    `vague` the sizes of "dozens", "hundreds", "thousands", "millions"; `shares` the places in
    `_SHARES` of "half", "twice"."""

    numbers: list[Number] = field(default_factory=list)
    vague: set[int] = field(default_factory=set)
    shares: set[int] = field(default_factory=set)
    days: set[tuple[int, int]] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)
    times: set[tuple[int, int]] = field(default_factory=set)


class Known:
    """The figures of the texts that a sentence may rest on, as they are looked up."""

    def __init__(self, sources: Iterable[Figures]) -> None:
        self.units: defaultdict[Decimal, set[str]] = defaultdict(set)
        self.seen = Figures()
        for source in sources:
            for number in source.numbers:
                for value in number.values:
                    self.units[value].add(number.unit)
            for name in ("vague", "shares", "days", "months", "years", "weekdays", "times"):
                getattr(self.seen, name).update(getattr(source, name))

    def lacks(self, said: Figures) -> Kind | None:
        """What kind of figure of `said` is not there; None where all are."""
        seen = self.seen
        if not all(map(self._has_number, said.numbers)) or not all(map(self._has_vague, said.vague)):
            return Kind.NUMBER
        if not all(map(self._has_share, said.shares)):
            return Kind.NUMBER
        dated = said.days <= seen.days and said.months <= seen.months and said.weekdays <= seen.weekdays
        years = all(year in seen.years or Decimal(year) in self.units for year in said.years)
        return None if dated and years and all(map(self._has_time, said.times)) else Kind.DATE

    def _has_number(self, number: Number) -> bool:
        for value in number.values:
            units = self.units.get(value)
            if units and (not number.unit or number.unit in units or ("" in units and number.unit != "points")):
                return True
        if not number.unit and (match := _TWO_PARTS.fullmatch(number.written)):
            pair = int(match[1]), int(match[2])
            return pair in self.seen.days or pair in self.seen.times
        (value, *_) = number.values
        return not number.unit and value == int(value) and int(value) in self.seen.years

    def _has_vague(self, size: int) -> bool:
        return size in self.seen.vague or any(size <= value < 1000 * size for value in self.units)

    def _has_share(self, share: int) -> bool:
        same = ((self.units.get(Decimal(value), ()), unit) for value, unit in _SHARES[share][1])
        return share in self.seen.shares or any(unit in units or (units and not unit) for units, unit in same)

    def _has_time(self, time: tuple[int, int]) -> bool:
        hour, minute = time
        return time in self.seen.times or (minute == 0 and any(Decimal(h) in self.units for h in (hour, hour - 12)))


def read_figures(text: str, published: date | None = None, *, source: bool = False) -> Figures:
    """The figures of `text`. Of a `source` doubtful readings count as well (a month's name that may be a verb); with
    the day it was `published`, "today" and its like stand for dates, and its year for a year left out."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).replace("\u00ad", "")
    found = Figures()
    if source and published is not None:
        found.years.add(published.year)
        if _TODAY.search(plain):
            for day in (published + timedelta(days=n) for n in (-1, 0, 1)):
                found.days.add((day.day, day.month))
                found.months.add(day.month)
                found.weekdays.add(day.weekday())
    if source and (translated := _in_english(plain)) is not None:
        _add(found, read_figures(translated))
    if not source:
        plain = _IDIOM.sub(" ", plain)
    plain = _take_dates(plain, found, source=source)
    plain = _take_times(plain, found, source=source)
    lower = plain.lower().replace("ё", "е")
    found.numbers += _numbers(lower, found.vague)
    words = set(_LETTERS.findall(lower))
    found.shares = {place for place, (share, _) in enumerate(_SHARES) if any(map(share.fullmatch, words))}
    return found


def is_foreign(text: str) -> bool:
    """Whether the text is probably neither English nor Russian."""
    return len({match[0].lower() for match in _FOREIGN.finditer(text)}) > 1  # one may be a name: "Los Angeles"


def _in_english(text: str) -> str | None:
    """The text with the numbers, months and days of other languages in English; None where there are none."""
    if not is_foreign(text):
        return None
    known = _foreign()
    translated = _FOREIGN_WORD.sub(lambda match: known.get(match[0].lower(), match[0]), text)
    # German and Spanish put something between a day and its month
    return _DAY_OF.sub(r"\1 ", translated) if translated != text else None


@cache
def _foreign() -> dict[str, str]:
    lines = (files("digest") / "foreign_figures.txt").read_text(encoding="utf-8").splitlines()
    table = (line.split("; ") for line in lines if not line.startswith("#"))
    return {word: english for english, *words in table for word in words}


def _add(found: Figures, more: Figures) -> None:
    found.numbers += more.numbers
    for name in ("vague", "shares", "days", "months", "years", "weekdays", "times"):
        getattr(found, name).update(getattr(more, name))


def _take_dates(text: str, found: Figures, *, source: bool) -> str:
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


def _take_names(text: str, found: Figures, *, source: bool) -> None:
    """Months and days of the week that stand alone."""
    for match in _BARE_MONTH.finditer(text):
        word = match["month"]
        if source or word not in ("May", "March", "Mar") or _SURELY_MONTH.search(text[: match.start()][-12:]):
            found.months.add(_month(word))
    for match in _WEEKDAY.finditer(text):
        russian = (match[1] or match[2] or "").lower()
        if not match[2] or source or match[0].lower() == "среду":
            found.weekdays.add(_DAYS_RU.index(russian) if russian else _DAYS_EN.index(match[3]))


def _month(word: str) -> int:
    lower = word.lower()
    if lower.isascii():
        return next(n for n, month in enumerate(_MONTHS_EN, 1) if month.lower().startswith(lower[:3]))
    return next(n for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 5) if lower.startswith(_MONTHS_RU[n - 1]))


def _take_times(text: str, found: Figures, *, source: bool) -> str:
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


def _numbers(text: str, vague: set[int]) -> Iterator[Number]:
    """The numbers of `text` (lower case, ё as е), sizes without a number into `vague`."""
    tokens = list(_TOKEN.finditer(text))
    at = 0
    ranged: Decimal | None = None  # the beginning of "2 to 3 million"
    while at < len(tokens):
        begin = at
        read = _one_number(tokens, at)
        if read is None:
            word = tokens[at]["word"]
            if word is not None:
                scale = _scale(word)
                if scale:
                    vague.add(10**scale)
                elif _VAGUE.fullmatch(word):
                    vague.add(100 if word[0] in "сh" else 10)
                elif compound := _COMPOUND.match(word):
                    yield Number((Decimal(_COMPOUND_VALUES[compound[1]]),), _COMPOUND_UNITS.get(compound[2], ""))
                if word not in _RANGE:
                    ranged = None
            at += 1
            continue
        values, scale, at = read
        unit = _unit(tokens, begin, at)
        if ranged is not None and scale:
            yield Number((ranged * Decimal(10) ** scale,), unit)
        ranged = None if scale else values[0]
        yield Number(values, unit, tokens[begin]["number"] or "")


def _one_number(tokens: list[re.Match[str]], at: int) -> tuple[tuple[Decimal, ...], int, int] | None:
    """The number that begins at this token: readings, power of ten named beside it, the token after it."""
    token = tokens[at]
    if token["number"]:
        value = _value(token["number"])
        at += 1
        if token["tail"]:
            power = _TAILS[token["tail"]]
            return (value, value * Decimal(10) ** power) if power else (value,), power, at
    elif token["word"] in _WORDS:
        total = 0
        while at < len(tokens) and (part := _part(tokens[at]["word"] or "", total)) and _fits(total, part):
            total += part
            at += 1
            if at < len(tokens) and tokens[at]["word"] == "hundred":
                total, at = total * 100, at + 1
            if at + 1 < len(tokens) and tokens[at]["word"] == "and" and total >= 100 and total % 100 == 0:
                at += _part(tokens[at + 1]["word"] or "", total) is not None
            elif at + 1 < len(tokens) and tokens[at]["dash"] and 20 <= total % 100 < 100 and total % 10 == 0:
                at += (_part(tokens[at + 1]["word"] or "", total) or 10) < 10
        value = Decimal(total)
    else:
        return None
    scale = _scale(tokens[at]["word"] or "") if at < len(tokens) else 0
    # "10-тысячный" and "2,5-million" as well
    if not scale and at + 1 < len(tokens) and tokens[at]["dash"]:
        scale = _scale(tokens[at + 1]["word"] or "")
        at += bool(scale)
    return (value * Decimal(10) ** scale,), scale, at + bool(scale)


def _part(word: str, total: int) -> int | None:
    """The value of a number's word; "one" counts only as the end of a larger number."""
    return 1 if total >= 20 and word in _ONES else _WORDS.get(word)


def _fits(total: int, part: int) -> bool:
    """Whether `part` can follow in one number: "forty" "five", not "five" "six"."""
    return total == 0 or (total % 100 == 0 and part < 100) or (total % 10 == 0 and total % 100 >= 20 and part < 10)


def _value(written: str) -> Decimal:
    return Decimal(_GROUPING.sub("", written).replace(",", ".")).normalize()


def _scale(word: str) -> int:
    match = _SCALE.fullmatch(word)
    return int(str(match.lastgroup)[1:]) if match else 0


def _unit(tokens: list[re.Match[str]], begin: int, end: int) -> str:
    """The unit of the number in `tokens[begin:end]`: the sign before it, or the sign or word after it."""
    after = [tokens[at]["sign"] or tokens[at]["word"] or "" for at in range(end, min(end + 2, len(tokens)))]
    if after == ["per", "cent"]:
        return "%"
    if after == ["п", "п"]:
        return "points"
    if end + 1 < len(tokens) and tokens[end]["dash"] and tokens[end].end() == tokens[end + 1].start():
        after = [tokens[end + 1]["word"] or ""]  # "30-kilometre"
    before = (tokens[begin - 1]["sign"] or "") if begin else ""
    for word in filter(None, (before, *after[:1])):
        for unit, pattern in _UNITS:
            if pattern.fullmatch(word):
                return unit
    return ""
