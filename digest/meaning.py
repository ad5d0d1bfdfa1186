"""Pure: what posts mean, as an embedding model sees it: evidence that two tell of one event in other words, or in
another alphabet, where no word is shared.

It may only add to what the words say, and nobody has to have it. A post's meaning is a unit vector in float16 bytes; a
story's is the sum over its posts. Two sides are as like as their posts are on the mean, compared with how like any two
posts are: models differ in that, and some call everything alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEANT, FLOOR = 30.0, 0.6  # log-odds per unit of likeness above the floor
SAME_SCRIPT = 1.0  # the most that it gives where words can speak for themselves: as much as a shared quotation
DIFFER = 0.5  # part of the numbers from which on they speak against it, and likeness of meaning says nothing
LEAST_KNOWN = 20  # posts from which on it is known how like any two are
MOST_STORIES = 4096  # the stories of late that are searched
MOST_NEAR = 4

Floats = NDArray[np.float32]


@dataclass(slots=True, kw_only=True, eq=False)
class Meaning:
    """Posts as the sum of their unit vectors, and how many of them are in Cyrillic."""

    sum: Floats
    size: int = 1
    cyrillic: int = 0

    def add(self, other: "Meaning", sign: int = 1) -> None:
        self.sum = self.sum + sign * other.sum
        self.size += sign * other.size
        self.cyrillic += sign * other.cyrillic

    def is_one_script(self, other: "Meaning") -> bool:
        """Whether all posts of both are in Cyrillic, or none."""
        return self.cyrillic + other.cyrillic in (0, self.size + other.size)


class Meanings:
    """What the posts of live stories mean; stories go by their numbers."""

    def __init__(self) -> None:
        self._stories: dict[int, Meaning] = {}
        self._whole: NDArray[np.float64] | None = None
        self._known = 0
        self._usual: float | None = None
        self._rows: dict[int, int] = {}  # story -> its row below, the one that changed last at the end
        self._free = list(range(MOST_STORIES - 1, -1, -1))
        self._numbers = np.full(MOST_STORIES, -1, dtype=np.int64)
        self._scripts = np.zeros((2, MOST_STORIES), dtype=bool)  # has posts in Latin, in Cyrillic
        self._means: Floats | None = None

    def of(self, posts: Iterable[tuple[bytes, bool]]) -> Meaning | None:
        """What posts mean together: of each its vector (empty: not known) and whether it is in Cyrillic. None where
        none has a vector of this model's width."""
        width = 0 if self._whole is None else 2 * len(self._whole)
        known = [each for each in posts if each[0] and (not width or len(each[0]) == width)]
        if not known:
            return None
        vectors = np.stack([np.frombuffer(vector, dtype=np.float16) for vector, _ in known]).astype(np.float32)
        return Meaning(sum=vectors.sum(axis=0), size=len(known), cyrillic=sum(cyrillic for _, cyrillic in known))

    def join(self, post: Meaning, story: int) -> None:
        """A post joins a story."""
        self._count(post, 1)
        known = self._stories.get(story)
        if known is None:
            known = self._stories[story] = Meaning(sum=post.sum, size=post.size, cyrillic=post.cyrillic)
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

    def between(self, one: Meaning | None, other: Meaning | None, differ: float) -> float:
        """The log-odds that it adds that two, which have no post in common, tell of one event; `differ`: the part of
        their numbers that differ."""
        if one is None or other is None or differ >= DIFFER:
            return 0.0
        likeness = float(self._above_usual(one.sum @ other.sum / (one.size * other.size)))
        odds = MEANT * max(0.0, likeness - FLOOR)
        return min(odds, SAME_SCRIPT) if one.is_one_script(other) else odds

    def near(self, meaning: Meaning | None) -> list[int]:
        """Up to four stories that have posts in the other script and are like enough, the likest first."""
        if meaning is None or self._means is None or self._known < LEAST_KNOWN:
            return []
        likeness = self._above_usual(self._means @ (meaning.sum / meaning.size))
        latin, cyrillic = self._scripts
        others = (latin & (meaning.cyrillic > 0)) | (cyrillic & (meaning.cyrillic < meaning.size))
        found = np.flatnonzero(others & (likeness > FLOOR))
        likest = sorted(found.tolist(), key=lambda row: (-likeness[row], self._numbers[row]))
        return [int(self._numbers[row]) for row in likest[:MOST_NEAR]]

    def _count(self, meaning: Meaning, sign: int) -> None:
        if self._whole is None:
            self._whole = np.zeros(len(meaning.sum))
        self._whole += sign * meaning.sum
        self._known += sign * meaning.size
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
        self._rows[story] = row
        self._numbers[row] = story
        self._means[row] = meaning.sum / meaning.size
        self._scripts[:, row] = meaning.cyrillic < meaning.size, meaning.cyrillic > 0

    def _clear(self, row: int) -> None:
        self._numbers[row] = -1
        self._scripts[:, row] = False
