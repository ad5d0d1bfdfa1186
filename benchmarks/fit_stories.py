"""Learns the weights of `digest/stories/likeness.py` and `digest/stories/splits.py` from labelled stories, and says how
they do on what they have not seen.

    python -m benchmarks.fit_stories [--check]

Reads the sets of `benchmarks.stories`. Each becomes a stream whose posts go to the story they belong to, broken at
random into fragments, so that stories of all sizes occur; an example is a post beside a story that the index offers for
it. Sets count alike, and so do "same" and "other" within a set. What is added by hand for time is left standing, and
the weights are fitted around it; what the size of a story gives comes on top. Those of `splits.py`:
`benchmarks.split_examples`.

`--check` fits without what is scored: each quarter of every set (by story, topic or component of pairs) with weights
from the other three, and each set with weights from the other sets. Each time the whole set is one stream, and what is
scored is scored against all of it.
"""

import argparse
import csv
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import needed
from benchmarks.split_examples import split_examples
from benchmarks.stories import (
    Grouping,
    LabelledSet,
    Record,
    ecb,
    f1,
    figures,
    pairs,
    semeval,
    uci,
    window,
    window_in_stream,
)
from digest.stories.cluster import Stories
from digest.stories.index import LiveStory, Member
from digest.stories.likeness import AGEING, LONE, PATIENCE, WEIGHTS, Weights, features, log_odds
from digest.stories.lines import group, read_post
from digest.stories.posts import StoryPost
from digest.stories.splits import SPLIT_WEIGHTS, SplitWeights
from digest.stories.word_weights import WeighedPost

FOLDS = 4
SEEDS = (1, 2, 3, 4, 5, 6)
OFFERED = 8  # stories with the most words in common that a post is set beside
BREAK = 0.12  # chance of a post to begin a new fragment
MIXED = 0.3  # a story that holds more than this of one kind and of the other teaches nothing
RIDGE = 1.0
NEGATIVE = 1.0  # how much "other" counts against "same"
MOST = 10_000  # examples of a set

_NOTHING = Weights(*[0.0] * len(Weights._fields))


@dataclass(frozen=True, slots=True)
class Example:
    fold: int
    same: bool
    evidence: tuple[float, ...]  # features, and 1 for the constant
    given: float  # log-odds by hand


class _Teacher(Stories):
    """Stories that are told where a post belongs."""

    def read(self, post: StoryPost) -> tuple[Member, WeighedPost]:
        return self._weighing.weigh(post, self._weighing.counted(post))

    def offered(self, weighed: WeighedPost) -> list[LiveStory]:
        return self._index.sharing(weighed.rare(), OFFERED)

    def fragment(self, member: Member, weighed: WeighedPost, story: LiveStory | None) -> LiveStory:
        story = story or self._names.begin(self._names.of(member.id))
        self._put(member, weighed, story)
        return story


def folds(labelled: LabelledSet) -> dict[str, int]:
    """A fold by post id: stories, topics (ECB+ has twins) and components of pairs stay whole."""
    root = {post["id"]: post["id"] for post in labelled.posts}

    def find(one: str) -> str:
        while root[one] != one:
            one = root[one]
        return one

    for a, b, _ in labelled.pairs:
        root[find(a)] = find(b)
    parts = {one: find(one) if labelled.pairs else labelled.gold.get(one, "").partition("_")[0] for one in root}
    names = sorted(set(parts.values()))
    random.Random(7).shuffle(names)
    fold = {name: place % FOLDS for place, name in enumerate(names)}
    return {one: fold[part] for one, part in parts.items()}


def examples(labelled: LabelledSet, seed: int) -> list[Example]:
    """What one stream of a set teaches."""
    rng, fold = random.Random(seed), folds(labelled)
    posts = [read_post(post, place) for place, post in enumerate(labelled.posts)]
    ids = [post["id"] for post in labelled.posts]
    teacher = _Teacher(forgetful=False)
    teacher.learn(posts)
    order = list(range(len(posts)))
    if all(post.date for post in posts):
        order.sort(key=lambda place: str(posts[place].date))
    else:
        order = rng.sample(order, len(order))
    verdicts: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for a, b, same in labelled.pairs:
        verdicts[a][b] = verdicts[b][a] = same
    fragments: defaultdict[str, list[LiveStory]] = defaultdict(list)
    places = {post.id: place for place, post in enumerate(posts)}
    found = []
    for place in order:
        one = ids[place]
        member, weighed = teacher.read(posts[place])
        near = {story.number: story for story in teacher.offered(weighed)}
        if labelled.pairs:
            near |= {s.number: s for other in verdicts[one] for s in fragments[other]}
            own = [s for other, alike in verdicts[one].items() if alike for s in fragments[other]]
            joins = own if rng.random() > 0.5 else []
        else:
            joins = fragments[labelled.gold[one]] if one in labelled.gold and rng.random() > BREAK else []
        for story in near.values():
            verdict = _verdict(labelled, verdicts[one], one, [ids[places[m.id]] for m in story.members])
            if verdict is not None:
                evidence = (*features(weighed, story.sums), 1.0)
                found.append(Example(fold[one], verdict, evidence, _by_hand(member, weighed, story)))
        story = teacher.fragment(member, weighed, _chosen(joins, rng))
        key = one if labelled.pairs else labelled.gold.get(one)
        if key is not None and story not in fragments[key]:
            fragments[key].append(story)
    rng.shuffle(found)
    return found


def _chosen(stories: Sequence[LiveStory], rng: random.Random) -> LiveStory | None:
    if not stories:
        return None
    return rng.choice(stories) if rng.random() < 0.3 else max(stories, key=lambda story: len(story.members))


def _verdict(labelled: LabelledSet, verdicts: Mapping[str, bool], one: str, others: Sequence[str]) -> bool | None:
    if labelled.pairs:
        known = [verdicts[other] for other in others if other in verdicts]
        return any(known) if known else None
    event = labelled.gold.get(one)
    known = [labelled.gold[other] == event for other in others if other in labelled.gold]
    if event is None or not known or MIXED < sum(known) / len(known) < 1 - MIXED:
        return None
    return 2 * sum(known) > len(known)


def _by_hand(member: Member, weighed: WeighedPost, story: LiveStory) -> float:
    given = log_odds(weighed, story.sums, story.gap(member.time), _NOTHING) - PATIENCE + LONE / story.sums.size
    if member.time is not None and story.middle is not None:
        given -= AGEING * abs(member.time - story.middle) / 86400
    return given


def fit(sets: Sequence[Sequence[Example]]) -> list[float]:
    """The weight of each piece of evidence: logistic regression by Newton's steps; sets, and the two answers within
    each, count alike."""
    rows = []
    for found in sets:
        for same in (True, False):
            of_kind = [example for example in found if example.same is same]
            share = (1 if same else NEGATIVE) * 1000 / max(1, len(of_kind))
            rows += [(example.evidence, float(same), example.given, share) for example in of_kind]
    size = len(rows[0][0])
    beta = [0.0] * size
    for _ in range(12):
        slope, bend = [0.0] * size, [[0.0] * size for _ in range(size)]
        for x, y, given, share in rows:
            z = given + sum([a * b for a, b in zip(x, beta, strict=True)])
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
            miss, curve = share * (y - p), share * p * (1 - p)
            for i, a in enumerate(x):
                slope[i] += a * miss
                ca = curve * a
                line = bend[i]
                for j in range(i + 1):
                    line[j] += ca * x[j]
        for i in range(size):
            for j in range(i):
                bend[j][i] = bend[i][j]
            if i < size - 1:
                slope[i] -= RIDGE * beta[i]
                bend[i][i] += RIDGE
        step = _solve(bend, slope)
        beta = [a + b for a, b in zip(beta, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return beta


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss's elimination; the matrix is symmetric and positive."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i, pivot in enumerate(rows):
        for other in rows:
            if other is not pivot:
                times = other[i] / pivot[i]
                other[:] = [a - times * b for a, b in zip(other, pivot, strict=True)]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def grouping(weights: Weights, split_weights: SplitWeights) -> Grouping:
    """The filter with other weights."""

    def run(posts: Sequence[Record]) -> Mapping[str, int | str]:
        placed = group([read_post(post, place) for place, post in enumerate(posts)], weights, split_weights)
        return {post["id"]: placement.story for post, placement in zip(posts, placed, strict=True)}

    return run


def pooled(labelled: LabelledSet, story: Sequence[Mapping[str, Hashable]]) -> str:
    """The scores of a whole set as a table cell, each post's from the grouping of its fold."""
    fold = folds(labelled)
    if labelled.pairs:
        seen = [(same, story[fold[a]][a] == story[fold[a]][b]) for a, b, same in labelled.pairs]
        hits, wrong, missed = (seen.count(each) for each in ((True, True), (False, True), (True, False)))
        return f"{2 * hits / (2 * hits + wrong + missed):.3f}"
    events = Counter(labelled.gold.values())
    sizes = [Counter(each[one] for one in labelled.gold) for each in story]
    both = [Counter((each[one], event) for one, event in labelled.gold.items()) for each in story]
    precision = recall = right = found = wanted = 0.0
    for one, event in labelled.gold.items():
        number = fold[one]
        name = story[number][one]
        together, size = both[number][name, event], sizes[number][name]
        precision += together / size
        recall += together / events[event]
        right, found, wanted = right + together - 1, found + size - 1, wanted + events[event] - 1
    posts = len(labelled.gold)
    return f"{f1(precision / posts, recall / posts):.3f} / {f1(right / found, right / wanted):.3f}"


KINDS = (window_in_stream, pairs, uci, ecb, semeval)
SCORED = (window, window_in_stream, pairs, uci, ecb, semeval)


Taught = Mapping[str, Sequence[Example]]  # by the name of a set


def learned(taught: Taught, parted: Taught, known: Callable[[str, Example], bool]) -> tuple[Weights, SplitWeights]:
    """Both kinds of weights from the examples that may be known."""

    def some(of: Taught) -> list[list[Example]]:
        return [[example for example in found if known(name, example)] for name, found in of.items()]

    return Weights(*fit(some(taught))), SplitWeights(*fit(some(parted)))


def check(folder: Path, taught: Taught, parted: Taught) -> None:
    """Print what weights reach on what they were not fitted on."""
    labelled = [read(folder) for read in SCORED]
    print("| not seen in the fit | " + " | ".join(one.name for one in labelled) + " |")
    print("| --- " * (len(labelled) + 1) + "|")

    def without_fold(number: int) -> Grouping:
        return grouping(*learned(taught, parted, lambda _, example: example.fold != number))

    def without_set(name: str) -> Grouping:
        return grouping(*learned(taught, parted, lambda other, _: other != name))

    runs = [without_fold(number) for number in range(FOLDS)]
    cells = [pooled(one, [run(one.posts) for run in runs]) for one in labelled]
    print("| a quarter, four times | " + " | ".join(cells) + " |", flush=True)
    cells = []
    for one in labelled:
        run = without_set("window in stream" if one.name == "window" else one.name)
        cells.append(figures(one, run(one.posts)))
    print("| the whole set | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="score on what was left out of the fit")
    wanted: bool = parser.parse_args().check
    folder = needed("clustering")
    csv.field_size_limit(10_000_000)
    taught: dict[str, list[Example]] = {}
    parted: dict[str, list[Example]] = {}
    for labelled in (read(folder) for read in KINDS):
        found = taught[labelled.name] = []
        for seed in SEEDS:
            if len(found) < MOST:
                found += examples(labelled, seed)
        del found[MOST:]
        fold = folds(labelled)
        parted[labelled.name] = [
            Example(fold[one], same, evidence, given) for one, same, evidence, given in split_examples(labelled)
        ]
    weights, split_weights = learned(taught, parted, lambda _, __: True)
    for fitted, in_use in ((weights, WEIGHTS), (split_weights, SPLIT_WEIGHTS)):
        for name, value, now in zip(fitted._fields, fitted, in_use, strict=True):
            print(f"{name:>15} {value:8.3f}   (in use: {now})")
        print()
    if wanted:
        check(folder, taught, parted)


if __name__ == "__main__":
    main()
