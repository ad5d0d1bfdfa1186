"""Pure: what words mean, so far that words for one thing in news («пожар», «горит», "fire") are one: they stand in a
line of `meanings.txt`, which people can read and mend. The lists of other languages (`meanings_de.txt`) lead to its
lines."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from core.words import fold, stem, tokens, written
from digest.text.function_words import FUNCTION_STEMS
from digest.text.languages import CUT, languages, tongue_of
from digest.text.sounds import consonants
from digest.text.word_lists import lines_of

SHORTEST = 2  # letters of a beginning
_LETTERS = 5
_TOGETHER = frozenset({"en", "ru"})  # of which one list has the words

Meaning = int | str  # a line of the list, or the first letters


def senses(term: str, tongue: str = "en") -> tuple[int, ...]:
    """What a stem of this language may mean, as numbers that are the same in all languages; empty where that is not
    known."""
    begins, whole = _table("" if tongue in _TOGETHER else tongue)
    if term in whole:
        return whole[term]
    for end in range(len(term), SHORTEST - 1, -1):
        if found := begins.get(term[:end]):
            return found
    return ()


@lru_cache(maxsize=1 << 17)
def known_as(term: str, tongue: str) -> tuple[tuple[int, ...], str]:
    """What other languages know a stem of this one by: its senses, and its sound, which may be empty, as that of a
    number is."""
    return ((), "") if term[:1].isdigit() else (senses(term, tongue), consonants(term))


def known_elsewhere(text: str) -> Mapping[str, frozenset[Meaning]]:
    """By the stem of each word that says something, as the language of the text cuts it down, what other languages know
    it by: its senses, and its sound. Words that are known by neither are left out, as numbers are."""
    tongue = tongue_of(text)
    language = next((each for each in languages() if each.code == tongue), languages()[0])
    found: dict[str, frozenset[Meaning]] = {}
    for word in map(language.bare, written(text)):
        if word in language.words:
            continue
        root = language.stem(word)
        meant, sound = known_as(root, tongue)
        if meant or sound:
            found[root] = frozenset((*meant, sound) if sound else meant)
    return found


def meanings(text: str) -> tuple[frozenset[Meaning], ...]:
    """What each content word of the text may mean, numbers aside, in order. Of what is not in the list the first
    letters count: «кружево» and «кружевной» mean the same."""
    roots = (stem(word) for word in tokens(text) if not word[0].isdigit())
    return tuple(found for root in roots if (found := meant_by(root)))


@lru_cache(maxsize=1 << 14)
def meant_by(root: str) -> frozenset[Meaning]:
    """What a word with this stem may mean; nothing for a function word."""
    return frozenset() if root in FUNCTION_STEMS else frozenset(senses(root) or (root[:_LETTERS],))


_Lines = Mapping[str, tuple[int, ...]]


@cache
def _table(tongue: str) -> tuple[_Lines, _Lines]:
    """The lines in which each beginning stands, and each stem: that of a beginning may be shorter than itself."""
    language = next((each for each in languages() if each.code == tongue), None)
    if language is None or not (files("digest.text") / _list_of(tongue)).is_file():
        return {}, {}
    begins: defaultdict[str, dict[int, None]] = defaultdict(dict)
    whole: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for word, lines in _entries(tongue):
        bare = language.bare(fold(word.removesuffix(".")))
        whole[language.stem(bare)] |= lines
        if not word.endswith("."):
            begins[bare if not tongue else bare[:CUT]] |= lines
    return {word: tuple(lines) for word, lines in begins.items()}, {root: tuple(lines) for root, lines in whole.items()}


def _entries(tongue: str) -> Iterator[tuple[str, dict[int, None]]]:
    """The words of a language with the lines in which they stand, or to which they lead: those that all English words
    behind the semicolon have in common."""
    if not tongue:
        for number, line in enumerate(lines_of(_list_of(""))):
            yield from ((word, {number: None}) for word in line.replace(";", " ").split())
        return
    standing = _standing()
    for line in lines_of(_list_of(tongue)):
        words, _, english = line.partition(";")
        numbers = sorted(frozenset.intersection(*(standing[word] for word in english.split())))
        yield from ((word, dict.fromkeys(numbers)) for word in words.split())


def _list_of(tongue: str) -> str:
    return f"meanings_{tongue}.txt" if tongue else "meanings.txt"


@cache
def _standing() -> Mapping[str, frozenset[int]]:
    """By each English word of the list, as it is written there, its lines."""
    standing: defaultdict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines_of(_list_of(""))):
        for word in line.partition(";")[2].split():
            standing[word].add(number)
    return {word: frozenset(numbers) for word, numbers in standing.items()}
