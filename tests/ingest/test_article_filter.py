"""The filter for article pages: each page read within its time, whatever it holds."""

import pytest

from core.errors import BadInput
from ingest.articles.filter import ArticleFilter, html_of

WORDS = "The council met on Tuesday and agreed to mend the bridge before the winter comes. "
PAGE = (
    "<html><head><title>The bridge</title>"
    '<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head>'
    f"<body><article><h1>The bridge</h1><p>{WORDS * 5}</p><p>{WORDS * 4}</p></article></body></html>"
)
SLOW = "<html><body><article><p>" + "<a href=x>word</a> " * 150_000


def test_a_page_gives_the_keys_of_clean_in_their_order_and_a_slow_one_an_empty_text() -> None:
    with ArticleFilter(1, seconds=2) as articles:
        found = articles.read({"id": 7, "url": "https://a.b/c", "more": 1}, PAGE)
        assert list(found) == ["id", "title", "author", "date", "text", "language", "links"]
        assert (found["id"], found["title"], found["date"], found["language"]) == (7, "The bridge", "2026-03-04", "en")
        slow = articles.read({"id": "slow"}, SLOW)
        assert (slow["id"], slow["text"], slow["links"]) == ("slow", "", [])
        odd = articles.read(
            {"id": None, "url": 3}, f"\ufeff{PAGE}\ud800\0".replace("the bridge before", "Łódź’s bridge before")
        )
        assert "mend Łódź’s bridge" in str(odd["text"])


def test_a_record_without_a_page_is_refused() -> None:
    assert html_of({"html": "x"}) == "x"
    for record in ({}, {"html": 3}):
        with pytest.raises(BadInput):
            html_of(record)
