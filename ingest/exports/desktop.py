"""Telegram Desktop's `result.json` -> posts, piece by piece.

The format has no description of its own; it is written by tdesktop's `export_output_json.cpp`. A file is one chat
(`name`, `type`, `id`, `messages`) or a whole account (`chats.list` and `left_chats.list` of such chats). It knows a
channel by its number only, never by its public name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import BinaryIO, Final

from core.errors import BadInput
from core.model import Forward, Link, Media, NewPost, Poll, Reaction, Source, post_url
from core.moments import read_date
from ingest.entities import from_parts
from ingest.exports.json_stream import BrokenJson, JsonStream
from ingest.exports.post_object import FIRST_DAY, Record, checked_date, storable, unix_time
from ingest.exports.problem import Problem
from ingest.exports.rich import read_rich
from ingest.markup import MAX_POST
from ingest.places import in_lines, phone, spot
from ingest.urls import linkable

_CHANNELS: Final = frozenset({"public_channel", "private_channel"})
_ALBUM: Final = 10
_KEPT_FROM: Final = 1 << 33  # a channel's number was kept as this and itself, to tell it from a person's
_MEDIA: Final = {
    "sticker": Media(stickers=1),
    "video_message": Media(round_videos=1),
    "voice_message": Media(voices=1),
    "video_file": Media(videos=1),
    "animation": Media(videos=1),
}
# in the place of a file that was not exported
_WITHHELD = re.compile(r"(?:\A| )\(File (?:not included|exceeds maximum size|unavailable)[^()]{0,100}\)\Z")


@dataclass(slots=True)
class _Chat:
    name: str | None = None
    type: str | None = None
    number: int = 0

    def take(self, key: str, value: object) -> None:
        """What a member of the chat says; passed over where it is of a wrong type."""
        match key, value:
            case "id", int() if not isinstance(value, bool):
                self.number = value
            case "name", str():
                self.name = storable(value[:500]) or None
            case "type", str():
                self.type = value[:40]


@dataclass(slots=True)
class _Export:
    """The walk through one file."""

    stream: JsonStream
    what: str
    now: datetime
    channels: int = 0
    others: list[str] = field(default_factory=list)

    def read(self) -> Iterator[NewPost | Problem]:
        if self.stream.peek() != "{":
            raise BrokenJson("it does not begin as an export does")
        chat = _Chat()
        for key in self.stream.members():
            if key in ("chats", "left_chats") and self.stream.peek() == "{":
                yield from self._list()
            else:
                yield from self._member(chat, key)
        if not self.channels:
            yield Problem(self.what, self._no_channel())
        elif self.others:
            yield Problem(self.what, f"{len(self.others)} chats that are not channels were left out")

    def _no_channel(self) -> str:
        if len(self.others) == 1:
            return f"this is the export of a chat ({self.others[0]}), not of a channel: only channels are read"
        return "there is no channel in this file: only exports of channels are read"

    def _list(self) -> Iterator[NewPost | Problem]:
        for key in self.stream.members():
            if key != "list" or self.stream.peek() != "[":
                self.stream.skip()
                continue
            for _ in self.stream.items():
                chat = _Chat()
                for member in self.stream.members():
                    yield from self._member(chat, member)

    def _member(self, chat: _Chat, key: str) -> Iterator[NewPost | Problem]:
        if key == "messages" and self.stream.peek() == "[":
            if chat.type in _CHANNELS:
                self.channels += 1
                yield from self._messages(chat)
                return
            self.others.append((chat.type or "of an unknown kind").replace("_", " "))
            self.stream.skip()
        elif key in ("name", "type", "id"):
            chat.take(key, self.stream.value())
        else:
            self.stream.skip()

    def _messages(self, chat: _Chat) -> Iterator[NewPost | Problem]:
        if chat.number <= 0:
            yield Problem(self.what, "the export does not tell the channel's number")
            self.stream.skip()
            return
        yield from _albums(self._one(chat) for _ in self.stream.items())

    def _one(self, chat: _Chat) -> NewPost | Problem:
        record = self.stream.value()
        number = record.get("id") if isinstance(record, dict) else None
        try:
            if not isinstance(record, dict) or type(number) is not int or not 0 < number < 2**31:
                raise BadInput(self.what, "a message without a number was left out")
            return _post(record, number, f"c/{_own_number(chat.number, record)}", chat.name, self.now)
        except BadInput as error:
            where = f"{self.what}, message {number}" if type(number) is int else self.what
            return Problem(where, error.reason)


def read_export(file: BinaryIO, what: str, now: datetime) -> Iterator[NewPost | Problem]:
    """The channel posts of an export, as they stand. What comes before a cut is given, then a Problem."""
    try:
        yield from _Export(JsonStream(file), what, now).read()
    except BrokenJson as error:
        end = ": the file is cut off; what came before is read" if error.cut else ": this is no whole export"
        yield Problem(what, error.reason + end)


def _post(record: Record, number: int, channel: str, title: str | None, now: datetime) -> NewPost:
    text, links = from_parts(record.get("text_entities") or record.get("text") or "")
    words, rich = read_rich(record.get("rich_message"))
    text = "\n\n".join(part for part in (text, words, *_words(record)) if part)
    if len(text) > MAX_POST:
        raise BadInput("", f"has {len(text):,} characters, more than a post can have")
    edited_at = _edited_at(record)
    service = record.get("type") == "service"
    reply = record.get("reply_to_message_id")
    return NewPost(
        channel=channel,
        message_id=number,
        date=checked_date(_moment(record, "date"), now),
        text=storable(text) or (_action(record) if service else ""),
        links=tuple(dict.fromkeys((*links, *rich.links))),
        source=Source.IMPORT,
        channel_title=title,
        edited=edited_at is not None,
        edited_at=edited_at,
        service=service,
        unsupported=rich.unsupported or record.get("type") not in ("message", "service"),
        author=_str(record, "author"),
        forwarded_from=_forward(record),
        reply_to=post_url(channel, reply) if type(reply) is int and reply > 0 else None,
        media=_media(record) + rich.media,
        poll=_poll(record.get("poll")),
        buttons=(*rich.buttons, *_buttons(record.get("inline_bot_buttons"))),
        via_bot=_str(record, "via_bot"),
        reactions=_reactions(record.get("reactions")),
    )


def _own_number(number: int, record: Record) -> int:
    """Telegram's own number of a channel. Exports of before 2021 give that by which Telegram Desktop kept it, as they
    do of who writes, if anybody; later ones call him "channel123", and soon tell exact dates, too."""
    writer = record.get("from_id", record.get("actor_id"))
    is_old = "date_unixtime" not in record and not isinstance(writer, str)
    return number - _KEPT_FROM if is_old and number > _KEPT_FROM else number


def _moment(record: Record, key: str) -> datetime | None:
    """`date_unixtime` is exact; `date`, all that older exports have, is the exporter's own clock, taken for UTC."""
    return unix_time(record.get(f"{key}_unixtime")) or read_date(_str(record, key))


def _edited_at(record: Record) -> datetime | None:
    """When the message was edited, if it was; older exports date an edit from 1970 where there was none."""
    moment = _moment(record, "edited")
    return moment if moment is not None and moment >= FIRST_DAY else None


def _str(record: Record, key: str) -> str | None:
    value = record.get(key)
    return storable(value[:2000]) or None if isinstance(value, str) else None


def _said(record: Record, key: str) -> str:
    """A line that may come in parts, as one with emoji of the author's own does."""
    return storable(from_parts(record.get(key)).text[:2000])


def _dicts(value: object) -> Iterator[Record]:
    return (entry for entry in value[:200] if isinstance(entry, dict)) if isinstance(value, list) else iter(())


def _action(record: Record) -> str:
    """The words of a service message, as far as the export has them: "create channel: News"."""
    words = (_str(record, "action") or "service message").replace("_", " ")
    title = _str(record, "title")
    return f"{words}: {title}" if title else words


def _forward(record: Record) -> Forward | None:
    if "forwarded_from" not in record and "forwarded_from_id" not in record:
        return None
    return Forward(name=_str(record, "forwarded_from"))


def _words(record: Record) -> Iterator[str]:
    """What a place, a contact or a game says, as the live sources tell it."""
    if "place_name" in record:
        yield in_lines(_str(record, "place_name"), _str(record, "address"))
    elif isinstance(point := record.get("location_information"), dict) and "live_location_period_seconds" not in record:
        at = [point.get(name) for name in ("latitude", "longitude")]
        yield spot(*(each if isinstance(each, int | float) else None for each in at))
    if isinstance(person := record.get("contact_information"), dict):
        name = " ".join(filter(None, (_str(person, "first_name"), _str(person, "last_name"))))
        yield in_lines(name, phone(_str(person, "phone_number") or ""))
    if "game_title" in record:
        yield in_lines(_str(record, "game_title"), _str(record, "game_description"))


def _media(record: Record) -> Media:
    if "photo" in record:
        return Media(photos=1)
    if "file" not in record:
        return Media()
    length = record.get("duration_seconds")
    seconds = length if type(length) is int and 0 < length < 1 << 31 else 0
    if media := _MEDIA.get(_str(record, "media_type") or ""):
        return replace(media, seconds=seconds)
    path = _WITHHELD.sub("", _str(record, "file") or "")
    performer = _str(record, "performer")
    return Media(
        documents=(_str(record, "file_name") or _str(record, "title") or path.rpartition("/")[2],),
        performers=(performer,) if performer else (),
        seconds=seconds,
    )


def _poll(value: object) -> Poll | None:
    if not isinstance(value, dict):
        return None
    answers = [
        (text, answer.get("voters")) for answer in _dicts(value.get("answers")) if (text := _said(answer, "text"))
    ]
    votes = [count for _, count in answers if type(count) is int and 0 <= count < 1 << 31]
    return Poll(
        question=_said(value, "question"),
        type="Poll",
        options=tuple(text for text, _ in answers),
        votes=tuple(votes) if len(votes) == len(answers) else (),
    )


def _buttons(rows: object) -> tuple[Link, ...]:
    buttons = chain.from_iterable(_dicts(row) for row in rows[:20]) if isinstance(rows, list) else ()
    found = ((linkable(_str(button, "data") or ""), button) for button in buttons if button.get("type") == "url")
    return tuple(Link(url=url, label=_str(button, "text") or "") for url, button in found if url)


def _reactions(value: object) -> tuple[Reaction, ...]:
    """Custom emoji are left out: the export has only the number of their picture."""
    found = []
    for entry in _dicts(value):
        emoji, count = _str(entry, "emoji") or ("⭐" if entry.get("type") == "paid" else None), entry.get("count")
        if emoji and type(count) is int and 0 <= count < 2**63:
            found.append(Reaction(emoji=emoji, count=count))
    return tuple(found)


def _albums(posts: Iterator[NewPost | Problem]) -> Iterator[NewPost | Problem]:
    """Pieces of an album as one post. The export does not mark albums; its pieces are pictures or videos of one second
    with numbers in a row, of which one at most has words."""
    held: NewPost | None = None
    for post in posts:
        if isinstance(post, NewPost) and held is not None and _go_together(held, post):
            held = _joined(held, post)
            continue
        if held is not None:
            yield held
        held = None
        if isinstance(post, NewPost) and (post.media.photos or post.media.videos):
            held = post
        else:
            yield post
    if held is not None:
        yield held


def _go_together(one: NewPost, other: NewPost) -> bool:
    last = one.album_ids[-1] if one.album_ids else one.message_id
    return (
        bool(other.media.photos or other.media.videos)
        and one.date == other.date
        and last is not None
        and other.message_id == last + 1
        and len(one.album_ids) + 1 < _ALBUM
        and not (one.text and other.text)
        and (one.author, one.forwarded_from, one.reply_to) == (other.author, other.forwarded_from, other.reply_to)
    )


def _joined(one: NewPost, other: NewPost) -> NewPost:
    worded = other if other.text else one
    return replace(
        one,
        text=worded.text,
        links=worded.links,
        edited=one.edited or other.edited,
        edited_at=worded.edited_at or one.edited_at,
        reactions=one.reactions or other.reactions,
        album=True,
        album_ids=(*one.album_ids, other.message_id or 0),
        media=one.media + other.media,
    )
