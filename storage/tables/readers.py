"""The tables of readers and of what they want."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import BigKey, Document, UtcDateTime
from storage.tables.base import GIVEN_ONCE, Row


class ReaderRow(Row, table=True):
    """`thread_id` is 0 outside topics; `at` is HH:MM by the reader's own clock in `zone`; `due_at` is that hour's next
    moment in UTC, worked out anew whenever one of them changes; `asking` names the question that is open."""

    __tablename__ = "reader"
    __table_args__ = (Index("uq_reader_chat_id_thread_id", "chat_id", "thread_id", unique=True), GIVEN_ONCE)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    chat_id: int = Field(sa_type=BigKey)
    thread_id: int = Field(default=0, sa_type=BigKey)
    kind: str = "private"
    name: str = ""
    language: str = "en"
    at: str = "08:00"
    zone: str = "UTC"
    minutes: int = 5
    look: str = "classic"
    state: str = "active"
    asking: str | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    told_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class SubscriptionRow(Row, table=True):
    """What a reader follows: `kind` is list or channel, `target` a list's id or a channel's key."""

    __tablename__ = "subscription"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    kind: str = Field(primary_key=True)
    target: str = Field(primary_key=True)


class SeenRow(Row, table=True):
    """Up to which post a reader has been told a story; only posts that had come by `told_at` count as told."""

    __tablename__ = "seen"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    story_id: int = Field(primary_key=True, sa_type=BigKey, index=True)
    told_at: datetime = Field(sa_type=UtcDateTime)
    last_post: int = Field(sa_type=BigKey)


class KeywordRow(Row, table=True):
    """A word that a reader wants more of, or (`wanted` false) never; `key` is its stems, in any form of it alike."""

    __tablename__ = "keyword"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    key: str = Field(primary_key=True)
    word: str
    wanted: bool = True


class LikingRow(Row, table=True):
    """A story of which a reader wants more alike, or less: `terms` are what it was about then, stems with words."""

    __tablename__ = "liking"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    story_id: int = Field(primary_key=True, sa_type=BigKey)
    more: bool = True
    terms: dict[str, str] = Field(sa_type=Document)
    given_at: datetime = Field(sa_type=UtcDateTime)


class QueryRow(Row, table=True):
    """What a reader asked for, a search or a change of the lists, so that a button of 64 bytes can go on with it, and a
    digest that is asked for twice is known again."""

    __tablename__ = "query"
    __table_args__ = GIVEN_ONCE
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    text: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
