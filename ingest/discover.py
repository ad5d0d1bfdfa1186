"""The Telegram addresses in an article: text or HTML -> finds. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lxml import etree

from core.addresses import Address, Form, is_name, read_address
from core.errors import BadInput
from ingest.articles.charset import decode_page
from ingest.markup import MAX_PAGE, parse_page

MAX_FINDS: Final = 10_000
_CONTEXT: Final = 60  # characters before and after a find

# What may stand in an address after its host; `;` only as the end of `&amp;`.
_TAIL: Final = r"(?:&amp;|[^\s<>\"'`,;()\[\]{}|\\^«»“”„…])"
_LINK = re.compile(
    r"(?<![A-Za-z0-9@.\-/])"
    r"(?:(?:https?(?::|%3A)(?:/|%2F){2}|//)?(?:[a-z0-9_-]{1,40}\.)?(?:t\.me|telegram\.(?:me|dog))(?::\d{2,3})?"
    rf"(?![\w@-]|\.[a-z0-9])(?:(?:[/?#]|%2F){_TAIL}{{0,1000}})?"
    rf"|tg:(?://)?[a-z_]{{1,30}}/?\?{_TAIL}{{1,1000}})",
    re.IGNORECASE | re.ASCII,
)
_TRAILING: Final = ".:!?*_~&"
_ENCODED_START = re.compile(r"(?i)https?%3A|https?:%2F|[a-z0-9_.-]{1,80}%2F")
_DEEPEST_SHARE: Final = 3

_MENTION = re.compile(r"(?<![\w.@/+:=-])@([A-Za-z][A-Za-z0-9_]{3,40})(?![\w@]|[.-]\w)")
# Where a handle lives is said by the nearest of these words: right after it, or else before it in the same line.
_NETWORK = re.compile(
    r"(?<![\w@])(?:(?P<telegram>telegram|телеграм[а-яё]{0,9}|tg|тг)|twitter|твиттер[а-яё]{0,2}|x\.com|x(?=\s*:)|instagram|"
    r"инстаграм[а-яё]{0,3}|facebook|фейсбук[а-яё]{0,2}|tiktok|тикток[а-яё]{0,2}|youtube|ютуб[а-яё]{0,2}|vk|вк|вконтакте|"
    r"threads|mastodon|bluesky|linkedin|github|discord|whatsapp|viber|skype|e-?mail|почт[а-яё]{0,2}|wechat|weibo|reddit|"
    r"snapchat)(?:['’]s)?(?!\w)",
    re.IGNORECASE,
)
_BEFORE: Final = 80
_AFTER = re.compile(r"\s*[(\[—–-]\s*|\s+(?:is |)(?:on|in|в|на)\s+(?:our |нашем? |the )?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|meta|script|a|p|div|span|br|ul|ol|li|h[1-6]|img|article|section|main|table|tr|td|"
    r"b|i|u|em|strong|blockquote|pre|link)\b",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
_INLINE: Final = frozenset("a b i u s em strong span font mark code small sub sup abbr wbr time".split())
_MUTE_ATTRIBUTES: Final = frozenset({"class", "id", "style", "d", "srcset", "integrity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """An address found. `url` is its one spelling, `name` the public name where it has one (`c/<number>` of a private
    channel), `post` the message id of a post, `context` the words around it, on one line."""

    form: Form
    url: str
    name: str | None = None
    post: int | None = None
    context: str = ""


def discover(source: str | bytes, what: str = "text") -> tuple[Find, ...]:
    """All Telegram addresses of a text or an HTML page, in their order, each once.

    They are looked for in the visible text, in attributes (but for event handlers), `<meta>` and JSON-LD, and within
    what share links pass on. A handle (`@name`) counts only where Telegram is named beside it. At most MAX_FINDS.
    `what` names the source in errors. Raises BadInput for what is binary, over 16 MB, or nested too deeply.
    """
    text = _decoded(source, what)
    marks: list[tuple[int, str]] = []
    if _MARKUP.search(text):
        text, marks = _flattened(text, what)
    found = [*_addresses(text)]
    found += [(at, address) for at, value in marks for _, address in _addresses(value)]
    found += _mentions(text)
    finds: dict[str, Find] = {}
    for at, address in sorted(found, key=lambda pair: pair[0]):
        key = address.url.lower() if address.name else address.url  # letter case tells invites apart, not names
        if key not in finds and len(finds) < MAX_FINDS:
            context = _context(text, at)
            finds[key] = Find(form=address.form, url=address.url, name=address.name, post=address.post, context=context)
    return tuple(finds.values())


def channel_names(finds: Iterable[Find]) -> tuple[str, ...]:
    """The names among finds that may be public channels, each once: not bots, invites, private channels."""
    names: dict[str, str] = {}
    for find in finds:
        if find.name and find.form in {Form.NAME, Form.POST, Form.MENTION, Form.BOOST}:
            names.setdefault(find.name.lower(), find.name)
    return tuple(names.values())


def _decoded(source: str | bytes, what: str) -> str:
    if len(source) > MAX_PAGE:
        raise BadInput(what, f"{len(source) / 1024 / 1024:.0f} MB are more than can be read ({MAX_PAGE >> 20} MB)")
    if isinstance(source, str):
        return source.replace("\0", "")
    if b"\0" in source and not source.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(what, "this is a binary file, not a text or a web page")
    return decode_page(source)


def _flattened(source: str, what: str) -> tuple[str, list[tuple[int, str]]]:
    """The text of a page, and each attribute or script that may hold an address with its place in that text."""
    root = parse_page(source, what)
    pieces: list[str] = []
    marks: list[tuple[int, str]] = []
    size = 0
    for event, node in () if root is None else etree.iterwalk(root, events=("start", "end")):
        edge = "" if node.tag in _INLINE else "\n"
        if event == "start":
            marks += [(size, value) for value in _telling(node)]
            text = "" if node.tag in {"script", "style", "template"} else node.text or ""
        else:
            text = node.tail or ""
        piece = edge + _BLANKS.sub(" ", text)
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces), marks


def _telling(node: etree._Element) -> Iterator[str]:
    for name, value in node.items():
        if not name.startswith("on") and name not in _MUTE_ATTRIBUTES and _may_hold(value):
            yield value
    if node.tag == "script" and "json" in (node.get("type") or "") and node.text and _may_hold(node.text):
        yield node.text.replace("\\/", "/")


def _may_hold(text: str) -> bool:
    text = text.lower()
    return "t.me" in text or "telegram." in text or "tg:" in text


def _addresses(text: str, depth: int = 0) -> Iterator[tuple[int, Address]]:
    """(place, address) of each link in a text, and of each in what a share link passes on."""
    if not _may_hold(text):
        return
    for match in _LINK.finditer(text):
        token = match.group().rstrip(_TRAILING)
        address = read_address(unquote(token) if _ENCODED_START.match(token) else token)
        if address is None:
            continue
        yield match.start(), address
        if address.shared and depth < _DEEPEST_SHARE:
            for _, shared in _addresses(address.shared, depth + 1):
                yield match.start(), shared


def _mentions(text: str) -> Iterator[tuple[int, Address]]:
    """(place, address) of each handle that stands beside the word Telegram."""
    networks = list(_NETWORK.finditer(text)) if "@" in text else []
    starts = [network.start() for network in networks]
    for match in _MENTION.finditer(text) if networks else ():
        name = match.group(1)
        if is_name(name) and _is_telegram(text, match, networks, starts):
            form = Form.BOT if name.lower().endswith("bot") else Form.MENTION
            yield match.start(), Address(form=form, url=f"https://t.me/{name}", name=name)


def _is_telegram(text: str, handle: re.Match[str], networks: Sequence[re.Match[str]], starts: Sequence[int]) -> bool:
    """Whether the network named right after a handle, else the nearest before it in its sentence, is Telegram."""
    following = bisect_left(starts, handle.end())
    gap = _AFTER.match(text, handle.end())
    if gap is not None and following < len(starts) and starts[following] == gap.end():
        return networks[following]["telegram"] is not None
    if following == 0:
        return False
    nearest = networks[following - 1]
    return (
        nearest["telegram"] is not None
        and handle.start() - nearest.end() <= _BEFORE
        and _SENTENCE_END.search(text, nearest.end(), handle.start()) is None
    )


def _context(text: str, at: int) -> str:
    """The line around a place, cut to some words."""
    start = max(text.rfind("\n", max(0, at - _CONTEXT), at) + 1, at - _CONTEXT, 0)
    stop = text.find("\n", at, at + 2 * _CONTEXT)
    return " ".join(text[start : stop if stop >= 0 else at + 2 * _CONTEXT].split())
