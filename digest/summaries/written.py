"""What a model wrote of a story and the gate let through, as the digest takes it and the database keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.model import PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSentence:
    """A sentence and the posts it rests on; never none."""

    text: str
    posts: tuple[PostId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A story in a model's words, most important first; `title` is None where it had none that could be used, and rests
    on `title_posts`, which are none where an earlier version kept it. `tokens` and `cost` (in the currency of the
    prices) are what the model took for it."""

    title: str | None
    sentences: tuple[WrittenSentence, ...]
    title_posts: tuple[PostId, ...] = ()
    tokens: int = 0
    cost: float = 0.0


def to_json(written: Written) -> dict[str, Any]:
    """As it is kept."""
    sentences = [{"text": each.text, "posts": list(each.posts)} for each in written.sentences]
    return {"title": written.title, "title_posts": list(written.title_posts), "sentences": sentences}


def from_json(value: Mapping[str, Any]) -> Written:
    """As it was kept."""
    return Written(
        title=value["title"],
        title_posts=tuple(map(PostId, value.get("title_posts", ()))),
        sentences=tuple(
            WrittenSentence(text=each["text"], posts=tuple(map(PostId, each["posts"]))) for each in value["sentences"]
        ),
    )
