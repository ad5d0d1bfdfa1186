"""The stories that are alive, found by what a post carries: its words, its links and quotations, its being a copy.

Every look-up is bounded, so a post costs the same on a busy day; every table forgets a post with its story.
"""

from array import array
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from digest.copies import bands, is_copy
from digest.stories.foreign import Foreign, Side
from digest.stories.likeness import StorySums
from digest.stories.postings import shared_weights
from digest.stories.posts import StoryKey
from digest.stories.word_weights import Packed, WeighedPost

MOST_POSTINGS = 300  # story entries looked at per post
MOST_SHARING = 24  # stories that share the most weight, of which the candidates are
MOST_CANDIDATES = 6
LEAST_SHARED = 0.1  # of the weight that the best candidate shares
_DAY = 86400.0  # seconds
MOST_MARKED = 3  # a link, file or quotation in more live stories than this tells nothing


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """A post in the index. `time` in seconds; `bag` stands for its words with their counts; `original` is the address
    of the post that it is or forwards; `marks` its links, files and quotations; `own` its links and files as those of
    its channel; `fingerprint` 0 where there is none, `meaning` empty; `sounds` its names by their sound."""

    id: Hashable
    channel: str
    time: float | None
    packed: Packed
    bag: int
    original: str
    fingerprint: int
    marks: tuple[str, ...]
    own: tuple[str, ...] = ()
    meaning: bytes = b""
    sounds: tuple[str, ...] = ()
    story: "LiveStory | None" = None


class LiveStory:
    """A story in the index; `number` counts stories as they begin, and orders them; `looked` is its size when it was
    last looked at as a whole, `middle` the mean time of its dated posts, `width` the fourth root of its terms."""

    __slots__ = ("channel", "dated", "key", "last", "looked", "members", "middle", "number", "sums", "times", "width")

    def __init__(self, number: int, key: StoryKey) -> None:
        self.number, self.key = number, key
        self.members: list[Member] = []
        self.sums = StorySums()
        self.last: float | None = None
        self.times, self.dated = 0.0, 0
        self.looked = 0
        self.channel = ""  # of all its posts, if it is one
        self.measure()

    def measure(self) -> None:
        """Work out what is asked for more often than posts come and go."""
        self.middle = self.times / self.dated if self.dated else None
        self.width: float = len(self.sums.sum) ** 0.25

    def days_from(self, time: float | None) -> float:
        """The days between `time` and its middle; none where either is not known."""
        return 0.0 if time is None or self.middle is None else abs(time - self.middle) / _DAY

    def gap(self, time: float | None) -> float | None:
        """Seconds from the story's last post to `time`, where both are known."""
        return None if time is None or self.last is None else time - self.last


class StoryIndex:
    """Live stories by number, and the ways to find them."""

    def __init__(self, foreign: Foreign) -> None:
        self.foreign = foreign
        self.stories: dict[int, LiveStory] = {}
        self.members: dict[Hashable, Member] = {}
        self._by_term: dict[int, dict[int, None]] = {}
        self._by_mark: dict[str, dict[int, int]] = {}  # story number -> its posts with the mark
        self._by_channel: dict[str, int] = {}  # channel and link or file -> posts
        self._by_bag: dict[int, Member] = {}  # the latest post with these words
        self._by_original: dict[str, Member] = {}
        self._by_band: dict[int, Member] = {}
        self._next = 0

    @property
    def next_number(self) -> int:
        """The number that the next story gets."""
        return self._next

    def begin(self, key: StoryKey, number: int | None = None) -> LiveStory:
        """A story without posts; `number` where it has been before."""
        if number is None:
            number = self._next
            self._next += 1
        story = self.stories[number] = LiveStory(number, key)
        return story

    def put(self, member: Member, weighed: WeighedPost, story: LiveStory) -> None:
        """Let a post join a story."""
        story.sums.add(weighed)
        story.channel = member.channel if not story.members or story.channel == member.channel else ""
        story.members.append(member)
        self.members[member.id] = member
        if member.time is not None:
            story.last = member.time if story.last is None else max(story.last, member.time)
            story.times += member.time
            story.dated += 1
        story.measure()
        member.story = story
        self.foreign.join(self.side(member), story.number)
        number, by_term = story.number, self._by_term
        for term in weighed.rare():
            bucket = by_term.get(term)
            if bucket is None:
                by_term[term] = {number: None}
            else:
                bucket[number] = None
        for mark in member.marks:
            carriers = self._by_mark.setdefault(mark, {})
            carriers[number] = carriers.get(number, 0) + 1
        for link in member.own:
            self._by_channel[link] = self._by_channel.get(link, 0) + 1
        if member.bag:
            self._by_bag[member.bag] = member
        if member.original:
            self._by_original[member.original] = member
        for band in bands(member.fingerprint):
            self._by_band[band] = member

    def remove(self, member: Member) -> None:
        """Take a post out of its story, which stays, though it may be empty."""
        story = member.story
        if story is None:
            return
        weighed = member.packed.unpacked()
        story.sums.remove(weighed)
        members = story.members
        place = len(members) - 1  # who leaves came last, as a rule
        while members[place] is not member:
            place -= 1
        del members[place]
        self.foreign.leave(self.side(member), story.number)
        for term in weighed.vector:  # it may have been rare for a post that has left before
            if term not in story.sums.count:
                self._drop_term(term, story.number)
        if member.time is not None:
            if member.time == story.last and not any(other.time == story.last for other in reversed(members)):
                story.last = max((other.time for other in members if other.time is not None), default=None)
            story.times -= member.time
            story.dated -= 1
        story.measure()
        first = members[0].channel if members else ""
        story.channel = first if first and all(other.channel == first for other in members) else ""
        self._drop_member(member)
        for mark in member.marks:
            carriers = self._by_mark[mark]
            carriers[story.number] -= 1
            if not carriers[story.number]:
                self._drop_mark(mark, story.number)

    def drop(self, story: LiveStory) -> None:
        """Take a story out with all that led to it."""
        del self.stories[story.number]
        self.foreign.drop(story.number)
        for term in story.sums.count:
            self._drop_term(term, story.number)
        for member in story.members:
            self._drop_member(member)
            for mark in member.marks:
                self._drop_mark(mark, story.number)

    def side(self, member: Member) -> Side:
        """A post as another language can read it."""
        return self.foreign.of(member.packed, member.sounds, member.meaning)

    def _drop_term(self, term: int, number: int) -> None:
        bucket = self._by_term.get(term)
        if bucket is not None and number in bucket:
            del bucket[number]
            if not bucket:
                del self._by_term[term]

    def _drop_mark(self, mark: str, number: int) -> None:
        carriers = self._by_mark.get(mark, {})
        carriers.pop(number, None)
        if not carriers:
            self._by_mark.pop(mark, None)

    def _drop_member(self, member: Member) -> None:
        member.story = None  # a circle would keep both until the collector comes by
        del self.members[member.id]
        if self._by_bag.get(member.bag) is member:
            del self._by_bag[member.bag]
        if self._by_original.get(member.original) is member:
            del self._by_original[member.original]
        for band in bands(member.fingerprint):
            if self._by_band.get(band) is member:
                del self._by_band[band]
        for link in member.own:
            self._by_channel[link] -= 1
            if not self._by_channel[link]:
                del self._by_channel[link]

    def copied(self, member: Member) -> Member | None:
        """The latest post that this one is a copy of: the same words, the same original, or nearly the same text."""
        twin = self._by_bag.get(member.bag) or self._by_original.get(member.original)
        if twin is not None:
            return twin
        for band in bands(member.fingerprint):
            near = self._by_band.get(band)
            if near is None or set(array("i", near.packed.numbers)) != set(array("i", member.packed.numbers)):
                continue  # the same form filled in with other numbers is no copy
            if is_copy(near.fingerprint, member.fingerprint):
                return near
        return None

    def marked(self, member: Member) -> dict[int, str]:
        """Stories that carry a telling mark of this post, with the strongest of them."""
        found: dict[int, str] = {}
        for mark in self.telling(member):
            for number in self._by_mark.get(mark, ()):
                found.setdefault(number, mark)
        return found

    def telling(self, member: Member) -> list[str]:
        """The links, files and quotations of a post that few stories carry. A link or a picture that other posts of its
        channel carry, too, is a signature."""
        if not member.marks:
            return []
        here = int(member.story is not None)
        after = len(member.channel) + 1
        repeated = {each[after:] for each in member.own if self._by_channel.get(each, 0) > here}
        return [
            mark
            for mark in member.marks
            if mark[5:] not in repeated and len(self._by_mark.get(mark, ())) <= MOST_MARKED
        ]

    def candidates(
        self,
        weights: Mapping[int, float],
        time: float | None,
        among: Mapping[int, object] | None = None,
    ) -> list[LiveStory]:
        """Of the stories that share the most weight of terms those likeliest to be one with them. A story has many
        terms because it is large, and is the less likely the farther its middle is from `time`: so the weight counts by
        the fourth root of a story's terms, and by one and the days between. `among` these only."""
        ranked = []
        for weight, number in self._sharing(weights, among, MOST_SHARING):
            story = self.stories[number]
            ranked.append((weight / (story.width * (1 + story.days_from(time))), number, story))
        ranked.sort()
        return [story for _, _, story in ranked[:MOST_CANDIDATES]]

    def sharing(self, weights: Mapping[int, float], most: int) -> list[LiveStory]:
        """The stories that share the most weight of terms, rarest terms first."""
        return [self.stories[number] for _, number in self._sharing(weights, None, most)]

    def _sharing(
        self, weights: Mapping[int, float], among: Mapping[int, object] | None, most: int
    ) -> list[tuple[float, int]]:
        """The same as numbers, each with its weight below zero; `among` these only."""
        found = zip(map(self._by_term.get, weights), weights.values(), strict=True)
        entries = [(len(bucket), weight, bucket) for bucket, weight in found if bucket]
        shared = shared_weights(entries, MOST_POSTINGS, among)  # in the order of the text: term numbers come by chance
        if not shared:
            return []
        heaviest = sorted(shared.values(), reverse=True)[:most]
        least = max(LEAST_SHARED * heaviest[0], heaviest[-1])
        strong = [(-weight, number) for number, weight in shared.items() if weight >= least]
        strong.sort()
        return strong[:most]
