"""A web page to the article in it; the only file that knows trafilatura.

Pure, but not to be called on the event loop, nor in a thread: some pages of 3 MB keep trafilatura busy for minutes, and
a thread cannot be stopped. `ingest.articles.reader` calls it in a process of its own.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Protocol
from urllib.parse import urljoin

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.core import bare_extraction

from core.model import Article, NoArticle
from ingest.articles.charset import MAX_HTML, decode_page
from ingest.articles.choice import Model, main_text, model
from ingest.articles.credits import authors_of, title_of
from ingest.articles.walls import CLOSED, STUB, wall_of
from ingest.cleaning.language import language_of
from ingest.urls import linkable

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of each page that holds no article
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

MAX_TEXT: Final = 300_000
_SHORTEST: Final = 140  # characters: below this it is a caption, a notice, a login form
_MOST_LINKS: Final = 200

_ANCHORS = etree.XPath("//body//a[@href]")
_LEAD = etree.XPath(
    "//body//*[@itemprop='description'][not(self::meta)]"
    "[not(ancestor::*[@itemscope][1][not(contains(@itemtype, 'Article') or contains(@itemtype, 'Posting'))])]"
)
_NEW_YEAR = re.compile(
    r"\d{4}(?:[-/.]0?1[-/.]0?1|0101)(?!\d)"
    r"|(?<!\d)0?1(?:er|º)?[-/. ]+(?:0?1[-/.]+\d{2}|(?:de )?(?:ja|ener|genn|ocak|янв|січ|студз))|\bjan\w*\.? 0?1(?!\d)",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
_XML_HEAD = re.compile(r"^\s{0,99}<\?xml[^>]{0,300}\?>")
# Also what colours a screen or turns a line around: it says nothing in an article.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udfff]"
)
_TEASER = re.compile(
    r"(?:[-–—•*|]\s*)?(?:читайте\s+(?:также|материал|ещ[её]|подробнее)|смотрите\s+также|по\s+теме|"
    r"(?:read|see)\s+(?:also|more|next)|also\s+read|related(?:\s+(?:articles?|stories))?|more\s+on\s+this)\s*[:\"«“].{0,240}",
    re.IGNORECASE,
)


class _Document(Protocol):
    """The part of trafilatura's document that is used."""

    text: str | None
    title: str | None
    author: str | None
    date: str | None
    sitename: str | None


def read_article(html: bytes | str, url: str) -> Article | None:
    """The article of a page at `url`, or None where there is none. Never raises."""
    found = examine(html, url)
    return found if isinstance(found, Article) else None


def examine(html: bytes | str, url: str, content_type: str = "") -> Article | NoArticle:
    """The article of a page, or the reason why there is none. `html` is cut at MAX_HTML.

    Never raises, but for want of memory; may take long, see above.
    """
    source = _source(html, content_type)
    if not source.strip():
        return NoArticle("is empty")
    tree, document = _extract(source, url)
    if tree is None:
        return NoArticle("is no HTML")
    found = _found(document)
    text = _text(tree, found, model())
    title = _line(title_of(tree, document.title, document.sitename, url) if document else None, 500)
    read = found if len(text) <= STUB else text  # which may have left a line of the wall out
    if wall := wall_of(f"{title or ''}\n{read}" if read else _visible(tree), source):
        return NoArticle(wall, passing=wall == CLOSED)
    if document is None or len(text) < _SHORTEST:
        return NoArticle("holds no article, or a very short one")
    return Article(
        url=url,
        title=title,
        text=text,
        author=_line(authors_of(tree, document.author, document.sitename, url), 200),
        date=_day(document.date, url, source),
        language=language_of(text),
        links=_links(tree, text, url),
    )


def text_by(model: Model, html: bytes, url: str) -> str:
    """The main text of a page by another model: for those who learn one."""
    tree, document = _extract(_source(html, ""), url)
    return "" if tree is None else _text(tree, _found(document), model)


def parsed(html: bytes, url: str) -> tuple[HtmlElement | None, str]:
    """A page's tree and what trafilatura finds in it: what the main text is chosen by."""
    tree, document = _extract(_source(html, ""), url)
    return tree, _found(document)


def _source(html: bytes | str, content_type: str) -> str:
    source = decode_page(html[: 4 * MAX_HTML], content_type) if isinstance(html, bytes) else html
    return _XML_HEAD.sub("", _CONTROL.sub("", source[:MAX_HTML]), count=1)


def _extract(source: str, url: str) -> tuple[HtmlElement | None, _Document | None]:
    """The page's tree, and what trafilatura makes of it. Its faults on broken pages are its own."""
    try:
        tree = trafilatura.load_html(source)
        if tree is None:
            return None, None
        found = bare_extraction(tree, url=url or None, include_comments=False, with_metadata=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a page may break any of four libraries, and that is the page's doing
        return None, None
    return tree, found  # type: ignore[return-value] # its own class is not public


def _found(document: _Document | None) -> str:
    return _CONTROL.sub("", (document.text if document else None) or "")


def _text(tree: HtmlElement, found: str, model: Model) -> str:
    text = _without_teasers(_CONTROL.sub("", main_text(tree, found, model)))[:MAX_TEXT].strip()
    lead = _lost_lead(tree, text) if text else None
    return f"{lead}\n{text}" if lead else text


def _without_teasers(text: str) -> str:
    """Without lines that only lead to another article ("Read also: …")."""
    return "\n".join(line for line in text.split("\n") if not _TEASER.fullmatch(line.strip()))


def _lost_lead(tree: HtmlElement, text: str) -> str | None:
    """The standfirst, where it is marked as the description of the article and trafilatura left it out."""
    nodes = _LEAD(tree)
    if len(nodes) != 1:
        return None
    lead = _BLANKS.sub(" ", _CONTROL.sub("", "".join(nodes[0].itertext()))).strip()
    return lead if 40 <= len(lead) <= 800 and lead[:40] not in _BLANKS.sub(" ", text) else None


def _visible(tree: HtmlElement) -> str:
    return _BLANKS.sub(" ", " ".join(tree.itertext("p", "div", "span", "h1", "h2", "title")))[: STUB + 1]


def _links(tree: HtmlElement, text: str, url: str) -> tuple[str, ...]:
    """Addresses of the links within the article: those whose words stand in its text, between the same words.

    Not by trafilatura's `include_links`, which also changes what it takes for the article (fundus: F1 .952 for .954).
    """
    flat = _BLANKS.sub(" ", text)
    found: dict[str, None] = {}
    for href, context in _anchors(tree):
        if len(context) > 8 and context in flat and (link := _absolute(url, href)):
            found.setdefault(link)
            if len(found) == _MOST_LINKS:
                break
    return tuple(found)


def _anchors(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Each link with its label and some of the words around it."""
    for anchor in _ANCHORS(tree)[:3000]:
        label = _BLANKS.sub(" ", "".join(anchor.itertext())[:300])
        before = anchor.getprevious()
        lead = (anchor.getparent().text if before is None else before.tail) or ""
        context = f"{lead[-24:]}{label}{(anchor.tail or '')[:24]}"
        yield anchor.get("href"), _BLANKS.sub(" ", context).strip()


def _absolute(base: str, href: str) -> str | None:
    href = href.strip()
    if not href or href.startswith("#") or len(href) > 2048:
        return None
    try:
        absolute = urljoin(base, href)
    except ValueError:
        return None
    link = linkable(absolute) if absolute.startswith(("http://", "https://")) else None
    return None if link is None or link.partition("#")[0] == base.partition("#")[0] else link


def _line(value: str | None, size: int) -> str | None:
    return _BLANKS.sub(" ", _CONTROL.sub("", value or ""))[:size].strip() or None


def _day(value: str | None, url: str, source: str) -> datetime | None:
    """The day of the article. Where nothing but a year stands on the page, that of its copyright, trafilatura says the
    first of January: that day counts where the page or its address names it."""
    try:
        day = datetime.strptime(value or "", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    made_up = (day.month, day.day) == (1, 1) and not any(map(_NEW_YEAR.search, (url, source)))
    return None if made_up else day
