"""what kind of chat a channel is was never written down"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("channel", "kind")


def downgrade() -> None:
    op.add_column("channel", sa.Column("kind", sa.String(), nullable=False, server_default="channel"))
