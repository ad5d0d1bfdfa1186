"""Digests at their hour: once, on time, through restarts and downtime."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.digests import Desk
from bot.hours import next_due
from bot.looks import Looks
from bot.schedule import Schedule
from bot.windows import Window
from core.model import ChannelId, CleanPost, Memory, Reader, ReaderId, ReaderState, Source, StoryId
from digest.taste import read_keywords
from storage.store import Store
from tests.bot.world import LISTS, Talk, place, publish, tell, the_reader
from tests.fragile import FragileStore
from tests.moments import NOW, Moment
from tests.posts import a_post


def a_schedule(store: Store, clock: Moment) -> Schedule:
    return Schedule(store, clock, Desk(store, clock, asyncio.Event(), Looks()))


async def a_reader(store: Store, clock: Moment, chat: int = 1, **fields: str) -> Reader:
    reader = Reader(id=ReaderId(0), chat_id=chat, at="20:00", zone="UTC")
    async with store.begin() as tx:
        reader, _ = await tx.readers.welcome(reader, clock())
        await tx.readers.follow(reader.id, lists=["world"])
        values = {"at": reader.at, "zone": reader.zone, **fields}
        return await tx.readers.change(reader.id, **values, due_at=next_due(values["at"], values["zone"], clock()))


async def texts_of(store: Store, reader: Reader) -> list[str]:
    """What waits for the reader, in the order of being written."""
    async with store.read() as tx:
        parts = await tx.outbox.waiting(datetime(2100, 1, 1, tzinfo=UTC), 100)
    return [part.payload["text"] for part in parts if part.reader.id == reader.id]


async def again(store: Store, reader: Reader) -> Reader:
    async with store.read() as tx:
        found = await tx.readers.get(reader.id)
    assert found
    return found


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


FIRE = (
    (
        "city_desk",
        "Six firefighters are in hospital after the blaze in the market hall; Quay Street stays shut till Friday.",
    ),
    ("harbour_wire", "Fire in the market hall of Eastport, the brigade says."),
    ("meridian_dispatch", "The market hall of Eastport is on fire, says the brigade."),
)

REBUILT = "Council of Eastport votes four million crowns to rebuild the market hall with a new glass roof by autumn."


async def told_of_one_event(store: Store, *posts: CleanPost, now: datetime = NOW) -> None:
    async with store.begin() as tx:
        await tx.posts.add(posts, await tx.channels.ensure([post.post.channel for post in posts]), now)
        waiting = await tx.posts.waiting(9)
        known = [post.story async for post in tx.posts.every() if post.story and "market hall" in post.text]
        story = known[0] if known else StoryId(waiting[0].id)
        await tx.stories.assign({post.id: story for post in waiting}, {})
        await tx.posts.went_through(waiting)


async def a_reader_of_the_fire(store: Store, clock: Moment) -> Reader:
    """One who follows a list and a channel that is in none, and whose channels tell of a fire."""
    posts = [
        a_post(900 + at, text, channel=channel, date=NOW - timedelta(minutes=60 - at), fingerprint=0xFFFF << 16 * at)
        for at, (channel, text) in enumerate(FIRE)
    ]
    reader = await a_reader(store, clock)
    await told_of_one_event(store, *posts)
    async with store.begin() as tx:
        await tx.readers.follow(reader.id, channels=["city_desk"])
    return await again(store, reader)


async def asks_for_the_world(store: Store, clock: Moment, reader: Reader) -> None:
    desk = Desk(store, clock, asyncio.Event(), Looks())
    now = clock()
    await desk.now(await again(store, reader), Window(now - timedelta(days=1), now), lists=["world"])


async def test_what_a_digest_of_some_lists_left_untold_of_a_story_is_told_by_the_next_of_all(
    world: Store, clock: Moment
) -> None:
    reader = await a_reader_of_the_fire(world, clock)
    await asks_for_the_world(world, clock, reader)
    (asked,) = await texts_of(world, reader)
    assert ("market hall" in asked, "firefighters" in asked) == (True, False)

    clock.passes(hours=2)
    assert await a_schedule(world, clock).deliver_due() == 1

    _, told = await texts_of(world, reader)
    assert "Six firefighters" in told
    assert "talks" not in told


async def test_what_a_digest_of_some_lists_told_is_not_told_again_where_the_reader_knew_what_the_others_say(
    world: Store, clock: Moment
) -> None:
    reader = await a_reader_of_the_fire(world, clock)
    clock.passes(hours=2)
    assert await a_schedule(world, clock).deliver_due() == 1
    clock.passes(hours=12)
    await told_of_one_event(world, a_post(950, REBUILT, channel="harbour_wire", date=clock() - timedelta(hours=1)))
    await asks_for_the_world(world, clock, reader)
    clock.passes(hours=12)
    assert await a_schedule(world, clock).deliver_due() == 1

    first, asked, second = await texts_of(world, reader)
    assert "Six firefighters" in first
    assert "four million" in asked
    assert "four million" not in second


async def test_what_came_late_and_no_list_of_the_digest_tells_is_told_by_the_next_of_all(
    world: Store, clock: Moment
) -> None:
    reader = await a_reader(world, clock)
    early, late = NOW - timedelta(minutes=60), NOW - timedelta(minutes=59)
    (_, said), (wire, fire), (dispatch, again_fire) = FIRE
    await told_of_one_event(
        world,
        a_post(901, fire, channel=wire, date=early, fingerprint=0xFFFF << 16),
        a_post(902, again_fire, channel=dispatch, date=NOW, fingerprint=0xFFFF << 32),
    )
    async with world.begin() as tx:
        await tx.readers.follow(reader.id, channels=["city_desk"])
    clock.passes(hours=2)
    assert await a_schedule(world, clock).deliver_due() == 1
    clock.passes(minutes=15)
    await told_of_one_event(world, a_post(900, said, channel="city_desk", date=late, fingerprint=0xFFFF), now=clock())
    clock.passes(minutes=15)
    await told_of_one_event(world, a_post(950, REBUILT, channel=wire, date=clock()), now=clock())
    clock.passes(minutes=15)
    await asks_for_the_world(world, clock, reader)
    clock.passes(hours=23, minutes=15)
    assert await a_schedule(world, clock).deliver_due() == 1

    _, asked, second = await texts_of(world, reader)
    assert ("four million" in asked, "firefighters" in asked) == (True, False)
    assert "Six firefighters" in second


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
