"""Pure: the numbers, dates and times of a text, in words or digits, Russian or English, written one way.

A number is a value with the unit that stands beside it: "2,5 млн рублей", "2.5 million roubles" and "2 500 000 ₽" are
the same. Where a notation can be read in two ways ("5m"), both readings are kept and one of them is enough.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.words import normal
from digest.text.dates import Dates, take_dates, take_published, take_times
from digest.text.foreign import in_english
from digest.text.numbers import CURRENCIES, Number, read_numbers

LONGEST = 20_000  # characters of a text that are read
# A share or a multiple in words, and the numbers with their units that say the same: "" is any.
_SHARES = (
    (
        re.compile(r"половин\w{0,2}|наполовину|пол(?:года|часа|овину)|half|halves|halved"),
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
_NONE = frozenset[str]()
# No number without a unit bears these out: 3 is neither 3 % nor $3.
_STRICT = frozenset(("%", "‰", "points", *CURRENCIES, "zł"))
# Where posts speak of a fall or of frost, a number without a sign may be below nothing.
_FALLS = re.compile(
    r"\b(?:мороз|ниже|пад|упа[дл]|обвал|рух|сни[жз]|сокра[тщ]|просе[дл]|опуст|ослаб|дешев|подешев|потер|убыт|минус|меньш"
    r"|уменьш|frost|freez|below|fall|fell|drop|declin|decreas|los[est]|down|cut|minus|less|slid|slip|slump|sank|sink"
    r"|plung|tumbl|shed|weak|cheap|reduc)"
)
_PARTS = frozenset(("%", "points"))  # "0.5 %" is no half
# Words for "two" that count nothing: "the two leaders".
_IDIOM = re.compile(r"\b(?:the two|both|оба|обе|обоих|обеих|обоим|обеим)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_TWO_PARTS = re.compile(r"(\d{1,2})\.(\d\d)")


class Lack(StrEnum):
    """What kind of figure a sentence has that is not in its texts."""

    NUMBER = "number"
    DATE = "date"


@dataclass(slots=True)
class Figures(Dates):
    """What a text says in numbers: `vague` are the sizes of "dozens", "hundreds", "thousands", "millions"; `shares` the
    places in `_SHARES` of "half", "twice", `falls` whether something falls."""

    numbers: list[Number] = field(default_factory=list)
    vague: set[int] = field(default_factory=set)
    shares: set[int] = field(default_factory=set)
    falls: bool = False


class Known:
    """The figures of the texts that a sentence may rest on, as they are looked up."""

    def __init__(self, sources: Iterable[Figures]) -> None:
        self.units: defaultdict[Decimal, set[str]] = defaultdict(set)
        self._signs: defaultdict[Decimal, set[str]] = defaultdict(set)
        self.seen = Figures()
        for source in sources:
            for number in source.numbers:
                for value in number.values:
                    self.units[value] |= {number.unit, *number.units, *number.tail}
                    self._signs[value].add(number.sign)
            _add(self.seen, source)

    def lacks(self, said: Figures) -> Lack | None:
        """What kind of figure of `said` is not there; None where all are."""
        seen = self.seen
        if not all(map(self._has_number, said.numbers)) or not all(map(self._has_vague, said.vague)):
            return Lack.NUMBER
        if not all(map(self._has_share, said.shares)):
            return Lack.NUMBER
        dated = said.days <= seen.days and said.months <= seen.months and said.weekdays <= seen.weekdays
        years = all(year in seen.years or Decimal(year) in self.units for year in said.years)
        return None if dated and years and all(map(self._has_time, said.times)) else Lack.DATE

    def _has_number(self, number: Number) -> bool:
        for place, value in enumerate(number.values):
            units = self.units.get(value, _NONE)
            if number.tail and not place:  # not in thousands: "5k" is no 5
                units = units if number.tail in units else _NONE
            if units and self._has_unit(number.unit, units) and self._has_sign(number.sign, value):
                return True
        if not number.unit and (match := _TWO_PARTS.fullmatch(number.written)):
            pair = int(match[1]), int(match[2])
            return pair in self.seen.days or pair in self.seen.times
        (value, *_) = number.values
        return not number.unit and value == int(value) and int(value) in self.seen.years

    def _has_unit(self, unit: str, units: AbstractSet[str]) -> bool:
        return not unit or unit in units or ("" in units and unit not in _STRICT)

    def _has_sign(self, sign: str, value: Decimal) -> bool:
        """A number without a sign may be said of either, and may be either where something falls: -3 is a fall by 3."""
        signs = self._signs.get(value, _NONE)
        return not sign or sign in signs or ("" in signs and (sign == "+" or self.seen.falls))

    def _has_vague(self, size: int) -> bool:
        return size in self.seen.vague or any(size <= value < 1000 * size for value in self.units)

    def _has_share(self, share: int) -> bool:
        same = ((self.units.get(Decimal(value), _NONE), unit) for value, unit in _SHARES[share][1])
        if share in self.seen.shares:
            return True
        return any(unit in units or (not unit and not units <= _PARTS) for units, unit in same)

    def _has_time(self, time: tuple[int, int]) -> bool:
        hour, minute = time
        return time in self.seen.times or (minute == 0 and any(Decimal(h) in self.units for h in (hour, hour - 12)))


def read_figures(text: str, published: date | None = None, *, source: bool = False) -> Figures:
    """The figures of `text`. Of a `source` doubtful readings count as well (a month's name that may be a verb); with
    the day it was `published`, "today" and its like stand for dates, and its year for a year left out."""
    plain = normal("NFKC", text[:LONGEST]).replace("\u00ad", "")
    found = Figures()
    if source and published is not None:
        take_published(plain, found, published)
    if source and (translated := in_english(plain)) is not None:
        _add(found, read_figures(translated))
    if not source:
        plain = _IDIOM.sub(" ", plain)
    plain = take_dates(plain, found, source=source)
    plain = take_times(plain, found, source=source)
    lower = plain.lower().replace("ё", "е")
    found.numbers += read_numbers(lower, found.vague)
    found.falls = found.falls or _FALLS.search(lower) is not None
    words = set(_LETTERS.findall(lower))
    found.shares = {place for place, (share, _) in enumerate(_SHARES) if any(map(share.fullmatch, words))}
    return found


def _add(found: Figures, more: Figures) -> None:
    found.numbers += more.numbers
    found.falls = found.falls or more.falls
    for name in ("vague", "shares", "days", "months", "years", "weekdays", "times"):
        getattr(found, name).update(getattr(more, name))
