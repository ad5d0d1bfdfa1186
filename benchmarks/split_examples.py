"""Examples for `digest/stories/splits.py`: posts of one labelled story, or of two that are near each other, parted in
two.

The parting is the one of the service, so the evidence is of what it meets: of posts of one story the two halves that
are most unlike. Sizes are drawn so that small and large ones are alike common. Of sets of pairs, the pairs.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.stories import LabelledSet
from digest.stories.lines import read_post
from digest.stories.splits import Part, given_by_time, sides_of, split_features
from digest.stories.terms import read_terms
from digest.stories.word_weights import WeighedPost, Words

PARTINGS = 3000  # of a set
LARGEST = 40  # posts of a story in one parting
NEAREST = 2  # other stories that a story may be mixed with
CLEAN = 0.6  # least difference of the two sides in what they have of one story, where two are mixed

Weighed = tuple[WeighedPost, float | None]  # a post and its time
SplitExample = tuple[
    str, bool, tuple[float, ...], float
]  # a post's id, whether it is one story, evidence, given by hand


def split_examples(labelled: LabelledSet) -> Iterator[SplitExample]:
    """What one set teaches; deterministic."""
    posts = [read_post(post, place) for place, post in enumerate(labelled.posts)]
    words = Words()
    counted = [words.see(read_terms(post.text, post.title)) for post in posts]
    weighed = {
        row["id"]: (words.weigh(each), post.date.timestamp() if post.date else None)
        for row, each, post in zip(labelled.posts, counted, posts, strict=True)
    }
    if labelled.pairs:
        for one, other, same in labelled.pairs:
            yield _example(one, same, [weighed[one]], [weighed[other]])
        return
    stories: defaultdict[str, list[str]] = defaultdict(list)
    for one, story in labelled.gold.items():
        stories[story].append(one)
    yield from _partings(stories, weighed)


def _partings(stories: dict[str, list[str]], weighed: dict[str, Weighed]) -> Iterator[SplitExample]:
    rng = random.Random(1)
    names, larger = list(stories), [name for name in stories if len(stories[name]) > 1]
    near = _near({name: Part([weighed[one][0] for one in posts], []) for name, posts in stories.items()})

    def some(name: str, least: int) -> list[str]:
        size = least + int(math.exp(rng.uniform(0, math.log(LARGEST)))) - 1
        return rng.sample(stories[name], min(size, len(stories[name])))

    found = 0
    while found < PARTINGS:
        same = rng.random() < 0.5
        if same:
            one, other = some(rng.choice(larger), 2), []
        else:
            name = rng.choice(names)
            one, other = some(name, 1), some(rng.choice(near[name]), 1)
        both = [*one, *other]
        sides = sides_of([weighed[post][0] for post in both]) if len(both) > 2 else [True, False]
        first, second = ([p for p, here in zip(both, sides, strict=True) if here is side] for side in (True, False))
        of_one = [sum(post in one for post in part) / len(part) for part in (first, second)]
        if same or abs(of_one[0] - of_one[1]) >= CLEAN:
            found += 1
            yield _example(first[0], same, [weighed[post] for post in first], [weighed[post] for post in second])


def _near(parts: dict[str, Part]) -> dict[str, list[str]]:
    def likeness(one: Part, other: Part) -> float:
        return sum([value * other.sum.get(term, 0.0) for term, value in one.sum.items()]) / math.sqrt(other.square)

    found = {}
    for name, part in parts.items():
        by_likeness = sorted((-likeness(part, parts[other]), other) for other in parts if other != name)
        found[name] = [other for _, other in by_likeness[:NEAREST]]
    return found


def _example(one: str, same: bool, first: Sequence[Weighed], second: Sequence[Weighed]) -> SplitExample:
    parts = [Part([weighed for weighed, _ in some], [time for _, time in some]) for some in (first, second)]
    return one, same, (*split_features(parts[0], parts[1]), 1.0), given_by_time(parts[0], parts[1])
