"""Preview pages: every field of every page, and what a hostile page can do."""

import json
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.data import DATA
from core.errors import BadInput
from core.model import About, Link, NewPost
from ingest.markup import MAX_PAGE
from ingest.preview.message import split_post_address
from ingest.preview.page import PageKind, read_preview
from tests.ingest.golden import PAGES, differences, post_values

FEATURES = (PAGES / "preview" / "features.html").read_bytes()
FRAGMENT = (PAGES / "preview" / "fragment.html").read_bytes()

# Values of the saved pages that are not what the page shows.
EXCEPTIONS = {
    "antichristone.html messages": "its last post lost its data-post, but its date links to 521",
}


def post(message_id: int) -> NewPost:
    return next(post for post in read_preview(FEATURES).posts if post.message_id == message_id)


def message(body: str, attributes: str = 'data-post="harbour_news/1"') -> str:
    return (
        f'<div class="tgme_widget_message" {attributes}><div class="tgme_widget_message_bubble">{body}'
        '<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="https://t.me/harbour_news/1">'
        '<time datetime="2026-01-01T00:00:00+00:00"></time></a></span></div></div>'
    )


def words(text: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text">{text}</div>'


def test_every_field_of_our_pages_comes_out_as_written_down() -> None:
    _, asked, wrong = differences(PAGES)
    assert wrong == []
    assert asked["text"] >= 20


@pytest.mark.skipif(not (DATA / "telegram_html").is_dir(), reason="no saved pages: set COURANT_DATA to their folder")
def test_every_field_of_the_saved_pages_comes_out_as_expected() -> None:
    _, asked, wrong = differences(DATA / "telegram_html")
    assert [line for line in wrong if not line.startswith(tuple(EXCEPTIONS))] == []
    assert len(wrong) == len(EXCEPTIONS)
    assert asked["text"] >= 146


def test_an_album_names_the_messages_behind_the_first() -> None:
    assert post(106).album_ids == (107, 108)
    assert post(114).album_ids == (115,)
    assert post(104).album_ids == ()


def test_a_link_keeps_its_label_unless_the_address_stands_bare() -> None:
    assert post(110).links == (Link(url="https://example.org/a"),)
    assert Link(url="https://example.org/bridge?a=1&b=2", label="Details") in post(101).links
    assert Link(url="https://example.org/hidden") in post(101).links


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            (
                '<a class="tgme_widget_message_location_wrap" href="https://maps.google.com/maps?q=59.91273,10.74609&z=16">'
                '<div class="tgme_widget_message_location"></div></a>'
            ),
            "Here\n\n📍 59.9127, 10.7461",
        ),
        (
            (
                '<a class="tgme_widget_message_location_wrap" href="https://foursquare.com/v/1">'
                '<div class="tgme_widget_message_location_info">'
                '<div class="tgme_widget_message_location_title">Park</div>'
                '<div class="tgme_widget_message_location_address">1st St</div></div></a>'
            ),
            "Here\n\nPark\n1st St",
        ),
        (
            (
                '<div class="tgme_widget_message_contact_wrap">'
                '<div class="tgme_widget_message_contact_name">Ann Lee</div>'
                '<div class="tgme_widget_message_contact_phone">+47 11 22</div></div>'
            ),
            "Here\n\nAnn Lee\n+471122",
        ),
        ('<a class="tgme_widget_message_location_wrap" href="https://maps.google.com/?q=200,1"></a>', "Here"),
    ],
    ids=["a point", "a venue", "a contact", "a point that is none"],
)
def test_a_place_and_a_contact_are_told_as_an_account_tells_them(body: str, text: str) -> None:
    (found,) = read_preview(message(words("Here") + body)).posts
    assert found.text == text


@pytest.mark.parametrize(
    ("film", "files"),
    [
        ('<video src="https://cdn4.telesco.pe/file/9d0690d9ce.mp4?token=a_B-1"></video>', ("film 9d0690d9ce",)),
        ('<video src="https://cdn4.telesco.pe/file/9d0690d9ce.mp4" muted autoplay loop></video>', ()),
        ('<video src="https://cdn4.telesco.pe/file/opening-of-the-bridge.mp4"></video>', ()),
        ('<div class="message_media_not_supported_label">Media is too big</div>', ()),
        (
            (
                '<video src="https://cdn4.telesco.pe/file/9d0690d9ce.mp4" loop></video>'
                '<div><video src="https://cdn4.telesco.pe/file/9d0690d9ce.mp4"></video></div>'
            ),
            ("film 9d0690d9ce",),
        ),
        ('<video src="https://cdn4.telesco.pe/file/9d0690d9ce.mp4"></video>' * 2, ("film 9d0690d9ce",)),
    ],
    ids=["a film", "plays by itself", "no name of theirs", "not shown", "with what is blurred behind", "shown twice"],
)
def test_a_film_is_known_by_the_name_that_it_bears_in_every_channel(film: str, files: tuple[str, ...]) -> None:
    wrapped = f'<a class="tgme_widget_message_video_player" href="https://t.me/c/5">{film}</a>'
    (found,) = read_preview(message(words("Look") + wrapped)).posts
    assert (found.media.videos, found.files) == (1, files)


@pytest.mark.parametrize(
    ("viewed", "number"),
    [
        (b64encode(b'{"c":-1043793945,"p":16399}').decode().rstrip("="), 1_043_793_945),
        (b64encode(b'{"c":-1}').decode(), None),
        (b64encode(b'{"c":"x"}').decode(), None),
        (b64encode(b"[]").decode(), None),
        ("no base64 \u20ac", None),
        ("", None),
    ],
    ids=["a number", "one that no channel has", "no number", "no object", "no base64", "nothing"],
)
def test_a_page_tells_the_number_of_its_channel(viewed: str, number: int | None) -> None:
    page = read_preview(message(words("Hi"), f'data-post="harbour_news/1" data-view="{viewed}"'))
    assert page.about == About(telegram_id=number)


def test_a_page_tells_where_to_read_on() -> None:
    assert read_preview(FEATURES).older_before == 101
    assert read_preview((PAGES / "preview" / "middle.html").read_bytes()).older_before == 101


def test_posts_under_an_older_name_keep_it() -> None:
    page = read_preview(FEATURES)
    assert page.channel == "harbour_news"
    assert {post.channel for post in page.posts} == {"harbour_news", "old_harbour"}


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        pytest.param(FEATURES, PageKind.PREVIEW, id="a preview"),
        pytest.param((PAGES / "preview" / "empty_channel.html").read_bytes(), PageKind.PREVIEW, id="an empty channel"),
        pytest.param(FRAGMENT, PageKind.FRAGMENT, id="bare messages"),
        pytest.param((PAGES / "landing" / "missing.html").read_bytes(), PageKind.LANDING, id="a landing page"),
        pytest.param(b"<html><body><p>Hello</p></body></html>", PageKind.OTHER, id="another page"),
        pytest.param("no markup at all", PageKind.OTHER, id="plain text"),
        pytest.param("<!-- -->", PageKind.OTHER, id="a comment"),
    ],
)
def test_a_page_says_what_it_is(page: bytes | str, kind: PageKind) -> None:
    assert read_preview(page).kind is kind


def test_text_and_bytes_in_any_unicode_read_the_same() -> None:
    page = read_preview(FEATURES)
    assert read_preview(FEATURES.decode()) == page
    assert read_preview(b"\xef\xbb\xbf" + FEATURES) == page
    assert read_preview(FEATURES.decode().encode("utf-16")) == page


def test_a_page_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        read_preview(FRAGMENT).channel = "x"  # type: ignore[misc] # the types say so too


@pytest.mark.parametrize(
    ("page", "says"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(" \n\t", "empty", id="blank"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", id="binary"),
        pytest.param(FEATURES[: len(FEATURES) // 2], "cut off", id="truncated"),
        pytest.param(b"<html>" + b" " * (50 * 1024 * 1024), "50 MB", id="50 MB"),
        pytest.param("<div>" * 10_000 + "x" + "</div>" * 10_000, "nested too deeply", id="nested 10,000 deep"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_in_one_sentence(page: bytes | str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        read_preview(page, "saved/x.html")
    assert str(caught.value).startswith("saved/x.html: ")
    assert "\n" not in str(caught.value)


def test_a_page_may_go_on_behind_its_end() -> None:
    assert read_preview(FEATURES + b"<!-- saved -->" * 100).posts == read_preview(FEATURES).posts


def test_a_message_cut_off_within_a_fragment_has_no_date_and_cannot_be_stored() -> None:
    cut = FRAGMENT[: FRAGMENT.rindex(b"tgme_widget_message_poll_option_text")]
    posts = read_preview(cut).posts
    assert [(post.message_id, post.date is None) for post in posts] == [(104, False), (109, True)]


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("harbour_news/12", ("harbour_news", 12)),
        ("c/1234567/12", ("c/1234567", 12)),
        ("https://t.me/s/harbour_news/12?single", ("harbour_news", 12)),
        ("harbour_news", ("harbour_news", None)),
        ("harbour_news/99999999999", ("", None)),
        ("harbour_news/0", ("harbour_news", None)),
        ("../../etc/passwd", ("", None)),
        ("a'; DROP TABLE posts; --/1", ("", None)),
        ("", ("", None)),
        (None, ("", None)),
    ],
)
def test_only_a_real_name_and_number_make_a_post_address(
    attribute: str | None, expected: tuple[str, int | None]
) -> None:
    assert split_post_address(attribute) == expected


def test_a_message_without_an_id_is_shown_without_one() -> None:
    page = message(words("x"), "").replace("https://t.me/harbour_news/1", "#")
    assert [(post.channel, post.message_id, post.text) for post in read_preview(page).posts] == [("", None, "x")]


def test_hrefs_that_are_no_addresses_harm_nothing() -> None:
    text = words('<a href="http://[bad">one</a> <a href="javascript:alert(1)">two</a> <a href="">three</a> <a>four</a>')
    [read] = read_preview(message(text)).posts
    assert read.text == "one two three four"
    assert [link.url for link in read.links] == ["http://[bad"]


def test_scripts_broken_entities_and_overrides_in_a_post_are_text_or_nothing() -> None:
    [read] = read_preview(message(words("a<script>alert(1)</script> &bogus; &#x110000; &lt;b&gt; \u202eevil"))).posts
    assert "alert" not in read.text
    assert read.text.startswith("a &bogus; ")
    assert read.text.endswith("<b> \u202eevil")


def test_a_message_within_a_message_is_not_read_twice() -> None:
    nested = message(words("outer") + message(words("inner")))
    assert len(read_preview(nested).posts) == 1


def test_a_post_of_a_million_characters_is_read_in_linear_time() -> None:
    started = time.process_time()
    [read] = read_preview(message(words("слово <b> </b>" * 150_000))).posts
    assert len(read.text) == 150_000 * 6 - 1
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    "piece", ["<svg", "<svg></svg>", "<div data-post='a/1'>", "<a href=x>", "<div class='tgme_page'>"]
)
def test_a_page_of_one_piece_repeated_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    with suppress(BadInput):
        read_preview(piece * (2_000_000 // len(piece)))
    assert time.process_time() - started < 10


def test_films_in_players_within_players_are_not_told_once_for_each_of_them() -> None:
    players = '<div class="tgme_widget_message_video_player">' * 100
    films = '<video src="/file/9d0690d9ce.mp4"></video>' * 100
    album = f'<div class="tgme_widget_message_grouped_wrap">{players}{films}{"</div>" * 101}'
    [read] = read_preview(message(album)).posts
    assert 0 < len(read.files) <= 100


def test_the_largest_page_that_is_taken_is_within_the_limit() -> None:
    with pytest.raises(BadInput, match="more than a page may have"):
        read_preview(" " * (MAX_PAGE + 1))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_input_gives_a_page_or_one_clear_error(source: bytes | str) -> None:
    with suppress(BadInput):
        assert read_preview(source).posts == ()


@settings(max_examples=80)
@given(st.integers(0, len(FRAGMENT)))
def test_every_prefix_of_a_fragment_is_read_without_a_crash(length: int) -> None:
    try:
        posts = read_preview(FRAGMENT[:length]).posts
    except BadInput:
        posts = ()
    assert len(posts) <= 2


@given(st.integers(1, len(FEATURES)), st.binary(max_size=40))
def test_a_page_with_a_piece_replaced_is_read_without_a_crash(at: int, junk: bytes) -> None:
    try:
        page = read_preview(FEATURES[:at] + junk + FEATURES[at + len(junk) :])
    except BadInput:
        return
    assert len(page.posts) <= 25
    json.dumps([post_values(post) for post in page.posts])


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<br>", "<pre>", "</pre>", "<blockquote>", "</div>", "x", " ", "&amp;", "<li>"])
    )
)
def test_text_never_has_more_than_one_empty_line_nor_outer_blanks(pieces: list[str]) -> None:
    for read in read_preview(message(words("".join(pieces)))).posts:
        assert read.text == read.text.strip("\n")
        assert "\n\n\n" not in read.text
