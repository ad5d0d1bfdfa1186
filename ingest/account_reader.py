"""The shell around an account: the channels whose way it is are read when they are due, or sooner where a hint came.

    hint or timer ── find the channel ── history ── store each page ── move the cursor

Hints only shorten the wait: whatever they miss is found when the channel is due. Each page is stored before the cursor
moves past it, so a kill at any point loses nothing; what is read twice is compared and changes nothing. What the
account cannot read is kept in the tables, and `ways` gives it to another account or to the web preview.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.clock import Clock
from core.errors import (
    CannotJoin,
    ChannelUnavailable,
    CourantError,
    RateLimited,
    SettingsError,
    SignedOut,
    SourceError,
    StorageError,
)
from core.model import ChannelId, Reading, Source
from ingest.account_fares import Fares
from ingest.account_pages import ChannelPages, Wanted
from ingest.account_peers import AddressBook
from ingest.folders import FolderReader
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off
from ingest.telegram import TelegramSource
from ingest.telegram_errors import ACCOUNT
from ingest.telegram_values import Hint, HintKind
from ingest.troubles import Troubles
from ingest.ways import Ways
from storage.store import Store

BATCH = 20  # channels that are begun and not done yet
AT_ONCE = 4  # of them
IDLE_SECONDS = 5.0
IDLE = timedelta(seconds=IDLE_SECONDS)
SLOW_WAIT = timedelta(minutes=15)  # at most, before an account that is out is tried again

log = logging.getLogger(__name__)
_ALL = Hint(kind=HintKind.RECONNECTED)


class AccountReader:
    """Reads the channels whose way is this account."""

    def __init__(
        self,
        store: Store,
        source: TelegramSource,
        intake: Intake,
        clock: Clock,
        ways: Ways,
        *,
        folders: FolderReader | None = None,
        troubles: Troubles | None = None,
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        """`source` is not connected yet where `run` is called, and is where `step` is; `folders` are read beside the
        channels; `troubles` hears of what cannot be read, and tells the administrators; `sleep` waits for so many of
        the clock's seconds."""
        self.name = source.name
        self._store, self._source, self._clock, self._ways, self._sleep = store, source, clock, ways, sleep
        self._folders, self._troubles = folders, troubles or Troubles(clock)
        self._book = AddressBook(store, source, clock)
        self._fares = Fares(source.name, store, clock, ways, self._troubles)
        self._pages = ChannelPages(store, source, intake, clock, self._book)
        self._busy: dict[ChannelId, bool] = {}  # begun and not done; whether they were due
        self._turns, self._looking_up = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(1)
        self._pushed = asyncio.Semaphore(AT_ONCE)  # these turns are never held by who waits for the account's pace
        self._later: list[Hint] = []  # about channels that are busy
        self._awaited: set[ChannelId] = set()  # these channels
        self._again: set[ChannelId] = set()  # channels that were being read when what was told of them was lost
        self._more = False  # due channels wait for others to be done
        self._looked_at: datetime | None = None  # for due channels
        self._wake = asyncio.Event()
        self._trouble: CourantError | None = None
        self._failures = 0
        self._unanswered = 0  # calls in a row

    @property
    def is_busy(self) -> bool:
        """Whether channels are being read."""
        return bool(self._busy)

    # ---- life
    async def run(self) -> None:
        """Connect and read until cancelled; an account that is signed out is told once and tried again slowly."""
        while True:
            try:
                async with self._source:
                    await self._follow()
            except (SourceError, SettingsError) as error:
                wait = min(back_off(self._failures), SLOW_WAIT) if type(error) is SourceError else SLOW_WAIT
                await self._fares.is_out(error, self._failures + 1)
            except Exception:
                log.exception("reading with account %s failed", self.name)
                wait = min(back_off(self._failures), SLOW_WAIT)
            self._failures += 1
            await self._sleep(wait.total_seconds())

    async def _follow(self) -> None:
        self._book.reopen()
        hints = [_ALL]
        async with _workers() as group:
            while True:
                try:
                    for wanted in await self._choose(hints):
                        self._begin(wanted, group)
                    self._begin_folders(group)
                    self._failures = 0
                    self._fares.is_in()
                    hints = await self._listen()
                    self._check()
                except StorageError as error:
                    log.error("channels wait: %s", error)
                    await self._sleep(IDLE_SECONDS)
                    hints = [_ALL]  # which hints were followed is not known

    async def _listen(self) -> list[Hint]:
        """The hints that are there, and before that a little waiting for one, or for channels to be done."""
        heard: list[Hint] = []
        async with aclosing(self._source.live()) as live:
            async with asyncio.TaskGroup() as group:
                first = group.create_task(_next(live))
                waits = (first, *(group.create_task(each) for each in (self._sleep(IDLE_SECONDS), self._woken())))
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                for each in waits:
                    each.cancel()
            if first.cancelled():
                return heard
            heard.append(first.result())
            try:
                while True:
                    async with asyncio.timeout(0):
                        heard.append(await anext(live))
            except TimeoutError:
                return heard

    async def _woken(self) -> None:
        await self._wake.wait()
        self._wake.clear()

    def _check(self) -> None:
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            raise trouble

    async def step(self, hints: Sequence[Hint] = ()) -> int:
        """Follow these hints and read the channels that are due now, to the end; gives how many there were.

        Raises SignedOut, StorageError, and SourceError where Telegram does not answer at all; what else goes wrong with
        a channel is kept with it.
        """
        try:
            chosen = await self._choose(hints)
            async with asyncio.TaskGroup() as group:
                for wanted in chosen:
                    self._begin(wanted, group)
                self._begin_folders(group)
            self._check()
        except SignedOut as error:
            await self._fares.is_out(error, self._failures + 1)
            raise
        return len(chosen)

    # ---- what is to be read
    async def _choose(self, hints: Sequence[Hint]) -> Sequence[Wanted]:
        """What is to be begun now, as these hints and the clock say. Raises SignedOut and StorageError."""
        hints = [*self._later, *hints]
        self._later = []
        self._awaited.clear()
        await self._fares.remember()
        if self._fares.rests():
            self._later = [_ALL]  # those that come meanwhile are not followed
            return ()
        has_changed = await self._book.refresh()
        is_lost = any(hint.channel_id is None for hint in hints)  # what was told of channels meanwhile
        await self._settle(at_once=has_changed, at_leisure=is_lost or not hints)
        now = self._clock()
        if is_lost:
            async with self._store.begin() as tx:
                await tx.channels.all_due(self.name, now)
            self._again.update(self._busy)  # when they are done they say when they are due, which undoes this
        # what is begun hears no push before it is done, so that few are to wait for the account's pace
        room = max(0, min(BATCH, max(1, self._source.pages_free)) - sum(self._busy.values()))
        names = () if self._looking_up.locked() else self._ways.to_find(self.name, self._book.budget.left)
        told = await self._told_of(hints, now)
        again = self._again - self._busy.keys()
        self._again -= again
        asked = told.keys() | again
        looks = self._is_to_look(hints, now)
        async with self._store.read() as tx:
            # one more than can be begun, so that it shows whether others wait
            most = room + len(self._busy) + 1
            due = await tx.channels.due(Source.ACCOUNT, now, most, account=self.name) if looks else ()
            unknown = await tx.channels.readings(Source.ACCOUNT, names) if names else ()
            named = await tx.channels.readings(Source.ACCOUNT, asked) if asked else ()
        free = [reading for reading in due if reading.channel.id not in self._busy]
        self._more = len(free) > room
        found = (*free[:room], *(reading for reading in unknown if reading.channel.id not in self._busy))
        wanted = {reading.channel.id: Wanted(reading, due=True) for reading in found}
        for reading in named:
            channel = reading.channel.id
            new, edited = told.get(channel, (False, frozenset()))
            if self._may_be_read(reading, now):
                wanted[channel] = Wanted(reading, channel in wanted or channel in again, new, edited)
        return tuple(wanted.values())

    async def _settle(self, *, at_once: bool, at_leisure: bool) -> None:
        """Settle the ways: now, or unless that was done a moment ago. What was pushed waits for neither."""
        if await self._fares.reads():
            return  # which settles them
        if at_once:
            await self._ways.settle()
        elif at_leisure:
            await self._ways.keep_settled()

    def _is_to_look(self, hints: Sequence[Hint], now: datetime) -> bool:
        """Whether to look for due channels. That takes longer the more channels there are, and what is pushed says
        nothing of others: where nothing is known to wait, that they are looked for every few seconds is enough."""
        is_pushed = bool(hints) and all(hint.channel_id is not None for hint in hints)
        recently = self._looked_at is not None and timedelta() <= now - self._looked_at < IDLE
        if is_pushed and recently and not self._more:
            return False
        self._looked_at = now
        return True

    async def _told_of(self, hints: Sequence[Hint], now: datetime) -> dict[ChannelId, tuple[bool, frozenset[int]]]:
        """The channels that hints tell of and that are not busy: whether something is new there, and what was edited.
        Deletions are marked at once."""
        told: dict[ChannelId, tuple[bool, frozenset[int]]] = {}
        by_number: dict[int, list[Hint]] = {}
        for hint in hints:
            if hint.channel_id is not None:
                by_number.setdefault(hint.channel_id, []).append(hint)
        gone: dict[ChannelId, frozenset[int]] = {}
        for number, channels in self._book.heard_of(by_number).items():
            own = by_number[number]
            if not self._busy.keys().isdisjoint(channels):
                self._later.extend(own)
                self._awaited.update(channels)
                continue
            deleted = _ids(own, HintKind.DELETED)
            new, edited = any(hint.kind is HintKind.NEW for hint in own), _ids(own, HintKind.EDITED) - deleted
            for channel in channels:
                if deleted:
                    gone[channel] = deleted
                if new or edited:
                    told[channel] = new, edited
        if gone:
            async with self._store.begin() as tx:
                for channel, deleted in gone.items():
                    await tx.posts.mark_deleted(channel, deleted, now)
        return told

    def _may_be_read(self, reading: Reading, now: datetime) -> bool:
        """Whether a hint may shorten the wait: not for a channel that another way reads, nor for one that rests."""
        rests = reading.failures > 0 and reading.next_at is not None and reading.next_at > now
        return reading.channel.way == self.name and not rests

    # ---- reading
    def _begin_folders(self, group: asyncio.TaskGroup) -> None:
        """Read the folders that are due, beside the channels."""
        if self._folders is not None and not self._fares.rests() and self._folders.is_to_look():
            group.create_task(self._read_folders(self._folders))

    async def _read_folders(self, folders: FolderReader) -> None:
        try:
            if await folders.read(self._book):
                await self._ways.settle()
                self._wake.set()
        except (SignedOut, StorageError) as error:
            self._trouble = self._trouble or error
            self._wake.set()

    def _begin(self, wanted: Wanted, group: asyncio.TaskGroup) -> None:
        self._busy[wanted.reading.channel.id] = wanted.due
        group.create_task(self._in_turn(wanted))

    async def _in_turn(self, wanted: Wanted) -> None:
        """Read a channel when it is its turn. One that is slow takes only its own turn; looking up takes none."""
        channel = wanted.reading.channel
        turns = self._turns if wanted.due else self._pushed
        try:
            async with self._looking_up if self._book.find(channel) is None else turns:
                if self._trouble is None and not self._fares.rests():
                    await self._read(wanted)
                    await self._count_odd()
        except (SignedOut, StorageError) as error:
            self._trouble = self._trouble or error
        finally:
            del self._busy[channel.id]
            more = self._more and sum(self._busy.values()) < AT_ONCE
            if more or channel.id in self._awaited | self._again or self._trouble is not None:
                self._wake.set()

    async def _read(self, wanted: Wanted) -> None:
        reading = wanted.reading
        name = reading.channel.name
        try:
            await self._found(wanted)
            self._unanswered = 0
            if reading.channel.join:
                await self._book.join(reading.channel)
        except SignedOut:
            raise
        except RateLimited as error:
            await self._fares.flooded(reading.channel.id, error)
            await self._fares.failed(reading, error, timedelta(seconds=error.seconds))
        except ChannelUnavailable as error:
            await self._fares.failed(reading, error, LONGEST_WAIT)
        except CannotJoin as error:
            await self._fares.failed(reading, error, timedelta(seconds=error.seconds))
        except SourceError as error:
            self._unanswered = self._unanswered + 1 if isinstance(error.__cause__, TimeoutError) else 0
            if self._unanswered >= AT_ONCE:
                self._trouble = self._trouble or SourceError(ACCOUNT, "Telegram does not answer")
            await self._fares.failed(reading, error, back_off(reading.failures))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception as error:  # one strange answer must not keep the other channels from being read
            log.exception("reading %s failed", name)
            await self._fares.failed(reading, SourceError(name, type(error).__name__), back_off(reading.failures))

    async def _count_odd(self) -> None:
        """Count what made no sense and was passed over; the first of each kind is told."""
        for (channel, what), number in self._source.take_odd().items():
            words = f"Account {self.name}, {channel}: {what}. It is passed over, and counted where it comes again"
            if told := self._troubles.odd(what, number, words):
                await self._troubles.tell(told)

    async def _found(self, wanted: Wanted) -> None:
        """Read a channel where it was last, or, where that leads nowhere, where its name leads."""
        peer = self._book.find(wanted.reading.channel)
        if peer is not None:
            try:
                await self._pages.read(wanted, peer)
                return
            except ChannelUnavailable:
                await self._book.forget(wanted.reading.channel)
        try:
            stays, peer = await self._book.look_up(wanted.reading.channel)
        except RateLimited as error:
            await self._wait_for_names(error)
            return
        await self._ways.settle({wanted.reading.channel.id, stays})  # whoever read it hands over its cursor
        async with self._store.read() as tx:
            reading = await tx.channels.reading(stays, Source.ACCOUNT)
        if reading.channel.way == self.name:
            await self._pages.read(replace(wanted, reading=reading), peer)

    # ---- what cannot be read
    async def _wait_for_names(self, error: RateLimited) -> None:
        """No name can be looked up for a while: all channels that need it wait, none has failed."""
        waiting = await self._book.unknown(self._ways.to_find(self.name))
        now = self._clock()
        until = now + timedelta(seconds=error.seconds)
        log.warning("%s channels wait until %s to be looked up: %s", len(waiting), until, error.reason)
        async with self._store.begin() as tx:
            reason = f"waits to be looked up: {error.reason}"
            await tx.channels.postpone(waiting, Source.ACCOUNT, reason, until, now=now)
        await self._ways.settle()


@asynccontextmanager
async def _workers() -> AsyncIterator[asyncio.TaskGroup]:
    """A group whose tasks end with the block; what the block raises comes out as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def _next(hints: AsyncIterator[Hint]) -> Hint:
    return await anext(hints)


def _ids(hints: Iterable[Hint], kind: HintKind) -> frozenset[int]:
    return frozenset(number for hint in hints if hint.kind is kind for number in hint.message_ids)
