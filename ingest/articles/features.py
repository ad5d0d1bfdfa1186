"""What is known of each block of a page, in numbers: the text, the markup around it, its place, and its likes.

One row a block, one column a name. `vote` is always how much of a block stands in what trafilatura found.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from ingest.articles.blocks import SIGNS, Block

Column = NDArray[np.float64]
_WORD = re.compile(r"\w+")
_PIECE: Final = 5  # words looked up at a time
_MOST_PIECES: Final = 12  # of a block
_LEVELS: Final = 3
_PHRASES: Final = {
    "also": re.compile(
        r"^\W*(?:read|see|watch|also|related|more (?:on|from|in)|recommended|you (?:may|might)|don'?t miss|up next|"
        r"most (?:read|popular)|trending|latest|next|previous|top stories|editors?'? picks|popular|читайте|смотрите|"
        r"по теме|ещ[её]|lees|lire|leia|lea|mehr|siehe|auch)\b",
        re.IGNORECASE,
    ),
    "subscribe": re.compile(
        r"\b(?:subscribe|newsletter|sign up|sign in|log in|register|subscription|member|inbox|email address|"
        r"download (?:the|our) app|подпис|рассылк|abonn)",
        re.IGNORECASE,
    ),
    "dated": re.compile(
        r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bago\b",
        re.IGNORECASE,
    ),
    "priced": re.compile(
        r"[$€£₽]\s?\d|add to (?:cart|bag|basket)|buy now|shop now|in stock|free shipping|wishlist|\bqty\b|checkout",
        re.IGNORECASE,
    ),
}
_SCHEMA: Final = {
    "is article": re.compile(r'"(?:[A-Z][a-z]+)?(?:Article|Posting)"'),
    "is product": re.compile(r'"Product(?:Group)?"'),
    "is forum": re.compile(r'"(?:DiscussionForumPosting|QAPage|Question)"'),
    "is list": re.compile(r'"(?:ItemList|CollectionPage|OfferCatalog)"'),
    "is page": re.compile(r'"WebPage"'),
}  # types of schema.org, as JSON-LD quotes them
_SCRIPTS: Final = 500_000  # characters of JSON-LD that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a page says of itself: `kinds` by name of _SCHEMA and of og:type, and its `description`."""

    kinds: Mapping[str, float]
    description: str


def hints_of(tree: HtmlElement) -> Hints:
    """What the page of `tree` says of itself, to machines."""
    scripts = "".join(each.text or "" for each in tree.iterfind(".//script[@type='application/ld+json']"))
    types = "".join(f'"{(each.get("itemtype") or "").rsplit("/", 1)[-1]}"' for each in tree.iterfind(".//*[@itemtype]"))
    told = scripts[:_SCRIPTS] + types[:_SCRIPTS]
    kinds = {name: float(bool(words.search(told))) for name, words in _SCHEMA.items()}
    metas = {
        (each.get("property") or each.get("name") or "").lower(): each.get("content") or ""
        for each in tree.iterfind(".//meta")
    }
    kinds["og article"] = float(metas.get("og:type", "").lower() in ("article", "news", "blog"))
    kinds["og website"] = float(metas.get("og:type", "").lower() == "website")
    kinds["articles"] = float(len(tree.findall(".//article")))
    return Hints(kinds=kinds, description=metas.get("og:description") or metas.get("description") or "")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.lower())


def columns_of(blocks: Sequence[Block], found: str, hints: Hints) -> dict[str, Column]:
    """The columns by name, a number for each of `blocks`; `found` is trafilatura's text of the page."""
    words = [words_of(each.text) for each in blocks]
    texts = [" ".join(each) for each in words]
    columns = _of_text(blocks, words) | _of_markup(blocks)
    columns["vote"] = _votes(words, texts, found)
    columns["described"] = _votes(words, texts, hints.description, shortest=4)
    columns |= _of_repeats(texts)
    columns |= _of_containers(blocks, columns)
    columns |= _of_shapes(blocks, columns)
    columns |= _of_place(columns)
    columns |= _of_neighbours(columns)
    columns |= _of_page(blocks, columns, hints)
    return columns


def _column(values: Iterable[float]) -> Column:
    return np.fromiter(values, dtype=np.float64)


def _of_text(blocks: Sequence[Block], words: Sequence[Sequence[str]]) -> dict[str, Column]:
    chars = _column(len(each.text) for each in blocks)
    columns = {
        "chars": chars,
        "words": _column(map(len, words)),
        "linked": _column(each.linked for each in blocks) / chars,
        "ends": _column(each.text[-1] in '.!?…"»”:;)' for each in blocks),
        "ends a sentence": _column(each.text.rstrip("\"»”’)' ")[-1:] in tuple(".!?…") for each in blocks),
    }
    for name, phrase in _PHRASES.items():
        columns[name] = _column(bool(phrase.search(each.text[:400])) for each in blocks)
    return columns


def _of_markup(blocks: Sequence[Block]) -> dict[str, Column]:
    around = np.fromiter((each.around for each in blocks), dtype=np.int64)
    near = np.fromiter((each.near for each in blocks), dtype=np.int64)
    columns = {f"in {name}": (around & bit != 0).astype(np.float64) for name, bit in SIGNS.items()}
    columns |= {f"near {name}": (near & bit != 0).astype(np.float64) for name, bit in SIGNS.items() if name[0] != "<"}
    columns |= {f"is {tag}": _column(each.tag == tag for each in blocks) for tag in ("p", "li", "div")}
    columns["is heading"] = _column(each.tag in ("h1", "h2", "h3", "h4", "h5", "h6") for each in blocks)
    columns["depth"] = _column(len(each.containers) for each in blocks)
    return columns


def _votes(words: Sequence[list[str]], texts: Sequence[str], found: str, shortest: int = 1) -> Column:
    """How much of each block stands in `found`, 0 to 1. A block of up to three words must be a whole line of it."""
    lines = {" ".join(words_of(line)) for line in found.split("\n")}
    flat = f" {' '.join(words_of(found))} "

    def vote(block: list[str], text: str) -> float:
        if len(block) < shortest:
            return 0.0
        if len(block) < 4:
            return float(text in lines)
        if f" {text} " in flat:
            return 1.0
        pieces = [f" {' '.join(block[at : at + _PIECE])} " for at in range(0, len(block), _PIECE)]
        if len(pieces) > _MOST_PIECES:
            pieces = pieces[:: len(pieces) // _MOST_PIECES]
        return sum(piece in flat for piece in pieces) / len(pieces)

    return _column(vote(block, text) for block, text in zip(words, texts, strict=True))


def _of_repeats(texts: Sequence[str]) -> dict[str, Column]:
    total, seen, before = Counter(texts), Counter[str](), []
    for text in texts:
        before.append(seen[text])
        seen[text] += 1
    return {"times on the page": _column(total[text] for text in texts), "times before": _column(before)}


def _of_containers(blocks: Sequence[Block], columns: Mapping[str, Column]) -> dict[str, Column]:
    """Of the closest container with two blocks or more, and two further out, each with twice the blocks of the last."""
    chars = columns["chars"]
    weights = np.stack([np.ones(len(blocks)), chars, columns["linked"] * chars, columns["vote"] * chars], axis=1)
    sums = np.zeros((max(max(each.containers) for each in blocks) + 1, 4))
    sizes = np.fromiter((len(each.containers) for each in blocks), dtype=np.int64)
    ids = np.fromiter((number for each in blocks for number in each.containers), dtype=np.int64)
    np.add.at(sums, ids, np.repeat(weights, sizes, axis=0))
    counts = sums[:, 0].tolist()
    at = np.array([_growing(each.containers, counts) for each in blocks])
    total, voted = chars.sum(), max(1.0, weights[:, 3].sum())
    columns = {}
    for level in range(_LEVELS):
        own = at[:, level] < 0
        values = np.where(own[:, None], weights, sums[at[:, level]])
        columns |= {
            f"container {level} blocks": values[:, 0],
            f"container {level} share": values[:, 1] / total,
            f"container {level} linked": values[:, 2] / values[:, 1],
            f"container {level} vote": values[:, 3] / values[:, 1],
            f"container {level} of the vote": values[:, 3] / voted,
            f"container {level} chars a block": values[:, 1] / values[:, 0],
        }
    return columns


def _growing(containers: Sequence[int], counts: Sequence[float]) -> list[int]:
    """Containers, from the inside, each with at least twice the blocks of the one before; the last is repeated."""
    found: list[int] = []
    size = 1.0
    for number in reversed(containers):
        if counts[number] >= 2 * size:
            size = counts[number]
            found.append(number)
            if len(found) == _LEVELS:
                return found
    return found + [found[-1] if found else -1] * (_LEVELS - len(found))


def _of_shapes(blocks: Sequence[Block], columns: Mapping[str, Column]) -> dict[str, Column]:
    """Of all blocks of the page with the same shape."""
    chars = columns["chars"]
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers))
    at = np.fromiter((numbers[each.shape] for each in blocks), dtype=np.int64)
    count, size, linked, voted = (
        np.bincount(at, weights)[at]
        for weights in (np.ones(len(blocks)), chars, columns["linked"] * chars, columns["vote"] * chars)
    )
    return {
        "shape blocks": count,
        "shape share": size / chars.sum(),
        "shape linked": linked / size,
        "shape vote": voted / size,
        "shape chars a block": size / count,
    }


def _of_place(columns: Mapping[str, Column]) -> dict[str, Column]:
    chars, vote = columns["chars"], columns["vote"]
    at = np.arange(len(chars), dtype=np.float64)
    voted = np.flatnonzero((vote > 0.5) & (columns["words"] >= 4))
    first, last = (voted[0], voted[-1]) if len(voted) else (0, -1)
    placed = {
        "number": at,
        "place": at / len(chars),
        "chars before": (np.cumsum(chars) - chars) / chars.sum(),
        "after the first vote": at - first,
        "after the last vote": at - last,
        "between votes": ((at >= first) & (at <= last)).astype(np.float64),
    }
    for reach in (5, 15):
        size = _window(chars, reach)
        placed[f"chars within {reach}"] = size
        placed[f"linked within {reach}"] = _window(columns["linked"] * chars, reach) / size
        placed[f"vote within {reach}"] = _window(vote * chars, reach) / size
    return placed


def _window(values: Column, reach: int) -> Column:
    """The sum of the values up to `reach` places before and after each."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    window: Column = sums[np.minimum(len(values), at + reach + 1)] - sums[np.maximum(0, at - reach)]
    return window


def _of_neighbours(columns: Mapping[str, Column]) -> dict[str, Column]:
    near = {}
    for name in ("words", "linked", "is heading", "ends a sentence", "vote"):
        padded = np.pad(columns[name], 1)
        near[f"{name} of the one before"], near[f"{name} of the one after"] = padded[:-2], padded[2:]
    return near


def _of_page(blocks: Sequence[Block], columns: Mapping[str, Column], hints: Hints) -> dict[str, Column]:
    """The same number for all blocks: what kind of page it is."""
    chars, linked, vote = columns["chars"], columns["linked"], columns["vote"]
    total = chars.sum()
    long = (columns["words"] >= 25) & (linked < 0.3)
    page = {
        "page blocks": len(blocks),
        "page chars": total,
        "page linked": (linked * chars).sum() / total,
        "page vote": (vote * chars).sum() / total,
        "page voted chars": (vote * chars).sum(),
        "page paragraphs": long.sum(),
        "page share of paragraphs": chars[long].sum() / total,
        "page most of a shape": columns["shape blocks"].max(),
        "page priced": columns["priced"].mean(),
        "page dated": columns["dated"].mean(),
        "page of threads": columns["in thread"].mean(),
        "page of comments": (columns["in comment"] * chars).sum() / total,
    } | {f"page {name}": value for name, value in hints.kinds.items()}
    return {name: np.full(len(blocks), float(value)) for name, value in page.items()}
