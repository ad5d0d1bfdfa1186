"""Pure: which stories tell the next of what is told anew all day: a rate, a price, the weather of a place.

Each says it in other words and with other numbers, so that likeness does not find them; a reader wants them at one
place. `series.txt` has the few subjects that are meant.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from core.words import stem, stems
from digest.evenly import evenly
from digest.text.word_lists import lines_of
from digest.topics import first_sentence, places_of

HELD = 0.5  # share of a story's posts; a series that more of them begin with is the story's
MOST_POSTS = 10  # of a story, that are asked
# "500 roubles", of which the sentence speaks by the way; "1 dollar" may have a price of its own.
_AMOUNT = re.compile(
    r"(?<![\d.,:])(?!1\s)\d[\d.,\u00a0\u202f ]*+(?=(?P<many>(?:(?:тыс|млн|млрд|трлн)\b\.?\s*"
    r"|(?:тысяч|миллион|миллиард)\w*\s+|(?:thousand|million|billion)s?\s+)?))(?P=many)[^\W\d_]+"
)


class Series(NamedTuple):
    """What a story is the next of: the line of its subject, and the places it names."""

    subject: int
    places: frozenset[int]


def same_series(one: Series | None, other: Series | None) -> bool | None:
    """Whether two stories are of one series; None where one is of none, or they are of different subjects. The weather
    of Moscow and that of London are two; a story that names no place may be of each."""
    if one is None or other is None or one.subject != other.subject:
        return None
    return not one.places or not other.places or not one.places.isdisjoint(other.places)


def series_of(posts: Sequence[str]) -> Series | None:
    """The series that a story's posts belong to; None for news that stand by themselves."""
    firsts = [first_sentence(post) for post in evenly(posts, MOST_POSTS)]
    counts = Counter(subject for first in firsts for subject in _subjects(first))
    found = next((subject for subject, times in counts.most_common(1) if times > HELD * len(firsts)), None)
    return None if found is None else Series(found, frozenset(places_of(firsts)))


def _subjects(sentence: str) -> list[int]:
    words, subjects = set(stems(sentence)), set(stems(_AMOUNT.sub(" ", sentence)))
    return [
        subject
        for subject, (enough, meant) in enumerate(_lines())
        if len(words & meant) >= enough and not meant.isdisjoint(subjects)
    ]


@cache
def _lines() -> tuple[tuple[int, frozenset[str]], ...]:
    """Of each subject how many of its words it takes, and these as stems."""
    parted = map(str.split, lines_of("series.txt", "digest"))
    return tuple((int(enough), frozenset(map(stem, words))) for enough, *words in parted)
