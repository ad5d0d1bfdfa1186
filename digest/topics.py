"""Pure: under which heading of one or two words a story stands: a place that stories share, or a field of life.

A place is one that half of a story's posts begin with (`places.txt` has them, in both languages); it becomes a heading
where two stories or more share it, the one of most stories first. The others are told by the field whose words their
posts begin with (`fields.txt`). A heading over one story says less than its headline, so there is none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from core.texts import texts
from core.words import stem, written
from digest.tidy import is_cyrillic

FEWEST = 4  # stories of a digest that has headings
TOGETHER = 2  # stories under one heading, at least
TOO_COMMON = 0.5  # share of the stories beyond which a place tells them not apart
LEAD = 300  # characters of a post that say what it is about
MOST_POSTS = 40  # of a story, the first, that are asked
HELD = 0.5  # share of a story's posts that begin with a place
WORDED = 0.8  # words of a field that the beginning of a post has, on the average
HOME = "Russia"  # posts in Russian name it whatever they are about
LONGEST = 3  # words of a place
_ENDINGS = ("", "а", "у", "ом", "е", "ы", "и")  # a Russian name may have other stems with endings than without


class Subject(NamedTuple):
    """What may become a story's heading: the places, by line, that its posts begin with, and the field of life."""

    places: frozenset[int]
    field: str | None


def subject(posts: Sequence[str]) -> Subject:
    """What a story is about, by the texts of its posts."""
    leads = [text[:LEAD] for text in posts[:MOST_POSTS]]
    return Subject(_places(leads), _field(leads))


def topics(stories: Sequence[Subject], language: str) -> list[str | None]:
    """The heading of each story in the reader's language; None for none.

    `stories` are in the order of the digest: of headings that serve as many stories the one of the better story wins.
    """
    if len(stories) < FEWEST:
        return [None] * len(stories)
    found: list[str | None] = [None] * len(stories)
    column = 1 if texts(language).language == "ru" else 0
    for name, group in _shared([story.places for story in stories]):
        for story in group:
            found[story] = _headings()[name][column]
    fields = {at: each.field for at, each in enumerate(stories) if found[at] is None and each.field}
    sizes = Counter(fields.values())
    for at, field in fields.items():
        if sizes[field] >= TOGETHER:
            found[at] = texts(language)(f"field-{field}")
    return found


def _shared(places: Sequence[frozenset[int]]) -> Iterator[tuple[int, list[int]]]:
    """Places with the stories that each is the heading of: the place of most stories first, then of those left."""
    left = dict(enumerate(places))
    while True:
        groups: dict[int, list[int]] = {}
        for story, names in left.items():
            for name in names:
                groups.setdefault(name, []).append(story)
        fitting = [
            (-len(group), group[0], name)
            for name, group in groups.items()
            if TOGETHER <= len(group) <= max(TOGETHER, TOO_COMMON * len(places))
        ]
        if not fitting:
            return
        name = min(fitting)[2]
        yield name, groups[name]
        for story in groups[name]:
            del left[story]


def _places(posts: Sequence[str]) -> frozenset[int]:
    """The places, by line, that enough of the posts begin with."""
    counts = Counter(name for text in posts for name in frozenset(_named(text)))
    at_home = 2 * sum(is_cyrillic(text) is True for text in posts) > len(posts)
    return frozenset(
        name
        for name, count in counts.items()
        if count >= HELD * len(posts) and not (at_home and _headings()[name][0] == HOME)
    )


def _named(text: str) -> Iterator[int]:
    words = written(text)
    roots = [stem(word) for word in words]
    at = 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            name = _names().get(tuple(roots[at : at + length]))
            if name is not None and _meant(words[at], length, small=name.small):
                yield name.line
                break
        else:
            length = 1
        at += length


class _Name(NamedTuple):
    """A name of a place: the line it stands on, and whether it is an adjective that Russian writes small."""

    line: int
    small: bool


def _meant(word: str, length: int, *, small: bool) -> bool:
    """A name needs its capital; an acronym is meant only in capitals: "us" is nobody's country."""
    if not (small or word[0].isupper()):
        return False
    return length > 1 or len(word) > 3 or word.isupper() or stem(word) not in _acronyms()


def _field(posts: Sequence[str]) -> str | None:
    """The field of most words of the posts, each post's word counted once; none where two have as many: a heading that
    is wrong is worse than none."""
    counts: Counter[str] = Counter()
    for text in posts:
        for root in {stem(word) for word in written(text)}:
            counts.update(_fields().get(root, ()))
    (best, most), (_, next_most) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return best if most > next_most and most >= max(WORDED * len(posts), TOGETHER) else None


@cache
def _headings() -> tuple[tuple[str, str], ...]:
    return tuple((line[0], line[1]) for line in _lines("places.txt"))


@cache
def _names() -> Mapping[tuple[str, ...], _Name]:
    """Each name of a place, as stems."""
    found: dict[tuple[str, ...], _Name] = {}
    for number, line in enumerate(_lines("places.txt")):
        for name in line:
            words = written(name)
            for ending in _ENDINGS if words[-1][0] > "\u0400" else ("",):
                found.setdefault((*map(stem, words[:-1]), stem(words[-1] + ending)), _Name(number, name[0].islower()))
    return found


@cache
def _acronyms() -> frozenset[str]:
    return frozenset(stem(name) for line in _lines("places.txt") for name in line if name.isupper())


@cache
def _fields() -> Mapping[str, tuple[str, ...]]:
    """Each word of `fields.txt`, as a stem, with its fields."""
    found: dict[str, tuple[str, ...]] = {}
    for field, *words in _field_lines():
        for root in {stem(word) for word in words}:
            found[root] = (*found.get(root, ()), field)
    return found


def _field_lines() -> Iterable[list[str]]:
    return ([line[0].partition(":")[0], *line[0].partition(":")[2].split()] for line in _lines("fields.txt"))


@cache
def _lines(name: str) -> tuple[tuple[str, ...], ...]:
    lines = (files("digest") / name).read_text(encoding="utf-8").splitlines()
    return tuple(
        tuple(part.strip() for part in line.split(";")) for line in lines if line.strip() and not line.startswith("#")
    )
