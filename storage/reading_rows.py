"""Between the rows of channels and their readings, and their values."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select
from sqlmodel import col

from core.model import WEB_WAY, Channel, ChannelId, Reading, Source
from storage.tables import ChannelRow, ReadingRow, table_of

# channels that the web preview reads, also while their way is not settled yet
BY_WEB = or_(
    col(ChannelRow.way) == WEB_WAY, and_(col(ChannelRow.way).is_(None), col(ChannelRow.source) != Source.ACCOUNT.value)
)


def source_of(row: Row[Any]) -> Source:
    """By what kind of source a channel is read now."""
    by_web = row.way == WEB_WAY or (row.way is None and row.source != Source.ACCOUNT.value)
    return Source.WEB if by_web else Source.ACCOUNT


def reaching(new: Any) -> dict[str, Any]:
    """What to keep of how far two readings of a channel reach: the larger cursor, the smaller oldest; those of the row
    that is there may be missing. `new`: what is inserted."""
    cursor, oldest = col(ReadingRow.cursor), col(ReadingRow.oldest)
    return {
        "cursor": case((cursor.is_(None), new.cursor), (new.cursor > cursor, new.cursor), else_=cursor),
        "oldest": case((oldest.is_(None), new.oldest), (new.oldest < oldest, new.oldest), else_=oldest),
    }


def _joined_with(which: ColumnElement[bool]) -> Select[Any]:
    """Channels, each with the one reading of it; what the cleaning has learned is not asked for, since who reads
    channels has no use for it."""
    return select(
        *(column for column in table_of(ChannelRow).c if column.name != "signature"),
        col(ReadingRow.cursor),
        col(ReadingRow.oldest),
        col(ReadingRow.read_at),
        col(ReadingRow.next_at),
        col(ReadingRow.failures),
        col(ReadingRow.reason),
    ).outerjoin(ReadingRow, and_(col(ReadingRow.channel_id) == col(ChannelRow.id), which))


# channels, each with its reading by this source
READINGS = {source: _joined_with(col(ReadingRow.source) == source.value) for source in Source}
# channels, each with its reading by the way that reads it now
PRESENT = _joined_with(col(ReadingRow.source) == case((BY_WEB, Source.WEB.value), else_=Source.ACCOUNT.value))


def channel_of(row: Row[Any]) -> Channel:
    """A row with the columns of a channel as a value."""
    return Channel(
        id=ChannelId(row.id),
        name=row.name,
        title=row.title or row.name,
        description=row.description,
        members=row.members,
        telegram_id=row.telegram_id,
        source=row.source,
        every=row.every,
        active=row.active,
        signature=getattr(row, "signature", None),
        way=row.way,
        join=row.join,
        invite=row.invite,
    )


def reading_of(row: Row[Any], source: Source) -> Reading:
    """A row of `READINGS` or `PRESENT` as a value."""
    return Reading(
        channel=channel_of(row),
        source=source,
        cursor=row.cursor,
        oldest=row.oldest,
        read_at=row.read_at,
        next_at=row.next_at,
        failures=row.failures or 0,
        reason=row.reason,
    )
