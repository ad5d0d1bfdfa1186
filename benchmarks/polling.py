"""Thousands of channels polled through the web preview on one core: processor time, memory, how soon a post is found.

    python -m benchmarks.polling [--channels 6000] [--every 900] [--readings 6000] [--seconds 180] [--changed 0,25,100]
                                 [--minutes 4]

A server of ours on loopback, a process of its own, shows a page of 20 posts (about 60 KB) a channel; the real
WebReader, Http, Intake and SQLite store read it. First all channels are read once. Then, for each share of pages that
changed since the last reading (a new post, and other counts of views on all), so many readings are made one after the
other, the reader's clock running ahead: seconds of processor time a reading, and what that makes at one reading a
channel `every` so many seconds. Then so many real seconds at that rhythm by the real clock, and last so many minutes in
which ten of the channels, which are read every minute, publish a post whenever a search has found the one before: how
long that takes, with all the other channels beside them. Load is processor seconds of our process by seconds of the
clock, the server's not counted; memory is what is resident.
"""

import argparse
import asyncio
import logging
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

from core.clock import utc_now
from core.model import ChannelList, ChannelSettings
from core.query import parse
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.intake import Intake
from ingest.preview.reader import WebReader
from ingest.preview.source import WebSource
from storage.store import Store
from tests.servers.preview_pages import SiteChannel, SitePost, preview_page

TEXT = """
port harbour ship captain minister council budget storm bridge road hospital school court election market price grain
oil gas train river island border treaty talks strike factory worker engineer museum festival village city north south
east west Monday Tuesday morning evening report statement decision law police fire rescue doctor
"""


class Site:
    """The server: `changed` is the share of requests before which the channel published a post."""

    def __init__(self) -> None:
        self.words = TEXT.split()
        self.changed, self.random = 0.0, random.Random(1)
        self.channels: dict[str, SiteChannel] = {}
        self.pages: dict[str, bytes] = {}

    async def preview(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self.channels:
            self.begin(name)
        elif self.random.random() < self.changed and not request.query:
            self.publish(name, utc_now())
        if name not in self.pages or request.query:
            asked = {key: int(request.query[key]) for key in ("before", "after") if key in request.query}
            page = preview_page(self.channels[name], **asked).replace('<div class="tgme_widget_message_user">', PADDING)
            if asked:
                return web.Response(text=page, content_type="text/html")
            self.pages[name] = page.encode()
        body = self.pages[name].replace(b"eyJj", b"eyJ%d" % time.monotonic_ns())  # as t.me does, each time another
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    def begin(self, name: str) -> None:
        self.channels[name] = SiteChannel(name, name)
        now = utc_now()
        for number in range(20):
            self.publish(name, now - timedelta(minutes=20 * (20 - number)))

    def publish(self, name: str, date: datetime, text: str = "") -> None:
        channel, draw = self.channels[name], self.random
        for post in channel.posts.values():
            post.views = f"{draw.randrange(10, 99)}.{draw.randrange(1, 9)}K"
        words = text or " ".join(draw.choices(self.words, k=45))
        channel.posts[channel.next_id] = SitePost(channel.next_id, words.capitalize() + ".", date=date)
        channel.posts.pop(channel.next_id - 60, None)
        channel.next_id += 1
        self.pages.pop(name, None)

    async def control(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.changed = asked.get("changed", self.changed)
        if "name" in asked:
            if asked["name"] not in self.channels:
                self.begin(asked["name"])
            self.publish(asked["name"], utc_now(), asked["text"])
        return web.Response()


FAST, SHORTEST = 10, 60  # channels, and seconds between two of their readings


PADDING = (
    '<svg class="bubble_icon" viewBox="0 0 9 20"><path d="'
    + "M8,1 L9,1 " * 90
    + '"/></svg>'
    + ('<div class="tgme_widget_message_user">')
)


async def serve() -> None:
    site = Site()
    app = web.Application()
    app.add_routes([web.get("/s/{name}", site.preview), web.post("/ctl", site.control)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


class Clock:
    """Runs by itself, and `ahead` of the real one by what it is told to pass."""

    def __init__(self) -> None:
        self.ahead, self.real = timedelta(), False

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds if self.real else 0)


def memory() -> str:
    """What is resident now, and at the most so far."""
    status = Path("/proc/self/status").read_text()
    now = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    return f"{now:.0f} MB resident, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} at the most"


async def measure(given: argparse.Namespace, site: str, folder: Path) -> None:
    clock, store = Clock(), await Store.open(f"sqlite:///{folder / 'polling.db'}")
    names = [f"channel_{number}" for number in range(given.channels)]
    fast = frozenset(names[:FAST])
    settings = {name: ChannelSettings(every=SHORTEST if name in fast else given.every) for name in names}
    stored = asyncio.Event()
    async with store.begin() as tx:
        await tx.channels.take_over([ChannelList(id="all", titles={}, channels=tuple(names))], settings)
    async with (
        aiohttp.ClientSession(site) as control,
        open_http(agent="benchmark", guard=Guard(parse_allow([site]))) as http,
    ):
        source, intake = WebSource(http, base=site, spacing=0.0), Intake(store, clock, stored.set)
        reader = WebReader(store, source, intake, clock, sleep=clock.sleep)
        print(f"before: {memory()}")
        count, spent, wall = await readings(reader, given.channels, clock, timedelta())
        print(f"first readings: {1000 * spent / count:.1f} ms of processor a reading, {count / wall:.0f} a second; "
              f"{memory()}")  # fmt: skip
        pause = timedelta(seconds=20 * given.every / given.channels)
        for share in given.changed:
            await control.post("/ctl", json={"changed": share / 100})
            count, spent, _ = await readings(reader, given.readings, clock, pause)
            cost = spent / count
            load = cost * given.channels / given.every
            print(f"{share} % changed: {1000 * cost:.2f} ms a reading over {count}, load {load:.3f}; {memory()}")
        if given.seconds:
            await control.post("/ctl", json={"changed": given.real / 100})
            clock.real = True
            await real_time(reader, given.seconds, given.real)
        if given.minutes:
            clock.real = True
            fresh = Fresh(store, clock, control, stored)
            await fresh.measure(WebReader(store, source, intake, clock), sorted(fast), 60 * given.minutes)
    await store.close()


async def readings(reader: WebReader, number: int, clock: Clock, pause: timedelta) -> tuple[int, float, float]:
    """So many readings: how many there were, seconds of processor time, seconds."""
    count, began, wall = 0, time.process_time(), time.perf_counter()
    while count < number:
        clock.ahead += pause
        count += await reader.step()
    return count, time.process_time() - began, time.perf_counter() - wall


async def real_time(reader: WebReader, seconds: float, share: float) -> None:
    began, wall = time.process_time(), time.perf_counter()
    try:
        async with asyncio.timeout(seconds):
            await reader.run()
    except TimeoutError:
        load = (time.process_time() - began) / (time.perf_counter() - wall)
        print(f"{seconds:.0f} real seconds, {share:.0f} % changed: load {load:.3f}; {memory()}")


class Fresh:
    """Posts that are published by the real clock: how long until a search finds each."""

    def __init__(self, store: Store, clock: Clock, control: aiohttp.ClientSession, stored: asyncio.Event) -> None:
        self._store, self._clock, self._control, self._stored = store, clock, control, stored
        self._published: dict[str, tuple[str, float]] = {}
        self._waits: list[float] = []

    async def measure(self, reader: WebReader, names: Sequence[str], seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                group.create_task(reader.run())
                for name in names:
                    await self._publish(name)
                while True:
                    await self._stored.wait()
                    self._stored.clear()
                    await self._look()
        except TimeoutError:
            if not self._waits:
                sys.exit(f"nothing was found: a channel is read every {SHORTEST} s, give it more --minutes")
            most, mean = max(self._waits), statistics.mean(self._waits)
            print(f"published to found, read every {SHORTEST} s: at most {most:.2f} s, mean {mean:.2f} s "
                  f"of {len(self._waits)}")  # fmt: skip

    async def _publish(self, name: str) -> None:
        word = f"{name} {len(self._waits)}."
        await self._control.post("/ctl", json={"name": name, "text": f"The tug zarya has left port: {word}"})
        self._published[name] = word, time.perf_counter()

    async def _look(self) -> None:
        async with self._store.read() as tx:
            page = await tx.archive.search(parse("zarya", self._clock(), UTC), self._clock(), limit=3 * FAST)
        now, texts = time.perf_counter(), [each.post.text for each in page.found]
        for name, (word, began) in list(self._published.items()):
            if any(word in text for text in texts):
                self._waits.append(now - began)
                await self._publish(name)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--serve", action="store_true", help="be the server; for the benchmark's own use")
    arguments.add_argument("--channels", type=int, default=6000)
    arguments.add_argument("--every", type=int, default=900, help="seconds between two readings of a channel")
    arguments.add_argument("--readings", type=int, default=6000, help="readings a share of changed pages")
    arguments.add_argument("--changed", type=lambda text: [int(part) for part in text.split(",")], default=[0, 25, 100])
    arguments.add_argument("--seconds", type=float, default=180.0, help="of the real run; 0 leaves it out")
    arguments.add_argument("--real", type=float, default=25.0, help="percent of pages changed in the real run")
    arguments.add_argument("--minutes", type=float, default=4.0, help="in which posts are looked for; 0 leaves it out")
    given = arguments.parse_args()
    if given.serve:
        asyncio.run(serve())
        return
    logging.basicConfig(level=logging.ERROR)
    command = [sys.executable, "-m", "benchmarks.polling", "--serve"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,  # noqa: S603 - ourselves
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            assert server.stdout
            asyncio.run(measure(given, f"http://127.0.0.1:{server.stdout.readline().strip()}", Path(folder)))
        finally:
            server.kill()


if __name__ == "__main__":
    main()
