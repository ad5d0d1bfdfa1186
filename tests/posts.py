"""Made-up posts for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.model import CleanPost, Kind, NewPost, Post, PostId

MORNING = datetime(2025, 2, 18, 6, 0, tzinfo=UTC)


def a_new_post(number: int = 1, text: str = "Ministers met in Riga.", **fields: Any) -> NewPost:
    """A post as a source yields it: message `number`, published that many minutes after the morning."""
    given = {"channel": "harbour_wire", "message_id": number, "date": MORNING + timedelta(minutes=number), "text": text}
    return NewPost(**{**given, **fields})


def a_post(number: int = 1, text: str = "Ministers met in Riga.", **fields: Any) -> CleanPost:
    """The same after cleaning; fields of `CleanPost` and of `NewPost` alike can be given."""
    clean = {"body": text, "language": "en", "fingerprint": number, "kind": Kind.NEWS, "rule": "", "articles": ()}
    own = {name: fields.pop(name) for name in list(fields) if name in clean}
    return CleanPost(post=a_new_post(number, text, **fields), **{**clean, **own})


def a_stored_post(number: int = 1, text: str = "Ministers met in Riga.", **fields: Any) -> Post:
    """News as the tables give it, of a channel of its own and in no story."""
    own = {"channel": f"channel_{number}", "channel_title": f"Channel {number}", "message_id": number, "language": "en"}
    given = {"date": MORNING, "text": text, "body": text, "kind": Kind.NEWS, "fingerprint": 0}
    return Post(**{"id": PostId(number), **own, **given, **fields})
