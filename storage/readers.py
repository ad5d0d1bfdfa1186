"""Readers, and what they follow."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlmodel import col

from core.errors import StorageError
from core.model import Reader, ReaderId, ReaderState
from storage.batches import batches
from storage.lock import chats_in_turn, in_turn
from storage.subject import Subject
from storage.tables import (
    ChannelRow,
    DigestRow,
    EditionRow,
    ListRow,
    ReaderRow,
    SubscriptionRow,
    table_of,
)

_LIST, _CHANNEL = "list", "channel"


class Readers(Subject):
    """What the product asks of readers, inside one transaction."""

    async def find(self, chat_id: int, thread_id: int = 0) -> Reader | None:
        """The reader of this chat and topic, if there is one."""
        found = await self._readers(col(ReaderRow.chat_id) == chat_id, col(ReaderRow.thread_id) == thread_id)
        return found[0] if found else None

    async def of_chat(self, chat_id: int) -> tuple[Reader, ...]:
        """The readers of this chat: itself and its topics."""
        return await self._readers(col(ReaderRow.chat_id) == chat_id)

    async def get(self, reader: ReaderId) -> Reader | None:
        """The reader of this id, if there is one."""
        found = await self._readers(col(ReaderRow.id) == reader)
        return found[0] if found else None

    async def by_ids(self, readers: Collection[int]) -> tuple[Reader, ...]:
        """These readers, as far as they are there."""
        return await self._readers(col(ReaderRow.id).in_(sorted(readers)))

    async def hold(self, readers: Collection[int]) -> tuple[Reader, ...]:
        """The same; who would change or forget one of them waits until this transaction ends."""
        those = select(col(ReaderRow.id)).where(col(ReaderRow.id).in_(sorted(readers))).order_by(col(ReaderRow.id))
        await self._connection.execute(those.with_for_update(key_share=True))  # SQLite has one writer as it is
        return await self.by_ids(readers)

    async def welcome(self, reader: Reader, now: datetime) -> tuple[Reader, bool]:
        """The reader of this chat, added with these values if new (`id` does not count); True where it is new.

        One who had blocked the bot or whose chat was gone is active again.
        """
        await chats_in_turn(self._connection, reader.chat_id)
        row = {
            "chat_id": reader.chat_id,
            "thread_id": reader.thread_id,
            "kind": reader.kind,
            "name": reader.name,
            "language": reader.language,
            "at": reader.at,
            "zone": reader.zone,
            "minutes": reader.minutes,
            "look": reader.look,
            "state": ReaderState.ACTIVE.value,
            "due_at": reader.due_at,
            "created_at": now,
        }
        added = await self._connection.scalar(
            self._upsert(ReaderRow)
            .values(**row)
            .on_conflict_do_nothing(index_elements=["chat_id", "thread_id"])
            .returning(col(ReaderRow.id))
        )
        here = (col(ReaderRow.chat_id) == reader.chat_id, col(ReaderRow.thread_id) == reader.thread_id)
        if added is None:
            asleep = col(ReaderRow.state).in_([ReaderState.BLOCKED.value, ReaderState.GONE.value])
            await self._connection.execute(
                update(ReaderRow).where(*here, asleep).values(state=ReaderState.ACTIVE.value, due_at=reader.due_at)
            )
        return (await self._readers(*here))[0], added is not None

    async def change(self, reader: ReaderId, **fields: Any) -> Reader:
        """Set these fields of a reader (by their names in `Reader`); gives the reader as it is then. Raises
        StorageError for one who has had all forgotten."""
        if "state" in fields:
            fields["state"] = ReaderState(fields["state"]).value
        await self._connection.execute(update(ReaderRow).where(col(ReaderRow.id) == reader).values(**fields))
        if (changed := await self.get(reader)) is None:
            raise StorageError(f"Reader {reader} has had all forgotten meanwhile.")
        return changed

    async def follow(self, reader: ReaderId, *, lists: Iterable[str] = (), channels: Iterable[str] = ()) -> None:
        """Subscribe to lists and channels; what is followed already stays."""
        rows = _targets(reader, lists, channels)
        if rows:
            await self._connection.execute(self._upsert(SubscriptionRow).on_conflict_do_nothing(), rows)

    async def unfollow(self, reader: ReaderId, *, lists: Iterable[str] = (), channels: Iterable[str] = ()) -> int:
        """End these subscriptions; gives how many there were."""
        those = [(row["kind"], row["target"]) for row in _targets(reader, lists, channels)]
        gone = delete(SubscriptionRow).where(
            col(SubscriptionRow.reader_id) == reader,
            tuple_(col(SubscriptionRow.kind), col(SubscriptionRow.target)).in_(those),
        )
        return (await self._connection.execute(gone)).rowcount

    async def due(self, now: datetime, limit: int) -> tuple[Reader, ...]:
        """The readers whose hour has come, the longest overdue first."""
        return await self._readers(
            col(ReaderRow.state) == ReaderState.ACTIVE.value, col(ReaderRow.due_at) <= now, limit=limit
        )

    async def due_after(self, moment: datetime) -> tuple[Reader, ...]:
        """The readers whose next hour comes after this moment."""
        return await self._readers(col(ReaderRow.due_at) > moment)

    async def all(self) -> tuple[Reader, ...]:
        """All readers, in the order in which they came."""
        return await self._readers()

    async def came(self) -> dict[ReaderId, datetime]:
        """When each reader came."""
        rows = await self._connection.execute(select(col(ReaderRow.id), col(ReaderRow.created_at)))
        return {ReaderId(key or 0): moment for key, moment in rows}

    async def served(self, due: Mapping[ReaderId, datetime], told: Mapping[ReaderId, datetime]) -> None:
        """The next digest of each reader is due at this moment; those `told` have just been told what there was until
        then."""
        for name, moments in (("due_at", due), ("told_until", told)):
            if rows := [{"key": reader, "moment": moment} for reader, moment in sorted(moments.items())]:
                change = update(ReaderRow).where(col(ReaderRow.id) == bindparam("key"))
                await self._connection.execute(change.values(**{name: bindparam("moment")}), rows)

    async def moved(self, chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: its readers live under the new id, unless that one is a reader already, and one
        that gets digests: a bot may be told first that it was let in there, as into a group that nobody has started."""
        await chats_in_turn(self._connection, chat_id, new_chat_id)
        begun = {reader.thread_id for reader in await self.of_chat(chat_id) if not _unstarted(reader)}
        for reader in await self.of_chat(new_chat_id):
            if reader.thread_id in begun and _unstarted(reader):
                await self.forget(reader.id)
        # in the order of `hold`, or each would wait for what the other has
        own = select(col(ReaderRow.id)).where(col(ReaderRow.chat_id) == chat_id).order_by(col(ReaderRow.id))
        await self._connection.execute(own.with_for_update())
        there = select(col(ReaderRow.thread_id)).where(col(ReaderRow.chat_id) == new_chat_id)
        await self._connection.execute(
            update(ReaderRow)
            .where(col(ReaderRow.chat_id) == chat_id, col(ReaderRow.thread_id).not_in(there))
            .values(chat_id=new_chat_id)
        )
        await self._connection.execute(
            update(ReaderRow).where(col(ReaderRow.chat_id) == chat_id).values(state=ReaderState.GONE.value, due_at=None)
        )

    async def forget(self, reader: ReaderId) -> None:
        """Delete all that is kept of a reader, and what no other got."""
        await in_turn(self._connection)  # stories that join carry over who was told of them
        own = select(col(DigestRow.edition_id)).where(
            col(DigestRow.reader_id) == reader, col(DigestRow.edition_id).is_not(None)
        )
        editions = (await self._connection.scalars(own.distinct())).all()
        await self._connection.execute(delete(ReaderRow).where(col(ReaderRow.id) == reader))
        given = exists().where(col(DigestRow.edition_id) == col(EditionRow.id))
        for batch in batches(editions):
            those = select(col(EditionRow.id)).where(col(EditionRow.id).in_(batch)).order_by(col(EditionRow.id))
            await self._connection.execute(those.with_for_update())  # who gives one of them to another is waited for
            await self._connection.execute(delete(EditionRow).where(col(EditionRow.id).in_(batch), ~given))

    async def counts(self) -> dict[str, int]:
        """How many readers there are in each state."""
        statement = select(col(ReaderRow.state), func.count()).group_by(col(ReaderRow.state))
        return {row[0]: row[1] for row in await self._connection.execute(statement)}

    async def _readers(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[Reader, ...]:
        statement = _READERS.where(*conditions)
        order = (col(ReaderRow.due_at), col(ReaderRow.id)) if limit else (col(ReaderRow.id),)
        rows = (await self._connection.execute(statement.order_by(*order).limit(limit))).all()
        found: list[Reader] = []
        for batch in batches(rows):
            follows: dict[int, dict[str, list[str]]] = {}
            wanted = _FOLLOWED.where(col(SubscriptionRow.reader_id).in_([row.id for row in batch]))
            for each in await self._connection.execute(wanted):
                follows.setdefault(each.reader_id, {}).setdefault(each.kind, []).append(each.target)
            titles = await self._titles({name for each in follows.values() for name in each.get(_CHANNEL, ())})
            found += [_reader(row, follows.get(row.id, {}), titles) for row in batch]
        return tuple(found)

    async def _titles(self, channels: Collection[str]) -> dict[str, str]:
        """What those of these channels are called that have no public name, by their names; few readers follow one."""
        titles: dict[str, str] = {}
        for batch in batches(sorted(name for name in channels if name.startswith(("c/", "+")))):
            statement = select(col(ChannelRow.key), col(ChannelRow.title)).where(col(ChannelRow.key).in_(batch))
            titles.update((key, title) for key, title in await self._connection.execute(statement) if title)
        return titles


def _unstarted(reader: Reader) -> bool:
    """Whether nobody has started the bot there; so it is where a group has moved away from, too."""
    return reader.due_at is None and reader.state in {ReaderState.ACTIVE, ReaderState.GONE}


def _targets(reader: ReaderId, lists: Iterable[str], channels: Iterable[str]) -> list[dict[str, Any]]:
    wanted = [(_LIST, target) for target in lists] + [(_CHANNEL, target.lower()) for target in channels]
    return [{"reader_id": reader, "kind": kind, "target": target} for kind, target in wanted]


def _reader(row: Row[Any], follows: Mapping[str, list[str]], titles: Mapping[str, str]) -> Reader:
    channels = tuple(follows.get(_CHANNEL, ()))
    return Reader(
        id=ReaderId(row.id),
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        kind=row.kind,
        name=row.name,
        language=row.language,
        at=row.at,
        zone=row.zone,
        minutes=row.minutes,
        look=row.look,
        state=ReaderState(row.state),
        asking=row.asking,
        due_at=row.due_at,
        told_until=row.told_until,
        lists=tuple(follows.get(_LIST, ())),
        channels=channels,
        titles=tuple((name, titles[name]) for name in channels if name in titles),
    )


_READERS = select(table_of(ReaderRow))
# what is followed, but for lists that are no more
_FOLLOWED = (
    select(table_of(SubscriptionRow))
    .where(or_(col(SubscriptionRow.kind) != _LIST, col(SubscriptionRow.target).in_(select(col(ListRow.id)))))
    .order_by(col(SubscriptionRow.target))
)
