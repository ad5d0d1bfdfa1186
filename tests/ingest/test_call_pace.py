"""The pace of an account's calls: bursts at once, then one after another; what was pushed never waits."""

import asyncio
from datetime import timedelta

import pytest

from core.errors import RateLimited
from ingest.telegram.call_budget import ABOUT, ALL, COUNTS, HISTORY, JOIN, CallBudget, Pace
from storage.store import Store
from tests.ingest.account_world import World
from tests.ingest.servers import Clock
from tests.moments import NOW, Moment


def a_pace(time: Clock, **paces: tuple[int, float]) -> Pace:
    return Pace(paces, monotonic=time, sleep=time.sleep, jitter=lambda: 0.0)


async def moments(time: Clock, pace: Pace, kind: str, calls: int) -> list[float]:
    began, found = time.now, list[float]()
    for _ in range(calls):
        await pace.turn(kind)
        found.append(time.now - began)
    return found


async def test_calls_are_made_at_once_until_the_burst_is_spent_and_then_at_their_pace() -> None:
    time = Clock()
    pace = a_pace(time, all=(3, 60))
    assert await moments(time, pace, HISTORY, 6) == [0, 0, 0, 1, 2, 3]
    time.now += 60
    assert await moments(time, pace, HISTORY, 4) == [0, 0, 0, 1]


async def test_a_kind_that_has_spent_its_own_budget_leaves_the_others_theirs() -> None:
    time = Clock()
    pace = a_pace(time, all=(10, 60), about=(1, 6))
    await pace.turn(ABOUT)
    assert (pace.free_in(ABOUT), pace.free_in(HISTORY)) == (10, 0)
    assert (pace.free(ABOUT), pace.free(HISTORY)) == (0, 9)
    pace.rest(COUNTS, 30)
    assert (pace.free_in(COUNTS), pace.free_in(HISTORY)) == (30, 0)
    assert (pace.free(COUNTS), pace.free(HISTORY)) == (0, 9)
    time.now += 30
    assert (pace.free_in(ABOUT), pace.free_in(COUNTS)) == (0, 0)


def test_a_shorter_rest_that_is_asked_for_later_ends_no_longer_one() -> None:
    pace = a_pace(Clock(), all=(10, 60))
    pace.rest(COUNTS, 30)
    pace.rest(COUNTS, 5)
    assert pace.free_in(COUNTS) == 30


async def test_calls_from_before_the_clock_was_set_back_hold_nothing_up_for_longer(store: Store) -> None:
    clock = Moment(NOW)
    budget = CallBudget(store, clock, "ann", JOIN)
    await budget.spend()
    clock.passes(hours=-9)
    assert (budget.left, budget.free_at - clock()) == (0, timedelta(minutes=20))
    clock.passes(minutes=20)
    assert budget.left == 1


async def test_however_many_calls_do_not_wait_one_that_waits_has_its_turn() -> None:
    time = Clock()
    pace = a_pace(time, all=(5, 60))
    for _ in range(500):
        pace.count(ALL)
    assert await moments(time, pace, HISTORY, 2) == [1, 2]


async def test_the_wait_is_never_the_same_and_one_that_is_given_up_is_over() -> None:
    slept: list[float] = []
    asleep = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        asleep.set()
        await asyncio.Event().wait()

    pace = Pace({ALL: (1, 60)}, monotonic=lambda: 0.0, sleep=sleep, jitter=lambda: 0.5)
    await pace.turn(ALL)
    async with asyncio.TaskGroup() as group:
        waits = group.create_task(pace.turn(ALL))
        await asleep.wait()
        assert (slept, pace.waiting) == ([1.5], 1)
        waits.cancel()
    assert pace.waiting == 0


async def test_what_is_pushed_is_read_at_once_where_the_rest_waits(world: World) -> None:
    await world.publish(2)
    time = Clock()
    async with world.source(pace=a_pace(time, history=(1, 1))) as source:
        peer = await source.resolve("News")
        for _ in range(3):
            pages = [page async for page in source.history(peer, after=1, pushed=True)]
            assert [post.message_id for post in pages[0]] == [2]
        assert time.now == 0
        await anext(source.history(peer, after=1))
    assert time.now == 60


async def test_a_flood_of_one_method_is_obeyed_by_that_method_alone(world: World) -> None:
    await world.publish(2)
    world.tg.fault("GetFullChannel", text="FLOOD_WAIT_30")
    time = Clock()
    async with world.source(pace=a_pace(time)) as source:
        peer = await source.resolve("News")
        for _ in range(2):
            with pytest.raises(RateLimited):
                await source.about(peer)
        assert world.tg.called("GetFullChannel") == 1, "it was not asked again"
        assert len(await source.counts(peer, [1, 2])) == 2
        pages = [page async for page in source.history(peer)]
        assert [post.message_id for post in pages[0]] == [1, 2]
        time.now += 30
        await source.about(peer)
    assert world.tg.called("GetFullChannel") == 2


async def test_who_asks_for_what_was_joined_too_often_is_refused(world: World) -> None:
    async with world.source(pace=a_pace(Clock(), joined=(1, 1))) as source:
        await source.joined()
        with pytest.raises(RateLimited):
            await source.joined()
