"""Digests on their way to a reader: built, rendered in the reader's look, written into the outbox."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.callbacks import Show
from bot.looks import RICH, Looks
from bot.outgoing import View, payload
from core.clock import Clock
from core.model import DigestId, EditionId, Reader, ReaderId
from digest.build import Made, Wish, make_digest, make_digests, wish_of
from digest.kept import to_kept
from digest.model import Button, Buttons, Digest
from digest.render import classic, rich
from digest.render.jsonform import as_object
from digest.writer import Writer
from storage.editions import NewEdition
from storage.store import Store

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
_AT_ONCE = 100  # readers of a digest that are written down in one transaction
LONGEST = timedelta(days=7)  # of what a digest tells at most, after a downtime or when asked for


class Desk:
    """Where digests are asked for. Each goes through the outbox, so that it is sent once."""

    def __init__(
        self, store: Store, clock: Clock, wake: asyncio.Event, looks: Looks, writer: Writer | None = None
    ) -> None:
        self._store, self._clock, self._wake, self._looks, self._writer = store, clock, wake, looks, writer

    async def now(
        self, reader: Reader, *, since: datetime, lists: Sequence[str] | None = None, behind: View | None = None
    ) -> None:
        """Bring a digest of what was published from `since` until now, of these lists or of all that is followed; what
        was told already is told again. `behind` is a message that follows it."""
        now = self._clock()
        made = await make_digest(self._store, _wish(reader, since, now, lists), now, writer=self._writer)
        parts = await asyncio.to_thread(payloads, made.digest, self._looks.of(reader))
        if behind:
            parts.append(payload(behind))
        async with self._store.begin() as tx:
            edition = await tx.editions.publish(edition_of(made), now)
            await tx.outbox.give(edition, {reader.id: None}, parts, now)
            await tx.readers.remember(reader.id, made.told, now)
        self._wake.set()

    async def first(self, reader: Reader, behind: View) -> None:
        """Bring the first digest and the first question behind it; where no digest can be built, the question alone."""
        now = self._clock()
        try:
            await self.now(reader, since=now - DAY, behind=behind)
        except Exception:
            log.exception("the first digest of reader %d could not be built", reader.id)
            async with self._store.begin() as tx:
                await tx.outbox.add(reader.id, {}, [payload(behind)], due_at=None, now=now)
            self._wake.set()

    async def due(self, readers: Sequence[Reader], following: Mapping[ReaderId, datetime], now: datetime) -> int:
        """Bring the digests that are due to readers of one wish (`wish_at`), each once; how many. One is left out where
        another process was first, or the reader changed the hour meanwhile. `following` is each one's next moment."""
        waiting = {reader.id: reader for reader in readers}
        brought = 0
        wish = wish_at(readers[0], now)
        if not wish.lists and not wish.channels:
            await self._serve(readers, None, following, now)
            return 0
        async with aclosing(make_digests(self._store, wish, waiting, now, writer=self._writer)) as digests:
            async for group, made in digests:
                brought += await self._serve([waiting[key] for key in group], made, following, now)
        return brought

    async def _serve(
        self, readers: Sequence[Reader], made: Made | None, following: Mapping[ReaderId, datetime], now: datetime
    ) -> int:
        """Write a digest down for its readers, a bearable number in each transaction; how many have got it."""
        edition: EditionId | None = None
        drawn: dict[str, list[dict[str, Any]]] = {}
        if made:
            looks = {self._looks.of(reader) for reader in readers}
            drawn = {look: await asyncio.to_thread(payloads, made.digest, look) for look in sorted(looks)}
        served = 0
        for some in _runs(readers):
            given: dict[ReaderId, DigestId] = {}
            async with self._store.begin() as tx:
                there = {reader.id: reader for reader in await tx.readers.by_ids([reader.id for reader in some])}
                same = [fresh for old in some if (fresh := there.get(old.id)) and _as_it_was(old, fresh)]
                if made and same:
                    edition = edition or await tx.editions.publish(edition_of(made), now)
                    for look, parts in drawn.items():
                        due = {reader.id: reader.due_at for reader in same if self._looks.of(reader) == look}
                        given |= await tx.outbox.give(edition, due, parts, now)
                    await tx.readers.remember_all(given, made.told, now)
                await tx.readers.served({reader.id: following[reader.id] for reader in same}, given, now)
            self._wake.set()
            served += len(given)
        if made and served:
            log.info("a digest of %d stories for %d readers", len(made.digest.stories), served)
        return served


def wish_at(reader: Reader, now: datetime) -> Wish:
    """What the reader's digest is made of that is due now, whoever the reader is: those with equal wishes are served
    together."""
    since = max(reader.told_until or now - DAY, now - LONGEST)
    return replace(wish_of(reader, since, now), reader=None)


def edition_of(made: Made) -> NewEdition:
    """A digest as it is kept for all its readers."""
    return NewEdition(value=as_object(made.digest), whole=to_kept(made.digest), cited=made.cited)


def _as_it_was(old: Reader, fresh: Reader) -> bool:
    return fresh.due_at == old.due_at and fresh.state is old.state


def _runs(readers: Sequence[Reader]) -> Iterator[Sequence[Reader]]:
    return (readers[at : at + _AT_ONCE] for at in range(0, len(readers), _AT_ONCE))


def payloads(digest: Digest, look: str) -> list[dict[str, Any]]:
    """A digest as what stands in the outbox, one payload a part. A rich one carries its classic form with it."""
    parts: list[dict[str, Any]] = [
        {"method": "sendMessage", "text": part.html, "buttons": _rows(part.buttons)} for part in classic.render(digest)
    ]
    if look != RICH:
        return parts
    message = {"method": "sendRichMessage", "rich": {"html": rich.render(digest)}, "buttons": parts[-1]["buttons"]}
    return [{**message, "otherwise": parts}]


def _wish(reader: Reader, since: datetime, until: datetime, lists: Sequence[str] | None) -> Wish:
    """What a digest that is asked for is made of: what was told comes again; `lists` instead of what is followed."""
    wish = wish_of(reader, since, until, repeat=True)
    return wish if lists is None else replace(wish, lists=tuple(lists), channels=())


def _rows(buttons: Buttons) -> list[list[dict[str, str]]]:
    rows = [[entry for button in row if (entry := _button(button))] for row in buttons]
    return [row for row in rows if row]


def _button(button: Button) -> dict[str, str] | None:
    """A digest's button as the outbox keeps it; None for what nobody answers yet (more and less like a story)."""
    match button.action:
        case "settings":
            return {"text": button.text, "data": Show(page="new-settings").pack()}
        case "sources":
            return {"text": button.text, "of_digest": "sources"}
        case _:
            return None
