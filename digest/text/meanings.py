"""Pure: what the words of a sentence mean, so far that words for one thing in news («пожар», «горит») are one: they
stand in a line of `same.txt`. Of the others the first letters count: «Москва» and «московский» mean the same."""

import re
from functools import cache, lru_cache

from core.words import stem, tokens
from digest.text.tidy import FUNCTION_STEMS
from digest.text.word_lists import beginnings, lines_of

_LETTERS = 5


def meanings(text: str) -> tuple[frozenset[str], ...]:
    """What each content word of the text may mean, numbers aside, in order."""
    return tuple(found for word in tokens(text) if not word[0].isdigit() and (found := _meanings(word)))


@lru_cache(maxsize=1 << 14)
def _meanings(word: str) -> frozenset[str]:
    root = stem(word)
    if root in FUNCTION_STEMS:
        return frozenset()
    lines = frozenset(f"{place}" for place, line in enumerate(_lines()) if line.match(word))
    return lines or frozenset((root[:_LETTERS],))


@cache
def _lines() -> tuple[re.Pattern[str], ...]:
    return tuple(beginnings(line.replace(";", " ")) for line in lines_of("same.txt"))
