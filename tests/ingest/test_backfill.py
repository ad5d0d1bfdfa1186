"""History read backwards, by an account and by the preview, against servers on loopback and a real database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from core.errors import ChannelUnavailable, RateLimited, SignedOut
from core.model import Channel, ChannelList, NewPost, Reading
from ingest.accounts.peers import AddressBook
from ingest.accounts.reader import AccountReader
from ingest.backfill import AccountWay, Backfilled, Way, WebWay, backfill
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.intake import Intake, Taken
from ingest.preview.reader import WebReader
from ingest.preview.source import WebSource
from ingest.telegram.account import Account
from ingest.telegram.source import TelegramSource
from ingest.ways import Ways
from storage.store import Store
from tests.ingest.kills import Dying, Killed
from tests.ingest.servers import Clock
from tests.moments import NOW
from tests.servers.mtproto import MiniTelegram
from tests.servers.preview_site import PreviewSite

PHONE = "+10000001"
COUNT = 90
FIRST = NOW - timedelta(hours=COUNT)
ALL_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """A channel of ninety posts, one an hour, and one way to it."""

    store: Store
    way: Way
    telegram: MiniTelegram
    site: PreviewSite
    source: TelegramSource | WebSource
    intake_kind: type[Intake] = Intake
    reports: list[tuple[str, int, datetime | None]] = field(default_factory=list)
    time: Clock = field(default_factory=Clock)

    @property
    def slept(self) -> list[float]:
        return self.time.slept

    def clock(self) -> datetime:
        return NOW

    def intake(self) -> Intake:
        return self.intake_kind(self.store, self.clock)

    async def channel(self, name: str = "news") -> Channel:
        async with self.store.begin() as tx:
            await tx.channels.ensure([name])
            return (await tx.channels.by_names([name]))[name]

    async def run(self, since: datetime = ALL_TIME, *names: str) -> tuple[Backfilled, ...]:
        channels = [await self.channel(name) for name in names or ("news",)]
        return await backfill(
            self.store,
            self.intake(),
            self.way,
            channels,
            since,
            lambda *told: self.reports.append(told),
            sleep=self.time.sleep,
        )

    async def live(self) -> None:
        """Read the channel as `courant run` does."""
        async with self.store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=("news",))], {})
        if isinstance(self.source, WebSource):
            await WebReader(self.store, self.source, self.intake(), self.clock).step()
        else:
            ways = Ways(self.store, self.clock, ["test"])
            await AccountReader(self.store, self.source, self.intake(), self.clock, ways).step()

    async def ids(self) -> list[int]:
        async with self.store.read() as tx:
            return sorted(post.message_id for post in await tx.posts.latest_of((await self.channel()).id, 10_000))

    async def state(self) -> Reading:
        channel = await self.channel()
        async with self.store.read() as tx:
            return await tx.channels.reading(channel.id, self.way.source)

    def calls(self) -> int:
        return len(self.site.requests) + self.telegram.called("GetHistory")

    def refuse(self, seconds: int, times: int = 1) -> None:
        self.telegram.fault("GetHistory", text=f"FLOOD_WAIT_{seconds}", times=times)
        self.site.fault(status=429, retry_after=seconds, times=times)


@pytest_asyncio.fixture(params=["web", "account"])
async def world(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(MiniTelegram())
        site = await stack.enter_async_context(PreviewSite())
        telegram.channel("news")
        site.channel("news")
        for number in range(COUNT):
            text, date = f"Ministers met in Riga, part {number}.", FIRST + timedelta(hours=number)
            await telegram.post("news", text, date=date.timestamp())
            site.post("news", text, date=date)
        if request.param == "web":
            time = Clock()
            opened = open_http(agent="x", guard=Guard(parse_allow([site.url])), sleep=time.sleep, monotonic=time)
            web = WebSource(await stack.enter_async_context(opened), base=site.url, spacing=0)
            yield World(store, WebWay(web), telegram, site, web, time=time)
            return
        account = Account(api_id=1, api_hash="x", session=telegram.mint(PHONE), name="test")
        source = await stack.enter_async_context(TelegramSource(account, patience=60, page=20))
        book = AddressBook(store, source, lambda: NOW)
        yield World(store, AccountWay(source, book, pause=0), telegram, site, source)


async def test_history_is_read_back_to_the_first_post(world: World) -> None:
    assert await world.run() == (Backfilled(channel="news", posts=COUNT, reached=FIRST),)
    assert await world.ids() == [*range(1, COUNT + 1)]
    state = await world.state()
    assert (state.oldest, state.cursor, state.read_at, state.next_at) == (1, COUNT, None, None)
    assert [posts for _, posts, _ in world.reports] == [20, 40, 60, 80, 90]
    assert world.reports[0] == ("news", 20, FIRST + timedelta(hours=70))


async def test_it_ends_at_its_day_and_a_second_run_asks_for_nothing(world: World) -> None:
    since = NOW - timedelta(hours=30)
    (done,) = await world.run(since)
    assert (done.posts, done.reached) == (40, NOW - timedelta(hours=40))
    calls = world.calls()
    (again,) = await world.run(since)
    assert (again.posts, again.reached, world.calls()) == (0, NOW - timedelta(hours=40), calls)
    await world.run()
    assert await world.ids() == [*range(1, COUNT + 1)]


async def test_it_goes_on_behind_what_was_read_live(world: World) -> None:
    async with world.store.begin() as tx:
        channel = (await tx.channels.ensure(["news"]))["news"]
        await tx.channels.was_read(channel, world.way.source, cursor=COUNT, oldest=71, now=NOW, next_at=NOW)
    (done,) = await world.run()
    assert done.posts == 70
    assert await world.ids() == [*range(1, 71)]
    state = await world.state()
    assert (state.oldest, state.cursor, state.next_at) == (1, COUNT, NOW)


async def test_a_run_that_is_killed_over_and_over_loses_and_doubles_nothing(world: World) -> None:
    world.intake_kind = Dying
    kills = 0
    while True:
        try:
            await world.run()
            break
        except Killed:
            kills += 1
    assert kills == 4, "each run before the last moved the mark by one page"
    assert await world.ids() == [*range(1, COUNT + 1)]
    async with world.store.read() as tx:
        assert {post.edits for post in await tx.posts.latest_of((await world.channel()).id, 1000)} == {0}


async def test_a_run_that_is_cancelled_is_taken_up(world: World) -> None:
    reached = asyncio.Event()
    world.reports = Watched(reached)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(world.run())
        await reached.wait()
        task.cancel()
    world.reports = []
    await world.run()
    assert await world.ids() == [*range(1, COUNT + 1)]


class Watched(list[tuple[str, int, datetime | None]]):
    """Rings when the second page has been told."""

    def __init__(self, bell: asyncio.Event) -> None:
        super().__init__()
        self.bell = bell

    def append(self, told: tuple[str, int, datetime | None]) -> None:
        super().append(told)
        if len(self) == 2:
            self.bell.set()


async def test_live_reading_goes_on_where_the_backfill_began(world: World) -> None:
    await world.run(NOW - timedelta(hours=5))
    for number in range(COUNT, COUNT + 130):
        date = FIRST + timedelta(hours=number)
        await world.telegram.post("news", "Ministers met again.", date=date.timestamp())
        world.site.post("news", "Ministers met again.", date=date)
    await world.live()
    assert await world.ids() == [*range(71, COUNT + 131)]


async def test_a_source_that_asks_to_wait_is_obeyed_and_the_page_asked_again(world: World) -> None:
    world.refuse(3, times=2)
    (done,) = await world.run()
    assert (done.posts, done.error) == (COUNT, None)
    assert world.slept == [3, 3]


async def test_a_source_that_asks_for_too_long_leaves_the_channel_for_another_run(world: World) -> None:
    world.refuse(4000)
    (done,) = await world.run()
    assert isinstance(done.error, RateLimited)
    assert (done.posts, world.slept) == (0, [])


async def test_a_name_that_is_no_channel_does_not_stop_the_others(world: World) -> None:
    missing, news = await world.run(ALL_TIME, "nobody_here", "news")
    assert isinstance(missing.error, ChannelUnavailable)
    assert (news.posts, news.error) == (COUNT, None)


async def test_a_server_that_fails_again_and_again_is_given_up(world: World) -> None:
    world.telegram.fault("GetHistory", code=400, text="BROKEN", times=99)
    world.site.fault(status=502, times=99)
    (done,) = await world.run()
    assert done.error is not None
    assert world.slept == [2.0, 4.0, 8.0, 16.0]


async def test_where_nobody_answers_the_next_channels_are_asked_for_once_until_somebody_does(world: World) -> None:
    for name in ("wire", "gazette"):
        world.site.channel(name)
        world.telegram.channel(name)
    world.telegram.fault("GetHistory", code=400, text="BROKEN", times=6)
    world.site.fault(status=502, times=6)
    world.refuse(3)
    world.telegram.fault("GetHistory", code=400, text="BROKEN")
    world.site.fault(status=502)
    news, wire, gazette = await world.run(ALL_TIME, "news", "wire", "gazette")
    assert (news.error is None, wire.error is None, gazette.error) == (False, False, None)
    assert world.slept == [2.0, 4.0, 8.0, 16.0, 3, 4.0]


@pytest.mark.parametrize("world", ["account"], indirect=True)
async def test_a_signed_out_account_ends_the_run(world: World) -> None:
    world.telegram.revoke(PHONE)
    with pytest.raises(SignedOut):
        await world.run()


class Odd(Intake):
    """An intake that trips over the posts of one channel."""

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        if posts[0].channel == "news":
            raise ValueError
        return await super().take(posts)


async def test_a_page_that_makes_no_sense_does_not_stop_the_other_channels(world: World) -> None:
    world.site.channel("wire")
    world.telegram.channel("wire")
    world.site.post("wire", "The mayor spoke.", date=NOW)
    await world.telegram.post("wire", "The mayor spoke.", date=NOW.timestamp())
    channels = [await world.channel("news"), await world.channel("wire")]
    odd, read = await backfill(world.store, Odd(world.store, world.clock), world.way, channels, ALL_TIME)
    assert odd.error is not None
    assert "makes no sense" in odd.error.reason
    assert (read.posts, read.error) == (1, None)
