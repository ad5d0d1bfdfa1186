"""when accounts were refused, and told to leave calls"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("refusal", "join_refusal", "account_rest")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "since")
