"""Where each account finds its channels: asked of Telegram once, kept across restarts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlmodel import col

from core.model import ChannelId
from storage.batches import batches
from storage.lock import in_turn
from storage.subject import Subject
from storage.tables import PeerRow, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`telegram_id` is the channel's own number; `access_hash` (signed, 64 bits) opens it to one account only, which is
    a member where `joined`."""

    telegram_id: int
    access_hash: int
    joined: bool = False


class Peers(Subject):
    """What the product asks of addresses, inside one transaction."""

    async def of(self, account: str) -> dict[ChannelId, Address]:
        """All that this account knows."""
        statement = select(table_of(PeerRow)).where(col(PeerRow.account) == account)
        return {
            ChannelId(row.channel_id): Address(
                telegram_id=row.telegram_id, access_hash=row.access_hash, joined=row.joined
            )
            for row in await self._connection.execute(statement)
        }

    async def known(self, channels: Collection[ChannelId] | None = None) -> dict[str, dict[ChannelId, bool]]:
        """Which channels, or of these, each account knows the address of, and whether it is a member."""
        found: dict[str, dict[ChannelId, bool]] = {}
        statement = select(col(PeerRow.account), col(PeerRow.channel_id), col(PeerRow.joined))
        if channels is not None:
            statement = statement.where(col(PeerRow.channel_id).in_(sorted(channels)))
        for account, channel, joined in await self._connection.execute(statement):
            found.setdefault(account, {})[ChannelId(channel)] = joined
        return found

    async def belong_to(self, account: str, former: str) -> None:
        """The addresses kept under a former name are this account's, unless it has some already."""
        await in_turn(self._connection)
        has_some = select(col(PeerRow.channel_id)).where(col(PeerRow.account) == account).limit(1)
        if await self._connection.scalar(has_some) is None:
            await self._connection.execute(
                update(PeerRow).where(col(PeerRow.account) == former).values(account=account)
            )

    async def joined(self, account: str, joined: Collection[ChannelId], left: Collection[ChannelId]) -> None:
        """The account has become a member of some channels, and is none of others any more."""
        await in_turn(self._connection)
        for channels, member in ((joined, True), (left, False)):
            for batch in batches(sorted(channels)):
                await self._connection.execute(
                    update(PeerRow)
                    .where(col(PeerRow.account) == account, col(PeerRow.channel_id).in_(batch))
                    .values(joined=member)
                )

    async def keep(self, account: str, channel: ChannelId, address: Address) -> None:
        """Remember an address, in place of a former one."""
        await self.keep_all(account, {channel: address})

    async def keep_all(self, account: str, addresses: Mapping[ChannelId, Address]) -> None:
        """The same for many in one statement."""
        await in_turn(self._connection)
        rows = [
            {
                "channel_id": channel,
                "account": account,
                "telegram_id": each.telegram_id,
                "access_hash": each.access_hash,
                "joined": each.joined,
            }
            for channel, each in sorted(addresses.items())
        ]
        await self._put(PeerRow, rows)

    async def forget(self, account: str, channel: ChannelId) -> None:
        """Drop an address that no longer leads anywhere."""
        await in_turn(self._connection)
        await self._connection.execute(
            delete(PeerRow).where(col(PeerRow.channel_id) == channel, col(PeerRow.account) == account)
        )
