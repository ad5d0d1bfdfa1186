"""What each reader wants more of and less of: their own words, and stories that they pressed a button about."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from core.model import Keyword, Liking, ReaderId, StoryId, Taste
from storage.batches import batches
from storage.subject import Subject
from storage.tables import KeywordRow, LikingRow, table_of

MOST_KEYWORDS = 50  # of one reader
MOST_LIKINGS = 60  # of one reader; an older one has next to no weight


class Tastes(Subject):
    """What the product asks of readers' tastes, inside one transaction."""

    async def of(self, reader: ReaderId) -> Taste:
        """All that is known of a reader's taste: words in their order, presses from the oldest on."""
        return (await self.of_all([reader]))[reader]

    async def of_all(self, readers: Collection[ReaderId]) -> dict[ReaderId, Taste]:
        """The tastes of these readers."""
        words: dict[int, list[Keyword]] = {}
        presses: dict[int, list[Liking]] = {}
        for batch in batches(sorted(readers)):
            kept = select(table_of(KeywordRow)).where(col(KeywordRow.reader_id).in_(batch))
            for row in await self._connection.execute(kept.order_by(col(KeywordRow.key))):
                keyword = Keyword(key=row.key, word=row.word, wanted=row.wanted)
                words.setdefault(row.reader_id, []).append(keyword)
            given = select(table_of(LikingRow)).where(col(LikingRow.reader_id).in_(batch))
            for row in await self._connection.execute(given.order_by(col(LikingRow.given_at), col(LikingRow.story_id))):
                terms = tuple(row.terms.items())
                liking = Liking(story=StoryId(row.story_id), more=row.more, terms=terms, given_at=row.given_at)
                presses.setdefault(row.reader_id, []).append(liking)
        return {
            reader: Taste(keywords=tuple(words.get(reader, ())), likings=tuple(presses.get(reader, ())))
            for reader in readers
        }

    async def want(self, reader: ReaderId, keywords: Sequence[Keyword]) -> Sequence[Keyword]:
        """Keep these words; one that is there already is now wanted as said here. Gives those for which there was no
        room: a reader has at most `MOST_KEYWORDS`."""
        known = {each.key for each in (await self.of(reader)).keywords}
        room = MOST_KEYWORDS - len(known)
        fresh = list(dict.fromkeys(each.key for each in keywords if each.key not in known))
        kept = known | set(fresh[: max(room, 0)])
        rows = {
            each.key: {"reader_id": reader, "key": each.key, "word": each.word, "wanted": each.wanted}
            for each in keywords
            if each.key in kept
        }
        await self._put(KeywordRow, list(rows.values()))
        return [each for each in keywords if each.key not in kept]

    async def drop(self, reader: ReaderId, keys: Collection[str]) -> int:
        """Forget these words; gives how many there were."""
        gone = delete(KeywordRow).where(col(KeywordRow.reader_id) == reader, col(KeywordRow.key).in_(sorted(keys)))
        return (await self._connection.execute(gone)).rowcount

    async def like(
        self, reader: ReaderId, story: StoryId, terms: Mapping[str, str], now: datetime, *, more: bool
    ) -> None:
        """The reader wants more (or less) of what this story is about: `terms`, stems with the words they came from.
        A reader's oldest presses beyond `MOST_LIKINGS` go."""
        row = {"reader_id": reader, "story_id": story, "more": more, "terms": dict(terms), "given_at": now}
        await self._put(LikingRow, [row])
        kept = (
            select(col(LikingRow.story_id))
            .where(col(LikingRow.reader_id) == reader)
            .order_by(col(LikingRow.given_at).desc(), col(LikingRow.story_id).desc())
            .limit(MOST_LIKINGS)
        )
        await self._connection.execute(
            delete(LikingRow).where(
                col(LikingRow.reader_id) == reader, col(LikingRow.story_id).not_in(kept.scalar_subquery())
            )
        )

    async def unlike(self, reader: ReaderId, story: StoryId) -> bool:
        """Forget what the reader said of a story; False where that was nothing."""
        gone = delete(LikingRow).where(col(LikingRow.reader_id) == reader, col(LikingRow.story_id) == story)
        return (await self._connection.execute(gone)).rowcount > 0
