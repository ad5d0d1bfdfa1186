"""Pure: what is attached to an MTProto message, as Telethon types: the kinds of media, and the words that it says.

Words are what the web preview shows of the same thing, so that both ways of reading give one text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telethon.tl import types as T

from core.model import LinkPreview, Media, Poll
from ingest.places import in_lines, phone, spot
from ingest.urls import linkable

MOST_ITEMS = 200  # tasks, poll options, buttons, reactions that are kept of one post
LEAST_FILM = 100_000  # bytes from which on no two films of as many seconds have as many
STARS = "XTR"  # Telegram's own currency, in whole units


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What a message carries beside its text. `files` as those of `NewPost`. `silent` where Telegram's client shows
    more than can be told here."""

    media: Media = field(default_factory=Media)
    files: tuple[str, ...] = ()
    words: str = ""
    poll: Poll | None = None
    preview: LinkPreview | None = None
    silent: bool = False


NOTHING = Attached()


def attached(media: Any) -> Attached:
    """What is attached to a message; of a kind that is not known only that it is there."""
    if media is None:
        return NOTHING
    read = READERS.get(type(media))
    return read(media) if read else Attached(silent=True)


def document(file: Any) -> Media:
    """What kind of file it is, told by its attributes as Telegram's clients tell it."""
    known = {type(attribute): attribute for attribute in getattr(file, "attributes", None) or ()}
    if T.DocumentAttributeSticker in known:
        return Media(stickers=1)
    video, audio = known.get(T.DocumentAttributeVideo), known.get(T.DocumentAttributeAudio)
    if video is not None and video.round_message:
        return Media(round_videos=1, seconds=_seconds(video))
    if video is not None or T.DocumentAttributeAnimated in known:
        return Media(videos=1, seconds=_seconds(video))
    if audio is not None and audio.voice:
        return Media(voices=1, seconds=_seconds(audio))
    name = known.get(T.DocumentAttributeFilename)
    title = (audio.title if audio else None) or (name.file_name if name else None) or "file"
    performer = audio.performer if audio else None
    return Media(documents=(title,), performers=(performer,) if performer else (), seconds=_seconds(audio))


def _seconds(attribute: Any) -> int:
    length = getattr(attribute, "duration", None) or 0
    return round(length) if 0 < length < 1 << 31 else 0  # a NaN is neither


_FOR_FUN = {T.DocumentAttributeAnimated, T.DocumentAttributeSticker}


def films(file: Any) -> tuple[str, ...]:
    """What a film is known again by: its number, which stays where it is sent on, and what stays where it is saved and
    sent anew, its length to the byte. Nothing for what moves without sound and for stickers: everybody sends these for
    fun."""
    known = {type(attribute): attribute for attribute in getattr(file, "attributes", None) or ()}
    video = known.get(T.DocumentAttributeVideo)
    if video is None or video.round_message or known.keys() & _FOR_FUN:
        return ()
    seconds = _seconds(video)
    number = [f"film {file.id}"] if file.id else []
    anew = [f"film {file.size}/{seconds}"] if seconds and (file.size or 0) >= LEAST_FILM else []
    return (*number, *anew)


def photos(picture: Any) -> tuple[str, ...]:
    """What a photo is known again by: its number; nothing for one that is gone."""
    return (f"photo {picture.id}",) if isinstance(picture, T.Photo) and picture.id else ()


def _document(media: Any) -> Attached:
    if media.document is not None:
        return Attached(media=document(media.document), files=films(media.document))
    kinds = Media(round_videos=int(bool(media.round)), voices=int(bool(media.voice)), videos=int(bool(media.video)))
    return Attached(media=kinds)


def _paid(media: Any) -> Attached:
    """What is behind the payment is not shown, only how much of which kind there is."""
    return Attached(media=sum((_extended(item) for item in media.extended_media[:MOST_ITEMS]), Media()))


def _extended(item: Any) -> Media:
    if isinstance(item, T.MessageExtendedMedia):
        return attached(item.media).media
    if getattr(item, "video_duration", None) is not None:
        return Media(videos=1, seconds=max(0, item.video_duration))
    return Media(photos=1)


def _poll(media: Any) -> Attached:
    poll, told = media.poll, media.results
    answers = poll.answers[:MOST_ITEMS]
    kind = "Quiz" if poll.quiz else "Poll"
    kind = kind if poll.public_voters else f"Anonymous {kind}"
    results = {result.option: result for result in getattr(told, "results", None) or ()}
    of_answers = [results.get(answer.option) for answer in answers]
    shown = bool(results) and all(result is not None and result.voters is not None for result in of_answers)
    right = [place for place, result in enumerate(of_answers) if result is not None and result.correct]
    pictures = [media.attached_media, *(answer.media for answer in answers)]
    return Attached(
        poll=Poll(
            question=poll.question.text,
            type="Final Results" if poll.closed else kind,
            options=tuple(answer.text.text for answer in answers),
            votes=tuple(result.voters for result in of_answers if result) if shown else (),
            correct=right[0] if right else None,
            explanation=getattr(told, "solution", None) or "",
        ),
        media=sum((_beside(picture) for picture in pictures if picture is not None), Media()),
    )


def _beside(media: Any) -> Media:
    """The media beside a poll: of another poll, which no message has there, nothing is read."""
    return Media() if isinstance(media, T.MessageMediaPoll) else attached(media).media


def _page(media: Any) -> Attached:
    page = media.webpage
    url = linkable(page.url) if isinstance(page, T.WebPage) else None
    if url is None:
        return NOTHING
    preview = LinkPreview(url=url, site=page.site_name, title=page.title, description=page.description)
    return Attached(preview=preview)


def _tasks(media: Any) -> Attached:
    done = {completion.id for completion in media.completions or ()}
    tasks = (f"{'☑' if task.id in done else '☐'} {task.title.text}" for task in media.todo.list[:MOST_ITEMS])
    return Attached(words="\n".join([media.todo.title.text, *tasks]))


def _place(media: Any) -> Attached:
    return Attached(words=spot(getattr(media.geo, "lat", None), getattr(media.geo, "long", None)))


def _contact(media: Any) -> Attached:
    name = " ".join(part for part in (media.first_name, media.last_name) if part)
    return Attached(words=in_lines(name, phone(media.phone_number)))


def _story(media: Any) -> Attached:
    """A story comes as a link to it, and with its words only where Telegram sends them along."""
    words = getattr(media.story, "caption", None) or ""
    inside = getattr(media.story, "media", None)
    nested = inside is None or isinstance(inside, T.MessageMediaStory)
    return Attached(words=words, media=Media() if nested else attached(inside).media, silent=not words)


def _giveaway(media: Any) -> Attached:
    until = f", until {media.until_date:%Y-%m-%d}" if media.until_date else ""
    return Attached(words=in_lines(f"🎁 Giveaway: {_prize(media, media.quantity)}{until}", media.prize_description))


def _given_away(media: Any) -> Attached:
    won = f"🎁 Giveaway ended: {_prize(media, media.winners_count)}"
    return Attached(words=in_lines(won, media.prize_description))


def _prize(media: Any, quantity: int) -> str:
    if media.stars:
        return f"{media.stars} ⭐ for {quantity}"
    return f"{quantity} × Telegram Premium for {media.months} months" if media.months else str(quantity)


def _invoice(media: Any) -> Attached:
    price = f"{media.total_amount} ⭐" if media.currency == STARS else ""
    picture = _extended(media.extended_media) if media.extended_media else Media(photos=int(media.photo is not None))
    return Attached(words=in_lines(media.title, media.description, price), media=picture)


READERS: dict[type, Callable[[Any], Attached]] = {
    T.MessageMediaEmpty: lambda media: NOTHING,
    T.MessageMediaPhoto: lambda media: Attached(media=Media(photos=1), files=photos(media.photo)),
    T.MessageMediaDocument: _document,
    T.MessageMediaPaidMedia: _paid,
    T.MessageMediaPoll: _poll,
    T.MessageMediaWebPage: _page,
    T.MessageMediaToDo: _tasks,
    T.MessageMediaGeo: _place,
    T.MessageMediaVenue: lambda media: Attached(words=in_lines(media.title, media.address)),
    # where it is changes from minute to minute: each place would be an edit
    T.MessageMediaGeoLive: lambda media: Attached(words="📍"),
    T.MessageMediaContact: _contact,
    T.MessageMediaDice: lambda media: Attached(words=media.emoticon),
    T.MessageMediaGame: lambda media: Attached(words=in_lines(media.game.title, media.game.description)),
    T.MessageMediaInvoice: _invoice,
    T.MessageMediaStory: _story,
    T.MessageMediaGiveaway: _giveaway,
    T.MessageMediaGiveawayResults: _given_away,
    T.MessageMediaVideoStream: lambda media: Attached(silent=True),
    T.MessageMediaUnsupported: lambda media: Attached(silent=True),
}
"""How each kind of media is read; a test holds it to all that the schema has."""
