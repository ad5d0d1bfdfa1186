"""The tables of digests and of what waits to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import BigKey, Document, UtcDateTime
from storage.tables.base import GIVEN_ONCE, Row, partial_index


class EditionRow(Row, table=True):
    """What a digest says, kept once for all readers who get the same: `value` as programs read it, `whole` with all
    that a correction before the sending needs; empty where the digest tells nothing or is corrected no more."""

    __tablename__ = "edition"
    __table_args__ = (partial_index("ix_edition_whole", "made_at", where="whole IS NOT NULL"), GIVEN_ONCE)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    made_at: datetime = Field(sa_type=UtcDateTime)
    value: dict[str, Any] = Field(sa_type=Document)
    whole: dict[str, Any] | None = Field(default=None, sa_type=Document)


class CitationRow(Row, table=True):
    """A post behind a story of an edition, and how often it had been edited when it was read."""

    __tablename__ = "citation"
    edition_id: int = Field(primary_key=True, foreign_key="edition.id", ondelete="CASCADE", sa_type=BigKey)
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    story_id: int = Field(sa_type=BigKey)
    edits: int = 0


class DigestRow(Row, table=True):
    """An edition for one reader. `due_at` is the moment it was due, empty where it was asked for; one digest a reader
    and moment, so that no restart and no second process makes another."""

    __tablename__ = "digest"
    __table_args__ = (
        Index("uq_digest_reader_id_due_at", "reader_id", "due_at", unique=True),
        Index("ix_digest_reader_id_made_at", "reader_id", "made_at"),
        GIVEN_ONCE,
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_at: datetime = Field(sa_type=UtcDateTime)
    edition_id: int | None = Field(default=None, sa_type=BigKey, index=True)


class CorrectedRow(Row, table=True):
    """Which version of a post a reader has been told as a correction, so that it is told once."""

    __tablename__ = "corrected"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    edits: int = 0
    deleted: bool = False
    told_at: datetime = Field(sa_type=UtcDateTime)


# Said in an index and in its query alike, or it would not be used: what is done and still has its drawn message, and
# what was not sent.
UNSENT = "state <> 'sent'"
DRAWN = "state IN ('sent', 'failed') AND payload <> '{}'"


class OutboxRow(Row, table=True):
    """One message to be sent. `state`: waiting, sending, sent, unsure (it may have arrived), held or failed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_digest_id_part", "digest_id", "part", unique=True),
        partial_index("ix_outbox_waiting", "not_before", "id", where="state = 'waiting'"),
        partial_index("ix_outbox_sending", "id", where="state = 'sending'"),
        partial_index("ix_outbox_drawn", "not_before", where=DRAWN),
        partial_index("ix_outbox_unsent", "state", where=UNSENT),
        GIVEN_ONCE,
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    digest_id: int = Field(foreign_key="digest.id", ondelete="CASCADE", sa_type=BigKey)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    part: int
    payload: dict[str, Any] = Field(sa_type=Document)
    state: str = "waiting"
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, sa_type=BigKey)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = None
