"""Which post tells of which story."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, select, update
from sqlmodel import col

from core.model import Kind, Post, PostId, StoryId
from storage.batches import batches
from storage.keys import first_key, key_time
from storage.lock import in_turn, memories_in_turn
from storage.memories import later_told
from storage.post_rows import POSTS, stored_posts
from storage.subject import Subject
from storage.tables import PostRow, SeenRow, StoryRow


class StoryBook(Subject):
    """What the product asks of stories, inside one transaction."""

    async def assign(
        self,
        placed: Mapping[PostId, StoryId | None],
        merged: Mapping[StoryId, StoryId],
        parted: Mapping[StoryId, StoryId] = MappingProxyType({}),
    ) -> None:
        """Put posts into their stories (None: into none), then let stories join others: `merged` by the one that
        ends. Readers who were told the one that ends have been told the other, up to the later post of the two.
        `parted`: by a story that began with posts of another, that other; who was told of one of those posts has been
        told both stories. That posts need not go through the stories again is for `Posts.went_through` to say."""
        await in_turn(self._connection)
        if merged or parted:
            await memories_in_turn(self._connection, alone=True)
        touched = await self._stories_of(placed) | {story for story in placed.values() if story is not None}
        if placed:
            await self._connection.execute(
                update(PostRow).where(col(PostRow.id) == bindparam("key")).values(story_id=bindparam("story")),
                [{"key": post, "story": story} for post, story in placed.items()],
            )
        for ended, kept in merged.items():
            await self._connection.execute(update(PostRow).where(col(PostRow.story_id) == ended).values(story_id=kept))
            await self._carry_memory(ended, kept)
            await self._connection.execute(delete(SeenRow).where(col(SeenRow.story_id) == ended))
        for begun, whole in parted.items():
            first = min(post for post, story in placed.items() if story == begun)
            await self._carry_memory(whole, begun, since=first)
        await self._count((touched | set(merged.values())) - set(merged))
        for ended, kept in merged.items():
            await self._connection.execute(
                update(StoryRow).where(col(StoryRow.id) == ended).values(merged_into=kept, posts=0)
            )

    async def _carry_memory(self, told_of: StoryId, other: StoryId, since: int = 0) -> None:
        told: Any = select(
            col(SeenRow.reader_id),
            bindparam("other", other).label("story_id"),
            col(SeenRow.told_at),
            col(SeenRow.last_post),
        ).where(col(SeenRow.story_id) == told_of, col(SeenRow.last_post) >= since)
        upsert = self._upsert(SeenRow)
        await self._connection.execute(
            upsert.from_select(["reader_id", "story_id", "told_at", "last_post"], told).on_conflict_do_update(
                index_elements=["reader_id", "story_id"], set_=later_told(upsert.excluded)
            )
        )

    async def _stories_of(self, posts: Collection[PostId]) -> set[StoryId]:
        found: set[StoryId] = set()
        for batch in batches(sorted(posts)):
            statement = select(col(PostRow.story_id)).where(
                col(PostRow.id).in_(batch), col(PostRow.story_id).is_not(None)
            )
            found.update(StoryId(key) for key in (await self._connection.scalars(statement.distinct())).all() if key)
        return found

    async def _count(self, stories: Collection[StoryId]) -> None:
        rows: list[dict[str, Any]] = []
        for batch in batches(sorted(stories)):
            statement = (
                select(col(PostRow.story_id), func.count(), func.min(col(PostRow.id)), func.max(col(PostRow.id)))
                .where(col(PostRow.story_id).in_(batch))
                .group_by(col(PostRow.story_id))
            )
            rows += [
                {
                    "id": story,
                    "posts": posts,
                    "first_at": key_time(first),
                    "last_at": key_time(last),
                    "merged_into": None,
                }
                for story, posts, first, last in await self._connection.execute(statement)
            ]
        empty = set(stories) - {row["id"] for row in rows}
        for batch in batches(sorted(empty)):
            await self._connection.execute(delete(StoryRow).where(col(StoryRow.id).in_(batch)))
        await self._put(StoryRow, rows)

    async def recent(self, since: datetime, until: datetime | None = None) -> tuple[Post, ...]:
        """All posts of the stories that had a post since then, or from then to `until`, oldest first: what the live
        stories are rebuilt from."""
        alive = select(col(StoryRow.id)).where(col(StoryRow.last_at) >= since, col(StoryRow.merged_into).is_(None))
        if until is not None:
            alive = alive.where(col(StoryRow.first_at) <= until)
        statement = POSTS.where(
            col(PostRow.story_id).in_(alive),
            col(PostRow.stage) == 1,
            col(PostRow.kind) == Kind.NEWS.value,
            col(PostRow.deleted_at).is_(None),
        ).order_by(col(PostRow.id))
        return tuple(await stored_posts(self._connection, statement))

    async def any_between(self, since: datetime, until: datetime) -> bool:
        """Whether any story began after the one moment and before the other."""
        statement = select(col(StoryRow.id)).where(
            col(StoryRow.id).between(first_key(since), first_key(until)), col(StoryRow.merged_into).is_(None)
        )
        return await self._connection.scalar(statement.limit(1)) is not None

    async def waiting_since(self) -> datetime | None:
        """When the first of the posts came that have not been through the stories yet; edited ones do not count."""
        first: datetime | None = await self._connection.scalar(
            select(func.min(col(PostRow.stored_at))).where(
                col(PostRow.stage) == literal_column("0"), col(PostRow.story_id).is_(None)
            )
        )
        return first

    async def counts(self) -> int:
        """How many stories there are, those that joined others aside; two indexes tell it."""
        every, gone = select(func.count()).select_from(StoryRow), col(StoryRow.merged_into).is_not(None)
        return (await self._connection.scalar(every) or 0) - (await self._connection.scalar(every.where(gone)) or 0)

    async def page(self, after: int, limit: int) -> Sequence[tuple[StoryId, datetime, datetime, int]]:
        """Living stories with a key above `after`: key, first and last post's time, number of posts."""
        statement = (
            select(col(StoryRow.id), col(StoryRow.first_at), col(StoryRow.last_at), col(StoryRow.posts))
            .where(col(StoryRow.id) > after, col(StoryRow.merged_into).is_(None))
            .order_by(col(StoryRow.id))
            .limit(limit)
        )
        rows = await self._connection.execute(statement)
        return [(StoryId(key), first, last, posts) for key, first, last, posts in rows]
