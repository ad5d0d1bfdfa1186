"""Landing pages: what a name is. (Field by field in test_preview, over the pairs of pages.)"""

import pytest

from core.errors import BadInput
from core.model import PlaceKind
from ingest.preview.landing import read_landing
from tests.ingest.golden import PAGES


def page(title: str = "", extra: str = "", action: str = "") -> str:
    parts = {"title": title, "extra": extra, "action": action}
    body = "".join(f'<div class="tgme_page_{name}">{text}</div>' for name, text in parts.items() if text)
    return f'<html><body><div class="tgme_page"><div class="tgme_page_icon"></div>{body}</div></body></html>'


@pytest.mark.parametrize(
    ("name", "handle"),
    [("channel", "harbour_news"), ("missing", "nobody_has_this"), ("invite", "+AbCdEf123_-x")],
)
def test_a_landing_page_names_its_place(name: str, handle: str) -> None:
    assert read_landing((PAGES / "landing" / f"{name}.html").read_bytes()).name == handle


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        pytest.param(page("X", "Many subscribers", "View in Telegram"), PlaceKind.CHANNEL, id="many subscribers"),
        pytest.param(page("X", "", "Join Channel"), PlaceKind.CHANNEL, id="by its button"),
        pytest.param(page("X", "3 members, 1 online"), PlaceKind.GROUP, id="members"),
        pytest.param(page("X", "@BotFather"), PlaceKind.BOT, id="the first of bots"),
        pytest.param(page("X", "@xbot"), PlaceKind.BOT, id="a handle that ends in bot"),
        pytest.param(page("X", "@x_person"), PlaceKind.PERSON, id="another handle"),
        pytest.param(page("X", "", "Hello"), PlaceKind.UNKNOWN, id="a form we do not know"),
        pytest.param(page(), PlaceKind.MISSING, id="no title"),
        pytest.param("<html><body>404</body></html>", PlaceKind.UNKNOWN, id="no landing page"),
    ],
)
def test_the_kind_follows_from_what_is_shown(source: str, kind: PlaceKind) -> None:
    assert read_landing(source).kind is kind


@pytest.mark.parametrize("source", [b"", b"\0\1\2", b"<!doctype html><html><body>cut", "<p>" * 3 + "<div>" * 9000])
def test_what_is_no_whole_page_is_refused(source: bytes | str) -> None:
    with pytest.raises(BadInput):
        read_landing(source)
