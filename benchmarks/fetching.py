"""How many linked pages a second go through the article service: robots.txt, fetching, reading, storing.

A server on loopback plays many hosts, each of which answers after a while as hosts do; the service is the product's
own, with its client, its process for trafilatura and an SQLite database. Beside it, in the same run, what trafilatura
alone takes for the same pages in one process: the bound of what one reader can do.

Run: `python -m benchmarks.fetching [--hosts 50] [--pages 400] [--wait 0.1]`
"""

import argparse
import asyncio
import resource
import socket
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from core.model import Article, Link, NewPost, NoArticle, PageVersion
from ingest.articles.article import read_article
from ingest.articles.pages import Page, fetch_changed
from ingest.articles.reader import ArticleReader
from ingest.articles.service import HOSTS_AT_ONCE, ArticleService
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.fetch.robots_files import RobotsFiles
from ingest.intake import Intake
from storage.store import Store

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)
TICK = 0.25


class Here(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        pass


class Counting:
    """The product's reader of articles, which also tells what has been read."""

    def __init__(self, inner: ArticleReader) -> None:
        self._inner, self.read_pages = inner, 0

    async def read(self, page: Page) -> Article | NoArticle:
        found = await self._inner.read(page)
        self.read_pages += 1
        return found


def a_page(number: int) -> str:
    """A page as news sites have them: a menu, scripts, and some 300 words."""
    words = " ".join(
        f"The {n}th quay of port {number} was closed on Monday, said the harbour master." for n in range(6)
    )
    menu = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(60))
    story = "".join(f"<p>{words} Part {n}.</p>" for n in range(5))
    script = "var a = [" + "1234567890," * 2000 + "];"
    return (
        f"<html><head><title>Port {number}</title><script>{script}</script></head><body><ul>{menu}</ul>"
        f"<article><h1>Port {number}</h1>{story}</article></body></html>"
    )


async def measure(hosts: int, pages: int, wait: float) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(wait)
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /private/")
        return web.Response(text=a_page(int(request.path.removeprefix("/"))), content_type="text/html")

    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = int(runner.addresses[0][1])
    names = [f"host{n}.site" for n in range(hosts)]
    posts = [
        NewPost(
            channel=f"wire_{n % 20:02}",
            message_id=n + 1,
            date=NOW - timedelta(seconds=n),
            text=f"Port {n} is closed: here",
            links=(Link(url=f"http://{names[n % hosts]}:{port}/{n}", label="here"),),
        )
        for n in range(pages)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{Path(folder) / 'courant.db'}")
        await Intake(store, lambda: NOW).take(posts)
        guard = Guard(parse_allow([f"{name}:{port}" for name in names]))
        async with (
            open_http(agent="Courant/benchmark", guard=guard, at_once=HOSTS_AT_ONCE, resolver=Here()) as http,
            ArticleReader() as inner,
        ):
            admit, reader = RobotsFiles(http).admit, Counting(inner)
            await reader.read(Page(canonical="http://a.b/", html=a_page(0).encode()))  # it has begun
            reader.read_pages = 0

            async def fetch(url: str, known: PageVersion) -> Page | None:
                return await fetch_changed(http, url, known, admit)

            service = ArticleService(store, lambda: NOW, fetch, reader)
            begun = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                running = group.create_task(service.run())
                while reader.read_pages < pages:  # noqa: ASYNC110 - the service does not tell when it has done all
                    await asyncio.sleep(TICK)
                running.cancel()
            seconds = time.perf_counter() - begun
        await store.close()
    await runner.cleanup()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{pages} pages of {hosts} hosts that answer after {wait:g} s: {seconds:.1f} s, {pages / seconds:.1f} a second"
    )
    print(f"  (politeness alone, a second between two pages of a host: {pages / hosts:.1f} s at least)")
    print(f"memory at its peak, the server's share included, without the reader's process: {peak:.0f} MB")


def alone(pages: int) -> None:
    some = min(pages, 100)
    begun = time.perf_counter()
    for n in range(some):
        read_article(a_page(n), "http://a.b/")
    print(f"trafilatura alone, in one process: {some / (time.perf_counter() - begun):.1f} a second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--wait", type=float, default=0.1)
    given = parser.parse_args()
    asyncio.run(measure(given.hosts, given.pages, given.wait))
    alone(given.pages)
