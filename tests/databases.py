"""Databases for tests; among them a PostgreSQL server of our own, where its programs are installed."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from storage.engine import open_engine
from storage.store import Store

_DEBIAN = Path("/usr/lib/postgresql")


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Store]:
    """A store on a copy of a database that was opened before: none has to see again whether it is of the present
    version, which takes longer than most tests. A connection is there, as after an opening."""
    engine = open_engine(address)
    store = Store(engine)
    try:
        async with engine.connect():
            pass
        yield store
    finally:
        await store.close()


def through_a_pooler(store: Store) -> Store:
    """The store as it is where each transaction gets the session that is free, whoever had it before."""
    return Store(create_async_engine(store._engine.url, poolclass=StaticPool))


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres, or None where they are not installed, or no user of a name may run them."""
    if _user() is None:
        return None
    candidates = sorted(_DEBIAN.glob("*/bin/initdb"), reverse=True)
    found = candidates[0] if candidates else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A PostgreSQL server of our own on a Unix socket; gives the address without the database's name."""
    with tempfile.TemporaryDirectory(prefix="courant-pg-", dir=_with_room_for_a_socket()) as folder:
        user = _user() if os.geteuid() == 0 else None
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = Path(folder) / "data"
        uid, gid = (user.pw_uid, user.pw_gid) if user else (None, None)
        groups: tuple[int, ...] | None = () if user else None
        subprocess.run(  # noqa: S603 - our own programs and arguments
            [programs / "initdb", "-D", data, "-U", "courant", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            user=uid,
            group=gid,
            extra_groups=groups,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "fsync": "off",
            "max_connections": "60",
            "autovacuum": "off",  # it comes when it wants, and a database that it looks at cannot be copied
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (Path(folder) / "log").open("w") as log:
            server = subprocess.Popen(  # noqa: S603 - our own programs and arguments
                [programs / "postgres", "-D", data, *flags],
                stdout=log,
                stderr=log,
                cwd=folder,
                user=uid,
                group=gid,
                extra_groups=groups,
            )
        try:
            _wait_until_ready(server, programs, folder)
            yield f"postgresql://courant@/{{name}}?host={quote(folder, safe='')}"
        finally:
            server.send_signal(signal.SIGINT)  # it ends also where a test that failed has left a connection
            server.wait(120)


def _with_room_for_a_socket() -> str | None:
    """Where the server's folder is made: not where temporary files lie, if that is too deep for a socket's address."""
    most, name = 107, "/courant-pg-12345678/.s.PGSQL.5432"
    return None if len(os.fsencode(tempfile.gettempdir()) + name.encode()) <= most else "/tmp"


def _wait_until_ready(server: subprocess.Popen[bytes], programs: Path, folder: str) -> None:
    """On a busy machine it takes its time; before its socket is there, whoever asks for it is refused at once."""
    until = monotonic() + 120
    while server.poll() is None and monotonic() < until:
        done = subprocess.run([programs / "pg_isready", "-h", folder, "-q", "-t", "1"], check=False)  # noqa: S603 - as above
        if done.returncode == 0:
            return
    raise RuntimeError((Path(folder) / "log").read_text())


def _user() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL, which refuses root and who has no name (a container may run as any number); None where
    there is nobody."""
    me = os.geteuid()
    candidates = [partial(pwd.getpwuid, me)] if me else [partial(pwd.getpwnam, name) for name in ("postgres", "nobody")]
    for look_up in candidates:
        with suppress(KeyError):
            return look_up()
    return None
