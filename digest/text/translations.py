"""Pure: words of news that mean the same in Russian and in English, by `translations.txt`."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from core.words import stem
from digest.text.word_lists import lines_of

SHORTEST = 2  # letters of a beginning


def senses(term: str) -> tuple[int, ...]:
    """What a stem may mean, as numbers that are the same in both languages; empty where that is not known."""
    begins, whole = _table()
    if term in whole:
        return whole[term]
    for end in range(len(term), SHORTEST - 1, -1):
        if found := begins.get(term[:end]):
            return found
    return ()


@cache
def _table() -> tuple[Mapping[str, tuple[int, ...]], Mapping[str, tuple[int, ...]]]:
    """The lines in which each beginning stands, and each stem: that of a beginning may be shorter than itself."""
    begins: defaultdict[str, dict[int, None]] = defaultdict(dict)
    whole: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for number, line in enumerate(lines_of("translations.txt")):
        for word in line.replace(";", " ").split():
            whole[stem(word.removesuffix("."))][number] = None
            if not word.endswith("."):
                begins[word][number] = None
    return {word: tuple(lines) for word, lines in begins.items()}, {root: tuple(lines) for root, lines in whole.items()}
