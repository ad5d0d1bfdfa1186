"""Migrations: up, down and up, without loss, and to what the tables say."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text

from core.errors import DatabaseNewer
from core.model import Reader, ReaderId
from core.query import parse
from storage.engine import open_engine
from storage.lock import changing_tables
from storage.migrate import config, migrate
from storage.store import Store
from storage.tables import metadata
from tests.conftest import administer
from tests.posts import a_post
from tests.storage.revisions import downgrade, upgrade


def up_down_up(connection: Connection) -> None:
    settings = config(connection)
    revisions = list(ScriptDirectory.from_config(settings).walk_revisions())
    command.downgrade(settings, "base")
    for revision in reversed(revisions):
        command.upgrade(settings, revision.revision)
        command.downgrade(settings, str(revision.down_revision or "base"))
        command.upgrade(settings, revision.revision)


def differences(connection: Connection) -> list[object]:
    def real(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
        return not (kind == "table" and name is not None and "_words" in name)

    context = MigrationContext.configure(connection, opts={"include_object": real, "compare_type": False})
    found: list[object] = compare_metadata(context, metadata)
    return found


async def test_every_revision_goes_up_down_and_up(own_database: str) -> None:
    engine = open_engine(own_database)
    async with engine.begin() as connection:
        await connection.run_sync(up_down_up)
    await engine.dispose()


async def test_no_migration_loses_what_is_kept(own_database: str, now: datetime) -> None:
    store = await Store.open(own_database)
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, "The ferry sails again."), a_post(2, "The pier is closed.")], channels, now)
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=1), now)
        await tx.readers.follow(reader.id, channels=["harbour_wire"])
    await store.close()
    engine = open_engine(own_database)
    for move in (partial(downgrade, revision="0001"), upgrade):
        async with changing_tables(engine) as connection:
            await move(connection)
    async with engine.connect() as connection:
        enforced = engine.dialect.name != "sqlite" or await connection.scalar(text("PRAGMA foreign_keys")) == 1
    await engine.dispose()

    store = await Store.open(own_database)
    async with store.read() as tx:
        found = await tx.archive.search(parse("ferry", now, UTC), now, limit=5)
        assert (await tx.posts.count(), len(found.found), enforced) == (2, 1, True)
        assert [each.channels for each in await tx.readers.all()] == [("harbour_wire",)]
    await store.close()


async def test_an_upgrade_mends_what_sqlite_could_not_read(sqlite_url: str, now: datetime) -> None:
    store = await Store.open(sqlite_url)
    async with store.begin() as tx:
        posts = [a_post(number, f"Post {number}", author="A. B.") for number in (1, 2, 3)]
        await tx.posts.add(posts, await tx.channels.ensure(["harbour_wire"]), now)
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=1), now)
        digests = [await tx.outbox.add(reader.id, {"n": n}, [{"text": "x"}], due_at=None, now=now) for n in range(2)]
        await downgrade(tx._connection, "0022")
        sick, odd = r'{"author":"A. B. \","quote":"q"}', '{"author":"C. D.","quote":NaN}'
        for change, written in (
            ("UPDATE post SET details = ?1 WHERE message_id = 1", sick),
            ("UPDATE post SET details = ?1 WHERE message_id = 2", odd),
            ("UPDATE edition SET value = ?1, whole = ?1 WHERE id = 1", sick),
            ("UPDATE outbox SET payload = ?1 WHERE id = 1", sick),
        ):
            await tx._connection.exec_driver_sql(change, (written,))
    await store.close()

    store = await Store.open(sqlite_url)
    async with store.read() as tx:
        assert [post.author async for post in tx.posts.every()] == [None, "C. D.", "A. B."]
        assert [part.payload for part in await tx.outbox.waiting(now, 9)] == [{}, {"text": "x"}]
        assert [await tx.outbox.value(digest, reader.id) for digest in digests if digest] == [{}, {"n": 1}]
    await store.close()


async def test_who_is_cancelled_while_tables_are_made_hears_of_nothing_else(own_database: str) -> None:
    engine = open_engine(own_database)

    async def change() -> None:
        async with changing_tables(engine) as connection:
            changing.cancel()
            await connection.execute(text("SELECT 1"))

    changing = asyncio.get_running_loop().create_task(change())
    with pytest.raises(asyncio.CancelledError):
        await changing
    await engine.dispose()


async def test_who_is_cancelled_while_a_table_is_made_anew_hears_of_nothing_else(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'courant.db'}")
    migrating = asyncio.get_running_loop().create_task(migrate(engine))

    def cancel(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO _alembic_tmp_"):
            migrating.cancel()

    event.listen(engine.sync_engine, "before_cursor_execute", cancel)
    with pytest.raises(asyncio.CancelledError):
        await migrating
    await engine.dispose()


async def test_the_migrations_make_what_the_tables_say(own_database: str) -> None:
    engine = open_engine(own_database)
    async with engine.begin() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing_yet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    server = request.getfixturevalue("postgres")
    name = f"nothing_{os.getpid()}"
    asyncio.run(administer(server, f'CREATE DATABASE "{name}"'))
    yield server.format(name=name)
    asyncio.run(administer(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def test_parts_started_together_make_the_tables_once(nothing_yet: str) -> None:
    stores = await asyncio.gather(*(Store.open(nothing_yet) for _ in range(4)))
    for store in stores:
        async with store.read() as tx:
            assert await tx.channels.all() == ()
        await store.close()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with file.open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


async def test_who_opens_a_database_waits_while_another_makes_its_tables(
    sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "beside.db"
    shutil.copy(sqlite_template, beside)
    with locked(Path(f"{sqlite_url.removeprefix('sqlite:///')}.migrate.lock")):
        opening = asyncio.get_running_loop().create_task(Store.open(sqlite_url))
        for _ in range(3):  # which takes as long each time
            await (await Store.open(f"sqlite:///{beside}")).close()
        assert not opening.done()
    await (await opening).close()


async def test_a_database_of_a_newer_version_is_refused(own_database: str) -> None:
    engine = open_engine(own_database)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(DatabaseNewer, match=r"newer version \(9999\)"):
        await Store.open(own_database)
