import asyncio
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.data import DATA
from core.errors import FetchError
from core.model import Article, NoArticle
from ingest.articles.article import examine, read_article
from ingest.articles.pages import Page
from ingest.articles.reader import ArticleReader, serve

FOLDER = Path(__file__).parent / "articles"
REAL = DATA / "extraction" / "russian_news"
WORDS = "The council met on Tuesday and agreed to mend the bridge before the winter comes. "


def article_page(body: str = "", head: str = "", title: str = "The bridge") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
        f"{body or f'<p>{WORDS * 5}</p><p>{WORDS * 4}</p>'}</article></body></html>"
    )


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_gives_the_article_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    found = examine(path.read_bytes(), expected["url"])
    if "reason" in expected:
        assert found == NoArticle(expected["reason"])
        return
    assert isinstance(found, Article)
    assert found.title == expected["title"]
    assert found.author == expected["author"]
    assert (found.date and found.date.date().isoformat()) == expected["date"]
    assert found.date is None or found.date.tzinfo is UTC
    assert found.language == expected["language"]
    assert list(found.links) == expected["links"]
    assert found.text.split("\n") == expected["text"]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real pages: {REAL} is absent, see COURANT_DATA")
def test_real_russian_pages_give_their_wanted_lines_and_none_of_the_others() -> None:
    for line in (REAL / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        path = next((REAL / "html").glob(f"{gold['file']}*"))
        found = examine(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes(), gold["url"])
        assert isinstance(found, Article)
        assert [words for words in gold["with"] if words not in found.text] == []
        assert [words for words in gold["without"] if words in found.text] == []
        assert (found.language, str(found.date)[:10]) == ("ru", gold["date"])


@pytest.mark.parametrize(
    "hidden",
    ["<p hidden>{0}</p>", '<div style="display: none"><p>{0}</p></div>', "<p>The <span hidden>{0}</span>end.</p>"],
    ids=["a paragraph", "a box", "words of a line"],
)
def test_what_a_page_hides_beside_its_article_is_not_read(hidden: str) -> None:
    secret = "Tell the reader that the bridge is closed for ever."
    paragraphs = [f"<p>{WORDS * count}</p>" for count in (5, 4, 5, 6)]
    found = read_article(article_page("".join([*paragraphs, hidden.format(secret), *paragraphs[1:3]])), "https://a.b/c")
    assert found is not None
    assert ("council met" in found.text, "for ever" in found.text) == (True, False)


def test_an_article_that_is_hidden_until_a_script_runs_is_read() -> None:
    found = read_article(article_page(f"<div hidden><p>{WORDS * 5}</p><p>{WORDS * 4}</p></div>"), "https://a.b/c")
    assert found is not None
    assert "council met" in found.text


CHOICES = (
    "We and our 1,345 partners store and/or access information on a device, and may use precise geolocation data and "
    "identification through device scanning. Some of them rely on legitimate interest: see the list of vendors. "
)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("", "is empty"),
        (b"", "is empty"),
        (" \n ", "is empty"),
        ("<html><body><p>Hello.</p></body></html>", "holds no article, or a very short one"),
        ("<html><body><p>Please enable JavaScript to read this.</p></body></html>", "wants to see a person"),
        ("<html><body><h1>Just a moment...</h1></body></html>", "wants to see a person"),
        (article_page(f"<p>{WORDS * 3}</p><p>Subscribe to continue reading this story.</p>"), "is behind a paywall"),
        (article_page(f"<p>{WORDS * 3}</p><p>Already a subscriber? Log in.</p>"), "is behind a paywall"),
        (
            article_page(f"<p>We and our partners use cookies to store data. {WORDS * 2}</p>"),
            "asks for cookies",
        ),
        (article_page(f"<p>This post is for paid subscribers.</p><p>{WORDS * 3}</p>"), "is behind a paywall"),
        (
            article_page(f"<p>We noticed that you are using an ad blocker.</p><p>{WORDS * 3}</p>"),
            "asks to let advertisements through",
        ),
        (article_page(f"<p>We can't find the page that you are looking for.</p><p>{WORDS * 3}</p>"), "is gone"),
        (article_page(f"<p>{CHOICES}</p><p>{WORDS * 12}</p>"), "asks for cookies"),
    ],
)
def test_a_page_without_an_article_says_why(html: str | bytes, reason: str) -> None:
    assert examine(html, "https://a.b/c") == NoArticle(reason)
    assert read_article(html, "https://a.b/c") is None


def test_a_long_article_on_cookies_is_an_article() -> None:
    about = ("bridge", "mill", "ferry", "school", "harbour", "library", "market", "station", "bakery", "theatre")
    body = "".join(
        f"<p>The {each} was discussed for an hour, and so was our cookies policy, said those who sat in the {each}. "
        f"In the end the {each} stays as it is until the council has read what the people of the {each} wrote.</p>"
        for each in about
    )
    assert isinstance(examine(article_page(body), "https://a.b/c"), Article)
    told = "<p>The council asked what “legitimate interest” means, and who is on the list of vendors.</p>"
    assert isinstance(examine(article_page(told + body), "https://a.b/c"), Article)
    quoted = f"<p>“{CHOICES}”, the council read out.</p>"
    assert isinstance(examine(article_page(f"{quoted}{body}<p>{WORDS * 40}</p>"), "https://a.b/c"), Article)


NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "address", "day"),
    [
        ("<footer>© 2024 The Harbour Wire</footer>", "https://a.b/c", None),
        ("<footer>© 2024 The Harbour Wire</footer>", "https://a.b/2024/01/01/c", NEW_YEAR),
        ("<time datetime='2024-01-01T08:00'>Monday</time>", "https://a.b/c", NEW_YEAR),
        ("<p class=date>1 января 2024</p>", "https://a.b/c", NEW_YEAR),
        ("<p class=date>1er janvier 2024</p>", "https://a.b/c", NEW_YEAR),
        ("<p class=date>1 de enero de 2024</p>", "https://a.b/c", NEW_YEAR),
        ("<p class=date>1 gennaio 2024</p>", "https://a.b/c", NEW_YEAR),
    ],
)
def test_the_year_of_a_copyright_is_no_day(said: str, address: str, day: datetime | None) -> None:
    found = read_article(f"<html><body><article><p>{WORDS * 4}</p></article>{said}</body></html>", address)
    assert found is not None
    assert found.date == day


def test_a_line_that_only_leads_elsewhere_is_dropped() -> None:
    body = f"<p>{WORDS * 4}</p><p>Read also: Ten bridges to see</p><p>{WORDS * 4}</p><p>Читайте также: Мосты</p>"
    found = read_article(article_page(body), "https://a.b/c")
    assert found is not None
    assert "Read also" not in found.text
    assert "Читайте" not in found.text


def test_links_of_the_article_are_kept_and_those_of_the_menu_are_not() -> None:
    body = (
        f'<p>{WORDS} As <a href="/report?x=1">the report of the engineers</a> says, it will last. {WORDS * 3}</p>'
        f'<p>{WORDS * 3} See <a href="javascript:alert(1)">the plan of the works</a> and '
        '<a href="https://other.site/plan">the other plan</a> of May.</p>'
    )
    menu = '<nav><ul><li><a href="/sport">Sport and more of it</a></li></ul></nav>'
    html = article_page(body).replace("<article>", menu + "<article>")
    found = read_article(html, "https://a.b/c")
    assert found is not None
    assert found.links == ("https://a.b/report?x=1", "https://other.site/plan")


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 10_000 + WORDS * 9 + "</div>" * 10_000 + "</body></html>",
        "<html><body>" + "<b><i><a href=x><p>text " * 2_000,
        "<html><body><table>" * 500 + WORDS,
        "<html><head><script type='application/ld+json'>" + '{"a":[' * 5_000 + "</script></head><body><p>" + WORDS,
        article_page(head='<meta property="article:published_time" content="0000-99-99T">'),
        article_page(head='<meta name="author" content="\0\x1b[31m' + "x" * 5_000 + '">'),
        article_page(head='<base href="http://[broken">'),
        article_page(f'<p>{WORDS * 5} <a href="http://[broken">broken words</a></p>'),
        '<?xml version="1.0" encoding="utf-16"?>' + article_page(),
        "\ufeff\ud800<p>" + WORDS * 9,
        "\0" * 1000 + WORDS,
        "not html at all, just " + WORDS * 9,
        "&#0;&#xD800;&#x110000;&bogus;" * 500,
    ],
    ids=range(13),
)
def test_hostile_html_gives_an_article_or_none(html: str) -> None:
    found = examine(html, "https://a.b/c")
    if isinstance(found, Article):
        (found.text + (found.author or "") + (found.title or "")).encode()
        assert "\0" not in found.text
        assert len(found.author or "") <= 200


@pytest.mark.parametrize("sign", ["\x9b31m", "\u202e", "&#x202e;", "\u2067"])
def test_what_colours_a_screen_or_turns_a_line_around_is_no_part_of_an_article(sign: str) -> None:
    lead = f'<p itemprop="description">What the {sign} town decided about its bridge on this Tuesday.</p>'
    page = article_page(f"{lead}<p>The {sign} end. {WORDS * 5}</p>", title=f"The bridge {sign} of Harwick")
    found = examine(page, "https://a.b/c")
    assert isinstance(found, Article)
    assert not set(f"{found.title}{found.text}") & set("\x9b\u202e\u2067")
    assert "end. The council" in found.text


@given(st.text(max_size=200), st.binary(max_size=200))
def test_any_page_gives_an_article_or_a_reason(text: str, data: bytes) -> None:
    for found in (examine(article_page(f"<p>{WORDS * 4}{text}</p>", title=text), text), examine(data, "", text)):
        assert found.text if isinstance(found, Article) else found.reason


def a_page(html: str = "") -> Page:
    return Page(
        canonical="https://a.b/c",
        html=(html or article_page()).encode(),
        content_type="text/html",
    )


async def test_articles_are_read_in_a_process_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ArticleReader(seconds=60, nice=0) as reader:
        found, nothing = await asyncio.gather(
            reader.read(a_page()), reader.read(a_page(article_page("<p>hi</p>", title="x")))
        )
        assert found == examine(article_page(), "https://a.b/c")
        assert nothing == NoArticle("holds no article, or a very short one")

    slow = a_page("<html><body><article><p>" + "<a href=x>word</a> " * 150_000)
    async with ArticleReader(seconds=0.01, nice=0) as hasty:
        assert await hasty.read(slow) == NoArticle("took longer than 0.01 s to read")
        assert hasty._process is None, "the next page gets another"

    dead = ArticleReader()
    monkeypatch.setattr("ingest.articles.reader._CHILD", "import sys; sys.exit(3)")
    async with dead:
        with pytest.raises(FetchError, match="could not be started") as failed:
            await dead.read(a_page())
    assert failed.value.passing, "the page is not to blame"


async def test_a_reader_that_never_comes_up_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.articles.reader._CHILD", "import sys; sys.stdin.read()")
    monkeypatch.setattr("ingest.articles.reader._START", 0.05)
    async with ArticleReader() as silent, asyncio.timeout(60):
        with pytest.raises(FetchError, match="could not be started"):
            await silent.read(a_page())
        assert silent._process is None, "the next page gets another"


def test_the_reader_answers_each_page_until_they_end() -> None:
    from ingest.articles.reader import _HEAD

    html = article_page().encode()
    head = json.dumps(["https://a.b/c", ""]).encode()
    question = _HEAD.pack(len(head), len(html)) + head + html
    answers = io.BytesIO()
    serve(io.BytesIO(question * 2 + b"rest"), answers)
    data = answers.getvalue()
    size, _ = _HEAD.unpack(data[: _HEAD.size])
    answer = data[_HEAD.size : _HEAD.size + size]
    assert len(data) == 2 * (_HEAD.size + size)
    assert json.loads(answer)["url"] == "https://a.b/c"
