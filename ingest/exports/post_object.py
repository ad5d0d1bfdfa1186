"""A post as a JSON object, in the keys of `courant clean --posts` -> `NewPost`. Pure, and made to be fast."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from core.addresses import channel_name
from core.errors import BadInput
from core.model import FactCheck, Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction, Source, post_url
from core.moments import read_date
from ingest.exports.markdown import from_markdown
from ingest.markup import MAX_POST, Marked, read_count, read_html
from ingest.urls import find_urls, linkable

WHAT: Final = "the post"
FIRST_DAY: Final = datetime(2013, 8, 1, tzinfo=UTC)  # Telegram began in this month; channels came two years later
_AHEAD: Final = timedelta(days=1)
_LAST_ID: Final = 2**31
_MOST: Final = 200  # links, reactions, options, documents
_SHORT: Final = 2000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Record = Mapping[str, object]


def post_of(record: Record, now: datetime) -> NewPost:
    """The post that a JSON object tells. Raises BadInput for what is missing, of a wrong type, or cannot be.

    `channel`, `id` and `date` (ISO 8601, UTC where it names no offset, or seconds of Unix time) must be there; the text
    is under `text` (plain), `html`, or `markdown`. Keys that are not known are passed over.
    """
    name = record.get("channel")
    if not isinstance(name, str):
        raise BadInput(WHAT, 'has no "channel"')
    number = record.get("id")
    if type(number) is not int or not 0 < number < _LAST_ID:
        raise BadInput(WHAT, 'has no "id", or one that is no message number')
    channel = _channel(name)
    text, links = _text(record)
    optional: dict[str, Any] = {
        key: read(record[key], channel) for key, read in _OPTIONAL.items() if record.get(key) is not None
    }
    return NewPost(
        channel=channel,
        message_id=number,
        date=checked_date(_date(record.get("date")), now),
        text=text,
        links=links,
        source=Source.IMPORT,
        **optional,
    )


def checked_date(date: datetime | None, now: datetime) -> datetime:
    """The date, where a post can be of it. Raises BadInput for one before Telegram or ahead of `now`."""
    if date is None:
        raise BadInput(WHAT, 'has no "date", or one that is no date')
    if date < FIRST_DAY:
        raise BadInput(WHAT, f"is dated {date:%Y-%m-%d}, before there was Telegram")
    if date > now + _AHEAD:
        raise BadInput(WHAT, f"is dated {date.year}-{date:%m-%d}, which is yet to come")
    return date


def unix_time(value: object) -> datetime | None:
    """A moment given in seconds of Unix time, as a number or in digits."""
    try:
        return datetime.fromtimestamp(int(value), UTC) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError, OSError):
        return None


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which no database takes."""
    return _UNSTORABLE.sub("", text) if _UNSTORABLE.search(text) else text


@lru_cache(maxsize=4096)
def _channel(name: str) -> str:
    return channel_name(name)


def _date(value: object) -> datetime | None:
    if isinstance(value, str):
        return read_date(value)
    return None if isinstance(value, bool) else unix_time(value)


def _text(record: Record) -> Marked:
    for key in ("text", "html", "markdown"):
        if (value := record.get(key)) is None:
            continue
        if not isinstance(value, str):
            raise BadInput(WHAT, f'has something else than text under "{key}"')
        if len(value) > MAX_POST:
            raise BadInput(WHAT, f"has {len(value):,} characters, more than a post can have")
        value = storable(value)
        if key == "text":
            read = Marked(value, _bare_links(value) if "links" not in record and "://" in value else ())
        else:
            read = read_html(value, WHAT) if key == "html" else from_markdown(value)
        break
    else:
        read = Marked("")
    given = record.get("links")
    return read if given is None else Marked(read.text, _links(given, read.links))


def _bare_links(text: str) -> tuple[Link, ...]:
    found = (linkable(text[start:end]) for start, end in find_urls(text))
    return tuple(dict.fromkeys(Link(url=url) for url in found if url))[:_MOST]


def _links(value: object, known: tuple[Link, ...]) -> tuple[Link, ...]:
    """Links given as addresses or as `{url, label}`; what the text itself says of a label is kept."""
    labels = {link.url: link for link in known}
    found: dict[Link, None] = dict.fromkeys(known)
    for entry in _list(value, "links"):
        if isinstance(entry, str):
            url, label = linkable(entry), ""
        else:
            url, label = linkable(_str(entry, "links", "url") or ""), _str(entry, "links", "label") or ""
        if url and not (url in labels and not label):
            found.setdefault(Link(url=storable(url), label=label))
    return tuple(found)


def _list(value: object, key: str) -> list[object]:
    if not isinstance(value, list | tuple):
        raise BadInput(WHAT, f'has something else than a list under "{key}"')
    return list(value[:_MOST])


def _object(value: object, key: str) -> Record:
    if not isinstance(value, Mapping):
        raise BadInput(WHAT, f'has something else than an object under "{key}"')
    return value


def _str(value: object, key: str, member: str) -> str | None:
    found = _object(value, key).get(member)
    if found is not None and not isinstance(found, str):
        raise BadInput(WHAT, f'has something else than text under "{key}.{member}"')
    return storable(found[:_SHORT]) if found else None


def _count(value: object, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise BadInput(WHAT, f'has something else than a number under "{key}"')
    return value


def _flag(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(WHAT, f'has something else than true or false under "{key}"')
    return value


def _word(value: object, key: str) -> str | None:
    if not isinstance(value, str):
        raise BadInput(WHAT, f'has something else than text under "{key}"')
    return storable(value[:_SHORT]) or None


def _strings(value: object, key: str) -> tuple[str, ...]:
    return tuple(word for entry in _list(value, key) if (word := _word(entry, key)))


def _reply(value: object, channel: str) -> str | None:
    if type(value) is int and 0 < value < _LAST_ID:
        return post_url(channel, value)
    return linkable(_word(value, "reply_to") or "")


def _forward(value: object, _: str) -> Forward:
    if isinstance(value, str):
        return Forward(name=_word(value, "forwarded_from"))
    url = _str(value, "forwarded_from", "url")
    return Forward(name=_str(value, "forwarded_from", "name"), url=linkable(url) if url else None)


def _media(value: object, _: str) -> Media:
    known = _object(value, "media")
    counts = ("photos", "videos", "round_videos", "voices", "stickers", "seconds")
    return Media(
        **{key: _count(known[key], f"media.{key}") for key in counts if known.get(key) is not None},
        documents=_strings(known.get("documents") or [], "media.documents"),
        performers=_strings(known.get("performers") or [], "media.performers"),
    )


def _poll(value: object, _: str) -> Poll:
    known = _object(value, "poll")
    correct = known.get("correct")
    return Poll(
        question=_str(value, "poll", "question") or "",
        type=_str(value, "poll", "type") or "",
        options=_strings(known.get("options") or [], "poll.options"),
        votes=tuple(_count(each, "poll.votes") for each in _list(known.get("votes") or [], "poll.votes")),
        correct=None if correct is None else _count(correct, "poll.correct"),
        explanation=_str(value, "poll", "explanation") or "",
    )


def _fact_check(value: object, _: str) -> FactCheck | None:
    text = _str(value, "fact_check", "text")
    return FactCheck(text=text, country=_str(value, "fact_check", "country") or "") if text else None


def _preview(value: object, _: str) -> LinkPreview | None:
    url = linkable(_str(value, "preview", "url") or "")
    if url is None:
        return None
    return LinkPreview(
        url=url,
        site=_str(value, "preview", "site"),
        title=_str(value, "preview", "title"),
        description=_str(value, "preview", "description"),
    )


def _reactions(value: object, _: str) -> tuple[Reaction, ...]:
    """`[{"emoji", "count"}]`, `"count_text"` (1.2K) for the count, or an object with a count for each emoji."""
    if isinstance(value, Mapping):
        pairs = [(str(emoji)[:_SHORT], count) for emoji, count in islice(value.items(), _MOST)]
    else:
        entries = [_object(entry, "reactions") for entry in _list(value, "reactions")]
        pairs = [(_str(entry, "reactions", "emoji") or "", _counted(entry)) for entry in entries]
    return tuple(Reaction(emoji=storable(emoji), count=_count(count, "reactions")) for emoji, count in pairs if emoji)


def _counted(entry: Record) -> object:
    shown = _str(entry, "reactions", "count_text")
    return read_count(shown) if shown is not None and "count" not in entry else entry.get("count")


def _moment(value: object, key: str) -> datetime:
    if (date := _date(value)) is None:
        raise BadInput(WHAT, f'has something else than a date under "{key}"')
    return date


_OPTIONAL: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "channel_title": lambda value, _: _word(value, "channel_title"),
    "edited": lambda value, _: _flag(value, "edited"),
    "edited_at": lambda value, _: _moment(value, "edited_at"),
    "service": lambda value, _: _flag(value, "service"),
    "author": lambda value, _: _word(value, "author"),
    "views": lambda value, _: _count(value, "views"),
    "forwards": lambda value, _: _count(value, "forwards"),
    "forwarded_from": _forward,
    "reply_to": _reply,
    "album": lambda value, _: _flag(value, "album"),
    "album_ids": lambda value, _: tuple(_count(entry, "album_ids") for entry in _list(value, "album_ids")),
    "media": _media,
    "poll": _poll,
    "preview": _preview,
    "buttons": lambda value, _: _links(value, ()),
    "via_bot": lambda value, _: _word(value, "via_bot"),
    "reactions": _reactions,
    "quote": lambda value, _: _word(value, "quote"),
    "fact_check": _fact_check,
}
