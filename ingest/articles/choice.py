"""Which blocks of a page are its main text: a chance for each by a learned model, then those that score best together.

The model is boosted decision trees, kept as numbers in `model.json` and written by `benchmarks.fit_articles`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from ingest.articles.blocks import Block, blocks_of
from ingest.articles.features import Column, columns_of, hints_of, words_of

MODEL: Final = Path(__file__).with_name("model.json")
_RUN: Final = 5  # words in a row by which a repeat is known
_ASIDE: Final = 0.05  # share of the shown text up to which hidden text is none of the article
_REPEATED: Final = 0.8  # share of a block's runs from which on it is a repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Trees in one table, a row a node: a block goes left where its `names[feature]` is at most `threshold`.

    A leaf leads to itself. `value` of the leaves reached, summed over `roots`, is the log odds of being main text.
    """

    names: tuple[str, ...]
    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: Column
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Column
    depth: int


def main_text(tree: HtmlElement, found: str, model: Model) -> str:
    """The main text of a page, a line a block, by its tree and by what trafilatura found in it.

    `found` itself where it is not on the page: it comes from data beside it then.
    """
    blocks = blocks_of(tree)
    if not blocks:
        return found
    columns = columns_of(blocks, found, hints_of(tree))
    if (columns["vote"] * columns["chars"]).sum() < len(found) / 3:
        return found
    chosen = best_together(chances(model, columns), columns["words"])
    kept = without_repeats(without_hidden([each for each, is_chosen in zip(blocks, chosen, strict=True) if is_chosen]))
    return "\n".join(f"- {each.shown}" if each.tag == "li" else each.shown for each in kept)


@cache
def model() -> Model:
    """The model that comes with Courant."""
    return read_model(MODEL.read_text("utf-8"))


def read_model(text: str) -> Model:
    """A model from its JSON: `names`, and `trees`, each a list of rows [feature, threshold, left, right] or [value]."""
    data = json.loads(text)
    roots: list[int] = []
    rows: list[tuple[int, float, int, int, float]] = []
    depth = 0
    for tree in data["trees"]:
        base = len(rows)
        roots.append(base)
        depths = [0] * len(tree)
        for at, row in enumerate(tree):
            if len(row) == 1:
                rows.append((0, 0.0, base + at, base + at, row[0]))
                continue
            feature, threshold, left, right = row
            rows.append((feature, threshold, base + left, base + right, 0.0))
            depths[left] = depths[right] = depths[at] + 1
        depth = max(depth, *depths)
    feature, threshold, left, right, value = zip(*rows, strict=True)
    return Model(
        names=tuple(data["names"]),
        roots=np.array(roots),
        feature=np.array(feature),
        threshold=np.array(threshold),
        left=np.array(left),
        right=np.array(right),
        value=np.array(value),
        depth=depth,
    )


def chances(model: Model, columns: dict[str, Column]) -> Column:
    """How likely each block is main text, 0 to 1."""
    table = np.stack([columns[name] for name in model.names], axis=1)
    rows = np.arange(len(table))[:, None]
    at = np.repeat(model.roots[None, :], len(table), axis=0)
    for _ in range(model.depth):
        at = np.where(table[rows, model.feature[at]] <= model.threshold[at], model.left[at], model.right[at])
    odds: Column = model.value[at].sum(axis=1)
    likely: Column = 1 / (1 + np.exp(-odds))
    return likely


def best_together(likely: Column, words: Column) -> NDArray[np.bool_]:
    """The blocks whose expected F1 in words is the highest: on a page full of doubt more are taken than on a clear one.

    Given the chances, that is all blocks from some chance up (Lewis 1995, "Evaluating and optimizing autonomous text
    classification systems"); expected words found, over the mean of the words taken and of those expected on the page.
    """
    order = np.argsort(-likely, kind="stable")
    hits = np.cumsum((likely * words)[order])
    scores = 2 * hits / (np.cumsum(words[order]) + hits[-1] + 1e-9)
    chosen: NDArray[np.bool_] = likely >= likely[order][np.argmax(scores)]
    return chosen


def without_hidden(blocks: Sequence[Block]) -> Sequence[Block]:
    """Without blocks that the page hides, where they are few: a note, or words that are not meant for people. Where
    they are more, it is the article that is hidden until a script runs, or parts of it that are behind tabs."""
    shown = [block for block in blocks if not block.hidden]
    every, seen = (sum(len(block.text) for block in some) for some in (blocks, shown))
    return shown if every - seen < _ASIDE * seen else blocks


def without_repeats(blocks: Sequence[Block]) -> list[Block]:
    """Without blocks that say again what stands before them: a quoted post, the same text for another screen."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for block in blocks:
        words = words_of(block.text)
        runs = set(zip(*(words[at:] for at in range(_RUN)), strict=False))
        if len(words) >= _RUN + 3 and len(runs & seen) >= _REPEATED * len(runs):
            continue
        seen |= runs
        kept.append(block)
    return kept
