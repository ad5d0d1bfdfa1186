"""Digests at their hour through restarts, downtime and clocks that were ahead."""

from datetime import UTC, datetime, timedelta

from storage.store import Store
from tests.bot.scheduled import a_reader, a_schedule, again, texts_of
from tests.bot.world import Talk, tell, the_reader
from tests.moments import NOW, Moment


async def test_a_restart_between_two_hours_changes_nothing(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    clock.passes(hours=2)
    assert await a_schedule(world, clock).deliver_due() == 1

    assert await a_schedule(world, clock).deliver_due() == 0
    clock.passes(days=1)
    assert await a_schedule(world, clock).deliver_due() == 1
    assert len(await texts_of(world, reader)) == 2


async def test_after_days_of_downtime_one_digest_tells_late_what_was_missed(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    clock.passes(hours=2)
    await a_schedule(world, clock).deliver_due()
    await tell(world, NOW + timedelta(days=1))

    clock.passes(days=4, minutes=7)
    assert await a_schedule(world, clock).deliver_due() == 1

    _, late = await texts_of(world, reader)
    assert "harbour_wire/19000" in late
    assert (await again(world, reader)).due_at == datetime(2025, 2, 23, 20, 0, tzinfo=UTC)


async def test_after_a_month_only_the_last_week_is_told(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    async with world.begin() as tx:
        await tx.readers.change(reader.id, told_until=clock())
    clock.passes(days=30)

    assert await a_schedule(world, clock).deliver_due() == 1

    (text,) = await texts_of(world, reader)
    assert "18000" not in text
    assert "quiet day" in text


async def test_a_clock_that_was_a_month_ahead_costs_nobody_a_digest(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    clock.passes(days=30, hours=2)
    assert await a_schedule(world, clock).deliver_due() == 1

    clock.passes(days=-30, hours=1)
    assert await a_schedule(world, clock).deliver_due() == 0
    assert (await again(world, reader)).due_at == NOW + timedelta(days=1, hours=2)
    clock.passes(hours=23)
    assert await a_schedule(world, clock).deliver_due() == 1

    right, ahead = await texts_of(world, reader)  # in the order in which they may be sent
    assert "quiet day" in ahead
    assert "harbour_wire/18000" in right


async def test_a_clock_that_was_three_days_ahead_leaves_no_day_out(world: Store, clock: Moment) -> None:
    reader = await a_reader(world, clock)
    schedule = a_schedule(world, clock)
    clock.passes(days=3)
    assert await schedule.deliver_due() == 1

    clock.passes(days=-3)
    assert await schedule.deliver_due() == 0
    brought = []
    for _ in range(3):
        clock.passes(hours=2)  # 20:00
        brought.append(await schedule.deliver_due())
        clock.passes(hours=22)
    assert brought == [0, 1, 1]  # that of the first day has come
    assert len(await texts_of(world, reader)) == 3


async def test_a_clock_that_was_ahead_brings_no_second_digest_of_a_day_that_had_one(
    world: Store, clock: Moment, talk: Talk
) -> None:
    await talk.starts("20:00", "UTC")
    schedule = a_schedule(world, clock)
    clock.passes(hours=2)
    assert await schedule.deliver_due() == 1
    assert "next tomorrow" in await talk.hears("send it at 22:00")

    clock.passes(days=30)
    assert await schedule.deliver_due() == 1
    clock.passes(days=-30)
    await schedule.deliver_due()
    assert (await the_reader(world)).due_at == NOW + timedelta(days=1, hours=4)


async def test_what_a_clock_brought_that_was_a_month_ahead_is_no_digest_of_a_month_later(
    world: Store, clock: Moment
) -> None:
    await a_reader(world, clock)
    schedule = a_schedule(world, clock)
    clock.passes(days=30)
    assert await schedule.deliver_due() == 1
    clock.passes(hours=2)
    assert await schedule.deliver_due() == 1  # for 20:00 of that day

    clock.passes(days=-30)
    await schedule.deliver_due()
    clock.passes(days=29)
    assert await schedule.deliver_due() == 1
    clock.passes(days=1)
    assert await schedule.deliver_due() == 1
