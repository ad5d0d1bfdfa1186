import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web

from core.errors import ChannelUnavailable, RateLimited, SourceError
from core.model import PlaceKind
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.preview.source import Batch, WebSource
from tests.ingest.servers import Clock, Names, Site, page, site

MESSAGE = """<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{name}/{number}">
<div class="tgme_widget_message_text">post {number}</div>
<div class="tgme_widget_message_meta"><a class="tgme_widget_message_date"
href="https://t.me/{name}/{number}"><time datetime="2026-11-20T10:00:00+00:00"></time></a></div></div></div>"""
LANDING = """<html><head><title>Telegram: Contact @{name}</title></head><body><div class="tgme_page">
<div class="tgme_page_title"><span>{title}</span></div><div class="tgme_page_extra">{extra}</div>
<div class="tgme_page_action"><a class="tgme_action_button_new" href="tg://resolve?domain={name}">{action}</a></div>
</div></body></html>"""
MISSING = """<html><head><title>Telegram: Contact @nobody_here</title></head><body><div class="tgme_page">
<div class="tgme_page_icon"></div></div></body></html>"""


@dataclass
class Preview:
    """Pages of one channel as t.me shows them: the newest twenty posts, or those after or before an id."""

    ids: list[int]
    name: str = "news"
    headers: dict[str, str] = field(default_factory=dict)
    shows: int = 20

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if "etag" in map(str.lower, self.headers) and request.headers.get("If-None-Match") == self.headers["ETag"]:
            return web.Response(status=304)
        ids = self.ids
        if after := request.query.get("after"):
            ids = [n for n in ids if n > int(after)][: self.shows]
        elif before := request.query.get("before"):
            ids = [n for n in ids if n < int(before)][-self.shows :]
        return page(self.html(ids[-self.shows :]), **self.headers)

    def html(self, ids: list[int]) -> str:
        older = f'<a href="/s/{self.name}?before={ids[0]}" data-before="{ids[0]}"></a>' if ids and ids[0] > 1 else ""
        messages = "".join(MESSAGE.format(name=self.name, number=n) for n in ids)
        return (
            '<html><body><header class="tgme_header"><div class="tgme_channel_info_header_username">'
            f'<a href="https://t.me/{self.name}">@{self.name}</a></div></header>'
            f'<section class="tgme_channel_history">{older}{messages}</section></body></html>'
        )


@asynccontextmanager
async def reading(
    answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], clock: Clock | None = None, spacing: float = 0.0
) -> AsyncIterator[tuple[WebSource, Site]]:
    clock = clock or Clock()
    async with site(answer) as it:
        base = f"http://127.0.0.1:{it.port}"
        guard = Guard(parse_allow([base]))
        async with open_http(agent="x", guard=guard, resolver=Names(), sleep=clock.sleep, monotonic=clock) as http:
            yield WebSource(http, base=base + "/", spacing=spacing, jitter=lambda: 0.5), it


async def all_of(batches: AsyncIterator[Batch]) -> list[list[int | None]]:
    return [[post.message_id for post in batch.posts] async for batch in batches]


def answers(text: str) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(text)

    return answer


async def test_the_newest_page_is_read() -> None:
    async with reading(Preview(list(range(1, 51)))) as (source, it):
        newest = await source.latest("News")
    assert it.seen == ["/s/News"]
    assert [post.message_id for post in newest.posts] == list(range(31, 51))
    assert {(post.channel, post.date) for post in newest.posts} == {("news", datetime(2026, 11, 20, 10, tzinfo=UTC))}
    assert newest.older_before == 31


async def test_all_after_the_cursor_comes_oldest_first_and_nothing_is_left_out() -> None:
    async with reading(Preview(list(range(1, 101)))) as (source, it):
        batches = await all_of(source.after("news", 37))
    assert [batch[0] for batch in batches] == [38, 58, 78, 81]
    assert {n for batch in batches for n in batch} == set(range(38, 101))
    assert it.seen == ["/s/news", "/s/news?after=37", "/s/news?after=57", "/s/news?after=77"]


async def test_one_request_is_enough_where_the_newest_page_reaches_the_cursor() -> None:
    async with reading(Preview(list(range(1, 51)))) as (source, it):
        for cursor in (50, 40, 30, None):
            assert await all_of(source.after("news", cursor)) == [list(range(31, 51))]
    assert len(it.seen) == 4


async def test_deleted_posts_before_the_newest_page_are_no_gap() -> None:
    async with reading(Preview([5, *range(31, 51)])) as (source, it):
        batches = await all_of(source.after("news", 5))
    assert batches == [[5], list(range(31, 51))]
    assert it.seen == ["/s/news", "/s/news?after=5", "/s/news?before=31"]


async def test_a_call_that_stops_early_can_be_taken_up_again() -> None:
    async with reading(Preview(list(range(1, 201)))) as (source, _):
        first = await all_of(source.after("news", 0, pages=3))
        assert first == [list(range(1, 21)), list(range(21, 41))]
        rest = await all_of(source.after("news", 40))
    assert {n for batch in rest for n in batch} == set(range(41, 201))


def deaf_to(word: str, preview: Preview) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """A server that does not know `?after=` or `?before=`: it shows the newest page."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(preview.html(preview.ids[-20:])) if word in request.query else await preview(request)

    return answer


async def test_where_the_server_does_not_know_after_the_gap_is_walked_back() -> None:
    async with reading(deaf_to("after", Preview(list(range(1, 101))))) as (source, it):
        batches = [batch async for batch in source.after("news", 37)]
        again = [batch async for batch in source.after("news", 60)]
    assert [(batch.posts[0].message_id, batch.cursor, batch.newest) for batch in batches] == [
        (61, None, False),
        (41, None, False),
        (21, None, False),
        (81, 100, True),
    ]
    assert {post.message_id for batch in batches for post in batch.posts} >= set(range(38, 101))
    assert again[-1].cursor == 100
    assert it.seen.count("/s/news?after=37") == 1
    assert it.seen[-2:] == ["/s/news", "/s/news?before=81"]  # it is not asked that way again


async def test_a_long_way_back_is_walked_in_several_calls_and_each_page_once() -> None:
    preview = Preview(list(range(1, 301)))
    async with reading(deaf_to("after", preview)) as (source, it):
        found: list[int | None] = []
        for calls in range(1, 10):
            preview.ids.append(300 + calls)
            batches = [batch async for batch in source.after("news", 37, pages=4)]
            found += [post.message_id for batch in batches for post in batch.posts]
            if batches and batches[-1].newest:
                break
            assert all(batch.cursor is None for batch in batches)
    assert batches[-1].cursor == 300 + calls
    assert set(found) >= set(range(38, 301 + calls))
    assert len(found) < 300 + 25 * calls
    assert calls < 9
    assert len(it.seen) <= 4 * calls + 1


async def test_a_page_after_the_cursor_that_is_older_than_it_is_not_followed() -> None:
    preview = Preview(list(range(1, 101)))

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(preview.html([1, 2, 3])) if "after" in request.query else await preview(request)

    async with reading(answer) as (source, _):
        batches = await all_of(source.after("news", 70))
    assert {n for batch in batches for n in batch} >= set(range(71, 101))


async def test_a_server_that_leads_neither_on_nor_back_is_an_error_and_no_loop() -> None:
    preview = Preview(list(range(1, 101)))

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(preview.html(list(range(81, 101))))

    async with reading(answer) as (source, it):
        with pytest.raises(SourceError, match="does not lead back"):
            await all_of(source.after("news", 10))
    assert it.seen == ["/s/news", "/s/news?after=10", "/s/news?before=81"]


async def test_a_page_whose_posts_stand_in_no_order_is_an_error() -> None:
    preview = Preview([])

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(preview.html([5, 4, 2_000_000_000, 6]))

    async with reading(answer) as (source, _):
        with pytest.raises(SourceError, match="in no order"):
            await all_of(source.after("news", 3))


async def test_history_is_read_backwards_to_its_beginning() -> None:
    async with reading(Preview(list(range(1, 51)))) as (source, _):
        found: list[int | None] = []
        before: int | None = 45
        while before is not None:
            batch = await source.before("news", before)
            found = [post.message_id for post in batch.posts] + found
            before = batch.older_before
    assert found == list(range(1, 45))


async def test_what_did_not_change_is_not_read_again() -> None:
    async with reading(Preview(list(range(1, 21)), headers={"ETag": '"7"'})) as (source, it):
        assert await all_of(source.after("news", 5)) == [list(range(1, 21))]
        assert await all_of(source.after("news", 20)) == []
    assert [headers.get("If-None-Match") for headers in it.headers] == [None, '"7"']


async def test_a_page_that_differs_only_in_what_is_of_the_moment_is_not_read_again() -> None:
    preview, served = Preview(list(range(1, 21))), 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal served
        served += 1
        html = preview.html(preview.ids).replace("data-post=", f'data-view="eyJ{served}" data-post=')
        return page(f"{html}<!-- page generated in {served}.25ms -->")

    async with reading(answer) as (source, it):
        assert await all_of(source.after("news", 5)) == [list(range(1, 21))]
        assert await all_of(source.after("news", 20)) == []
        preview.ids.append(21)
        assert await all_of(source.after("news", 20)) == [list(range(1, 22))]
    assert len(it.seen) == 3


async def test_several_pages_of_a_server_of_our_own_are_asked_for_at_once() -> None:
    waiting, all_there = 0, asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal waiting
        waiting += 1
        if waiting == 3:
            all_there.set()
        await all_there.wait()
        return page(Preview([1], name=request.path.rpartition("/")[2]).html([1]))

    async with reading(answer) as (source, _), asyncio.timeout(60):
        pages = await asyncio.gather(*(source.latest(name) for name in ("news", "wire", "desk")))
    assert [page.channel for page in pages] == ["news", "wire", "desk"]


async def test_requests_stand_seconds_apart_with_jitter() -> None:
    clock = Clock()
    async with reading(Preview([1, 2]), clock=clock, spacing=2.0) as (source, _):
        for name in ("news", "news", "news"):
            await source.latest(name)
    assert clock.slept == [3.0, 3.0]


@pytest.mark.parametrize(
    ("title", "extra", "action", "reason"),
    [
        ("A group", "12 members, 3 online", "Join Group", "is a group"),
        ("A bot", "@some_bot", "Start Bot", "is a bot"),
        ("Ann", "@someone", "Send Message", "is a person"),
        ("Hidden", "5 subscribers", "Join Channel", "shows no web preview"),
    ],
)
async def test_a_name_that_is_no_readable_channel_says_what_it_is(
    title: str, extra: str, action: str, reason: str
) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/s/"):
            return web.Response(status=302, headers={"Location": "/some_name"})
        return page(LANDING.format(name="some_name", title=title, extra=extra, action=action))

    async with reading(answer) as (source, it):
        with pytest.raises(ChannelUnavailable, match=reason):
            await source.latest("some_name")
        place = await source.place("some_name")
    assert place.name == "some_name"
    assert place.title == title
    assert it.seen == ["/s/some_name", "/some_name", "/some_name"]


async def test_a_name_that_nobody_has_is_told() -> None:
    async with reading(answers(MISSING)) as (source, _):
        with pytest.raises(ChannelUnavailable, match="does not exist"):
            await source.latest("nobody_here")
        assert (await source.place("nobody_here")).kind is PlaceKind.MISSING


@pytest.mark.parametrize("name", ["../x", "a'; DROP TABLE posts; --", "c/123", "news?before=1", "", "x" * 100])
async def test_what_is_no_public_name_is_never_asked_for(name: str) -> None:
    async with reading(Preview([1])) as (source, it):
        with pytest.raises(ChannelUnavailable, match="is not a public name"):
            await source.latest(name)
    assert it.seen == []


async def test_a_page_of_another_channel_is_noticed() -> None:
    async with reading(Preview([1, 2], name="others")) as (source, _):
        with pytest.raises(SourceError, match="page of others"):
            await source.latest("news")


async def test_a_server_that_asks_to_wait_is_obeyed_for_all_channels() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "120"})

    async with reading(answer) as (source, it):
        for name in ("news", "other"):
            with pytest.raises(RateLimited) as caught:
                await source.latest(name)
            assert (caught.value.channel, caught.value.seconds) == (name, 120)
    assert it.seen == ["/s/news"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (answers(""), "empty"),
        (answers("<html><body>maintenance</body></html>"), "no preview"),
        (answers("<html>" + "<div>" * 10_000 + "</html>"), "nested too deeply"),
        (answers("\0\1\2 binary"), "binary"),
        (answers("<html>" + "x" * 50_000_000), "larger than 5,000,000 bytes"),
        (answers("<html>" + "<p>x" * 200_000 + "</html>"), "no preview"),
    ],
    ids=["empty", "other", "deep", "binary", "50 MB", "large"],
)
async def test_garbage_is_an_error_of_that_channel(
    answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], reason: str
) -> None:
    async with reading(answer) as (source, _):
        with pytest.raises(SourceError, match=reason) as caught:
            await source.latest("news")
    assert not isinstance(caught.value, ChannelUnavailable)


async def test_an_error_of_the_server_is_an_error_of_that_channel() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=502)

    async with reading(answer) as (source, _):
        with pytest.raises(SourceError, match="the page answered 502 Bad Gateway"):
            await source.latest("news")


async def test_a_redirect_into_the_private_network_is_an_error_of_that_channel() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})

    async with reading(answer) as (source, _):
        with pytest.raises(SourceError, match="private network"):
            await source.latest("news")
