"""How long it takes to ask which linked pages are to be read, by how many wait.

    python -m benchmarks.article_queue [--pages 1000 20000 100000] [--only sqlite|postgresql]

The pages stand in three ways: of many sites as frequent as words are (one in twelve of the most frequent), of one site
with few others (whose newest pages are all of a host that is busy), and each of a site of its own. Asked is what the
service asks whenever a lane ends: four pages each of as many hosts as there is room for, seven while 25 are busy. The
baseline ranks all pages that wait in the statement, as Courant did before.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import insert, text

from benchmarks.databases import databases
from storage.store import Store, Transaction
from storage.tables import ArticleRow

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)
BUSY, FREE, EACH, TIMES = 25, 7, 4, 15
BASELINE = text(
    "SELECT * FROM (SELECT a.id, a.host, row_number() OVER (PARTITION BY a.host ORDER BY a.id DESC) AS place"
    " FROM article a LEFT JOIN web_host w ON w.name = a.host"
    " WHERE a.state = 'new' AND coalesce(a.next_at, '1970-01-01') <= :now AND (w.next_at IS NULL OR w.next_at <= :now)"
    " AND a.host NOT IN (SELECT value FROM busy)) AS placed"
    " WHERE place <= 4 ORDER BY place, id DESC LIMIT 28"
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--pages", type=int, nargs="+", default=[1000, 20_000, 100_000])
    arguments.add_argument("--only", choices=("sqlite", "postgresql"))
    given = arguments.parse_args()
    print("| database | pages | of | asked in | all ranked in |")
    print("| --- | --- | --- | --- | --- |")
    for kind in ("many sites", "one site", "a site each"):
        for pages in given.pages:
            for name, address in databases(given.only):
                ours, baseline = asyncio.run(measure(address, pages, kind))
                print(f"| {name} | {pages:,} | {kind} | {1000 * ours:.1f} ms | {1000 * baseline:.1f} ms |", flush=True)


async def measure(address: str, pages: int, kind: str) -> tuple[float, float]:
    """Seconds of one asking, by what Courant asks and by the baseline."""
    store = await Store.open(address)
    hosts = list(_hosts(pages, kind))
    newest = list(dict.fromkeys(reversed(hosts)))[:BUSY]
    async with store.begin() as tx:
        rows = [{"url": f"https://{host}/{n}", "host": host} for n, host in enumerate(hosts)]
        await tx._connection.execute(insert(ArticleRow), rows)
        await tx._connection.execute(text("CREATE TABLE busy (value TEXT PRIMARY KEY)"))
        await tx._connection.execute(text("INSERT INTO busy VALUES (:value)"), [{"value": each} for each in newest])
    async with store.begin() as tx:
        await tx._connection.execute(text("ANALYZE"))
    ours = [await _timed(store, lambda tx: tx.articles.wanted(NOW, FREE, each=EACH, but=newest)) for _ in range(TIMES)]
    now = NOW.isoformat(sep=" ") if "sqlite" in address else NOW
    old = [await _timed(store, lambda tx: tx._connection.execute(BASELINE, {"now": now})) for _ in range(TIMES)]
    await store.close()
    return median(ours), median(old)


async def _timed(store: Store, ask: Callable[[Transaction], Awaitable[object]]) -> float:
    async with store.read() as tx:
        began = time.perf_counter()
        await ask(tx)
        return time.perf_counter() - began


def _hosts(pages: int, kind: str) -> Iterator[str]:
    draw = random.Random(1)
    for number in range(pages):
        if kind == "many sites":
            yield f"site{int(draw.paretovariate(0.7))}.example"
        elif kind == "one site":
            yield "large.example" if number >= 30 else f"site{number}.example"
        else:
            yield f"site{number}.example"


if __name__ == "__main__":
    main()
