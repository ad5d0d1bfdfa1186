"""Digests that are due, written down: what each reader is to get, and that the reader has been told it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.corrections import version
from bot.drawing import edition_of, payloads
from bot.looks import Looks
from bot.outgoing import View, payload
from core.model import EditionId, Reader, ReaderId
from digest.build import Made
from storage.editions import NewEdition
from storage.outbox import Issue
from storage.store import Store, Transaction

AT_ONCE = 100  # readers whose digests are written down in one transaction
MOST_DRAFTS = 20  # in one transaction: writing a digest as JSON holds up everything else for milliseconds


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """What several readers get alike, None for nothing; `instead` is a word in the place of a digest of nothing. `draw`
    adds how it is kept and, by look, its parts, and `write_down` the `key` of its edition."""

    made: Made | None
    readers: Sequence[Reader]
    instead: View | None = None
    looks: dict[ReaderId, str] = field(default_factory=dict)
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    new: NewEdition | None = None
    key: EditionId | None = None


def draw(drafts: Iterable[Draft], looks: Looks) -> None:
    """Draw each in the looks of its readers. This takes milliseconds a draft."""
    for draft in drafts:
        if draft.made:
            draft.looks = {reader.id: looks.of(reader) for reader in draft.readers}
            draft.parts = {look: _parts(draft, draft.made, look) for look in sorted(set(draft.looks.values()))}
            draft.new = edition_of(draft.made)


def _parts(draft: Draft, made: Made, look: str) -> list[dict[str, Any]]:
    return [payload(draft.instead)] if draft.instead else payloads(made.digest, look)


def together(drafts: Iterable[Draft]) -> Iterator[list[tuple[Draft, Sequence[Reader]]]]:
    """The drafts with their readers, a bearable number of readers at once; one of many readers comes in several."""
    some: list[tuple[Draft, Sequence[Reader]]] = []
    room = AT_ONCE
    for draft in drafts:
        left = draft.readers
        while left:
            some.append((draft, left[:room]))
            left, room = left[room:], room - len(left[:room])
            if not room or len(some) == MOST_DRAFTS:
                yield some
                some, room = [], AT_ONCE
    if some:
        yield some


async def write_down(
    store: Store,
    issues: Sequence[tuple[Draft, Sequence[Reader]]],
    following: Mapping[ReaderId, datetime],
    now: datetime,
) -> int:
    """Write down, in one transaction, what these readers get; how many have got a digest. One is left out whose hour
    has changed meanwhile, or who has it already. `following` is each one's next moment."""
    async with store.begin() as tx:
        every = await tx.readers.hold([reader.id for _, readers in issues for reader in readers])
        there = {reader.id: reader for reader in every}
        same = [
            (draft, [fresh for old in readers if (fresh := there.get(old.id)) and _as_it_was(old, fresh)])
            for draft, readers in issues
        ]
        keys = await publish(tx, [draft for draft, readers in same if readers], now)
        given = await tx.outbox.give_all(list(_issues(same, keys)), now)
        made = {reader.id: draft.made for draft, readers in same if draft.made for reader in readers}
        await tx.memories.remember_all({reader: made[reader].told for reader in given})
        corrected = {reader: [version(each) for each in made[reader].digest.corrections] for reader in given}
        await tx.editions.remember_corrected(corrected, now)
        until = {reader: made[reader].whole_until if reader in made else now for reader in given}
        await tx.readers.served({reader.id: following[reader.id] for _, some in same for reader in some}, until)
    for draft, key in keys.items():
        draft.key = key
    return len(given)


async def publish(tx: Transaction, drafts: Sequence[Draft], now: datetime) -> dict[Draft, EditionId]:
    """The key of each draft that says something; those that have none are published, and those whose edition is
    gone, as with the only one who had got it. The caller keeps them once that is committed."""
    there = await tx.editions.hold([draft.key for draft in drafts if draft.key])
    fresh = [draft for draft in drafts if draft.new and draft.key not in there]
    published = await tx.editions.publish_all([draft.new for draft in fresh if draft.new], now)
    kept = {draft: draft.key for draft in drafts if draft.key and draft.key in there}
    return kept | dict(zip(fresh, published, strict=True))


def _issues(drafts: Iterable[tuple[Draft, Sequence[Reader]]], keys: Mapping[Draft, EditionId]) -> Iterator[Issue]:
    for draft, readers in drafts:
        for look, parts in draft.parts.items():
            due = {reader.id: reader.due_at for reader in readers if draft.looks[reader.id] == look}
            if due:
                yield Issue(edition=keys[draft], due=due, payloads=parts)


def _as_it_was(old: Reader, fresh: Reader) -> bool:
    return (fresh.due_at, fresh.at, fresh.zone, fresh.state) == (old.due_at, old.at, old.zone, old.state)
