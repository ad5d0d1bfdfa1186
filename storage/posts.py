"""Posts, as they are asked for; how they are written down is in `storage.incoming`."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlmodel import col

from core.counts import next_count
from core.model import ChannelId, Counts, Kind, Post, PostId, Source, StoryId
from storage.batches import batches
from storage.incoming import IncomingPosts
from storage.keys import first_key
from storage.lock import in_turn
from storage.post_rows import POSTS, bounded, stored_post, stored_posts
from storage.tables import EditRow, PostRow

MOST_NUMBERS = 1000  # of a channel that are compared with what a source shows


class Posts(IncomingPosts):
    """What the product asks of posts, inside one transaction."""

    async def edits(self, keys: Collection[PostId]) -> dict[PostId, tuple[tuple[datetime, str], ...]]:
        """What each of these posts said before each of its edits, and when the edit was seen; the oldest first, and of
        many the newest `MOST_EDITS`."""
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

    async def any_of(self, channels: Collection[ChannelId]) -> bool:
        """Whether any of these channels has a post, deleted ones aside."""
        statement = select(col(PostRow.id)).where(
            col(PostRow.channel_id).in_(sorted(channels)), col(PostRow.deleted_at).is_(None)
        )
        return await self._connection.scalar(statement.limit(1)) is not None

    async def published_as(self, channel: ChannelId, message_id: int) -> Post | None:
        """The post that the channel published under this number; None where it is not kept, or was deleted."""
        statement = POSTS.where(
            col(PostRow.channel_id) == channel,
            col(PostRow.message_id) == message_id,
            col(PostRow.deleted_at).is_(None),
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return stored_post(row) if row else None

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
            await in_turn(self._connection)
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
        statement = select(_HIGHEST.message_id)
        if since is not None:
            statement = statement.where(_HIGHEST.date >= since)
        if source is not None:
            statement = statement.where(_HIGHEST.source == source.value)
        return await self._numbers(statement, channel, first, last)

    async def numbers_on_preview(
        self, channel: ChannelId, first: int, last: int, since: datetime | None = None, *, newest: int
    ) -> frozenset[int]:
        """The same of posts that the web preview shows as long as they are there: those that it gave, and those up to
        `newest` that an account gave, service messages aside, of which a preview shows few."""
        by_account = and_(
            _HIGHEST.source == Source.ACCOUNT.value,
            _HIGHEST.kind != Kind.SERVICE.value,
            _HIGHEST.message_id <= newest,
        )
        statement = select(_HIGHEST.message_id).where(or_(_HIGHEST.source == Source.WEB.value, by_account))
        if since is not None:
            statement = statement.where(_HIGHEST.date >= since)
        return await self._numbers(statement, channel, first, last)

    async def _numbers(self, statement: Any, channel: ChannelId, first: int, last: int) -> frozenset[int]:
        asked = {"channel": channel, "first": first, "last": last}
        return frozenset((await self._connection.scalars(statement, asked)).all())

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
        await in_turn(self._connection)
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


# a channel's posts with the highest message ids from `first` to `last`, no deleted ones
_HIGHEST = (
    select(col(PostRow.message_id), col(PostRow.date), col(PostRow.source), col(PostRow.kind))
    .where(
        col(PostRow.channel_id) == bindparam("channel"),
        col(PostRow.message_id).between(bindparam("first"), bindparam("last")),
        col(PostRow.deleted_at).is_(None),
    )
    .order_by(col(PostRow.message_id).desc())
    .limit(MOST_NUMBERS)
    .subquery()
).c
_LONGEST_WRITE = timedelta(minutes=1)  # what is being written while others read says when it began
_COUNT = (
    update(PostRow)
    .where(col(PostRow.id) == bindparam("key"))
    .values(views=bindparam("new_views"), forwards=bindparam("new_forwards"), count_at=bindparam("next"))
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
