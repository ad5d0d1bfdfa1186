"""Pure: words and addresses of others, fit for a line and for HTML."""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit

from digest.text.tidy import INVISIBLE

LONGEST_NAME = 64  # characters of a channel's or list's title
_REMEMBERED = 4096  # texts and addresses: digests of one hour have most of them in common
_SAFE_LINK = re.compile(r"https?://[^\s<>\"'\\]{3,2000}")
# The slash of one, whose place a sign takes that looks the same; what is not seen in it may go later.
_COMMAND = re.compile(rf"(?<![\w/])/(?=(?:{INVISIBLE.pattern})*(?:\w|\Z))")
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """One line of at most `longest` characters, without signs that cannot be seen or that turn the line around."""
    line = " ".join(INVISIBLE.sub(" ", text[: longest * 4]).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


@lru_cache(_REMEMBERED)
def html(text: str) -> str:
    """The text as HTML, fit for an attribute as well; nothing unseen in it."""
    return escape(INVISIBLE.sub("", text), quote=True)


def others(text: str) -> str:
    """Words of others as HTML."""
    return html(without_commands(text))


def without_commands(text: str) -> str:
    """Words of others in which nothing is what Telegram would take for a command, which a tap sends to the bot."""
    return _COMMAND.sub("\u2215", text)


def link(url: str, label: str) -> str:
    """A link in HTML; the label alone where the address is not one of the web."""
    opening = _opening(url)
    return f"{opening}{html(label)}</a>" if opening else html(label)


@lru_cache(_REMEMBERED)
def _opening(url: str) -> str:
    return f'<a href="{escape(url, quote=True)}">' if _is_safe(url) else ""


def _is_safe(url: str) -> bool:
    """Whether the address is http(s) with a host."""
    if not _SAFE_LINK.fullmatch(url):
        return False
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def visible(markup: str) -> str:
    """What Telegram shows of its HTML."""
    return unescape(_TAG.sub("", markup))


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
