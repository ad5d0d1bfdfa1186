"""Pure: whether a text, or a language, is written in Cyrillic or in Latin letters."""

import re

from core.model import UNKNOWN

_CYRILLIC_LANGUAGES = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"})
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def in_cyrillic(language: str | None) -> bool | None:
    """Whether a language is written in Cyrillic; None where it is not known."""
    return language in _CYRILLIC_LANGUAGES if language and language != UNKNOWN else None


def is_cyrillic(text: str) -> bool | None:
    """Whether the letters of `text` (its first 2,000) are Cyrillic rather than Latin; None where it has neither."""
    share = cyrillic_share(text)
    return None if share is None else share >= 0.5


def cyrillic_share(text: str) -> float | None:
    """The share of Cyrillic among the Cyrillic and Latin letters of `text` (its first 2,000); None without either."""
    head = text[:2000]
    cyrillic, latin = len(_CYRILLIC.findall(head)), len(_LATIN.findall(head))
    return cyrillic / (cyrillic + latin) if cyrillic or latin else None
