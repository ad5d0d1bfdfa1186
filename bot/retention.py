"""What was sent is kept as a fact for ever, its drawn message for a month."""

from datetime import datetime, timedelta

from core.clock import Clock, is_within
from storage.store import Store

KEPT = timedelta(days=30)  # four times as long as a digest may still be corrected
EVERY = timedelta(days=1)
AT_ONCE = 2000  # parts in a transaction: what is to be delivered does not wait for more


class Retention:
    """Drops the drawn messages of old parts, some at each step; once through, it rests for a day."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._through_at: datetime | None = None

    async def step(self) -> None:
        """Look for more of them, if it is time. Raises StorageError."""
        now = self._clock()
        if self._through_at is not None and is_within(EVERY, self._through_at, now):
            return
        async with self._store.begin() as tx:
            dropped = await tx.outbox.forget_payloads(now - KEPT, AT_ONCE)
        self._through_at = now if dropped < AT_ONCE else None
