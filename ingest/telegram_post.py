"""Pure: MTProto messages, as Telethon types, to `NewPost`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as T  # noqa: N812 - the schema's types, as everyone calls them

from core.model import Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction, Source, post_url
from ingest.entities import from_entities
from ingest.telegram_rich import read_rich
from ingest.urls import linkable

PAID_REACTION = "⭐"
ALBUM_SIZE = 10
MOST_ITEMS = 200  # buttons, reactions, poll options that are kept of one post

_WITHOUT_WORDS = (
    T.MessageMediaUnsupported,
    T.MessageMediaStory,
    T.MessageMediaGiveaway,
    T.MessageMediaGiveawayResults,
    T.MessageMediaInvoice,
    T.MessageMediaGame,
    T.MessageMediaVideoStream,
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom a page of messages speaks of: channels and groups, and people, by their ids."""

    chats: Mapping[int, Any] = field(default_factory=dict)
    people: Mapping[int, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, result: Any) -> "Cast":
        """The cast of what `messages.getHistory` and its like answer."""
        return cls({chat.id: chat for chat in result.chats}, {user.id: user for user in result.users})


def public_name(entity: Any) -> str | None:
    """The username of a channel, group or person; of several the first that is active."""
    if getattr(entity, "username", None):
        return str(entity.username)
    several = getattr(entity, "usernames", None) or ()
    return next((str(name.username) for name in several if name.active), None)


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
        text="\n\n".join(content.text for content in found if content.text),
        links=_unique(link for content in found for link in content.links),
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
        media=_sum(content.media for content in found),
        poll=_first(content.poll for content in found),
        preview=_first(_preview(message.media) for message in messages),
        buttons=tuple(link for content, m in zip(found, messages, strict=True) for link in _buttons(m, content)),
        via_bot=_via_bot(first, cast),
        reactions=_first(_reactions(message) for message in messages) or (),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _unique(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(links))


@dataclass(slots=True)
class _Content:
    """The words and the media of one message."""

    text: str = ""
    links: tuple[Link, ...] = ()
    media: Media = field(default_factory=Media)
    poll: Poll | None = None
    buttons: list[Link] = field(default_factory=list)
    unsupported: bool = False

    @classmethod
    def of(cls, message: Any) -> "_Content":
        text, links = from_entities(message.message or "", message.entities or ())
        media, rich = message.media, message.rich_message
        content = cls(text, links, _media(media), unsupported=isinstance(media, _WITHOUT_WORDS))
        if rich is not None:
            words, body = read_rich(rich.blocks)
            content.text = "\n\n".join(part for part in (text, words) if part)
            content.links = _unique((*links, *body.links))
            content.buttons, content.unsupported = body.buttons, body.unsupported
            photos = Media(photos=len(rich.photos or ()))
            content.media = _sum([content.media, photos, *(_document(document) for document in rich.documents or ())])
        if isinstance(media, T.MessageMediaPoll):
            content.poll = _poll(media.poll)
        words = "\n".join(_words(media))
        if words:
            content.text = "\n\n".join(part for part in (content.text, words) if part)
        return content


def _words(media: Any) -> Iterator[str]:
    """What a checklist, a place or a contact says."""
    if isinstance(media, T.MessageMediaToDo):
        done = {completion.id for completion in media.completions or ()}
        yield media.todo.title.text
        for item in media.todo.list[:MOST_ITEMS]:
            yield f"{'☑' if item.id in done else '☐'} {item.title.text}"
    elif isinstance(media, T.MessageMediaVenue):
        yield from (part for part in (media.title, media.address) if part)
    elif isinstance(media, T.MessageMediaContact):
        yield " ".join(part for part in (media.first_name, media.last_name, media.phone_number) if part)
    elif isinstance(media, T.MessageMediaDice):
        yield media.emoticon


def _media(media: Any) -> Media:
    if isinstance(media, T.MessageMediaPhoto):
        return Media(photos=1)
    if isinstance(media, T.MessageMediaDocument):
        if media.document is not None:
            return _document(media.document)
        return Media(round_videos=int(bool(media.round)), voices=int(bool(media.voice)), videos=int(bool(media.video)))
    if isinstance(media, T.MessageMediaPaidMedia):
        return _sum(_paid(item) for item in media.extended_media)
    return Media()


def _paid(item: Any) -> Media:
    if isinstance(item, T.MessageExtendedMedia):
        return _media(item.media)
    return Media(videos=1) if item.video_duration is not None else Media(photos=1)


def _document(document: Any) -> Media:
    """What kind of file it is, told by its attributes as Telegram's clients tell it."""
    known = {type(attribute): attribute for attribute in getattr(document, "attributes", ())}
    if T.DocumentAttributeSticker in known:
        return Media(stickers=1)
    video = known.get(T.DocumentAttributeVideo)
    if video is not None and video.round_message:
        return Media(round_videos=1)
    if video is not None or T.DocumentAttributeAnimated in known:
        return Media(videos=1)
    audio, name = known.get(T.DocumentAttributeAudio), known.get(T.DocumentAttributeFilename)
    if audio is not None and audio.voice:
        return Media(voices=1)
    title = (audio.title if audio else None) or (name.file_name if name else None) or "file"
    return Media(documents=(title,))


def _sum(parts: Iterable[Media]) -> Media:
    parts = list(parts)
    return Media(
        photos=sum(part.photos for part in parts),
        videos=sum(part.videos for part in parts),
        round_videos=sum(part.round_videos for part in parts),
        voices=sum(part.voices for part in parts),
        stickers=sum(part.stickers for part in parts),
        documents=tuple(title for part in parts for title in part.documents),
    )


def _poll(poll: Any) -> Poll:
    kind = "Quiz" if poll.quiz else "Poll"
    kind = kind if poll.public_voters else f"Anonymous {kind}"
    options = tuple(answer.text.text for answer in poll.answers[:MOST_ITEMS])
    return Poll(question=poll.question.text, type="Final Results" if poll.closed else kind, options=options)


def _preview(media: Any) -> LinkPreview | None:
    page = media.webpage if isinstance(media, T.MessageMediaWebPage) else None
    url = linkable(page.url) if isinstance(page, T.WebPage) else None
    if page is None or url is None:
        return None
    return LinkPreview(url=url, site=page.site_name, title=page.title, description=page.description)


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
    action = message.action
    say = _ACTIONS.get(type(action))
    return NewPost(
        channel=channel,
        message_id=message.id,
        date=_utc(message.date),
        source=Source.ACCOUNT,
        channel_title=title,
        service=True,
        text=say(action, title or channel) if say else _named(action),
    )


def _named(action: Any) -> str:
    """An action that has no sentence of its own, by its name: `MessageActionBoostApply` is "Boost apply"."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(action).__name__.removeprefix("MessageAction"))
    return words.capitalize()


def _call(action: Any, title: str) -> str:
    if action.duration is None:
        return "Live stream started"
    minutes = max(1, round(action.duration / 60))
    return f"Live stream finished ({minutes} minute{'s' if minutes > 1 else ''})"


_ACTIONS: dict[type, Callable[[Any, str], str]] = {
    T.MessageActionPinMessage: lambda action, title: f"{title} pinned a message",
    T.MessageActionChannelCreate: lambda action, title: "Channel created",
    T.MessageActionChatEditTitle: lambda action, title: f"Channel name was changed to «{action.title}»",
    T.MessageActionChatEditPhoto: lambda action, title: "Channel photo updated",
    T.MessageActionChatDeletePhoto: lambda action, title: "Channel photo removed",
    T.MessageActionGroupCall: _call,
    T.MessageActionCustomAction: lambda action, title: str(action.message),
}
