"""Pure: whether the posts of a story tell of one event, or of two of a kind that were taken for one.

The posts are parted in two by their words, as well as can be; then the parts are weighed against each other. Whole
parts say what single posts cannot: a name that every post of one part has and none of the other.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import mul
from typing import NamedTuple

from digest.likeness import AGEING, BURST, BURST_HOURS
from digest.readings import Reading

LEAST_SPLIT = 3  # posts; whether two tell of one event has been weighed when the second came
CLEAR = -0.5  # log-odds below which two parts are two stories: what is together stays so unless much speaks against it
SAMPLE = 40  # posts of a story that are looked at
ROUNDS = 6
PRIOR_PAIRS, PRIOR_LIKENESS = 3.0, 0.3  # pairs of posts, and their mean cosine, that each part is taken to have had


class SplitWeights(NamedTuple):
    """Log-odds per unit of each feature, and of nothing at all; `python -m benchmarks.fit_stories` learns them."""

    lead: float = 3.12
    numbers_differ: float = -1.59
    likeness: float = 0.63
    closeness: float = -0.72
    own_names: float = -3.25
    size: float = 0.07
    constant: float = 0.13


SPLIT_WEIGHTS = SplitWeights()


class SplitFeatures(NamedTuple):
    """The evidence that two parts tell of one event, in the order of `SplitWeights`."""

    lead: float
    numbers_differ: float
    likeness: float
    closeness: float
    own_names: float
    size: float


class Part:
    """Some posts as sums, with all that two parts are compared by. `times` are the posts' own, in seconds; `ties` what
    each shares with posts of its event only, with the log-odds of that."""

    def __init__(
        self, posts: Iterable[Reading], times: Iterable[float | None], ties: Iterable[Mapping[str, float]] = ()
    ) -> None:
        self.size = 0
        self.sum: dict[int, float] = {}
        self.count: dict[int, int] = {}
        self.lead: dict[int, float] = {}
        self.names: dict[int, float] = {}
        self.numbers: dict[int, int] = {}
        self.lead_total = 0.0
        self.times = [time for time in times if time is not None]
        self.ties = {tie: odds for each in ties for tie, odds in each.items()}
        for post in posts:
            self._add(post)
        self.square = _dot(self.sum, self.sum)

    def _add(self, post: Reading) -> None:
        self.size += 1
        self.lead_total += post.lead_total
        for term, value in post.vector.items():
            self.sum[term] = self.sum.get(term, 0.0) + value
            self.count[term] = self.count.get(term, 0) + 1
        for term in post.lead:
            self.lead[term] = self.lead.get(term, 0.0) + math.sqrt(post.idf[term])
        for term, weight in post.names.items():
            self.names[term] = self.names.get(term, 0.0) + weight
        for term in post.numbers:
            self.numbers[term] = self.numbers.get(term, 0) + 1

    def closeness(self) -> float:
        """The mean cosine of two posts of the part, and of the pairs that it is taken to have had before."""
        pairs = self.size * (self.size - 1)
        return max(0.01, (self.square - self.size + PRIOR_PAIRS * PRIOR_LIKENESS) / (pairs + PRIOR_PAIRS))

    def own_names(self, other: "Part") -> float:
        """Of the names that this part's posts share, by weight, the part that no post of the other has."""
        total = own = 0.0
        for name, weight in self.names.items():
            said = weight * self.count[name] / (self.size * self.size)
            total += said
            if name not in other.count:
                own += said
        return own / (total + 0.3)


def split_features(one: Part, other: Part) -> SplitFeatures:
    """The evidence that two parts tell of one event. Symmetric."""
    pairs = one.size * other.size
    leads = math.sqrt((one.lead_total / one.size + 1e-6) * (other.lead_total / other.size + 1e-6))
    fewer = min(sum(one.numbers.values()) / one.size, sum(other.numbers.values()) / other.size)
    return SplitFeatures(
        math.sqrt(_dot(one.lead, other.lead) / pairs / leads),
        (fewer - _dot(one.numbers, other.numbers) / pairs) / (fewer + 1),
        math.log(_dot(one.sum, other.sum) / pairs + 0.01),
        math.log(one.closeness()) + math.log(other.closeness()),
        min(one.own_names(other), other.own_names(one)),
        1 / one.size + 1 / other.size,
    )


def given_by_time(one: Part, other: Part) -> float:
    """Log-odds by hand, as for a post and a story: posts of one event come together, and events end."""
    if not one.times or not other.times:
        return 0.0
    gap = max(0.0, max(min(one.times), min(other.times)) - min(max(one.times), max(other.times)))
    apart = abs(sum(one.times) / len(one.times) - sum(other.times) / len(other.times))
    return BURST * math.exp(-gap / (3600 * BURST_HOURS)) - AGEING * apart / 86400


def oneness(
    one: Part,
    other: Part,
    weights: SplitWeights = SPLIT_WEIGHTS,
    meant: Callable[[float], float] | None = None,
) -> float:
    """Log-odds that two parts tell of one event. `meant`: what is known besides, by the part of the numbers that
    differ."""
    tied = max((one.ties[tie] for tie in one.ties.keys() & other.ties.keys()), default=0.0)
    features = split_features(one, other)
    words: float = sum(map(mul, features, weights))
    odds = weights.constant + words + given_by_time(one, other) + tied
    return odds if meant is None else odds + meant(features.numbers_differ)


def parts_of(
    posts: Sequence[Reading],
    times: Sequence[float | None],
    ties: Sequence[Mapping[str, float]],
    weights: SplitWeights = SPLIT_WEIGHTS,
    meant: Callable[[Sequence[int], Sequence[int], float], float] | None = None,
) -> list[list[int]]:
    """The events that the posts of a story tell of: their positions in order, one list an event. `meant`: as that of
    `oneness`, by the positions of both parts."""
    todo, found = [list(range(len(posts)))], []
    while todo:
        places = todo.pop()
        if len(places) >= LEAST_SPLIT:
            sides = sides_of([posts[place].vector for place in places])
            halves = [[n for n, here in zip(places, sides, strict=True) if here is side] for side in (True, False)]
            one, other = (
                Part([posts[n] for n in some], [times[n] for n in some], [ties[n] for n in some])
                for some in map(sample, halves)
            )
            besides = None if meant is None else partial(meant, halves[0], halves[1])
            if oneness(one, other, weights, besides) < CLEAR:
                todo += halves
                continue
        found.append(places)
    return sorted(found)


def sample(places: Sequence[int], most: int = SAMPLE) -> list[int]:
    """At most so many, evenly from all."""
    last = min(len(places), most) - 1
    return [places[n * (len(places) - 1) // max(last, 1)] for n in range(last + 1)]


def sides_of(vectors: Sequence[dict[int, float]]) -> list[bool]:
    """On which of two sides each is: begun with the vector that is least like all and the one least like that, then
    each goes to the side that it is more like, itself not counted. Both sides have some."""
    looked_at = sample(range(len(vectors)))
    few = [vectors[place] for place in looked_at]
    whole = _sum(few)
    far = min(range(len(few)), key=lambda n: _dot(few[n], whole))
    end = min((n for n in range(len(few)) if n != far), key=lambda n: (_dot(few[n], few[far]), -_dot(few[n], whole)))
    sides = [n == far or (n != end and _dot(each, few[far]) > _dot(each, few[end])) for n, each in enumerate(few)]
    for _ in range(ROUNDS):
        one, other = _both(few, sides)
        turned = [one.likes(each, here) > other.likes(each, not here) for each, here in zip(few, sides, strict=True)]
        if turned == sides or all(turned) or not any(turned):
            break
        sides = turned
    if len(few) == len(vectors):
        return sides
    one, other = _both(few, sides)
    known = dict(zip(looked_at, sides, strict=True))
    return [known.get(n, one.likes(each, False) > other.likes(each, False)) for n, each in enumerate(vectors)]


def _both(vectors: Sequence[dict[int, float]], sides: Sequence[bool]) -> tuple["_Side", "_Side"]:
    pairs = list(zip(vectors, sides, strict=True))
    return _Side([each for each, here in pairs if here]), _Side([each for each, here in pairs if not here])


class _Side:
    """The sum of some unit vectors."""

    def __init__(self, vectors: Sequence[dict[int, float]]) -> None:
        self.size = len(vectors)
        self.sum = _sum(vectors)
        self.square = _dot(self.sum, self.sum)

    def likes(self, vector: dict[int, float], inside: bool) -> float:
        """The cosine between a vector and this side, less the vector itself where it is inside; the only one stays."""
        dot = _dot(vector, self.sum)
        if not inside:
            return dot / math.sqrt(self.square or 1.0)
        return (dot - 1) / math.sqrt(max(self.square - 2 * dot + 1, 1e-9)) if self.size > 1 else math.inf


def _sum(vectors: Iterable[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for vector in vectors:
        for term, value in vector.items():
            total[term] = total.get(term, 0.0) + value
    return total


def _dot(one: dict[int, float] | dict[int, int], other: dict[int, float] | dict[int, int]) -> float:
    if len(one) > len(other):
        one, other = other, one
    # in the order of the shorter, since a set's order may change what floats add up to
    return sum([value * other[term] for term, value in one.items() if term in other])
