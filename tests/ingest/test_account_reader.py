"""When an account reads which channel, and what it does about hints; against MiniTelegram and a real database."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import SignedOut
from core.model import WEB_WAY, AccountState, ChannelSettings
from ingest.accounts.agenda import AT_ONCE, BATCH
from ingest.telegram.call_budget import HISTORY, Pace
from ingest.telegram.values import Hint, HintKind
from ingest.ways import Ways
from tests.ingest.account_world import PHONE, World, as_file, for_ever
from tests.servers.loopback import held


async def test_only_channels_in_force_that_are_the_accounts_or_leave_the_way_open_are_read(world: World) -> None:
    world.tg.channel("third")
    await world.lists("news", "other", other=ChannelSettings(source="web"))
    async with world.store.begin() as tx:
        await tx.channels.ensure(["third"])
    async with world.reading() as reader:
        assert await reader.step() == 1


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
        assert world.tg.called("GetHistory") - calls == 1, "what is new, and no more than that"
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
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source()).run())
        for text in ("one", "two", "three"):
            await world.stored.wait()
            world.stored.clear()
            await world.tg.post("News", f"Ministers met in Riga, {text}.", date=world.clock.now.timestamp())
        await world.stored.wait()
        running.cancel()
    assert await world.ids() == [1, 2, 3, 4]
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("about_takes", [0, 0.5])
async def test_what_was_missed_while_the_line_was_cut_is_read_after_it(world: World, about_takes: float) -> None:
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news")
    world.tg.fault("GetFullChannel", code=0, delay=about_takes)  # the channel is still being read when it is cut
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source(), sleep=for_ever).run())
        await world.stored.wait()
        world.stored.clear()
        world.tg.cut()
        await world.publish(2)
        await world.stored.wait()
        running.cancel()
    assert await world.ids() == [1, 2, 3]


@pytest.mark.parametrize("in_file", [False, True], ids=["string", "file"])
async def test_live_posts_cuts_and_restarts_are_the_same_with_any_session(
    world: World, tmp_path: Path, in_file: bool
) -> None:
    world.tg.join("News", PHONE)
    await world.lists("news")
    session = world.tg.mint(PHONE)
    if in_file:
        session = as_file(session, tmp_path / "ann.session")

    async def until(last: int) -> None:
        while await world.ids() != [*range(1, last + 1)]:
            world.stored.clear()
            await world.stored.wait()

    async with asyncio.timeout(60):
        for known in (0, 4):
            await world.publish(1)  # while nobody listens
            async with asyncio.TaskGroup() as group:
                source = world.source(session=session)
                running = group.create_task(world.reader(source, sleep=for_ever).run())
                await until(known + 1)
                await world.tg.post("News", "Ministers met in Oslo.", date=world.clock.now.timestamp())
                await until(known + 2)
                await world.publish(2)  # and no push of it comes
                world.tg.cut()
                await until(known + 4)
                running.cancel()
    assert [post.edits for post in await world.posts()] == [0] * 8


async def test_a_signed_out_account_is_told_once_and_tried_again(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.accounts.reader.SLOW_WAIT", timedelta(seconds=0.01))
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news")
    source = world.source()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
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
    assert told == ["account test: signed out: sign in with `courant login --account test`"]
    assert await world.ids() == [1, 2]


async def test_a_channel_whose_call_hangs_delays_no_other(world: World) -> None:
    for name in ("News", "Other"):
        world.tg.join(name, PHONE)
    await world.publish(1)
    await world.publish(1, "Other")
    await world.lists("news", "other")
    async with world.reading() as reader:
        await reader.step()
    world.tg.fault("GetHistory", channel="News", code=0, delay=60, times=9)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        reader = world.reader(world.source())
        running = group.create_task(reader.run())
        await world.tg.until_called("GetHistory", 4)
        for _ in range(3):
            world.stored.clear()
            world.clock.passes(minutes=1)
            await world.tg.post("Other", "Ministers met in Oslo.", date=world.clock.now.timestamp())
            await world.stored.wait()
        assert reader.is_busy, "the other one still hangs"
        running.cancel()
    assert await world.ids("other") == [1, 2, 3, 4]


async def test_however_many_channels_are_due_they_are_read_one_batch_after_another_without_a_wait(world: World) -> None:
    names = await world.towns(2 * BATCH + 5, joined=True)
    await world.lists(*names)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source(), sleep=for_ever).run())
        await world.tg.until_called("GetHistory", len(names))
        running.cancel()


async def test_a_pushed_post_does_not_wait_with_those_that_are_due_for_the_accounts_pace(world: World) -> None:
    names = await world.towns(3 * AT_ONCE, joined=True)
    world.tg.join("News", PHONE)
    await world.lists(*names)
    async with world.reading() as reader:
        await reader.step()
        world.clock.passes(minutes=10)
        await world.lists("news", *names)
        await reader.step()
    pace = Pace({HISTORY: (1, 1)}, sleep=for_ever)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source(pace=pace), sleep=for_ever).run())
        await world.tg.until_called("GetHistory", len(names) + 2)
        for number in range(3):
            await world.tg.post("News", f"Ministers met in Oslo, {number}.", date=world.clock.now.timestamp())
            await world.stored.wait()
            world.stored.clear()
        assert pace.waiting == 1
        running.cancel()
    assert await world.ids() == [1, 2, 3]


async def test_posts_that_come_while_their_channel_is_read_are_read_right_after_it(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news")
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(world.reader(world.source(), sleep=for_ever).run())
        await world.stored.wait()
        for number in range(5):
            await world.tg.post("News", f"Ministers met in Oslo, {number}.", date=world.clock.now.timestamp())
        while len(await world.ids()) < 6:
            world.stored.clear()
            await world.stored.wait()
        running.cancel()


async def test_an_account_that_nothing_answers_is_out_until_it_is_answered_again(world: World) -> None:
    names = await world.towns(6, posts=1)
    await world.lists(*names)
    async with world.reading() as reader:
        await reader.step()
    port = world.tg.port

    async def until(state: AccountState, way: str) -> None:
        while (await world.fares())["test"].state is not state or set((await world.ways()).values()) != {way}:
            world.clock.passes(minutes=5)
            await asyncio.sleep(0.01)  # the table tells nobody

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        source, ways = world.source(), Ways(world.store, world.clock, ["test"])
        reader = world.reader(source, ways, sleep=lambda _: asyncio.sleep(0.01))
        running = group.create_task(reader.run())
        await world.tg.until_called("GetHistory", 12)
        await world.tg.stop()
        with held(port):
            source._patience = 0.3
            await until(AccountState.UNREACHABLE, WEB_WAY)
            source._patience = 60
            world.tg.port = port
            await world.tg.start()
        await until(AccountState.READING, "test")
        running.cancel()
