"""A database that may only be read can be read, and nothing is made beside it."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.errors import BadInput, StorageError, StorageReadOnly
from storage.engine import database_url
from storage.sqlite_connection import open_file
from storage.store import Store
from tests.posts import a_post
from tests.read_only import only_read


async def test_a_database_that_may_only_be_read_can_be_read(sqlite_url: str, now: datetime) -> None:
    store = await Store.open(sqlite_url)
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, "word")], channels, now)
    await store.close()

    with only_read(Path(store._engine.url.database or "").parent) as folder:
        theirs = await Store.open(f"sqlite:///{folder}/courant.db")
        async with theirs.read() as tx:
            assert await tx.posts.count() == 1
        with pytest.raises(StorageReadOnly, match=r"may only be read .*readonly database"):
            async with theirs.begin() as tx:
                await tx.channels.ensure(["gull_repeats"])
        with TemporaryDirectory() as own:
            await theirs.backup(Path(own) / "copy.db")
            with closing(sqlite3.connect(Path(own) / "copy.db")) as copy:
                assert copy.execute("SELECT count(*) FROM post").fetchone() == (1,)
        await theirs.close()


@pytest.mark.parametrize("folder_mode", [0o555, 0o777], ids=["in such a folder", "the file alone"])
async def test_a_copy_of_another_journal_mode_that_may_only_be_read_can_be_read(
    sqlite_url: str, tmp_path: Path, folder_mode: int
) -> None:
    (home := tmp_path / "copy").mkdir()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as old:
        old.execute("VACUUM INTO ?", [f"{home}/courant.db"])

    with only_read(home, folder_mode) as folder:
        store = await Store.open(f"sqlite:///{folder}/courant.db")
        async with store.read() as tx:
            assert await tx.posts.count() == 0
        with pytest.raises(StorageReadOnly):
            async with store.begin() as tx:
                await tx.channels.ensure(["gull_repeats"])
        await store.close()


def test_what_another_writes_to_a_file_in_a_folder_that_may_only_be_read_is_seen(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "courant.db")) as made:
        made.execute("CREATE TABLE post (id)")

    with only_read(tmp_path, file_mode=0o666) as folder, closing(open_file(f"{folder}/courant.db")) as reading:
        assert reading.execute("SELECT * FROM post").fetchall() == []
        with closing(sqlite3.connect(folder / "courant.db")) as writing:
            writing.execute("PRAGMA journal_mode = MEMORY")  # which needs no file beside it
            writing.execute("INSERT INTO post VALUES (1)")
            writing.commit()
        assert reading.execute("SELECT * FROM post").fetchall() == [(1,)]


def test_a_database_that_another_holds_is_not_read_past_its_lock(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "courant.db", isolation_level=None)) as holding:
        holding.execute("CREATE TABLE post (id)")
        holding.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            open_file(str(tmp_path / "courant.db"), timeout=0)


async def test_beside_a_database_that_may_only_be_read_nothing_is_made(sqlite_url: str) -> None:
    path = Path(database_url(sqlite_url).database or "")
    with only_read(path.parent) as folder:
        store = await Store.open(f"sqlite:///{folder}/courant.db")
        with pytest.raises(StorageReadOnly, match="its folder cannot be written"):
            async with store.sole("ingest"):
                pass
        await store.close()
        with pytest.raises(BadInput, match="its folder cannot be written"):
            await Store.open(f"sqlite:///{folder}/another.db")


@pytest.mark.parametrize("ending", ["wal", "journal"])
async def test_what_stands_beside_a_database_is_not_passed_over_where_it_may_only_be_read(
    sqlite_url: str, tmp_path: Path, ending: str
) -> None:
    (tmp_path / f"courant.db-{ending}").write_bytes(b"")  # as a process that was killed leaves it
    with only_read(tmp_path) as folder, pytest.raises(StorageError, match=r"unable to open|readonly"):
        await Store.open(f"sqlite:///{folder}/courant.db")


async def test_a_server_that_lets_nothing_be_written_is_there_to_be_read_only(postgres_url: str) -> None:
    store = await Store.open(f"{postgres_url}&options=-c%20default_transaction_read_only%3Don")
    async with store.read() as tx:
        assert await tx.posts.count() == 0
    with pytest.raises(StorageReadOnly, match=r"only be read .*its transactions are read-only"):
        await store.ping()
    await store.close()
