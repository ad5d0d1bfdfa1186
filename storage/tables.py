"""The tables. Rows stay in this package; frozen values leave it.

A post's key is made of its time (`storage.keys`), so the key order is the order of publishing, and a window of time is
a range of keys in every index that holds them, the full-text index included.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Table, false, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Document, UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata
metadata.naming_convention = NAMING


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, to select whole rows of."""
    return metadata.tables[str(model.__tablename__)]


class ChannelRow(SQLModel, table=True):
    """`key` is the name in lower case; `active` says whether a list names the channel; `signature` is what the
    cleaning has learned of its recurring lines; `way` what reads it now: "web" or the name of an account."""

    __tablename__ = "channel"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True)
    name: str
    title: str = ""
    description: str = ""
    kind: str = "channel"
    members: int | None = None
    telegram_id: int | None = Field(default=None, unique=True, sa_type=BigKey)
    source: str = "auto"
    every: int | None = None
    active: bool = Field(default=False, index=True)
    way: str | None = Field(default=None, index=True)
    join: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    invite: str | None = None
    signature: dict[str, Any] | None = Field(default=None, sa_type=Document)


class ListRow(SQLModel, table=True):
    """`titles` and `descriptions` by language; the key "" serves where a language is missing. `folder` is the slug of
    the folder whose channels belong to it, too."""

    __tablename__ = "list"
    id: str = Field(primary_key=True)
    titles: dict[str, str] = Field(sa_type=Document)
    descriptions: dict[str, str] = Field(sa_type=Document)
    language: str | None = None
    position: int = 0
    folder: str | None = None


class FolderRow(SQLModel, table=True):
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


class FolderChannelRow(SQLModel, table=True):
    """A channel of a folder, by Telegram's own number, which it keeps whatever it is called; `closed` where only a
    member reads it and no account is one."""

    __tablename__ = "folder_channel"
    slug: str = Field(primary_key=True, foreign_key="folder.slug", ondelete="CASCADE")
    telegram_id: int = Field(primary_key=True, sa_type=BigKey, index=True, sa_column_kwargs={"autoincrement": False})
    position: int
    name: str
    title: str = ""
    closed: bool = False


class ListChannelRow(SQLModel, table=True):
    __tablename__ = "list_channel"
    list_id: str = Field(primary_key=True, foreign_key="list.id", ondelete="CASCADE")
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    position: int = 0


class ReadingRow(SQLModel, table=True):
    """How far a channel has been read by one source, and when it is to be read again."""

    __tablename__ = "reading"
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    source: str = Field(primary_key=True)
    cursor: int | None = Field(default=None, sa_type=BigKey)
    oldest: int | None = Field(default=None, sa_type=BigKey)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    failures: int = 0
    reason: str | None = None


class PeerRow(SQLModel, table=True):
    """Where an account finds a channel: its number and the hash that opens it to this account alone; `joined` where
    the account is a member."""

    __tablename__ = "peer"
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    account: str = Field(primary_key=True)
    telegram_id: int = Field(sa_type=BigKey)
    access_hash: int = Field(sa_type=BigKey)
    joined: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class AccountRow(SQLModel, table=True):
    """How an account fares, `since` when; `until` when it rests; `told` whether the administrators were told that it
    reads nothing."""

    __tablename__ = "account"
    name: str = Field(primary_key=True)
    state: str
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = None
    told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class RefusalRow(SQLModel, table=True):
    """A channel that an account cannot read for a while."""

    __tablename__ = "refusal"
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    account: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str


class JoinRefusalRow(SQLModel, table=True):
    """A channel that does not take an account for a member: it asks no more before `until`."""

    __tablename__ = "join_refusal"
    channel_id: int = Field(primary_key=True, foreign_key="channel.id", ondelete="CASCADE", sa_type=BigKey)
    account: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str


class AccountRestRow(SQLModel, table=True):
    """A kind of call that an account has to leave for a while."""

    __tablename__ = "account_rest"
    account: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str


class AccountCallRow(SQLModel, table=True):
    """A call of a kind that has a daily budget."""

    __tablename__ = "account_call"
    __table_args__ = (Index("ix_account_call_account_kind_at", "account", "kind", "at"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    account: str
    kind: str
    at: datetime = Field(sa_type=UtcDateTime)


class PostRow(SQLModel, table=True):
    """`body` is empty where it equals `text`; `details` holds what is shown but never asked for in a query;
    `content` is a hash of what an edit would change; `stored_at` when it came, which may be long after its `date`;
    `stage` 0 waits for the stories, 1 has been through them; `changed_at` is when the last edit or the deletion was
    seen; `count_at` when its counts are worth another look."""

    __tablename__ = "post"
    __table_args__ = (
        Index("uq_post_channel_id_message_id", "channel_id", "message_id", unique=True),
        Index(
            "ix_post_counting",
            "channel_id",
            "count_at",
            sqlite_where=text("count_at IS NOT NULL"),
            postgresql_where=text("count_at IS NOT NULL"),
        ),
        Index("ix_post_waiting", "id", sqlite_where=text("stage = 0"), postgresql_where=text("stage = 0")),
        Index(
            "ix_post_changed",
            "changed_at",
            sqlite_where=text("changed_at IS NOT NULL"),
            postgresql_where=text("changed_at IS NOT NULL"),
        ),
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


class EditRow(SQLModel, table=True):
    """What a post said before it was edited."""

    __tablename__ = "post_edit"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    text: str


class ArticleRow(SQLModel, table=True):
    """A linked page. `state`: new, read, failed (it holds no article, or gives none) or same (`same_as` has it).
    `next_at` is when a new page is tried again and a read one looked at once more, which it was `checks` times;
    `tag` and `modified` are what its server calls the version that was read."""

    __tablename__ = "article"
    __table_args__ = (
        Index(
            "ix_article_waiting",
            "host",
            "id",
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
        Index(
            "ix_article_newest",
            "state",
            "id",
            "host",
            "next_at",
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
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


class ArticleEditRow(SQLModel, table=True):
    """What an article said before its page changed."""

    __tablename__ = "article_edit"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    title: str | None = None
    text: str


class WebHostRow(SQLModel, table=True):
    """A host in trouble: `failures` in a row `since` then, none of its pages is asked for before `next_at`."""

    __tablename__ = "web_host"
    name: str = Field(primary_key=True)
    failures: int
    since: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime)
    reason: str


class PostArticleRow(SQLModel, table=True):
    __tablename__ = "post_article"
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey)
    article_id: int = Field(primary_key=True, foreign_key="article.id", ondelete="CASCADE", sa_type=BigKey, index=True)


class StoryRow(SQLModel, table=True):
    """A story's key is the key of the post that began it."""

    __tablename__ = "story"
    id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)
    posts: int = 0
    merged_into: int | None = Field(default=None, sa_type=BigKey)


class SummaryRow(SQLModel, table=True):
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


class EmbeddingRow(SQLModel, table=True):
    """What a post means to a model: a unit vector in float16; `text` is a hash of what was asked about."""

    __tablename__ = "embedding"
    post_id: int = Field(primary_key=True, sa_type=BigKey)
    model: str = Field(primary_key=True)
    text: str
    vector: bytes
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ReaderRow(SQLModel, table=True):
    """`thread_id` is 0 outside topics; `at` is HH:MM by the reader's own clock in `zone`; `due_at` is that hour's next
    moment in UTC, worked out anew whenever one of them changes; `asking` names the question that is open."""

    __tablename__ = "reader"
    __table_args__ = (Index("uq_reader_chat_id_thread_id", "chat_id", "thread_id", unique=True),)
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


class SubscriptionRow(SQLModel, table=True):
    """What a reader follows: `kind` is list or channel, `target` a list's id or a channel's key."""

    __tablename__ = "subscription"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    kind: str = Field(primary_key=True)
    target: str = Field(primary_key=True)


class SeenRow(SQLModel, table=True):
    """Up to which post a reader has been told a story."""

    __tablename__ = "seen"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    story_id: int = Field(primary_key=True, sa_type=BigKey, index=True)
    told_at: datetime = Field(sa_type=UtcDateTime)
    last_post: int = Field(sa_type=BigKey)


class KeywordRow(SQLModel, table=True):
    """A word that a reader wants more of, or (`wanted` false) never; `key` is its stems, in any form of it alike."""

    __tablename__ = "keyword"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    key: str = Field(primary_key=True)
    word: str
    wanted: bool = True


class LikingRow(SQLModel, table=True):
    """A story of which a reader wants more alike, or less: `terms` are what it was about then, stems with words."""

    __tablename__ = "liking"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    story_id: int = Field(primary_key=True, sa_type=BigKey)
    more: bool = True
    terms: dict[str, str] = Field(sa_type=Document)
    given_at: datetime = Field(sa_type=UtcDateTime)


class QueryRow(SQLModel, table=True):
    """A search a reader made, so that its pages can be turned by a button of 64 bytes."""

    __tablename__ = "query"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    text: str
    asked_at: datetime = Field(sa_type=UtcDateTime)


class EditionRow(SQLModel, table=True):
    """What a digest says, kept once for all readers who get the same: `value` as programs read it, `whole` with all
    that a correction before the sending needs; empty where the digest tells nothing."""

    __tablename__ = "edition"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)
    value: dict[str, Any] = Field(sa_type=Document)
    whole: dict[str, Any] | None = Field(default=None, sa_type=Document)


class CitationRow(SQLModel, table=True):
    """A post behind a story of an edition, and how often it had been edited when it was read."""

    __tablename__ = "citation"
    edition_id: int = Field(primary_key=True, foreign_key="edition.id", ondelete="CASCADE", sa_type=BigKey)
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    story_id: int = Field(sa_type=BigKey)
    edits: int = 0


class DigestRow(SQLModel, table=True):
    """An edition for one reader. `due_at` is the moment it was due, empty where it was asked for; one digest a reader
    and moment, so that no restart and no second process makes another."""

    __tablename__ = "digest"
    __table_args__ = (Index("uq_digest_reader_id_due_at", "reader_id", "due_at", unique=True),)
    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    reader_id: int = Field(foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_at: datetime = Field(sa_type=UtcDateTime)
    edition_id: int | None = Field(default=None, sa_type=BigKey, index=True)


class CorrectedRow(SQLModel, table=True):
    """Which version of a post a reader has been told as a correction, so that it is told once."""

    __tablename__ = "corrected"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE", sa_type=BigKey)
    post_id: int = Field(primary_key=True, foreign_key="post.id", ondelete="CASCADE", sa_type=BigKey, index=True)
    edits: int = 0
    deleted: bool = False
    told_at: datetime = Field(sa_type=UtcDateTime)


class OutboxRow(SQLModel, table=True):
    """One message to be sent. `state`: waiting, sending, sent, unsure (it may have arrived) or failed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_digest_id_part", "digest_id", "part", unique=True),
        Index(
            "ix_outbox_waiting",
            "not_before",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_sending",
            "id",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
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
