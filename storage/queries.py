"""What readers asked for, kept for the buttons below its answer."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlmodel import col

from core.model import ReaderId
from storage.batches import batches
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

    async def of_all(self, readers: Collection[ReaderId]) -> dict[ReaderId, list[tuple[str, datetime]]]:
        """What is kept of what each of these readers asked for, and when it was asked, the oldest first."""
        found: dict[ReaderId, list[tuple[str, datetime]]] = {reader: [] for reader in readers}
        for batch in batches(sorted(readers)):
            statement = select(col(QueryRow.reader_id), col(QueryRow.text), col(QueryRow.asked_at))
            statement = statement.where(col(QueryRow.reader_id).in_(batch)).order_by(col(QueryRow.id))
            for reader, text, asked_at in await self._connection.execute(statement):
                found[ReaderId(reader)].append((text, asked_at))
        return found

    async def text(self, reader: ReaderId, number: int) -> str | None:
        """What was asked under this number, if it is this reader's and still kept."""
        statement = select(col(QueryRow.text)).where(col(QueryRow.id) == number, col(QueryRow.reader_id) == reader)
        text: str | None = await self._connection.scalar(statement)
        return text
