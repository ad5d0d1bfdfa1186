"""HTML as others wrote it -> a tree, the text a reader sees, and its links. Nothing here recurses or trusts a size."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from core.errors import BadInput
from core.model import Link

MAX_PAGE: Final = 16 * 1024 * 1024  # bytes; a preview page of Telegram has 0.1 MB
MAX_POST: Final = 4 * 1024 * 1024  # characters of one post's HTML; Telegram's own limit is 4,096 of text
MAX_LINKS: Final = 1000
MAX_LABEL: Final = 300
MAX_URL: Final = 4096

# `p` is a paragraph to readers: an empty line around it. The others only start and end a line.
_PARAGRAPHS: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "hr"})
_LINES: Final = frozenset(
    {"div", "pre", "blockquote", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "figure"}
    | {"figcaption", "details", "summary", "address", "aside", "main", "nav", "form", "fieldset", "center"}
)
_BLOCKS: Final = _PARAGRAPHS | _LINES
_HIDDEN: Final = frozenset(
    {
        "script",
        "style",
        "template",
        "head",
        "noscript",
        "svg",
        "iframe",
        "object",
        "textarea",
        "select",
        "video",
        "audio",
    }
)

_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
_INVISIBLE = re.compile(r"[\u200b\ufeff\x00-\x08\x0e-\x1f\x7f]+")
_SPACES = re.compile(r" {2,}")
_GAP = re.compile(r" ?[\n\v\f][ \n\v\f]*")
_EDGE = re.compile(r"[\v\f]")
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_CODE = re.compile(r"(?i)<(?:script|style)\b")
_CODE_END = re.compile(r"(?i)</(?:script|style)\s*>")
_NOT_A_LINK = re.compile(r"(?i)\s*(?:javascript|vbscript|data):")
_SCHEME = re.compile(r"(?i)^(?:https?://|mailto:|tel:)(?:www\.)?")
_COUNT = re.compile(r"^(\d{1,3}(?:[ ,]\d{3})+|\d{1,15}(?:\.\d{1,6})?) ?([KMB]?)(?![\w.])")
_KEPT: Final = {ord(" "): "\xa0", ord("\t"): "\xa0" * 4, ord("\r"): None, ord("\v"): None, ord("\f"): None}
_PAGE_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_PAGE_END = re.compile(rb"</html\s*>", re.IGNORECASE)
_UNITS: Final = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Marked:
    """What a piece of HTML says: the visible text with its line breaks, and the links in order of first appearance."""

    text: str
    links: tuple[Link, ...] = ()


def parse_page(page: bytes | str, what: str, *, whole: bool = False) -> etree._Element | None:
    """The root element of a page, or None where there is none. `what` names the page in errors.

    Bytes are UTF-8 (or what their byte order mark says). Drawings (`<svg>`, a third of a preview page) are left out.
    Raises BadInput for an empty, binary, too large or too deeply nested page and, where a `whole` one is asked for,
    for one that starts as a page but is cut off.
    """
    data = _as_utf8(page, what)
    if not data.strip():
        raise BadInput(what, "the page is empty")
    if b"\0" in data:
        raise BadInput(what, "this is a binary file, not a web page")
    if whole and _PAGE_START.match(data) and not _PAGE_END.search(data):
        raise BadInput(what, "the page is cut off before its end")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_without_drawings(data), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if _stopped_early(parser):
        raise BadInput(what, "the page is nested too deeply to be read")
    return root


def marked(element: etree._Element) -> Marked:
    """The visible text and the links of an element, by the rules of a browser.

    `<br>` is a newline; blocks stand on their own lines, paragraphs, headings and lists between empty ones; blanks
    collapse except in `<pre>`; zero-width spaces, which carry hidden preview links, are dropped; three or more newlines
    become two. Addresses are given as published, `javascript:` and the like left out, a repeated address once.
    """
    if len(element) == 0:
        return Marked(_tidy(_BLANKS.sub(" ", element.text or "")))
    writer = _Writer()
    for is_start, node in _events(element):
        if is_start:
            writer.open(node)
        else:
            writer.close(node)
    return Marked(writer.text(), writer.links())


def words(element: etree._Element) -> str | None:
    """The visible text of a small element on one line, None where there is none."""
    text = marked(element).text if len(element) else _INVISIBLE.sub("", element.text or "")
    return " ".join(text.split()) or None


def read_html(source: str, what: str = "html") -> Marked:
    """The same for the HTML that imported posts carry: any string, however broken.

    Raises BadInput if it is longer than MAX_POST. What is nested too deeply loses structure and links, not text.
    """
    if len(source) > MAX_POST:
        raise BadInput(what, f"{len(source):,} characters of HTML are more than a post can have")
    if "<" not in source and "&" not in source:
        return Marked(_tidy(_BLANKS.sub(" ", source)))
    data = source.replace("\0", "").encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(b"<html><body>" + data, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Marked("")
    if _stopped_early(parser):
        return Marked(_tidy(_BLANKS.sub(" ", html.unescape(_TAG.sub(" ", _without_code(source))))))
    return marked(root)


def read_count(text: str | None) -> int | None:
    """The number that Telegram writes as "28.0K", "1.2M", "82 932 subscribers" or "1,204": None where there is none."""
    match = _COUNT.match(_BLANKS.sub(" ", text or "").strip())
    if match is None:
        return None
    digits, unit = match.groups()
    whole, _, fraction = digits.replace(" ", "").replace(",", "").partition(".")
    return int(whole) * _UNITS[unit] + (int(fraction) * _UNITS[unit] // 10 ** len(fraction) if fraction else 0)


def _as_utf8(page: bytes | str, what: str) -> bytes:
    if len(page) > MAX_PAGE:
        raise BadInput(what, f"{len(page) / 1024 / 1024:.0f} MB are more than a page may have ({MAX_PAGE >> 20} MB)")
    if isinstance(page, str):
        return page.encode("utf-8", "replace")
    if page.startswith((b"\xff\xfe", b"\xfe\xff")):
        return page.decode("utf-16", "replace").encode("utf-8", "replace")
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return page.decode("utf-8", "replace").encode()
    return page


def _without_drawings(data: bytes) -> bytes:
    """Without `<svg>…</svg>`: half of the parser's time goes into the paths of the bubbles' tails."""
    first, *rest = data.split(b"<svg")
    kept = [first]
    for i, piece in enumerate(rest):
        end = piece.find(b"</svg>")
        if end < 0:  # left open, or one within another: keep what comes as it is
            kept.extend(b"<svg" + other for other in rest[i:])
            break
        kept.append(piece[end + 6 :])
    return b"".join(kept)


def _without_code(source: str) -> str:
    first, *rest = _CODE.split(source)
    return " ".join([first, *(piece[end.end() :] for piece in rest if (end := _CODE_END.search(piece)))])


def _stopped_early(parser: etree.HTMLParser) -> bool:
    last = parser.error_log.last_error
    return last is not None and last.type_name == "ERR_RESOURCE_LIMIT"


def _events(root: etree._Element) -> Iterator[tuple[bool, etree._Element]]:
    """Start and end of each visible element below `root`, and of `root`, in document order."""
    yield True, root
    path = [(root, iter(root))]
    while path:
        parent, children = path[-1]
        for node in children:
            yield True, node
            if len(node) and node.tag not in _HIDDEN:
                path.append((node, iter(node)))
                break
            yield False, node
        else:
            path.pop()
            yield False, parent


class _Writer:
    """Puts the visible text together. Blanks of `<pre>` travel as NBSP, so that tidying leaves them alone."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._found: dict[str, str] = {}
        self._pre = 0
        self._link: tuple[etree._Element, int] | None = None  # the open link and where its label starts
        self._lists: list[int | None] = []  # the next number of each open list, None for bullets
        self._root: etree._Element | None = None

    def text(self) -> str:
        return _tidy("".join(self._pieces))

    def links(self) -> tuple[Link, ...]:
        return tuple(Link(url=url, label=label) for url, label in self._found.items())

    def open(self, node: etree._Element) -> None:
        tag = node.tag
        if self._root is None:
            self._root = node
        elif tag == "br":
            self._pieces.append("\n")
        elif tag in _BLOCKS:
            self._edge(tag)
        if tag in _HIDDEN:
            return
        if tag == "a":
            self._open_link(node)
        elif tag == "pre":
            self._pre += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._pieces.append(self._mark())
        self._write(node.text if tag != "pre" or node.text is None else node.text.removeprefix("\n"))

    def close(self, node: etree._Element) -> None:
        tag = node.tag
        if self._link is not None and node is self._link[0]:
            self._close_link(*self._link)
        if tag == "pre":
            self._pre -= 1
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        if node is self._root:
            return
        if tag in _BLOCKS:
            self._edge(tag)
        elif tag in {"td", "th"}:
            self._pieces.append(" ")
        self._write(node.tail)

    def _write(self, text: str | None) -> None:
        if text:
            self._pieces.append(
                text.replace("\t", "    ").replace(" ", "\xa0") if self._pre else _BLANKS.sub(" ", text)
            )

    def _edge(self, tag: str) -> None:
        """Where a block starts or ends: `\v` asks for a new line, `\f` for an empty one."""
        self._pieces.append("\f" if tag in _PARAGRAPHS and not self._lists else "\v")

    def _mark(self) -> str:
        """What stands before an item of the innermost list."""
        if not self._lists:
            return "• "
        indent, number = "\xa0\xa0" * (len(self._lists[:8]) - 1), self._lists[-1]
        if number is None:
            return f"{indent}• "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _open_link(self, node: etree._Element) -> None:
        href = _INVISIBLE.sub("", node.get("href") or "").strip()
        if not href or len(href) > MAX_URL or _NOT_A_LINK.match(href):
            return
        if href not in self._found and len(self._found) < MAX_LINKS:
            self._found[href] = ""
        if self._link is None and self._found.get(href) == "":
            self._link = node, len(self._pieces)

    def _close_link(self, node: etree._Element, start: int) -> None:
        self._link = None
        href = _INVISIBLE.sub("", node.get("href") or "").strip()
        label = " ".join(_INVISIBLE.sub("", "".join(self._pieces[start:])).split())[:MAX_LABEL]
        if _bare(label) != _bare(href):
            self._found[href] = label


def _bare(address: str) -> str:
    return _SCHEME.sub("", address).rstrip("/").lower()


def _tidy(text: str) -> str:
    """Blanks and newlines as a browser would show them: see `_gap`."""
    text = _GAP.sub(_gap, _SPACES.sub(" ", _INVISIBLE.sub("", text))).strip(" \n")
    return text.replace("\xa0", " ").rstrip()


def _gap(match: re.Match[str]) -> str:
    """The newlines between two texts: an edge of a block ends the line that is open, each `<br>` after it adds one."""
    gap = match.group()
    edge = _EDGE.search(gap)
    newlines = gap.count("\n")
    if edge is not None:
        before = gap.count("\n", 0, edge.start())
        newlines += max(before, 2 if "\f" in gap else 1) - before
    return "\n\n" if newlines > 1 else "\n"
