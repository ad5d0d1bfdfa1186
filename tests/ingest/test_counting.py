"""Counts of older posts are asked for when they are due, in few calls, and are no edits."""

from ingest.counting import Counting
from tests.ingest.account_world import World


async def busy(world: World) -> None:
    """A channel of 210 posts, of which the newest hundred are on its newest page, swept a moment ago."""
    await world.lists("news")
    async with world.reading() as reader:
        for count in (100, 60):
            await world.publish(count)
            world.clock.passes(minutes=20)
            await reader.step()
        await world.publish(50)
        world.clock.passes(minutes=70)
        for message in world.tg.find("News").messages.values():
            message.views, message.forwards = 1000 + message.id, message.id
        world.tg.calls.clear()
        await reader.step()


async def test_what_no_page_brings_is_counted_a_hundred_posts_a_call(world: World) -> None:
    await busy(world)
    posts = await world.posts()
    assert [post.views for post in posts] == [1000 + number for number in range(1, 211)]
    assert [post.forwards for post in posts] == list(range(1, 211))
    assert {post.edits for post in posts} == {0}
    assert (world.tg.called("GetHistory"), world.tg.called("GetMessagesViews")) == (1, 2)


async def test_a_restart_asks_for_no_count_again_and_forgets_none(world: World) -> None:
    await busy(world)
    channel = await world.channel()
    async with world.source() as source:
        peer = await source.resolve("News")
        counting = Counting(world.store, source, world.clock)
        world.tg.calls.clear()
        assert await counting.refresh(channel.id, peer) == 0
        assert world.tg.called("GetMessagesViews") == 0
        world.clock.passes(hours=3)
        world.tg.find("News").messages[7].views = 5000
        assert await Counting(world.store, source, world.clock).refresh(channel.id, peer) == 1
    assert [post.views for post in await world.posts()][6] == 5000


async def test_a_quiet_channel_costs_no_call(world: World) -> None:
    await world.publish(30)
    await world.lists("news")
    async with world.reading() as reader:
        for _ in range(5):
            await reader.step()
            world.clock.passes(hours=1)
    assert world.tg.called("GetMessagesViews") == 0


async def test_counts_that_cannot_be_had_hold_up_nothing_and_wait(world: World) -> None:
    world.tg.fault("GetMessagesViews", code=420, text="FLOOD_WAIT_600", times=1)
    await busy(world)
    state = await world.state()
    assert (state.failures, state.cursor) == (0, 210)
    assert (await world.posts())[0].views == 1
    assert world.tg.called("GetMessagesViews") == 1, "the others of the account are not asked for, either"


async def test_counts_of_a_post_that_is_gone_change_nothing(world: World) -> None:
    await busy(world)
    channel = await world.channel()
    await world.tg.delete("News", 3, push=False)
    async with world.source() as source:
        peer = await source.resolve("News")
        world.clock.passes(hours=3)
        assert await Counting(world.store, source, world.clock).refresh(channel.id, peer) == 0
    assert (await world.posts())[2].views == 1003
