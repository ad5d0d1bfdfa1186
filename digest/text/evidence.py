"""Pure: does a text bear a sentence out? Each number and each name of the sentence must occur in it."""

import re
from functools import cached_property
from itertools import zip_longest

from core.latin import latin
from core.words import SIGNS, stem, stems
from digest.text.ended import over
from digest.text.function_words import FUNCTION_STEMS, content_stems

# "1 000", "1,000" and "1.000" are one thousand, "1,5" and "1.5" one and a half.
NUMBER = re.compile(r"(?<!\d)\d{1,18}+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d{1,9}+)?")
_SEPARATOR = re.compile(r"[.,\u00a0\u202f ](?=\d{3}(?!\d))")
# As words are parted everywhere else, so that a name is found where it stands: "G20", not a G.
_PART = rf"[^\W\d_][^\W_]*+(?:[{SIGNS}]++[^\W_]*+)*"
_NAME = re.compile(rf"(?<![^\W_]){_PART}(?:[-’']{_PART})*")
_SENTENCE_START = re.compile(r"[.!?…:]\s*[\"«“„‘'(]*$|^[\W_]*$")
_ONE_SPELLING = (("y", "i"), ("j", "i"), ("kh", "h"), ("x", "ks"), ("w", "v"), ("ts", "c"), ("ii", "i"))


class Grounds:
    """A text that sentences may rest on; what is looked up in it is computed once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.numbers = numbers(text)
        self.stems = frozenset(stems(text))

    @cached_property
    def _spellings(self) -> frozenset[str]:
        return frozenset(map(spelling, self.stems))

    def hold_name(self, name: str) -> bool:
        """Whether each part of the name is there, in whatever form or alphabet."""
        parts = stems(name)
        return all(part in self.stems or spelling(part) in self._spellings for part in parts)

    def bear_out(self, sentence: str) -> bool:
        """Whether each number and each name of `sentence` is there."""
        return numbers(sentence) <= self.numbers and all(map(self.hold_name, names(sentence)))

    def ends(self, sentence: str) -> bool:
        """Whether it says, too, that over is what the sentence says is over."""
        return over(sentence) <= self._over

    @cached_property
    def _over(self) -> frozenset[str]:
        return over(self._text)

    def share(self, sentence: str) -> float:
        """The share of the sentence's stems, function words aside, that are there."""
        content = content_stems(sentence)
        return len(content & self.stems) / len(content) if content else 0.0


def bears_out(sentence: str, source_text: str) -> bool:
    """Whether each number and each name of `sentence` occurs in `source_text`; word forms and alphabets may differ."""
    return Grounds(source_text).bear_out(sentence)


def numbers(text: str) -> frozenset[str]:
    """The numbers of `text`, written one way: "1 000" and "1,000" as "1000", "2,50" as "2.5"."""
    return frozenset(_plain_number(found[0]) for found in NUMBER.finditer(text))


def written_numbers(text: str) -> tuple[str, ...]:
    """The numbers of `text` as they stand there, each once."""
    return tuple(dict.fromkeys(found[0].strip() for found in NUMBER.finditer(text)))


def names(sentence: str) -> tuple[str, ...]:
    """The capitalised words of `sentence`; one that starts a sentence only if it is all capitals or a name follows."""
    found: list[str] = []
    words = list(_NAME.finditer(sentence))
    for word, following in zip_longest(words, words[1:]):
        if not word[0][0].isupper() or stem(word[0]) in FUNCTION_STEMS:
            continue
        starts = _SENTENCE_START.search(sentence[max(0, word.start() - 8) : word.start()]) is not None
        name_follows = following is not None and following[0][0].isupper() and following.start() - word.end() == 1
        if not starts or name_follows or (len(word[0]) > 1 and word[0].isupper()):
            found.append(word[0])
    return tuple(found)


def spelling(word: str) -> str:
    """A word in Latin letters, spellings of one sound made one: «Путин» and "Putin" come out alike."""
    spelt = latin(word)
    for variant, chosen in _ONE_SPELLING:
        spelt = spelt.replace(variant, chosen)
    return spelt


def _plain_number(number: str) -> str:
    plain = _SEPARATOR.sub("", number).replace(",", ".")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0"
