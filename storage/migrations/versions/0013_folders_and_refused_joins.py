"""folders of channels, and what accounts were refused to join"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, UtcDateTime

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "folder",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_folder")),
    )
    op.create_table(
        "folder_channel",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("telegram_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["folder.slug"], name=op.f("fk_folder_channel_slug"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slug", "telegram_id", name=op.f("pk_folder_channel")),
    )
    with op.batch_alter_table("folder_channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_folder_channel_telegram_id"), ["telegram_id"], unique=False)
    op.create_table(
        "join_refusal",
        sa.Column("channel_id", BigKey, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_join_refusal_channel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "account", name=op.f("pk_join_refusal")),
    )
    with op.batch_alter_table("list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folder", sa.String(), nullable=True))
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("told")
    with op.batch_alter_table("list", schema=None) as batch_op:
        batch_op.drop_column("folder")
    op.drop_table("join_refusal")
    op.drop_table("folder_channel")
    op.drop_table("folder")
