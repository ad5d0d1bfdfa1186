"""Pure: where the sources of a story part: other figures, and denials.

Precision first: a difference that is none costs trust in the true ones. Figures are compared where two channels say
nearly the same of the same thing within two hours; a toll that grows and a rate that moves are no disagreement.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from core.model import Post
from core.words import stem, stems
from digest.model import CitedSentence, Difference
from digest.text.evidence import numbers
from digest.text.function_words import FUNCTION_STEMS, content_stems
from digest.text.numbers import value_of
from digest.text.scripts import is_cyrillic
from digest.text.tidy import balanced, plain_sentences, shorten, stands_alone

SAME_CLAIM = 0.5  # likeness (Jaccard, without numbers) from which two sentences tell the same
SAME_PART = 0.55  # share of the shorter one's words, `FEWEST` at least, from which the longer one tells it, too
FEWEST = 4
SAME_TIME = timedelta(hours=2)  # later than this a figure is news, not a difference
MOST_COMPARED = 48  # sentences of a story that are compared with each other
MOST_DIFFERENCES, MOST_DENIALS = 2, 2
FAR_OFF = Decimal("0.25")  # of the larger of two figures, one of them rough, from which they differ
MINORITY = 0.5  # share of the posts up to which a denial is another voice and not the story itself
LONGEST = 240  # characters of a sentence
_LOOKED_AT = 2000  # characters of a post
_SENTENCES = 4  # of a post that are compared: its claims stand at its top

_CARDINALS = """three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty три трёх трех четыре четырёх четырех пять пяти шесть шести семь семи восемь восьми девять
    девяти десять десяти одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать
    девятнадцать двадцать трое троих четверо четверых пятеро пятерых шестеро шестерых семеро семерых""".split()
_SCALES = {
    **dict.fromkeys(["тыс", "тысяч", "thousand"], 3),
    **dict.fromkeys(["млн", "миллион", "million"], 6),
    **dict.fromkeys(["млрд", "миллиард", "billion"], 9),
}
_FIGURE = re.compile(
    r"(?:(?P<rough>около|примерно|почти|более|свыше|порядка|до|about|around|nearly|almost|over|than|up to|least)\s)?"
    r"(?P<more>(?:ещ[её]|another|further)\s)?"
    r"(?<![\w.,:/–-])(?P<number>\d{1,3}(?:[  \u00a0]\d{3})+|\d{1,9}(?:[.,]\d{1,3})?"
    rf"|\b(?:{'|'.join(_CARDINALS)})\b)(?:-(?:ти|ми|мя|х))?\s"
    rf"(?:(?P<scale>{'|'.join(_SCALES)})[а-я]{{0,2}}\.?\s)?(?P<unit>[^\W\d_]{{2,20}})",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\w.,:/-])(\d{1,3}(?:[.,]\d{1,3})?)\s?(?:%|per ?cent\b|процент)", re.IGNORECASE)
_PART = "%"
_GROWS = re.compile(
    r"увелич|возрос|вырос|выросл|уже |стало известно о|до \d|\bris(?:e|es|en)\b|\brose\b|\bclimbs?\b|"
    r"\bclimbed\b|\bincreas|\bgrow|\bgrew\b|\bnow\b|\bup to\b|\bjump",
    re.IGNORECASE,
)
# A count of the moment, a record and a price go on moving, whichever of the two was first.
_MOVES = re.compile(
    r"на (?:данный|этот|настоящий) момент|к (?:этому|настоящему) (?:времени|моменту|часу)|рекорд|\bкурс\b|стоимост|"
    r"котировк|\bso far\b|\bat the moment\b|\brecords?\b|exchange rate|\bprices? of\b",
    re.IGNORECASE,
)
_MONEY = frozenset(
    map(
        stem,
        """рубль рублей рубля доллар доллара долларов евро юань фунт гривна тенге биткоин цент копейка пункт dollar euro
        rouble ruble yuan pound cent bitcoin points""".split(),
    )
)
_TIMES = frozenset(
    map(
        stem,
        """января февраля марта апреля мая июня июля августа сентября октября ноября декабря год года году лет час часов
        часа градусов мск january february march april may june july august september october november december year
        hours am pm gmt utc degrees""".split(),
    )
)
_PER_CENT = frozenset(map(stem, ("per", "percent", "процент", "процентов")))  # read by `_PERCENT`
_DENIES = re.compile(
    r"\bопроверг|\bопроверж|\bне подтвержд|\bне подтверди|\bподтверждени[яй] (?:пока |этому )?нет|\bнет подтвержд|"
    r"\bотрица(?:ет|ют|л[аи]?)\b|\bназвал\w{0,2} (?:[\w ]{0,30})(?:фейк|вбросом|ложью|выдумк)|"
    r"\bне соответству\w+ действительности|\bden(?:ied|ies|y)\b|\bno confirmation|\bnot (?:been )?confirmed|"
    r"\bunconfirmed|\brefuted|"
    r"\b(?:reject|dismiss)(?:e?s|ed) (?:[\w’'-]{1,20} ){0,3}(?:claim|report|allegation|accusation|rumou?r)",
    re.IGNORECASE,
)
# What somebody is not given is no denial either: "who were denied entry", "to be denied watching it".
_REFUSED = re.compile(
    r"\bden(?:ied|ies|y) (?:(?:him|her|them|us|it|people|any) )?(?:asylum|access|entry|bail|parole|visas?|permission"
    r"|boarding|refuge|treatment|care|aid|services?|citizenship|the (?:right|vote|chance)"
    r"|a (?:visa|chance|licen[cs]e))\b"
    r"|\bbe(?:en|ing)? denied [a-z]+ing\b",
    re.IGNORECASE,
)
# What is refuted then is nothing that the posts tell.
_MISTAKEN = re.compile(r"заблуждени|\bмиф|стереотип|misconception|\bmyths?\b|stereotype", re.IGNORECASE)


class _Figure(NamedTuple):
    """A number, the unit of its last digit, whether it is said to be a rough one, and how it stands in the text."""

    value: Decimal
    step: Decimal
    rough: bool
    written: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence with figures, of the post at this place."""

    place: int
    channel: str
    date: datetime
    text: str
    words: frozenset[str]
    figures: Mapping[str, _Figure]  # by the stem of what is counted
    counted: frozenset[Decimal]  # all numbers in digits


def differences(posts: Sequence[Post], places: Sequence[int]) -> tuple[Difference, ...]:
    """Sentences of different channels, of about the same time, that tell the same with another number of the same
    thing; `places`: the posts compared."""
    claims = [claim for place in places for claim in _claims(posts[place], place)][:MOST_COMPARED]
    told = {(claim.channel, unit, figure.value) for claim in claims for unit, figure in claim.figures.items()}
    found: list[Difference] = []
    used: set[int] = set()
    for one, other in combinations(claims, 2):
        if used.isdisjoint({one.place, other.place}) and _comparable(one, other):
            difference = _difference(one, other, claims, told)
            if difference is not None:
                found.append(difference)
                used |= {one.place, other.place}
    return tuple(found[:MOST_DIFFERENCES])


def _comparable(one: _Claim, other: _Claim) -> bool:
    """Whether two channels tell the same within two hours, of what neither grows nor moves."""
    if one.channel == other.channel or abs(other.date - one.date) > SAME_TIME or not _same(one, other):
        return False
    later = other if other.date >= one.date else one
    return not (_GROWS.search(later.text) or _MOVES.search(one.text) or _MOVES.search(other.text))


def _difference(
    one: _Claim, other: _Claim, claims: Iterable[_Claim], told: Collection[tuple[str, str, Decimal]]
) -> Difference | None:
    """In what two that tell the same differ; None where each count has a third, or a channel tells both itself."""
    for unit, figure, against in _differing(one, other):
        if unit == _PART and not _alike(one.words, other.words):  # of something else, as a rule
            continue
        if _has_third(claims, one, other, unit):
            continue
        # A channel that tells the other's figure, too, went from one to the other: it does not disagree.
        if (one.channel, unit, against.value) not in told and (other.channel, unit, figure.value) not in told:
            return Difference(one=_said(one), other=_said(other), figures=(figure.written, against.written))
    return None


def denials(posts: Sequence[Post], places: Sequence[int], told: Sequence[CitedSentence]) -> tuple[CitedSentence, ...]:
    """Sentences of some posts, of `places`, that deny what the others tell or say that nobody has confirmed it; none
    where most posts do, for then that is the story. What is `told` already is left out, and where a post in its
    alphabet denies, those in another that may say the same."""
    found: dict[int, str] = {}
    for place in places:
        for at, text in enumerate(sentences_of(posts[place])):
            whole = stands_alone(text, opens=at == 0) and balanced(text)
            short = shorten(text, LONGEST)  # the denial may be what is cut off
            if place not in found and whole and _DENIES.search(_REFUSED.sub("", short)) and not _MISTAKEN.search(text):
                found[place] = short
    if len(found) > MINORITY * len(places):
        return ()
    known = [frozenset(stems(sentence.text)) for sentence in told]
    script = {is_cyrillic(sentence.text) for sentence in told}
    read = {place: text for place, text in found.items() if is_cyrillic(text) in script}
    kept: list[CitedSentence] = []
    for place, text in (read or found).items():
        words = frozenset(stems(text))
        if not any(_alike(words, other) for other in known):
            known.append(words)
            kept.append(CitedSentence(text=text, sources=(place,)))
    return tuple(kept[:MOST_DENIALS])


def sentences_of(post: Post) -> tuple[str, ...]:
    """The sentences of a post that are looked at."""
    return _read_text(post.body[:_LOOKED_AT])


@lru_cache(maxsize=512)  # the posts of a story are asked three times
def _read_text(text: str) -> tuple[str, ...]:
    return tuple(plain_sentences(text))


def _claims(post: Post, place: int) -> Iterator[_Claim]:
    for text in sentences_of(post)[:_SENTENCES]:
        figures = _figures(text)
        if figures:
            said = numbers(text)
            words = content_stems(_PERCENT.sub("", text)) - said
            yield _Claim(place, post.channel, post.date, text, words, figures, frozenset(map(Decimal, said)))


def _figures(text: str) -> dict[str, _Figure]:
    """The numbers of a sentence by what they count; what is counted twice says not which is meant."""
    found: dict[str, _Figure] = {}
    twice: set[str] = set()
    rates = not _MONEY.isdisjoint(stems(_PERCENT.sub("", text)))  # but for the "cent" of "per cent"
    counted = [
        (match["rough"], match["number"], _SCALES.get((match["scale"] or "").lower(), 0), stem(match["unit"]), match[0])
        for match in _FIGURE.finditer(text)
        if not match["more"]  # what is counted besides is no other count of the same
    ]
    counted += [(None, match[1], 0, _PART, match[0]) for match in _PERCENT.finditer(text)]
    for rough, number, scale, unit, written in counted:
        if unit in _MONEY | _TIMES | _PER_CENT or unit in FUNCTION_STEMS or (unit == _PART and rates):
            continue
        said = value_of(number) or next(iter(numbers(number)), None)
        if said is None:  # "sıx": whatever the case, `re` takes a dotless i for an i
            continue
        value = Decimal(said)
        step = Decimal(1).scaleb(int(value.as_tuple().exponent) + scale)
        figure = _Figure(value.scaleb(scale), step, bool(rough), " ".join(written.split()))
        if unit in found and found[unit].value != figure.value:
            twice.add(unit)
        found[unit] = figure
    return {unit: figure for unit, figure in found.items() if unit not in twice}


def _differing(one: _Claim, other: _Claim) -> Iterator[tuple[str, _Figure, _Figure]]:
    """What is counted with another figure in each; a rough one differs only where it is far off, and 129.5 and 130 are
    the same, written to other digits."""
    for unit, figure in one.figures.items():
        against = other.figures.get(unit)
        if against is None or against.value in one.counted or figure.value in other.counted:
            continue  # "8 of 10": who says both numbers says something else of each
        apart = abs(figure.value - against.value)
        far = apart > FAR_OFF * max(figure.value, against.value)
        rough = figure.rough or against.rough
        if apart > max(figure.step, against.step) / 2 and (far or not rough):
            yield unit, figure, against


def _has_third(claims: Iterable[_Claim], one: _Claim, other: _Claim, unit: str) -> bool:
    """Whether who tells the same counts otherwise still: of a count that goes on each has one of his own."""
    known = one.figures[unit].value, other.figures[unit].value
    return any(
        unit in third.figures and third.figures[unit].value not in known and (_same(third, one) or _same(third, other))
        for third in claims
    )


def _same(one: _Claim, other: _Claim) -> bool:
    return _alike(one.words, other.words) or _tells(one, other)


def _tells(one: _Claim, other: _Claim) -> bool:
    """Whether the longer of two sentences tells what the shorter does, and more."""
    fewest = min(len(one.words), len(other.words))
    return len(one.words & other.words) >= max(FEWEST, SAME_PART * fewest)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME_CLAIM * len(one | other) > 0


def _said(claim: _Claim) -> CitedSentence:
    return CitedSentence(text=shorten(claim.text, LONGEST), sources=(claim.place,))
