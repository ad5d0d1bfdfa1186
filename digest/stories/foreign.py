"""Pure: what posts in two languages have in common: names by their sound, numbers, words that mean or sound the same,
and what they mean as a whole where an embedding model says so. Evidence that they tell of one event; within one
language the words know better.

It may only add to what the words say. Where the weights come from: `docs/stories.md`.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from digest.stories.postings import shared_weights
from digest.stories.word_weights import IDF_CAP, PRIOR_POSTS, WHOLE, WITHOUT_CAPITALS, Packed, Said

if TYPE_CHECKING:  # it takes numpy, which most do without
    from digest.stories.meaning import Meaning, Meanings

DIFFER = 0.6  # part of the numbers that differ (two of two are .67) from which on the meaning says nothing
LEAST_SHARED = 0.3  # weight of the names and numbers in common from which on a story is looked at
LEAST_PART = 0.1  # of the names or numbers of the side with more, those in common: round-ups share some with everybody
HALF = 0.5  # of the pairs of posts: what these have in common counts as if all had it
MOST_NAMES, MOST_RARE_NUMBERS = 2.0, 1.0  # weight of names and of numbers in common that counts
MOST_NUMBERS = 2.0  # numbers in common that count where it is known what both mean
MOST_ENTRIES, MOST_NEAR = 200, 8  # entries of stories looked at for a post, and stories that are weighed

_K = TypeVar("_K")
Key = str | int  # a name by its sound, a number, a sense or the sound of a word
Read = Callable[[Packed], Said]


class SharedWeights(NamedTuple):
    """Log-odds that two sides in two languages tell of one event, per unit of each feature, and of nothing at all.
    Words say little, and so do names or numbers; what counts is the root of their product."""

    names: float = 17.27
    numbers: float = 12.38
    numbers_differ: float = -2.39
    constant: float = -4.34


class MeantWeights(NamedTuple):
    """The same where it is known what both sides mean."""

    likeness: float = 13.62
    names: float = 5.06
    numbers_agree: float = 1.4
    numbers_differ: float = -0.86
    constant: float = -7.61


SHARED_WEIGHTS, MEANT_WEIGHTS = SharedWeights(), MeantWeights()


@dataclass(slots=True, eq=False)
class Side:
    """Posts as another language can read them: how many there are, how many in each language (`tongues`), in how many
    each name is, by its sound, and each number; the posts themselves (`said`); and what they mean, as far as it is
    known."""

    size: int = 0
    tongues: dict[str, int] = field(default_factory=dict)
    names: dict[Key, int] = field(default_factory=dict)
    numbers: dict[Key, int] = field(default_factory=dict)
    said: list[Packed] = field(default_factory=list)
    meaning: "Meaning | None" = None
    _words: Said = field(default_factory=lambda: Said({}, {}))
    _summed: int = 0  # of `said`

    def add(self, other: "Side") -> None:
        """Take posts in."""
        self._count(other, 1)
        self.said += other.said

    def take_out(self, other: "Side", read: Read) -> None:
        """Take some of the posts out; `read` still knows what they say."""
        self._count(other, -1)
        for post in other.said:
            place = len(self.said) - 1  # who leaves came last, as a rule
            while self.said[place] != post:
                place -= 1
            del self.said[place]
            if place < self._summed:
                self._sum(read(post), -1)
                self._summed -= 1

    def _count(self, other: "Side", sign: int) -> None:
        self.size += sign * other.size
        _add(self.tongues, other.tongues, sign)
        _add(self.names, other.names, sign)
        _add(self.numbers, other.numbers, sign)
        if other.meaning is not None:
            self.meaning = other.meaning if self.meaning is None else self.meaning.plus(other.meaning, sign)

    def _sum(self, said: Said, sign: int) -> None:
        _add(self._words.meant, said.meant, sign)
        _add(self._words.heard, said.heard, sign)

    def is_one_tongue(self, other: "Side") -> bool:
        """Whether all posts of both are in one language."""
        return len(self.tongues.keys() | other.tongues.keys()) < 2

    def names_each(self) -> float:
        """How many names a post has on the mean. Of what may be one in a language without capitals, where rare words
        may, and may be read in several ways, one in three is."""
        each = sum(self.names.values()) / self.size
        return each / 3 if self.tongues.keys() <= WITHOUT_CAPITALS else each

    def numbers_each(self) -> float:
        """How many numbers a post has on the mean."""
        return sum(self.numbers.values()) / self.size

    def words(self, read: Read) -> Said:
        """What all posts say beside names; worked out where it is asked for, for where all posts are in one language
        nobody asks."""
        for said in map(read, self.said[self._summed :]):
            self._sum(said, 1)
        self._summed = len(self.said)
        return self._words


class Foreign:
    """Live stories as another language can read them; they go by their numbers. `read`: what a post says, see
    `Words.said_by`; `meanings` (empty yet): what posts mean is evidence, too."""

    def __init__(
        self,
        read: Read,
        meanings: "Meanings | None" = None,
        meant_weights: MeantWeights = MEANT_WEIGHTS,
    ) -> None:
        self._read = read
        self._meanings, self._meant_weights = meanings, meant_weights
        self._sides: dict[int, Side] = {}
        self._posts = 0
        self._times: dict[Key, int] = {}  # posts with the name, or the number
        # By language and key the stories, with the posts of it that they have.
        self._by_key: defaultdict[str, dict[Key, dict[int, int]]] = defaultdict(dict)

    def of(self, post: Packed, names: Iterable[str], vector: bytes = b"") -> Side:
        """A post, its names by their sound, and its vector, which may be empty."""
        meaning = None if self._meanings is None else self._meanings.of(vector)
        numbers: Iterable[Key] = array("i", post.numbers)
        return Side(1, {post.tongue: 1}, dict.fromkeys(names, 1), dict.fromkeys(numbers, 1), [post], meaning)

    def join(self, post: Side, story: int) -> None:
        """A post joins a story; it may not be used after that, for it becomes the story if it begins it."""
        self._count(post, 1)
        known = self._sides.setdefault(story, post)
        if known is not post:
            known.add(post)
        by_key = self._by_key[next(iter(post.tongues))]
        for keys in (post.names, post.numbers):
            for key in keys:
                stories = by_key.get(key)
                if stories is None:
                    by_key[key] = {story: 1}
                else:
                    stories[story] = stories.get(story, 0) + 1
        self._write(story, known)

    def leave(self, post: Side, story: int) -> None:
        """A post that had joined a story leaves it."""
        known = self._sides[story]
        if known.size <= post.size:
            self.drop(story)
            return
        self._count(post, -1)
        known.take_out(post, self._read)
        by_key = self._by_key[next(iter(post.tongues))]
        for key in (*post.names, *post.numbers):
            stories = by_key[key]
            stories[story] -= 1
            if not stories[story]:
                del stories[story]
            if not stories:
                del by_key[key]
        self._write(story, known)

    def drop(self, story: int) -> None:
        """A story ends; one without posts is passed over."""
        known = self._sides.pop(story, None)
        if known is None:
            return
        self._count(known, -1)
        for by_key in self._by_key.values():
            for key in (*known.names, *known.numbers):
                stories = by_key.get(key, {})
                if stories.pop(story, None) and not stories:
                    del by_key[key]
        if self._meanings is not None:
            self._meanings.drop(story)

    def whole(self, story: int) -> Side:
        """All posts of a story. Not to be changed."""
        return self._sides.get(story, _NOBODY)

    def has_foreign(self, story: int, tongue: str) -> bool:
        """Whether a story has posts that are not in this language."""
        known = self.whole(story)
        return known.tongues.get(tongue, 0) != known.size

    def may_add(self, story: int, other: Side) -> bool:
        """Whether more than words may speak for a story and a side of another."""
        known = self.whole(story)
        if known.is_one_tongue(other):
            return False
        meant = known.meaning is not None and other.meaning is not None
        return meant or not (
            known.numbers.keys().isdisjoint(other.numbers) and known.names.keys().isdisjoint(other.names)
        )

    def weigh(self, words: float, one: Side, other: Side) -> float:
        """The log-odds that two, which have no post in common, tell of one event, of which their words alone say
        `words`, and all where both are in one language."""
        if not one.size or not other.size or one.is_one_tongue(other):
            return words
        odds, shared, meant = words, self.shared(one, other), self.meant(one, other)
        if shared is not None:
            odds = max(odds, sum(map(mul, shared, SHARED_WEIGHTS)))
        if meant is not None and meant.numbers_differ < DIFFER:
            odds = max(odds, sum(map(mul, meant, self._meant_weights)))
        return odds

    def shared(self, one: Side, other: Side) -> SharedWeights | None:
        """What speaks for it of names, numbers and words, in the order of the weights; None where they have neither a
        name nor a number in common that says something, or nobody knows which words are names."""
        if one.tongues.keys() | other.tongues.keys() <= WITHOUT_CAPITALS:
            return None
        pairs = one.size * other.size
        most_names = max(one.names_each(), other.names_each())
        most_numbers = max(one.numbers_each(), other.numbers_each())
        names = min(self._enough_of(one.names, other.names, pairs, most_names), MOST_NAMES)
        numbers = min(self._enough_of(one.numbers, other.numbers, pairs, most_numbers), MOST_RARE_NUMBERS)
        if not names and not numbers:
            return None
        words = self._said_by_both(one, other) / (pairs * WHOLE**2)
        differ = _differ(one, other, _agree(one, other))
        return SharedWeights(math.sqrt(names * words), math.sqrt(numbers * words), differ, 1.0)

    def _said_by_both(self, one: Side, other: Side) -> int:
        """By the meaning of words or by their sound, what is more: a word that both know by both counts once."""
        known, others = one.words(self._read), other.words(self._read)
        return max(_product(known.meant, others.meant), _product(known.heard, others.heard))

    def meant(self, one: Side, other: Side) -> MeantWeights | None:
        """The same with what they mean; None where that is not known."""
        if self._meanings is None or one.meaning is None or other.meaning is None or not self._meanings.known:
            return None
        agree, likeness = _agree(one, other), self._meanings.likeness(one.meaning, other.meaning)
        names = self._common(one.names, other.names, one.size * other.size)
        return MeantWeights(likeness, names, min(agree, MOST_NUMBERS), _differ(one, other, agree), 1.0)

    def near(self, side: Side) -> list[int]:
        """Stories with posts in another language that share names or numbers, or mean the same."""
        found = self._near_by_keys(side)
        if self._meanings is not None and side.meaning is not None:
            new = self._meanings.near(side.meaning, side.tongues)
            found += [number for number in new if number not in found]
        return found

    def _near_by_keys(self, side: Side) -> list[int]:
        others = [by_key for tongue, by_key in self._by_key.items() if side.tongues.keys() - {tongue}]
        entries = [
            (len(stories), self._weight(key) * times / side.size, stories)
            for by_key in others
            for key, times in (*side.names.items(), *side.numbers.items())
            if (stories := by_key.get(key))
        ]
        strong = [
            (-weight, number)
            for number, weight in shared_weights(entries, MOST_ENTRIES).items()
            if weight >= LEAST_SHARED
        ]
        return [number for _, number in sorted(strong)[:MOST_NEAR]]

    def _enough_of(self, one: Mapping[Key, int], other: Mapping[Key, int], pairs: int, most: float) -> float:
        """What two sides of so many pairs of posts have in common; nothing where it is little of the `most` that a post
        of one of them has."""
        if _product(one, other) < LEAST_PART * most * pairs:
            return 0.0
        return self._common(one, other, HALF * pairs)

    def _common(self, one: Mapping[Key, int], other: Mapping[Key, int], enough: float) -> float:
        """What two sides have in common, what is rare at up to 1 each; whole where `enough` pairs of their posts have
        it, else by the part."""
        few, many = sorted((one, other), key=len)
        return sum(
            [min(1.0, times * many[key] / enough) * self._weight(key) for key, times in few.items() if key in many],
            0.0,
        )

    def _weight(self, key: Key) -> float:
        return min(1.0, math.log((self._posts + PRIOR_POSTS) / max(1, self._times.get(key, 0))) / IDF_CAP)

    def _count(self, side: Side, sign: int) -> None:
        self._posts += sign * side.size
        _add(self._times, side.names, sign)
        _add(self._times, side.numbers, sign)
        if self._meanings is not None and side.meaning is not None:
            self._meanings.count(side.meaning, sign)

    def _write(self, story: int, known: Side) -> None:
        if self._meanings is not None:
            if known.meaning is not None:
                self._meanings.write(story, known.meaning, known.tongues)
            else:
                self._meanings.drop(story)


_NOBODY = Side()


def _product(one: Mapping[Key, int], other: Mapping[Key, int]) -> int:
    few, many = sorted((one, other), key=len)
    return sum([times * many[key] for key, times in few.items() if key in many])


def _agree(one: Side, other: Side) -> float:
    """How many numbers a post of the one shares with a post of the other on the mean."""
    return _product(one.numbers, other.numbers) / (one.size * other.size)


def _differ(one: Side, other: Side, agree: float) -> float:
    """Of the numbers of the side with fewer, the part that the other does not have; less where they are few."""
    fewer = min(one.numbers_each(), other.numbers_each())
    return (fewer - agree) / (fewer + 1)


def _add(counts: dict[_K, int], others: Mapping[_K, int], sign: int) -> None:
    for key, times in others.items():
        now = counts.get(key, 0) + sign * times
        if now:
            counts[key] = now
        else:
            del counts[key]
