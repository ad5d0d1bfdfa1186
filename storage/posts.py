"""Posts: stored once each, their edits kept, their counts refreshed."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.counts import next_count
from core.model import ChannelId, CleanPost, Counts, Kind, Post, PostId, Source, StoryId
from storage.articles import host_of
from storage.batches import batches
from storage.keys import first_key
from storage.lock import in_turn
from storage.post_rows import POSTS, bound, bounded, indexed, new_row, refreshed, stored_post, stored_posts, unless_same
from storage.search import SearchIndex, channel_mark, language_mark
from storage.tables import ArticleRow, ChannelRow, EditRow, PostArticleRow, PostRow

MOST_NUMBERS = 1000  # of a channel that are compared with what a source shows


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


class Posts:
    """What the product asks of posts, inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._index = SearchIndex(connection, "post_words")
        self._sqlite = connection.dialect.name == "sqlite"

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
        by_channel: dict[str, list[int]] = {}
        for name, message in wanted:
            by_channel.setdefault(name.lower(), []).append(message)
        clauses = [
            and_(col(ChannelRow.key) == name, col(PostRow.message_id).in_(batch))
            for name, messages in by_channel.items()
            for batch in batches(messages)
        ]
        found: set[tuple[str, int]] = set()
        for group in batches(clauses):
            statement = (
                select(col(ChannelRow.key), col(PostRow.message_id))
                .join(ChannelRow, col(ChannelRow.id) == col(PostRow.channel_id))
                .where(or_(*group))
            )
            found.update((name, message) for name, message in await self._connection.execute(statement))
        return frozenset(found)

    async def _known(self, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Any]:
        by_channel: dict[int, list[int]] = {}
        for channel, message in wanted:
            by_channel.setdefault(channel, []).append(message)
        clauses = [
            and_(col(PostRow.channel_id) == channel, col(PostRow.message_id).in_(batch))
            for channel, messages in by_channel.items()
            for batch in batches(messages)
        ]
        found: dict[tuple[int, int], Any] = {}
        for group in batches(clauses):
            statement = select(
                col(PostRow.id),
                col(PostRow.channel_id),
                col(PostRow.message_id),
                col(PostRow.content),
                col(PostRow.edited),
                col(PostRow.text),
                col(PostRow.deleted_at),
                col(PostRow.story_id),
                col(PostRow.views),
                col(PostRow.forwards),
                col(PostRow.details),
                col(PostRow.count_at),
            ).where(or_(*group))
            for row in await self._connection.execute(statement):
                found[row.channel_id, row.message_id] = row
        return found

    async def _free_keys(self, rows: list[dict[str, Any]]) -> None:
        """Move a new post off a key that another post holds, here or in the table."""
        taken = await self._taken([row["id"] for row in rows])
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
        await self._index.put([indexed(row) for row, _ in fresh], replacing=False)
        await self._link({row["id"]: post.articles for row, post in fresh if post.articles})

    async def _refresh(self, pairs: list[tuple[dict[str, Any], CleanPost, Any]], now: datetime) -> list[int]:
        """Bring known posts up to date; gives the keys of those whose words changed."""
        edits, counts, changed, back = [], [], [], []
        for row, post, old in pairs:
            row["id"] = old.id
            # what was seen edited is newer than a page saved before the edit
            outdated = old.edited and not row["edited"]
            gone = old.deleted_at is not None
            if gone and (outdated or post.post.source is Source.IMPORT):
                continue
            if row["content"] == old.content or outdated:
                fresh = refreshed(old, row)
                if any(value != getattr(old, name) for name, value in fresh.items()):
                    counts.append({"id": old.id, **fresh})
                if gone:
                    back.append(row)
                continue
            edits.append({"post_id": old.id, "seen_at": now, "text": old.text})
            changed.append((row, post))
        if counts:
            await self._connection.execute(_REFRESH_COUNTS, [bound(row, _COUNTED) for row in counts])
        if back:
            await self._connection.execute(_BRING_BACK, [{"key": row["id"]} for row in back])
            await self._index.put([indexed(row) for row in back], replacing=True)
        if changed:
            await self._connection.execute(insert(EditRow), edits)
            await self._connection.execute(
                _REFRESH_ALL, [{**bound(row, _EDITABLE), "seen_at": now} for row, _ in changed]
            )
            await self._index.put([indexed(row) for row, _ in changed], replacing=True)
            await self._link({row["id"]: post.articles for row, post in changed if post.articles})
        return [row["id"] for row, _ in changed]

    async def _link(self, wanted: Mapping[int, Sequence[str]]) -> None:
        """Remember the linked pages of posts: each address once, new ones waiting to be read."""
        urls = sorted({url for links in wanted.values() for url in links})
        if not urls:
            return
        upsert = postgresql.insert if not self._sqlite else sqlite.insert
        await self._connection.execute(
            upsert(ArticleRow).on_conflict_do_nothing(index_elements=["url"]),
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
            upsert(PostArticleRow).on_conflict_do_nothing(),
            [{"post_id": post, "article_id": article} for post, article in sorted(pairs)],
        )

    async def mark_deleted(self, channel: ChannelId, message_ids: Collection[int], now: datetime) -> int:
        """Mark these posts as deleted by their channel; they leave the index, their words stay. The live stories let
        go of them when they next look. Gives how many."""
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
        statement = select(
            col(PostRow.id), col(PostRow.text), col(PostRow.channel_id), col(PostRow.kind), col(PostRow.stage)
        ).where(col(PostRow.deleted_at).is_(None))
        for batch in batches(sorted(better)):
            rows = (await self._connection.execute(statement.where(col(PostRow.id).in_(batch)))).all()
            if rows:
                await self._connection.execute(_REREAD, [_reread(row, better[row.id]) for row in rows])
            await self._index.put(
                [
                    (row.id, read.body, (channel_mark(row.channel_id), language_mark(read.language)))
                    for row in rows
                    for read in (better[row.id],)
                ],
                replacing=True,
            )

    async def edits(self, keys: Collection[PostId]) -> dict[PostId, tuple[tuple[datetime, str], ...]]:
        """What each of these posts said before each of its edits, and when the edit was seen; the oldest first."""
        found: dict[PostId, list[tuple[datetime, str]]] = {key: [] for key in keys}
        for batch in batches(sorted(keys)):
            statement = (
                select(col(EditRow.post_id), col(EditRow.seen_at), col(EditRow.text))
                .where(col(EditRow.post_id).in_(batch))
                .order_by(col(EditRow.id))
            )
            for post, seen, text in await self._connection.execute(statement):
                found[PostId(post)].append((seen, text))
        return {post: tuple(edits) for post, edits in found.items()}

    async def by_ids(self, keys: Collection[int]) -> dict[PostId, Post]:
        """These posts, as far as they are there."""
        found: dict[PostId, Post] = {}
        for batch in batches(sorted(keys)):
            rows = await self._connection.execute(POSTS.where(col(PostRow.id).in_(batch)))
            found.update((PostId(row.id), stored_post(row)) for row in rows)
        return found

    async def between(
        self,
        since: datetime,
        until: datetime,
        channels: Collection[ChannelId] | None = None,
        *,
        late: timedelta = timedelta(),
    ) -> tuple[Post, ...]:
        """Posts published from `since` to before `until`, oldest first, of these channels or of all, none deleted.

        With them come posts published up to `late` before that were stored only since then, or so short a time before
        that who read then may not have seen them.
        """
        statement = POSTS.where(
            col(PostRow.id).between(first_key(since - late), first_key(until) - 1), col(PostRow.deleted_at).is_(None)
        ).order_by(col(PostRow.id))
        if late:
            came = since - _LONGEST_WRITE
            statement = statement.where(or_(col(PostRow.id) >= first_key(since), col(PostRow.stored_at) >= came))
        if channels is not None:
            statement = statement.where(col(PostRow.channel_id).in_(sorted(channels)))
        return tuple(await stored_posts(self._connection, statement))

    async def of_stories(self, stories: Collection[StoryId]) -> dict[StoryId, tuple[Post, ...]]:
        """The posts of these stories, oldest first; no deleted ones."""
        found: dict[StoryId, list[Post]] = {story: [] for story in stories}
        for batch in batches(sorted(stories)):
            statement = POSTS.where(col(PostRow.story_id).in_(batch), col(PostRow.deleted_at).is_(None))
            for post in await stored_posts(self._connection, statement.order_by(col(PostRow.id))):
                if post.story is not None:
                    found[post.story].append(post)
        return {story: tuple(posts) for story, posts in found.items()}

    async def waiting(self, limit: int) -> tuple[Post, ...]:
        """The oldest posts that have not been through the stories."""
        statement = POSTS.where(col(PostRow.stage) == 0).order_by(col(PostRow.id)).limit(limit)
        return tuple(stored_post(row) for row in await self._connection.execute(statement))

    async def went_through(self, posts: Sequence[Post]) -> None:
        """These have been through the stories. One that was edited, deleted or read as another kind since it was read
        here still waits."""
        if posts:
            await self._connection.execute(
                _WENT_THROUGH,
                [
                    {"key": each.id, "read_edits": each.edits, "read_kind": each.kind.value, "read_gone": each.deleted}
                    for each in posts
                ],
            )

    async def every(self, batch: int = 1000) -> AsyncIterator[Post]:
        """All posts, deleted ones too, in the order of publishing; never more than `batch` in memory."""
        after = -1
        while True:
            statement = POSTS.where(col(PostRow.id) > after).order_by(col(PostRow.id)).limit(batch)
            rows = (await self._connection.execute(statement)).all()
            for row in rows:
                yield stored_post(row)
            if len(rows) < batch:
                return
            after = rows[-1].id

    async def latest_of(self, channel: ChannelId, limit: int) -> tuple[Post, ...]:
        """The channel's newest posts, newest first; no deleted ones."""
        statement = (
            POSTS.where(col(PostRow.channel_id) == channel, col(PostRow.deleted_at).is_(None))
            .order_by(col(PostRow.message_id).desc())
            .limit(limit)
        )
        return tuple(stored_post(row) for row in await self._connection.execute(statement))

    async def numbers_of(
        self, channel: ChannelId, first: int, last: int, since: datetime | None = None, source: Source | None = None
    ) -> frozenset[int]:
        """The message ids, from `first` to `last`, of the channel's posts published `since` then (and of this source);
        no deleted ones. Only the `MOST_NUMBERS` highest are looked at, however long the channel's history is."""
        highest = _highest(channel, first, last)
        statement = select(highest.c.message_id)
        if since is not None:
            statement = statement.where(highest.c.date >= since)
        if source is not None:
            statement = statement.where(highest.c.source == source.value)
        return frozenset((await self._connection.scalars(statement)).all())

    async def numbers_on_preview(
        self, channel: ChannelId, first: int, last: int, since: datetime | None = None, *, newest: int
    ) -> frozenset[int]:
        """The same of posts that the web preview shows as long as they are there: those that it gave, and those up to
        `newest` that an account gave, service messages aside, of which a preview shows few."""
        highest = _highest(channel, first, last)
        by_account = and_(
            highest.c.source == Source.ACCOUNT.value,
            highest.c.kind != Kind.SERVICE.value,
            highest.c.message_id <= newest,
        )
        statement = select(highest.c.message_id).where(or_(highest.c.source == Source.WEB.value, by_account))
        if since is not None:
            statement = statement.where(highest.c.date >= since)
        return frozenset((await self._connection.scalars(statement)).all())

    async def to_count(self, channel: ChannelId, now: datetime, limit: int) -> tuple[int, ...]:
        """The message ids of the channel's posts whose counts are worth another look, those that wait longest first."""
        statement = (
            select(col(PostRow.message_id))
            .where(col(PostRow.channel_id) == channel, col(PostRow.count_at) <= now, col(PostRow.deleted_at).is_(None))
            .order_by(col(PostRow.count_at))
            .limit(limit)
        )
        return tuple((await self._connection.scalars(statement)).all())

    async def were_counted(self, channel: ChannelId, counts: Mapping[int, Counts], now: datetime) -> int:
        """Keep these counts by message id, those that are told; gives how many posts they changed. No edit, and
        nothing for the index."""
        found: list[Any] = []
        for batch in batches(sorted(counts)):
            statement = select(
                col(PostRow.id), col(PostRow.message_id), col(PostRow.date), col(PostRow.views), col(PostRow.forwards)
            ).where(col(PostRow.channel_id) == channel, col(PostRow.message_id).in_(batch))
            found.extend((await self._connection.execute(statement)).all())
        rows, changed = [], 0
        for old in found:
            new = counts[old.message_id]
            views, forwards = bounded(new.views), bounded(new.forwards)
            views = old.views if views is None else views
            forwards = old.forwards if forwards is None else forwards
            changed += (views, forwards) != (old.views, old.forwards)
            rows.append(
                {"key": old.id, "new_views": views, "new_forwards": forwards, "next": next_count(old.date, now)}
            )
        if rows:
            await self._connection.execute(_COUNT, rows)
        return changed

    async def date_of(self, channel: ChannelId, message_id: int) -> datetime | None:
        """When this message was published, None where it is not stored."""
        statement = select(col(PostRow.date)).where(
            col(PostRow.channel_id) == channel, col(PostRow.message_id) == message_id
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def usual_views(self, channels: Collection[ChannelId], since: datetime) -> dict[str, float]:
        """The mean views of each channel's posts since then, by the channel's name: what is usual for it."""
        statement = (
            select(col(ChannelRow.name), func.avg(col(PostRow.views)))
            .join(ChannelRow, col(ChannelRow.id) == col(PostRow.channel_id))
            .where(col(PostRow.id) >= first_key(since), col(PostRow.channel_id).in_(sorted(channels)))
            .group_by(col(ChannelRow.name))
        )
        return {name: float(mean) for name, mean in await self._connection.execute(statement) if mean is not None}

    async def count(self) -> int:
        """How many posts there are, deleted ones aside. Monitors ask for it every few seconds: two indexes tell it."""
        every, gone = select(func.count()).select_from(PostRow), col(PostRow.deleted_at).is_not(None)
        return (await self._connection.scalar(every) or 0) - (await self._connection.scalar(every.where(gone)) or 0)

    async def days(self) -> dict[str, int]:
        """How many posts came on each of the last 30 days in UTC that have any (YYYY-MM-DD), the newest day first,
        deleted ones aside. Reads the whole archive."""
        there = col(PostRow.deleted_at).is_(None)
        utc = func.timezone("UTC", col(PostRow.date))
        day = func.date(col(PostRow.date)) if self._sqlite else func.to_char(utc, "YYYY-MM-DD")
        statement = select(day, func.count()).where(there).group_by(day).order_by(day.desc()).limit(30)
        return {str(name): number for name, number in await self._connection.execute(statement)}


def _highest(channel: ChannelId, first: int, last: int) -> Any:
    """The channel's posts with the highest message ids from `first` to `last`, no deleted ones."""
    columns = col(PostRow.message_id), col(PostRow.date), col(PostRow.source), col(PostRow.kind)
    there = (
        col(PostRow.channel_id) == channel,
        col(PostRow.message_id).between(first, last),
        col(PostRow.deleted_at).is_(None),
    )
    return select(*columns).where(*there).order_by(col(PostRow.message_id).desc()).limit(MOST_NUMBERS).subquery()


_LONGEST_WRITE = timedelta(minutes=1)  # what is being written while others read says when it began
_EDITABLE = (
    "text",
    "body",
    "language",
    "kind",
    "fingerprint",
    "source",
    "views",
    "forwards",
    "edited",
    "content",
    "details",
    "count_at",
)
_COUNTED = ("views", "forwards", "details", "count_at")
_REFRESH_COUNTS = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _COUNTED})
)
_COUNT = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values(views=bindparam("new_views"), forwards=bindparam("new_forwards"), count_at=bindparam("next"))
)
_REFRESH_ALL = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values(
        {name: bindparam(f"new_{name}") for name in _EDITABLE}
        | {"edits": col(PostRow.edits) + 1, "stage": 0, "deleted_at": None, "changed_at": bindparam("seen_at")}
    )
)
_WENT_THROUGH = (
    update(PostRow)
    .where(
        col(PostRow.id) == bindparam("key"),
        col(PostRow.edits) == bindparam("read_edits"),
        col(PostRow.kind) == bindparam("read_kind"),
        col(PostRow.deleted_at).is_not(None) == bindparam("read_gone"),
    )
    .values(stage=1)
)
_BRING_BACK = update(PostRow).where(col(PostRow.id) == bindparam("key")).values(deleted_at=None, stage=0)
_REREAD = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in ("body", "language", "kind", "fingerprint", "stage")})
)


def _reread(row: Any, read: CleanPost) -> dict[str, Any]:
    return {
        "key": row.id,
        "new_body": unless_same(read.body, row.text),
        "new_language": read.language,
        "new_kind": read.kind.value,
        "new_fingerprint": read.fingerprint,
        "new_stage": row.stage if read.kind.value == row.kind else 0,
    }
