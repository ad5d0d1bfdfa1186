"""Pure: sentences that nearly repeat one of the posts', and what they may not change then.

Of the many ways to say a thing, a sentence that takes nearly all its words from one sentence of a post has chosen that
one's. So a "not" more or less, or a title more, is no other way to say it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from digest.text.denial import clauses, negations
from digest.text.function_words import content_stems
from digest.text.sentences import split_sentences

NEARLY = 0.8  # share of common words (Jaccard) from which a sentence repeats another
FEWEST = 3  # words of a sentence that can be repeated
_NOBODY = frozenset("никто никого никому".split())
_TOGETHER = frozenset("не нет ни нельзя без невозможно отсутствует".split())
_ENGLISH_NOT = frozenset("not never cannot no nobody none nothing neither nor".split())
_NEAR = 4  # words


class Echoes:
    """The sentences of some texts; built once and asked for each sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sentences = [
            (words, negations(sentence))
            for text in texts
            for sentence in split_sentences(text)
            if len(words := content_stems(sentence)) >= FEWEST
        ]

    def turned(self, sentence: str) -> bool:
        """Whether the sentence repeats one of these with a negation more or less than any that it repeats."""
        words = content_stems(sentence)
        near = [count for other, count in self._sentences if repeats(words, other)]
        return bool(near) and negations(sentence) not in near


def repeats(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one sentence repeats another, by the content words of each."""
    return len(words & other) >= NEARLY * len(words | other)


def garbled(sentence: str) -> bool:
    """Whether a negation is lost or doubled, as nobody writes: "никто пострадал", "there are not no reports"."""
    found = list(clauses(sentence))
    return _lost(list(chain.from_iterable(found))) or any(map(_doubled, found))


def _lost(words: Sequence[str]) -> bool:
    """ "Никто" wants its "не"."""
    return len(words) > 1 and not _NOBODY.isdisjoint(words) and _TOGETHER.isdisjoint(words)


def _doubled(words: Sequence[str]) -> bool:
    """English says it once: "not", and up to four words on "no"."""
    places = [place for place, word in enumerate(words) if word in _ENGLISH_NOT]
    return any(second - first <= _NEAR and "not" in (words[first], words[second]) for first, second in pairwise(places))
