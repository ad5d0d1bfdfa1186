"""The made-up day, told: what a newcomer reads first."""

import asyncio
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.day import fill
from digest.build import Wish, make_digest
from storage.store import Store

DAY = Path(__file__).parents[2] / "seeds" / "day"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, datetime]:
    """A database that the day was filled into, and when the day ends."""
    path = tmp_path_factory.mktemp("filled") / "courant.db"
    shutil.copy(sqlite_template, path)

    async def make() -> datetime:
        store = await Store.open(str(path))
        end = await fill(store, DAY)
        await store.close()
        return end

    return path, asyncio.run(make())


@pytest.mark.parametrize("lists", [("world",), ("economy",), ("world", "economy"), ("everything",)], ids="+".join)
async def test_what_is_told_below_another_story_is_of_its_event(
    filled: tuple[Path, datetime], lists: tuple[str, ...]
) -> None:
    truth = json.loads((DAY / "events.json").read_text(encoding="utf-8"))["events"]
    event = {f"https://t.me/{post}": each["id"] for each in truth for post in each["posts"]}
    path, now = filled
    store = await Store.open(str(path))
    made = await make_digest(store, Wish(since=now - timedelta(days=1), until=now, lists=lists, minutes=60), now)
    await store.close()
    assert len(made.digest.stories) > 5
    for story in made.digest.stories:
        if story.joined:
            assert len({event.get(post.url) for post in story.posts}) == 1, story.title
