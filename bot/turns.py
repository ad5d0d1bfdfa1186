"""Updates of one chat are handled one after the other, in their order; of several chats side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.types import TelegramObject, Update

from bot.arrivals import here

_MOST_WAITING = 50  # updates of one chat; what comes on top of them is passed over


class Turns:
    """An outer middleware for updates: prepares `here`, and lets each chat wait for itself only."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        data["here"] = place = here(event) if isinstance(event, Update) else None
        if place is None:
            return None
        chat = place.chat_id
        if self._waiting.get(chat, 0) >= _MOST_WAITING:
            return None
        self._waiting[chat] = self._waiting.get(chat, 0) + 1
        self._idle.clear()
        try:
            async with self._locks.setdefault(chat, asyncio.Lock()):
                return await handler(event, data)
        finally:
            self._waiting[chat] -= 1
            if not self._waiting[chat]:
                del self._waiting[chat], self._locks[chat]
            if not self._waiting:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until no update is being handled."""
        await self._idle.wait()
