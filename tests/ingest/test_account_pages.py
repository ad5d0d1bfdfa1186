"""What is read of one channel by an account: news, edits, deletions; against MiniTelegram and a real database."""

from collections.abc import Sequence

import pytest

from core.model import NewPost, Source
from ingest.intake import Intake, Taken
from ingest.telegram.values import Hint, HintKind
from tests.ingest.account_world import PHONE, World
from tests.ingest.kills import Dying, DyingAtOnce
from tests.moments import NOW
from tests.posts import a_new_post


async def test_a_channel_is_read_up_to_its_newest_and_then_from_its_cursor(world: World) -> None:
    await world.publish(130)
    await world.lists("news")
    async with world.reading() as reader:
        assert await reader.step() == 1
        assert await world.ids() == [*range(31, 131)]
        assert await reader.step() == 0, "it is not due"
        await world.publish(250)
        world.clock.passes(hours=1)
        assert await reader.step() == 1
    assert await world.ids() == [*range(31, 381)], "the gap is more than two pages"
    state, channel = await world.state(), await world.channel()
    assert (state.cursor, state.oldest, state.failures) == (380, 31, 0)
    assert (channel.telegram_id, channel.title, channel.name) == (1_000_001, "The News", "news")


async def test_what_comes_into_an_empty_channel_is_read_whole(world: World) -> None:
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        assert (await world.state()).cursor == 0
        await world.publish(120)
        world.clock.passes(hours=1)
        await reader.step()
    assert await world.ids() == [*range(1, 121)]


async def test_the_account_goes_on_where_the_web_preview_was(world: World) -> None:
    await world.publish(250)
    await world.lists("news")
    channel = await world.channel()
    async with world.store.begin() as tx:
        await tx.channels.was_read(channel.id, Source.WEB, cursor=40, oldest=21, now=NOW, next_at=NOW)
    async with world.reading() as reader:
        await reader.step()
    assert await world.ids() == [*range(41, 251)]


async def test_a_channel_that_changes_its_title_goes_by_the_new_one(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        world.tg.find("News").title = "The Evening News"
        await world.publish(1)
        world.clock.passes(hours=1)
        await reader.step()
    assert (await world.channel()).title == "The Evening News"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NEWS", []),
        ("evening", ["is called @evening now: put that into its list, for links to its posts lead nowhere"]),
        (None, ["is called @news no more: links to its posts lead nowhere"]),
    ],
)
async def test_a_channel_that_leaves_its_name_is_read_on_and_that_is_told_once(
    world: World, name: str | None, words: list[str]
) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        world.tg.find("News").username = name
        for _ in range(2):
            await world.tg.post(1_000_001, "Ministers met in Riga.", date=world.clock.now.timestamp(), push=False)
            world.clock.passes(hours=1)
            await reader.step()
    assert await world.ids() == [1, 2, 3]
    again = "This is told once, and counted where it comes again."
    assert world.told == [f"Account test, news: {each}. {again}" for each in words]


async def test_of_each_channel_that_has_no_public_name_any_more_that_is_told(world: World) -> None:
    names = await world.towns(2, posts=1)
    await world.lists(*names)
    async with world.reading() as reader:
        await reader.step()
        for name in names:
            world.tg.find(name).username = None
        world.clock.passes(hours=1)
        await reader.step()
    assert sorted(words.partition(" no more")[0] for words in world.told) == [
        f"Account test, {name}: is called @{name}" for name in names
    ]


async def test_edits_far_apart_and_of_posts_that_are_not_kept_are_read_too(world: World) -> None:
    await world.publish(40)
    await world.lists("news")
    async with world.reading(page=20) as reader:
        await reader.step()
        await world.publish(20)
        world.clock.passes(hours=1)
        await reader.step()
        await world.tg.delete("News", 60)
        for number in (5, 22, 59):
            await world.tg.edit("News", number, "Ministers did not meet.")
        hint = Hint(kind=HintKind.EDITED, channel_id=1_000_001, message_ids=(5, 22, 59, 60))
        await reader.step([hint])
    assert await world.ids() == [*range(21, 61)], "5 was never read, and 60 is told to be deleted by no hint"
    assert [post.message_id for post in await world.posts() if post.edits] == [22, 59]


async def test_edits_and_deletions_that_no_hint_told_are_found_when_the_channel_is_due(world: World) -> None:
    await world.publish(30)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.edit("News", 7, "Ministers did not meet.", push=False)
        await world.tg.delete("News", 9, 30, push=False)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    posts = {post.message_id: post for post in await world.posts()}
    assert [*posts] == [*range(1, 9), *range(10, 30)]
    assert posts[7].edits == 1


async def test_what_no_hint_told_is_found_however_often_new_posts_are_pushed(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(3)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.edit("News", 1, "Ministers did not meet in Riga.", push=False)
        await world.tg.delete("News", 2, push=False)
        for message in world.tg.find("News").messages.values():
            message.views = 1000
        for number in range(4, 7):
            world.clock.passes(minutes=10)
            await world.publish(1)
            await reader.step([Hint(kind=HintKind.NEW, channel_id=1_000_001, message_ids=(number,))])
    seen = [(post.message_id, post.edits, post.views) for post in await world.posts()]
    assert seen[:2] == [(1, 1, 1000), (3, 0, 1000)]


async def test_what_changed_below_the_newest_page_is_found_too(world: World) -> None:
    await world.publish(60)
    await world.lists("news")
    async with world.reading(page=70) as reader:
        await reader.step()
    await world.publish(40)
    async with world.reading(page=20) as reader:
        await world.tg.edit("News", 7, "Ministers did not meet.", push=False)
        await world.tg.delete("News", 1, 9, push=False)
        world.clock.passes(hours=1)
        await reader.step()
        assert [post.message_id for post in await world.posts() if post.edits] == [7]
        assert await world.ids() == [*range(2, 9), *range(10, 101)]
        await world.tg.edit("News", 7, "Ministers met after all.", push=False)
        await world.tg.delete("News", 2, push=False)
        world.clock.passes(hours=1)
        await reader.step()
        assert 2 in await world.ids(), "older posts are compared more slowly"
        world.clock.passes(hours=3)
        await reader.step()
    assert {post.message_id: post.text for post in await world.posts()}[7] == "Ministers met after all."
    assert await world.ids() == [*range(3, 9), *range(10, 101)]


async def test_the_oldest_post_of_a_small_channel_is_seen_deleted(world: World) -> None:
    await world.publish(12)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.delete("News", 1, push=False)
        world.clock.passes(hours=4)
        await reader.step()
    assert await world.ids() == [*range(2, 13)]


async def test_posts_of_long_ago_are_not_compared(world: World) -> None:
    await world.publish(60)
    await world.lists("news")
    async with world.reading(page=70) as reader:
        await reader.step()
    world.clock.passes(days=4)
    await world.publish(10)
    async with world.reading(page=20) as reader:
        await reader.step()
        calls = world.tg.called("GetHistory")
        await world.tg.delete("News", 1, push=False)
        world.clock.passes(hours=4)
        await reader.step()
        assert world.tg.called("GetHistory") - calls == 1, "the newest page"
    assert 1 in await world.ids()


async def test_a_channel_that_lost_most_of_its_posts_is_not_believed(world: World) -> None:
    await world.publish(30)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.delete("News", *range(2, 28), push=False)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    assert await world.ids() == [*range(1, 31)]


async def test_the_oldest_posts_of_a_small_channel_may_all_be_deleted(world: World) -> None:
    await world.publish(16)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        await world.tg.delete("News", *range(1, 6), push=False)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    async with world.reading() as reader:
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
    assert await world.ids() == [*range(6, 17)]


async def test_an_album_across_the_cursor_stays_one_post(world: World) -> None:
    await world.publish(1)
    for _ in range(2):
        await world.tg.post("News", photo=b"x", grouped_id=7, push=False)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        assert (await world.state()).cursor == 3
        await world.tg.post("News", "caption", photo=b"x", grouped_id=7, push=False)
        await reader.step([Hint(kind=HintKind.NEW, channel_id=1_000_001, message_ids=(4,))])
    posts = await world.posts()
    assert [(post.message_id, post.text, post.media.photos) for post in posts[1:]] == [(2, "caption", 3)]


class Picky(Intake):
    """Stumbles over one post."""

    async def _take(self, posts: Sequence[NewPost]) -> list[Taken]:
        if any(post.message_id == 2 for post in posts):
            raise TypeError("strange")
        return await super()._take(posts)


async def test_a_strange_message_does_not_hold_up_the_rest(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.intake_kind = Picky
    await world.publish(4)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
    assert (await world.ids(), (await world.state()).cursor) == ([1, 3, 4], 4)
    assert "1 posts are passed over: news/2" in caplog.text


async def test_a_page_of_which_nothing_can_be_taken_does_not_hold_up_the_next(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.intake_kind = Picky
    await world.publish(1)
    await world.lists("news")
    async with world.reading() as reader:
        await reader.step()
        for number in (2, 3):
            await world.publish(1)
            await reader.step([Hint(kind=HintKind.NEW, channel_id=1_000_001, message_ids=(number,))])
    assert (await world.ids(), (await world.state()).cursor) == ([1, 3], 3)
    assert "news/2 is passed over" in caplog.text


async def test_a_kill_between_pages_loses_and_doubles_nothing(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.reading(page=20) as reader:
        await reader.step()
    await world.publish(90)
    world.clock.passes(hours=1)
    world.intake_kind = Dying
    kills = 0
    while (await world.state()).cursor != 91:
        async with world.reading(page=20) as reader:
            try:
                await reader.step([Hint(kind=HintKind.RECONNECTED)])
            except BaseExceptionGroup:
                kills += 1
    assert kills > 3
    assert await world.ids() == [*range(1, 92)]
    assert {post.edits for post in await world.posts()} == {0}


async def test_what_a_kill_left_unread_and_the_channel_deleted_is_seen_deleted(world: World) -> None:
    await world.publish(3)
    await world.lists("news")
    world.intake_kind = DyingAtOnce
    async with world.reading() as reader:
        with pytest.raises(BaseExceptionGroup):
            await reader.step()
    assert (await world.ids(), (await world.state()).oldest) == ([1, 2, 3], None)
    await world.tg.delete("News", 1, push=False)
    world.intake_kind = Intake
    world.clock.passes(hours=1)
    async with world.reading() as reader:
        await reader.step()
    assert (await world.ids(), (await world.state()).oldest) == ([2, 3], 2)


@pytest.mark.parametrize(
    ("source", "kept"), [(Source.WEB, [3]), (Source.IMPORT, [1, 2, 3])], ids=["the preview showed", "were imported"]
)
async def test_posts_from_before_the_account_read_are_compared_where_the_preview_showed_them(
    world: World, source: Source, kept: list[int]
) -> None:
    await world.publish(3)
    await world.lists("news")
    channel = await world.channel()
    there = [a_new_post(number, channel=channel.name, date=NOW, source=source) for number in (1, 2)]
    await Intake(world.store, world.clock).take(there)
    await world.tg.delete("News", 1, 2, push=False)
    async with world.reading() as reader:
        await reader.step()
    assert await world.ids() == kept
