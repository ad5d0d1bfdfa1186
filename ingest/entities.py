"""Telegram's formatting entities to visible text and links.

Two shapes of one thing: MTProto and the Bot API put entities beside the text, with offsets in UTF-16 units
(https://core.telegram.org/api/entities); Telegram Desktop's `result.json` cuts the text into parts.
"""

from collections.abc import Iterable, Iterator, Mapping

from core.model import Link
from ingest.markup import Marked
from ingest.urls import linkable

LONGEST_LABEL = 1024  # characters of a link's text that are kept
MOST_ENTITIES = 1000  # Telegram itself stops at 100 a message


def from_entities(text: str, entities: Iterable[object]) -> Marked:
    """Text and its links from MTProto-like entities: mappings (`{"_": "messageEntityUrl", "offset": …}`, Bot API's
    `{"type": "text_link", …}`) or Telethon's objects. An entity that points outside the text is passed over."""
    links = (_link(kind, label, target) for kind, label, target in sliced(text, entities))
    return Marked(text, _unique(links))


def from_parts(parts: object) -> Marked:
    """Text and links from the `text` of a `result.json` message: a string, or strings and `{type, text, href?}`."""
    if isinstance(parts, str):
        return Marked(parts)
    if not isinstance(parts, list):
        return Marked("")
    texts: list[str] = []
    links: list[Link | None] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            texts.append(part["text"])
            if len(links) < MOST_ENTITIES:
                kind = _kind(part.get("type"))
                links.append(_link(kind, part["text"][:LONGEST_LABEL], part.get("href")))
    return Marked("".join(texts), _unique(links))


def sliced(text: str, entities: Iterable[object]) -> Iterator[tuple[str, str, object]]:
    """Each entity as (kind, the text it covers, its `url`); kinds as `url`, `texturl`, `mention`, `hashtag`, `pre`."""
    narrow = not text or max(text) < "\U00010000"  # then a UTF-16 unit is a character
    units = b"" if narrow else text.encode("utf-16-le", "surrogatepass")
    size = len(text) if narrow else len(units) // 2
    for number, entity in enumerate(entities):
        if number == MOST_ENTITIES:
            return
        offset, length = _field(entity, "offset"), _field(entity, "length")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0 or offset >= size:
            continue
        end = offset + min(length, 2 * LONGEST_LABEL)
        cover = text[offset:end] if narrow else units[2 * offset : 2 * end].decode("utf-16-le", "ignore")
        name = _field(entity, "_") or _field(entity, "type") or type(entity).__name__
        yield _kind(name), cover[:LONGEST_LABEL], _field(entity, "url")


def _field(entity: object, name: str) -> object:
    return entity.get(name) if isinstance(entity, Mapping) else getattr(entity, name, None)


def _kind(name: object) -> str:
    """`messageEntityTextUrl`, `text_link` and `TextUrl` are one kind."""
    kind = str(name).lower().replace("_", "").removeprefix("messageentity")
    return {"textlink": "texturl", "link": "url"}.get(kind, kind)


def _link(kind: str, label: str, target: object) -> Link | None:
    label = label.strip()
    if kind == "texturl" and isinstance(target, str):
        url = linkable(target)
        return Link(url=url, label=label) if url else None
    if kind == "url":
        url = linkable(label)
        return Link(url=url, label="" if url == label else label) if url else None
    if kind == "mention" and label.startswith("@") and label[1:].isidentifier():
        return Link(url=f"https://t.me/{label[1:]}", label=label)
    if kind == "email" and (url := linkable(f"mailto:{label}")):
        return Link(url=url, label=label)
    return None


def _unique(links: Iterable[Link | None]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(link for link in links if link))
