"""Posts as their sources bring them: stored once each, their edits kept, their counts refreshed, deletions marked."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.model import ChannelId, CleanPost, PostId, Source
from storage.articles import host_of
from storage.batches import batches
from storage.lock import in_turn
from storage.post_rows import bound, indexed, is_outdated, new_row, refreshed, shows_less, unless_same
from storage.search import SearchIndex, channel_mark, found_by, language_mark
from storage.subject import Subject
from storage.tables import ArticleRow, ChannelRow, EditRow, PostArticleRow, PostRow

MOST_EDITS = 100  # former versions that are kept of a post

Name = TypeVar("Name", int, str)  # of a channel: its id, or its key


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """How many posts were new, edited or unchanged; `changed` names the new and the edited ones, `new_at` and
    `edited_at` say where they are, as (channel, message id)."""

    new: int = 0
    edited: int = 0
    unchanged: int = 0
    changed: tuple[PostId, ...] = ()
    new_at: frozenset[tuple[int, int]] = frozenset()
    edited_at: frozenset[tuple[int, int]] = frozenset()


class IncomingPosts(Subject):
    """The part of `Posts` that writes down what was published, edited and deleted, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._index = SearchIndex(connection, "post_words")

    async def add(self, posts: Sequence[CleanPost], channels: Mapping[str, ChannelId], now: datetime) -> Added:
        """Store these posts; `channels` has the id of each channel named, by its name in lower case.

        A post that is there already is compared: changed words are an edit, whose former words are kept; counts are
        refreshed; one that was taken for deleted and shows again is back (an import, which may be older than the
        deletion, brings none back). A post without an id or a date is not taken (the caller has counted it). Repeats
        change nothing.
        """
        rows = {
            (row["channel_id"], row["message_id"]): (row, post)
            for post in posts
            if (row := new_row(post, channels, now)) is not None
        }
        await in_turn(self._connection)
        known = await self._known(rows)
        fresh = [pair for at, pair in rows.items() if at not in known]
        await self._free_keys([row for row, _ in fresh])
        await self._insert(fresh)
        edited = await self._refresh([(row, post, known[at]) for at, (row, post) in rows.items() if at in known], now)
        changed = frozenset(edited)
        return Added(
            new=len(fresh),
            edited=len(edited),
            unchanged=len(rows) - len(fresh) - len(edited),
            changed=tuple(PostId(key) for key in (*(row["id"] for row, _ in fresh), *edited)),
            new_at=frozenset(at for at in rows if at not in known),
            edited_at=frozenset(at for at, old in known.items() if old.id in changed),
        )

    async def known(self, wanted: Iterable[tuple[str, int]]) -> frozenset[tuple[str, int]]:
        """Which of these posts are stored, each as (channel's name in lower case, message id)."""
        places = await self._may_be_known(col(ChannelRow.key), [(name.lower(), message) for name, message in wanted])
        ids: dict[str, int] = {}
        for batch in batches(sorted({name for name, _ in places})):
            channels = select(col(ChannelRow.key), col(ChannelRow.id)).where(col(ChannelRow.key).in_(batch))
            ids.update((name, channel or 0) for name, channel in await self._connection.execute(channels))
        names = {channel: name for name, channel in ids.items()}
        found: set[tuple[str, int]] = set()
        # of posts alone: where the channels' names stand beside their messages, all posts of the channels are looked at
        for group in _places(col(PostRow.channel_id), [(ids[name], message) for name, message in places]):
            statement = select(col(PostRow.channel_id), col(PostRow.message_id)).where(group)
            found.update((names[channel], message) for channel, message in await self._connection.execute(statement))
        return frozenset(found)

    async def _may_be_known(self, column: Any, wanted: Collection[tuple[Name, int]]) -> list[tuple[Name, int]]:
        """Those of these places, each a channel as the column has it and a message id, that are not above all that is
        stored of their channel: nearly all that comes is."""
        newest = select(func.max(col(PostRow.message_id))).where(col(PostRow.channel_id) == col(ChannelRow.id))
        highest: dict[Name, int | None] = {}
        for batch in batches(sorted({channel for channel, _ in wanted})):
            statement = select(column, newest.scalar_subquery()).where(column.in_(batch))
            highest.update((channel, message) for channel, message in await self._connection.execute(statement))
        return [at for at in wanted if (most := highest.get(at[0])) is not None and at[1] <= most]

    async def _known(self, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], Any]:
        found: dict[tuple[int, int], Any] = {}
        for group in _places(col(PostRow.channel_id), await self._may_be_known(col(ChannelRow.id), wanted)):
            statement = select(
                col(PostRow.id),
                col(PostRow.channel_id),
                col(PostRow.message_id),
                col(PostRow.content),
                col(PostRow.edited),
                col(PostRow.edits),
                col(PostRow.source),
                col(PostRow.stored_at),
                col(PostRow.changed_at),
                col(PostRow.text),
                col(PostRow.body),
                col(PostRow.language),
                col(PostRow.deleted_at),
                col(PostRow.story_id),
                col(PostRow.views),
                col(PostRow.forwards),
                col(PostRow.details),
                col(PostRow.count_at),
            ).where(group)
            for row in await self._connection.execute(statement):
                found[row.channel_id, row.message_id] = row
        return found

    async def _free_keys(self, rows: list[dict[str, Any]]) -> None:
        """Move a new post off a key that another post holds, here or in the table."""
        newest = await self._connection.scalar(select(func.max(col(PostRow.id)))) or 0
        taken = await self._taken([row["id"] for row in rows if row["id"] <= newest])
        for row in rows:
            while row["id"] in taken:
                row["id"] += 1
                if row["id"] not in taken and await self._taken([row["id"]]):
                    taken.add(row["id"])
            taken.add(row["id"])

    async def _taken(self, keys: Sequence[int]) -> set[int]:
        found: set[int] = set()
        for batch in batches(keys):
            statement = select(col(PostRow.id)).where(col(PostRow.id).in_(batch))
            found.update((await self._connection.scalars(statement)).all())
        return found

    async def _insert(self, fresh: list[tuple[dict[str, Any], CleanPost]]) -> None:
        if not fresh:
            return
        await self._connection.execute(insert(PostRow), [row for row, _ in fresh])
        await self._index.put([indexed(row, post.stems) for row, post in fresh], replacing=False)
        await self._link({row["id"]: post.articles for row, post in fresh if post.articles})

    async def _refresh(self, pairs: list[tuple[dict[str, Any], CleanPost, Any]], now: datetime) -> list[int]:
        """Bring known posts up to date; gives the keys of those whose words changed."""
        edits, counts, changed, back = [], [], [], []
        full: list[int] = []  # posts of which no more versions are kept
        for row, post, old in pairs:
            row["id"] = old.id
            outdated = is_outdated(old, row)
            gone = old.deleted_at is not None
            if gone and (outdated or post.post.source is Source.IMPORT):
                continue
            if row["content"] == old.content or outdated or shows_less(old, post.post):
                fresh = refreshed(old, row)
                if any(value != getattr(old, name) for name, value in fresh.items()):
                    counts.append({"id": old.id, **fresh})
                if gone:
                    back.append(old._mapping)
                continue
            edits.append({"post_id": old.id, "seen_at": now, "text": old.text})
            if old.edits >= MOST_EDITS:
                full.append(old.id)
            changed.append((row, post))
        if counts:
            await self._connection.execute(_REFRESH_COUNTS, [bound(row, _COUNTED) for row in counts])
        if back:
            await self._connection.execute(_BRING_BACK, [{"key": row["id"]} for row in back])
            await self._index.put([indexed(row) for row in back], replacing=True)
        if changed:
            await self._connection.execute(insert(EditRow), edits)
            await self._drop_edits(full)
            await self._connection.execute(
                _REFRESH_ALL, [{**bound(row, _EDITABLE), "seen_at": now} for row, _ in changed]
            )
            await self._index.put([indexed(row, post.stems) for row, post in changed], replacing=True)
            await self._link({row["id"]: post.articles for row, post in changed if post.articles})
        return [row["id"] for row, _ in changed]

    async def _drop_edits(self, posts: Sequence[int]) -> None:
        """Keep the newest of what these posts said before: one may be edited every minute, for ever."""
        place = func.row_number().over(partition_by=col(EditRow.post_id), order_by=col(EditRow.id).desc())
        for batch in batches(posts):
            own = select(col(EditRow.id), place.label("place")).where(col(EditRow.post_id).in_(batch)).subquery()
            older = select(own.c.id).where(own.c.place > MOST_EDITS)
            await self._connection.execute(delete(EditRow).where(col(EditRow.id).in_(older)))

    async def _link(self, wanted: Mapping[int, Sequence[str]]) -> None:
        """Remember the linked pages of posts: each address once, new ones waiting to be read."""
        urls = sorted({url for links in wanted.values() for url in links})
        if not urls:
            return
        await self._connection.execute(
            self._upsert(ArticleRow).on_conflict_do_nothing(index_elements=["url"]),
            [{"url": url, "host": host_of(url), "state": "new", "attempts": 0} for url in urls],
        )
        ids: dict[str, int] = {}
        for batch in batches(urls):
            statement = select(col(ArticleRow.url), func.coalesce(col(ArticleRow.same_as), col(ArticleRow.id)))
            ids.update(
                (url, key)
                for url, key in await self._connection.execute(statement.where(col(ArticleRow.url).in_(batch)))
            )
        pairs = {(post, ids[url]) for post, links in wanted.items() for url in links}
        await self._connection.execute(
            self._upsert(PostArticleRow).on_conflict_do_nothing(),
            [{"post_id": post, "article_id": article} for post, article in sorted(pairs)],
        )

    async def mark_deleted(self, channel: ChannelId, message_ids: Collection[int], now: datetime) -> int:
        """Mark these posts as deleted by their channel; they leave the index, their words stay. The live stories let
        go of them when they next look. Gives how many."""
        await in_turn(self._connection)
        keys: list[int] = []
        for batch in batches(sorted(message_ids)):
            statement = select(col(PostRow.id)).where(
                col(PostRow.channel_id) == channel,
                col(PostRow.message_id).in_(batch),
                col(PostRow.deleted_at).is_(None),
            )
            keys.extend((await self._connection.scalars(statement)).all())
        for batch in batches(keys):
            gone = update(PostRow).where(col(PostRow.id).in_(batch)).values(deleted_at=now, changed_at=now, stage=0)
            await self._connection.execute(gone)
        await self._index.drop(keys)
        return len(keys)

    async def rewrite(self, better: Mapping[PostId, CleanPost]) -> None:
        """Give these posts what a better knowledge of their channel reads in them, and index them anew. One whose kind
        changed goes through the stories again."""
        await in_turn(self._connection)
        statement = select(
            col(PostRow.id), col(PostRow.text), col(PostRow.channel_id), col(PostRow.kind), col(PostRow.stage)
        ).where(col(PostRow.deleted_at).is_(None))
        for batch in batches(sorted(better)):
            rows = (await self._connection.execute(statement.where(col(PostRow.id).in_(batch)))).all()
            if rows:
                await self._connection.execute(_REREAD, [_reread(row, better[row.id]) for row in rows])
            await self._index.put(
                [
                    (row.id, found_by(read.body), (channel_mark(row.channel_id), language_mark(read.language)))
                    for row in rows
                    for read in (better[row.id],)
                ],
                replacing=True,
            )


_EDITABLE = tuple("text body language kind fingerprint source views forwards edited content details count_at".split())
_COUNTED = ("views", "forwards", "details", "count_at")
_REFRESH_COUNTS = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _COUNTED})
)
_REFRESH_ALL = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values(
        {name: bindparam(f"new_{name}") for name in _EDITABLE}
        | {"edits": col(PostRow.edits) + 1, "stage": 0, "deleted_at": None, "changed_at": bindparam("seen_at")}
    )
)
_BRING_BACK = update(PostRow).where(col(PostRow.id) == bindparam("key")).values(deleted_at=None, stage=0)
_REREAD = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in ("body", "language", "kind", "fingerprint", "stage")})
)


def _places(column: Any, wanted: Iterable[tuple[Any, int]]) -> Iterator[ColumnElement[bool]]:
    """The posts at these places, each a channel as the column has it and a message id, a bearable number at a time."""
    by_channel: dict[Any, list[int]] = {}
    for channel, message in wanted:
        by_channel.setdefault(channel, []).append(message)
    clauses = [
        and_(column == channel, col(PostRow.message_id).in_(batch))
        for channel, messages in by_channel.items()
        for batch in batches(messages)
    ]
    return (or_(*group) for group in batches(clauses))


def _reread(row: Any, read: CleanPost) -> dict[str, Any]:
    return {
        "key": row.id,
        "new_body": unless_same(read.body, row.text),
        "new_language": read.language,
        "new_kind": read.kind.value,
        "new_fingerprint": read.fingerprint,
        "new_stage": row.stage if read.kind.value == row.kind else 0,
    }
