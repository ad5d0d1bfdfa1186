"""The shell around an account: channels are read as far as their cursor when they are due, or sooner where a hint came.

    hint or timer ── find the channel ── history ── store each page ── move the cursor

Hints only shorten the wait: whatever they miss is found when the channel is due. Each page is stored before the cursor
moves past it, so a kill at any point loses nothing; what is read twice is compared and changes nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from core.clock import Clock
from core.errors import (
    ChannelUnavailable,
    CourantError,
    RateLimited,
    SettingsError,
    SignedOut,
    SourceError,
    StorageError,
)
from core.model import Channel, ChannelId, NewPost, Reading, Source
from ingest.account_peers import AddressBook
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off, interval, slower
from ingest.telegram import Hint, HintKind, Peer, TelegramSource
from storage.store import Store

WAYS = ("account", "auto")
BATCH = 20
AT_ONCE = 4  # channels
IDLE_SECONDS = 5.0
JOINED_WAIT = timedelta(minutes=15)  # of a channel whose news are pushed: only what no push told is found then
SLOW_WAIT = timedelta(minutes=15)  # before an account is tried again that needs its owner
SIGNED_OUT = "the account is signed out: sign in with `courant login`"
SPREAD = 180  # seconds over which joined channels are spread, so that they are not all due at once
GONE = 3  # posts of a page that may be missing in any case
SWEEP_EVERY = timedelta(hours=3)  # older posts than those of the newest page are compared
SWEEP_BACK = timedelta(days=3)  # posts that may still be edited or deleted, and the most of them
SWEEP_POSTS = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A channel to be read: what is new (and, where it is `due`, what has changed), and posts that were edited."""

    reading: Reading
    due: bool = False
    new: bool = False
    edited: frozenset[int] = frozenset()


class AccountReader:
    """Reads the channels of an account: those that are its own, and those that leave the way open."""

    def __init__(
        self,
        store: Store,
        source: TelegramSource,
        intake: Intake,
        clock: Clock,
        account: str = "main",
        *,
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        """`source` is not connected yet where `run` is called, and is where `step` is; `account` is the name under
        which the addresses of its channels are kept; `sleep` waits for so many of the clock's seconds."""
        self._store, self._source, self._intake, self._clock, self._sleep = store, source, intake, clock, sleep
        self._book = AddressBook(store, source, clock, account)
        self._swept: dict[ChannelId, datetime] = {}
        self._flooded: tuple[ChannelId, datetime] | None = None
        self._rests_until: datetime | None = None
        self._told: str | None = None
        self._failures = 0

    async def run(self) -> None:
        """Connect and read until cancelled; an account that is signed out is told once and tried again slowly."""
        while True:
            try:
                async with self._source:
                    await self._follow()
            except (SourceError, SettingsError) as error:
                words = SIGNED_OUT if isinstance(error, SignedOut) else str(error)
                if words != self._told:
                    log.error("%s; its channels wait", words)
                self._told = words
                wait = back_off(self._failures) if type(error) is SourceError else SLOW_WAIT
            except Exception:
                log.exception("reading with the account failed")
                wait = back_off(self._failures)
            self._failures += 1
            await self._sleep(wait.total_seconds())

    async def _follow(self) -> None:
        self._book.reopen()
        hints = [Hint(kind=HintKind.RECONNECTED)]
        while True:
            try:
                count = await self.step(hints)
            except StorageError as error:
                log.error("channels wait: %s", error)
                await self._sleep(IDLE_SECONDS)
                hints = [Hint(kind=HintKind.RECONNECTED)]  # which hints were followed is not known
                continue
            if self._told is not None:
                log.info("the account reads again")
            self._told, self._failures = None, 0
            hints = await self._listen(0 if count else IDLE_SECONDS)

    async def _listen(self, patience: float) -> list[Hint]:
        """The hints that are there, and before that at most `patience` seconds of waiting for one."""
        heard: list[Hint] = []
        async with aclosing(self._source.live()) as live:
            if patience:
                async with asyncio.TaskGroup() as group:
                    rest = group.create_task(self._sleep(patience))
                    first = group.create_task(_next(live))
                    await asyncio.wait((rest, first), return_when=asyncio.FIRST_COMPLETED)
                    rest.cancel()
                    first.cancel()
                if first.cancelled():
                    return heard
                heard.append(first.result())
            try:
                while True:
                    async with asyncio.timeout(0):
                        heard.append(await anext(live))
            except TimeoutError:
                return heard

    async def step(self, hints: Sequence[Hint] = ()) -> int:
        """Follow these hints and read the channels that are due now; gives how many were read.

        Raises SignedOut and StorageError; what else goes wrong with a channel is kept with it.
        """
        now = self._clock()
        if self._rests_until is not None:
            if now < self._rests_until:
                return 0
            self._rests_until = None
            hints = [*hints, Hint(kind=HintKind.RECONNECTED)]  # those that came meanwhile were not followed
        await self._book.refresh()
        if any(hint.channel_id is None for hint in hints):
            async with self._store.begin() as tx:
                await tx.channels.all_due(Source.ACCOUNT, now)
        async with self._store.read() as tx:
            due = await tx.channels.due(Source.ACCOUNT, now, BATCH, WAYS)
        wanted = {reading.channel.id: _Wanted(reading, due=True) for reading in due}
        for each in await self._hinted(hints, now):
            known = wanted.get(each.reading.channel.id)
            wanted[each.reading.channel.id] = _Wanted(each.reading, known is not None, each.new, each.edited)
        troubles: list[CourantError] = []
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for each in wanted.values():
                group.create_task(self._in_turn(each, turns, troubles))
        if troubles:
            raise troubles[0]
        return len(wanted)

    async def _hinted(self, hints: Sequence[Hint], now: datetime) -> list[_Wanted]:
        """What the hints ask for; deletions are marked at once."""
        found: list[_Wanted] = []
        for telegram_id in dict.fromkeys(hint.channel_id for hint in hints if hint.channel_id is not None):
            own = [hint for hint in hints if hint.channel_id == telegram_id]
            for channel in self._book.heard_of(telegram_id):
                if gone := _ids(own, HintKind.DELETED):
                    async with self._store.begin() as tx:
                        await tx.posts.mark_deleted(channel, gone, now)
                async with self._store.read() as tx:
                    reading = await tx.channels.reading(channel, Source.ACCOUNT)
                wanted = _Wanted(
                    reading,
                    new=any(hint.kind is HintKind.NEW for hint in own),
                    edited=_ids(own, HintKind.EDITED) - gone,
                )
                if (wanted.new or wanted.edited) and _may_be_read(reading, now):
                    found.append(wanted)
        return found

    async def _in_turn(self, wanted: _Wanted, turns: asyncio.Semaphore, troubles: list[CourantError]) -> None:
        async with turns:
            if not troubles and self._rests_until is None:
                try:
                    await self._read(wanted)
                except (SignedOut, StorageError) as error:
                    troubles.append(error)

    async def _read(self, wanted: _Wanted) -> None:
        reading = wanted.reading
        name = reading.channel.name
        try:
            await self._found(wanted)
        except SignedOut:
            raise
        except RateLimited as error:
            self._rest(reading.channel.id, error)
            await self._failed(reading, error, timedelta(seconds=error.seconds))
        except ChannelUnavailable as error:
            await self._failed(reading, error, LONGEST_WAIT)
        except SourceError as error:
            await self._failed(reading, error, back_off(reading.failures))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception as error:  # one strange answer must not keep the other channels from being read
            log.exception("reading %s failed", name)
            await self._failed(reading, SourceError(name, type(error).__name__), back_off(reading.failures))

    def _rest(self, channel: ChannelId, error: RateLimited) -> None:
        """One channel that has to wait holds up no other; a second one at the same time means that all have to."""
        now = self._clock()
        until = now + timedelta(seconds=error.seconds)
        if self._flooded is not None and self._flooded[0] != channel and self._flooded[1] > now:
            self._rests_until = max(until, self._rests_until or until)
            log.info("the account rests until %s: %s", self._rests_until, error.reason)
        self._flooded = channel, until

    async def _found(self, wanted: _Wanted) -> None:
        """Read a channel where it was last, or, where that leads nowhere, where its name leads."""
        peer = self._book.find(wanted.reading.channel)
        if peer is not None:
            try:
                return await self._pages(wanted, peer)
            except ChannelUnavailable:
                await self._book.forget(wanted.reading.channel)
        try:
            stays, peer = await self._book.look_up(wanted.reading.channel)
        except RateLimited as error:
            return await self._wait_for_names(error)
        async with self._store.read() as tx:
            reading = await tx.channels.reading(stays, Source.ACCOUNT)
        return await self._pages(_Wanted(reading, wanted.due, wanted.new, wanted.edited), peer)

    async def _pages(self, wanted: _Wanted, peer: Peer) -> None:
        reading = wanted.reading
        if wanted.edited:
            await self._read_edited(reading, peer, wanted.edited)
        if not (wanted.new or wanted.due):
            return
        cursor = await self._start(reading)
        if not wanted.due and cursor is not None:
            _, posts = await self._forward(reading, peer, cursor)
            await self._was_read(reading, cursor, posts, self._wait(reading, peer, posts))
            return
        # one call, which finds what is new and what was edited or deleted of late
        newest = posts = await self._page(peer)
        first = _first(newest)
        if cursor is None or first <= cursor + 1:
            await self._store_page(reading, newest)
            if newest:
                await self._mark_missing(reading, newest, first, max(_last(newest), cursor or 0))
        else:
            first, posts = await self._forward(reading, peer, cursor)
        await self._was_read(reading, cursor, posts, self._wait(reading, peer, newest))
        await self._sweep(reading, peer, first, len(newest))

    async def _start(self, reading: Reading) -> int | None:
        """The cursor; of a channel that this account has not read yet, that of the web preview."""
        if reading.cursor is not None:
            return reading.cursor
        async with self._store.read() as tx:
            return (await tx.channels.reading(reading.channel.id, Source.WEB)).cursor

    async def _page(self, peer: Peer, after: int | None = None) -> Sequence[NewPost]:
        async with aclosing(self._source.history(peer, after=after)) as pages:
            async for posts in pages:
                return posts
        return ()

    async def _forward(self, reading: Reading, peer: Peer, cursor: int) -> tuple[int, Sequence[NewPost]]:
        """Store all that came after the cursor, the cursor following page by page. Gives the first message id from
        which on all was read (an album may reach behind the cursor) and the last page's posts."""
        first, last = cursor + 1, tuple[NewPost, ...]()
        async with aclosing(self._source.history(peer, after=cursor)) as pages:
            async for posts in pages:
                await self._store_page(reading, posts)
                await self._was_read(reading, cursor, posts, timedelta())
                first, last = min(first, _first(posts)), tuple(posts)
        return first, last

    async def _sweep(self, reading: Reading, peer: Peer, before: int, beside: int) -> None:
        """Compare the posts of the last days that are older than `before`, in slow turn: what no hint told of them is
        found here. `beside`: how many newer ones are there."""
        channel, now = reading.channel.id, self._clock()
        swept, oldest = self._swept.get(channel), reading.oldest
        if oldest is None or oldest >= before or (swept is not None and now - swept < SWEEP_EVERY):
            return
        async with self._store.read() as tx:
            stored = await tx.posts.numbers_of(channel, oldest, before - 1, now - SWEEP_BACK)
        if stored:
            await self._read_back(reading, peer, before, sorted(stored)[-SWEEP_POSTS:][0], beside)
        self._swept[channel] = now

    async def _read_back(self, reading: Reading, peer: Peer, before: int, first: int, beside: int) -> None:
        """Read the posts from `first` to `before` again."""
        found: list[NewPost] = []
        async with aclosing(self._source.history(peer, before=before)) as pages:
            async for posts in pages:
                kept = [post for post in posts if (post.message_id or 0) >= first]
                await self._store_page(reading, kept)
                found.extend(kept)
                if _first(posts) <= first:
                    break
        await self._mark_missing(reading, found, first, before - 1, beside)

    async def _read_edited(self, reading: Reading, peer: Peer, edited: Collection[int]) -> None:
        """Read these messages again; those from before the channel was read are none of ours."""
        left = {number for number in edited if reading.oldest is not None and number >= reading.oldest}
        while left:
            posts = await self._page(peer, after=min(left) - 1)
            await self._store_page(reading, [post for post in posts if not left.isdisjoint(_numbers(post))])
            reached = max(chain.from_iterable(map(_numbers, posts)), default=max(left))
            left = {number for number in left if number > reached}

    async def _store_page(self, reading: Reading, posts: Sequence[NewPost]) -> None:
        """Store posts; one that cannot be taken must not hold up those after it."""
        try:
            await self._intake.take(posts)
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception:
            if len(posts) > 1:
                for post in posts:
                    await self._store_page(reading, [post])
                return
            log.exception("%s/%s is passed over", reading.channel.name, posts[0].message_id)

    async def _mark_missing(
        self, reading: Reading, posts: Sequence[NewPost], first: int, last: int, beside: int = 0
    ) -> None:
        """Mark what is stored from message `first` to `last` and not among these posts, which are all that are there.
        Where more is missing than is there, these and those `beside` them, something else has happened to the channel:
        that is not taken for deletions."""
        seen = {number for post in posts for number in _numbers(post)}
        async with self._store.read() as tx:
            missing = await tx.posts.numbers_of(reading.channel.id, first, last) - seen
        if len(missing) > max(GONE, len(posts) + beside):
            log.warning("%s posts of %s are missing, too many to be deleted ones", len(missing), reading.channel.name)
        elif missing:
            async with self._store.begin() as tx:
                await tx.posts.mark_deleted(reading.channel.id, missing, self._clock())

    def _wait(self, reading: Reading, peer: Peer, posts: Iterable[NewPost]) -> timedelta:
        if reading.channel.every:
            return timedelta(seconds=reading.channel.every)
        if self._book.is_joined(peer):
            return JOINED_WAIT + timedelta(seconds=peer.id % SPREAD)
        dates = [post.date for post in posts if post.date]
        if dates:
            return interval(dates, self._clock())
        return slower(reading.next_at - reading.read_at if reading.next_at and reading.read_at else None)

    async def _was_read(self, reading: Reading, cursor: int | None, posts: Sequence[NewPost], wait: timedelta) -> None:
        numbers = [number for post in posts for number in _numbers(post)]
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

    async def _wait_for_names(self, error: RateLimited) -> None:
        """No name can be looked up for a while: all channels that need it wait, none has failed."""
        waiting = await self._book.unknown(WAYS)
        until = self._clock() + timedelta(seconds=error.seconds)
        log.warning("%s channels wait until %s to be looked up: %s", len(waiting), until, error.reason)
        async with self._store.begin() as tx:
            await tx.channels.postpone(waiting, Source.ACCOUNT, f"waits to be looked up: {error.reason}", until)

    async def _failed(self, reading: Reading, error: SourceError, wait: timedelta) -> None:
        if not reading.failures:
            # Telegram's limits are daily bread, and one is told for each channel that it holds up
            level = logging.INFO if isinstance(error, RateLimited) else logging.WARNING
            log.log(level, "%s; again in %s", error, wait)
        async with self._store.begin() as tx:
            await tx.channels.failed(reading.channel.id, Source.ACCOUNT, error.reason, self._clock() + wait)


async def _next(hints: AsyncIterator[Hint]) -> Hint:
    return await anext(hints)


def _may_be_read(reading: Reading, now: datetime) -> bool:
    """Whether a hint may shorten the wait: not for a channel that is read otherwise, nor for one that is at rest."""
    channel: Channel = reading.channel
    rests = reading.failures > 0 and reading.next_at is not None and reading.next_at > now
    return channel.active and channel.source in WAYS and not rests


def _ids(hints: Iterable[Hint], kind: HintKind) -> frozenset[int]:
    return frozenset(number for hint in hints if hint.kind is kind for number in hint.message_ids)


def _first(posts: Iterable[NewPost]) -> int:
    """The lowest message id of these posts, 0 of none."""
    return min((post.message_id or 0 for post in posts), default=0)


def _last(posts: Iterable[NewPost]) -> int:
    """The highest message id of these posts, 0 of none."""
    return max(chain.from_iterable(map(_numbers, posts)), default=0)


def _numbers(post: NewPost) -> tuple[int, ...]:
    """The ids of all messages of a post."""
    return (post.message_id or 0, *post.album_ids)
