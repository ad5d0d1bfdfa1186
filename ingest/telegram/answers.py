"""What a server of Telegram's protocol may answer, and what to do where it cannot be read.

One message of a type that the installed schema does not know makes a whole page unreadable: Telethon then gives no
message of it. The page is asked for again in halves, until the one that cannot be read stands alone and is passed over.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from core.errors import SourceError

MOST_CALLS = 60  # for one page: three strange messages of a hundred take some forty

Read = Callable[[int, int], Awaitable[Any]]


class Unreadable(SourceError):
    """An answer came, but it makes no sense."""


async def read_around(read: Read, offset: int, count: int) -> tuple[list[Any], int]:
    """The answers of `read(offset, count)`, in parts where the whole cannot be read, and how many places were passed
    over. Raises Unreadable where there is too little that can be read."""
    waiting = [(offset, count)]
    answers: list[Any] = []
    holes = calls = 0
    while waiting:
        at, size = waiting.pop()
        calls += 1
        try:
            answers.append(await read(at, size))
        except Unreadable:
            if calls >= MOST_CALLS:
                raise
            if size == 1:
                holes += 1
            else:
                waiting += [(at + size // 2, size - size // 2), (at, size // 2)]
    return answers, holes
