"""What a reader has been told is told once; what is new is told then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model import CleanPost, PostId, Reader, ReaderId, StoryId
from digest.build import known_of, make_digests, wish_of
from digest.taste import read_keywords
from digest.telling import Views
from tests.digest.desk import DAY, LISTS, QUAKE_POSTS, UPDATE, Desk, adds_up, messages, told, up_to
from tests.digest.events import NOISE, QUAKE
from tests.digest.story_tables import add, kept
from tests.moments import NOW


async def test_what_was_told_does_not_come_back(desk: Desk) -> None:
    reader = await desk.told_reader()
    digest = await desk.digest(reader=reader)
    assert (digest.stories, digest.left_out.known, digest.posts) == ((), 3, 3)
    assert adds_up(digest)
    await desk.publish(told(4, "alpha", QUAKE[1]))  # a rewrite brings no news
    digest = await desk.digest(reader=reader)
    assert (digest.stories, digest.left_out.known) == ((), 4)


async def test_a_told_story_comes_back_with_its_news_alone(any_desk: Desk) -> None:
    reader = await any_desk.reader()
    await any_desk.publish(*QUAKE_POSTS)
    first = await any_desk.make(reader=reader)
    await any_desk.remember(reader, first)
    any_desk.clock.passes(hours=1)
    posts = await kept(any_desk.store)
    async with any_desk.store.begin() as tx:
        ids = await tx.channels.ensure(["beta"])
        more = [told(60, "beta", UPDATE), told(61, "beta", QUAKE[2])]
        added = await tx.posts.add(more, ids, NOW)
        await tx.stories.assign(dict.fromkeys(added.changed, posts[1].story), {})
    made = await any_desk.make(reader=reader)
    (story,) = made.digest.stories
    assert (story.update, messages(made.digest)) == (True, [{60}])
    assert [sentence.sources for sentence in story.summary] == [(0,)] * len(story.summary)
    assert up_to(made) == {story.id: max(added.changed)}
    assert adds_up(made.digest)
    await any_desk.remember(reader, made)
    assert (await any_desk.digest(reader=reader)).stories == ()


async def test_a_digest_that_was_asked_for_shows_all_again(desk: Desk) -> None:
    reader = await desk.told_reader()
    made = await desk.make(reader=reader, repeat=True)
    assert (messages(made.digest), made.digest.stories[0].update) == ([{1, 2, 3}], False)
    assert made.digest.left_out.total == 0


async def test_looking_back_takes_nothing_from_what_was_told(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.publish(*QUAKE_POSTS)
    now = await desk.make(reader=reader)
    await desk.remember(reader, now)
    desk.clock.now = NOW - timedelta(hours=10) + timedelta(minutes=1.5)  # only the first post was there
    then = await desk.make(reader=reader, repeat=True)
    assert messages(then.digest) == [{1}]
    desk.clock.now = NOW
    await desk.remember(reader, then)
    async with desk.store.read() as tx:
        assert await tx.memories.told(reader.id, list(now.told)) == now.told


async def test_what_came_only_after_the_digest_is_news_though_it_is_older_than_what_was_told(any_desk: Desk) -> None:
    reader = await any_desk.told_reader()
    any_desk.clock.passes(minutes=15)
    before = QUAKE_POSTS[1].post.date
    await any_desk.publish(
        told(20, "beta", f"{QUAKE[1]} {UPDATE}", date=before), told(21, "alpha", QUAKE[0], date=before)
    )
    wish = replace(wish_of(reader, NOW, any_desk.clock()), reader=None)
    [(_, among)] = [
        each async for each in make_digests(any_desk.store, {reader.id: wish}, any_desk.clock(), Views("en"))
    ]
    alone = await any_desk.make(reader=reader, hours=0.25)
    assert messages(among.digest) == messages(alone.digest) == [{20}]
    assert alone.digest.stories[0].update
    await any_desk.remember(reader, alone)
    any_desk.clock.passes(minutes=15)
    await any_desk.publish(told(3, "delta", NOISE[1]))
    assert messages(await any_desk.digest(reader=reader)) == []


async def test_what_waited_for_the_stories_while_its_story_was_told_is_news_in_the_next_digest(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.publish(*QUAKE_POSTS)
    desk.clock.passes(minutes=5)
    waiting = told(20, "beta", f"{QUAKE[1]} {UPDATE}", date=QUAKE_POSTS[1].post.date)
    await add(desk.store, [waiting], desk.clock())
    desk.clock.passes(minutes=5)
    first = await desk.make(reader=reader)
    assert messages(first.digest) == [{1, 2, 3}]
    await desk.remember(reader, first)
    await desk.publish()
    assert messages(await desk.digest(reader=reader)) == [{20}]


async def test_a_digest_is_whole_only_up_to_the_first_post_that_still_waits_for_the_stories(any_desk: Desk) -> None:
    await any_desk.publish(*QUAKE_POSTS)
    assert (await any_desk.make()).whole_until == NOW
    any_desk.clock.passes(minutes=5)
    async with any_desk.store.begin() as tx:
        ids = await tx.channels.ensure(["alpha"])
        await tx.posts.add([told(40, "alpha", NOISE[1])], ids, any_desk.clock())
        await tx.posts.add([told(1, "alpha", QUAKE[0] + " Ferries wait.", edited=True)], ids, any_desk.clock())
    any_desk.clock.passes(minutes=5)
    assert (await any_desk.make()).whole_until == NOW + timedelta(minutes=5)
    await any_desk.publish()
    assert (await any_desk.make()).whole_until == any_desk.clock()


async def test_posts_of_a_new_channel_that_are_days_old_are_no_news_of_what_was_told(desk: Desk) -> None:
    reader = await desk.reader()
    long_ago = NOW - DAY * 2
    channels = enumerate(LISTS[0].channels, 1)
    await desk.publish(*(told(n, name, QUAKE[n - 1], date=long_ago + DAY / 48 * n) for n, name in channels))
    await desk.remember(reader, await desk.make(reader=reader, hours=72))
    desk.clock.passes(minutes=15)
    await desk.publish(told(60, "beta", f"{QUAKE[1]} {UPDATE}", date=long_ago + DAY / 48 * 2))
    assert len({post.story for post in (await kept(desk.store)).values()}) == 1
    assert messages(await desk.digest(reader=reader, hours=0.25)) == []


async def test_what_came_late_is_told_to_who_has_a_memory_alone_or_among_others(any_desk: Desk) -> None:
    reader = await any_desk.reader()
    channels = enumerate(LISTS[0].channels)
    await any_desk.publish(*(told(n, name, QUAKE[n], date=NOW - DAY - DAY / 4) for n, name in channels))
    wish = replace(wish_of(reader, NOW - DAY, NOW), reader=None)
    [(_, among)] = [each async for each in make_digests(any_desk.store, {reader.id: wish}, NOW, Views("en"))]
    alone = await any_desk.make(reader=reader)
    assert messages(among.digest) == messages(alone.digest) == [{0, 1, 2}]
    assert messages(await any_desk.digest()) == []


async def test_one_readers_memory_is_not_anothers(desk: Desk) -> None:
    await desk.told_reader()
    assert len((await desk.digest()).stories) == 1
    async with desk.store.begin() as tx:
        other, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=8), NOW)
    assert len((await desk.digest(reader=replace(other, lists=("world",)))).stories) == 1


async def test_readers_together_get_what_each_would_get_alone(any_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.build._MEMORIES", 2)  # readers are asked about in pieces
    knowing = await any_desk.told_reader()
    async with any_desk.store.begin() as tx:
        others = [(await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), NOW))[0] for chat in range(8, 12)]
        await tx.tastes.want(others[1].id, read_keywords("-Velmora"))
    await any_desk.publish(told(9, "alpha", NOISE[1]))
    every = [knowing, *(replace(other, lists=("world",)) for other in others)]
    for repeat in (False, True):
        wishes = {each.id: replace(wish_of(each, NOW - DAY, NOW, repeat=repeat), reader=None) for each in every}
        together = {
            reader: messages(made.digest)
            async for group, made in make_digests(any_desk.store, wishes, NOW, Views("en"))
            for reader in group
        }
        assert together == {each.id: messages(await any_desk.digest(reader=each, repeat=repeat)) for each in every}
        assert list(map(together.__getitem__, sorted(together))) == [
            [{1, 2, 3}, {9}] if repeat else [{9}],
            [{1, 2, 3}, {9}],
            [{9}],
            [{1, 2, 3}, {9}],
            [{1, 2, 3}, {9}],
        ]


NEWS = told(2, "delta", UPDATE, date=QUAKE_POSTS[1].post.date)
WORLD, CITY = ("world",), ("world", "city")


async def one_story(desk: Desk, *posts: CleanPost) -> dict[int, PostId]:
    """Publish these as one story; gives the keys of its posts by their numbers."""
    await add(desk.store, posts, desk.clock())
    keys = {number: post.id for number, post in (await kept(desk.store)).items()}
    async with desk.store.begin() as tx:
        await tx.stories.assign(dict.fromkeys(keys.values(), StoryId(1)), {})
    return keys


async def known(desk: Desk, reader: Reader) -> PostId | None:
    """Up to which post a reader knows the story once they have got a digest of the world alone."""
    made = await desk.make(reader=reader, repeat=True, lists=WORLD)
    assert set(made.told) == {1}
    found = (await known_of(desk.store, made, WORLD, reader)).get(StoryId(1))
    return found.last if found else None


async def test_what_a_digest_of_one_list_showed_is_known_but_for_what_other_channels_said_before(desk: Desk) -> None:
    keys = await one_story(desk, QUAKE_POSTS[0], NEWS, QUAKE_POSTS[2])
    world = await desk.reader()
    assert await known(desk, world) == keys[3]
    assert await known(desk, replace(world, lists=CITY)) == keys[1]
    assert await known(desk, replace(world, channels=("delta",))) == keys[1]


async def test_what_other_channels_said_without_news_is_known_with_the_rest(desk: Desk) -> None:
    keys = await one_story(desk, QUAKE_POSTS[0], told(2, "delta", QUAKE[1]), QUAKE_POSTS[2])
    assert await known(desk, replace(await desk.reader(), lists=CITY)) == keys[3]


async def test_what_a_whole_digest_told_before_stays_known_after_one_of_one_list(desk: Desk) -> None:
    reader = replace(await desk.reader(), lists=CITY)
    await one_story(desk, QUAKE_POSTS[0], NEWS)
    await desk.remember(reader, await desk.make(reader=reader))
    keys = await one_story(desk, told(4, "delta", UPDATE), told(5, "gamma", QUAKE[2]))
    assert await known(desk, reader) == keys[5]
    await desk.remember(reader, await desk.make(reader=reader))
    assert await known(desk, reader) == keys[5]


async def test_what_came_late_from_another_list_is_not_known_after_a_digest_of_one_list(desk: Desk) -> None:
    reader = replace(await desk.reader(), lists=CITY)
    await one_story(desk, QUAKE_POSTS[0], QUAKE_POSTS[2])
    await desk.remember(reader, await desk.make(reader=reader))
    desk.clock.passes(minutes=5)
    await one_story(desk, NEWS)
    assert await known(desk, reader) is None
    assert messages(await desk.digest(reader=reader, lists=CITY)) == [{2}]
