"""Pure: a name by its consonants, so that it is found in another alphabet: «Трамп» and "Trump" are one."""

import re
from functools import lru_cache

from digest.text.evidence import spelling

LEAST, MOST = 3, 4  # consonants: with fewer too many names sound alike, and what follows is an ending
_ONE_SOUND = (
    *(("shch", "s"), ("sh", "s"), ("ch", "j"), ("zh", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("q", "k")),
    *(("ce", "se"), ("ci", "si"), ("c", "k"), ("z", "s")),
)
# Arabic letters, and those that Persian has beside them, as they sound within a word.
_ARABIC = """اa آa أa إa عa بb پp تt طt ثt جj چch حh خh هh دd ضd ذz زz ظz ژzh رr سs صs شsh غg گg فf ڤv قk کk كk لl مm نn
    وu ؤu یi يi ىi ئi ء ة""".split()
_FROM_ARABIC = str.maketrans({written[0]: written[1:] for written in _ARABIC})
# و is a vowel or a v, ب and ف stand for p and v, which Arabic does not have.
_OR_ELSE = (("و", "ڤ"), ("ب", "پ"), ("ف", "ڤ"))
_SILENT = re.compile("[aeiouh'’-]")
_TWICE = re.compile(r"(.)\1+")
_REMEMBERED = 50_000  # names: those of three days come again and again


@lru_cache(_REMEMBERED)
def sounds(name: str) -> tuple[str, ...]:
    """The consonants of a stem in each way in which it may be read: there are several in Arabic letters."""
    ways = [name]
    if _is_arabic(name):
        for letter, other in _OR_ELSE:
            ways += [way.replace(letter, other) for way in ways if letter in way]
    return tuple(dict.fromkeys(filter(None, map(consonants, ways))))


@lru_cache(_REMEMBERED)
def consonants(name: str) -> str:
    """The first letter of a stem (any vowel is "a") and the consonants behind it, in Latin letters, up to four in all;
    empty where there are fewer than three."""
    latin = spelling(_from_arabic(name) if _is_arabic(name) else name)
    for written, sound in _ONE_SOUND:
        latin = latin.replace(written, sound)
    first = latin[:1] if latin[:1] not in "aeiou" else "a"
    found = _TWICE.sub(r"\1", first + _SILENT.sub("", latin[1:]))
    return found[:MOST] if len(found) >= LEAST else ""


def _is_arabic(name: str) -> bool:
    return "\u0621" <= name[:1] <= "\u06cc"


def _from_arabic(name: str) -> str:
    return f"{'v' if name[0] == 'و' else ''}{name.removeprefix('و').translate(_FROM_ARABIC)}"
