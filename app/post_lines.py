"""Posts as JSON objects, in the keys that `courant clean --posts` and `courant export` promise (docs/commands.md)."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from core.model import CleanPost, Kind, Media, NewPost, Poll, Post


def clean_object(clean: CleanPost) -> dict[str, Any]:
    """A post after cleaning."""
    return _object(clean.post, clean.body, clean.language, clean.kind, service=clean.post.service)


def stored_object(post: Post) -> dict[str, Any]:
    """A stored post: the same keys, `"edits"`, `"deleted"` and `"story"`, and the title of a channel that has one."""
    common = _object(post, post.body, post.language, post.kind, service=post.kind is Kind.SERVICE)
    titled = {"channel_title": post.channel_title} if post.channel_title != post.channel else {}
    return {**common, **titled, "edits": post.edits, "deleted": post.deleted, "story": story_of(post)}


def story_of(post: Post) -> str | None:
    """The number of its story as text: it has 63 bits, and readers of JSON round whole numbers past 53."""
    return None if post.story is None else str(post.story)


def utc(moment: datetime | None) -> str | None:
    """ISO 8601, in UTC."""
    return moment.astimezone(UTC).isoformat() if moment else None


def _object(post: NewPost | Post, body: str, language: str, kind: Kind, *, service: bool) -> dict[str, Any]:
    return {
        "channel": post.channel,
        "id": post.message_id,
        "date": utc(post.date),
        "edited": post.edited,
        "service": service,
        "author": post.author,
        "text": post.text,
        "body": body,
        "links": list(dict.fromkeys(link.url for link in post.links)),
        "views": post.views,
        "forwarded_from": asdict(post.forwarded_from) if post.forwarded_from else None,
        "reply_to": post.reply_to,
        "album": post.album,
        "media": _plain(post.media, _NO_MEDIA),
        "poll": _plain(post.poll, _NO_POLL) if post.poll else None,
        "preview": asdict(post.preview) if post.preview else None,
        "reactions": [{"emoji": each.emoji, "count_text": _short(each.count)} for each in post.reactions],
        "language": language,
        "kind": kind.value,
        **({"files": list(post.files)} if post.files else {}),
        **({"quote": post.quote} if post.quote else {}),
        **({"fact_check": asdict(post.fact_check)} if post.fact_check else {}),
    }


_SELDOM = frozenset({"performers", "seconds", "votes", "correct", "explanation"})
_NO_MEDIA, _NO_POLL = Media(), Poll(question="", type="")


def _plain(value: Media | Poll, nothing: Media | Poll) -> dict[str, Any]:
    """A value as an object; what few posts have is there only where it is something."""
    return {name: each for name, each in asdict(value).items() if name not in _SELDOM or each != getattr(nothing, name)}


def _short(count: int) -> str:
    """A count as Telegram's pages write it: 12, 1.2K, 28K, 3.4M."""
    for size, unit in ((1_000_000, "M"), (1_000, "K")):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + unit
    return str(count)
