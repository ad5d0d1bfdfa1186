"""One Courant on one database: its lock, on a file and on a server."""

import asyncio
import multiprocessing
import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from core.errors import (
    AlreadyRunning,
    SessionsShared,
    StorageReplaced,
)
from storage.store import Store
from tests.conftest import administer
from tests.databases import through_a_pooler


def replace(file: Path, by: Path | None) -> None:
    file.unlink()
    if by is not None:
        shutil.copy(by, file)


async def test_a_lock_that_another_user_has_made_is_taken_without_writing_it(sqlite_url: str, tmp_path: Path) -> None:
    locks = [tmp_path / f"courant.db.{part}.lock" for part in ("migrate", "ingest")]
    for lock in locks:
        lock.write_text("theirs")  # root, as whom tests may run, may write all: it is seen by what becomes of it
        lock.chmod(0o444)
    store = await Store.open(sqlite_url)
    async with store.sole("ingest"):
        assert [lock.read_text() for lock in locks] == ["theirs", "theirs"]
        with pytest.raises(AlreadyRunning):
            async with store.sole("ingest"):
                pass
    await store.close()


async def test_a_second_process_on_the_same_database_is_told(database: str) -> None:
    one, other = await Store.open(database), await Store.open(database)
    async with one.sole("ingest"), one.sole("bot"):
        with pytest.raises(AlreadyRunning, match="already runs 'ingest'"):
            async with other.sole("ingest"):
                pass
        async with other.sole("deliver"):
            pass
    async with other.sole("ingest"):
        pass
    await one.close()
    await other.close()


async def test_a_pooler_that_shares_sessions_is_refused_and_no_lock_stays_with_it(postgres_url: str) -> None:
    direct = await Store.open(postgres_url)
    pooled = through_a_pooler(direct)
    with pytest.raises(SessionsShared, match=r"COURANT_DATABASE_URL leads to a pooler .* pool_mode = session"):
        async with pooled.sole("ingest"):
            pass
    with pytest.raises(SessionsShared):
        await pooled.try_lock()
    async with direct.sole("ingest"):
        await direct.try_lock()
    await pooled.close()
    await direct.close()


def _hold(path: str, ready: "multiprocessing.synchronize.Event") -> None:

    async def hold() -> None:
        store = await Store.open(path)
        async with store.sole("ingest"):
            ready.set()
            await asyncio.Event().wait()

    asyncio.run(hold())


async def _forget_locks(store: Store) -> None:
    """What a server that restarts does to those who hold locks of this database; over once their sessions are."""
    held = "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
    async with store._engine.connect() as connection:
        await connection.execute(text(f"{held} WHERE locktype = 'advisory' AND datname = current_database()"))


async def test_a_lock_that_a_restarted_server_has_forgotten_is_taken_again(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = await Store.open(postgres_url), await Store.open(postgres_url)
    async with one.sole("ingest") as hold:
        await hold.look()
        assert "held again" not in caplog.text
        await _forget_locks(other)
        await hold.look()
        with pytest.raises(AlreadyRunning):
            async with other.sole("ingest"):
                pass
    await one.close()
    await other.close()


@pytest.mark.parametrize("own_database", ["postgresql"], indirect=True)
async def test_a_service_outlives_a_server_that_is_away_and_holds_its_lock_again(
    own_database: str, postgres: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.lock.LOOK_EVERY", 0.01)
    caplog.set_level("DEBUG", "storage.lock")
    one, name = await Store.open(own_database), make_url(own_database).database
    async with one.sole("ingest") as hold:
        keeping = asyncio.get_running_loop().create_task(hold.keep())

        async def said(words: str, times: int) -> None:
            async with asyncio.timeout(60):
                while True:
                    if keeping.done() or caplog.text.count(words) >= times:
                        return
                    await asyncio.sleep(0.01)

        await administer(postgres, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        everybody = f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own words
        await administer(postgres, everybody)
        await said("'ingest' waits for the database", 2)
        await administer(postgres, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        await said("'ingest' is held again", 1)
        assert not keeping.done()
        other = await Store.open(own_database)
        with pytest.raises(AlreadyRunning):
            async with other.sole("ingest"):
                pass
        keeping.cancel()
        await asyncio.wait({keeping})
    await one.close()
    await other.close()


async def _left_open(store: Store) -> int:
    unended = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    async with store._engine.connect() as connection:
        return int(await connection.scalar(text(unended)))


async def test_who_holds_a_lock_leaves_no_transaction_open(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    async with store.sole("ingest") as hold:
        assert await _left_open(store) == 0
        await hold.look()
        assert await _left_open(store) == 0
    await store.close()


async def test_a_lock_that_another_process_has_taken_meanwhile_ends_the_service(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.lock.LOOK_EVERY", 0.0)
    one, other = await Store.open(postgres_url), await Store.open(postgres_url)
    async with one.sole("ingest") as hold:
        await _forget_locks(other)
        async with other.sole("ingest"):
            with pytest.raises(AlreadyRunning, match="already runs 'ingest'"):
                await hold.keep()
    await one.close()
    await other.close()


@pytest.mark.parametrize("by", ["another", "none"])
async def test_a_service_ends_where_the_file_of_its_database_is_replaced(
    sqlite_url: str, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr("storage.lock.LOOK_EVERY", 0.0)
    store, file = await Store.open(sqlite_url), Path(sqlite_url.removeprefix("sqlite:///"))
    async with store.sole("ingest") as hold:
        await hold.look()
        replace(file, sqlite_template if by == "another" else None)
        with pytest.raises(StorageReplaced, match="removed or replaced"):
            await hold.keep()
    await store.close()


async def test_a_killed_process_leaves_no_lock(sqlite_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    process = spawn.Process(target=_hold, args=(sqlite_url, ready))
    process.start()
    assert ready.wait(120)
    store = await Store.open(sqlite_url)
    with pytest.raises(AlreadyRunning):
        async with store.sole("ingest"):
            pass
    process.kill()
    process.join()
    process.close()
    async with store.sole("ingest"):
        pass
    await store.close()
