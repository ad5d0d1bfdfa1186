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
    AccountBanned,
    CannotJoin,
    ChannelUnavailable,
    CourantError,
    RateLimited,
    SettingsError,
    SignedOut,
    SourceError,
    StorageError,
)
from core.model import WEB_WAY, AccountState, Channel, ChannelId, Reading, Refusal, Source
from ingest.account_pages import ChannelPages, Wanted
from ingest.account_peers import AddressBook
from ingest.folders import FolderReader
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off
from ingest.telegram import TelegramSource
from ingest.telegram_answers import Unreadable
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
LONG_SILENCE = timedelta(hours=1)  # after which the administrators hear that an account cannot be reached
LONG = timedelta(minutes=5)  # what has to wait longer is read by another way meanwhile
PATIENT = 3  # failures in a row after which a channel, or all of them, are read by another way

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
        self._flooded: tuple[ChannelId, datetime] | None = None
        self._rests_until: datetime | None = None
        self._state: AccountState | None = None
        self._since: datetime | None = None  # it is in this state
        self._is_known = False  # to the administrators, that it reads nothing
        self._told: str | None = None  # in the log
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
                await self._is_out(error)
            except Exception:
                log.exception("reading with account %s failed", self.name)
                wait = min(back_off(self._failures), SLOW_WAIT)
            self._failures += 1
            await self._sleep(wait.total_seconds())

    async def _is_out(self, error: CourantError) -> None:
        """Nothing can be read: say so once, and let the other ways take over, where that is no passing thing."""
        words = reason_of(self.name, error)
        if words != self._told:
            log.error("account %s: %s", self.name, words)
        self._told = words
        if isinstance(error, AccountBanned):
            state = AccountState.BANNED
        elif isinstance(error, SignedOut | SettingsError):
            state = AccountState.SIGNED_OUT
        elif self._failures + 1 >= PATIENT:
            state = AccountState.UNREACHABLE
        else:
            return
        try:
            await self._remember()
            await self._fares(state, reason=words)
        except StorageError as failed:
            log.error("how account %s fares cannot be kept: %s", self.name, failed)

    async def _fares(self, state: AccountState, *, until: datetime | None = None, reason: str | None = None) -> None:
        """Keep how the account fares; the administrators are told where it reads nothing, and when it reads again."""
        now = self._clock()
        is_new = self._state is not state
        if is_new or self._since is None:
            self._state, self._since = state, now
        news = None
        if state is AccountState.READING and self._is_known:
            news = f"Account {self.name} reads again."
        elif state in (AccountState.SIGNED_OUT, AccountState.BANNED) and is_new and reason:
            news = f"Account {self.name} reads nothing any more. {reason[0].upper()}{reason[1:]}."
        elif state is AccountState.UNREACHABLE and not self._is_known and now - self._since >= LONG_SILENCE:
            news = f"Account {self.name} could not be reached since {self._since:%Y-%m-%d %H:%M} UTC: {reason}."
        if news:
            self._is_known = state is not AccountState.READING
        async with self._store.begin() as tx:
            await tx.accounts.fares(self.name, state, now, until=until, reason=reason, told=self._is_known)
        await self._ways.settle()
        if news:
            await self._troubles.tell(news)

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
                    if self._told is not None:
                        log.info("account %s reads again", self.name)
                    self._told = None
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
            await self._is_out(error)
            raise
        return len(chosen)

    # ---- what is to be read
    async def _choose(self, hints: Sequence[Hint]) -> Sequence[Wanted]:
        """What is to be begun now, as these hints and the clock say. Raises SignedOut and StorageError."""
        hints = [*self._later, *hints]
        self._later = []
        self._awaited.clear()
        await self._remember()
        if self._rests():
            self._later = [_ALL]  # those that come meanwhile are not followed
            return ()
        new = await self._book.refresh()
        if self._state is not AccountState.READING:
            await self._fares(AccountState.READING)
        elif new:
            await self._ways.settle()
        elif any(hint.channel_id is None for hint in hints) or not hints:
            await self._ways.keep_settled()  # what was pushed does not wait for it
        now = self._clock()
        if any(hint.channel_id is None for hint in hints):
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

    def _is_to_look(self, hints: Sequence[Hint], now: datetime) -> bool:
        """Whether to look for due channels. That takes longer the more channels there are, and what is pushed says
        nothing of others: where nothing is known to wait, that they are looked for every few seconds is enough."""
        is_pushed = bool(hints) and all(hint.channel_id is not None for hint in hints)
        recently = self._looked_at is not None and timedelta() <= now - self._looked_at < IDLE
        if is_pushed and recently and not self._more:
            return False
        self._looked_at = now
        return True

    async def _remember(self) -> None:
        """How the account fared before a restart."""
        if self._state is not None:
            return
        async with self._store.read() as tx:
            before = {each.name: each for each in await tx.accounts.all()}.get(self.name)
        if before is not None:
            self._state, self._since, self._is_known = before.state, before.since, before.told
            self._rests_until = before.until if before.state is AccountState.RESTING else None

    def _rests(self) -> bool:
        if self._rests_until is None:
            return False
        if self._clock() < self._rests_until:
            return True
        self._rests_until = None
        return False

    async def _told_of(self, hints: Sequence[Hint], now: datetime) -> dict[ChannelId, tuple[bool, frozenset[int]]]:
        """The channels that hints tell of and that are not busy: whether something is new there, and what was edited.
        Deletions are marked at once."""
        told: dict[ChannelId, tuple[bool, frozenset[int]]] = {}
        by_number: dict[int, list[Hint]] = {}
        for hint in hints:
            if hint.channel_id is not None:
                by_number.setdefault(hint.channel_id, []).append(hint)
        for number, own in by_number.items():
            channels = self._book.heard_of(number)
            if not self._busy.keys().isdisjoint(channels):
                self._later.extend(own)
                self._awaited.update(channels)
                continue
            gone = _ids(own, HintKind.DELETED)
            new, edited = any(hint.kind is HintKind.NEW for hint in own), _ids(own, HintKind.EDITED) - gone
            for channel in channels:
                if gone:
                    async with self._store.begin() as tx:
                        await tx.posts.mark_deleted(channel, gone, now)
                if new or edited:
                    told[channel] = new, edited
        return told

    def _may_be_read(self, reading: Reading, now: datetime) -> bool:
        """Whether a hint may shorten the wait: not for a channel that another way reads, nor for one that rests."""
        rests = reading.failures > 0 and reading.next_at is not None and reading.next_at > now
        return reading.channel.way == self.name and not rests

    # ---- reading
    def _begin_folders(self, group: asyncio.TaskGroup) -> None:
        """Read the folders that are due, beside the channels."""
        if self._folders is not None and not self._rests() and self._folders.is_to_look():
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
                if self._trouble is None and self._rests_until is None:
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
                await self._join(reading.channel)
        except SignedOut:
            raise
        except RateLimited as error:
            await self._rest(reading.channel.id, error)
            await self._failed(reading, error, timedelta(seconds=error.seconds))
        except ChannelUnavailable as error:
            await self._failed(reading, error, LONGEST_WAIT)
        except CannotJoin as error:
            await self._failed(reading, error, timedelta(seconds=error.seconds))
        except SourceError as error:
            self._unanswered = self._unanswered + 1 if isinstance(error.__cause__, TimeoutError) else 0
            if self._unanswered >= AT_ONCE:
                self._trouble = self._trouble or SourceError(ACCOUNT, "Telegram does not answer")
            await self._failed(reading, error, back_off(reading.failures))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception as error:  # one strange answer must not keep the other channels from being read
            log.exception("reading %s failed", name)
            await self._failed(reading, SourceError(name, type(error).__name__), back_off(reading.failures))

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

    async def _join(self, channel: Channel) -> None:
        """Become a member where that is wanted, as seldom as an account may; to fail at it is no failure of reading."""
        peer = self._book.find(channel)
        if peer is None or self._book.is_joined(peer) or await self._book.refused(channel) is not None:
            return
        if not await self._book.may_join():
            return
        try:
            await self._source.join(peer)
        except (RateLimited, CannotJoin, ChannelUnavailable) as error:
            level = logging.INFO if isinstance(error, RateLimited) else logging.WARNING
            log.log(level, "account %s has not joined %s", self.name, error)
            await self._book.not_joined(channel, error)
            return
        await self._book.has_joined(channel, peer)
        log.info("account %s has joined %s", self.name, channel.name)

    # ---- what cannot be read
    async def _rest(self, channel: ChannelId, error: RateLimited) -> None:
        """One channel that has to wait holds up no other; a second one at the same time means that all have to."""
        now = self._clock()
        until = now + timedelta(seconds=error.seconds)
        if self._flooded is not None and self._flooded[0] != channel and self._flooded[1] > now:
            self._rests_until = max(until, self._rests_until or until)
            log.info("account %s rests until %s: %s", self.name, self._rests_until, error.reason)
            if self._rests_until - now > LONG:
                await self._fares(AccountState.RESTING, until=self._rests_until, reason=error.reason)
        self._flooded = channel, until

    async def _wait_for_names(self, error: RateLimited) -> None:
        """No name can be looked up for a while: all channels that need it wait, none has failed."""
        waiting = await self._book.unknown(self._ways.to_find(self.name))
        until = self._clock() + timedelta(seconds=error.seconds)
        log.warning("%s channels wait until %s to be looked up: %s", len(waiting), until, error.reason)
        async with self._store.begin() as tx:
            await tx.channels.postpone(waiting, Source.ACCOUNT, f"waits to be looked up: {error.reason}", until)
        await self._ways.settle()

    async def _failed(self, reading: Reading, error: SourceError, wait: timedelta) -> None:
        """Keep why and for how long; what takes long is refused, so that another way takes the channel over."""
        channel, until, closed = reading.channel.id, self._clock() + wait, False
        self._troubles.count(error.cause)
        if not reading.failures:
            # Telegram's limits are daily bread, and one is told for each channel that it holds up
            level = logging.INFO if isinstance(error, RateLimited) else logging.WARNING
            log.log(level, "%s; again in %s", error, wait)
        async with self._store.begin() as tx:
            for now in await tx.channels.readings(Source.ACCOUNT, [channel]):  # its way may have changed meanwhile
                if now.channel.way in (self.name, WEB_WAY, None):
                    await tx.channels.failed(channel, Source.ACCOUNT, error.reason, until)
                if now.channel.way != self.name or _takes_long(error, wait, now.failures + 1):
                    refusal = Refusal(channel=channel, account=self.name, until=until, reason=error.reason)
                    new = await tx.accounts.refuse(refusal)
                    closed = new and now.read_at is not None and isinstance(error, ChannelUnavailable)
        await self._ways.settle([channel])
        if isinstance(error, Unreadable) and (words := self._troubles.again(error, reading.failures)):
            await self._troubles.tell(words)
        if closed:
            words = f"Account {self.name} cannot read {error} (it could before). More on it: courant channels"
            await self._troubles.tell(words)


def _takes_long(error: SourceError, wait: timedelta, failures: int) -> bool:
    if isinstance(error, CannotJoin):  # another account may be let in meanwhile
        return True
    return wait > LONG if isinstance(error, RateLimited | ChannelUnavailable) else failures >= PATIENT


def reason_of(account: str, error: CourantError) -> str:
    """Why an account cannot read, and what to do about it."""
    if isinstance(error, AccountBanned):
        return error.reason
    if isinstance(error, SignedOut):
        return f"signed out: sign in with `courant login --account {account}`"
    return error.reason if isinstance(error, SourceError) else str(error)


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
