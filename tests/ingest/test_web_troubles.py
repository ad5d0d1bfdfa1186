"""Whatever a preview server sends, the channel waits, the cause is counted and told once, and the others are read."""

import asyncio
import gzip
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from aiohttp import web

from core.errors import SourceError
from core.model import ChannelSettings
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.intake import Intake
from ingest.preview.source import WebSource
from ingest.troubles import MOST, OTHERS, QUIET, Troubles
from storage.store import Store
from tests.ingest.preview_world import MINUTE, Desk, opened
from tests.ingest.servers import Clock, Names
from tests.moments import Moment
from tests.servers.preview_pages import SiteChannel, SitePost, preview_page

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    """Two channels on a server of our own: `wire`, with which something is wrong, and `fine`."""
    async with opened(store, polite=False) as desk:
        for name in ("wire", "fine"):
            desk.site.channel(name)
            desk.publish(name, 30)
        await desk.follow("wire", "fine", wire=ChannelSettings(every=60), fine=ChannelSettings(every=60))
        yield desk


def html(body: str | bytes, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        data = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=data, headers={"Content-Type": "text/html", **headers})

    return answer


async def endless(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for _ in range(400):
        await response.write(b"<p>and on and on" * 4096)
    return response


async def in_a_circle(request: web.BaseRequest) -> web.StreamResponse:
    there = "/s/wire?again=1" if "again" not in request.query else "/s/wire"
    return web.Response(status=302, headers={"Location": there})


async def away(request: web.BaseRequest) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def backwards() -> str:
    """A page whose last posts are older than those before them."""
    page = preview_page(SiteChannel("wire", "Wire", posts={n: SitePost(n, f"Post {n}") for n in (1, 2, 3, 4)}))
    return page.replace('data-post="wire/2"', 'data-post="wire/2000000000"')


WHOLE = preview_page(SiteChannel("wire", "Wire", posts={n: SitePost(n, f"Post {n}") for n in range(1, 21)}))
BOMB = gzip.compress(b"<html>" + b"a" * 10_000_000)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (html("<html><body>\x00\x01\x02"), "binary"),
        (html("%%% ~~~ no page at all ~~~ %%%"), "no preview"),
        (html(WHOLE[: len(WHOLE) // 2]), "cut off"),
        (endless, "larger than"),
        (html(BOMB, headers={"Content-Encoding": "gzip"}), "larger than"),
        (html(BOMB[:-2000], headers={"Content-Encoding": "gzip"}), "larger than"),
        (html(b"no gzip", headers={"Content-Encoding": "gzip"}), "packed in a broken way"),
        (in_a_circle, "in a circle"),
        (html(WHOLE.replace("wire", "other")), "page of another"),
        (html(backwards()), "in no order"),
        (html("<html><body><form>Log in to Telegram by QR code</form></body></html>"), "no preview"),
        (html("Forbidden", 403), "403"),
        (html("Too many", 429, headers={"Retry-After": "1"}), "asked to wait"),
        (html("Sorry", 500), "500"),
        (html("Sorry", 503), "503"),
        (away, "broke the connection"),
        (html(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), "no web page"),
    ],
    ids=[
        *("binary", "garbage", "half a page", "an endless page", "a gzip bomb", "half a bomb", "no gzip"),
        *("a redirect loop", "another channel", "ids that go backwards", "a login page", "a wall", "429", "500"),
        *("503", "a cut line", "a file"),
    ],
)
async def test_a_bad_answer_is_counted_and_told_once_and_the_others_are_read(
    desk: Desk, answer: Answer, cause: str
) -> None:
    reader = desk.make()
    await reader.step()
    desk.site.answers["wire"] = answer
    for _ in range(3):
        desk.passes(hours=1)
        desk.site.post("fine", f"News at {desk.clock():%H:%M}", date=desk.clock())
        await reader.step()
    reading = await desk.reading()
    assert (reading.cursor, reading.failures, len(await desk.kept())) == (30, 3, 20)
    assert (await desk.reading("fine")).failures == 0
    assert len(await desk.kept("fine")) == 23
    assert await desk.gone() == []
    assert sum(number for name, number in desk.troubles.counts.items() if cause in name) == 3
    (told,) = desk.told
    assert told.startswith("A channel cannot be read. wire: ")
    del desk.site.answers["wire"]
    desk.passes(hours=6)
    await reader.step()
    assert (await desk.reading()).failures == 0


async def test_a_channel_that_does_not_answer_keeps_no_other_waiting(desk: Desk) -> None:
    """Real time: the others are read while one page hangs."""
    asked, free = asyncio.Event(), asyncio.Event()

    async def hangs(_: web.BaseRequest) -> web.StreamResponse:
        asked.set()
        await free.wait()
        return web.Response(status=500)

    for number in range(20):
        desk.site.channel(f"more_{number}")
        desk.publish(f"more_{number}", 1)
    desk.site.answers["wire"] = hangs
    await desk.follow("wire", "fine", *(f"more_{number}" for number in range(20)))
    came = asyncio.Event()
    reader = desk.make(door=Intake(desk.store, desk.clock, came.set))
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(reader.run())
        await asked.wait()
        while len(await desk.posts("fine")) < 20 or not await desk.posts("more_19"):
            await came.wait()
            came.clear()
        assert await desk.posts() == []
        free.set()
        running.cancel()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own making, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed: no certificate can be made")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - openssl, with words of our own
    return certificate, key


async def test_a_certificate_that_nobody_vouches_for_is_no_way_to_a_page(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate(tmp_path))
    runner = web.ServerRunner(web.Server(html(WHOLE), access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        base = f"https://127.0.0.1:{runner.addresses[0][1]}"
        clock = Clock()
        async with open_http(
            agent="x", guard=Guard(parse_allow([base])), resolver=Names(), sleep=clock.sleep, monotonic=clock
        ) as http:
            with pytest.raises(SourceError, match="offers no connection that can be trusted"):
                await WebSource(http, base=base).latest("wire")
    finally:
        await runner.cleanup()


async def test_a_cause_is_told_again_when_it_had_been_gone_for_a_day() -> None:
    clock = Moment()
    troubles = Troubles(clock)
    error = SourceError("wire", "the page answered 403 Forbidden")
    words = []
    for wait in (MINUTE, MINUTE, QUIET, QUIET + MINUTE):
        clock.passes(seconds=wait.total_seconds())
        words.append(troubles.met(error, 2, timedelta(minutes=4)) is not None)
    assert words == [True, False, False, True]
    assert troubles.counts["the page answered 403 Forbidden"] == 4


async def test_causes_that_are_worded_otherwise_each_time_fill_no_memory() -> None:
    troubles = Troubles(Moment())
    told = [troubles.met(SourceError("wire", f"is no web page but {n}"), 2, MINUTE) for n in range(1000)]
    assert len(troubles.counts) == MOST + 1
    assert troubles.counts[OTHERS] == 1000 - MOST
    assert len([words for words in told if words]) == MOST + 1


async def test_a_word_that_does_not_reach_the_administrators_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def tell(_: str) -> None:
        raise OSError("no way")

    await Troubles(Moment(), tell).tell("A channel cannot be read.")
    assert "could not be told" in caplog.text
