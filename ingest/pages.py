"""Fetch a linked page, and find the address that it goes by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from core.errors import FetchError
from ingest.guard import shown
from ingest.http import Http, Limits
from ingest.urls import canonical

_TAG = re.compile(rb"<(?:link|meta)\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-zA-Z:-]{2,12})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LOOKED_AT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page: `url` after redirects, `canonical` the one address for all its spellings."""

    url: str
    canonical: str
    html: bytes = field(repr=False)
    content_type: str = ""


async def fetch_page(http: Http, url: str, limits: Limits | None = None) -> Page:
    """The page that a link leads to. Raises `FetchError` (`AddressRefused`, `HostResting`) with the reason."""
    reply = await http.get(url, limits or Limits())
    if not reply.body.strip():
        raise FetchError(shown(url), "is empty")
    if b"\0" in reply.body[:1024] and not reply.body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FetchError(shown(url), "is no web page but a binary file")
    return Page(
        url=reply.url,
        canonical=canonical_of(reply.body, reply.url),
        html=reply.body,
        content_type=reply.content_type,
    )


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
        if address and _same_site(address, own) and _sane(address, own):
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


def _same_site(one: str, other: str) -> bool:
    return _site(one) == _site(other)


def _site(url: str) -> str:
    """The host without what only names a look of the same site."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host.removeprefix("m.").removeprefix("amp.").removeprefix("mobile.")


def _sane(address: str, own: str) -> bool:
    parts, mine = urlsplit(address), urlsplit(own)
    if parts.username is not None or parts.port != mine.port:
        return False
    return parts.path.strip("/") != "" or mine.path.strip("/") == ""
