"""The shell around a Telegram account: channels are read as far as their cursor when they are due, or when the account
hears of something new there. A hint is only a reason to look; the history is the truth.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core.clock import Clock
from core.errors import ChannelUnavailable, RateLimited, SourceError, StorageError
from core.model import Reading, Source
from ingest.intake import Intake
from ingest.rhythm import LONGEST_WAIT, back_off
from ingest.telegram import PAGE, Account, Hint, HintKind, Peer, TelegramSource
from storage.store import Store

BATCH = 20
IDLE_SECONDS = 5.0
_JOINED_WAIT = timedelta(minutes=30)  # a channel that pushes is looked at this often all the same
_POLLED_WAIT = timedelta(minutes=5)
_WAYS = ("account", "auto")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Known:
    """What this connection knows of channels: by name in lower case, and the names by their numbers."""

    peers: dict[str, Peer] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()

    def add(self, name: str, peer: Peer) -> Peer:
        self.peers[name.lower()] = peer
        self.names[peer.id] = name.lower()
        return peer


class AccountReader:
    """Reads the channels that an account is to read."""

    def __init__(self, store: Store, account: Account, intake: Intake, clock: Clock) -> None:
        self._store, self._account, self._intake, self._clock = store, account, intake, clock
        self._known = _Known()

    async def run(self) -> None:
        """Keep a connection and read what is due until cancelled; one that breaks is opened anew."""
        failures = 0
        while True:
            try:
                async with TelegramSource(self._account) as source:
                    failures = 0
                    await self._follow(source)
            except SourceError as error:
                wait = back_off(failures)
                failures += 1
                log.error("%s; again in %s", error, wait)
                await asyncio.sleep(wait.total_seconds())

    async def _follow(self, source: TelegramSource) -> None:
        await self._meet(source)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._poll(source))
                group.create_task(self._listen(source))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _meet(self, source: TelegramSource) -> None:
        """What the account has joined is known without asking for each name."""
        self._known = _Known()
        joined = await source.joined()
        for peer in joined:
            self._known.add(peer.channel, peer)
        self._known.joined = frozenset(peer.id for peer in joined)

    async def _poll(self, source: TelegramSource) -> None:
        while True:
            if not await _unless_stored(lambda: self.step(source)):
                await asyncio.sleep(IDLE_SECONDS)

    async def _listen(self, source: TelegramSource) -> None:
        async for hint in source.live():
            await _unless_stored(lambda hint=hint: self.heard(source, hint))  # type: ignore[misc] # a lambda's default

    async def step(self, source: TelegramSource) -> int:
        """Read the channels that are due now; gives how many there were."""
        async with self._store.read() as tx:
            due = await tx.channels.due(Source.ACCOUNT, self._clock(), BATCH, _WAYS)
        for reading in due:
            await self._read(source, reading)
        return len(due)

    async def heard(self, source: TelegramSource, hint: Hint) -> int:
        """Look where something happened; gives how many channels were looked at."""
        if hint.channel_id is None:  # a reconnect: anything may have been missed, so all are due at once
            readings = [*(await self._readings()).values()]
        else:
            reading = (await self._readings()).get(self._known.names.get(hint.channel_id, ""))
            readings = [reading] if reading else []
        for reading in readings:
            if hint.kind is HintKind.DELETED:
                async with self._store.begin() as tx:
                    await tx.posts.mark_deleted(reading.channel.id, hint.message_ids, self._clock())
            else:
                await self._read(source, reading, since=min(hint.message_ids, default=None))
        return len(readings)

    async def _readings(self) -> Mapping[str, Reading]:
        async with self._store.read() as tx:
            found = await tx.channels.readings(Source.ACCOUNT)
        return {each.channel.name.lower(): each for each in found if each.channel.source in _WAYS}

    async def _read(self, source: TelegramSource, reading: Reading, since: int | None = None) -> None:
        try:
            await self._pages(source, reading, since)
        except RateLimited as error:
            await self._failed(reading, error, timedelta(seconds=error.seconds))
        except ChannelUnavailable as error:
            await self._failed(reading, error, LONGEST_WAIT)
        except SourceError as error:
            await self._failed(reading, error, back_off(reading.failures))

    async def _pages(self, source: TelegramSource, reading: Reading, since: int | None) -> None:
        name = reading.channel.name
        peer = self._known.peers.get(name.lower()) or self._known.add(name, await source.resolve(name))
        cursor, oldest = reading.cursor, reading.oldest
        after = cursor if since is None or cursor is None else min(cursor, since - 1)
        limit: dict[str, Any] = {} if after is not None else {"limit": PAGE}
        async with aclosing(source.history(peer, after=after, **limit)) as pages:
            async for posts in pages:
                await self._intake.take(posts)
                ids = [number for post in posts for number in (post.message_id or 0, *post.album_ids)]
                cursor, oldest = max([cursor or 0, *ids]), min([oldest or ids[0], *ids])
                await self._was_read(reading, peer, cursor, oldest)
        await self._was_read(reading, peer, cursor, oldest)

    async def _was_read(self, reading: Reading, peer: Peer, cursor: int | None, oldest: int | None) -> None:
        wait = _JOINED_WAIT if peer.id in self._known.joined else _POLLED_WAIT
        if reading.channel.every:
            wait = timedelta(seconds=reading.channel.every)
        now = self._clock()
        async with self._store.begin() as tx:
            if reading.channel.telegram_id != peer.id:
                await tx.channels.identify(reading.channel.id, peer.id)
            await tx.channels.was_read(
                reading.channel.id, Source.ACCOUNT, cursor=cursor, oldest=oldest, now=now, next_at=now + wait
            )

    async def _failed(self, reading: Reading, error: SourceError, wait: timedelta) -> None:
        if not reading.failures:
            log.warning("%s; again in %s", error, wait)
        async with self._store.begin() as tx:
            await tx.channels.failed(reading.channel.id, Source.ACCOUNT, error.reason, self._clock() + wait)


async def _unless_stored(work: Callable[[], Awaitable[int]]) -> int:
    """The work, or 0 where the database does not take it now: it stays due."""
    try:
        return await work()
    except StorageError as error:
        log.error("channels wait: %s", error)
        return 0
