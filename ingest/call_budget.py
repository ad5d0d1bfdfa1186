"""How many calls of the rare kinds an account may make; they are in the tables, so that a restart begins no new day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.clock import Clock
from storage.store import Store

RESOLVE, JOIN = "resolve", "join"
DAY = timedelta(days=1)
# Telegram answers a few hundred look-ups a day, and then none for many hours; accounts that join fast are banned.
LIMITS: Mapping[str, Sequence[tuple[int, timedelta]]] = {
    RESOLVE: ((10, timedelta(minutes=5)), (50, timedelta(hours=1)), (200, DAY)),
    JOIN: ((1, timedelta(minutes=20)), (5, DAY)),
}


def free_at(calls: Sequence[datetime], limits: Sequence[tuple[int, timedelta]], now: datetime) -> datetime:
    """When the next call may be made after these, which are in their order; `now` where at once."""
    waits = [calls[-most] + span for most, span in limits if len(calls) >= most]
    return max([now, *waits])


def left(calls: Sequence[datetime], limits: Sequence[tuple[int, timedelta]], now: datetime) -> int:
    """How many calls may be made at once."""
    return max(0, min(most - sum(now - each < span for each in calls) for most, span in limits))


class CallBudget:
    """The calls of one kind by one account."""

    def __init__(self, store: Store, clock: Clock, account: str, kind: str) -> None:
        self._store, self._clock, self._account, self._kind = store, clock, account, kind
        self._calls: list[datetime] | None = None
        self._rests_until: datetime | None = None
        self._reason = ""

    async def load(self) -> None:
        """Learn what was called and asked for before a restart."""
        if self._calls is None:
            now = self._clock()
            async with self._store.read() as tx:
                self._calls = [*await tx.accounts.calls(self._account, self._kind, now - DAY)]
                rest = (await tx.accounts.rests(now)).get(self._account, {}).get(self._kind)
            self._rests_until, self._reason = rest or (None, "")

    @property
    def left(self) -> int:
        """How many calls may be made now."""
        now = self._clock()
        if self._rests_until is not None and self._rests_until > now:
            return 0
        return left(self._calls or (), LIMITS[self._kind], now)

    @property
    def free_at(self) -> datetime:
        """When the next call may be made."""
        now = self._clock()
        return max(free_at(self._calls or (), LIMITS[self._kind], now), self._rests_until or now)

    async def spend(self) -> None:
        """Count a call, before it is made."""
        await self.load()
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.accounts.called(self._account, self._kind, now, now - DAY)
        self._calls = [each for each in self._calls or () if now - each < DAY] + [now]

    async def rest(self, seconds: float, reason: str) -> None:
        """Telegram asked to leave calls of this kind for so long."""
        self._rests_until, self._reason = self._clock() + timedelta(seconds=seconds), reason
        async with self._store.begin() as tx:
            await tx.accounts.rest(self._account, self._kind, self._rests_until, reason)
