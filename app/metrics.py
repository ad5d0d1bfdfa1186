"""What a monitor asks for: /healthz and /metrics, in the text format of Prometheus."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime

from aiohttp import web

from core.clock import Clock, utc_now
from core.errors import SettingsError, StorageError
from core.model import Reading
from storage.store import Store

LATE = 60.0  # seconds

log = logging.getLogger(__name__)


class Metrics:
    """A small HTTP server on `host` and `port`; port 0 is any that is free."""

    def __init__(
        self,
        store: Store,
        host: str,
        port: int,
        troubles: Mapping[str, int],
        account_troubles: Mapping[str, int],
        clock: Clock = utc_now,
    ) -> None:
        """`troubles`: how often each cause kept the preview from being read, since this process began, and
        `account_troubles` accounts."""
        self._store, self._host, self._port, self._clock = store, host, port, clock
        self._troubles, self._account_troubles = troubles, account_troubles
        self.address = ""  # known once `started` is set
        self.started = asyncio.Event()

    async def run(self) -> None:
        """Answer until cancelled. Raises SettingsError where the port cannot be had."""
        application = web.Application(client_max_size=1024)
        application.add_routes([web.get("/healthz", self._health), web.get("/metrics", self._metrics)])
        runner = web.AppRunner(application, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self._port)
            try:
                await site.start()
            except OSError as error:
                reason = f"{self._port} cannot be used on {self._host}: {error.strerror}"
                raise SettingsError("COURANT_METRICS_PORT", reason) from error
            self.address = address(*runner.addresses[0][:2])
            self.started.set()
            log.info("metrics at %s/metrics", self.address)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        try:
            await self._store.ping()
        except StorageError as error:
            return web.Response(status=503, text=f"{error}\n")
        if refusal := self._store.refusal:
            return web.Response(status=503, text=f"{refusal}\n")
        return web.Response(text="ok\n")

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            async with self._store.read() as tx:
                posts = await tx.posts.count()
                stories = await tx.stories.counts()
                readers = await tx.readers.counts()
                outbox = await tx.outbox.counts()
                readings = await tx.channels.present()
        except StorageError as error:
            return web.Response(status=503, text=f"{error}\n")
        lines = [
            *_lines(posts, stories, readers, outbox, readings),
            *_reading(readings, self._clock()),
            *_troubles("preview", "What kept preview pages from being read.", self._troubles),
            *_troubles("account", "What kept channels from being read by accounts.", self._account_troubles),
        ]
        return web.Response(text="\n".join(lines) + "\n")


def address(host: str, port: int) -> str:
    """The web address of a host, which may be a number of IPv6."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _lines(
    posts: int,
    stories: int,
    readers: Mapping[str, int],
    outbox: Mapping[str, int],
    readings: tuple[Reading, ...],
) -> Iterator[str]:
    yield from _one("courant_posts", "gauge", "Posts in the archive.", {"": posts})
    yield from _one("courant_stories", "gauge", "Stories.", {"": stories})
    yield from _one("courant_digests", "gauge", "Digests made.", {"": outbox["digests"]})
    yield from _one("courant_readers", "gauge", "Readers.", {f'{{state="{key}"}}': n for key, n in readers.items()})
    parts = {key.removeprefix("parts_"): number for key, number in outbox.items() if key.startswith("parts_")}
    yield from _one("courant_parts", "gauge", "Messages.", {f'{{state="{key}"}}': n for key, n in parts.items()})
    yield from _one("courant_channels", "gauge", "Channels followed.", {"": len(readings)})
    failing = sum(reading.failures > 0 for reading in readings)
    yield from _one("courant_channels_failing", "gauge", "Channels that could not be read.", {"": failing})


def _reading(readings: tuple[Reading, ...], now: datetime) -> Iterator[str]:
    late = [reading.late(now).total_seconds() for reading in readings if not reading.failures]
    yield from _one(
        "courant_reading_late_seconds",
        "gauge",
        "By how much the channel that waits longest is late to be read.",
        {"": round(max(late, default=0.0))},
    )
    number = sum(each > LATE for each in late)
    yield from _one("courant_channels_late", "gauge", "Channels late by more than a minute.", {"": number})


def _troubles(source: str, words: str, troubles: Mapping[str, int]) -> Iterator[str]:
    causes = {f'{{cause="{_label(cause)}"}}': count for cause, count in sorted(troubles.items())}
    yield from _one(f"courant_{source}_troubles_total", "counter", words, causes)


def _label(words: str) -> str:
    # cut before it is escaped: half of an escape would take in the closing quotation mark, and spoil the whole page
    return words[:100].replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _one(name: str, kind: str, words: str, values: Mapping[str, int]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"
