"""The shell around the stories: takes posts that have not been through them yet, and writes down where they belong.

What is alive in memory is rebuilt from the tables at the start and after any failure, so nothing depends on it.
"""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from core.clock import Clock
from core.huge_pages import in_huge_pages
from core.logs import going_on
from core.model import Kind, Post, PostId, StoryId
from digest.stories.cluster import WINDOW, Stories
from digest.stories.embedding import AT_ONCE, Embedder, Vectors
from digest.stories.foreign import Foreign, Read
from digest.stories.posts import Move, Placement, StoryPost, hour_of
from storage.store import Store

BATCH = 500
AHEAD = 3 * WINDOW  # so that not every batch of an import leads on to stories that are not in memory
HUGE_PAGES_SECONDS = 600.0  # by then what was restored is there
IDLE_SECONDS = 5.0  # a hint may be lost: then the tables are asked

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Step:
    """What is written down at once: where posts are, which stories have ended in which, and then which have begun as a
    part of which."""

    placed: dict[PostId, StoryId | None] = field(default_factory=dict)
    merged: dict[StoryId, StoryId] = field(default_factory=dict)
    parted: dict[StoryId, StoryId] = field(default_factory=dict)


class _Decisions:
    """What was decided, as steps in order: a merge reaches the posts that were in the story then, and no later ones."""

    def __init__(self) -> None:
        self.steps = [_Step()]
        self._ended: dict[StoryId, StoryId] = {}

    def now(self, story: StoryId) -> StoryId:
        """The story that this one is by now."""
        while story in self._ended:
            story = self._ended[story]
        return story

    def place(self, post: PostId, story: StoryId | None) -> None:
        if story is not None:
            self._ended.pop(story, None)
        if self.steps[-1].merged or self.steps[-1].parted:
            self.steps.append(_Step())
        self.steps[-1].placed[post] = story

    def follow(self, placement: Placement) -> None:
        self.move(placement.moves)
        self.place(PostId(int(str(placement.post))), StoryId(int(placement.story)))

    def move(self, moves: Iterable[Move]) -> None:
        for move in moves:
            old, new = StoryId(int(move.old)), StoryId(int(move.story))
            step = self.steps[-1]
            if move.began:
                if step.merged or step.parted.get(new) != old:  # who was told is seen by the posts of this step alone
                    self.steps.append(step := _Step())
                step.parted[new] = old
                self._ended.pop(new, None)
                step.placed[PostId(int(str(move.post)))] = new
            elif step.merged.get(old) != new:
                if step.parted or old in step.merged.values() or new in step.merged:
                    self.steps.append(step := _Step())
                step.merged[old] = self._ended[old] = new


class StoryService:
    """Not for two processes on one database at once: `Store.sole` keeps that."""

    def __init__(self, store: Store, clock: Clock, embedder: Embedder | None = None) -> None:
        """`embedder`: what posts mean is evidence, too; a post waits for it as long as one question takes at most."""
        self._store, self._clock = store, clock
        self._vectors = Vectors(store, clock, embedder) if embedder else None
        self._stories: Stories | None = None
        self._frozen = False
        self._reached = datetime.max.replace(tzinfo=UTC)  # the stories of posts of long ago are in memory up to then
        self._hinted = asyncio.Event()

    @property
    def alive(self) -> int:
        """Stories in memory, which posts may join."""
        return len(self._stories) if self._stories is not None else 0

    def hint(self) -> None:
        """Posts may be waiting."""
        self._hinted.set()

    async def run(self) -> None:
        """Put posts into stories until cancelled."""
        with in_huge_pages(HUGE_PAGES_SECONDS):
            await self._go_on()

    async def _go_on(self) -> None:
        while True:
            with going_on(log, "stories wait"):
                await self.settle()
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._hinted.wait()
            self._hinted.clear()

    async def settle(self, told: Callable[[int], None] = lambda done: None) -> int:
        """Put every waiting post into its story, let stories merge, and end the hour that is over by the clock; gives
        how many posts there were, and tells it on the way."""
        done = 0
        while number := await self._step():
            done += number
            told(done)
        if done or (self._stories is not None and self._stories.is_over(self._clock())):
            with self._forgetting():
                await self._write(await asyncio.to_thread(self._merge))
        return done

    async def _step(self) -> int:
        most = BATCH if self._vectors is None else AT_ONCE
        async with self._store.read() as tx:
            waiting = await tx.posts.waiting(most)
        if not waiting:
            return 0
        with self._forgetting():
            if self._stories is None or (len(waiting) == most and await self._lead_on(waiting)):
                self._stories = await self._restored(waiting)
            meanings = await self._vectors.of([post for post in waiting if _is_told(post)]) if self._vectors else {}
            await self._write(await asyncio.to_thread(_place, self._stories, waiting, meanings), waiting)
            # by the clock, since a post may say 2106; but not while posts of long ago are still coming in
            await asyncio.to_thread(self._stories.expire, min(self._clock(), waiting[0].date))
        return len(waiting)

    async def _lead_on(self, waiting: Sequence[Post]) -> bool:
        """Whether these posts, of an import that takes many batches, lead on to stories that are not in memory."""
        until = waiting[-1].date + WINDOW
        if until <= self._reached:
            return False
        since, self._reached = max(waiting[0].date - WINDOW, self._reached), until
        async with self._store.read() as tx:
            return await tx.stories.any_between(since, until)

    async def _restored(self, waiting: Sequence[Post]) -> Stories:
        self._stories = None
        if self._frozen:  # stories and their posts hold each other, and of what is frozen nobody looks for that
            gc.unfreeze()
            gc.collect()
        times, self._reached = times_around([post.date for post in waiting], self._clock()), waiting[-1].date + AHEAD
        async with self._store.read() as tx:
            found = {post.id: post for span in times for post in await tx.stories.recent(*span)}
        known = [found[key] for key in sorted(found)]
        meanings = await self._vectors.kept(known) if self._vectors else {}
        stories = Stories(named=lambda post: int(str(post)), foreign=self._foreign)
        await asyncio.to_thread(_restore, stories, known, meanings)
        gc.freeze()  # what lives for days is not to be walked through again and again
        self._frozen = True
        return stories

    def _foreign(self, read: Read) -> Foreign:
        if self._vectors is None:
            return Foreign(read)
        from digest.stories.meaning import Meanings  # it takes numpy, which most do without

        return Foreign(read, Meanings())

    def _merge(self) -> _Decisions:
        decisions = _Decisions()
        if self._stories is not None:
            now = self._clock()
            over = self._stories.is_over(now)
            decisions.move(self._stories.close(late=True) if over else self._stories.settle(early=True))
            self._stories.expire(now)
        return decisions

    async def _write(self, decisions: _Decisions, placed: Sequence[Post] = ()) -> None:
        async with self._store.begin() as tx:
            for step in decisions.steps:
                await tx.stories.assign(step.placed, step.merged, step.parted)
            await tx.posts.went_through(placed)

    @contextmanager
    def _forgetting(self) -> Iterator[None]:
        """Where anything fails inside, what is in memory is not what is in the tables: it is built anew."""
        try:
            yield
        except BaseException:
            self._stories = None
            raise


def story_post(post: Post, meaning: bytes = b"") -> StoryPost:
    """What the stories need to know of a stored post; its `meaning` where a model has given one."""
    return StoryPost(
        id=post.id,
        channel=post.channel,
        date=post.date,
        text=post.body,
        fingerprint=post.fingerprint,
        forwarded_from=post.forwarded_from.url if post.forwarded_from else None,
        links=tuple(dict.fromkeys(link.url for link in post.links)),
        url=post.url,
        reply_to=post.reply_to,
        files=post.files,
        meaning=meaning,
    )


def times_around(dates: Sequence[datetime], now: datetime) -> list[tuple[datetime, datetime | None]]:
    """The times whose stories posts of these dates may belong to, each apart from the next; the last goes on and on.
    What lies between is left alone: for one post of last year that was edited the whole archive would be read."""
    found: list[tuple[datetime, datetime | None]] = [(now - WINDOW, None)]
    for date in sorted(dates, reverse=True):
        since, until = found[-1]
        if date + AHEAD < since:
            found.append((date - WINDOW, date + AHEAD))
        else:
            found[-1] = min(since, date - WINDOW), until
    return found[::-1]


def _restore(stories: Stories, known: Iterable[Post], meanings: Mapping[PostId, bytes]) -> None:
    stories.restore(
        [(story_post(post, meanings.get(post.id, b"")), int(post.story)) for post in known if post.story is not None]
    )


def _is_told(post: Post) -> bool:
    return post.kind is Kind.NEWS and not post.deleted


def _place(stories: Stories, waiting: Sequence[Post], meanings: Mapping[PostId, bytes]) -> _Decisions:
    """Posts that are no news belong to no story, and leave the one they were in; a deleted one is remembered there. One
    that was edited is weighed again, against the story that it was in, or that still bears its name."""
    decisions = _Decisions()
    news = [post for post in waiting if _is_told(post)]
    stories.remove(int(post.id) for post in waiting if not _is_told(post))
    own = {post.id: post.story or StoryId(int(post.id)) for post in news if post.story or stories.posts(int(post.id))}
    for post in waiting:
        if not _is_told(post):
            told = post.kind is Kind.NEWS and post.story
            decisions.place(post.id, decisions.now(told) if told else None)
    for _, hour in groupby(news, key=lambda post: hour_of(post.date)):
        known = [story_post(post, meanings.get(post.id, b"")) for post in hour]
        for placement in stories.add_hour(each for each in known if each.id not in own):
            decisions.follow(placement)
        for each in known:
            story = own.get(PostId(int(str(each.id))))
            if story is not None:
                decisions.follow(stories.revise(each, int(decisions.now(story))))
    return decisions
