"""One process a part on one database: a file lock beside SQLite's file, an advisory lock in PostgreSQL.

Both end with the process, however it ends. And inside a transaction, one writer of posts and pages at a time, and one
process that brings the database to its version.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.errors import AlreadyRunning, BadInput
from storage.engine import storage_errors


@asynccontextmanager
async def sole(engine: AsyncEngine, part: str) -> AsyncIterator[None]:
    """Hold `part` (ingest, bot, deliver) while inside. Raises AlreadyRunning where another process holds it."""
    if engine.dialect.name == "sqlite":
        with _lock_file(engine, part) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRunning(part) from error
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
        with _lock_file(engine, "migrate") as file:
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            async with engine.begin() as connection:
                yield connection
        return
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(1, 2)"))
        yield connection


def _lock_file(engine: AsyncEngine, name: str) -> IO[str]:
    """A file beside the database's. Raises BadInput where none can be made: neither could SQLite's own."""
    try:
        return Path(f"{engine.url.database}.{name}.lock").open("w")
    except OSError as error:
        raise BadInput(str(engine.url.database), f"its folder cannot be written: {error.strerror}") from error
