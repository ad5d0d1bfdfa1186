"""The shell around the web preview: channels are read when they are due, one after the other where the server is
another's, several at once where it is our own.

    look at the table, a few seconds ahead ── wait for each channel's moment ── read it ── keep how far it was read

How far channels were read is written down for many at once; a kill before that costs no more than another reading,
which is compared and changes nothing.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from core.clock import Clock, Sleep
from core.errors import ChannelUnavailable, NameTaken, RateLimited, SourceError, StorageError
from core.logs import going_on
from core.model import ChannelId, Reading, Source
from ingest.intake import Intake
from ingest.preview.pages import WebPages
from ingest.preview.source import WebSource
from ingest.rhythm import LONGEST, LONGEST_WAIT, back_off
from ingest.troubles import Troubles
from storage.readings import WasRead
from storage.store import Store

BATCH = 20  # channels of one look at the table
AHEAD = timedelta(seconds=5)
AT_ONCE = 8  # pages of a server of our own
PACE = 0.05  # seconds between two channels there: however many are due, it is not stormed

log = logging.getLogger(__name__)


class WebReader:
    """Reads the channels that are due and whose way is the web preview."""

    def __init__(
        self,
        store: Store,
        source: WebSource,
        intake: Intake,
        clock: Clock,
        *,
        troubles: Troubles | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`troubles` hears of what goes wrong; `sleep` waits for so many of the clock's seconds."""
        self._store, self._clock, self._sleep = store, clock, sleep
        self._troubles = troubles or Troubles(clock)
        self._pages = WebPages(store, source, intake, clock, self._troubles)
        self._places = asyncio.Semaphore(1 if source.polite else AT_ONCE)
        self._pace = 0.0 if source.polite else PACE
        self._since = clock()
        self._under_way: set[ChannelId] = set()
        self._read: list[WasRead] = []
        self._storage: StorageError | None = None

    async def run(self) -> None:
        """Read what is due until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                began, count = self._clock(), 0
                with going_on(log, "channels wait"):
                    count = await self._round(group, AHEAD)
                if count < BATCH:
                    await self._wait_until(began + AHEAD)

    async def step(self) -> int:
        """Read the channels that are due now; gives how many there were. Raises StorageError."""
        async with asyncio.TaskGroup() as group:
            count = await self._round(group, timedelta())
        await self._keep()
        return count

    async def _round(self, group: asyncio.TaskGroup, ahead: timedelta) -> int:
        """Begin to read what is due within `ahead`, each channel at its moment; gives how many there were."""
        await self._keep()
        now = self._clock()
        async with self._store.read() as tx:
            found = await tx.channels.due(Source.WEB, now + ahead, BATCH + len(self._under_way), since=self._since)
        due = [reading for reading in found if reading.channel.id not in self._under_way]
        for reading in sorted(due, key=lambda reading: max(reading.next_at or now, now)):
            await self._places.acquire()
            self._under_way.add(reading.channel.id)
            group.create_task(self._in_place(reading))
            await self._sleep(self._pace)
        return len(due)

    async def _in_place(self, reading: Reading) -> None:
        words = None
        try:
            if reading.next_at is not None:
                await self._wait_until(reading.next_at)
            words = await self._one(reading)
        except StorageError as error:
            self._storage = error
            self._under_way.discard(reading.channel.id)
        except Exception:
            log.exception("what became of %s cannot be kept", reading.channel.name)
            self._under_way.discard(reading.channel.id)
        finally:
            self._places.release()
        if words:
            await self._troubles.tell(words)

    async def _wait_until(self, moment: datetime) -> None:
        """Wait for a moment that is near; not longer, whatever happens to the clock."""
        wait = min(moment - self._clock(), AHEAD)
        if wait > timedelta():
            await self._sleep(wait.total_seconds())

    async def _one(self, reading: Reading) -> str | None:
        """Read a channel; gives what the administrators are to be told."""
        try:
            self._read.append(await self._pages.read(reading))
            return None
        except RateLimited as error:
            wait = timedelta(seconds=min(error.seconds, LONGEST_WAIT.total_seconds()))
            return await self._failed(reading, error, wait)
        except NameTaken as error:
            async with self._store.begin() as tx:
                await tx.channels.leave_name(reading.channel.id)
            return await self._failed(reading, error, LONGEST_WAIT)
        except ChannelUnavailable as error:
            return await self._failed(reading, error, LONGEST_WAIT)
        except SourceError as error:
            return await self._failed(reading, error, min(back_off(reading.failures), LONGEST))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception as error:  # one strange page must not keep the other channels from being read
            log.exception("reading %s failed", reading.channel.name)
            ours = SourceError(reading.channel.name, type(error).__name__)
            return await self._failed(reading, ours, back_off(reading.failures))

    async def _failed(self, reading: Reading, error: SourceError, wait: timedelta) -> str | None:
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.channels.failed(reading.channel.id, Source.WEB, error.reason, now + wait, now=now)
        self._under_way.discard(reading.channel.id)
        return self._troubles.met(error, reading.failures, wait)

    async def _keep(self) -> None:
        """Write down how far channels were read, and tell of a database that refused something since the last time."""
        if self._storage is not None:
            error, self._storage = self._storage, None
            raise error
        read = tuple(self._read)
        if read:
            async with self._store.begin() as tx:
                await tx.channels.were_read(Source.WEB, read)
            del self._read[: len(read)]
            self._under_way.difference_update(each.channel for each in read)
