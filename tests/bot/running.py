"""The bot as it runs over a Bot API server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiogram import Bot

from bot.dispatcher import InTurns
from bot.looks import Looks
from core.model import ReaderState
from storage.store import Store
from tests.servers.bot_api import BotApi


@dataclass
class Running:
    api: BotApi
    bot: Bot
    dispatcher: InTurns
    store: Store
    looks: Looks

    async def idle(self) -> None:
        """Wait until the bot has dealt with all that was sent to it."""
        await self.api.idle()
        await self.dispatcher.turns.idle()

    async def refused(self) -> None:
        """Wait until an answer of the bot was refused, and it has dealt with that."""
        await self.api.until(lambda: any(call.answer and not call.ok for call in self.api.of("sendMessage")))
        await self.dispatcher.turns.idle()

    async def state(self, chat: int, thread: int = 0) -> ReaderState | None:
        """How the reader of this chat is; None where there is none."""
        async with self.store.read() as tx:
            reader = await tx.readers.find(chat, thread)
        return reader.state if reader else None


@asynccontextmanager
async def cancelled(*services: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """The services while inside; they are cancelled then, and nothing of them may be left."""
    before = asyncio.all_tasks()
    tasks = [asyncio.get_running_loop().create_task(service()) for service in services]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not [task for task in left if "RequestHandler" not in repr(task)]  # those are the test server's
