"""Posts are put into stories once, and what is written down is what a restart goes on with."""

import asyncio
import gc
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import StorageUnavailable
from core.model import Kind
from digest.stories import service as story_service
from digest.stories.cluster import WINDOW, Stories
from digest.stories.index import LiveStory
from digest.stories.lines import group
from digest.stories.service import AHEAD, StoryService, story_post, times_around
from digest.stories.terms import Terms, read_terms
from storage.store import Store
from tests.digest.events import BANK, BRIDGES, HALVES, NOISE, OTHER_QUAKE, QUAKE, murmur
from tests.digest.story_tables import a_reader, add, is_sound, kept, rows, service, stories, stream, told
from tests.fragile import FragileStore
from tests.moments import Moment


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


async def test_a_film_that_two_channels_show_makes_one_story_also_after_a_restart(store: Store, now: datetime) -> None:
    film = ("film 7", "film 9000000/12")
    await add(store, [told(1, NOISE[3], files=film)], now)
    await service(store, now).settle()
    await add(store, [told(2, NOISE[5], files=film), told(3, NOISE[4])], now)
    await service(store, now).settle()
    assert await stories(store) == {frozenset({1, 2}), frozenset({3})}


async def test_a_restart_goes_on_with_the_same_stories(store: Store, now: datetime) -> None:
    await add(store, stream(QUAKE[0], BANK[0]), now)
    await service(store, now).settle()
    began = (await kept(store))[1].story
    await add(store, stream(QUAKE[1], BANK[1], QUAKE[2], first=3), now)
    await service(store, now).settle()
    assert await stories(store) == {frozenset({1, 3, 5}), frozenset({2, 4})}
    assert (await kept(store))[5].story == began


async def test_batches_and_their_order_do_not_change_clear_stories(store: Store, now: datetime) -> None:
    posts = stream(*QUAKE, *BANK, *OTHER_QUAKE, *NOISE)
    early, late = posts[::2], posts[1::2]
    it = service(store, now)
    for batch in (late, early):
        await add(store, batch, now)
        await it.settle()
    assert await stories(store) == {
        frozenset({1, 2, 3}),
        frozenset({4, 5, 6}),
        frozenset({7, 8}),
        *(frozenset({number}) for number in range(9, 17)),
    }
    assert await is_sound(store)


async def test_more_posts_than_one_batch_holds_are_all_settled(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_service, "BATCH", 4)
    await add(store, stream(*QUAKE, *BANK, *NOISE), now)
    assert await service(store, now).settle() == 14
    assert {frozenset({1, 2, 3}), frozenset({4, 5, 6})} < await stories(store)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NEWS])
async def test_what_is_no_news_gets_no_story_and_does_not_wait(store: Store, now: datetime, kind: Kind) -> None:
    await add(store, [told(1, QUAKE[0], kind=kind), told(2, QUAKE[1])], now)
    it = service(store, now)
    assert [await it.settle(), await it.settle()] == [2, 0]
    assert await stories(store) == {frozenset({2})}


async def test_a_deleted_post_gets_no_story(store: Store, now: datetime) -> None:
    await add(store, stream(QUAKE[0], QUAKE[1]), now)
    async with store.begin() as tx:
        channels = await tx.channels.by_names(["channel_1"])
        await tx.posts.mark_deleted(channels["channel_1"].id, [1], now)
    await service(store, now).settle()
    assert await stories(store) == {frozenset({2})}


@pytest.mark.parametrize("seed", range(2))
async def test_posts_of_an_hour_are_in_the_same_stories_in_whatever_order_they_came(
    store: Store, now: datetime, seed: int
) -> None:
    clock, rng = Moment(now.replace(hour=6, minute=30)), random.Random(seed)
    posts = stream(*murmur(rng))
    it = StoryService(store, clock)
    order = rng.sample(posts, len(posts))
    while order:
        batch = [order.pop() for _ in range(min(len(order), rng.randint(1, 5)))]
        await add(store, batch, clock())
        await it.settle()
    before = {post.story: post.id for post in (await kept(store)).values() if post.story}
    reader = await a_reader(store, now, **{str(story): (story, max(before.values())) for story in before})
    clock.passes(minutes=40)
    assert await it.settle() == 0
    filtered = group([story_post(post) for post in (await kept(store)).values()])
    found: dict[object, set[int]] = {}
    for number, placed in enumerate(filtered, 1):
        found.setdefault(placed.story, set()).add(number)
    assert await stories(store) == {frozenset(numbers) for numbers in found.values()}
    assert await is_sound(store)
    async with store.read() as tx:
        living = set(await rows(store))
        assert set(await tx.memories.told(reader, living)) == living, "what was told has been told, wherever it is now"


async def test_a_text_that_cannot_be_read_is_a_story_of_its_own_and_holds_up_no_other(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read(text: str, title: str = "") -> Terms:
        if text == NOISE[0]:
            raise ValueError("a mistake of ours")
        return read_terms(text, title)

    monkeypatch.setattr("digest.stories.weighing.read_terms", read)
    await add(store, stream(QUAKE[0], NOISE[0], QUAKE[1]), now)
    await service(store, now).settle()
    assert await stories(store) == {frozenset({1, 3}), frozenset({2})}
    assert "nothing that could be compared" in caplog.text


async def test_after_a_write_that_failed_the_stories_are_those_of_the_tables(store: Store, now: datetime) -> None:
    await add(store, stream(QUAKE[0], *BANK), now)
    fragile = FragileStore(store)
    it = service(fragile, now)
    await it.settle()
    await add(store, stream(*QUAKE[1:], *OTHER_QUAKE, first=5), now)
    fragile.failures = 1
    with pytest.raises(StorageUnavailable):
        await it.settle()
    assert await stories(store) == {frozenset({1}), frozenset({2, 3, 4})}
    assert await it.settle() == 4
    assert await stories(store) == {frozenset({1, 5, 6}), frozenset({2, 3, 4}), frozenset({7, 8})}
    assert await is_sound(store)


def stories_in_memory() -> int:
    """How many there are, but for those that Python takes away by itself."""
    gc.collect()
    gc.unfreeze()
    found = sum(type(each) is LiveStory for each in gc.get_objects())
    gc.collect()
    gc.freeze()
    return found


async def test_stories_that_are_made_anew_do_not_stay_in_memory_as_they_were(store: Store, now: datetime) -> None:
    stories_in_memory()
    others = stories_in_memory()
    await add(store, stream(*BANK, *NOISE), now)
    fragile = FragileStore(store)
    it = service(fragile, now)
    await it.settle()
    for number in (20, 21):
        await add(store, [told(number, QUAKE[number - 20])], now)
        fragile.failures = 1
        with pytest.raises(StorageUnavailable):
            await it.settle()
        await it.settle()
    assert it.alive == 10
    assert stories_in_memory() - others <= it.alive


async def test_stories_retire_by_the_clock_and_not_by_what_a_post_says(store: Store, now: datetime) -> None:
    clock = Moment(now)
    it = StoryService(store, clock)
    await add(store, stream(QUAKE[0]), now)
    await it.settle()
    await add(store, [told(2, NOISE[0], date=now.replace(year=2106))], now)
    await it.settle()
    await add(store, [told(3, QUAKE[1])], now)
    await it.settle()
    assert await stories(store) == {frozenset({1, 3}), frozenset({2})}
    assert it.alive == 2
    for _ in range(4):
        clock.passes(days=1)
        await add(store, [told(4, BANK[clock.now.day % 2], date=clock(), channel=f"c{clock.now.day}")], now)
        await it.settle()
    assert it.alive == len(await stories(store)) - 1


async def test_a_kill_at_any_write_changes_nothing_in_the_end(any_store: Store, now: datetime) -> None:
    await add(any_store, stream(*HALVES, *BRIDGES, *QUAKE), now)
    fragile = FragileStore(any_store, failures=3, error=KeyboardInterrupt())
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            await service(fragile, now).settle()
    await service(fragile, now).settle()
    assert await stories(any_store) == {frozenset(range(1, 7)), frozenset({7, 8, 9})}


async def test_an_event_of_long_ago_is_not_continued(store: Store, now: datetime) -> None:
    old = told(1, QUAKE[0], date=now - timedelta(days=9))
    await add(store, [old], now)
    await service(store, now).settle()
    await add(store, stream(QUAKE[0], first=2), now)
    await service(store, now).settle()
    assert await stories(store) == {frozenset({1}), frozenset({2})}


async def test_one_old_post_that_changed_brings_its_own_time_into_memory_and_no_more(
    any_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates = [now - timedelta(days=ago) for ago in (90, 90, 60, 50, 30, 0)]
    texts = (*QUAKE[:2], *NOISE[:4])
    posts = [told(n, text, date=date) for n, (text, date) in enumerate(zip(texts, dates, strict=True), 1)]
    await add(any_store, posts, now)
    await service(any_store, now).settle()
    before = await stories(any_store)
    await add(any_store, [told(1, f"{QUAKE[0]} More soon.", date=dates[0], edited=True)], now)
    restored: list[int] = []

    class Watched(Stories):
        def restore(self, posts: Any) -> None:
            restored.append(len(posts))
            super().restore(posts)

    monkeypatch.setattr(story_service, "Stories", Watched)
    await service(any_store, now).settle()
    assert restored == [2]
    assert await stories(any_store) == before
    assert frozenset({1, 2}) in before


async def test_an_import_of_many_batches_joins_the_stories_of_its_time(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_service, "BATCH", 2)
    long_ago, later = now - timedelta(days=90), now - timedelta(days=30)
    await add(store, [told(1, QUAKE[0], date=long_ago), told(2, BANK[0], date=later)], now)
    await service(store, now).settle()
    imported = [told(3, QUAKE[1], date=long_ago), told(4, NOISE[0], date=long_ago)]
    await add(store, [*imported, told(5, BANK[1], date=later), told(6, NOISE[1], date=later)], now)
    await service(store, now).settle()
    assert await stories(store) == {frozenset({1, 3}), frozenset({2, 5}), frozenset({4}), frozenset({6})}


def test_times_that_lie_apart_are_looked_up_apart(now: datetime) -> None:
    day = timedelta(days=1)
    assert times_around([now, now + 9 * day], now) == [(now - WINDOW, None)]
    assert times_around([now - 5 * day], now) == [(now - 5 * day - WINDOW, None)]
    old = now - 90 * day
    assert times_around([old, old + day, now], now) == [(old - WINDOW, old + day + AHEAD), (now - WINDOW, None)]
    assert times_around([old, old + 40 * day], now) == [
        (old - WINDOW, old + AHEAD),
        (old + 40 * day - WINDOW, old + 40 * day + AHEAD),
        (now - WINDOW, None),
    ]


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
    store: Store, now: datetime, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    it = Watched(store, now, error=error)
    seen: list[int] = []
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(it.run())
        seen.append(await it.rounds.get())
        for texts in (QUAKE[:1], BANK):
            await add(store, stream(*texts, first=10 + len(texts)), now)
            it.hint()
            seen.append(await it.rounds.get())
        running.cancel()
    assert seen == [-1, 1, 3]
    assert "stories wait" in caplog.text
