"""The small worlds of these tests. Those with `any_` are on either kind of database: for what asks each its own way."""

from collections.abc import AsyncIterator

import pytest

from storage.store import Store
from tests.ingest import article_world, preview_world
from tests.ingest.account_world import World
from tests.servers.mtproto import MiniTelegram


@pytest.fixture
async def world(store: Store) -> AsyncIterator[World]:
    async with MiniTelegram() as tg:
        tg.channel("News", "The News")
        tg.channel("Other", "The Other")
        yield World(tg, store)


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[preview_world.Desk]:
    async with preview_world.one_channel(store) as desk:
        yield desk


@pytest.fixture
async def any_desk(any_store: Store) -> AsyncIterator[preview_world.Desk]:
    async with preview_world.one_channel(any_store) as desk:
        yield desk


@pytest.fixture
async def press(store: Store) -> AsyncIterator[article_world.Press]:
    async with article_world.opened(store) as press:
        yield press


@pytest.fixture
async def any_press(any_store: Store) -> AsyncIterator[article_world.Press]:
    async with article_world.opened(any_store) as press:
        yield press
