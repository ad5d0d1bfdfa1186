"""A reader of the web preview in front of a site of its own, and the clocks that it lives by."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.clock import Sleep
from core.model import ChannelList, ChannelSettings, Post, Reading, Source
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.intake import Intake
from ingest.preview.reader import WebReader
from ingest.preview.source import WebSource
from ingest.troubles import Troubles
from storage.store import Store
from tests.ingest.servers import Clock, Names
from tests.moments import Moment
from tests.servers.preview_site import PreviewSite

NEWEST = datetime(2025, 2, 18, 17, 50, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    """A reader of a site's channels, the database it fills, and the two clocks that it lives by."""

    site: PreviewSite
    store: Store
    clock: Moment
    monotonic: Clock
    make: Callable[..., WebReader]
    troubles: Troubles
    told: list[str] = field(default_factory=list)

    async def follow(self, *names: str, **settings: ChannelSettings) -> None:
        async with self.store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={}, channels=names)], settings)

    def publish(self, name: str, number: int, *, minutes: float = 4.0) -> None:
        """So many further posts, the last one of the same moment."""
        for n in range(number):
            date = NEWEST - timedelta(minutes=minutes * (number - 1 - n))
            self.site.post(name, f"Ship {self.site.channels[name].next_id} left Riga", date=date)

    def passes(self, **time: float) -> None:
        self.clock.passes(**time)
        self.monotonic.now += timedelta(**time).total_seconds()

    async def reading(self, name: str = "wire") -> Reading:
        async with self.store.read() as tx:
            (reading,) = [each for each in await tx.channels.readings(Source.WEB) if each.channel.name == name]
        return reading

    async def posts(self, name: str = "wire") -> list[Post]:
        async with self.store.read() as tx:
            return [post async for post in tx.posts.every() if post.channel == name]

    async def gone(self, name: str = "wire") -> list[int]:
        """The posts that are marked as deleted."""
        return sorted(post.message_id for post in await self.posts(name) if post.deleted)

    async def kept(self, name: str = "wire") -> list[int]:
        return sorted(post.message_id for post in await self.posts(name))

    async def wait(self, name: str = "wire") -> timedelta | None:
        """How long it is until the channel is read again."""
        reading = await self.reading(name)
        return reading.next_at - self.clock() if reading.next_at else None

    @property
    def asked(self) -> list[str]:
        return [seen.path + "".join(f"?{k}={v}" for k, v in seen.query.items()) for seen in self.site.requests]


@asynccontextmanager
async def opened(store: Store, *, etags: bool = False, polite: bool = True) -> AsyncIterator[Desk]:
    """`polite`: one page at a time, as of another's server."""
    clock, monotonic = Moment(), Clock()
    async with PreviewSite(etags=etags) as site:
        guard = Guard(parse_allow([site.url]))
        async with open_http(
            agent="x", guard=guard, resolver=Names(), sleep=monotonic.sleep, monotonic=monotonic
        ) as http:
            told: list[str] = []

            async def tell(words: str) -> None:
                told.append(words)

            troubles = Troubles(clock, tell)

            def make(*, store: Store = store, door: Intake | None = None, sleep: Sleep = monotonic.sleep) -> WebReader:
                intake = door or Intake(store, clock)
                source = WebSource(http, base=site.url, spacing=2.0 if polite else 0.0)
                return WebReader(store, source, intake, clock, troubles=troubles, sleep=sleep)

            yield Desk(site, store, clock, monotonic, make, troubles, told)


@asynccontextmanager
async def one_channel(store: Store, **settings: ChannelSettings) -> AsyncIterator[Desk]:
    """One channel, `wire`, with 50 posts."""
    async with opened(store) as desk:
        desk.site.channel("wire", "The Wire")
        desk.publish("wire", 50)
        await desk.follow("wire", **settings)
        yield desk
