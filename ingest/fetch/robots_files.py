"""The robots.txt of each site that pages are read from: fetched once a day, asked before each request."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from yarl import URL

from core.clock import Monotonic
from core.errors import FetchError
from ingest.fetch.guard import shown
from ingest.fetch.http import Http, Limits
from ingest.fetch.robots import MAX_ROBOTS, Robots, read_robots

KEPT_SECONDS: Final = 86_400.0  # RFC 9309: not longer than a day
LONGEST_SPACING: Final = 30.0  # a Crawl-delay beyond it would hold up a site's pages for hours
MOST_SITES: Final = 4096
MOST_RULES: Final = 200_000  # of all sites together, some 20 MB

_FILE: Final = Limits(size=MAX_ROBOTS, total=15.0, types=None, cut=True, redirects=5)


@dataclass(frozen=True, slots=True)
class _Kept:
    robots: Robots
    until: float


class RobotsFiles:
    """`admit` is asked by `Http.get` before each hop, so each site that a link leads through has its say."""

    def __init__(self, http: Http, *, monotonic: Monotonic = time.monotonic) -> None:
        self._http, self._now = http, monotonic
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._rules = 0
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def admit(self, url: URL) -> float:
        """The seconds to leave between two requests to this site.

        Raises FetchError where its robots.txt closes this page to us, and with `passing` where it cannot be read for
        now: a site in trouble is left alone. One that has none, or does not let us read it, is open.
        """
        robots = await self._of(str(url.origin()))
        if not robots.allow(str(url)):
            raise FetchError(shown(str(url)), "is closed to programs by the robots.txt of its site")
        return min(robots.delay or 0.0, LONGEST_SPACING)

    async def _of(self, site: str) -> Robots:
        if found := self._fresh(site):
            return found
        lock = self._asking.setdefault(site, asyncio.Lock())
        async with lock:
            if found := self._fresh(site):
                return found
            robots = await self._fetch(site)
        self._keep(site, robots)
        return robots

    def _fresh(self, site: str) -> Robots | None:
        kept = self._kept.get(site)
        if kept is None or kept.until <= self._now():
            return None
        self._kept.move_to_end(site)
        return kept.robots

    async def _fetch(self, site: str) -> Robots:
        try:
            reply = await self._http.get(f"{site}/robots.txt", _FILE)
        except FetchError as error:
            if error.passing:
                raise
            return Robots()  # 404, 403, a redirect that leads nowhere: RFC 9309, 2.3.1.3
        return read_robots(reply.body.decode("utf-8", "replace"))

    def _keep(self, site: str, robots: Robots) -> None:
        self._forget(site)
        self._kept[site] = _Kept(robots, self._now() + KEPT_SECONDS)
        self._rules += len(robots.rules)
        while len(self._kept) > MOST_SITES or (self._rules > MOST_RULES and len(self._kept) > 1):
            self._forget(next(iter(self._kept)))

    def _forget(self, site: str) -> None:
        if kept := self._kept.pop(site, None):
            self._rules -= len(kept.robots.rules)
