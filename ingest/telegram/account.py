"""An account as a value, without Telethon: 25 MB that an installation without an account need not load."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How to sign in: the API's id and hash, and a session (a file's path or a StringSession). `name` is what an
    operator calls the account, and under what its addresses are kept.

    `server` ("host:port") and `server_key` (its public key, a PEM file) name another data centre than Telegram's own.
    """

    api_id: int
    api_hash: str
    session: str
    name: str = "main"
    server: str | None = None
    server_key: Path | None = None
