"""A JSON Lines import into SQLite, measured: posts per second on one core, memory, and where the time goes.

    taskset -c 0 python -m benchmarks.importing [--posts 100000] [--data DIR]

Posts: those of the 24 Russian news channels in DIR (default: $COURANT_DATA, then ../shared/data), else those of
`seeds/day`, taken again and again with new ids and channels. They come in the order of publishing, channels mixed, as
`courant export` writes them. Prints rows of the table in docs/benchmarks.md.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path

from benchmarks.data import DATA, ROOT, packed_json
from core.model import NewPost
from core.words import stems
from ingest.cleaning.clean import clean_all
from ingest.exports.files import read_path
from ingest.exports.importing import import_paths
from ingest.intake import Intake
from ingest.preview.page import read_preview
from storage.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
CHECKED_AT = 0.2  # of the posts: from here on memory should not grow

Original = tuple[str, str, str]  # channel, key of the text, text


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--posts", type=int, default=100_000)
    arguments.add_argument("--data", type=Path, default=DATA)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "posts.jsonl"
        with ProcessPoolExecutor(1, get_context("spawn")) as other:  # its memory is not the import's
            what = other.submit(write_lines, file, given.data, given.posts).result()
        asyncio.run(measure(file, Path(folder) / "import.db", given.posts, what))
        parts(file, min(given.posts, 10_000))


def write_lines(file: Path, data: Path, count: int) -> str:
    """Write `count` post objects, one a line; gives what they are made of."""
    folder = data / "telegram_posts/nktkln/raw"
    originals = list(real_posts(folder) if folder.is_dir() else made_up_posts())
    with file.open("w", encoding="utf-8") as lines:
        for number, (channel, key, text) in enumerate(islice(cycle(originals), count)):
            turn, at = divmod(number, len(originals))
            post = {
                "channel": f"{channel}_{turn}",
                "id": at + 1,
                "date": (FIRST + timedelta(minutes=5 * number)).isoformat(),
                key: text,
                "views": 1000 + number % 5000,
            }
            lines.write(json.dumps(post, ensure_ascii=False) + "\n")
    return f"{len(originals):,} {'real' if folder.is_dir() else 'made-up'} posts, repeated"


def real_posts(folder: Path) -> Iterator[Original]:
    rows = (row for path in sorted(folder.glob("*.json.gz")) for row in packed_json(path))
    for row in sorted(rows, key=lambda row: str(row["date"])):
        if row["text"]:
            yield f"channel_{abs(row['sender_id']) % 10**10}", "markdown", row["text"]


def made_up_posts() -> Iterator[Original]:
    pages = sorted((ROOT / "seeds/day").glob("*.html"))
    posts = [post for path in pages for post in read_preview(path.read_bytes(), path.name).posts]
    for post in sorted(posts, key=lambda post: str(post.date)):
        yield post.channel, "text", post.text


async def measure(file: Path, database: Path, count: int, what: str) -> None:
    memory: list[tuple[int, float]] = []
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    try:
        intake = Intake(store, lambda: NOW)
        began, busy = time.perf_counter(), time.process_time()
        done = await import_paths(intake, [file], NOW, lambda read: memory.append((read, resident())))
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        files = mapped()
    finally:
        await store.close()
    if done.counts["new"] != count:
        raise SystemExit(f"{count} posts were to come in, and these did: {done.counts}")
    early = next(megabytes for read, megabytes in memory if read >= CHECKED_AT * count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| measure | figure | target | on |")
    print("| --- | --- | --- | --- |")
    print(f"| JSON Lines imported, posts per second | {count / seconds:,.0f} | 3,000 | {count:,} posts: {what} |")
    print(f"| the same per second of processor time | {count / busy:,.0f} | | database of {size(database):.0f} MB |")
    print(
        f"| memory at {CHECKED_AT:.0%}, at the end, at its peak | "
        f"{early:.0f}, {memory[-1][1]:.0f}, {peak:.0f} MB | 300 MB | {files:.0f} MB of it mapped files |"
    )


def parts(file: Path, count: int) -> None:
    """How long the stages take by themselves, over the first posts; what is left is the archive's."""
    began = time.process_time()
    posts: Sequence[NewPost] = [post for post in islice(read_path(file, NOW), count) if isinstance(post, NewPost)]
    read = time.process_time()
    cleaned, _ = clean_all(posts)
    clean = time.process_time()
    for each in cleaned:
        if each.stems is None:
            stems(each.body)
    stemmed = time.process_time()
    times = {"reading": read - began, "cleaning": clean - read, "other stems for the index": stemmed - clean}
    shown = ", ".join(f"{name} {seconds / len(posts) * 1e6:.0f}" for name, seconds in times.items())
    print(f"| µs a post | {shown} | | the first {len(posts):,} posts |")


def resident() -> float:
    """Megabytes of memory held now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def mapped() -> float:
    """Megabytes of memory that only mirror files: the system takes them back at will."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile:")) / 1024


def size(database: Path) -> float:
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*")) / 2**20


if __name__ == "__main__":
    main()
