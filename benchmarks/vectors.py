"""What an embedding model in this process adds to the stories: across languages, and within one.

    python -m benchmarks.vectors [--fit] [--sets]

Needs `pip install -e '.[vectors]'` and `$COURANT_DATA`. Two languages: the sets of `benchmarks.alphabets` without those
in disguise, which a model cannot read.

`--fit` learns the weights of `digest/stories/foreign.py` where it is known what both sides mean from the first two and
the last, and says how they do on the half that they have not seen; `--sets` scores the labelled sets of
`benchmarks.stories` with and without the model."""

import argparse
import asyncio
import csv
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.alphabets import (
    CAUTION,
    TWO_LANGUAGES,
    across,
    as_posts,
    foreign_streams,
    grouping,
    is_russian,
    made_up_posts,
    table,
)
from benchmarks.data import needed
from benchmarks.fit_stories import Example, fit, folds
from benchmarks.stories import Grouping, LabelledSet, Record, courant, day, figures, present
from digest.stories.cluster import Stories
from digest.stories.embedding import AT_ONCE, LONGEST
from digest.stories.embedding_local import USE, LocalModel, local_model
from digest.stories.foreign import MEANT_WEIGHTS, Foreign, MeantWeights
from digest.stories.index import LiveStory
from digest.stories.likeness import AGEING
from digest.stories.meaning import Meanings
from digest.stories.posts import StoryPost


class Vectors:
    """The vectors of texts, each asked for once."""

    def __init__(self, model: LocalModel) -> None:
        self._model = model
        self._known: dict[str, bytes] = {}
        self.texts, self.seconds = 0, 0.0

    def posts(self, records: Sequence[Record]) -> list[StoryPost]:
        """The posts with what they mean."""
        read = as_posts(records)
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

    def grouping(self, weights: MeantWeights = MEANT_WEIGHTS) -> Grouping:
        """The filter with what posts mean as evidence, too."""
        return grouping(lambda read: Foreign(read, Meanings(), weights), self.posts)


class _Teacher(Stories):
    """Stories of one language each, that are told where a post belongs."""

    def __init__(self) -> None:
        super().__init__(forgetful=False, foreign=lambda read: Foreign(read, Meanings()))
        self.known = self._index.foreign
        self.of: defaultdict[str, list[LiveStory]] = defaultdict(list)

    def lesson(self, post: StoryPost, key: str, begins: bool) -> list[tuple[LiveStory, MeantWeights, float]]:
        """The stories of the other language that a post may be of, with the evidence and what time gives."""
        member, reading = self._weighing.weigh(post, self._weighing.counted(post))
        side = self._index.side(member)
        found = []
        for number in self.known.near(side):
            story = self._index.stories[number]
            evidence = self.known.meant(side, self.known.whole(number))
            if evidence is None:
                continue
            days = 0.0 if member.time is None or story.middle is None else abs(member.time - story.middle) / 86400
            found.append((story, evidence, -AGEING * days))
        if begins or not self.of[key]:
            self.of[key].append(self._names.begin(self._names.of(member.id)))
        self._put(member, reading, self.of[key][-1])
        return found


def examples(labelled: LabelledSet, vectors: Vectors, seed: int) -> list[Example]:
    """What one stream teaches: a post beside each story of the other language that the index offers for it."""
    rng, fold = random.Random(seed), folds(labelled)
    posts = vectors.posts(labelled.posts)
    events = [labelled.gold[record["id"]] for record in labelled.posts]
    teacher = _Teacher()
    teacher.learn(posts)
    order = sorted(rng.sample(range(len(posts)), len(posts)), key=lambda place: str(posts[place].date))
    told: dict[int, str] = {}
    found = []
    for place in order:
        event, cyrillic = events[place], is_russian(posts[place].text)
        for story, evidence, given in teacher.lesson(posts[place], f"{event} {cyrillic}", rng.random() < 0.2):
            one = fold[labelled.posts[place]["id"]]
            found.append(Example(one, told[story.number] == event, tuple(evidence), given))
        told[teacher.of[f"{event} {cyrillic}"][-1].number] = event
    return found


LEARNED = (day, made_up_posts, foreign_streams)


def learned(taught: Iterable[Sequence[Example]]) -> MeantWeights:
    weights = MeantWeights(*fit(list(taught)))
    return weights._replace(constant=weights.constant - CAUTION)


def two_languages(folder: Path, vectors: Vectors) -> None:
    """Print what joins across languages."""
    sets = [read(folder) for read in TWO_LANGUAGES]
    posts = sum(len(vectors.posts(one.posts)) for one in sets)
    systems: dict[str, Grouping] = {"without it": courant, f"with {USE}": vectors.grouping()}

    def row(run: Grouping) -> Iterable[str]:
        begin = time.process_time()
        yield from [across(one, run(one.posts)) for one in sets]
        yield f"{posts / (time.process_time() - begin):.0f}"

    print(
        "Events of both languages that are one story, of all; stories of both languages of different events; B-cubed;"
        " posts a second of processor time, vectors known.\n"
    )
    names = [*(f"{one.name} ({len(one.posts)})" for one in sets), "posts a second"]
    table("system", names, {name: partial(row, run) for name, run in systems.items()})


def learn(folder: Path, vectors: Vectors) -> None:
    """Print the weights that the sets teach, and how those of one half do on the other."""
    sets = [read(folder) for read in LEARNED]
    taught = {one.name: [e for seed in (1, 2, 3) for e in examples(one, vectors, seed)] for one in sets}
    for name, found in taught.items():
        print(f"{name}: {sum(e.same for e in found)} same, {sum(not e.same for e in found)} other")
    fitted = learned(taught.values())
    for name, value, now in zip(fitted._fields, fitted, MEANT_WEIGHTS, strict=True):
        print(f"{name:>15} {value:8.3f}   (in use: {now})")
    print()

    def unseen(half: int) -> Iterable[str]:
        weights = learned([e for e in found if e.fold % 2 != half] for found in taught.values())
        for one in (read(folder) for read in TWO_LANGUAGES):
            story = vectors.grouping(weights)(one.posts)
            fold = folds(one)
            posts = [post for post in one.posts if one.name == "XQuAD" or fold[post["id"]] % 2 == half]
            gold = {post["id"]: one.gold[post["id"]] for post in posts}
            yield across(LabelledSet(name=one.name, posts=posts, gold=gold), story)

    table(
        "not seen in the fit",
        (read(folder).name for read in TWO_LANGUAGES),
        {f"half {half + 1}": partial(unseen, half) for half in (0, 1)},
    )


def labelled_sets(folder: Path, vectors: Vectors) -> None:
    """Print the labelled sets with and without the model."""
    sets = list(present(folder))
    systems: dict[str, Grouping] = {"courant": courant, f"with {USE}": vectors.grouping()}

    def row(run: Grouping) -> Iterable[str]:
        return (figures(one, run(one.posts)) for one in sets)

    print('B-cubed F1 / pair F1, or F1 of "same" for sets of pairs.\n')
    table(
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
