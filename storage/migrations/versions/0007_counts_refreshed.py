"""when the counts of a post are to be read again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("post") as batch:
        batch.add_column(sa.Column("count_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_post_counting",
        "post",
        ["channel_id", "count_at"],
        sqlite_where=sa.text("count_at IS NOT NULL"),
        postgresql_where=sa.text("count_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_post_counting", table_name="post")
    with op.batch_alter_table("post") as batch:
        batch.drop_column("count_at")
