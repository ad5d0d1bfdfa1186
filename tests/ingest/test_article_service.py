"""Linked pages are read once each, tried again where that makes sense, and stored under one address."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from sqlalchemy import text

from core.errors import StorageUnavailable
from core.model import Article, ArticleId, Link, NoArticle, PageVersion, PostId
from core.query import parse
from ingest.articles.article import examine
from ingest.articles.pages import Page, fetch_changed
from ingest.articles.retries import FIRST_WAIT, GIVEN_UP, MOST_ATTEMPTS, PATIENCE
from ingest.articles.service import EACH, HOSTS_AT_ONCE, ArticleService, Fetch, PageReader
from ingest.fetch.robots_files import RobotsFiles
from ingest.intake import Intake
from storage.store import Store
from tests.fragile import FragileStore
from tests.ingest.servers import Clock, Names, Site, client, page, site
from tests.moments import Moment
from tests.posts import a_new_post

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)
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
class Desk:
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
                f"Post {n} of the quay: here",
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
async def opened(store: Store) -> AsyncIterator[Desk]:
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

        yield Desk(store, clock, server, pages.pages, make, seconds)


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    async with opened(store) as desk:
        yield desk


@pytest.fixture
async def any_desk(any_store: Store) -> AsyncIterator[Desk]:
    """The same on either kind of database, for what asks it each kind of question."""
    async with opened(any_store) as desk:
        yield desk


async def test_a_page_is_read_once_for_all_posts_that_link_it(any_desk: Desk) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane", "/crane?utm_source=tg", "/crane#top")
    service = any_desk.make()
    assert [await service.step(), await service.step()] == [1, 0]
    assert any_desk.site.seen == ["/crane"]
    found = await any_desk.articles()
    assert set(found) == {1, 2, 3}
    (article,) = found[1]
    assert (article.url, article.title) == (any_desk.url("/crane"), "Crane closes quays")
    assert "Ilse Brandt" in article.text


async def test_an_article_is_found_by_its_words(any_desk: Desk) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane")
    await any_desk.make().step()
    async with any_desk.store.read() as tx:
        result = await tx.archive.search(parse("Brandt", NOW, ZoneInfo("UTC")), NOW, limit=5)
    assert [(each.post.message_id, each.article) for each in result.found] == [(1, "Crane closes quays")]


async def test_two_links_to_one_page_are_one_article(any_desk: Desk) -> None:
    any_desk.pages |= dict.fromkeys(("/crane", "/amp/crane", "/m/crane"), canonical("/2025/crane"))
    await any_desk.link("/crane", "/amp/crane", "/m/crane")
    assert await any_desk.make().step() == 3
    found = await any_desk.articles()
    assert {number: [each.url for each in articles] for number, articles in found.items()} == {
        number: [any_desk.url("/2025/crane")] for number in (1, 2, 3)
    }
    await any_desk.link("/crane", "/amp/crane", "/m/crane", "/m/crane")  # and a later post, by a name that is known
    assert len((await any_desk.articles())[4]) == 1
    assert await any_desk.waiting() == []


async def test_a_page_that_fails_is_tried_again_after_growing_waits_and_then_given_up(any_desk: Desk) -> None:
    any_desk.pages["/crane"] = 500
    await any_desk.link("/crane")
    service = any_desk.make()
    waits = [FIRST_WAIT, 6 * FIRST_WAIT, 36 * FIRST_WAIT]
    for attempt, wait in enumerate(waits, 1):
        assert await service.step() == 1
        assert await any_desk.waiting() == [attempt]
        any_desk.clock.now += wait - timedelta(seconds=1)
        assert await service.step() == 0
        any_desk.clock.passes(seconds=1)
    assert await service.step() == 1
    assert await any_desk.waiting() == []
    assert len(any_desk.site.seen) == MOST_ATTEMPTS == len(waits) + 1


async def test_a_page_that_comes_back_is_read(desk: Desk) -> None:
    desk.pages["/crane"] = 502
    await desk.link("/crane")
    service = desk.make()
    await service.step()
    desk.pages["/crane"] = STORY
    desk.clock.passes(minutes=5)
    await service.step()
    assert set(await desk.articles()) == {1}


async def test_a_host_that_asks_to_be_left_alone_is_and_its_pages_lose_no_attempt(any_desk: Desk) -> None:
    any_desk.pages |= {"/crane": 429, "/quay": 429}
    await any_desk.link("/crane", "/quay")
    service = any_desk.make()
    assert await service.step() == 2
    assert await service.step() == 0
    assert len(any_desk.site.seen) == 1
    assert await any_desk.waiting() == [0, 0]
    any_desk.pages |= {"/crane": STORY, "/quay": STORY}
    for passed, pages in ((89, 0), (1, 1), (0, 1)):  # and the host shows with one page that it is back
        any_desk.clock.passes(seconds=passed)
        any_desk.seconds.now += passed
        assert await any_desk.make().step() == pages  # what is known of a host does not end with the process
    assert len(await any_desk.articles()) == 2


async def test_a_host_in_trouble_is_not_hammered_for_each_of_its_links(desk: Desk) -> None:
    paths = [f"/{n}" for n in range(30)]
    desk.pages |= dict.fromkeys(paths, 500)
    await desk.link(*paths)
    service = desk.make()
    await service.step()
    assert len(desk.site.seen) == PATIENCE
    for minutes in (5, 10, 20, 40, 80, 160):
        desk.clock.passes(minutes=minutes, seconds=-1)
        assert await desk.make().step() == 0  # the rest outlives the process
        desk.clock.passes(seconds=1)
        assert await service.step() == 1
    assert len(desk.site.seen) == PATIENCE + 6
    desk.pages |= dict.fromkeys(paths, STORY)
    desk.clock.passes(hours=6)
    assert await service.step() == 1  # one page to see whether it is back
    assert await service.step() == EACH


async def test_a_host_that_stays_away_is_given_up_with_all_its_pages(any_desk: Desk) -> None:
    paths = [f"/{n}" for n in range(30)]
    any_desk.pages |= dict.fromkeys(paths, 503)
    await any_desk.link(*paths)
    service = any_desk.make()
    end = any_desk.clock() + GIVEN_UP + timedelta(hours=7)
    while any_desk.clock() < end:
        await service.step()
        any_desk.clock.passes(hours=2)
    assert await any_desk.waiting() == []
    assert len(any_desk.site.seen) < 24
    await any_desk.link(*paths, "/later")
    any_desk.pages["/later"] = STORY
    assert await service.step() == 1


async def test_what_fails_behind_a_redirect_is_not_laid_to_the_host_of_the_link(desk: Desk) -> None:
    class Leading(Pages):
        async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": "http://host1.site:81/"})

    async with site(Leading()) as shortener:
        names = Names(news_site=["127.0.0.1"], host1_site=["127.0.0.1"])
        async with client(shortener, names=names, allow=["host1.site"]) as http:
            await desk.link(*(f"{shortener.base}/{n}" for n in range(5)))
            service = desk.make(fetch=lambda url, known: fetch_changed(http, url, known))
            assert [await service.step(), await service.step()] == [EACH, 1]
    assert await desk.waiting() == [1] * 5


async def test_a_slow_host_holds_up_no_other(desk: Desk) -> None:
    release = asyncio.Event()
    quick = [f"http://host{n}.site:{desk.site.port}/crane" for n in range(2 * HOSTS_AT_ONCE)]
    desk.pages["/crane"] = "<p>Not here."
    await desk.link("/slow/1", "/slow/2", *quick)
    real = desk.make()._fetch

    async def fetch(url: str, known: PageVersion) -> Page | None:
        if "/slow/" in url:
            await release.wait()
        return await real(url, known)

    service = desk.make(fetch=fetch)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        while len(await desk.waiting()) > 2:  # noqa: ASYNC110 - the service does not tell
            await asyncio.sleep(0.05)
        running.cancel()
    assert len(desk.site.seen) == len(quick)


async def test_many_links_of_one_host_are_asked_for_one_at_a_time(desk: Desk) -> None:
    under_way, most = 0, 0
    real = desk.make()._fetch

    async def fetch(url: str, known: PageVersion) -> Page | None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return await real(url, known)

    paths = [f"/{n}" for n in range(12)]
    desk.pages |= dict.fromkeys(paths, STORY)
    await desk.link(*paths)
    service = desk.make(fetch=fetch)
    while await service.step():
        pass
    assert (most, len(await desk.articles())) == (1, 12)


async def test_a_page_that_changes_is_read_anew_after_an_hour_and_after_a_day(any_desk: Desk) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane")
    service = any_desk.make()
    assert await service.step() == 1
    any_desk.pages["/crane"] = STORY.replace("Nobody was hurt", "One man was hurt")
    any_desk.clock.passes(minutes=59)
    assert await service.step() == 0
    any_desk.clock.passes(minutes=1)
    assert await service.step() == 1
    ((article,),) = (await any_desk.articles()).values()
    assert "One man was hurt" in article.text
    (former,) = await any_desk.former()
    assert "Nobody was hurt" in former
    any_desk.clock.passes(hours=23)
    assert await service.step() == 1  # not changed since: nothing is sent
    any_desk.clock.passes(days=9)
    assert await service.step() == 0
    assert any_desk.site.seen == ["/crane"] * 3
    assert await any_desk.former() == [former]


@pytest.mark.parametrize(
    "later",
    [404, 500, "<html><body><p>Subscribe to continue reading</p></body></html>", STORY.replace("<p>", "<p hidden>", 3)],
    ids=["gone", "broken", "a wall", "a beginning only"],
)
async def test_a_page_that_gives_less_than_before_keeps_what_was_read(any_desk: Desk, later: str | int) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane")
    service = any_desk.make()
    await service.step()
    before = await any_desk.articles()
    if isinstance(later, str) and "hidden" in later:
        later = f"<html><title>Crane closes quays</title><body><article>{PARAGRAPHS[:200]}</p></article></body></html>"
    any_desk.pages["/crane"] = later
    for _ in range(3):
        any_desk.clock.passes(days=1)
        await service.step()
    assert await any_desk.articles() == before
    assert await any_desk.former() == []
    assert len(any_desk.site.seen) == 3


async def test_a_page_of_older_posts_is_read_once(any_desk: Desk) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane")
    any_desk.clock.passes(days=3)
    service = any_desk.make()
    assert await service.step() == 1
    any_desk.clock.passes(days=3)
    assert await service.step() == 0


async def test_a_page_that_its_site_closes_to_programs_is_not_asked_for(desk: Desk) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text="User-agent: *\nDisallow: /closed") if request.path == "/robots.txt" else page(STORY)

    async with site(answer) as polite, client(polite) as http:
        await desk.link(f"{polite.base}/closed/1", f"{polite.base}/crane")
        admit = RobotsFiles(http).admit
        await desk.make(fetch=lambda url, known: fetch_changed(http, url, known, admit)).step()
    assert polite.seen == ["/robots.txt", "/crane"]
    assert set(await desk.articles()) == {2}
    assert await desk.waiting() == []


@pytest.mark.parametrize(
    "content",
    [404, 410, "<html><body><p>Subscribe</p></body></html>", "\0\0\0binary", "", "<html>" + "<div>" * 5000],
    ids=["missing", "gone", "no article", "binary", "empty", "deep"],
)
async def test_what_holds_no_article_is_not_asked_for_again(desk: Desk, content: str | int) -> None:
    desk.pages |= {"/odd": content, "/crane": STORY}
    await desk.link("/odd", "/crane")
    service = desk.make()
    await service.step()
    assert await desk.waiting() == []
    assert set(await desk.articles()) == {2}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/admin",
        "http://inside.news.site/",
        "http://169.254.169.254/latest/meta-data",
        "http://db.local/x",
    ],
)
async def test_the_private_network_is_never_asked(desk: Desk, address: str) -> None:
    desk.pages["/crane"] = STORY
    await desk.link(address, "/crane")
    await desk.make().step()
    assert desk.site.seen == ["/crane"]
    assert await desk.waiting() == []


class Odd:
    """Reads one page into what no database takes, or fails over it; the others well."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    async def read(self, page: Page) -> Article | NoArticle:
        article = await InHere().read(page)
        assert isinstance(article, Article)
        if not page.url.endswith("/odd"):
            return article
        if self._error:
            raise self._error
        return replace(article, title="Crane\x00", text="\x00 \ud800")


@pytest.mark.parametrize("error", [None, ValueError("strange"), RecursionError("deep")], ids=["NUL", "value", "deep"])
async def test_a_strange_page_keeps_no_other_from_being_read(desk: Desk, error: Exception | None) -> None:
    desk.pages |= {"/odd": STORY, "/crane": STORY, "/quay": STORY}
    await desk.link("/quay", "/odd", "/crane")
    assert await desk.make(reader=Odd(error)).step() == 3
    assert {1, 3} <= set(await desk.articles())
    assert await desk.waiting() == []


async def test_pages_are_read_some_at_a_time_the_newest_first(any_desk: Desk) -> None:
    paths = [f"/{n}" for n in range(EACH + 2)]
    any_desk.pages |= dict.fromkeys(paths, STORY)
    await any_desk.link(*paths)
    service = any_desk.make()
    assert [await service.step() for _ in range(3)] == [EACH, 2, 0]
    assert set(any_desk.site.seen[EACH:]) == {"/0", "/1"}


async def test_a_page_is_read_again_after_a_kill(any_desk: Desk) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane")

    async def hanging(url: str, known: PageVersion) -> Page:
        await asyncio.Event().wait()
        raise AssertionError

    killed = any_desk.make(fetch=hanging)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(killed.step(), 0.05)
    assert await any_desk.waiting() == [0]
    await any_desk.make().step()
    assert set(await any_desk.articles()) == {1}


async def test_a_database_that_is_away_is_told_as_such(any_desk: Desk) -> None:
    any_desk.pages |= {"/crane": STORY, "/quay": 500}
    await any_desk.link("/crane", "/quay")
    with pytest.raises(StorageUnavailable):
        await any_desk.make(store=FragileStore(any_desk.store, failures=2)).step()
    assert await any_desk.waiting() == [0, 0]


async def test_the_service_outlives_a_database_that_is_away(
    any_desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_desk.pages["/crane"] = STORY
    await any_desk.link("/crane")
    fragile = FragileStore(any_desk.store, failures=1)
    asked = asyncio.Event()
    read = asyncio.Event()

    class Telling(InHere):
        async def read(self, page: Page) -> Article | NoArticle:
            (read if asked.is_set() else asked).set()
            return await super().read(page)

    monkeypatch.setattr("ingest.articles.service.IDLE_SECONDS", 0.01)
    service = any_desk.make(store=fragile, reader=Telling())
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        await read.wait()
        while not await any_desk.articles():  # noqa: ASYNC110 - the service does not tell when it has stored a page
            await asyncio.sleep(0.005)
        running.cancel()
    assert "articles wait: The database does not answer" in caplog.text
