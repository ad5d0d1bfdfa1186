"""Pure: MTProto messages, as Telethon types, to `NewPost`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from telethon.tl import types as T

from core.model import FactCheck, Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction, Source, post_url
from ingest.entities import from_entities
from ingest.telegram.media import MOST_ITEMS, attached, document, films, photos
from ingest.telegram.rich import read_rich
from ingest.telegram.service import what_happened
from ingest.urls import linkable

PAID_REACTION = "⭐"
ALBUM_SIZE = 10
DELETED = "Deleted Account"  # as Telegram's own pages name an author who is gone


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom a page of messages speaks of: channels and groups, and people, by their ids."""

    chats: Mapping[int, Any] = field(default_factory=dict)
    people: Mapping[int, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, *results: Any) -> "Cast":
        """The cast of what `messages.getHistory` and its like answer."""
        chats = {chat.id: chat for result in results for chat in result.chats}
        return cls(chats, {user.id: user for result in results for user in result.users})


def public_name(entity: Any) -> str | None:
    """The username of a channel, group or person; of several the first that is active."""
    if getattr(entity, "username", None):
        return str(entity.username)
    several = getattr(entity, "usernames", None) or ()
    return next((str(name.username) for name in several if name.active), None)


def public_names(entity: Any) -> frozenset[str]:
    """All usernames that lead there, in lower case."""
    several = getattr(entity, "usernames", None) or ()
    active = (str(name.username) for name in several if name.active)
    return frozenset(name.lower() for name in (public_name(entity), *active) if name)


def channel_name(chat: Any, number: int) -> str:
    """How a post's address names a channel: its public name, or `c/<number>`."""
    return public_name(chat) or f"c/{number}"


def albums(messages: Iterable[Any]) -> list[list[Any]]:
    """Messages, oldest first, as posts: those of one album together, at the place of the first of them."""
    groups: dict[object, list[Any]] = {}
    for message in messages:
        groups.setdefault(getattr(message, "grouped_id", None) or ("alone", message.id), []).append(message)
    return list(groups.values())


def to_post(messages: Sequence[Any], channel: str, title: str | None, cast: Cast) -> NewPost:
    """One post from its message, or from all messages of an album, oldest first.

    `channel` and `title` are the channel's own; `cast` names those whom the messages speak of.
    """
    first, *rest = messages
    if isinstance(first, T.MessageService):
        return _service(first, channel, title)
    found = [_Content.of(message) for message in messages]
    edits = [message.edit_date for message in messages if message.edit_date and not message.edit_hide]
    return NewPost(
        channel=channel,
        message_id=first.id,
        date=_utc(first.date),
        source=Source.ACCOUNT,
        channel_title=title,
        text=_paragraphs(*(content.text for content in found)),
        links=tuple(dict.fromkeys(link for content in found for link in content.links)),
        edited=bool(edits),
        edited_at=_utc(max(edits)) if edits else None,
        unsupported=any(content.unsupported for content in found),
        author=_first(message.post_author for message in messages),
        views=_most(message.views for message in messages),
        forwards=_most(message.forwards for message in messages),
        forwarded_from=_forward(first.fwd_from, cast),
        reply_to=_reply(first.reply_to, channel, cast),
        album=len(messages) > 1,
        album_ids=tuple(message.id for message in rest),
        media=sum((content.media for content in found), Media()),
        files=tuple(file for content in found for file in content.files),
        poll=_first(content.poll for content in found),
        preview=_first(content.preview for content in found),
        buttons=tuple(link for content, m in zip(found, messages, strict=True) for link in _buttons(m, content)),
        via_bot=_via_bot(first, cast),
        reactions=_first(_reactions(message) for message in messages) or (),
        quote=_quote(first.reply_to),
        fact_check=_first(_fact_check(message.factcheck) for message in messages),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


@dataclass(slots=True)
class _Content:
    """The words and the media of one message."""

    text: str = ""
    links: tuple[Link, ...] = ()
    media: Media = field(default_factory=Media)
    poll: Poll | None = None
    preview: LinkPreview | None = None
    files: tuple[str, ...] = ()
    buttons: list[Link] = field(default_factory=list)
    unsupported: bool = False

    @classmethod
    def of(cls, message: Any) -> "_Content":
        text, links = from_entities(message.message or "", message.entities or ())
        beside, rich = attached(message.media), message.rich_message
        content = cls(text, links, beside.media, beside.poll, beside.preview, beside.files, unsupported=beside.silent)
        if rich is not None:
            words, body = read_rich(rich.blocks)
            content.text = _paragraphs(text, words)
            content.links = tuple(dict.fromkeys((*links, *body.links)))
            content.buttons, content.unsupported = body.buttons, content.unsupported or body.unsupported
            content.media += Media(photos=len(rich.photos or ()))
            content.media = sum((document(file) for file in rich.documents or ()), content.media)
            pieces = (*map(photos, rich.photos or ()), *map(films, rich.documents or ()))
            content.files = tuple(chain(content.files, *pieces))
        content.text = _paragraphs(content.text, beside.words)
        return content


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _peer_number(peer: Any) -> int | None:
    """The id of a channel, group or person without the kind."""
    for name in ("channel_id", "chat_id", "user_id"):
        if hasattr(peer, name):
            return int(getattr(peer, name))
    return None


def _forward(header: Any, cast: Cast) -> Forward | None:
    if header is None:
        return None
    number = _peer_number(header.from_id)
    if number is None:
        return Forward(name=header.from_name)
    if isinstance(header.from_id, T.PeerUser):
        user = cast.people.get(number)
        name = " ".join(part for part in (getattr(user, "first_name", ""), getattr(user, "last_name", "")) if part)
        name = name or (DELETED if getattr(user, "deleted", False) else "")
        handle = public_name(user)
        return Forward(name=name or header.from_name, url=f"https://t.me/{handle}" if handle else None)
    chat = cast.chats.get(number)
    name = getattr(chat, "title", None) or header.from_name
    address = channel_name(chat, number)
    public = public_name(chat)
    if header.channel_post:
        return Forward(name=name, url=post_url(address, header.channel_post))
    return Forward(name=name, url=f"https://t.me/{public}" if public else None)


def _reply(header: Any, channel: str, cast: Cast) -> str | None:
    number = getattr(header, "reply_to_msg_id", None)
    if not number:
        return None
    elsewhere = _peer_number(header.reply_to_peer_id)
    if elsewhere is None:
        return post_url(channel, number)
    return post_url(channel_name(cast.chats.get(elsewhere), elsewhere), number)


def _quote(header: Any) -> str | None:
    return header.quote_text if getattr(header, "quote", None) and header.quote_text else None


def _fact_check(note: Any) -> FactCheck | None:
    text = note.text.text if note is not None and note.text is not None else ""
    return FactCheck(text=text, country=note.country or "") if text.strip() else None


def _via_bot(message: Any, cast: Cast) -> str | None:
    name = public_name(cast.people.get(message.via_bot_id)) if message.via_bot_id else None
    return f"@{name}" if name else None


def _buttons(message: Any, content: _Content) -> Iterator[Link]:
    yield from content.buttons[:MOST_ITEMS]
    markup = message.reply_markup
    if isinstance(markup, T.ReplyInlineMarkup):
        for button in [button for row in markup.rows for button in row.buttons][:MOST_ITEMS]:
            address = getattr(button.type, "url", None)
            url = linkable(address) if isinstance(address, str) else None
            if url:
                yield Link(url=url, label=button.text)


def _reactions(message: Any) -> tuple[Reaction, ...]:
    """Emoji and paid reactions; a custom emoji has no character of its own and is passed over."""
    results = message.reactions.results[:MOST_ITEMS] if message.reactions else ()
    shown = ((_emoji(result.reaction), result.count) for result in results)
    return tuple(Reaction(emoji=emoji, count=count) for emoji, count in shown if emoji)


def _emoji(reaction: Any) -> str:
    if isinstance(reaction, T.ReactionPaid):
        return PAID_REACTION
    return str(getattr(reaction, "emoticon", ""))


def _service(message: Any, channel: str, title: str | None) -> NewPost:
    return NewPost(
        channel=channel,
        message_id=message.id,
        date=_utc(message.date),
        source=Source.ACCOUNT,
        channel_title=title,
        service=True,
        text=what_happened(message.action, title or channel),
    )
