"""editions and corrections"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, Document, UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CHANGED = "changed_at IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("value", Document, nullable=False),
        sa.Column("whole", Document, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.create_index(op.f("ix_edition_made_at"), "edition", ["made_at"])
    op.create_table(
        "citation",
        sa.Column("edition_id", BigKey, nullable=False),
        sa.Column("post_id", BigKey, nullable=False),
        sa.Column("story_id", BigKey, nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_citation_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_citation_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id", "post_id", name=op.f("pk_citation")),
    )
    op.create_index(op.f("ix_citation_post_id"), "citation", ["post_id"])
    op.create_table(
        "corrected",
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("post_id", BigKey, nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_corrected_reader_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_corrected_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader_id", "post_id", name=op.f("pk_corrected")),
    )
    op.create_index(op.f("ix_corrected_post_id"), "corrected", ["post_id"])

    op.add_column("post", sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_post_changed", "post", ["changed_at"], sqlite_where=sa.text(_CHANGED), postgresql_where=sa.text(_CHANGED)
    )

    # Not in batch mode: SQLite would make the table anew, and dropping the old one would take the outbox with it.
    op.add_column("digest", sa.Column("edition_id", BigKey, nullable=True))
    op.create_index(op.f("ix_digest_edition_id"), "digest", ["edition_id"])
    op.execute("INSERT INTO edition (id, made_at, value) SELECT id, made_at, value FROM digest")
    op.execute("UPDATE digest SET edition_id = id")
    if op.get_context().dialect.name == "postgresql":
        op.execute("SELECT setval('edition_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM edition), false)")
    op.execute("ALTER TABLE digest DROP COLUMN value")


def downgrade() -> None:
    kind = "JSONB" if op.get_context().dialect.name == "postgresql" else "JSON"
    op.execute(f"ALTER TABLE digest ADD COLUMN value {kind} NOT NULL DEFAULT '{{}}'")
    op.execute(
        "UPDATE digest SET value = (SELECT value FROM edition WHERE edition.id = digest.edition_id) "
        "WHERE edition_id IS NOT NULL"
    )
    op.drop_index(op.f("ix_digest_edition_id"), "digest")
    op.drop_column("digest", "edition_id")
    op.drop_index("ix_post_changed", "post")
    op.drop_column("post", "changed_at")
    op.drop_table("corrected")
    op.drop_table("citation")
    op.drop_table("edition")
