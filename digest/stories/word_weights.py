"""Pure: the words of the stream are counted, and a post is weighed by them.

`Words` counts posts, `WeighedPost` is one post as weighed, `Packed` the same in little memory.
"""

import math
from array import array
from collections.abc import Container, Iterable, Sequence
from functools import cache, lru_cache
from itertools import repeat
from operator import add, mul, sub
from typing import NamedTuple

from digest.stories.terms import Terms, is_cyrillic_term, is_number, is_uncased
from digest.text.meanings import known_as, senses
from digest.text.word_lists import lines_of

IDF_CAP = 9.0  # ln(N/df) at which a term weighs 1: the same in both languages, however many posts are known
LEAST_IDF = 0.05
PRIOR_POSTS = 200  # taken as read before the first, with the common words that posts have (common_words.txt)
HEAD = 25  # distinct words of a post that are its beginning
LATIN, CYRILLIC, NUMBER, UNCASED = range(4)  # kinds of terms
RARE_IDF = 0.25  # commoner words find no candidates
RARE_NAME = 0.5  # weight above which a word of a script without capitals counts as a name
_REMEMBERED = 256  # posts whose words are kept as read: one is asked about alone, and then as a part of its story
WHOLE = 1000  # by which the weight of what is said is multiplied, to be kept as a whole number
WITHOUT_CAPITALS = frozenset({"ar", "fa"})  # of the languages that have a list of meanings
_UNSURE = WITHOUT_CAPITALS | {"de"}  # no capital tells a name: no word carries one, or all nouns do
_INT, _DOUBLE = array("i").itemsize, array("d").itemsize
_LEAST = LEAST_IDF * IDF_CAP
_LOG = [0.0, *(math.log(n) for n in range(1, 1000))]


@cache
def common_words() -> dict[str, int]:
    """In how many of a thousand posts a common stem occurs; `python -m benchmarks.common_words` counted them."""
    return {term: int(share) for term, share in map(str.split, lines_of("common_words.txt", "digest.stories"))}


class Words:
    """In how many posts each term occurs, and how often with a capital. Terms get small numbers: their ids.

    Ids keep sums of floats in an order that does not depend on how Python hashes strings in this process. What is known
    of a term stands close together in arrays, as each post asks for words all over them.
    """

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._terms: list[str] = []
        self._free: list[int] = []
        self._posts = [0, 0]  # Latin, Cyrillic
        self._in = array("i")  # posts with the term
        self._capital, self._small = array("i"), array("i")
        self._prior = array("d")  # of the pretended posts, how many have the term
        self._kind = bytearray()
        self._weights: dict[int, float] = {}  # what terms weigh until the next post is counted: many posts share them
        self.said_by = lru_cache(_REMEMBERED)(self._said_by)

    def __len__(self) -> int:
        return len(self._ids)

    def see(self, terms: Terms) -> "Counted":
        """Count a post."""
        self._weights.clear()
        self._posts[terms.cyrillic] += 1
        ids, times, capitals, smalls = self._ids, self._in, self._capital, self._small
        known: dict[str, int] = {}
        for term in terms.counts:
            number = ids.get(term)
            if number is None:
                number = self._new(term)
            known[term] = number
            times[number] += 1
        found = known.__getitem__
        capital, small = list(map(found, terms.capital)), list(map(found, terms.small))
        for number in capital:
            capitals[number] += 1
        for number in small:
            smalls[number] += 1
        return Counted(
            terms,
            tuple(known.values()),
            tuple(map(found, dict.fromkeys(terms.opening))),
            tuple(dict.fromkeys(capital)),
            _bytes("i", known.values()),
            _bytes("i", map(found, dict.fromkeys(terms.numbers))),
            _bytes("i", capital),
            _bytes("i", small),
        )

    def names_of(self, weighed: "WeighedPost") -> list[str]:
        """The stems of a post that are names; where capitals do not tell, those whose meaning is not known."""
        tongue = weighed.packed.tongue
        found = [self._terms[number] for number in weighed.names]
        return [term for term in found if not senses(term, tongue)] if tongue in _UNSURE else found

    def _said_by(self, post: "Packed") -> "Said":
        """What a counted post says but names, as another language can read it. A term that has several senses means
        none of them surely; how it sounds counts where it is written small, for else it may be a name."""
        names: Container[int] = () if post.tongue in _UNSURE else array("i", post.names)
        small = frozenset(array("i", post.small))
        meant: dict[str | int, int] = {}
        heard: dict[str | int, int] = {}
        for number, share in zip(array("i", post.ids), array("d", post.vector), strict=True):
            found, sound = known_as(self._terms[number], post.tongue)
            if number in names or not (found or sound):
                continue
            if found:
                weight = round(share * WHOLE / math.sqrt(len(found)))
                for sense in found:
                    if meant.get(sense, 0) < weight:
                        meant[sense] = weight
            if sound and number in small:
                weight = round(share * WHOLE)
                if heard.get(sound, 0) < weight:
                    heard[sound] = weight
                    if not found:
                        meant[sound] = weight
        return Said(meant, heard)

    def forget(self, post: "Packed") -> None:
        """Take back a post that was counted; a term that occurs nowhere any more leaves its id to another."""
        self._weights.clear()
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
                self.said_by.cache_clear()  # a post with the same ids may say something else from now on

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
        self._kind[number] = _kind_of(term)
        self._prior[number] = PRIOR_POSTS * common_words().get(term, 0) / 1000
        return number

    def weigh(self, post: "Counted") -> "WeighedPost":
        """A counted post with the weights that its words have now."""
        terms, ids, known = post.terms, post.ids, self._weights
        new = [number for number in ids if number not in known]
        known.update(zip(new, self._weights_of(new), strict=True))
        weights = list(map(known.__getitem__, ids))
        if len(terms.counts) == terms.length:
            vector = weights
        else:
            counts = terms.counts.values()
            vector = [w if n == 1 else (1 + _LOG[n]) * w for w, n in zip(weights, counts, strict=True)]
        square = sum(map(mul, vector, vector))
        vector = list(map(mul, vector, repeat(1 / math.sqrt(square) if square else 1.0)))
        found = self._names(post)
        if terms.uncased:
            rare = (number for number in ids if self._kind[number] == UNCASED and known[number] > RARE_NAME)
            found |= dict.fromkeys(rare, 1.0)
        names = {name: surely * known[name] for name, surely in found.items()}
        packed = Packed(
            terms.cyrillic,
            terms.tongue,
            terms.lead,
            post.packed_ids,
            _bytes("d", weights),
            _bytes("d", vector),
            _bytes("i", names),
            _bytes("d", names.values()),
            post.numbers,
            post.capital,
            post.small,
        )
        return WeighedPost(packed, ids, weights, vector, names)

    def _weights_of(self, ids: Sequence[int]) -> list[float]:
        """What terms weigh now."""
        kinds = self._kind
        other, cyrillic = self._posts
        most = [math.log(posts + 1 + PRIOR_POSTS) for posts in (other, cyrillic, other + cyrillic, other)]
        times = map(add, map(self._in.__getitem__, ids), map(self._prior.__getitem__, ids))
        return [
            1.0 if weight > IDF_CAP else LEAST_IDF if weight < _LEAST else weight / IDF_CAP
            for weight in map(sub, [most[kinds[number]] for number in ids], map(math.log, times))
        ]

    def _names(self, post: "Counted") -> dict[int, float]:
        """How surely each term is a name: by its capital here, and by how it is written elsewhere."""
        capitals, smalls = self._capital, self._small
        names: dict[int, float] = {}
        for number in post.capitals:
            capital = capitals[number]
            names[number] = 1.0 if (capital + 0.3) / (capital + smalls[number] + 1) > 0.25 else 0.6
        for number in post.opening:
            capital, small = capitals[number], smalls[number]
            weight = (capital + 0.3) / (capital + small + 1)
            if weight > 0.5 and capital + small and weight > names.get(number, 0.0):
                names[number] = weight
        return names


def _kind_of(term: str) -> int:
    if is_number(term):
        return NUMBER
    if is_cyrillic_term(term):
        return CYRILLIC
    return UNCASED if is_uncased(term) else LATIN


class Counted(NamedTuple):
    """A post whose words are counted, by the ids that they keep as long as it is: `ids` in the order of its `terms`,
    those at the `opening` of a sentence and those with `capitals` inside one, each once; and what of it is packed
    whatever the words weigh."""

    terms: Terms
    ids: tuple[int, ...]
    opening: tuple[int, ...]
    capitals: tuple[int, ...]
    packed_ids: bytes
    numbers: bytes
    capital: bytes
    small: bytes


class Said(NamedTuple):
    """What posts say, in thousandths of their vectors: by the senses of words, or the sound of those that no list knows
    (`meant`); and by the sound of all (`heard`)."""

    meant: dict[str | int, int]
    heard: dict[str | int, int]


class Beginning(NamedTuple):
    """The first terms of a post with their idf, those of its lead or of its head, and the `total` of that."""

    terms: dict[int, float]
    total: float


class Packed(NamedTuple):
    """A post as weighed, in the bytes of arrays: a window holds a hundred thousand of them, and what holds no reference
    is nothing to Python's garbage collector.

    By position: term `ids`, of which the first `lead` are the lead's, their `idf`, the unit `vector`; `names` with
    their weights; `numbers`; and the words written with a capital or small, as counted.
    """

    cyrillic: bool
    tongue: str
    lead: int
    ids: bytes
    idf: bytes
    vector: bytes
    names: bytes
    name_weights: bytes
    numbers: bytes
    capital: bytes
    small: bytes

    def beginning(self, terms: int) -> "Beginning":
        """The first so many terms, without unpacking the rest."""
        ids, weights = array("i", self.ids[: terms * _INT]), array("d", self.idf[: terms * _DOUBLE])
        beginning = dict(zip(ids, weights, strict=True))
        return Beginning(beginning, sum(beginning.values()))

    def unpacked(self) -> "WeighedPost":
        """All of it, for comparing."""
        vector, names = array("d", self.vector), zip(array("i", self.names), array("d", self.name_weights), strict=True)
        return WeighedPost(self, array("i", self.ids), array("d", self.idf), vector, dict(names))


def _bytes(kind: str, values: Iterable[float]) -> bytes:
    return array(kind, values).tobytes()


class WeighedPost:
    """A post unpacked for comparing: by term id the unit vector, the idf of the lead and of the head, and of names
    how much they weigh."""

    __slots__ = (
        "_head",
        "_lead_roots",
        "_rare",
        "lead",
        "lead_name_total",
        "lead_names",
        "length",
        "names",
        "numbers",
        "packed",
        "vector",
    )

    def __init__(
        self,
        packed: Packed,
        ids: Sequence[int],
        weights: Sequence[float],
        vector: Iterable[float],
        names: dict[int, float],
    ) -> None:
        self.packed = packed
        self.vector = dict(zip(ids, vector, strict=True))
        lead = dict(zip(ids[: packed.lead], weights, strict=False))
        self.lead = Beginning(lead, sum(lead.values()))
        self.names = names
        self.lead_names = {name: weight for name, weight in names.items() if name in lead}
        self.lead_name_total = sum(self.lead_names.values())
        self.numbers = frozenset(array("i", packed.numbers))
        self.length = len(ids)
        self._head: Beginning | None = None
        self._rare: dict[int, float] | None = None
        self._lead_roots: dict[int, float] | None = None

    def head(self) -> Beginning:
        """The beginning of the whole text."""
        if self._head is None:
            self._head = self.packed.beginning(HEAD)
        return self._head

    def rare(self) -> dict[int, float]:
        """The terms that find stories, with their weight."""
        if self._rare is None:
            weights = zip(self.vector, array("d", self.packed.idf), strict=True)
            self._rare = {term: weight for term, weight in weights if weight > RARE_IDF}
        return self._rare

    def lead_roots(self) -> dict[int, float]:
        """The terms of the lead, with the root of their weight."""
        if self._lead_roots is None:
            self._lead_roots = dict(zip(self.lead.terms, map(math.sqrt, self.lead.terms.values()), strict=True))
        return self._lead_roots
