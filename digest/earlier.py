"""Pure: what was told of a story before, which stands beside its news."""

from collections.abc import Mapping
from dataclasses import replace

from core.model import StoryId
from digest.model import Digest, Earlier, StoryView
from digest.text.tidy import shorten

LONGEST = 100  # characters of a headline that is told again


def headlines(digest: Digest) -> dict[StoryId, Earlier]:
    """What this digest told of each of its stories, told again in a line."""
    return {story.id: _headline(story) for story in digest.stories}


def with_earlier(digest: Digest, earlier: Mapping[StoryId, Earlier]) -> Digest:
    """The digest whose stories say what of each was told before."""
    if not earlier:
        return digest
    stories = (replace(story, earlier=earlier.get(story.id)) for story in digest.stories)
    return replace(digest, stories=tuple(stories))


def _headline(story: StoryView) -> Earlier:
    post = story.posts[story.title_sources[0]] if story.title_sources else story.first
    return Earlier(title=shorten(story.title, LONGEST), url=post.url, date=post.date)
