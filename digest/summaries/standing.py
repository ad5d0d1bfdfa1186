"""Pure: how a story stands by now: which sentences of it a later one has overtaken.

A sentence is overtaken where a later one counts more dead, hurt, missing, evacuated or arrested, says that a state is
over which it says goes on (`ended.py`), tells another rate of what is traded, or tells the same in nearly the same
words with another rate or a larger count. What two channels say within two hours is a difference (`claims.py`) and
overtakes nothing; a toll that grows, a state that ends and a rate that moves do so at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from digest.summaries.claims import SAME_CLAIM, SAME_TIME
from digest.text import ended
from digest.text.evidence import numbers
from digest.text.figures import read_figures
from digest.text.function_words import content_stems

_TOLLS = {
    "dead": r"погиб\w*|жертв\w*|скончал\w*|умерл[иа]|убит\w*|убил\w*|dead|died|dies|killed|kills|killing|deaths?|lives",
    "hurt": r"пострада\w*|ранен\w*|ранил\w*|травм\w*|injur\w+|wounded|wounds|wounding|hurt",
    "missing": r"пропавш\w*|пропал\w*|missing",
    "evacuated": r"эвакуир\w*|evacuated",
    "arrested": r"задержан\w*|задержал\w*|арестован\w*|detained|arrested",
}
_DEATH = re.compile(
    rf"\b(?:{_TOLLS['dead']}|deadly|fatal\w*|murder\w*|manslaughter|смерт\w*|гиб\w+|убий\w+|покойн\w+)\b"
)
_WHICH = re.compile(r"\b(?:which|who|whose|that|where|котор\w+|где)\b")  # "the blast that killed 96 was laid"
_TOLL = re.compile("|".join(f"(?P<{name}>{forms})" for name, forms in _TOLLS.items()))
_TRADED = ("dollar", "euro", "yuan", "bitcoin")
# What is traded, and what one of it costs; what a bank sets or an analyst expects is another rate.
_RATE = re.compile(
    r"(?<!\d )(?<!тыс )"
    r"(?:(?P<dollar>доллар|dollar)|(?P<euro>евро|euro)|(?P<yuan>юан|yuan)|(?P<bitcoin>битко[ий]н|bitcoin))"
    r"(?:(?!доллар|dollar|евро|euro|юан|yuan|битк)[^\d.;:()]){0,60}?(?<!на )(?P<sign>[$₽]?)"
    r"(?P<rate>\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d{1,2})?)(?P<thousand>\s?тыс[\w.]*)?"
    r"\s?(?P<unit>руб|₽|долл|rouble|ruble|dollar)?"
)
_NO_RATE = re.compile(
    r"официальн|обменник|наличн|центробанк|\bцб\b|прогноз|аналитик|ожида|может|мог[лу]т|будет|\bmay\b|\bwill\b|official|forecast"
)
_CLAUSE = re.compile(
    r"[,;:.](?!\d)|[—–()]|\b(?:and|but|while|including|among|и|а|но|включая|среди|в том числе|из них|of them)\b"
)
_WORD = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f,.]\d{3})+(?!\d)|\d+(?:[.,]\d+)?\s(?:тыс\w*|млн|миллион\w*|thousand|million)\b|\d+|%"
    r"|[^\W\d_]+(?:-[^\W\d_]+)*"
)
_BETWEEN = frozenset(
    """человек человека люди людей жителей человеками были был было have has had been were was are is people persons
    person confirmed residents others more another as at least nearly about almost over than up to не менее как минимум
    уже ещё еще почти около более свыше до to the toll число количество""".split()
)
_ONE = frozenset({"один", "одна", "one"})  # no figure elsewhere: "one of them", "одна из"
_NONE = frozenset({"no", "not", "ни", "не"})  # before it: nobody, or not one alone
_SAVED = frozenset({"save", "saves", "saved", "saving"})  # lives, of which none is lost
_GROWS = re.compile(r"вырос\w*|возрос\w*|увелич\w*|достиг\w*|ris\w+|rose|climb\w*|gr[eo]w\w*|reach\w*|increas\w+")
_NO_HEADS = re.compile(  # what is counted is an age ("50-летняя"), a time or a share
    r"лет(?:н\w+)?|год\w{0,2}|месяц\w*|месячн\w+|недел\w+|день|дн[яей]\w{0,2}|сут(?:ки|ок)|час\w{0,2}|минут\w?"
    r"|процент\w*|(?:years?|months?|weeks?|days?|hours?|minutes?)(?:-old)?|per|percent|%"
)
SAID = 0.5  # share of a sentence's words in another from which it adds nothing to it
_NEAR = 4  # words between a toll and its number
_RATES = frozenset({"%", "points", "$", "€", "₽", "£", "¥"})


@dataclass(frozen=True)
class Standing:
    """A sentence as of its `date`."""

    text: str
    date: datetime

    @cached_property
    def tolls(self) -> Mapping[str, Decimal]:
        """How many dead, hurt and so on it counts, the largest number of each."""
        found: dict[str, Decimal] = {}
        for kind, count in _counted(self.text):
            found[kind] = max(count, found.get(kind, count))
        return found

    @cached_property
    def tells_of_dead(self) -> bool:
        """Whether it says that anybody died."""
        return _DEATH.search(self.text.lower()) is not None

    @cached_property
    def counts_dead(self) -> bool:
        """Whether it tells how many died, and not by the way, to say which event it speaks of."""
        text = self.text.lower()
        died = _DEATH.search(text)
        return bool(self.tolls.get("dead")) and died is not None and not _WHICH.search(text, 0, died.start())

    @cached_property
    def words(self) -> frozenset[str]:
        """What it says, numbers aside."""
        return content_stems(self.text) - numbers(self.text)

    @cached_property
    def rates(self) -> Mapping[str, Decimal]:
        """What a dollar, a bitcoin and so on cost."""
        text = self.text.lower()
        return {} if _NO_RATE.search(text) else dict(_rates(text))

    @cached_property
    def over(self) -> frozenset[str]:
        """The kinds of states that it says are over."""
        return ended.over(self.text)

    @cached_property
    def lasting(self) -> frozenset[str]:
        """The kinds of states that it says go on."""
        return ended.lasting(self.text)

    @cached_property
    def figures(self) -> tuple[tuple[str, Decimal], ...]:
        """Its numbers in their order, each after its unit."""
        return tuple((number.unit, number.values[0]) for number in read_figures(self.text).numbers)

    def overtakes(self, other: "Standing") -> bool:
        """Whether `other`, which is earlier, is no longer so."""
        if self.date <= other.date:
            return False
        if self.counts_more(other) or self.ends(other) or self.moves(other):
            return True
        if self.date - other.date <= SAME_TIME or not self._alike(other):
            return False
        pairs = list(zip(self.figures, other.figures, strict=False))
        same = len(self.figures) == len(other.figures) and all(one[0] == before[0] for one, before in pairs)
        return same and any(
            value > before or (value != before and unit in _RATES) for (unit, value), (_, before) in pairs
        )

    def counts_more(self, other: "Standing") -> bool:
        """Whether it counts more dead, hurt and so on than `other`, which is earlier."""
        tolls = ((count, other.tolls.get(kind)) for kind, count in self.tolls.items())
        return self.date > other.date and any(before is not None and count > before for count, before in tolls)

    def moves(self, other: "Standing") -> bool:
        """Whether it tells another rate of all that `other`, which is earlier, tells the rates of."""
        same = other.rates.keys() & self.rates.keys()
        return self.date > other.date and other.rates.keys() == same and other.rates != self.rates and bool(same)

    def ends(self, other: "Standing") -> bool:
        """Whether it says that a state is over of which `other`, which is earlier, says that it goes on."""
        return not self.over.isdisjoint(other.lasting) and self.date > other.date and bool(self.words & other.words)

    def says(self, known: frozenset[str]) -> bool:
        """Whether it says little besides these words."""
        return len(self.words & known) >= SAID * len(self.words)

    def counts_the_same(self, other: "Standing") -> bool:
        """Whether it counts what the other counts, and as many."""
        return bool(self.tolls) and self.tolls.items() <= other.tolls.items()

    def _alike(self, other: "Standing") -> bool:
        return len(self.words & other.words) >= SAME_CLAIM * len(self.words | other.words) > 0


def latest(standings: Sequence[tuple[int, Standing]]) -> tuple[int, Standing]:
    """Of some that overtake others, in order of time, each with its place, the one that is overtaken by none: a
    smaller toll that comes later is only late."""
    best = standings[0]
    for each in standings[1:]:
        if each[1].overtakes(best[1]) or each[1].tolls.keys().isdisjoint(best[1].tolls):
            best = each
    return best


def _rates(text: str) -> Iterator[tuple[str, Decimal]]:
    for found in _RATE.finditer(text):
        if found["sign"] or found["unit"]:
            rate = Decimal(re.sub(r"\s", "", found["rate"]).replace(",", "."))
            yield next(kind for kind in _TRADED if found[kind]), rate * (1000 if found["thousand"] else 1)


def _counted(text: str) -> Iterator[tuple[str, Decimal]]:
    for clause in _CLAUSE.split(text.lower()):
        words = _WORD.findall(clause)
        counts = {
            at: count
            for at, (before, word, following) in enumerate(zip(["", *words], words, [*words[1:], ""], strict=False))
            if (count := _count(word, before)) is not None and not _NO_HEADS.fullmatch(following)
        }
        for at, word in enumerate(words):
            if word == "lives" and not _SAVED.isdisjoint(words):
                continue
            if counts and (toll := _TOLL.fullmatch(word)):
                near = [place for place in counts if _belongs(words, at, place)]
                yield from ((str(toll.lastgroup), counts[place]) for place in near[:1])


def _belongs(words: list[str], toll: int, count: int) -> bool:
    """Whether the number counts the toll: nothing but "people have" between them, or the toll "has risen to" it."""
    first, last = sorted((toll, count))
    between = words[first + 1 : last]
    if len(between) <= _NEAR and all(word in _BETWEEN for word in between):
        return True
    return toll < count and any(map(_GROWS.fullmatch, words[max(toll, count - 3) : count]))


def _count(word: str, before: str) -> Decimal | None:
    """What a word counts behind the one `before` it, if anything."""
    if word in _ONE:
        return None if before in _NONE else Decimal(1)
    found = read_figures(word).numbers
    return found[0].values[0] if found and not found[0].unit else None
