"""What was sent is kept as a fact for ever, its drawn message for a month."""

from datetime import datetime, timedelta

from core.clock import Clock, is_within
from core.model import PartId
from storage.store import Store

KEPT = timedelta(days=30)  # four times as long as a digest may still be corrected
EVERY = timedelta(days=1)
AT_ONCE = 2000  # parts in a transaction: what is to be delivered does not wait for more


class Retention:
    """Drops the drawn messages of old parts, some at each step; once through, it rests for a day, and begins where it
    had ended the time before: parts do not grow old quite in their order. What was still on its way then, and is sent
    later, is found after the next start."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._reached = self._ended = PartId(0)
        self._through_at: datetime | None = None

    async def step(self) -> None:
        """Look at the next parts, if it is time. Raises StorageError."""
        now = self._clock()
        if self._through_at is not None and is_within(EVERY, self._through_at, now):
            return
        async with self._store.begin() as tx:
            reached = await tx.outbox.forget_payloads(now - KEPT, self._reached, AT_ONCE)
        if reached is not None:
            self._reached, self._through_at = reached, None
        else:
            self._reached, self._ended, self._through_at = self._ended, self._reached, now
