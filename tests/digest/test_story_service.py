"""Posts are put into stories once, and what is written down is what a restart goes on with."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

import pytest

from core.errors import StorageUnavailable
from core.model import CleanPost, Kind, Memory, Post, PostId, Reader, ReaderId, StoryId
from digest.stories import service as story_service
from digest.stories.lines import group
from digest.stories.service import StoryService, story_post
from storage.store import Store, Transaction
from tests.digest.events import BANK, BRIDGES, HALVES, NOISE, OTHER_QUAKE, QUAKE
from tests.digest.test_open_hour import murmur
from tests.fragile import FragileStore
from tests.moments import Moment
from tests.posts import a_post


def told(number: int, text: str, **fields: object) -> CleanPost:
    """Message `number`, of a channel of its own; no copy of another."""
    return a_post(number, text, **{"channel": f"channel_{number}", "fingerprint": 0, **fields})


def stream(*texts: str, first: int = 1) -> list[CleanPost]:
    return [told(number, text) for number, text in enumerate(texts, first)]


async def add(store: Store, posts: Iterable[CleanPost], now: datetime) -> None:
    batch = list(posts)
    async with store.begin() as tx:
        await tx.posts.add(batch, await tx.channels.ensure([post.post.channel for post in batch]), now)


async def kept(store: Store) -> dict[int, Post]:
    async with store.read() as tx:
        return {post.message_id: post async for post in tx.posts.every()}


async def stories(store: Store) -> set[frozenset[int]]:
    """Which messages are together; those in no story are left out."""
    found: dict[StoryId, set[int]] = {}
    for number, post in (await kept(store)).items():
        if post.story is not None:
            found.setdefault(post.story, set()).add(number)
    return {frozenset(numbers) for numbers in found.values()}


async def rows(store: Store) -> dict[StoryId, int]:
    """The living stories and how many posts they say they have."""
    async with store.read() as tx:
        return {key: posts for key, _, _, posts in await tx.stories.page(0, 1000)}


async def is_sound(store: Store) -> bool:
    """Whether the stories' rows say what the posts say."""
    found: dict[StoryId, int] = {}
    for post in (await kept(store)).values():
        if post.story is not None:
            found[post.story] = found.get(post.story, 0) + 1
    return found == await rows(store)


def service(store: Store, now: datetime) -> StoryService:
    return StoryService(store, Moment(now))


async def test_posts_of_one_event_are_one_story_named_by_one_of_them(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(*QUAKE, *BANK, NOISE[0]), now)
    it, on_the_way = service(any_store, now), list[int]()
    assert [await it.settle(on_the_way.append), await it.settle(on_the_way.append)] == [7, 0]
    assert on_the_way == [7]
    assert await stories(any_store) == {frozenset({1, 2, 3}), frozenset({4, 5, 6}), frozenset({7})}
    posts = await kept(any_store)
    assert (
        {posts[number].story for number in (1, 4, 7)}
        == set(await rows(any_store))
        <= {int(p.id) for p in posts.values()}
    )
    assert await is_sound(any_store)


async def test_a_restart_goes_on_with_the_same_stories(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(QUAKE[0], BANK[0]), now)
    await service(any_store, now).settle()
    began = (await kept(any_store))[1].story
    await add(any_store, stream(QUAKE[1], BANK[1], QUAKE[2], first=3), now)
    await service(any_store, now).settle()
    assert await stories(any_store) == {frozenset({1, 3, 5}), frozenset({2, 4})}
    assert (await kept(any_store))[5].story == began


async def test_batches_and_their_order_do_not_change_clear_stories(any_store: Store, now: datetime) -> None:
    posts = stream(*QUAKE, *BANK, *OTHER_QUAKE, *NOISE)
    early, late = posts[::2], posts[1::2]
    it = service(any_store, now)
    for batch in (late, early):
        await add(any_store, batch, now)
        await it.settle()
    assert await stories(any_store) == {
        frozenset({1, 2, 3}),
        frozenset({4, 5, 6}),
        frozenset({7, 8}),
        *(frozenset({number}) for number in range(9, 17)),
    }
    assert await is_sound(any_store)


async def test_more_posts_than_one_batch_holds_are_all_settled(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_service, "BATCH", 4)
    await add(store, stream(*QUAKE, *BANK, *NOISE), now)
    assert await service(store, now).settle() == 14
    assert {frozenset({1, 2, 3}), frozenset({4, 5, 6})} < await stories(store)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NEWS])
async def test_what_is_no_news_gets_no_story_and_does_not_wait(any_store: Store, now: datetime, kind: Kind) -> None:
    await add(any_store, [told(1, QUAKE[0], kind=kind), told(2, QUAKE[1])], now)
    it = service(any_store, now)
    assert [await it.settle(), await it.settle()] == [2, 0]
    assert await stories(any_store) == {frozenset({2})}


async def test_a_deleted_post_gets_no_story(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(QUAKE[0], QUAKE[1]), now)
    async with any_store.begin() as tx:
        channels = await tx.channels.by_names(["channel_1"])
        await tx.posts.mark_deleted(channels["channel_1"].id, [1], now)
    await service(any_store, now).settle()
    assert await stories(any_store) == {frozenset({2})}


async def a_reader(store: Store, now: datetime, **seen: tuple[StoryId, PostId]) -> ReaderId:
    async with store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=5), now)
        await tx.readers.remember(reader.id, {story: Memory(last=last, came=now) for story, last in seen.values()})
    return reader.id


async def told_up_to(tx: Transaction, reader: ReaderId, stories: Sequence[StoryId]) -> dict[StoryId, PostId]:
    return {story: memory.last for story, memory in (await tx.readers.told(reader, stories)).items()}


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


@pytest.mark.parametrize("seed", range(2))
async def test_posts_of_an_hour_are_in_the_same_stories_in_whatever_order_they_came(
    any_store: Store, now: datetime, seed: int
) -> None:
    clock, rng = Moment(now.replace(hour=6, minute=30)), random.Random(seed)
    posts = stream(*murmur(rng))
    it = StoryService(any_store, clock)
    order = rng.sample(posts, len(posts))
    while order:
        batch = [order.pop() for _ in range(min(len(order), rng.randint(1, 5)))]
        await add(any_store, batch, clock())
        await it.settle()
    before = {post.story: post.id for post in (await kept(any_store)).values() if post.story}
    reader = await a_reader(any_store, now, **{str(story): (story, max(before.values())) for story in before})
    clock.passes(minutes=40)
    assert await it.settle() == 0
    filtered = group([story_post(post) for post in (await kept(any_store)).values()])
    found: dict[object, set[int]] = {}
    for number, placed in enumerate(filtered, 1):
        found.setdefault(placed.story, set()).add(number)
    assert await stories(any_store) == {frozenset(numbers) for numbers in found.values()}
    assert await is_sound(any_store)
    async with any_store.read() as tx:
        living = set(await rows(any_store))
        assert set(await tx.readers.told(reader, living)) == living, "what was told has been told, wherever it is now"


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
    any_store: Store,
    now: datetime,
    restarted: bool,
    number: int,
    text: str,
    expected: set[frozenset[int]],
) -> None:
    it = service(any_store, now)
    await add(any_store, stream(*QUAKE, *OTHER_QUAKE, *NOISE[:2]), now)
    await it.settle()
    await add(any_store, [told(number, text, edited=True)], now)
    it = service(any_store, now) if restarted else it
    assert await it.settle() == 1
    assert await stories(any_store) == {*expected, frozenset({6}), frozenset({7})}
    assert await is_sound(any_store)


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
        await tx.readers.remember(early.id, {mixed: Memory(last=posts[2].id, came=now)})
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
async def test_a_deleted_post_attracts_nothing_any_more(any_store: Store, now: datetime, restarted: bool) -> None:
    it = service(any_store, now)
    await add(any_store, stream(QUAKE[0], *NOISE), now)
    await it.settle()
    async with any_store.begin() as tx:
        channels = await tx.channels.by_names(["channel_1"])
        await tx.posts.mark_deleted(channels["channel_1"].id, [1], now)
    it = service(any_store, now) if restarted else it
    await it.settle()
    await add(any_store, [told(20, QUAKE[1])], now)
    await it.settle()
    posts = await kept(any_store)
    assert posts[20].story == StoryId(int(posts[20].id))
    assert posts[1].story == StoryId(int(posts[1].id)), "what it belonged to is remembered"
    assert await is_sound(any_store)


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("number", [1, 2], ids=["the first", "a later one"])
async def test_a_post_that_became_an_advertisement_leaves_its_story_and_may_come_back(
    any_store: Store, now: datetime, number: int, restarted: bool
) -> None:
    it = service(any_store, now)
    await add(any_store, stream(*QUAKE), now)
    await it.settle()
    await add(any_store, [told(number, QUAKE[number - 1] + " #ad", edited=True, kind=Kind.PROMO)], now)
    await it.settle()
    assert await stories(any_store) == {frozenset({1, 2, 3} - {number})}
    assert await is_sound(any_store)
    it = service(any_store, now) if restarted else it
    await add(any_store, [told(number, QUAKE[number - 1], edited=True)], now)
    await it.settle()
    await add(any_store, stream(QUAKE[0] + " Rescuers are at work.", *BANK, first=4), now)
    await it.settle()
    assert await stories(any_store) == {frozenset({1, 2, 3, 4}), frozenset({5, 6, 7})}
    assert await is_sound(any_store)


async def test_the_first_post_of_a_story_that_merged_can_begin_another(any_store: Store, now: datetime) -> None:
    it = service(any_store, now)
    await add(any_store, stream(*HALVES, *BRIDGES), now)
    await it.settle()
    for text, kind in (("Скидки до пятницы! #ad", Kind.PROMO), (NOISE[0], Kind.NEWS)):
        for number in (1, 2):
            await add(any_store, [told(number, f"{text} {number}", edited=True, kind=kind)], now)
        await it.settle()
    posts = await kept(any_store)
    assert None not in {posts[number].story for number in (1, 2)}
    assert {posts[number].story for number in range(3, 7)} == {posts[6].story}
    assert await is_sound(any_store)


async def test_after_a_write_that_failed_the_stories_are_those_of_the_tables(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(QUAKE[0], *BANK), now)
    fragile = FragileStore(any_store)
    it = service(fragile, now)
    await it.settle()
    await add(any_store, stream(*QUAKE[1:], *OTHER_QUAKE, first=5), now)
    fragile.failures = 1
    with pytest.raises(StorageUnavailable):
        await it.settle()
    assert await stories(any_store) == {frozenset({1}), frozenset({2, 3, 4})}
    assert await it.settle() == 4
    assert await stories(any_store) == {frozenset({1, 5, 6}), frozenset({2, 3, 4}), frozenset({7, 8})}
    assert await is_sound(any_store)


async def test_after_a_merge_that_could_not_be_written_it_is_made_again(any_store: Store, now: datetime) -> None:
    it = service(FragileStore(any_store, spared=2, failures=1), now)
    await add(any_store, stream(*HALVES), now)
    await it._step()
    await add(any_store, stream(*BRIDGES, first=5), now)
    with pytest.raises(StorageUnavailable):
        await it.settle()
    assert len(await stories(any_store)) == 2
    await add(any_store, [told(7, NOISE[1])], now)
    await it.settle()
    assert await stories(any_store) == {frozenset(range(1, 7)), frozenset({7})}


async def test_a_post_that_comes_back_with_other_words_takes_its_name_with_it(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(*QUAKE), now)
    await service(any_store, now).settle()
    await add(any_store, [told(1, "Buy now #ad", edited=True, kind=Kind.PROMO)], now)
    clock = Moment(now)
    it = StoryService(any_store, clock)
    await it.settle()
    await add(any_store, [told(1, NOISE[3], edited=True)], now)
    await it.settle()
    assert await stories(any_store) == {frozenset({1}), frozenset({2, 3})}
    clock.passes(days=5)
    await add(any_store, [told(4, BANK[0], date=clock())], now)
    assert await it.settle() == 1
    assert await is_sound(any_store)


async def test_stories_retire_by_the_clock_and_not_by_what_a_post_says(any_store: Store, now: datetime) -> None:
    clock = Moment(now)
    it = StoryService(any_store, clock)
    await add(any_store, stream(QUAKE[0]), now)
    await it.settle()
    await add(any_store, [told(2, NOISE[0], date=now.replace(year=2106))], now)
    await it.settle()
    await add(any_store, [told(3, QUAKE[1])], now)
    await it.settle()
    assert await stories(any_store) == {frozenset({1, 3}), frozenset({2})}
    assert it.alive == 2
    for _ in range(4):
        clock.passes(days=1)
        await add(any_store, [told(4, BANK[clock.now.day % 2], date=clock(), channel=f"c{clock.now.day}")], now)
        await it.settle()
    assert it.alive == len(await stories(any_store)) - 1


async def test_a_kill_at_any_write_changes_nothing_in_the_end(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(*HALVES, *BRIDGES, *QUAKE), now)
    fragile = FragileStore(any_store, failures=3, error=KeyboardInterrupt())
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            await service(fragile, now).settle()
    await service(fragile, now).settle()
    assert await stories(any_store) == {frozenset(range(1, 7)), frozenset({7, 8, 9})}


async def test_an_event_of_long_ago_is_not_continued(any_store: Store, now: datetime) -> None:
    old = told(1, QUAKE[0], date=now - timedelta(days=9))
    await add(any_store, [old], now)
    await service(any_store, now).settle()
    await add(any_store, stream(QUAKE[0], first=2), now)
    await service(any_store, now).settle()
    assert await stories(any_store) == {frozenset({1}), frozenset({2})}


class Watched(StoryService):
    """Tells when it has settled."""

    def __init__(self, store: Store, now: datetime, *, error: Exception | None = None) -> None:
        super().__init__(store, Moment(now))
        self.rounds: asyncio.Queue[int] = asyncio.Queue()
        self._error = error

    async def settle(self, told: Callable[[int], None] = lambda done: None) -> int:
        if self._error:
            error, self._error = self._error, None
            self.rounds.put_nowait(-1)
            raise error
        done = await super().settle(told)
        self.rounds.put_nowait(done)
        return done


@pytest.mark.parametrize(
    "error", [StorageUnavailable("away"), KeyError("a mistake")], ids=["a database that is away", "a mistake"]
)
async def test_the_service_lives_on_hints_and_outlives(
    any_store: Store, now: datetime, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    it = Watched(any_store, now, error=error)
    seen: list[int] = []
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(it.run())
        seen.append(await it.rounds.get())
        for texts in (QUAKE[:1], BANK):
            await add(any_store, stream(*texts, first=10 + len(texts)), now)
            it.hint()
            seen.append(await it.rounds.get())
        running.cancel()
    assert seen == [-1, 1, 3]
    assert "stories wait" in caplog.text


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
    any_store: Store, now: datetime
) -> None:
    await add(any_store, [*stream(*QUAKE), told(4, NOISE[0]), told(5, NOISE[0])], now)

    async def meddle() -> None:
        await add(any_store, [told(3, BANK[0], edited=True)], now)
        async with any_store.begin() as tx:
            await tx.posts.mark_deleted((await tx.channels.ensure(["channel_5"]))["channel_5"], [5], now)

    await StoryService(any_store, Moment(now), Meddling(meddle)).settle()
    assert await stories(any_store) >= {frozenset({1, 2}), frozenset({3})}
    async with any_store.read() as tx:
        assert await tx.posts.waiting(9) == ()
    assert await is_sound(any_store)
