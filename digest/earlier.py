"""Pure: what was told of a story before, which stands beside its news."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from core.model import StoryId
from digest.model import CitedPost, Digest, Earlier, StoryView
from digest.text.tidy import shorten

LONGEST = 100  # characters of a headline that is told again


def headlines(digest: Digest, deleted: Collection[str] = ()) -> dict[StoryId, Earlier]:
    """What this digest told of each of its stories, told again in a line; without those of which every post that bore
    the headline out was `deleted` (addresses), so that nobody can look it up."""
    found = ((story, _bearing(story, deleted)) for story in digest.stories)
    return {
        story.id: Earlier(title=shorten(story.title, LONGEST), url=post.url, date=post.date)
        for story, post in found
        if post
    }


def with_earlier(digest: Digest, earlier: Mapping[StoryId, Earlier]) -> Digest:
    """The digest whose stories say what of each was told before."""
    if not earlier:
        return digest
    stories = (replace(story, earlier=earlier.get(story.id)) for story in digest.stories)
    return replace(digest, stories=tuple(stories))


def _bearing(story: StoryView, deleted: Collection[str]) -> CitedPost | None:
    """The first post that bore the headline out and is still there."""
    posts = [story.posts[source] for source in story.title_sources] or [story.first]
    return next((post for post in posts if post.url not in deleted), None)
