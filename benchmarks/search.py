"""Search over a large archive: `python -m benchmarks.search [--posts 300000] [--only sqlite|postgresql]`.

Posts are made up of words drawn as often as real words are (Zipf), Russian and English, so that the commonest word
stands in nearly every post. Prints a row of the table in docs/benchmarks.md for each kind of query.
"""

import argparse
import asyncio
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from benchmarks.databases import databases
from core.model import ChannelList, CleanPost, Kind, NewPost
from core.query import parse
from storage.store import Store

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)
VOCABULARY = 60_000
WORDS = 45
CHANNELS = 200
SYLLABLES = {
    "ru": re.findall("..", "баведижузакиломунепораситуфехацешащеныюрогоротолегр"),
    "en": re.findall("..", "bavedijuzakilomuneporasitufehacesoshedotonlygarmewi"),
}


def vocabulary(language: str, rng: random.Random) -> list[str]:
    """Words of the language's look, the commonest first; all different."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(rng.choices(SYLLABLES[language], k=rng.randint(2, 4)))] = None
    return list(words)


def posts(number: int, rng: random.Random, words: dict[str, list[str]]) -> Iterator[CleanPost]:
    """Posts of the last two years, oldest first."""
    weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    step = timedelta(days=730) / number
    for n in range(number):
        language = "ru" if n % 2 else "en"
        text = " ".join(rng.choices(words[language], cum_weights=weights, k=WORDS))
        post = NewPost(channel=f"channel_{n % CHANNELS}", message_id=n + 1, date=NOW - step * (number - n), text=text)
        yield CleanPost(post=post, body=text, language=language, fingerprint=n + 1, kind=Kind.NEWS)


def queries(words: dict[str, list[str]], rng: random.Random) -> dict[str, list[str]]:
    """Fifty queries of each kind."""

    def pick(low: int, high: int) -> str:
        return words[rng.choice(("ru", "en"))][rng.randrange(low, high)]

    def zipf(number: int) -> list[str]:
        drawn = words[rng.choice(("ru", "en"))]
        return [drawn[int(VOCABULARY ** rng.random())] for _ in range(number)]

    return {
        "a very common word": [pick(0, 10) for _ in range(50)],
        "a common word": [pick(50, 500) for _ in range(50)],
        "a rare word": [pick(5_000, 50_000) for _ in range(50)],
        "two common words": [f"{pick(0, 50)} {pick(0, 50)}" for _ in range(50)],
        "a common and a rare word": [f"{pick(0, 20)} {pick(5_000, 20_000)}" for _ in range(50)],
        "a question of eight words": [" ".join(zipf(8)) for _ in range(50)],
        "a phrase of common words": [f'"{pick(20, 200)} {pick(20, 200)}"' for _ in range(50)],
        "a common word, one channel": [f"{pick(0, 50)} channel:channel_{n}" for n in range(50)],
        "a common word, one list": [f"{pick(0, 50)} list:first" for _ in range(50)],
        "a common word, one month": [f"{pick(0, 50)} since:2024-03-01 until:2024-04-01" for _ in range(50)],
        "a common word without another": [f"{pick(0, 50)} -{pick(0, 50)}" for _ in range(50)],
    }


async def fill(store: Store, number: int, rng: random.Random, words: dict[str, list[str]]) -> float:
    """Store the posts; gives posts a second."""
    async with store.begin() as tx:
        names = [f"channel_{n}" for n in range(CHANNELS)]
        await tx.channels.take_over([ChannelList(id="first", titles={"": "First"}, channels=tuple(names[:40]))], {})
        channels = await tx.channels.ensure(names)
    batch: list[CleanPost] = []
    spent = 0.0
    for post in posts(number, rng, words):
        batch.append(post)
        if len(batch) == 2000:
            began = time.perf_counter()
            async with store.begin() as tx:
                await tx.posts.add(batch, channels, NOW)
            spent += time.perf_counter() - began
            batch.clear()
    return number / spent


async def timed(store: Store, asked: Sequence[str]) -> tuple[list[float], int]:
    """Milliseconds for each query, and how many results there were."""
    times, found = [], 0
    for words in asked:
        began = time.perf_counter()
        async with store.read() as tx:
            page = await tx.archive.search(parse(words, NOW, UTC), NOW, limit=10)
        times.append((time.perf_counter() - began) * 1000)
        found += len(page.found)
    return times, found


async def measure(name: str, address: str, number: int) -> None:
    rng = random.Random(7)
    words = {language: vocabulary(language, rng) for language in SYLLABLES}
    store = await Store.open(address)
    rate = await fill(store, number, rng, words)
    print(f"\n{name}, {number} posts, stored and indexed at {rate:.0f} a second\n")
    print("| query | p50 ms | p95 ms | results |\n| --- | --- | --- | --- |")
    everything: list[float] = []
    await timed(store, ["warm up"])
    for kind, asked in queries(words, rng).items():
        times, found = await timed(store, asked)
        everything += times
        print(f"| {kind} | {statistics.median(times):.1f} | {p95(times):.1f} | {found / len(asked):.1f} |")
    print(f"| all | {statistics.median(everything):.1f} | {p95(everything):.1f} | |")
    await store.close()


def p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--posts", type=int, default=300_000)
    arguments.add_argument("--only", choices=("sqlite", "postgresql"))
    given = arguments.parse_args()
    for name, address in databases(given.only):
        asyncio.run(measure(name, address, given.posts))


if __name__ == "__main__":
    main()
