"""Linked pages are read once each, tried again where that makes sense, and stored under one address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.errors import StorageUnavailable
from core.model import Article, NoArticle, PageVersion
from core.query import parse
from ingest.articles.pages import Page
from ingest.articles.service import EACH
from storage.store import Store, Transaction
from tests.fragile import FragileStore
from tests.ingest.article_world import PARAGRAPHS, STORY, InHere, Press, canonical
from tests.moments import NOW


async def test_a_page_is_read_once_for_all_posts_that_link_it(any_press: Press) -> None:
    any_press.pages["/crane"] = STORY
    await any_press.link("/crane", "/crane?utm_source=tg", "/crane#top")
    service = any_press.make()
    assert [await service.step(), await service.step()] == [1, 0]
    assert any_press.site.seen == ["/crane"]
    found = await any_press.articles()
    assert set(found) == {1, 2, 3}
    (article,) = found[1]
    assert (article.url, article.title) == (any_press.url("/crane"), "Crane closes quays")
    assert "Ilse Brandt" in article.text


async def test_an_article_is_found_by_its_words(any_press: Press) -> None:
    any_press.pages["/crane"] = STORY
    await any_press.link("/crane")
    await any_press.make().step()
    async with any_press.store.read() as tx:
        result = await tx.archive.search(parse("Brandt", NOW, ZoneInfo("UTC")), NOW, limit=5)
    assert [(each.post.message_id, each.article) for each in result.found] == [(1, "Crane closes quays")]


async def test_two_links_to_one_page_are_one_article(any_press: Press) -> None:
    any_press.pages |= dict.fromkeys(("/crane", "/amp/crane", "/m/crane"), canonical("/2025/crane"))
    await any_press.link("/crane", "/amp/crane", "/m/crane")
    assert await any_press.make().step() == 3
    found = await any_press.articles()
    assert {number: [each.url for each in articles] for number, articles in found.items()} == {
        number: [any_press.url("/2025/crane")] for number in (1, 2, 3)
    }
    await any_press.link("/crane", "/amp/crane", "/m/crane", "/m/crane")  # and a later post, by a name that is known
    assert len((await any_press.articles())[4]) == 1
    assert await any_press.waiting() == []


async def test_a_page_that_changes_is_read_anew_after_an_hour_and_after_a_day(any_press: Press) -> None:
    any_press.pages["/crane"] = STORY
    await any_press.link("/crane")
    service = any_press.make()
    assert await service.step() == 1
    any_press.pages["/crane"] = STORY.replace("Nobody was hurt", "One man was hurt")
    any_press.clock.passes(minutes=59)
    assert await service.step() == 0
    any_press.clock.passes(minutes=1)
    assert await service.step() == 1
    ((article,),) = (await any_press.articles()).values()
    assert "One man was hurt" in article.text
    (former,) = await any_press.former()
    assert "Nobody was hurt" in former
    any_press.clock.passes(hours=22, minutes=59)
    assert await service.step() == 0
    any_press.clock.passes(minutes=1)
    assert await service.step() == 1  # not changed since: nothing is sent
    any_press.clock.passes(days=9)
    assert await service.step() == 0
    assert any_press.site.seen == ["/crane"] * 3
    assert await any_press.former() == [former]


@pytest.mark.parametrize(
    "later",
    [404, 500, "<html><body><p>Subscribe to continue reading</p></body></html>", STORY.replace("<p>", "<p hidden>", 3)],
    ids=["gone", "broken", "a wall", "a beginning only"],
)
async def test_a_page_that_gives_less_than_before_keeps_what_was_read(press: Press, later: str | int) -> None:
    press.pages["/crane"] = STORY
    await press.link("/crane")
    service = press.make()
    await service.step()
    before = await press.articles()
    if isinstance(later, str) and "hidden" in later:
        later = f"<html><title>Crane closes quays</title><body><article>{PARAGRAPHS[:200]}</p></article></body></html>"
    press.pages["/crane"] = later
    for _ in range(3):
        press.clock.passes(days=1)
        await service.step()
    assert await press.articles() == before
    assert await press.former() == []
    assert len(press.site.seen) == 3


async def test_a_page_that_is_cut_by_a_fourth_is_read_anew(press: Press) -> None:
    press.pages["/crane"] = STORY
    await press.link("/crane")
    service = press.make()
    await service.step()
    press.pages["/crane"] = STORY.replace(PARAGRAPHS, PARAGRAPHS[: PARAGRAPHS.rindex("<p>")])
    press.clock.passes(hours=1)
    await service.step()
    ((article,),) = (await press.articles()).values()
    assert "western" not in article.text
    assert ["western" in former for former in await press.former()] == [True]


async def test_a_page_that_is_being_worked_on_is_tried_again(press: Press) -> None:
    press.pages["/crane"] = (
        "<html><title>Site maintenance</title><body><article><h1>We'll be back soon!</h1><p>Sorry for the "
        "inconvenience, but we're performing some maintenance. If you need to, you can always write to us, otherwise "
        "we'll be back online shortly. The team of the Press</p></article></body></html>"
    )
    await press.link("/crane")
    service = press.make()
    assert await service.step() == 1
    assert await press.articles() == {}
    press.pages["/crane"] = STORY
    press.clock.passes(minutes=10)
    assert await service.step() == 1
    assert len(await press.articles()) == 1


async def test_a_page_of_older_posts_is_read_once(press: Press) -> None:
    press.pages["/crane"] = STORY
    await press.link("/crane")
    press.clock.passes(days=3)
    service = press.make()
    assert await service.step() == 1
    press.clock.passes(days=3)
    assert await service.step() == 0


class Odd:
    """Reads one page into what no database takes, or fails over it; the others well."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    async def read(self, page: Page) -> Article | NoArticle:
        article = await InHere().read(page)
        assert isinstance(article, Article)
        if not page.canonical.endswith("/odd"):
            return article
        if self._error:
            raise self._error
        return replace(article, title="Crane\x00", text="\x00 \ud800")


@pytest.mark.parametrize("error", [None, ValueError("strange"), RecursionError("deep")], ids=["NUL", "value", "deep"])
async def test_a_strange_page_keeps_no_other_from_being_read(press: Press, error: Exception | None) -> None:
    press.pages |= {"/odd": STORY, "/crane": STORY, "/quay": STORY}
    await press.link("/quay", "/odd", "/crane")
    assert await press.make(reader=Odd(error)).step() == 3
    assert {1, 3} <= set(await press.articles())
    assert await press.waiting() == []


async def test_pages_are_read_some_at_a_time_the_newest_first(press: Press) -> None:
    paths = [f"/{n}" for n in range(EACH + 2)]
    press.pages |= dict.fromkeys(paths, STORY)
    await press.link(*paths)
    service = press.make()
    assert [await service.step() for _ in range(3)] == [EACH, 2, 0]
    assert set(press.site.seen[EACH:]) == {"/0", "/1"}


async def test_a_page_is_read_again_after_a_kill(press: Press) -> None:
    press.pages["/crane"] = STORY
    await press.link("/crane")

    asked = asyncio.Event()

    async def hanging(url: str, known: PageVersion) -> Page:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.TaskGroup() as group:
        killed = group.create_task(press.make(fetch=hanging).step())
        await asked.wait()
        killed.cancel()
    assert await press.waiting() == [0]
    await press.make().step()
    assert set(await press.articles()) == {1}


async def test_a_database_that_is_away_is_told_as_such(any_press: Press) -> None:
    any_press.pages |= {"/crane": STORY, "/quay": 500}
    await any_press.link("/crane", "/quay")
    service = any_press.make(store=FragileStore(any_press.store, failures=2))
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await service.step()
        assert await any_press.waiting() == [0, 0]
    assert await service.step() == 2


async def test_the_service_outlives_a_database_that_is_away(
    any_press: Press, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_press.pages["/crane"] = STORY
    await any_press.link("/crane")
    fragile = FragileStore(any_press.store, failures=1)
    asked = asyncio.Event()
    read = asyncio.Event()

    class Telling(InHere):
        async def read(self, page: Page) -> Article | NoArticle:
            (read if asked.is_set() else asked).set()
            return await super().read(page)

    monkeypatch.setattr("ingest.articles.service.IDLE_SECONDS", 0.01)
    service = any_press.make(store=fragile, reader=Telling())
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        await read.wait()
        while not await any_press.articles():  # noqa: ASYNC110 - the service does not tell when it has stored a page
            await asyncio.sleep(0.005)
        running.cancel()
    assert "articles wait: The database cannot be used" in caplog.text


class Looked(Store):
    """The same database as `store`; tells each time it was read, the first times in vain."""

    def __init__(self, store: Store, *failures: Exception) -> None:
        super().__init__(store._engine)
        self.failures, self.looks = list(failures), asyncio.Queue[None]()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        if self.failures:
            raise self.failures.pop()
        async with super().read() as tx:
            yield tx
        self.looks.put_nowait(None)


async def test_a_look_at_the_tables_that_fails_is_followed_by_the_next(
    press: Press, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.articles.service.IDLE_SECONDS", 0.01)
    looked = Looked(press.store, StorageUnavailable("the connection was lost"), RuntimeError("a mistake of ours"))
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(press.make(store=looked).run())
        await looked.looks.get()
        running.cancel()
    assert caplog.text.count("articles wait") == 2


async def test_between_hints_the_tables_are_left_alone(press: Press) -> None:
    looked = Looked(press.store)
    service = press.make(store=looked)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        await looked.looks.get()
        service.hint()
        await looked.looks.get()
        for _ in range(5):  # which takes as long as five looks
            await press.waiting()
        assert looked.looks.empty()
        running.cancel()


async def test_what_cannot_be_stored_is_not_fetched_again_at_once(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    press.pages["/crane"] = STORY
    await press.link("/crane")
    service = press.make(store=FragileStore(press.store, failures=99))
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        while "articles wait" not in caplog.text:  # noqa: ASYNC110 - the service does not tell
            await asyncio.sleep(0.005)
        for _ in range(5):
            service.hint()
            await press.waiting()
        running.cancel()
    assert press.site.seen == ["/crane"]
