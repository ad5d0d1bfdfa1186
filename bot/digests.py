"""Digests on their way to a reader: built, rendered in the reader's look, written into the outbox."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.callbacks import Show
from bot.looks import RICH, Looks
from bot.outgoing import View, payload
from core.clock import Clock
from core.model import Reader
from digest.build import Made, Wish, make_digest, wish_of
from digest.model import Button, Buttons, Digest
from digest.render import classic, rich
from digest.render.jsonform import as_object
from digest.writer import Writer
from storage.store import Store

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
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
        parts = payloads(made.digest, self._looks.of(reader))
        if behind:
            parts.append(payload(behind))
        async with self._store.begin() as tx:
            await tx.outbox.add(reader.id, as_object(made.digest), parts, due_at=None, now=now)
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

    async def due(self, reader: Reader, following: datetime) -> bool:
        """Bring the digest that is due, once: False where another process did, or the reader changed the hour
        meanwhile. `following` is the next one's moment."""
        now = self._clock()
        made: Made | None = None
        if reader.lists or reader.channels:
            since = max(reader.told_until or now - DAY, now - LONGEST)
            made = await make_digest(self._store, wish_of(reader, since, now), now, writer=self._writer)
        async with self._store.begin() as tx:
            fresh = await tx.readers.get(reader.id)
            if fresh is None or fresh.due_at != reader.due_at or fresh.state is not reader.state:
                return False
            added = None
            if made:
                parts = payloads(made.digest, self._looks.of(fresh))
                added = await tx.outbox.add(reader.id, as_object(made.digest), parts, due_at=reader.due_at, now=now)
                if added is not None:
                    await tx.readers.remember(reader.id, made.told, now)
            await tx.readers.change(reader.id, due_at=following, **({"told_until": now} if added else {}))
        self._wake.set()
        if made and added is not None:
            log.info("digest %d for reader %d: %d stories", added, reader.id, len(made.digest.stories))
        return added is not None


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
