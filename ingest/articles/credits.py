"""Whose a page is and what it is called, where trafilatura says it with the site's name or an address mixed in."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"(?:Article|Posting)$")
_ENDS = re.compile(r"\s+[-–—|•·»:]+\s+")
_BETWEEN = re.compile(r"\s*[;,]\s+|\s+(?:and|и|und|et|og|och|y)\s+")
_ADDRESS = re.compile(r"https?\b|www\b|\.com\b|@", re.IGNORECASE)
_LONGEST: Final = 300  # characters of a headline
_MOST_NAMES: Final = 12
_MOST_PARTS: Final = 5000  # of a script
_ALIKE: Final = 0.5  # share of the words of the shorter


def title_of(tree: HtmlElement, told: str | None, site: str | None, url: str) -> str | None:
    """The page's own headline where it says the same as the title `told`; else `told` without the site's name."""
    if told is None:
        return None
    told = " ".join(told.split())
    headlines = (" ".join(each.text_content().split()) for each in tree.iter("h1"))
    alike = [(_alike(each, told), each) for each in headlines if 0 < len(each) <= _LONGEST]
    best, headline = max(alike, key=lambda each: each[0], default=(0.0, ""))
    return headline if best >= _ALIKE else _without_site(told, site, url)


def authors_of(tree: HtmlElement, told: str | None, site: str | None, url: str) -> str | None:
    """Names with "; " between them: those that the page gives to machines, or else those `told`. No addresses, and no
    names of the site where a person is named too."""
    names = _distinct(_authors(tree)) or _distinct((told or "").split(";"))
    persons = [name for name in names if not _is_site(name, site, url)]
    return "; ".join(persons or names) or None


def _distinct(names: Iterable[str]) -> list[str]:
    """Single names, each once; what looks like an address is none."""
    parts = (part for name in names for part in _BETWEEN.split(" ".join(name.split())[:1000]))
    found: dict[str, str] = {}
    for part in parts:
        if _bare(part) and not _ADDRESS.search(part):
            found.setdefault(_bare(part), part)
    return list(found.values())[:_MOST_NAMES]


def _authors(tree: HtmlElement) -> list[str]:
    """The authors of the first article that the page's JSON-LD describes."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for each in _objects(data):
            names = _names(each.get("author")) if _is_article(each.get("@type")) else []
            if names:
                return [html.unescape(name) for name in names]
    return []


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(each, str) and _ARTICLE.search(each) for each in kinds)


def _objects(data: object) -> Iterator[dict[str, object]]:
    waiting = [data]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting.extend(reversed(each.values()))
        elif isinstance(each, list):
            waiting.extend(reversed(each))


def _names(author: object) -> list[str]:
    people = author if isinstance(author, list) else [author]
    names = (each.get("name") if isinstance(each, dict) else each for each in people[:_MOST_NAMES])
    return [name for name in names if isinstance(name, str)]


def _alike(headline: str, told: str) -> float:
    ours, theirs = set(_bare(headline).split()), set(_bare(told).split())
    return len(ours & theirs) / max(3, min(len(ours), len(theirs)))


def _without_site(title: str, site: str | None, url: str) -> str:
    ends = list(_ENDS.finditer(title))
    if ends and _is_site(title[ends[-1].end() :], site, url):
        return title[: ends[-1].start()]
    return title


def _is_site(name: str, site: str | None, url: str) -> bool:
    """Whether a name is the site's: its own, alone or with "staff", or what its address says."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    flat = _bare(name).replace(" ", "").removesuffix("staff")
    return flat != "" and (flat == _bare(site or "").replace(" ", "") or flat in host.replace("-", "").split("."))


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
