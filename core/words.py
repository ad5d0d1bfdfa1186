"""The words of a text, as search, stories and summaries alike compare them: folded, and cut down to their stems.

A word is a run of letters and digits. Folding makes spellings of one word equal (case, ё and е, accents, width, digits
of other scripts, letters of the other alphabet that look the same); the stem makes its forms equal (Snowball: Russian
for Cyrillic, Greek, Arabic and Hindi for their scripts, English for the rest). In scripts written without blanks each
letter is a word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Literal, Protocol

import Stemmer

LONGEST_WORD = 64  # letters; what is longer is no word of a language and is cut
_LONG = 4096  # characters of a message of Telegram's
_MOST_SIGNS = 30  # on one letter; no language has more than a few
_CACHED_WORDS = 1 << 17  # about 20 MB; news repeats its words, so nearly every look-up is a hit

# Signs that stand on, under or beside the letter before and are none themselves: accents, the vowels of Hebrew and
# Arabic, which may be left out, and from Devanagari on vowels that may not.
_SIGN_BLOCKS = ((0x300, 0x370), (0x483, 0x488), (0x591, 0x5C8), (0x610, 0x6EE), (0x900, 0x10A0), (0x1780, 0x17E0))
_SIGNS = [chr(sign) for block in _SIGN_BLOCKS for sign in range(*block) if unicodedata.category(chr(sign))[0] == "M"]
_VOWELS = frozenset(sign for sign in _SIGNS if sign >= "\u0900")
SIGNS = "".join(_SIGNS)
# Thai, Lao, Burmese, Khmer, Japanese, Chinese.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17df\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Signs stay inside the word that carries them; possessive where it may be, so that no text makes it look twice.
_WORD = re.compile(rf"[^\W_{UNSPACED}]++(?:[{SIGNS}]++[^\W_{UNSPACED}]*+)*|[{UNSPACED}](?<=\w)[{SIGNS}]*+")
_MARKS = re.compile("[\u0300-\u036f]")  # one at a time: `re` runs to a set twice as fast where nothing repeats it
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_NOT_CYRILLIC = re.compile(r"[^\u0400-\u052f]+")
_UNFOLDED = str.maketrans("ёłøđı", "еlodi")
_IN_ARABIC = str.maketrans("یکۀ", "يكه")  # Persian letters that look the same, and are often written so
_LATIN = re.compile("[a-z]")
_DIGIT = re.compile(r"(?![0-9])\d")
_ALIKE = "abcehikmoptxy", "авсенікмортху"  # in one case or the other
_AS_CYRILLIC, _AS_LATIN = str.maketrans(*_ALIKE), str.maketrans(*reversed(_ALIKE))
_EASY = re.compile(r"[a-zа-яё0-9]*")  # nearly all words: case and ё are all there is to fold


class _Stems(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - PyStemmer's name


def written(text: str) -> list[str]:
    """The words of `text` as they stand there, in order."""
    return _WORD.findall(text)


def fold(word: str) -> str:
    """One word as all its spellings are compared."""
    return _folded[word]


def tokens(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    return [_folded[word] for word in _WORD.findall(text)]


def unaccented(text: str) -> str:
    """The text for those who take its words apart by themselves: without the accents that are no part of a letter."""
    return text if text.isascii() else _MARKS.sub("", normal("NFC", text))


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """The text in a normal form of Unicode's. Python puts the signs on a letter in order one by one: where a long text
    piles up thousands, which takes minutes, most of them are left out."""
    return unicodedata.normalize(form, text if len(text) <= _LONG else "".join(_with_few_signs(text)))


def _with_few_signs(text: str) -> Iterator[str]:
    pile = 0
    for sign in text:
        pile = pile + 1 if unicodedata.combining(sign) else 0
        if pile <= _MOST_SIGNS:
            yield sign


def stem(word: str) -> str:
    """The stem of one word, folded first."""
    return _stemmed[word]


def stems_of(words: Iterable[str]) -> list[str]:
    """The stem of each word, folded first."""
    return [*map(_stemmed.__getitem__, words)]


def stems(text: str) -> list[str]:
    """The stems of the words of `text`, in order."""
    return stems_of(_WORD.findall(text))


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of `text` as (start, end, stem), offsets in code points: for highlighting."""
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), _stemmed[match.group()]


class _Remembered(dict[str, str]):
    """What `make` gives for a word, remembered; emptied when full."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> str:
        if len(word) > LONGEST_WORD:
            return self._make(word[:LONGEST_WORD])
        if len(self) >= _CACHED_WORDS:
            self.clear()
        made = self[word] = self._make(word)
        return made


def _fold(word: str) -> str:
    lower = word.lower()
    if word.isascii():
        return lower
    if _EASY.fullmatch(lower):
        return _in_one_alphabet(lower.replace("ё", "е"))
    plain = unicodedata.normalize("NFKC", word).casefold()
    plain = _NOT_CYRILLIC.sub(lambda run: unicodedata.normalize("NFKD", run.group()), plain)
    plain = in_figures("".join(sign for sign in plain.translate(_UNFOLDED) if sign.isalnum() or sign in _VOWELS))
    return _in_one_alphabet(plain) or word  # a lone sign of which nothing remains


def in_figures(word: str) -> str:
    """The word with the digits of any script as 0 to 9."""
    return _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), word)


def _in_one_alphabet(word: str) -> str:
    """A word with letters of two alphabets in one, that of most if it can be, where the others all look like letters of
    it: who writes so hides the word from filters, or has missed the key."""
    if not _LATIN.search(word) or not _CYRILLIC.search(word):
        return word
    tried = [(word.translate(_AS_CYRILLIC), _LATIN), (word.translate(_AS_LATIN), _CYRILLIC)]
    if len(_LATIN.findall(word)) > len(_CYRILLIC.findall(word)):
        tried.reverse()
    return next((whole for whole, left in tried if not left.search(whole)), word)


_russian: _Stems = Stemmer.Stemmer("russian", 0)
_english: _Stems = Stemmer.Stemmer("english", 0)
_by_script: tuple[tuple[str, str, _Stems], ...] = (
    ("\u0370", "\u03ff", Stemmer.Stemmer("greek", 0)),
    ("\u0620", "\u06d3", Stemmer.Stemmer("arabic", 0)),  # Persian, too: its own does worse in searches
    ("\u0900", "\u097f", Stemmer.Stemmer("hindi", 0)),
)
_stemming = Lock()  # a Stemmer is not for two threads at once


def _stem(word: str) -> str:
    folded = _folded[word]
    if folded.isdigit() or folded == "ии":  # AI in Russian, of which Snowball leaves what is "and" there
        return folded
    with _stemming:
        # of lines that lengthen an Arabic word, and nothing else, no stem remains
        return _stems_of(folded).stemWord(folded.translate(_IN_ARABIC) if folded > "\u05ff" else folded) or folded


def _stems_of(folded: str) -> _Stems:
    if folded.isascii():
        return _english
    if _CYRILLIC.search(folded):
        return _russian
    return next((theirs for first, last, theirs in _by_script if first <= folded[0] <= last), _english)


def stemmer(language: str) -> Callable[[str], str]:
    """What cuts a word in lower case down to its stem, folded: for another language, by Snowball's name for it."""
    theirs: _Stems = Stemmer.Stemmer(language, 0)

    def stem_in(word: str) -> str:
        with _stemming:
            return fold(theirs.stemWord(word))

    return stem_in


_folded = _Remembered(_fold)
_stemmed = _Remembered(_stem)
