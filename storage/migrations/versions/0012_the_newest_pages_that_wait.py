"""the newest pages that wait are found without the others"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WAITING = sa.text("state = 'new'")


def upgrade() -> None:
    columns = ["state", "id", "host", "next_at"]
    op.create_index("ix_article_newest", "article", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    op.drop_index("ix_article_newest", "article", sqlite_where=_WAITING, postgresql_where=_WAITING)
