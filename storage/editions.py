"""Editions: what a digest says, kept once for all its readers, and the posts that it rests on.

A post's number of edits is noted as it was when it was read. So whether an edition still says what its posts say is
answered by the tables alone, whatever the clocks of the processes show.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, null, or_, select, update
from sqlmodel import col

from core.model import EditionId, PostId, ReaderId, StoryId
from storage.batches import batches
from storage.subject import Subject
from storage.tables import CitationRow, CorrectedRow, DigestRow, EditionRow, OutboxRow, PostRow

TOLD = ("sent", "unsure")  # states of a part that its reader has or may have got


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A post behind a story of an edition, after so many edits."""

    post: PostId
    story: StoryId
    edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdition:
    """What a digest says: `value` as programs read it, `whole` with everything (None where nothing is to be corrected),
    `cited` the posts behind it as they were when they were read."""

    value: Mapping[str, Any]
    whole: Mapping[str, Any] | None = None
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A post that was cited in a story after `told` edits, has `edits` by now, or is `deleted`."""

    story: StoryId
    post: PostId
    told: int
    edits: int
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a part brought to a reader, or may have brought: of this edition, as the outbox had it."""

    reader: ReaderId
    edition: EditionId
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The version of a post that a reader has been told of as a correction."""

    post: PostId
    edits: int
    deleted: bool


class Editions(Subject):
    """What the product asks of editions, inside one transaction."""

    async def publish(self, edition: NewEdition, now: datetime) -> EditionId:
        """Keep an edition; a cited post that is gone by now is not noted."""
        return (await self.publish_all([edition], now))[0]

    async def publish_all(self, editions: Sequence[NewEdition], now: datetime) -> tuple[EditionId, ...]:
        """The same for several; their keys in the same order."""
        if not editions:
            return ()
        rows = [
            {"made_at": now, "value": dict(each.value), "whole": None if each.whole is None else dict(each.whole)}
            for each in editions
        ]
        added = insert(EditionRow).returning(col(EditionRow.id), sort_by_parameter_order=True)
        keys = tuple(EditionId(key or 0) for key in await self._connection.scalars(added, rows))
        there: set[int] = set()
        for batch in batches(sorted({cited.post for each in editions for cited in each.cited})):
            there.update(await self._connection.scalars(select(col(PostRow.id)).where(col(PostRow.id).in_(batch))))
        citations = [
            {"edition_id": key, "post_id": cited.post, "story_id": cited.story, "edits": cited.edits}
            for key, each in zip(keys, editions, strict=True)
            for cited in each.cited
            if cited.post in there
        ]
        if citations:
            await self._connection.execute(insert(CitationRow), citations)
        return keys

    async def hold(self, editions: Collection[EditionId]) -> frozenset[EditionId]:
        """Those of these editions that are there; nobody deletes them until this transaction ends."""
        found: set[EditionId] = set()
        for batch in batches(sorted(editions)):
            statement = select(col(EditionRow.id)).where(col(EditionRow.id).in_(batch)).with_for_update(read=True)
            found.update(EditionId(key or 0) for key in await self._connection.scalars(statement))
        return frozenset(found)

    async def whole(self, edition: EditionId) -> tuple[dict[str, Any] | None, tuple[Cited, ...]]:
        """An edition with everything, and the posts it cites as they were then."""
        return (await self.wholes([edition])).get(edition, (None, ()))

    async def wholes(
        self, editions: Collection[EditionId]
    ) -> dict[EditionId, tuple[dict[str, Any] | None, tuple[Cited, ...]]]:
        """The same for each of these that is there."""
        found: dict[EditionId, tuple[dict[str, Any] | None, tuple[Cited, ...]]] = {}
        for batch in batches(sorted(editions)):
            rows = select(col(EditionRow.id), col(EditionRow.whole)).where(col(EditionRow.id).in_(batch))
            statement = (
                select(
                    col(CitationRow.edition_id),
                    col(CitationRow.post_id),
                    col(CitationRow.story_id),
                    col(CitationRow.edits),
                )
                .where(col(CitationRow.edition_id).in_(batch))
                .order_by(col(CitationRow.edition_id), col(CitationRow.post_id))
            )
            cited: defaultdict[int, list[Cited]] = defaultdict(list)
            for edition, post, story, edits in await self._connection.execute(statement):
                cited[edition].append(Cited(post=PostId(post), story=StoryId(story), edits=edits))
            for edition, whole in await self._connection.execute(rows):
                found[EditionId(edition or 0)] = whole, tuple(cited[edition or 0])
        return found

    async def outdated(self, editions: Collection[EditionId]) -> dict[EditionId, frozenset[StoryId]]:
        """The stories of these editions of which a post was edited or deleted since it was read."""
        found: defaultdict[EditionId, set[StoryId]] = defaultdict(set)
        for batch in batches(sorted(editions)):
            statement = (
                select(col(CitationRow.edition_id), col(CitationRow.story_id))
                .join(PostRow, col(PostRow.id) == col(CitationRow.post_id))
                .where(col(CitationRow.edition_id).in_(batch), _CHANGED)
            )
            for edition, story in await self._connection.execute(statement):
                found[EditionId(edition)].add(StoryId(story))
        return {edition: frozenset(stories) for edition, stories in found.items()}

    async def anything_changed(self, since: datetime) -> bool:
        """Whether any post that is cited was changed since then and since it was read."""
        statement = (
            select(col(PostRow.id))
            .join(CitationRow, col(CitationRow.post_id) == col(PostRow.id))
            .where(col(PostRow.changed_at) >= since, _CHANGED)
            .limit(1)
        )
        return await self._connection.scalar(statement) is not None

    async def changes(self, editions: Collection[EditionId], since: datetime) -> dict[EditionId, tuple[Change, ...]]:
        """By edition, of these, the posts it cites that were changed since then and since they were read."""
        found: defaultdict[EditionId, list[Change]] = defaultdict(list)
        for batch in batches(sorted(editions)):
            statement = (
                select(
                    col(CitationRow.edition_id),
                    col(CitationRow.story_id),
                    col(PostRow.id),
                    col(CitationRow.edits),
                    col(PostRow.edits),
                    col(PostRow.deleted_at),
                )
                .join(PostRow, col(PostRow.id) == col(CitationRow.post_id))
                .where(col(CitationRow.edition_id).in_(batch), col(PostRow.changed_at) >= since, _CHANGED)
                .order_by(col(PostRow.id))
            )
            for edition, story, post, told, edits, deleted_at in await self._connection.execute(statement):
                change = Change(
                    story=StoryId(story), post=PostId(post), told=told, edits=edits, deleted=deleted_at is not None
                )
                found[EditionId(edition)].append(change)
        return {edition: tuple(changes) for edition, changes in found.items()}

    async def given_to(self, readers: Collection[ReaderId], since: datetime) -> dict[EditionId, list[ReaderId]]:
        """The editions of the digests that were made since then for these readers, with who got each."""
        found: defaultdict[EditionId, list[ReaderId]] = defaultdict(list)
        for batch in batches(sorted(readers)):
            statement = (
                select(col(DigestRow.edition_id), col(DigestRow.reader_id))
                .where(
                    col(DigestRow.reader_id).in_(batch),
                    col(DigestRow.made_at) >= since,
                    col(DigestRow.edition_id).is_not(None),
                )
                .order_by(col(DigestRow.id))
            )
            for edition, reader in await self._connection.execute(statement):
                found[EditionId(edition or 0)].append(ReaderId(reader))
        return dict(found)

    async def told(self, editions: Collection[EditionId], readers: Collection[ReaderId]) -> tuple[Told, ...]:
        """The parts of these editions that went to these readers, the oldest first."""
        found: list[Told] = []
        for some in batches(sorted(editions)):
            for batch in batches(sorted(readers)):
                statement = (
                    select(col(OutboxRow.reader_id), col(DigestRow.edition_id), col(OutboxRow.payload))
                    .join(DigestRow, col(DigestRow.id) == col(OutboxRow.digest_id))
                    .where(
                        col(DigestRow.edition_id).in_(some),
                        col(DigestRow.reader_id).in_(batch),
                        col(OutboxRow.state).in_(TOLD),
                    )
                    .order_by(col(OutboxRow.digest_id), col(OutboxRow.part))
                )
                found += [
                    Told(reader=ReaderId(reader), edition=EditionId(edition), payload=payload)
                    for reader, edition, payload in await self._connection.execute(statement)
                ]
        return tuple(found)

    async def naming(
        self, editions: Collection[EditionId], stories: Collection[StoryId]
    ) -> dict[EditionId, dict[StoryId, StoryId]]:
        """By edition, of these, the stories that it told a post of, each with the name that it had there; of several
        names, as of stories that became one, that of the most posts."""
        found: defaultdict[EditionId, dict[StoryId, StoryId]] = defaultdict(dict)
        for some in batches(sorted(editions)):
            for batch in batches(sorted(stories)):
                now, then = col(PostRow.story_id), col(CitationRow.story_id)
                statement = (
                    select(col(CitationRow.edition_id), now, then)
                    .join(PostRow, col(PostRow.id) == col(CitationRow.post_id))
                    .where(col(CitationRow.edition_id).in_(some), now.in_(batch))
                    .group_by(col(CitationRow.edition_id), now, then)
                    .order_by(func.count(), then.desc())  # the last one stays
                )
                for edition, story, name in await self._connection.execute(statement):
                    found[EditionId(edition)][StoryId(story or 0)] = StoryId(name)
        return dict(found)

    async def corrected(
        self, readers: Collection[ReaderId], posts: Collection[PostId]
    ) -> dict[ReaderId, dict[PostId, Corrected]]:
        """Which version of these posts each of these readers has been told of as a correction."""
        found: dict[ReaderId, dict[PostId, Corrected]] = {reader: {} for reader in readers}
        for some in batches(sorted(posts)):
            for batch in batches(sorted(readers)):
                statement = select(
                    col(CorrectedRow.reader_id),
                    col(CorrectedRow.post_id),
                    col(CorrectedRow.edits),
                    col(CorrectedRow.deleted),
                ).where(col(CorrectedRow.reader_id).in_(batch), col(CorrectedRow.post_id).in_(some))
                for reader, post, edits, deleted in await self._connection.execute(statement):
                    version = Corrected(post=PostId(post), edits=edits, deleted=deleted)
                    found[ReaderId(reader)][version.post] = version
        return found

    async def remember_corrected(self, told: Mapping[ReaderId, Sequence[Corrected]], now: datetime) -> None:
        """Each of these readers is being told that these posts changed, in these versions."""
        rows = [
            {"reader_id": reader, "post_id": each.post, "edits": each.edits, "deleted": each.deleted, "told_at": now}
            for reader, versions in sorted(told.items())
            for each in versions
        ]
        await self._put(CorrectedRow, rows)

    async def forget(self, before: datetime) -> None:
        """What was made before then is corrected no more; an edition that has lost all its digests goes."""
        aged = and_(col(EditionRow.made_at) < before, col(EditionRow.whole).is_not(None))
        used = exists().where(col(DigestRow.edition_id) == col(EditionRow.id))
        await self._connection.execute(delete(EditionRow).where(aged, ~used))
        keys = (await self._connection.scalars(select(col(EditionRow.id)).where(aged))).all()
        for batch in batches(keys):
            await self._connection.execute(delete(CitationRow).where(col(CitationRow.edition_id).in_(batch)))
            await self._connection.execute(update(EditionRow).where(col(EditionRow.id).in_(batch)).values(whole=null()))
        await self._connection.execute(delete(CorrectedRow).where(col(CorrectedRow.told_at) < before))


_CHANGED = or_(col(PostRow.deleted_at).is_not(None), col(PostRow.edits) != col(CitationRow.edits))
