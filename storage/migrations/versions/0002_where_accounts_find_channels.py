"""where accounts find channels"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "peer",
        sa.Column("channel_id", BigKey, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("telegram_id", BigKey, nullable=False),
        sa.Column("access_hash", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_peer_channel_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel_id", "account", name=op.f("pk_peer")),
    )


def downgrade() -> None:
    op.drop_table("peer")
