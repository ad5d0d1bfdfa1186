"""However many pages wait, it takes the same work to tell which are to be read next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, text

from storage.article_queue import LOOKED_AT
from storage.store import Store
from storage.tables import ArticleRow
from tests.work import work

BUSY = [f"busy{n}.example" for n in range(8)]


async def waiting(store: Store, hosts: Sequence[str], state: str = "new", next_at: datetime | None = None) -> None:
    """A page of each of these hosts waits, the last is the newest."""
    rows = [
        {
            "url": f"https://{host}/{state}/{n}/{len(hosts)}",
            "host": host,
            "state": state,
            "next_at": next_at,
            "text": "word " * 20,
        }
        for n, host in enumerate(hosts)
    ]
    async with store.begin() as tx:
        await tx._connection.execute(insert(ArticleRow), rows)
    async with store.begin() as tx:
        await tx._connection.execute(text("ANALYZE"))


async def asked(store: Store, now: datetime) -> int:
    """What it takes to ask for the pages of four hosts."""
    return await work(store, lambda tx: tx.articles.wanted(now, 4, each=4, but=BUSY))


async def test_a_long_queue_of_many_hosts_costs_no_more_than_a_short_one(any_store: Store, now: datetime) -> None:
    many = [f"site{n % 700}.example" for n in range(2 * LOOKED_AT)]
    await waiting(any_store, many[:LOOKED_AT])
    short = await asked(any_store, now)
    async with any_store.begin() as tx:
        await tx._connection.execute(text("DELETE FROM article"))
    await waiting(any_store, many * 4)
    assert await asked(any_store, now) < 2 * short, "eight times as many wait"


async def test_pages_that_have_been_read_are_not_passed_on_the_way(any_store: Store, now: datetime) -> None:
    await waiting(any_store, [f"site{n % 700}.example" for n in range(LOOKED_AT)])
    await waiting(any_store, ["other.example"] * 3 * LOOKED_AT, "read", now + timedelta(hours=1))
    few = await asked(any_store, now)
    await waiting(any_store, ["other.example"] * 6 * LOOKED_AT, "read", now + timedelta(hours=1))
    assert await asked(any_store, now) < 1.5 * few


async def test_a_long_queue_of_one_host_costs_no_more_than_a_short_one(any_store: Store, now: datetime) -> None:
    few = [f"site{n}.example" for n in range(9)]
    await waiting(any_store, [*few, *["large.example"] * LOOKED_AT])
    short = await asked(any_store, now)
    await waiting(any_store, ["large.example"] * 5 * LOOKED_AT)
    assert await asked(any_store, now) < 2 * short, "eight times as many wait"


@pytest.mark.parametrize("in_front", [0, 2 * LOOKED_AT])
async def test_the_hosts_behind_a_large_one_are_found(any_store: Store, now: datetime, in_front: int) -> None:
    await waiting(any_store, ["a.example", "b.example", *["large.example"] * in_front, *["busy1.example"] * 3])
    async with any_store.read() as tx:
        found = await tx.articles.wanted(now, 5, each=2, but=BUSY)
    assert [each.host for each in found] == [*["large.example"] * bool(in_front), "b.example", "a.example"] + [
        "large.example"
    ] * bool(in_front)


async def test_pages_to_be_looked_at_again_take_their_turn_among_the_new_ones(any_store: Store, now: datetime) -> None:
    await waiting(any_store, ["a.example", "b.example"])
    await waiting(any_store, ["a.example", "c.example"], "read", now)
    await waiting(any_store, ["d.example"], "read", now + timedelta(seconds=1))
    async with any_store.read() as tx:
        found = await tx.articles.wanted(now, 5, each=2)
    assert [(each.host, each.length) for each in found] == [
        *(("c.example", 100), ("a.example", 100), ("b.example", None)),
        ("a.example", None),
    ]


async def test_pages_and_hosts_that_a_clock_ahead_put_off_are_wanted_once_it_is_right(
    any_store: Store, now: datetime
) -> None:
    ahead = now + timedelta(days=30)
    await waiting(any_store, ["a.example"], next_at=ahead + timedelta(minutes=5))
    await waiting(any_store, ["b.example"])
    async with any_store.begin() as tx:
        await tx.articles.host_failed("b.example", "it does not answer", ahead, ahead + timedelta(hours=6))
        for clock, hosts in ((ahead, set()), (now, {"a.example", "b.example"})):
            assert {each.host for each in await tx.articles.wanted(clock, 5)} == hosts


async def test_a_page_that_has_been_read_is_not_looked_at_again_while_its_host_rests(
    any_store: Store, now: datetime
) -> None:
    await waiting(any_store, ["a.example", "b.example"], "read", now)
    later = now + timedelta(hours=1)
    async with any_store.begin() as tx:
        await tx.articles.host_failed("b.example", "it does not answer", now, later)
        for clock, hosts in ((now, {"a.example"}), (later, {"a.example", "b.example"})):
            assert {each.host for each in await tx.articles.wanted(clock, 5)} == hosts
