"""What readers were told before of stories that now have news: the shell around `digest.earlier`."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.corrections import HORIZON
from core.model import EditionId, ReaderId, StoryId
from digest.earlier import headlines
from digest.kept import from_kept
from digest.model import Digest, Earlier
from storage.store import Store

_EDITIONS = 20  # that are looked up at a time: they are large


class Recollection:
    """Under which headlines readers were told stories in the days before `now`; each edition is read once."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._since = store, now - HORIZON
        self._headlines: dict[EditionId, Mapping[StoryId, Earlier]] = {}

    async def of(
        self, digests: Sequence[tuple[Collection[ReaderId], Digest]]
    ) -> dict[ReaderId, dict[StoryId, Earlier]]:
        """What each of these readers was told last of the stories that are updates in the digest beside."""
        updates = {
            reader: frozenset(story.id for story in digest.stories if story.update)
            for readers, digest in digests
            for reader in readers
        }
        found: dict[ReaderId, dict[StoryId, Earlier]] = {reader: {} for reader in updates}
        concerned = [reader for reader, stories in updates.items() if stories]
        if not concerned:
            return found
        async with self._store.read() as tx:
            given = await tx.editions.given_to(concerned, self._since)
            names = await tx.editions.naming(given, frozenset().union(*updates.values()))
        last = {
            (reader, story): (edition, name)
            for edition, named in sorted(names.items())
            for reader in given[edition]
            for story, name in named.items()
            if story in updates[reader]
        }
        await self._look_up({edition for edition, _ in last.values()})
        for (reader, story), (edition, name) in last.items():
            if earlier := self._headlines[edition].get(name):
                found[reader][story] = earlier
        return found

    async def _look_up(self, editions: Collection[EditionId]) -> None:
        fresh = sorted(editions - self._headlines.keys())
        for some in (fresh[at : at + _EDITIONS] for at in range(0, len(fresh), _EDITIONS)):
            async with self._store.read() as tx:
                wholes = await tx.editions.wholes(some)
            for edition in some:
                whole, _ = wholes.get(edition, (None, ()))
                self._headlines[edition] = await asyncio.to_thread(_told_in, whole)


def _told_in(whole: Mapping[str, Any] | None) -> Mapping[StoryId, Earlier]:
    digest = from_kept(whole) if whole else None
    return headlines(digest) if digest else {}
