"""The made-up day of `seeds/day`, cleaned, against what its maker wrote down of it (`events.json`).

Reached: all languages right, all signatures gone, nothing of the content lost; of what makes no story, promo and
announce with precision 1 and recall 1, chatter with precision 1 and recall 1. Weather, rates and traffic ("service" to
the maker) stay news: a storm warning is one, and no rule of words tells the two apart.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.model import UNKNOWN, CleanPost, Kind
from ingest.cleaning.clean import clean_all
from ingest.preview.page import read_preview
from ingest.urls import strip_tracking_in

DAY = Path(__file__).resolve().parents[2] / "seeds" / "day"


@cache
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DAY / "events.json").read_text("utf-8"))
    return found


@cache
def day() -> dict[str, CleanPost]:
    """Every post of the day by "channel/id", cleaned with what the day itself teaches of each channel."""
    posts = [post for page in sorted(DAY.glob("*.html")) for post in read_preview(page.read_bytes(), page.name).posts]
    cleaned, _ = clean_all({(post.channel, post.message_id): post for post in posts}.values())
    return {f"{each.post.channel}/{each.post.message_id}": each for each in cleaned}


def of_kind(kind: Kind) -> set[str]:
    return {at for at, each in day().items() if each.kind is kind}


def test_the_whole_day_is_there() -> None:
    assert len(day()) == told()["posts"]


def test_all_languages_are_right() -> None:
    wrong = {}
    for at, each in day().items():
        language = told()["languages"].get(at) or told()["channels"][each.post.channel]["language"]
        if each.language not in {language, UNKNOWN if not each.body else language}:
            wrong[at] = each.language
    assert not wrong


def test_the_signatures_are_gone() -> None:
    signed = [(at, channel["signatures"]) for channel in told()["channels"].values() for at in channel["signed"]]
    left = [
        at for at, signatures in signed if any(line in day()[at].body for s in signatures for line in s.split("\n"))
    ]
    assert len(signed) > 150
    assert 1 - len(left) / len(signed) >= 0.99, left


def test_nothing_of_the_content_is_lost() -> None:
    """What is left of a post without its channel's signature and its tags stands in the body to the letter."""
    every = {s for channel in told()["channels"].values() for s in channel["signatures"]}  # a forward carries another's
    for at, each in day().items():
        expected = each.post.text
        for signature in sorted(every, key=len, reverse=True):
            expected = expected.replace(signature, "")
        tags = ("#ad", "#реклама")
        assert _bare(strip_tracking_in(expected), *tags) in _bare(each.body, *tags), at


def _bare(text: str, *without: str) -> str:
    for part in without:
        text = text.replace(part, "")
    return "".join(text.split())


@pytest.mark.parametrize("kind", [Kind.PROMO, Kind.ANNOUNCE, Kind.CHATTER])
def test_what_makes_no_story_is_told_by_its_kind(kind: Kind) -> None:
    assert of_kind(kind) == set(told()["kinds"][kind.value])


def test_service_messages_are_service() -> None:
    assert of_kind(Kind.SERVICE) == set(told()["service_messages"])
