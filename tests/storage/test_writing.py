"""SQLite from one process: ways to its thread, and writers one after the other."""

import asyncio
import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.errors import StorageUnavailable
from storage import store as door
from storage.sqlite_connection import Connection, connect
from storage.store import Store

PATIENCE = 30.0  # seconds


class Counted(Connection):
    times = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.times += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite's


async def test_a_statement_goes_to_the_thread_of_sqlite_once() -> None:
    connection = Counted(partial(sqlite3.connect, ":memory:"), 1)
    async with connection:
        cursor = connection.cursor()
        await cursor.execute("SELECT 1 AS one UNION SELECT 2")
        rows = await cursor.fetchall()
        await cursor.close()
        assert (rows, connection.times) == ([(1,), (2,)], 1)


async def test_what_was_not_begun_is_not_taken_back() -> None:
    connection = Counted(partial(sqlite3.connect, ":memory:", isolation_level=None), 1)
    async with connection:
        await connection.cursor().execute("CREATE TABLE t (x)")
        connection.times = 0
        await connection.rollback()
        assert connection.times == 0
        await connection.cursor().execute("BEGIN")
        await connection.cursor().execute("INSERT INTO t VALUES (1)")
        await connection.rollback()
        rows = await (await connection.cursor().execute("SELECT x FROM t")).fetchall()
        assert (rows, connection.in_transaction) == ([], False)


async def test_what_could_not_be_committed_is_taken_back_before_the_next_transaction(store: Store) -> None:
    async def fail_at_the_end() -> None:
        async with store.begin() as tx:
            await tx.channels.ensure(["harbour_wire"])
            await tx._connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            await tx._connection.execute(text("INSERT INTO list_channel VALUES ('no list', 1, 1)"))

    with pytest.raises(StorageUnavailable, match="FOREIGN KEY"):
        await fail_at_the_end()
    async with store.begin() as tx:
        assert await tx.channels.all() == ()


class Closed(sqlite3.Connection):
    times = 0

    def close(self) -> None:
        Closed.times += 1
        super().close()


async def test_a_connection_that_nobody_waits_for_any_more_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Closed, "times", 0)
    connection = connect(":memory:", factory=Closed)

    async def wait() -> None:
        await connection

    waiting = asyncio.get_running_loop().create_task(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.to_thread(connection._thread.join)
    assert Closed.times == 1


def test_a_connection_that_cannot_be_opened_may_end_after_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    lost: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", lost.append)

    class Late(Connection):
        def _close_made(self) -> None:
            over.wait()

    async def open_it() -> Late:
        connection = Late(partial(sqlite3.connect, "/no/such/folder/courant.db"), 1)
        with pytest.raises(sqlite3.OperationalError):
            await connection
        return connection

    connection = asyncio.run(open_it())
    over.set()
    connection._thread.join(PATIENCE)
    assert (connection._thread.is_alive(), lost) == (False, [])


@pytest.mark.parametrize("statement", [None, "SELECT 1", "SELECT no_such_column"])
def test_a_connection_may_end_after_the_loop(statement: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, over = threading.Event(), threading.Event()
    lost: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", lost.append)
    monkeypatch.setattr(Closed, "times", 0)

    def late(work: Any, *asked: Any, **how: Any) -> Any:
        begun.set()
        over.wait()
        return work(*asked, **how)

    async def use_it() -> None:
        await connection
        run = partial(late, connection.cursor()._run)
        await connection._execute(run, sqlite3.Cursor.execute, statement, ())  # type: ignore[no-untyped-call] # aiosqlite's

    async def leave_in_the_middle() -> None:
        asking = asyncio.get_running_loop().create_task(use_it())
        await asyncio.to_thread(begun.wait)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    opening = partial(sqlite3.connect, ":memory:", factory=Closed)
    connection = Connection(partial(late, opening) if statement is None else opening, 1)
    asyncio.run(leave_in_the_middle())
    over.set()
    connection.stop()
    connection._thread.join(PATIENCE)
    assert (connection._thread.is_alive(), lost) == (False, [])
    assert Closed.times > 0


async def test_a_connection_that_is_told_twice_to_end_ends_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, over = threading.Event(), threading.Event()
    monkeypatch.setattr(Closed, "times", 0)
    connection = await connect(":memory:", factory=Closed)

    def late() -> None:
        begun.set()
        over.wait()

    loop = asyncio.get_running_loop()
    asking = loop.create_task(connection._execute(late))  # type: ignore[no-untyped-call] # aiosqlite's
    closing = loop.create_task(connection.close())
    await asyncio.to_thread(begun.wait)
    connection.stop()  # as SQLAlchemy does where the one that waits for the closing is cancelled
    over.set()
    await asyncio.wait_for(asyncio.gather(asking, closing), PATIENCE)
    await asyncio.to_thread(connection._thread.join, PATIENCE)
    assert (connection._thread.is_alive(), Closed.times > 0) == (False, True)


async def test_writers_of_one_process_come_in_their_order(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'courant.db'}")
    wrote: list[int] = []

    async def write(number: int) -> None:
        async with store.begin() as tx:
            await tx.channels.ensure([f"channel{number}"])
            wrote.append(number)

    await asyncio.gather(*(write(number) for number in range(8)))
    assert wrote == list(range(8))
    await store.close()


async def test_a_writer_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'courant.db'}")
    monkeypatch.setattr(door, "BUSY_SECONDS", 0)
    async with store.begin():
        with pytest.raises(StorageUnavailable, match="locked"):
            async with store.begin():
                pass
    async with store.begin() as tx:
        assert await tx.channels.all() == ()
    await store.close()


async def test_all_that_a_statement_finds_is_given_however_much_it_is(store: Store) -> None:
    counting = text("WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 5000) SELECT n FROM up")
    async with store.read() as tx:
        assert (await tx._connection.scalars(counting)).all() == list(range(1, 5001))


async def test_what_is_committed_outlives_a_loss_of_power(store: Store) -> None:
    async with store.read() as tx:
        kept = [(await tx._connection.scalar(text(f"PRAGMA {name}"))) for name in ("journal_mode", "synchronous")]
    assert kept == ["wal", 1], "less than 1 leaves a broken file behind"
