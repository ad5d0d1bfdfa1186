import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AddressRefused, FetchError
from ingest.charset import decode_page
from ingest.http import Limits
from ingest.pages import canonical_of, fetch_page
from tests.ingest.servers import client, page, site

HERE = "https://www.news.site/a/b?utm_source=tg#top"
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
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/short":
            return web.Response(status=301, headers={"Location": "/long?utm_source=tg"})
        return page("<html>hello</html>")

    async with site(answer) as it, client(it) as http:
        found = await fetch_page(http, it.base + "/short")
    assert found.url == f"{it.base}/long?utm_source=tg"
    assert found.canonical == f"{it.base}/long"
    assert found.html == b"<html>hello</html>"
    assert found.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("body", [b"", b" \n", b"\x7fELF\0\0\0"])
async def test_an_empty_or_binary_page_is_an_error(body: bytes) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="text/html")

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match=r"is empty|is no web page"):
            await fetch_page(http, it.base, Limits(spacing=0))


async def test_a_link_into_the_private_network_is_not_fetched() -> None:
    async with client() as http:
        with pytest.raises(AddressRefused):
            await fetch_page(http, "http://169.254.169.254/latest/")


@pytest.mark.parametrize(
    ("page_bytes", "header"),
    [
        (RUSSIAN.encode(), "text/html; charset=utf-8"),
        (RUSSIAN.encode(), ""),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251"),
        (RUSSIAN.encode("cp1251"), "text/html; charset=UTF-8"),
        (RUSSIAN.encode("cp1251"), ""),
        (RUSSIAN.encode("koi8-r"), 'text/html; charset="KOI8-R"'),
        (RUSSIAN.encode("koi8-r"), ""),
        (b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"), "text/html"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>" + RUSSIAN.encode("koi8-r"), ""),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + RUSSIAN.encode("cp1251"), ""),
        (b'<meta charset="utf-16">' + RUSSIAN.encode(), ""),
        (b'<meta charset="no-such-thing">' + RUSSIAN.encode(), "text/html; charset=rot13"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), "text/html; charset=windows-1251"),
        (RUSSIAN.encode("utf-16"), ""),
    ],
)
def test_russian_is_read_in_whatever_it_was_written(page_bytes: bytes, header: str) -> None:
    assert RUSSIAN in decode_page(page_bytes * 20, header)


def test_a_page_with_a_cut_character_is_still_read() -> None:
    assert RUSSIAN in decode_page((RUSSIAN * 20).encode()[:-1] + b"\xd0", "text/html; charset=utf-8")


def test_a_western_page_is_read() -> None:
    assert decode_page("Café “naïve” straße — ".encode("cp1252") * 9, "text/html; charset=iso-8859-1").startswith(
        "Café “naïve” straße —"
    )
    assert "Café" in decode_page("Café in the old town, all day".encode("latin-1"), "")
