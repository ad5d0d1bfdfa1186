"""Where each account finds its channels: asked of Telegram once, kept across restarts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.model import ChannelId
from storage.tables import PeerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`telegram_id` is the channel's own number; `access_hash` (signed, 64 bits) opens it to one account only."""

    telegram_id: int
    access_hash: int


class Peers:
    """What the product asks of addresses, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def of(self, account: str) -> dict[ChannelId, Address]:
        """All that this account knows."""
        statement = select(col(PeerRow.channel_id), col(PeerRow.telegram_id), col(PeerRow.access_hash)).where(
            col(PeerRow.account) == account
        )
        return {
            ChannelId(row.channel_id): Address(telegram_id=row.telegram_id, access_hash=row.access_hash)
            for row in await self._connection.execute(statement)
        }

    async def keep(self, account: str, channel: ChannelId, address: Address) -> None:
        """Remember an address, in place of a former one."""
        values = {"telegram_id": address.telegram_id, "access_hash": address.access_hash}
        statement = self._upsert(PeerRow).values(channel_id=channel, account=account, **values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["channel_id", "account"], set_=values)
        )

    async def forget(self, account: str, channel: ChannelId) -> None:
        """Drop an address that no longer leads anywhere."""
        await self._connection.execute(
            delete(PeerRow).where(col(PeerRow.channel_id) == channel, col(PeerRow.account) == account)
        )
