"""What all that a transaction can be asked has in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Row, table_of


class Subject:
    """One subject (posts, readers …) inside one transaction. `_upsert` is the database's own INSERT, which knows what
    to do where a row is there already."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._upsert: Any = sqlite.insert if self._sqlite else postgresql.insert

    async def _put(self, table: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep these rows, all with the same columns, in the place of those of the same primary keys."""
        if not rows:
            return
        statement = self._upsert(table)
        key = [column.name for column in table_of(table).primary_key]
        values = {name: statement.excluded[name] for name in rows[0] if name not in key}
        await self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values), rows)
