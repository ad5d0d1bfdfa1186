"""Inventions in how a thing is claimed: a guess told as fact, a bound turned; a cause, a record, a place, a time added.

Each takes a true sentence, all cited texts and a source of chance, as those of `benchmarks.twisted` do.
"""

import random
import re
from collections.abc import Callable

from digest.text.naming import names_in
from digest.text.scripts import is_cyrillic
from digest.text.sentences import split_sentences

Twist = Callable[[str, str, random.Random], str | None]
_BOUNDS = {
    "более": "менее", "свыше": "менее", "больше": "меньше", "менее": "более", "меньше": "больше", "до": "более",
    "more than": "less than", "over": "under", "at least": "at most", "less than": "more than", "up to": "more than",
    "nearly": "over", "почти": "более",
}  # fmt: skip
_BOUNDED = re.compile(rf"\b({'|'.join(_BOUNDS)}) (?=\d)", re.IGNORECASE)
_MAY = re.compile(r"\b(?:может|могут|планиру[ею]т|намерен[аы]?|собира[ею]тся|хо(?:чет|тят)) ([а-яё]{4,})ть(ся)?\b")
_MAY_EN = re.compile(r"\b(?:may|might|could|plans? to|intends? to|wants? to|hopes? to) (?=[a-z]{3})")
_GUESS = re.compile(
    r"\b(?:возможно|вероятно|предположительно|якобы|reportedly|allegedly|possibly|probably)\b,? ?", re.IGNORECASE
)
_PLACE = re.compile(r"\b(в|во|из|под|in|at|from|near) ([A-ZА-ЯЁ][\w-]{3,})")
_CAUSAL = re.compile(
    r"из-за|потому|поэтому|вследств|результат|причин|вызва|привел|прив[её]д|связи|ввиду|благодар|так как|because|due"
    r"|caus|result|reason|led to|owing|thanks|blam|trigger|since|\bfor\b|amid|на фоне|over\b|after",
    re.IGNORECASE,
)
_BEST = re.compile(
    r"сам(?:ый|ая|ое|ые|ого|ой|ом|ым|ую|ых)\b|ейш|айш|рекорд|перв|впервые|единствен|лучш|худш|макс|никогда|\w{3}est\b|first"
    r"|most|record|only|never|unpreced|sole|top\b|best|worst|наибол",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"прошл|следующ|будущ|недавн|ближайш|\blast\b|\bnext\b|recent|coming|previous|предыдущ", re.IGNORECASE
)


def bound(text: str, cited: str, _: random.Random) -> str | None:
    """ "More than" for "less than"."""
    found = _BOUNDED.search(text)
    if found is None:
        return None
    other = _BOUNDS[found[1].lower()]
    number = re.match(r"\d+", text[found.end() :])
    if number is None or re.search(rf"{other} {number[0]}", cited, re.IGNORECASE):
        return None
    return text[: found.start(1)] + other + text[found.end(1) :]


def bound_added(text: str, cited: str, chance: random.Random) -> str | None:
    """A bound on a number that has none."""
    found = re.search(
        r"(?<=[a-zа-яё] )\d+(?= (?:человек|тонн|домов|дронов|раненых|people|tonnes|homes|soldiers|drones))", text
    )
    if found is None or re.search(
        r"(?:более|менее|свыше|около|почти|до|than|over|nearly|about|least|most) $", text[: found.start()]
    ):
        return None
    word = chance.choice(["более", "менее"] if is_cyrillic(text) else ["more than", "less than"])
    if re.search(rf"\b(?:более|менее|свыше|than|over|under|least|до) {found[0]}", cited):
        return None
    return f"{text[: found.start()]}{word} {text[found.start() :]}"


def guess_as_fact(text: str, cited: str, _: random.Random) -> str | None:
    """What may be, is planned or is only said to be, as what was."""
    if re.search(r"\bесли\b|\bif\b", text, re.IGNORECASE):
        return None
    changed = _MAY.sub(lambda match: f"{match[1]}л{'ся' if match[2] else ''}", text, count=1)
    if changed == text:
        changed = _MAY_EN.sub("did ", text, count=1)
    return changed if changed != text and changed not in cited else None


def guess_left_out(text: str, cited: str, _: random.Random) -> str | None:
    """ "Reportedly" is gone."""
    changed = _GUESS.sub("", text, count=1)
    return changed if changed != text and len(changed.split()) > 4 and changed not in cited else None


def another_place(text: str, cited: str, chance: random.Random) -> str | None:
    """In a place where something else of these texts happened."""
    found = _PLACE.search(text)
    if found is None:
        return None
    others = sorted({name for word, name in _PLACE.findall(cited) if word == found[1] and name[:4] != found[2][:4]})
    others = [name for name in others if name not in text]
    if not others:
        return None
    changed = text[: found.start(2)] + chance.choice(others) + text[found.end(2) :]
    return changed if changed not in cited else None


def cause(text: str, cited: str, chance: random.Random) -> str | None:
    """A reason that nobody gave, in words of the texts."""
    if _CAUSAL.search(cited):
        return None
    words = sorted(set(re.findall(r"\b[а-яёa-z]{6,}\b", cited)))
    if not words:
        return None
    return _ending(text, " из-за " if is_cyrillic(text) else " because of ", chance.choice(words))


def _ending(text: str, between: str, words: str) -> str:
    """The sentence with some more words before its full stop."""
    return f"{text.rstrip('.')}{between}{words}."


def record(text: str, cited: str, chance: random.Random) -> str | None:
    """The first, the largest."""
    if _BEST.search(cited):
        return None
    russian = ["впервые за всю историю", "и это крупнейший случай", "что стало рекордом", "и это самый тяжёлый случай"]
    english = ["for the first time", "the largest of its kind", "which is a record", "the worst in years"]
    return _ending(text, ", ", chance.choice(russian if is_cyrillic(text) else english))


def another_time(text: str, cited: str, chance: random.Random) -> str | None:
    """Last week, next year."""
    if _WHEN.search(cited):
        return None
    russian = ["на прошлой неделе", "в следующем месяце", "в прошлом году", "в ближайшие дни"]
    english = ["last week", "next month", "last year", "in the coming days"]
    return _ending(text, " ", chance.choice(russian if is_cyrillic(text) else english))


def another_subject(text: str, cited: str, chance: random.Random) -> str | None:
    """Who begins another sentence of these texts does what is done in this one."""
    name = _opening_name(text)
    others = {other for each in split_sentences(cited) if (other := _opening_name(each)) and other not in text}
    others = {other for other in others if name and other[:4] != name[:4]}
    if name is None or not others:
        return None
    changed = chance.choice(sorted(others)) + text[len(name) :]
    return changed if changed not in cited else None


def _opening_name(sentence: str) -> str | None:
    """The name that a sentence begins with, where a verb seems to follow."""
    found = re.match(r"([A-ZА-ЯЁ][\w-]{3,}) [а-яёa-z]{3,}", sentence)
    return found[1] if found and found[1] in names_in(sentence) else None


CLAIMS: dict[str, Twist] = {
    "a bound turned": bound,
    "a bound added": bound_added,
    "a guess told as fact": guess_as_fact,
    "a guess without its word": guess_left_out,
    "another place": another_place,
    "a cause added": cause,
    "a record added": record,
    "another time, relative": another_time,
    "another subject": another_subject,
}
