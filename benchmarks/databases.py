"""What storage is measured on."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.databases import postgres_programs, postgres_server


def databases(only: str | None = None) -> Iterator[tuple[str, str]]:
    """The name and the address of each kind of database in turn, empty: SQLite, and PostgreSQL where it is installed;
    or of the one kind that `only` names."""
    if only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            yield "SQLite", f"sqlite:///{Path(folder) / 'courant.db'}"
    if only != "sqlite" and (programs := postgres_programs()):
        with postgres_server(programs) as server:
            yield "PostgreSQL", server.format(name="postgres")
