"""By what channels are known: a name that may change, a number that does not, the link that let an account in."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, or_, select, update
from sqlmodel import col

from core.model import Channel, ChannelId, channel_number
from storage.batches import batches
from storage.joining import join, move_lists, move_readers
from storage.lock import in_turn
from storage.reading_rows import channel_of
from storage.readings import Readings
from storage.tables import ChannelRow, PostRow, table_of


class NamedChannels(Readings):
    """The part of `Channels` that tells which channel is meant, inside one transaction."""

    async def ensure(self, names: Iterable[str], titles: Mapping[str, str] | None = None) -> dict[str, ChannelId]:
        """The id of each channel by its name in lower case; those unknown are added. `titles` by the same keys."""
        spelled: dict[str, str] = {}
        for name in names:
            spelled.setdefault(name.lower(), name)
        titles = titles or {}
        await in_turn(self._connection)
        found = await self._ids(spelled)
        if unknown := sorted(spelled.keys() - found.keys()):
            numbers = await self._free_numbers(unknown)
            rows = [
                {"key": key, "name": spelled[key], "title": titles.get(key, ""), "telegram_id": numbers.get(key)}
                for key in unknown
            ]
            await self._connection.execute(insert(ChannelRow), [{**_EMPTY_CHANNEL, **row} for row in rows])
            found |= await self._ids(unknown)
        if named := [{"named": key, "new_title": title} for key, title in sorted(titles.items()) if title]:
            await self._connection.execute(_NAME, named)
        return found

    async def _ids(self, keys: Iterable[str]) -> dict[str, ChannelId]:
        found: dict[str, ChannelId] = {}
        for batch in batches(sorted(keys)):
            rows = await self._connection.execute(_IDS, {"keys": batch})
            found.update((key, ChannelId(number or 0)) for key, number in rows)
        return found

    async def by_names(self, names: Collection[str]) -> dict[str, Channel]:
        """The channels of these names, by name in lower case, as far as they are known."""
        found: dict[str, Channel] = {}
        for batch in batches(sorted({name.lower() for name in names})):
            statement = select(table_of(ChannelRow)).where(col(ChannelRow.key).in_(batch))
            for row in await self._connection.execute(statement):
                found[row.key] = channel_of(row)
        return found

    async def names_of(self, numbers: Collection[int]) -> dict[int, str]:
        """The names of the channels that have these numbers, as far as they are known."""
        return await self._of_numbers(numbers, col(ChannelRow.name))

    async def ids_of(self, numbers: Collection[int]) -> dict[int, ChannelId]:
        """The channels that have these numbers, by number, as far as they are known."""
        return await self._of_numbers(numbers, col(ChannelRow.id))

    async def _of_numbers(self, numbers: Collection[int], column: Any) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for batch in batches(sorted(numbers)):
            wanted = col(ChannelRow.telegram_id).in_(batch)
            rows = await self._connection.execute(select(col(ChannelRow.telegram_id), column).where(wanted))
            found.update((number or 0, value) for number, value in rows)
        return found

    async def _free_numbers(self, keys: Iterable[str]) -> dict[str, int]:
        """The numbers of the channels that are named by them, where no other channel has them; `c/7` has its number
        before `c/07`."""
        named = {number: key for key in sorted(keys) if (number := channel_number(key)) is not None}
        taken = await self.names_of(named) if named else {}
        return {key: number for number, key in named.items() if number not in taken}

    async def identify(self, channel: ChannelId, telegram_id: int) -> ChannelId:
        """Keep the channel's numeric id, which outlives its name. Gives the channel that has it from now on.

        Where another channel has it already, that is this one under its former name: it takes over name, settings,
        lists and readers, and the new entry goes; where that has gone meanwhile, nothing is left to do. Where both have
        posts, one that is known by its number only, from an import, gives them to the other; else each stays as it is.
        """
        await in_turn(self._connection)
        of_id = select(col(ChannelRow.id)).where(col(ChannelRow.telegram_id) == telegram_id)
        owner = (await self._connection.execute(of_id)).scalar_one_or_none()
        if owner is None or owner == channel:
            await self._connection.execute(
                update(ChannelRow).where(col(ChannelRow.id) == channel).values(telegram_id=telegram_id)
            )
            return channel
        if not await self._there([channel]):
            return ChannelId(owner)
        has_posts = select(col(PostRow.id)).where(col(PostRow.channel_id) == channel).limit(1)
        if await self._connection.scalar(has_posts) is not None:
            by_number = select(col(ChannelRow.key)).where(col(ChannelRow.id) == owner)
            if await self._connection.scalar(by_number) == f"c/{telegram_id}":
                await join(self._connection, kept=channel, gone=ChannelId(owner))
                return await self.identify(channel, telegram_id)
            return channel
        await self._rename(ChannelId(owner), channel)
        return ChannelId(owner)

    async def _rename(self, channel: ChannelId, under: ChannelId) -> None:
        """Let `channel` take the place of the entry `under`."""
        wanted = col(ChannelRow.id).in_([channel, under])
        rows = {row.id: row for row in await self._connection.execute(select(table_of(ChannelRow)).where(wanted))}
        old, new = rows[channel], rows[under]
        await move_lists(self._connection, under, channel)
        await move_readers(self._connection, old.key, new.key)
        await self._connection.execute(delete(ChannelRow).where(col(ChannelRow.id) == under))
        taken = {name: getattr(new, name) for name in ("key", "name", "source", "every", "join", "invite")}
        await self._connection.execute(
            update(ChannelRow).where(col(ChannelRow.id) == channel).values(active=old.active or new.active, **taken)
        )

    async def leave_name(self, channel: ChannelId) -> None:
        """Another channel has this one's name now: this one goes by its number from here on, with its posts, and a new
        entry has name, settings, lists and readers. One that is another by now has left it already."""
        await in_turn(self._connection)
        wanted = select(table_of(ChannelRow)).where(col(ChannelRow.id) == channel)
        row = (await self._connection.execute(wanted)).one_or_none()
        if row is None:
            return
        own = f"c/{row.telegram_id}"
        if row.telegram_id is None or row.key == own or await self.by_names([own]):
            return
        former = update(ChannelRow).where(col(ChannelRow.id) == channel)
        await self._connection.execute(former.values(key=own, name=own, active=False, way=None))
        taken = {name: getattr(row, name) for name in ("key", "name", "source", "every", "active", "join")}
        fresh = insert(ChannelRow).values(**{**_EMPTY_CHANNEL, **taken, "title": ""}).returning(col(ChannelRow.id))
        number = await self._connection.scalar(fresh)
        await move_lists(self._connection, channel, ChannelId(number or 0))

    async def admit(self, channel: ChannelId, telegram_id: int, name: str) -> ChannelId:
        """An invite turns out to lead to the channel of this number and name: gives the channel that has both from now
        on, which is an older one where that was known already, and takes over the link, lists and readers."""
        await in_turn(self._connection)
        row = (await self._connection.execute(select(table_of(ChannelRow)).where(col(ChannelRow.id) == channel))).one()
        same = or_(col(ChannelRow.telegram_id) == telegram_id, col(ChannelRow.key) == name.lower())
        older = (
            select(col(ChannelRow.id))
            .where(same, col(ChannelRow.id) != channel)
            .order_by(case((col(ChannelRow.telegram_id) == telegram_id, 0), else_=1), col(ChannelRow.id))
            .limit(1)
        )
        kept = await self._connection.scalar(older)
        if kept is None:
            if row.key != name.lower():  # who followed it under the name of its link
                await move_readers(self._connection, row.key, name.lower())
            values = {"telegram_id": telegram_id, "key": name.lower(), "name": name}
            kept = channel
        else:
            await join(self._connection, kept=ChannelId(kept), gone=channel)
            values = {"telegram_id": telegram_id, "source": row.source, "join": row.join, "invite": row.invite}
        await self._connection.execute(update(ChannelRow).where(col(ChannelRow.id) == kept).values(**values))
        return ChannelId(kept)


_IDS = select(col(ChannelRow.key), col(ChannelRow.id)).where(col(ChannelRow.key).in_(bindparam("keys", expanding=True)))
_NAME = (
    update(ChannelRow)
    .where(col(ChannelRow.key) == bindparam("named"), col(ChannelRow.title) != bindparam("new_title"))
    .values(title=bindparam("new_title"))
)
_EMPTY_CHANNEL: dict[str, Any] = {
    "description": "",
    "source": "auto",
    "active": False,
    "join": False,
}
