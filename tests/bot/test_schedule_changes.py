"""An hour, a zone or a look that is changed just when a digest is due."""

import asyncio
from datetime import timedelta

import pytest

from bot.digests import Desk
from bot.hours import next_due
from bot.looks import Looks
from storage.store import Store
from tests.bot.scheduled import a_reader, a_schedule, again, texts_of
from tests.bot.world import Talk, the_reader
from tests.moments import Moment


async def test_an_hour_changed_while_the_digest_was_built_wins(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    clock.passes(hours=2)
    later = clock() + timedelta(hours=1)
    async with world.begin() as tx:
        await tx.readers.change(reader.id, due_at=later)

    desk = Desk(world, clock, asyncio.Event(), Looks())
    assert await desk.due([reader], {reader.id: later}, clock()) == (0, ())
    assert (await again(world, reader)).due_at == later


async def test_an_hour_moved_to_later_in_the_day_brings_no_second_digest_that_day(
    world: Store, clock: Moment, talk: Talk
) -> None:
    await talk.starts("20:00", "UTC")
    clock.passes(hours=2)
    schedule = a_schedule(world, clock)
    assert await schedule.deliver_due() == 1

    assert "at 22:00 (UTC), next tomorrow" in await talk.hears("send it at 22:00")
    await talk.says("/settings")
    await talk.presses("Pause")
    await talk.presses("Resume")
    await talk.says("/settings")
    await talk.presses("Time zone")
    assert "at 22:00 (UTC-2), next tomorrow" in await talk.hears("UTC-2")
    clock.passes(hours=26)
    assert await schedule.deliver_due() == 0
    clock.passes(hours=2)
    assert await schedule.deliver_due() == 1


async def test_an_hour_that_has_brought_nothing_may_be_moved_to_later_in_the_day(
    world: Store, clock: Moment, talk: Talk
) -> None:
    await talk.starts("20:00", "UTC")
    reader = await the_reader(world)
    async with world.begin() as tx:
        await tx.readers.unfollow(reader.id, lists=reader.lists)
    clock.passes(hours=2)
    assert await a_schedule(world, clock).deliver_due() == 0

    async with world.begin() as tx:
        await tx.readers.follow(reader.id, lists=reader.lists)
    assert "at 22:00 (UTC), next today" in await talk.hears("send it at 22:00")


@pytest.mark.parametrize("fields", [{"at": "21:00"}, {"zone": "Europe/Moscow"}])
async def test_an_hour_or_a_zone_changed_while_the_digest_was_built_says_when_the_next_one_comes(
    world: Store, clock: Moment, fields: dict[str, str]
) -> None:
    reader = await a_reader(world, clock)
    clock.passes(hours=2)
    async with world.begin() as tx:
        await tx.readers.change(reader.id, **fields)

    desk = Desk(world, clock, asyncio.Event(), Looks())
    assert await desk.due([reader], {reader.id: clock() + timedelta(days=1)}, clock()) == (0, ())
    assert await a_schedule(world, clock).deliver_due() == 1
    after = await again(world, reader)
    assert after.due_at == next_due(after.at, after.zone, clock(), had=reader.due_at)


@pytest.mark.parametrize("answer", ["20:00", "9 in the morning", "10 pm"])
async def test_who_chooses_an_hour_when_the_digest_is_due_already_gets_it_all_the_same(
    world: Store, clock: Moment, talk: Talk, answer: str
) -> None:
    await talk.starts("20:00", "UTC")
    reader = await the_reader(world)
    clock.passes(days=1, hours=2, seconds=3)  # and nobody has looked yet at what is due
    await talk.says("/settings")
    await talk.presses("Hour")
    assert "next today" in await talk.hears(answer)

    schedule = a_schedule(world, clock)
    assert [await schedule.deliver_due() for _ in range(2)] == [1, 0]
    after = await again(world, reader)
    assert after.due_at == next_due(after.at, "UTC", clock())


async def test_who_presses_resume_again_when_the_digest_is_due_gets_it_all_the_same(
    world: Store, clock: Moment, talk: Talk
) -> None:
    await talk.starts("20:00", "UTC")
    await talk.says("/settings")
    await talk.presses("Pause")
    paused = talk.in_sight()
    await talk.presses("Resume")
    clock.passes(days=1, hours=2, seconds=3)
    talk.scroll_back(paused)
    await talk.presses("Resume")

    assert await a_schedule(world, clock).deliver_due() == 1


async def test_a_look_changed_while_the_digest_was_drawn_loses_nothing(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    clock.passes(hours=2)
    async with world.begin() as tx:
        await tx.readers.change(reader.id, look="rich")

    desk = Desk(world, clock, asyncio.Event(), Looks())
    assert await desk.due([reader], {reader.id: clock() + timedelta(days=1)}, clock()) == (1, ())
    assert "World affairs" in (await texts_of(world, reader))[0]
