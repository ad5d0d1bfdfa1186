"""who has paused and then blocked the bot was known by having no hour"""

from collections.abc import Sequence

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # of groups it cannot be told from those that nobody has started
    op.execute(
        "UPDATE reader SET state = 'paused' WHERE state IN ('blocked', 'gone') AND due_at IS NULL AND kind = 'private'"
    )


def downgrade() -> None:
    """The version before knows who has paused, too."""
