"""A page's tree to its blocks of text, in page order, each with what the markup around it says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

MAX_BLOCKS: Final = 4000
_DEEPEST: Final = 40  # containers of a block that are looked at
_NEAR: Final = 3  # containers of a block that are near it

_UNSEEN: Final = frozenset((
    "script", "style", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video", "select", "option",
    "input", "textarea", "head", "map", "datalist", "progress", "meter",
))  # fmt: skip
_INLINE: Final = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "source", "button", "math", "mi", "mo", "mn", "img",
    "amp-img",
))  # fmt: skip
_CELLS: Final = frozenset(("td", "th"))

# What names of classes and ids tell. Kinds of words, in several languages where sites use them; never a site's own.
_WORDS: Final = {
    "body": r"(?:article|post|story|entry|news|page|main)[-_]*(?:body|content|text)|articlebody|richtext|prose",
    "nav": r"nav|menu|breadcrumb|pagina|pager|toc\b|tabs?\b|sitemap",
    "foot": r"foot|bottom|copyright|legal|disclaimer|terms",
    "related": r"relat|recommend|more|also|popular|trending|latest|next|prev|teaser|card|recirc|suggest|most-?read",
    "comment": r"comment|disqus|reply|replies|respond|discuss|feedback|review|rating",
    "social": r"shar(?:e|ing)|social|facebook|twitter|follow|bookmark|print",
    "consent": r"cookie|gdpr|consent|privacy|modal|pop-?up|overlay|dialog|log-?in|sign-?in|register|account|alert",
    "letter": r"newsletter|subscri|sign-?up|paywall|premium|donat|member|form",
    "meta": r"byline|author|meta|date|time|publish|tags?(?:$|[-_ ])|categor|topic|label|kicker|bio|info|user|profile",
    "media": r"caption|figure|image|photo|credit|galler|video|media|slide|carousel|swiper|player|embed",
    "lead": r"lead|lede|standfirst|summary|excerpt|intro|deck\b|dek\b|subtitle|sub-?head|descri|abstract|anons",
    "thread": r"message|thread|answer|question|forum|topic|bbp|post[-_]?\d|signature",
    "quote": r"quote|pull|note|callout|box|table|infobox|fact",
}
_TAGS: Final = (
    "article", "main", "nav", "header", "footer", "aside", "figcaption", "blockquote", "section", "h1", "h2", "dialog",
    "noscript", "form",
)  # fmt: skip
_ROLES: Final = {
    "navigation": "nav", "menu": "nav", "menubar": "nav", "complementary": "aside", "contentinfo": "footer",
    "banner": "header", "main": "main", "dialog": "dialog", "article": "article", "search": "form",
}  # fmt: skip
_SIGNS: Final = (*_WORDS, *(f"<{tag}>" for tag in _TAGS), "hidden")
SIGNS: Final = {name: 1 << at for at, name in enumerate(_SIGNS)}  # what a container can be, as bits
_PATTERNS: Final = tuple((SIGNS[name], re.compile(words)) for name, words in _WORDS.items())
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading, an item, a row, or what else stands on lines of its own.

    `linked` is how many of the characters are links, `around` the signs of all containers, `near` those of the closest,
    `containers` their numbers, outermost first, `shape` the names of the closest: same shape, same part of a template.
    `shown` is the text without words within a line that are hidden, but for a text that is all hidden; `hidden` is such
    a one, and one within a container that the page does not show, at least not without a script.
    """

    text: str
    tag: str
    linked: int
    around: int
    near: int
    containers: tuple[int, ...]
    shape: str
    shown: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Container:
    tag: str
    number: int
    name: str
    signs: int
    around: int
    hidden: bool


class _Writer:
    """The text of the block that is being read, and the blocks before it."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self._stack: list[_Container] = []
        self._number = 0
        self._within_links = 0
        self._within_hidden = 0
        self._parts: list[str] = []
        self._hidden: set[int] = set()  # places of parts that are not shown
        self._linked = 0
        self._breaks = 0

    def write(self, text: str | None) -> None:
        if not text or (text.isspace() and not self._parts):
            return
        if self._within_hidden:
            self._hidden.add(len(self._parts))
        self._parts.append(text)
        if not text.isspace():
            self._breaks = 0
            if self._within_links:
                self._linked += len(text.strip())

    def enter(self, node: HtmlElement) -> None:
        tag = node.tag
        if node is self.root or not (tag == "br" or tag in _INLINE):
            if tag not in _CELLS:
                self.end()
            elif self._parts:
                self._parts.append(" | ")
            self._number += 1
            self._stack.append(_container(node, self._number, self._stack))
        elif tag == "br":
            self._line_break()
        else:
            self._within_links += tag == "a"
            self._within_hidden += _is_hidden(node)
        self.write(node.text)

    def leave(self, node: HtmlElement) -> None:
        tag = node.tag
        if node is self.root:
            return
        if tag in _INLINE:
            self._within_links -= tag == "a"
            self._within_hidden -= _is_hidden(node)
        elif tag != "br":
            if tag not in _CELLS:
                self.end()
            self._stack.pop()
        self.write(node.tail)

    def _line_break(self) -> None:
        """One is a blank, two end the paragraph."""
        self._breaks += 1
        if self._breaks > 1:
            self.end()
        else:
            self._parts.append("\n")

    def end(self) -> None:
        self._breaks = 0
        if not self._parts:
            return
        text = _line(self._parts)
        if any(map(str.isalnum, text)):
            self.blocks.append(self._block(text))
        self._parts.clear()
        self._hidden.clear()
        self._linked = 0

    def _block(self, text: str) -> Block:
        near = 0
        for each in self._stack[-_NEAR:]:
            near |= each.signs
        shown = _line(part for at, part in enumerate(self._parts) if at not in self._hidden) if self._hidden else text
        return Block(
            text=text,
            shown=shown or text,
            hidden=self._stack[-1].hidden or not shown,
            tag=self._stack[-1].tag,
            linked=min(self._linked, len(text)),
            around=self._stack[-1].around,
            near=near,
            containers=tuple(each.number for each in self._stack[-_DEEPEST:]),
            shape="/".join(each.name for each in self._stack[-_NEAR - 1 :]),
        )


def blocks_of(tree: HtmlElement) -> Sequence[Block]:
    """The blocks of a page's body, at most MAX_BLOCKS. Cost grows with the page; depth costs nothing."""
    body = tree.find(".//body")
    writer = _Writer(tree if body is None else body)
    walker = etree.iterwalk(writer.root, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        if event == "start":
            if node.tag in _UNSEEN and node is not writer.root:
                walker.skip_subtree()
            else:
                writer.enter(node)
        elif event == "end" and node.tag not in _UNSEEN:
            writer.leave(node)
        elif node is not writer.root:
            writer.write(node.tail)
        if len(writer.blocks) >= MAX_BLOCKS:
            break
    writer.end()
    return writer.blocks[:MAX_BLOCKS]


def _container(node: HtmlElement, number: int, stack: list[_Container]) -> _Container:
    """The body's own classes tell of the page, not of a part of it."""
    get, tag = node.get, str(node.tag)
    classes = get("class") or ""
    signs = SIGNS.get(f"<{tag}>", 0)
    if stack:
        names = (
            f"{classes} {get('id') or ''} {get('itemprop') or ''} {get('data-testid') or get('data-component') or ''}"
        )
        signs |= _signs(names[:300].lower())
    if role := _ROLES.get(get("role") or ""):
        signs |= SIGNS[f"<{role}>"]
    hidden = _is_hidden(node)
    if hidden or get("aria-hidden") == "true":  # the other is hidden from those only who have pages read aloud
        signs |= SIGNS["hidden"]
    first = classes.split(None, 1)
    name = f"{tag}.{first[0] if first else ''}"
    around, within_hidden = (stack[-1].around, stack[-1].hidden) if stack else (0, False)
    return _Container(tag, number, name, signs, signs | around, hidden or within_hidden)


def _line(parts: Iterable[str]) -> str:
    return " ".join("".join(parts).split())


def _is_hidden(node: HtmlElement) -> bool:
    style = node.get("style")
    return node.get("hidden") is not None or (style is not None and _DISPLAY_NONE.search(style) is not None)


@lru_cache(4096)
def _signs(names: str) -> int:
    signs = 0
    for sign, words in _PATTERNS:
        if words.search(names):
            signs |= sign
    return signs
