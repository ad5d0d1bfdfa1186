"""What a model made is kept once for all readers, with what it cost."""

from datetime import datetime, timedelta

from core.model import StoryId
from storage.store import Store
from storage.summaries import Kept, Spent, SummaryKey

KEY = SummaryKey(story=StoryId(7), version="a1", language="ru", model="m", prompt="1")
OTHER = SummaryKey(story=StoryId(7), version="a1", language="en", model="m", prompt="1")
CALL = Spent(calls=1, tokens_in=900, tokens_out=100, cost=0.25)


async def test_a_result_is_found_by_its_whole_key(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.summaries.keep(KEY, {"title": "Мост"}, CALL, now)
        assert await tx.summaries.find([OTHER]) == {}
        assert await tx.summaries.find([KEY, OTHER]) == {KEY: Kept(value={"title": "Мост"}, tokens=1000, cost=0.25)}
        assert await tx.summaries.find([]) == {}


async def test_a_later_result_gives_way_to_none_and_its_cost_is_added_up(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.summaries.keep(KEY, None, CALL, now)
        assert await tx.summaries.find([KEY]) == {KEY: Kept(value=None, tokens=1000, cost=0.25)}
        await tx.summaries.keep(KEY, {"title": "Мост"}, CALL, now)
        assert await tx.summaries.find([KEY]) == {KEY: Kept(value={"title": "Мост"}, calls=2, tokens=2000, cost=0.5)}
        spent = await tx.summaries.spent(now)
    assert (spent, spent.tokens) == (Spent(calls=2, tokens_in=1800, tokens_out=200, cost=0.5), 2000)


async def test_what_was_spent_counts_from_a_moment_on(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.summaries.keep(KEY, None, CALL, now - timedelta(days=1))
        await tx.summaries.keep(OTHER, None, CALL, now)
        assert (await tx.summaries.spent(now)).calls == 1
        assert (await tx.summaries.spent(now + timedelta(days=1))) == Spent()
        await tx.summaries.forget(now)
        assert set(await tx.summaries.find([KEY, OTHER])) == {OTHER}
