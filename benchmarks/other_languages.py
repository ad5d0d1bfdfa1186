"""How well articles in other languages than Russian and English come together, with each other and with these.

    python -m benchmarks.other_languages [PAIRS.csv ...] [--translations FOLDER]

Each file has the columns of SemEval 2022, task 8: `pair_id` (two ids with `_` between), `lang1`, `lang2`, `text1`,
`text2`, and `Overall`, a rating of which 2 and less counts as the same. Prints a Markdown table: for each language, or
two, that the texts of a pair are in, F1 of "same", with the pairs of that language as one stream (alone) and those of
all languages as one (together); beside one language TF-IDF over words, cut where its own pairs come out best.

FOLDER holds NTREX-128 (`DOCUMENT_IDS.tsv`, `NTREX-128/newstest2019-…`): 123 articles translated into many languages, of
which the title and three sentences are posts here, ten minutes from one article to the next. Prints, for each language,
how many articles are in one story with their English, and then with their Russian text, by words as they are written
alone and by all, and how many with the text of an article with which their English text alone is not; of how many it
is said to be news to who knows the English text, and of how many that what the article goes on with is (of those that
are long enough).
"""

import argparse
import csv
import importlib
import re
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.alphabets import WordsAlone, grouping
from benchmarks.stories import Grouping, LabelledSet, Record, courant, same_f1
from core.model import Kind, Post, PostId
from digest.news import with_news

FEWEST = 20  # pairs of a language
START = datetime(2026, 11, 20, tzinfo=UTC)
SENTENCES = 4  # of an article, its title among them
GOES_ON = slice(6, 10)  # sentences that it goes on with
TRANSLATED = """rus ukr bel bul srp-Cyrl deu fra spa ita por ron nld pol ces swe tur aze-Latn uzb kaz ind fas arb ell
heb hin zho-CN""".split()
CUTS = [number / 100 for number in range(5, 90)]
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_WRONGLY_DECODED = ("Ã", "Ä±", "Å")  # UTF-8 read as Latin-1, in a part of the pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pairs", type=Path, nargs="*")
    parser.add_argument("--translations", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    csv.field_size_limit(10_000_000)
    if given.pairs:
        show_pairs(read(given.pairs))
    if given.translations:
        show_translations(given.translations)


def show_pairs(sets: Sequence[LabelledSet]) -> None:
    """Print the table of pairs."""
    together = courant(list({post["id"]: post for each in sets for post in each.posts}.values()))
    print("| language | pairs | the same | alone | together | TF-IDF |\n| --- | --- | --- | --- | --- | --- |")
    for each in sets:
        same = sum(same for _, _, same in each.pairs)
        alone = same_f1(each.pairs, courant(each.posts))
        row = f"| {each.name} | {len(each.pairs)} | {same} | {alone:.3f} | {same_f1(each.pairs, together):.3f}"
        print(f"{row} | {'' if ' ' in each.name else tf_idf(each)} |", flush=True)


def read(paths: Iterable[Path]) -> list[LabelledSet]:
    """The pairs of each language and of each two, those with most pairs first."""
    posts: defaultdict[str, dict[str, Record]] = defaultdict(dict)
    pairs: defaultdict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                language, texts = " and ".join(sorted({row["lang1"], row["lang2"]})), (row["text1"], row["text2"])
                if any(sign in text for sign in _WRONGLY_DECODED for text in texts):
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


def show_translations(folder: Path) -> None:
    """Print the table of translated articles."""
    names = [line.strip() for line in (folder / "DOCUMENT_IDS.tsv").read_text(encoding="utf-8").splitlines()]
    english = translated(folder / "NTREX-128/newstest2019-src.eng.txt", names, "eng")
    russian = translated(folder / "NTREX-128/newstest2019-ref.rus.txt", names, "rus")
    alike = courant(english)
    columns = ("language", "of", *("words", "all", "wrongly") * 2, "news", "goes on")
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    for code in TRANSLATED:
        own = translated(folder / f"NTREX-128/newstest2019-ref.{code}.txt", names, code)
        cells: list[object] = [code, len(own)]
        for other in (english, russian):
            words, _ = across(own, other, alike, grouping(WordsAlone))
            cells += [words, *across(own, other, alike, courant)] if code != "rus" or other is english else [""] * 3
        print(f"| {' | '.join(map(str, (*cells, *new_to(english, own))))} |", flush=True)


def new_to(english: Sequence[Record], own: Sequence[Record]) -> tuple[str, str]:
    """How many articles are news to who knows their English text, and how many that go on are, of all that do."""
    said = [(told, post["text"], post["further"]) for told, post in zip(english, own, strict=True)]
    repeated = sum(_is_news(told["text"], text) for told, text, _ in said)
    going = [(told["text"], further) for told, _, further in said if further]
    return str(repeated), f"{sum(_is_news(told, further) for told, further in going)} of {len(going)}"


def _is_news(told: str, text: str) -> bool:
    known, new = (
        Post(
            id=PostId(number),
            channel=f"channel_{number}",
            channel_title="",
            message_id=number,
            date=START,
            language="",
            text=body,
            body=body,
            kind=Kind.NEWS,
            fingerprint=0,
        )
        for number, body in enumerate((told, text), 1)
    )
    return bool(with_news([known], [new]))


def translated(path: Path, names: Sequence[str], code: str) -> list[Record]:
    """The articles of one language as posts of one channel; `names`: the article that each line of the file is of."""
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for name, line in zip(names, path.read_text(encoding="utf-8-sig").splitlines(), strict=True):
        articles[name].append(line.strip())
    begin = START if code == "eng" else START + timedelta(minutes=3)
    return [
        {
            "id": f"{code} {name}",
            "channel": f"channel_{code[:3]}",
            "date": (begin + timedelta(minutes=10) * place).isoformat(),
            "text": f"{lines[0]}\n\n{' '.join(lines[1:SENTENCES])}",
            "further": " ".join(lines[GOES_ON]) if len(lines) >= GOES_ON.stop else "",
        }
        for place, (name, lines) in enumerate(articles.items())
    ]


def across(
    one: Sequence[Record], other: Sequence[Record], alike: Mapping[str, Hashable], run: Grouping
) -> tuple[int, int]:
    """How many articles are in the story of their translation, and how many in that of another article's, with which
    they are not one story by `alike`, that of their English texts."""
    story = run([*one, *other])
    there: defaultdict[Hashable, set[str]] = defaultdict(set)
    for post in other:
        there[story[post["id"]]].add(_article(post))
    met = [(_article(post), there[story[post["id"]]]) for post in one]
    right = sum(article in others for article, others in met)
    wrong = sum(any(alike[f"eng {each}"] != alike[f"eng {article}"] for each in others) for article, others in met)
    return right, wrong


def _article(post: Record) -> str:
    return str(post["id"]).partition(" ")[2]


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
