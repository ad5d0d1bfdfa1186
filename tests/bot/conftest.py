"""A store with the small world of the bot's tests in it, and one who talks to the bot."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from bot.client import open_bot
from bot.delivery import Sender
from bot.dispatcher import make_dispatcher
from bot.limits import Limits, Rate
from bot.looks import Looks
from bot.polling import poll
from storage.store import Store
from tests.bot.post_office import Post
from tests.bot.running import Running, cancelled
from tests.bot.town import Town, opened_town
from tests.bot.world import Talk, settle
from tests.databases import opened
from tests.moments import Moment
from tests.servers.bot_api import BotApi


@pytest.fixture(scope="session", autouse=True)
def handlers_looked_at_once() -> Iterator[None]:
    """A Dispatcher looks at which arguments each of its 660 handlers takes, and the same ones in each test."""
    from aiogram.dispatcher.event.handler import CallableObject  # not before `bot`, which has a way to load it

    look, known = CallableObject.__post_init__, dict[tuple[type, CodeType], dict[str, Any]]()

    def look_once(this: CallableObject) -> None:
        code = getattr(this.callback, "__code__", None) or getattr(type(this.callback).__call__, "__code__", None)
        if code is None or hasattr(this.callback, "__wrapped__"):
            look(this)
            return
        key = type(this.callback), code  # a method takes one argument less than its function
        if key not in known:
            look(this)
            known[key] = {"awaitable": this.awaitable, "params": this.params, "varkw": this.varkw}
        vars(this).update(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CallableObject, "__post_init__", look_once)
        yield


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
    async with opened(str(path)) as store:
        yield store


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def talk(world: Store, clock: Moment) -> Talk:
    """A private chat of one who speaks English."""
    return Talk(world, clock)


@pytest.fixture
async def settled(talk: Talk) -> Talk:
    """One who has answered all questions."""
    await talk.starts("07:00", "London")
    return talk


@pytest.fixture
async def post(store: Store, clock: Moment) -> AsyncIterator[Post]:
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        yield Post(store, api, bot, clock)


@pytest.fixture
async def town(store: Store, clock: Moment) -> AsyncIterator[Town]:
    async with opened_town(store, clock) as town:
        yield town


@pytest.fixture
async def any_town(any_store: Store, clock: Moment) -> AsyncIterator[Town]:
    """The same on either kind of database, for what asks it each kind of question."""
    async with opened_town(any_store, clock) as town:
        yield town


@pytest.fixture
async def running(world: Store, clock: Moment) -> AsyncIterator[Running]:
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        wake, looks = asyncio.Event(), Looks()
        dispatcher = make_dispatcher(world, clock, wake=wake, looks=looks)
        limits = Limits(Rate(1000, 1.0), Rate(1000, 1.0), Rate(1000, 60.0))  # what they are is tested elsewhere
        sender = Sender(world, bot, clock, wake=wake, looks=looks, limits=limits)
        async with cancelled(lambda: poll(dispatcher, bot, patience=0.01), sender.run):
            yield Running(api, bot, dispatcher, world, looks)
