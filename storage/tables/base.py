"""What all tables have in common."""

from sqlalchemy import Index, Table, text
from sqlmodel import SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of any table; the names of all constraints follow from `metadata`."""


# SQLite alone gives the number of the row that was deleted last to the next one. Of a table whose numbers are kept in
# mind elsewhere (in a button, while a message is on its way, by who reads a channel) none may mean another row.
GIVEN_ONCE = {"sqlite_autoincrement": True}


def table_of(model: type[Row]) -> Table:
    """The table of a model, to select whole rows of."""
    return metadata.tables[str(model.__tablename__)]


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of those rows for which `where` holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
