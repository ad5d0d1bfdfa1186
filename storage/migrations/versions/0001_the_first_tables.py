"""the first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, Document, UtcDateTime

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


_SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE post_words USING fts5(words, marks, tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE article_words USING fts5(words, marks, tokenize = 'ascii')",
)
_POSTGRES_SEARCH = (
    "CREATE TABLE post_words (id bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX ix_post_words_words ON post_words USING gin (words)",
    "CREATE TABLE article_words (id bigint PRIMARY KEY REFERENCES article ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
)


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("same_as", BigKey, nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("date", UtcDateTime(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["same_as"], ["article.id"], name=op.f("fk_article_same_as")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("url", name=op.f("uq_article_url")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_next_at"), ["next_at"], unique=False)

    op.create_table(
        "channel",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("telegram_id", BigKey, nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("signature", Document, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("key", name=op.f("uq_channel_key")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_channel_telegram_id")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_active"), ["active"], unique=False)

    op.create_table(
        "list",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("titles", Document, nullable=False),
        sa.Column("descriptions", Document, nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list")),
    )
    op.create_table(
        "reader",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("chat_id", BigKey, nullable=False),
        sa.Column("thread_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("look", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asking", sa.String(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("told_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
    )
    with op.batch_alter_table("reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reader_due_at"), ["due_at"], unique=False)
        batch_op.create_index("uq_reader_chat_id_thread_id", ["chat_id", "thread_id"], unique=True)

    op.create_table(
        "story",
        sa.Column("id", BigKey, autoincrement=False, nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("merged_into", BigKey, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_last_at"), ["last_at"], unique=False)

    op.create_table(
        "digest",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("value", Document, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_digest_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index("uq_digest_reader_id_due_at", ["reader_id", "due_at"], unique=True)

    op.create_table(
        "list_channel",
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("channel_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_list_channel_channel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["list_id"], ["list.id"], name=op.f("fk_list_channel_list_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "channel_id", name=op.f("pk_list_channel")),
    )
    with op.batch_alter_table("list_channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_channel_channel_id"), ["channel_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", BigKey, autoincrement=False, nullable=False),
        sa.Column("channel_id", BigKey, nullable=False),
        sa.Column("message_id", BigKey, nullable=False),
        sa.Column("date", UtcDateTime(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fingerprint", BigKey, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("views", BigKey, nullable=True),
        sa.Column("forwards", BigKey, nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("content", BigKey, nullable=False),
        sa.Column("details", Document, nullable=True),
        sa.Column("story_id", BigKey, nullable=True),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_post_channel_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_story_id"), ["story_id"], unique=False)
        batch_op.create_index(
            "ix_post_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("stage = 0"),
            postgresql_where=sa.text("stage = 0"),
        )
        batch_op.create_index("uq_post_channel_id_message_id", ["channel_id", "message_id"], unique=True)

    op.create_table(
        "query",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_query_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query")),
    )
    with op.batch_alter_table("query", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_query_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("channel_id", BigKey, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("cursor", BigKey, nullable=True),
        sa.Column("oldest", BigKey, nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_reading_channel_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel_id", "source", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_next_at"), ["next_at"], unique=False)

    op.create_table(
        "seen",
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("story_id", BigKey, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("last_post", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_seen_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader_id", "story_id", name=op.f("pk_seen")),
    )
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_story_id"), ["story_id"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_subscription_reader_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reader_id", "kind", "target", name=op.f("pk_subscription")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("digest_id", BigKey, nullable=False),
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("payload", Document, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("message_id", BigKey, nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_outbox_digest_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_outbox_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_reader_id"), ["reader_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_sending",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.create_index(
            "ix_outbox_waiting",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index("uq_outbox_digest_id_part", ["digest_id", "part"], unique=True)

    op.create_table(
        "post_article",
        sa.Column("post_id", BigKey, nullable=False),
        sa.Column("article_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_post_article_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_article_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "article_id", name=op.f("pk_post_article")),
    )
    with op.batch_alter_table("post_article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_article_article_id"), ["article_id"], unique=False)

    op.create_table(
        "post_edit",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("post_id", BigKey, nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_edit_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_edit")),
    )
    with op.batch_alter_table("post_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_edit_post_id"), ["post_id"], unique=False)
    for statement in _SQLITE_SEARCH if op.get_bind().dialect.name == "sqlite" else _POSTGRES_SEARCH:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE article_words")
    op.execute("DROP TABLE post_words")
    with op.batch_alter_table("post_edit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_edit_post_id"))

    op.drop_table("post_edit")
    with op.batch_alter_table("post_article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_article_article_id"))

    op.drop_table("post_article")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("uq_outbox_digest_id_part")
        batch_op.drop_index(
            "ix_outbox_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_outbox_sending",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_reader_id"))

    op.drop_table("outbox")
    op.drop_table("subscription")
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_story_id"))

    op.drop_table("seen")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_next_at"))

    op.drop_table("reading")
    with op.batch_alter_table("query", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_query_reader_id"))

    op.drop_table("query")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("uq_post_channel_id_message_id")
        batch_op.drop_index("ix_post_waiting", sqlite_where=sa.text("stage = 0"), postgresql_where=sa.text("stage = 0"))
        batch_op.drop_index(batch_op.f("ix_post_story_id"))

    op.drop_table("post")
    with op.batch_alter_table("list_channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_channel_channel_id"))

    op.drop_table("list_channel")
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_index("uq_digest_reader_id_due_at")

    op.drop_table("digest")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_last_at"))

    op.drop_table("story")
    with op.batch_alter_table("reader", schema=None) as batch_op:
        batch_op.drop_index("uq_reader_chat_id_thread_id")
        batch_op.drop_index(batch_op.f("ix_reader_due_at"))

    op.drop_table("reader")
    op.drop_table("list")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_active"))

    op.drop_table("channel")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_next_at"))

    op.drop_table("article")
