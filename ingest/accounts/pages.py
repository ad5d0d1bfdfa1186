"""One channel read by an account: what is new after its cursor, what was edited, and what is no longer there.

    newest page ── forward from the cursor ── edited posts ── a slow sweep over older ones

Each page is stored before the cursor moves past it; what is read twice is compared and changes nothing.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock, is_within
from core.errors import SignedOut, SourceError, StorageError
from core.model import Channel, ChannelId, NewPost, Reading, Source
from ingest.about import keep_about
from ingest.accounts.peers import AddressBook
from ingest.counting import Counting
from ingest.intake import Intake
from ingest.missing import SWEEP_BACK, SWEEP_EVERY, missing
from ingest.rhythm import interval, slower
from ingest.telegram.source import TelegramSource
from ingest.telegram.values import Peer
from storage.store import Store

JOINED_WAIT = timedelta(minutes=15)  # of a channel whose news are pushed: only what no push told is found then
SPREAD = 180  # seconds over which joined channels are spread, so that they are not all due at once
SWEEP_POSTS = 1000  # that are compared at the most
SWEEP_PAGES = 30  # in which that many posts and their albums stand; a server may go on for ever

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel to be read: what is new (and, where it is `due`, what has changed), and posts that were edited."""

    reading: Reading
    due: bool = False
    new: bool = False
    edited: frozenset[int] = frozenset()


class ChannelPages:
    """Reads what is wanted of a channel, where its address is known."""

    def __init__(self, store: Store, source: TelegramSource, intake: Intake, clock: Clock, book: AddressBook) -> None:
        self._store, self._source, self._intake, self._clock, self._book = store, source, intake, clock, book
        self._counts = Counting(store, source, clock)
        self._swept: dict[ChannelId, datetime] = {}

    async def read(self, wanted: Wanted, peer: Peer) -> None:
        """Read it, and say when it is to be read again. Raises as `TelegramSource.history`, and StorageError."""
        reading = wanted.reading
        if wanted.edited:
            await self._read_edited(reading, peer, wanted.edited, pushed=not wanted.due)
        if not (wanted.new or wanted.due):
            return
        cursor = reading.cursor
        if not wanted.due and cursor is not None:
            _, posts = await self._forward(reading, peer, cursor, pushed=True)
            wait = self._wait(reading, peer, posts)
            if reading.next_at is not None:  # a push puts nothing off: what none told of would never be found
                wait = min(wait, reading.next_at - self._clock())
            await self._was_read(reading, cursor, posts, wait)
            return
        # one call, which finds what is new and what was edited or deleted of late
        holes = self._source.passed_over[peer.id]
        newest = posts = await self._page(peer)
        first = _first(newest)
        if cursor is None or first <= cursor + 1:
            await self._store_page(reading, newest)
            if newest and self._source.passed_over[peer.id] == holes:  # else what is missing may be there all the same
                async with self._store.read() as tx:
                    stored = await tx.posts.numbers_of(reading.channel.id, first, max(_last(newest), cursor or 0))
                await self._mark_missing(reading, newest, stored)
        else:
            first, posts = await self._forward(reading, peer, cursor)
        await self._was_read(reading, cursor, posts, self._wait(reading, peer, newest))
        await self._sweep(reading, peer, first, len(newest))
        await self._counts.refresh(reading.channel.id, peer)
        if reading.channel.members is None:  # nobody has told yet: one call for each channel, once
            await self._describe(reading.channel, peer)

    async def _describe(self, channel: Channel, peer: Peer) -> None:
        try:
            about = await self._source.about(peer)
        except SignedOut:
            raise
        except SourceError as error:
            log.info("what %s says of itself waits: %s", channel.name, error)
            return
        await keep_about(self._store, channel, about)

    async def _page(self, peer: Peer, after: int | None = None, *, pushed: bool = False) -> Sequence[NewPost]:
        async with aclosing(self._source.history(peer, after=after, pushed=pushed)) as pages:
            async for posts in pages:
                return posts
        return ()

    async def _forward(
        self, reading: Reading, peer: Peer, cursor: int, *, pushed: bool = False
    ) -> tuple[int, Sequence[NewPost]]:
        """Store all that came after the cursor, the cursor following page by page. Gives the first message id from
        which on all was read (an album may reach behind the cursor) and the last page's posts."""
        first, last = cursor + 1, tuple[NewPost, ...]()
        async with aclosing(self._source.history(peer, after=cursor, pushed=pushed)) as pages:
            async for posts in pages:
                if last:  # the cursor behind the last page is written with the time of the next reading
                    await self._was_read(reading, cursor, last, timedelta())
                await self._store_page(reading, posts)
                first, last = min(first, _first(posts)), tuple(posts)
        return first, last

    async def _sweep(self, reading: Reading, peer: Peer, before: int, beside: int) -> None:
        """Compare the posts of the last days that are older than `before`, in slow turn: what no hint told of them is
        found here. `beside`: how many newer ones are there."""
        channel, now = reading.channel.id, self._clock()
        if is_within(SWEEP_EVERY, self._swept.get(channel), now):
            return
        since = now - SWEEP_BACK
        # from the lowest that is stored, not from the oldest that is said to be read: a kill may have come between,
        # or the preview may have read before. What was only imported from before then is not the account's to judge.
        async with self._store.read() as tx:
            stored = await tx.posts.numbers_of(channel, 1, before - 1, since)
            imported = await tx.posts.numbers_of(channel, 1, (reading.oldest or before) - 1, since, Source.IMPORT)
        if compared := sorted(stored - imported)[-SWEEP_POSTS:]:
            await self._read_back(reading, peer, before, compared, beside)
        self._swept[channel] = now

    async def _read_back(self, reading: Reading, peer: Peer, before: int, compared: Sequence[int], beside: int) -> None:
        """Read the posts from the first of those `compared` to `before` again."""
        found: list[NewPost] = []
        first, holes, turned = compared[0], self._source.passed_over[peer.id], 0
        async with aclosing(self._source.history(peer, before=before)) as pages:
            async for posts in pages:
                turned += 1
                kept = [post for post in posts if (post.message_id or 0) >= first]
                await self._store_page(reading, kept)
                found.extend(kept)
                if _first(posts) <= first or turned == SWEEP_PAGES:
                    break
        if turned < SWEEP_PAGES and self._source.passed_over[peer.id] == holes:
            await self._mark_missing(reading, found, compared, beside)

    async def _read_edited(self, reading: Reading, peer: Peer, edited: Collection[int], *, pushed: bool) -> None:
        """Read these messages again; those from before the channel was read are none of ours."""
        left = {number for number in edited if reading.oldest is not None and number >= reading.oldest}
        while left:
            posts = await self._page(peer, after=min(left) - 1, pushed=pushed)
            await self._store_page(reading, [post for post in posts if not left.isdisjoint(post.message_ids)])
            reached = _last(posts) or max(left)
            left = {number for number in left if number > reached}

    async def _store_page(self, reading: Reading, posts: Sequence[NewPost]) -> None:
        """Store posts; a page of which nothing can be taken must not hold up those after it."""
        try:
            await self._intake.take(posts)
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("%s/%s is passed over", reading.channel.name, posts[0].message_id)

    async def _mark_missing(
        self, reading: Reading, posts: Sequence[NewPost], stored: Collection[int], beside: int = 0
    ) -> None:
        """Mark those of the `stored` that are not among these posts, which are all that are there. Where more is
        missing than is there, these and those `beside` them, something else has happened to the channel: that is not
        taken for deletions."""
        seen = {number for post in posts for number in post.message_ids}
        gone = missing(stored, seen, len(posts) + beside)
        if gone is None:
            log.warning("many posts of %s are missing, too many to be deleted ones", reading.channel.name)
        elif gone:
            async with self._store.begin() as tx:
                await tx.posts.mark_deleted(reading.channel.id, gone, self._clock())

    def _wait(self, reading: Reading, peer: Peer, posts: Iterable[NewPost]) -> timedelta:
        if reading.channel.every:
            return timedelta(seconds=reading.channel.every)
        if self._book.is_joined(peer):
            return JOINED_WAIT + timedelta(seconds=peer.id % SPREAD)
        dates = [post.date for post in posts if post.date]
        if dates:
            return interval(dates, self._clock())
        return slower(reading.waited)

    async def _was_read(self, reading: Reading, cursor: int | None, posts: Sequence[NewPost], wait: timedelta) -> None:
        numbers = [number for post in posts for number in post.message_ids]
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.channels.was_read(
                reading.channel.id,
                Source.ACCOUNT,
                # 0 where there was nothing to read: from then on everything is new
                cursor=max(numbers, default=cursor or 0),
                oldest=min(numbers, default=None),
                now=now,
                next_at=now + wait,
            )


def _first(posts: Iterable[NewPost]) -> int:
    """The lowest message id of these posts, 0 of none."""
    return min((post.message_id or 0 for post in posts), default=0)


def _last(posts: Iterable[NewPost]) -> int:
    """The highest message id of these posts, 0 of none."""
    return max((number for post in posts for number in post.message_ids), default=0)
