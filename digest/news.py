"""Pure: is there news in a story that a reader knows?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from core.model import Memory, Post, PostId, StoryId
from core.words import stems
from digest.copies import is_copy
from digest.text.evidence import numbers
from digest.text.function_words import content_stems
from digest.text.languages import tongue_of
from digest.text.meanings import Meaning, known_elsewhere

NEW_SHARE = 0.45  # of a post's content words that the reader has not read, from which it brings news
NEW_ELSEWHERE = 0.8  # ... where all was told in other languages: of a translation half of the words are known, or more
LEAST_NEW = 6  # such words
LEAST_READ = 1 / 3  # of a post's words that another language may know: of Chinese ones it knows none
FIGURES, FIGURES_ELSEWHERE = 0.6, 0.8  # of that share is enough with new figures, which another language may spell out
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

    A copy brings none; nor does a rewrite, whose words the reader has read, nor a translation, of most of whose words
    he has read what means or sounds the same, as far as it is known. With new figures fewer new words will do.
    """
    texts = [text for post in told if (text := post.body[:_LOOKED_AT].strip())]
    known = {stem for text in texts for stem in stems(text)}
    known_numbers = {number for text in texts for number in numbers(text)}
    fingerprints = [post.fingerprint for post in told if post.fingerprint]
    tongues = Counter(map(tongue_of, texts))
    elsewhere = _Elsewhere(texts)
    found: list[Post] = []
    for post in since:
        body = post.body[:_LOOKED_AT]
        foreign = 1 - tongues[tongue_of(body)] / len(texts) if texts else 0.0
        words = content_stems(body)
        new = words - known
        if foreign:
            read, unread = elsewhere.read(body)
            if len(read) >= LEAST_READ * len(words):
                words, new = read, unread
            else:
                foreign = 0.0
        copied = post.fingerprint and any(is_copy(post.fingerprint, other) for other in fingerprints)
        needed = _between(NEW_SHARE, NEW_ELSEWHERE, foreign)
        if numbers(body) - known_numbers:
            needed *= _between(FIGURES, FIGURES_ELSEWHERE, foreign)
        if not copied and len(new) >= LEAST_NEW and len(new) >= needed * len(words):
            found.append(post)
    return tuple(found)


class _Elsewhere:
    """Texts as other languages know their words, read when they are first asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem for words in self._read for stem in words)

    @cached_property
    def _meant(self) -> frozenset[Meaning]:
        return frozenset[Meaning]().union(*(meant for words in self._read for meant in words.values()))

    @cached_property
    def _read(self) -> list[Mapping[str, frozenset[Meaning]]]:
        return list(map(known_elsewhere, self._texts))

    def read(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """The stems of the words of a text that another language may know, and those of which these texts say neither
        the word nor another for the same."""
        words = known_elsewhere(text)
        new = (word for word, meant in words.items() if word not in self._stems and meant.isdisjoint(self._meant))
        return frozenset(words), frozenset(new)


def _between(near: float, far: float, share: float) -> float:
    """What lies so far from the one to the other."""
    return near + (far - near) * share
