"""How much of an article `ingest.articles.article` finds, beside plain trafilatura, on the five extraction sets.

Run: `python -m benchmarks.articles [SET ...]` with the sets under `$COURANT_DATA/extraction`.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import trafilatura

from benchmarks.data import files, json_lines, needed
from ingest.articles.article import read_article

Extract = Callable[[bytes, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    html: bytes
    url: str
    gold: str
    kind: str = "article"
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()


def scrapinghub() -> Iterator[Page]:
    folder = needed("extraction/scrapinghub")
    for name, gold in json.loads((folder / "ground-truth.json").read_text("utf-8")).items():
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield Page(html=html, url=gold["url"], gold=gold["articleBody"])


def newspaper4k() -> Iterator[Page]:
    folder = needed("extraction/newspaper4k_dataset")
    for gold in json.loads((folder / "news_articles.json").read_text("utf-8")):
        path = next(folder.glob(f"html/{gold['html_file']}*"), None) or next(folder.glob(f"{gold['html_file']}*"))
        authors = tuple((gold["authors"] or "").split(","))
        yield Page(html=_bytes(path), url=gold["link"], gold=gold["text"], title=gold["title"] or "", authors=authors)


def fundus() -> Iterator[Page]:
    folder = needed("extraction/fundus")
    for gold in json_lines(folder / "gold.jsonl"):
        html = _bytes(folder / gold["country"] / gold["file"])
        yield Page(
            html=html,
            url=gold["url"],
            gold=gold["articleBody"],
            title=gold["title"] or "",
            authors=tuple(gold["authors"] or ()),
        )


def russian() -> Iterator[Page]:
    folder = needed("extraction/russian_news")
    for gold in json_lines(folder / "gold.jsonl"):
        path = next((folder / "html").glob(f"{gold['file']}*"))
        yield Page(
            html=_bytes(path),
            url=gold["url"],
            gold=gold["articleBody"],
            wanted=tuple(gold["with"]),
            unwanted=tuple(gold["without"]),
            title=gold["title"],
        )


def wcxb() -> Iterator[Page]:
    folder = needed("extraction/wcxb")
    kinds = json.loads((folder / "metadata.json").read_text("utf-8"))["files"]
    for path in files(folder, "*/ground-truth/*.json"):
        gold = json.loads(path.read_text("utf-8"))
        html = gzip.decompress((path.parents[1] / "html" / f"{path.stem}.html.gz").read_bytes())
        text = gold["ground_truth"]["main_content"]
        yield Page(html=html, url=gold["url"], gold=text, kind=kinds[path.stem]["page_type"])


SETS: dict[str, Callable[[], Iterator[Page]]] = {
    "scrapinghub": scrapinghub,
    "newspaper4k": newspaper4k,
    "fundus": fundus,
    "russian_news": russian,
    "wcxb": wcxb,
}


def ours(html: bytes, url: str) -> str:
    article = read_article(html, url)
    return article.text if article else ""


def plain(html: bytes, url: str) -> str:
    return trafilatura.extract(html, url=url, include_comments=False) or ""


def shingle_f1(pairs: list[tuple[str, str]]) -> float:
    """Multisets of 4-grams of words, precision and recall averaged over pages."""
    precisions, recalls = [], []
    for found, gold in pairs:
        ours, theirs = _shingles(found), _shingles(gold)
        common = (ours & theirs).total()
        if ours:
            precisions.append(common / ours.total())
        if theirs:
            recalls.append(common / theirs.total())
    p, r = fmean(precisions), fmean(recalls)
    return 2 * p * r / (p + r)


def word_f1(pairs: list[tuple[str, str]]) -> float:
    """Multisets of lower-case words, F1 averaged over pages."""
    scores = []
    for found, gold in pairs:
        ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (found, gold))
        common = (ours & theirs).total()
        scores.append(2 * common / (ours.total() + theirs.total()) if ours or theirs else 1.0)
    return fmean(scores)


def f1(name: str, texts: Sequence[str], pages: Sequence[Page]) -> float:
    """The one figure of a set: of shingles, but for wcxb, where it is of words."""
    pairs = [(text, page.gold) for text, page in zip(texts, pages, strict=True)]
    return word_f1(pairs) if name == "wcxb" else shingle_f1(pairs)


def scores(name: str, texts: Sequence[str], pages: Sequence[Page]) -> str:
    """What a set is scored by, as words: shingles, but for wcxb, where it is words, and by kind of page."""
    pairs = [(text, page.gold) for text, page in zip(texts, pages, strict=True)]
    if name != "wcxb":
        return f"shingle F1 {shingle_f1(pairs):.4f}  word F1 {word_f1(pairs):.4f}"
    articles = [pair for pair, page in zip(pairs, pages, strict=True) if page.kind == "article"]
    others = [pair for pair, page in zip(pairs, pages, strict=True) if page.kind != "article"]
    return f"word F1 articles {word_f1(articles):.4f}  others {word_f1(others):.4f}  whole {word_f1(pairs):.4f}"


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    size = min(4, len(words))
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1)) if words else Counter()


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _report(name: str, label: str, extract: Extract, pages: list[Page]) -> None:
    began = time.perf_counter()
    pairs = [(extract(page.html, page.url), page.gold) for page in pages]
    seconds = time.perf_counter() - began
    score = scores(name, [found for found, _ in pairs], pages)
    kept = [snippet in found for (found, _), page in zip(pairs, pages, strict=True) for snippet in page.wanted]
    gone = [snippet not in found for (found, _), page in zip(pairs, pages, strict=True) for snippet in page.unwanted]
    if kept:
        score += f"  with {sum(kept)}/{len(kept)}  without {sum(gone)}/{len(gone)}"
    print(f"{name:14} {label:12} {score}  {len(pages) / seconds:.1f} pages/s, {sum(not a for a, _ in pairs)} empty")


def _report_credits(name: str, pages: Sequence[Page]) -> None:
    """How often title and authors are those of the gold, case and punctuation aside."""
    titled = [page for page in pages if page.title]
    signed = [page for page in pages if any(page.authors)]
    for label, read in (("trafilatura", _credits_by_trafilatura), ("courant", _credits)):
        titles = sum(_bare(read(page)[0]) == _bare(page.title) for page in titled)
        authors = sum(sorted(map(_bare, read(page)[1])) == sorted(map(_bare, page.authors)) for page in signed)
        print(f"{name:14} {label:12} titles {titles}/{len(titled)}  authors {authors}/{len(signed)}")


def _credits(page: Page) -> tuple[str, list[str]]:
    article = read_article(page.html, page.url)
    return (article.title or "", (article.author or "").split("; ")) if article else ("", [])


def _credits_by_trafilatura(page: Page) -> tuple[str, list[str]]:
    tree = trafilatura.load_html(page.html)
    if tree is None:
        return "", []
    found = trafilatura.extract_metadata(tree, default_url=page.url)
    return found.title or "", (found.author or "").split("; ")


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def main() -> None:
    names = sys.argv[1:] or list(SETS)
    if unknown := set(names) - SETS.keys():
        sys.exit(f"there is no set {min(unknown)}; there are: {', '.join(SETS)}")
    for name in names:
        pages = list(SETS[name]())
        for label, extract in (("trafilatura", plain), ("courant", ours)):
            _report(name, label, extract, pages)
        if any(page.title for page in pages):
            _report_credits(name, pages)


if __name__ == "__main__":
    main()
