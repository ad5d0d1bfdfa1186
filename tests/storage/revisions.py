"""Databases of former versions: the tables of an open database are taken back to one, and brought to the newest."""

from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.migrate import config


async def downgrade(connection: AsyncConnection, revision: str) -> None:
    """Take the tables back to `revision`."""
    await connection.run_sync(lambda given: command.downgrade(config(given), revision))


async def upgrade(connection: AsyncConnection) -> None:
    """Bring the tables to the newest revision."""
    await connection.run_sync(lambda given: command.upgrade(config(given), "head"))
