"""Pure: why a story stands where it stands, in the reader's words."""

from collections.abc import Iterable
from functools import lru_cache

from core.texts import Texts, texts
from digest.rank import Reason, ReasonKind

FEWEST = {
    ReasonKind.BREADTH: 2,
    ReasonKind.SPEED: 0,
    ReasonKind.FOLLOWED: 3,
    ReasonKind.ATTENTION: 1.5,
    ReasonKind.LISTS: 1,
    ReasonKind.KEYWORD: 1,
    ReasonKind.TASTE: 0.1,
    ReasonKind.TOPIC: 1,
}
_REMEMBERED = 4096  # a story speaks for itself alike in most digests of an hour
MOST_WORDS = 5  # lists, or words of a reader's own, that are named
MOST = {ReasonKind.SPEED: 60}  # minutes: a second channel after nine hours speaks for nothing


def in_words(reasons: Iterable[Reason], language: str) -> tuple[str, ...]:
    """Each reason that says something, the weightiest first; where none speaks for the story, how fresh it is, and that
    there was room. Beside other reasons its times show how fresh it is."""
    return _in_words(tuple(reasons), language)


def each_in_words(reasons: Iterable[Reason], language: str) -> tuple[str, ...]:
    """Every reason that has points, with them, the weightiest first: "+2.64 3 independent channels"."""
    words = texts(language)
    pointed = sorted((reason for reason in reasons if reason.points), key=_weightiest)
    return tuple(f"{reason.points:+.2f} {_words(reason, words)}" for reason in pointed)


@lru_cache(_REMEMBERED)
def _in_words(reasons: tuple[Reason, ...], language: str) -> tuple[str, ...]:
    words = texts(language)
    pointed = sorted((reason for reason in reasons if reason.points), key=_weightiest)
    told = [
        reason
        for reason in pointed
        if reason.kind in FEWEST and FEWEST[reason.kind] <= abs(reason.value) <= MOST.get(reason.kind, 1e9)
    ]
    said = tuple(_words(reason, words) for reason in told)
    if any(reason.points > 0 for reason in told):
        return said
    fresh = (_words(reason, words) for reason in pointed if reason.kind is ReasonKind.FRESHNESS)
    return (*fresh, words("why-room"), *said)


def _weightiest(reason: Reason) -> float:
    return -abs(reason.points)


def _words(reason: Reason, words: Texts) -> str:
    if reason.kind in (ReasonKind.KEYWORD, ReasonKind.LISTS):
        named = ", ".join(map(words.named, reason.words[:MOST_WORDS]))
        return words(f"why-{reason.kind}", count=len(reason.words), words=named)
    if reason.kind is ReasonKind.TASTE:
        return words("why-taste-more" if reason.points > 0 else "why-taste-less")
    return words(f"why-{reason.kind}", count=_figure(reason))


def _figure(reason: Reason) -> int | float:
    return round(reason.value, 1) if reason.kind is ReasonKind.ATTENTION else round(reason.value)
