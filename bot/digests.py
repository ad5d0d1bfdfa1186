"""Digests on their way to a reader: built, rendered in the reader's look, written into the outbox."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.corrections import HORIZON, Amendments, amendments, version
from bot.drawing import edition_of, payloads
from bot.looks import Looks
from bot.outgoing import View, payload
from core.clock import Clock
from core.model import DigestId, EditionId, Reader, ReaderId
from digest.build import Made, Wish, make_digest, make_digests, wish_of
from digest.model import Correction
from digest.writer import Writer
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
        self._tidied: datetime | None = None

    async def now(
        self, reader: Reader, *, since: datetime, lists: Sequence[str] | None = None, behind: View | None = None
    ) -> None:
        """Bring a digest of what was published from `since` until now, of these lists or of all that is followed; what
        was told already is told again. `behind` is a message that follows it."""
        now = self._clock()
        made = await make_digest(self._store, _wish(reader, since, now, lists), now, writer=self._writer)
        ((corrections, _),) = (await (await amendments(self._store, now)).of([reader.id])).items()
        made = _with(made, corrections)
        parts = await asyncio.to_thread(payloads, made.digest, self._looks.of(reader))
        if behind:
            parts.append(payload(behind))
        async with self._store.begin() as tx:
            edition = await tx.editions.publish(edition_of(made), now)
            await tx.outbox.give(edition, {reader.id: None}, parts, now)
            await tx.readers.remember(reader.id, made.told, now)
            await tx.editions.remember_corrected([reader.id], [version(each) for each in corrections], now)
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

    async def due(
        self, readers: Sequence[Reader], following: Mapping[ReaderId, datetime], now: datetime
    ) -> tuple[int, tuple[ReaderId, ...]]:
        """Bring the digests that are due, each once; how many, and the readers for whom that failed. One is left out
        where another process was first, or the reader changed the hour meanwhile. `following` is each one's next
        moment. Readers with equal wishes are served together."""
        alike: defaultdict[Wish, list[Reader]] = defaultdict(list)
        for reader in readers:
            alike[_wish_at(reader, now)].append(reader)
        await self._tidy(now)
        amended = await amendments(self._store, now)
        brought = 0
        failed: list[ReaderId] = []
        for wish, group in alike.items():
            try:
                brought += await self._bring(wish, group, following, amended, now)
            except Exception:
                failed += [reader.id for reader in group]
                log.exception("a digest for %d readers could not be built", len(group))
        return brought, tuple(failed)

    async def _tidy(self, now: datetime) -> None:
        """Once a day, forget what can be corrected no more."""
        if self._tidied is None or now - self._tidied >= DAY:
            async with self._store.begin() as tx:
                await tx.editions.forget(now - 2 * HORIZON)
            self._tidied = now

    async def _bring(
        self,
        wish: Wish,
        readers: Sequence[Reader],
        following: Mapping[ReaderId, datetime],
        amended: Amendments,
        now: datetime,
    ) -> int:
        """Bring a digest to readers of one wish: those who know the same, and were told the same, share it."""
        if not wish.lists and not wish.channels:
            return await self._serve(readers, None, following, now)
        waiting = {reader.id: reader for reader in readers}
        brought = 0
        async with aclosing(make_digests(self._store, wish, waiting, now, writer=self._writer)) as digests:
            async for group, made in digests:
                for corrections, some in (await amended.of(group)).items():
                    served = [waiting[key] for key in some]
                    brought += await self._serve(served, _with(made, corrections), following, now)
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
                    corrected = [version(each) for each in made.digest.corrections]
                    await tx.editions.remember_corrected(list(given), corrected, now)
                await tx.readers.served({reader.id: following[reader.id] for reader in same}, given, now)
            self._wake.set()
            served += len(given)
        if made and served:
            log.info("a digest of %d stories for %d readers", len(made.digest.stories), served)
        return served


def _wish_at(reader: Reader, now: datetime) -> Wish:
    """What the reader's digest is made of that is due now, whoever the reader is: those with equal wishes are served
    together."""
    since = max(reader.told_until or now - DAY, now - LONGEST)
    return replace(wish_of(reader, since, now), reader=None)


def _with(made: Made, corrections: tuple[Correction, ...]) -> Made:
    return replace(made, digest=replace(made.digest, corrections=corrections)) if corrections else made


def _as_it_was(old: Reader, fresh: Reader) -> bool:
    return fresh.due_at == old.due_at and fresh.state is old.state


def _runs(readers: Sequence[Reader]) -> Iterator[Sequence[Reader]]:
    return (readers[at : at + _AT_ONCE] for at in range(0, len(readers), _AT_ONCE))


def _wish(reader: Reader, since: datetime, until: datetime, lists: Sequence[str] | None) -> Wish:
    """What a digest that is asked for is made of: what was told comes again; `lists` instead of what is followed."""
    wish = wish_of(reader, since, until, repeat=True)
    return wish if lists is None else replace(wish, lists=tuple(lists), channels=())
