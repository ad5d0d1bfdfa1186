"""What readers have been told of each story."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, exists, select
from sqlmodel import col

from core.model import Memory, PostId, ReaderId, StoryId
from storage.batches import batches
from storage.keys import first_key
from storage.lock import memories_in_turn
from storage.subject import Subject
from storage.tables import SeenRow, StoryRow


class Memories(Subject):
    """What the product asks of what readers know, inside one transaction."""

    async def told(self, reader: ReaderId, stories: Collection[StoryId]) -> dict[StoryId, Memory]:
        """Which of these stories the reader has been told, and what of each."""
        return (await self.of_all([reader], stories))[reader]

    async def of_all(
        self, readers: Collection[ReaderId], stories: Collection[StoryId]
    ) -> dict[ReaderId, dict[StoryId, Memory]]:
        """What `told` gives, for each of these readers."""
        found: dict[ReaderId, dict[StoryId, Memory]] = {reader: {} for reader in readers}
        for some in batches(sorted(stories)):
            for batch in batches(sorted(readers)):
                statement = select(
                    col(SeenRow.reader_id), col(SeenRow.story_id), col(SeenRow.last_post), col(SeenRow.told_at)
                ).where(col(SeenRow.reader_id).in_(batch), col(SeenRow.story_id).in_(some))
                for reader, story, last, came in await self._connection.execute(statement):
                    found[ReaderId(reader)][StoryId(story)] = Memory(last=PostId(last), came=came)
        return found

    async def remember(self, reader: ReaderId, told: Mapping[StoryId, Memory]) -> None:
        """The reader has been told these stories, and this of each; what was told later stays told. Of one that has
        joined another since it was read, that other has been told."""
        await self.remember_all({reader: told})

    async def remember_all(self, told: Mapping[ReaderId, Mapping[StoryId, Memory]]) -> None:
        """The same for several readers."""
        await memories_in_turn(self._connection)
        names = await self._as_they_are_now({story for stories in told.values() for story in stories})
        rows = [
            {"reader_id": reader, "story_id": names[story], "told_at": memory.came, "last_post": memory.last}
            for reader, stories in sorted(told.items())
            for story, memory in sorted(stories.items())
        ]
        if rows:
            statement = self._upsert(SeenRow)
            await self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["reader_id", "story_id"], set_=later_told(statement.excluded)
                ),
                rows,
            )

    async def _as_they_are_now(self, stories: Collection[StoryId]) -> dict[StoryId, StoryId]:
        """The story that tells by now what each of these told: it, or another that it has joined."""
        names = {story: story for story in stories}
        while joined := await self._joined(set(names.values())):
            names = {story: joined.get(name, name) for story, name in names.items()}
        return names

    async def _joined(self, stories: Collection[StoryId]) -> dict[StoryId, StoryId]:
        found: dict[StoryId, StoryId] = {}
        for batch in batches(sorted(stories)):
            joined = col(StoryRow.merged_into)
            statement = select(col(StoryRow.id), joined).where(col(StoryRow.id).in_(batch), joined.is_not(None))
            rows = await self._connection.execute(statement)
            found.update((StoryId(ended), StoryId(kept or 0)) for ended, kept in rows)
        return found

    async def unlearn(self, reader: ReaderId, stories: Collection[StoryId]) -> None:
        """The reader has not been told these stories after all."""
        await memories_in_turn(self._connection)
        gone = delete(SeenRow).where(col(SeenRow.reader_id) == reader, col(SeenRow.story_id).in_(sorted(stories)))
        await self._connection.execute(gone)

    async def forget(self, before: datetime, limit: int) -> int:
        """Forget who has been told the stories that had ended by then, of at most `limit` of these; how many. They are
        told no more, for no post joins them."""
        lives = exists().where(col(StoryRow.id) == col(SeenRow.story_id), col(StoryRow.last_at) >= before)
        ended = select(col(SeenRow.story_id)).where(col(SeenRow.story_id) < first_key(before), ~lives).distinct()
        stories = (await self._connection.scalars(ended.order_by(col(SeenRow.story_id)).limit(limit))).all()
        for batch in batches(stories):
            await self._connection.execute(delete(SeenRow).where(col(SeenRow.story_id).in_(batch)))
        return len(stories)


def later_told(new: Any) -> dict[str, Any]:
    """What to keep of two memories of one story: the later of each. `new`: what is inserted."""
    last, came = col(SeenRow.last_post), col(SeenRow.told_at)
    return {
        "told_at": case((new.told_at > came, new.told_at), else_=came),
        "last_post": case((new.last_post > last, new.last_post), else_=last),
    }
