"""Edits and deletions, as all who ask the archive see them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.query import parse
from storage.store import Store, Transaction
from tests.posts import MORNING, a_post

DAY = timedelta(days=1)
FERRY = "The ferry to Aldermouth is late because of thick fog."


@pytest.fixture
async def changed(any_store: Store, now: datetime) -> Store:
    """Three posts, of which the second was edited and the third deleted."""
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        texts = ("The council of Aldermouth met.", FERRY, "A whale was seen off Aldermouth.")
        await tx.posts.add([a_post(number, words) for number, words in enumerate(texts, 1)], channels, now)
        edited = a_post(2, FERRY.replace("late because of thick fog", "cancelled after a collision"), edited=True)
        await tx.posts.add([edited], channels, now)
        assert await tx.posts.mark_deleted(channels["harbour_wire"], [3], now) == 1
    return any_store


async def found(tx: Transaction, words: str, now: datetime) -> list[int]:
    page = await tx.archive.search(parse(words, now, UTC), now, limit=10)
    return [each.post.message_id for each in page.found]


async def test_an_edited_post_is_found_by_its_new_words_and_not_by_its_old_ones(changed: Store, now: datetime) -> None:
    async with changed.read() as tx:
        assert await found(tx, "collision", now) == [2]
        assert await found(tx, "fog", now) == []
        assert await found(tx, "ferry", now) == [2]


async def test_a_deleted_post_is_found_by_nobody(changed: Store, now: datetime) -> None:
    async with changed.read() as tx:
        assert await found(tx, "whale", now) == []
        assert sorted(await found(tx, "Aldermouth", now)) == [1, 2]
        window = await tx.posts.between(MORNING - DAY, MORNING + DAY)
        assert [post.message_id for post in window] == [1, 2]
        assert (await tx.posts.count(), await tx.posts.days()) == (2, {f"{MORNING:%Y-%m-%d}": 2})


async def test_a_deleted_post_is_not_found_again_where_its_channel_is_better_known(
    changed: Store, now: datetime
) -> None:
    async with changed.begin() as tx:
        posts = [post async for post in tx.posts.every()]
        await tx.posts.rewrite({posts[2].id: a_post(3, posts[2].text)})
        assert await found(tx, "whale", now) == []
    async with changed.read() as tx:
        assert (await tx._connection.scalar(text("SELECT count(*) FROM post_words"))) == 2


async def test_both_are_kept_with_what_became_of_them(changed: Store) -> None:
    async with changed.read() as tx:
        posts = [post async for post in tx.posts.every()]
        assert [(post.message_id, post.edits, post.deleted) for post in posts] == [
            (1, 0, False),
            (2, 1, False),
            (3, 0, True),
        ]
        assert [words for _, words in (await tx.posts.edits([posts[1].id]))[posts[1].id]] == [FERRY]


async def test_posts_are_counted_by_days_in_utc_whatever_the_zone_of_the_server(
    postgres_url: str, now: datetime
) -> None:
    store = await Store.open(f"{postgres_url}&options=-c%20timezone%3DAsia%2FTokyo")
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, date=datetime(2025, 2, 17, 23, 59, tzinfo=UTC))], channels, now)
        assert await tx.posts.days() == {"2025-02-17": 1}
    await store.close()
