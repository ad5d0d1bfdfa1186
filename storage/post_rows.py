"""Between a post's row and its values."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from core.counts import next_count
from core.model import (
    ChannelId,
    CleanPost,
    FactCheck,
    Forward,
    Kind,
    Link,
    LinkPreview,
    Media,
    NewPost,
    Poll,
    Post,
    PostId,
    Reaction,
    Source,
    StoryId,
)
from storage.keys import post_key
from storage.search import Indexed, channel_mark, found_by, language_mark
from storage.tables import ChannelRow, PostRow, table_of

_RUN = 250  # posts that are read without a pause: a few milliseconds
POSTS: Select[Any] = select(
    *(column for column in table_of(PostRow).c),
    col(ChannelRow.name).label("channel_name"),
    col(ChannelRow.title).label("channel_title"),
).join(ChannelRow, col(ChannelRow.id) == col(PostRow.channel_id))


async def stored_posts(connection: AsyncConnection, statement: Select[Any]) -> list[Post]:
    """The posts that the statement (of `POSTS`) finds; between runs of them other tasks get their turn."""
    found: list[Post] = []
    for rows in (await connection.execute(statement)).partitions(_RUN):
        found += map(stored_post, rows)
        await asyncio.sleep(0)
    return found


def new_row(clean: CleanPost, channels: Mapping[str, ChannelId], now: datetime) -> dict[str, Any] | None:
    """The row of a post in one of these channels, None of a post without an id or a date."""
    post = clean.post
    if post.message_id is None or post.date is None:
        return None
    channel = channels[post.channel.lower()]
    return {
        "id": post_key(post.date, channel, post.message_id),
        "channel_id": channel,
        "message_id": post.message_id,
        "date": post.date,
        "stored_at": now,
        "text": post.text,
        "body": unless_same(clean.body, post.text),
        "language": clean.language,
        "kind": clean.kind.value,
        "fingerprint": clean.fingerprint,
        "source": post.source.value,
        "views": bounded(post.views),
        "forwards": bounded(post.forwards),
        "edited": post.edited,
        "edits": 0,
        "content": _content(clean),
        "details": _details(clean),
        "stage": 0,
        "count_at": next_count(post.date, now),
    }


def is_outdated(old: Row[Any], new: Mapping[str, Any]) -> bool:
    """Whether what comes was published before what is stored: it knows nothing of an edit that was seen, or is an
    import of no later edit. What is read live shows a post as it is: nothing is newer that was edited before."""
    if old.edited and not new["edited"]:
        return True
    if new["source"] != Source.IMPORT:
        return False
    came, kept = ((details or {}).get(_EDITED_AT) for details in (new["details"], old.details))
    if old.source == Source.IMPORT:
        return bool(came and kept and came < kept)
    if not new["edited"]:
        return True
    return bool(came and came <= (kept or (old.changed_at or old.stored_at).isoformat()))


def shows_less(old: Row[Any], post: NewPost) -> bool:
    """Whether the preview shows less of a post than is known of it: one of a kind that it cannot show ("Please open
    Telegram to view this post") stands there without its words, or with a part of what an account read."""
    return post.unsupported and post.source is Source.WEB and (not post.text or old.source == Source.ACCOUNT)


def refreshed(old: Row[Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What of a stored post is brought up to date where its words are the same: its counts, and what grows beside it.

    A source that does not tell a count erases none. An import may be old: it fills what is missing and lowers nothing.
    """
    imported = new["source"] == Source.IMPORT
    values = {name: _count(getattr(old, name), new[name], raising=imported) for name in ("views", "forwards")}
    return {**values, "details": _grown(old.details or {}, new["details"] or {}, imported), "count_at": new["count_at"]}


def _count(old: int | None, new: int | None, *, raising: bool) -> int | None:
    if old is None or new is None:
        return old if new is None else new
    return max(old, new) if raising else new


def _grown(old: Mapping[str, Any], new: Mapping[str, Any], imported: bool) -> dict[str, Any] | None:
    """The details with newer reactions, votes, notes of fact-checkers, a link's card that was drawn and pieces of
    an album that came later."""
    kept = ("preview", *_GROWING) if imported else ("preview",)
    values = dict(old)
    for name in (*_GROWING, "preview"):
        if name in new and not (name in old and name in kept):
            values[name] = new[name]
    if "poll" in old and "poll" in new:  # a page tells less of a poll than an account
        told = {name: value for name, value in new["poll"].items() if value not in (None, "", [])}
        values["poll"] = {**told, **old["poll"]} if imported else {**old["poll"], **told}
    if not imported and len(new.get("album", ())) > len(old.get("album", ())):  # more of its pieces have come
        values |= {name: new[name] for name in ("album", "media", "files") if name in new}
    return values or None


_EDITED_AT = "edited_at"  # in UTC, so that one that is later sorts later
_GROWING = ("reactions", "poll", "fact_check")


def bounded(count: int | None) -> int | None:
    """The count, None where a database has no number so large."""
    return count if count is not None and abs(count) < 1 << 63 else None


def indexed(row: Mapping[str, Any], stems: Sequence[str] | None = None) -> Indexed:
    """The row as it is put into the index; `stems` where they are known."""
    if stems is None:
        stems = found_by(row["text"] if row["body"] is None else row["body"])
    return row["id"], stems, (channel_mark(row["channel_id"]), language_mark(row["language"]))


def bound(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {"key": row["id"], **{f"new_{name}": row[name] for name in names}}


def unless_same(body: str, whole: str) -> str | None:
    return None if body == whole else body


def _content(clean: CleanPost) -> int:
    """A hash of what an edit would change. Blanks do not count: two sources break the same lines differently."""
    poll = clean.post.poll
    words = "".join(clean.post.text.split()) + ("\n".join((poll.question, *poll.options)) if poll else "")
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True)


def _details(clean: CleanPost) -> dict[str, Any] | None:
    """What a post has beyond its words, as JSON without the empty parts."""
    post = clean.post
    values: dict[str, Any] = {}
    if post.links:
        values["links"] = [[link.url, link.label] for link in post.links]
    if post.media != _NO_MEDIA:
        values["media"] = _lists(asdict(post.media))
    if post.files:
        values["files"] = list(post.files)
    if post.poll:
        values["poll"] = _lists(asdict(post.poll))
    if post.preview:
        values["preview"] = asdict(post.preview)
    if post.reactions:
        values["reactions"] = [[reaction.emoji, reaction.count] for reaction in post.reactions]
    if post.forwarded_from:
        values["forwarded_from"] = [post.forwarded_from.name, post.forwarded_from.url]
    if post.album:
        values["album"] = list(post.album_ids)
    if post.fact_check:
        values["fact_check"] = asdict(post.fact_check)
    words = {name: getattr(post, name) for name in ("author", "reply_to", "via_bot", "service", "quote")}
    words |= {"rule": clean.rule, _EDITED_AT: post.edited_at and post.edited_at.astimezone(UTC).isoformat()}
    values |= {name: value for name, value in words.items() if value}
    return values or None


_NO_MEDIA = Media()


def stored_post(row: Row[Any]) -> Post:
    details = row.details or {}
    return Post(
        id=PostId(row.id),
        channel=row.channel_name,
        channel_title=row.channel_title or row.channel_name,
        message_id=row.message_id,
        date=row.date,
        text=row.text,
        body=row.text if row.body is None else row.body,
        language=row.language,
        kind=Kind(row.kind),
        fingerprint=row.fingerprint,
        edited=row.edited,
        deleted=row.deleted_at is not None,
        author=details.get("author"),
        links=tuple(Link(url=url, label=label) for url, label in details.get("links", ())),
        views=row.views,
        forwards=row.forwards,
        reactions=tuple(Reaction(emoji=emoji, count=count) for emoji, count in details.get("reactions", ())),
        forwarded_from=_forward(details.get("forwarded_from")),
        reply_to=details.get("reply_to"),
        album="album" in details,
        media=_media(details.get("media")),
        files=tuple(details.get("files", ())),
        poll=_poll(details.get("poll")),
        preview=LinkPreview(**details["preview"]) if "preview" in details else None,
        quote=details.get("quote"),
        fact_check=FactCheck(**details["fact_check"]) if "fact_check" in details else None,
        story=None if row.story_id is None else StoryId(row.story_id),
        edits=row.edits,
        rule=details.get("rule", ""),
        stored=row.stored_at,
    )


def _forward(value: Sequence[str | None] | None) -> Forward | None:
    return Forward(name=value[0], url=value[1]) if value else None


def _media(value: Mapping[str, Any] | None) -> Media:
    return Media(**_tuples(value)) if value else _NO_MEDIA


def _poll(value: Mapping[str, Any] | None) -> Poll | None:
    return Poll(**_tuples(value)) if value else None


def _lists(value: Mapping[str, Any]) -> dict[str, Any]:
    """As it comes back from JSON, so that the two can be compared."""
    return {name: list(each) if isinstance(each, tuple) else each for name, each in value.items()}


def _tuples(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in value.items()}
