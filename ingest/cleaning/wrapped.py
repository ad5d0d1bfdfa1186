"""Links that carry in themselves the address they lead to: "you are leaving us" pages, AMP caches, instant views. Pure.

What has to be asked for (bit.ly, t.co, clck.ru) is followed as a redirect when the page is fetched.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

_DEEPEST: Final = 3  # wrappers in wrappers

# host, path, and the parameters of which the first that is there holds the address
_WRAPPERS: Final = tuple(
    (re.compile(host), re.compile(path), names)
    for host, path, names in (
        (r"(?:\w+\.)?vk\.(?:com|ru)", r"/away(?:\.php)?", ("to",)),
        (r"(?:l|lm|www)\.(?:facebook|instagram)\.com", r"/(?:l\.php)?", ("u",)),
        (r"(?:www\.)?google\.[a-z.]{2,6}", r"/url", ("url", "q")),
        (r"(?:www\.)?youtube\.com", r"/redirect", ("q",)),
        (r"(?:t\.me|telegram\.me|telegram\.dog)", r"/iv", ("url",)),
        (r"(?:www\.)?ok\.ru", r"/dk", ("st.link",)),
        (r"out\.reddit\.com", r".*", ("url",)),
        (r"t\.umblr\.com", r"/redirect", ("z",)),
        (r"(?:www\.)?linkedin\.com", r"/(?:safety/go|redir/redirect)/?", ("url",)),
        (r"steamcommunity\.com", r"/linkfilter/?", ("u", "url")),
        (r"(?:[\w-]+\.)?safelinks\.protection\.outlook\.com", r"/?", ("url",)),
        (r"slack-redir\.net", r"/link", ("url",)),
        (r"translate\.google\.[a-z.]{2,6}", r"/translate", ("u",)),
    )
)
_AMP_VIEWER = re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?([^/?#]+\..+)", re.IGNORECASE)
_AMP_CACHE = re.compile(
    r"https?://[a-z0-9-]+\.(?:cdn\.ampproject\.org|bing-amp\.com)/[a-z]{1,3}/(s/)?([^/?#]+\..+)", re.IGNORECASE
)


def unwrapped(url: str) -> str:
    """The address that a link carries, or the link itself; whether it is one that may be fetched is not asked."""
    for _ in range(_DEEPEST):
        inner = _carried(url)
        if inner is None:
            break
        url = inner
    return url


def _carried(url: str) -> str | None:
    for amp in (_AMP_VIEWER, _AMP_CACHE):
        if match := amp.fullmatch(url):
            return f"http{'s' if match[1] else ''}://{match[2]}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        query = next(
            (names for at, path, names in _WRAPPERS if at.fullmatch(host) and path.fullmatch(parts.path)), None
        )
        found = dict(parse_qsl(parts.query, max_num_fields=50)) if query else {}
    except ValueError:
        return None
    inner = next((found[name] for name in query or () if name in found), "")
    return inner if inner.startswith(("http://", "https://")) else None
