"""A post as a JSON object, in the keys of `courant clean --posts` -> `NewPost`. Pure, and made to be fast."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from core.addresses import channel_name
from core.errors import BadInput
from core.json_lines import LINE
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
_NUMBERED = re.compile("-1(?!0{12})([0-9]{12})")  # a channel's number, as the Bot API and most tools write it
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Record = Mapping[str, object]


def post_of(record: Record, now: datetime) -> NewPost:
    """The post that a JSON object tells. Raises BadInput for what is missing, of a wrong type, or cannot be.

    `channel` (by its name, or its number: c/123, -1000000000123), `id` and `date` (ISO 8601, UTC where it names no
    offset, or seconds of Unix time) must be there; the text is under `text` (plain), `html`, or `markdown`. Keys that
    are not known are passed over.
    """
    name = record.get("channel")
    if type(name) is int:
        name = str(name)
    if not isinstance(name, str):
        raise BadInput(WHAT, 'has no "channel"')
    number = record.get("id")
    if type(number) is not int or not 0 < number < _LAST_ID:
        raise BadInput(WHAT, 'has no "id", or one that is no message number')
    channel = _channel(name)
    text, links = _text(record)
    optional: dict[str, Any] = {
        key: read(value, key) for key, read in _OPTIONAL.items() if key in record and (value := record[key]) is not None
    }
    return NewPost(
        channel=channel,
        message_id=number,
        date=checked_date(_date(record.get("date")), now),
        text=text,
        links=links,
        source=Source.IMPORT,
        reply_to=_reply(record.get("reply_to"), channel),
        **optional,
    )


def told_of_line(error: BadInput) -> str:
    """What is wrong with a line, as far as `record_of` and `post_of` raise it, in a sentence."""
    return f"{error.what} {error.reason}" if error.what in {LINE, WHAT} else str(error)


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
    numbered = _NUMBERED.fullmatch(name)
    return f"c/{int(numbered[1])}" if numbered else channel_name(name)


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
    return read if given is None else Marked(read.text, _links(given, "links", read.links))


def _bare_links(text: str) -> tuple[Link, ...]:
    found = (linkable(text[start:end]) for start, end in find_urls(text))
    return tuple(dict.fromkeys(Link(url=url) for url in found if url))[:_MOST]


def _links(value: object, key: str, known: tuple[Link, ...] = ()) -> tuple[Link, ...]:
    """Links given as addresses or as `{url, label}`; what the text itself says of a label is kept."""
    labels = {link.url: link for link in known}
    found: dict[Link, None] = dict.fromkeys(known)
    for entry in _list(value, key):
        if isinstance(entry, str):
            url, label = linkable(entry), ""
        else:
            url, label = linkable(_str(entry, key, "url") or ""), _str(entry, key, "label") or ""
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


def _numbers(value: object, key: str) -> tuple[int, ...]:
    return tuple(_count(entry, key) for entry in _list(value, key))


def _reply(value: object, channel: str) -> str | None:
    if value is None:
        return None
    if type(value) is int and 0 < value < _LAST_ID:
        return post_url(channel, value)
    return linkable(_word(value, "reply_to") or "")


def _forward(value: object, key: str) -> Forward:
    if isinstance(value, str):
        return Forward(name=_word(value, key))
    url = _str(value, key, "url")
    return Forward(name=_str(value, key, "name"), url=linkable(url) if url else None)


def _media(value: object, key: str) -> Media:
    known = _object(value, key)
    counts = ("photos", "videos", "round_videos", "voices", "stickers", "seconds")
    return Media(
        **{name: _count(known[name], f"{key}.{name}") for name in counts if known.get(name) is not None},
        documents=_strings(known.get("documents") or [], f"{key}.documents"),
        performers=_strings(known.get("performers") or [], f"{key}.performers"),
    )


def _poll(value: object, key: str) -> Poll:
    known = _object(value, key)
    correct = known.get("correct")
    return Poll(
        question=_str(value, key, "question") or "",
        type=_str(value, key, "type") or "",
        options=_strings(known.get("options") or [], f"{key}.options"),
        votes=_numbers(known.get("votes") or [], f"{key}.votes"),
        correct=None if correct is None else _count(correct, f"{key}.correct"),
        explanation=_str(value, key, "explanation") or "",
    )


def _fact_check(value: object, key: str) -> FactCheck | None:
    text = _str(value, key, "text")
    return FactCheck(text=text, country=_str(value, key, "country") or "") if text else None


def _preview(value: object, key: str) -> LinkPreview | None:
    url = linkable(_str(value, key, "url") or "")
    if url is None:
        return None
    return LinkPreview(
        url=url,
        site=_str(value, key, "site"),
        title=_str(value, key, "title"),
        description=_str(value, key, "description"),
    )


def _reactions(value: object, key: str) -> tuple[Reaction, ...]:
    """`[{"emoji", "count"}]`, `"count_text"` (1.2K) for the count, or an object with a count for each emoji."""
    if isinstance(value, Mapping):
        pairs = [(str(emoji)[:_SHORT], count) for emoji, count in islice(value.items(), _MOST)]
    else:
        entries = [_object(entry, key) for entry in _list(value, key)]
        pairs = [(_str(entry, key, "emoji") or "", _counted(entry, key)) for entry in entries]
    return tuple(Reaction(emoji=storable(emoji), count=_count(count, key)) for emoji, count in pairs if emoji)


def _counted(entry: Record, key: str) -> object:
    shown = _str(entry, key, "count_text")
    return read_count(shown) if shown is not None and "count" not in entry else entry.get("count")


def _moment(value: object, key: str) -> datetime:
    if (date := _date(value)) is None:
        raise BadInput(WHAT, f'has something else than a date under "{key}"')
    return date


_OPTIONAL: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "channel_title": _word,
    "edited": _flag,
    "edited_at": _moment,
    "service": _flag,
    "author": _word,
    "views": _count,
    "forwards": _count,
    "forwarded_from": _forward,
    "album": _flag,
    "album_ids": _numbers,
    "media": _media,
    "files": _strings,
    "poll": _poll,
    "preview": _preview,
    "buttons": _links,
    "via_bot": _word,
    "reactions": _reactions,
    "quote": _word,
    "fact_check": _fact_check,
}
