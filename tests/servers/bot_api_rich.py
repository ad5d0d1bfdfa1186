"""What Telegram accepts as a rich message (Bot API 10.1 and later): its words, its buttons and its limits.

The limits and the names of blocks are those of the Bot API page. The words of the refusals are ours, for no list of
the real ones is public; a bot must not rest on them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.servers.bot_api_text import Json, Refused, check_button

MAX_CHARS = 32_768
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_MEDIA = 50
MAX_COLUMNS = 20
MAX_ROW = 8

MEDIA = {"photo", "video", "animation", "audio", "voice_note", "document"}
BLOCKS = re.compile(
    "anchor|blockquote|buttons|collage|details|divider|expandable_blockquote|footer|list|map|mathematical_expression"
    "|paragraph|pre|pullquote|heading|slideshow|table"
)
BLOCK_TAGS = re.compile(
    "p|h[1-6]|pre|blockquote|aside|details|[uo]l|li|table|tr|hr|footer|img|video|audio"
    "|tg-(document|collage|slideshow|map|math-block|button-row)"
)
INLINE_TAGS = re.compile(
    "b|strong|i|em|u|ins|s|strike|del|sub|sup|mark|code|a|span|summary|caption|th|td|cite|figure|figcaption|br|input"
    "|tg-(spoiler|emoji|math|time|button|reference)"
)
VOID_TAGS = {"hr", "br", "img", "input"}
MEDIA_TAGS = {"img", "video", "audio", "tg-document"}


@dataclass(slots=True)
class Rich:
    """A rich message as measured: its visible text and the buttons inside it."""

    text: str = ""
    buttons: list[Json] = field(default_factory=list)
    blocks: int = 0
    depth: int = 0
    media: int = 0
    columns: int = 0

    def check(self) -> "Rich":
        """Itself, or `Refused` past a limit."""
        limits = [
            ("text is too long", len(self.text), MAX_CHARS),
            ("too many blocks", self.blocks, MAX_BLOCKS),
            ("nesting is too deep", self.depth, MAX_DEPTH),
            ("too many media", self.media, MAX_MEDIA),
            ("too many table columns", self.columns, MAX_COLUMNS),
        ]
        for reason, count, limit in limits:
            if count > limit:
                raise refusal(f"{reason}: {count} of at most {limit}")
        if not self.text.strip() and not self.media:
            raise refusal("message is empty")
        for button in self.buttons:
            check_button(button)
        return self


def refusal(reason: str) -> Refused:
    return Refused(f"Bad Request: can't parse rich message: {reason}")


def read_rich(message: Json) -> Rich:
    """An `InputRichMessage` measured and checked; `Refused` where it breaks a rule."""
    given = [key for key in ("html", "markdown", "blocks") if message.get(key)]
    if len(given) != 1:
        raise refusal("exactly one of html, markdown and blocks must be given")
    if given == ["html"]:
        return _RichHtml().read(message["html"])
    if given == ["markdown"]:
        return Rich(text=message["markdown"], blocks=1 + message["markdown"].count("\n\n")).check()
    rich = Rich()
    lines = [_block(block, 1, rich) for block in message["blocks"]]
    rich.text = "\n".join(line for line in lines if line)
    return rich.check()


def _block(block: Json, depth: int, rich: Rich) -> str:
    kind = block.get("type")
    if kind not in MEDIA and not BLOCKS.fullmatch(str(kind)):
        raise refusal(f"block of type {kind} is not allowed")
    _enter(depth, rich)
    rich.media += kind in MEDIA
    if kind == "buttons":
        if not 1 <= len(block["buttons"]) <= MAX_ROW:
            raise refusal("a row holds 1 to 8 buttons")
        return " ".join(_button(button, depth, rich) for button in block["buttons"])
    if kind == "table":
        return "\n".join(_row(row, depth + 1, rich) for row in block["cells"])
    return "\n".join(line for line in _parts(block, depth, rich) if line)


def _parts(block: Json, depth: int, rich: Rich) -> Iterator[str]:
    for key in ("summary", "text", "credit"):
        if block.get(key) is not None:
            yield _text(block[key], depth + 1, rich)
    for inner in block.get("blocks", ()):
        yield _block(inner, depth + 1, rich)
    for item in block.get("items", ()):
        _enter(depth + 1, rich)
        for inner in item["blocks"]:
            yield _block(inner, depth + 2, rich)
    caption = block.get("caption")
    if caption is not None:
        yield _text(caption.get("text", caption) if isinstance(caption, dict) else caption, depth + 1, rich)


def _row(cells: list[Json], depth: int, rich: Rich) -> str:
    _enter(depth, rich)
    rich.columns = max(rich.columns, sum(cell.get("colspan") or 1 for cell in cells))
    return " | ".join(_text(cell.get("text") or "", depth + 1, rich) for cell in cells)


def _text(text: Any, depth: int, rich: Rich) -> str:
    rich.depth = max(rich.depth, depth)
    if depth > MAX_DEPTH:
        raise refusal("nesting is too deep")
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(_text(part, depth, rich) for part in text)
    if text.get("type") == "button":
        return _button(text["button"], depth, rich)
    return _text(text.get("text") or text.get("alternative_text") or text.get("expression") or "", depth + 1, rich)


def _button(button: Json, depth: int, rich: Rich) -> str:
    label = _text(button.get("text") or "", depth + 1, rich)
    rich.buttons.append(button | {"text": label})
    return label


def _enter(depth: int, rich: Rich) -> None:
    rich.blocks += 1
    rich.depth = max(rich.depth, depth)
    if depth > MAX_DEPTH:
        raise refusal("nesting is too deep")


class _RichHtml(HTMLParser):
    """Reads rich HTML: known tags only, each closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.rich = Rich()
        self.stack: list[str] = []
        self.pieces: list[str] = []
        self.button: Json | None = None
        self.cells = 0

    def read(self, source: str) -> Rich:
        self.feed(source)
        self.close()
        if self.stack:
            raise refusal(f'can\'t find end tag corresponding to start tag "{self.stack[-1]}"')
        self.rich.text = "".join(self.pieces).strip()
        return self.rich.check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        block = BLOCK_TAGS.fullmatch(tag)
        if not block and not INLINE_TAGS.fullmatch(tag):
            raise refusal(f'unsupported start tag "{tag}"')
        if block:
            self.pieces.append("\n")
            self.rich.blocks += 1
        self.rich.media += tag in MEDIA_TAGS
        self.cells = 0 if tag == "tr" else self.cells + (tag in {"td", "th"})
        self.rich.columns = max(self.rich.columns, self.cells)
        if tag == "br":
            self.pieces.append("\n")
        if tag not in VOID_TAGS:
            self.stack.append(tag)
            self.rich.depth = max(self.rich.depth, len(self.stack))
        if tag == "tg-button":
            given = {key: value or "" for key, value in attrs}
            kind = given.get("type", "callback_data")
            self.button = {"text": "", kind: given.get("url" if kind in {"url", "web_app"} else "data", "")}

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID_TAGS:
            return
        if not self.stack or self.stack.pop() != tag:
            raise refusal(f'unmatched end tag "{tag}"')
        if tag == "tg-button" and self.button is not None:
            self.rich.buttons.append(self.button)
            self.button = None
        if tag in {"td", "th", "tg-button"}:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        if self.button is not None:
            self.button["text"] += data

    def handle_comment(self, data: str) -> None:
        raise refusal('unsupported start tag "!--"')
