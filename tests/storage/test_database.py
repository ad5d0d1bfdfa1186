"""What cannot be used is told in clear sentences; transactions are whole, and reading waits for nobody."""

import asyncio
import errno
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from core.errors import (
    BadInput,
    SessionsShared,
    SettingsError,
    StorageAltered,
    StorageDamaged,
    StorageFull,
    StorageUnavailable,
)
from core.model import ReaderId
from storage.engine import READING, database_url, open_engine, storage_errors
from storage.store import Store
from tests.conftest import administer
from tests.posts import a_post


async def test_who_opens_a_database_to_read_waits_for_nobody_who_writes(tmp_path: Path) -> None:
    file = tmp_path / "courant.db"
    await (await Store.open(str(file))).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store = await Store.open(str(file))  # who waited for the lock would fail after half a minute
        async with store.read() as tx:
            assert await tx.posts.count() == 0
        await store.close()


def size(file: Path) -> int:
    return file.stat().st_size


async def test_whoever_insists_on_the_end_waits_for_the_connections_to_be_closed(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(sqlite_url)
    async with store.read() as tx:
        await tx.channels.all()
    closing = asyncio.get_running_loop().create_task(store.close())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not caplog.records


async def test_a_full_disk_is_one_clear_sentence_and_loses_nothing(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
    engine = store._engine
    async with engine.connect() as connection:  # a pool of one connection: the limit is that connection's
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(StorageFull, match="free some space"):
        async with store.begin() as tx:
            await tx.posts.add([a_post(n, f"word{n} " * 500) for n in range(50)], channels, now)
    async with store.read() as tx:
        assert await tx.posts.count() == 0


async def test_errors_never_tell_the_parameters(store: Store) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY") as caught:
        async with store.begin() as tx:
            await tx.queries.note(ReaderId(99), "a very private search", datetime(2025, 1, 1, tzinfo=UTC))
    assert "very private" not in str(caught.value)


async def test_tables_that_are_not_ours_are_told_as_such(own_database: str) -> None:
    store = await Store.open(own_database)
    await store.look_through()
    async with store._engine.begin() as connection:
        await connection.execute(text("DROP TABLE article_words"))
    with pytest.raises(StorageAltered, match="article_words"):
        await store.look_through()
    async with store._engine.begin() as connection:
        await connection.execute(text("ALTER TABLE post DROP COLUMN stored_at"))
        await connection.execute(text("DROP TABLE summary"))
    now = datetime(2025, 1, 1, tzinfo=UTC)
    with pytest.raises(StorageAltered, match=r"not as this Courant makes them \(.*stored_at"):
        async with store.begin() as tx:
            await tx.posts.add([a_post(1, "word")], await tx.channels.ensure(["harbour_wire"]), now)
    with pytest.raises(StorageAltered, match=r"stored_at|summary"):
        await store.look_through()
    await store.close()


def test_what_tables_of_others_make_of_our_statements_is_told_as_such() -> None:
    for reason in ("no such table: post", "table post has no column named kind", "duplicate column name: host"):
        with pytest.raises(StorageAltered, match=reason), storage_errors():
            raise sqlite3.OperationalError(reason)


async def test_a_file_that_is_no_database_is_one_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "courant.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageUnavailable, match="not a database"):
        await Store.open(str(path))


async def test_a_damaged_file_is_told_from_a_database_that_does_not_answer(tmp_path: Path) -> None:
    path = tmp_path / "courant.db"
    await (await Store.open(str(path))).close()
    with path.open("r+b") as file:
        file.seek(100)  # what follows is the table of tables
        file.write(b"\xff" * 4000)
    with pytest.raises(StorageDamaged, match="courant backup"):
        await Store.open(str(path))


async def test_a_database_that_was_damaged_meanwhile_is_not_said_to_be_there(store: Store, sqlite_url: str) -> None:
    await store.ping()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as damaging:
        damaging.execute("PRAGMA writable_schema = ON")
        damaging.execute("UPDATE sqlite_schema SET sql = 'no statement' WHERE name = 'post'")
        damaging.execute("PRAGMA schema_version = 99999")
    with pytest.raises(StorageDamaged):
        await store.ping()


async def test_a_failing_disk_is_not_taken_for_a_full_one() -> None:
    failing, full = sqlite3.OperationalError("disk I/O error"), sqlite3.OperationalError("disk I/O error")
    failing.sqlite_errorname, full.sqlite_errorname = "SQLITE_IOERR_READ", "SQLITE_IOERR_SHMSIZE"
    with pytest.raises(StorageUnavailable, match="disk I/O error"), storage_errors():
        raise failing
    with pytest.raises(StorageFull), storage_errors():
        raise full
    with pytest.raises(StorageUnavailable, match="no connection"), storage_errors():
        raise OperationalError("SELECT 1", {}, ConnectionError())  # which says nothing


@pytest.mark.parametrize(
    ("before", "asked", "reason"),
    [
        ("SET TRANSACTION READ ONLY", "DELETE FROM post", "read-only transaction"),
        ("SET LOCAL statement_timeout = 1", "SELECT pg_sleep(9)", "statement timeout"),
        ("SELECT 1", "EXECUTE gone", 'prepared statement "gone" does not exist'),
    ],
    ids=["a standby", "a statement that was cancelled", "a statement that is prepared no more"],
)
async def test_what_a_server_refuses_for_now_is_tried_again(
    postgres_url: str, before: str, asked: str, reason: str
) -> None:
    store = await Store.open(postgres_url)
    with pytest.raises(StorageUnavailable, match=reason):
        await _ask(store, before, asked)
    await store.close()


async def test_a_user_who_may_make_no_tables_is_one_clear_sentence(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    with pytest.raises(StorageUnavailable, match=r"permission denied for .*: its user is to own it"):
        await _ask(store, "CREATE ROLE poor", "SET LOCAL ROLE poor", "CREATE SCHEMA its_own")  # all rolled back
    await store.close()


async def test_a_database_that_cannot_hold_every_letter_is_refused(postgres: str) -> None:
    name = f"latin_{os.getpid()}"
    encoding = "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    await administer(postgres, f'CREATE DATABASE "{name}" TEMPLATE template0 {encoding}')
    try:
        with pytest.raises(StorageUnavailable, match="its encoding is LATIN1: make one with ENCODING 'UTF8'"):
            await Store.open(postgres.format(name=name))
    finally:
        await administer(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    ("code", "told", "words"),
    [
        ("53100", StorageFull, "free some space"),
        ("3F000", StorageUnavailable, "OWNER TO"),
        ("XX001", StorageUnavailable, "its own words"),
        ("54000", DBAPIError, "its own words"),
    ],
    ids=["a full disk", "no schema", "a damaged page", "a value that is too large"],
)
async def test_what_a_server_says_in_codes_is_told_in_words(
    postgres_url: str, code: str, told: type[Exception], words: str
) -> None:
    store = await Store.open(postgres_url)
    with pytest.raises(told, match=words):
        await _ask(store, f"DO $$ BEGIN RAISE EXCEPTION 'its own words' USING ERRCODE = '{code}'; END $$")
    await store.close()


def test_a_full_disk_below_a_file_of_ours_is_told_from_another_failure() -> None:
    with pytest.raises(StorageFull), storage_errors():
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="Permission denied"), storage_errors():
        raise OSError(errno.EACCES, "Permission denied")


def test_damage_is_told_whatever_is_damaged() -> None:
    damage = sqlite3.DatabaseError("database disk image is malformed")
    damage.sqlite_errorname = "SQLITE_CORRUPT_INDEX"
    with pytest.raises(StorageDamaged), storage_errors():
        raise damage


async def test_what_another_has_prepared_in_the_session_is_told_as_such(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    with pytest.raises(SessionsShared, match="shares sessions"):
        await _ask(store, "PREPARE _pg3_0 AS SELECT 1", "PREPARE _pg3_0 AS SELECT 1")
    await store.close()


async def _ask(store: Store, *statements: str) -> None:
    async with store.begin() as tx:
        for statement in statements:
            await tx._connection.execute(text(statement))


async def test_a_folder_that_cannot_be_written_is_one_clear_sentence(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    path = Path(store._engine.url.database or "")
    for part in ("migrate", "ingest"):  # a folder in the lock's place: to root, who runs containers, all may be written
        path.with_name(f"{path.name}.{part}.lock").unlink(missing_ok=True)
        path.with_name(f"{path.name}.{part}.lock").mkdir()
    with pytest.raises(BadInput, match="its folder cannot be written"):
        await Store.open(sqlite_url)
    with pytest.raises(BadInput, match="its folder cannot be written"):
        async with store.sole("ingest"):
            pass
    await store.close()


async def test_a_server_that_does_not_answer_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"cannot be used .*: see whether COURANT_DATABASE_URL is right"):
        await Store.open(f"postgresql://courant@/x?host={tmp_path}")


async def test_a_database_that_answers_none_of_those_who_asked_before_is_one_clear_sentence(sqlite_url: str) -> None:
    engine = create_async_engine(database_url(sqlite_url), pool_size=1, max_overflow=0, pool_timeout=0)
    store = Store(engine)
    async with store.read():
        with pytest.raises(StorageUnavailable, match="no connection to it has become free"):
            async with store.read():
                pass
    await store.close()


async def test_a_server_that_is_gone_without_a_word_is_not_waited_for_for_hours(postgres: str) -> None:
    address = postgres.format(name="postgres")
    engine = open_engine(f"{address}{'&' if '?' in address else '?'}connect_timeout=3")
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        given = {name: int(value) for name, value in driver.info.get_parameters().items() if value.isdigit()}
    await engine.dispose()
    assert given["connect_timeout"] == 3, "what the address says holds"
    assert given["keepalives_idle"] + given["keepalives_interval"] * given["keepalives_count"] <= 60
    assert given["tcp_user_timeout"] <= 60_000


async def test_a_server_that_is_set_up_for_others_gives_the_same(postgres: str) -> None:
    theirs = {
        "DateStyle": "German",
        "TimeZone": "Asia/Kolkata",
        "client_encoding": "LATIN1",
        "default_transaction_isolation": "serializable",
    }
    address = postgres.format(name="postgres")
    options = quote(" ".join(f"-c {name}={value}" for name, value in theirs.items()))
    engine = open_engine(f"{address}{'&' if '?' in address else '?'}options={options}")
    question = text("SELECT TIMESTAMPTZ '2025-02-18 12:00+00', 'Осло', current_setting('transaction_isolation')")
    given = []
    for isolation in ({}, READING["postgresql"], {}):
        async with engine.connect() as connection:
            await connection.execution_options(**isolation)
            given.append(tuple((await connection.execute(question)).one()))
    await engine.dispose()
    moment = datetime(2025, 2, 18, 12, tzinfo=UTC)
    levels = ("read committed", "repeatable read", "read committed")
    assert given == [(moment, "Осло", level) for level in levels]
    assert given[0][0].utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "address", ["mysql://x", "http://example.org", "sqlite://", "postgres:://", "postgresql://h:x/n"]
)
def test_an_address_that_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="COURANT_DATABASE_URL"):
        database_url(address)


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="folder cannot be made"):
        open_engine(str(tmp_path / "file" / "courant.db"))


async def _add_and_stop(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await tx.posts.add([a_post(1)], await tx.channels.ensure(["harbour_wire"]), now)
        raise ValueError("stop")


async def test_a_rolled_back_transaction_leaves_nothing(any_store: Store, now: datetime) -> None:
    with pytest.raises(ValueError, match="stop"):
        await _add_and_stop(any_store, now)
    async with any_store.read() as tx:
        assert await tx.posts.count() == 0


async def test_readers_of_the_database_do_not_wait_for_a_writer(any_store: Store) -> None:
    async with any_store.begin() as writing:
        await writing.channels.ensure(["harbour_wire"])
        async with any_store.read() as reading:
            assert await reading.channels.all() == ()
        await any_store.ping()
        await any_store.look_through()


async def test_all_that_one_transaction_reads_is_of_one_moment(any_store: Store) -> None:
    async with any_store.read() as reading:
        assert await reading.channels.all() == ()
        async with any_store.begin() as writing:
            await writing.channels.ensure(["harbour_wire"])
        assert await reading.channels.all() == ()
    async with any_store.read() as later:
        assert len(await later.channels.all()) == 1


async def test_what_a_large_transaction_needed_beside_the_file_is_given_back(store: Store, sqlite_url: str) -> None:
    beside = Path(f"{sqlite_url.removeprefix('sqlite:///')}-wal")
    async with store.begin() as tx:
        await tx._connection.execute(text("CREATE TABLE large AS SELECT zeroblob(20 << 20) AS bytes"))
    assert size(beside) > 20 << 20
    for _ in range(2):  # it begins anew with the first write after a checkpoint
        async with store.begin() as tx:
            await tx._connection.execute(text("CREATE TABLE IF NOT EXISTS small (number)"))
            await tx._connection.execute(text("INSERT INTO small VALUES (1)"))
    assert size(beside) <= 16 << 20
