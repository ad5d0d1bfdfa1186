"""A story that three channels tell, for the tests of what a digest says."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core.model import Kind, Post, StoryId
from digest.model import CitedSentence
from digest.telling import RankedStory
from tests.posts import a_stored_post

NOON = datetime(2025, 2, 18, 12, tzinfo=UTC)
TEXTS = (
    "The old bridge in Harwick was closed after a barge hit its pillar. Nobody was hurt.",
    "A barge hit the old bridge in Harwick. Repairs of the bridge will take 3 weeks, the town says.",
    "Old bridge in Harwick hit by a barge. Repairs of the bridge will take 5 weeks, the town says.",
)


def post(number: int, text: str, story: int | None = 1, channel: str = "", kind: Kind = Kind.NEWS) -> Post:
    return a_stored_post(
        number,
        text,
        channel=channel or f"channel_{number}",
        date=NOON - timedelta(minutes=60 - number % 60),
        kind=kind,
        story=None if story is None else StoryId(story),
    )


BRIDGE = RankedStory(
    id=StoryId(1),
    posts=tuple(post(number, text) for number, text in enumerate(TEXTS, 1)),
    score=5.0,
    why=("3 channels",),
)


def the_first(texts: Sequence[str], *_: Any, **__: Any) -> tuple[CitedSentence, ...]:
    """Sums up by the first sentence of the first text."""
    return (CitedSentence(text=texts[0], sources=(0,)),)
