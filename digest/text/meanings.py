"""Pure: what words mean, so far that words for one thing in news («пожар», «горит», "fire") are one: they stand in a
line of `meanings.txt`, which people can read and mend."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache

from core.words import stem, tokens
from digest.text.function_words import FUNCTION_STEMS
from digest.text.word_lists import lines_of

SHORTEST = 2  # letters of a beginning
_LETTERS = 5

Meaning = int | str  # a line of the list, or the first letters


def senses(term: str) -> tuple[int, ...]:
    """What a stem may mean, as numbers that are the same in both languages; empty where that is not known."""
    begins, whole = _table()
    if term in whole:
        return whole[term]
    for end in range(len(term), SHORTEST - 1, -1):
        if found := begins.get(term[:end]):
            return found
    return ()


def meanings(text: str) -> tuple[frozenset[Meaning], ...]:
    """What each content word of the text may mean, numbers aside, in order. Of what is not in the list the first
    letters count: «кружево» and «кружевной» mean the same."""
    roots = (stem(word) for word in tokens(text) if not word[0].isdigit())
    return tuple(found for root in roots if (found := meant_by(root)))


@lru_cache(maxsize=1 << 14)
def meant_by(root: str) -> frozenset[Meaning]:
    """What a word with this stem may mean; nothing for a function word."""
    return frozenset() if root in FUNCTION_STEMS else frozenset(senses(root) or (root[:_LETTERS],))


@cache
def _table() -> tuple[Mapping[str, tuple[int, ...]], Mapping[str, tuple[int, ...]]]:
    """The lines in which each beginning stands, and each stem: that of a beginning may be shorter than itself."""
    begins: defaultdict[str, dict[int, None]] = defaultdict(dict)
    whole: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for number, line in enumerate(lines_of("meanings.txt")):
        for word in line.replace(";", " ").split():
            whole[stem(word.removesuffix("."))][number] = None
            if not word.endswith("."):
                begins[word][number] = None
    return {word: tuple(lines) for word, lines in begins.items()}, {root: tuple(lines) for root, lines in whole.items()}
