"""How well pairs of articles in other languages than Russian and English come together.

    python -m benchmarks.other_languages PAIRS.csv ...

Each file has the columns of SemEval 2022, task 8: `pair_id` (two ids with `_` between), `lang1`, `lang2`, `text1`,
`text2`, and `Overall`, a rating of which 2 and less counts as the same. Prints a Markdown table: for each language that
both texts of a pair are in, F1 of "same", with the pairs of that language as one stream (alone) and those of all
languages as one (together); beside them TF-IDF over words, cut where that language's own pairs come out best.
"""

import argparse
import csv
import importlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.stories import LabelledSet, Record, courant, same_f1

FEWEST = 20  # pairs of a language
CUTS = [number / 100 for number in range(5, 90)]
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_WRONGLY_DECODED = ("Ã", "Ä±", "Å")  # UTF-8 read as Latin-1, in a part of the pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pairs", type=Path, nargs="+")
    given = parser.parse_args()
    csv.field_size_limit(10_000_000)
    sets = read(given.pairs)
    together = courant([post for each in sets for post in each.posts])
    print("| language | pairs | the same | alone | together | TF-IDF |\n| --- | --- | --- | --- | --- | --- |")
    for each in sets:
        same = sum(same for _, _, same in each.pairs)
        alone = same_f1(each.pairs, courant(each.posts))
        row = f"| {each.name} | {len(each.pairs)} | {same} | {alone:.3f} | {same_f1(each.pairs, together):.3f}"
        print(f"{row} | {tf_idf(each)} |", flush=True)


def read(paths: Iterable[Path]) -> list[LabelledSet]:
    """The pairs of each language, those with most pairs first."""
    posts: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    pairs: defaultdict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                language, texts = row["lang1"], (row["text1"], row["text2"])
                if language != row["lang2"] or any(sign in text for sign in _WRONGLY_DECODED for text in texts):
                    continue
                first, _, second = row["pair_id"].partition("_")
                for name, text in zip((first, second), texts, strict=True):
                    posts[language][name] = {"id": name, "channel": "", "text": text}
                pairs[language].append((first, second, float(row["Overall"]) <= 2))
    names = sorted(pairs, key=lambda name: -len(pairs[name]))
    return [
        LabelledSet(name=name, posts=list(posts[name].values()), pairs=pairs[name])
        for name in names
        if len(pairs[name]) >= FEWEST and name != "en"
    ]


def tf_idf(labelled: LabelledSet) -> str:
    """F1 by the cosine of two texts, at the best cut; needs scikit-learn."""
    try:
        text = importlib.import_module("sklearn.feature_extraction.text")
    except ImportError:
        print("TF-IDF is left out: scikit-learn is not installed.", file=sys.stderr)
        return ""
    vectors = text.TfidfVectorizer(sublinear_tf=True, tokenizer=_WORD.findall, token_pattern=None)
    rows = vectors.fit_transform(post["text"] for post in labelled.posts)
    place = {post["id"]: at for at, post in enumerate(labelled.posts)}
    cosines = [float(rows[place[a]].multiply(rows[place[b]]).sum()) for a, b, _ in labelled.pairs]
    return f"{max(_cut(labelled.pairs, cosines, cut) for cut in CUTS):.3f}"


def _cut(pairs: Sequence[tuple[str, str, bool]], cosines: Sequence[float], cut: float) -> float:
    right = sum(same and cosine >= cut for (_, _, same), cosine in zip(pairs, cosines, strict=True))
    found, wanted = sum(cosine >= cut for cosine in cosines), sum(same for _, _, same in pairs)
    return 2 * right / (found + wanted) if right else 0.0


if __name__ == "__main__":
    main()
