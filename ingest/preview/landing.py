"""The landing page of a name, `t.me/<name>` -> what the name is. Pure.

This is also where `t.me/s/<name>` ends up for a channel without a preview, a group, a bot, a person, and a name that
nobody has. The format was read off saved pages of 2023.
"""

import re
from typing import Final

from lxml import etree

from core.model import Place, PlaceKind
from ingest.markup import marked, parse_page, read_count, words

_PARTS = etree.XPath("//div[@class='tgme_page']//*[@class]")
_PAGE_NAME = re.compile(r"@([A-Za-z][A-Za-z0-9_]{0,63})\s*$")
_DOMAIN = re.compile(r"^tg:(?://)?resolve\?(?:.*&)?domain=([A-Za-z0-9_]{1,64})")
_INVITE = re.compile(r"^tg:(?://)?join\?(?:.*&)?invite=([A-Za-z0-9_-]{1,64})")
_OLD_BOTS: Final = frozenset("@botfather @gif @vid @pic @bing @wiki @imdb @bold @like @vote @sticker".split())
_BY_ACTION: Final = {
    "join channel": PlaceKind.CHANNEL,
    "join group": PlaceKind.GROUP,
    "start bot": PlaceKind.BOT,
}


def read_landing(page: bytes | str, what: str = "page") -> Place:
    """Read a landing page; `what` names it in errors. The place is named by its public name, or `+<hash>` for an
    invite; by nothing where the page does not say.

    A page that shows no title is of a name that nobody has, or that is hidden: PlaceKind.MISSING. A page that is no
    landing page at all is PlaceKind.UNKNOWN. Raises BadInput as `ingest.markup.parse_page` does.
    """
    root = parse_page(page, what, whole=True)
    parts: dict[str, etree._Element] = {}
    for node in [] if root is None else _PARTS(root):
        for word in node.get("class").split():
            parts.setdefault(word, node)
    if root is None or not parts:
        return Place(name="", kind=PlaceKind.UNKNOWN)
    title, extra, action = (_words(parts, f"tgme_page_{part}") for part in ("title", "extra", "action"))
    description, link = parts.get("tgme_page_description"), parts.get("tgme_action_button_new")
    has_preview = "tgme_page_context_link" in parts
    counted = _counted(extra or "")
    return Place(
        name=_name("" if link is None else link.get("href") or "", root.findtext(".//title") or ""),
        kind=_kind(title, extra or "", (action or "").lower(), counted, has_preview=has_preview),
        title=title,
        description=None if description is None else marked(description).text or None,
        members=read_count(extra) if counted else None,
        has_preview=has_preview,
    )


def _words(parts: dict[str, etree._Element], word: str) -> str | None:
    node = parts.get(word)
    return None if node is None else words(node)


def _name(href: str, page_title: str) -> str:
    if match := _INVITE.match(href):
        return f"+{match.group(1)}"
    match = _DOMAIN.match(href) or _PAGE_NAME.search(page_title)
    return match.group(1) if match else ""


def _counted(extra: str) -> str | None:
    if not any(letter.isdigit() for letter in extra):
        return None
    return next((word for word in ("subscriber", "member", "monthly user") if word in extra), None)


def _kind(title: str | None, extra: str, action: str, counted: str | None, *, has_preview: bool) -> PlaceKind:
    """By what is counted, else by the button, else by the handle, which a bot's must end in "bot"."""
    if title is None:
        return PlaceKind.MISSING
    if has_preview or "subscriber" in extra:
        return PlaceKind.CHANNEL
    if counted:
        return PlaceKind.GROUP if counted == "member" else PlaceKind.BOT
    if action in _BY_ACTION:
        return _BY_ACTION[action]
    if extra.startswith("@"):
        return PlaceKind.BOT if extra.lower().endswith("bot") or extra.lower() in _OLD_BOTS else PlaceKind.PERSON
    return PlaceKind.UNKNOWN
