"""One process a part on one database: a file lock beside SQLite's file, an advisory lock in PostgreSQL.

Both end with the process, however it ends. And inside a transaction, one writer of posts and pages at a time, and one
process that brings the database to its version.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.errors import AlreadyRunning
from storage.engine import storage_errors


@asynccontextmanager
async def sole(engine: AsyncEngine, part: str) -> AsyncIterator[None]:
    """Hold `part` (ingest, bot, deliver) while inside. Raises AlreadyRunning where another process holds it."""
    if engine.dialect.name == "sqlite":
        with _locked(Path(f"{engine.url.database}.{part}.lock"), part):
            yield
        return
    with storage_errors():
        connection = await engine.connect()
    try:
        taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": crc32(part.encode())})
        # the lock belongs to the session; an open transaction would hold back the cleaning of the tables
        await connection.commit()
        if not taken:
            raise AlreadyRunning(part)
        yield
    finally:
        await connection.invalidate()  # ends the session, and the lock with it
        await connection.close()


async def in_turn(connection: AsyncConnection) -> None:
    """Wait until no other transaction that has called this is under way: then "add what is not there" holds across
    processes. SQLite has one writer at a time as it is."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("SELECT pg_advisory_xact_lock(1, 1)"))


@asynccontextmanager
async def one_after_another(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that waits until no other process is in here: parts that are started together would each make the
    tables. SQLite's own lock is too late, for a new file takes its journal mode before a transaction begins."""
    if engine.dialect.name == "sqlite":
        file = os.open(f"{engine.url.database}.migrate.lock", os.O_WRONLY | os.O_CREAT, 0o666)
        try:
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            async with engine.begin() as connection:
                yield connection
        finally:
            os.close(file)
        return
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(1, 2)"))
        yield connection


@contextmanager
def _locked(path: Path, part: str) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(part) from error
        yield
