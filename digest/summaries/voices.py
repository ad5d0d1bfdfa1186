"""Texts read: their sentences, and which of them say something of their own."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from core.words import stems
from digest.text.evidence import Grounds, names, numbers
from digest.text.function_words import FUNCTION_STEMS
from digest.text.languages import tongue_by_letters, tongue_of
from digest.text.meanings import Meaning, meanings
from digest.text.quotations import within_quotations
from digest.text.scripts import in_cyrillic
from digest.text.tidy import LONGEST_TEXT, plain_sentences, stands_alone

SAME_TEXT = 0.6  # share of word triples (of the shorter text) that makes two texts one voice
_IN_EITHER = frozenset({"sr"})  # languages whose words are known in Cyrillic and in Latin letters

_SMALL = re.compile("[а-яёґєіїў]{2}")  # one letter alone is no word: «е-паспорт»

Gram = str | tuple[str, ...]


class Sentence:
    """A candidate: whether it is `whole`, and not a part of what other sentences say, too; its stems, and which words
    (0) and pairs (1) occur in it; whether it is `fit` to stand alone; the stems of its `content` words and of its
    `names`, its `numbers`; what each content word means (`meanings`), and all of them (`meant`)."""

    def __init__(self, text: str, source: int, place: int, date: datetime | None = None, *, whole: bool = True) -> None:
        self.text, self.source, self.place, self.date, self.whole = text, source, place, date, whole
        self.words = stems(text)
        self.grams: tuple[frozenset[Gram], frozenset[Gram]] = (
            frozenset(self.words),
            frozenset(pairwise(self.words)),
        )

    @cached_property
    def fit(self) -> bool:
        return self.whole and stands_alone(self.text, opens=self.place == 0)

    @cached_property
    def content(self) -> frozenset[str]:
        return frozenset(self.words) - FUNCTION_STEMS

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(root for name in names(self.text) for root in stems(name))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return numbers(self.text)

    @cached_property
    def meanings(self) -> tuple[frozenset[Meaning], ...]:
        return meanings(self.text)

    @cached_property
    def meant(self) -> frozenset[Meaning]:
        return frozenset[Meaning]().union(*self.meanings)


class Text:
    """One post or article, read: its tidied sentences, the code of its language (`tongue`), what they prove (`grounds`)
    and what they say: the stems of their `content` words, and their `triples` of words."""

    def __init__(self, raw: str, index: int, longest: int = LONGEST_TEXT, date: datetime | None = None) -> None:
        self.raw, self.index = raw, index
        read = plain_sentences(raw, longest)
        parts = within_quotations(read) | _items(read)
        self.sentences = [
            Sentence(text, index, place, date, whole=place not in parts) for place, text in enumerate(read)
        ]

    @cached_property
    def tongue(self) -> str:
        return tongue_of(self.raw)

    def tongue_of(self, sentence: Sentence) -> str:
        """The language of a sentence: that of the text, unless it is written in other letters."""
        letters = tongue_by_letters(sentence.text)
        if self.tongue in _IN_EITHER:
            own = letters == tongue_by_letters(self.raw)
        else:
            own = in_cyrillic(self.tongue) == in_cyrillic(letters)
        return self.tongue if own or not letters else letters

    @cached_property
    def grounds(self) -> Grounds:
        return Grounds("\n".join(sentence.text for sentence in self.sentences))

    @cached_property
    def content(self) -> frozenset[str]:
        return frozenset[str]().union(*(sentence.content for sentence in self.sentences))

    @cached_property
    def triples(self) -> frozenset[Gram]:
        return frozenset(
            gram for each in self.sentences for gram in zip(each.words, each.words[1:], each.words[2:], strict=False)
        )


def _items(sentences: Sequence[str]) -> frozenset[int]:
    """The places of those that begin with a small letter, where the first does not: items of a list, whose head stands
    before it. Of Cyrillic letters only, for "al-Rashid said" is no item."""
    if not sentences or not sentences[0][:1].isupper():
        return frozenset()
    return frozenset(place for place, text in enumerate(sentences) if _SMALL.match(text))


def one_text_a_voice(texts: Iterable[Text]) -> list[Text]:
    """The texts that say something of their own: no empty ones, and of near-copies the first."""
    kept: list[Text] = []
    holders: dict[Gram, list[int]] = defaultdict(list)
    for text in texts:
        if not text.sentences:
            continue
        shared = Counter(holder for gram in text.triples for holder in holders[gram])
        smaller = len(text.triples)
        if any(n / min(smaller, len(kept[holder].triples)) >= SAME_TEXT for holder, n in shared.items()):
            continue
        for gram in text.triples:
            holders[gram].append(len(kept))
        kept.append(text)
    return kept
