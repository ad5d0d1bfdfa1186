"""The digest as JSON, for programs; the keys are a promise (docs/commands.md, "Reading")."""

import json
from datetime import UTC, datetime
from typing import Any

from digest.model import Correction, Digest, Earlier, Note, StoryView


def as_object(digest: Digest) -> dict[str, Any]:
    """`{"reader"?,"list"?,"from","to","posts","channels","stories":[…],"left_out","corrections"?}`; dates
    in ISO 8601, UTC; `list` is the id of the list, or of several lists joined by commas."""
    head: dict[str, Any] = {}
    if digest.reader is not None:
        head["reader"] = digest.reader
    if digest.lists:
        head["list"] = ",".join(each.id for each in digest.lists)
    return {
        **head,
        "from": _date(digest.since),
        "to": _date(digest.until),
        "posts": digest.posts,
        "channels": digest.channels,
        "stories": [_story(story) for story in digest.stories],
        "left_out": digest.left_out.total,
        **({"corrections": [_correction(each) for each in digest.corrections]} if digest.corrections else {}),
    }


def render(digest: Digest) -> str:
    """The object as one JSON document, ending with a line break."""
    text = json.dumps(as_object(digest), ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def _story(story: StoryView) -> dict[str, Any]:
    return {
        "id": str(story.id),  # 63 bits: readers of JSON round numbers past 53
        "title": story.title,
        "summary": [
            {"text": sentence.text, "sources": [story.posts[source].url for source in sentence.sources]}
            for sentence in story.summary
        ],
        "posts": [{"channel": post.channel, "url": post.url, "date": _date(post.date)} for post in story.posts],
        "score": round(story.score, 3),
        "why": list(story.why),
        "update": story.update,
        **({"earlier": _earlier(story.earlier)} if story.earlier else {}),
        **({"notes": [_note(story, note) for note in story.notes]} if story.notes else {}),
    }


def _earlier(earlier: Earlier) -> dict[str, Any]:
    return {"title": earlier.title, "url": earlier.url, "date": _date(earlier.date)}


def _note(story: StoryView, note: Note) -> dict[str, Any]:
    sources = [story.posts[source].url for source in note.sources]
    return {"text": note.text, "country": note.country or None, "sources": sources}


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "story": str(correction.story),
        "channel": correction.channel,
        "url": correction.url,
        "said": correction.said,
        "now": correction.now or None,
        "deleted": correction.deleted,
    }


def _date(date: datetime) -> str:
    return date.astimezone(UTC).isoformat()
