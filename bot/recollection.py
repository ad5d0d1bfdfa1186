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


async def told_before(
    store: Store, digests: Sequence[tuple[Collection[ReaderId], Digest]], now: datetime
) -> dict[ReaderId, dict[StoryId, Earlier]]:
    """Of the readers of these digests, what each was told last, in the days before, of the stories that are updates in
    the digest beside; nothing of what can no longer be looked up."""
    updates = {
        reader: frozenset(story.id for story in digest.stories if story.update)
        for readers, digest in digests
        for reader in readers
    }
    found: dict[ReaderId, dict[StoryId, Earlier]] = {reader: {} for reader in updates}
    concerned = [reader for reader, stories in updates.items() if stories]
    if not concerned:
        return found
    since = now - HORIZON
    async with store.read() as tx:
        given = await tx.editions.given_to(concerned, since)
        names = await tx.editions.naming(given, frozenset().union(*updates.values()))
        last = {
            (reader, story): (edition, name)
            for edition, named in sorted(names.items())
            for reader in given[edition]
            for story, name in named.items()
            if story in updates[reader]
        }
        editions = {edition for edition, _ in last.values()}
        changes = await tx.editions.changes(editions, since)
        deleted = await tx.posts.by_ids({each.post for some in changes.values() for each in some if each.deleted})
    told = await _headlines(store, editions, frozenset(post.url for post in deleted.values()))
    for (reader, story), (edition, name) in last.items():
        if earlier := told.get(edition, {}).get(name):
            found[reader][story] = earlier
    return found


async def _headlines(
    store: Store, editions: Collection[EditionId], deleted: Collection[str]
) -> dict[EditionId, Mapping[StoryId, Earlier]]:
    found: dict[EditionId, Mapping[StoryId, Earlier]] = {}
    ordered = sorted(editions)
    for some in (ordered[at : at + _EDITIONS] for at in range(0, len(ordered), _EDITIONS)):
        async with store.read() as tx:
            wholes = await tx.editions.wholes(some)
        for edition, (whole, _) in wholes.items():
            found[edition] = await asyncio.to_thread(_told_in, whole, deleted)
    return found


def _told_in(whole: Mapping[str, Any] | None, deleted: Collection[str]) -> Mapping[StoryId, Earlier]:
    digest = from_kept(whole) if whole else None
    return headlines(digest, deleted) if digest else {}
