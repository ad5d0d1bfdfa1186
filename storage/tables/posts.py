"""The tables of posts. A key is made of the post's time, see `storage.keys`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import BigKey, Document, UtcDateTime
from storage.tables.base import Row, partial_index


class PostRow(Row, table=True):
    """`body` is empty where it equals `text`; `details` holds what is shown but never asked for in a query;
    `content` is a hash of what an edit would change; `stored_at` when it came, which may be long after its `date`;
    `stage` 0 waits for the stories, 1 has been through them; `changed_at` is when the last edit or the deletion was
    seen; `count_at` when its counts are worth another look."""

    __tablename__ = "post"
    __table_args__ = (
        Index("uq_post_channel_id_message_id", "channel_id", "message_id", unique=True),
        partial_index("ix_post_counting", "channel_id", "count_at", where="count_at IS NOT NULL"),
        partial_index("ix_post_waiting", "id", where="stage = 0"),
        partial_index("ix_post_changed", "changed_at", where="changed_at IS NOT NULL"),
        partial_index("ix_post_deleted", "deleted_at", where="deleted_at IS NOT NULL"),
    )
    id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    message_id: int = Field(sa_type=BigKey)
    date: datetime = Field(sa_type=UtcDateTime)
    stored_at: datetime = Field(sa_type=UtcDateTime)
    text: str
    body: str | None = None
    language: str
    kind: str
    fingerprint: int = Field(sa_type=BigKey)
    source: str
    views: int | None = Field(default=None, sa_type=BigKey)
    forwards: int | None = Field(default=None, sa_type=BigKey)
    edited: bool = False
    edits: int = 0
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    content: int = Field(sa_type=BigKey)
    details: dict[str, Any] | None = Field(default=None, sa_type=Document)
    story_id: int | None = Field(default=None, sa_type=BigKey, index=True)
    stage: int = 0
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    count_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EditRow(Row, table=True):
    """What a post said before it was edited."""

    __tablename__ = "post_edit"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    text: str
