"""What is read of one channel through the web preview: its newest page, what came since the cursor, what was edited or
deleted of late.

Each page is stored before the cursor moves past it.
"""

import logging
from array import array
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from core.clock import Clock, is_within
from core.errors import SourceError
from core.model import About, Channel, ChannelId, Counts, NewPost, Reading, Source
from ingest.about import keep_about
from ingest.intake import Intake
from ingest.missing import SWEEP_BACK, SWEEP_EVERY
from ingest.preview.page import ids_of
from ingest.preview.source import Batch, WebSource
from ingest.preview.vanished import Vanished
from ingest.rhythm import interval, next_turn, slower, spread
from ingest.troubles import Troubles
from storage.readings import WasRead
from storage.store import Store

SHORTEST = timedelta(minutes=1)  # between two readings
SKEW = timedelta(hours=1)  # by which a clock may be wrong; a post from farther in the future came now
LATE = timedelta(minutes=1)  # a reading that is later has no time for older posts
_LAST_ID = 2**62

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a newest page showed: ids, hashes (with their views and without) and dates of its posts, as small as they
    can be kept."""

    ids: "array[int]"
    hashes: "array[int]"
    unseen: "array[int]"
    dates: "array[float]"


@dataclass(slots=True)
class _Sweep:
    """Older posts are compared from message `before` downwards, one page a reading; None at rest."""

    began: datetime
    before: int | None = None


class WebPages:
    """Reads one channel at a time, or several side by side."""

    def __init__(self, store: Store, source: WebSource, intake: Intake, clock: Clock, troubles: Troubles) -> None:
        """`troubles` counts what is odd with posts."""
        self._store, self._source, self._intake, self._clock, self._troubles = store, source, intake, clock, troubles
        self._shown: dict[ChannelId, _Shown] = {}
        self._vanished = Vanished(store, clock, troubles)
        self._sweeps: dict[ChannelId, _Sweep] = {}

    async def read(self, reading: Reading) -> WasRead:
        """Read the channel and store what it shows; gives how far it is read, which the caller keeps.

        Raises as `WebSource.after` does, and StorageError.
        """
        channel, cursor, oldest = reading.channel, reading.cursor, reading.oldest
        given = newest = doubt = False
        async with aclosing(self._source.after(channel.name, cursor, number=channel.telegram_id)) as batches:
            async for batch in batches:
                given, newest = True, batch.newest
                if cursor is None and batch.about and await self._is_renamed(channel, batch.about):
                    return WasRead(channel=channel.id, cursor=None, oldest=None, read_at=self._clock(), next_at=None)
                await self._take(channel, batch.posts)
                cursor = cursor if batch.cursor is None else batch.cursor
                oldest = min((*ids_of(batch.posts), *([] if oldest is None else [oldest])), default=None)
                if batch.about and batch.posts:
                    await keep_about(self._store, channel, batch.about)
                if newest:
                    doubt = await self._newest(channel, batch)
                else:
                    await self._so_far(channel.id, cursor, oldest)
        now = self._clock()
        if given and not newest:
            next_at = now
        else:
            if not given and (shown := self._shown.get(channel.id)) and shown.ids:
                await self._vanished.unchanged(channel, shown.ids[0])
            late = reading.next_at is not None and now - reading.next_at > LATE
            if not late:
                doubt |= await self._older(channel)
            next_at = self._next(reading, now, late=late, doubt=doubt)
        return WasRead(channel=channel.id, cursor=cursor, oldest=oldest, read_at=now, next_at=next_at)

    async def _is_renamed(self, channel: Channel, about: About) -> bool:
        """Whether a channel that was never read is one that is known under a former name, by its number: then that one
        has this name from now on, and is due. Its newest page alone might leave a gap behind what was read of it."""
        if channel.telegram_id is not None or about.telegram_id is None:
            return False
        now = self._clock()
        async with self._store.begin() as tx:
            stays = await tx.channels.identify(channel.id, about.telegram_id)
            if stays != channel.id:
                await tx.channels.was_read(stays, Source.WEB, cursor=None, oldest=None, now=now, next_at=now)
        return stays != channel.id

    async def _take(self, channel: Channel, posts: Sequence[NewPost]) -> None:
        """Store those posts that the last newest page did not show just so, or of them the views alone."""
        shown = self._shown.get(channel.id)
        known = frozenset(shown.hashes) if shown else frozenset()
        same = frozenset(shown.unseen) if shown else frozenset()
        fresh = [post for post in posts if hash(post) not in known]
        viewed = {post.message_id: Counts(views=post.views) for post in fresh if _unseen(post) in same}
        await self._store_new(channel, [post for post in fresh if post.message_id not in viewed])
        if counts := {number: count for number, count in viewed.items() if number is not None}:
            async with self._store.begin() as tx:
                await tx.posts.were_counted(channel.id, counts, self._clock())

    async def _store_new(self, channel: Channel, fresh: list[NewPost]) -> None:
        now = self._clock()
        latest = max(now, self._source.served_at or now) + SKEW  # a machine may begin with a clock that is days behind
        for at, post in enumerate(fresh):
            if post.date is not None and post.date > latest:
                fresh[at] = replace(post, date=now)
                self._troubles.count("a post from the future")
        if not fresh:
            return
        taken = await self._intake.take(fresh)
        if taken.skipped:
            self._troubles.count("a post without a date", taken.skipped)
        if taken.new or taken.edited:
            log.info("%s: %d new posts, %d edited", channel.name, taken.new, taken.edited)

    async def _so_far(self, channel: ChannelId, cursor: int | None, oldest: int | None) -> None:
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.channels.was_read(channel, Source.WEB, cursor=cursor, oldest=oldest, now=now, next_at=now)

    async def _newest(self, channel: Channel, batch: Batch) -> bool:
        """Compare the newest page with what is stored from its first post on; gives whether a post is in doubt."""
        ids = ids_of(batch.posts)
        last = self._shown.get(channel.id)
        doubt = False
        if ids and (last is None or self._vanished.doubts(channel.id) or list(last.ids) != ids):
            before = frozenset(last.ids) if last else frozenset()
            doubt = await self._vanished.compare(channel, batch.posts, ids[0], _LAST_ID, newest=ids[-1], before=before)
        dates = (post.date.timestamp() for post in batch.posts if post.date)
        self._shown[channel.id] = _Shown(
            ids=array("q", ids),
            hashes=array("q", map(hash, batch.posts)),
            unseen=array("q", map(_unseen, batch.posts)),
            dates=array("d", dates),
        )
        return doubt

    async def _older(self, channel: Channel) -> bool:
        """Compare one page of the posts before the newest page, where it is time for it; gives whether one of them is
        in doubt: then the same page is read once more.

        From the lowest that is stored, not from the oldest that the preview has read: an account may have read before.
        """
        now, shown = self._clock(), self._shown.get(channel.id)
        if shown is None or not shown.ids:
            return False
        sweep = self._sweeps.setdefault(channel.id, _Sweep(now - spread(SWEEP_EVERY, channel.id)))
        if sweep.before is None and not is_within(SWEEP_EVERY, sweep.began, now):
            sweep.began, sweep.before = now, shown.ids[0]
        if sweep.before is None:
            return False
        last = sweep.before - 1
        async with self._store.read() as tx:
            stored = await tx.posts.numbers_on_preview(channel.id, 1, last, now - SWEEP_BACK, newest=last)
        before, sweep.before = sweep.before, None
        if not stored:
            return False
        try:
            batch = await self._source.before(channel.name, before, channel.telegram_id)
        except SourceError as error:
            log.info("the older posts of %s are compared another time: %s", channel.name, error.reason)
            return False
        if not batch.posts:
            return False
        lowest = min(stored)
        posts = [post for post in batch.posts if (post.message_id or 0) >= lowest]
        await self._take(channel, posts)
        reached = len(posts) < len(batch.posts) or batch.older_before is None
        first = lowest if reached else ids_of(posts)[0]
        doubt = await self._vanished.compare(channel, posts, first, last, newest=last, beside=len(shown.ids))
        sweep.before = before if doubt else first
        return doubt

    def _next(self, reading: Reading, now: datetime, *, late: bool, doubt: bool) -> datetime:
        shown, channel = self._shown.get(reading.channel.id), reading.channel
        if channel.every:
            wait = timedelta(seconds=channel.every)
        elif doubt:
            wait = SHORTEST
        elif shown and shown.dates:
            wait = interval([datetime.fromtimestamp(date, UTC) for date in shown.dates], now, SHORTEST)
        else:
            wait = slower(reading.waited)
        if late:  # there are more than can be read: the wait tells how long this one would have liked to have waited
            return now + wait
        return next_turn(now if channel.every else now + wait / 2, wait, channel.id)


def _unseen(post: NewPost) -> int:
    """A hash of the post without its views, which change with each reading."""
    return hash(replace(post, views=None))
