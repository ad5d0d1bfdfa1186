"""Addresses: what may be a link, one form for identity, no tracking parameters."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.urls import LONGEST_URL, canonical, find_urls, linkable, strip_tracking, strip_tracking_in


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://Example.COM:443/a", "https://example.com/a"),
        ("http://example.com:80", "http://example.com/"),
        ("https://example.com./a#part", "https://example.com/a"),
        ("https://e.com/?utm_source=tg&id=2&fbclid=x&ysclid=y", "https://e.com/?id=2"),
        ("https://e.com/?at_medium=social&at_campaign=x", "https://e.com/"),
        ("https://пример.рф/новость", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("https://b\u00fc\u00adcher.de/", "https://xn--bcher-kva.de/"),
        ("https://\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com/", "https://xn--mgba3gch31f.com/"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://m.e.com/amp/a?source=b&session=c&ref=d", "https://m.e.com/amp/a?source=b&session=c&ref=d"),
    ],
)
def test_spellings_of_one_address_become_one(url: str, same: str) -> None:
    assert canonical(url) == same
    assert canonical(same) == same


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://e.com/",
        "javascript:alert(1)",
        "https://",
        "http://[::1",
        "http://e.com:99999/",
        "http://e.com/" + "a" * LONGEST_URL,
        "http://e\0.com/",
        "http://я\x1b.com/",
        "https://example.com\uff3b出典\uff3d",
    ],
)
def test_what_is_no_web_address_has_no_canonical_form(url: str) -> None:
    assert canonical(url) is None


def test_an_address_that_is_too_long_once_it_is_encoded_has_no_canonical_form() -> None:
    assert canonical("https://example.com/" + "я" * 300) is not None
    assert canonical("https://example.com/" + "я" * 400) is None


def test_an_address_without_a_scheme_becomes_a_link_as_telegram_shows_it() -> None:
    assert linkable("bbc.in/x") == "http://bbc.in/x"
    assert linkable("example.com:8080/x") == "http://example.com:8080/x"
    assert linkable(" https://e.com/a ") == "https://e.com/a"
    assert linkable("tg://resolve?domain=x") == "tg://resolve?domain=x"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "https://e.com/a b", "h" * 5000])
def test_what_does_more_than_open_is_no_link(url: str) -> None:
    assert linkable(url) is None


def test_tracking_goes_and_the_rest_stays_to_the_letter() -> None:
    assert strip_tracking("https://E.com/a?b=%20&utm_medium=x&c#d") == "https://E.com/a?b=%20&c#d"
    assert strip_tracking("https://e.com/?utm_campaign=x") == "https://e.com/"
    assert strip_tracking("https://e.com/a#utm") == "https://e.com/a#utm"


def test_only_addresses_in_a_text_lose_their_tracking() -> None:
    text = "Really? (https://e.com/a?utm_source=tg). And https://e.com/b?id=1, utm_source=x?"
    assert strip_tracking_in(text) == "Really? (https://e.com/a). And https://e.com/b?id=1, utm_source=x?"


def test_the_full_stop_after_an_address_is_not_part_of_it() -> None:
    text = "см. https://ru.wikipedia.org/wiki/Лань_(животное), https://e.com/x… и (https://e.com/y)!"
    assert [text[start:end] for start, end in find_urls(text)] == [
        "https://ru.wikipedia.org/wiki/Лань_(животное)",
        "https://e.com/x",
        "https://e.com/y",
    ]


@given(st.text(alphabet="ab?&=#_utm./:;", max_size=60))
def test_stripping_twice_changes_nothing(tail: str) -> None:
    once = strip_tracking(f"https://e.com/{tail}")
    assert strip_tracking(once) == once


@given(st.text(max_size=200))
def test_any_text_has_a_canonical_form_or_none(text: str) -> None:
    for url in (text, f"https://{text}"):
        form = canonical(url)
        assert form is None or form.isascii()


@pytest.mark.parametrize("piece", ["https://a)", "http://a?b&", "https://" + ")" * 50, "?&="])
def test_a_megabyte_of_addresses_takes_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    strip_tracking_in(text)
    strip_tracking_in(text.replace(" ", "") + "?://")
    assert time.process_time() - started < 3
