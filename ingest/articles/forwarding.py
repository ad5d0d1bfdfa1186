"""Pages that only send their reader on, as link shorteners and "you are leaving us" pages do. Pure."""

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin

from ingest.markup import read_html

MAX_FORWARDING: Final = 20_000  # bytes; a page that only sends on is small
_SAID: Final = 300  # characters: a page that shows more is a page
_LATEST: Final = 10  # seconds; a page that turns over later is to be read first

_META = re.compile(r"<meta\b[^<>]{1,3000}>", re.IGNORECASE)
_IS_REFRESH = re.compile(r"http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh\b", re.IGNORECASE)
_CONTENT = re.compile(r"content\s{0,9}=\s{0,9}(?:\"([^\"]{0,2500})\"|'([^']{0,2500})'|([^\s>]{1,2500}))", re.IGNORECASE)
_REFRESH = re.compile(r"\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"']+)", re.IGNORECASE)
_SCRIPTED = re.compile(
    r"\blocation(?:\.href)?\s{0,9}=\s{0,9}[\"'](https?:[^\"'\s]{4,2048})[\"']"
    r"|\blocation\.(?:replace|assign)\(\s{0,9}[\"'](https?:[^\"'\s]{4,2048})[\"']",
    re.IGNORECASE,
)


def forwards_to(html: bytes, url: str) -> str | None:
    """The address that a page at `url` sends its reader on to: by a meta refresh, or by a script that does nothing
    else. None for a page that shows something of its own."""
    if len(html) > MAX_FORWARDING:
        return None
    source = html.decode("utf-8", "replace")
    target = _refreshed(source) or _scripted(source)
    if target is None or len(" ".join(read_html(source).text.split())) > _SAID:
        return None
    try:
        target = urljoin(url, target)
    except ValueError:
        return None
    plain = target.partition("#")[0]
    return plain if plain.startswith(("http://", "https://")) and plain != url.partition("#")[0] else None


def _refreshed(source: str) -> str | None:
    for tag in _META.findall(source):
        if _IS_REFRESH.search(tag) and (content := _CONTENT.search(tag)):
            match = _REFRESH.match(unescape(next(filter(None, content.groups()), "")))
            if match and int(match[1]) <= _LATEST:
                return match[2].strip()
    return None


def _scripted(source: str) -> str | None:
    match = _SCRIPTED.search(source.replace("\\/", "/"))
    return unescape(match[1] or match[2]).replace("\\u0026", "&") if match else None
