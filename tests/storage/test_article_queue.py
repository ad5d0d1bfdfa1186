"""However many pages wait, it takes the same work to tell which are to be read next."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from storage.article_queue import _BY_HOST, _BY_NEWEST, LOOKED_AT
from storage.store import Store
from storage.tables import ArticleRow

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


async def work(store: Store, statement: Any, now: datetime) -> float:
    """What the database does for an answer: steps of SQLite's machine, pages that PostgreSQL looks at."""
    given = {"now": now, "hosts": 4, "each": 4, "but": BUSY}
    async with store.read() as tx:
        connection = tx._connection
        if connection.dialect.name == "sqlite":
            steps = 0

            def step() -> None:
                nonlocal steps
                steps += 1

            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.set_progress_handler(step, 100)
            assert (await connection.execute(statement, given)).all()
            await driver.set_progress_handler(None, 0)
            return steps
        asked = statement.compile(dialect=connection.dialect).construct_expanded_state(given)
        answer = await connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asked.statement}", asked.parameters
        )
        plan = answer.scalar_one()
        top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        assert top["Actual Rows"]
        return float(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


async def test_a_long_queue_of_many_hosts_costs_no_more_than_a_short_one(any_store: Store, now: datetime) -> None:
    many = [f"site{n % 700}.example" for n in range(2 * LOOKED_AT)]
    await waiting(any_store, many[:LOOKED_AT])
    short = await work(any_store, _BY_NEWEST, now)
    async with any_store.begin() as tx:
        await tx._connection.execute(text("DELETE FROM article"))
    await waiting(any_store, many * 4)
    assert await work(any_store, _BY_NEWEST, now) < 1.5 * short


async def test_pages_that_have_been_read_are_not_passed_on_the_way(any_store: Store, now: datetime) -> None:
    await waiting(any_store, [f"site{n % 700}.example" for n in range(LOOKED_AT)])
    await waiting(any_store, ["other.example"] * 3 * LOOKED_AT, "read", now + timedelta(hours=1))
    few = await work(any_store, _BY_NEWEST, now)
    await waiting(any_store, ["other.example"] * 6 * LOOKED_AT, "read", now + timedelta(hours=1))
    assert await work(any_store, _BY_NEWEST, now) < 1.5 * few


async def test_a_long_queue_of_one_host_costs_no_more_than_a_short_one(any_store: Store, now: datetime) -> None:
    few = [f"site{n}.example" for n in range(9)]
    await waiting(any_store, [*few, *["large.example"] * LOOKED_AT])
    short = await work(any_store, _BY_HOST, now)
    await waiting(any_store, ["large.example"] * 5 * LOOKED_AT)
    assert await work(any_store, _BY_HOST, now) < 1.5 * short


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
