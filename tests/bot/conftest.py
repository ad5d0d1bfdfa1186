"""A store with the small world of the bot's tests in it, and one who talks to the bot."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.bot.world import Moment, Talk, settle


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with the small world in it, to be copied."""
    path = tmp_path_factory.mktemp("world") / "courant.db"
    shutil.copy(sqlite_template, path)

    async def make() -> None:
        store = await Store.open(str(path))
        await settle(store)
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def world(tmp_path: Path, world_template: Path) -> AsyncIterator[Store]:
    """A store of the test's own with the small world in it."""
    path = tmp_path / "world.db"
    shutil.copy(world_template, path)
    store = await Store.open(str(path))
    yield store
    await store.close()


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def talk(world: Store, clock: Moment) -> Talk:
    """A private chat of one who speaks English."""
    return Talk(world, clock)
