"""Pure: whether a sentence says the opposite of what a text says: "rose" where that says "fell", "the north" for "the
south" (`opposites.txt`), "from 8 to 7" for "from 7 to 8".

The opposite is looked for in the sentence of the texts that says most of the rest: prices rose, and wages fell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from core.words import stem, tokens
from digest.text.denial import denials
from digest.text.evidence import names, numbers, spelling
from digest.text.function_words import FUNCTION_STEMS
from digest.text.scripts import is_cyrillic
from digest.text.sentences import split_sentences
from digest.text.word_lists import beginnings, lines_of

SAME = 0.5  # share of a sentence's words, those with an opposite aside, from which another may tell the same
NEXT_BEST = 0.15  # by which another sentence may have fewer and be meant all the same
FEWEST = 2  # words in common, where there are so many
_PART = re.compile(r"[,;]\s|\s[—–-]\s|\s(?:and|while|but|а|и|но)\s")
_NUMBER = r"(?:\w{1,12}\s)?[$€£₽]?(\d[\d.,\u00a0\u202f ]{0,20})"
_WAY = re.compile(
    rf"\b(?:(?:from|со?)\s{_NUMBER}[^\d.;:()]{{0,40}}?\b(?:to|до)\s{_NUMBER}"
    rf"|(?:to|до)\s{_NUMBER}[^\d.;:()]{{0,40}}?\b(?:from|со?)\s{_NUMBER})",
    re.IGNORECASE,
)
Side = tuple[int, int]  # a line of `opposites.txt`, and the first or the second side of it


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence, or a part of one: what it tells, its names and numbers as they sound, and the sides it takes; none by
    what it denies, for what did not rise need not have fallen."""

    cyrillic: bool | None
    words: frozenset[str]
    named: frozenset[str]
    sides: frozenset[Side]

    def share(self, other: "_Said") -> float:
        """How much of it the other tells; between two scripts names and numbers alone can tell."""
        own, others = (self.words, other.words) if self.cyrillic == other.cyrillic else (self.named, other.named)
        shared = len(own & others)
        return shared / len(own) if own and shared >= min(FEWEST, len(self.words)) else 0.0


class Opposites:
    """The sentences of some texts; built once and asked for each sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._said: list[_Said] = []
        self._ways: set[tuple[str, str]] = set()
        for text in texts:
            self._said += [_read(part) for sentence in split_sentences(text) for part in _parts(sentence)]
            self._ways.update(_ways(text))

    def turned(self, sentence: str) -> bool:
        """Whether the sentence says the opposite of what is said here, or goes from one number to another the other way
        round."""
        if any(way not in self._ways and way[::-1] in self._ways for way in _ways(sentence)):
            return True
        return any(self._turns(_read(part)) for part in _parts(sentence))

    def _turns(self, claim: _Said) -> bool:
        if not claim.sides:
            return False
        shares = [claim.share(each) for each in self._said]
        best = max(shares, default=0.0)
        if best < SAME:
            return False
        meant = [each for each, share in zip(self._said, shares, strict=True) if share >= best - NEXT_BEST]
        said = frozenset[Side]().union(*(each.sides for each in meant))
        return any((line, side) not in said and (line, 1 - side) in said for line, side in claim.sides)


def _parts(sentence: str) -> Sequence[str]:
    """The sentence, or its parts where it takes both sides: who wins, and who loses."""
    sides = _sides(tokens(sentence))
    both = any((line, 1 - side) in sides for line, side in sides)
    return _PART.split(sentence) if both else [sentence]


def _read(said: str) -> _Said:
    words = tokens(said)
    not_so, _ = denials(said)
    sides = _sides(words) - _sides(word for word in words if stem(word) in not_so)
    roots = frozenset(stem(word) for word in words if not _sides_of(word)) - FUNCTION_STEMS
    named = frozenset(spelling(stem(name)) for name in names(said) if not _sides_of(name.lower())) | numbers(said)
    return _Said(is_cyrillic(said), roots | numbers(said), named, sides)


def _sides(words: Iterable[str]) -> frozenset[Side]:
    return frozenset[Side]().union(*map(_sides_of, words))


@lru_cache(1 << 14)
def _sides_of(word: str) -> frozenset[Side]:
    return frozenset(
        (line, side) for line, sides in enumerate(_table()) for side, words in enumerate(sides) if words.match(word)
    )


@cache
def _table() -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(tuple(map(beginnings, line.split(";"))) for line in lines_of("opposites.txt"))


def _ways(text: str) -> Iterator[tuple[str, str]]:
    """The numbers that something goes from and to."""
    for found in _WAY.finditer(text):
        start, end, to, from_ = found.groups()
        way = (start, end) if start else (from_, to)
        yield from zip(*(sorted(numbers(each)) for each in way), strict=False)
