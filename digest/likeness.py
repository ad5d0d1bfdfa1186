"""Pure: how strongly a post tells of the same event as a story, as named features and one log-odds.

`StorySums` is a story as sums over its posts (no list of vectors: comparing with the story as a whole is both faster
and better than comparing with its posts). What each feature means and where the weights come from: `docs/stories.md`.
"""

import heapq
import math
from collections.abc import Iterable
from operator import itemgetter, mul
from typing import NamedTuple

from digest.readings import Reading

LONE = 0.3  # log-odds taken off, divided by the story's size: one post alone is weaker evidence than a story
BURST, BURST_HOURS = 0.4, 3.0  # log-odds added where the story's last post is near in time
STRONGEST = 60  # terms of a story by which another is found
SERIAL_WORDS = 0.8  # share of the longer text's words
BIAS = -2.356


class Weights(NamedTuple):
    """Log-odds per unit of each feature."""

    cosine: float = 14.635
    size: float = -0.101
    length: float = -0.617
    cosine_length: float = -1.073
    coverage: float = -6.374
    coverage_length: float = 1.742
    core: float = 0.517
    surprise: float = -0.532
    names: float = 1.076
    names_differ: float = -0.869
    rarest: float = -1.575
    numbers: float = 0.727
    numbers_differ: float = -0.434


WEIGHTS = Weights()


class StorySums:
    """A story as sums over its posts; adding a post costs its own length."""

    __slots__ = ("core", "count", "length", "name_weight", "names", "numbers", "size", "square", "sum")

    def __init__(self) -> None:
        self.size = 0
        self.sum: dict[int, float] = {}
        self.count: dict[int, int] = {}
        self.names: dict[int, float] = {}
        self.square = self.core = self.name_weight = 0.0
        self.numbers = self.length = 0

    def add(self, post: Reading) -> None:
        total, count = self.sum, self.count
        idf = post.idf
        for number, value in post.vector.items():
            old = total.get(number, 0.0)
            self.square += value * (2 * old + value)
            total[number] = old + value
            times = count.get(number, 0)
            self.core += idf[number] * (2 * times + 1)
            count[number] = times + 1
        for number, weight in post.names.items():
            self.names[number] = self.names.get(number, 0.0) + weight
        self.name_weight += post.name_weight
        self.numbers += len(post.numbers)
        self.length += post.length
        self.size += 1

    def strongest(self) -> dict[int, float]:
        """The terms that say most of the story, with their weight."""
        terms = heapq.nlargest(STRONGEST, self.sum.items(), key=itemgetter(1))
        return {term: weight / self.size for term, weight in terms}


class Features(NamedTuple):
    """The evidence, in the order of `Weights`."""

    cosine: float
    size: float
    length: float
    cosine_length: float
    coverage: float
    coverage_length: float
    core: float
    surprise: float
    names: float
    names_differ: float
    rarest: float
    numbers: float
    numbers_differ: float


def features(post: Reading, story: StorySums) -> Features:
    """The evidence that `post` tells of `story`; a term's share is the part of the story's posts that have it."""
    size = story.size
    log1p, odds = math.log1p, post.odds
    idf, vector, count, total = post.idf, post.vector, story.count, story.sum
    dot = have = core = rarest = surprise = 0.0
    one = 1 / size
    for number in count.keys() & post.ids:
        weight = idf[number]
        share = count[number] * one
        held = share * weight
        dot += vector[number] * total[number]
        have += held
        core += share * held
        if held > rarest:
            rarest = held
        surprise += log1p(share * odds[number])
    cosine = math.sqrt(dot / math.sqrt(story.square)) if dot > 0 else 0.0
    core /= max(story.core * one * one, 0.2)
    coverage = math.sqrt(have / post.total * core)
    length = math.log(max(3.0, min(post.length, story.length * one)))
    agree = sum([count[number] for number in post.numbers if number in count]) * one
    names = _shared_names(post, story) if post.names else 0.0
    their_names, their_numbers = story.name_weight * one, story.numbers * one
    return Features(
        cosine,
        math.log(size),
        length,
        cosine * (length - 2.5),
        coverage,
        coverage * (length - 2.5),
        core,
        surprise / max(post.length, 3),
        names / (min(post.name_weight, their_names) + 0.5),
        float(post.name_weight > 0.3 and their_names > 0.3 and names <= 0.02),
        rarest,
        agree / (min(len(post.numbers), their_numbers) + 1),
        float(bool(post.numbers) and their_numbers > 0.5 and agree == 0),
    )


def _shared_names(post: Reading, story: StorySums) -> float:
    shared = 0.0
    theirs, one = story.names, 1 / story.size
    for number, weight in post.names.items():
        other = theirs.get(number)
        if other:
            shared += math.sqrt(other * one * weight) * post.idf[number]
    return shared


def is_serial(post: Reading, story: StorySums) -> bool:
    """Whether a post says what the story says with other numbers: most words in common, most numbers not."""
    numbers = sum([number in story.count for number in post.numbers])
    if 2 * numbers > len(post.numbers) or 2 * story.numbers < len(post.numbers) * story.size:
        return False
    words = post.length - len(post.numbers)
    shared = len(story.count.keys() & post.ids) - numbers
    theirs = (story.length - story.numbers) / story.size
    return words > 0 and shared >= SERIAL_WORDS * max(words, theirs)


def log_odds(post: Reading, story: StorySums, gap: float | None, weights: Iterable[float] = WEIGHTS) -> float:
    """Log-odds that `post` tells of `story`; `gap`: seconds between it and the story's last post, if both are dated."""
    odds: float = BIAS - LONE / story.size + sum(map(mul, weights, features(post, story)))
    if gap is not None:
        odds += BURST * math.exp(-abs(gap) / (3600 * BURST_HOURS))
    return odds
