"""Pure: the names of a sentence, and whether a text holds them, in whatever form, alphabet or known other spelling.

Three bridges, from sure to loose: stems; spellings of the two alphabets («Путин», "Putin"), at last by consonants alone
(«Трамп», "Trump"; «Байден», "Biden"); and `known_names.txt` for names that are translated («Германия», "Germany").
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product

from core.words import fold, stem
from digest.text.evidence import spelling
from digest.text.function_words import FUNCTION_STEMS
from digest.text.numbers import is_number_word
from digest.text.word_lists import lines_of

_FEW_SOUNDS = 3
PHRASE = 4  # words of a known name at most
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,5}")
_START = re.compile(r"[.!?…:;]\s*[\"«“„‘'(]*$|^[\W_]*$")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_OTHER_SCRIPT = re.compile(r"[^\W\d_\u0041-\u024f\u0400-\u052f\u1e00-\u1eff]")
# Words that English writes with a capital in titles and that name nobody by themselves.
_TITLE_WORDS = """
    president prime minister ministry deputy vice foreign interior defence defense chief chairman chairwoman
    speaker senator governor mayor general colonel major captain lieutenant admiral marshal judge justice
    attorney secretary state government parliament congress senate house court supreme federal national republic
    kingdom union department office agency service committee commission council bank party army navy force
    forces guard police region district oblast province county city town village street avenue square airport
    airlines university institute academy school church cathedral hospital museum theatre theater stadium bridge
    river lake sea ocean island mountain north south east west northern southern eastern western central king
    queen prince princess pope bishop mr mrs ms dr sir lord lady professor company corporation group holding
    limited association federation organization organisation world cup league olympic games championship
    internet god earth sun moon january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday"""
_TITLES = frozenset(map(stem, _TITLE_WORDS.split()))
_ENDING_WORDS = "а у ом е ы ой ым ого ому их ых ыми ами ов ам ах ь я ю ем ей и ям ями ях ий ый ая ую ое ее им ев"
_ENDINGS = frozenset(["", "s", "n", "an", "ian", "ans", "ians", "i", "is", *_ENDING_WORDS.split()])
_CONSONANTS = str.maketrans(
    dict(zip("бвгджзклмнпрстфхцчшщґ", "bvgdgsklmnprstfhsCssg", strict=True))
    | dict.fromkeys("аеёийоуыэюяіїє", "a")
    | dict.fromkeys("ьъ'’", "")
)
_RUSSIAN_PAIRS = (("дж", "ж"), ("тс", "ц"), ("дз", "з"))
_ENGLISH_PAIRS = (
    ("tsch", "ч"), ("shch", "щ"), ("sch", "ш"), ("tch", "ч"), ("dzh", "ж"), ("sh", "ш"), ("zh", "ж"), ("kh", "х"),
    ("ph", "ф"), ("th", "т"), ("gh", "г"), ("ck", "к"), ("qu", "кв"), ("ts", "ц"), ("tz", "ц"), ("x", "кс"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")
_SOFT_C = re.compile(r"c(?=[eiy])")
_SILENT_H = re.compile(r"(?<=[a-z])h(?![aeiouy])")
_LATIN = str.maketrans(
    dict(zip("bcdfgjklmnpqrstvz", "bkdfggklmnpkrstvs", strict=True))
    | dict.fromkeys("aeiouyàáâäãåèéêëìíîïòóôöøùúûü", "a")
)
_AMBIGUOUS = {"w": ("v", ""), "ч": ("C", "k", "s"), "h": ("h", "")}


class Names:
    """What the texts say by name; built once and asked for each sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = [match[0] for text in texts for match in _WORD.finditer(_without_dots(text))]
        stemmed = [stem(word) for word in words]
        self.stems = frozenset(stemmed)
        self._groups = frozenset(group for _, _, groups in _known(stemmed) for group in groups)
        capital = {word for word in words if word[0].isupper()}
        self._spellings = frozenset(map(spelling, self.stems)) | frozenset(map(_spelled, capital))
        self._beginnings: dict[str, set[str]] = {}
        for word in map(fold, capital):
            self._beginnings.setdefault(word[:4], set()).add(word)
        self._sounds = {
            script: frozenset(sound for word in capital if _is_cyrillic(word) == script for sound in _sounds_of(word))
            for script in (True, False)
        }

    def lack(self, sentence: str) -> str | None:
        """The first name of `sentence` that is not here; None where all are."""
        words = list(_found(sentence))
        stemmed = [stem(word) for word, _ in words]
        by_group = {at: (length, groups) for at, length, groups in _known(stemmed)}
        held_until = 0
        for at, (word, starts) in enumerate(words):
            if at in by_group:
                length, groups = by_group[at]
                known = [part for part, _ in words[at : at + length]]
                if self._groups & groups:
                    held_until = max(held_until, at + length)
                elif _names_it(known) and not all(self.hold(part, surely=True) for part in known):
                    return " ".join(known)
            if at < held_until or not _may_be_name(word):
                continue
            if self.hold(word) or (starts and _is_common(stemmed[at])):
                continue
            return word
        return None

    def hold(self, word: str, *, surely: bool = False) -> bool:
        """Whether one word of a name is here; `surely`: three consonants alike are not enough."""
        root = stem(word)
        if root in self.stems or {spelling(root), _spelled(word)} & self._spellings:
            return True
        if len(word) == 1 or (root in _TITLES and not word.isupper()):
            return True
        form = fold(word)
        if any(_same_but_ending(form, other) for other in self._beginnings.get(form[:4], ())):
            return True
        heard = self._sounds[not _is_cyrillic(word)] & _sounds_of(word)
        return any(len(sound) > _FEW_SOUNDS for sound in heard) if surely else bool(heard)


def names_in(sentence: str) -> tuple[str, ...]:
    """The words of `sentence` that are checked as names."""
    return tuple(
        word for word, starts in _found(sentence) if _may_be_name(word) and not (starts and _is_common(stem(word)))
    )


def _names_it(words: Sequence[str]) -> bool:
    """Whether the words are meant as the known name: capitalised, or a Russian adjective or phrase of one."""
    first = words[0]
    return first[0].isupper() or (len(words) == 1 and _is_cyrillic(first) and len(first) > 3)


def _may_be_name(word: str) -> bool:
    if _OTHER_SCRIPT.search(word):
        return True
    if not any(map(str.isupper, word)) or word.isdigit():
        return False
    if is_number_word(word):
        return False
    acronym = len(word) > 1 and word.isupper()
    return acronym or (stem(word) not in FUNCTION_STEMS and len(word) > 1)


def _is_common(root: str) -> bool:
    return root in FUNCTION_STEMS or root in _TITLES or root in _lower_words()


@cache
def _lower_words() -> frozenset[str]:
    """Stems of words that are written small; `python -m benchmarks.lower_words` counted them."""
    return frozenset(lines_of("lower_words.txt"))


def _spelled(word: str) -> str:
    """A name in Latin letters without the vowels it ends with."""
    latin = spelling(fold(word))
    return latin.rstrip("aeiou") if len(latin) > 3 else latin


def _same_but_ending(one: str, other: str) -> bool:
    """Whether two words (folded) are forms of one name."""
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= 4 and one[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def _found(sentence: str) -> Iterable[tuple[str, bool]]:
    """The words of a sentence, and whether each starts one (a capital there says nothing)."""
    sentence = _without_dots(sentence)
    for match in _WORD.finditer(sentence):
        yield match[0], _START.search(sentence[max(0, match.start() - 8) : match.start()]) is not None


def _without_dots(text: str) -> str:
    """ "U.S." as "US"."""
    return _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", text)


@cache
def _known_names() -> dict[tuple[str, ...], frozenset[int]]:
    """Each known spelling, as stems, with the names (by line) that it can stand for."""
    found: dict[tuple[str, ...], frozenset[int]] = {}
    for number, line in enumerate(lines_of("known_names.txt")):
        for written in line.split(";"):
            words = written.split()
            # a Russian name may have other stems with endings than without: «Киев», «Киева»
            endings = ("", "а", "у", "ом", "е") if len(words) == 1 and _is_cyrillic(written) else ("",)
            for ending in endings:
                key = tuple(stem(word + ending) for word in words)
                found[key] = found.get(key, frozenset()) | {number}
    return found


def _known(stemmed: Sequence[str]) -> Iterable[tuple[int, int, frozenset[int]]]:
    """The known names among the words: place, length in words, which; the longest at each place."""
    known = _known_names()
    firsts = _firsts()
    for at, root in enumerate(stemmed):
        if root not in firsts:
            continue
        for length in range(min(PHRASE, len(stemmed) - at), 0, -1):
            groups = known.get(tuple(stemmed[at : at + length]))
            if groups:
                yield at, length, groups
                break


@cache
def _firsts() -> frozenset[str]:
    return frozenset(key[0] for key in _known_names())


def _is_cyrillic(word: str) -> bool:
    return _CYRILLIC.search(word) is not None


def _sounds_of(word: str) -> frozenset[str]:
    """How the consonants of a word may sound, its stem's and its own: what two alphabets have in common."""
    sounds = (_bare(heard) for form in {fold(word), stem(word)} for heard in _heard(form))
    return frozenset(sound for sound in sounds if len(sound) > 2)


def _heard(word: str) -> Iterable[str]:
    if _is_cyrillic(word):
        for pair, letter in _RUSSIAN_PAIRS:
            word = word.replace(pair, letter)
        heard = (word, f"х{word[1:]}") if word.startswith("г") else (word,)  # «Гамбург», "Hamburg"
        return (each.translate(_CONSONANTS) for each in heard)
    word = (
        _SILENT_H.sub("", word)
        if not any(pair in word for pair in ("sh", "ch", "kh", "ph", "th", "zh", "gh"))
        else word
    )
    for pair, letter in _ENGLISH_PAIRS:
        word = word.replace(pair, letter)
    word = _SOFT_C.sub("s", word.replace("ch", "ч"))
    ways = [_AMBIGUOUS.get(letter, (letter,)) for letter in word[:24]]
    while sum(len(way) > 1 for way in ways) > 3:
        at = next(n for n, way in enumerate(ways) if len(way) > 1)
        ways[at] = ways[at][:1]
    return ("".join(letters).translate(_LATIN).translate(_CONSONANTS) for letters in product(*ways))


def _bare(sounds: str) -> str:
    """The sounds without vowels, the first aside, and without doubles; a word of two consonants keeps its vowels, for
    without them it would be like too many others."""
    single = _DOUBLE.sub(r"\1", sounds)
    consonants = _DOUBLE.sub(r"\1", single[:1] + single[1:].replace("a", ""))
    return consonants if len(consonants) > 2 else single.rstrip("a")
