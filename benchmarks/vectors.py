"""What an embedding model in this process adds to the stories: across languages, and within one.

    python -m benchmarks.vectors [--fit] [--sets]

Needs `pip install -e '.[vectors]'` and `$COURANT_DATA`. Two languages: the made-up day of `seeds/day` with both
languages' part of an event as one story, the made-up posts of `two_languages.txt`, XQuAD's paragraphs in both, and two
real streams of other years as one, in which every story of both languages is wrong.

`--fit` learns the weights of `digest/stories/meaning.py` from the first two and the last, and says how they do on the
half that they have not seen; `--sets` scores the labelled sets of `benchmarks.stories` with and without the model."""

import argparse
import asyncio
import csv
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.data import bbcbreaking_posts, needed
from benchmarks.fit_stories import Example, fit, folds
from benchmarks.stories import SETS, Grouping, LabelledSet, Record, b_cubed, courant, day, figures, window_in_stream
from digest.stories.cluster import Stories
from digest.stories.embedding import AT_ONCE, LONGEST
from digest.stories.embedding_local import USE, LocalModel, local_model
from digest.stories.index import LiveStory
from digest.stories.likeness import AGEING, numbers_agree, numbers_differ
from digest.stories.lines import group, read_post
from digest.stories.meaning import FOREIGN_WEIGHTS, ForeignWeights, Meanings
from digest.stories.posts import StoryPost

CAUTION = 1.0  # log-odds taken off what is learned: one story that is two events is worse than two that are one
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLanguages:
    """A stream in English and Russian: `gold` event by post id, over both languages."""

    name: str
    posts: Sequence[Record]
    gold: Mapping[str, str]

    @property
    def labelled(self) -> LabelledSet:
        return LabelledSet(name=self.name, posts=self.posts, gold=self.gold)


def made_up_day(folder: Path) -> TwoLanguages:
    """The day of the seeds; its gold there is by event and language."""
    labelled = day(folder)
    gold = {one: event.rpartition(" ")[0] for one, event in labelled.gold.items()}
    return TwoLanguages(name="made-up day", posts=labelled.posts, gold=gold)


def made_up_posts(folder: Path) -> TwoLanguages:
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
    return TwoLanguages(name="made-up posts", posts=posts, gold=gold)


def paragraphs(folder: Path) -> TwoLanguages:
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
    return TwoLanguages(name="XQuAD", posts=posts, gold=gold)


def foreign_streams(folder: Path) -> TwoLanguages:
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
    return TwoLanguages(name="streams of other years", posts=[*russian, *english], gold=gold)


class Vectors:
    """The vectors of texts, each asked for once."""

    def __init__(self, model: LocalModel) -> None:
        self._model = model
        self._known: dict[str, bytes] = {}
        self.texts, self.seconds = 0, 0.0

    def posts(self, records: Sequence[Record]) -> list[StoryPost]:
        """The posts with what they mean."""
        read = [read_post(record, place) for place, record in enumerate(records)]
        texts = [f"{post.title}\n{post.text}".strip()[:LONGEST] for post in read]
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        begin = time.process_time()
        for at in range(0, len(missing), AT_ONCE):
            some = missing[at : at + AT_ONCE]
            vectors = asyncio.run(self._model.embed(some))
            self._known |= {text: vector or b"" for text, vector in zip(some, vectors, strict=True)}
        self.texts += len(missing)
        self.seconds += time.process_time() - begin
        return [replace(post, meaning=self._known[text]) for post, text in zip(read, texts, strict=True)]

    def grouping(self, weights: ForeignWeights = FOREIGN_WEIGHTS) -> Grouping:
        """The filter with what posts mean as evidence, too."""

        def run(records: Sequence[Record]) -> Mapping[str, int | str]:
            placed = group(self.posts(records), meanings=Meanings(weights))
            return {record["id"]: placement.story for record, placement in zip(records, placed, strict=True)}

        return run


class _Teacher(Stories):
    """Stories of one language each, that are told where a post belongs."""

    def __init__(self, meanings: Meanings) -> None:
        super().__init__(forgetful=False, meanings=meanings)
        self.known = meanings
        self.of: defaultdict[str, list[LiveStory]] = defaultdict(list)

    def lesson(self, post: StoryPost, key: str, begins: bool) -> list[tuple[LiveStory, ForeignWeights, float]]:
        """The stories of the other language that a post may be of, with the evidence and what time gives."""
        member, reading = self._weighing.weigh(post, self._weighing.counted(post))
        meaning = self._index.meaning([member])
        found = []
        for number in self.known.near(meaning):
            story = self._index.stories[number]
            whole = self.known.whole(number)
            assert meaning is not None
            assert whole is not None
            agree, differ = numbers_agree(reading, story.sums), numbers_differ(reading, story.sums)
            evidence = self.known.foreign_evidence(meaning, whole, agree, differ)
            days = 0.0 if member.time is None or story.middle is None else abs(member.time - story.middle) / 86400
            found.append((story, evidence, -AGEING * days))
        if begins or not self.of[key]:
            self.of[key].append(self._names.begin(self._names.of(member.id)))
        self._put(member, reading, self.of[key][-1])
        return found


def examples(labelled: TwoLanguages, vectors: Vectors, seed: int) -> list[Example]:
    """What one stream teaches: a post beside each story of the other language that the index offers for it."""
    rng, fold = random.Random(seed), folds(labelled.labelled)
    posts = vectors.posts(labelled.posts)
    events = [labelled.gold[record["id"]] for record in labelled.posts]
    teacher = _Teacher(Meanings())
    teacher.learn(posts)
    order = sorted(rng.sample(range(len(posts)), len(posts)), key=lambda place: str(posts[place].date))
    told: dict[int, str] = {}
    found = []
    for place in order:
        event, cyrillic = events[place], _is_russian(posts[place].text)
        for story, evidence, given in teacher.lesson(posts[place], f"{event} {cyrillic}", rng.random() < 0.2):
            one = fold[labelled.posts[place]["id"]]
            found.append(Example(one, told[story.number] == event, tuple(evidence), given))
        told[teacher.of[f"{event} {cyrillic}"][-1].number] = event
    return found


def _is_russian(text: str) -> bool:
    return sum("а" <= letter <= "я" for letter in text.lower()) > len(text) / 4


def across(labelled: TwoLanguages, story: Mapping[str, object]) -> str:
    """Events of both languages that are in one story, of how many; stories of both that hold posts of two events; the
    B-cubed F1 over both languages."""
    by_event: defaultdict[str, list[tuple[bool, object]]] = defaultdict(list)
    by_story: defaultdict[object, list[tuple[bool, str]]] = defaultdict(list)
    for post in labelled.posts:
        russian, event = _is_russian(post["text"]), labelled.gold[post["id"]]
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


LEARNED = (made_up_day, made_up_posts, foreign_streams)
KINDS = (made_up_day, made_up_posts, paragraphs, foreign_streams)


def learned(taught: Iterable[Sequence[Example]]) -> ForeignWeights:
    weights = ForeignWeights(*fit(list(taught)))
    return weights._replace(constant=weights.constant - CAUTION)


def _table(first: str, names: Iterable[str], rows: Mapping[str, Callable[[], Iterable[str]]]) -> None:
    names = list(names)
    print(f"| {first} | " + " | ".join(names) + " |")
    print("| --- " * (len(names) + 1) + "|")
    for name, cells in rows.items():
        print(f"| {name} | " + " | ".join(cells()) + " |", flush=True)
    print()


def two_languages(folder: Path, vectors: Vectors) -> None:
    """Print what joins across languages."""
    sets = [read(folder) for read in KINDS]
    posts = sum(len(vectors.posts(one.posts)) for one in sets)
    systems: dict[str, Grouping] = {"words alone": courant, f"with {USE}": vectors.grouping()}

    def row(run: Grouping) -> Iterable[str]:
        begin = time.process_time()
        yield from [across(one, run(one.posts)) for one in sets]
        yield f"{posts / (time.process_time() - begin):.0f}"

    print(
        "Events of both languages that are one story, of all; stories of both languages of different events; B-cubed;"
        " posts a second of processor time, vectors known.\n"
    )
    names = [*(f"{one.name} ({len(one.posts)})" for one in sets), "posts a second"]
    _table("system", names, {name: partial(row, run) for name, run in systems.items()})


def learn(folder: Path, vectors: Vectors) -> None:
    """Print the weights that the sets teach, and how those of one half do on the other."""
    sets = [read(folder) for read in LEARNED]
    taught = {one.name: [e for seed in (1, 2, 3) for e in examples(one, vectors, seed)] for one in sets}
    for name, found in taught.items():
        print(f"{name}: {sum(e.same for e in found)} same, {sum(not e.same for e in found)} other")
    fitted = learned(taught.values())
    for name, value, now in zip(fitted._fields, fitted, FOREIGN_WEIGHTS, strict=True):
        print(f"{name:>15} {value:8.3f}   (in use: {now})")
    print()

    def unseen(half: int) -> Iterable[str]:
        weights = learned([e for e in found if e.fold % 2 != half] for found in taught.values())
        for one in (read(folder) for read in KINDS):
            story = vectors.grouping(weights)(one.posts)
            fold = folds(one.labelled)
            posts = [post for post in one.posts if one.name == "XQuAD" or fold[post["id"]] % 2 == half]
            gold = {post["id"]: one.gold[post["id"]] for post in posts}
            yield across(TwoLanguages(name=one.name, posts=posts, gold=gold), story)

    _table(
        "not seen in the fit",
        (read(folder).name for read in KINDS),
        {f"half {half + 1}": partial(unseen, half) for half in (0, 1)},
    )


def labelled_sets(folder: Path, vectors: Vectors) -> None:
    """Print the labelled sets with and without the model."""
    sets = [read(folder) for read in SETS]
    systems: dict[str, Grouping] = {"courant": courant, f"with {USE}": vectors.grouping()}

    def row(run: Grouping) -> Iterable[str]:
        return (figures(one, run(one.posts)) for one in sets)

    print('B-cubed F1 / pair F1, or F1 of "same" for sets of pairs.\n')
    _table(
        "system",
        (f"{one.name} ({len(one.posts)})" for one in sets),
        {name: partial(row, run) for name, run in systems.items()},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--fit", action="store_true", help="learn the weights, and score them on what they have not seen"
    )
    parser.add_argument("--sets", action="store_true", help="score the labelled sets of one language")
    wanted = parser.parse_args()
    folder = needed("clustering")
    csv.field_size_limit(10_000_000)
    vectors = Vectors(local_model(USE))
    if wanted.fit:
        learn(folder, vectors)
    if wanted.sets:
        labelled_sets(folder, vectors)
    if not wanted.fit and not wanted.sets:
        two_languages(folder, vectors)
    print(
        f"{vectors.texts} texts were given vectors, {vectors.texts / vectors.seconds:.0f} a second of processor time."
    )


if __name__ == "__main__":
    main()
