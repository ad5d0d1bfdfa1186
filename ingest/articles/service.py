"""The shell around linked pages: those that posts wait for are fetched, read and stored once each, and looked at again
while their posts are young.

Each host has a lane of its own: its pages come one after another, and a slow host holds up nobody else.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from core.clock import Clock
from core.errors import FetchError, HostResting, StorageError
from core.model import Article, NoArticle, PageVersion
from ingest.articles.pages import Page
from ingest.articles.retries import GIVEN_UP, host_again, next_check, page_again
from storage.article_queue import HostTrouble, WantedArticle
from storage.articles import host_of
from storage.store import Store

HOSTS_AT_ONCE = 32  # most of them wait out the second between two of their pages
EACH = 4  # pages that a lane takes before the newer links of all hosts are looked at again
IDLE_SECONDS = 20.0

log = logging.getLogger(__name__)

Fetch = Callable[[str, PageVersion], Awaitable[Page | None]]


class PageReader(Protocol):
    """Reads the article of a page."""

    async def read(self, page: Page) -> Article | NoArticle: ...


class ArticleService:
    """Reads what posts link. `fetch` gets a page by its address, or None where it still is the version that is known;
    `jitter` gives numbers from 0 to 1."""

    def __init__(
        self, store: Store, clock: Clock, fetch: Fetch, reader: PageReader, jitter: Callable[[], float] = random.random
    ) -> None:
        self._store, self._clock, self._fetch, self._reader = store, clock, fetch, reader
        self._jitter = jitter
        self._hinted = asyncio.Event()
        self._busy: set[str] = set()
        self._refused: StorageError | None = None

    def hint(self) -> None:
        """Pages may be waiting."""
        self._hinted.set()

    async def run(self) -> None:
        """Read pages until cancelled."""
        async with asyncio.TaskGroup() as lanes:
            while True:
                self._hinted.clear()
                if self._refused is None:
                    try:
                        await self._start(lanes)
                    except StorageError as error:
                        self._refuse(error)
                    except Exception:  # a mistake of ours must not end what else runs in this process
                        log.exception("articles wait")
                if self._refused is not None:  # what cannot be stored is not fetched again and again
                    self._refused = None
                    await asyncio.sleep(IDLE_SECONDS)
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._hinted.wait()

    async def step(self) -> int:
        """Read the pages that are wanted most, some of each host; gives how many."""
        async with asyncio.TaskGroup() as lanes:
            taken = await self._start(lanes)
        refused, self._refused = self._refused, None
        if refused is not None:
            raise refused
        return taken

    async def _start(self, group: asyncio.TaskGroup) -> int:
        """Begin lanes as far as there is room; gives the pages in them."""
        free = HOSTS_AT_ONCE - len(self._busy)
        if free <= 0:
            return 0
        async with self._store.read() as tx:
            wanted = await tx.articles.wanted(self._clock(), free, each=EACH, but=self._busy)
        lanes: dict[str, list[WantedArticle]] = {}
        for page in wanted:
            lanes.setdefault(page.host, []).append(page)
        for host, pages in lanes.items():
            self._busy.add(host)
            group.create_task(self._lane(host, pages))
        return sum(map(len, lanes.values()))

    async def _lane(self, host: str, pages: Sequence[WantedArticle]) -> None:
        """One host's pages; nothing of it is raised into other lanes."""
        try:
            await self._read_in_turn(host, pages)
            self._hinted.set()  # there is room for another
        except StorageError as error:
            self._refuse(error)
            self._hinted.set()
        except Exception:
            log.exception("what became of the pages of %s cannot be kept", host)
        finally:
            self._busy.discard(host)

    async def _read_in_turn(self, host: str, pages: Sequence[WantedArticle]) -> None:
        """One host's pages in turn, until the host is to be left alone."""
        trouble = pages[0].trouble
        for page in pages:
            failure = await self._read(page)
            if failure is not None:
                trouble, rests = await self._host_failed(host, failure, trouble)
                if rests:
                    return
            elif trouble is not None:
                async with self._store.begin() as tx:
                    await tx.articles.host_answered(host)
                trouble = None

    async def _host_failed(
        self, host: str, failure: FetchError, trouble: HostTrouble | None
    ) -> tuple[HostTrouble, bool]:
        """Write down that a host is in trouble; gives what is known of it now, and whether it is to be left alone."""
        now = self._clock()
        failures, since = (trouble.failures, trouble.since) if trouble else (0, now)
        asked = failure.seconds if isinstance(failure, HostResting) else 0.0
        again = host_again(failures, asked, now, self._jitter())
        async with self._store.begin() as tx:
            if since <= now - GIVEN_UP:
                await tx.articles.give_up(host, f"its host gave no page for {GIVEN_UP.days} days")
                log.info("%s gave no page for %d days: its pages are not waited for", host, GIVEN_UP.days)
                return HostTrouble(failures=failures, since=since), True
            await tx.articles.host_failed(host, failure.reason, now, again)
        return HostTrouble(failures=failures + 1, since=since), again > now

    async def _read(self, wanted: WantedArticle) -> FetchError | None:
        """Read one page, or write down why not. Gives the failure where it is its host's rather than its own."""
        try:
            page = await self._fetch(wanted.url, wanted.version)
            if page is None:
                await self._fail(wanted, "has not changed", passing=False)
            elif isinstance(found := await self._reader.read(page), NoArticle):
                await self._fail(wanted, found.reason, passing=found.passing)
            else:
                await self._keep(wanted, page.version, found)
        except FetchError as error:
            own = not error.passing or host_of(error.url) != wanted.host
            if own or not isinstance(error, HostResting):
                await self._fail(wanted, error.reason, passing=error.passing)
            return None if own else error
        except StorageError:
            raise
        except Exception as error:  # one strange page must not keep the others from being read
            log.exception("reading %s failed", wanted.url)
            await self._fail(wanted, type(error).__name__, passing=False)
        return None

    async def _keep(self, wanted: WantedArticle, version: PageVersion, article: Article) -> None:
        now = self._clock()
        if wanted.length is not None and 2 * len(article.text) < wanted.length:  # a wall has been put before it
            await self._fail(wanted, "shows less than before", passing=False)
            return
        checks = 0 if wanted.length is None else wanted.checks + 1
        again = next_check(checks, wanted.linked, now, self._jitter())
        async with self._store.begin() as tx:
            await tx.articles.store(wanted.id, article, now, version=version, next_at=again)

    async def _fail(self, wanted: WantedArticle, reason: str, *, passing: bool) -> None:
        """A new page is tried again or never; one that has been read stays as it was."""
        now = self._clock()
        async with self._store.begin() as tx:
            if wanted.length is not None:
                await tx.articles.checked(wanted.id, next_check(wanted.checks + 1, wanted.linked, now, self._jitter()))
                return
            next_at = page_again(wanted.attempts, now, self._jitter()) if passing else None
            await tx.articles.failed(wanted.id, reason, next_at)

    def _refuse(self, error: StorageError) -> None:
        log.error("articles wait: %s", error)
        self._refused = error
