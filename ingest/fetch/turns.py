"""Politeness: one request at a time for a host, some seconds apart, none while it asked to be left alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core.clock import Monotonic, Sleep

_TABLE = 512  # hosts remembered before the idle ones are looked for
LONGEST_REST = 3600.0


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    resting_until: float = 0.0


class Turns:
    """A table of hosts that forgets those nobody waits for."""

    def __init__(self, *, sleep: Sleep = asyncio.sleep, monotonic: Monotonic = time.monotonic) -> None:
        self._sleep, self._now = sleep, monotonic
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = _TABLE

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def take(self, host: str, spacing: float) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it; the next one begins `spacing` seconds after this one ends. Without
        `spacing` there is no turn to wait for: the host is our own, and may be asked for several pages at once."""
        if not spacing:
            yield
            return
        entry = self._hosts.setdefault(host, _Host())
        entry.users += 1
        try:
            async with entry.lock:
                wait = entry.free_at - self._now()
                if wait > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    entry.free_at = self._now() + spacing
        finally:
            entry.users -= 1
            self._sweep()

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, an hour at most."""
        entry = self._hosts.setdefault(host, _Host())
        entry.resting_until = max(entry.resting_until, self._now() + min(seconds, LONGEST_REST))

    def resting(self, host: str) -> float:
        """For how many seconds the host is still to be left alone."""
        entry = self._hosts.get(host)
        return max(0.0, entry.resting_until - self._now()) if entry else 0.0

    def _sweep(self) -> None:
        if len(self._hosts) < self._sweep_at:
            return
        now = self._now()
        self._hosts = {
            host: entry
            for host, entry in self._hosts.items()
            if entry.users or entry.free_at > now or entry.resting_until > now
        }
        self._sweep_at = max(_TABLE, 2 * len(self._hosts))
