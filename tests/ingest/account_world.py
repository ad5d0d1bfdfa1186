"""What an account reads from in the tests: MiniTelegram over a real socket, a real database, a clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from telethon.sessions import SQLiteSession, StringSession

from core.clock import Sleep
from core.model import AccountStatus, Channel, ChannelId, ChannelList, ChannelSettings, Post, Reading, Source
from ingest.accounts.folders import FolderReader
from ingest.accounts.reader import AccountReader
from ingest.intake import Intake
from ingest.telegram.account import Account
from ingest.telegram.call_budget import Pace
from ingest.telegram.source import TelegramSource
from ingest.troubles import Troubles
from ingest.ways import Ways
from storage.store import Store
from tests.moments import Moment
from tests.servers.mtproto import MiniTelegram

PHONE = "+10000001"


async def for_ever(_: float) -> None:
    """A sleep that nobody is woken from."""
    await asyncio.Event().wait()


def as_file(session: str, path: Path) -> str:
    """The same session in a file; gives its path."""
    string, file = StringSession(session), SQLiteSession(str(path))
    file.set_dc(string.dc_id, string.server_address, string.port)
    file.auth_key = string.auth_key
    file.save()
    file.close()
    return str(path)


@dataclass
class World:
    """A server, a database, a clock; and the reader between them, made anew by each `reading`."""

    tg: MiniTelegram
    store: Store
    clock: Moment = field(default_factory=Moment)
    intake_kind: type[Intake] = Intake
    stored: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[str] = field(default_factory=list)

    async def lists(self, *names: str, **settings: ChannelSettings) -> None:
        async with self.store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=names)], settings)

    def reader(
        self,
        source: TelegramSource,
        ways: Ways | None = None,
        folders: FolderReader | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> AccountReader:
        intake = self.intake_kind(self.store, self.clock, self.stored.set)
        ways = ways or Ways(self.store, self.clock, [source.name])
        self.troubles = Troubles(self.clock, self._tell)
        return AccountReader(
            self.store,
            source,
            intake,
            self.clock,
            ways,
            folders=folders,
            troubles=self.troubles,
            sleep=sleep,
        )

    async def _tell(self, words: str) -> None:
        self.told.append(words)

    def source(
        self,
        page: int = 100,
        name: str = "test",
        phone: str = PHONE,
        patience: float = 60,
        pace: Pace | None = None,
        session: str | None = None,
    ) -> TelegramSource:
        account = Account(api_id=1, api_hash="x", session=session or self.tg.mint(phone), name=name)
        return TelegramSource(account, patience=patience, page=page, pace=pace)

    @asynccontextmanager
    async def reading(self, page: int = 100) -> AsyncIterator[AccountReader]:
        async with self.source(page) as source:
            yield self.reader(source)

    async def channel(self, name: str = "news") -> Channel:
        async with self.store.read() as tx:
            return (await tx.channels.by_names([name]))[name.lower()]

    async def known(self) -> frozenset[ChannelId]:
        """The channels whose address the account has."""
        async with self.store.read() as tx:
            return frozenset(await tx.peers.of("test"))

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
            self.clock.passes(seconds=1)
            await self.tg.post(
                name, f"Ministers met in Riga, part {count}.", date=self.clock.now.timestamp(), push=False
            )

    async def towns(self, count: int, posts: int = 0, *, joined: bool = False) -> list[str]:
        """So many channels with so many posts each; gives their names."""
        names = [f"town_{number}" for number in range(count)]
        for name in names:
            self.tg.channel(name)
            if joined:
                self.tg.join(name, PHONE)
            await self.publish(posts, name)
        return names

    async def ways(self) -> dict[str, str | None]:
        """What reads each channel."""
        async with self.store.read() as tx:
            return {channel.name: channel.way for channel in await tx.channels.all(active=True)}

    async def fares(self) -> dict[str, AccountStatus]:
        """How the accounts fare."""
        async with self.store.read() as tx:
            return {each.name: each for each in await tx.accounts.all()}
