"""The door to the data: `Store.begin()` and `Store.read()` give one transaction each."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from functools import cached_property
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.clock import Monotonic
from core.errors import BadInput, StorageFull, StorageReadOnly, StorageUnavailable
from storage.accounts import Accounts
from storage.archive import Archive
from storage.articles import Articles
from storage.channels import Channels
from storage.editions import Editions
from storage.embeddings import Embeddings
from storage.engine import BUSY_SECONDS, READING, open_engine, storage_errors
from storage.folders import Folders
from storage.lock import Hold, sole, try_lock
from storage.memories import Memories
from storage.migrate import migrate
from storage.outbox import Outbox
from storage.peers import Peers
from storage.posts import Posts
from storage.queries import Queries
from storage.readers import Readers
from storage.search import SearchIndex
from storage.sqlite_connection import open_file
from storage.stories import StoryBook
from storage.summaries import Summaries
from storage.tables import metadata
from storage.tastes import Tastes

_REFUSED = 60.0  # seconds for which a refusal is told: who writes tries again within them


class Transaction:
    """What can be asked inside one transaction, by subject."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    channels = cached_property(lambda tx: Channels(tx._connection))
    accounts = cached_property(lambda tx: Accounts(tx._connection))
    peers = cached_property(lambda tx: Peers(tx._connection))
    posts = cached_property(lambda tx: Posts(tx._connection))
    archive = cached_property(lambda tx: Archive(tx._connection))
    folders = cached_property(lambda tx: Folders(tx._connection))
    articles = cached_property(lambda tx: Articles(tx._connection))
    stories = cached_property(lambda tx: StoryBook(tx._connection))
    summaries = cached_property(lambda tx: Summaries(tx._connection))
    embeddings = cached_property(lambda tx: Embeddings(tx._connection))
    readers = cached_property(lambda tx: Readers(tx._connection))
    memories = cached_property(lambda tx: Memories(tx._connection))
    queries = cached_property(lambda tx: Queries(tx._connection))
    editions = cached_property(lambda tx: Editions(tx._connection))
    tastes = cached_property(lambda tx: Tastes(tx._connection))
    outbox = cached_property(lambda tx: Outbox(tx._connection))


class Store:
    """One database. Nothing inside a transaction commits by itself."""

    def __init__(self, engine: AsyncEngine, monotonic: Monotonic = time.monotonic) -> None:
        """`monotonic` gives seconds that only grow."""
        self._engine, self._monotonic = engine, monotonic
        self._turn = asyncio.Lock()
        self._refused: tuple[str, float] | None = None

    @classmethod
    async def open(cls, address: str, *, as_it_is: bool = False) -> "Store":
        """The database at this address, brought to the present version, or left `as_it_is`, which a copy can be made of
        whatever wrote it. Raises the errors of `open_engine` and `migrate`."""
        engine = open_engine(address)
        try:
            if not as_it_is:
                await migrate(engine)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine)

    async def close(self) -> None:
        """Close all connections, also where whoever closes is cancelled: one that is cut off meanwhile stays open."""
        async with asyncio.TaskGroup() as group:
            disposing = group.create_task(self._engine.dispose())
            try:
                await asyncio.shield(disposing)
            except asyncio.CancelledError:
                await disposing
                raise

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A transaction that may write: commit on a clean exit, roll back on an exception. On SQLite one begins when
        the one before has ended."""
        try:
            with storage_errors():
                async with self._in_turn(), self._engine.begin() as connection:
                    yield Transaction(connection)
        except (StorageFull, StorageReadOnly) as error:
            self._refused = str(error), self._monotonic()
            raise

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """SQLite has one writer at a time, and who finds it busy sleeps, longer each time: our own wait for each other
        here, in the order in which they came."""
        if self._engine.dialect.name != "sqlite":
            yield
            return
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StorageUnavailable("database is locked") from error
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads, all of it from one moment: it waits for no writer and none waits for it."""
        with storage_errors():
            async with self._engine.connect() as connection:
                await connection.execution_options(**READING[self._engine.dialect.name])
                async with connection.begin():
                    yield Transaction(connection)

    def sole(self, part: str) -> AbstractAsyncContextManager[Hold]:
        """Hold `part` of the work on this database while inside. Raises AlreadyRunning and SessionsShared."""
        return sole(self._engine, part)

    async def try_lock(self) -> None:
        """See whether `sole` can be had here at all. Raises SessionsShared."""
        await try_lock(self._engine)

    async def backup(self, target: Path, tell: Callable[[int], None] = lambda _: None) -> None:
        """Write a consistent copy of an SQLite database to `target` while it is in use; `tell` is told from another
        thread how many bytes were copied so far.

        Raises BadInput for PostgreSQL, whose own `pg_dump` does it better, where there is no database, and where
        `target` exists or cannot be written; StorageError for a database that cannot be read.
        """
        if self._engine.dialect.name != "sqlite":
            raise BadInput(target, "PostgreSQL is backed up by pg_dump, not by Courant")
        await asyncio.to_thread(_copy, str(self._engine.url.database), target, tell)

    async def ping(self) -> None:
        """Ask the database whether it is there; raises StorageUnavailable, and StorageReadOnly for a server that lets
        nothing be written: a standby, or one that has no room left. Waits for no writer."""
        async with self.read() as tx:
            if self._engine.dialect.name == "sqlite":
                await tx._connection.execute(text("SELECT 1 FROM sqlite_schema LIMIT 1"))
            elif await tx._connection.scalar(text("SHOW transaction_read_only")) == "on":
                raise StorageReadOnly("its transactions are read-only")

    async def look_through(self) -> None:
        """See whether every table, and what is searched, is as this Courant makes it. Raises StorageAltered."""
        async with self.read() as tx:
            for table in metadata.sorted_tables:
                await tx._connection.execute(select(table).limit(0))
            for name in ("post_words", "article_words"):
                await SearchIndex(tx._connection, name).look()

    @property
    def refusal(self) -> str | None:
        """Why something was not written within the last minute: the disk is full, or nothing may be written. To try a
        write would prove little: there may be room for a small one where there is none for a post."""
        why, since = self._refused or ("", -_REFUSED)
        return why if self._monotonic() - since < _REFUSED else None


_PIECE = 4096  # pages copied at a time: 16 MB, a fraction of a second
_NOTHING = "there is no database to be copied"


def _copy(source: str, target: Path, tell: Callable[[int], None]) -> None:
    if target.exists():
        raise BadInput(target, "exists already: name a new file")
    if not Path(source).exists():
        raise BadInput(source, _NOTHING)
    part = target.with_name(f"{target.name}.part")  # so that no half of a copy has the name of a whole one
    with storage_errors(), closing(open_file(source)) as old:
        (size,) = old.execute("PRAGMA page_size").fetchone()
        # One moment is seen to the end: else copying in pieces would begin anew whenever somebody writes.
        old.execute("BEGIN")
        if old.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
            raise BadInput(source, _NOTHING)
        try:
            part.unlink(missing_ok=True)
            with closing(sqlite3.connect(part)) as new:
                old.backup(new, pages=_PIECE, progress=lambda _, left, every: tell((every - left) * size))
            part.rename(target)
        except (sqlite3.Error, OSError) as error:
            part.unlink(missing_ok=True)
            raise BadInput(target, f"cannot be written: {error}") from error
