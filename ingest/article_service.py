"""The shell around linked pages: those that posts wait for are fetched, read and stored once each."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from core.clock import Clock
from core.errors import FetchError, StorageError
from core.model import Article
from ingest.article import NoArticle
from ingest.pages import Page
from storage.articles import WantedArticle
from storage.store import Store

BATCH = 8  # pages at a time; the turns of the HTTP client keep hosts apart
IDLE_SECONDS = 20.0
MOST_ATTEMPTS = 4
FIRST_WAIT = timedelta(minutes=5)  # before the second attempt; each further one waits six times as long

log = logging.getLogger(__name__)

Fetch = Callable[[str], Awaitable[Page]]


class PageReader(Protocol):
    """Reads the article of a page."""

    async def read(self, page: Page) -> Article | NoArticle: ...


class ArticleService:
    """Reads what posts link. `fetch` gets a page by its address."""

    def __init__(self, store: Store, clock: Clock, fetch: Fetch, reader: PageReader) -> None:
        self._store, self._clock, self._fetch, self._reader = store, clock, fetch, reader
        self._hinted = asyncio.Event()
        self._writing = asyncio.Lock()  # two links may turn out to be one page

    def hint(self) -> None:
        """Pages may be waiting."""
        self._hinted.set()

    async def run(self) -> None:
        """Read pages until cancelled."""
        while True:
            try:
                while await self.step():
                    pass
            except StorageError as error:
                log.error("articles wait: %s", error)
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._hinted.wait()
            except TimeoutError:
                pass
            self._hinted.clear()

    async def step(self) -> int:
        """Read the pages that are wanted most; gives how many were tried."""
        async with self._store.read() as tx:
            wanted = await tx.articles.wanted(self._clock(), BATCH)
        try:
            async with asyncio.TaskGroup() as group:
                for each in wanted:
                    group.create_task(self._read(each))
        except* StorageError as errors:
            refused = errors.exceptions[0]
        else:
            return len(wanted)
        raise refused

    async def _read(self, wanted: WantedArticle) -> None:
        try:
            article = await self._reader.read(await self._fetch(wanted.url))
            if isinstance(article, NoArticle):
                await self._fail(wanted, article.reason, passing=False)
                return
            async with self._writing, self._store.begin() as tx:
                await tx.articles.store(wanted.id, article)
        except FetchError as error:
            await self._fail(wanted, error.reason, passing=error.passing)
        except StorageError:
            raise
        except Exception as error:  # one strange page must not keep the others from being read
            log.exception("reading %s failed", wanted.url)
            await self._fail(wanted, type(error).__name__, passing=False)

    async def _fail(self, wanted: WantedArticle, reason: str, *, passing: bool) -> None:
        again = passing and wanted.attempts + 1 < MOST_ATTEMPTS
        next_at = self._clock() + FIRST_WAIT * 6**wanted.attempts if again else None
        async with self._store.begin() as tx:
            await tx.articles.failed(wanted.id, reason, next_at)
