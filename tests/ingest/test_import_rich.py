"""Rich messages and formatted polls of Telegram Desktop's exports, in the words that an account would read of them."""

import tracemalloc
from typing import Any

import pytest

from core.model import Link, Media, Poll
from ingest.exports.rich import read_rich
from tests.ingest.files import a_message, an_export, read


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain", "text": text}


def block(of: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"type": of, **({"text": plain(text)} if text else {}), **more}


def rich(*blocks: Any) -> Any:
    ((post,), _) = read(an_export(a_message(text="", rich_message={"rtl": False, "part": False, "blocks": [*blocks]})))
    return post


def test_the_words_of_a_rich_message_are_read_and_where_they_lead() -> None:
    pieces = [
        plain("Read "),
        {"type": "text_link", "href": "https://a.example/x", "text": {"type": "bold", "text": plain("the report")}},
        {"type": "concat", "text": [plain(" or ask "), {"type": "mention", "text": plain("@harbour")}]},
        {"type": "button", "text": plain("More"), "button": {"type": "url", "url": "https://a.example/more"}},
    ]
    post = rich(
        block("heading", "Storm", level=1),
        {"type": "paragraph", "text": {"type": "concat", "text": pieces}},
        block("divider"),
    )
    assert post.text == "Storm\n\nRead the report or ask @harbour"
    assert post.links == (
        Link(url="https://a.example/x", label="the report"),
        Link(url="https://t.me/harbour", label="@harbour"),
    )
    assert post.buttons == (Link(url="https://a.example/more", label="More"),)
    assert not post.unsupported


CAPTION = {"text": plain("The pier"), "credit": plain("Ann")}
ITEMS = [{"task_state": "none", "content": "text", "text": plain(word)} for word in ("one", "two")]
TASKS = [{"task_state": state, "text": plain(state)} for state in ("checked", "unchecked")]
WITHIN = [{"task_state": "none", "content": "blocks", "blocks": [block("paragraph", "a"), block("paragraph", "b")]}]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (block("photo", caption=CAPTION), "The pier\nAnn"),
        (block("list", kind="bullet", items=ITEMS), "• one\n• two"),
        (block("list", kind="ordered", reversed=True, items=ITEMS), "2. one\n1. two"),
        (block("list", kind="bullet", items=TASKS), "☑ checked\n☐ unchecked"),
        (block("list", kind="ordered", start=7, items=WITHIN), "7. a\n  b"),
        (
            block("table", title=plain("Tides"), rows=[{"cells": [block("", "6:10"), block("", "high")]}]),
            "Tides\n6:10 | high",
        ),
        (block("details", title=plain("More"), blocks=[block("paragraph", "words")]), "More\nwords"),
        (block("quote", "said", content="text", caption=plain("Ann")), "said\nAnn"),
        (block("quote", content="blocks", blocks=[block("paragraph", "said")]), "said"),
        (block("author_date", author=plain("Ann"), date_unixtime="1795168800"), "Ann, 2026-11-20"),
        (block("math", formula="a+b"), "a+b"),
        (block("cover", block=block("photo", caption=CAPTION)), "The pier\nAnn"),
        (block("map", geo={"latitude": 59.91273, "longitude": 10.74609}, caption=None), "📍 59.9127, 10.7461"),
        (
            block("embed_post", author="Ann", url="https://a.example", blocks=[block("paragraph", "words")]),
            "Ann\nwords",
        ),
        (block("audio", title="Song", caption=CAPTION), "The pier\nAnn"),
        (block("related_articles", title=plain("More")), ""),
        (
            block("button_row", buttons=[{"text": plain("Go"), "button": {"type": "url", "url": "https://a.example"}}]),
            "",
        ),
        ("no block", ""),
        ({"type": ["paragraph"], "text": 5}, ""),
    ],
)
def test_each_kind_of_block_is_read(given: Any, text: str) -> None:
    assert rich(given).text == text


def test_pictures_films_and_files_of_a_rich_message_are_counted_and_what_is_unknown_is_told() -> None:
    post = rich(block("photo"), block("video"), block("file", file_name="plan.pdf"), block("something new"))
    assert post.media == Media(photos=1, videos=1, documents=("plan.pdf",))
    assert post.unsupported


def test_a_rich_message_that_is_nested_without_end_is_read_to_some_depth() -> None:
    deep: dict[str, Any] = block("paragraph", "words")
    for _ in range(90):
        deep = block("details", blocks=[deep])
    assert rich(deep, block("paragraph", "The end")).text == "The end"


def test_buttons_without_end_and_long_names_are_read_to_some_number_and_length() -> None:
    go = [
        {"text": plain("x" * 2000 if number == 0 else "x"), "button": {"url": f"https://a.example/{number}"}}
        for number in range(30_000)
    ]
    post = rich(block("file", file_name="x" * 5000), block("button_row", buttons=go))
    assert [len(name) for name in post.media.documents] == [1024]
    assert 1000 < len(post.buttons) < 20_000
    assert len(post.buttons[0].label) == 1024


def test_lines_without_end_in_lists_without_end_fill_no_memory() -> None:
    deep = block("paragraph", "\n" + "x\n" * 1_000_000)
    for _ in range(30):
        deep = block("list", kind="bullet", items=[{"blocks": [deep]}])
    tracemalloc.start()
    try:
        text, _ = read_rich({"blocks": [deep]})
        assert tracemalloc.get_traced_memory()[1] < 60_000_000, "not sixty signs before each line"
    finally:
        tracemalloc.stop()
    assert len(text) == 100_000


def test_a_poll_whose_lines_come_in_parts_is_read_whole() -> None:
    parts = ["Who ", {"type": "custom_emoji", "text": "🙂", "document_id": "1"}, "?"]
    poll = {"question": parts, "answers": [{"text": parts, "voters": 2}, {"text": "I", "voters": 0}]}
    ((post,), _) = read(an_export(a_message(poll=poll)))
    assert post.poll == Poll(question="Who 🙂?", type="Poll", options=("Who 🙂?", "I"), votes=(2, 0))
