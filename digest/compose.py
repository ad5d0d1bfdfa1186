"""Pure: ranked stories and the posts of a window become one reader's digest, within the reader's time."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from core.model import Kind, Post, PostId, StoryId
from digest.model import Digest, LeftOut, StoryView
from digest.telling import RankedStory, Views
from digest.topics import Subject, topics

MINUTES = 5  # the reading time of a digest where the reader did not choose
WORDS_A_MINUTE = 200
STORIES_A_MINUTE = 4  # at most, on the average
EARLIER_WORDS = 14  # with which an update says what was told before: a headline and its day
LEADING, LONG = 3, 15  # stories that come first without a heading, in a digest of so many
FILLED_A_MINUTE, MOST_FILLED = 3, 30  # what one channel alone tells fills a digest up to so many, and no further
_ADS = frozenset({Kind.PROMO, Kind.ANNOUNCE})
_CHATTER = frozenset({Kind.CHATTER, Kind.SERVICE})


def compose(
    blank: Digest,
    ranked: Iterable[RankedStory],
    posts: Sequence[Post],
    views: Views,
    *,
    several: int,
    single: Collection[StoryId],
    fill: bool = False,
    known: Collection[PostId] = (),
    unwanted: Collection[StoryId] = (),
    minutes: int = MINUTES,
) -> Digest:
    """The digest whose window, lists and reader `blank` has: as many of the `ranked` stories, best first, as `minutes`
    of reading allow; no more of them are taken than are needed. `single`: the stories that one channel alone tells by
    the way, `several`: how many others there are; `fill`: these stories may take all the time there is, and what is
    left of them is left for want of time.

    `posts` are all posts of the window and of the ranked stories, told or not; what is not told is counted by its
    reason. `known` are posts that tell what the reader knows, `unwanted` stories that the reader never wants. `views`
    puts stories into words, in the language of the digest.
    """
    most = STORIES_A_MINUTE * max(minutes, 1)
    enough = most if fill else min(FILLED_A_MINUTE * max(minutes, 1), MOST_FILLED)
    taken = _taken(worth_telling(ranked, single, several, enough), views, most, minutes)
    stories, told = [story for story, _ in taken], [view for _, view in taken]
    shown = {post.id for story in stories for post in story.posts}
    missing = left_out(posts, shown, known, unwanted, () if fill else single)
    return replace(
        blank,
        posts=len(posts),
        channels=len({post.channel for post in posts}),
        stories=in_topics(told, [views.subject(story) for story in stories], views.language),
        left_out=LeftOut(**Counter(reason for reason, _ in missing)),
        language=views.language,
        minutes=reading_time(told),
        tokens=sum(story.written.tokens for story in stories if story.written),
        cost=sum(story.written.cost for story in stories if story.written),
    )


def reading_time(stories: Iterable[StoryView]) -> int:
    """The minutes that it takes to read these."""
    return math.ceil(sum(map(_words_of, stories)) / WORDS_A_MINUTE)


def _taken(
    stories: Iterable[RankedStory], views: Views, most: int, minutes: int
) -> list[tuple[RankedStory, StoryView]]:
    """The stories, in words, that so many minutes have room for, at `most` so many; one in any case."""
    taken: list[tuple[RankedStory, StoryView]] = []
    words = 0
    for story in stories:
        if len(taken) >= most:
            break
        view = views.of(story, _sentences(len(taken), minutes))
        if view is None:
            continue
        words += _words_of(view)
        if taken and words > minutes * WORDS_A_MINUTE:
            break
        taken.append((story, view))
    return taken


def in_topics(told: Sequence[StoryView], subjects: Sequence[Subject], language: str) -> tuple[StoryView, ...]:
    """The stories in the order of reading, each with its topic: topics by their best story, then what fits none, then
    updates. The best story that is none comes first, whether it has a topic or not; of a long digest the best few do,
    without, and updates among them. `subjects`: of each."""
    leading = LEADING if len(told) >= LONG else 0
    updates = [place for place in range(leading, len(told)) if told[place].update]
    rest = [place for place in range(leading, len(told)) if not told[place].update]
    found = dict(zip(rest, topics([subjects[place] for place in rest], language), strict=True))
    by_topic: defaultdict[str | None, list[int]] = defaultdict(list)
    for place in rest:
        by_topic[found[place]].append(place)
    others = by_topic.pop(None, [])
    best = others[:1] if not leading and others[:1] == rest[:1] else []
    order = [*range(leading), *best, *chain.from_iterable(by_topic.values()), *others[len(best) :], *updates]
    return tuple(replace(told[place], topic=found.get(place)) for place in order)


def worth_telling(
    ranked: Iterable[RankedStory], single: Collection[StoryId], several: int, enough: int
) -> Iterator[RankedStory]:
    """What is not `single` (`several` stories altogether), and of the rest the best as far as these are not `enough`;
    in the order given."""
    room = max(enough - several, 0)
    left = several + room
    for story in ranked:
        fills_up = story.id in single
        if fills_up and not room:
            continue
        yield story
        room -= fills_up
        left -= 1
        if not left:
            return


def _words_of(view: StoryView) -> int:
    """The words of a story that a reader reads without unfolding anything."""
    title = 0 if view.opening else len(view.title.split())
    before = EARLIER_WORDS if view.update else 0
    return title + sum(len(sentence.text.split()) for sentence in view.summary) + before + 8  # and who told it when


def left_out(
    posts: Iterable[Post],
    shown: Collection[PostId],
    known: Collection[PostId],
    unwanted: Collection[StoryId],
    single: Collection[StoryId],
) -> Iterator[tuple[str, Post]]:
    """The posts that are not `shown`, each with the one reason for that, by its name in `LeftOut`."""
    for post in posts:
        if post.id in shown:
            continue
        if post.kind in _ADS:
            yield "ads", post
        elif post.kind in _CHATTER:
            yield "chatter", post
        elif post.id in known:
            yield "known", post
        elif post.story in unwanted:
            yield "unwanted", post
        elif post.story is None or post.story in single:
            yield "single", post
        else:
            yield "beyond", post


def _sentences(rank: int, minutes: int) -> int:
    """Of how many sentences a story in this place is told: the best, one a minute, in three, the rest in two."""
    return 3 if rank < minutes else 2
