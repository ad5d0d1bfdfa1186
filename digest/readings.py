"""Pure: the words of the stream are counted, and a post is weighed by them.

`Words` counts posts, `Reading` is one post as weighed, `Packed` the same in little memory.
"""

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul

from digest.terms import Terms, is_cyrillic, is_number

IDF_CAP = 9.0  # ln(N/df) at which a term weighs 1: the same in both languages, however many posts are known
LEAST_IDF = 0.05
PRIOR_POSTS = 200  # taken as read before the first, with the common words that posts have (common_words.txt)
HEAD = 25  # distinct words of a post that are its beginning
LATIN, CYRILLIC, NUMBER = range(3)  # kinds of terms
RARE_IDF = 0.25  # commoner words find no candidates
_LOG = [0.0, *(math.log(n) for n in range(1, 1000))]


@cache
def common_words() -> dict[str, int]:
    """In how many of a thousand posts a common stem occurs; `python -m benchmarks.common_words` counted them."""
    lines = (files("digest") / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return {term: int(share) for term, share in (line.split() for line in lines)}


class Words:
    """In how many posts each term occurs, and how often with a capital. Terms get small numbers: their ids.

    Ids keep sums of floats in an order that does not depend on how Python hashes strings in this process.
    """

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._terms: list[str] = []
        self._free: list[int] = []
        self._posts = [0, 0]  # Latin, Cyrillic
        self._in: list[int] = []  # posts with the term
        self._capital: list[int] = []
        self._small: list[int] = []
        self._prior: list[float] = []  # of the pretended posts, how many have the term
        self._kind: list[int] = []  # Latin, Cyrillic, or a number

    def __len__(self) -> int:
        return len(self._ids)

    def see(self, terms: Terms) -> None:
        """Count a post."""
        self._posts[terms.cyrillic] += 1
        ids, times, capital, small = self._ids, self._in, self._capital, self._small
        for term in terms.counts:
            number = ids.get(term)
            times[self._new(term) if number is None else number] += 1
        for term in terms.capital:
            capital[ids[term]] += 1
        for term in terms.small:
            small[ids[term]] += 1

    def names_of(self, reading: "Reading") -> list[str]:
        """The stems of a post that are names."""
        return [self._terms[number] for number in reading.names]

    def forget(self, post: "Packed") -> None:
        """Take back a post that was counted; a term that occurs nowhere any more leaves its id to another."""
        self._posts[post.cyrillic] -= 1
        for number in array("i", post.capital):
            self._capital[number] -= 1
        for number in array("i", post.small):
            self._small[number] -= 1
        for number in array("i", post.ids):
            self._in[number] -= 1
            if not self._in[number]:
                del self._ids[self._terms[number]]
                self._free.append(number)

    def _new(self, term: str) -> int:
        if self._free:
            number = self._free.pop()
            self._terms[number] = term
        else:
            number = len(self._terms)
            self._terms.append(term)
            self._in.append(0)
            self._capital.append(0)
            self._small.append(0)
            self._prior.append(0.0)
            self._kind.append(0)
        self._ids[term] = number
        self._kind[number] = NUMBER if is_number(term) else CYRILLIC if is_cyrillic(term) else LATIN
        self._prior[number] = PRIOR_POSTS * common_words().get(term, 0) / 1000
        return number

    def weigh(self, terms: Terms) -> "Reading":
        """A counted post with the weights that its words have now, itself not counted."""
        ids, kinds, seen, prior, log = self._ids, self._kind, self._in, self._prior, math.log
        most = [log(posts + 1 + PRIOR_POSTS) for posts in (*self._posts, sum(self._posts))]
        known = [ids[term] for term in terms.counts]
        weights: list[float] = []
        for number in known:
            times = seen[number] + prior[number]
            weight = (most[kinds[number]] - log(times) if times > 1 else most[kinds[number]]) / IDF_CAP
            if weight > 1:
                weight = 1.0
            elif weight < LEAST_IDF:
                weight = LEAST_IDF
            weights.append(weight)
        vector = [
            weight if count == 1 else (1 + _LOG[count]) * weight
            for weight, count in zip(weights, terms.counts.values(), strict=True)
        ]
        square = sum(map(mul, vector, vector))
        scale = 1 / math.sqrt(square) if square else 1.0
        names = self._names(terms)
        idf = dict(zip(known, weights, strict=True))
        return Packed(
            cyrillic=terms.cyrillic,
            lead=terms.lead,
            ids=_bytes("i", known),
            idf=_bytes("d", weights),
            vector=_bytes("d", [value * scale for value in vector]),
            names=_bytes("i", names),
            name_weights=_bytes("d", [weight * idf[name] for name, weight in names.items()]),
            numbers=_bytes("i", [ids[term] for term in dict.fromkeys(terms.numbers)]),
            capital=_bytes("i", [ids[term] for term in terms.capital]),
            small=_bytes("i", [ids[term] for term in terms.small]),
        ).reading()

    def _names(self, terms: Terms) -> dict[int, float]:
        """How surely each term is a name: by its capital here, and by how it is written elsewhere."""
        names: dict[int, float] = {}
        for term in dict.fromkeys(terms.capital):
            number = self._ids[term]
            capital, small = self._capital[number], self._small[number]
            names[number] = 1.0 if (capital + 0.3) / (capital + small + 1) > 0.25 else 0.6
        for term in dict.fromkeys(terms.opening):
            number = self._ids[term]
            capital, small = self._capital[number], self._small[number]
            weight = (capital + 0.3) / (capital + small + 1)
            if weight > 0.5 and capital + small and weight > names.get(number, 0.0):
                names[number] = weight
        return names


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A post as weighed, in the bytes of arrays: a window holds a hundred thousand of them, and what holds no reference
    is nothing to Python's garbage collector.

    By position: term `ids`, of which the first `lead` are the lead's, their `idf`, the unit `vector`; `names` with
    their weights; `numbers`; and the words written with a capital or small, as counted.
    """

    cyrillic: bool
    lead: int
    ids: bytes
    idf: bytes
    vector: bytes
    names: bytes
    name_weights: bytes
    numbers: bytes
    capital: bytes
    small: bytes

    def reading(self) -> "Reading":
        return Reading(self)


def _bytes(kind: str, values: Iterable[float]) -> bytes:
    return array(kind, values).tobytes()


class Reading:
    """A post unpacked for comparing: by term id the unit vector, the idf of the lead and of the head, and of names
    how much they weigh."""

    __slots__ = (
        "head",
        "head_total",
        "lead",
        "lead_name_total",
        "lead_names",
        "lead_total",
        "length",
        "names",
        "numbers",
        "packed",
        "vector",
    )

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        ids, weights = array("i", packed.ids), array("d", packed.idf)
        self.vector = dict(zip(ids, array("d", packed.vector), strict=True))
        self.lead = dict(zip(ids[: packed.lead], weights, strict=False))
        self.lead_total = sum(self.lead.values())
        self.head = dict(zip(ids[:HEAD], weights, strict=False))
        self.head_total = sum(self.head.values())
        self.names = dict(zip(array("i", packed.names), array("d", packed.name_weights), strict=True))
        self.lead_names = {name: weight for name, weight in self.names.items() if name in self.lead}
        self.lead_name_total = sum(self.lead_names.values())
        self.numbers = frozenset(array("i", packed.numbers))
        self.length = len(ids)

    def rare(self) -> dict[int, float]:
        """The terms that find stories, with their weight."""
        weights = zip(self.vector, array("d", self.packed.idf), strict=True)
        return {term: weight for term, weight in weights if weight > RARE_IDF}
