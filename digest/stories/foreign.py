"""Pure: what posts in two alphabets have in common: names by their sound, numbers, and what they mean where an
embedding model says so. Evidence that they tell of one event; within one alphabet the words know better.

It may only add to what the words say. Where the weights come from: `docs/stories.md`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from digest.stories.postings import shared_weights
from digest.stories.readings import IDF_CAP, PRIOR_POSTS

if TYPE_CHECKING:  # it takes numpy, which most do without
    from digest.stories.meaning import Meaning, Meanings

DIFFER = 0.6  # part of the numbers that differ (two of two are .67) from which on nothing is added
LEAST_NUMBERS = 0.3  # weight of the numbers in common below which names say nothing, for some stand in many posts
LEAST_PART = 0.2  # of the numbers of the side with more, those in common: a round-up shares some with everybody
LEAST_NAMES = 0.5  # weight of the names in common from which on a story is looked at
HALF = 0.5  # of the pairs of posts: what these have in common counts as if all had it
MOST_NAMES, MOST_RARE_NUMBERS = 2.0, 1.0  # weight of names and of numbers in common that counts
MOST_NUMBERS = 2.0  # numbers in common that count where it is known what both mean
MOST_ENTRIES, MOST_NEAR = 200, 8  # entries of stories looked at for a post, and stories that are weighed

_Key = TypeVar("_Key", int, str)


class SharedWeights(NamedTuple):
    """Log-odds that two sides in two alphabets with a number in common tell of one event, per unit of each feature,
    and of nothing at all."""

    names: float = 4.27
    numbers: float = 2.19
    numbers_differ: float = -5.67
    constant: float = -4.31


class MeantWeights(NamedTuple):
    """The same where it is known what both sides mean."""

    likeness: float = 14.71
    names: float = 4.81
    numbers_agree: float = 1.59
    numbers_differ: float = -2.94
    constant: float = -7.83


SHARED_WEIGHTS, MEANT_WEIGHTS = SharedWeights(), MeantWeights()


@dataclass(slots=True, eq=False)
class Side:
    """Posts as another alphabet can read them: how many there are, how many of them in Cyrillic, in how many each name
    is, by its sound, and each number; and what they mean, as far as it is known."""

    size: int = 0
    cyrillic: int = 0
    names: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    meaning: "Meaning | None" = None

    def add(self, other: "Side", sign: int = 1) -> None:
        self.size += sign * other.size
        self.cyrillic += sign * other.cyrillic
        _add(self.names, other.names, sign)
        _add(self.numbers, other.numbers, sign)
        if other.meaning is not None:
            self.meaning = other.meaning if self.meaning is None else self.meaning.plus(other.meaning, sign)

    def is_one_script(self, other: "Side") -> bool:
        """Whether all posts of both are in Cyrillic, or none."""
        return self.cyrillic + other.cyrillic in (0, self.size + other.size)

    def numbers_each(self) -> float:
        """How many numbers a post has on the mean."""
        return sum(self.numbers.values()) / self.size

    @property
    def scripts(self) -> tuple[bool, bool]:
        """Whether it has posts in Latin, and in Cyrillic."""
        return self.cyrillic < self.size, self.cyrillic > 0


class Foreign:
    """Live stories as another alphabet can read them; they go by their numbers. `meanings` (empty yet): what posts mean
    is evidence, too."""

    def __init__(
        self,
        meanings: "Meanings | None" = None,
        meant_weights: MeantWeights = MEANT_WEIGHTS,
    ) -> None:
        self._meanings, self._meant_weights = meanings, meant_weights
        self._sides: dict[int, Side] = {}
        self._posts = 0
        self._named: dict[str, int] = {}  # posts with the name
        self._numbered: dict[int, int] = {}  # posts with the number
        self._by_name: tuple[dict[str, dict[int, int]], ...] = ({}, {})  # posts in Latin, in Cyrillic, by story

    def of(self, cyrillic: bool, names: Iterable[str], numbers: Iterable[int], vector: bytes) -> Side:
        """A post: whether it is in Cyrillic, its names by their sound, its numbers, and its vector, which may be
        empty."""
        meaning = None if self._meanings is None else self._meanings.of(vector)
        return Side(1, int(cyrillic), dict.fromkeys(names, 1), dict.fromkeys(numbers, 1), meaning)

    def join(self, post: Side, story: int) -> None:
        """A post joins a story; it may not be used after that, for it becomes the story if it begins it."""
        self._count(post, 1)
        known = self._sides.setdefault(story, post)
        if known is not post:
            known.add(post)
        by_name = self._by_name[post.cyrillic > 0]
        for name in post.names:
            _add(by_name.setdefault(name, {}), {story: 1}, 1)
        self._write(story, known)

    def leave(self, post: Side, story: int) -> None:
        """A post that had joined a story leaves it."""
        known = self._sides[story]
        if known.size <= post.size:
            self.drop(story)
            return
        self._count(post, -1)
        known.add(post, -1)
        by_name = self._by_name[post.cyrillic > 0]
        for name in post.names:
            _add(by_name[name], {story: 1}, -1)
            if not by_name[name]:
                del by_name[name]
        self._write(story, known)

    def drop(self, story: int) -> None:
        """A story ends; one without posts is passed over."""
        known = self._sides.pop(story, None)
        if known is None:
            return
        self._count(known, -1)
        for by_name in self._by_name:
            for name in known.names.keys() & by_name.keys():
                by_name[name].pop(story, None)
                if not by_name[name]:
                    del by_name[name]
        if self._meanings is not None:
            self._meanings.drop(story)

    def whole(self, story: int) -> Side:
        """All posts of a story. Not to be changed."""
        return self._sides.get(story, _NOBODY)

    def has_foreign(self, story: int, cyrillic: bool) -> bool:
        """Whether a story has posts that are not in this script."""
        known = self.whole(story)
        return known.cyrillic != (known.size if cyrillic else 0)

    def may_add(self, story: int, other: Side) -> bool:
        """Whether more than words may speak for a story and a side of another."""
        known = self.whole(story)
        if known.is_one_script(other):
            return False
        meant = known.meaning is not None and other.meaning is not None
        return meant or not known.numbers.keys().isdisjoint(other.numbers)

    def weigh(self, words: float, one: Side, other: Side) -> float:
        """The log-odds that two, which have no post in common, tell of one event, of which their words alone say
        `words`, and all where both are in one script."""
        if not one.size or not other.size or one.is_one_script(other):
            return words
        odds = words
        shared, meant = self.shared(one, other), self.meant(one, other)
        for evidence, weights in ((shared, SHARED_WEIGHTS), (meant, self._meant_weights)):
            if evidence is not None and evidence.numbers_differ < DIFFER:
                odds = max(odds, sum(map(mul, evidence, weights), 0.0))
        return odds

    def shared(self, one: Side, other: Side) -> SharedWeights | None:
        """What speaks for it of names and numbers, in the order of the weights; None where they have no number in
        common that says something."""
        pairs, agree = one.size * other.size, _agree(one, other)
        if agree < LEAST_PART * max(one.numbers_each(), other.numbers_each()):
            return None
        numbers = self._common(one.numbers, other.numbers, self._numbered, HALF * pairs)
        if numbers <= LEAST_NUMBERS:
            return None
        names = self._common(one.names, other.names, self._named, HALF * pairs)
        return SharedWeights(min(names, MOST_NAMES), min(numbers, MOST_RARE_NUMBERS), _differ(one, other, agree), 1.0)

    def meant(self, one: Side, other: Side) -> MeantWeights | None:
        """The same with what they mean; None where that is not known."""
        if self._meanings is None or one.meaning is None or other.meaning is None or not self._meanings.known:
            return None
        agree, likeness = _agree(one, other), self._meanings.likeness(one.meaning, other.meaning)
        names = self._common(one.names, other.names, self._named, one.size * other.size)
        return MeantWeights(likeness, names, min(agree, MOST_NUMBERS), _differ(one, other, agree), 1.0)

    def near(self, side: Side) -> list[int]:
        """Stories with posts in the other script that share a number and names, or mean the same."""
        found = self._near_by_names(side) if side.numbers else []
        if self._meanings is not None and side.meaning is not None:
            new = self._meanings.near(side.meaning, side.scripts)
            found += [number for number in new if number not in found]
        return found

    def _near_by_names(self, side: Side) -> list[int]:
        latin, cyrillic = side.scripts
        others = [self._by_name[script] for script, is_other in enumerate((cyrillic, latin)) if is_other]
        entries = [
            (len(stories), self._weight(name, self._named) * times / side.size, stories)
            for by_name in others
            for name, times in side.names.items()
            if (stories := by_name.get(name))
        ]
        numbers = side.numbers.keys()
        strong = [
            (-weight, number)
            for number, weight in shared_weights(entries, MOST_ENTRIES).items()
            if weight >= LEAST_NAMES and not numbers.isdisjoint(self._sides[number].numbers)
        ]
        return [number for _, number in sorted(strong)[:MOST_NEAR]]

    def _common(self, one: dict[_Key, int], other: dict[_Key, int], posts: dict[_Key, int], enough: float) -> float:
        """What two sides have in common, what is rare at up to 1 each; whole where `enough` pairs of their posts have
        it, else by the part."""
        few, many = sorted((one, other), key=len)
        return sum(
            [
                min(1.0, times * many[key] / enough) * self._weight(key, posts)
                for key, times in few.items()
                if key in many
            ],
            0.0,
        )

    def _weight(self, key: _Key, posts: dict[_Key, int]) -> float:
        return min(1.0, math.log((self._posts + PRIOR_POSTS) / max(1, posts.get(key, 0))) / IDF_CAP)

    def _count(self, side: Side, sign: int) -> None:
        self._posts += sign * side.size
        _add(self._named, side.names, sign)
        _add(self._numbered, side.numbers, sign)
        if self._meanings is not None and side.meaning is not None:
            self._meanings.count(side.meaning, sign)

    def _write(self, story: int, known: Side) -> None:
        if self._meanings is not None:
            if known.meaning is not None:
                self._meanings.write(story, known.meaning, known.scripts)
            else:
                self._meanings.drop(story)


_NOBODY = Side()


def _agree(one: Side, other: Side) -> float:
    """How many numbers a post of the one shares with a post of the other on the mean."""
    few, many = sorted((one.numbers, other.numbers), key=len)
    shared = sum([times * many[key] for key, times in few.items() if key in many])
    return shared / (one.size * other.size)


def _differ(one: Side, other: Side, agree: float) -> float:
    """Of the numbers of the side with fewer, the part that the other does not have; less where they are few."""
    fewer = min(one.numbers_each(), other.numbers_each())
    return (fewer - agree) / (fewer + 1)


def _add(counts: dict[_Key, int], others: dict[_Key, int], sign: int) -> None:
    for key, times in others.items():
        now = counts.get(key, 0) + sign * times
        if now:
            counts[key] = now
        else:
            del counts[key]
