"""Pure: what was told of a story before, which stands beside its news."""

from collections.abc import Mapping
from dataclasses import replace

from core.model import StoryId
from core.words import stems
from digest.model import Digest, Earlier, StoryView
from digest.text.tidy import shorten

LONGEST = 100  # characters of a headline that is told again


def headlines(digest: Digest) -> dict[StoryId, Earlier]:
    """What this digest told of each of its stories, told again in a line."""
    return {story.id: _headline(story) for story in digest.stories}


def with_earlier(digest: Digest, earlier: Mapping[StoryId, Earlier]) -> Digest:
    """The digest whose stories say what of each was told before, but for those of which the same words are told now."""
    stories = (
        replace(story, earlier=before)
        if (before := earlier.get(story.id)) and stems(before.title) != stems(shorten(story.title, LONGEST))
        else story
        for story in digest.stories
    )
    return replace(digest, stories=tuple(stories)) if earlier else digest


def _headline(story: StoryView) -> Earlier:
    post = story.posts[story.title_sources[0]] if story.title_sources else story.first
    return Earlier(title=shorten(story.title, LONGEST), url=post.url, date=post.date)
