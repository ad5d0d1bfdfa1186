"""A store with the small world of the bot's tests in it, and one who talks to the bot."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.client import open_bot
from storage.store import Store
from tests.bot.post_office import Post
from tests.bot.world import Moment, Talk, settle
from tests.servers.bot_api import BotApi


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


@pytest.fixture
async def post(store: Store, clock: Moment) -> AsyncIterator[Post]:
    async with BotApi() as api:
        bot = open_bot(api.token, api.url, timeout=5)
        yield Post(store, api, bot, clock)
        await bot.session.close()
