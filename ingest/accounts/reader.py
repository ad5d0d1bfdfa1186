"""The shell around an account: the channels whose way it is are read when they are due, or sooner where a hint came.

    hint or timer ── find the channel ── history ── store each page ── move the cursor

Hints only shorten the wait: whatever they miss is found when the channel is due. Each page is stored before the cursor
moves past it, so a kill at any point loses nothing; what is read twice is compared and changes nothing. What the
account cannot read is kept in the tables, and `ways` gives it to another account or to the web preview.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from core.clock import Clock, Sleep
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
from core.model import Source
from ingest.accounts.agenda import ALL, AT_ONCE, IDLE_SECONDS, Agenda
from ingest.accounts.fares import Fares
from ingest.accounts.folders import FolderReader
from ingest.accounts.pages import ChannelPages, Wanted
from ingest.accounts.peers import AddressBook
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off
from ingest.telegram.errors import ACCOUNT
from ingest.telegram.source import TelegramSource
from ingest.telegram.values import Hint
from ingest.troubles import Troubles
from ingest.ways import Ways
from storage.store import Store

SLOW_WAIT = timedelta(minutes=15)  # at most, before an account that is out is tried again

log = logging.getLogger(__name__)


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
        sleep: Sleep = asyncio.sleep,
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
        self._agenda = Agenda(store, source, clock, ways, self._book, self._fares)
        self._turns, self._looking_up = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(1)
        self._pushed = asyncio.Semaphore(AT_ONCE)  # these turns are never held by who waits for the account's pace
        self._wake = asyncio.Event()
        self._trouble: CourantError | None = None
        self._failures = 0
        self._unanswered = 0  # calls in a row

    @property
    def is_busy(self) -> bool:
        """Whether channels are being read."""
        return self._agenda.is_busy

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
        hints = [ALL]
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
                    hints = [ALL]  # which hints were followed is not known

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

    async def _choose(self, hints: Sequence[Hint]) -> Sequence[Wanted]:
        return await self._agenda.choose(hints, looks_up=self._looking_up.locked())

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
        self._agenda.begun(wanted)
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
            if self._agenda.done(channel.id) or self._trouble is not None:
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
            words = f"Account {self.name}, {channel}: {what}. This is told once, and counted where it comes again"
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
