"""The tables of channels, lists and folders."""

from datetime import datetime
from typing import Any

from sqlalchemy import false
from sqlmodel import Field

from storage.columns import BigKey, Document, UtcDateTime
from storage.tables.base import GIVEN_ONCE, Row


class ChannelRow(Row, table=True):
    """`key` is the name in lower case; `active` says whether a list names the channel; `signature` is what the
    cleaning has learned of its recurring lines; `way` what reads it now: "web" or the name of an account."""

    __tablename__ = "channel"
    __table_args__ = GIVEN_ONCE
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True)
    name: str
    title: str = ""
    description: str = ""
    members: int | None = None
    telegram_id: int | None = Field(default=None, unique=True, sa_type=BigKey)
    source: str = "auto"
    every: int | None = None
    active: bool = Field(default=False, index=True)
    way: str | None = Field(default=None, index=True)
    join: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    invite: str | None = None
    signature: dict[str, Any] | None = Field(default=None, sa_type=Document)


class ListRow(Row, table=True):
    """`titles` and `descriptions` by language; the key "" serves where a language is missing. `folder` is the slug of
    the folder whose channels belong to it, too."""

    __tablename__ = "list"
    id: str = Field(primary_key=True)
    titles: dict[str, str] = Field(sa_type=Document)
    descriptions: dict[str, str] = Field(sa_type=Document)
    language: str | None = None
    position: int = 0
    folder: str | None = None


class FolderRow(Row, table=True):
    """A folder of chats that a list names, and when it is to be read again, empty for at once; `others` are its chats
    that are no channels."""

    __tablename__ = "folder"
    slug: str = Field(primary_key=True)
    title: str = ""
    others: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures: int = 0
    reason: str | None = None


class FolderChannelRow(Row, table=True):
    """A channel of a folder, by Telegram's own number, which it keeps whatever it is called; `closed` where only a
    member reads it and no account is one."""

    __tablename__ = "folder_channel"
    slug: str = Field(primary_key=True, foreign_key="folder.slug", ondelete="CASCADE")
    telegram_id: int = Field(primary_key=True, sa_type=BigKey, index=True, sa_column_kwargs={"autoincrement": False})
    position: int
    name: str
    title: str = ""
    closed: bool = False


class ListChannelRow(Row, table=True):
    __tablename__ = "list_channel"
    list_id: str = Field(primary_key=True, foreign_key="list.id", ondelete="CASCADE")
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    position: int = 0


class ReadingRow(Row, table=True):
    """How far a channel has been read by one source, when it was `tried_at`, which may have failed, and when it is to
    be read again."""

    __tablename__ = "reading"
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    source: str = Field(primary_key=True)
    cursor: int | None = Field(default=None, sa_type=BigKey)
    oldest: int | None = Field(default=None, sa_type=BigKey)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    failures: int = 0
    reason: str | None = None
