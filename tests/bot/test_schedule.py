"""Digests at their hour: once, and shared by those who want the same."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.digests import Desk
from bot.looks import Looks
from bot.schedule import Schedule
from core.model import ChannelId, Memory, Reader, ReaderId, ReaderState, Source
from digest.taste import read_keywords
from storage.store import Store
from tests.bot.scheduled import a_reader, a_schedule, again, texts_of
from tests.bot.world import LISTS, place, publish, tell
from tests.fragile import FragileStore
from tests.moments import NOW, Moment


async def test_a_digest_is_brought_at_the_set_minute_and_not_before(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    schedule = a_schedule(world, clock)

    clock.passes(hours=1, minutes=59)
    assert await schedule.deliver_due() == 0
    clock.passes(minutes=1)
    assert await schedule.deliver_due() == 1
    assert await schedule.deliver_due() == 0

    (text,) = await texts_of(world, reader)
    assert "World affairs · Tuesday, 18 February" in text
    after = await again(world, reader)
    assert after.told_until == clock()
    assert after.due_at == datetime(2025, 2, 19, 20, 0, tzinfo=UTC)


async def test_the_hour_is_the_readers_own(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock, zone="Europe/Moscow", at="22:00")  # 19:00 UTC
    schedule = a_schedule(world, clock)

    clock.passes(minutes=59)
    assert await schedule.deliver_due() == 0
    clock.passes(minutes=1)
    assert await schedule.deliver_due() == 1
    assert "Tuesday, 18 February" in (await texts_of(world, reader))[0]


async def test_what_was_told_yesterday_is_not_told_again(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    clock.passes(hours=2)
    await a_schedule(world, clock).deliver_due()
    await tell(world, NOW + timedelta(days=1))
    clock.passes(days=1)

    await a_schedule(world, clock).deliver_due()

    first, second = await texts_of(world, reader)
    assert "harbour_wire/18000" in first
    assert "harbour_wire/18000" not in second
    assert "harbour_wire/19000" in second


async def test_what_had_not_been_through_the_stories_at_the_hour_is_told_the_next_day(
    world: Store, clock: Moment
) -> None:
    reader = await a_reader(world, clock)
    await publish(world, NOW + timedelta(days=1))
    clock.passes(days=1, hours=2)
    await a_schedule(world, clock).deliver_due()
    await place(world)
    clock.passes(days=1)

    await a_schedule(world, clock).deliver_due()

    first, second = await texts_of(world, reader)
    assert "harbour_wire/19000" not in first
    assert "harbour_wire/19000" in second


async def test_where_nothing_was_ever_read_nobody_is_told_of_a_quiet_day(store: Store, clock: Moment) -> None:
    async with store.begin() as tx:
        await tx.channels.take_over(LISTS, {})
    reader, admin = await a_reader(store, clock), await a_reader(store, clock, chat=2)
    desk = Desk(store, clock, asyncio.Event(), Looks(), admins=(admin.chat_id,))
    clock.passes(hours=2)
    assert await Schedule(store, clock, desk).deliver_due() == 2
    (told,), (told_admin,) = await texts_of(store, reader), await texts_of(store, admin)
    assert "has not been read for the first time yet" in told
    assert "/status" not in told
    assert told_admin.startswith(told)
    assert "/status shows whether the channels are read" in told_admin
    async with store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire"])
        await tx.channels.was_read(ids["harbour_wire"], Source.WEB, cursor=1, oldest=1, now=clock(), next_at=clock())
    clock.passes(days=1)
    assert await Schedule(store, clock, desk).deliver_due() == 2
    assert "quiet day" in (await texts_of(store, reader))[-1]


async def test_two_schedulers_bring_one_digest(world: Store, clock: Moment) -> None:
    readers = [await a_reader(world, clock, chat) for chat in range(1, 4)]
    clock.passes(hours=2)

    brought = await asyncio.gather(*(a_schedule(world, clock).deliver_due() for _ in range(2)))

    assert sum(brought) == 3
    assert [len(await texts_of(world, reader)) for reader in readers] == [1, 1, 1]


async def test_a_digest_that_fails_stops_no_other_and_comes_later(
    world: Store, clock: Moment, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = await a_reader(world, clock, 1), await a_reader(world, clock, 2)
    async with world.begin() as tx:
        await tx.readers.change(broken.id, at="never")
    clock.passes(hours=2)
    schedule = a_schedule(world, clock)

    with caplog.at_level(logging.ERROR):
        assert await schedule.deliver_due() == 1
        assert await schedule.deliver_due() == 0
    assert len(caplog.records) == 1
    assert (len(await texts_of(world, broken)), len(await texts_of(world, whole))) == (0, 1)

    async with world.begin() as tx:
        await tx.readers.change(broken.id, at="20:00")
    clock.passes(seconds=61)
    assert await schedule.deliver_due() == 1


@pytest.mark.parametrize("state", [ReaderState.PAUSED, ReaderState.BLOCKED, ReaderState.GONE])
async def test_one_who_does_not_want_or_cannot_get_it_is_brought_nothing(
    world: Store, clock: Moment, state: ReaderState
) -> None:
    reader = await a_reader(world, clock)
    async with world.begin() as tx:
        await tx.readers.change(reader.id, state=state)
    clock.passes(days=1)

    assert await a_schedule(world, clock).deliver_due() == 0


async def test_one_who_follows_nothing_gets_no_empty_digest(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    async with world.begin() as tx:
        await tx.readers.unfollow(reader.id, lists=["world"])
    clock.passes(hours=2)

    assert await a_schedule(world, clock).deliver_due() == 0
    assert (await again(world, reader)).due_at == datetime(2025, 2, 19, 20, 0, tzinfo=UTC)


async def test_readers_of_one_list_in_two_zones_each_read_their_own_clock(world: Store, clock: Moment) -> None:
    here, there = await a_reader(world, clock, 1), await a_reader(world, clock, 2, zone="Asia/Tokyo", at="05:00")
    clock.passes(hours=2)

    assert await a_schedule(world, clock).deliver_due() == 2

    assert "Tuesday, 18 February" in (await texts_of(world, here))[0]
    assert "Wednesday, 19 February" in (await texts_of(world, there))[0]


async def test_a_hundred_and_fifty_readers_are_all_served(world: Store, clock: Moment) -> None:
    async with world.begin() as tx:
        for chat in range(1, 151):
            new = Reader(id=ReaderId(0), chat_id=chat, due_at=clock())
            reader, _ = await tx.readers.welcome(new, clock())
            if chat <= 3:  # the others follow nothing, which is quick
                await tx.readers.follow(reader.id, lists=["world"])
    clock.passes(hours=2)

    assert await a_schedule(world, clock).deliver_due() == 3
    async with world.read() as tx:
        assert await tx.readers.due(clock(), 200) == ()


async def test_those_who_were_served_before_a_database_went_away_are_not_among_the_failed(
    world: Store, clock: Moment, caplog: pytest.LogCaptureFixture
) -> None:
    for chat in range(1, 151):
        await a_reader(world, clock, chat)
    schedule = a_schedule(FragileStore(world, spared=1, failures=1), clock)  # to write once
    clock.passes(hours=2)

    assert await schedule.deliver_due() == 100
    assert "digests for 50 readers could not be built" in caplog.text
    clock.passes(minutes=2)
    assert await schedule.deliver_due() == 50


async def editions_of(store: Store) -> list[int]:
    """The edition of each part that waits, in the order of readers."""
    async with store.read() as tx:
        parts = await tx.outbox.waiting(datetime(2100, 1, 1, tzinfo=UTC), 100)
    return [part.edition or 0 for part in sorted(parts, key=lambda part: part.reader.id)]


async def test_readers_with_equal_wishes_and_memories_share_one_edition(world: Store, clock: Moment) -> None:
    readers = [await a_reader(world, clock, chat) for chat in range(1, 5)]
    async with world.begin() as tx:
        await tx.readers.change(readers[2].id, language="ru")
        (known, *_) = await tx.posts.waiting(1000) or await tx.posts.latest_of(ChannelId(1), 9)
        assert known.story
        await tx.memories.remember(readers[3].id, {known.story: Memory(last=known.id, came=clock())})
    clock.passes(hours=2)

    assert await a_schedule(world, clock).deliver_due() == 4

    one, other, in_russian, with_another_memory = await editions_of(world)
    assert one == other
    assert len({one, in_russian, with_another_memory}) == 3
    texts = [(await texts_of(world, reader))[0] for reader in readers]
    assert texts[0] == texts[1]
    assert "Мир" in texts[2]
    assert texts[3] != texts[0]


async def test_the_schedule_ticks_until_it_is_cancelled(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    wake = asyncio.Event()
    schedule = Schedule(world, clock, Desk(world, clock, wake, Looks()), every=0.02)
    before = asyncio.all_tasks()
    task = asyncio.get_running_loop().create_task(schedule.run())
    await asyncio.sleep(0.03)
    clock.passes(hours=2)
    await asyncio.wait_for(wake.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert len(await texts_of(world, reader)) == 1
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_readers_of_one_list_get_digests_by_their_own_words(world: Store, clock: Moment) -> None:
    plain, particular = await a_reader(world, clock, 1), await a_reader(world, clock, 2)
    async with world.begin() as tx:
        await tx.tastes.want(particular.id, read_keywords("-tariffs"))
    clock.passes(hours=2)

    await a_schedule(world, clock).deliver_due()

    assert "direct talks" in " ".join(await texts_of(world, plain))
    (text,) = await texts_of(world, particular)
    assert "direct talks" not in text
    assert "on what you never want" in text
