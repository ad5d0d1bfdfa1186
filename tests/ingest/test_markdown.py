"""Telegram's Markdown comes out as visible text and links; pairs of what is written and what is seen."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Link
from ingest.exports.markdown import from_markdown


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("**bold** __italic__ ~~gone~~ ||hidden||", "bold italic gone hidden"),
        ("__Читать без VPN: ____bit.ly/x__", "Читать без VPN: bit.ly/x"),
        ("**a\n\n**b", "a\n\nb"),
        ("2 ** 3 is a lone mark", "2 ** 3 is a lone mark"),
        ("х**вы и snake__case", "х**вы и snake__case"),
        ("`**code**` and ```\na __b__ [c](https://e.com)\n```", "**code** and \na __b__ [c](https://e.com)\n"),
        ("call obj.__init__ or __init__(self)", "call obj.__init__ or __init__(self)"),
        ("[a] (b) ] [ ](c)", "[a] (b) ] [ ](c)"),
        ("func Load[Data any](path string)", "func Load[Data any](path string)"),
        ("¯\\_(ツ)_/¯", "¯\\_(ツ)_/¯"),
        ("https://e.com/a__b__c **x**", "https://e.com/a__b__c x"),
        ("__https://e.com/a__", "https://e.com/a"),
    ],
)
def test_what_is_written_is_seen_without_its_marks(written: str, seen: str) -> None:
    assert from_markdown(written)[0] == seen


def test_links_keep_their_address_and_their_visible_text() -> None:
    text, links = from_markdown(
        "[Ведущий [МТС Авто]](https://e.com/a_(b)) **[жирно](https://e.com/c)** https://e.com/d. [\u200b](https://e.com/e)"
    )
    assert text == "Ведущий [МТС Авто] жирно https://e.com/d. \u200b"
    assert links == (
        Link(url="https://e.com/a_(b)", label="Ведущий [МТС Авто]"),
        Link(url="https://e.com/c", label="жирно"),
        Link(url="https://e.com/d"),
        Link(url="https://e.com/e", label="\u200b"),
    )


def test_marks_inside_a_label_are_not_seen() -> None:
    assert from_markdown("[**a** __b__](https://e.com/)") == ("a b", (Link(url="https://e.com/", label="a b"),))


@given(st.text(alphabet="ab *_~|`[]()hts:/.\n"))
def test_nothing_is_seen_that_was_not_written(written: str) -> None:
    seen = iter(from_markdown(written)[0])
    at = next(seen, None)
    for sign in written:
        if sign == at:
            at = next(seen, None)
    assert at is None


@given(st.text(alphabet="abc декл 123,.!?\n"))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    assert from_markdown(text) == (text, ())


@pytest.mark.parametrize(
    "piece",
    ["[a", "](http://a", "**__~~", "`", "``a", "```a", "[](http://a)", "](http://a(b)", "https://a_", "[[](http://a)"],
)
def test_hostile_marks_take_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    from_markdown(text)
    assert time.process_time() - started < 10


def test_real_posts_lose_their_marks(data: Path) -> None:
    path = sorted((data / "telegram_posts/nktkln/raw").glob("*.json.gz"))[2]
    posts = json.loads(gzip.decompress(path.read_bytes()))
    marked = [post["text"] for post in posts if "**" in from_markdown(post["text"])[0]]
    assert len(marked) <= len(posts) // 100
