"""The history of channels, page by page backwards. How far is remembered, so a second run goes on from there."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.clock import Clock
from core.errors import SourceError
from core.model import Channel, NewPost, Reading, Source
from ingest.intake import Intake
from ingest.web import WebSource
from storage.store import Store


class Backfill:
    """Reads back to `until` through the web preview."""

    def __init__(self, store: Store, source: WebSource, intake: Intake, clock: Clock) -> None:
        self._store, self._source, self._intake, self._clock = store, source, intake, clock

    async def channel(self, channel: Channel, until: datetime, progress: Callable[[int], None]) -> int:
        """Store the posts since `until` that are not there yet; gives how many were read. `progress` is told
        how many were read so far. Raises SourceError where the channel cannot be read."""
        async with self._store.read() as tx:
            reading = await tx.channels.reading(channel.id, Source.WEB)
            oldest = await tx.posts.date_of(channel.id, reading.oldest) if reading.oldest else None
        if oldest is not None and oldest < until:
            return 0
        before, read = reading.oldest, 0
        while True:
            if before is None:
                page = await self._source.latest(channel.name)
                posts, older = page.posts, page.older_before
            else:
                batch = await self._source.before(channel.name, before)
                posts, older = batch.posts, batch.older_before
            reading = await self._store_page(reading, posts)
            read += len(posts)
            progress(read)
            first = min((post.date for post in posts if post.date), default=None)
            if older is None or first is None or first < until:
                return read
            if before is not None and older >= before:
                raise SourceError(channel.name, f"the page before {before} does not lead on")
            before = older

    async def _store_page(self, reading: Reading, posts: Sequence[NewPost]) -> Reading:
        await self._intake.take(posts)
        ids = [post.message_id for post in posts if post.message_id is not None]
        if not ids:
            return reading
        async with self._store.begin() as tx:
            await tx.channels.was_read(
                reading.channel.id,
                Source.WEB,
                # a gap above the page is the reader's to close: only a channel never read begins its cursor here
                cursor=reading.cursor if reading.cursor is not None else max(ids),
                oldest=min(ids),
                now=self._clock(),
                next_at=reading.next_at,
            )
            return await tx.channels.reading(reading.channel.id, Source.WEB)
