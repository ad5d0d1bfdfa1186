"""A site of pages, posts that link them, and the service that reads them."""

import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web
from sqlalchemy import text

from core.model import Article, ArticleId, Link, NoArticle, PageVersion, PostId
from ingest.articles.article import examine
from ingest.articles.pages import Page, fetch_changed
from ingest.articles.service import HOSTS_AT_ONCE, ArticleService, Fetch, PageReader
from ingest.intake import Intake
from storage.store import Store
from tests.ingest.servers import Clock, Names, Site, client, page, site
from tests.moments import NOW, Moment
from tests.posts import a_new_post

PARAGRAPHS = "".join(
    f"<p>The {place} quay was closed on Monday evening, said harbour master Ilse Brandt, after a crane leaning over "
    f"the water had been seen to move. Nobody was hurt; {number} ships wait outside.</p>"
    for number, place in enumerate(("northern", "southern", "eastern", "western"), 3)
)
STORY = f"<html><head><title>Crane closes quays</title></head><body><article>{PARAGRAPHS}</article></body></html>"


def canonical(address: str) -> str:
    return STORY.replace("<head>", f'<head><link rel="canonical" href="{address}">')


@dataclass
class Pages:
    """A site of pages, or of statuses instead of them."""

    pages: dict[str, str | int] = field(default_factory=dict)

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        found = self.pages.get(request.path, 404)
        if not isinstance(found, str):
            return web.Response(status=found, headers={"Retry-After": "90"} if found == 429 else {})
        tag = str(zlib.crc32(found.encode("utf-8", "replace")))
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return page(found, ETag=tag)


class InHere:
    """Reads articles as the product does, but in this process."""

    async def read(self, page: Page) -> Article | NoArticle:
        return examine(page.html, page.canonical, page.content_type)


IN_HERE = InHere()


@dataclass
class Press:
    store: Store
    clock: Moment
    site: Site
    pages: dict[str, str | int]
    make: Callable[..., ArticleService]
    seconds: Clock

    async def link(self, *paths: str) -> None:
        """A post for each path, that links it."""
        posts = [
            a_new_post(
                n,
                f"The fire at quay {n} of Eastport is out: here",
                date=self.clock() - timedelta(hours=1) + timedelta(seconds=n),
                links=(Link(url=self.url(path), label="here"),),
            )
            for n, path in enumerate(paths, 1)
        ]
        await Intake(self.store, self.clock).take(posts)

    def url(self, path: str) -> str:
        return path if "://" in path else self.site.base + path

    async def articles(self) -> Mapping[int, tuple[Article, ...]]:
        """What each post links, by message id."""
        async with self.store.read() as tx:
            posts = {post.id: post.message_id async for post in tx.posts.every()}
            found = await tx.articles.of_posts(list(posts))
        return {posts[PostId(key)]: articles for key, articles in found.items()}

    async def waiting(self) -> list[int]:
        """The attempts of the pages that are still to be read, whenever."""
        async with self.store.read() as tx:
            rows = await tx.articles._connection.scalars(text("SELECT attempts FROM article WHERE state = 'new'"))
            return list(rows)

    async def former(self) -> list[str]:
        """What the only article said before."""
        async with self.store.read() as tx:
            only = ArticleId(1)
            return [each.text for each in (await tx.articles.former([only])).get(only, ())]


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Press]:
    clock, pages, seconds = Moment(NOW), Pages(), Clock()
    names = Names(
        news_site=["127.0.0.1"],
        inside_news_site=["192.168.0.7"],
        **{f"host{n}_site": ["127.0.0.1"] for n in range(2 * HOSTS_AT_ONCE)},
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(site(pages))
        allow = [f"host{n}.site:{server.port}" for n in range(2 * HOSTS_AT_ONCE)]
        http = await stack.enter_async_context(client(server, names=names, allow=allow, clock=seconds))

        async def fetch(url: str, known: PageVersion) -> Page | None:
            return await fetch_changed(http, url, known)

        def make(store: Store = store, fetch: Fetch = fetch, reader: PageReader = IN_HERE) -> ArticleService:
            return ArticleService(store, clock, fetch, reader, lambda: 0.0)

        yield Press(store, clock, server, pages.pages, make, seconds)
