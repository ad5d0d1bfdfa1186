"""A page of the public web preview, `t.me/s/<name>` -> its posts and what it says of the channel. Pure."""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from lxml import etree

from core.model import About, NewPost
from ingest.markup import marked, parse_page, read_count, words
from ingest.preview.message import read_message, split_post_address

_HEAD = etree.XPath("/html/head/meta[@property] | /html/head/link[@rel]")
_OLDER = etree.XPath("//a[@data-before]")
_LANDING = etree.XPath("boolean(//div[@class='tgme_page'])")
_MESSAGE: Final = "tgme_widget_message"
_CURSOR = re.compile(r"[?&]before=(\d{1,10})(?!\d)")
_SMALLEST, _LARGEST = 1_000_000, 1 << 52  # of the numbers that channels have
_DEEPEST: Final = 64  # a message stands some ten elements deep


class PageKind(StrEnum):
    """What a page is: the preview of a channel, messages without a page around them, a landing page, something else."""

    PREVIEW = "preview"
    FRAGMENT = "fragment"
    LANDING = "landing"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """What a page holds. Posts stand in page order, oldest first, under the channel name they carry themselves, which
    may be an older name of the channel; `about` is what the page tells of it. `older_before` is the next `?before=`,
    None at the end."""

    kind: PageKind
    channel: str | None = None
    about: About = field(default_factory=About)
    older_before: int | None = None
    posts: tuple[NewPost, ...] = ()


def ids_of(posts: Iterable[NewPost]) -> list[int]:
    """The ids of those posts of a page that have one."""
    return [post.message_id for post in posts if post.message_id is not None]


def under_one_name(page: PreviewPage, channel: str) -> tuple[NewPost, ...]:
    """The posts of a page under the name its channel has now, else `channel`; old posts of a renamed channel carry
    the old name, and would count as those of another."""
    name = page.channel or channel
    return tuple(post if post.channel == name else replace(post, channel=name) for post in page.posts)


def read_preview(page: bytes | str, what: str = "page") -> PreviewPage:
    """Read a page or a fragment of one; `what` names it in errors.

    A landing page, or any other, is told by `kind` and has no posts. Raises BadInput for what cannot be read as
    a whole: an empty, binary, cut off, too large or too deeply nested page.
    """
    root = parse_page(page, what, whole=True)
    if root is None:
        return PreviewPage(kind=PageKind.OTHER)
    messages, viewed = _messages(root)
    posts = tuple(read_message(element) for element in _outermost(messages))
    header = _Header(root.find(".//header"))
    head = _head(root)
    older = [read_count(node.get("data-before")) for node in _OLDER(root)]
    return PreviewPage(
        kind=_kind(root, posts),
        channel=header.channel() or _commonest(post.channel for post in posts),
        about=About(
            description=header.description() or head.get("og:description"),
            members=header.members(),
            telegram_id=_number(viewed),
        ),
        older_before=next(reversed(older), None) or _cursor(head.get("prev")),
        posts=posts,
    )


def _number(viewed: str) -> int | None:
    """The channel's number, out of what a page sends back when a post was seen: {"c": -1043793945, …} in base64."""
    try:
        number = json.loads(b64decode(f"{viewed[:400]}==", altchars=b"-_")).get("c")
    except (ValueError, AttributeError, RecursionError):
        return None
    return -number if type(number) is int and -_LARGEST < number <= -_SMALLEST else None


def _kind(root: etree._Element, posts: Sequence[NewPost]) -> PageKind:
    if any("tgme_channel_history" in (section.get("class") or "") for section in root.iter("section")):
        return PageKind.PREVIEW
    if posts:
        return PageKind.FRAGMENT
    return PageKind.LANDING if _LANDING(root) else PageKind.OTHER


def _messages(root: etree._Element) -> tuple[list[etree._Element], str]:
    """The elements that are messages, and what the page sends back when the first was seen."""
    messages, viewed = [], ""
    for node in root.iter("div"):  # in one pass: an XPath looks at each word of each class, and again for each question
        classes = node.get("class") or ""
        if node.get("data-post") is not None or (_MESSAGE in classes and _MESSAGE in classes.split()):
            messages.append(node)
        viewed = viewed or node.get("data-view") or ""
    return messages, viewed


def _outermost(elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Without messages within messages, which no real page has: reading each whole would cost their product."""
    outer: etree._Element | None = None
    for element in elements:
        above = list(islice(element.iterancestors(), _DEEPEST))
        if len(above) < _DEEPEST and outer not in above:
            outer = element
            yield element


def _head(root: etree._Element) -> dict[str, str]:
    """The properties and links of the page's head, the first of each name."""
    facts: dict[str, str] = {}
    for node in _HEAD(root):
        name, value = node.get("property") or node.get("rel"), node.get("content") or node.get("href")
        if name and value:
            facts.setdefault(name, value.strip())
    return facts


def _cursor(address: str | None) -> int | None:
    match = _CURSOR.search(address or "")
    return int(match.group(1)) if match else None


def _commonest(names: Iterable[str]) -> str | None:
    common = Counter(name for name in names if name).most_common(1)
    return common[0][0] if common else None


class _Header:
    """The column that tells of the channel: elements by the first word of their class."""

    def __init__(self, header: etree._Element | None) -> None:
        self._first: dict[str, etree._Element] = {}
        self._counters: list[etree._Element] = []
        for node in () if header is None else header.iterdescendants("div"):
            word = (node.get("class") or "").partition(" ")[0]
            self._first.setdefault(word, node)
            if word == "tgme_channel_info_counter":
                self._counters.append(node)

    def channel(self) -> str | None:
        """The public name, without the `@`."""
        node = self._first.get("tgme_channel_info_header_username")
        name = words(node) if node is not None else None
        return split_post_address((name or "").removeprefix("@"))[0] or None

    def description(self) -> str | None:
        node = self._first.get("tgme_channel_info_description")
        return None if node is None else marked(node).text or None

    def members(self) -> int | None:
        """How many subscribe, where that is shown as a number."""
        told = ((words(node) or "").partition(" ") for node in self._counters)
        return next((read_count(figure) for figure, _, name in told if name in {"subscriber", "subscribers"}), None)
