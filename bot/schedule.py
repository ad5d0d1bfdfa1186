"""What is due: the only place that knows APScheduler. It only ticks; what is due stands in the readers' table."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.digests import DAY, Desk
from bot.hours import next_due
from bot.retention import Retention
from core.clock import Clock
from core.model import Reader, ReaderId
from storage.store import Store

log = logging.getLogger(__name__)
_BATCH = 5000  # readers looked up at a time
_FARTHEST = timedelta(hours=26)  # that an hour can be away, on a day on which clocks are set back
_RETRY = timedelta(minutes=1)  # after which a digest that failed is tried again


class Schedule:
    """Brings each reader the digest at its hour."""

    def __init__(self, store: Store, clock: Clock, desk: Desk, *, every: float = 5.0) -> None:
        """`every` is the seconds between looks at what is due."""
        self._store, self._clock, self._desk, self._every = store, clock, desk, every
        self._resting: dict[ReaderId, datetime] = {}
        self._retention = Retention(store, clock)

    async def run(self) -> None:
        """Look at what is due, every few seconds, until cancelled.

        The work is done here and not in the scheduler's job, for APScheduler cannot wait for its jobs when it ends.
        """
        tick = asyncio.Event()
        tick.set()

        async def ring() -> None:
            tick.set()

        scheduler = AsyncIOScheduler(executors={"default": AsyncIOExecutor()}, timezone="UTC")
        scheduler.add_job(
            ring, "interval", seconds=self._every, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        scheduler.start()
        try:
            while True:
                await tick.wait()
                tick.clear()
                try:
                    await self.deliver_due()
                    await self._retention.step()
                except Exception:
                    log.exception("what is due could not be looked up; the next tick follows")
        finally:
            scheduler.shutdown(wait=False)

    async def deliver_due(self) -> int:
        """Bring every digest that is due now; how many. Readers with equal wishes are served together; where that fails
        it stops no others and is tried again."""
        await self._take_back()
        brought = 0
        while True:
            now = self._clock()
            self._resting = {reader: until for reader, until in self._resting.items() if until > now}
            async with self._store.read() as tx:
                readers = await tx.readers.due(now, _BATCH + len(self._resting))
            waiting = [reader for reader in readers if reader.id not in self._resting]
            if not waiting:
                return brought
            following = {reader.id: due for reader in waiting if (due := self._following(reader, now, reader.due_at))}
            ready = [reader for reader in waiting if reader.id in following]
            number, failed = await self._desk.due(ready, following, now)
            brought += number
            self._rest(failed, now)

    async def _take_back(self) -> None:
        """Give those their hour again whose next one a clock that was ahead has put into a time to come. Who has had
        the digest of today, or of tomorrow, only because of it waits for the next one."""
        now = self._clock()
        async with self._store.read() as tx:
            astray = await tx.readers.due_after(now + _FARTHEST + DAY)
        if astray:
            log.warning("the clock was set back: %d readers are served at their hours by the new time", len(astray))
            async with self._store.begin() as tx:
                await tx.outbox.release(now + DAY)
                had = await tx.outbox.last_due([reader.id for reader in astray], now)
                due = {each.id: at for each in astray if (at := self._following(each, now, had.get(each.id)))}
                await tx.readers.served(due, {})

    def _following(self, reader: Reader, now: datetime, had: datetime | None) -> datetime | None:
        try:
            return next_due(reader.at, reader.zone, now, had)
        except Exception:
            self._rest([reader.id], now)
            log.exception(
                "when reader %d is to be served next cannot be worked out; tried again in a minute", reader.id
            )
            return None

    def _rest(self, readers: Sequence[ReaderId], now: datetime) -> None:
        self._resting |= dict.fromkeys(readers, now + _RETRY)
