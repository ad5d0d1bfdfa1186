"""Pure: what posts mean, as an embedding model sees it, and which stories mean nearly the same in another language.

Nobody has to have it. A post's meaning is a unit vector in float16 bytes; a story's is the sum over its posts. Two
sides are as like as their posts are on the mean, compared with how like any two posts are: models differ in that, and
some call everything alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_KNOWN = 20  # posts from which on it is known how like any two are
MOST_STORIES = 4096  # the stories of late that are searched
MOST_NEAR, LEAST_NEAR = 8, 0.2  # of the likest that are weighed, and how like they are at least

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meaning:
    """Posts as the sum of their unit vectors."""

    sum: Floats
    size: int = 1

    def plus(self, other: "Meaning", sign: int) -> "Meaning | None":
        """Both together, or without the other; None where nothing is left."""
        size = self.size + sign * other.size
        return Meaning(sum=self.sum + sign * other.sum, size=size) if size else None


class Meanings:
    """What the posts of live stories mean; stories go by their numbers."""

    def __init__(self) -> None:
        self._whole: NDArray[np.float64] | None = None
        self._posts = 0
        self._usual: float | None = None
        self._rows: dict[int, int] = {}  # story -> its row below, the one that changed last at the end
        self._free = list(range(MOST_STORIES - 1, -1, -1))
        self._used = 0  # rows, from the first, that stories have had
        self._numbers = np.full(MOST_STORIES, -1, dtype=np.int64)
        self._bits: dict[str, int] = {}  # a language -> its bit below
        self._tongues = np.zeros(MOST_STORIES, dtype=np.uint64)  # the languages that a story has posts in
        self._means: Floats | None = None

    @property
    def known(self) -> bool:
        """Whether it is known how like any two posts are."""
        return self._posts >= LEAST_KNOWN

    def of(self, vector: bytes) -> Meaning | None:
        """What a post means, by its vector; None where that is empty, or not of this model's width."""
        if not vector or (self._whole is not None and len(vector) != 2 * len(self._whole)):
            return None
        return Meaning(sum=np.frombuffer(vector, dtype=np.float16).astype(np.float32))

    def count(self, posts: Meaning, sign: int) -> None:
        """Posts come, or go."""
        if self._whole is None:
            self._whole = np.zeros(len(posts.sum))
        self._whole += sign * posts.sum
        self._posts += sign * posts.size
        self._usual = None

    def likeness(self, one: Meaning, other: Meaning) -> float:
        """How like two sides are, which have no post in common: 1 for the same, 0 for any two posts."""
        return float(self._above_usual(one.sum @ other.sum / (one.size * other.size)))

    def near(self, meaning: Meaning, tongues: Iterable[str]) -> list[int]:
        """Up to eight stories that have posts in another language than one of these, and are like enough, the likest
        first."""
        if self._means is None or not self.known:
            return []
        used = slice(self._used)
        # not by BLAS, whose threads cost more than they help where other work keeps the cores busy
        cosine = np.einsum("ij,j->i", self._means[used], meaning.sum / meaning.size)
        likeness = self._above_usual(cosine)
        own = self._bits_of(tongues)
        others = (self._tongues[used] != 0) & ((self._tongues[used] != own) | (own.bit_count() > 1))
        found = np.flatnonzero(others & (likeness > LEAST_NEAR))
        likest = sorted(found.tolist(), key=lambda row: (-likeness[row], self._numbers[row]))
        return [int(self._numbers[row]) for row in likest[:MOST_NEAR]]

    def write(self, story: int, meaning: Meaning, tongues: Iterable[str]) -> None:
        """Keep a story where it is found, in the place of the one that has not changed for longest."""
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
        self._tongues[row] = self._bits_of(tongues)

    def drop(self, story: int) -> None:
        """A story ends, or means nothing any more; one that is not kept is passed over."""
        row = self._rows.pop(story, None)
        if row is not None:
            self._numbers[row] = -1
            self._tongues[row] = 0
            self._free.append(row)

    def _bits_of(self, tongues: Iterable[str]) -> int:
        return sum(self._bits.setdefault(tongue, 1 << len(self._bits)) for tongue in tongues)

    def _above_usual(self, cosine: Any) -> Any:
        """Cosines so that 1 stays 1, and 0 is the mean cosine of two known posts; 0 too while too few are known."""
        if not self.known or self._whole is None:
            return 0.0 * cosine
        if self._usual is None:
            pairs = self._posts * (self._posts - 1)
            self._usual = min(0.99, max(0.0, (float(self._whole @ self._whole) - self._posts) / pairs))
        return (cosine - self._usual) / (1 - self._usual)
