"""The words of a text with what single words of it give a cue for: which rules may speak, and some of its looks.

What a word gives is remembered, so a text is known to have nothing of a kind for one look-up a word.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.words import LONGEST_WORD, fold, stems_of
from ingest.cleaning.kind_rules import PLEA_CUES, RULES
from ingest.cleaning.phrases import of_kinds

ASKS_PLEA = 1 << len(RULES)  # a word that may ask for comments; below it the rules, each its bit
MIXES = 1 << len(RULES) + 1  # a word of letters of two alphabets
CALLS = 1 << len(RULES) + 2  # a verb that calls upon readers
COUNTS = 1 << len(RULES) + 3  # a number
CAPITALS = 1 << len(RULES) + 4  # a word of capitals alone
ASKS_PHRASES = 1 << len(RULES) + 5  # a word of a phrase in another language
STYLED = 1 << len(RULES) + 6  # a word of letters made for formulas

CALLS_END = ("йте", "ите", "ьте", "йтесь", "итесь", "ьтесь", "йтеся", "іться", "ітеся")
TWO_ALPHABETS = re.compile("[a-z](?:(?=[а-яёіїєґ])|(?<=[а-яёіїєґ].))")

_CACHED = 1 << 17  # words


class Wording(NamedTuple):
    """The words of a text as they are written and their stems, how many letters and digits they have, their cues as
    bits."""

    words: Sequence[str]
    stems: Sequence[str]
    letters: int
    cues: int


def wording(words: Sequence[str]) -> Wording:
    """What these words give, `words` being what a text has `said`."""
    cues = 0
    for bits in {*map(_cues.__getitem__, words)}:
        cues |= bits
    return Wording(words, stems_of(words), sum(map(len, words)), cues)


class _Cues(dict[str, int]):
    """What a word gives a cue for; remembered, emptied when full."""

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST_WORD:
            return self[word[:LONGEST_WORD]] & ~_OF_THE_WHOLE | _looks(word)
        folded = fold(word)
        bits = _WHOLE.get(folded, 0) | _looks(word) | (MIXES if TWO_ALPHABETS.search(word.casefold()) else 0)
        if folded[: _LENGTHS[0]] in _FIRST_LETTERS:
            for length in _LENGTHS:
                bits |= _BEGINNINGS.get(folded[:length], 0)
        if len(self) >= _CACHED:
            self.clear()
        self[word] = bits
        return bits


_OF_THE_WHOLE = CALLS | COUNTS | CAPITALS | STYLED


def _looks(word: str) -> int:
    bits = CALLS if word.endswith(CALLS_END) else 0
    if word.isdecimal():
        bits |= COUNTS
    if is_styled(word):
        bits |= STYLED
    return bits | CAPITALS if in_capitals(word) else bits


def is_styled(word: str) -> bool:
    """Whether a word begins with a letter that is made for formulas, 𝐟𝐨𝐫𝐞𝐱."""
    return "\U0001d400" <= word[0] <= "\U0001d7ff"


def in_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _bits(*, whole: bool) -> dict[str, int]:
    """The cues that are whole words, or that are not, each with the bits of its rules."""
    found: dict[str, int] = {}
    for at, cues in enumerate((*(cues for _, _, cues, _ in RULES), PLEA_CUES)):
        for cue in cues:
            if cue.endswith("!") is whole:
                key = cue.removesuffix("!")
                found[key] = found.get(key, 0) | 1 << at
    for key in of_kinds().whole if whole else of_kinds().beginnings:
        found[key] = found.get(key, 0) | ASKS_PHRASES
    return found


_WHOLE = _bits(whole=True)
_BEGINNINGS = _bits(whole=False)
_LENGTHS = sorted({len(cue) for cue in _BEGINNINGS})
_FIRST_LETTERS = {cue[: _LENGTHS[0]] for cue in _BEGINNINGS}
_cues = _Cues()
