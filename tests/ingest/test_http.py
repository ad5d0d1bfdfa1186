import asyncio
import gzip
import inspect
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from core.errors import AddressRefused, FetchError, HostResting
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import Limits, open_http, ours_for, retry_after, user_agent
from ingest.fetch.turns import Turns
from tests.ingest.servers import Answer, Clock, Names, Site, client, page, site

SMALL = Limits(size=10_000, total=60, connect=60, spacing=0)


def answers(response: Callable[[], web.StreamResponse]) -> Answer:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return response()

    return answer


def found(target: str) -> web.Response:
    return web.Response(status=302, headers={"Location": target})


async def refusal(response: Callable[[], web.StreamResponse], limits: Limits = SMALL, path: str = "/") -> FetchError:
    async with site(answers(response)) as it, client(it) as http:
        with pytest.raises(FetchError) as caught:
            await http.get(it.base + path, limits)
    return caught.value


async def test_a_page_comes_back_with_its_final_address_and_headers() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/old":
            return web.Response(status=302, headers={"Location": "/new one?a=b#part"})
        return page(ETag='"1"')

    async with site(answer) as it, client(it) as http:
        reply = await http.get(it.base + "/old", SMALL)
    assert reply.url == it.base + "/new%20one?a=b"
    assert reply.body == b"<p>hello</p>"
    assert reply.headers["etag"] == '"1"'
    assert reply.content_type.startswith("text/html")
    assert it.headers[0]["User-Agent"] == "Courant/test"
    assert "Cookie" not in it.headers[1]


async def test_names_are_looked_up_beside_whatever_else_waits_for_a_thread() -> None:
    loop, free = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    waiting = loop.run_in_executor(None, free.wait)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return page()

    try:
        async with site(answer) as it:
            guard = Guard(parse_allow([f"localhost:{it.port}"]))
            async with open_http(agent="x", guard=guard) as http, asyncio.timeout(60):
                assert (await http.get(f"http://localhost:{it.port}/", SMALL)).body == b"<p>hello</p>"
    finally:
        free.set()
        await waiting


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://0x7f000001:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:{port}/",
        "http://localhost:{port}/",
        "//10.0.0.1/",
        "file:///etc/passwd",
        "gopher://news.site/",
        "http://me:pw@news.site/",
        "http://[broken",
    ],
)
async def test_a_redirect_into_the_private_network_is_not_followed(target: str) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=301, headers={"Location": target.format(port=it.port)})

    async with site(answer) as it, client(it) as http:
        with pytest.raises(AddressRefused):
            await http.get(it.base + "/", SMALL)
    assert it.seen == ["/"]


async def test_a_name_that_resolves_into_the_private_network_is_refused() -> None:
    names = Names(evil_com=["127.0.0.1"], meta_com=["169.254.169.254"], six_com=["::ffff:127.0.0.1"])
    async with client(names=names) as http:
        for host in ("evil.com", "meta.com", "six.com"):
            with pytest.raises(AddressRefused, match="private network"):
                await http.get(f"http://{host}/", SMALL)


async def test_a_redirect_to_a_name_of_the_private_network_is_refused() -> None:
    async with site(answers(lambda: found("http://evil.com:8080/"))) as it:
        names = Names(news_site=["127.0.0.1"], evil_com=["192.168.1.1"])
        async with client(it, names=names) as http:
            with pytest.raises(AddressRefused, match=r"evil\.com"):
                await http.get(it.base, SMALL)


async def test_a_name_that_changes_its_answer_is_judged_by_the_one_that_is_connected_to() -> None:
    names = Names(evil_com=["93.184.216.34", "127.0.0.1"])
    first = await names.resolve("evil.com", 80)  # what a check beforehand would have seen
    assert first[0]["host"] == "93.184.216.34"
    async with client(names=names) as http:
        with pytest.raises(AddressRefused):
            await http.get("http://evil.com/", SMALL)


async def test_private_answers_among_public_ones_are_dropped() -> None:
    async with site(answers(page)) as it:
        names = Names(news_site=["127.0.0.1"], evil_com=["127.0.0.1,10.0.0.1"])
        async with client(it, names=names, allow=[f"evil.com:{it.port}"]) as http:
            assert (await http.get(f"http://evil.com:{it.port}/", SMALL)).status == 200
            with pytest.raises(AddressRefused):
                await http.get("http://evil.com/", SMALL)


async def test_a_circle_of_redirects_ends() -> None:
    error = await refusal(lambda: found("/"))
    assert "circle" in error.reason


async def test_an_endless_chain_of_redirects_ends() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return found(f"/{len(it.seen)}")

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match="more than 5 times"):
            await http.get(it.base, SMALL)
    assert len(it.seen) == 6


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate", "two members", "padded"])
async def test_packed_pages_are_unpacked(coding: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    body = {
        "gzip": gzip.compress(b"hello", mtime=0),
        "x-gzip": gzip.compress(b"hello", mtime=0),
        "deflate": zlib.compress(b"hello"),
        "raw deflate": raw.compress(b"hello") + raw.flush(),
        "two members": gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo"),
        "padded": gzip.compress(b"hello", mtime=0) + b"\0" * 9,
    }[coding]
    head = {"Content-Encoding": "gzip" if coding in ("two members", "padded") else coding.split()[-1]}
    answer = answers(lambda: web.Response(body=body, content_type="text/html", headers=head))
    async with site(answer) as it, client(it) as http:
        assert (await http.get(it.base, SMALL)).body == b"hello"


async def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 8_000_000, 9, mtime=0)
    assert len(bomb) < SMALL.size
    error = await refusal(
        lambda: web.Response(body=bomb, content_type="text/html", headers={"Content-Encoding": "gzip"})
    )
    assert "larger than 10,000 bytes" in error.reason


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (b"not gzip at all", "gzip", "broken way"),
        (gzip.compress(b"hello " * 100, mtime=0)[:-12], "gzip", "before its end"),
        (gzip.compress(b"", mtime=0) * 400, "gzip", "too many pieces"),  # a megabyte of them would take seconds
        (b"hello", "br", "did not ask for"),
        (b"hello", "gzip, gzip", "did not ask for"),
    ],
)
async def test_what_cannot_be_unpacked_is_an_error(body: bytes, coding: str, reason: str) -> None:
    error = await refusal(
        lambda: web.Response(body=body, content_type="text/html", headers={"Content-Encoding": coding})
    )
    assert reason in error.reason


async def test_a_page_that_says_that_it_is_too_large_is_not_read() -> None:
    error = await refusal(lambda: page("x" * 20_000))
    assert "larger than" in error.reason
    assert not error.passing


async def test_a_page_that_does_not_end_is_cut_off() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"x" * 4000)

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match="larger than"):
            await http.get(it.base, SMALL)


async def test_a_server_that_drips_runs_into_the_time_limit() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        await response.write(b"x")
        await asyncio.Event().wait()
        return response

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match="in time") as caught:
            await http.get(it.base, Limits(total=0.05, connect=0.05, spacing=0))
    assert caught.value.passing


async def test_a_server_that_hangs_up_is_an_error_that_passes() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return page()

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError) as caught:
            await http.get(it.base, SMALL)
    assert caught.value.passing


async def test_a_server_that_talks_no_http_is_an_error() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"\x00\xff garbage\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    it = Site(port=server.sockets[0].getsockname()[1])
    async with server, client(it) as http:
        with pytest.raises(FetchError):
            await http.get(it.base, SMALL)
        with pytest.raises(FetchError, match="trusted"):
            await http.get(it.base.replace("http:", "https:"), SMALL)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4", "application/octet-stream"])
async def test_what_is_no_web_page_is_passed_over_by_its_type(kind: str) -> None:
    error = await refusal(lambda: web.Response(body=b"%PDF", content_type=kind))
    assert kind in error.reason
    assert not error.passing


@pytest.mark.parametrize(("status", "passing"), [(404, False), (410, False), (403, False), (500, True), (599, True)])
async def test_a_bad_status_says_whether_it_may_pass(status: int, passing: bool) -> None:
    error = await refusal(lambda: web.Response(status=status))
    assert (str(status) in error.reason, error.passing) == (True, passing)


async def test_304_comes_back_only_to_a_conditional_request() -> None:
    async with site(answers(lambda: web.Response(status=304))) as it, client(it) as http:
        assert (await http.get(it.base, SMALL, {"If-None-Match": '"1"'})).status == 304
        with pytest.raises(FetchError, match="304"):
            await http.get(it.base, SMALL)


async def test_a_host_that_asks_to_wait_is_left_alone() -> None:
    clock = Clock()
    busy = [True]

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "90"}) if busy[0] else page()

    async with site(answer) as it, client(it, clock=clock) as http:
        for seconds in (90, 50):
            with pytest.raises(HostResting) as caught:
                await http.get(it.base, SMALL)
            assert (caught.value.seconds, caught.value.passing) == (seconds, True)
            clock.now += 40
        assert len(it.seen) == 1
        clock.now, busy[0] = 91, False
        assert (await http.get(it.base, SMALL)).status == 200


async def test_requests_to_one_host_come_one_at_a_time_and_spaced() -> None:
    clock = Clock()
    under_way = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await asyncio.sleep(0)
        under_way -= 1
        return page()

    async with site(answer) as it, client(it, clock=clock) as http:
        limits = Limits(spacing=2)
        await asyncio.gather(*(http.get(f"{it.base}/{n}", limits) for n in range(4)))
    assert it.seen == ["/0", "/1", "/2", "/3"]
    assert clock.slept == [2, 2, 2]


async def test_a_client_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with site(answers(page)) as it, client(it) as http:
        await http.get(it.base, SMALL)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_the_table_of_hosts_stays_small() -> None:
    clock = Clock()
    turns = Turns(sleep=clock.sleep, monotonic=clock)
    for n in range(5000):
        async with turns.take(f"host{n}", 1.0):
            clock.now += 0.01
    assert len(turns) <= 512
    turns.rest("slow", 1e9)
    assert turns.resting("slow") == 3600
    assert turns.resting("other") == 0


async def test_a_cancelled_wait_gives_the_turn_back() -> None:
    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    clock = Clock()
    turns = Turns(sleep=for_ever, monotonic=clock)
    async with turns.take("host", 5):
        pass
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), turns.take("host", 5):
            pass
    clock.now = 6
    async with turns.take("host", 5):
        pass


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "9" * 50}, 999_999),
        ({"Retry-After": "Mon, 23 Nov 2026 10:00:30 GMT", "Date": "Mon, 23 Nov 2026 10:00:00 GMT"}, 30),
        ({"Retry-After": "Mon, 23 Nov 2026 10:00:30 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_a_number_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_the_agent_names_a_contact_and_cannot_break_a_header() -> None:
    assert user_agent("1.0") == "Courant/1.0"
    assert user_agent("1.0", "me@example.org") == "Courant/1.0 (+me@example.org)"
    assert user_agent("1.0", "a\r\nX: y") == "Courant/1.0 (+aX: y)"


def test_every_error_of_aiohttp_has_a_sentence_of_its_own() -> None:
    kinds = [
        kind
        for kind in vars(aiohttp).values()
        if inspect.isclass(kind)
        and issubclass(kind, aiohttp.ClientError)
        and kind is not aiohttp.ClientError
        and kind.__name__ != "UploadAbortedError"  # we upload nothing, and the lowest version has none
    ]
    assert len(kinds) > 20
    for kind in kinds:
        raised: Any = kind.__new__(kind)
        raised._os_error = OSError()
        error = ours_for("http://a.b", raised)
        assert error.reason != "could not be fetched", kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\n\n%PDF-1.4 <</Type", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "an image"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "a recording or a film"),
        (b"\0\0\0\x18ftypmp42", "a film"),
        (b"\0\0\0\x18ftypavif", "an image"),
        (b"PK\x03\x04\x14\0", "an archive or an office document"),
        (b"\x1a\x45\xdf\xa3\x01", "a film"),
    ],
)
async def test_a_file_that_is_sent_as_a_page_is_known_by_its_beginning(body: bytes, kind: str) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        await response.write(body)
        await asyncio.Event().wait()  # the rest of it would never end
        return response

    async with site(answer) as it, client(it) as http:
        with pytest.raises(FetchError, match=kind) as caught:
            await http.get(it.base, SMALL)
    assert not caught.value.passing


@pytest.mark.parametrize(
    "body", [b"<html>%PDF-1.7 is what it begins with</html>", b"ID card rules", b"MZ, a novel", b"hi"]
)
async def test_a_page_that_speaks_of_files_is_a_page(body: bytes) -> None:
    async with site(answers(lambda: web.Response(body=body, content_type="text/html"))) as it, client(it) as http:
        assert (await http.get(it.base, SMALL)).body == body


@pytest.mark.parametrize("packed", [True, False])
async def test_the_beginning_of_a_large_file_can_be_taken(packed: bool) -> None:
    body = b"x" * 100_000
    head = {"Content-Encoding": "gzip"} if packed else {}
    answer = answers(lambda: web.Response(body=gzip.compress(body) if packed else body, headers=head))
    async with site(answer) as it, client(it) as http:
        reply = await http.get(it.base, Limits(size=3000, types=None, cut=True))
    assert reply.body == body[:3000]
