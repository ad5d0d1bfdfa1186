"""Pages that fail, and hosts that are slow, closed, in trouble or not for us."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from core.model import PageVersion
from ingest.articles.pages import Page, fetch_changed
from ingest.articles.retries import (
    FIRST_WAIT,
    GIVEN_UP,
    LONGEST_ASKED,
    LONGEST_REST,
    MOST_ATTEMPTS,
    PATIENCE,
    host_again,
)
from ingest.articles.service import EACH, HOSTS_AT_ONCE
from ingest.fetch.robots_files import RobotsFiles
from tests.fragile import FragileStore
from tests.ingest.article_world import STORY, Pages, Press
from tests.ingest.servers import Names, client, page, site
from tests.moments import NOW


async def test_a_page_that_fails_is_tried_again_after_growing_waits_and_then_given_up(press: Press) -> None:
    press.pages["/crane"] = 500
    await press.link("/crane")
    service = press.make()
    waits = [FIRST_WAIT, 6 * FIRST_WAIT, 36 * FIRST_WAIT]
    for attempt, wait in enumerate(waits, 1):
        assert await service.step() == 1
        assert await press.waiting() == [attempt]
        press.clock.now += wait - timedelta(seconds=1)
        assert await service.step() == 0
        press.clock.passes(seconds=1)
    assert await service.step() == 1
    assert await press.waiting() == []
    assert len(press.site.seen) == MOST_ATTEMPTS == len(waits) + 1


def test_a_host_rests_twice_as_long_each_time_and_never_for_long_whatever_it_asks_for() -> None:
    rests = [host_again(failures, 0.0, NOW, 0.0) - NOW for failures in (0, PATIENCE - 2, PATIENCE - 1, PATIENCE, 9)]
    assert rests == [timedelta(), timedelta(), FIRST_WAIT, 2 * FIRST_WAIT, LONGEST_REST]
    assert host_again(10**9, 0.0, NOW, 1.0) == NOW + LONGEST_REST
    assert host_again(0, 90.0, NOW, 0.0) == NOW + timedelta(seconds=90)
    assert host_again(0, 1e9, NOW, 0.0) == NOW + LONGEST_ASKED


async def test_pages_that_are_not_there_are_no_trouble_of_their_host(press: Press) -> None:
    await press.link(*(f"/gone/{n}" for n in range(EACH + 1)))
    service = press.make()
    assert [await service.step(), await service.step()] == [EACH, 1]
    assert await press.waiting() == []


async def test_a_page_that_comes_back_is_read(press: Press) -> None:
    press.pages["/crane"] = 502
    await press.link("/crane")
    service = press.make()
    await service.step()
    press.pages["/crane"] = STORY
    press.clock.passes(minutes=5)
    await service.step()
    assert set(await press.articles()) == {1}


async def test_a_host_that_asks_to_be_left_alone_is_and_its_pages_lose_no_attempt(any_press: Press) -> None:
    any_press.pages |= {"/crane": 429, "/quay": 429}
    await any_press.link("/crane", "/quay")
    service = any_press.make()
    assert await service.step() == 2
    assert await service.step() == 0
    assert len(any_press.site.seen) == 1
    assert await any_press.waiting() == [0, 0]
    any_press.pages |= {"/crane": STORY, "/quay": STORY}
    for passed, pages in ((89, 0), (1, 1), (0, 1)):  # and the host shows with one page that it is back
        any_press.clock.passes(seconds=passed)
        any_press.seconds.now += passed
        assert await any_press.make().step() == pages  # what is known of a host does not end with the process
    assert len(await any_press.articles()) == 2


async def test_a_host_in_trouble_is_not_hammered_for_each_of_its_links(press: Press) -> None:
    paths = [f"/{n}" for n in range(30)]
    press.pages |= dict.fromkeys(paths, 500)
    await press.link(*paths)
    service = press.make()
    await service.step()
    assert len(press.site.seen) == PATIENCE
    for minutes in (5, 10, 20, 40, 80, 160):
        press.clock.passes(minutes=minutes, seconds=-1)
        assert await press.make().step() == 0  # the rest outlives the process
        press.clock.passes(seconds=1)
        assert await service.step() == 1
    assert len(press.site.seen) == PATIENCE + 6
    press.pages |= dict.fromkeys(paths, STORY)
    press.clock.passes(hours=6)
    assert await service.step() == 1  # one page to see whether it is back
    assert await service.step() == EACH


async def test_a_host_that_stays_away_is_given_up_with_all_its_pages(any_press: Press) -> None:
    paths = [f"/{n}" for n in range(30)]
    any_press.pages |= dict.fromkeys(paths, 503)
    await any_press.link(*paths)
    service = any_press.make()
    end = any_press.clock() + GIVEN_UP + timedelta(hours=7)
    while any_press.clock() < end:
        await service.step()
        any_press.clock.passes(hours=2)
    assert await any_press.waiting() == []
    assert len(any_press.site.seen) < 24
    await any_press.link(*paths, "/later")
    any_press.pages["/later"] = STORY
    assert await service.step() == 1


async def test_what_fails_behind_a_redirect_is_not_laid_to_the_host_of_the_link(press: Press) -> None:
    class Leading(Pages):
        async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": "http://host1.site:81/"})

    async with site(Leading()) as shortener:
        names = Names(news_site=["127.0.0.1"], host1_site=["127.0.0.1"])
        async with client(shortener, names=names, allow=["host1.site"]) as http:
            await press.link(*(f"{shortener.base}/{n}" for n in range(5)))
            service = press.make(fetch=lambda url, known: fetch_changed(http, url, known))
            assert [await service.step(), await service.step()] == [EACH, 1]
    assert await press.waiting() == [1] * 5


async def test_a_slow_host_holds_up_no_other(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.articles.service.IDLE_SECONDS", 3600.0)  # each lane that ends makes room at once
    release = asyncio.Event()
    quick = [f"http://host{n}.site:{press.site.port}/crane" for n in range(2 * HOSTS_AT_ONCE)]
    press.pages["/crane"] = "<p>Not here."
    await press.link("/slow/1", "/slow/2", *quick)
    real = press.make()._fetch

    async def fetch(url: str, known: PageVersion) -> Page | None:
        if "/slow/" in url:
            await release.wait()
        return await real(url, known)

    service = press.make(fetch=fetch)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        while len(await press.waiting()) > 2:  # noqa: ASYNC110 - the service does not tell
            await asyncio.sleep(0.05)
        running.cancel()
    assert len(press.site.seen) == len(quick)


async def test_no_more_hosts_are_asked_at_once_than_there_are_lanes(press: Press) -> None:
    asked: list[str] = []
    all_lanes = asyncio.Event()

    async def fetch(url: str, known: PageVersion) -> Page | None:
        asked.append(url)
        if len(asked) == HOSTS_AT_ONCE:
            all_lanes.set()
        await asyncio.Event().wait()
        raise AssertionError

    await press.link(*(f"http://host{n}.site:{press.site.port}/crane" for n in range(2 * HOSTS_AT_ONCE)))
    service = press.make(fetch=fetch)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(service.run())
        await all_lanes.wait()
        for _ in range(5):
            service.hint()
            await press.waiting()
        running.cancel()
    assert len(asked) == HOSTS_AT_ONCE


async def test_what_a_host_came_to_that_cannot_be_kept_ends_no_other(
    press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    press.pages["/crane"] = STORY
    await press.link("/crane", f"http://host1.site:{press.site.port}/crane")
    fragile = FragileStore(press.store, failures=3, error=RuntimeError("a mistake of ours"))
    service = press.make(store=fragile)
    assert await service.step() == 2
    assert "what became of the pages of" in caplog.text
    assert await press.waiting() == [0]
    assert await service.step() == 1
    assert len(await press.articles()) == 1


async def test_many_links_of_one_host_are_asked_for_one_at_a_time(press: Press) -> None:
    under_way, most = 0, 0
    real = press.make()._fetch

    async def fetch(url: str, known: PageVersion) -> Page | None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return await real(url, known)

    paths = [f"/{n}" for n in range(12)]
    press.pages |= dict.fromkeys(paths, STORY)
    await press.link(*paths)
    service = press.make(fetch=fetch)
    while await service.step():
        pass
    assert (most, len(await press.articles())) == (1, 12)


async def test_a_page_that_its_site_closes_to_programs_is_not_asked_for(press: Press) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /closed")
        return page('<meta http-equiv="refresh" content="0;url=/closed/2">' if request.path == "/on" else STORY)

    async with site(answer) as polite, client(polite) as http:
        await press.link(f"{polite.base}/closed/1", f"{polite.base}/crane", f"{polite.base}/on")
        admit = RobotsFiles(http).admit
        await press.make(fetch=lambda url, known: fetch_changed(http, url, known, admit)).step()
    assert polite.seen == ["/robots.txt", "/on", "/crane"]
    assert set(await press.articles()) == {2}
    assert await press.waiting() == []


@pytest.mark.parametrize(
    "content",
    [404, 410, "<html><body><p>Subscribe</p></body></html>", "\0\0\0binary", "", "<html>" + "<div>" * 5000],
    ids=["missing", "gone", "no article", "binary", "empty", "deep"],
)
async def test_what_holds_no_article_is_not_asked_for_again(press: Press, content: str | int) -> None:
    press.pages |= {"/odd": content, "/crane": STORY}
    await press.link("/odd", "/crane")
    service = press.make()
    await service.step()
    assert await press.waiting() == []
    assert set(await press.articles()) == {2}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/admin",
        "http://inside.news.site/",
        "http://169.254.169.254/latest/meta-data",
        "http://db.local/x",
    ],
)
async def test_the_private_network_is_never_asked(press: Press, address: str) -> None:
    press.pages["/crane"] = STORY
    await press.link(address, "/crane")
    await press.make().step()
    assert press.site.seen == ["/crane"]
    assert await press.waiting() == []
