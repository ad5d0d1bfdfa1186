"""One process a part on one database: a file lock beside SQLite's file, an advisory lock in PostgreSQL.

Both end with the process, however it ends; one that a server forgot when it restarted is taken again. And inside a
transaction, one writer of what ingest keeps at a time, and one process that brings the database to its version.
"""

import asyncio
import fcntl
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import IO, Any
from uuid import uuid4
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.errors import AlreadyRunning, BadInput, SessionsShared, StorageReadOnly, StorageReplaced, StorageUnavailable
from storage.engine import storage_errors
from storage.sqlite_connection import may_write

LOOK_EVERY = 5.0  # seconds between looks at whether the lock is still ours

_LET_GO = text(
    "SELECT pg_advisory_unlock(:key) FROM pg_locks "
    "WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = 0 AND objid = :key"
)

_ALONE, _BESIDE_OTHERS = "SELECT pg_advisory_xact_lock(1, 3)", "SELECT pg_advisory_xact_lock_shared(1, 3)"

log = logging.getLogger(__name__)


class Hold:
    """A part of the work that is this process's alone while it holds the lock of it."""

    def __init__(self, engine: AsyncEngine, part: str) -> None:
        self._engine, self._part = engine, part
        self._session: AsyncConnection | None = None  # the lock belongs to it, and ends with it
        self._file = _identity(engine)

    async def keep(self) -> None:
        """See to it that the lock stays ours, until cancelled. Raises AlreadyRunning where it was lost to another
        process: a server that restarts forgets all locks. One of a file is not lost while the process lives, but the
        file of the database may be: raises StorageReplaced."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except StorageUnavailable:
                log.debug("'%s' waits for the database, to hold its lock again", self._part)

    async def look(self) -> None:
        """Take the lock again if it was lost. Raises as `keep`, and StorageUnavailable where nothing answers."""
        if self._engine.dialect.name == "sqlite":
            if _identity(self._engine) != self._file:  # SQLite writes on, into the file that it has opened
                raise StorageReplaced
            return
        if self._session is not None:
            try:
                await self._session.execute(text("SELECT 1"))
                await self._session.commit()
                return
            except DBAPIError:
                await self.release()
        await self.take()
        log.warning("'%s' is held again: the database had forgotten it", self._part)

    async def take(self) -> None:
        """Take the lock. Raises AlreadyRunning where another process holds it, and SessionsShared where sessions, and
        locks with them, are shared with whoever comes."""
        key = crc32(self._part.encode())
        with storage_errors():
            session = self._session = await self._engine.connect()
            taken = await session.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
            # the lock belongs to the session; an open transaction would hold back the cleaning of the tables
            await session.commit()
            if taken and await self._let_go_by_another(key):
                raise SessionsShared
        if not taken:
            await self.release()
            raise AlreadyRunning(self._part)

    async def _let_go_by_another(self, key: int) -> bool:
        """Whether another connection has the session that took the lock, and has let it go: a pooler that gives each
        transaction whichever session is free keeps the lock when this process has ended, and gives it to a second."""
        async with self._engine.connect() as other:
            return bool(await other.scalar(_LET_GO, {"key": key}))

    async def release(self) -> None:
        """End the session, and the lock with it."""
        session, self._session = self._session, None
        if session is not None:
            await session.invalidate()
            await session.close()


@asynccontextmanager
async def sole(engine: AsyncEngine, part: str) -> AsyncIterator[Hold]:
    """Hold `part` (ingest, bot, deliver) while inside; who stays long lets the hold `keep` it. Raises AlreadyRunning
    where another process holds it, and SessionsShared for an address behind which none can be held."""
    hold = Hold(engine, part)
    if engine.dialect.name == "sqlite":
        with _lock_file(engine, part) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRunning(part) from error
            yield hold
        return
    try:
        await hold.take()
        yield hold
    finally:
        await hold.release()


async def try_lock(engine: AsyncEngine) -> None:
    """Hold for a moment what nobody else wants. Raises SessionsShared where nothing can be held; that a file cannot be
    locked is seen by whoever needs it."""
    if engine.dialect.name != "sqlite":
        async with sole(engine, f"trial {uuid4()}"):
            pass


async def in_turn(connection: AsyncConnection) -> None:
    """Wait until no other transaction that has called this is under way. Whatever writes what ingest keeps (channels,
    how far they were read, posts, pages, stories) calls it before all else: "add what is not there" then holds across
    processes, and no two of them wait for each other's rows. SQLite has one writer at a time as it is."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("SELECT pg_advisory_xact_lock(1, 1)"))


async def chats_in_turn(connection: AsyncConnection, *chats: int) -> None:
    """The same for who writes which readers there are in these chats: a reader who is welcomed in a group while it
    moves would not be found again, and the move would fail over one who is welcomed where it leads."""
    if connection.dialect.name != "sqlite":
        for chat in sorted(chat % 2**31 for chat in chats):  # who wants two of them takes none that another waits for
            await connection.execute(text("SELECT pg_advisory_xact_lock(2, :chat)"), {"chat": chat})


async def memories_in_turn(connection: AsyncConnection, *, alone: bool = False) -> None:
    """Whoever writes down what readers have been told calls it first, and goes beside others that do; who takes it from
    one story over to another wants to be `alone`. Each has the rows of many readers and stories, in an order of its
    own: two of them would wait for each other's."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text(_ALONE if alone else _BESIDE_OTHERS))


@asynccontextmanager
async def one_after_another(engine: AsyncEngine) -> AsyncIterator[None]:
    """Waits until no other process is in here: parts that are started together would each make the tables. SQLite's own
    lock is too late, for a new file takes its journal mode before a transaction begins; for a server's tables
    `changing_tables` is enough."""
    with _migrate_file(engine) if engine.dialect.name == "sqlite" else nullcontext() as file:
        if file is not None:
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield


@asynccontextmanager
async def changing_tables(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction in which tables may be changed; one begins when the one before has ended."""
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection, _tables_may_go(connection), connection.begin():
            yield connection
        return
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(1, 2)"))
        yield connection


@asynccontextmanager
async def _tables_may_go(connection: AsyncConnection) -> AsyncIterator[None]:
    """Foreign keys are out of force: a table of SQLite is changed by making it anew and dropping the old one, and with
    them in force all rows that refer to it would be deleted (https://www.sqlite.org/lang_altertable.html)."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("PRAGMA foreign_keys = OFF")  # which a transaction would pass over
    try:
        yield
    finally:
        if not connection.invalidated:  # as SQLAlchemy leaves one in whose statement somebody was cancelled: closed
            await driver.execute("PRAGMA foreign_keys = ON")


def _identity(engine: AsyncEngine) -> tuple[int, int] | None:
    """Which file an SQLite database is in, None where there is none."""
    try:
        found = Path(engine.url.database or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _migrate_file(engine: AsyncEngine) -> AbstractContextManager[IO[str] | None]:
    """The file to lock while tables are made; None beside a database that is only there to be read."""
    try:
        return _lock_file(engine, "migrate")
    except StorageReadOnly:
        return nullcontext()


def _lock_file(engine: AsyncEngine, name: str) -> IO[str]:
    """A file beside the database's, perhaps another user's: to lock it, reading is enough. Raises StorageReadOnly where
    none can be made, for neither could SQLite's own, and BadInput where there is no database either."""
    path = Path(f"{engine.url.database}.{name}.lock")
    try:
        return path.open("r" if path.exists() else "w")
    except OSError as error:
        reason = f"its folder cannot be written: {error.strerror}"
        if _identity(engine) and not may_write(path.parent):
            raise StorageReadOnly(reason) from error
        raise BadInput(str(engine.url.database), reason) from error
