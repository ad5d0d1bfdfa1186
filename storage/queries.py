"""What readers asked for, kept for the buttons below its answer."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlmodel import col

from core.model import ReaderId
from storage.subject import Subject
from storage.tables import QueryRow


class Queries(Subject):
    """What the product asks of queries, inside one transaction."""

    async def note(self, reader: ReaderId, text: str, now: datetime) -> int:
        """Keep what a reader asked for, so that its pages can be turned; gives its number. Beyond 20 the oldest go."""
        number = await self._connection.scalar(
            insert(QueryRow).values(reader_id=reader, text=text, asked_at=now).returning(col(QueryRow.id))
        )
        kept = (
            select(col(QueryRow.id))
            .where(col(QueryRow.reader_id) == reader)
            .order_by(col(QueryRow.id).desc())
            .limit(20)
        )
        await self._connection.execute(
            delete(QueryRow).where(col(QueryRow.reader_id) == reader, col(QueryRow.id).not_in(kept.scalar_subquery()))
        )
        return number or 0

    async def asked_within(self, reader: ReaderId, text: str, span: timedelta, now: datetime) -> bool:
        """Whether this very thing was noted for the reader in the last `span`; what was noted later than `now`, by a
        clock that has been set back since, does not count."""
        asked_at = col(QueryRow.asked_at)
        statement = select(col(QueryRow.id)).where(
            col(QueryRow.reader_id) == reader, col(QueryRow.text) == text, asked_at >= now - span, asked_at <= now
        )
        return await self._connection.scalar(statement.limit(1)) is not None

    async def text(self, reader: ReaderId, number: int) -> str | None:
        """What was asked under this number, if it is this reader's and still kept."""
        statement = select(col(QueryRow.text)).where(col(QueryRow.id) == number, col(QueryRow.reader_id) == reader)
        text: str | None = await self._connection.scalar(statement)
        return text
