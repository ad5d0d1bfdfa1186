"""Pure: which language a post is written in, told by its words that say nothing, and how its other words are cut down.

Russian and English are one entry, the first: most posts are in one of them and name things in the other. The other
languages are in `other_languages.txt`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from core.words import fold, stem, stemmer, written
from digest.text.function_words import SMALL_WORDS
from digest.text.scripts import is_cyrillic

_LOOKED_AT = 600  # characters of a text by which its language is known where no more is read of it
CUT = 7  # letters of a stem of other languages that are looked at: Snowball leaves more endings there than in English

STOP_WORDS = SMALL_WORDS | frozenset(
    """всего разве иногда нельзя который которые которая которого которой году год лет сообщили рассказала данным
    new now only other such two amid via mr mrs ms
    риа тасс интерфакс рбк reuters рейтер bloomberg afp корреспондент""".split()
)  # the last are whom news is taken from: an agency names itself in whatever it tells

# Words of Russian and English that say something there, or stand in names, and are small words elsewhere.
_NOT_TELLING = frozenset(
    """года день дня дней час часа часов код около против вчера днес те то той тому оно би си го й
    ai am c ci come dan den do door dos due e em era go jam let man me men met my non one os para plus pro r ten under
    van war years""".split()
)
# Words that stand in names, too: "Von der Leyen", "Los Angeles", "Mohammed bin Salman".
_IN_NAMES = frozenset("al bin da de del der di el la las le los von".split())
_COMMON_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_OUR_LETTERS = re.compile(r"[\u0400-\u052fA-Za-zÀ-ɏ]")
_HEADER = re.compile(r"([a-z]{2}) ([a-z]+|-):")
_ELIDED = re.compile(r"([^\W\d_]{1,5})'(?=[^\W\d_])")  # "l'accord", "dell'Italia", "n'a"
_SUFFIX = re.compile(r"(?<=[^\W\d_]{3})'.*")  # "Ankara'da"
_INSIDE_WORDS = frozenset({"uk", "be", "uz"})  # where an apostrophe parts nothing: "з'їзд", "під'їзд", "bog'cha"
_AND_THE = re.compile(r"و(?=ال\w{3})")  # written together: "والجيش"
_UNDOTTED = frozenset({"tr", "az"})  # where the small I is ı


@dataclass(frozen=True, slots=True)
class Language:
    """A language, by its `code`, empty for Russian and English: its `words` that say nothing; a word `bare`, in small
    letters and without what is only written together with it; and the `stem` of such a word."""

    code: str
    words: frozenset[str]
    bare: Callable[[str], str]
    stem: Callable[[str], str]


@cache
def languages() -> tuple[Language, ...]:
    """All languages, Russian and English first."""
    found = [Language("", STOP_WORDS, lambda word: _lower(word).removesuffix("'s"), stem)]
    for block in (files("digest.text") / "other_languages.txt").read_text(encoding="utf-8").split("\n\n")[1:]:
        header, _, words = block.partition("\n")
        if match := _HEADER.fullmatch(header):
            found.append(_language(match[1], match[2], frozenset(words.split())))
    return tuple(found)


def _language(code: str, snowball: str, words: frozenset[str]) -> Language:
    full = fold if snowball == "-" else stemmer(snowball)

    def bare(word: str) -> str:
        low = _lower(word.replace("I", "ı") if code in _UNDOTTED else word)
        if code == "ar" and _AND_THE.match(low):
            return low[1:]
        if "'" not in low or code in _INSIDE_WORDS:
            return low
        article = _ELIDED.match(low)
        return low[article.end() :] if article and article[1] in words else _SUFFIX.sub("", low)

    return Language(code, words, bare, lambda low: full(low)[:CUT])


def _lower(word: str) -> str:
    """The word in small letters; Python gives a small İ two dots."""
    return word.lower().replace("i\u0307", "i")


@cache
def _speaking() -> dict[str, tuple[int, ...]]:
    """By each word that says nothing the languages that have it, where Russian and English do not."""
    speaking: dict[str, tuple[int, ...]] = {}
    for number, language in enumerate(languages()):
        for word in language.words - STOP_WORDS - _NOT_TELLING:
            speaking[word] = (*speaking.get(word, ()), number)
    return speaking


@cache
def _letters() -> dict[str, frozenset[int]]:
    """By each letter that neither Russian nor English has the languages whose words have it."""
    letters: dict[str, frozenset[int]] = {}
    for number, language in enumerate(languages()):
        for letter in _own(chain.from_iterable(language.words)):
            letters[letter] = letters.get(letter, frozenset()) | {number}
    return letters


def _own(letters: Iterable[str]) -> set[str]:
    return {letter for letter in letters if letter not in _COMMON_LETTERS and letter.isalpha()}


def speaking(word: str) -> tuple[int, ...]:
    """The languages, by their places, that a word tells of: those where it says nothing else, and those with letters of
    its own, once for either; none where Russian or English have it, too. Twice as often where it is surely no name, as
    names of all languages stand in Russian and English posts."""
    low = _lower(word)
    said = _speaking().get(low, ())
    if not low.isascii() and (own := _own(low)):
        theirs = frozenset.intersection(*(_letters().get(letter, frozenset()) for letter in own))
        said = (*said, *sorted(theirs))
    return said if word[0].isupper() or low in _IN_NAMES else said * 2


def language_of(words: Iterable[str], said: Iterable[tuple[int, ...]], ours: int) -> int:
    """The place of the language that a text is in, by its words, what `speaking` tells of each, and how many (`ours`)
    say nothing in Russian or English: the one that most are known by, if two are (three, where all may be names), and
    more than say nothing in Russian or English alone; else the first."""
    foreign = list(filter(None, said))
    if len(foreign) < 2:
        return 0
    votes = Counter(chain.from_iterable(foreign))
    best = max(votes, key=lambda number: (votes[number], -number))
    if votes[best] <= 2:
        return 0
    common = languages()[best].words & STOP_WORDS
    ours -= sum(_lower(word) in common for word in words)
    return best if votes[best] > 2 * ours else 0


def language_in(text: str) -> str:
    """The code of the language that a text is in, by its beginning; empty for Russian and English, and where
    it cannot be told."""
    found = written(text[:_LOOKED_AT])
    ours = sum(_lower(word) in STOP_WORDS for word in found)
    return languages()[language_of(found, map(speaking, found), ours)].code


def tongue_of(text: str) -> str:
    """The code of the language that a text is in; where it is not told that of Russian or English by the letters."""
    return language_in(text) or tongue_by_letters(text)


def tongue_by_letters(text: str) -> str:
    """The code of Russian or English where most letters are Cyrillic or Latin; empty where they are neither."""
    head = text[:2000]
    if 2 * len(_OUR_LETTERS.findall(head)) < max(1, sum(map(str.isalpha, head))):
        return ""
    return "ru" if is_cyrillic(head) else "en"
