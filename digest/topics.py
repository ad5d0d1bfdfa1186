"""Pure: under which heading of one or two words a story stands: a place that stories share, or a field of life.

A place is one that the first sentences of half of a story's posts name (`places.txt` has them, in both languages); it
becomes a heading where two stories or more share it. A story that names several stands under the one that it names
first. The others are told by the field whose words their posts begin with (`fields.txt`). A heading over one story says
less than its headline, and one that is not clearly the story's misleads, so there is none.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from core.texts import texts
from core.words import fold, stem, written
from digest.text.scripts import is_cyrillic
from digest.text.sentences import split_sentences
from digest.text.word_lists import lines_of

FEWEST = 4  # stories of a digest that has headings
TOGETHER = 2  # stories under one heading, at least
TOO_COMMON = 0.5  # share of the stories beyond which a place tells them not apart
LEAD = 300  # characters of a post that say what it is about
MOST_POSTS = 40  # of a story, the first, that are asked
HELD = 0.5  # share of a story's posts whose first sentence names a place
OPENED = 0.6  # share of them whose first sentence has a word of a field
OPENING = 2  # times that a word of a field counts in the first sentence of a post
FEWEST_WORDS = 1.6  # of a field that a post has, so counted, on the average
AHEAD = 1.5  # times the words of the next field
_MONEY = "рубль доллар евро юань rouble dollar euro"
_AMOUNT = re.compile(r"\d|(?:тыс|млн|млрд|трлн|миллион|миллиард|thousand|million|billion)", re.IGNORECASE)
HOME = "Russia"  # posts in Russian name it whatever they are about
LONGEST = 3  # words of a place
FEWEST_SAID = 4  # words of a sentence that says what a post is about
# What is called after a place and lies elsewhere: "Киевское шоссе", "поезда Киевского и Горьковского направлений"
_WAYS = "шоссе вокзал направление улица проспект бульвар набережная площадь проезд переулок"
_ENDINGS = ("", "а", "у", "ом", "е", "ы", "и")  # a Russian name may have other stems with endings than without
# What a Russian name changes at its end; those in и and у, such as Дели and Баку, have one form.
_DECLINED = re.compile(r"(?:[иыо]й|ец|ин|[аяьыйе])$")


class Subject(NamedTuple):
    """What may become a story's heading: the places, by line, that its posts begin with, what is named first before the
    rest, and the field of life."""

    places: tuple[int, ...]
    field: str | None


def subject(posts: Sequence[str]) -> Subject:
    """What a story is about, by the texts of its posts."""
    leads = [_lead(text[:LEAD]) for text in posts[:MOST_POSTS]]
    return Subject(places_of([first for first, _ in leads]), _field(leads))


def first_sentence(post: str) -> str:
    """How a post begins: its first sentence that says something."""
    return _lead(post[:LEAD])[0]


def _lead(text: str) -> tuple[str, str]:
    """The first sentence, one that says something, and what follows."""
    sentences = split_sentences(text)
    first = next((at for at, each in enumerate(sentences, 1) if len(written(each)) >= FEWEST_SAID), len(sentences))
    return " ".join(sentences[:first]), " ".join(sentences[first:])


def topics(stories: Sequence[Subject], language: str) -> list[str | None]:
    """The heading of each story in the reader's language; None for none.

    `stories` are in the order of the digest: of headings that serve as many stories the one of the better story wins.
    """
    if len(stories) < FEWEST:
        return [None] * len(stories)
    found: list[str | None] = [None] * len(stories)
    column = 1 if texts(language).language == "ru" else 0
    for story, name in _shared([story.places for story in stories]).items():
        found[story] = _headings()[name][column]
    fields = {at: each.field for at, each in enumerate(stories) if found[at] is None and each.field}
    sizes = Counter(fields.values())
    for at, field in fields.items():
        if sizes[field] >= TOGETHER:
            found[at] = texts(language)(f"field-{field}")
    return found


def _shared(places: Sequence[Sequence[int]]) -> dict[int, int]:
    """The place that each story stands under, of those that have one with others: the first of its own that is shared
    by enough stories, and not by too many."""
    left = {story: list(names) for story, names in enumerate(places)}
    while True:
        sharing = Counter(name for names in left.values() for name in names)
        for names in left.values():
            names[:] = [name for name in names if TOGETHER <= sharing[name] <= TOO_COMMON * len(places)]
        found = {story: names[0] for story, names in left.items() if names}
        sizes = Counter(found.values())
        alone = [story for story, name in found.items() if sizes[name] < TOGETHER]
        if not alone:
            return found
        for story in alone:
            del left[story][0]


def places_of(leads: Sequence[str]) -> tuple[int, ...]:
    """The places, by line, that enough of these sentences name, what stands first in most of them before the rest."""
    named = [tuple(dict.fromkeys(_named(text))) for text in leads]
    counts = Counter(name for names in named for name in names)
    first = Counter(names[0] for names in named if names)
    at_home = 2 * sum(is_cyrillic(text) is True for text in leads) > len(leads)
    held = (
        name
        for name, count in counts.items()
        if count >= HELD * len(leads) and not (at_home and _headings()[name][0] == HOME)
    )
    return tuple(sorted(held, key=lambda name: (-first[name], -counts[name], name)))


def _named(text: str) -> Iterator[int]:
    words = written(text)
    roots = [stem(word) for word in words]
    at = 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            names = _names().get(tuple(roots[at : at + length]), ())
            first, last = words[at], words[at + length - 1]
            name = next((each for each in names if _meant(first, small=each.small) and each.is_written(last)), None)
            if name is not None:
                if not (name.small and _of_a_way(words, roots, at)):
                    yield name.line
                break
        else:
            length = 1
        at += length


def _of_a_way(words: Sequence[str], roots: Sequence[str], at: int) -> bool:
    """Whether the adjective here, alone or before "and" and another, is part of the name of a street or a railway."""
    way = at + (3 if words[at + 1 : at + 2] == ["и"] else 1)
    return words[at][0].isupper() and not _ways().isdisjoint(roots[way : way + 1])


class _Name(NamedTuple):
    """A name of a place: the line it stands on, whether it is an adjective that Russian writes small, and the letters
    that its last word has in all its forms, with how many at least: other words have the same stem."""

    line: int
    small: bool
    letters: str
    fewest: int

    def is_written(self, word: str) -> bool:
        """Whether the word may be a form of the name's last one: "Дании" of "Дания", and not "Даня"."""
        return len(word) >= self.fewest and fold(word).startswith(self.letters)


def _meant(word: str, *, small: bool) -> bool:
    """A name needs its capital; an acronym is meant only in capitals: "us" is nobody's country."""
    if not (small or word[0].isupper()):
        return False
    return len(word) > 3 or word.isupper() or stem(word) not in _acronyms()


def _field(leads: Sequence[tuple[str, str]]) -> str | None:
    """The field of most words of the posts, each post's word counted once; none where the first sentences seldom have
    one or another field has nearly as many: a heading that is wrong is worse than none."""
    counts: Counter[str] = Counter()
    opening: Counter[str] = Counter()
    for first, rest in leads:
        begun, went_on = _words_of_fields(first), _words_of_fields(rest)
        said = Counter(field for fields in begun.values() for field in fields)
        opening.update(said.keys())
        for field, times in said.items():
            counts[field] += OPENING * times
        counts.update(field for root in went_on.keys() - begun.keys() for field in went_on[root])
    (best, most), (_, next_most) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    enough = most >= max(FEWEST_WORDS * len(leads), OPENING * TOGETHER) and opening[best] >= OPENED * len(leads)
    return best if enough and most >= AHEAD * next_most else None


def _words_of_fields(text: str) -> Mapping[str, tuple[str, ...]]:
    """The words of fields in a text, as stems, each with its fields; a sum of money is about anything."""
    words = written(text)
    return {
        stem(word): fields
        for before, word in zip(["", *words], words, strict=False)
        if (fields := _fields().get(f"={word.lower()}") or _fields().get(stem(word), ()))
        and not (stem(word) in _money() and _AMOUNT.match(before))
    }


@cache
def _ways() -> frozenset[str]:
    return frozenset(map(stem, _WAYS.split()))


@cache
def _money() -> frozenset[str]:
    return frozenset(map(stem, _MONEY.split()))


@cache
def _headings() -> tuple[tuple[str, str], ...]:
    return tuple((line[0], line[1]) for line in _places())


@cache
def _names() -> Mapping[tuple[str, ...], tuple[_Name, ...]]:
    """Each name of a place, as stems: "Сербия" and "серб" have the same."""
    found: dict[tuple[str, ...], tuple[_Name, ...]] = {}
    for number, line in enumerate(_places()):
        for name in line:
            words = written(name)
            for ending in _ENDINGS if words[-1][0] > "\u0400" else ("",):
                key = (*map(stem, words[:-1]), stem(words[-1] + ending))
                found[key] = (*found.get(key, ()), _Name(number, name[0].islower(), *_kept(words[-1])))
    return found


def _kept(name: str) -> tuple[str, int]:
    """The letters that a Russian name has in all its forms, and how many it has at least; none of another."""
    if name.isascii() or name.isupper():
        return "", 1
    low = fold(name)
    ending = _DECLINED.search(low)
    letters = low[: ending.start()] if ending else low
    return letters, len(low) if low[-1] in "ая" else len(letters)


@cache
def _acronyms() -> frozenset[str]:
    return frozenset(stem(name) for line in _places() for name in line if name.isupper())


@cache
def _fields() -> Mapping[str, tuple[str, ...]]:
    """Each word of `fields.txt`, as a stem, with its fields; those with "=" before them as they are."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines_of("fields.txt", "digest"):
        field, _, words = line.partition(":")
        for root in {word if word.startswith("=") else stem(word) for word in words.split()}:
            found[root] = (*found.get(root, ()), field)
    return found


@cache
def _places() -> tuple[tuple[str, ...], ...]:
    """The names that stand on each line of `places.txt`."""
    return tuple(tuple(map(str.strip, line.split(";"))) for line in lines_of("places.txt", "digest"))
