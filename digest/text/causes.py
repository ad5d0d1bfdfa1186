"""Pure: whether the cause that a sentence names is one in some texts.

What is said to be the cause ("because of the storm") must stand near a word of causing there, or right after a word
that may bring one ("after the storm"). Of a cause that the texts name in other words nothing is said here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.words import stem, tokens
from digest.text.function_words import FUNCTION_STEMS
from digest.text.sentences import split_sentences

_BECAUSE = re.compile(
    r"\b(?:из-за|потому что|вследствие|в результате|по причине|because(?: of)?|due to|as a result of|owing to|caused"
    r" by)\s([^.,:;!?…()«»\"]{1,80})",
    re.IGNORECASE,
)
_CAUSING = re.compile(
    r"потому|поэтому|(?:в|по)?следстви|результат|причин|вызва|вызыва|привел|приведе|приводи|связан|связи|ввиду|благодар|поскольку"
    r"|объясн|спровоц|вынуд|обвин|виноват|виной|чтобы|because|caus|due$|owing|result|reason|led$|leads?$|leading|thank|blam"
    r"|trigger|prompt|forced?$|accus|attribut|explain|since$"
)
_MAY_BRING = re.compile(r"после|фоне|от|по|after|amid|over|for|from|following")
_NEAR, _BROUGHT = 8, 2  # words between a word of causing and a cause; words by which it follows what may bring one
_NAMED = 4  # words of a cause that are looked up


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence of a text: the stems that may be causes in it, and whether it begins with a word of causing."""

    words: frozenset[str]
    causes: frozenset[str]
    goes_on: bool


class Causes:
    """What some texts give as causes; built once and asked for each sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [[_read(sentence) for sentence in split_sentences(text)] for text in texts]
        self._words = frozenset(word for text in self._texts for each in text for word in each.words)

    def lack(self, sentence: str) -> bool:
        """Whether the sentence names a cause whose words are here, and nowhere as a cause."""
        for match in _BECAUSE.finditer(sentence):
            named = [root for word in tokens(match[1]) if (root := stem(word)) not in FUNCTION_STEMS][:_NAMED]
            here = self._words.intersection(named)
            if here and here == set(named) and not self._is_cause(here):
                return True
        return False

    def _is_cause(self, words: frozenset[str]) -> bool:
        return any(
            not words.isdisjoint(each.causes) or (not words.isdisjoint(each.words) and following)
            for text in self._texts
            for each, following in zip(text, [*(each.goes_on for each in text[1:]), False], strict=True)
        )


def _read(sentence: str) -> _Read:
    words = tokens(sentence)
    roots = [stem(word) for word in words]
    near: set[str] = set()
    for place, word in enumerate(words):
        if _CAUSING.match(word) or (word == "за" and words[place - 1] == "из"):
            near.update(roots[max(0, place - _NEAR) : place + _NEAR + 1])
        elif _MAY_BRING.fullmatch(word):
            near.update(roots[place + 1 : place + 1 + _BROUGHT])
    return _Read(frozenset(roots), frozenset(near), _goes_on(words))


def _goes_on(words: Sequence[str]) -> bool:
    """Whether the sentence says what came of the one before it: "This led to"."""
    return any(map(_CAUSING.match, words[:3]))
