"""Pure: which stories come first, and why, as data: words are made of it where a reader's language is known.

Each reason is a share between 0 and 1 times its weight, in hundredths; the score is their sum, so that it can be read
off its reasons. Later stories of a topic that was already told count for less, so that one topic does not fill a
digest, and still less where one channel alone tells them, so that no channel fills it with one sentence and ever other
numbers.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush, merge
from itertools import chain
from statistics import median

from core.model import StoryId
from digest.copies import bands, is_copy

ENOUGH_CHANNELS = 8  # independent channels at which breadth is full
FAST = timedelta(minutes=30)  # the second independent channel within this: full speed; at ten times this: a tenth
HALF_LIFE = timedelta(hours=12)
ENOUGH_POSTS = 8  # posts of one channel about a story at which it has been followed as far as can be
MOST_ATTENTION = 8.0  # times a channel's own norm at which attention is full
FEWEST_NORM = 3  # posts with views that make a channel's norm
FORWARD, REACTION = 20.0, 5.0  # views that a forward and a reaction are worth
REPEATED_TOPIC = 0.8  # a story's score per story of the same topic above it
REPEATED_BY_ONE = 0.5  # the same where one channel alone tells both
MOST_COMPARED = 200  # stories, the best, with which one is compared per topic word
SAME_TOPIC = 0.25  # share of common topic words (Jaccard) at which two stories are of one topic


class ReasonKind(StrEnum):
    """What speaks for a story."""

    BREADTH = "breadth"
    SPEED = "speed"
    FOLLOWED = "followed"
    ATTENTION = "attention"
    FRESHNESS = "freshness"
    LISTS = "lists"
    KEYWORD = "keyword"
    TASTE = "taste"
    TOPIC = "topic"


WEIGHTS: Mapping[ReasonKind, float] = {
    ReasonKind.BREADTH: 5.0,
    ReasonKind.SPEED: 1.0,
    ReasonKind.FOLLOWED: 2.0,
    ReasonKind.ATTENTION: 2.0,
    ReasonKind.FRESHNESS: 1.0,
    ReasonKind.LISTS: 1.0,
    ReasonKind.KEYWORD: 3.0,
    ReasonKind.TASTE: 3.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """What ranking needs to know of a post. `fingerprint` 0 where there is none; `original`: the address of the
    post that it is or forwards; `attention`: what it got of it, in views (see `attention_of`), None where unknown."""

    channel: str
    date: datetime
    fingerprint: int = 0
    original: str | None = None
    attention: float | None = None


def attention_of(views: int | None, forwards: int | None, reactions: int) -> float | None:
    """The attention that a post got, in views: who forwards it or reacts to it has done more than scroll past."""
    if views is None:
        return None
    return views + FORWARD * (forwards or 0) + REACTION * reactions


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """A story by its posts (at least one); `lists`: titles of the reader's lists whose channels tell it, of `of_lists`
    that the reader has; `topic`: stems or names that say what it is about, for diversity."""

    key: StoryId
    posts: Sequence[PostFacts]
    lists: tuple[str, ...] = ()
    of_lists: int = 0
    topic: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that speaks for a story or against it. `value` is the fact behind it: BREADTH, independent channels;
    SPEED, minutes until the second of them; FOLLOWED, posts of the channel that came back to it most; ATTENTION, times
    the channel's own norm; FRESHNESS, hours since the last post; LISTS, how many of the reader's lists (`words`) tell
    it; KEYWORD, how many `words` of the reader's it has; TASTE, how much it is like what they wanted more of; TOPIC,
    stories of the topic ranked above. `points`: what it adds to the score."""

    kind: ReasonKind
    value: float
    points: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A story in its place; the score is the sum of the reasons' points."""

    key: StoryId
    score: float
    reasons: tuple[Reason, ...]


def channel_norms(posts: Iterable[PostFacts]) -> dict[str, float]:
    """The median attention of each channel's posts; channels with too few such posts have none."""
    known: dict[str, list[float]] = {}
    for post in posts:
        if post.attention is not None:
            known.setdefault(post.channel, []).append(post.attention)
    return {channel: median(found) for channel, found in known.items() if len(found) >= FEWEST_NORM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A story with what speaks for it alone, whatever stands above it. `score`: the sum of the reasons' points; `last`:
    the moment of its last post, in seconds; `alone`: the channel of all its posts, empty where these are of several."""

    story: StoryFacts
    reasons: tuple[Reason, ...]
    score: float
    last: float
    alone: str


def in_order(weighed: Iterable[Weighed]) -> list[Weighed]:
    """The stories as they stand by themselves: the highest score first, of equal ones the later."""
    return sorted(weighed, key=_order)


def merged(one: Iterable[Weighed], other: Iterable[Weighed]) -> Iterator[Weighed]:
    """Stories of both, each `in_order`, in order."""
    return merge(one, other, key=_order)


def weigh(story: StoryFacts, now: datetime, norms: Mapping[str, float]) -> Weighed:
    """The story by itself. `norms`: usual attention by channel (see `channel_norms`), without which attention says
    nothing."""
    reasons = tuple(_reasons(story, now, norms))
    last = max(post.date for post in story.posts).timestamp()
    channels = {post.channel for post in story.posts}
    alone = channels.pop() if len(channels) == 1 else ""
    return Weighed(story=story, reasons=reasons, score=_sum(reasons), last=last, alone=alone)


def for_taste(weighed: Weighed, keywords: tuple[str, ...], taste: float) -> Weighed:
    """The story as it counts for a reader whose `keywords` it has, and who likes it so much: from -1, what they want
    less of, to 1."""
    reasons = tuple(_personal(keywords, taste))
    if not reasons:
        return weighed
    reasons = weighed.reasons + reasons
    return replace(weighed, reasons=reasons, score=_sum(reasons))


def best_first(weighed: Iterable[Weighed], topics: "Topics") -> Iterator[Ranked]:
    """The stories, given `in_order`, as they stand beside each other, each found when it is asked for; `topics` are of
    these stories at least.

    Stories above only take away from a score: one whose score is at least the next one's before that has its place.
    """
    above: set[StoryId] = set()
    of_one: defaultdict[str, set[StoryId]] = defaultdict(set)
    waiting: list[tuple[float, int, Ranked]] = []
    for place, each in enumerate(weighed):
        while waiting and -waiting[0][0] >= each.score:
            yield heappop(waiting)[2]
        score, reasons = each.score, each.reasons
        alike = topics.alike(each.story.topic) & above
        again = len(alike & of_one[each.alone]) if each.alone else 0
        above.add(each.story.key)
        of_one[each.alone].add(each.story.key)
        if alike:
            left = REPEATED_TOPIC ** (len(alike) - again) * REPEATED_BY_ONE**again
            loss = round(max(score, 0.0) * (left - 1), 2)
            reasons = (*reasons, Reason(kind=ReasonKind.TOPIC, value=len(alike), points=loss))
            score += loss
        heappush(waiting, (-score, place, Ranked(key=each.story.key, score=round(score, 2), reasons=reasons)))
    while waiting:
        yield heappop(waiting)[2]


def independent(posts: Iterable[PostFacts]) -> list[PostFacts]:
    """One post a channel, the first, in order of time, without those that only copy or forward an earlier post."""
    kept: list[PostFacts] = []
    channels: set[str] = set()
    originals: set[str] = set()
    seen: set[int] = set()
    by_band: dict[int, list[int]] = {}
    for post in sorted(posts, key=lambda post: (post.date, post.channel)):
        copied = post.fingerprint in seen or (post.original is not None and post.original in originals)
        copied = copied or _is_near_copy(post.fingerprint, by_band)
        if post.original is not None:
            originals.add(post.original)
        if post.fingerprint and post.fingerprint not in seen:
            seen.add(post.fingerprint)
            for band in bands(post.fingerprint):
                by_band.setdefault(band, []).append(post.fingerprint)
        if not copied and post.channel not in channels:
            channels.add(post.channel)
            kept.append(post)
    return kept


def most_of_one(posts: Sequence[PostFacts]) -> int:
    """How many of the posts the channel has that came back most, what it said word for word once more left out."""
    said = {(post.channel, post.fingerprint, 0 if post.fingerprint else place) for place, post in enumerate(posts)}
    return max(Counter(channel for channel, *_ in said).values())


def _is_near_copy(fingerprint: int, by_band: Mapping[int, Sequence[int]]) -> bool:
    near = (other for band in bands(fingerprint) for other in by_band.get(band, ())[-20:])
    return any(is_copy(other, fingerprint) for other in near)


def _reasons(story: StoryFacts, now: datetime, norms: Mapping[str, float]) -> list[Reason]:
    voices = independent(story.posts)
    reasons = [_reason(ReasonKind.BREADTH, len(voices), math.log(len(voices)) / math.log(ENOUGH_CHANNELS))]
    if len(voices) > 1:
        wait = voices[1].date - voices[0].date
        reasons.append(_reason(ReasonKind.SPEED, wait / timedelta(minutes=1), FAST / max(wait, FAST)))
    if (often := most_of_one(story.posts)) > 1:
        reasons.append(_reason(ReasonKind.FOLLOWED, often, math.log(often) / math.log(ENOUGH_POSTS)))
    times = [
        post.attention / norms[post.channel]
        for post in story.posts
        if post.attention and norms.get(post.channel, 0) > 0
    ]
    if times and max(times) > 1:
        reasons.append(_reason(ReasonKind.ATTENTION, max(times), math.log(max(times)) / math.log(MOST_ATTENTION)))
    age = max(now - max(post.date for post in story.posts), timedelta())
    reasons.append(_reason(ReasonKind.FRESHNESS, age / timedelta(hours=1), 0.5 ** (age / HALF_LIFE)))
    if story.lists and story.of_lists > 1:  # of one list everything is
        count = len(story.lists)
        reasons.append(_reason(ReasonKind.LISTS, count, count / story.of_lists, story.lists))
    return reasons


def _personal(keywords: tuple[str, ...], taste: float) -> Iterator[Reason]:
    if keywords:
        share = 1 - 0.5 ** len(keywords)
        points = round(2 * WEIGHTS[ReasonKind.KEYWORD] * share, 2)  # the first word counts whole, each further one half
        yield Reason(kind=ReasonKind.KEYWORD, value=len(keywords), points=points, words=keywords)
    if taste:
        yield _reason(ReasonKind.TASTE, taste, taste)


def _sum(reasons: Iterable[Reason]) -> float:
    return sum(reason.points for reason in reasons)


def _reason(kind: ReasonKind, value: float, share: float, words: tuple[str, ...] = ()) -> Reason:
    points = round(WEIGHTS[kind] * min(share, 1.0), 2)
    return Reason(kind=kind, value=round(value, 2), points=points, words=words)


def _order(weighed: Weighed) -> tuple[float, float]:
    return -weighed.score, -weighed.last


class Topics:
    """Which of these stories (given `in_order`) are of one topic, by their words; worked out once for all who are told
    of them."""

    def __init__(self, stories: Iterable[Weighed]) -> None:
        self._sizes: dict[StoryId, int] = {}
        self._stories: dict[str, list[StoryId]] = {}
        for each in stories:
            self._sizes[each.story.key] = len(each.story.topic)
            for word in each.story.topic:
                self._stories.setdefault(word, []).append(each.story.key)
        self._known: dict[frozenset[str], frozenset[StoryId]] = {}

    def alike(self, topic: frozenset[str]) -> frozenset[StoryId]:
        """The keys of the stories that are of this topic."""
        if topic not in self._known:
            size, sizes = len(topic), self._sizes
            common = Counter(chain.from_iterable(self._stories.get(word, ())[:MOST_COMPARED] for word in topic))
            self._known[topic] = frozenset(
                key for key, n in common.items() if n / (size + sizes[key] - n) >= SAME_TOPIC
            )
        return self._known[topic]
