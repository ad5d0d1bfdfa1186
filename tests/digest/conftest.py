"""A model service on loopback with a client of it, and a store with lists."""

from collections.abc import AsyncIterator

import pytest

from digest.llm import ChatModel, open_model
from storage.store import Store
from tests.digest.desk import LISTS, Desk
from tests.servers.llm import LlmService


@pytest.fixture
async def service() -> AsyncIterator[LlmService]:
    async with LlmService() as service:
        yield service


@pytest.fixture
async def model(service: LlmService) -> AsyncIterator[ChatModel]:
    async with open_model("small", most_tokens=1_000, base_url=service.url, api_key="made-up", patience=60) as model:
        yield model


async def a_desk(store: Store) -> Desk:
    async with store.begin() as tx:
        await tx.channels.take_over(LISTS, {})
    return Desk(store)


@pytest.fixture
async def desk(store: Store) -> Desk:
    return await a_desk(store)


@pytest.fixture
async def any_desk(any_store: Store) -> Desk:
    """On either kind of database: for what asks each in its own way."""
    return await a_desk(any_store)
