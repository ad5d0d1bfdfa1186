"""Folders of chats that lists name: which channels are in them, and when they are to be read again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import case, delete, func, insert, select, update
from sqlmodel import col

from core.model import Folder, FolderChannel
from storage.lock import in_turn
from storage.subject import Subject
from storage.tables import FolderChannelRow, FolderRow, ListRow, PeerRow, table_of


class Folders(Subject):
    """What the product asks of folders, inside one transaction."""

    async def follow(self, slugs: Collection[str]) -> None:
        """These are the folders now: new ones are due at once, what is kept of others goes."""
        named = sorted(slugs)
        await self._connection.execute(delete(FolderRow).where(col(FolderRow.slug).not_in(named)))
        if rows := [{"slug": slug, "title": "", "others": 0, "failures": 0} for slug in named]:
            await self._connection.execute(
                self._upsert(FolderRow).on_conflict_do_nothing(index_elements=["slug"]), rows
            )

    async def all(self) -> tuple[Folder, ...]:
        """All folders, with the lists that name them."""
        lists: dict[str, list[str]] = {}
        named = select(col(ListRow.folder), col(ListRow.id)).where(col(ListRow.folder).is_not(None))
        for slug, list_id in await self._connection.execute(named.order_by(col(ListRow.position))):
            lists.setdefault(slug or "", []).append(list_id)
        counted = (
            select(
                col(FolderChannelRow.slug),
                func.count().label("channels"),
                func.sum(case((col(FolderChannelRow.closed).is_(True), 1), else_=0)).label("closed"),
            )
            .group_by(col(FolderChannelRow.slug))
            .subquery()
        )
        statement = (
            select(*table_of(FolderRow).c, counted.c.channels, counted.c.closed)
            .outerjoin(counted, counted.c.slug == col(FolderRow.slug))
            .order_by(col(FolderRow.slug))
        )
        return tuple(
            Folder(
                slug=row.slug,
                lists=tuple(lists.get(row.slug, ())),
                title=row.title,
                channels=row.channels or 0,
                closed=int(row.closed or 0),
                others=row.others,
                read_at=row.read_at,
                next_at=row.next_at,
                failures=row.failures,
                reason=row.reason,
            )
            for row in await self._connection.execute(statement)
        )

    async def channels(self) -> Mapping[str, Sequence[FolderChannel]]:
        """The channels of each folder, in its order."""
        found: dict[str, list[FolderChannel]] = {}
        statement = select(table_of(FolderChannelRow)).order_by(col(FolderChannelRow.position))
        for row in await self._connection.execute(statement):
            found.setdefault(row.slug, []).append(
                FolderChannel(telegram_id=row.telegram_id, name=row.name, title=row.title, closed=row.closed)
            )
        return found

    async def of(self, telegram_id: int) -> str | None:
        """The slug of a folder that holds the channel of this number."""
        statement = select(col(FolderChannelRow.slug)).where(col(FolderChannelRow.telegram_id) == telegram_id)
        slug: str | None = await self._connection.scalar(statement.order_by(col(FolderChannelRow.slug)).limit(1))
        return slug

    async def was_read(
        self, slug: str, title: str, channels: Sequence[FolderChannel], others: int, now: datetime, next_at: datetime
    ) -> bool:
        """The folder was read, and holds these channels, of which none is closed that any account has joined; gives
        whether they are others than before. Nothing is kept of one that no list names any more."""
        await in_turn(self._connection)
        joined = select(col(PeerRow.telegram_id)).where(col(PeerRow.joined).is_(True))
        members = frozenset((await self._connection.scalars(joined)).all())
        channels = [replace(each, closed=each.closed and each.telegram_id not in members) for each in channels]
        values = {"title": title, "others": others, "read_at": now, "next_at": next_at, "failures": 0, "reason": None}
        done = await self._connection.execute(update(FolderRow).where(col(FolderRow.slug) == slug).values(**values))
        before = (await self.channels()).get(slug, ())
        if not done.rowcount or list(before) == channels:
            return False
        await self._connection.execute(delete(FolderChannelRow).where(col(FolderChannelRow.slug) == slug))
        rows = [
            {
                "slug": slug,
                "telegram_id": each.telegram_id,
                "position": position,
                "name": each.name,
                "title": each.title,
                "closed": each.closed,
            }
            for position, each in enumerate(channels)
        ]
        if rows:
            await self._connection.execute(insert(FolderChannelRow), rows)
        return True

    async def failed(self, slug: str, reason: str, next_at: datetime) -> None:
        """The folder could not be read; what is known of it stays."""
        await in_turn(self._connection)
        await self._connection.execute(
            update(FolderRow)
            .where(col(FolderRow.slug) == slug)
            .values(next_at=next_at, failures=col(FolderRow.failures) + 1, reason=reason)
        )
