"""The shell around an account: channels are read as far as their cursor when they are due, or sooner where a hint came.

    hint or timer ── find the channel ── history ── store each page ── move the cursor

Hints only shorten the wait: whatever they miss is found when the channel is due. Each page is stored before the cursor
moves past it, so a kill at any point loses nothing; what is read twice is compared and changes nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
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
from core.model import Channel, ChannelId, Reading, Source
from ingest.account_pages import ChannelPages, Wanted
from ingest.account_peers import AddressBook
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off
from ingest.telegram import Hint, HintKind, TelegramSource
from storage.store import Store

WAYS = ("account", "auto")
BATCH = 20
AT_ONCE = 4  # channels
IDLE_SECONDS = 5.0
SLOW_WAIT = timedelta(minutes=15)  # before an account is tried again that needs its owner
SIGNED_OUT = "the account is signed out: sign in with `courant login`"

log = logging.getLogger(__name__)


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
        self._pages = ChannelPages(store, source, intake, clock, self._book)
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
        wanted = {reading.channel.id: Wanted(reading, due=True) for reading in due}
        for each in await self._hinted(hints, now):
            known = wanted.get(each.reading.channel.id)
            wanted[each.reading.channel.id] = Wanted(each.reading, known is not None, each.new, each.edited)
        troubles: list[CourantError] = []
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for each in wanted.values():
                group.create_task(self._in_turn(each, turns, troubles))
        if troubles:
            raise troubles[0]
        return len(wanted)

    async def _hinted(self, hints: Sequence[Hint], now: datetime) -> list[Wanted]:
        """What the hints ask for; deletions are marked at once."""
        found: list[Wanted] = []
        for telegram_id in dict.fromkeys(hint.channel_id for hint in hints if hint.channel_id is not None):
            own = [hint for hint in hints if hint.channel_id == telegram_id]
            for channel in self._book.heard_of(telegram_id):
                if gone := _ids(own, HintKind.DELETED):
                    async with self._store.begin() as tx:
                        await tx.posts.mark_deleted(channel, gone, now)
                async with self._store.read() as tx:
                    reading = await tx.channels.reading(channel, Source.ACCOUNT)
                wanted = Wanted(
                    reading,
                    new=any(hint.kind is HintKind.NEW for hint in own),
                    edited=_ids(own, HintKind.EDITED) - gone,
                )
                if (wanted.new or wanted.edited) and _may_be_read(reading, now):
                    found.append(wanted)
        return found

    async def _in_turn(self, wanted: Wanted, turns: asyncio.Semaphore, troubles: list[CourantError]) -> None:
        async with turns:
            if not troubles and self._rests_until is None:
                try:
                    await self._read(wanted)
                except (SignedOut, StorageError) as error:
                    troubles.append(error)

    async def _read(self, wanted: Wanted) -> None:
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

    async def _found(self, wanted: Wanted) -> None:
        """Read a channel where it was last, or, where that leads nowhere, where its name leads."""
        peer = self._book.find(wanted.reading.channel)
        if peer is not None:
            try:
                return await self._pages.read(wanted, peer)
            except ChannelUnavailable:
                await self._book.forget(wanted.reading.channel)
        try:
            stays, peer = await self._book.look_up(wanted.reading.channel)
        except RateLimited as error:
            return await self._wait_for_names(error)
        async with self._store.read() as tx:
            reading = await tx.channels.reading(stays, Source.ACCOUNT)
        return await self._pages.read(replace(wanted, reading=reading), peer)

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
