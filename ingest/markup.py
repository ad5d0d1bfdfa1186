"""HTML as others wrote it -> a tree, the text a reader sees, and its links. Nothing here recurses or trusts a size."""

import html
import re
from functools import lru_cache
from typing import Final, NamedTuple

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
# `title` is hidden in a whole page that is read as a piece of HTML: there the parser knows no head.
_HIDDEN: Final = frozenset(
    "script style template head title noscript svg iframe object textarea select video audio".split()
)

_SPECIAL: Final = _BLOCKS | {"a", "td", "th"}  # more than their text
_PLAIN: Final = frozenset({"b", "i", "u", "s", "em", "strong", "span", "mark", "a", "tg-emoji"})

# Signs for a blank that is kept, a break, the edge of a line and of a paragraph, while a text is put together. A page
# that holds them itself gets a blank or a newline for each.
_KEPT_SPACE, _BREAK, _LINE_EDGE, _PARAGRAPH_EDGE = "\x1c", "\x1d", "\x1e", "\x1f"
_KEPT: Final = {ord(" "): _KEPT_SPACE, ord("\xa0"): _KEPT_SPACE, ord("\t"): _KEPT_SPACE * 4, ord("\n"): _BREAK}

_UNSEEN: Final = ("\u200b", "\ufeff")
_ODD_BLANKS: Final = ("\n", "\xa0", "\t", "\r", "\f", "\v")
_CONTROLS: Final = bytes({*range(1, 9), *range(14, 32), 127})
_INVISIBLE = re.compile(r"[\u200b\ufeff\x00-\x08\x0e-\x1b\x7f]+")
_SPACES = re.compile(r" {2,}")
_NEWLINES = re.compile(r"\n{3,}")
_GAP = re.compile(r"[\x1d-\x1f][ \x1d-\x1f]*")
_EDGE = re.compile(r"[\x1e\x1f]")
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_LONG: Final = 1 << 18  # bytes: no real page of Telegram is longer, and a shorter one takes some seconds at most
_LONG_POST: Final = 1 << 15  # the same of a post, of which a file may hold thousands
_ATTRIBUTE = rb"""[\s/"']*+[^\s/>="']++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']*+))?"""
_TAGS = re.compile(rb"<[a-zA-Z](?:%b){0,2000}(?P<more>%b)?" % (_ATTRIBUTE, _ATTRIBUTE))
_CODE = re.compile(r"(?i)<(?:script|style)\b")
_CODE_END = re.compile(r"(?i)</(?:script|style)\s*>")
_NOT_A_LINK = re.compile(r"(?i)\s*(?:javascript|vbscript|data):")
_SCHEME = re.compile(r"(?i)(?:https?://|mailto:|tel:)(?:www\.)?")
_LONGEST_COUNT: Final = 100
_COUNT = re.compile(r"^(\d{1,3}(?:[ ,]\d{3})+|\d{1,15}(?:\.\d{1,6})?) ?([KMB]?)(?![\w.])")
_PAGE_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_PAGE_END = re.compile(rb"</html\s*>", re.IGNORECASE)
_LAST: Final = 100  # bytes among which the end of a page stands, mostly
_UNITS: Final = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


class Marked(NamedTuple):
    """What marked-up text says: the visible text with its line breaks, and the links in order of first appearance."""

    text: str
    links: tuple[Link, ...] = ()


def parse_page(page: bytes | str, what: str, *, whole: bool = False) -> etree._Element | None:
    """The root element of a page, or None where there is none. `what` names the page in errors.

    Bytes are UTF-8 (or what their byte order mark says). Drawings (`<svg>`, a third of a preview page) are left out.
    Raises BadInput for an empty, binary, too large or too deeply nested page and, where a `whole` one is asked for,
    for one that starts as a page but is cut off.
    """
    data = _lean_utf8(page, what)
    if not data.strip():
        raise BadInput(what, "the page is empty")
    if b"\0" in data:
        raise BadInput(what, "this is a binary file, not a web page")
    if whole and _PAGE_START.match(data) and not (_PAGE_END.search(data, len(data) - _LAST) or _PAGE_END.search(data)):
        raise BadInput(what, "the page is cut off before its end")
    if _swollen(data, _LONG):
        raise BadInput(what, "a tag of the page has thousands of attributes")
    root, whole_tree = _parsed(data.translate(None, _CONTROLS))
    if not whole_tree:
        raise BadInput(what, "the page is nested too deeply to be read")
    return root


def marked(element: etree._Element) -> Marked:
    """The visible text and the links of an element, by the rules of a browser.

    `<br>` is a newline; blocks stand on their own lines, paragraphs, headings and lists between empty ones; blanks
    collapse except in `<pre>`; zero-width spaces, which carry hidden preview links, are dropped; three or more newlines
    become two. Addresses are given as published, `javascript:` and the like left out, a repeated address once.
    """
    if len(element) == 0:
        return Marked(_tidy(element.text or ""))
    writer = _Writer()
    writer.walk(element)
    return Marked(writer.text(), writer.links())


def words(element: etree._Element) -> str | None:
    """The visible text of a small element on one line, None where there is none."""
    if len(element) == 0:
        text = _visible(element.text or "")
    elif all(child.tag in _PLAIN for child in element.iterdescendants()):
        text = _visible("".join(element.itertext()))
    else:
        text = marked(element).text
    return " ".join(text.split()) or None


def read_html(source: str, what: str = "html") -> Marked:
    """The same for the HTML that imported posts carry: any string, however broken.

    Raises BadInput if it is longer than MAX_POST. What is nested too deeply loses structure and links, not text.
    """
    if len(source) > MAX_POST:
        raise BadInput(what, f"{len(source):,} characters of HTML are more than a post can have")
    if "<" not in source and "&" not in source:
        return Marked(_tidy(_INVISIBLE.sub("", source)))
    data = source.encode("utf-8", "replace").translate(None, b"\0" + _CONTROLS)
    if _swollen(data, _LONG_POST):
        raise BadInput(what, "a tag of it has thousands of attributes")
    root, whole_tree = _parsed(b"<html><body>" + data)
    if not whole_tree:
        return Marked(_tidy(_INVISIBLE.sub("", html.unescape(_TAG.sub(" ", _without_code(source))))))
    return Marked("") if root is None else marked(root)


def read_count(text: str | None) -> int | None:
    """The number that Telegram writes as "28.0K", "1.2M", "82 932 subscribers" or "1,204": None where there is none."""
    return _counted((text or "").strip()[:_LONGEST_COUNT])


@lru_cache(maxsize=4096)  # most are small, and come again and again
def _counted(text: str) -> int | None:
    match = _COUNT.match(" ".join(text.split()))
    if match is None:
        return None
    digits, unit = match.groups()
    whole, _, fraction = digits.replace(" ", "").replace(",", "").partition(".")
    return int(whole) * _UNITS[unit] + (int(fraction) * _UNITS[unit] // 10 ** len(fraction) if fraction else 0)


def _lean_utf8(page: bytes | str, what: str) -> bytes:
    if len(page) > MAX_PAGE:
        raise BadInput(what, f"{len(page) / 1024 / 1024:.0f} MB are more than a page may have ({MAX_PAGE >> 20} MB)")
    if isinstance(page, str):
        return _without_drawings(page.encode("utf-8", "replace"))
    if page.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _without_drawings(page.decode("utf-16", "replace").encode("utf-8", "replace"))
    data = _without_drawings(page)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace").encode()
    return data


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


def _swollen(data: bytes, long: int) -> bool:
    """Whether a tag of what is `long` has thousands of attributes: libxml2's time grows with their square, to minutes
    for a megabyte."""
    return len(data) > long and any(tag["more"] is not None for tag in _TAGS.finditer(data))


def _parsed(data: bytes) -> tuple[etree._Element | None, bool]:
    """The root of what can be read as HTML, if anything can, and whether it was not nested too deeply to be read to
    its end."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None, True
    last = parser.error_log.last_error
    return root, last is None or last.type_name != "ERR_RESOURCE_LIMIT"


class _Writer:
    """Puts the visible text and the links of an element together."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._found: dict[str, str] = {}
        self._pre = 0
        self._link: tuple[etree._Element, int, str] | None = None  # the open link, where its label starts, its address
        self._lists: list[int | None] = []  # the next number of each open list, None for bullets

    def text(self) -> str:
        return _tidy("".join(self._pieces))

    def links(self) -> tuple[Link, ...]:
        return tuple([Link(url=url, label=label) for url, label in self._found.items()])

    def walk(self, root: etree._Element) -> None:
        """Write the text of `root` and of all below it, however deep."""
        if root.tag == "pre":
            self._pre += 1
        self._write(root.text)
        path = [(root, iter(root))]
        while path:
            parent, children = path[-1]
            for node in children:
                tag = node.tag
                if tag == "br":
                    self._pieces.append(_BREAK)
                elif tag not in _HIDDEN:
                    text = node.text
                    if tag in _SPECIAL:
                        self._open(node, tag)
                        text = text.removeprefix("\n") if text and tag == "pre" else text
                    self._write(text)
                    if len(node):
                        path.append((node, iter(node)))
                        break
                    if tag in _SPECIAL:
                        self._close(node, tag)
                self._write(node.tail)
            else:
                path.pop()
                if path:
                    if parent.tag in _SPECIAL:
                        self._close(parent, parent.tag)
                    self._write(parent.tail)

    def _write(self, text: str | None) -> None:
        if text:
            self._pieces.append(text.translate(_KEPT) if self._pre else text)

    def _open(self, node: etree._Element, tag: str) -> None:
        if tag == "a":
            self._open_link(node)
            return
        if tag in _BLOCKS:
            self._edge(tag)
        if tag == "pre":
            self._pre += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._pieces.append(self._mark())

    def _close(self, node: etree._Element, tag: str) -> None:
        if tag == "a":
            if self._link is not None and node is self._link[0]:
                self._close_link(*self._link[1:])
            return
        if tag == "pre":
            self._pre -= 1
        elif tag in {"ul", "ol"}:
            self._lists.pop()
        if tag in _BLOCKS:
            self._edge(tag)
        else:
            self._pieces.append(" ")  # after a cell of a table

    def _edge(self, tag: str) -> None:
        self._pieces.append(_PARAGRAPH_EDGE if tag in _PARAGRAPHS and not self._lists else _LINE_EDGE)

    def _mark(self) -> str:
        """What stands before an item of the innermost list."""
        if not self._lists:
            return "• "
        indent, number = _KEPT_SPACE * 2 * (len(self._lists[:8]) - 1), self._lists[-1]
        if number is None:
            return f"{indent}• "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _open_link(self, node: etree._Element) -> None:
        href = _visible(node.get("href") or "").strip()
        if not href or len(href) > MAX_URL or _NOT_A_LINK.match(href):
            return
        if href not in self._found and len(self._found) < MAX_LINKS:
            self._found[href] = ""
        if self._link is None and self._found.get(href) == "":
            self._link = node, len(self._pieces), href

    def _close_link(self, start: int, href: str) -> None:
        self._link = None
        label = " ".join(_visible("".join(self._pieces[start:])).split())[:MAX_LABEL]
        if label != href and _bare(label) != _bare(href):
            self._found[href] = label


def _visible(text: str) -> str:
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def _bare(address: str) -> str:
    scheme = _SCHEME.match(address)
    return address[scheme.end() if scheme else 0 :].rstrip("/").lower()


def _tidy(text: str) -> str:
    """Blanks and newlines as a browser would show them. Most texts need few of these steps, and looking is cheap."""
    for sign in _UNSEEN:
        if sign in text:
            text = text.replace(sign, "")
    for sign in _ODD_BLANKS:
        if sign in text:
            text = text.replace(sign, " ")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if _LINE_EDGE in text or _PARAGRAPH_EDGE in text:
        text = _GAP.sub(_gap, text)
    text = text.replace(_BREAK, "\n").replace("\n ", "\n").replace(" \n", "\n")
    if "\n\n\n" in text:
        text = _NEWLINES.sub("\n\n", text)
    return text.strip(" \n").replace(_KEPT_SPACE, " ").rstrip()


def _gap(match: re.Match[str]) -> str:
    """The newlines between two texts: an edge of a block ends the line that is open, each break after it adds one."""
    gap = match.group()
    edge = _EDGE.search(gap)
    newlines = gap.count(_BREAK)
    if edge is not None:
        before = gap.count(_BREAK, 0, edge.start())
        newlines += max(before, 2 if _PARAGRAPH_EDGE in gap else 1) - before
    return "\n\n" if newlines > 1 else "\n"
