"""Pure: is there news in a story that a reader knows?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.model import Memory, Post, PostId, StoryId
from core.words import stems
from digest.copies import is_copy
from digest.text.evidence import numbers
from digest.text.function_words import content_stems

NEW_SHARE = 0.45  # of a post's content words that the reader has not read, from which it brings news
LEAST_NEW = 6  # such words
_LOOKED_AT = 2000  # characters of a post
LATEST = timedelta(days=1)  # later than this nothing is news of a told story: a new channel brings old posts


def arrivals(stories: Mapping[StoryId, Sequence[Post]]) -> dict[StoryId, datetime]:
    """When the post of each story that came last came to us; without those of which that is not known."""
    came = {story: [post.stored for post in posts if post.stored] for story, posts in stories.items()}
    return {story: max(times) for story, times in came.items() if times}


def unseen(
    told: Mapping[StoryId, Memory], stories: Mapping[StoryId, Sequence[Post]], arrived: Mapping[StoryId, datetime]
) -> frozenset[PostId]:
    """The posts of told stories that are older than the last that was told and came only after it was told, at most
    `LATEST` after they were published. `arrived`: see `arrivals`."""
    return frozenset(
        post.id
        for story, memory in told.items()
        if story in arrived and arrived[story] > memory.came
        for post in stories[story]
        if post.id <= memory.last and post.stored and memory.came < post.stored <= post.date + LATEST
    )


def short_of_untold(memory: Memory, told: Sequence[Post], untold: Sequence[Post]) -> Memory | None:
    """What of a story counts as known to whom these posts of it were told, but not those of other channels that they
    read as well: all where those bring no news, else what is older than the first that does; None for nothing."""
    news = with_news(told, [post for post in untold if post.id <= memory.last])
    if not news:
        return memory
    older = [post.id for post in told if post.id < news[0].id]
    return replace(memory, last=max(older)) if older else None


def with_news(told: Sequence[Post], since: Sequence[Post]) -> tuple[Post, ...]:
    """Those of the posts `since` that say what none of the `told` ones says; oldest first.

    A copy brings none; nor does a rewrite, whose words the reader has read. With new numbers fewer new words will do.
    """
    known = {stem for post in told for stem in stems(post.body[:_LOOKED_AT])}
    known_numbers = {number for post in told for number in numbers(post.body[:_LOOKED_AT])}
    fingerprints = [post.fingerprint for post in told if post.fingerprint]
    found: list[Post] = []
    for post in since:
        body = post.body[:_LOOKED_AT]
        words = content_stems(body)
        new = words - known
        figures = numbers(body) - known_numbers
        copied = post.fingerprint and any(is_copy(post.fingerprint, other) for other in fingerprints)
        needed = NEW_SHARE * (0.6 if figures else 1.0)
        if not copied and len(new) >= LEAST_NEW and len(new) >= needed * len(words):
            found.append(post)
    return tuple(found)
