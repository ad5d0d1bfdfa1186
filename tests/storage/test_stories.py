"""Which post tells of which story, and what becomes of it when stories merge."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.model import Kind, Memory, PostId, Reader, ReaderId, StoryId
from storage.store import Store
from tests.posts import MORNING, a_post


async def posts_of(store: Store, number: int, now: datetime) -> list[PostId]:
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        added = await tx.posts.add([a_post(n) for n in range(1, number + 1)], channels, now)
    return list(added.changed)


async def test_posts_wait_until_they_have_been_through_the_stories(any_store: Store, now: datetime) -> None:
    keys = await posts_of(any_store, 3, now)
    async with any_store.begin() as tx:
        assert [post.id for post in await tx.posts.waiting(2)] == keys[:2]
        waiting = await tx.posts.waiting(9)
        await tx.stories.assign({keys[0]: StoryId(keys[0]), keys[1]: None, keys[2]: StoryId(keys[0])}, {})
        await tx.posts.went_through(waiting)
        assert await tx.posts.waiting(9) == ()
        stories = await tx.posts.of_stories([StoryId(keys[0])])
        recent = await tx.stories.recent(MORNING)
        (page,) = await tx.stories.page(0, 10)
    assert [post.id for post in stories[StoryId(keys[0])]] == [keys[0], keys[2]]
    assert [post.id for post in recent] == [keys[0], keys[2]]
    assert page == (StoryId(keys[0]), MORNING + timedelta(minutes=1), MORNING + timedelta(minutes=3), 2)


async def test_an_edited_post_goes_through_the_stories_again(any_store: Store, now: datetime) -> None:
    keys = await posts_of(any_store, 1, now)
    async with any_store.begin() as tx:
        await tx.stories.assign({keys[0]: StoryId(keys[0])}, {})
        await tx.posts.went_through(await tx.posts.waiting(9))
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, "Changed.", edited=True)], channels, now)
        (waiting,) = await tx.posts.waiting(9)
    assert (waiting.text, waiting.story) == ("Changed.", StoryId(keys[0]))


async def test_a_merge_moves_posts_and_memory(any_store: Store, now: datetime) -> None:
    one, other = (StoryId(key) for key in await posts_of(any_store, 2, now))
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=5), now)
        await tx.stories.assign({PostId(one): one, PostId(other): other}, {})
        await tx.memories.remember(reader.id, {other: Memory(last=PostId(other), came=now)})
        await tx.stories.assign({}, {other: one})
        assert await tx.memories.told(reader.id, [one, other]) == {one: Memory(last=PostId(other), came=now)}
        assert [post.id for post in (await tx.posts.of_stories([one]))[one]] == [PostId(one), PostId(other)]
        assert [story for story, *_ in await tx.stories.page(0, 10)] == [one]
        assert await tx.stories.counts() == 1


async def test_a_merge_tells_the_story_to_nobody_who_was_told_another(any_store: Store, now: datetime) -> None:
    one, other, third = (StoryId(key) for key in await posts_of(any_store, 3, now))
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=5), now)
        await tx.stories.assign({PostId(story): story for story in (one, other, third)}, {})
        told = {third: Memory(last=PostId(third), came=now)}
        await tx.memories.remember(reader.id, told)
        await tx.stories.assign({}, {other: one})
        assert await tx.memories.told(reader.id, [one, other, third]) == told


async def test_who_is_told_of_a_story_that_joins_another_meanwhile_has_been_told_that(
    any_store: Store, now: datetime
) -> None:
    one, other, third = (StoryId(key) for key in await posts_of(any_store, 3, now))
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=5), now)
        await tx.stories.assign({PostId(story): story for story in (one, other, third)}, {})
        await tx.stories.assign({}, {third: other, other: one})  # one after the other
    async with any_store.begin() as tx:
        told = {other: Memory(last=PostId(other), came=now), third: Memory(last=PostId(third), came=now)}
        await tx.memories.remember(reader.id, told)
        assert await tx.memories.told(reader.id, [one, other, third]) == {one: told[third]}


async def test_a_story_that_joined_another_has_begun_no_more(any_store: Store, now: datetime) -> None:
    one, other = (StoryId(key) for key in await posts_of(any_store, 2, now))
    async with any_store.begin() as tx:
        await tx.stories.assign({PostId(one): one, PostId(other): other}, {})
        after_the_first = MORNING + timedelta(seconds=90), now
        assert await tx.stories.any_between(*after_the_first)
        await tx.stories.assign({}, {other: one})
        assert not await tx.stories.any_between(*after_the_first)


async def test_live_stories_are_of_news_that_is_there_and_has_been_through_them(
    any_store: Store, now: datetime
) -> None:
    keys = await posts_of(any_store, 5, now)
    async with any_store.begin() as tx:
        await tx.stories.assign(dict.fromkeys(keys, StoryId(keys[0])), {})
        await tx.posts.went_through(await tx.posts.waiting(9))
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.rewrite({keys[1]: replace(a_post(2), kind=Kind.CHATTER)})
        await tx.posts.went_through(await tx.posts.waiting(9))
        await tx.posts.mark_deleted(channels["harbour_wire"], [3], now)
        await tx.posts.add([a_post(4, "Changed.", edited=True)], channels, now)
        recent = await tx.stories.recent(MORNING + timedelta(minutes=5))
        assert [post.id for post in recent] == [keys[0], keys[4]]
        assert await tx.stories.recent(MORNING + timedelta(minutes=6)) == ()
