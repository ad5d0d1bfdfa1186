"""editions that may still be corrected are found among the many that may not"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WHOLE = sa.text("whole IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_edition_whole", "edition", ["made_at"], sqlite_where=_WHOLE, postgresql_where=_WHOLE)
    op.drop_index("ix_edition_made_at", "edition")


def downgrade() -> None:
    op.create_index("ix_edition_made_at", "edition", ["made_at"])
    op.drop_index("ix_edition_whole", "edition", sqlite_where=_WHOLE, postgresql_where=_WHOLE)
