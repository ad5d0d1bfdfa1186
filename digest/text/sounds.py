"""Pure: a name by its consonants, so that it is found in another alphabet: «Трамп» and "Trump" are one."""

import re
from functools import lru_cache

from digest.text.evidence import spelling

LEAST, MOST = 3, 4  # consonants: with fewer too many names sound alike, and what follows is an ending
_ONE_SOUND = (
    *(("shch", "s"), ("sh", "s"), ("ch", "j"), ("zh", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("q", "k")),
    *(("ce", "se"), ("ci", "si"), ("c", "k"), ("z", "s")),
)
_SILENT = re.compile("[aeiouh'’-]")
_TWICE = re.compile(r"(.)\1+")
_REMEMBERED = 50_000  # names: those of three days come again and again


@lru_cache(_REMEMBERED)
def consonants(name: str) -> str:
    """The first six consonants of a stem, in Latin letters, after its first letter (any vowel is "a"); empty where
    there are fewer than three letters of them."""
    latin = spelling(name)
    for written, sound in _ONE_SOUND:
        latin = latin.replace(written, sound)
    first = latin[:1] if latin[:1] not in "aeiou" else "a"
    found = _TWICE.sub(r"\1", first + _SILENT.sub("", latin[1:]))
    return found[:MOST] if len(found) >= LEAST else ""
