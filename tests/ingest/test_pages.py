from time import process_time

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AddressRefused, FetchError
from core.model import PageVersion
from ingest.articles.charset import decode_page
from ingest.articles.forwarding import MAX_FORWARDING, forwards_to
from ingest.articles.pages import canonical_of, fetch_changed, fetch_page
from ingest.fetch.http import Limits
from tests.ingest.servers import client, page, site

HERE = "https://www.news.site/a/b?utm_source=tg#top"
LONG = f"https://b.site/c?{'utm_content=abcdefgh&' * 15}a=1"  # what shorteners have for a title
RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. Президент подписал указ."


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<link rel="canonical" href="https://www.news.site/a/b-real">', "https://www.news.site/a/b-real"),
        ("<LINK href='/x?a=1&amp;b=2' REL='canonical'>", "https://www.news.site/x?a=1&b=2"),
        ('<link rel=canonical href="https://news.site/c?utm_medium=x">', "https://news.site/c"),
        ('<meta property="og:url" content="https://m.news.site/d">', "https://m.news.site/d"),
        (
            '<meta property="og:url" content="/graph"><link rel="canonical" href="/link">',
            "https://www.news.site/link",
        ),
        ('<link rel="canonical" href="https://evil.com/a">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="https://news.site.evil.com/a">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="https://www.news.site/">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="http://www.news.site:8080/a">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="https://me:pw@www.news.site/a">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="javascript:alert(1)">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="http://[broken">', "https://www.news.site/a/b"),
        ('<link rel="canonical" href="">', "https://www.news.site/a/b"),
        ('<link rel="stylesheet" href="/style.css">', "https://www.news.site/a/b"),
        ("", "https://www.news.site/a/b"),
    ],
)
def test_a_page_names_its_address_within_its_own_site(html: str, address: str) -> None:
    assert canonical_of(f"<html><head>{html}</head></html>".encode(), HERE) == address


@given(st.binary(max_size=300))
def test_any_bytes_have_an_address_and_a_text(data: bytes) -> None:
    assert canonical_of(b"<link rel=canonical href=" + data + b">", HERE).startswith("http")
    decode_page(data, data.decode("latin-1")).encode("utf-8", "replace")


async def test_a_page_is_fetched_with_its_canonical_address() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/short":
            return web.Response(status=301, headers={"Location": "/long?utm_source=tg"})
        return page("<html>hello</html>")

    async with site(answer) as it, client(it) as http:
        found = await fetch_page(http, it.base + "/short")
    assert found.canonical == f"{it.base}/long"
    assert found.html == b"<html>hello</html>"
    assert found.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("body", [b"", b" \n", b"\x7fELF\0\0\0"])
async def test_an_empty_or_binary_page_is_an_error(body: bytes) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, content_type="text/html")

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match=r"is empty|is no web page"):
            await fetch_page(http, it.base, Limits(spacing=0))


async def test_a_link_into_the_private_network_is_not_fetched() -> None:
    async with client() as http:
        with pytest.raises(AddressRefused):
            await fetch_page(http, "http://169.254.169.254/latest/")


async def test_a_page_of_two_byte_letters_is_no_binary_file() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body="<html><body>hello there</body></html>".encode("utf-16-le"), content_type="text/html")

    async with site(answer) as it, client(it) as http:
        assert b"h\0e\0" in (await fetch_page(http, it.base)).html


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/a">', "https://www.news.site/a"),
        ("<META HTTP-EQUIV=refresh CONTENT='3; URL=&quot;/a?x=1&amp;y=2&quot;'>", "https://www.news.site/a?x=1&y=2"),
        ('<meta content="0, https://b.site/c#top" http-equiv="Refresh">', "https://b.site/c"),
        ('<noscript><meta http-equiv="refresh" content="0;URL=https://b.site/c"></noscript>', "https://b.site/c"),
        ('<script>window.opener = null; location.replace("https:\\/\\/b.site\\/c")</script>', "https://b.site/c"),
        ('<script>window.location.href="https://b.site/c?a=1\\u0026b=2";</script>', "https://b.site/c?a=1&b=2"),
        (f'<title>{LONG}</title><script>location.replace("{LONG}")</script>', LONG),
        ('<meta http-equiv="refresh" content="300;url=/a">', None),
        ('<meta http-equiv="refresh" content="5">', None),
        ('<meta http-equiv="refresh" content="0;url=https://www.news.site/a/b?utm_source=tg">', None),
        ('<meta http-equiv="refresh" content="0;url=javascript:alert(1)">', None),
        ('<meta http-equiv="refresh" content="0;url=http://[broken">', None),
        (f'<meta http-equiv="refresh" content="0;url=/nojs"><p>{RUSSIAN * 5}</p>', None),
        (
            f'<meta http-equiv="refresh" content="0;url=/a"><style>{"p {color: red} " * 50}</style>',
            "https://www.news.site/a",
        ),
        ('<meta http-equiv="refresh" content="0;url=/a">' + "<script>" * 9000, None),
        ("<script>if (a) { location.href = next }</script>", None),
        ("", None),
    ],
)
def test_a_page_that_only_sends_on_says_where_to(html: str, target: str | None) -> None:
    page = f"<html><head><title>Moved</title>{html}</head><body>Moved</body></html>".encode()
    assert forwards_to(page, HERE) == target


def test_a_page_that_never_ends_what_it_hides_is_seen_through_in_no_time() -> None:
    begun = process_time()
    for hidden in ("<!--", "<script "):
        page = '<meta http-equiv="refresh" content="0;url=/a">' + hidden * (MAX_FORWARDING // len(hidden) - 20)
        forwards_to(page.encode(), HERE)
    assert process_time() - begun < 0.5


async def test_pages_that_only_send_on_are_followed_and_a_circle_of_them_ends() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        target = {"/short": "/middle", "/middle": "/long", "/ping": "/pong", "/pong": "/ping"}.get(request.path)
        return page(f'<meta http-equiv="refresh" content="0;url={target}">' if target else "<p>hello</p>")

    async with site(answer) as it, client(it) as http:
        assert (await fetch_page(http, it.base + "/short")).canonical == f"{it.base}/long"
        await fetch_page(http, it.base + "/ping")
        assert it.seen == ["/short", "/middle", "/long", "/ping", "/pong"]


async def test_an_endless_chain_of_pages_that_send_on_ends() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(f'<meta http-equiv="refresh" content="0;url=/{len(it.seen)}">')

    async with site(answer) as it, client(it) as http:
        await fetch_page(http, it.base)
    assert len(it.seen) < 6


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/admin", "http://169.254.169.254/latest", "http://me:pw@news.site/"]
)
async def test_a_page_that_sends_into_the_private_network_is_not_followed(target: str) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page(f'<meta http-equiv="refresh" content="0;url={target}">')

    async with site(answer) as it, client(it) as http:
        with pytest.raises(AddressRefused):
            await fetch_page(http, it.base)
    assert it.seen == ["/"]


async def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if "b" in (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")):
            return web.Response(status=304)
        return page(**{"ETag": "b", "Last-Modified": "b" * 500})

    async with site(answer) as it, client(it) as http:
        first = await fetch_page(http, it.base)
        assert first.version == PageVersion(tag="b")
        assert await fetch_changed(http, it.base, first.version) is None
        assert await fetch_changed(http, it.base, PageVersion(modified="b")) is None
        again = await fetch_changed(http, it.base, PageVersion(tag="a"))
        assert again is not None
        assert again.html == first.html
