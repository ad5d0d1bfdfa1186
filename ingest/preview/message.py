"""One message of a preview page -> `NewPost`.

The markup has no description of its own; it was read off saved pages of 2023 to 2026. What a thing is, one word of its
`class` says: `_READERS` lists the words. An element with a reader is read whole by it, all others are walked through.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from core.model import Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction
from core.moments import read_date
from ingest.markup import Marked, marked, read_count, words
from ingest.places import in_lines, phone, spot

_ADDRESS = re.compile(r"(?:https?://t\.me/)?(?:s/)?(c/\d{1,20}|[A-Za-z][A-Za-z0-9_]{0,63})(?:/(\d{1,10}))?(?:[?#]|\Z)")
_POINT: Final = re.compile(r"[?&]q=(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)(?:&|\Z)")
_FILM: Final = re.compile(r"/file/([0-9a-f]{10})\.mp4(?:\?|\Z)")
_IN_A_PLAYER: Final = 16  # elements that are looked at: there are five, and players may stand in one another
_PAID_REACTION: Final = "⭐"  # drawn as an icon without a character of its own


def read_message(element: etree._Element) -> NewPost:
    """The post that a `tgme_widget_message` element shows. What the page lacks is None; nothing here raises."""
    draft = _Draft()
    stack: list[etree._Element] = list(reversed(element))
    while stack:
        node = stack.pop()
        classes = node.get("class")
        reader = _reader(classes) if classes else None
        if reader is not None:
            reader(draft, node)
        elif len(node):
            stack.extend(reversed(node))
    return draft.post(element)


def split_post_address(value: str | None) -> tuple[str, int | None]:
    """Channel and message id of "name/12" or "https://t.me/name/12?single"; an empty name for anything else."""
    match = _ADDRESS.match(value or "")
    if match is None:
        return "", None
    name, number = match.groups()
    return name, int(number) if number and 0 < int(number) < 2**31 else None


@dataclass(slots=True)
class _Draft:
    """What has been read of a message so far."""

    marked: Marked | None = None
    said: list[str] = field(default_factory=list)  # by a place or a contact
    title: str | None = None
    date: datetime | None = None
    address: str | None = None
    edited: bool = False
    author: str | None = None
    views: int | None = None
    forwarded: Forward | None = None
    reply_to: str | None = None
    via_bot: str | None = None
    unsupported: bool = False
    grouped: bool = False
    poll: Poll | None = None
    preview: LinkPreview | None = None
    photos: int = 0
    videos: int = 0
    round_videos: int = 0
    voices: int = 0
    stickers: int = 0
    documents: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    media_addresses: list[str] = field(default_factory=list)
    buttons: list[Link] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)

    def post(self, element: etree._Element) -> NewPost:
        channel, message_id = split_post_address(element.get("data-post"))
        if message_id is None:
            linked = split_post_address(self.address)
            if not channel or linked[0].lower() == channel.lower():
                channel, message_id = linked
        text = self.marked or Marked("")
        return NewPost(
            channel=channel,
            message_id=message_id,
            date=self.date,
            text="\n\n".join(filter(None, (text.text, *self.said))) if self.said else text.text,
            links=text.links,
            channel_title=self.title,
            edited=self.edited,
            service="service_message" in (element.get("class") or "").split(),
            unsupported=self.unsupported,
            author=self.author,
            views=self.views,
            forwarded_from=self.forwarded,
            reply_to=self.reply_to,
            album=self.grouped,
            album_ids=self._album_ids(channel, message_id),
            media=Media(
                photos=self.photos,
                videos=self.videos,
                round_videos=self.round_videos,
                voices=self.voices,
                stickers=self.stickers,
                documents=tuple(self.documents),
            ),
            files=tuple(self.files),
            poll=self.poll,
            preview=self.preview,
            buttons=tuple(self.buttons),
            via_bot=self.via_bot,
            reactions=tuple(self.reactions),
        )

    def _album_ids(self, channel: str, message_id: int | None) -> tuple[int, ...]:
        addresses = (split_post_address(address) for address in self.media_addresses)
        ids = {number for name, number in addresses if number and name == channel and number != message_id}
        return tuple(sorted(ids))


def _text(draft: _Draft, node: etree._Element) -> None:
    if draft.marked is None:  # a caption of each piece of an album would be a second one
        draft.marked = marked(node)


def _owner(draft: _Draft, node: etree._Element) -> None:
    draft.title = draft.title or words(node)


def _meta(draft: _Draft, node: etree._Element) -> None:
    draft.edited = (node.text or "").strip().lower().startswith("edited")
    for child in node.iterdescendants():
        classes = (child.get("class") or "").split()
        if "tgme_widget_message_from_author" in classes:
            draft.author = words(child)
        elif "tgme_widget_message_date" in classes:
            draft.address = child.get("href")
        elif child.tag == "time":
            draft.date = read_date(child.get("datetime"))


def _views(draft: _Draft, node: etree._Element) -> None:
    draft.views = read_count(node.text)


def _forwarded(draft: _Draft, node: etree._Element) -> None:
    name = _by_class(node, "tgme_widget_message_forwarded_from_name")
    draft.forwarded = Forward() if name is None else Forward(name=words(name), url=name.get("href"))


def _reply(draft: _Draft, node: etree._Element) -> None:
    draft.reply_to = node.get("href")


def _via_bot(draft: _Draft, node: etree._Element) -> None:
    draft.via_bot = words(node)


def _grouped(draft: _Draft, node: etree._Element) -> None:
    draft.grouped = True
    for child in node.iterdescendants("a", "div"):
        reader = _reader(child.get("class") or "")
        if reader in {_photo, _video}:
            reader(draft, child)


def _photo(draft: _Draft, node: etree._Element) -> None:
    draft.photos += 1
    _medium(draft, node)


def _video(draft: _Draft, node: etree._Element) -> None:
    draft.videos += 1
    inside = islice(node.iterdescendants(), _IN_A_PLAYER)
    if name := next(filter(None, (_film_name(child) for child in inside if child.tag == "video")), None):
        draft.files.append(f"film {name}")
    _medium(draft, node)


def _film_name(film: etree._Element) -> str | None:
    """A film's name, which it bears in other posts, too; what plays by itself, as what is blurred behind a narrow film
    does, is sent for fun by everybody."""
    name = _FILM.search(film.get("src") or "")
    return name[1] if name and film.get("loop") is None else None


def _round_video(draft: _Draft, node: etree._Element) -> None:
    draft.round_videos += 1


def _voice(draft: _Draft, node: etree._Element) -> None:
    draft.voices += 1


def _sticker(draft: _Draft, node: etree._Element) -> None:
    draft.stickers += 1


def _document(draft: _Draft, node: etree._Element) -> None:
    draft.documents.append(_inside(node, "tgme_widget_message_document_title") or "")
    _medium(draft, node)


def _medium(draft: _Draft, node: etree._Element) -> None:
    if href := node.get("href"):
        draft.media_addresses.append(href)


def _poll(draft: _Draft, node: etree._Element) -> None:
    options = _all_by_class(node, "tgme_widget_message_poll_option_text")
    draft.poll = Poll(
        question=_inside(node, "tgme_widget_message_poll_question") or "",
        type=_inside(node, "tgme_widget_message_poll_type") or "",
        options=tuple(words(option) or "" for option in options),
    )


def _place(draft: _Draft, node: etree._Element) -> None:
    """A venue by name and address, a bare point by what the address of its map says."""
    said = [_inside(node, f"tgme_widget_message_location_{part}") for part in ("title", "address")]
    point = _POINT.search(node.get("href") or "")
    draft.said.append(in_lines(*said) or (spot(*map(float, point.groups())) if point else ""))


def _contact(draft: _Draft, node: etree._Element) -> None:
    name = _inside(node, "tgme_widget_message_contact_name")
    number = _inside(node, "tgme_widget_message_contact_phone")
    draft.said.append(in_lines(name, phone(number or "")))


def _link_preview(draft: _Draft, node: etree._Element) -> None:
    description = _by_class(node, "link_preview_description")
    draft.preview = LinkPreview(
        url=node.get("href") or "",
        site=_inside(node, "link_preview_site_name"),
        title=_inside(node, "link_preview_title"),
        description=None if description is None else marked(description).text or None,
    )


def _button(draft: _Draft, node: etree._Element) -> None:
    draft.buttons.append(Link(url=node.get("href") or "", label=words(node) or ""))


def _reaction(draft: _Draft, node: etree._Element) -> None:
    """`<i class="emoji"><b>X</b></i>10`, the emoji within a `<tg-emoji>` where it is a custom one."""
    emoji = _PAID_REACTION if "tgme_reaction_paid" in (node.get("class") or "") else ""
    if len(node):
        emoji = emoji or words(node[0]) or ""
    count = read_count((node[-1].tail if len(node) else node.text) or "")
    if count is not None:
        draft.reactions.append(Reaction(emoji=emoji, count=count))


def _unsupported(draft: _Draft, node: etree._Element) -> None:
    """Only where it stands by itself: in a player, or beside what is shown, it is for old browsers."""
    draft.unsupported |= "media_not_supported_cont" not in (node.get("class") or "")


def _nothing(draft: _Draft, node: etree._Element) -> None:
    """Passes over what holds nothing for us."""


_READERS: Final[dict[str, Callable[[_Draft, etree._Element], None]]] = {
    "tgme_widget_message_text": _text,
    "tgme_widget_message_owner_name": _owner,
    "tgme_widget_message_meta": _meta,
    "tgme_widget_message_views": _views,
    "tgme_widget_message_forwarded_from": _forwarded,
    "tgme_widget_message_reply": _reply,
    "tgme_widget_message_via_bot": _via_bot,
    "tgme_widget_message_grouped_wrap": _grouped,
    "tgme_widget_message_photo_wrap": _photo,
    "tgme_widget_message_video_player": _video,
    "tgme_widget_message_roundvideo_player": _round_video,
    "tgme_widget_message_voice_player": _voice,
    "tgme_widget_message_sticker_wrap": _sticker,
    "tgme_widget_message_document_wrap": _document,
    "tgme_widget_message_poll": _poll,
    "tgme_widget_message_location_wrap": _place,
    "tgme_widget_message_contact_wrap": _contact,
    "tgme_widget_message_link_preview": _link_preview,
    "tgme_widget_message_inline_button": _button,
    "tgme_reaction": _reaction,
    "message_media_not_supported_wrap": _unsupported,
    "media_not_supported_cont": _nothing,
    "tgme_widget_message_user": _nothing,
    "tgme_widget_message_bubble_tail": _nothing,
    "tgme_widget_message_service_date_wrap": _nothing,
}


@lru_cache(maxsize=512)
def _reader(classes: str) -> Callable[[_Draft, etree._Element], None] | None:
    """The reader of an element by its `class`; cached, for a page repeats a few dozen of them."""
    return next((_READERS[word] for word in classes.split() if word in _READERS), None)


def _by_class(node: etree._Element, word: str) -> etree._Element | None:
    return next(_all_by_class(node, word), None)


def _all_by_class(node: etree._Element, word: str) -> Iterator[etree._Element]:
    return (child for child in node.iterdescendants() if word in (child.get("class") or "").split())


def _inside(node: etree._Element, word: str) -> str | None:
    """The words of the first element below `node` that has this word in its class."""
    child = _by_class(node, word)
    return None if child is None else words(child)
