"""What was sent is kept as a fact for ever, its drawn message for a month."""

from datetime import datetime, timedelta

from core.clock import Clock
from core.model import PartId
from storage.store import Store

KEPT = timedelta(days=30)  # four times as long as a digest may still be corrected
EVERY = timedelta(days=1)
AT_ONCE = 2000  # parts in a transaction: what is to be delivered does not wait for more


class Retention:
    """Drops the drawn messages of old parts, some at each step; once through, it rests for a day."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._reached: PartId | None = PartId(0)
        self._rests_until: datetime | None = None

    async def step(self) -> None:
        """Look at the next parts, if it is time. Raises StorageError."""
        now = self._clock()
        if self._rests_until is not None and now < self._rests_until:
            return
        async with self._store.begin() as tx:
            self._reached = await tx.outbox.forget_payloads(now - KEPT, self._reached or PartId(0), AT_ONCE)
        self._rests_until = None if self._reached else now + EVERY
