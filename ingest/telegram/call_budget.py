"""How many calls an account may make. Those of the rare kinds are in the tables, so that a restart begins no new day;
the pace of the others is kept in memory."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import random

from core.clock import Clock, Monotonic, Sleep
from ingest.rhythm import Rest, lasting
from storage.store import Store

RESOLVE, JOIN, FOLDER = "resolve", "join", "folder"
DAY = timedelta(days=1)
# Telegram answers a few hundred look-ups a day, and then none for many hours; accounts that join fast are banned.
LIMITS: Mapping[str, Sequence[tuple[int, timedelta]]] = {
    RESOLVE: ((10, timedelta(minutes=5)), (50, timedelta(hours=1)), (200, DAY)),
    JOIN: ((1, timedelta(minutes=20)), (5, DAY)),
    FOLDER: ((3, timedelta(minutes=5)), (30, DAY)),  # few lists have one, and each is read once a day
}
ALL, HISTORY, COUNTS, ABOUT, JOINED = "all", "history", "counts", "about", "joined"
# By kind: calls at once after a rest, and calls a minute in the long run. A start with a few hundred channels is read
# at once; five hundred joined channels, each every quarter of an hour, need half of this.
PACES: Mapping[str, tuple[int, float]] = {
    ALL: (300, 60),
    HISTORY: (250, 50),
    COUNTS: (100, 30),
    ABOUT: (60, 10),
    JOINED: (20, 1),
}


class Pace:
    """The pace of one account's calls, by kind and of all together: a leaky bucket (GCRA) each, in which who waits has
    a moment of its own, so that nobody is overtaken for ever."""

    def __init__(
        self,
        paces: Mapping[str, tuple[int, float]] = PACES,
        *,
        monotonic: Monotonic = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random,
    ) -> None:
        """`jitter` gives what part of the time between two calls is waited beyond."""
        self._now, self._sleep, self._jitter = monotonic, sleep, jitter
        self._steps = {kind: (burst, 60 / minute) for kind, (burst, minute) in paces.items()}
        self._full_at: dict[str, float] = {}  # when all of a kind's burst may be had again
        self._rests: dict[str, float] = {}
        self.waiting = 0  # calls

    def free_in(self, kind: str) -> float:
        """In how many seconds a call of this kind may be made; 0 at once."""
        now = self._now()
        waits = [self._full_at.get(each, now) - now - (burst - 1) * step for each, burst, step in self._buckets(kind)]
        return max(0.0, self._rests.get(kind, now) - now, *waits)

    def free(self, kind: str) -> int:
        """How many calls of this kind may be made at once."""
        now = self._now()
        if self._rests.get(kind, now) > now:
            return 0
        lefts = [
            burst - (max(self._full_at.get(each, now), now) - now) / step for each, burst, step in self._buckets(kind)
        ]
        return max(0, int(min(lefts) + 1e-6)) if lefts else sys.maxsize

    def count(self, kind: str) -> None:
        """A call that does not wait: who waits already is not held up by it, only who comes after."""
        now = self._now()
        for each, burst, step in self._buckets(kind):
            full_at = max(self._full_at.get(each, now), now)
            self._full_at[each] = max(full_at, min(full_at + step, now + burst * step))

    async def turn(self, kind: str) -> None:
        """Wait for this call's turn, and count it."""
        now, wait = self._now(), self.free_in(kind)
        for each, _, step in self._buckets(kind):
            self._full_at[each] = max(self._full_at.get(each, now), now) + step
        if wait > 0:
            self.waiting += 1
            try:
                await self._sleep(wait + self._jitter() * max(step for _, _, step in self._buckets(kind)))
            finally:
                self.waiting -= 1

    def rest(self, kind: str, seconds: float) -> None:
        """Telegram asked to leave calls of this kind for so long."""
        self._rests[kind] = max(self._rests.get(kind, 0.0), self._now() + seconds)

    def _buckets(self, kind: str) -> list[tuple[str, int, float]]:
        return [(each, *self._steps[each]) for each in dict.fromkeys((ALL, kind)) if each in self._steps]


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
        self._rest: Rest | None = None

    async def load(self) -> None:
        """Learn what was called and asked for before a restart."""
        if self._calls is None:
            now = self._clock()
            async with self._store.read() as tx:
                self._calls = [*await tx.accounts.calls(self._account, self._kind, now - DAY)]
                rest = (await tx.accounts.rests(now)).get(self._account, {}).get(self._kind)
            self._rest = Rest(now, rest[0]) if rest else None

    @property
    def left(self) -> int:
        """How many calls may be made now."""
        now = self._clock()
        return 0 if lasting(self._rest, now) else left(self._made(now), LIMITS[self._kind], now)

    @property
    def free_at(self) -> datetime:
        """When the next call may be made."""
        now = self._clock()
        rest = lasting(self._rest, now)
        return max(free_at(self._made(now), LIMITS[self._kind], now), rest.until if rest else now)

    async def spend(self) -> None:
        """Count a call, before it is made."""
        await self.load()
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.accounts.called(self._account, self._kind, now, now - DAY)
        self._calls = [each for each in self._made(now) if now - each < DAY] + [now]

    async def rest(self, seconds: float, reason: str) -> None:
        """Telegram asked to leave calls of this kind for so long."""
        now = self._clock()
        self._rest = Rest(now, now + timedelta(seconds=seconds))
        async with self._store.begin() as tx:
            await tx.accounts.rest(self._account, self._kind, self._rest.until, reason, now)

    def _made(self, now: datetime) -> Sequence[datetime]:
        """The calls that are known. Those from after now, which the clock has not reached again since it was set back,
        count as made when that is noticed."""
        if self._calls and self._calls[-1] > now:
            self._calls = [min(each, now) for each in self._calls]
        return self._calls or ()
