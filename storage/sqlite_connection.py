"""SQLite's connection, which goes to its thread once a statement.

aiosqlite goes there four times: for a cursor, to execute, to fetch, to close; on a busy machine the way there and back
takes longer than most of our statements.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self
from urllib.parse import quote

import aiosqlite
from aiosqlite import core

_PRAGMAS = (
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "cache_size = -16000",
    "temp_store = MEMORY",
    f"journal_size_limit = {16 << 20}",  # bytes: what a large transaction or a long backup made is given back
)
_CHUNK = 64  # rows that are fetched at once by who asks for them so; SQLAlchemy takes all


class Cursor:
    """One statement, and all that it found: what SQLAlchemy asks of a cursor."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        await self._on_thread(sqlite3.Cursor.execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        await self._on_thread(sqlite3.Cursor.executemany, sql, parameters)
        return self

    async def _on_thread(self, execute: Any, sql: str, parameters: Any) -> None:
        await self._connection._execute(self._run, execute, sql, parameters)  # type: ignore[no-untyped-call] # aiosqlite's

    def _run(self, execute: Any, sql: str, parameters: Any) -> None:
        cursor = self._connection._conn.cursor()
        try:
            execute(cursor, sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


class _Errands(SimpleQueue[tuple[asyncio.Future[Any] | None, Callable[[], Any]]]):
    """What a connection's thread is to do, one after the other."""

    def put_nowait(self, errand: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        asked, work = errand
        super().put_nowait((None, work if asked is None else partial(_answered, asked, work)))


def _answered(asked: asyncio.Future[Any], work: Callable[[], Any]) -> Any:
    """Work whose answer is told to the loop that asked for it, if that still runs: who was cancelled meanwhile does not
    wait for SQLite, and the thread must live on to close the file."""
    done: Any = None
    try:
        done = work()
        tell = partial(core.set_result, asked, done)
    except Exception as error:  # noqa: BLE001 - who asked hears of any
        tell = partial(core.set_exception, asked, error)
    with suppress(RuntimeError):  # the loop is closed
        asked.get_loop().call_soon_threadsafe(tell)
    return done


class Connection(aiosqlite.Connection):
    """A connection with such cursors, which is closed also where nobody waits any more for it to be opened."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(self._opened, iter_chunk_size)
        self._open = connector
        self._made: sqlite3.Connection | None = None
        self._ended: asyncio.Future[Any] | None = None
        self._tx = _Errands()
        # A daemon, as SQLAlchemy makes its own: a forgotten one must not keep the process.
        self._thread = Thread(target=core._connection_worker_thread, args=(self._tx,), daemon=True)

    def _opened(self) -> sqlite3.Connection:
        self._made = self._open()
        return self._made

    def stop(self) -> asyncio.Future[Any] | None:
        """Close it and end its thread; gives what is done then. Asked again, as by SQLAlchemy where one is being closed
        for somebody who is cancelled, it gives the same: nobody answers what comes after the end."""
        if self._running:
            self._tx.put_nowait((None, self._close_made))
            self._ended = super().stop()
        return self._ended

    def _close_made(self) -> None:
        if self._made is not None:
            self._made.close()

    async def rollback(self) -> None:
        """SQLAlchemy asks for it whenever a connection goes back to the pool: mostly there is nothing to take back."""
        if self.in_transaction:
            await super().rollback()

    def cursor(self) -> Cursor:  # type: ignore[override] # SQLAlchemy asks for no more than this
        return Cursor(self)


def connect(*where: Any, **how: Any) -> Connection:
    """A connection to be awaited; takes what `sqlite3.connect` takes."""
    return Connection(partial(open_file, *where, **how), _CHUNK)


def open_file(where: str, **how: Any) -> sqlite3.Connection:
    """A connection of the standard library's, prepared as ours are, also to a database that may only be read."""
    try:
        return _prepared(sqlite3.connect(where, **how))
    except sqlite3.OperationalError:
        if not _lies_still(Path(where)):
            raise
        return _prepared(sqlite3.connect(f"file:{quote(where)}?immutable=1", **{**how, "uri": True}))


def _lies_still(file: Path) -> bool:
    """Whether nobody is writing this database, nor we can: even to read it, SQLite makes files beside it, which who may
    not write its folder cannot. Where they are there, or there is what they have left behind, it must read them."""
    beside = (file.with_name(f"{file.name}{end}") for end in ("-wal", "-journal"))
    return file.is_file() and not may_write(file.parent) and not any(map(Path.exists, beside))


def may_write(folder: Path) -> bool:
    """Whether this user may make files in the folder."""
    return os.access(folder, os.W_OK, effective_ids=True)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    # The driver's own transaction control begins too late and commits before DDL; ours is explicit (storage.engine).
    connection.isolation_level = None
    try:
        _write_ahead(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Who reads waits for no writer then. A file that may only be read, or whose folder may, keeps the mode that it
    has: a copy that was made by other means has another. If that is this one, it cannot be read so, which raises."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname not in ("SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY"):
            raise
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
