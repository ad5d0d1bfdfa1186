"""Pure: how well texts answer a query. BM25 over stems, and a little for words that stand side by side.

Neither database ranks as well as this: PostgreSQL's ranks do not know that a rare word says more than a common one,
and SQLite counts every post of a word to know it. Both give where the words stand, so both rank alike.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

MOST_PLACES = 64  # of one stem in one text: more says no more
_SATURATION, _LENGTH = 1.2, 0.75  # BM25's k1 and b, as everybody has them
_NEAR, _SIDE_BY_SIDE = 5, 0.3
_COMMONEST = 0.95  # of a word that stands in every text: it still says a little

Term = tuple[str, ...]  # one stem a word, several a phrase


@dataclass(frozen=True, slots=True)
class Places:
    """Where the wanted stems stand in a text, counted in words; `length` is its number of different stems."""

    length: int
    of: Mapping[str, Sequence[int]]


def share(hits: Sequence[int], most: int, every: Sequence[int], most_every: int, first: int) -> float:
    """In which share of the texts a term stands, judged by the newest: its `hits` are at most `most` keys, `every` the
    at most `most_every` keys of any text, both newest first, and `first` is the oldest key.

    Keys are made of time: as many hits in a shorter span are a commoner word.
    """
    if not hits or not every:
        return 1 / (len(every) + 1)
    if len(every) < most_every:
        number = float(len(every))
    else:
        density = len(every) / (every[0] - every[-1] + 1)
        number = max(density * (every[0] - first + 1), len(every))
    if len(hits) < most:
        return len(hits) / number
    if hits[-1] >= every[-1]:
        return len(hits) / bisect_left(every, -hits[-1] + 1, key=lambda key: -key)
    return max(len(hits) / (every[0] - hits[-1] + 1) / density, len(hits) / number)


def weight(share: float) -> float:
    """What a term that stands in this share of the texts says."""
    return -log(min(share, _COMMONEST))


def weights(terms: Sequence[Term], shares: Sequence[float]) -> dict[str, float]:
    """What each stem of the terms says, in their order; a phrase says no more than a word as rare as it is."""
    found: dict[str, float] = {}
    for term, part in zip(terms, shares, strict=True):
        for stem in term:
            found[stem] = max(found.get(stem, 0.0), weight(part) / len(term))
    return found


def relevance(texts: Mapping[int, Places], weights: Mapping[str, float]) -> dict[int, float]:
    """The relevance of each text, by its key; `weights` of the stems, in the order of the query."""
    if not texts:
        return {}
    usual = sum(places.length for places in texts.values()) / len(texts) or 1.0
    whole = sum(weights.values()) or 1.0
    pairs = [
        (one, other, min(weights[one], weights[other])) for one, other in zip(weights, [*weights][1:], strict=False)
    ]
    gains = {stem: weight * (_SATURATION + 1) for stem, weight in weights.items()}
    found = {}
    covered: dict[tuple[str, ...], float] = {}  # of the many texts that have the same stems
    for key, places in texts.items():
        of = places.of
        long = _SATURATION * (1 - _LENGTH + _LENGTH * places.length / usual)
        said = 0.0
        for stem, at in of.items():
            said += gains[stem] * len(at) / (len(at) + long)
        for one, other, least in pairs:
            if one in of and other in of and (apart := _apart(of[one], of[other])) <= _NEAR:
                said += _SIDE_BY_SIDE * least / apart
        if (stems := tuple(of)) not in covered:
            covered[stems] = sqrt(sum(weights[stem] for stem in of) / whole)
        found[key] = said * covered[stems]
    return found


def _apart(some: Sequence[int], others: Sequence[int]) -> int:
    """The least distance between places of two words."""
    least, at, beside = 1 << 30, 0, 0
    while least > 1 and at < len(some) and beside < len(others):
        least = min(least, abs(some[at] - others[beside]) or 1)
        if some[at] < others[beside]:
            at += 1
        else:
            beside += 1
    return least
