"""The preview site serves pages that our readers take for those of t.me."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from core.model import Forward, LinkPreview, Poll, Reaction
from ingest.preview.landing import read_landing
from ingest.preview.page import PageKind, read_preview
from tests.servers.played import played
from tests.servers.preview_site import PreviewSite


@pytest_asyncio.fixture
async def site() -> AsyncIterator[PreviewSite]:
    async with PreviewSite() as server:
        server.channel("News", "The <News>", description="All & more")
        yield server


@pytest_asyncio.fixture
async def web(site: PreviewSite) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(site.url) as session:
        yield session


async def page(web: aiohttp.ClientSession, path: str) -> str:
    async with web.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_a_channel_is_paged_both_ways_by_twenty(site: PreviewSite, web: aiohttp.ClientSession) -> None:
    for number in range(1, 51):
        site.post("news", f"post {number}")
    newest = read_preview(await page(web, "/s/News"))
    assert [post.message_id for post in newest.posts] == [*range(31, 51)]
    assert newest.older_before == 31
    older = await page(web, f"/s/News?before={newest.older_before}")
    assert [post.message_id for post in read_preview(older).posts] == [*range(11, 31)]
    assert 'data-after="30"' in older
    assert [p.message_id for p in read_preview(await page(web, "/s/news?after=45")).posts] == [*range(46, 51)]
    assert read_preview(await page(web, "/s/News?before=1")).posts == ()
    assert (newest.channel, newest.about.description) == ("News", "All & more")


async def test_a_post_is_read_back_with_all_that_it_carries(site: PreviewSite, web: aiohttp.ClientSession) -> None:
    site.post(
        "news",
        'Hi <a href="https://e.org/x">there</a>',
        date="2026-02-01T10:00:00+00:00",
        views="1.2K",
        author="Ed",
        photos=3,
        forwarded=("Other", "https://t.me/other/3"),
        reply_to="https://t.me/News/1",
        preview=("https://e.org/x", "E", "T", "D"),
        reactions={"👍": "10"},
    )
    site.post("news", poll=("Well?", "Yes", "No"))
    site.post("news", "The News pinned a file", service=True)
    site.edit("news", 1, "Hi again")
    first, second, third = read_preview(await page(web, "/s/News")).posts
    assert (first.text, first.views, first.edited, first.author) == ("Hi again", 1200, True, "Ed")
    assert first.date == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert (first.album, first.album_ids, first.media.photos) == (True, (2, 3), 3)
    assert first.forwarded_from == Forward(name="Other", url="https://t.me/other/3")
    assert first.reply_to == "https://t.me/News/1"
    assert first.preview == LinkPreview(url="https://e.org/x", site="E", title="T", description="D")
    assert first.reactions == (Reaction(emoji="👍", count=10),)
    assert (second.message_id, second.poll) == (
        4,
        Poll(question="Well?", type="Anonymous Poll", options=("Yes", "No")),
    )
    assert (third.service, third.text) == (True, "The News pinned a file")
    site.delete("news", 1, 4)
    assert [post.message_id for post in read_preview(await page(web, "/s/News")).posts] == [5]


@pytest.mark.parametrize("kind", ["channel", "group", "bot", "person", "missing"])
async def test_a_name_without_a_preview_leads_to_its_landing_page(
    site: PreviewSite, web: aiohttp.ClientSession, kind: str
) -> None:
    if kind != "missing":
        name = "some_bot" if kind == "bot" else "someone"
        site.channel(name, "Some", kind=kind, preview=False)
    else:
        name = "nobody"
    text = await page(web, f"/s/{name}")
    assert read_preview(text).kind == PageKind.LANDING
    place = read_landing(text)
    assert (place.name, place.kind.value, place.has_preview) == (name, kind, False)
    assert [seen.path for seen in site.requests] == [f"/s/{name}", f"/{name}"]


async def test_a_channel_with_a_preview_says_so_on_its_landing_page(
    site: PreviewSite, web: aiohttp.ClientSession
) -> None:
    place = read_landing(await page(web, "/News"))
    assert (place.kind.value, place.has_preview, place.members) == ("channel", True, 1024)


async def test_faults_come_as_scripted(site: PreviewSite, web: aiohttp.ClientSession) -> None:
    site.channel("other")
    site.fault(name="News", retry_after=9)
    site.fault(status=503, times=2)
    assert (await web.get("/s/other")).status == 503
    answer = await web.get("/s/News")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "9")
    assert [(await web.get("/s/News")).status for _ in range(2)] == [503, 200]
    site.fault(drop=True, times=2)  # aiohttp tries a GET once more when the line breaks
    with pytest.raises(aiohttp.ClientConnectionError):
        await web.get("/s/News")
    site.fault(cut=50)
    assert len(await page(web, "/s/News")) == 50


async def test_an_unchanged_page_is_not_sent_twice_where_the_site_has_etags(
    site: PreviewSite, web: aiohttp.ClientSession
) -> None:
    assert "ETag" not in (await web.get("/s/News")).headers
    site.etags = True
    tag = (await web.get("/s/News")).headers["ETag"]
    assert (await web.get("/s/News", headers={"If-None-Match": tag})).status == 304
    site.post("news", "new")
    assert (await web.get("/s/News", headers={"If-None-Match": tag})).status == 200


async def test_the_process_serves_saved_pages_and_obeys_its_control_port(tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text("a saved page")
    async with played("preview_site", "--folder", str(tmp_path)) as site:
        assert "previews on" in site.said
        assert await page(site.http, "/s/saved") == "a saved page"
        await site.control(op="channel", name="news")
        assert await site.control(op="post", name="news", html="hi", date="2026-01-01T00:00:00Z") == 1
        assert "hi" in await page(site.http, "/s/news")
        assert await site.control(op="requests", since=1) == [{"path": "/s/news", "query": {}}]
