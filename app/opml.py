"""Lists of channels as OPML, which feed readers take and give: one outline a list, one inside it a channel. Pure."""

import re
from collections.abc import Iterator

from lxml import etree

from core.addresses import Form, read_address
from core.errors import BadInput
from core.lists import Lists, fit_title, is_channel_name, listed_name
from core.texts import DEFAULT_LANGUAGE

_LARGEST = 4 << 20  # bytes
_DEEPEST = 64
_ADDRESSES = ("xmlUrl", "htmlUrl", "url")
_FEED = re.compile(
    r"(?i)/(?:telegram/channel|telegram|tg)/@?([A-Za-z]\w{3,31})/?$"
)  # what bridges to RSS call a channel


def write_opml(lists: Lists) -> str:
    """The lists as an OPML 2.0 document."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Courant"
    body = etree.SubElement(root, "body")
    for each in lists.lists:
        title = each.title(DEFAULT_LANGUAGE)
        folder = etree.SubElement(body, "outline", text=title, title=title)
        for name in each.channels:
            written = lists.written(name)
            feed, page = (written, written) if written != name else (f"https://t.me/s/{name}", f"https://t.me/{name}")
            etree.SubElement(folder, "outline", type="rss", text=name, xmlUrl=feed, htmlUrl=page)
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8").decode()


def read_opml(document: bytes, what: str) -> dict[str, list[str]]:
    """The channels in an OPML document, by the title of the outline that they stand in ("" for none).

    Raises BadInput for what is no OPML; entities are not expanded and nothing is fetched.
    """
    if len(document) > _LARGEST:
        raise BadInput(what, f"is larger than {_LARGEST >> 20} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput(what, f"is no OPML: {error.msg}", error.lineno) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInput(what, "declares a document type of its own, which an OPML file does not need")
    if root.tag != "opml":
        raise BadInput(what, "is XML, but no OPML")
    found: dict[str, dict[str, str]] = {}
    for title, name in _channels(root, "", 0):
        found.setdefault(title, {}).setdefault(listed_name(name).lower(), name)
    return {title: list(names.values()) for title, names in found.items()}


def _channels(node: etree._Element, title: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    for outline in node.iterchildren("body", "outline"):
        if name := _name(outline):
            yield title, name
        else:
            words = fit_title(outline.get("title") or outline.get("text") or "")
            yield from _channels(outline, words or title, depth + 1)


def _name(outline: etree._Element) -> str | None:
    for key in _ADDRESSES:
        value = outline.get(key) or ""
        address = read_address(value)
        if address and address.form is Form.INVITE:
            return address.url
        if address and address.name and is_channel_name(address.name):
            return address.name
        if match := _FEED.search(value):
            return match[1]
    return None
