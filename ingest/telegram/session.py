"""How an account signs in, the session that keeps it signed in, and its client, opened and closed."""

import asyncio
import logging
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import SQLiteSession, StringSession

from core.errors import SettingsError
from core.sessions import session_file
from ingest.telegram.account import Account
from ingest.telegram.errors import reason_of


def open_client(account: Account) -> Any:
    """Telethon's client of an account, not connected yet. Raises as `open_session` does."""
    logging.getLogger("telethon.network.mtprotosender").addFilter(_is_no_attempt)
    return TelegramClient(
        open_session(account),
        account.api_id,
        account.api_hash,
        flood_sleep_threshold=0,  # else waits up to a minute are slept through unseen
        request_retries=1,
        connection_retries=-1,  # for ever: after a last attempt the client would stay dead
        retry_delay=1,
        raise_last_call_error=True,
    )


async def connect(client: Any) -> None:
    """Open a client's line to Telegram. Raises what Telethon does."""
    with _staying_cancelled():
        await client.connect()


async def disconnect(client: Any) -> None:
    """Close a client's line to Telegram, in ten seconds at most."""
    with _staying_cancelled(), suppress(TimeoutError):
        async with asyncio.timeout(10):
            await client.disconnect()


@contextmanager
def _staying_cancelled() -> Iterator[None]:
    """Who is cancelled in here ends. Telethon takes that for the end of one of its own tasks where it meets it at such
    a moment, and so does `wait_for` before Python 3.12: a reader that was told to end went on, and was waited for."""
    before = _times_cancelled()
    try:
        yield
    finally:
        if _times_cancelled() > before:
            raise asyncio.CancelledError


def _times_cancelled() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0


def _is_no_attempt(record: logging.LogRecord) -> bool:
    """Telethon tells of each attempt at connecting, one a second; whoever asked tells once that there is no line."""
    return not record.msg.startswith("Attempt ")


def open_session(account: Account) -> Any:
    """The session of an account, pointed at `server` where one is named. A session file is its owner's alone, and
    so is its folder where that is made for it.

    Raises SettingsError for a session, a server or a key that cannot be used.
    """
    server = _server(account.server) if account.server else None  # before the file of the session is open
    if account.server_key:
        with _settings_errors("COURANT_TELEGRAM_SERVER_KEY"):
            rsa.add_key(account.server_key.read_text(), old=False)
    with _settings_errors("COURANT_TELEGRAM_SESSION"):
        session = _stored(account.session)
    if server and (session.server_address, session.port) != server:
        session.set_dc(2, *server)
    return session


def _server(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise SettingsError("COURANT_TELEGRAM_SERVER", f"{address!r} is not host:port")
    return host, int(port)


def _stored(session: str) -> Any:
    path = session_file(session)
    if path is None:
        return StringSession(session)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as file:
        file.execute("SELECT name FROM sqlite_master")  # of one that is no database: Telethon would leave it open
    return SQLiteSession(str(path))


@contextmanager
def _settings_errors(setting: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, struct.error, sqlite3.Error) as error:
        raise SettingsError(setting, f"cannot be used: {reason_of(error)}") from error
