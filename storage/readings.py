"""How far each channel has been read by each source, by what way it is read now, and when again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.model import WEB_WAY, ChannelId, Reading, Source
from storage.batches import batches
from storage.columns import UtcDateTime
from storage.lock import in_turn
from storage.reading_rows import (
    BY_WEB,
    PRESENT,
    READINGS,
    reaching,
    reading_of,
    source_of,
)
from storage.subject import Subject
from storage.tables import ChannelRow, ReadingRow

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a channel stands: its setting `source`, what reads it now, when it was read by whatever way, and whether the
    web preview fails for it."""

    channel: ChannelId
    source: str
    way: str | None = None
    read_at: datetime | None = None
    fails_by_web: bool = False


class Readings(Subject):
    """The part of `Channels` that the readers of channels ask, inside one transaction."""

    def _seconds(self, moment: Any) -> Any:
        """A moment as a number of seconds, to reckon with."""
        return func.julianday(moment) * 86_400 if self._sqlite else func.extract("epoch", moment)

    async def due(
        self,
        source: Source,
        now: datetime,
        limit: int,
        *,
        account: str | None = None,
        since: datetime = _LONG_AGO,
    ) -> tuple[Reading, ...]:
        """The channels in force that the web preview, or this account, is to read now.

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
            READINGS[source]
            .where(
                col(ChannelRow.active).is_(True),
                BY_WEB if account is None else col(ChannelRow.way) == account,
                or_(
                    col(ReadingRow.next_at).is_(None),
                    col(ReadingRow.next_at) <= now,
                    col(ReadingRow.tried_at) > now,  # the clock has been set back since
                ),
            )
            .order_by(waits.desc(), col(ChannelRow.id))
            .limit(limit)
        )
        return tuple(reading_of(row, source) for row in await self._connection.execute(statement))

    async def readings(self, source: Source, channels: Collection[ChannelId] | None = None) -> tuple[Reading, ...]:
        """How each channel in force, or of these, is read by this source, by name."""
        statement = READINGS[source].where(col(ChannelRow.active).is_(True)).order_by(col(ChannelRow.key))
        if channels is not None:
            statement = statement.where(col(ChannelRow.id).in_(sorted(channels)))
        return tuple(reading_of(row, source) for row in await self._connection.execute(statement))

    async def standings(self, channels: Collection[ChannelId] | None) -> tuple[Standing, ...]:
        """What is to be known of each channel in force, or of these, to settle its way."""
        if channels is None:
            rows = await self._connection.execute(_STANDINGS)
        else:
            rows = await self._connection.execute(_STANDINGS_OF, {"channels": sorted(channels)})
        return tuple(
            Standing(
                channel=ChannelId(row.id),
                source=row.source,
                way=row.way,
                read_at=max(filter(None, (row.web_read_at, row.own_read_at)), default=None),
                fails_by_web=bool(row.web_failures),
            )
            for row in rows
        )

    async def present(self) -> tuple[Reading, ...]:
        """How each channel in force is read by the way that reads it now, by name."""
        statement = PRESENT.where(col(ChannelRow.active).is_(True)).order_by(col(ChannelRow.key))
        return tuple(reading_of(row, source_of(row)) for row in await self._connection.execute(statement))

    async def change_over(self, ways: Mapping[ChannelId, str], now: datetime) -> None:
        """From now on these channels are read by these ways: WEB_WAY or the name of an account.

        Whoever takes over starts where the other ended, and what an account is to read is due at once; the web preview
        keeps its turn, and its patience with a channel that has none.
        """
        await in_turn(self._connection)
        there = await self._there(sorted(ways))
        for way, channels in _by_way({channel: ways[channel] for channel in ways.keys() & there}).items():
            source = Source.WEB if way == WEB_WAY else Source.ACCOUNT
            for batch in batches(channels):
                await self._connection.execute(update(ChannelRow).where(col(ChannelRow.id).in_(batch)).values(way=way))
                await self._go_on(batch, source, now)

    async def _go_on(self, channels: Sequence[ChannelId], source: Source, now: datetime) -> None:
        other = Source.WEB if source is Source.ACCOUNT else Source.ACCOUNT
        statement = select(col(ReadingRow.channel_id), col(ReadingRow.cursor), col(ReadingRow.oldest)).where(
            col(ReadingRow.channel_id).in_(channels), col(ReadingRow.source) == other.value
        )
        reached = {row.channel_id: row for row in await self._connection.execute(statement)}
        rows = [
            {
                "channel_id": channel,
                "source": source.value,
                "cursor": reached[channel].cursor if channel in reached else None,
                "oldest": reached[channel].oldest if channel in reached else None,
                "next_at": now if source is Source.ACCOUNT else None,
                "failures": 0,
                "reason": None,
            }
            for channel in channels
        ]
        upsert = self._upsert(ReadingRow)
        moved = reaching(upsert.excluded)
        if source is Source.ACCOUNT:
            moved |= {"next_at": now, "failures": 0, "reason": None}
        await self._connection.execute(
            upsert.on_conflict_do_update(index_elements=["channel_id", "source"], set_=moved), rows
        )

    async def reading(self, channel: ChannelId, source: Source) -> Reading:
        """How far this channel has been read by this source."""
        statement = READINGS[source].where(col(ChannelRow.id) == channel)
        return reading_of((await self._connection.execute(statement)).one(), source)

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
        """The same for many channels in one statement; one that turned out to be another meanwhile is read again as
        that one."""
        await in_turn(self._connection)
        there = await self._there([each.channel for each in readings])
        if rows := [
            {
                "channel_id": each.channel,
                "source": source.value,
                "cursor": each.cursor,
                "oldest": each.oldest,
                "read_at": each.read_at,
                "tried_at": each.read_at,
                "next_at": each.next_at,
                "failures": 0,
                "reason": None,
            }
            for each in sorted(readings, key=lambda each: each.channel)
            if each.channel in there
        ]:
            await self._connection.execute(_was_read(self._upsert), rows)

    async def _there(self, channels: Sequence[ChannelId]) -> set[int]:
        """Those of these channels that are there: one may turn out to be another while it is read, and ends then."""
        there: set[int] = set()
        for batch in batches(channels):
            known = select(col(ChannelRow.id)).where(col(ChannelRow.id).in_(batch))
            there.update(key for key in await self._connection.scalars(known) if key is not None)
        return there

    async def went_back(self, channel: ChannelId, source: Source, *, oldest: int, newest: int | None = None) -> None:
        """Older posts were read, back to `oldest`. A channel that has no cursor yet gets `newest`, the first post that
        was met on the way back; when it is read next stays as it is. Nothing is kept of one that is another by now."""
        await in_turn(self._connection)
        if not await self._there([channel]):
            return
        statement = self._upsert(ReadingRow).values(
            channel_id=channel, source=source.value, oldest=oldest, cursor=newest, failures=0
        )
        new = statement.excluded
        moved = {**reaching(new), "cursor": func.coalesce(col(ReadingRow.cursor), new.cursor)}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["channel_id", "source"], set_=moved)
        )

    async def all_due(self, account: str, now: datetime) -> None:
        """Let every channel of the account be due that neither failed nor waits for a reason: what it was told of them
        may have been lost."""
        await in_turn(self._connection)
        await self._connection.execute(
            update(ReadingRow)
            .where(
                col(ReadingRow.source) == Source.ACCOUNT.value,
                col(ReadingRow.reason).is_(None),
                col(ReadingRow.channel_id).in_(select(col(ChannelRow.id)).where(col(ChannelRow.way) == account)),
            )
            .values(next_at=now)
        )

    async def postpone(
        self, channels: Collection[ChannelId], source: Source, reason: str, next_at: datetime, *, now: datetime
    ) -> None:
        """These channels have to wait, through no fault of theirs: their failures stay as they are."""
        await in_turn(self._connection)
        values = {"tried_at": now, "next_at": next_at, "reason": reason}
        there = sorted(await self._there(sorted(channels)))
        if rows := [{"channel_id": each, "source": source.value, "failures": 0, **values} for each in there]:
            statement = self._upsert(ReadingRow)
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=["channel_id", "source"], set_=values), rows
            )

    async def failed(
        self, channel: ChannelId, source: Source, reason: str, next_at: datetime, *, now: datetime
    ) -> None:
        """The channel could not be read; it is tried again at `next_at`, unless it is another by now."""
        await in_turn(self._connection)
        if not await self._there([channel]):
            return
        values = {"tried_at": now, "next_at": next_at, "reason": reason}
        statement = self._upsert(ReadingRow).values(channel_id=channel, source=source.value, failures=1, **values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["channel_id", "source"],
                set_={**values, "failures": col(ReadingRow.failures) + 1},
            )
        )


@cache
def _was_read(upsert: Any) -> Any:
    statement = upsert(ReadingRow)
    new = statement.excluded
    moved = {name: new[name] for name in ("read_at", "tried_at", "next_at", "failures", "reason")}
    return statement.on_conflict_do_update(index_elements=["channel_id", "source"], set_={**moved, **reaching(new)})


def _by_way(ways: Mapping[ChannelId, str]) -> dict[str, list[ChannelId]]:
    found: dict[str, list[ChannelId]] = {}
    for channel, way in sorted(ways.items()):
        found.setdefault(way, []).append(channel)
    return found


_WEB, _OWN = aliased(ReadingRow), aliased(ReadingRow)
_STANDING: tuple[Any, ...] = (
    col(ChannelRow.id),
    col(ChannelRow.source),
    col(ChannelRow.way),
    col(_WEB.read_at).label("web_read_at"),
    col(_WEB.failures).label("web_failures"),
    col(_OWN.read_at).label("own_read_at"),
)
_STANDINGS = (
    select(*_STANDING)
    .outerjoin(_WEB, and_(col(_WEB.channel_id) == col(ChannelRow.id), col(_WEB.source) == Source.WEB.value))
    .outerjoin(
        _OWN,
        and_(col(_OWN.channel_id) == col(ChannelRow.id), col(_OWN.source) == Source.ACCOUNT.value),
    )
    .where(col(ChannelRow.active).is_(True))
)
_STANDINGS_OF = _STANDINGS.where(col(ChannelRow.id).in_(bindparam("channels", expanding=True)))
