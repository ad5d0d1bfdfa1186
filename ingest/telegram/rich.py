"""Pure: the blocks of a rich message (TL layer 227 and later) to text that reads well.

A rich message's words stand in a tree of `PageBlock` and `RichText` (core.telegram.org/api/richtext), not in
`message.message`. One block is one paragraph; a list keeps its marks, a table its columns.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from telethon.tl import types as T

from core.model import Link
from ingest.entities import LONGEST_LABEL
from ingest.places import in_lines, spot
from ingest.urls import linkable

DEEPEST = 32  # Telegram allows 16
MOST_TEXT = 100_000  # characters; Telegram allows 32,768
MOST_NODES = 20_000


@dataclass(slots=True)
class RichBody:
    """What a rich message says, read so far."""

    links: list[Link] = field(default_factory=list)
    buttons: list[Link] = field(default_factory=list)
    unsupported: bool = False
    nodes: int = 0

    def enter(self, depth: int) -> bool:
        """Whether there is room for one more node at this depth."""
        self.nodes += 1
        return depth <= DEEPEST and self.nodes <= MOST_NODES

    def link(self, url: object, label: str) -> None:
        """Note a link, where the address is one."""
        address = linkable(url) if isinstance(url, str) else None
        if address:
            self.links.append(Link(url=address, label="" if label == url else label))

    def button(self, label: str, kind: Any) -> None:
        """Note a button, where it is of a kind that leads to an address."""
        address = linkable(kind.url) if isinstance(getattr(kind, "url", None), str) else None
        if address:
            self.buttons.append(Link(url=address, label=label))


def read_rich(blocks: Iterable[Any]) -> tuple[str, RichBody]:
    """The text of the blocks, and their links and link buttons. What cannot be read is passed over."""
    body = RichBody()
    text = "\n\n".join(_blocks(blocks, 0, body))
    return text[:MOST_TEXT], body


def _blocks(blocks: Iterable[Any], depth: int, body: RichBody) -> Iterator[str]:
    for block in blocks:
        if not body.enter(depth):
            return
        read = READERS.get(type(block), _unsupported)
        text = read(block, depth + 1, body).strip("\n")
        if text.strip():
            yield text


def _text(rich: Any, depth: int, body: RichBody) -> str:
    """A `RichText` tree as words; links are noted on the way."""
    if not body.enter(depth) or rich is None:
        return ""
    if isinstance(rich, str):
        return rich
    if isinstance(rich, T.TextConcat):
        return "".join(_text(part, depth + 1, body) for part in rich.texts)
    if isinstance(rich, T.TextCustomEmoji):
        return str(rich.alt or "")
    if isinstance(rich, T.TextMath):
        return str(rich.source)
    words = _text(getattr(rich, "text", None), depth + 1, body)
    if isinstance(rich, T.TextButton):
        body.button(words, rich.type)
        return ""
    _note_link(rich, words, body)
    return words


def _note_link(rich: Any, words: str, body: RichBody) -> None:
    if isinstance(rich, T.TextUrl):
        body.link(rich.url, words)
    elif isinstance(rich, T.TextAutoUrl):
        body.link(words, words)
    elif isinstance(rich, T.TextEmail | T.TextAutoEmail):
        body.link(f"mailto:{getattr(rich, 'email', words)}", words)
    elif isinstance(rich, T.TextMention) and words.startswith("@"):
        body.link(f"https://t.me/{words[1:]}", words)


def _plain(block: Any, depth: int, body: RichBody) -> str:
    """A block that has a text, a caption, both or neither: paragraphs, headings, quotations, media, dividers."""
    words, caption = getattr(block, "text", None), getattr(block, "caption", None)
    return in_lines(_text(words, depth, body), _caption(caption, depth, body))


def _caption(caption: Any, depth: int, body: RichBody) -> str:
    if not isinstance(caption, T.PageCaption):
        return _text(caption, depth, body)
    return in_lines(_text(caption.text, depth, body), _text(caption.credit, depth, body))


def _nested(block: Any, depth: int, body: RichBody) -> str:
    """A block of blocks, with its title above and its caption below."""
    inner = getattr(block, "blocks", None) or getattr(block, "items", None) or ()
    parts = [_text(getattr(block, "title", None), depth, body), *_blocks(inner, depth, body)]
    parts.append(_caption(getattr(block, "caption", None), depth, body))
    return in_lines(*parts)


def _list(block: Any, depth: int, body: RichBody) -> str:
    """Items with their marks; what is inside an item stands further in."""
    ordered = isinstance(block, T.PageBlockOrderedList)
    down = ordered and block.reversed
    number = (block.start or (len(block.items) if down else 1)) if ordered else 0
    lines = []
    for item in block.items:
        if not body.enter(depth):
            break
        inner = _blocks(item.blocks, depth, body) if hasattr(item, "blocks") else [_text(item.text, depth, body)]
        label = str(getattr(item, "num", None) or getattr(item, "value", None) or number).removesuffix(".")
        mark = f"{label}." if ordered else "•"
        if item.checkbox:
            mark = "☑" if item.checked else "☐"
        lines.append(" ".join([mark, "\n".join(inner)]).replace("\n", "\n  "))
        number += -1 if down else 1
    return "\n".join(lines)


def _table(block: Any, depth: int, body: RichBody) -> str:
    lines = [_text(block.title, depth, body)]
    for row in block.rows:
        if not body.enter(depth):
            break
        lines.append(" | ".join(_text(cell.text, depth, body) for cell in row.cells))
    return in_lines(*lines)


def _by_line(block: Any, depth: int, body: RichBody) -> str:
    date = f"{block.published_date:%Y-%m-%d}" if block.published_date and block.published_date.timestamp() else ""
    return ", ".join(part for part in (_text(block.author, depth, body), date) if part)


def _embedded(block: Any, depth: int, body: RichBody) -> str:
    body.link(block.url, "")
    return _caption(block.caption, depth, body)


def _embedded_post(block: Any, depth: int, body: RichBody) -> str:
    body.link(block.url, block.author)
    return in_lines(block.author, _nested(block, depth, body))


def _photo(block: Any, depth: int, body: RichBody) -> str:
    words = _caption(block.caption, depth, body)
    body.link(block.url, words[:LONGEST_LABEL])
    return words


def _map(block: Any, depth: int, body: RichBody) -> str:
    where = spot(getattr(block.geo, "lat", None), getattr(block.geo, "long", None))
    return in_lines(where, _caption(block.caption, depth, body))


def _button_row(block: Any, depth: int, body: RichBody) -> str:
    for button in block.buttons:
        if not body.enter(depth):
            break
        body.button(_text(button.text, depth, body), button.type)
    return ""


def _unsupported(block: Any, depth: int, body: RichBody) -> str:
    body.unsupported = True
    return ""


def _silent(block: Any, depth: int, body: RichBody) -> str:
    return ""


READERS: dict[type, Callable[[Any, int, RichBody], str]] = {
    **dict.fromkeys(
        [
            T.PageBlockParagraph,
            T.PageBlockTitle,
            T.PageBlockSubtitle,
            T.PageBlockHeader,
            T.PageBlockSubheader,
            T.PageBlockKicker,
            T.PageBlockFooter,
            T.PageBlockHeading1,
            T.PageBlockHeading2,
            T.PageBlockHeading3,
            T.PageBlockHeading4,
            T.PageBlockHeading5,
            T.PageBlockHeading6,
            T.PageBlockPreformatted,
            T.PageBlockBlockquote,
            T.PageBlockPullquote,
            T.PageBlockVideo,
            T.PageBlockAudio,
            T.PageBlockDocument,
        ],
        _plain,
    ),
    T.PageBlockPhoto: _photo,
    T.PageBlockMap: _map,
    T.PageBlockEmbed: _embedded,
    T.PageBlockEmbedPost: _embedded_post,
    T.PageBlockAuthorDate: _by_line,
    T.PageBlockList: _list,
    T.PageBlockOrderedList: _list,
    T.PageBlockTable: _table,
    T.PageBlockDetails: _nested,
    T.PageBlockBlockquoteBlocks: _nested,
    T.PageBlockCollage: _nested,
    T.PageBlockSlideshow: _nested,
    T.PageBlockCover: lambda block, depth, body: "\n".join(_blocks([block.cover], depth, body)),
    T.PageBlockMath: lambda block, depth, body: str(block.source),
    T.PageBlockButtonRow: _button_row,
    T.PageBlockUnsupported: _unsupported,
    # what is no part of what the author says
    T.PageBlockThinking: _silent,
    T.PageBlockRelatedArticles: _silent,
    T.PageBlockChannel: _silent,
    T.PageBlockAnchor: _silent,
    T.PageBlockDivider: _silent,
}
"""How each kind of block is read; a test holds it to all that the schema has."""
