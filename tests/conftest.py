"""What all tests share: databases, and a moment that does not move."""

import asyncio
import gc
import logging
import os
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from sqlalchemy import Dialect, delete, table, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.data import DATA
from storage.engine import database_url
from storage.store import Store
from storage.tables import metadata
from tests.databases import opened, postgres_programs, postgres_server
from tests.moments import NOW

# A slow or busy machine is no fault of the code: no test is timed. A test whose examples share a fixture, a store for
# one, means them to. What has passed here passes elsewhere: the examples are drawn by what the test says. Others are
# looked for by --hypothesis-profile=explore.
settings.register_profile(
    "courant",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
settings.register_profile("explore", settings.get_profile("courant"), derandomize=False, max_examples=500)
settings.load_profile("courant")

_MEMORY, _ENOUGH = Path("/dev/shm"), 4 << 30  # bytes


def pytest_configure() -> None:
    """Keep what tests write in memory, where there is room: a database on a disk waits for it fifty times as long."""
    if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


def pytest_sessionstart() -> None:
    """Examples are those of the test alone. hypothesis mixes numbers and words among them from our modules that are
    loaded by then: which those are is the work of tests that ran before, and to read them takes each process its time.
    Who explores has them.
    """
    if settings().derandomize:
        pytest.MonkeyPatch().setattr(providers, "_get_local_constants", Constants)


def pytest_collection_finish() -> None:
    """What has been loaded by now stays: the collector of garbage need not look through it again and again.

    Nor need it look so often at what comes and goes, which is little.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """aiogram reads all certificates of the world for each of its sessions, of which a process has one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Engines share what SQLAlchemy compiled: a process of ours has one engine, where each test has one of its own."""
    kept: dict[str, tuple[Dialect, dict[Any, Any]]] = {}

    def create(*where: Any, **how: Any) -> AsyncEngine:
        engine = create_async_engine(*where, **how)
        dialect, compiled = kept.get(engine.dialect.name, (engine.dialect, {}))
        if dialect.server_version_info is None:  # it has met no server, and may never: one that did not answer
            dialect, compiled = kept[engine.dialect.name] = engine.dialect, {}
        engine.sync_engine.dialect = dialect
        engine.sync_engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.engine.create_async_engine", create)
        yield


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """For tests that set up how the process logs: it does so as before when they are over."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real posts and pages; tests that need it are skipped where it is missing."""
    if not (DATA / "README.md").exists():
        pytest.skip("the folder of real pages and posts (COURANT_DATA) is not here")
    return DATA


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server, with {name} for the database."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address.rpartition("/")[0] + "/{name}"
        return
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL cannot be run here and TEST_DATABASE_URL names no server")
    with postgres_server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh SQLite database: copying it is faster than migrating one for each test."""
    path = tmp_path_factory.mktemp("template") / "courant.db"
    asyncio.run(_migrated(str(path)))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a fresh PostgreSQL database to make others from."""
    name = f"template_{os.getpid()}"
    asyncio.run(administer(postgres, f'CREATE DATABASE "{name}"'))
    asyncio.run(_migrated(postgres.format(name=name)))
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of an SQLite database of the test's own."""
    path = tmp_path / "courant.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_database(postgres: str, postgres_template: str) -> Iterator[str]:
    """The address of the PostgreSQL database that tests use one after the other, over the same connections."""
    import psycopg

    from tests.spare_connections import SpareConnection, close_spare

    name = f"tests_{os.getpid()}"
    asyncio.run(administer(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"'))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SpareConnection, "database", name)
        patch.setattr(psycopg, "AsyncConnection", SpareConnection)
        yield postgres.format(name=name)
    asyncio.run(close_spare())


@pytest.fixture(scope="session")
def emptying(postgres_database: str) -> Iterator[Callable[[], None]]:
    """Empties that database. Making one takes longest, and cutting each table off ten times as long as this.

    All rows of all tables go, so no row's references need be looked for, where the server lets us say so.
    """
    import psycopg

    trust = "set_config('session_replication_role', 'replica', false) WHERE current_setting('is_superuser') = 'on'"
    counters = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    ours = [each.name for each in reversed(metadata.sorted_tables)]
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        beside = {name for (name,) in found} - {*ours, "alembic_version"}
        rows = [str(delete(table(name))) for name in (*sorted(beside), *ours)]
        everything = "; ".join([f"SELECT {trust}", *rows, counters])
        yield lambda: connection.execute(everything).close()


@pytest.fixture
def postgres_url(postgres_database: str, emptying: Callable[[], None]) -> str:
    """The address of an empty PostgreSQL database."""
    emptying()
    return postgres_database


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database whose tables the test may change."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    name = f"own_{os.getpid()}_{next(_numbers)}"
    asyncio.run(administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    yield server.format(name=name)
    asyncio.run(administer(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, of either kind in turn."""
    address: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return address


@pytest.fixture
async def any_store(database: str) -> AsyncIterator[Store]:
    """A store on either kind of database."""
    async with opened(database) as store:
        yield store


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """A store on SQLite, for tests of what does not depend on the kind."""
    async with opened(sqlite_url) as store:
        yield store


_numbers = iter(range(1_000_000))


async def _migrated(address: str) -> None:
    await (await Store.open(address)).close()


async def administer(server: str, statement: str) -> None:
    await _run(server.format(name="postgres"), statement)


async def _run(address: str, statement: str) -> None:
    engine = create_async_engine(database_url(address), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
