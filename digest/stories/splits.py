"""Pure: whether the posts of a story tell of one event, or of two of a kind that were taken for one.

The posts are parted in two by their words, as well as can be; then the parts are weighed against each other. Whole
parts say what single posts cannot: a name that every post of one part has and none of the other.
"""

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, compress
from operator import gt, mul, not_
from typing import NamedTuple, TypeVar

from digest.evenly import evenly
from digest.stories.likeness import AGEING, BURST, BURST_HOURS, StorySums, closeness
from digest.stories.sums import add_to, dot
from digest.stories.word_weights import Packed, WeighedPost

LEAST_SPLIT = 3  # posts; whether two tell of one event has been weighed when the second came
CLEAR = -0.5  # log-odds below which two parts are two stories: what is together stays so unless much speaks against it
SAMPLE = 40  # posts of a story that are looked at
ROUNDS = 6
BEGINNINGS = 2  # words that a parting is begun with, beside the posts that are least alike
ENOUGH = 8  # posts of the smaller part from which on more of them say no more
SURE = 0.2  # added to 1 / posts of both parts, by which the names that one of them lacks are divided

Thing = TypeVar("Thing")


class SplitWeights(NamedTuple):
    """Log-odds per unit of each feature, and of nothing at all; `python -m benchmarks.fit_stories` learns them."""

    lead: float = 3.40
    numbers_differ: float = -1.53
    cosine: float = 5.74
    closeness: float = -1.03
    own_names: float = -3.22
    size: float = -1.83
    smaller: float = -1.70
    constant: float = -0.41


SPLIT_WEIGHTS = SplitWeights()


class SplitFeatures(NamedTuple):
    """The evidence that two parts tell of one event, in the order of `SplitWeights`."""

    lead: float
    numbers_differ: float
    cosine: float
    closeness: float
    own_names: float
    size: float
    smaller: float


class Part:
    """Some posts as sums, with all that two parts are compared by. `times` are the posts' own, in seconds; `ties` what
    each shares with posts of its event only, with the log-odds of that."""

    def __init__(
        self, posts: Iterable[WeighedPost], times: Iterable[float | None], ties: Iterable[Mapping[str, float]] = ()
    ) -> None:
        all_posts = list(posts)
        self.size = len(all_posts)
        self.sum = _sum([post.vector for post in all_posts])
        self.count: Mapping[int, int] = Counter(chain.from_iterable([post.vector for post in all_posts]))
        self.lead = _sum([post.lead_roots() for post in all_posts])
        self.names = _sum([post.names for post in all_posts])
        self.numbers = Counter(chain.from_iterable([post.numbers for post in all_posts]))
        self.lead_total = sum([post.lead.total for post in all_posts])
        self.square = _square(self.sum)
        self.take(times, ties)

    def take(self, times: Iterable[float | None], ties: Iterable[Mapping[str, float]]) -> None:
        """What there is to know of the posts beside their words."""
        self.times = [time for time in times if time is not None]
        self.ties = {tie: odds for each in ties for tie, odds in each.items()}

    @classmethod
    def of_packed(
        cls,
        posts: Sequence[Packed],
        times: Iterable[float | None],
        ties: Iterable[Mapping[str, float]],
        story: StorySums | None,
    ) -> "Part":
        """Posts that need not be unpacked for it as a whole; `story`: their sums, where they are all of a story."""
        part = cls([], times, ties)
        part.size = len(posts)
        ids = [array("i", post.ids) for post in posts]
        leads = [
            zip(each[: post.lead], array("d", post.idf), strict=False) for each, post in zip(ids, posts, strict=True)
        ]
        names = [zip(array("i", post.names), array("d", post.name_weights), strict=True) for post in posts]
        part.lead = _sum([{term: math.sqrt(weight) for term, weight in each} for each in leads])
        part.names = _sum([dict(each) for each in names])
        part.numbers = Counter(chain.from_iterable([array("i", post.numbers) for post in posts]))
        if story is not None:
            part.sum, part.count, part.square = story.sum, story.count, story.square
        else:
            vectors = [zip(each, array("d", post.vector), strict=True) for each, post in zip(ids, posts, strict=True)]
            part.sum, part.count = _sum([dict(each) for each in vectors]), Counter(chain.from_iterable(ids))
            part.square = _square(part.sum)
        part.lead_total = sum([sum(array("d", post.idf)[: post.lead]) for post in posts])
        return part

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
    size = 1 / one.size + 1 / other.size
    fewer = min(sum(one.numbers.values()) / one.size, sum(other.numbers.values()) / other.size)
    return SplitFeatures(
        math.sqrt(_dot(one.lead, other.lead) / pairs / leads),
        (fewer - _dot(one.numbers, other.numbers) / pairs) / (fewer + 1),
        _dot(one.sum, other.sum) / math.sqrt(one.square * other.square + 1e-12),
        math.log(closeness(one.square, one.size)) + math.log(closeness(other.square, other.size)),
        min(one.own_names(other), other.own_names(one)) / (size + SURE),
        size,
        math.log(min(one.size, other.size, ENOUGH)),
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
    across: Callable[[float], float] | None = None,
) -> float:
    """Log-odds that two parts tell of one event. `across`: those of their words, as what two languages have in common
    changes them."""
    tied = max((one.ties[tie] for tie in one.ties.keys() & other.ties.keys()), default=0.0)
    features = split_features(one, other)
    words: float = weights.constant + sum(map(mul, features, weights))
    if across is not None:
        words = across(words)
    return words + given_by_time(one, other) + tied


def parts_of(
    posts: Sequence[WeighedPost],
    times: Sequence[float | None],
    ties: Sequence[Mapping[str, float]],
    weights: SplitWeights,
    across: Callable[[Sequence[int], Sequence[int], float], float] | None,
) -> list[list[int]]:
    """The events that the posts of a story tell of: their positions in order, one list an event. `across`: as that of
    `oneness`, by the positions of both parts."""
    todo, found = [list(range(len(posts)))], []
    while todo:
        places = todo.pop()
        if len(places) >= LEAST_SPLIT:
            sides, parts = _parted([posts[place] for place in places], weights)
            halves = _both(places, sides)
            for half, part in zip(halves, parts, strict=True):
                some = evenly(half, SAMPLE)
                part.take([times[n] for n in some], [ties[n] for n in some])
            besides = None if across is None else partial(across, halves[0], halves[1])
            if oneness(parts[0], parts[1], weights, besides) < CLEAR:
                todo += halves
                continue
        found.append(places)
    return sorted(found)


def sides_of(posts: Sequence[WeighedPost], weights: SplitWeights = SPLIT_WEIGHTS) -> list[bool]:
    """On which of two sides each post is; both sides have some. Of a few partings the one whose sides are told apart
    best by their words. Of many posts a sample is parted, and the rest go to the side that they are more like."""
    return _parted(posts, weights)[0]


def _parted(posts: Sequence[WeighedPost], weights: SplitWeights) -> tuple[list[bool], tuple[Part, Part]]:
    """The same, and both sides as parts, without times and ties; of many posts a sample of each."""
    looked_at = evenly(range(len(posts)), SAMPLE)
    few = [posts[place] for place in looked_at]
    count = Counter(chain.from_iterable([post.vector for post in few]))
    vectors = _parting(few, count)
    likeness = _products(vectors)
    begun = {tuple(_settled(likeness, begun)): None for begun in _beginnings(few, count, likeness)}
    found = [(list(sides), _parts(few, sides)) for sides in begun]
    best = min(found, key=lambda each: oneness(each[1][0], each[1][1], weights)) if len(found) > 1 else found[0]
    if len(few) == len(posts):
        return best
    one, other = map(_direction, _both(vectors, best[0]))
    known = dict(zip(looked_at, best[0], strict=True))
    sides = [
        known[n] if n in known else _dot(each.vector, one) > _dot(each.vector, other) for n, each in enumerate(posts)
    ]
    return sides, _parts(posts, sides)


def _parts(posts: Sequence[WeighedPost], sides: Sequence[bool]) -> tuple[Part, Part]:
    """Both sides, or a sample of each, without times and ties."""
    one, other = _both(posts, sides)
    return Part(evenly(one, SAMPLE), []), Part(evenly(other, SAMPLE), [])


def _both(things: Sequence[Thing], sides: Sequence[bool]) -> tuple[list[Thing], list[Thing]]:
    """What is on the one side, and what on the other."""
    return list(compress(things, sides)), list(compress(things, map(not_, sides)))


def _parting(posts: Sequence[WeighedPost], count: Mapping[int, int]) -> list[dict[int, float]]:
    """The posts as unit vectors of what can part them: words that two have, the more the fewer have them; `count`: how
    many have each."""
    told = {term: math.sqrt(1 - times / len(posts)) for term, times in count.items() if times > 1}
    vectors = []
    for post in posts:
        vector = {term: value * told[term] for term, value in post.vector.items() if told.get(term)}
        length = math.sqrt(_square(vector)) or 1.0
        vectors.append({term: value / length for term, value in vector.items()})
    return vectors


def _products(vectors: Sequence[dict[int, float]]) -> list[list[float]]:
    """The products of each two vectors. Sides are compared by these alone, however often posts change them."""
    rows: list[list[float]] = []
    for place, vector in enumerate(vectors):
        rows.append([row[place] for row in rows] + [_dot(vector, other) for other in vectors[place:]])
    return rows


def _beginnings(
    posts: Sequence[WeighedPost], count: Mapping[int, int], likeness: Sequence[Sequence[float]]
) -> Iterator[list[bool]]:
    """Partings to begin with: by the post that is least like all and the one least like that; and by those words, one
    by one, whose having or not parts the most."""
    whole = [math.fsum(row) for row in likeness]
    far = min(range(len(posts)), key=whole.__getitem__)
    others = (n for n in range(len(posts)) if n != far)
    end = min(others, key=lambda n: (likeness[n][far], -whole[n]))
    yield [n == far or (n != end and row[far] > row[end]) for n, row in enumerate(likeness)]
    weight: dict[int, float] = {}
    for post in posts:
        weight |= post.rare()
    some = range(2, len(posts))  # what was rare for one may be in all
    parting = {
        term: by * min(count[term], len(posts) - count[term]) for term, by in weight.items() if count[term] in some
    }
    for term in heapq.nlargest(BEGINNINGS, parting, key=parting.__getitem__):
        yield [term in post.vector for post in posts]


def _settled(likeness: Sequence[Sequence[float]], sides: list[bool]) -> list[bool]:
    """Two means: each goes to the side that it is more like, itself not counted, until none does."""
    for _ in range(ROUNDS):
        one = _likes(likeness, sides)
        other = _likes(likeness, [not here for here in sides])
        turned = list(map(gt, one, other))
        if turned == sides or all(turned) or not any(turned):
            break
        sides = turned
    return sides


def _likes(likeness: Sequence[Sequence[float]], inside: Sequence[bool]) -> list[float]:
    """The cosine between each post and the sum of a side, less the post itself where it is inside; the only one of a
    side stays there."""
    dots = [math.fsum(compress(row, inside)) for row in likeness]
    square, size = math.fsum(compress(dots, inside)), sum(inside)
    length = math.sqrt(square or 1.0)
    return [
        dot / length if not here else (dot - 1) / math.sqrt(max(square - 2 * dot + 1, 1e-9)) if size > 1 else math.inf
        for dot, here in zip(dots, inside, strict=True)
    ]


def _direction(vectors: Sequence[dict[int, float]]) -> dict[int, float]:
    """The sum of some vectors, of length 1."""
    total = _sum(vectors)
    length = math.sqrt(_square(total) or 1.0)
    return {term: value / length for term, value in total.items()}


def _sum(vectors: Sequence[Mapping[int, float]]) -> dict[int, float]:
    first, *others = vectors or [{}]
    total = dict(first)
    for vector in others:
        add_to(total, vector, vector.values())
    return total


def _square(vector: Mapping[int, float]) -> float:
    values = vector.values()
    square: float = sum(map(mul, values, values))
    return square


def _dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """The same the other way round, in as few steps as there can be."""
    return dot(one, other) if len(one) <= len(other) else dot(other, one)
