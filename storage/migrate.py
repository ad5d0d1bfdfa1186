"""Bring the database to the version that this Courant knows."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import DatabaseNewer, StorageUnavailable
from storage.engine import READING, storage_errors
from storage.lock import changing_tables, one_after_another


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, made in code so that no working directory and no file is needed."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings


async def migrate(engine: AsyncEngine) -> None:
    """Apply what is missing; where that is nothing, whoever writes is not waited for. Raises DatabaseNewer for a
    database that a later version wrote, StorageUnavailable for one that could not hold every letter."""
    with storage_errors():
        async with one_after_another(engine):
            async with engine.connect() as connection:
                await connection.execution_options(**READING[engine.dialect.name])
                if await connection.run_sync(_is_present):
                    return
            async with changing_tables(engine) as connection:
                try:
                    await connection.run_sync(_upgrade)
                except PendingRollbackError as error:  # Alembic tidies up after what has ended the transaction already
                    raise error.__context__ or error from None


def _is_present(connection: Connection) -> bool:
    """Whether the database is of the present version."""
    if (encoding := _encoding(connection)) != "UTF8":
        raise StorageUnavailable(f"its encoding is {encoding}: make one with ENCODING 'UTF8' TEMPLATE template0")
    known, head = _revisions()
    present = _present(connection)
    if present is not None and present not in known:
        raise DatabaseNewer(present)
    return present == head


def _upgrade(connection: Connection) -> None:
    if not _is_present(connection):  # another process may have been first
        command.upgrade(config(connection), "head")


def _encoding(connection: Connection) -> object:
    return "UTF8" if connection.dialect.name == "sqlite" else connection.scalar(text("SHOW server_encoding"))


def _present(connection: Connection) -> str | None:
    """The version of the database, or None for one that has none yet. Alembic would make up its table for the question
    anew each time, which takes longer than all else that an opening does."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


@cache
def _revisions() -> tuple[frozenset[str], str | None]:
    """All versions that this Courant knows, and the last of them. Read once: the files do not change while it runs."""
    script = ScriptDirectory.from_config(config())
    return frozenset(revision.revision for revision in script.walk_revisions()), script.get_current_head()
