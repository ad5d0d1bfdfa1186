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
AGEING = 2.0  # log-odds lost a day from the middle of a story's posts: events end, topics go on
STRONGEST = 60  # terms of a story by which another is found
FAINT, HOPELESS = 0.15, -4.0  # a cosine below which no evidence of words helps, and the log-odds that it stands for
SERIAL_WORDS = 0.8  # share of the longer text's words


class Weights(NamedTuple):
    """Log-odds per unit of each feature, and of nothing at all."""

    cosine: float = 9.90
    coverage: float = -5.04
    core: float = 2.12
    lead: float = 2.92
    names_new: float = -1.40
    numbers_differ: float = -1.55
    constant: float = -3.84


WEIGHTS = Weights()


class StorySums:
    """A story as sums over its posts; adding a post costs its own length."""

    __slots__ = ("core", "count", "lead", "lead_total", "length", "numbers", "size", "square", "sum")

    def __init__(self) -> None:
        self.size = 0
        self.sum: dict[int, float] = {}
        self.count: dict[int, int] = {}
        self.lead: dict[int, int] = {}
        self.square = self.core = self.lead_total = 0.0
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
        for number in post.lead:
            self.lead[number] = self.lead.get(number, 0) + 1
        self.lead_total += post.lead_total
        self.numbers += len(post.numbers)
        self.length += post.length
        self.size += 1

    def remove(self, post: Reading) -> None:
        """Take back a post that was added."""
        total, count, idf = self.sum, self.count, post.idf
        for number, value in post.vector.items():
            self.square -= value * (2 * total[number] - value)
            self.core -= idf[number] * (2 * count[number] - 1)
            if count[number] == 1:
                del total[number], count[number]
            else:
                total[number] -= value
                count[number] -= 1
        for number in post.lead:
            if self.lead[number] == 1:
                del self.lead[number]
            else:
                self.lead[number] -= 1
        self.lead_total -= post.lead_total
        self.numbers -= len(post.numbers)
        self.length -= post.length
        self.size -= 1

    def closeness(self) -> float:
        """The mean cosine of two of its posts; of two or more."""
        return (self.square - self.size) / (self.size * (self.size - 1))

    def strongest(self) -> dict[int, float]:
        """The terms that say most of the story, with their weight."""
        terms = heapq.nlargest(STRONGEST, self.sum.items(), key=itemgetter(1))
        return {term: weight / self.size for term, weight in terms}


class Features(NamedTuple):
    """The evidence, in the order of `Weights`."""

    cosine: float
    coverage: float
    core: float
    lead: float
    names_new: float
    numbers_differ: float


def features(post: Reading, story: StorySums) -> Features:
    """The evidence that `post` tells of `story`; a term's share is the part of the story's posts that have it."""
    shared = story.count.keys() & post.idf.keys()
    return _features(post, story, shared, _cosine(post, story, shared))


def _cosine(post: Reading, story: StorySums, shared: Iterable[int]) -> float:
    vector, total = post.vector, story.sum
    dot = sum([vector[number] * total[number] for number in shared])
    return math.sqrt(dot / math.sqrt(story.square)) if dot > 0 else 0.0


def _features(post: Reading, story: StorySums, shared: Iterable[int], cosine: float) -> Features:
    one = 1 / story.size
    idf, count, leads, names = post.idf, story.count, story.lead, post.names
    have = core = 0.0
    for number in shared:
        held = count[number] * idf[number]
        have += held
        core += count[number] * held
    core /= max(story.core, 0.2 * story.size * story.size)
    lead = sum([idf[number] * leads[number] for number in post.lead if number in leads])
    return Features(
        cosine,
        math.sqrt(have * one / post.total * core),
        core,
        math.sqrt(lead * one / math.sqrt((post.lead_total + 1e-6) * (story.lead_total * one + 1e-6))),
        sum([names[name] for name in names if name not in count]) / (post.name_total + 0.5),
        numbers_differ(post, story),
    )


def numbers_differ(post: Reading, story: StorySums) -> float:
    """Of the numbers of the side with fewer, the part that the other does not have; less where they are few."""
    one, count = 1 / story.size, story.count
    agree = sum([count[number] for number in post.numbers if number in count]) * one
    fewer = min(len(post.numbers), story.numbers * one)
    return (fewer - agree) / (fewer + 1)


def is_serial(post: Reading, story: StorySums) -> bool:
    """Whether a post says what the story says with other numbers: most words in common, most numbers not."""
    numbers = sum([number in story.count for number in post.numbers])
    if 2 * numbers > len(post.numbers) or 2 * story.numbers < len(post.numbers) * story.size:
        return False
    words = post.length - len(post.numbers)
    shared = len(story.count.keys() & post.idf.keys()) - numbers
    theirs = (story.length - story.numbers) / story.size
    return words > 0 and shared >= SERIAL_WORDS * max(words, theirs)


def log_odds(post: Reading, story: StorySums, gap: float | None, weights: Weights = WEIGHTS) -> float:
    """Log-odds that `post` tells of `story`; `gap`: seconds between it and the story's last post, if both are dated.
    Where the two have next to no words in common, what the words give is not worked out."""
    shared = story.count.keys() & post.idf.keys()
    cosine = _cosine(post, story, shared)
    if cosine < FAINT:
        return HOPELESS
    odds: float = weights.constant - LONE / story.size
    odds += sum(map(mul, _features(post, story, shared, cosine), weights))
    if gap is not None:
        odds += BURST * math.exp(-abs(gap) / (3600 * BURST_HOURS))
    return odds
