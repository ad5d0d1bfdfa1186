"""Learns `ingest/articles/model.json`, which tells a page's main text from the rest, and how it does on other sites.

    python -m benchmarks.fit_articles [--check]      (needs `pip install lightgbm`, which nothing else does)

Reads the sets of `benchmarks.articles`. An example is a block of a page; how much of it is main text is the share of
its runs of four words that stand in the page's gold text. Pages count alike, and within a page words do, but long
blocks less than in proportion. A short block is main text where it is a line of the gold, or goes on there from the
block before it or into the one after it. Of blocks that repeat each other as many count as the gold has, those among
most other main text.

`--check` writes nothing: the sites are cut in five by a hash of the name, all pages of a site together, and each fifth
is extracted with what was learned on the other four.
"""

import argparse
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import fmean
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from benchmarks.articles import SETS, Page, f1, plain
from ingest.articles.article import parsed, text_by
from ingest.articles.blocks import Block, blocks_of
from ingest.articles.choice import MODEL, Model, read_model
from ingest.articles.features import Column, columns_of, hints_of, words_of

FOLDS: Final = 5
ROUNDS: Final = 150
SETTINGS: Final[Mapping[str, object]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.06,
    "num_leaves": 15,
    "max_depth": 6,
    "min_data_in_leaf": 60,
    "lambda_l2": 5,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
_LONGEST: Final = 80  # words of a block that count


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    name: str
    page: Page
    columns: Mapping[str, Column]
    main: Column


def example_of(name: str, page: Page) -> Example | None:
    tree, found = parsed(page.html, page.url)
    blocks = [] if tree is None else blocks_of(tree)
    if tree is None or not blocks:
        return None
    columns = columns_of(blocks, found, hints_of(tree))
    return Example(name=name, page=page, columns=columns, main=main_of(blocks, page.gold))


def main_of(blocks: Sequence[Block], gold: str) -> Column:
    """How much of each block is main text, 0 to 1, by the page's gold text."""
    golden = words_of(gold)
    runs = set(zip(golden, golden[1:], golden[2:], golden[3:], strict=False))
    flat = f" {' '.join(golden)} "
    lines = Counter(" ".join(words_of(line)) for line in gold.split("\n"))
    words = [words_of(each.text) for each in blocks]
    main = np.zeros(len(blocks))
    for at, own in enumerate(words):
        if len(own) >= 4:
            mine = list(zip(own, own[1:], own[2:], own[3:], strict=False))
            main[at] = sum(run in runs for run in mine) / len(mine)
        elif own:
            before = [word for block in words[max(0, at - 3) : at] for word in block][-3:]
            after = [word for block in words[at + 1 : at + 4] for word in block][:3]
            whole = ((before, before + own), (after, own + after))
            goes_on = (len(part) >= 3 and f" {' '.join(line)} " in flat for part, line in whole)
            main[at] = float(" ".join(own) in lines or any(goes_on))
    return _once(words, main, flat, lines)


def _once(words: Sequence[Sequence[str]], main: Column, flat: str, lines: Counter[str]) -> Column:
    """Of repeated blocks only as many as the gold has."""
    mass = np.cumsum([0.0, *(len(own) * (share > 0.5) for own, share in zip(words, main, strict=True))])
    same: defaultdict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(words):
        if main[at] > 0.5:
            same[" ".join(own)].append(at)
    for text, places in same.items():
        times = max(1, lines[text] if text.count(" ") < 3 else flat.count(f" {text} "))
        places.sort(key=lambda at: mass[max(0, at - 7)] - mass[min(len(words), at + 8)])
        main[places[times:]] = 0
    return main


def learn(examples: Sequence[Example]) -> Model:
    """The model that these pages teach."""
    return read_model(learned(examples))


def learned(examples: Sequence[Example]) -> str:
    """The model as JSON."""
    import lightgbm  # not by all who read the pages

    names = list(examples[0].columns)
    table = np.concatenate([np.stack([each.columns[name] for name in names], axis=1) for each in examples])
    main = np.concatenate([each.main for each in examples])
    data = lightgbm.Dataset(table, main, weight=np.concatenate([_weights(each) for each in examples]))
    booster = lightgbm.train(dict(SETTINGS), data, num_boost_round=ROUNDS)
    used = [at for at, gain in enumerate(booster.feature_importance("gain")) if gain > 0]
    number = {at: new for new, at in enumerate(used)}
    trees = [_rows(each["tree_structure"], number) for each in booster.dump_model()["tree_info"]]
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    return f'{{"names": {json.dumps([names[at] for at in used])},\n"trees": [\n{lines}\n]}}\n'


def _weights(example: Example) -> Column:
    weights: Column = np.minimum(example.columns["words"], _LONGEST) ** 0.7 + 0.5
    weights *= 100 / weights.sum()
    return weights


def _rows(root: Mapping[str, Any], number: Mapping[int, int]) -> list[list[float]]:
    """A tree of lightgbm as rows, the root first."""
    rows: list[list[float]] = []

    def add(node: Mapping[str, Any]) -> int:
        at = len(rows)
        rows.append([])
        if "leaf_value" in node:
            rows[at] = [round(node["leaf_value"], 5)]
        else:
            threshold = float(f"{node['threshold']:.7g}")
            rows[at] = [number[node["split_feature"]], threshold, add(node["left_child"]), add(node["right_child"])]
        return at

    add(root)
    return rows


def fold_of(page: Page) -> int:
    """By the site: what is below a public suffix, as far as that can be told from its looks."""
    parts = (urlsplit(page.url).hostname or page.url).split(".")
    short = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3
    return zlib.crc32(".".join(parts[-3 if short else -2 :]).encode()) % FOLDS


def check(examples: Sequence[Example], pages: Sequence[tuple[str, Page]]) -> None:
    """Print what plain trafilatura and what is learned on other sites score."""
    models = [learn([each for each in examples if fold_of(each.page) != fold]) for fold in range(FOLDS)]
    found: dict[str, list[str]] = defaultdict(list)
    usual: dict[str, list[str]] = defaultdict(list)
    for name, page in pages:
        found[name].append(text_by(models[fold_of(page)], page.html, page.url))
        usual[name].append(plain(page.html, page.url))
    print("| set, F1 of word shingles, of words for wcxb | trafilatura | Courant, learned on other sites |")
    print("| --- | --- | --- |")
    means: list[tuple[float, float]] = []
    for name in SETS:
        own = [page for other, page in pages if other == name]
        both = f1(name, usual[name], own), f1(name, found[name], own)
        means.append(both)
        print(f"| {name}, {len(own)} | {both[0]:.4f} | {both[1]:.4f} |")
    print(f"| mean of the sets | {fmean(one for one, _ in means):.4f} | {fmean(other for _, other in means):.4f} |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="score sites by what the others teach")
    checks = arguments.parse_args().check
    if find_spec("lightgbm") is None:  # reading the pages takes a while
        sys.exit("lightgbm is not installed: pip install lightgbm")
    pages = [(name, page) for name, read in SETS.items() for page in read()]
    examples = [example for name, page in pages if (example := example_of(name, page))]
    print(f"{len(pages)} pages, {sum(len(each.main) for each in examples)} blocks", file=sys.stderr)
    if checks:
        check(examples, pages)
    else:
        MODEL.write_text(learned(examples), "utf-8")


if __name__ == "__main__":
    main()
