"""The shell around the web preview: channels are read when they are due, one after the other, as far as their cursor.

Each page is stored before the cursor moves past it, so a kill at any point loses nothing; what is read twice is
compared and changes nothing.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain

from core.clock import Clock
from core.errors import ChannelUnavailable, RateLimited, SourceError, StorageError
from core.model import ChannelId, NewPost, Reading, Source
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off, interval, slower
from ingest.web import WebSource
from storage.store import Store

BATCH = 20
IDLE_SECONDS = 5.0

log = logging.getLogger(__name__)


class WebReader:
    """Reads the public channels that are due."""

    def __init__(self, store: Store, source: WebSource, intake: Intake, clock: Clock, *, account: bool) -> None:
        """`account`: whether there is one, which then reads the channels that leave the way open."""
        self._store, self._source, self._intake, self._clock = store, source, intake, clock
        self._ways = ("web",) if account else ("web", "auto")

    async def run(self) -> None:
        """Read what is due until cancelled."""
        while True:
            try:
                if await self.step():
                    continue
            except StorageError as error:
                log.error("channels wait: %s", error)
            await asyncio.sleep(IDLE_SECONDS)

    async def step(self) -> int:
        """Read the channels that are due now; gives how many there were."""
        async with self._store.read() as tx:
            due = await tx.channels.due(Source.WEB, self._clock(), BATCH, self._ways)
        for reading in due:
            await self._read(reading)
        return len(due)

    async def _read(self, reading: Reading) -> None:
        name = reading.channel.name
        try:
            await self._pages(reading)
        except RateLimited as error:
            await self._failed(reading, error, timedelta(seconds=min(error.seconds, LONGEST_WAIT.total_seconds())))
        except ChannelUnavailable as error:
            await self._failed(reading, error, LONGEST_WAIT)
        except SourceError as error:
            await self._failed(reading, error, back_off(reading.failures))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception as error:  # one strange page must not keep the other channels from being read
            log.exception("reading %s failed", name)
            await self._failed(reading, SourceError(name, type(error).__name__), back_off(reading.failures))

    async def _pages(self, reading: Reading) -> None:
        channel, cursor, oldest = reading.channel, reading.cursor, reading.oldest
        dates: list[datetime] = []
        async for batch in self._source.after(channel.name, cursor):
            taken = await self._intake.take(batch.posts)
            if taken.new or taken.edited:
                log.info("%s: %d new posts, %d edited", channel.name, taken.new, taken.edited)
            ids = _ids(batch.posts)
            cursor = max(chain(ids, [cursor or 0]), default=None) or None
            oldest = min(chain(ids, [oldest] if oldest else []), default=None)
            dates = [post.date for post in batch.posts if post.date]
            await self._was_read(channel.id, cursor, oldest, self._clock())
        await self._was_read(channel.id, cursor, oldest, self._clock() + self._wait(reading, dates))

    def _wait(self, reading: Reading, dates: Sequence[datetime]) -> timedelta:
        if reading.channel.every:
            return timedelta(seconds=reading.channel.every)
        if dates:
            return interval(dates, self._clock())
        return slower(reading.next_at - reading.read_at if reading.next_at and reading.read_at else None)

    async def _was_read(self, channel: ChannelId, cursor: int | None, oldest: int | None, next_at: datetime) -> None:
        async with self._store.begin() as tx:
            await tx.channels.was_read(
                channel, Source.WEB, cursor=cursor, oldest=oldest, now=self._clock(), next_at=next_at
            )

    async def _failed(self, reading: Reading, error: SourceError, wait: timedelta) -> None:
        if not reading.failures:
            log.warning("%s; again in %s", error, wait)
        async with self._store.begin() as tx:
            await tx.channels.failed(reading.channel.id, Source.WEB, error.reason, self._clock() + wait)


def _ids(posts: tuple[NewPost, ...]) -> list[int]:
    return [post.message_id for post in posts if post.message_id is not None]
