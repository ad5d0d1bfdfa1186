"""Pure: which stories of one digest tell of one event after all, or the next of one series.

Posts join stories one by one, and a story that was begun twice is not always found again. Here whole stories are
weighed against each other, as the parts of a story are that may be two. What is wrong here costs a reader little: the
lesser story is told in a sentence below the better one (`telling.py`).
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from core.model import Post
from digest.evenly import evenly
from digest.series import same_series, series_of
from digest.stories.splits import CLEAR, SAMPLE, Part, oneness
from digest.stories.sums import dot
from digest.stories.terms import read_terms
from digest.stories.word_weights import Words

ALIKE = 0.18  # mean cosine of a story's posts and another story from which the two may be one
OWN = 0.3  # share of its names, as `Part.own_names` has it, from which each is of an event of its own

Key = TypeVar("Key", bound=Hashable)


def told_twice(stories: Mapping[Key, Sequence[Post]]) -> Mapping[Key, Sequence[Key]]:
    """The stories that tell of the same event as another of these (the best first), or the next of the same series: for
    each the others, in the order given. Words weigh by how many of these posts have them."""
    words = Words()
    posts = {key: evenly(every, SAMPLE) for key, every in stories.items()}
    counted = {key: [words.see(read_terms(post.body)) for post in some] for key, some in posts.items()}
    parts = {
        key: Part(map(words.weigh, counted[key]), [post.date.timestamp() for post in some])
        for key, some in posts.items()
    }
    series = {key: series_of([post.body for post in some]) for key, some in posts.items()}
    found: defaultdict[Key, list[Key]] = defaultdict(list)
    for better, lesser in combinations(stories, 2):
        if _is_one(parts[better], parts[lesser], same_series(series[better], series[lesser])):
            found[better].append(lesser)
            found[lesser].append(better)
    return found


def _is_one(better: Part, lesser: Part, of_one_series: bool | None) -> bool:
    """Whether the lesser story's posts are like the better one and the two are not clearly two, unless their series
    says it (`same_series`); and not each has names that the other lacks: two districts, of which the same is told."""
    together = of_one_series
    if together is None:
        alike = dot(lesser.sum, better.sum) > ALIKE * lesser.size * math.sqrt(better.square)
        together = alike and oneness(better, lesser) >= CLEAR
    return together and min(better.own_names(lesser), lesser.own_names(better)) < OWN
