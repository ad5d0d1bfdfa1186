"""Addresses: which may become a link, one form for identity, and no tracking parameters.

courlan (which trafilatura brings) was looked at and not taken: it drops parameters that name a page ("source",
"session", "uid", "eid"), sorts and re-encodes the rest, and knows neither `ysclid` nor `_openstat`.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit, urlunsplit

LONGEST_URL = 2048  # what browsers and Telegram take; a longer one is no address that anybody can open

_LINKABLE = re.compile(r"(?i:https?|tg|ton|mailto|tel):[^\s\x00-\x1f\x7f]+\Z")
_RELATIVE = re.compile(r"[?#]|/(?!/)")  # of a preview page, a hashtag is `?q=%23storm`
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_URL = re.compile(r"(?i)\bhttps?://[^\s<>\"«»“”\x00-\x1f]+")
_SENTENCE_END = ".,;:!?…'’*_~|"
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|hsa|vero|oly)_.+|at_(?:campaign|medium|link_.+|format|ptr_name|custom\d|bbc_team)|ns_.+"
    r"|(?:fb|g|y|ys|d|gc|tt|tw|ms?|yand|rb_)cl(?:k?id)|fb(?:_source|_ref)|g(?:brai|clsr|_?campaignid)d?|wbraid"
    r"|_?openstat|_ga|_gl|mc_[ce]id|mkt_tok|igsh(?:id)?|ref_(?:src|url)|s_cid|_hsenc|_hsmi|ocid|xtor|cmpid|smid"
    r"|telegram_habr|tg_rhash|guce_referr?er(?:_sig)?|__twitter_impression|spm|_branch_match_id",
    re.IGNORECASE,
)


def linkable(url: str) -> str | None:
    """`url` as a link may carry it: with a scheme (Telegram shows `bbc.in/x` as a link too), short enough, and of a
    scheme that only opens something; None for `javascript:` and the like, and for what is relative to a page."""
    url = url.strip()
    if url.startswith(("https://", "http://")):  # nearly all
        return url if len(url) <= LONGEST_URL and _LINKABLE.match(url) else None
    if not url or len(url) > LONGEST_URL or _RELATIVE.match(url):
        return None
    if not _SCHEME.match(url) or re.match(r"[^/:]+\.[^/:]+:\d", url):
        url = f"http://{url.removeprefix('//')}"
    return url if _LINKABLE.match(url) else None


def find_urls(text: str) -> Iterator[tuple[int, int]]:
    """Where the bare http(s) addresses of a text begin and end; the full stop after one does not belong to it."""
    for match in _URL.finditer(text):
        start, end = match.span()
        url = match.group().rstrip(_SENTENCE_END)
        opened = url.count("(")
        while url.endswith(")") and url.count(")", -LONGEST_URL) > opened:
            url = url[:-1].rstrip(_SENTENCE_END)
            if end - start - len(url) > 16:  # a wall of brackets, not a sentence in brackets
                break
        if len(url) <= LONGEST_URL:
            yield start, start + len(url)


def strip_tracking(url: str) -> str:
    """`url` without parameters that only tell where a reader came from; the rest to the letter."""
    head, mark, query = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = query.partition("#")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0])]
    if len(kept) == len(pairs):
        return url
    return head + ("?" + "&".join(kept) if kept else "") + hash_mark + fragment


def strip_tracking_in(text: str) -> str:
    """`text` with `strip_tracking` done to each bare address in it."""
    if "?" not in text or "://" not in text:
        return text
    parts: list[str] = []
    done = 0
    for start, end in find_urls(text):
        parts += text[done:start], strip_tracking(text[start:end])
        done = end
    return "".join(parts) + text[done:] if parts else text


def canonical(url: str) -> str | None:
    """One form for all spellings of an http(s) address, to tell whether two links lead to the same page; None where
    it is no such address. Scheme and host in lower case (IDNA), no default port, no fragment, no tracking
    parameters, letters outside ASCII percent-encoded; `www.`, AMP and mobile forms stay, they may differ."""
    if len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(strip_tracking(url.strip()))
        host, port = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host:
            return None
        if not host.isascii():
            host = host.encode("idna").decode("ascii")  # which drops soft hyphens and the like
        # wrapped it may hold any sign, escaped (PostgreSQL takes no NUL), and IDNA makes wide brackets plain ones
        if not host.isprintable() or "[" in host or "]" in host:
            return None
    except ValueError:  # a broken port, IPv6 address or IDNA label
        return None
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    if port is not None and port != (80 if parts.scheme == "http" else 443):
        host = f"{host}:{port}"
    user = _encoded(parts.netloc.rpartition("@")[0])
    found = urlunsplit((
        parts.scheme,
        f"{user}@{host}" if user else host,
        _encoded(parts.path) or "/",
        _encoded(parts.query),
        "",
    ))  # fmt: skip
    return found if len(found) <= LONGEST_URL else None  # a letter takes nine signs, and PostgreSQL indexes no more


def _encoded(part: str) -> str:
    return quote(part, safe="/%:@!$&'()*+,;=~?|[]", errors="replace")
