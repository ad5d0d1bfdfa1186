"""Pure: whether a sentence adds something to what is told, or tells it again in other words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from digest.summaries.claims import SAME_TIME
from digest.summaries.voices import Sentence
from digest.text.denial import negations
from digest.text.ended import over
from digest.text.figures import Figures, Known, read_figures
from digest.text.meanings import Meaning, meant_by

HELD = 0.6  # share of its content words that the sentences before it hold: such a sentence adds nothing
AGAIN, AGAIN_NAMED = 0.35, 0.45  # shares of its content words, names aside, that a sentence of another text holds
# which says the same: where one of the two names nobody else, and where each has a name of its own
FEW = 2  # content words of its own with which a sentence adds nothing to one of another text
RETOLD_LEAD, RETOLD, RETOLD_LATER = 0.37, 0.45, 0.55  # shares of its words that mean what is told, a new name counted
# twice, with which another text tells the same: as it begins, further on, and where hours lie between
_CAUSE = re.compile(r"причин\w|\b(?:cause|reason)\b", re.IGNORECASE)
_AGE = re.compile(r"\b\d{1,3}-?(?:летн\w+|years?[- ]old)\b", re.IGNORECASE)


def adds(sentence: Sentence, before: Sequence[Sentence]) -> bool:
    """Whether the sentence says what those before it do not."""
    content = sentence.content
    if not content:
        return False
    held = frozenset().union(*(earlier.content for earlier in before))
    if len(content & held) >= HELD * len(content):
        return False
    if any(
        len(content & each.content) >= HELD * len(each.content)
        or says_again(sentence, each)
        or says_again(each, sentence)
        for each in before
    ):
        return False
    return not retells(sentence, before)


def says_again(sentence: Sentence, other: Sentence) -> bool:
    """Whether it tells in other words what the sentence of another text does: of the same names but one, with no
    number more and much the same objects."""
    if sentence.source == other.source or not sentence.numbers <= other.numbers:
        return False
    own, others = len(sentence.names - other.content), len(other.names - sentence.content)
    if own == 0 and len(sentence.content - other.content) <= FEW:
        return True
    if own > 1:
        return False
    told = sentence.content - sentence.names - sentence.numbers
    shared = len(told & other.content)
    return shared > 1 and shared >= (AGAIN_NAMED if own and others else AGAIN) * len(told)


def retells(sentence: Sentence, told: Sequence[Sentence]) -> bool:
    """Whether it tells, in words that mean the same, what sentences of other texts do: with one name more at most, and
    neither a figure more nor how the event went on."""
    if any(sentence.source == each.source for each in told):
        return False
    known = frozenset[Meaning]().union(*(each.meant for each in told))
    again = sum(not known.isdisjoint(word) for word in sentence.meanings)
    enough = _enough(sentence, told)
    if again < enough * len(sentence.meanings):
        return False
    held = frozenset[str]().union(*(each.content for each in told))
    new = sum(known.isdisjoint(meant) for name in sentence.names - held if (meant := meant_by(name)))
    return new <= 1 and again >= enough * (len(sentence.meanings) + new) and not goes_on(sentence, told)


def _enough(sentence: Sentence, told: Sequence[Sentence]) -> float:
    dates = [each.date for each in (sentence, *told) if each.date]
    if dates and max(dates) - min(dates) > SAME_TIME:
        return RETOLD_LATER
    return RETOLD if sentence.place else RETOLD_LEAD


def goes_on(sentence: Sentence, told: Sequence[Sentence]) -> bool:
    """Whether it names a cause, says that something is over, denies, or has a figure (no age) that is not told."""
    if _CAUSE.search(sentence.text) or over(sentence.text):
        return True
    if negations(sentence.text) > max(negations(each.text) for each in told):
        return True
    return Known(_figures(each.text) for each in told).lacks(_figures(_AGE.sub("", sentence.text))) is not None


@lru_cache(maxsize=256)  # a sentence is weighed in many sets
def _figures(text: str) -> Figures:
    return read_figures(text)
