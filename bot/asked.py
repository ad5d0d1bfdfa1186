"""Digests that are asked for are made a few at a time, and those who ask for the same meanwhile are served together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.issues import Draft
from core.model import Post, Reader, ReaderId, StoryId
from digest.build import Wish
from digest.summaries.writer import Writer
from digest.summaries.written import Written

MADE_AT_ONCE = 2  # with fifty at once others waited for minutes, and could not write
_SAME = timedelta(seconds=10)  # by which the windows of the same digest may differ


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Readers who have asked for the same while it waited to be made; `first` is the wish of the first of them."""

    first: Wish
    wishes: dict[ReaderId, Wish] = field(default_factory=dict)
    readers: dict[ReaderId, Reader] = field(default_factory=dict)
    drafts: dict[ReaderId, Draft] = field(default_factory=dict)  # what became of it; of none where that failed
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def wants(self, wish: Wish) -> bool:
        """Whether this is the same digest, so much as a moment sooner or later."""
        first = self.first
        near = abs(wish.since - first.since) <= _SAME and abs(wish.until - first.until) <= _SAME
        return near and replace(wish, since=first.since, until=first.until).matter == first.matter

    def add(self, reader: Reader, wish: Wish) -> None:
        self.readers[reader.id], self.wishes[reader.id] = reader, wish

    def of_one_window(self) -> dict[ReaderId, Wish]:
        """The wishes, all with the window in which those of all are."""
        since = min(wish.since for wish in self.wishes.values())
        until = max(wish.until for wish in self.wishes.values())
        return {reader: replace(wish, since=since, until=until) for reader, wish in self.wishes.items()}


Make = Callable[[Mapping[ReaderId, Reader], Mapping[ReaderId, Wish], Writer | None], Awaitable[Sequence[Draft]]]


class Asked:
    """Where those who ask for a digest wait for it."""

    def __init__(self, make: Make, writer: Writer | None) -> None:
        """`make` gives what readers get whose wishes are of one matter."""
        self._make = make
        self._turn = asyncio.Semaphore(MADE_AT_ONCE)
        self._writer = _Beside(writer, self._turn) if writer else None
        self._waiting: list[Group] = []

    async def draft(self, reader: Reader, wish: Wish) -> Draft:
        """What the reader gets who wishes this. Where what others asked for fails, it is made once more for who waited
        for it with them: one reader's trouble is nobody else's."""
        while group := next((each for each in self._waiting if each.wants(wish)), None):
            group.add(reader, wish)
            await group.over.wait()
            if found := group.drafts.get(reader.id):
                return found
        return (await self._made(reader, wish))[reader.id]

    async def _made(self, reader: Reader, wish: Wish) -> Mapping[ReaderId, Draft]:
        group = Group(first=wish)
        group.add(reader, wish)
        self._waiting.append(group)
        try:
            async with self._turn:
                self._waiting.remove(group)  # who comes from now on may want what is published meanwhile
                drafts = await self._make(group.readers, group.of_one_window(), self._writer)
            group.drafts = {each.id: draft for draft in drafts for each in draft.readers}
            return group.drafts
        finally:
            if group in self._waiting:
                self._waiting.remove(group)
            group.over.set()


class _Beside:
    """A writer for who has a turn: while a model is waited for, which may take a minute, others have it."""

    def __init__(self, writer: Writer, turn: asyncio.Semaphore) -> None:
        self._writer, self._turn = writer, turn

    async def write(
        self, stories: Mapping[StoryId, Sequence[Post]], language: str, now: datetime
    ) -> Mapping[StoryId, Written]:
        self._turn.release()
        try:
            return await self._writer.write(stories, language, now)
        finally:
            await self._turn.acquire()
