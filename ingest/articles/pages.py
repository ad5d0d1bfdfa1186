"""Fetch a linked page, and find the address that it goes by."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from core.errors import FetchError
from core.model import NO_VERSION, PageVersion
from ingest.articles.charset import is_two_byte
from ingest.articles.forwarding import forwards_to
from ingest.fetch.guard import shown
from ingest.fetch.http import Admit, Http, Limits, Reply
from ingest.urls import canonical

_TAG = re.compile(rb"<(?:link|meta)\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-zA-Z:-]{2,12})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LOOKED_AT = 200_000
_LOOKS = re.compile(r"^(?:(?:www|m|amp|mobile|touch|wap|pda|lite)\.)+(?=[^.]+\.)")
_NOT_MODIFIED = 304
MOST_FORWARDS = 4  # addresses that pages without an own word may send us on to


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page; `canonical` is the one address for all its spellings."""

    canonical: str
    html: bytes = field(repr=False)
    content_type: str = ""
    version: PageVersion = NO_VERSION


async def fetch_page(http: Http, url: str, limits: Limits | None = None) -> Page:
    """The page that a link leads to, however it is led there.

    Raises `FetchError` (`AddressRefused`, `HostResting`) with the reason.
    """
    return _page(await _reply(http, url, limits or Limits(), {}, None))


async def fetch_changed(http: Http, url: str, known: PageVersion, admit: Admit | None = None) -> Page | None:
    """The same, or None where the page still is the version that is known. `admit` is asked before each request."""
    conditions = {"If-None-Match": known.tag, "If-Modified-Since": known.modified}
    headers = {name: value for name, value in conditions.items() if value}
    reply = await _reply(http, url, Limits(), headers, admit)
    return None if reply.status == _NOT_MODIFIED else _page(reply)


async def _reply(http: Http, url: str, limits: Limits, headers: Mapping[str, str], admit: Admit | None) -> Reply:
    reply = await http.get(url, limits, headers, admit)
    seen = {url, reply.url}
    while (target := forwards_to(reply.body, reply.url)) and target not in seen and len(seen) <= MOST_FORWARDS:
        reply = await http.get(target, limits, headers, admit)
        seen |= {target, reply.url}
    return reply


def _page(reply: Reply) -> Page:
    if not reply.body.strip():
        raise FetchError(shown(reply.url), "is empty")
    if b"\0" in reply.body[:1024] and not is_two_byte(reply.body):
        raise FetchError(shown(reply.url), "is no web page but a binary file")
    return Page(
        canonical=canonical_of(reply.body, reply.url),
        html=reply.body,
        content_type=reply.content_type,
        version=PageVersion(tag=_kept(reply, "etag"), modified=_kept(reply, "last-modified")),
    )


def _kept(reply: Reply, name: str) -> str | None:
    value = reply.headers.get(name, "")
    return value if 0 < len(value) <= 256 and value.isascii() and value.isprintable() else None


def canonical_of(html: bytes, url: str) -> str:
    """The address that a page gives itself (`link rel=canonical`, else `og:url`), or its own, cleaned.

    A page speaks for its own site only, and an address that leads to the front page, as careless templates have it,
    does not count.
    """
    own = canonical(url) or url
    for claimed in _claims(html[:_LOOKED_AT]):
        try:
            address = canonical(urljoin(url, claimed))
        except ValueError:
            continue
        if address and _site(address) == _site(own) and _sane(address, own):
            return address
    return own


def _claims(html: bytes) -> Iterator[str]:
    """What the page says of its address, the better word first."""
    link, graph = "", ""
    for tag in _TAG.finditer(html):
        found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag[0])}
        if found.get(b"rel", b"").lower() == b"canonical":
            link = link or _text(found.get(b"href", b""))
        elif found.get(b"property") == b"og:url":
            graph = graph or _text(found.get(b"content", b""))
    yield from filter(None, (link, graph))


def _text(value: bytes) -> str:
    return unescape(value[:2048].decode("utf-8", "replace")).strip()


def _site(url: str) -> str:
    """The host without what only names a look of the same site."""
    return _LOOKS.sub("", urlsplit(url).hostname or "")


def _sane(address: str, own: str) -> bool:
    parts, mine = urlsplit(address), urlsplit(own)
    if parts.username is not None or parts.port != mine.port:
        return False
    return parts.path.strip("/") != "" or mine.path.strip("/") == ""
