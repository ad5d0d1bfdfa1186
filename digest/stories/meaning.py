"""Pure: what posts mean, as an embedding model sees it: evidence that two tell of one event in two alphabets, where no
word is shared. Within one the words know better.

It may only add to what the words say, and nobody has to have it. A post's meaning is a unit vector in float16 bytes; a
story's is the sum over its posts. Two sides are as like as their posts are on the mean, compared with how like any two
posts are: models differ in that, and some call everything alike. What another alphabet does share is counted here, too:
names by their sound, and numbers. Where the weights come from: `docs/stories.md`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from operator import mul
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digest.stories.readings import IDF_CAP, PRIOR_POSTS

DIFFER = 0.6  # part of the numbers that differ (two of two are .67) from which on the meaning adds nothing
LEAST_KNOWN = 20  # posts from which on it is known how like any two are
MOST_STORIES = 4096  # the stories of late that are searched
MOST_NEAR, LEAST_NEAR = 8, 0.2  # of the likest that are weighed, and how like they are at least
MOST_NUMBERS = 2.0  # shared numbers that count

Floats = NDArray[np.float32]


class ForeignWeights(NamedTuple):
    """Log-odds that two sides in two scripts tell of one event, per unit of each feature, and of nothing at all."""

    likeness: float = 14.71
    names: float = 4.81
    numbers_agree: float = 1.59
    numbers_differ: float = -2.94
    constant: float = -7.83


FOREIGN_WEIGHTS = ForeignWeights()


@dataclass(slots=True, kw_only=True, eq=False)
class Meaning:
    """Posts as the sum of their unit vectors, how many of them are in Cyrillic, and in how many each name is, by its
    sound."""

    sum: Floats
    size: int = 1
    cyrillic: int = 0
    names: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Meaning", sign: int = 1) -> None:
        self.sum = self.sum + sign * other.sum
        self.size += sign * other.size
        self.cyrillic += sign * other.cyrillic
        self.names = _added(self.names, other.names, sign)

    def is_one_script(self, other: "Meaning") -> bool:
        """Whether all posts of both are in Cyrillic, or none."""
        return self.cyrillic + other.cyrillic in (0, self.size + other.size)


class Meanings:
    """What the posts of live stories mean; stories go by their numbers."""

    def __init__(self, weights: ForeignWeights = FOREIGN_WEIGHTS) -> None:
        self._weights = weights
        self._stories: dict[int, Meaning] = {}
        self._whole: NDArray[np.float64] | None = None
        self._known = 0
        self._named: dict[str, int] = {}  # posts with the name
        self._usual: float | None = None
        self._rows: dict[int, int] = {}  # story -> its row below, the one that changed last at the end
        self._free = list(range(MOST_STORIES - 1, -1, -1))
        self._used = 0  # rows, from the first, that stories have had
        self._numbers = np.full(MOST_STORIES, -1, dtype=np.int64)
        self._scripts = np.zeros((2, MOST_STORIES), dtype=bool)  # has posts in Latin, in Cyrillic
        self._means: Floats | None = None

    def of(self, posts: Iterable[tuple[bytes, bool, tuple[str, ...]]]) -> Meaning | None:
        """What posts mean together: of each its vector (empty: not known), whether it is in Cyrillic, and its names by
        their sound. None where none has a vector of this model's width."""
        width = 0 if self._whole is None else 2 * len(self._whole)
        known = [each for each in posts if each[0] and (not width or len(each[0]) == width)]
        if not known:
            return None
        vectors = np.stack([np.frombuffer(vector, dtype=np.float16) for vector, _, _ in known]).astype(np.float32)
        names: dict[str, int] = {}
        for _, _, sounds in known:
            for sound in sounds:
                names[sound] = names.get(sound, 0) + 1
        cyrillic = sum(cyrillic for _, cyrillic, _ in known)
        return Meaning(sum=vectors.sum(axis=0), size=len(known), cyrillic=cyrillic, names=names)

    def join(self, post: Meaning, story: int) -> None:
        """A post joins a story."""
        self._count(post, 1)
        known = self._stories.get(story)
        if known is None:
            known = self._stories[story] = replace(post, names=dict(post.names))
        else:
            known.add(post)
        self._write(story, known)

    def leave(self, post: Meaning, story: int) -> None:
        """A post that had joined a story leaves it."""
        known = self._stories[story]
        if known.size <= post.size:
            self.drop(story)
            return
        self._count(post, -1)
        known.add(post, -1)
        self._write(story, known)

    def drop(self, story: int) -> None:
        """A story ends; one without any vector is passed over."""
        known = self._stories.pop(story, None)
        if known is None:
            return
        self._count(known, -1)
        row = self._rows.pop(story, None)
        if row is not None:
            self._clear(row)
            self._free.append(row)

    def whole(self, story: int) -> Meaning | None:
        """What a story means, as far as it is known. Not to be changed."""
        return self._stories.get(story)

    def has_foreign(self, story: int, cyrillic: bool) -> bool:
        """Whether a story has posts, as far as they are known, that are not in this script."""
        known = self._stories.get(story)
        return known is not None and known.cyrillic != (known.size if cyrillic else 0)

    def weigh(self, words: float, one: Meaning | None, other: Meaning | None, agree: float, differ: float) -> float:
        """The log-odds that two, which have no post in common, tell of one event, of which their words alone say
        `words`, and all where both are in one script; `agree`: numbers that they share, `differ`: the part of their
        numbers that differ."""
        if one is None or other is None or one.is_one_script(other):
            return words
        if differ >= DIFFER or self._known < LEAST_KNOWN:
            return words
        meant: float = sum(map(mul, self.foreign_evidence(one, other, agree, differ), self._weights))
        return max(words, meant)

    def foreign_evidence(self, one: Meaning, other: Meaning, agree: float, differ: float) -> ForeignWeights:
        """What speaks for it in two scripts, in the order of the weights; 1 for the constant."""
        names = self.shared_names(one, other)
        return ForeignWeights(self.likeness(one, other), names, min(agree, MOST_NUMBERS), differ, 1.0)

    def likeness(self, one: Meaning, other: Meaning) -> float:
        """How like two sides are, which have no post in common: 1 for the same, 0 for any two posts."""
        return float(self._above_usual(one.sum @ other.sum / (one.size * other.size)))

    def shared_names(self, one: Meaning, other: Meaning) -> float:
        """The names that a post of the one shares with a post of the other on the mean, rare ones at up to 1 each."""
        few, many = sorted((one.names, other.names), key=len)
        total = self._known + PRIOR_POSTS
        return sum(
            [
                times * many[name] * min(1.0, math.log(total / max(1, self._named.get(name, 0))) / IDF_CAP)
                for name, times in few.items()
                if name in many
            ]
        ) / (one.size * other.size)

    def near(self, meaning: Meaning | None) -> list[int]:
        """Up to eight stories that have posts in the other script and are like enough, the likest first."""
        if meaning is None or self._means is None or self._known < LEAST_KNOWN:
            return []
        used = slice(self._used)
        # not by BLAS, whose threads cost more than they help where other work keeps the cores busy
        cosine = np.einsum("ij,j->i", self._means[used], meaning.sum / meaning.size)
        likeness = self._above_usual(cosine)
        latin, cyrillic = self._scripts[:, used]
        others = (latin & (meaning.cyrillic > 0)) | (cyrillic & (meaning.cyrillic < meaning.size))
        found = np.flatnonzero(others & (likeness > LEAST_NEAR))
        likest = sorted(found.tolist(), key=lambda row: (-likeness[row], self._numbers[row]))
        return [int(self._numbers[row]) for row in likest[:MOST_NEAR]]

    def _count(self, meaning: Meaning, sign: int) -> None:
        if self._whole is None:
            self._whole = np.zeros(len(meaning.sum))
        self._whole += sign * meaning.sum
        self._known += sign * meaning.size
        self._named = _added(self._named, meaning.names, sign)
        self._usual = None

    def _above_usual(self, cosine: Any) -> Any:
        """Cosines so that 1 stays 1, and 0 is the mean cosine of two known posts; 0 too while too few are known."""
        if self._known < LEAST_KNOWN or self._whole is None:
            return 0.0 * cosine
        if self._usual is None:
            pairs = self._known * (self._known - 1)
            self._usual = min(0.99, max(0.0, (float(self._whole @ self._whole) - self._known) / pairs))
        return (cosine - self._usual) / (1 - self._usual)

    def _write(self, story: int, meaning: Meaning) -> None:
        """Keep the story where it is found, in the place of the one that has not changed for longest."""
        if self._means is None:
            self._means = np.zeros((MOST_STORIES, len(meaning.sum)), dtype=np.float32)
        row = self._rows.pop(story, None)
        if row is None:
            if not self._free:
                oldest = next(iter(self._rows))
                self._free.append(self._rows.pop(oldest))
            row = self._free.pop()
            self._used = max(self._used, row + 1)
        self._rows[story] = row
        self._numbers[row] = story
        self._means[row] = meaning.sum / meaning.size
        self._scripts[:, row] = meaning.cyrillic < meaning.size, meaning.cyrillic > 0

    def _clear(self, row: int) -> None:
        self._numbers[row] = -1
        self._scripts[:, row] = False


def _added(counts: dict[str, int], others: dict[str, int], sign: int) -> dict[str, int]:
    """The counts with others added or taken off."""
    for name, times in others.items():
        counts[name] = counts.get(name, 0) + sign * times
        if not counts[name]:
            del counts[name]
    return counts
