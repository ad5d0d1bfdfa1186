"""HTML -> visible text and links."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.model import Link
from ingest.markup import MAX_LINKS, MAX_POST, read_count, read_html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("plain text", "plain text", id="plain"),
        pytest.param("a<br>b<br/><br/><br/><br/>c", "a\nb\n\nc", id="line breaks, at most one empty line"),
        pytest.param("one\n  two\tthree&nbsp;four", "one two three four", id="blanks collapse"),
        pytest.param("a \u200bb\ufeff &#8203;c", "a b c", id="zero-width characters go"),
        pytest.param("<b>bold <i>and</i></b> <u>more</u>", "bold and more", id="inline tags vanish"),
        pytest.param('<i class="emoji"><b>😁</b></i>!', "😁!", id="emoji"),
        pytest.param('<tg-emoji emoji-id="1"><i class="emoji"><b>🔥</b></i></tg-emoji>', "🔥", id="custom emoji"),
        pytest.param("a<div>b</div>c", "a\nb\nc", id="inner block"),
        pytest.param("<div>a</div><div>b</div>", "a\nb", id="two blocks"),
        pytest.param("a<br><blockquote>b</blockquote>c", "a\nb\nc", id="break before a quotation"),
        pytest.param("a<blockquote>b</blockquote><br>c", "a\nb\n\nc", id="break after a quotation"),
        pytest.param("x<pre>\n  if a:\n\tb()</pre>y", "x\n  if a:\n    b()\ny", id="code keeps its blanks"),
        pytest.param("<p>a</p><p>b</p>", "a\n\nb", id="paragraphs"),
        pytest.param("<h2>Title</h2>text", "Title\n\ntext", id="heading"),
        pytest.param("<ul><li>one<li>two</ul>end", "• one\n• two\n\nend", id="bullets"),
        pytest.param("<ol><li>one<ul><li>in</ul><li>two</ol>", "1. one\n  • in\n2. two", id="numbers, nested"),
        pytest.param("<li>stray", "• stray", id="item without a list"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc", id="table"),
        pytest.param("a<script>evil()</script><style>x{}</style>b", "ab", id="scripts and styles are not text"),
        pytest.param("<b>unclosed <i>text", "unclosed text", id="unclosed"),
        pytest.param("&lt;b&gt; &amp; &bogus; &", "<b> & &bogus; &", id="entities"),
        pytest.param("a\0b\x07c", "abc", id="control characters"),
        pytest.param("", "", id="empty"),
        pytest.param("<!-- nothing -->", "", id="comment"),
    ],
)
def test_html_reads_as_a_browser_shows_it(source: str, text: str) -> None:
    assert read_html(source).text == text


@pytest.mark.parametrize(
    ("source", "links"),
    [
        pytest.param('<a href="https://a.org/">a.org</a>', (Link(url="https://a.org/"),), id="bare address"),
        pytest.param(
            '<a href="https://a.org">a <b>page</b></a>', (Link(url="https://a.org", label="a page"),), id="label"
        ),
        pytest.param('<a href="https://a.org">\u200b</a>x', (Link(url="https://a.org"),), id="hidden"),
        pytest.param(
            '<a href="b"></a><a href="a">1</a><a href="b">2</a>',
            (Link(url="b", label="2"), Link(url="a", label="1")),
            id="each once, in order",
        ),
        pytest.param('<a href=" javascript:x()">1</a><a href="DATA:x">2</a><a>3</a>', (), id="nothing that runs"),
        pytest.param('<a href="?q=%23tag">#tag</a>', (Link(url="?q=%23tag", label="#tag"),), id="hashtag"),
    ],
)
def test_links_come_in_order_with_their_labels(source: str, links: tuple[Link, ...]) -> None:
    assert read_html(source).links == links


def test_links_are_bounded() -> None:
    assert len(read_html("".join(f'<a href="/{n}">x</a>' for n in range(MAX_LINKS + 10))).links) == MAX_LINKS
    assert read_html(f'<a href="/{"x" * 5000}">x</a>').links == ()


def test_html_nested_ten_thousand_deep_keeps_its_text() -> None:
    deep = "<div>" * 10_000 + "the <b>core</b> &amp; more<script>evil()</script>" + "</div>" * 10_000
    assert read_html(deep).text == "the core & more"


def test_html_nested_a_thousand_deep_is_read_whole() -> None:
    read = read_html("<div>" * 1000 + '<a href="https://a.org">x</a>' + "</div>" * 1000)
    assert (read.text, read.links) == ("x", (Link(url="https://a.org", label="x"),))


def test_html_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadInput, match="more than a post can have"):
        read_html("x" * (MAX_POST + 1), "line 7")


def test_html_of_a_post_with_a_tag_of_thousands_of_attributes_is_refused() -> None:
    names = " ".join(f"a{number}" for number in range(8000))
    with pytest.raises(BadInput, match="thousands of attributes"):
        read_html(f"<p {names}>Ships left.</p>", "line 7")
    assert read_html(f"<p {names[:5000]}>Ships left.</p>{'<b>x</b>' * 5000}").text.startswith("Ships left.")


@pytest.mark.parametrize(
    "piece", ["<b> </b>", "<a href=x>", "<", "<!--", "<script>", "<pre>", "<ul><li>", "&", "\n ", "<div><"]
)
def test_one_piece_repeated_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    read_html(piece * (500_000 // len(piece)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("28.0K", 28_000),
        ("1.25M", 1_250_000),
        ("2B", 2_000_000_000),
        ("82 932 subscribers", 82_932),
        ("82\xa0932", 82_932),
        ("1,204", 1_204),
        ("0 subscribers", 0),
        ("5 Members", 5),
        ("Many subscribers", None),
        ("1.2.3", None),
        ("9" * 40, None),
        ("", None),
        (None, None),
    ],
)
def test_counts_are_read_as_telegram_writes_them(text: str | None, count: int | None) -> None:
    assert read_count(text) == count


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("<>/abpreuli &;#\n\t\"'=x\u200b\x00"), max_size=200))
def test_any_string_gives_a_tidy_text(source: str) -> None:
    text = read_html(source).text
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "\u200b" not in text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=80))
def test_text_without_markup_keeps_its_words(source: str) -> None:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;")
    assert read_html(f"<b>{escaped}</b>").text.split() == source.replace("\u200b", "").replace("\ufeff", "").split()
