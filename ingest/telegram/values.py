"""What an account's connection takes and gives."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A channel as an account addresses it, to be stored: resolving a name again costs more than any other call.

    `id` is Telegram's own number and stays when the channel is renamed; `access_hash` holds for one account only.
    """

    channel: str
    title: str
    id: int
    access_hash: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPage:
    """What an account sees of a folder of chats: its channels; by number those of them that open to members only, which
    the account is not (`closed`), and those that do not show themselves to it (`hidden`); how many chats are no
    channels. `title` is empty where the account has the folder already."""

    title: str
    channels: tuple[Peer, ...]
    closed: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    others: int = 0


class HintKind(StrEnum):
    """What was heard."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"
    RECONNECTED = "reconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something happened in a channel: read it. After a reconnect `channel_id` is None: read them all."""

    kind: HintKind
    channel_id: int | None = None
    message_ids: tuple[int, ...] = ()
