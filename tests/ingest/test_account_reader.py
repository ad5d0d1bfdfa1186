"""Channels read by an account, against MiniTelegram over a real socket and a real database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from core.errors import SignedOut
from core.model import Channel, ChannelList, ChannelSettings, NewPost, Post, Reading, Source
from ingest.account_peers import LOOK_UPS
from ingest.account_reader import AccountReader
from ingest.intake import Intake, Taken
from ingest.rhythm import LONGEST_WAIT
from ingest.telegram import Account, Hint, HintKind, TelegramSource
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


@pytest_asyncio.fixture
async def world(store: Store) -> AsyncIterator[World]:
    async with MiniTelegram() as tg:
        tg.channel("News", "The News")
        tg.channel("Other", "The Other")
        yield World(tg, store)


async def test_a_channel_is_read_up_to_its_newest_and_then_from_its_cursor(world: World) -> None:
    await world.publish(130)
    await world.lists("news")
    async with world.reading() as reader:
        assert await reader.step() == 1
        assert await world.ids() == [*range(31, 131)]
        assert await reader.step() == 0, "it is not due"
        await world.publish(250)
        world.clock.wait(hours=1)
        assert await reader.step() == 1
    assert await world.ids() == [*range(31, 381)], "the gap is more than two pages"
    state, channel = await world.state(), await world.channel()
    assert (state.cursor, state.oldest, state.failures) == (380, 31, 0)
    assert (channel.telegram_id, channel.title, channel.name) == (1_000_001, "The News", "news")


async def test_what_comes_into_an_empty_channel_is_read_whole(world: World) -> None:
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        assert (await world.state()).cursor == 0
        await world.publish(120)
        world.clock.wait(hours=1)
        await reader.step()
    assert await world.ids() == [*range(1, 121)]


async def test_a_name_is_looked_up_once_and_never_where_the_account_has_joined(world: World) -> None:
    world.tg.join("Other", PHONE)
    await world.publish(3)
    await world.publish(2, "Other")
    await world.lists("news", "other")
    for _ in range(2):
        async with world.reading() as reader:
            await reader.step()
        world.clock.wait(hours=1)
    assert world.tg.called("ResolveUsername") == 1
    assert (await world.ids(), await world.ids("other")) == ([1, 2, 3], [1, 2])
    assert (await world.channel("other")).title == "The Other"


async def test_where_it_is_not_known_what_was_joined_names_are_looked_up(world: World) -> None:
    world.tg.join("News", PHONE)
    world.tg.fault("GetDialogs", text="FLOOD_WAIT_60")
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
    assert await world.ids() == [1]
    assert world.tg.called("ResolveUsername") == 1


async def test_only_channels_in_force_that_are_the_accounts_or_leave_the_way_open_are_read(world: World) -> None:
    world.tg.channel("third")
    await world.lists("news", "other", other=ChannelSettings(source="web"))
    async with world.store.begin() as tx:
        await tx.channels.ensure(["third"])
    async with world.reading() as reader:
        assert await reader.step() == 1


async def test_the_account_goes_on_where_the_web_preview_was(world: World) -> None:
    await world.publish(250)
    await world.lists("news")
    channel = await world.channel()
    async with world.store.begin() as tx:
        await tx.channels.was_read(channel.id, Source.WEB, cursor=40, oldest=21, now=NOW, next_at=NOW)
    async with world.reading() as reader:
        await reader.step()
    assert await world.ids() == [*range(41, 251)]


async def test_a_hint_has_its_channel_read_at_once(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(2)
    await world.lists("news", "other")
    async with world.reading() as reader:
        await reader.step()
        calls = world.tg.called("GetHistory")
        await world.publish(1)
        await world.publish(1, "Other")
        hint = Hint(kind=HintKind.NEW, channel_id=1_000_001, message_ids=(3,))
        assert await reader.step([hint, hint, Hint(kind=HintKind.NEW, channel_id=999)]) == 1
        assert (await world.ids(), await world.ids("other")) == ([1, 2, 3], [])
        assert world.tg.called("GetHistory") - calls == 2, "what is new, and that there is no more"
        state = await world.state()
    assert state.next_at is not None
    assert timedelta(minutes=15) <= state.next_at - world.clock.now < timedelta(minutes=18)


async def test_an_edit_and_a_deletion_are_taken_over_at_once(world: World) -> None:
    await world.publish(5)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        for number in (2, 4):
            await world.tg.edit("News", number, f"Ministers did not meet, {number}.")
        await world.tg.delete("News", 5)
        channel = world.tg.find("News").id
        await reader.step(
            [
                Hint(kind=HintKind.EDITED, channel_id=channel, message_ids=(2,)),
                Hint(kind=HintKind.EDITED, channel_id=channel, message_ids=(4,)),
                Hint(kind=HintKind.DELETED, channel_id=channel, message_ids=(5,)),
                Hint(kind=HintKind.DELETED, channel_id=999, message_ids=(1,)),
            ]
        )
    posts = await world.posts()
    assert [(post.message_id, post.edits) for post in posts] == [(1, 0), (2, 1), (3, 0), (4, 1)]
    assert posts[1].text == "Ministers did not meet, 2."


async def test_edits_far_apart_and_of_posts_that_are_not_kept_are_read_too(world: World) -> None:
    await world.publish(40)
    await world.lists("news")
    async with world.reading(page=20) as reader:
        await reader.step()
        await world.publish(20)
        world.clock.wait(hours=1)
        await reader.step()
        await world.tg.delete("News", 60)
        for number in (5, 22, 59):
            await world.tg.edit("News", number, "Ministers did not meet.")
        hint = Hint(kind=HintKind.EDITED, channel_id=1_000_001, message_ids=(5, 22, 59, 60))
        await reader.step([hint])
    assert await world.ids() == [*range(21, 61)], "5 was never read, and 60 is told to be deleted by no hint"
    assert [post.message_id for post in await world.posts() if post.edits] == [22, 59]


async def test_edits_and_deletions_that_no_hint_told_are_found_when_the_channel_is_due(world: World) -> None:
    await world.publish(30)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.edit("News", 7, "Ministers did not meet.", push=False)
        await world.tg.delete("News", 9, 30, push=False)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    posts = {post.message_id: post for post in await world.posts()}
    assert [*posts] == [*range(1, 9), *range(10, 30)]
    assert posts[7].edits == 1


async def test_what_changed_below_the_newest_page_is_found_too(world: World) -> None:
    await world.publish(60)
    await world.lists("news")
    async with world.reading(page=70) as reader:
        await reader.step()
    await world.publish(40)
    async with world.reading(page=20) as reader:
        await world.tg.edit("News", 7, "Ministers did not meet.", push=False)
        await world.tg.delete("News", 1, 9, push=False)
        world.clock.wait(hours=1)
        await reader.step()
        assert [post.message_id for post in await world.posts() if post.edits] == [7]
        assert await world.ids() == [*range(2, 9), *range(10, 101)]
        await world.tg.edit("News", 7, "Ministers met after all.", push=False)
        await world.tg.delete("News", 2, push=False)
        world.clock.wait(hours=1)
        await reader.step()
        assert 2 in await world.ids(), "older posts are compared more slowly"
        world.clock.wait(hours=3)
        await reader.step()
    assert {post.message_id: post.text for post in await world.posts()}[7] == "Ministers met after all."
    assert await world.ids() == [*range(3, 9), *range(10, 101)]


async def test_the_oldest_post_of_a_small_channel_is_seen_deleted(world: World) -> None:
    await world.publish(12)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.delete("News", 1, push=False)
        world.clock.wait(hours=4)
        await reader.step()
    assert await world.ids() == [*range(2, 13)]


async def test_posts_of_long_ago_are_not_compared(world: World) -> None:
    await world.publish(60)
    await world.lists("news")
    async with world.reading(page=70) as reader:
        await reader.step()
    world.clock.wait(days=4)
    await world.publish(10)
    async with world.reading(page=20) as reader:
        await reader.step()
        calls = world.tg.called("GetHistory")
        await world.tg.delete("News", 1, push=False)
        world.clock.wait(hours=4)
        await reader.step()
        assert world.tg.called("GetHistory") - calls == 1, "the newest page"
    assert 1 in await world.ids()


async def test_a_channel_that_lost_most_of_its_posts_is_not_believed(world: World) -> None:
    await world.publish(30)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.delete("News", *range(2, 28), push=False)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    assert await world.ids() == [*range(1, 31)]


async def test_the_oldest_posts_of_a_small_channel_may_all_be_deleted(world: World) -> None:
    await world.publish(16)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.delete("News", *range(1, 6), push=False)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    async with world.reading() as reader:
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    assert await world.ids() == [*range(6, 17)]


async def test_an_album_across_the_cursor_stays_one_post(world: World) -> None:
    await world.publish(1)
    for _ in range(2):
        await world.tg.post("News", photo=b"x", grouped_id=7, push=False)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        assert (await world.state()).cursor == 3
        await world.tg.post("News", "caption", photo=b"x", grouped_id=7, push=False)
        await reader.step([Hint(kind=HintKind.NEW, channel_id=1_000_001, message_ids=(4,))])
    posts = await world.posts()
    assert [(post.message_id, post.text, post.media.photos) for post in posts[1:]] == [(2, "caption", 3)]


async def test_a_flood_parks_its_channel_and_the_others_go_on(world: World) -> None:
    await world.publish(2)
    await world.publish(2, "Other")
    await world.lists("news", "other")
    async with world.reading() as reader:
        world.tg.fault("GetHistory", channel="News", text="FLOOD_WAIT_3")
        assert await reader.step() == 2
        assert await world.ids("other") == [1, 2]
        assert (await world.state()).next_at == world.clock.now + timedelta(seconds=3)
        world.clock.wait(seconds=3)
        assert await reader.step() == 1
    assert (await world.ids(), (await world.state()).failures) == ([1, 2], 0)


async def test_a_long_flood_parks_its_channel_only_and_two_of_them_the_account(world: World) -> None:
    names = [f"town_{number}" for number in range(12)]
    for name in names:
        world.tg.channel(name)
        await world.publish(1, name)
    await world.lists(*names)
    async with world.reading() as reader:
        await reader.step()
        world.clock.wait(hours=1)
        world.tg.fault("GetHistory", channel="town_0", text="FLOOD_WAIT_300")
        for name in names:
            await world.publish(1, name)
        await reader.step()
        assert [len(await world.ids(name)) for name in names] == [1] + [2] * 11
        world.clock.wait(hours=1)
        for name in names:
            world.tg.fault("GetHistory", channel=name, text="FLOOD_WAIT_300")
            await world.publish(1, name)
        calls = world.tg.called("GetHistory")
        while await reader.step():
            pass
        assert 2 <= world.tg.called("GetHistory") - calls <= 5, "the others are not even tried"
        assert await reader.step([Hint(kind=HintKind.RECONNECTED)]) == 0
        world.tg.faults.clear()
        world.clock.wait(seconds=300)
        await reader.step()
    assert [len(await world.ids(name)) for name in names] == [3] * 12


async def test_neither_a_hint_nor_a_reconnect_shortens_what_telegram_asks_for(world: World) -> None:
    await world.publish(2)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        world.tg.fault("GetHistory", text="FLOOD_WAIT_300")
        hints = [Hint(kind=HintKind.NEW, channel_id=1_000_001, message_ids=(3,)), Hint(kind=HintKind.RECONNECTED)]
        assert await reader.step(hints) == 1
        state = await world.state()
        assert (state.failures, state.next_at) == (1, world.clock.now + timedelta(seconds=300))
        assert state.reason == "asked to wait 300 s"
        assert await reader.step(hints) == 0


async def test_a_flood_of_look_ups_parks_all_that_need_one_and_no_other(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.lists("news", "other", "third", "fourth")
        for name in ("third", "fourth"):
            world.tg.channel(name)
        world.tg.fault("ResolveUsername", text="FLOOD_WAIT_9000")
        world.clock.wait(hours=1)
        await world.publish(1)
        await reader.step()
        assert world.tg.called("ResolveUsername") == 2
        until = world.clock.now + timedelta(seconds=9000)
        for name in ("other", "third", "fourth"):
            state = await world.state(name)
            assert (state.next_at, state.failures, state.reason) == (
                until,
                0,
                "waits to be looked up: asked to wait 9000 s",
            )
        assert await world.ids() == [1, 2]
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
        assert world.tg.called("ResolveUsername") == 2


async def test_no_more_names_are_looked_up_in_an_hour_than_telegram_bears(world: World) -> None:
    names = [f"town_{number}" for number in range(LOOK_UPS + 5)]
    for name in names:
        world.tg.channel(name)
    await world.lists(*names)
    async with world.reading() as reader:
        while await reader.step():
            pass
        assert world.tg.called("ResolveUsername") == LOOK_UPS
        world.clock.wait(hours=1)
        while await reader.step():
            pass
    assert world.tg.called("ResolveUsername") == LOOK_UPS + 5


@pytest.mark.parametrize("name", ["nobody_here", "c/77", "Chat"])
async def test_what_is_no_channel_is_tried_again_late(world: World, name: str) -> None:
    world.tg.channel("Chat", megagroup=True)
    await world.lists(name)
    async with world.reading() as reader:
        await reader.step()
        state = await world.state(name)
    assert state.next_at == world.clock.now + LONGEST_WAIT
    assert state.failures == 1


async def test_a_channel_that_closes_is_told_and_what_was_read_stays(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(3)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.ban("News", PHONE)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    state = await world.state()
    assert (state.cursor, state.next_at, state.failures) == (3, world.clock.now + LONGEST_WAIT, 1)
    assert await world.ids() == [1, 2, 3]


async def test_an_address_of_another_account_is_looked_up_anew(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
    channel = await world.channel()
    async with world.store.begin() as tx:
        [(_, address)] = (await tx.peers.of("test")).items()
        await tx.peers.keep("test", channel.id, type(address)(telegram_id=address.telegram_id, access_hash=-1))
    world.clock.wait(hours=1)
    await world.publish(1)
    async with world.reading() as reader:
        await reader.step()
    assert (await world.ids(), (await world.state()).failures) == ([1, 2], 0)


async def test_a_renamed_channel_keeps_its_history(world: World) -> None:
    await world.publish(2)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        world.tg.find("News").username = "Fresh_News"
        world.clock.wait(hours=1)
        await world.publish(1, "Fresh_News")
        await reader.step()
        assert await world.ids() == [1, 2, 3], "read under its former name as long as the list says so"
        await world.lists("fresh_news")
        await world.publish(1, "Fresh_News")
        await reader.step()
    assert await world.ids("fresh_news") == [1, 2, 3, 4]
    async with world.store.read() as tx:
        assert [channel.name for channel in await tx.channels.all()] == ["fresh_news"]


async def test_a_name_that_another_channel_took_over_is_not_read_as_the_old_one(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        old = world.tg.find("News")
        old.username, old.invite = None, "hash"
        world.tg.channel("News")
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    assert (await world.state()).reason == "is another channel's name now"
    assert await world.ids() == [1]


class Picky(Intake):
    """Stumbles over one post."""

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        if any(post.message_id == 2 for post in posts):
            raise TypeError("strange")
        return await super().take(posts)


async def test_a_strange_message_does_not_hold_up_the_rest(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.intake_kind = Picky
    await world.publish(4)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
    assert (await world.ids(), (await world.state()).cursor) == ([1, 3, 4], 4)
    assert "news/2 is passed over" in caplog.text


class Killed(BaseException):
    """The process ends here."""


class Dying(Intake):
    """Ends the process after its second batch, before the cursor moves."""

    batches = 0

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        taken = await super().take(posts)
        self.batches += 1
        if self.batches == 2:
            raise Killed
        return taken


async def test_a_kill_between_pages_loses_and_doubles_nothing(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading(page=20) as reader:
        await reader.step()
    await world.publish(90)
    world.clock.wait(hours=1)
    world.intake_kind = Dying
    kills = 0
    while (await world.state()).cursor != 91:
        async with world.reading(page=20) as reader:
            try:
                await reader.step([Hint(kind=HintKind.RECONNECTED)])
            except BaseExceptionGroup:
                kills += 1
    assert kills > 3
    assert await world.ids() == [*range(1, 92)]
    assert {post.edits for post in await world.posts()} == {0}


async def test_a_signed_out_account_is_raised_and_the_channels_have_not_failed(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        world.tg.revoke(PHONE)
        with pytest.raises(SignedOut):
            await reader.step([Hint(kind=HintKind.RECONNECTED)])
    assert (await world.state()).failures == 0


async def test_a_live_post_is_stored_while_it_runs_and_it_stops_at_once(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news")
    before = asyncio.all_tasks()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source()).run())
        for text in ("one", "two", "three"):
            await world.stored.wait()
            world.stored.clear()
            await world.tg.post("News", f"Ministers met in Riga, {text}.", date=world.clock.now.timestamp())
        await world.stored.wait()
        running.cancel()
    assert await world.ids() == [1, 2, 3, 4]
    assert asyncio.all_tasks() == before


async def test_what_was_missed_while_the_line_was_cut_is_read_after_it(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news")
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source()).run())
        await world.stored.wait()
        world.stored.clear()
        world.tg.cut()
        await world.publish(2)
        await world.stored.wait()
        running.cancel()
    assert await world.ids() == [1, 2, 3]


async def test_a_signed_out_account_is_told_once_and_tried_again(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.account_reader.SLOW_WAIT", timedelta(seconds=0.01))
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news")
    source = world.source()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(source).run())
        await world.stored.wait()
        world.stored.clear()
        world.tg.revoke(PHONE)
        world.tg.cut()
        before = world.tg.called("GetUsers")
        await world.tg.until_called("GetUsers", before + 3)
        await world.publish(1)
        for key in world.tg.keys.values():
            key.user = world.tg.user(PHONE)["id"]
        await world.stored.wait()
        running.cancel()
    told = [
        record.message
        for record in caplog.records
        if record.levelno >= logging.ERROR and record.name.startswith("ingest")
    ]
    assert told == ["the account is signed out: sign in with `courant login`; its channels wait"]
    assert await world.ids() == [1, 2]
