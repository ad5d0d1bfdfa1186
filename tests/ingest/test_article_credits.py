import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from ingest.articles.credits import authors_of, title_of

URL = "https://www.northern-post.example/news/1"


def a_page(data: object = None, body: str = "") -> HtmlElement:
    script = data if isinstance(data, str) else json.dumps(data)
    return html.document_fromstring(
        f'<html><head><script type="application/ld+json">{script}</script></head><body>{body}<p>x</p></body></html>'
    )


@pytest.mark.parametrize(
    ("told", "site", "expected"),
    [
        ("Night trains return | Northern Post", "Northern Post", "Night trains return"),
        ("Night trains return - northern post", None, "Night trains return"),
        ("Night trains return – to the coast", "Northern Post", "Night trains return – to the coast"),
        ("Northern Post", "Northern Post", "Northern Post"),
        (None, "Northern Post", None),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(told: str | None, site: str | None, expected: str | None) -> None:
    assert title_of(a_page(), told, site, URL) == expected


def test_the_headline_of_the_page_is_its_title_where_both_say_the_same() -> None:
    body = "<h1>Northern Post</h1><h1>Night trains <!-- soon --> return to the <i>coast line</i></h1>"
    told = "Night trains return to the coast | Northern Post"
    assert title_of(a_page(body=body), told, "Northern Post", URL) == "Night trains return to the coast line"
    assert (
        title_of(a_page(body="<h1>Search results</h1>"), told, "Northern Post", URL)
        == "Night trains return to the coast"
    )


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "Ada Brisk"}, "Ada Brisk"),
        ([{"name": "Ada Brisk"}, {"name": "Jonas Pell"}, {"name": "ada brisk"}], "Ada Brisk; Jonas Pell"),
        ("Ada Brisk, Jonas Pell and Lena O&#39;Hara", "Ada Brisk; Jonas Pell; Lena O'Hara"),
        ([{"name": "Northern Post"}, {"name": "Ada Brisk"}, {"url": "https://x.example"}], "Ada Brisk"),
        ({"name": "Northern Post"}, "Northern Post"),
        ("https://www.northern-post.example", "Told By"),
        ([7, None, {"name": ["Ada"]}], "Told By"),
        (None, "Told By"),
    ],
)
def test_authors_are_the_persons_that_the_page_names(author: object, expected: str) -> None:
    article = {"@graph": [{"@type": "WebPage", "author": "Not This"}, {"@type": ["NewsArticle"], "author": author}]}
    told = "Northern Post; Told By; www.northern-post.example"
    assert authors_of(a_page(article), told, "Northern Post", URL) == expected


@pytest.mark.parametrize("script", ["", "{", "[" * 50_000, '{"@type": {"@type": 1}, "author": []}', "null"])
def test_broken_data_names_nobody(script: str) -> None:
    assert authors_of(a_page(script), None, None, "http://[broken") is None
    assert authors_of(a_page(script), "Ada Brisk", None, "") == "Ada Brisk"


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=30))
def test_any_title_leaves_a_title(told: str, site: str, url: str) -> None:
    assert title_of(a_page(), told + "x", site, url)
