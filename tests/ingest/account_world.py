"""What an account reads from in the tests: MiniTelegram over a real socket, a real database, a clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.model import Channel, ChannelList, ChannelSettings, Post, Reading, Source
from ingest.account_reader import AccountReader
from ingest.intake import Intake
from ingest.telegram import Account, TelegramSource
from storage.store import Store
from tests.conftest import NOW
from tests.servers.mtproto import MiniTelegram

PHONE = "+10000001"


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class World:
    """A server, a database, a clock; and the reader between them, made anew by each `reading`."""

    tg: MiniTelegram
    store: Store
    clock: Clock = field(default_factory=Clock)
    intake_kind: type[Intake] = Intake
    stored: asyncio.Event = field(default_factory=asyncio.Event)

    async def lists(self, *names: str, **settings: ChannelSettings) -> None:
        async with self.store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=names)], settings)

    def reader(self, source: TelegramSource) -> AccountReader:
        return AccountReader(
            self.store, source, self.intake_kind(self.store, self.clock, self.stored.set), self.clock, "test"
        )

    def source(self, page: int = 100) -> TelegramSource:
        return TelegramSource(Account(api_id=1, api_hash="x", session=self.tg.mint(PHONE)), patience=5, page=page)

    @asynccontextmanager
    async def reading(self, page: int = 100) -> AsyncIterator[AccountReader]:
        async with self.source(page) as source:
            yield self.reader(source)

    async def channel(self, name: str = "news") -> Channel:
        async with self.store.read() as tx:
            return (await tx.channels.by_names([name]))[name.lower()]

    async def state(self, name: str = "news") -> Reading:
        channel = await self.channel(name)
        async with self.store.read() as tx:
            return await tx.channels.reading(channel.id, Source.ACCOUNT)

    async def posts(self, name: str = "news") -> list[Post]:
        channel = await self.channel(name)
        async with self.store.read() as tx:
            return sorted(await tx.posts.latest_of(channel.id, 10_000), key=lambda post: post.message_id)

    async def ids(self, name: str = "news") -> list[int]:
        return [post.message_id for post in await self.posts(name)]

    async def publish(self, count: int, name: str = "News") -> None:
        for _ in range(count):
            self.clock.wait(seconds=1)
            await self.tg.post(
                name, f"Ministers met in Riga, part {count}.", date=self.clock.now.timestamp(), push=False
            )
