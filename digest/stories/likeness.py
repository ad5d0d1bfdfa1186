"""Pure: how strongly a post tells of the same event as a story, as named features and one log-odds.

`StorySums` is a story as sums over its posts (no list of vectors: comparing with the story as a whole is both faster
and better than comparing with its posts). What each feature means and where the weights come from: `docs/stories.md`.
"""

import math
from collections.abc import Mapping
from itertools import compress, repeat
from operator import mul
from typing import NamedTuple

from digest.stories.sums import add_to, at, dot
from digest.stories.word_weights import Beginning, WeighedPost

PATIENCE = 0.75  # log-odds added: a story that took a post of another event splits, one begun twice seldom merges
LONE = 1.5  # log-odds taken off, divided by the story's size: one post alone is weaker evidence, and cannot split
BURST, BURST_HOURS = 0.4, 3.0  # log-odds added where the story's last post is near in time
AGEING = 2.0  # log-odds lost a day from the middle of a story's posts: events end, topics go on
STRONGEST = 60  # terms of a story by which another is found
FAINT, HOPELESS = 0.15, -4.0  # a cosine below which no evidence of words helps, and the log-odds that it stands for
LEAST_NAMES = 0.3  # weight that the names of a lead are taken to have besides: few names say little
PRIOR_PAIRS, PRIOR_LIKENESS = 3.0, 0.3  # pairs of posts, and their mean cosine, that a story is taken to have had
LEAST_COSINE = 0.02  # added to a cosine before its logarithm is taken
REST = 3.0  # log-odds that all other evidence may add: 2.9 at most was seen, 4.2 is what the weights allow
SERIAL_WORDS = 0.8  # share of the longer text's words


class Weights(NamedTuple):
    """Log-odds per unit of each feature, and of nothing at all."""

    cosine: float = 2.79
    lead: float = 2.58
    head: float = -3.10
    names: float = 1.24
    rivals: float = -2.02
    numbers_differ: float = -1.82
    fit: float = 1.77
    constant: float = -0.09


WEIGHTS = Weights()


class StorySums:
    """A story as sums over its posts; adding a post costs its own length. `usual`: the cosine that one of its posts can
    be expected to have with its sum, were it not in it."""

    __slots__ = (
        "count",
        "lead",
        "lead_total",
        "length",
        "name_total",
        "names",
        "numbers",
        "size",
        "square",
        "sum",
        "usual",
    )

    def __init__(self) -> None:
        self.size = 0
        self.sum: dict[int, float] = {}
        self.count: dict[int, int] = {}
        self.lead: dict[int, int] = {}
        self.names: dict[int, float] = {}
        self.square = self.lead_total = self.name_total = self.usual = 0.0
        self.numbers = self.length = 0

    def add(self, post: WeighedPost) -> None:
        """Take a post in."""
        vector, total, names = post.vector, self.sum, self.names
        values = vector.values()
        self.square += sum(map(mul, values, values)) + 2 * dot(vector, total)
        if not self.size:
            self.sum, self.count = vector.copy(), dict.fromkeys(vector, 1)
            self.lead, self.names = dict.fromkeys(post.lead.terms, 1), post.lead_names.copy()
        else:
            add_to(total, vector, values)
            add_to(self.count, vector, repeat(1))
            add_to(self.lead, post.lead.terms, repeat(1))
            for name, weight in post.lead_names.items():
                names[name] = names.get(name, 0.0) + weight
        self.lead_total += post.lead.total
        self.name_total += post.lead_name_total
        self.numbers += len(post.numbers)
        self.length += post.length
        self.size += 1
        self.usual = _usual(self.square, self.size)

    def remove(self, post: WeighedPost) -> None:
        """Take back a post that was added."""
        total, count, names = self.sum, self.count, self.names
        for number, value in post.vector.items():
            self.square -= value * (2 * total[number] - value)
            if count[number] == 1:
                del total[number], count[number]
            else:
                total[number] -= value
                count[number] -= 1
        for number in post.lead.terms:
            if self.lead[number] == 1:
                del self.lead[number]
            else:
                self.lead[number] -= 1
        for name, weight in post.lead_names.items():
            if name in self.lead:
                names[name] -= weight
            else:
                del names[name]
        self.lead_total -= post.lead.total
        self.name_total -= post.lead_name_total
        self.numbers -= len(post.numbers)
        self.length -= post.length
        self.size -= 1
        self.usual = _usual(self.square, self.size)

    def closeness(self) -> float:
        """The mean cosine of two of its posts; of two or more."""
        return (self.square - self.size) / (self.size * (self.size - 1))

    def strongest(self) -> Mapping[int, float]:
        """The terms that say most of the story, with their weight."""
        if len(self.sum) <= STRONGEST:
            return self.sum
        return {term: self.sum[term] for term in sorted(self.sum, key=self.sum.__getitem__, reverse=True)[:STRONGEST]}


def closeness(square: float, size: int) -> float:
    """The mean cosine of two of `size` posts whose unit vectors sum up to the length whose square is given, and of the
    pairs that they are taken to have had before."""
    return max(0.01, (square - size + PRIOR_PAIRS * PRIOR_LIKENESS) / (size * (size - 1) + PRIOR_PAIRS))


def _usual(square: float, size: int) -> float:
    between = closeness(square, size)
    return between * math.sqrt(size / (1 + (size - 1) * between))


class Features(NamedTuple):
    """The evidence, in the order of `Weights`."""

    cosine: float
    lead: float
    head: float
    names: float
    rivals: float
    numbers_differ: float
    fit: float


def features(post: WeighedPost, story: StorySums) -> Features:
    """The evidence that `post` tells of `story`; a term's share is the part of the story's posts that have it."""
    return Features(*_features(post, story, cosine_of(post, story)))


def cosine_of(post: WeighedPost, story: StorySums) -> float:
    """The root of the cosine between a post and the sum of a story."""
    return _root(post.vector, story, 1)


def mean_cosine(one: StorySums, other: StorySums) -> float:
    """The root of the mean cosine between the posts of a story and the sum of another."""
    return _root(one.sum, other, one.size)


def _root(vector: Mapping[int, float], story: StorySums, posts: int) -> float:
    product = dot(vector, story.sum)
    return math.sqrt(product / posts / math.sqrt(story.square)) if product > 0 else 0.0


def likely(cosine: float, story: StorySums, weights: Weights = WEIGHTS) -> float:
    """What the cosine with a story of its size gives of the log-odds that it takes a post. Of a mean cosine: no less
    than the mean of what the cosines give, since the root and the logarithm grow ever slower."""
    if cosine < FAINT:
        return HOPELESS
    fit = weights.fit * _fit(cosine, story)
    return weights.constant + PATIENCE - LONE / story.size + weights.cosine * cosine + fit


def _fit(cosine: float, story: StorySums) -> float:
    return math.log((cosine * cosine + LEAST_COSINE) / (story.usual + LEAST_COSINE))


def most_besides(weights: Weights) -> float:
    """More than what is left of the evidence of words can add to the log-odds, the cosine and the leads apart: no other
    feature is below 0 or passes 1."""
    return sum([max(weight, 0.0) for weight in (weights.head, weights.names, weights.rivals, weights.numbers_differ)])


def burst(gap: float | None) -> float:
    """Log-odds by the seconds between a post and the story's last post, if both are dated."""
    return 0.0 if gap is None else BURST * math.exp(-abs(gap) / (3600 * BURST_HOURS))


def overlap(lead: Beginning, story: StorySums) -> float:
    """How alike the lead of a post and the leads of a story are."""
    one = 1 / story.size
    shared = dot(lead.terms, story.lead) * one
    return math.sqrt(shared / math.sqrt((lead.total + 1e-6) * (story.lead_total * one + 1e-6)))


def _features(post: WeighedPost, story: StorySums, cosine: float) -> tuple[float, ...]:
    one = 1 / story.size
    count, beginning, named = story.count, post.head(), post.lead_names
    head = dot(beginning.terms, count)
    hits = list(at(named, count))
    said = sum(map(mul, named.values(), hits))
    new = max(0.0, post.lead_name_total - sum(compress(named.values(), hits)))
    names = post.lead_name_total + LEAST_NAMES
    return (
        cosine,
        overlap(post.lead, story),
        head * one / (beginning.total + 1e-6),
        said * one / names,
        min(new / names, _names_lacking(post, story)) if new else 0.0,
        numbers_differ(post, story),
        _fit(cosine, story),
    )


def _names_lacking(post: WeighedPost, story: StorySums) -> float:
    """Of the names in the leads of a story, by weight, the part that the post never says."""
    names, one = story.names, 1 / story.size
    said = sum([names[term] for term in post.vector if term in names])
    return max(story.name_total - said, 0.0) * one / (story.name_total * one + LEAST_NAMES)


def numbers_agree(post: WeighedPost, story: StorySums) -> float:
    """How many numbers the post shares with a post of the story on the mean."""
    count = story.count
    return sum([count[number] for number in post.numbers if number in count]) / story.size


def numbers_differ(post: WeighedPost, story: StorySums) -> float:
    """Of the numbers of the side with fewer, the part that the other does not have; less where they are few."""
    if not post.numbers:
        return 0.0
    fewer = min(len(post.numbers), story.numbers / story.size)
    return (fewer - numbers_agree(post, story)) / (fewer + 1)


def is_serial(post: WeighedPost, story: StorySums) -> bool:
    """Whether a post says what the story says with other numbers: most words in common, most numbers not."""
    numbers = sum([number in story.count for number in post.numbers])
    if 2 * numbers > len(post.numbers) or 2 * story.numbers < len(post.numbers) * story.size:
        return False
    words = post.length - len(post.numbers)
    shared = len(story.count.keys() & post.vector.keys()) - numbers
    theirs = (story.length - story.numbers) / story.size
    return words > 0 and shared >= SERIAL_WORDS * max(words, theirs)


def log_odds(
    post: WeighedPost, story: StorySums, gap: float | None, weights: Weights = WEIGHTS, cosine: float | None = None
) -> float:
    """Log-odds that `post` tells of `story`; `gap`: seconds between it and the story's last post, if both are dated;
    `cosine` as that of `cosine_of`, where it is known. Where the two have next to no words in common, what the words
    give is not worked out."""
    if cosine is None:
        cosine = cosine_of(post, story)
    if cosine < FAINT:
        return HOPELESS
    odds: float = weights.constant + PATIENCE - LONE / story.size
    odds += sum(map(mul, _features(post, story, cosine), weights))
    return odds + burst(gap)
