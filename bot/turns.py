"""Updates of one chat are handled one after the other, in their order; of several chats side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MOST_WAITING = 20  # updates of one chat; what comes on top of them is passed over
# Where so many of all chats are in hand, so many of one chat: a few who write without end would fill what is handled at
# once (`bot.polling`), and everybody else would wait behind all that they wrote.
_CROWD, _MOST_IN_A_CROWD = 100, 5


class Turns:
    """Lets each chat wait for itself only, and knows when nobody is being answered any more."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}
        self._all = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[bool]:
        """Wait for the chat's turn and hold it; False, at once, where too many wait already."""
        if self._waiting.get(chat, 0) >= (_MOST_WAITING if self._all < _CROWD else _MOST_IN_A_CROWD):
            yield False
            return
        self._waiting[chat] = self._waiting.get(chat, 0) + 1
        self._all += 1
        self._idle.clear()
        try:
            async with self._locks.setdefault(chat, asyncio.Lock()):
                yield True
        finally:
            self._waiting[chat] -= 1
            self._all -= 1
            if not self._waiting[chat]:
                del self._waiting[chat], self._locks[chat]
            if not self._all:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until no update is being handled."""
        await self._idle.wait()
