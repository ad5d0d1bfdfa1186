"""`courant clean` for article pages: records in, records out, each page read in a process that may be killed."""

import asyncio
from collections.abc import Mapping
from itertools import count
from queue import LifoQueue

from core.errors import BadInput, FetchError
from core.model import Article, NoArticle
from ingest.articles.charset import MAX_HTML
from ingest.articles.reader import ArticleReader

SECONDS = 30.0  # that one page may take
ALONE = 40  # pages before the other readers begin: to start one takes as long as so many pages


class ArticleFilter:
    """`read` may be called from many threads; all readers but the first begin when there is work for them."""

    def __init__(self, readers: int) -> None:
        # one thread after another uses an event loop, never two at once
        self._free: LifoQueue[tuple[asyncio.Runner, ArticleReader]] = LifoQueue()
        self._all = [(asyncio.Runner(), ArticleReader(seconds=SECONDS, nice=0)) for _ in range(readers)]
        self._free.put(self._all[0])
        self._asked = count(1)
        self._is_given_up = False

    def __enter__(self) -> "ArticleFilter":
        return self

    def give_up(self) -> None:
        """Let the pages that are being read come out at once, without an article, and read no others."""
        self._is_given_up = True
        for _, reader in self._all:
            reader.kill()

    def __exit__(self, *error: object) -> None:
        for runner, reader in self._all:
            runner.run(reader.stop())
            runner.close()

    def read(self, record: Mapping[str, object], html: str) -> dict[str, object]:
        """What `html_of` took from the record, read: `{"id","title","author","date","text","language","links"}`.

        A page without an article gives an empty text, and so does one that takes too long to read. Raises FetchError
        where no reader can be started, or all was given up.
        """
        url = record.get("url")
        if next(self._asked) == ALONE:
            for each in self._all[1:]:
                self._free.put(each)
        page = html[:MAX_HTML].encode("utf-8", "ignore")
        runner, reader = self._free.get()
        try:
            if self._is_given_up:
                raise FetchError("the reader", "was given up")
            found = runner.run(reader.examine(page, url if isinstance(url, str) else "", "text/html; charset=utf-8"))
        finally:
            self._free.put((runner, reader))
        return _as_record(record.get("id"), found)


def html_of(record: Mapping[str, object]) -> str:
    """The page of a record `{"id","html","url"?}`. Raises BadInput where there is none."""
    html = record.get("html")
    if not isinstance(html, str):
        raise BadInput("the record", 'has no text under "html"')
    return html


def _as_record(key: object, found: Article | NoArticle) -> dict[str, object]:
    article = found if isinstance(found, Article) else Article(url="", title=None, text="")
    return {
        "id": key,
        "title": article.title,
        "author": article.author,
        "date": article.date.date().isoformat() if article.date else None,
        "text": article.text,
        "language": article.language,
        "links": list(article.links),
    }
