"""Summaries, headlines and sentence ends against their gold, beside the baselines, as Markdown tables.

    COURANT_DATA=../shared/data python -m benchmarks.summaries [--articles FILE…]     (needs `pip install rouge-score`)

- realsumm: 50 news articles with a reference each; ROUGE F1 with stemmer, lower case on both sides.
- events: the posts of each event of three posts or more of real channels, one post held out in turn and its first two
  sentences taken as the reference (ROUGE over Russian and English stems).
- ecb: stories of ECB+; half of the documents are summed up, the first two sentences of three others are the references.
- sentences: F1 of sentence ends on three treebanks.
- `--articles`: nothing but these files, CSV with the columns `article` and `highlights` as CNN/DailyMail is handed
  around: what weights are chosen on, so that realsumm judges them (docs/benchmarks.md).
"""

import argparse
import csv
import gzip
import importlib
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks.data import files, json_lines, needed, nktkln_window
from core.words import stems
from digest.summaries.lines import summarize_line
from digest.summaries.summarize import most_central
from digest.text.evidence import bears_out
from digest.text.sentences import split_sentences
from digest.text.tidy import MIN_WORDS, plain_sentences

System = Callable[[Sequence[str], int], list[str]]


class _Stems:
    """A tokenizer for ROUGE that knows Russian."""

    def tokenize(self, text: str) -> list[str]:
        return stems(text)


def courant(texts: Sequence[str], sentences: int) -> list[str]:
    """The product, through its public filter."""
    line = json.dumps({"id": 1, "texts": list(texts), "sentences": sentences})
    return [sentence["text"] for sentence in json.loads(summarize_line(line))["sentences"]]


def lead(texts: Sequence[str], sentences: int) -> list[str]:
    """The first sentences of the first text."""
    return plain_sentences(texts[0])[:sentences]


def plain_lead(texts: Sequence[str], sentences: int) -> list[str]:
    """The first sentences of the first text as they stand."""
    return split_sentences(texts[0])[:sentences]


def central_lead(texts: Sequence[str], sentences: int) -> list[str]:
    """The first sentences of the text whose lead is most like the others'."""
    read = [found for text in texts if (found := plain_sentences(text))]
    return read[most_central([stems(found[0]) for found in read])][:sentences] if read else []


def textrank(texts: Sequence[str], sentences: int) -> list[str]:
    """Sentences by PageRank over the overlap of their words (Mihalcea and Tarau, 2004)."""
    found = [s for text in texts for s in split_sentences(text)]
    words = [set(stems(s)) for s in found]
    size = len(found)
    weights = np.zeros((size, size))
    for i in range(size):
        for j in range(i):
            if len(words[i]) > 1 and len(words[j]) > 1:
                likeness = len(words[i] & words[j]) / (np.log(len(words[i])) + np.log(len(words[j])))
                weights[i, j] = weights[j, i] = likeness
    total = weights.sum(axis=1, keepdims=True)
    moves = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    rank = np.full(size, 1 / size)
    for _ in range(50):
        rank = 0.15 / size + 0.85 * rank @ moves
    return [found[i] for i in sorted(np.argsort(-rank)[:sentences])]


def realsumm() -> list[tuple[list[str], str]]:
    folder = needed("summarization/realsumm") / "abs"
    sources = [re.sub(r"</?t>", " ", s).strip() for s in _lines(folder / "ptr_generator/src.txt")]
    references = [
        "\n".join(part.strip() for part in re.findall(r"<t>(.*?)</t>", line)).lower()
        for line in _lines(folder / "bart/ref.txt")
    ]
    return [([source], reference) for source, reference in zip(sources, references, strict=True)]


def _lines(path: Path) -> list[str]:
    """The lines of a file: a rare sign that Python would take for the end of one is part of its text."""
    return path.read_text("utf8").removesuffix("\n").split("\n")


def events() -> list[tuple[list[str], str]]:
    """Each post of an event held out in turn."""
    groups: dict[str, list[str]] = defaultdict(list)
    for post in nktkln_window():
        if not post["ambiguous"] and plain_sentences(post["text"]):
            groups[post["event"]].append(post["text"])
    cases = []
    for posts in groups.values():
        if len(posts) >= 3:
            for place, held in enumerate(posts):
                cases.append((posts[:place] + posts[place + 1 :], "\n".join(plain_sentences(held)[:2])))
    return cases


def ecb() -> list[tuple[list[str], str]]:
    groups: dict[str, list[list[str]]] = defaultdict(list)
    for path in files(needed("clustering/ecbplus_stories"), "*.jsonl"):
        for document in json_lines(path):
            groups[document["story"]].append(document["sentences"])
    cases = []
    for documents in groups.values():
        half = len(documents) // 2
        if half >= 2:
            texts = ["\n".join(document) for document in documents[:half]]
            cases += [(texts, "\n".join(document[:2])) for document in documents[half:][:3]]
    return cases


def rouge(cases: Sequence[tuple[list[str], str]], system: System, sentences: int, *, english: bool) -> str:
    """A row: mean R1, R2, RLsum, words."""
    from rouge_score import rouge_scorer  # once it is known to be there

    kinds = ["rouge1", "rouge2", "rougeLsum"]
    scorer = rouge_scorer.RougeScorer(kinds, use_stemmer=True, tokenizer=None if english else _Stems())
    rows, words = [], []
    for texts, reference in cases:
        summary = "\n".join(system(texts, sentences)).lower()
        scores = scorer.score(reference.lower(), summary)
        rows.append([scores[kind].fmeasure for kind in kinds])
        words.append(len(summary.split()))
    means = [f"{100 * fmean(column):.1f}" for column in zip(*rows, strict=True)]
    return " | ".join([*means, f"{fmean(words):.0f}"])


Splitter = Callable[[str], Iterable[str]]


def splitters() -> dict[str, Splitter]:
    """What splits a text into sentences, razdel first where it is installed."""
    found: dict[str, Splitter] = {}
    with suppress(ImportError):
        sentenize = importlib.import_module("razdel").sentenize
        found["razdel"] = lambda text: [each.text for each in sentenize(text)]
    return found | {"Courant": split_sentences}


def sentence_ends(paths: Sequence[Path], split: Splitter, *, whole: bool) -> tuple[float, float, float]:
    """Precision, recall and F1 of sentence ends; the sentences of a unit are joined by a blank."""
    units: list[list[str]] = []
    for path in paths:
        units.append([])
        with gzip.open(path, "rt", encoding="utf8") as file:
            for line in file:
                if line.startswith(("# newdoc", "# newpar")) and not whole:
                    units.append([])
                elif line.startswith("# text = "):
                    units[-1].append(line[9:].strip())
    right = found = gold = 0
    for unit in filter(None, units):
        text = " ".join(unit)
        truth, ours = _ends(text, unit), _ends(text, split(text))
        right, found, gold = right + len(truth & ours), found + len(ours), gold + len(truth)
    precision, recall = right / found, right / gold
    return precision, recall, 2 * precision * recall / (precision + recall)


def _ends(text: str, sentences: Iterable[str]) -> set[int]:
    ends, place = set(), 0
    for sentence in sentences:
        place = text.index(sentence, place) + len(sentence)
        ends.add(place)
    return ends


def lead_aside(article: str, sentences: int) -> list[list[str]]:
    """The first sentences, as stems, of an article's text; what stands over it ("By . Ann Lee .") is too short."""
    return [words for each in plain_sentences(article) if len(words := stems(each)) >= MIN_WORDS][:sentences]


def picked(article: str, reference: Sequence[str], sentences: int = 3) -> list[str]:
    """The words of the sentences that a reader who knows the reference would take, one after another."""
    rest = [stems(sentence) for sentence in plain_sentences(article)]
    taken: list[str] = []
    for _ in range(sentences):
        best = max(rest, key=lambda each: sum(overlap([*taken, *each], reference)), default=[])
        if not best or sum(overlap([*taken, *best], reference)) <= sum(overlap(taken, reference)):
            break
        rest.remove(best)
        taken += best
    return taken


def overlap(words: Sequence[str], reference: Sequence[str]) -> tuple[float, float]:
    """R1 and R2 of stems."""
    return _f1(Counter(words), Counter(reference)), _f1(Counter(pairwise(words)), Counter(pairwise(reference)))


def _f1(found: Counter[Any], wanted: Counter[Any]) -> float:
    size = found.total() + wanted.total()
    return 2 * (found & wanted).total() / size if size else 0.0


def measure_articles(path: Path) -> None:
    """The rows of one file: mean R1 and R2 of three sentences, and how the product differs from the lead."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["article"]: stems(row["highlights"]) for row in csv.DictReader(file)}
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for article, reference in rows.items():
        for name, words in (
            ("lead 3, stumps aside", [word for sentence in lead_aside(article, 3) for word in sentence]),
            ("Courant", stems(" ".join(courant([article], 3)))),
            ("picked with the reference in hand", picked(article, reference)),
        ):
            scores[name].append(overlap(words, reference))
    for name, found in scores.items():
        first, second = (100 * fmean(column) for column in zip(*found, strict=True))
        print(f"| {path.name} ({len(rows)}): {name} | {first:.1f} | {second:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", nargs="+", type=Path, metavar="FILE")
    given = parser.parse_args()
    if find_spec("rouge_score") is None:
        sys.exit("rouge-score is not installed: pip install rouge-score")
    if given.articles:
        print("| articles | R1 | R2 |\n|---|---|---|")
        for path in given.articles:
            measure_articles(path)
        return
    articles, posts, stories = realsumm(), events(), ecb()
    print("| summaries | R1 | R2 | RLsum | words |\n|---|---|---|---|---|")
    for title, cases, english, runs in (
        ("realsumm", articles, True, (("lead 3", plain_lead, 3), ("TextRank 3", textrank, 3), ("Courant", courant, 3))),
        *(
            (
                f"{name} ({len(cases)}), {n} sentence{'s' * (n > 1)}",
                cases,
                False,
                (
                    ("earliest lead", lead, n),
                    ("central lead", central_lead, n),
                    ("TextRank", textrank, n),
                    ("Courant", courant, n),
                ),
            )
            for name, cases in (("events", posts), ("ecb", stories))
            for n in (1, 2, 3)
        ),
    ):
        for name, system, sentences in runs:
            print(f"| {title}: {name} | {rouge(cases, system, sentences, english=english)} |")
    begin = time.perf_counter()
    lines = [json.dumps({"id": i, "texts": texts}) for i, (texts, _) in enumerate([*articles, *posts, *stories])]
    answers = [json.loads(summarize_line(line)) for line in lines]
    rate = len(lines) / (time.perf_counter() - begin) * 60
    proven = [
        all(bears_out(s["text"], texts[i]) for i in s["sources"]) and bool(s["sources"])
        for answer, (texts, _) in zip(answers, [*articles, *posts, *stories], strict=True)
        for s in answer["sentences"]
    ]
    print(f"\n{rate:,.0f} story summaries a minute")
    print(f"{sum(proven)} of {len(proven)} sentences are borne out by each cited text\n")
    print("| sentence ends | precision | recall | F1 |\n|---|---|---|---|")
    for name, file, whole in (
        ("GSD ru", "ru_gsd", True),
        ("Taiga ru", "ru_taiga", False),
        ("EWT en", "en_ewt", False),
    ):
        paths = files(needed("sentences"), f"{file}-ud-*.conllu.gz")
        for splitter, split in splitters().items():
            precision, recall, f1 = sentence_ends(paths, split, whole=whole)
            print(f"| {name}, {splitter} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")


if __name__ == "__main__":
    main()
