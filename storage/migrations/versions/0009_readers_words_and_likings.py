"""readers' words and likings"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, Document, UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "keyword",
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_keyword_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader_id", "key", name=op.f("pk_keyword")),
    )
    op.create_table(
        "liking",
        sa.Column("reader_id", BigKey, nullable=False),
        sa.Column("story_id", BigKey, nullable=False),
        sa.Column("more", sa.Boolean(), nullable=False),
        sa.Column("terms", Document, nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_liking_reader_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader_id", "story_id", name=op.f("pk_liking")),
    )


def downgrade() -> None:
    op.drop_table("liking")
    op.drop_table("keyword")
