"""no number is given twice

SQLite gives the number of a row that was deleted last to the next one. Buttons, messages on their way and what a
process keeps in mind of a channel hold such numbers, and would mean another row. PostgreSQL gives each once as it is.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("channel", "reader", "query", "edition", "digest", "outbox")


def upgrade() -> None:
    _make_anew(once=True)


def downgrade() -> None:
    _make_anew(once=False)


def _make_anew(*, once: bool) -> None:
    """SQLite can say this of a table only when it is made."""
    if op.get_context().dialect.name == "sqlite":
        for table in _TABLES:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": once}):
                pass
