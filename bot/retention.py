"""What was sent is kept as a fact for ever, its drawn message for a month, who was told a story while it lives, what it
takes to correct a digest for two weeks, and what a reader who has gone did not get for one."""

from datetime import datetime, timedelta

from bot.corrections import HORIZON
from core.clock import Clock, is_within
from storage.outbox import HELD
from storage.store import Store

KEPT = timedelta(days=30)  # four times as long as a digest may still be corrected, ten times as a story takes posts
EVERY = timedelta(days=1)
AT_ONCE = 2000  # parts in a transaction: what is to be delivered does not wait for more
STORIES_AT_ONCE = 50  # each may have been told to all readers


class Retention:
    """Drops the drawn messages of old parts, who was told of old stories, some at each step, what it would take to
    correct old digests, and what was held for too long; once through, it rests for a day."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._through_at: datetime | None = None

    async def step(self) -> None:
        """Look for more of them, if it is time. Raises StorageError."""
        now = self._clock()
        if is_within(EVERY, self._through_at, now):
            return
        async with self._store.begin() as tx:
            parts = await tx.outbox.forget_payloads(now - KEPT, AT_ONCE)
            stories = await tx.memories.forget(now - KEPT, STORIES_AT_ONCE)
            await tx.editions.forget(now - 2 * HORIZON)
            await tx.outbox.give_up(now - HELD)
        self._through_at = now if parts < AT_ONCE and stories < STORIES_AT_ONCE else None
