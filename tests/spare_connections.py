"""Connections to PostgreSQL that one test leaves to the next.

To make one takes the server longer than most tests ask it for, and one that has just begun looks up what a table is
made of before it answers. What is left over is nobody's: its session has been emptied, its locks are free.
"""

import asyncio
from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus

_AT_REST = {TransactionStatus.IDLE, TransactionStatus.INTRANS, TransactionStatus.INERROR}

_spare: dict[str, list[Any]] = {}


class SpareConnection(psycopg.AsyncConnection[Any]):
    """One that is left over when it is closed, unless it was lost or something still runs in it.

    Only those to `database` are: others come and go with theirs.
    """

    database = ""
    _key = ""

    @classmethod
    async def connect(cls, conninfo: str = "", **how: Any) -> Self:
        """One that is left over, or a new one."""
        key = repr((conninfo, sorted((name, value) for name, value in how.items() if name != "context")))
        while left := _spare.get(key):
            found: Self = left.pop()
            if not found.closed:
                found.lock = asyncio.Lock()  # one lock serves one loop
                return found
        made = await super().connect(conninfo, **how)
        made._key = key if how.get("dbname") == cls.database else ""
        return made

    async def close(self) -> None:
        """End the session, and keep the connection."""
        if self._key and not self.closed and self.info.transaction_status in _AT_REST:
            try:
                await self.rollback()
                await self.set_isolation_level(None)
                await self.execute("SELECT 1")  # with nothing to take back, what follows would do nothing
                await self.rollback()  # by which the driver forgets what it has prepared
                await self.set_autocommit(True)
                await self.execute("DISCARD ALL")
                await self.set_autocommit(False)
            except BaseException:
                await super().close()
                raise
            _spare.setdefault(self._key, []).append(self)
            return
        await super().close()


async def close_spare() -> None:
    """Close what is left over."""
    for left in _spare.values():
        for connection in left:
            await psycopg.AsyncConnection.close(connection)
    _spare.clear()
