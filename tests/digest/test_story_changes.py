"""Stories that merge and split, and posts of theirs that are edited or deleted."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import pytest

from core.errors import StorageUnavailable
from core.model import Kind, Memory, Reader, ReaderId, StoryId
from digest.stories.service import StoryService
from storage.store import Store
from tests.digest.events import BANK, BRIDGES, HALVES, NOISE, OTHER_QUAKE, QUAKE
from tests.digest.story_tables import a_reader, add, is_sound, kept, rows, service, stories, stream, told, told_up_to
from tests.fragile import FragileStore
from tests.moments import Moment


async def test_a_merge_is_written_down_and_readers_remember_it(any_store: Store, now: datetime) -> None:
    it = service(any_store, now)
    await add(any_store, stream(*HALVES), now)
    await it.settle()
    assert await stories(any_store) == {frozenset({1, 3}), frozenset({2, 4})}
    posts = await kept(any_store)
    one, other = (posts[number].story or StoryId(0) for number in (1, 2))
    reader = await a_reader(any_store, now, one=(one, posts[3].id), other=(other, posts[2].id))
    await add(any_store, stream(*BRIDGES, first=5), now)
    await it.settle()
    assert await stories(any_store) == {frozenset(range(1, 7))}
    (left,) = await rows(any_store)
    async with any_store.read() as tx:
        assert await told_up_to(tx, reader, [one, other]) == {left: posts[3].id}
    assert await is_sound(any_store)


async def test_a_merge_that_a_kill_prevented_is_made_after_the_restart(any_store: Store, now: datetime) -> None:
    dying = service(FragileStore(any_store), now)
    for posts in (stream(*HALVES), stream(*BRIDGES, first=5)):
        await add(any_store, posts, now)
        await dying._step()  # placed, and then the end came
    assert len(await stories(any_store)) == 2
    await add(any_store, [told(7, NOISE[1])], now)
    await service(any_store, now).settle()
    assert await stories(any_store) == {frozenset(range(1, 7)), frozenset({7})}


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize(
    ("number", "text", "expected"),
    [
        (2, QUAKE[1] + ".", {frozenset({1, 2, 3}), frozenset({4, 5})}),
        (2, "Correction: " + NOISE[3], {frozenset({1, 3}), frozenset({2}), frozenset({4, 5})}),
        (2, "Correction: " + OTHER_QUAKE[1] + ".", {frozenset({1, 3}), frozenset({2, 4, 5})}),
        (1, "Correction: " + NOISE[3], {frozenset({2, 3}), frozenset({1}), frozenset({4, 5})}),
    ],
    ids=["a full stop", "another matter", "the other earthquake", "the post that names the story"],
)
async def test_an_edited_post_stays_in_its_story_unless_it_tells_of_another_event(
    store: Store, now: datetime, restarted: bool, number: int, text: str, expected: set[frozenset[int]]
) -> None:
    it = service(store, now)
    await add(store, stream(*QUAKE, *OTHER_QUAKE, *NOISE[:2]), now)
    await it.settle()
    await add(store, [told(number, text, edited=True)], now)
    it = service(store, now) if restarted else it
    assert await it.settle() == 1
    assert await stories(store) == {*expected, frozenset({6}), frozenset({7})}
    assert await is_sound(store)


async def test_what_is_left_of_a_story_that_lost_its_name_is_not_told_again(any_store: Store, now: datetime) -> None:
    it = service(any_store, now)
    await add(any_store, stream(*QUAKE), now)
    await it.settle()
    posts = await kept(any_store)
    before = posts[1].story or StoryId(0)
    reader = await a_reader(any_store, now, quake=(before, posts[3].id))
    await add(any_store, [told(1, "Correction: " + NOISE[3], edited=True)], now)
    await it.settle()
    left = (await kept(any_store))[2].story or StoryId(0)
    assert left != before
    async with any_store.read() as tx:
        assert await told_up_to(tx, reader, [before, left]) == {before: posts[3].id, left: posts[3].id}


async def test_a_story_that_is_two_splits_and_each_reader_remembers_what_was_told(
    any_store: Store, now: datetime
) -> None:
    await add(any_store, stream(*QUAKE, *OTHER_QUAKE), now)
    posts = await kept(any_store)
    mixed = StoryId(int(posts[1].id))
    async with any_store.begin() as tx:
        await tx.stories.assign({post.id: mixed for post in posts.values()}, {})
        await tx.posts.went_through(list(posts.values()))
    told_all = await a_reader(any_store, now, quake=(mixed, posts[5].id))
    async with any_store.begin() as tx:
        early, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=6), now)
        await tx.memories.remember(early.id, {mixed: Memory(last=posts[2].id, came=now)})
    await add(any_store, [told(6, NOISE[1])], now)
    await service(any_store, now).settle()
    assert await stories(any_store) == {frozenset({1, 2, 3}), frozenset({4, 5}), frozenset({6})}
    assert await is_sound(any_store)
    other = StoryId(int(posts[4].id))
    async with any_store.read() as tx:
        assert await told_up_to(tx, told_all, [mixed, other]) == {mixed: posts[5].id, other: posts[5].id}
        assert await told_up_to(tx, early.id, [mixed, other]) == {mixed: posts[2].id}
    await add(any_store, [told(7, NOISE[2])], now)
    await service(any_store, now).settle()
    assert await stories(any_store) == {frozenset({1, 2, 3}), frozenset({4, 5}), frozenset({6}), frozenset({7})}


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_deleted_post_attracts_nothing_any_more(store: Store, now: datetime, restarted: bool) -> None:
    it = service(store, now)
    await add(store, stream(QUAKE[0], *NOISE), now)
    await it.settle()
    async with store.begin() as tx:
        channels = await tx.channels.by_names(["channel_1"])
        await tx.posts.mark_deleted(channels["channel_1"].id, [1], now)
    it = service(store, now) if restarted else it
    await it.settle()
    await add(store, [told(20, QUAKE[1])], now)
    await it.settle()
    posts = await kept(store)
    assert posts[20].story == StoryId(int(posts[20].id))
    assert posts[1].story == StoryId(int(posts[1].id)), "what it belonged to is remembered"
    assert await is_sound(store)


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("number", [1, 2], ids=["the first", "a later one"])
async def test_a_post_that_became_an_advertisement_leaves_its_story_and_may_come_back(
    store: Store, now: datetime, number: int, restarted: bool
) -> None:
    it = service(store, now)
    await add(store, stream(*QUAKE), now)
    await it.settle()
    await add(store, [told(number, QUAKE[number - 1] + " #ad", edited=True, kind=Kind.PROMO)], now)
    await it.settle()
    assert await stories(store) == {frozenset({1, 2, 3} - {number})}
    assert await is_sound(store)
    it = service(store, now) if restarted else it
    await add(store, [told(number, QUAKE[number - 1], edited=True)], now)
    await it.settle()
    await add(store, stream(QUAKE[0] + " Rescuers are at work.", *BANK, first=4), now)
    await it.settle()
    assert await stories(store) == {frozenset({1, 2, 3, 4}), frozenset({5, 6, 7})}
    assert await is_sound(store)


async def test_the_first_post_of_a_story_that_merged_can_begin_another(store: Store, now: datetime) -> None:
    it = service(store, now)
    await add(store, stream(*HALVES, *BRIDGES), now)
    await it.settle()
    for text, kind in (("Скидки до пятницы! #ad", Kind.PROMO), (NOISE[0], Kind.NEWS)):
        for number in (1, 2):
            await add(store, [told(number, f"{text} {number}", edited=True, kind=kind)], now)
        await it.settle()
    posts = await kept(store)
    assert None not in {posts[number].story for number in (1, 2)}
    assert {posts[number].story for number in range(3, 7)} == {posts[6].story}
    assert await is_sound(store)


async def test_after_a_merge_that_could_not_be_written_it_is_made_again(store: Store, now: datetime) -> None:
    it = service(FragileStore(store, spared=2, failures=1), now)
    await add(store, stream(*HALVES), now)
    await it._step()
    await add(store, stream(*BRIDGES, first=5), now)
    with pytest.raises(StorageUnavailable):
        await it.settle()
    assert len(await stories(store)) == 2
    await add(store, [told(7, NOISE[1])], now)
    await it.settle()
    assert await stories(store) == {frozenset(range(1, 7)), frozenset({7})}


async def test_a_post_that_comes_back_with_other_words_takes_its_name_with_it(store: Store, now: datetime) -> None:
    await add(store, stream(*QUAKE), now)
    await service(store, now).settle()
    await add(store, [told(1, "Buy now #ad", edited=True, kind=Kind.PROMO)], now)
    clock = Moment(now)
    it = StoryService(store, clock)
    await it.settle()
    await add(store, [told(1, NOISE[3], edited=True)], now)
    await it.settle()
    assert await stories(store) == {frozenset({1}), frozenset({2, 3})}
    clock.passes(days=5)
    await add(store, [told(4, BANK[0], date=clock())], now)
    assert await it.settle() == 1
    assert await is_sound(store)


class Meddling:
    """An embedding model without a vector for anybody, during whose first answer something happens."""

    name = "small"

    def __init__(self, meddle: Callable[[], Awaitable[object]]) -> None:
        self._meddle: Callable[[], Awaitable[object]] | None = meddle

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes | None]:
        meddle, self._meddle = self._meddle, None
        if meddle:
            await meddle()
        return [None] * len(texts)


async def test_a_post_that_is_edited_or_deleted_while_it_is_weighed_is_weighed_again(
    store: Store, now: datetime
) -> None:
    await add(store, [*stream(*QUAKE), told(4, NOISE[0]), told(5, NOISE[0])], now)

    async def meddle() -> None:
        await add(store, [told(3, BANK[0], edited=True)], now)
        async with store.begin() as tx:
            await tx.posts.mark_deleted((await tx.channels.ensure(["channel_5"]))["channel_5"], [5], now)

    await StoryService(store, Moment(now), Meddling(meddle)).settle()
    assert await stories(store) >= {frozenset({1, 2}), frozenset({3})}
    async with store.read() as tx:
        assert await tx.posts.waiting(9) == ()
    assert await is_sound(store)
