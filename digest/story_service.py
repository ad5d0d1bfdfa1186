"""The shell around the stories: takes posts that have not been through them yet, and writes down where they belong.

What is alive in memory is rebuilt from the tables at the start and after any failure, so nothing depends on it.
"""

import asyncio
import gc
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from core.clock import Clock
from core.errors import StorageError
from core.model import Kind, Post, PostId, StoryId
from digest.cluster import WINDOW, Move, Stories, StoryPost
from storage.store import Store

BATCH = 500
IDLE_SECONDS = 5.0  # a hint may be lost: then the tables are asked

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Decisions:
    """What a batch has decided: where each post is, and which stories have ended in which."""

    placed: dict[PostId, StoryId | None]
    merged: dict[StoryId, StoryId]


class StoryService:
    """Not for two processes on one database at once: `Store.sole` keeps that."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._stories: Stories | None = None
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
        while True:
            try:
                await self.settle()
            except StorageError as error:
                log.error("stories wait: %s", error)
            except Exception:  # a mistake of ours must not end what else runs in this process
                log.exception("stories wait")
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._hinted.wait()
            except TimeoutError:
                pass
            self._hinted.clear()

    async def settle(self) -> int:
        """Put every waiting post into its story, and let stories merge; gives how many posts there were."""
        done = 0
        while number := await self._step():
            done += number
        if done:
            with self._forgetting():
                await self._write(await asyncio.to_thread(self._merge))
        return done

    async def _step(self) -> int:
        async with self._store.read() as tx:
            waiting = await tx.posts.waiting(BATCH)
        if not waiting:
            return 0
        with self._forgetting():
            if self._stories is None:
                self._stories = await self._restored(waiting)
            await self._write(await asyncio.to_thread(_place, self._stories, waiting))
            # by the clock, since a post may say 2106; but not while posts of long ago are still coming in
            await asyncio.to_thread(self._stories.expire, min(self._clock(), waiting[0].date))
        return len(waiting)

    async def _restored(self, waiting: Sequence[Post]) -> Stories:
        since = min(self._clock(), waiting[0].date) - WINDOW
        async with self._store.read() as tx:
            known = await tx.stories.recent(since)
        stories = Stories()
        pairs = [(story_post(post), int(post.story)) for post in known if post.story is not None]
        await asyncio.to_thread(stories.restore, pairs)
        gc.freeze()  # what lives for days is not to be walked through again and again
        return stories

    def _merge(self) -> _Decisions:
        decisions = _Decisions({}, {})
        if self._stories is not None:
            _merged(decisions, self._stories.merge(early=True))
            self._stories.expire(self._clock())
        return decisions

    async def _write(self, decisions: _Decisions) -> None:
        async with self._store.begin() as tx:
            await tx.stories.assign(decisions.placed, decisions.merged)

    @contextmanager
    def _forgetting(self) -> Iterator[None]:
        """Where anything fails inside, what is in memory is not what is in the tables: it is built anew."""
        try:
            yield
        except BaseException:
            self._stories = None
            raise


def story_post(post: Post) -> StoryPost:
    """What the stories need to know of a stored post."""
    return StoryPost(
        id=post.id,
        channel=post.channel,
        date=post.date,
        text=post.body,
        language=post.language,
        fingerprint=post.fingerprint,
        forwarded_from=post.forwarded_from.url if post.forwarded_from else None,
        links=tuple(dict.fromkeys(link.url for link in post.links)),
        url=post.url,
        reply_to=post.reply_to,
    )


def _place(stories: Stories, waiting: Sequence[Post]) -> _Decisions:
    """Posts that are no news belong to no story; one that was edited stays in its own.

    One that left its story while it was no news goes back to the one that it began: stories are named by that post.
    """
    decisions = _Decisions({}, {})
    news = [post for post in waiting if post.kind is Kind.NEWS and not post.deleted]
    for post in waiting:
        decisions.placed[post.id] = None
    own = {post.id: post.story or StoryId(int(post.id)) for post in news if post.story or stories.posts(int(post.id))}
    stories.learn(story_post(post) for post in news if post.id not in own)
    for post in news:
        if post.id in own:
            decisions.placed[post.id] = own[post.id]
            continue
        placement = stories.add(story_post(post))
        _merged(decisions, placement.moves)
        story = placement.story
        if placement.began:
            stories.rename(story, int(post.id))
            story = int(post.id)
        decisions.placed[post.id] = StoryId(int(story))
    return decisions


def _merged(decisions: _Decisions, moves: Iterable[Move]) -> None:
    """Note what a merge moved: posts of this batch directly, all others by their story."""
    for move in moves:
        old, new = StoryId(int(move.old)), StoryId(int(move.story))
        decisions.merged[old] = new
        post = PostId(int(str(move.post)))
        if post in decisions.placed:
            decisions.placed[post] = new
    for old in list(decisions.merged):  # a story that took one in may have ended itself
        while decisions.merged[old] in decisions.merged:
            decisions.merged[old] = decisions.merged[decisions.merged[old]]
