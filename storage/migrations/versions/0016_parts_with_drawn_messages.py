"""parts that are done and still have their drawn messages"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DRAWN = sa.text("state IN ('sent', 'failed') AND payload <> '{}'")


def upgrade() -> None:
    op.create_index("ix_outbox_drawn", "outbox", ["not_before"], sqlite_where=_DRAWN, postgresql_where=_DRAWN)


def downgrade() -> None:
    op.drop_index("ix_outbox_drawn", "outbox", sqlite_where=_DRAWN, postgresql_where=_DRAWN)
