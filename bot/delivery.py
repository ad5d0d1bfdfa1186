"""The one sender: what waits in the outbox goes out, within Telegram's limits, never twice, never lost silently."""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.exceptions import AiogramError

from bot.arrivals import come_back
from bot.corrections import Mender
from bot.limits import Limits
from bot.looks import Looks
from bot.outgoing import Payload, call, payload, plain, without_buttons
from bot.rests import Rests
from bot.verdicts import Arrived, Closed, Left, Moved, Refused, Unknown, Unread, Unsure, Verdict, Wait, verdict
from bot.views.digest import in_doubt
from core.clock import Clock, Monotonic
from core.errors import StorageError
from core.model import DigestId, Part, PartId, Reader, ReaderState
from storage.outbox import LONGEST_WAIT
from storage.store import Store, Transaction

log = logging.getLogger(__name__)
_BATCH = 100  # parts looked at in one round
_MOST_HELD = 500  # chats that are left out of it
# Messages, as many as may go in a second: where all of them hang it is Telegram that hangs, and each may be in doubt.
_MOST_ON_THEIR_WAY = 30
_PATIENCE = 1.0  # seconds that a round waits for its messages; those that take longer hold up their own chats only
_POLL = 2.0  # seconds after which the outbox is looked at without a hint
_GRACE = 40.0  # seconds that messages on their way are given when the sender is stopped: a call takes at most 30
_CLOSED = timedelta(hours=1)  # after which a chat is tried again in which nobody may write


class Sender:
    """Sends what waits. Only one may run on a database: it owns the bot's rate limit."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        clock: Clock,
        *,
        wake: asyncio.Event,
        looks: Looks,
        limits: Limits | None = None,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        """`wake` is set where something new waits; `monotonic` gives seconds that only grow, for the limits."""
        self._store, self._bot, self._clock, self._wake, self._looks = store, bot, clock, wake, looks
        self._limits = limits or Limits()
        self._monotonic = monotonic
        self._mender = Mender(store, clock)
        self._rests = Rests()
        self._on_their_way: dict[int, asyncio.Task[bool]] = {}  # by chat
        self._unsettled: dict[PartId, tuple[Part, Verdict]] = {}  # what became of these is not written down yet

    async def run(self) -> None:
        """Send until cancelled; messages on their way are then waited for."""
        await self.recover()
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                looking = group.create_task(self._logged_round(group))
                try:
                    seconds = await asyncio.shield(looking)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(seconds):
                            await self._wake.wait()
                except asyncio.CancelledError:
                    await self._finish(looking)
                    raise

    async def recover(self) -> int:
        """Parts that were being sent when the process died may have arrived: their readers are asked. How many."""
        async with self._store.begin() as tx:
            interrupted = await tx.outbox.interrupted()
            there = {reader.id for reader in await tx.readers.hold([part.reader.id for part in interrupted])}
            parts = [part for part in interrupted if part.reader.id in there]  # the others have had all forgotten
            for part in parts:
                await self._doubt(tx, part, "the process ended while it was being sent")
        return len(parts)

    async def round(self) -> float:
        """Send once what may be sent now; gives the seconds after which another round is worth it."""
        async with asyncio.TaskGroup() as group:
            return await self._round(group)

    async def _round(self, group: asyncio.TaskGroup) -> float:
        """The same, the messages being tasks of this group: of those that take long it does not see the end."""
        for part, said in list(self._unsettled.values()):
            if not await self._settle(part, said):
                return _POLL
        if (room := _MOST_ON_THEIR_WAY - len(self._on_their_way)) <= 0:
            return _POLL
        held = self._held()
        busy = [*self._on_their_way, *held]
        async with self._store.read() as tx:  # one chat with many topics must not fill what is looked at
            parts = await tx.outbox.waiting(self._clock(), _BATCH, busy[:_MOST_HELD])
        mended = await self._mended(parts)
        chosen, seconds = self._choose((part for part in parts if part.digest not in mended), room)
        tasks = [self._set_out(part, group) for part in chosen]
        if tasks and not all(task.result() for task in (await asyncio.wait(tasks, timeout=_PATIENCE))[0]):
            return _POLL
        return min(seconds, 0.0 if chosen or mended else _POLL, *held.values())

    async def drain(self) -> None:
        """Send all that waits now, without regard to limits: for a server that is our own."""
        while True:
            async with self._store.read() as tx:
                parts = await tx.outbox.waiting(self._clock(), _BATCH)
            if not parts:
                return
            mended = await self._mended(parts)
            for part in parts:
                if part.digest not in mended and not await self._send(part):
                    return

    async def _mended(self, parts: Sequence[Part]) -> Collection[DigestId]:
        """The digests of these parts that had to be made anew, for their posts have changed; where that fails they go
        as they are, and the next digest tells what is no longer so."""
        try:
            return await self._mender.mend(parts)
        except Exception:
            log.exception("what waits could not be corrected and is sent as it is")
            return ()

    async def _logged_round(self, group: asyncio.TaskGroup) -> float:
        try:
            return await self._round(group)
        except Exception:
            log.exception("a round of sending failed; the next one follows")
            return _POLL

    async def _finish(self, looking: asyncio.Task[float]) -> None:
        """Wait for this round, and for the messages that are on their way then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                await asyncio.wait({looking})
                while self._on_their_way:
                    await asyncio.wait(self._on_their_way.values())

    def _held(self) -> dict[int, float]:
        """The chats that nothing may be sent to now, and for how many seconds each."""
        now = self._monotonic()
        rests, limits = self._rests.held(now), self._limits.held(now)
        return {chat: max(rests.get(chat, 0.0), limits.get(chat, 0.0)) for chat in rests.keys() | limits.keys()}

    def _choose(self, parts: Iterable[Part], room: int) -> tuple[list[Part], float]:
        """The parts that may go now, at most `room`, one a chat, and the seconds until the next of the others may."""
        now = self._monotonic()
        chosen: dict[int, Part] = {}
        longest = _POLL
        for part in parts:
            chat = part.reader.chat_id
            wait = max(self._rests.wait(chat, now), self._limits.wait(chat, now))
            if len(chosen) == room or chat in chosen or wait > 0:
                longest = min(longest, max(wait, 0.01))
                continue
            chosen[chat] = part
            self._limits = self._limits.took(chat, now)
        return list(chosen.values()), longest

    def _set_out(self, part: Part, group: asyncio.TaskGroup) -> asyncio.Task[bool]:
        """Send a part on its own; its chat gets nothing else meanwhile."""
        chat = part.reader.chat_id
        task = self._on_their_way[chat] = group.create_task(self._send(part))
        task.add_done_callback(partial(self._there, chat))
        return task

    def _there(self, chat: int, task: asyncio.Task[bool]) -> None:
        del self._on_their_way[chat]
        if not task.cancelled() and task.result():  # else nothing can be written, and nobody hurries
            self._wake.set()

    async def _send(self, part: Part) -> bool:
        """Send a part and write down what became of it; False where the database takes nothing. What fails here stops
        no other part."""
        try:
            async with self._store.begin() as tx:
                if not await tx.outbox.begin(part.id):
                    return True
        except Exception as error:
            unforeseen = not isinstance(error, StorageError)
            log.error("part %d of digest %d waits: %s", part.part, part.digest, error, exc_info=unforeseen)
            return False
        said = await self._attempt(part)
        if isinstance(said, Arrived):
            self._rests.over()
        if isinstance(said, Wait):
            self._rests.begin(None if said.everyone else part.reader.chat_id, said.seconds, self._monotonic())
        if isinstance(said, Unknown):
            self._looks.rich = False
        if not isinstance(said, Arrived):
            level = logging.INFO if isinstance(said, Wait | Moved | Closed | Left) else logging.WARNING
            log.log(level, "part %d of digest %d: %s: %s", part.part, part.digest, type(said).__name__, said.reason)
        return await self._settle(part, said)

    async def _attempt(self, part: Part) -> Verdict:
        try:
            asked = call(_shown(part), part.reader.chat_id, part.reader.thread_id, part.digest)
        except (KeyError, TypeError, ValueError) as error:  # a payload that an older version wrote
            return Refused(f"cannot be read as a message: {error!r}"[:200])
        try:
            try:
                return Arrived((await self._bot(asked)).message_id)
            except AiogramError as error:
                return verdict(error, part.attempts)
        except Exception as error:
            log.exception("a sending failed in a way that nobody foresaw")
            return Unsure(repr(error)[:200])

    async def _settle(self, part: Part, said: Verdict) -> bool:
        """Write down what became of a part. Where the disk is full that must not be forgotten: False, and the next
        round begins with it."""
        try:
            async with self._store.begin() as tx:
                await self._write_down(tx, part, said)
        except StorageError as error:
            self._unsettled[part.id] = part, said
            log.error("what became of part %d of digest %d is kept in mind: %s", part.part, part.digest, error)
            return False
        except Exception:
            log.exception("part %d of digest %d stays as it is until the next start", part.part, part.digest)
        self._unsettled.pop(part.id, None)
        return True

    async def _write_down(self, tx: Transaction, part: Part, said: Verdict) -> None:
        now = self._clock()
        if isinstance(said, Arrived):
            await self._arrived(tx, part, said, now)
            return
        if isinstance(said, Moved):
            await self._follow(tx, part, said, now)
            return
        there = await tx.readers.hold([part.reader.id])  # before the part, as who forgets a reader goes
        if not there or not await tx.outbox.is_sending(part.id):
            return  # who was to get it has had all forgotten, or has been asked about it by a sender that took over
        match said:
            case Wait():
                await tx.outbox.again(part.id, now + timedelta(seconds=said.seconds), said.reason)
            case Closed(asleep=True):  # what else waits is held, and no digest is made: they would all come at once
                await leave(tx, there[0], ReaderState.BLOCKED, now, said.reason)
                await tx.outbox.again(part.id, now + LONGEST_WAIT, said.reason)
            case Closed():
                await tx.outbox.again(part.id, now + _CLOSED, said.reason)
            case Left():
                await tx.outbox.again(part.id, now, said.reason)
                await leave(tx, there[0], said.state, now, said.reason)
            case Unread() | Unknown():
                await self._otherwise(tx, part, said.reason)
            case Refused():
                await tx.outbox.fail(part.id, said.reason)
            case Unsure():
                await self._doubt(tx, part, said.reason)

    async def _arrived(self, tx: Transaction, part: Part, said: Arrived, now: datetime) -> None:
        asleep = part.reader.state is not ReaderState.ACTIVE
        there = await tx.readers.hold([part.reader.id]) if asleep else ()
        await tx.outbox.sent(part.id, said.message_id, now)
        if there and there[0].state is not ReaderState.ACTIVE:  # a group that was closed for days is open again
            await come_back(tx, there[0], now)

    async def _follow(self, tx: Transaction, part: Part, said: Moved, now: datetime) -> None:
        if await tx.readers.get(part.reader.id) is None:
            return
        await tx.readers.moved(part.reader.chat_id, said.chat_id)  # it may wait, so nothing is locked before it
        if await tx.outbox.is_sending(part.id):  # else a sender that took over has asked the reader about it
            await tx.outbox.again(part.id, now, said.reason)
        reader = await tx.readers.get(part.reader.id)
        if reader and reader.state is ReaderState.GONE:  # the new chat is a reader of its own already
            await tx.outbox.drop_waiting(reader.id, said.reason)

    async def _otherwise(self, tx: Transaction, part: Part, reason: str) -> None:
        """Put the next simpler form in the place of a part: rich, classic, words without markup, nothing."""
        if simpler := part.payload.get("otherwise"):
            await tx.outbox.rewrite(part.id, simpler[0])
            if simpler[1:]:
                await tx.outbox.append(part, simpler[1:], self._clock())
        elif part.payload.get("method") == "sendMessage" and not part.payload.get("plain"):
            await tx.outbox.rewrite(part.id, plain(part.payload))
        else:
            await tx.outbox.fail(part.id, reason)

    async def _doubt(self, tx: Transaction, part: Part, reason: str) -> None:
        # a notice that is lost itself is not told of by another one: there would be no end to it
        notice = None if "about" in part.payload else {**payload(in_doubt(part)), "about": part.id}
        await tx.outbox.doubt(part, notice, self._clock(), reason)


def _shown(part: Part) -> Payload:
    """The part as its chat is shown it. In a channel all see the buttons, and they answer only those who keep it, who
    have the commands."""
    return without_buttons(part.payload) if part.reader.kind == ChatType.CHANNEL else part.payload


async def leave(tx: Transaction, reader: Reader, state: ReaderState, now: datetime, reason: str) -> None:
    """Nothing more can be sent to this reader, until something is heard from there; what waits is held until then. Who
    has paused still does."""
    if reader.state is not ReaderState.PAUSED:
        await tx.readers.change(reader.id, state=state)
    await tx.outbox.hold(reader.id, now, reason)
