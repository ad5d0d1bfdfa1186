"""A preview page read with BeautifulSoup: the same fields, the same values as `ingest.preview.page`, to measure
against."""

import re
from datetime import UTC, datetime

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from core.model import Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction
from ingest.markup import read_count

_BLOCKS = {"div", "blockquote", "pre", "p", "li", "ul", "ol"}
_PLAYERS = re.compile(r"_player$|media_not_supported_cont")


def read_with_soup(page: bytes, parser: str) -> list[NewPost]:
    """The posts of a page; `parser` is one of BeautifulSoup's."""
    soup = BeautifulSoup(page, parser, from_encoding="utf-8")
    return [_post(message) for message in soup.find_all("div", class_="tgme_widget_message")]


def _post(message: Tag) -> NewPost:
    texts = [
        text
        for text in message.find_all("div", class_="tgme_widget_message_text")
        if text.find_parent("a", class_="tgme_widget_message_reply") is None
    ]
    date = message.find("a", class_="tgme_widget_message_date")
    address = _attribute(message, "data-post") or _attribute(date, "href").removeprefix("https://t.me/")
    channel, _, number = address.partition("/")
    moment = date.find("time") if date else None
    meta = message.find("span", class_="tgme_widget_message_meta")
    views = message.find("span", class_="tgme_widget_message_views")
    reply = message.find("a", class_="tgme_widget_message_reply")
    media = message.find_all("a", class_=re.compile("_(?:photo_wrap|video_player|document_wrap)"))
    ids = {int(found.group(1)) for node in media if (found := re.search(r"/(\d+)(?:\?|$)", _attribute(node, "href")))}
    return NewPost(
        channel=channel,
        message_id=int(number),
        date=_date(_attribute(moment, "datetime")),
        text=_text(texts[0]) if texts else "",
        links=_links(texts[0]) if texts else (),
        channel_title=_words(message, "tgme_widget_message_owner_name"),
        edited="edited" in (meta.find(string=True, recursive=False) or "") if meta else False,
        service="service_message" in message["class"],
        unsupported=_unsupported(message),
        author=_words(message, "tgme_widget_message_from_author"),
        views=read_count(views.get_text()) if views else None,
        forwarded_from=_forward(message),
        reply_to=_attribute(reply, "href") or None,
        album=message.find("div", class_="tgme_widget_message_grouped_wrap") is not None,
        album_ids=tuple(sorted(ids - {int(number)})),
        media=_media(message),
        files=tuple(filter(None, map(_film, message.find_all(class_="tgme_widget_message_video_player")))),
        poll=_poll(message),
        preview=_preview(message),
        buttons=tuple(
            Link(url=_attribute(button, "href"), label=_line(button))
            for button in message.find_all("a", class_="tgme_widget_message_inline_button")
        ),
        via_bot=_words(message, "tgme_widget_message_via_bot"),
        reactions=tuple(_reaction(node) for node in message.find_all("span", class_="tgme_reaction")),
    )


def _date(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        return None


def _media(message: Tag) -> Media:
    def count(name: str) -> int:
        return len(message.find_all(class_=name))

    titles = message.find_all("div", class_="tgme_widget_message_document_title")
    return Media(
        photos=count("tgme_widget_message_photo_wrap"),
        videos=count("tgme_widget_message_video_player"),
        round_videos=count("tgme_widget_message_roundvideo_player"),
        voices=count("tgme_widget_message_voice_player"),
        stickers=count("tgme_widget_message_sticker_wrap"),
        documents=tuple(_line(title) for title in titles),
    )


def _film(player: Tag) -> str | None:
    for video in player.find_all("video"):
        name = re.search(r"/file/([0-9a-f]{10})\.mp4(?:\?|$)", _attribute(video, "src"))
        if name and not video.has_attr("loop"):
            return f"film {name[1]}"
    return None


def _forward(message: Tag) -> Forward | None:
    if message.find(class_="tgme_widget_message_forwarded_from") is None:
        return None
    name = message.find(class_="tgme_widget_message_forwarded_from_name")
    return Forward(name=_line(name), url=_attribute(name, "href") or None) if name else Forward()


def _poll(message: Tag) -> Poll | None:
    poll = message.find("div", class_="tgme_widget_message_poll")
    if poll is None:
        return None
    options = poll.find_all("div", class_="tgme_widget_message_poll_option_text")
    return Poll(
        question=_words(poll, "tgme_widget_message_poll_question") or "",
        type=_words(poll, "tgme_widget_message_poll_type") or "",
        options=tuple(_line(option) for option in options),
    )


def _preview(message: Tag) -> LinkPreview | None:
    preview = message.find("a", class_="tgme_widget_message_link_preview")
    if preview is None:
        return None
    description = preview.find("div", class_="link_preview_description")
    return LinkPreview(
        url=_attribute(preview, "href"),
        site=_words(preview, "link_preview_site_name"),
        title=_words(preview, "link_preview_title"),
        description=_text(description) or None if description else None,
    )


def _reaction(node: Tag) -> Reaction:
    emoji = node.find("b")
    texts = [text for text in node.find_all(string=True, recursive=False) if text.strip()]
    return Reaction(emoji=emoji.get_text() if emoji else "⭐", count=read_count(texts[-1]) or 0)


def _unsupported(message: Tag) -> bool:
    node = message.find("div", class_="message_media_not_supported_wrap")
    return (
        node is not None
        and "media_not_supported_cont" not in node["class"]
        and node.find_parent(class_=_PLAYERS) is None
    )


def _attribute(node: Tag | None, name: str) -> str:
    return str(node.get(name) or "") if node else ""


def _words(node: Tag, name: str) -> str | None:
    found = node.find(class_=name)
    return _line(found) if found else None


def _line(node: Tag) -> str:
    return " ".join(node.get_text().replace("\u200b", "").split())


def _text(node: Tag) -> str:
    pieces: list[str] = []
    _collect(node, pieces, kept=False)
    text = re.sub(r" {2,}", " ", "".join(pieces)).replace("\u200b", "").replace("\ufeff", "")
    text = re.sub(r" ?[\n\v][ \n\v]*", _newlines, text)
    return text.strip(" \n").replace("\xa0", " ").rstrip()


def _collect(node: Tag, pieces: list[str], *, kept: bool) -> None:
    for child in node.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):
                pieces.append(child.replace(" ", "\xa0") if kept else re.sub(r"\s+", " ", child))
        elif not isinstance(child, Tag):
            continue
        elif child.name == "br":
            pieces.append("\n")
        else:
            edge = "\v" if child.name in _BLOCKS else ""
            pieces.append(edge)
            _collect(child, pieces, kept=kept or child.name == "pre")
            pieces.append(edge)


def _newlines(match: re.Match[str]) -> str:
    before, edge, after = match.group().partition("\v")
    count = (max(before.count("\n"), 1) if edge else before.count("\n")) + after.count("\n")
    return "\n\n" if count > 1 else "\n"


def _links(node: Tag) -> tuple[Link, ...]:
    found: dict[str, str] = {}
    for link in node.find_all("a", href=True):
        label, url = _line(link), _attribute(link, "href")
        if not found.setdefault(url, "") and _bare(label) != _bare(url):
            found[url] = label
    return tuple(Link(url=url, label=label) for url, label in found.items())


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://|mailto:|tel:)(?:www\.)?", "", address.lower()).rstrip("/")
