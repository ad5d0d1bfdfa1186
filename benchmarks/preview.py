"""Preview pages read and cleaned per second on one core, against a BeautifulSoup reading of the same fields.

    python -m benchmarks.preview [--data DIR] [--rounds N]

Pages: the saved ones in DIR (default: $COURANT_DATA, then ../shared/data), else those of the tests. Prints rows of the
table in docs/benchmarks.md; ends with an error if the two readers do not agree on every field of every post.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.data import DATA, ROOT
from benchmarks.preview_soup import read_with_soup
from core.model import NewPost
from ingest.cleaning.clean import clean_all
from ingest.preview.page import PageKind, read_preview

PARSERS = ("lxml", "html.parser")

Reader = Callable[[bytes], Sequence[NewPost]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--rounds", type=int, default=5, help="rounds; the fastest counts")
    given = arguments.parse_args()
    pages = load(given.data)
    for parser in PARSERS:
        check_same(pages, parser)
    ours = fastest(read_with_lxml, pages, given.rounds)
    soups = {parser: fastest(partial(read_with_soup, parser=parser), pages, given.rounds) for parser in PARSERS}
    best = min(soups, key=lambda parser: soups[parser][1])
    posts = sum(len(read_with_lxml(page)) for page in pages)
    print("| measure | ours | BeautifulSoup | ratio | on |")
    print("| --- | --- | --- | --- | --- |")
    for name, at, theirs in (
        ("read", 0, 0),
        ("read and cleaned, against read only", 1, 0),
        ("read and cleaned, both", 1, 1),
    ):
        rate, other = len(pages) / ours[at], len(pages) / soups[best][theirs]
        what = f"{len(pages)} pages, {posts} posts"
        print(f"| preview pages {name} per second | {rate:.0f} | {other:.1f} ({best}) | {rate / other:.1f} | {what} |")


def load(data: Path) -> list[bytes]:
    """The preview pages with posts: saved ones, else our own."""
    folders = (data / "telegram_html" / "web_preview", ROOT / "tests" / "ingest" / "pages" / "preview")
    for folder in folders:
        pages = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
        full = [page for page in pages if len(page) > 20_000 and read_preview(page).kind is PageKind.PREVIEW]
        if full:
            return full
    raise SystemExit("No pages to measure with: give --data, the folder that holds telegram_html.")


def read_with_lxml(page: bytes) -> Sequence[NewPost]:
    return read_preview(page).posts


def check_same(pages: Sequence[bytes], parser: str) -> None:
    """A race between readers that read different things would say nothing."""
    for page in pages:
        for ours, theirs in zip(read_with_lxml(page), read_with_soup(page, parser), strict=True):
            if ours != theirs:
                raise SystemExit(f"The readers differ ({parser}):\n{ours}\n{theirs}")


def fastest(read: Reader, pages: Sequence[bytes], rounds: int) -> tuple[float, float]:
    """Seconds of processor time for all pages: read, and read and cleaned; the best round of each."""
    reading, both = [], []
    for _ in range(rounds):
        started = time.process_time()
        posts = [post for page in pages for post in read(page)]
        middle = time.process_time()
        clean_all(posts)
        reading.append(middle - started)
        both.append(time.process_time() - started)
    return min(reading), min(both)


if __name__ == "__main__":
    main()
