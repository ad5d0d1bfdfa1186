"""Counts of posts that no page brings again: asked for at the ages of `core.counts`, a hundred posts a call.

A channel's newest page, and the slow turn over its older posts, bring most counts for nothing. This asks for what they
left, after the channel was read: nothing for a quiet channel, and one call for each hundred posts of a busy one.
"""

import logging
from datetime import timedelta

from core.clock import Clock
from core.errors import RateLimited, SignedOut, SourceError
from core.model import ChannelId
from ingest.rhythm import Rest, lasting
from ingest.telegram.history import PAGE
from ingest.telegram.source import TelegramSource
from ingest.telegram.values import Peer
from storage.store import Store

MOST = 5 * PAGE  # posts of a channel that are counted after one reading of it

log = logging.getLogger(__name__)


class Counting:
    """Refreshes the counts of one account's channels."""

    def __init__(self, store: Store, source: TelegramSource, clock: Clock) -> None:
        self._store, self._source, self._clock = store, source, clock
        self._rest: Rest | None = None

    async def refresh(self, channel: ChannelId, peer: Peer) -> int:
        """Ask for the counts that are due in this channel; gives how many posts they changed. What cannot be had now
        is left for the next reading; raises SignedOut and StorageError only."""
        now = self._clock()
        if lasting(self._rest, now):
            return 0
        async with self._store.read() as tx:
            due = await tx.posts.to_count(channel, now, MOST)
        changed = 0
        for at in range(0, len(due), PAGE):
            asked = due[at : at + PAGE]
            try:
                counts = await self._source.counts(peer, asked)
            except SignedOut:
                raise
            except SourceError as error:
                if isinstance(error, RateLimited):
                    self._rest = Rest(now, now + timedelta(seconds=error.seconds))
                log.info("counts wait: %s", error)
                break
            async with self._store.begin() as tx:
                changed += await tx.posts.were_counted(channel, counts, now)
        return changed
