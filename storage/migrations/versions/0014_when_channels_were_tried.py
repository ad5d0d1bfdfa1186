"""when channels were tried, and which posts are deleted"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DELETED = sa.text("deleted_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("reading", sa.Column("tried_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE reading SET tried_at = read_at")
    op.create_index("ix_post_deleted", "post", ["deleted_at"], sqlite_where=_DELETED, postgresql_where=_DELETED)


def downgrade() -> None:
    op.drop_index("ix_post_deleted", "post", sqlite_where=_DELETED, postgresql_where=_DELETED)
    op.drop_column("reading", "tried_at")
