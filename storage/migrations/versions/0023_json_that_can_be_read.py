"""what SQLite keeps as JSON can be read

Who wrote of \\u0000 left a lone backslash there, and where that stood before a quotation mark neither the row nor what
was asked for beside it could be read. Such a row keeps all but this value; PostgreSQL refused it as it was.
"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NOTHING = {  # what is kept where there is nothing
    ("post", "details"): None,
    ("channel", "signature"): None,
    ("summary", "value"): None,
    ("edition", "whole"): None,
    ("edition", "value"): "{}",
    ("outbox", "payload"): "{}",
    ("liking", "terms"): "{}",
    ("list", "titles"): "{}",
    ("list", "descriptions"): "{}",
}
_STRANGE = "SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL AND NOT json_valid({column})"
_MEND = "UPDATE {table} SET {column} = :nothing WHERE rowid = :row"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for (table, column), nothing in _NOTHING.items():
        strange = connection.execute(sa.text(_STRANGE.format(table=table, column=column))).all()
        if broken := [{"row": row, "nothing": nothing} for row, written in strange if not _can_be_read(written)]:
            connection.execute(sa.text(_MEND.format(table=table, column=column)), broken)


def downgrade() -> None:
    """Nothing to take back: what could not be read is gone."""


def _can_be_read(written: str) -> bool:
    # SQLite is stricter: it takes no number that is none (NaN), and nothing nested a thousand deep
    try:
        json.loads(written)
    except ValueError:
        return False
    return True
