"""The tables of stories, and of what models say of them and their posts."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from storage.columns import BigKey, Document, UtcDateTime
from storage.tables.base import Row, partial_index


class StoryRow(Row, table=True):
    """A story's key is the key of the post that began it."""

    __tablename__ = "story"
    __table_args__ = (partial_index("ix_story_merged", "id", where="merged_into IS NOT NULL"),)
    id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)
    posts: int = 0
    merged_into: int | None = Field(default=None, sa_type=BigKey)


class SummaryRow(Row, table=True):
    """What a model made of one version of a story in one language; `value` is null where nothing of it could be used.
    `tokens_in`, `tokens_out` and `cost` are of all `calls` for it."""

    __tablename__ = "summary"
    story_id: int = Field(primary_key=True, sa_type=BigKey)
    version: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    prompt: str = Field(primary_key=True)
    value: dict[str, Any] | None = Field(default=None, sa_type=Document)
    calls: int = 1
    tokens_in: int = Field(default=0, sa_type=BigKey)
    tokens_out: int = Field(default=0, sa_type=BigKey)
    cost: float = 0.0
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)


class EmbeddingRow(Row, table=True):
    """What a post means to a model: a unit vector in float16; `text` is a hash of what was asked about."""

    __tablename__ = "embedding"
    post_id: int = Field(primary_key=True, sa_type=BigKey)
    model: str = Field(primary_key=True)
    text: str
    vector: bytes
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)
