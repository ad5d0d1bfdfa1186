"""Pure: is there news in a story that a reader knows?"""

from collections.abc import Sequence

from core.model import Post
from core.words import stems
from digest.copies import is_copy
from digest.evidence import numbers
from digest.tidy import FUNCTION_STEMS

NEW_SHARE = 0.45  # of a post's content words that the reader has not read, from which it brings news
LEAST_NEW = 6  # such words
_LOOKED_AT = 2000  # characters of a post


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
        words = set(stems(body)) - FUNCTION_STEMS
        new = words - known
        figures = numbers(body) - known_numbers
        copied = post.fingerprint and any(is_copy(post.fingerprint, other) for other in fingerprints)
        needed = NEW_SHARE * (0.6 if figures else 1.0)
        if not copied and len(new) >= LEAST_NEW and len(new) >= needed * len(words):
            found.append(post)
    return tuple(found)
