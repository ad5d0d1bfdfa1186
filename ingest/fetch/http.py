"""The one client through which anything is fetched over HTTP; the only file of ingest that knows aiohttp.

Every hop is checked twice: the address by `Guard.url`, and, in the resolver that aiohttp connects by, the numbers that
its name stands for at that very moment, so a name that changes its answer between check and use gains nothing.
"""

import asyncio
import socket
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.clock import Monotonic, Sleep
from core.errors import AddressRefused, FetchError, HostResting
from ingest.fetch.guard import Guard, shown
from ingest.fetch.magic import LOOKED_AT, file_kind
from ingest.fetch.turns import Turns
from ingest.fetch.unpacking import Unpacker

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 421, 425, 429})
_DEFAULT_REST = 60.0

Admit = Callable[[URL], Awaitable[float]]  # raises FetchError, or gives the spacing that a site asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost. `size` counts bytes after unpacking, the times are seconds for one hop. `types` None
    takes any file; `cut` takes the first `size` bytes of a larger one."""

    size: int = 3_000_000
    total: float = 20.0
    connect: float = 6.0
    redirects: int = 5
    spacing: float = 1.0
    types: frozenset[str] | None = HTML_TYPES
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: `url` after redirects, `status` 200 or 304, `headers` with lower-case names."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


class _PrivateAnswer(OSError):
    """A name resolved, but only into private networks."""


class _GuardedResolver(AbstractResolver):
    """Passes on only those answers of `inner` that may be connected to."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard, self._inner = guard, inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answers = await self._inner.resolve(host, port, family)
        fit = [answer for answer in answers if self._guard.reachable(host, port, answer["host"])]
        if answers and not fit:
            raise _PrivateAnswer(f"{host} leads into a private network")
        return fit

    async def close(self) -> None:
        await self._inner.close()


class _NameThreads(AbstractResolver):
    """Looks names up in threads of its own: those of strangers may take half a minute each, and whatever else of the
    process waits for a thread is not to wait behind them."""

    def __init__(self, most: int) -> None:
        self._threads = ThreadPoolExecutor(most, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        ask = partial(
            socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        is_number = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=each, proto=protocol, flags=is_number)
            for each, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Http:
    """Fetches addresses politely and within limits. Made by `open_http`."""

    def __init__(self, session: aiohttp.ClientSession, guard: Guard, turns: Turns, at_once: int) -> None:
        self._session, self._guard, self._turns = session, guard, turns
        self._places = asyncio.Semaphore(at_once)

    async def get(
        self, address: str, limits: Limits, headers: Mapping[str, str] | None = None, admit: Admit | None = None
    ) -> Reply:
        """Fetch a page, following redirects by hand; 304 comes back only to a conditional request. `admit` is asked
        before each hop, once the guard has let it pass.

        Raises `AddressRefused` for what must not be fetched, `HostResting` while the host asks to wait, and
        `FetchError` for all else, with `passing` true where trying later makes sense.
        """
        seen: set[str] = set()
        target = address
        for _ in range(limits.redirects + 1):
            url = self._guard.url(target)
            if str(url) in seen:
                raise FetchError(shown(address), "redirects in a circle")
            seen.add(str(url))
            spacing = limits.spacing if admit is None else max(limits.spacing, await admit(url))
            reply = await self._hop(url, limits, headers or {}, spacing)
            if isinstance(reply, Reply):
                return reply
            target = reply
        raise FetchError(shown(address), f"redirects more than {limits.redirects} times")

    async def _hop(self, url: URL, limits: Limits, headers: Mapping[str, str], spacing: float) -> Reply | str:
        """One request: a reply, or the address that it redirects to."""
        host = url.raw_host or ""
        async with self._turns.take(host, spacing):
            if seconds := self._turns.resting(host):
                raise HostResting(shown(str(url)), seconds)
            async with self._places:
                with _errors_of_aiohttp(str(url)):
                    return await self._ask(url, limits, headers)

    async def _ask(self, url: URL, limits: Limits, headers: Mapping[str, str]) -> Reply | str:
        timeout = aiohttp.ClientTimeout(total=limits.total, connect=limits.connect, ceil_threshold=limits.total + 1)
        async with self._session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response:
            status = response.status
            if status in _REDIRECTS and (location := response.headers.get("Location")):
                return _joined(url, location)
            if status in (429, 503):
                seconds = retry_after(response.headers) or (_DEFAULT_REST if status == 429 else 0.0)
                if seconds:
                    self._turns.rest(url.raw_host or "", seconds)
                    raise HostResting(shown(str(url)), seconds)
            if status == 304 and headers:
                return Reply(url=str(url), status=304, headers=_lower(response.headers))
            if status != 200:
                raise FetchError(shown(str(url)), _status_words(status), passing=status >= 500 or status in _PASSING)
            _check_type(url, response, limits)
            body = await _read(url, response, limits)
            return Reply(url=str(url), status=200, headers=_lower(response.headers), body=body)


@asynccontextmanager
async def open_http(
    *,
    agent: str,
    guard: Guard,
    at_once: int = 8,
    resolver: AbstractResolver | None = None,
    sleep: Sleep = asyncio.sleep,
    monotonic: Monotonic = time.monotonic,
) -> AsyncIterator[Http]:
    """A client, closed at the end: no cookies, no proxy from the environment, `at_once` requests under way at most."""
    connector = aiohttp.TCPConnector(
        resolver=_GuardedResolver(guard, resolver or _NameThreads(at_once)), limit=at_once, ttl_dns_cache=30
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,  # unpacked here, with an eye on the size
        headers={
            "User-Agent": agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
        },
    )
    async with session:
        yield Http(session, guard, Turns(sleep=sleep, monotonic=monotonic), at_once)


def user_agent(version: str, contact: str = "") -> str:
    """The plain name we go by, with the operator's contact (an address or a mail) where one is set."""
    printable = "".join(c for c in contact if c.isascii() and c.isprintable())[:200].strip()
    return f"Courant/{version} (+{printable})" if printable else f"Courant/{version}"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a `Retry-After` header asks for, given as a number or as a date; None without a usable one."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return max(1.0, float(value[:6]))
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("Date", ""))
        return max(1.0, wait.total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


async def _read(url: URL, response: aiohttp.ClientResponse, limits: Limits) -> bytes:
    address, size = shown(str(url)), limits.size
    coding = response.headers.get("Content-Encoding", "").strip().lower() or "identity"
    coding = {"x-gzip": "gzip", "none": "identity", "utf-8": "identity"}.get(coding, coding)
    if coding not in ("identity", "gzip", "deflate"):
        raise FetchError(address, f"is packed in a way we did not ask for ({coding[:40]!r})")
    if (response.content_length or 0) > size and not limits.cut:
        raise FetchError(address, f"is larger than {size:,} bytes")
    unpacker = Unpacker(address, size, coding, limits.cut)
    packed, judged = 0, limits.types is None
    async for chunk in response.content.iter_any():
        packed += len(chunk)
        if packed > size and not limits.cut:
            raise FetchError(address, f"is larger than {size:,} bytes")
        unpacker.feed(chunk)
        if not judged:  # before the rest of a film has come down
            _check_beginning(address, bytes(unpacker.out[:LOOKED_AT]))
            judged = len(unpacker.out) >= LOOKED_AT
        if limits.cut and (len(unpacker.out) >= size or packed > size):
            return bytes(unpacker.out[:size])
    return unpacker.finish()


def _check_type(url: URL, response: aiohttp.ClientResponse, limits: Limits) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if limits.types is not None and kind and kind not in limits.types:
        raise FetchError(shown(str(url)), f"is no web page but {kind[:60]!r}")


def _check_beginning(address: str, start: bytes) -> None:
    if kind := file_kind(start):
        raise FetchError(address, f"is no web page but {kind}, whatever its server says")


def _joined(url: URL, location: str) -> str:
    """Where a redirect leads; blanks, which browsers forgive there, are escaped."""
    try:
        return str(url.join(URL(location.strip().replace(" ", "%20"))).with_fragment(None))
    except ValueError as error:
        raise AddressRefused(shown(str(url)), "redirects to what is not a web address") from error


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _status_words(status: int) -> str:
    try:
        return f"answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"answered {status}"


@contextmanager
def _errors_of_aiohttp(url: str) -> Iterator[None]:
    """Turn what aiohttp raises into what we raise."""
    try:
        yield
    except (aiohttp.ClientError, zlib.error, UnicodeError, OSError) as error:  # TimeoutError is an OSError
        raise ours_for(shown(url), error) from error


_REASONS: tuple[tuple[type[BaseException], str, bool], ...] = (
    (aiohttp.NonHttpUrlClientError, "is not a web address", False),
    (aiohttp.RedirectClientError, "redirects to what is not a web address", False),
    (aiohttp.InvalidURL, "is not a web address", False),
    (aiohttp.ClientConnectorDNSError, "has a host name that does not resolve", True),
    (aiohttp.ClientSSLError, "offers no connection that can be trusted", True),
    (aiohttp.ServerFingerprintMismatch, "offers no connection that can be trusted", True),
    (aiohttp.ConnectionTimeoutError, "could not be connected to in time", True),
    (TimeoutError, "did not answer in time", True),
    (aiohttp.ClientPayloadError, "ended before its end", True),
    (aiohttp.ClientConnectorError, "could not be connected to", True),
    (aiohttp.ClientConnectionError, "broke the connection", True),
    (aiohttp.ClientResponseError, "does not answer as a web server does", True),
    (zlib.error, "is packed in a broken way", True),
    (UnicodeError, "is not a web address", False),
    (OSError, "could not be connected to", True),
)


def ours_for(url: str, error: BaseException) -> FetchError:
    """Our error for one of aiohttp's, zlib's or the socket's."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, _PrivateAnswer):
        return AddressRefused(url, "has a name that leads into a private network")
    for kind, reason, passing in _REASONS:
        if isinstance(error, kind):
            return FetchError(url, reason, passing=passing)
    return FetchError(url, "could not be fetched", passing=True)
