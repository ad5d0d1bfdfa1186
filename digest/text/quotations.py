"""Pure: which sentences stand between one that opens a quotation and the one that closes it."""

import re
from collections.abc import Sequence

LONGEST_QUOTATION = 12  # sentences; what is not closed by then was no quotation

_PAIRS = (("«", "»"), ("“", "”"))
_STRAIGHT = '"'  # opens and closes
_OPENS = re.compile(r"(?:^|[\s(—–-])\"\S[^\"]*$")
_CLOSES = re.compile(r"^[^\"]*\S\"(?:$|[\s.,;:!?)…—–-])")


def within_quotations(sentences: Sequence[str]) -> frozenset[int]:
    """The places of those in which somebody is still speaking whose words began before them and end behind them: who
    says so stands elsewhere."""
    within: set[int] = set()
    begun, closing = 0, ""
    for place, sentence in enumerate(sentences):
        if closing and _ends(sentence, closing):
            within.update(range(begun + 1, place))
            closing = ""
        elif closing and place - begun > LONGEST_QUOTATION:
            closing = ""
        if not closing:
            begun, closing = place, _left_open(sentence)
    return frozenset(within)


def _left_open(sentence: str) -> str:
    """The mark that is to close what a sentence leaves open; none where it leaves nothing open."""
    for opens, closes in _PAIRS:
        if sentence.rfind(opens) > sentence.rfind(closes):
            return closes
    odd = sentence.count(_STRAIGHT) % 2 == 1
    return _STRAIGHT if odd and _OPENS.search(sentence) else ""


def _ends(sentence: str, closing: str) -> bool:
    """Whether a sentence closes what another one left open."""
    if closing == _STRAIGHT:
        return sentence.count(_STRAIGHT) % 2 == 1 and _CLOSES.match(sentence) is not None
    opens = next(first for first, last in _PAIRS if last == closing)
    return closing in sentence and opens not in sentence[: sentence.index(closing)]
