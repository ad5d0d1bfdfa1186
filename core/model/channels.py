"""Channels, the lists and folders that name them, and how far they have been read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from core.model.ids import ChannelId
from core.model.posts import Source

WEB_WAY = "web"  # the way of a channel that the web preview reads; no account has this name


def channel_number(name: str) -> int | None:
    """Telegram's own number of a channel that is named by it, `c/<number>`; None of one with a public name."""
    digits = name[2:] if name[:2] in ("c/", "C/") else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


def invite_name(invite: str) -> str:
    """What the channel behind an invite is called until its own name is known; nobody can join by it."""
    return f"+{blake2b(invite.encode(), digest_size=5).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as it is kept. `source` is auto, web or account; `every` seconds between readings, None for the
    channel's own rhythm; `active` where a list names it; `signature` what the cleaning has learned (its own JSON);
    `way` what reads it now: WEB_WAY, the name of an account, or None where that is not settled yet; `join` where an
    account is to become a member, `invite` the hash of the link that lets it in: whoever has it can join."""

    id: ChannelId
    name: str
    title: str
    description: str = ""
    members: int | None = None
    telegram_id: int | None = None
    source: str = "auto"
    every: int | None = None
    active: bool = False
    signature: Mapping[str, Any] | None = None
    way: str | None = None
    join: bool = False
    invite: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a source tells of a channel, None where it does not: its own words, how many subscribe, its number."""

    description: str | None = None
    members: int | None = None
    telegram_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What channels.toml says of one channel beyond its name; `join`: an account is to become a member, by `invite`
    where that is the hash of a link."""

    source: str = "auto"
    every: int | None = None
    join: bool = False
    invite: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelList:
    """A named set of channels. Titles and descriptions by language; the key "" serves where a language is missing.
    `folder` is the slug of a folder's link (t.me/addlist/<slug>) whose channels belong to it, too: whoever has it can
    join them; `join` where an account is to become a member of all."""

    id: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    channels: tuple[str, ...] = ()
    folder: str | None = field(default=None, repr=False)
    join: bool = False

    def title(self, language: str) -> str:
        return _worded(self.titles, language) or self.id

    def description(self, language: str) -> str:
        return _worded(self.descriptions, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderChannel:
    """A channel in a folder: Telegram's own number of it, its name and title; `closed` where nobody reads it who is no
    member, and no account is one."""

    telegram_id: int
    name: str
    title: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of chats that a list names, as it was read last: how many of its chats are channels (`closed` of them
    to who is no member) and how many `others`; `failures` in a row, the last with its `reason`."""

    slug: str = field(repr=False)
    lists: tuple[str, ...] = ()
    title: str = ""
    channels: int = 0
    closed: int = 0
    others: int = 0
    read_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far a channel has been read by one source. `cursor` is the newest message id that was read, `oldest` the
    oldest; `failures` in a row, the last with its `reason`."""

    channel: Channel
    source: Source
    cursor: int | None = None
    oldest: int | None = None
    read_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    reason: str | None = None

    @property
    def waited(self) -> timedelta | None:
        """The wait that was set when it was last read."""
        return self.next_at - self.read_at if self.next_at and self.read_at else None

    def late(self, now: datetime) -> timedelta:
        """For how long its reading is overdue."""
        return max(now - self.next_at, timedelta()) if self.next_at else timedelta()


def _worded(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("") or next(iter(words.values()), "")
