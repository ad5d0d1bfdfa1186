"""Channels and the lists they stand in; by what each is known is in `storage.channel_names`, how far it has been read
in `storage.readings`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlmodel import col

from core.model import WEB_WAY, Channel, ChannelId, ChannelList, ChannelSettings, FolderChannel, channel_number
from storage.batches import batches
from storage.channel_names import NamedChannels
from storage.folders import Folders
from storage.lock import in_turn
from storage.reading_rows import channel_of
from storage.tables import ChannelRow, ListChannelRow, ListRow, table_of

_DEFAULT = ChannelSettings()
_MOST_MEMBERS = (1 << 31) - 1  # that the column holds


class Channels(NamedChannels):
    """What the product asks of channels and lists, inside one transaction."""

    async def take_over(self, lists: Sequence[ChannelList], settings: Mapping[str, ChannelSettings]) -> None:
        """Make these the lists in force, with the channels of their folders as they were read last. `settings` by the
        channel's name in lower case.

        Channels that no list names any more are kept with their posts, but not read. Subscriptions to a list that is
        gone rest: a file that was lost for a moment must cost no reader anything.
        """
        await in_turn(self._connection)
        folders = await self._folders({each.folder for each in lists if each.folder})
        ids = await self._listed([name for each in lists for name in each.channels], settings)
        members, wanted = _members(lists, settings, ids, folders)
        await self._put_lists(lists, members)
        await self._connection.execute(
            update(ChannelRow).values(active=col(ChannelRow.id).in_(select(col(ListChannelRow.channel_id))))
        )
        rows = [
            {
                "which": key,
                "new_source": each.source,
                "new_every": each.every,
                "new_join": each.join,
                "new_invite": each.invite,
            }
            for key, each in wanted.items()
        ]
        if rows:
            await self._connection.execute(_SET_UP, rows)

    async def _put_lists(self, lists: Sequence[ChannelList], members: Mapping[str, Sequence[ChannelId]]) -> None:
        """Put these lists and their channels, in their order, in the place of all there were."""
        await self._connection.execute(delete(ListChannelRow))
        await self._connection.execute(delete(ListRow))
        rows = [
            {
                "id": each.id,
                "titles": dict(each.titles),
                "descriptions": dict(each.descriptions),
                "language": each.language,
                "position": position,
                "folder": each.folder,
            }
            for position, each in enumerate(lists)
        ]
        if rows:
            await self._connection.execute(insert(ListRow), rows)
        held = [
            {"list_id": list_id, "channel_id": channel, "position": position}
            for list_id, channels in members.items()
            for position, channel in enumerate(channels)
        ]
        if held:
            await self._connection.execute(insert(ListChannelRow), held)

    async def _folders(self, slugs: Collection[str]) -> dict[str, dict[ChannelId, FolderChannel]]:
        """The channels of these folders, as far as these were read; none of others is kept any more."""
        folders = Folders(self._connection)
        await folders.follow(slugs)
        found: dict[str, dict[ChannelId, FolderChannel]] = {}
        for slug, members in (await folders.channels()).items():
            ids = await self._numbered(members)
            found[slug] = {ids[each.telegram_id]: each for each in members if each.telegram_id in ids}
        return found

    async def _numbered(self, members: Sequence[FolderChannel]) -> dict[int, ChannelId]:
        """The channels of these numbers, by number, under the names that they have now; those unknown are added. One
        whose name still stands for another number here is left out until that is settled."""
        names = await self.names_of([each.telegram_id for each in members])
        fresh = [each for each in members if names.get(each.telegram_id, "").lower() != each.name.lower()]
        if fresh:
            await self.ensure([each.name for each in fresh], {each.name.lower(): each.title for each in fresh})
        known = await self.by_names([each.name for each in members])
        found: dict[int, ChannelId] = {}
        numbers: dict[ChannelId, int] = {}
        for each in members:
            channel = known[each.name.lower()]
            if channel.telegram_id is None and each.telegram_id in names:  # which is renamed
                found[each.telegram_id] = await self.identify(channel.id, each.telegram_id)
            elif channel.telegram_id in (None, each.telegram_id):
                found[each.telegram_id] = channel.id
                if channel.telegram_id is None:
                    numbers[channel.id] = each.telegram_id
        if rows := [{"which": key, "new_number": number} for key, number in numbers.items()]:
            await self._connection.execute(_NUMBER, rows)
        return found

    async def _listed(self, names: Iterable[str], settings: Mapping[str, ChannelSettings]) -> dict[str, ChannelId]:
        """The same as `ensure`; the channel of an invite link is known by the link, whatever it is called by now. Those
        come last: where a channel stands under its name, too, the link's settings hold."""
        invites = {each.invite: name for name, each in settings.items() if each.invite}
        known: dict[str, ChannelId] = {}
        for batch in batches(sorted(invites)):
            statement = select(col(ChannelRow.invite), col(ChannelRow.id)).where(col(ChannelRow.invite).in_(batch))
            for invite, channel in await self._connection.execute(statement):
                known[invites[invite or ""]] = ChannelId(channel or 0)
        wanted: dict[str, str] = {}
        for name in names:
            wanted.setdefault(name.lower(), name)
        ids = await self.ensure([name for key, name in wanted.items() if key not in known])
        by_link = invites.values() & wanted.keys()
        found = {name: key for name, key in ids.items() if name not in by_link}
        return {**found, **{name: known.get(name) or ids[name] for name in sorted(by_link)}}

    async def describe(self, channel: ChannelId, description: str, members: int | None) -> None:
        """Keep what the channel says of itself, and how many subscribe to it."""
        await in_turn(self._connection)
        await self._connection.execute(
            update(ChannelRow)
            .where(col(ChannelRow.id) == channel)
            .values(description=description, members=None if members is None else min(members, _MOST_MEMBERS))
        )

    async def learn(self, signatures: Mapping[ChannelId, Mapping[str, Any]]) -> None:
        """Keep what the cleaning has learned of the recurring lines of these channels."""
        await in_turn(self._connection)
        if learned := [{"which": key, "new_signature": dict(each)} for key, each in sorted(signatures.items())]:
            await self._connection.execute(_LEARN, learned)

    async def learned_from(self, names: Collection[str]) -> dict[str, int]:
        """Of how many posts what is kept for these channels was learned, by their names in lower case."""
        found: dict[str, int] = {}
        for batch in batches(sorted(names)):
            posts = col(ChannelRow.signature)["posts"].as_integer()
            statement = select(col(ChannelRow.key), posts).where(col(ChannelRow.key).in_(batch))
            found.update((key, number or 0) for key, number in await self._connection.execute(statement))
        return found

    async def all(self, *, active: bool = False) -> tuple[Channel, ...]:
        """All channels, or those that a list names, by name."""
        statement = select(table_of(ChannelRow)).order_by(col(ChannelRow.key))
        if active:
            statement = statement.where(col(ChannelRow.active).is_(True))
        return tuple(channel_of(row) for row in await self._connection.execute(statement))

    async def lists(self) -> tuple[ChannelList, ...]:
        """The lists in force, in their order, with their channels."""
        members: dict[str, list[str]] = {}
        statement = (
            select(col(ListChannelRow.list_id), col(ChannelRow.name))
            .join(ChannelRow, col(ChannelRow.id) == col(ListChannelRow.channel_id))
            .order_by(col(ListChannelRow.list_id), col(ListChannelRow.position))
        )
        for list_id, name in await self._connection.execute(statement):
            members.setdefault(list_id, []).append(name)
        rows = await self._connection.execute(select(table_of(ListRow)).order_by(col(ListRow.position)))
        return tuple(
            ChannelList(
                id=row.id,
                titles=row.titles,
                descriptions=row.descriptions,
                language=row.language,
                folder=row.folder,
                channels=tuple(members.get(row.id, ())),
            )
            for row in rows
        )

    async def followed(self, lists: Collection[str], channels: Collection[str]) -> dict[str, ChannelId]:
        """The channels of these lists and of these names, by name: what a reader follows."""
        in_lists = select(col(ListChannelRow.channel_id)).where(col(ListChannelRow.list_id).in_(sorted(lists)))
        named = col(ChannelRow.key).in_(sorted(name.lower() for name in channels))
        rows = await self._connection.execute(
            select(col(ChannelRow.name), col(ChannelRow.id)).where(or_(col(ChannelRow.id).in_(in_lists), named))
        )
        return {name: ChannelId(key or 0) for name, key in rows}


_SET_UP = (
    update(ChannelRow)
    .where(col(ChannelRow.id) == bindparam("which"))
    .values(
        source=bindparam("new_source"),
        every=bindparam("new_every"),
        join=bindparam("new_join"),
        invite=bindparam("new_invite"),
    )
)
_NUMBER = update(ChannelRow).where(col(ChannelRow.id) == bindparam("which")).values(telegram_id=bindparam("new_number"))
_LEARN = update(ChannelRow).where(col(ChannelRow.id) == bindparam("which")).values(signature=bindparam("new_signature"))


def _members(
    lists: Sequence[ChannelList],
    settings: Mapping[str, ChannelSettings],
    ids: Mapping[str, ChannelId],
    folders: Mapping[str, Mapping[ChannelId, FolderChannel]],
) -> tuple[dict[str, list[ChannelId]], dict[ChannelId, ChannelSettings]]:
    """The channels of each list, those that it names and those that its folder holds, and the settings of all."""
    wanted = {key: settings.get(name, _DEFAULT) for name, key in ids.items()}
    members: dict[str, list[ChannelId]] = {}
    for each in lists:
        own = [ids[name.lower()] for name in each.channels]
        for channel, member in folders.get(each.folder or "", {}).items():
            if each.join or not member.closed:
                own.append(channel)
                wanted.setdefault(channel, _settings_of(member, settings))
        members[each.id] = list(dict.fromkeys(own))
        if each.join:
            wanted |= {key: replace(wanted[key], join=True) for key in own if wanted[key].source != WEB_WAY}
    return members, wanted


def _settings_of(member: FolderChannel, settings: Mapping[str, ChannelSettings]) -> ChannelSettings:
    """The settings of a channel of a folder: one without a public name is read by accounts only."""
    own = settings.get(member.name.lower(), _DEFAULT)
    return replace(own, source="account") if channel_number(member.name) is not None else own
