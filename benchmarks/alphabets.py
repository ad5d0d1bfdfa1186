"""What joins across alphabets without a model: names by their sound, numbers, and words that mean the same.

    python -m benchmarks.alphabets [--fit]

Needs `$COURANT_DATA`. The made-up day of `seeds/day`; the made-up posts of `two_languages.txt`; XQuAD's paragraphs and
their translations; two real streams of other years as one, in which every story of both languages is wrong; and 72
hours of real posts, every second of them in disguise: names in Latin letters, half of the words that
`meanings.txt` knows in English, by chance one of those in its line, all others in a cipher. There the stories of the
same posts without disguise are the truth.

`--fit` learns the weights of `digest/stories/foreign.py`, and says how they do on a set that they have not seen."""

import argparse
import csv
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import product
from pathlib import Path

from benchmarks.data import bbcbreaking_posts, needed
from benchmarks.fit_stories import Example, fit
from benchmarks.stories import Grouping, LabelledSet, Record, b_cubed, courant, day, window_in_stream
from core.words import stem
from digest.stories.foreign import SHARED_WEIGHTS, Foreign, Key, Read, SharedWeights, Side
from digest.stories.lines import group, read_post
from digest.stories.posts import StoryPost
from digest.stories.weighing import Weighing
from digest.text.evidence import spelling
from digest.text.meanings import senses
from digest.text.word_lists import lines_of

CAUTION = 1.35  # log-odds taken off what is learned: one story that is two events is worse than two that are one
START = datetime(2026, 1, 1, tzinfo=UTC)
Kinds = tuple[Callable[[Path], LabelledSet], ...]
_CYRILLIC = re.compile("[А-Яа-яЁё]+")
_CIPHER = "bcdfghjklmnpqrstvwxzaeiouy"


def made_up_posts(folder: Path) -> LabelledSet:
    """The posts of `two_languages.txt` (not in the folder), an event in each block, in the order of chance over twelve
    hours."""
    del folder
    posts: list[Record] = []
    gold: dict[str, str] = {}
    event = ""
    for line in Path(__file__).with_name("two_languages.txt").read_text(encoding="utf-8").splitlines():
        head, _, text = line.partition(" ")
        if text:
            gold[str(len(posts))] = event
            posts.append({"id": str(len(posts)), "channel": "", "text": text})
        else:
            event = head
    random.Random(3).shuffle(posts)
    for place, post in enumerate(posts):
        post["date"] = (START + timedelta(hours=12) * place / len(posts)).isoformat()
    return LabelledSet(name="made-up posts", posts=posts, gold=gold)


def paragraphs(folder: Path) -> LabelledSet:
    """XQuAD's paragraphs and their translations: several are of one article, and each is an event of its own."""
    posts: list[Record] = []
    gold: dict[str, str] = {}
    for language in ("en", "ru"):
        articles = json.loads((folder.parent / f"search/xquad/xquad.{language}.json").read_text(encoding="utf-8"))[
            "data"
        ]
        for place, article in enumerate(articles):
            for number, paragraph in enumerate(article["paragraphs"]):
                name = f"{place}.{number}"
                gold[f"{name} {language}"] = name
                posts.append({"id": f"{name} {language}", "channel": "", "text": paragraph["context"]})
    return LabelledSet(name="XQuAD", posts=posts, gold=gold)


def foreign_streams(folder: Path) -> LabelledSet:
    """72 hours of Russian channels of 2024, and BBC's posts of four months of 2017 as if written in those hours."""
    russian = list(window_in_stream(folder).posts)
    last = max(datetime.fromisoformat(post["date"]) for post in russian)
    texts = [text for text in (row.get("message") or "" for row in bbcbreaking_posts()) if len(text) > 20]
    step = timedelta(hours=72) / len(texts)
    english = [
        {"id": f"bbc {place}", "channel": "bbc", "date": (last - step * place).isoformat(), "text": text}
        for place, text in enumerate(texts)
    ]
    gold = {post["id"]: f"{post['id'][:3] == 'bbc'} {post['id']}" for post in [*russian, *english]}
    return LabelledSet(name="streams of other years", posts=[*russian, *english], gold=gold)


def disguised_stream(folder: Path) -> LabelledSet:
    """72 hours of Russian channels, every second post in disguise; the truth is what we make of them without it."""
    posts = window_in_stream(folder).posts
    gold = {post: f"{story}" for post, story in courant(posts).items()}
    hidden = [
        {**post, "text": _CYRILLIC.sub(_disguised, post["text"])} if zlib.crc32(post["id"].encode()) % 2 else post
        for post in posts
    ]
    return LabelledSet(name="half in disguise", posts=hidden, gold=gold)


def _disguised(found: re.Match[str]) -> str:
    word = found[0]
    if word[0].isupper():
        latin = spelling(word.lower())
        return latin.upper() if word[1:].isupper() else latin.capitalize()
    choice = zlib.crc32(word.encode())
    if choice % 2 and (english := [each for sense in senses(stem(word)) for each in _english()[sense]]):
        return english[choice // 2 % len(english)]
    return "".join(_CIPHER[ord(letter) * 7 % len(_CIPHER)] for letter in word)


@cache
def _english() -> list[list[str]]:
    return [line.partition(";")[2].replace(".", "").split() for line in lines_of("meanings.txt")]


class WordsAlone(Foreign):
    """Names and numbers say nothing."""

    def near(self, side: Side) -> list[int]:
        del side
        return []

    def weigh(self, words: float, one: Side, other: Side) -> float:
        del one, other
        return words


def as_posts(records: Sequence[Record]) -> list[StoryPost]:
    """Records as the filter reads them."""
    return [read_post(record, place) for place, record in enumerate(records)]


def grouping(
    foreign: Callable[[Read], Foreign], read_all: Callable[[Sequence[Record]], list[StoryPost]] = as_posts
) -> Grouping:
    """The filter with other evidence across alphabets."""

    def run(records: Sequence[Record]) -> Mapping[str, int | str]:
        placed = group(read_all(records), foreign=foreign)
        return {record["id"]: placement.story for record, placement in zip(records, placed, strict=True)}

    return run


def is_russian(text: str) -> bool:
    return sum("а" <= letter <= "я" for letter in text.lower()) > len(text) / 4


def across(labelled: LabelledSet, story: Mapping[str, object]) -> str:
    """Events of both languages that are in one story, of how many; stories of both that hold posts of two events; the
    B-cubed F1 over both languages."""
    by_event: defaultdict[str, list[tuple[bool, object]]] = defaultdict(list)
    by_story: defaultdict[object, list[tuple[bool, str]]] = defaultdict(list)
    for post in labelled.posts:
        russian, event = is_russian(post["text"]), labelled.gold[post["id"]]
        by_event[event].append((russian, story[post["id"]]))
        by_story[story[post["id"]]].append((russian, event))
    both = [found for found in by_event.values() if len({russian for russian, _ in found}) == 2]
    joined = [found for found in both if {s for r, s in found if r} & {s for r, s in found if not r}]
    mixed = [found for found in by_story.values() if len({russian for russian, _ in found}) == 2]
    wrong = sum(
        {event for r, event in found if r}.isdisjoint({event for r, event in found if not r}) for found in mixed
    )
    if not both:
        return f"{wrong} wrong stories with {sum(len(f) for f in mixed)} posts"
    return f"{len(joined)} of {len(both)}, {wrong} wrong, {b_cubed(labelled.gold, story):.3f}"


TWO_LANGUAGES: Kinds = (day, made_up_posts, paragraphs, foreign_streams)
KINDS: Kinds = (*TWO_LANGUAGES, disguised_stream)


def table(first: str, names: Iterable[str], rows: Mapping[str, Callable[[], Iterable[str]]]) -> None:
    """Print a Markdown table."""
    names = list(names)
    print(f"| {first} | " + " | ".join(names) + " |")
    print("| --- " * (len(names) + 1) + "|")
    for name, cells in rows.items():
        print(f"| {name} | " + " | ".join(cells()) + " |", flush=True)
    print()


@dataclass(frozen=True, slots=True)
class _Post:
    event: str
    cyrillic: bool
    side: Side


def _sides(labelled: LabelledSet, weighing: Weighing, foreign: Foreign) -> list[_Post]:
    found = []
    posts = as_posts(labelled.posts)
    for post in posts:
        weighing.learn(post)
    for number, (post, record) in enumerate(zip(posts, labelled.posts, strict=True)):
        member, _ = weighing.weigh(post, weighing.counted(post))
        side = partial(foreign.of, member.packed, member.sounds)
        foreign.join(side(), number)
        if record["id"] in labelled.gold:
            found.append(_Post(labelled.gold[record["id"]], member.packed.cyrillic, side()))
    return found


def examples(labelled: LabelledSet) -> Iterator[Example]:
    """What a set teaches: two posts, one in each language, that share a number or a name."""
    weighing = Weighing(forgetful=False)
    foreign = Foreign(weighing.said_by)
    posts = _sides(labelled, weighing, foreign)
    sharing: defaultdict[Key, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, post in enumerate(posts):
        for key in (*post.side.names, *post.side.numbers):
            sharing[key][post.cyrillic].append(place)
    pairs = {pair for latin, cyrillic in sharing.values() for pair in product(latin, cyrillic)}
    for one, other in ((posts[a], posts[b]) for a, b in sorted(pairs)):
        evidence = foreign.shared(one.side, other.side)
        if evidence is not None:
            yield Example(0, one.event == other.event, tuple(evidence), 0.0)


def learned(taught: Iterable[Sequence[Example]]) -> SharedWeights:
    """The weights that examples teach, with caution."""
    weights = SharedWeights(*fit(list(taught)))
    return weights._replace(constant=weights.constant - CAUTION)


def judged(found: Sequence[Example], weights: SharedWeights) -> str:
    """Of pairs of one event and of pairs of two, how many would be joined."""
    joined = [e.same for e in found if sum([a * b for a, b in zip(e.evidence, weights, strict=True)]) > 0]
    same = sum(e.same for e in found)
    return f"{sum(joined)} of {same}, {len(joined) - sum(joined)} of {len(found) - same}"


def learn(folder: Path) -> None:
    """Print the weights that the sets teach, and how those of the other sets do on each."""
    taught = {labelled.name: list(examples(labelled)) for labelled in (kind(folder) for kind in TWO_LANGUAGES)}
    fitted = learned(taught.values())
    for name, value, now in zip(fitted._fields, fitted, SHARED_WEIGHTS, strict=True):
        print(f"{name:>15} {value:8.3f}   (in use: {now})")
    print("\nPairs of one event, and of two, that would be joined:\n")
    unseen = {
        name: judged(found, learned(other for known, other in taught.items() if known != name))
        for name, found in taught.items()
    }
    table(
        "weights",
        taught,
        {
            "in use": lambda: (judged(found, SHARED_WEIGHTS) for found in taught.values()),
            "of the other sets": unseen.values,
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--fit", action="store_true", help="learn the weights, and score them on what they have not seen"
    )
    wanted = parser.parse_args()
    folder = needed("clustering")
    csv.field_size_limit(10_000_000)
    if wanted.fit:
        learn(folder)
        return
    sets = [kind(folder) for kind in KINDS]
    systems: dict[str, Grouping] = {"words alone": grouping(WordsAlone), "and names, numbers, meanings": courant}
    print(
        "Events of both languages that are one story, of all; stories of both languages of different events; B-cubed.\n"
    )
    table(
        "system",
        (f"{one.name} ({len(one.posts)})" for one in sets),
        {name: partial(map, partial(_cell, run), sets) for name, run in systems.items()},
    )


def _cell(run: Grouping, labelled: LabelledSet) -> str:
    return across(labelled, run(labelled.posts))


if __name__ == "__main__":
    main()
