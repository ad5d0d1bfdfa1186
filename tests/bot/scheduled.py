"""Readers whose digests are due, and what waits for them."""

import asyncio
from datetime import UTC, datetime

from bot.digests import Desk
from bot.hours import next_due
from bot.looks import Looks
from bot.schedule import Schedule
from core.model import Reader, ReaderId
from storage.store import Store
from tests.moments import Moment


def a_schedule(store: Store, clock: Moment) -> Schedule:
    return Schedule(store, clock, Desk(store, clock, asyncio.Event(), Looks()))


async def a_reader(store: Store, clock: Moment, chat: int = 1, **fields: str) -> Reader:
    reader = Reader(id=ReaderId(0), chat_id=chat, at="20:00", zone="UTC")
    async with store.begin() as tx:
        reader, _ = await tx.readers.welcome(reader, clock())
        await tx.readers.follow(reader.id, lists=["world"])
        values = {"at": reader.at, "zone": reader.zone, **fields}
        return await tx.readers.change(reader.id, **values, due_at=next_due(values["at"], values["zone"], clock()))


async def texts_of(store: Store, reader: Reader) -> list[str]:
    """What waits for the reader, in the order of being written."""
    async with store.read() as tx:
        parts = await tx.outbox.waiting(datetime(2100, 1, 1, tzinfo=UTC), 100)
    return [part.payload["text"] for part in parts if part.reader.id == reader.id]


async def again(store: Store, reader: Reader) -> Reader:
    async with store.read() as tx:
        found = await tx.readers.get(reader.id)
    assert found
    return found
