"""What Telegram accepts as a text and a keyboard, and the words with which it refuses the rest.

The parse of HTML follows `parse_html` of tdlib (`td/telegram/MessageEntity.cpp`), which the Bot API server runs on.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)\s*")
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+))""")
_END = re.compile(r"</([A-Za-z0-9-]*)\s*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


class Refused(Exception):
    """The server's answer to a call that it does not take."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        self.description, self.code, self.parameters = description, code, parameters
        super().__init__(code, description)

    def answer(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


class _HtmlParse:
    """One parse; `parse_html` is the door."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.pieces: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            following = self.source.find("<", self.at)
            stop = len(self.source) if following < 0 else following
            self.add(_ENTITY.sub(lambda m: html.unescape(m[0]), self.source[self.at : stop]))
            self.at = stop
            if following >= 0:
                self.end_tag() if self.source.startswith("</", stop) else self.start_tag()
        if self.stack:
            raise self.refusal(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return "".join(self.pieces), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += units(text)

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    @staticmethod
    def refusal(reason: str) -> Refused:
        return Refused(f"Bad Request: can't parse entities: {reason}")

    def start_tag(self) -> None:
        begin = self.at
        name = _NAME.match(self.source, self.at + 1)
        tag = name[0].lower() if name else ""
        if name is None or name.end() == len(self.source):
            raise self.refusal(f"Unclosed start tag at byte offset {self.byte(begin)}")
        if tag not in TYPES:
            raise self.refusal(f'Unsupported start tag "{tag}" at byte offset {self.byte(begin)}')
        self.at = name.end()
        attributes = self.attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self.refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}')
        self.stack.append(_Open(tag, attributes, self.length))

    def attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            rest = re.compile(r"\s*>").match(self.source, self.at)
            if rest:
                self.at = rest.end()
                return found
            name = _ATTRIBUTE.match(self.source, self.at)
            if name is None:
                raise self.refusal(f"Unclosed start tag at byte offset {self.byte(begin)}")
            self.at = name.end()
            value = _VALUE.match(self.source, self.at)
            if value:
                self.at = value.end()
                found[name[1].lower()] = html.unescape(value[1] or value[2] or value[3] or "")
            elif name[1].lower() == "expandable" or self.source.startswith(">", self.at):
                found[name[1].lower()] = ""
            else:
                raise self.refusal(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                    f"at byte offset {self.byte(begin)}"
                )

    def end_tag(self) -> None:
        begin = self.at
        end = _END.match(self.source, self.at)
        if end is None:
            raise self.refusal(f"Unclosed end tag at byte offset {self.byte(begin)}")
        if not self.stack:
            raise self.refusal(f"Unexpected end tag at byte offset {self.byte(begin)}")
        opened = self.stack.pop()
        if end[1] and end[1].lower() != opened.tag:
            raise self.refusal(
                f"Unmatched end tag at byte offset {self.byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{end[1].lower()}>"'
            )
        self.at = end.end()
        self.close(opened)

    def close(self, opened: _Open) -> None:
        entity: Json = {"type": TYPES[opened.tag], "offset": opened.offset, "length": self.length - opened.offset}
        if opened.tag == "a":
            url = opened.attributes.get("href", "")
            if not re.match(r"(https?://|tg://|mailto:|tel:|[\w-]+\.[\w-])", url):
                return  # Telegram keeps the words and silently drops a link that is none
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        elif opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if entity["length"]:
            self.entities.append(entity)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The visible text and its entities, as Telegram reads its subset of HTML; `Refused` in Telegram's words."""
    return _HtmlParse(source).run()


def parse_text(text: str, parse_mode: str | None, limit: int = MAX_TEXT) -> tuple[str, list[Json]]:
    """What a chat will show of `text`, or `Refused`."""
    if parse_mode and parse_mode.lower() != "html":
        raise Refused(f"Bad Request: unsupported parse_mode {parse_mode}: this test server reads HTML only")
    shown, entities = parse_html(text) if parse_mode else (text, [])
    if units(shown.strip()) > limit:
        raise Refused(
            "Bad Request: message is too long" if limit == MAX_TEXT else "Bad Request: message caption is too long"
        )
    return shown, entities


def check_keyboard(markup: Json | None) -> None:
    """Refuse an inline keyboard that Telegram would refuse."""
    if not markup or "inline_keyboard" not in markup:
        return
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise Refused('Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise Refused("Bad Request: REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            check_button(button)


def check_button(button: Json) -> None:
    """Refuse a button without a text or with data or a link that Telegram does not take."""
    if not button.get("text"):
        raise Refused("Bad Request: inline keyboard button text must be non-empty")
    kinds = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if len(kinds) != 1:
        raise Refused("Bad Request: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in kinds and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_CALLBACK_BYTES:
        raise Refused("Bad Request: BUTTON_DATA_INVALID")
    if "url" in kinds and not re.match(r"(https?://|tg://)?[^\s/]+\.?[^\s]*$", str(button["url"])):
        raise Refused(f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
