"""Pure: which links of a post lead to pages worth reading."""

import re
from urllib.parse import urlsplit

from core.model import NewPost
from ingest.cleaning.wrapped import unwrapped
from ingest.urls import canonical

MOST = 3  # pages read for one post; one with more links is a round-up
# What is written at telegra.ph is an article like any other.
_TELEGRAM = re.compile(r"(?:^|\.)(?:t\.me|telegram\.(?:me|dog|org))$")
# where a link leads to a player, a feed or a file and not to an article
_NO_ARTICLES = re.compile(
    r"(?:^|\.)(?:youtube\.com|youtu\.be|instagram\.com|facebook\.com|twitter\.com|x\.com|vk\.com|vkvideo\.ru|ok\.ru|tiktok\.com"
    r"|rutube\.ru|dzen\.ru|max\.ru|zen\.yandex\.ru|music\.yandex\.ru|spotify\.com|apple\.com|play\.google\.com|maps\.google\.com"
    r"|goo\.gl|forms\.gle|discord\.gg|boosty\.to|patreon\.com|wa\.me)$"
)
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|webm|mov|avi|pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|exe|apk|dmg|torrent)$",
    re.IGNORECASE,
)


def article_links(post: NewPost, body: str) -> tuple[str, ...]:
    """Canonical addresses of the pages that the post tells of, at most three; links of the signature are none of them.

    `body` is the post's text without its signature.
    """
    told = [link.url for link in post.links if _stands_in(link.label or link.url, body)]
    if post.preview:
        shown = {canonical(link.url) for link in post.links if _stands_in(link.label or link.url, post.text)}
        page = canonical(post.preview.url)
        # Telegram draws cards for a signature's links, too; a link that shows nowhere is there for its card alone.
        if page not in shown or page in map(canonical, told):
            told = [post.preview.url, *told]
    found = dict.fromkeys(url for address in told if (url := _page(address)))
    return tuple(found)[:MOST]


def _stands_in(words: str, body: str) -> bool:
    """Whether a link is part of the body: by its label, or by the beginning of a bare address."""
    plain = words.partition("://")[2] or words
    plain = plain.partition("?")[0].rstrip("/")[:80]
    return bool(plain) and plain in body


def _page(address: str) -> str | None:
    url = canonical(unwrapped(address))
    if not url:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _TELEGRAM.search(host) or _NO_ARTICLES.search(host) or _FILES.search(parts.path) or parts.path in {"", "/"}:
        return None
    return url
