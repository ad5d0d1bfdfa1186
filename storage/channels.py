"""Channels, the lists they stand in, and how far each has been read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, delete, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.model import Channel, ChannelId, ChannelList, ChannelSettings, PlaceKind, Reading, Source
from storage.batches import batches
from storage.columns import UtcDateTime
from storage.lock import in_turn
from storage.tables import ChannelRow, ListChannelRow, ListRow, PostRow, ReadingRow, SubscriptionRow, table_of

_DEFAULT = ChannelSettings()
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST, _USUAL = 60.0, 600.0  # seconds between two readings


@dataclass(frozen=True, slots=True, kw_only=True)
class WasRead:
    """A channel that was read: up to `cursor` and back to `oldest`, as far as it is known; again at `next_at`."""

    channel: ChannelId
    cursor: int | None
    oldest: int | None
    read_at: datetime
    next_at: datetime | None


class Channels:
    """What the product asks of channels and lists, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._upsert: Any = sqlite.insert if self._sqlite else postgresql.insert

    def _seconds(self, moment: Any) -> Any:
        """A moment as a number of seconds, to reckon with."""
        return func.julianday(moment) * 86_400 if self._sqlite else func.extract("epoch", moment)

    async def take_over(self, lists: Sequence[ChannelList], settings: Mapping[str, ChannelSettings]) -> None:
        """Make these the lists in force. `settings` by the channel's name in lower case.

        Channels that no list names any more are kept with their posts, but not read; subscriptions to a list that is
        gone go with it.
        """
        ids = await self.ensure([name for each in lists for name in each.channels])
        await self._connection.execute(delete(ListChannelRow))
        await self._connection.execute(delete(ListRow))
        rows = [
            {
                "id": each.id,
                "titles": dict(each.titles),
                "descriptions": dict(each.descriptions),
                "language": each.language,
                "position": position,
            }
            for position, each in enumerate(lists)
        ]
        if rows:
            await self._connection.execute(insert(ListRow), rows)
        members = [
            {"list_id": each.id, "channel_id": channel, "position": position}
            for each in lists
            for position, channel in enumerate(dict.fromkeys(ids[name.lower()] for name in each.channels))
        ]
        if members:
            await self._connection.execute(insert(ListChannelRow), members)
        await self._connection.execute(
            update(ChannelRow).values(active=col(ChannelRow.id).in_(select(col(ListChannelRow.channel_id))))
        )
        if wanted := {key: settings.get(name, _DEFAULT) for name, key in ids.items()}:
            await self._connection.execute(
                _SET_UP,
                [{"which": key, "new_source": each.source, "new_every": each.every} for key, each in wanted.items()],
            )
        await self._connection.execute(
            delete(SubscriptionRow).where(
                col(SubscriptionRow.kind) == "list", col(SubscriptionRow.target).not_in(select(col(ListRow.id)))
            )
        )

    async def ensure(self, names: Iterable[str], titles: Mapping[str, str] | None = None) -> dict[str, ChannelId]:
        """The id of each channel by its name in lower case; those unknown are added. `titles` by the same keys."""
        spelled: dict[str, str] = {}
        for name in names:
            spelled.setdefault(name.lower(), name)
        titles = titles or {}
        await in_turn(self._connection)
        if rows := [{"key": key, "name": name, "title": titles.get(key, "")} for key, name in sorted(spelled.items())]:
            await self._connection.execute(
                self._upsert(ChannelRow).on_conflict_do_nothing(index_elements=["key"]),
                [{**_EMPTY_CHANNEL, **row} for row in rows],
            )
        if named := [{"named": key, "new_title": title} for key, title in sorted(titles.items()) if title]:
            await self._connection.execute(_NAME, named)
        found: dict[str, ChannelId] = {}
        for batch in batches(sorted(spelled)):
            statement = select(col(ChannelRow.key), col(ChannelRow.id)).where(col(ChannelRow.key).in_(batch))
            for key, number in await self._connection.execute(statement):
                found[key] = ChannelId(number or 0)
        return found

    async def identify(self, channel: ChannelId, telegram_id: int) -> ChannelId:
        """Keep the channel's numeric id, which outlives its name. Gives the channel that has it from now on.

        Where another channel has it already, that is this one under its former name: it takes over name, settings,
        lists and readers, and the new entry goes. Only where both have posts does each stay as it is.
        """
        of_id = select(col(ChannelRow.id)).where(col(ChannelRow.telegram_id) == telegram_id)
        owner = (await self._connection.execute(of_id)).scalar_one_or_none()
        if owner in (None, channel):
            await self._connection.execute(
                update(ChannelRow).where(col(ChannelRow.id) == channel).values(telegram_id=telegram_id)
            )
            return channel
        has_posts = select(col(PostRow.id)).where(col(PostRow.channel_id) == channel).limit(1)
        if await self._connection.scalar(has_posts) is not None:
            return channel
        await self._rename(ChannelId(owner or 0), channel)
        return ChannelId(owner or 0)

    async def _rename(self, channel: ChannelId, under: ChannelId) -> None:
        """Let `channel` take the place of the entry `under`."""
        wanted = col(ChannelRow.id).in_([channel, under])
        rows = {row.id: row for row in await self._connection.execute(select(table_of(ChannelRow)).where(wanted))}
        old, new = rows[channel], rows[under]
        already = select(col(ListChannelRow.list_id)).where(col(ListChannelRow.channel_id) == channel)
        await self._connection.execute(
            update(ListChannelRow)
            .where(col(ListChannelRow.channel_id) == under, col(ListChannelRow.list_id).not_in(already))
            .values(channel_id=channel)
        )
        subscribed = and_(col(SubscriptionRow.kind) == "channel", col(SubscriptionRow.target) == old.key)
        doubled = select(col(SubscriptionRow.reader_id)).where(
            col(SubscriptionRow.kind) == "channel", col(SubscriptionRow.target) == new.key
        )
        await self._connection.execute(
            delete(SubscriptionRow).where(subscribed, col(SubscriptionRow.reader_id).in_(doubled))
        )
        await self._connection.execute(update(SubscriptionRow).where(subscribed).values(target=new.key))
        await self._connection.execute(delete(ChannelRow).where(col(ChannelRow.id) == under))
        taken = {name: getattr(new, name) for name in ("key", "name", "source", "every")}
        await self._connection.execute(
            update(ChannelRow).where(col(ChannelRow.id) == channel).values(active=old.active or new.active, **taken)
        )

    async def learn(self, signatures: Mapping[ChannelId, Mapping[str, Any]]) -> None:
        """Keep what the cleaning has learned of the recurring lines of these channels."""
        if learned := [{"which": key, "new_signature": dict(each)} for key, each in sorted(signatures.items())]:
            await self._connection.execute(_LEARN, learned)

    async def all(self, *, active: bool = False) -> tuple[Channel, ...]:
        """All channels, or those that a list names, by name."""
        statement = select(table_of(ChannelRow)).order_by(col(ChannelRow.key))
        if active:
            statement = statement.where(col(ChannelRow.active).is_(True))
        return tuple(_channel(row) for row in await self._connection.execute(statement))

    async def by_names(self, names: Collection[str]) -> dict[str, Channel]:
        """The channels of these names, by name in lower case, as far as they are known."""
        found: dict[str, Channel] = {}
        for batch in batches(sorted({name.lower() for name in names})):
            statement = select(table_of(ChannelRow)).where(col(ChannelRow.key).in_(batch))
            for row in await self._connection.execute(statement):
                found[row.key] = _channel(row)
        return found

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

    async def due(
        self,
        source: Source,
        now: datetime,
        limit: int,
        ways: Collection[str] = ("auto", "web", "account"),
        since: datetime = _LONG_AGO,
    ) -> tuple[Reading, ...]:
        """The channels in force that this source is to read now; only those whose own `source` is one of `ways`.

        The first is the one that is late by most of its own waits: where there are more than can be read, all wait
        longer in the same proportion, the busy ones still least, and none for ever. One that was never read counts as
        due every ten minutes `since` then.
        """
        planned = self._seconds(col(ReadingRow.next_at)) - self._seconds(col(ReadingRow.read_at))
        late = self._seconds(literal(now, UtcDateTime)) - self._seconds(
            func.coalesce(col(ReadingRow.next_at), literal(since, UtcDateTime))
        )
        waits = late / case((planned > _SHORTEST, planned), (planned.is_(None), _USUAL), else_=_SHORTEST)
        statement = (
            _readings(source)
            .where(
                col(ChannelRow.active).is_(True),
                col(ChannelRow.source).in_(sorted(ways)),
                or_(col(ReadingRow.next_at).is_(None), col(ReadingRow.next_at) <= now),
            )
            .order_by(waits.desc(), col(ChannelRow.id))
            .limit(limit)
        )
        return tuple(_reading(row, source) for row in await self._connection.execute(statement))

    async def readings(self, source: Source) -> tuple[Reading, ...]:
        """How each channel in force is read by this source, by name."""
        statement = _readings(source).where(col(ChannelRow.active).is_(True)).order_by(col(ChannelRow.key))
        return tuple(_reading(row, source) for row in await self._connection.execute(statement))

    async def reading(self, channel: ChannelId, source: Source) -> Reading:
        """How far this channel has been read by this source."""
        statement = _readings(source).where(col(ChannelRow.id) == channel)
        return _reading((await self._connection.execute(statement)).one(), source)

    async def was_read(
        self,
        channel: ChannelId,
        source: Source,
        *,
        cursor: int | None,
        oldest: int | None,
        now: datetime,
        next_at: datetime | None,
    ) -> None:
        """The channel was read: its cursor only grows, its oldest only falls, its failures are over."""
        await self.were_read(
            source, [WasRead(channel=channel, cursor=cursor, oldest=oldest, read_at=now, next_at=next_at)]
        )

    async def were_read(self, source: Source, readings: Sequence[WasRead]) -> None:
        """The same for many channels in one statement."""
        if not readings:
            return
        statement = self._upsert(ReadingRow)
        new, old = statement.excluded, ReadingRow
        moved = {name: getattr(new, name) for name in ("read_at", "next_at", "failures", "reason")}
        grown = {
            "cursor": _larger(col(old.cursor), new.cursor),
            "oldest": _smaller(col(old.oldest), new.oldest),
        }
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["channel_id", "source"], set_={**moved, **grown}),
            [
                {
                    "channel_id": each.channel,
                    "source": source.value,
                    "cursor": each.cursor,
                    "oldest": each.oldest,
                    "read_at": each.read_at,
                    "next_at": each.next_at,
                    "failures": 0,
                    "reason": None,
                }
                for each in sorted(readings, key=lambda each: each.channel)
            ],
        )

    async def went_back(self, channel: ChannelId, source: Source, *, oldest: int, newest: int | None = None) -> None:
        """Older posts were read, back to `oldest`. A channel that has no cursor yet gets `newest`, the first post that
        was met on the way back; when it is read next stays as it is."""
        statement = self._upsert(ReadingRow).values(
            channel_id=channel, source=source.value, oldest=oldest, cursor=newest, failures=0
        )
        new, old = statement.excluded, ReadingRow
        moved = {
            "cursor": func.coalesce(col(old.cursor), new.cursor),
            "oldest": _smaller(col(old.oldest), new.oldest),
        }
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["channel_id", "source"], set_=moved)
        )

    async def all_due(self, source: Source, now: datetime) -> None:
        """Let every channel be due that neither failed nor waits for a reason: what the source was told of them may
        have been lost."""
        await self._connection.execute(
            update(ReadingRow)
            .where(col(ReadingRow.source) == source.value, col(ReadingRow.reason).is_(None))
            .values(next_at=now)
        )

    async def postpone(self, channels: Collection[ChannelId], source: Source, reason: str, next_at: datetime) -> None:
        """These channels have to wait, through no fault of theirs: their failures stay as they are."""
        values = {"next_at": next_at, "reason": reason}
        if rows := [{"channel_id": each, "source": source.value, "failures": 0, **values} for each in sorted(channels)]:
            statement = self._upsert(ReadingRow)
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=["channel_id", "source"], set_=values), rows
            )

    async def failed(self, channel: ChannelId, source: Source, reason: str, next_at: datetime) -> None:
        """The channel could not be read; it is tried again at `next_at`."""
        statement = self._upsert(ReadingRow).values(
            channel_id=channel, source=source.value, next_at=next_at, failures=1, reason=reason
        )
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["channel_id", "source"],
                set_={"next_at": next_at, "failures": col(ReadingRow.failures) + 1, "reason": reason},
            )
        )


_SET_UP = (
    update(ChannelRow)
    .where(col(ChannelRow.id) == bindparam("which"))
    .values(source=bindparam("new_source"), every=bindparam("new_every"))
)
_NAME = (
    update(ChannelRow)
    .where(col(ChannelRow.key) == bindparam("named"), col(ChannelRow.title) != bindparam("new_title"))
    .values(title=bindparam("new_title"))
)
_LEARN = update(ChannelRow).where(col(ChannelRow.id) == bindparam("which")).values(signature=bindparam("new_signature"))
_EMPTY_CHANNEL: dict[str, Any] = {"description": "", "kind": "channel", "source": "auto", "active": False}


def _larger(old: Any, new: Any) -> Any:
    return case((old.is_(None), new), (new > old, new), else_=old)


def _smaller(old: Any, new: Any) -> Any:
    return case((old.is_(None), new), (new < old, new), else_=old)


def _readings(source: Source) -> Select[Any]:
    read_here = and_(col(ReadingRow.channel_id) == col(ChannelRow.id), col(ReadingRow.source) == source.value)
    return select(
        *table_of(ChannelRow).c,
        col(ReadingRow.cursor),
        col(ReadingRow.oldest),
        col(ReadingRow.read_at),
        col(ReadingRow.next_at),
        col(ReadingRow.failures),
        col(ReadingRow.reason),
    ).outerjoin(ReadingRow, read_here)


def _channel(row: Row[Any]) -> Channel:
    return Channel(
        id=ChannelId(row.id),
        name=row.name,
        title=row.title or row.name,
        description=row.description,
        kind=PlaceKind(row.kind),
        members=row.members,
        telegram_id=row.telegram_id,
        source=row.source,
        every=row.every,
        active=row.active,
        signature=row.signature,
    )


def _reading(row: Row[Any], source: Source) -> Reading:
    return Reading(
        channel=_channel(row),
        source=source,
        cursor=row.cursor,
        oldest=row.oldest,
        read_at=row.read_at,
        next_at=row.next_at,
        failures=row.failures or 0,
        reason=row.reason,
    )
