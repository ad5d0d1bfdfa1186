"""Loopback web servers and a made-up name service for the tests of what fetches over HTTP."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import Http, open_http

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class Clock:
    """Time that passes only by sleeping."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


class Names(AbstractResolver):
    """A name service: each question takes the next of a name's answers, the last one stays."""

    def __init__(self, **names: list[str]) -> None:
        self._names = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self._names:
            raise OSError(f"no such host: {host}")
        answers = self._names[host]
        here = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=number,
                port=port,
                family=socket.AF_INET6 if ":" in number else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for number in here.split(",")
        ]

    async def close(self) -> None:
        pass


@dataclass
class Site:
    """A server on loopback; `seen` keeps the requests' paths, `base` is its address by the name of `news.site`."""

    port: int
    seen: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://news.site:{self.port}"


@asynccontextmanager
async def site(answer: Answer) -> AsyncIterator[Site]:
    async def keep(request: web.BaseRequest) -> web.StreamResponse:
        it.seen.append(request.path_qs)
        it.headers.append(dict(request.headers))
        return await answer(request)

    server = web.Server(keep, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    at = web.TCPSite(runner, "127.0.0.1", 0)
    await at.start()
    it = Site(port=int(runner.addresses[0][1]))
    try:
        yield it
    finally:
        await runner.cleanup()


@asynccontextmanager
async def client(
    *sites: Site, clock: Clock | None = None, names: Names | None = None, allow: Iterable[str] = (), at_once: int = 8
) -> AsyncIterator[Http]:
    """A real client that may reach the sites as `news.site`, and nothing else of this machine."""
    clock = clock or Clock()
    opened = [*allow, *(f"news.site:{site.port}" for site in sites)]
    resolver = names or Names(news_site=["127.0.0.1"])
    async with open_http(
        agent="Courant/test",
        guard=Guard(parse_allow(opened)),
        resolver=resolver,
        at_once=at_once,
        sleep=clock.sleep,
        monotonic=clock,
    ) as http:
        yield http


def page(text: str = "<p>hello</p>", **headers: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers=headers)
