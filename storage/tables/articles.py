"""The tables of linked pages."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import BigKey, UtcDateTime
from storage.tables.base import Row, partial_index


class ArticleRow(Row, table=True):
    """A linked page. `state`: new, read, failed (it holds no article, or gives none) or same (`same_as` has it).
    `next_at` is when a new page is tried again and a read one looked at once more, which it was `checks` times;
    `tag` and `modified` are what its server calls the version that was read."""

    __tablename__ = "article"
    __table_args__ = (
        partial_index("ix_article_waiting", "host", "id", where="state = 'new'"),
        partial_index("ix_article_newest", "state", "id", "host", "next_at", where="state = 'new'"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    url: str = Field(unique=True)
    host: str | None = None
    state: str = "new"
    same_as: int | None = Field(default=None, foreign_key="article.id", sa_type=BigKey)
    title: str | None = None
    author: str | None = None
    date: datetime | None = Field(default=None, sa_type=UtcDateTime)
    text: str | None = None
    language: str | None = None
    attempts: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    reason: str | None = None
    tag: str | None = None
    modified: str | None = None
    checks: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ArticleEditRow(Row, table=True):
    """What an article said before its page changed."""

    __tablename__ = "article_edit"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    title: str | None = None
    text: str


class WebHostRow(Row, table=True):
    """A host in trouble: `failures` in a row `since` then, none of its pages is asked for before `next_at`."""

    __tablename__ = "web_host"
    name: str = Field(primary_key=True)
    failures: int
    since: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime)
    reason: str


class PostArticleRow(Row, table=True):
    __tablename__ = "post_article"
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey)
    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=BigKey, index=True)
