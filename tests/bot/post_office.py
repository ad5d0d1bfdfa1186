"""A sender with its store, a Bot API server and the readers there."""

import asyncio
from typing import Any

from aiogram import Bot

from bot.delivery import Sender
from bot.looks import Looks
from bot.outgoing import View, payload
from core.model import Reader, ReaderId, ReaderState
from storage.store import Store
from tests.moments import Moment
from tests.servers.bot_api import BotApi


class Post:
    """A sender on a store, a Bot API server and the readers there."""

    def __init__(self, store: Store, api: BotApi, bot: Bot, clock: Moment) -> None:
        self.store, self.api, self.bot, self.clock = store, api, bot, clock
        self.wake, self.looks = asyncio.Event(), Looks()
        self.sender = self.another()

    def another(self, store: Store | None = None) -> Sender:
        """A new sender on the same store, as after a restart, or on another."""
        return Sender(
            store or self.store, self.bot, self.clock, wake=self.wake, looks=self.looks, monotonic=self.seconds
        )

    def seconds(self) -> float:
        return self.clock().timestamp()

    async def reader(self, chat: int, kind: str = "private", thread: int = 0) -> Reader:
        async with self.store.begin() as tx:
            new = Reader(id=ReaderId(0), chat_id=chat, kind=kind, thread_id=thread)
            return (await tx.readers.welcome(new, self.clock()))[0]

    async def write(self, reader: Reader, *parts: str | dict[str, Any]) -> None:
        payloads = [payload(View(part)) if isinstance(part, str) else part for part in parts]
        async with self.store.begin() as tx:
            assert await tx.outbox.add(reader.id, {}, payloads, due_at=None, now=self.clock())

    async def state(self, reader: Reader) -> ReaderState:
        async with self.store.read() as tx:
            found = await tx.readers.get(reader.id)
        assert found
        return found.state

    async def counts(self) -> dict[str, int]:
        async with self.store.read() as tx:
            counts = await tx.outbox.counts()
        return {name.removeprefix("parts_"): number for name, number in counts.items() if name != "digests"}

    async def rounds(self, number: int, seconds: float = 1.0) -> None:
        for _ in range(number):
            await self.sender.round()
            self.clock.passes(seconds=seconds)
