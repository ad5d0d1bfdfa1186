"""several accounts, and the way by which each channel is read"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, UtcDateTime

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_channel_way"), ["way"], unique=False)
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "account",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )
    op.create_table(
        "refusal",
        sa.Column("channel_id", BigKey, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_refusal_channel_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel_id", "account", name=op.f("pk_refusal")),
    )
    op.create_table(
        "account_rest",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", name=op.f("pk_account_rest")),
    )
    op.create_table(
        "account_call",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_call")),
    )
    with op.batch_alter_table("account_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_call_account_kind_at"), ["account", "kind", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("account_call")
    op.drop_table("account_rest")
    op.drop_table("refusal")
    op.drop_table("account")
    with op.batch_alter_table("peer", schema=None) as batch_op:
        batch_op.drop_column("joined")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_way"))
        batch_op.drop_column("way")
