"""One engine for one database: SQLite by default, PostgreSQL by its address."""

import errno
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.errors import (
    BadInput,
    SessionsShared,
    SettingsError,
    StorageAltered,
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageReadOnly,
    StorageUnavailable,
)
from storage.sqlite_connection import connect

BUSY_SECONDS = 30
# A server that is gone without a word (a cable, a machine that lost its power) is noticed within a minute: by itself a
# connection would wait for it for hours. What an operator writes behind the `?` of the address counts instead.
_LINE = {
    "connect_timeout": BUSY_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": BUSY_SECONDS * 1000,
}
# What SQLite gives every transaction, PostgreSQL gives who asks: else each statement sees a moment of its own.
READING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ"},
}
_DISK_FULL, _READ_ONLY = "53100", "25006"  # PostgreSQL's codes; the other of a standby, or of a service out of room
_FORGOTTEN = "26000"  # what the driver had prepared is gone, behind a pooler or after a failure; asked again it goes
_PREPARED_BY_ANOTHER = "42P05"  # under a name that is ours alone in a session that is ours alone
_FORBIDDEN = ("42501", "3F000")  # since version 15 only the owner of a database may make tables in it
_TOO_LARGE = "54"  # PostgreSQL's class of what is beyond its limits: a value is at fault, and no waiting helps
_ALTERED = ("42703", "42P01", "42701", "42P07")  # a column or table that is not there, or is there already
_SQLITE_ALTERED = re.compile(
    r"no such (?:table|column)|duplicate column|(?:table|index) .* (?:already exists|has no column named)"
)
_SQLITE_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")  # the other where there is no room for the index of the WAL


def database_url(address: str) -> URL:
    """The address with the driver that we use: `sqlite:///file`, `postgresql://…`; a bare path is an SQLite file."""
    if "://" not in address:
        address = f"sqlite:///{address}"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:  # the other for a port that is no number
        raise SettingsError("COURANT_DATABASE_URL", "is no address of a database") from error
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+aiosqlite")
    if kind in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise SettingsError("COURANT_DATABASE_URL", "must be sqlite:///FILE or postgresql://USER@HOST/NAME")


def sqlite_file(address: str) -> Path | None:
    """The file of an SQLite database, None for a server. Raises SettingsError for an address that is none."""
    url = database_url(address)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def open_engine(address: str) -> AsyncEngine:
    """An engine for the address; for SQLite the folder of the file is made.

    Raises SettingsError for an address that is none, BadInput for a folder that cannot be made. Parameters never appear
    in error texts: they hold what readers wrote.
    """
    url = database_url(address)
    if url.get_backend_name() != "sqlite":
        try:
            engine = create_async_engine(
                url,
                hide_parameters=True,
                pool_pre_ping=True,
                isolation_level="READ COMMITTED",  # whatever the server's default is
                json_serializer=_json,
                connect_args={name: value for name, value in _LINE.items() if name not in url.query},
            )
        except ModuleNotFoundError as error:
            reason = "PostgreSQL needs `make postgres`, or `pip install -e '.[postgres]'`"
            raise SettingsError("COURANT_DATABASE_URL", reason) from error
        event.listen(engine.sync_engine, "connect", _prepare_postgres)
        return engine
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(url.database or "", f"the folder cannot be made: {error.strerror}") from error
    engine = create_async_engine(
        url,
        hide_parameters=True,
        json_serializer=_json,
        pool_use_lifo=True,  # the connection that wrote last still has its pages in memory
        connect_args={"timeout": BUSY_SECONDS, "async_creator_fn": connect},
    )
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # `json.dumps` makes one each time
# A NUL as JSON writes it. Behind an odd number of backslashes it is none, but what somebody wrote of one: without it a
# backslash would be left that makes the quotation mark behind it a part of the text.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _json(value: Any) -> str:
    # PostgreSQL takes neither NUL nor half of a surrogate pair, and posts may bring both.
    written = _encode(value)
    if "\\u0000" in written:
        written = _NUL.sub(r"\1", written)
    return written.encode("utf-8", "replace").decode()


_POSTGRES_SETTINGS = {
    # What our transactions rest on, however the server, the database or the role is set up for others.
    "client_encoding": "UTF8",
    "DateStyle": "ISO",
    "TimeZone": "UTC",
    # A plan that serves every search serves none: a rare word wants the word index, a common one the order of keys.
    # And compiling a plan takes longer than any query of ours.
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    "random_page_cost": "1.1",  # the archive lives in memory or on a disk without a moving head
}


def _prepare_postgres(connection: Any, _record: object) -> None:
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("; ".join(f"SET {name} = '{value}'" for name, value in _POSTGRES_SETTINGS.items()))
    cursor.close()
    connection.autocommit = False


def _begin_sqlite(connection: Any) -> None:
    # A writer asks for the lock at once: upgrading a read transaction fails without waiting when another wrote.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what the database driver raises for reasons outside our code into what we raise."""
    try:
        yield
    except DBAPIError as error:
        raise _ours(error) from error
    except sqlite3.DatabaseError as error:
        raise _ours_sqlite(error) from error
    except NoneFree as error:
        raise StorageUnavailable("no connection to it has become free") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFull from error
        raise


def _ours(error: DBAPIError) -> Exception:
    original = error.orig
    state = getattr(original, "sqlstate", None) or ""
    if state == _DISK_FULL:
        return StorageFull()
    if isinstance(original, sqlite3.Error):
        return _ours_sqlite(original)
    if state.startswith(_TOO_LARGE):
        return error
    reason = next(iter(str(original or "").splitlines()), "no connection")
    if state == _PREPARED_BY_ANOTHER:
        return SessionsShared()
    if state in _ALTERED:
        return StorageAltered(reason)
    if state in _FORBIDDEN:
        return StorageUnavailable(f"{reason}: its user is to own it, by ALTER DATABASE … OWNER TO …")
    if state == _READ_ONLY:
        return StorageReadOnly(reason)
    # the other: a page of its files that is damaged, a transaction that it has ended; no value of ours is at fault
    if error.connection_invalidated or isinstance(error, OperationalError | InternalError) or state == _FORGOTTEN:
        return StorageUnavailable(reason)
    return error


def _ours_sqlite(error: sqlite3.Error) -> StorageError:
    code = getattr(error, "sqlite_errorname", "")
    if code in _SQLITE_FULL:
        return StorageFull()
    if code.startswith("SQLITE_CORRUPT"):
        return StorageDamaged(str(error))
    if code.startswith("SQLITE_READONLY"):
        return StorageReadOnly(str(error))
    if _SQLITE_ALTERED.match(str(error)):
        return StorageAltered(str(error))
    return StorageUnavailable(str(error))
