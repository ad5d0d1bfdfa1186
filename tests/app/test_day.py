"""The made-up day, told: what a newcomer reads first."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.day import fill
from digest.build import Wish, make_digest
from storage.store import Store

DAY = Path(__file__).parents[2] / "seeds" / "day"


@pytest.mark.parametrize("lists", [("world",), ("economy",), ("world", "economy"), ("everything",)], ids="+".join)
async def test_what_is_told_below_another_story_is_of_its_event(sqlite_url: str, lists: tuple[str, ...]) -> None:
    truth = json.loads((DAY / "events.json").read_text(encoding="utf-8"))["events"]
    event = {f"https://t.me/{post}": each["id"] for each in truth for post in each["posts"]}
    store = await Store.open(sqlite_url)
    now = await fill(store, DAY)
    made = await make_digest(store, Wish(since=now - timedelta(days=1), until=now, lists=lists, minutes=60), now)
    await store.close()
    assert len(made.digest.stories) > 5
    for story in made.digest.stories:
        if story.joined:
            assert len({event.get(post.url) for post in story.posts}) == 1, story.title
