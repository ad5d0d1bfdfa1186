"""Names that are looked up, floods, and channels that close or change their names; against MiniTelegram."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import pytest

from core.errors import StorageError
from core.model import ChannelId, ChannelSettings, Source
from ingest.accounts.peers import AddressBook
from ingest.rhythm import LONGEST_WAIT
from ingest.telegram.values import Hint, HintKind
from storage.peers import Address, Peers
from tests.ingest.account_world import PHONE, World
from tests.moments import NOW


async def test_a_name_is_looked_up_once_and_never_where_the_account_has_joined(world: World) -> None:
    world.tg.join("Other", PHONE)
    await world.publish(3)
    await world.publish(2, "Other")
    await world.lists("news", "other")
    for _ in range(2):
        async with world.reading() as reader:
            await reader.step()
        world.clock.passes(hours=1)
    assert world.tg.called("ResolveUsername") == 1
    assert (await world.ids(), await world.ids("other")) == ([1, 2, 3], [1, 2])
    assert (await world.channel("other")).title == "The Other"


async def test_what_an_account_has_joined_is_news_even_where_it_knew_nothing(world: World) -> None:
    world.tg.join("Other", PHONE)
    await world.lists("news", "other")
    async with world.source() as source:
        book = AddressBook(world.store, source, world.clock)
        assert await book.refresh()
        book.reopen()
        assert not await book.refresh()


async def test_addresses_that_a_busy_database_did_not_take_are_kept_with_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, kept = Peers.keep, list[ChannelId]()

    async def keep_one(self: Peers, account: str, channel: ChannelId, address: Address) -> None:
        if kept:
            raise StorageError("the database is locked")
        kept.append(channel)
        await keep(self, account, channel, address)

    for name in ("News", "Other"):
        world.tg.join(name, PHONE)
    await world.lists("news", "other")
    async with world.reading() as reader:
        with monkeypatch.context() as locked:
            locked.setattr(Peers, "keep", keep_one)
            with pytest.raises(StorageError):
                await reader.step()
        assert await world.known() == frozenset()
        await reader.step()
    assert len(await world.known()) == 2
    assert world.tg.called("ResolveUsername") == 0


async def test_an_address_that_is_forgotten_while_it_is_noted_as_joined_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = Peers.joined
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
    world.tg.join("News", PHONE)
    channel = await world.channel()
    async with world.source() as source, asyncio.TaskGroup() as group:
        book = AddressBook(world.store, source, world.clock)

        async def forgotten_meanwhile(
            self: Peers, account: str, members: Collection[ChannelId], others: Collection[ChannelId]
        ) -> None:
            group.create_task(book.forget(channel))
            await joined(self, account, members, others)

        monkeypatch.setattr(Peers, "joined", forgotten_meanwhile)
        assert await book.refresh()
    assert await world.known() == frozenset()


async def test_where_it_is_not_known_what_was_joined_names_are_looked_up(world: World) -> None:
    world.tg.join("News", PHONE)
    world.tg.fault("GetDialogs", text="FLOOD_WAIT_60")
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
    assert await world.ids() == [1]
    assert world.tg.called("ResolveUsername") == 1


async def test_what_was_joined_is_asked_again_in_a_minute_where_telegram_did_not_tell(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.lists("news")
    world.tg.fault("GetDialogs", code=400, text="PEER_ID_INVALID")
    async with world.reading() as reader:
        await reader.step()
        assert world.tg.called("GetDialogs") == 1
        world.clock.passes(seconds=59)
        await reader.step()
        assert world.tg.called("GetDialogs") == 1
        world.clock.passes(seconds=2)
        await reader.step()
        assert world.tg.called("GetDialogs") > 1


async def test_a_flood_parks_its_channel_and_the_others_go_on(world: World) -> None:
    await world.publish(2)
    await world.publish(2, "Other")
    await world.lists("news", "other")
    async with world.reading() as reader:
        world.tg.fault("GetHistory", channel="News", text="FLOOD_WAIT_3")
        assert await reader.step() == 2
        assert await world.ids("other") == [1, 2]
        assert (await world.state()).next_at == world.clock.now + timedelta(seconds=3)
        world.clock.passes(seconds=3)
        assert await reader.step() == 1
    assert (await world.ids(), (await world.state()).failures) == ([1, 2], 0)


async def test_a_long_flood_parks_its_channel_only_and_two_of_them_the_account(world: World) -> None:
    names = await world.towns(7, posts=1)
    await world.lists(*names)
    async with world.reading() as reader:
        await reader.step()
        world.clock.passes(hours=1)
        world.tg.fault("GetHistory", channel="town_0", text="FLOOD_WAIT_300")
        for name in names:
            await world.publish(1, name)
        await reader.step()
        assert [len(await world.ids(name)) for name in names] == [1] + [2] * 6
        world.clock.passes(hours=1)
        for name in names:
            world.tg.fault("GetHistory", channel=name, text="FLOOD_WAIT_300")
            await world.publish(1, name)
        calls = world.tg.called("GetHistory")
        while await reader.step():
            pass
        assert 2 <= world.tg.called("GetHistory") - calls <= 5, "the others are not even tried"
        assert await reader.step([Hint(kind=HintKind.RECONNECTED)]) == 0
        world.tg.faults.clear()
        world.clock.passes(seconds=300)
        await reader.step()
    assert [len(await world.ids(name)) for name in names] == [3] * 7


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
        world.clock.passes(hours=1)
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


async def test_no_more_names_are_looked_up_than_telegram_bears_and_a_restart_does_not_help(world: World) -> None:
    names = await world.towns(55)
    await world.lists(*names)
    started = world.clock.now
    looked_up: dict[int, int] = {}
    for minutes in (0, 5, 10, 15, 20, 25, 55, 60):
        world.clock.now = started + timedelta(minutes=minutes)
        async with world.reading() as reader:
            while await reader.step():
                pass
        looked_up[minutes] = world.tg.called("ResolveUsername")
    assert looked_up == {0: 10, 5: 20, 10: 30, 15: 40, 20: 50, 25: 50, 55: 50, 60: 55}


async def test_what_nothing_else_can_read_is_looked_up_first(world: World) -> None:
    names = await world.towns(30)
    await world.lists(*names, town_7=ChannelSettings(source="account"))
    async with world.store.begin() as tx:
        ids = await tx.channels.ensure(names)
        for name, channel in ids.items():
            await tx.channels.was_read(channel, Source.WEB, cursor=1, oldest=1, now=NOW, next_at=NOW)
            if name == "town_25":
                await tx.channels.failed(channel, Source.WEB, "shows no web preview", NOW, now=NOW)
    async with world.reading() as reader:
        await reader.step()
    known = await world.known()
    assert {ids["town_7"], ids["town_25"]} <= known
    assert len(known) == 10


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
    world.clock.passes(hours=1)
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
        world.clock.passes(hours=1)
        await world.publish(1, "Fresh_News")
        await reader.step()
        assert await world.ids() == [1, 2, 3], "read under its former name as long as the list says so"
        await world.lists("fresh_news")
        world.clock.passes(minutes=1)
        await world.publish(1, "Fresh_News")
        await reader.step()
    assert await world.ids("fresh_news") == [1, 2, 3, 4]
    async with world.store.read() as tx:
        assert [channel.name for channel in await tx.channels.all()] == ["fresh_news"]


async def test_a_name_that_another_channel_took_over_is_not_read_as_the_old_one(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        old = world.tg.find("News")
        old.username, old.invite = None, "hash"
        world.tg.channel("News")
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
        assert "another channel has this name now" in caplog.text
        await world.publish(3)
        world.clock.passes(minutes=1)
        await reader.step()
    assert (await world.ids(f"c/{old.id}"), await world.ids()) == ([1], [1, 2, 3])


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_was_ahead_keeps_no_account_waiting_once_it_is_right(world: World, restarted: bool) -> None:
    names = await world.towns(3, posts=1)
    await world.lists(*names)
    async with world.reading() as reader:
        await reader.step()
        for name in names:
            await world.publish(1, name)
        world.clock.passes(days=30)
        for name in names[:2]:  # the second one lets the whole account rest
            world.tg.fault("GetHistory", channel=name, text="FLOOD_WAIT_3000")
        await reader.step()
        world.clock.passes(days=-30)
        if not restarted:
            await reader.step()
            await reader.step()
    if restarted:
        async with world.reading() as reader:
            await reader.step()
            await reader.step()
    assert [await world.ids(name) for name in names] == [[1, 2]] * 3


async def test_names_are_looked_up_once_a_clock_that_was_ahead_is_right(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    world.clock.passes(days=30)
    world.tg.fault("ResolveUsername", text="FLOOD_WAIT_3000")
    async with world.reading() as reader:
        await reader.step()
        world.clock.passes(days=-30)
        await reader.step()
    assert await world.ids() == [1]


async def test_a_server_that_asks_to_wait_for_ever_is_asked_again_after_a_week(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    world.tg.fault("GetHistory", text="FLOOD_WAIT_99999999999")
    async with world.reading() as reader:
        await reader.step()
        world.clock.passes(days=6)
        await reader.step()
        assert await world.ids() == []
        world.clock.passes(days=2)
        await reader.step()
    assert await world.ids() == [1]
