"""What a digest of some lists tells of a story, and what the next of all does."""

import asyncio
from datetime import datetime, timedelta

from bot.digests import Desk
from bot.looks import Looks
from bot.windows import Window
from core.model import CleanPost, Reader, StoryId
from storage.store import Store
from tests.bot.scheduled import a_reader, a_schedule, again, texts_of
from tests.moments import NOW, Moment
from tests.posts import a_post

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
