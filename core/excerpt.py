"""The piece of a text that shows why it was found, with the words that were sought marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.words import spans

_BLANKS = re.compile(r"\s+")
_TITLE_END = re.compile(r"(?<=[\w%»”\")\]])[^\S\n]*\n\s*")  # a line that no sign ends, such as a headline
_SIGNS = 3  # that may end a last word beyond the width
_JOINS = "'’-"  # before what is no word of its own: "Orlenia's"
_LOOKED_AT = 20_000  # characters: what is sought stands early or the beginning is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of an excerpt; `found` where it is what was sought, or words of it without a blank between."""

    text: str
    found: bool = False


def excerpt(text: str, wanted: Iterable[Sequence[str]], width: int = 160) -> tuple[Piece, ...]:
    """At most about `width` characters of `text` on one line, around the densest place of what is `wanted`: runs of
    stems, which count where all of one stand side by side.

    An ellipsis stands where something was left out; without a hit it is the beginning of the text.
    """
    text = _BLANKS.sub(" ", _TITLE_END.sub(" · ", text[:_LOOKED_AT].strip()))
    words = list(spans(text))
    hits = _hits(words, wanted)
    begin, finish = _window(text, words, hits, width)
    pieces: list[Piece] = []
    at = begin
    for start, end, _ in hits:
        if start < begin or end > finish:
            continue
        if start > at:
            pieces.append(Piece(text=text[at:start]))
        before = pieces.pop().text if pieces and pieces[-1].found else ""  # Telegram takes a hundred marks a message
        pieces.append(Piece(text=before + text[start:end], found=True))
        at = end
    if at < finish:
        pieces.append(Piece(text=text[at:finish]))
    if pieces and begin > 0:
        pieces.insert(0, Piece(text="… "))
    if pieces and finish < len(text):
        pieces.append(Piece(text=" …"))
    return tuple(pieces)


def _hits(words: list[tuple[int, int, str]], wanted: Iterable[Sequence[str]]) -> list[tuple[int, int, str]]:
    """The words of each place where a wanted run stands."""
    stems = [stem for _, _, stem in words]
    beginning: dict[str, list[list[str]]] = {}
    for run in wanted:
        beginning.setdefault(run[0], []).append([*run])
    hits: list[tuple[int, int, str]] = []
    until = 0
    for at, stem in enumerate(stems):
        for run in beginning.get(stem, ()):
            if (end := at + len(run)) > until and stems[at:end] == run:
                hits += words[max(at, until) : end]
                until = end
    return hits


def _window(
    text: str, words: list[tuple[int, int, str]], hits: list[tuple[int, int, str]], width: int
) -> tuple[int, int]:
    """Where the excerpt begins and ends: the window of `width` with most different hits, then most, then the first."""
    if len(text) <= width:
        return 0, len(text)
    best, best_worth = 0, (0, 0)
    last = 0
    inside: dict[str, int] = {}
    for first, (start, _, stem) in enumerate(hits):
        while last < len(hits) and hits[last][1] - start <= width * 3 // 4:
            inside[hits[last][2]] = inside.get(hits[last][2], 0) + 1
            last += 1
        worth = (len(inside), last - first)
        if worth > best_worth:
            best, best_worth = start, worth
        if last > first:
            inside[stem] -= 1
            if not inside[stem]:
                del inside[stem]
        else:  # one word wider than the window
            last = first + 1
    begin = 0 if best <= width // 4 else _word_start(text, words, best - width // 5, best)
    finish = _word_end(words, begin, begin + width)
    if not words or finish >= words[-1][1]:  # what follows is no word, and may be long all the same
        finish = max(finish, begin + width)
        return begin, len(text) if len(text) <= finish + _SIGNS else finish
    return begin, finish


def _word_start(text: str, words: list[tuple[int, int, str]], at: int, last: int) -> int:
    """Where the first word begins between the two places, of which the latter is where one does."""
    starts = [start for start, _, _ in words if at <= start <= last]
    return next((start for start in starts if text[start - 1] not in _JOINS), starts[0])


def _word_end(words: list[tuple[int, int, str]], begin: int, at: int) -> int:
    return max((end for start, end, _ in words if start >= begin and end <= at), default=at)
