"""Posts as they come in are read, their words counted, and weighed by what has been counted by then."""

import logging
from collections.abc import Hashable
from itertools import chain

from digest.copies import original_of
from digest.stories.index import Member
from digest.stories.posts import StoryPost, articles_of, files_of, hour_of, marks_of
from digest.stories.terms import read_terms
from digest.stories.word_weights import Counted, Packed, Said, WeighedPost, Words
from digest.text.sounds import sounds

log = logging.getLogger(__name__)

COPY_TERMS = 4  # distinct terms from which on equal words mean a copy
SAME_WORDS = 0.9  # cosine of two texts of a post, with the same numbers, at which nothing of weight was edited


class Weighing:
    """The words of the stream, and the posts that were counted before they are added."""

    def __init__(self, *, forgetful: bool) -> None:
        """`forgetful`: what leaves is counted no more."""
        self._forgetful = forgetful
        self._words = Words()
        self._learned: dict[Hashable, Counted] = {}

    @property
    def known_terms(self) -> int:
        """Terms counted."""
        return len(self._words)

    def learn(self, post: StoryPost) -> None:
        """Count a post that is about to be added."""
        self._learned[post.id] = self._read(post)

    def knows(self, post: StoryPost) -> bool:
        """Whether a post was counted and not added yet."""
        return post.id in self._learned

    def counted(self, post: StoryPost) -> Counted:
        """What a post says; it is counted unless it was."""
        return self._learned.pop(post.id, None) or self._read(post)

    def forget(self, member: Member) -> None:
        """A post leaves."""
        if self._forgetful:
            self._words.forget(member.packed)

    def weigh(self, post: StoryPost, counted: Counted) -> tuple[Member, WeighedPost]:
        """A counted post as its words weigh now."""
        terms, weighed = counted.terms, self._words.weigh(counted)
        enough = len(terms.counts) >= COPY_TERMS
        articles = articles_of(post)
        member = Member(
            id=post.id,
            channel=post.channel,
            time=hour_of(post.date),
            packed=weighed.packed,
            bag=hash(frozenset(zip(weighed.vector, terms.counts.values(), strict=True))) if enough else 0,
            original=original_of(post.url, post.forwarded_from) if enough else "",
            fingerprint=post.fingerprint if enough else 0,
            marks=marks_of(post, terms, articles),
            own=tuple(f"{post.channel} {each}" for each in (*articles, *files_of(post))) if post.channel else (),
            meaning=post.meaning,
            sounds=self._sounds(weighed),
        )
        return member, weighed

    def said_by(self, post: Packed) -> Said:
        """What a post says, as another language can read it."""
        return self._words.said_by(post)

    def is_same(self, before: Member, counted: Counted) -> bool:
        """Whether an edit changed no number and few words."""
        old, new = before.packed.unpacked(), self._words.weigh(counted)
        alike = sum([old.vector[term] * new.vector[term] for term in old.vector.keys() & new.vector.keys()])
        return alike > SAME_WORDS and old.numbers == new.numbers

    def _read(self, post: StoryPost) -> Counted:
        try:
            terms = read_terms(post.text, post.title)
        except Exception:  # a mistake of ours with one text must not keep all other posts from their stories
            log.exception("a post says nothing that could be compared: %s", post.id)
            terms = read_terms("")
        return self._words.see(terms)

    def _sounds(self, weighed: WeighedPost) -> tuple[str, ...]:
        """The names of a post as they are found in another language."""
        return tuple(dict.fromkeys(chain.from_iterable(map(sounds, self._words.names_of(weighed)))))
