"""The HTML page."""

import re
from dataclasses import replace

from hypothesis import given, settings
from lxml import etree

from digest.model import Digest
from digest.render import page
from tests.digest.render_samples import SAMPLE, TALKS, digests

TAGS = set(
    """html head meta title style body main header footer h1 h2 h3 p article span a details summary ul li time b table
    tbody tr td""".split()
)


def test_a_page_is_complete_and_needs_nothing_else() -> None:
    shown = page.render(SAMPLE)
    assert shown.startswith('<!doctype html>\n<html lang="en">')
    assert "<h1>World affairs · Tuesday, 18 February</h1>" in shown
    assert (
        '<h3>2. Inspectors reach the port<span class="rest">, and two ships were cleared at noon.</span> '
        '<span class="marks"><a rel="noopener noreferrer" title="Harbour" href="https://t.me/harbour/5">[4]</a></span></h3>'
    ) in shown
    assert not re.search(r"<script|<img|<link|url\(", shown)


@settings(max_examples=15)
@given(digests())
def test_whatever_the_posts_say_the_markup_is_ours(digest: Digest) -> None:
    tree = etree.fromstring(page.render(digest), etree.HTMLParser())
    assert tree is not None
    assert {str(element.tag) for element in tree.iter()} <= TAGS
    assert len(tree.findall(".//article")) == len(digest.stories)
    for anchor in tree.iter("a"):
        assert {"rel", "href"} <= set(anchor.keys()) <= {"rel", "href", "title"}
        assert str(anchor.get("href")).startswith(("http://", "https://"))


def test_words_of_another_language_than_the_pages_say_which() -> None:
    russian = replace(TALKS.summary[0], text="Президенты говорили по телефону.")
    posts = tuple(replace(post, language="ru") for post in TALKS.posts)
    mixed = replace(TALKS, summary=(russian, TALKS.summary[1]), posts=posts)  # the second in a model's words

    shown = page.render(replace(SAMPLE, stories=(mixed,)))

    assert '<span lang="ru">Президенты говорили по телефону.</span>' in shown
    assert "<p>" + '<span lang="ru">' in shown
    assert " The rouble rose 5 % after the call. " in shown
    assert 'lang="ru"' not in page.render(replace(SAMPLE, stories=(mixed,), language="ru")).split("<body>")[1]
