"""The language of a text; with `language_model` the only file that knows the language library.

The alphabet decides where it can: a Cyrillic text with «ы» and without «і» needs no statistics. What is left goes to
py3langid (naive Bayes over byte n-grams, one file of model, no download), restricted to the languages that the
letters allow. On the sentences of our data it is right as often as lingua at a fiftieth of the time.
"""

import re
from functools import cache
from typing import Protocol

from core.model import UNKNOWN

BY_MODEL = tuple("ar az be bg de en es fa fr hy it ka kk mk pl pt ru sr tr uk".split())
LANGUAGES = (*BY_MODEL, "el", "he", "ja", "ko", "th", "zh")  # the last by their scripts alone

_LOOKED_AT = 400  # characters of which the words are taken
_ENOUGH = 120  # letters that go to the model: more cost time and change nothing
_FEW_WORDS = 3  # below this many words an answer needs evidence
_SURE = 0.6  # probability that counts as evidence
_FOREIGN = 0.1  # what each letter from outside its alphabet leaves of a language's probability
_PRIOR = {"ru": 2.0, "en": 2.0, "it": 0.5, "pt": 0.5}  # what Telegram's news are written in, roughly

# `re` runs to a letter of a set at the beginning, and would try branches at every letter.
_NOT_WORDS = re.compile(r"[h@#.](?:(?<=h)ttps?://\S+|(?<=[@#])\w+|(?<=\w\.)\w+(?:/\S*)?)")
_DOTTED = re.compile(r"\.(?<=\w\.)\w")
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u0259]+")
_ARABIC = re.compile(r"[\u0620-\u065f\u066e-\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc\u200c]+")
_ARMENIAN = re.compile(r"[\u0531-\u058a]+")
_GEORGIAN = re.compile(r"[\u10a0-\u10ff]+")

_HEBREW = re.compile(r"[\u05d0-\u05ea]+")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]+")
_THAI = re.compile(r"[\u0e01-\u0e4e]+")
_KOREAN = re.compile(r"[\uac00-\ud7a3]+")
_HAN = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff]+")
_KANA = re.compile(r"[\u3041-\u30ff]")

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_BALKAN = "абвгдежзијклљмнњопрстуфхцчџш"
_LATIN_26 = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = {
    "ru": _RUSSIAN,
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "mk": _BALKAN + "ѓѕќѐѝ",
    "sr": _BALKAN + "ђћ",
    "kk": _RUSSIAN + "әғқңөұүһі",
    "en": _LATIN_26,
    "de": _LATIN_26 + "äöüß",
    "fr": _LATIN_26 + "àâæçéèêëîïôœùûüÿ",
    "es": _LATIN_26 + "áéíñóúü",
    "it": _LATIN_26 + "àèéìòù",
    "pt": _LATIN_26 + "áâãàçéêíóôõú",
    "pl": "abcdefghijklmnoprstuwyząćęłńóśźż",
    "tr": "abcdefghijklmnoprstuvyzçğıöşüâîû\u0307",
    "az": "abcdefghijklmnopqrstuvxyzçəğıöşü\u0307",
}
_SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_CYRILLIC, ("ru", "uk", "be", "bg", "mk", "sr", "kk")),
    (_LATIN, ("en", "de", "fr", "es", "it", "pt", "pl", "tr", "az")),
    (_ARABIC, ("ar", "fa")),
    (_ARMENIAN, ("hy",)),
    (_GEORGIAN, ("ka",)),
    (_HEBREW, ("he",)),
    (_GREEK, ("el",)),
    (_THAI, ("th",)),
    (_KOREAN, ("ko",)),
    (_HAN, ("zh",)),  # or "ja"
)
_SHARED = {
    languages: frozenset.intersection(*(frozenset(_ALPHABETS[language]) for language in languages))
    for _, languages in _SCRIPTS[:2]
}
_NO_SCRIPT: tuple[tuple[str, ...], list[str]] = ((), [])
_JOINERS = frozenset(" '’\u0301")
_KAZAKH = frozenset("әғқңөұүһ")  # and і, which a Russian text has with every Ukrainian name
_LONG_FOR_KAZAKH = 50  # letters without one of its own: no Kazakh text is like that
_LONG = 90  # letters
_CYRILLIC_BYTE = 4  # the upper byte of all letters that Russian has, in UTF-16
_ALPHABET_DECIDES = 2  # letters by which a language must be ahead of all others; one is enough in a long text

_NOT_RUSSIAN = re.compile("[\u0400\u0402-\u040f\u0450\u0452-\u052f]").search  # but Cyrillic
_ONLY_RUSSIAN = re.compile("[ЁЫЭёыэ]").search  # one of these is missing in each other alphabet, except two
_NOT_BELARUSIAN = re.compile("[ИЩЪищъ]").search  # as Kazakh a text of this length would have shown itself


class _Ranks(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


def language_of(text: str) -> str:
    """A code of `LANGUAGES`, or `UNKNOWN` for what is in another script or too short to tell.

    Fewer than three words need evidence: a script or letters of one language only, or a model that is sure.
    """
    head = text[:_LOOKED_AT]
    if "://" in head or "@" in head or "#" in head or _DOTTED.search(head):
        head = _NOT_WORDS.sub(" ", head)
    if _surely_russian(head):
        return "ru"
    languages, words = _script(head)
    if len(languages) < 2:
        return "ja" if languages == ("zh",) and _KANA.search(head) else languages[0] if languages else UNKNOWN
    sample = " ".join(words).lower()
    foreign = _foreign(sample, languages)
    if (decided := _by_alphabet(foreign, len(sample))) is not None:
        return decided
    return _by_model(sample[:_ENOUGH], len(words), foreign or dict.fromkeys(languages, 0))


def _script(head: str) -> tuple[tuple[str, ...], list[str]]:
    """The languages of the script with most letters, and the words in it; Cyrillic counts three times, since Russian
    posts on programming are full of Latin names, and the other way round is rare."""
    best, best_size = _NO_SCRIPT, 0
    for pattern, languages in _SCRIPTS:
        words = pattern.findall(head)
        size = sum(map(len, words))
        if pattern is _CYRILLIC:
            size *= 3
        if size > best_size:
            best, best_size = (languages, words), size
        if 2 * size > len(head):
            break
    letters = sum(map(str.isalpha, head)) if best_size < len(head) // 4 else 0
    return best if 4 * best_size > letters else _NO_SCRIPT


def _surely_russian(head: str) -> bool:
    """Where the alphabets would say Russian, said of most of its texts at a tenth of the time. So many letters are at
    least a fifth of what is looked at, and Cyrillic ones count three times."""
    if _NOT_RUSSIAN(head) or not _ONLY_RUSSIAN(head) or not _NOT_BELARUSIAN(head):
        return False
    upper_bytes = head.encode("utf-16-le", "surrogatepass")[1::2]
    return upper_bytes.count(_CYRILLIC_BYTE) > _LONG


def _foreign(sample: str, languages: tuple[str, ...]) -> dict[str, int]:
    """How many letters of the sample stand outside the alphabet of each language."""
    if languages not in _SHARED:
        return {}
    telling = set(sample) - _SHARED[languages] - _JOINERS
    foreign = dict.fromkeys(languages, 0)
    for letter in telling:
        count = sample.count(letter)
        for language in languages:
            if letter not in _ALPHABETS[language]:
                foreign[language] += count
    if "kk" in foreign and len(sample) > _LONG_FOR_KAZAKH and telling.isdisjoint(_KAZAKH):
        foreign["kk"] = max(foreign.values()) + _ALPHABET_DECIDES
    return foreign


def _by_alphabet(foreign: dict[str, int], length: int) -> str | None:
    """The one language that is ahead of all others by its letters alone; Latin alphabets are too much alike."""
    if "ru" not in foreign:
        return None
    first, second, *_ = sorted(foreign, key=foreign.__getitem__)
    needed = _ALPHABET_DECIDES if length <= _LONG else 1
    return first if foreign[second] - foreign[first] >= needed else None


def _by_model(sample: str, words: int, foreign: dict[str, int]) -> str:
    ranks = dict(_model().rank(sample))
    least = min(foreign.values())
    weights = {
        language: ranks.get(language, 0.0) * _PRIOR.get(language, 1.0) * _FOREIGN ** min(count - least, 6)
        for language, count in foreign.items()
    }
    total = sum(weights.values())
    best = max(weights, key=weights.__getitem__)
    if not total or (words < _FEW_WORDS and weights[best] / total < _SURE):
        return UNKNOWN
    return best


@cache
def _model() -> _Ranks:
    """Loaded when first asked for: it takes most of a second."""
    from ingest.cleaning.language_model import cut_model

    every = "".join(map(chr, range(0xFE00)))
    letters = {letter for script, _ in _SCRIPTS[:3] for letter in "".join(script.findall(every)).lower()}
    return cut_model(letters, BY_MODEL)
