"""Pure: a rich message as Telegram Desktop's `result.json` has it, to the words that `ingest.telegram.rich` makes of
one that an account reads. The format is written by tdesktop's `export_output_json.cpp`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.model import Link, Media
from ingest.entities import LONGEST_LABEL
from ingest.exports.post_object import storable, unix_time
from ingest.places import in_lines, spot
from ingest.urls import linkable

_DEEPEST = 64  # each block and each piece of a text is a step; Telegram allows 16 of blocks
_MOST_NODES = 20_000
_MOST_TEXT = 100_000  # characters; Telegram allows 32,768

# those that have words of their own, other blocks, or a caption
_WORDED = frozenset(
    "heading paragraph footer code quote details collage slideshow photo video audio file embed embed_post".split()
)
_SILENT = frozenset("thinking related_articles channel anchor divider".split())
_TASKS = {"checked": "☑", "unchecked": "☐"}

Node = Mapping[str, object]


@dataclass(slots=True)
class RichBody:
    """What a rich message has beside its words."""

    links: list[Link] = field(default_factory=list)
    buttons: list[Link] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    unsupported: bool = False
    nodes: int = 0
    room: int = _MOST_TEXT

    def enter(self, depth: int) -> bool:
        """Whether there is room for one more node at this depth."""
        self.nodes += 1
        return depth <= _DEEPEST and self.nodes <= _MOST_NODES

    def take(self, value: object) -> str:
        """As much of a text as there is room for: lists that are nested make each of its lines longer."""
        taken = _str(value)[: self.room]
        self.room -= len(taken)
        return taken

    def link(self, url: object, label: str) -> None:
        """Note a link, where the address is one."""
        if isinstance(url, str) and (address := linkable(url)):
            self.links.append(Link(url=address, label="" if label == url else label[:LONGEST_LABEL]))

    def button(self, label: str, leads_to: object) -> None:
        """Note a button, where it leads to an address."""
        url = leads_to.get("url") if isinstance(leads_to, Mapping) else None
        if isinstance(url, str) and (address := linkable(url)):
            self.buttons.append(Link(url=address, label=label[:LONGEST_LABEL]))


def read_rich(message: object) -> tuple[str, RichBody]:
    """The text of a `rich_message`, nothing where there is none, and what it has beside. What cannot be read is passed
    over."""
    body = RichBody()
    blocks = message.get("blocks") if isinstance(message, Mapping) else None
    return "\n\n".join(_blocks(blocks, 0, body))[:_MOST_TEXT], body


def _nodes(value: object) -> Iterator[Node]:
    return (each for each in value if isinstance(each, Mapping)) if isinstance(value, list) else iter(())


def _blocks(blocks: object, depth: int, body: RichBody) -> Iterator[str]:
    for block in _nodes(blocks):
        if not body.enter(depth):
            return
        text = _block(block, depth + 1, body).strip("\n")
        if text.strip():
            yield text


def _block(block: Node, depth: int, body: RichBody) -> str:
    match _str(block.get("type")):
        case "list":
            return _list(block, depth, body)
        case "table":
            return _table(block, depth, body)
        case "math":
            return body.take(block.get("formula"))
        case "author_date":
            return _by_line(block, depth, body)
        case "cover":
            return "\n".join(_blocks([block.get("block")], depth, body))
        case "map" | "input_map":
            return in_lines(_place(block.get("geo")), _caption(block, depth, body))
        case "button_row":
            for button in _nodes(block.get("buttons")):
                if not body.enter(depth):
                    break
                body.button(_text(button.get("text"), depth, body), button.get("button"))
            return ""
        case kind if kind in _WORDED:
            return _worded(block, depth, body)
        case kind:
            body.unsupported = body.unsupported or kind not in _SILENT
            return ""


def _worded(block: Node, depth: int, body: RichBody) -> str:
    """Words, other blocks and a caption, as far as there are any."""
    body.media += _media(block)
    title = _text(block.get("title"), depth, body) if block.get("type") == "details" else ""  # a song's is its file's
    author, words = body.take(block.get("author")), _text(block.get("text"), depth, body)
    inner, caption = [*_blocks(block.get("blocks") or block.get("items"), depth, body)], _caption(block, depth, body)
    body.link(block.get("url"), author or caption)
    return in_lines(title, author, words, *inner, caption)


def _caption(block: Node, depth: int, body: RichBody) -> str:
    """A caption, of pictures with whose they are."""
    caption = block.get("caption")
    if not isinstance(caption, Mapping) or "type" in caption:
        return _text(caption, depth, body)
    return in_lines(*(_text(caption.get(name), depth, body) for name in ("text", "credit")))


def _media(block: Node) -> Media:
    match block.get("type"):
        case "photo":
            return Media(photos=1)
        case "video":
            return Media(videos=1)
        case "audio" | "file":
            return Media(documents=((_str(block.get("file_name")) or _str(block.get("title")))[:LONGEST_LABEL],))
    return Media()


def _list(block: Node, depth: int, body: RichBody) -> str:
    """Items with their marks; what is inside an item stands further in."""
    items = [*_nodes(block.get("items"))]
    ordered, down, start = block.get("kind") == "ordered", block.get("reversed") is True, block.get("start")
    number = start if type(start) is int else len(items) if down else 1
    lines = []
    for item in items:
        if not body.enter(depth):
            break
        inner = _blocks(item["blocks"], depth, body) if "blocks" in item else [_text(item.get("text"), depth, body)]
        label = str(item.get("num") or item.get("value") or number)[:20].removesuffix(".")
        mark = _TASKS.get(_str(item.get("task_state"))) or (f"{label}." if ordered else "•")
        lines.append(" ".join([mark, "\n".join(inner)]).replace("\n", "\n  "))
        number += -1 if down else 1
    return "\n".join(lines)


def _table(block: Node, depth: int, body: RichBody) -> str:
    lines = [_text(block.get("title"), depth, body)]
    for row in _nodes(block.get("rows")):
        if not body.enter(depth):
            break
        lines.append(" | ".join(_text(cell.get("text"), depth, body) for cell in _nodes(row.get("cells"))))
    return in_lines(*lines)


def _by_line(block: Node, depth: int, body: RichBody) -> str:
    date = unix_time(block.get("date_unixtime"))
    day = f"{date:%Y-%m-%d}" if date and date.timestamp() else ""
    return ", ".join(part for part in (_text(block.get("author"), depth, body), day) if part)


def _place(point: object) -> str:
    at = [point.get(name) if isinstance(point, Mapping) else None for name in ("latitude", "longitude")]
    return spot(*(each if isinstance(each, int | float) else None for each in at))


def _text(node: object, depth: int, body: RichBody) -> str:
    """A tree of formatted pieces as words; links are noted on the way."""
    if not body.enter(depth):
        return ""
    if isinstance(node, list):
        return "".join(_text(each, depth + 1, body) for each in node)
    if not isinstance(node, Mapping):
        return body.take(node)
    words = _text(node.get("text"), depth + 1, body)
    match node.get("type"):
        case "math":
            return body.take(node.get("source"))
        case "button":
            body.button(words, node.get("button"))
            return ""
        case "text_link":
            body.link(node.get("href"), words)
        case "link":
            body.link(words, words)
        case "email":
            body.link(f"mailto:{_str(node.get('email')) or words}", words)
        case "mention" if words.startswith("@"):
            body.link(f"https://t.me/{words[1:]}", words)
    return words


def _str(value: object) -> str:
    return storable(value) if isinstance(value, str) else ""
