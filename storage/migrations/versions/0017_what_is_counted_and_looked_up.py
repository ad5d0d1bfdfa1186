"""parts, stories and digests are counted and looked up without the many that are done"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_UNSENT, _MERGED = sa.text("state <> 'sent'"), sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_outbox_unsent", "outbox", ["state"], sqlite_where=_UNSENT, postgresql_where=_UNSENT)
    op.create_index("ix_story_merged", "story", ["id"], sqlite_where=_MERGED, postgresql_where=_MERGED)
    op.create_index("ix_digest_reader_id_made_at", "digest", ["reader_id", "made_at"])


def downgrade() -> None:
    op.drop_index("ix_digest_reader_id_made_at", "digest")
    op.drop_index("ix_story_merged", "story", sqlite_where=_MERGED, postgresql_where=_MERGED)
    op.drop_index("ix_outbox_unsent", "outbox", sqlite_where=_UNSENT, postgresql_where=_UNSENT)
