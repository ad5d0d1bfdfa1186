"""What tests of one account share."""

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.store import Store
from tests.ingest.account_world import World
from tests.servers.mtproto import MiniTelegram


@pytest_asyncio.fixture
async def world(store: Store) -> AsyncIterator[World]:
    async with MiniTelegram() as tg:
        tg.channel("News", "The News")
        tg.channel("Other", "The Other")
        yield World(tg, store)
