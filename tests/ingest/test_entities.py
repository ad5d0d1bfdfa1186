"""Entities: UTF-16 offsets and Desktop's parts come out as visible text and links."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Link
from ingest.entities import MOST_ENTITIES, from_entities, from_parts, sliced


@dataclass
class MessageEntityTextUrl:
    """Shaped like Telethon's."""

    offset: int
    length: int
    url: str


def test_offsets_count_utf16_units() -> None:
    text = "🔥👨‍👩‍👧 Читать: bbc.in/x и @bbcnews"
    at = len(text[: text.index("bbc.in")].encode("utf-16-le")) // 2
    mention = len(text[: text.index("@")].encode("utf-16-le")) // 2
    entities = [
        {"_": "messageEntityUrl", "offset": at, "length": 8},
        {"type": "mention", "offset": mention, "length": 8},
    ]
    assert from_entities(text, entities) == (
        text,
        (Link(url="http://bbc.in/x", label="bbc.in/x"), Link(url="https://t.me/bbcnews", label="@bbcnews")),
    )


def test_a_hidden_link_keeps_its_address_and_the_text_that_carries_it() -> None:
    link = (Link(url="https://e.com/a", label="источник"),)
    for entity in (
        {"type": "text_link", "offset": 4, "length": 8, "url": "https://e.com/a"},
        {"_": "messageEntityTextUrl", "offset": 4, "length": 8, "url": "https://e.com/a"},
        MessageEntityTextUrl(4, 8, "https://e.com/a"),
    ):
        assert from_entities("Наш источник сообщил", [entity]) == ("Наш источник сообщил", link)


def test_a_bare_address_has_no_label_and_a_mail_address_becomes_a_link() -> None:
    text = "https://e.com/a b@e.com"
    entities = [{"type": "url", "offset": 0, "length": 15}, {"type": "email", "offset": 16, "length": 7}]
    assert from_entities(text, entities)[1] == (
        Link(url="https://e.com/a"),
        Link(url="mailto:b@e.com", label="b@e.com"),
    )


def test_formatting_and_hashtags_are_no_links() -> None:
    kinds = ("bold", "blockquote", "pre", "custom_emoji", "hashtag", "spoiler", "whatever_comes_next")
    assert from_entities("#tag text", [{"type": kind, "offset": 0, "length": 4} for kind in kinds])[1] == ()


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "url", "offset": -1, "length": 4},
        {"type": "url", "offset": 0, "length": 0},
        {"type": "url", "offset": 99, "length": 4},
        {"type": "url", "offset": "0", "length": None},
        {"type": "text_link", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"},
        {"type": "mention", "offset": 0, "length": 4},
        {"length": 4},
        None,
        7,
    ],
)
def test_a_broken_entity_is_passed_over(entity: object) -> None:
    assert from_entities("text", [entity]) == ("text", ())


def test_an_entity_that_ends_behind_the_text_covers_what_there_is() -> None:
    assert from_entities("a https://e.com/", [{"type": "url", "offset": 2, "length": 999}])[1] == (
        Link(url="https://e.com/"),
    )


def test_more_entities_than_telegram_allows_cost_no_more() -> None:
    many = [{"type": "text_link", "offset": at, "length": 10**6, "url": f"https://e.com/{at}"} for at in range(5000)]
    text, links = from_entities("🔥" + "a" * 10**6, many)
    assert len(links) == MOST_ENTITIES - 0
    assert len(text) == 10**6 + 1


def test_desktop_parts_join_to_the_text_with_its_links() -> None:
    parts = [
        "Смотри ",
        {"type": "text_link", "text": "здесь", "href": "https://e.com/a"},
        " и ",
        {"type": "link", "text": "https://e.com/b"},
        {"type": "custom_emoji", "text": "🔥", "document_id": "x"},
        {"type": "mention", "text": "@name"},
        {"type": "bold"},
        7,
    ]
    assert from_parts(parts) == (
        "Смотри здесь и https://e.com/b🔥@name",
        (
            Link(url="https://e.com/a", label="здесь"),
            Link(url="https://e.com/b"),
            Link(url="https://t.me/name", label="@name"),
        ),
    )
    assert from_parts("plain") == ("plain", ())
    assert from_parts(None) == ("", ())


@given(st.text(), st.integers(-5, 50), st.integers(-5, 50), st.sampled_from(["url", "text_link", "mention", "pre"]))
def test_no_offset_breaks_anything(text: str, offset: int, length: int, kind: str) -> None:
    entity = {"type": kind, "offset": offset, "length": length, "url": "https://e.com/"}
    assert from_entities(text, [entity])[0] == text


def test_every_address_mention_and_hashtag_of_a_real_channel_slices_to_one(data: Path) -> None:
    path = data / "telegram_posts/bbcbreaking/bbcbreaking.jsonl.gz"
    right = total = 0
    for line in gzip.decompress(path.read_bytes()).splitlines():
        message = json.loads(line)
        for kind, cover, _ in sliced(message.get("message") or "", message.get("entities") or ()):
            if kind in ("url", "mention", "hashtag"):
                total += 1
                right += (
                    cover.startswith("@" if kind == "mention" else "#")
                    if kind != "url"
                    else "." in cover and " " not in cover
                )
    assert (right, total) == (1629, 1629)


def test_a_real_desktop_export_reads_as_its_parts(data: Path) -> None:
    export = json.loads((data / "telegram_posts/formats/telegram_desktop_export/result.json").read_text("utf-8"))
    for message in export["messages"]:
        text, links = from_parts(message["text"])
        assert isinstance(text, str)
        assert all(link.url.startswith(("http", "tg:", "mailto:")) for link in links)
