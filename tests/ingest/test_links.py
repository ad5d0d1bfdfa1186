"""Which linked pages are worth reading."""

import pytest

from core.model import Link, LinkPreview
from ingest.cleaning.links import MOST, article_links
from tests.posts import a_new_post

PAGE = "https://harbour.example/2025/storm"
BODY = f"The storm has reached Brenta, more here: {PAGE}"


def links(*found: Link, body: str = BODY, text: str | None = None, card: str | None = None) -> tuple[str, ...]:
    preview = LinkPreview(url=card) if card else None
    return article_links(a_new_post(1, body if text is None else text, links=found, preview=preview), body)


def test_a_page_is_named_by_its_canonical_address() -> None:
    assert links(Link(url="HTTP://www.Harbour.example:80/a/?utm_source=tg#top", label="more")) == (
        "http://www.harbour.example/a/",
    )


def test_a_page_that_is_linked_twice_is_read_once() -> None:
    assert links(Link(url=PAGE), Link(url=f"{PAGE}?utm_medium=x", label="storm"), card=f"{PAGE}#a") == (PAGE,)


def test_the_page_of_the_card_comes_first_and_a_round_up_gives_no_more_than_three() -> None:
    many = [Link(url=f"https://harbour.example/{n}", label="more") for n in range(9)]
    found = links(*many, card="https://harbour.example/5")
    assert (found[0], len(found)) == ("https://harbour.example/5", MOST)


def test_links_of_the_signature_are_left_alone() -> None:
    text = f"{BODY}\nSupport us"
    support = Link(url="https://harbour.example/support", label="Support us")
    assert links(Link(url=PAGE), support, text=text) == (PAGE,)


def test_a_card_that_is_drawn_for_the_signature_is_left_alone() -> None:
    text = "Storm over Brenta.\nSupport us"
    support = Link(url="https://harbour.example/support?utm_source=tg", label="Support us")
    assert links(support, body="Storm over Brenta.", text=text, card="https://harbour.example/support") == ()


def test_a_card_whose_link_shows_nowhere_is_what_the_post_is_about() -> None:
    hidden = Link(url=f"{PAGE}?utm_source=tg")
    assert links(hidden, body="Storm over Brenta.", card=PAGE) == (PAGE,)
    assert links(body="Storm over Brenta.", card=PAGE) == (PAGE,)


def test_a_label_of_signs_alone_stands_nowhere() -> None:
    assert links(Link(url=PAGE, label="?"), Link(url=f"{PAGE}/2", label="//")) == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://t.me/harbour_wire/12",
        "https://telegram.org/blog/storm",
        "https://www.youtube.com/watch?v=1",
        "https://m.vk.com/wall-1_2",
        "https://harbour.example",
        "https://harbour.example/plan.PDF",
        "https://harbour.example/storm.mp4?x=1",
        "mailto:desk@harbour.example",
        "?q=%23storm",
        "javascript:alert(1)",
        "https://[",
    ],
)
def test_what_leads_to_no_article_is_not_read(address: str) -> None:
    assert links(Link(url=address, label="more")) == ()


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://telegra.ph/storm-02-18", "https://telegra.ph/storm-02-18"),
        ("https://t.me/iv?url=https%3A%2F%2Fharbour.example%2F2025%2Fstorm&rhash=0123", PAGE),
        ("https://vk.com/away.php?to=https%3A%2F%2Fharbour.example%2F2025%2Fstorm%3Futm_source%3Dvk&cc_key=", PAGE),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fharbour.example%2F2025%2Fstorm&h=AT0", PAGE),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fharbour.example%2F2025%2Fstorm", PAGE),
        ("https://www.google.co.uk/url?q=https%3A%2F%2Fharbour.example%2F2025%2Fstorm", PAGE),
        ("https://www.google.com/amp/s/harbour.example/2025/storm", PAGE),
        ("https://harbour-example.cdn.ampproject.org/c/s/harbour.example/2025/storm", PAGE),
        (f"https://vk.com/away?to=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3D{PAGE}", PAGE),
        ("https://clck.ru/3abc", "https://clck.ru/3abc"),
    ],
)
def test_a_link_in_a_wrapper_is_the_link(address: str, page: str) -> None:
    assert links(Link(url=address, label="more")) == (page,)


@pytest.mark.parametrize(
    "address",
    [
        "https://t.me/iv?url=javascript:alert(1)",
        "https://vk.com/away.php?to=https://t.me/harbour_wire",
        "https://vk.com/away.php",
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2F1",
        "https://l.facebook.com/l.php?" + "a=1&" * 90,
    ],
)
def test_a_wrapper_around_nothing_is_not_read(address: str) -> None:
    assert links(Link(url=address, label="more")) == ()
