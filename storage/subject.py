"""What all that a transaction can be asked has in common."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


class Subject:
    """One subject (posts, readers …) inside one transaction. `_upsert` is the database's own INSERT, which knows what
    to do where a row is there already."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._upsert: Any = sqlite.insert if self._sqlite else postgresql.insert
