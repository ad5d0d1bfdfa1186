"""History, backwards: from the oldest post that was read to a given day. Each page is stored before the mark moves,
so that a run that was killed is taken up where it ended."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.clock import Sleep
from core.errors import ChannelUnavailable, RateLimited, SignedOut, SourceError, StorageError
from core.model import Channel, NewPost, Source
from ingest.accounts.peers import AddressBook
from ingest.intake import Intake
from ingest.preview.source import WebSource
from ingest.telegram.errors import ACCOUNT
from ingest.telegram.source import TelegramSource
from ingest.ways import owner
from storage.store import Store

PATIENCE = 300.0  # seconds that a source may ask to wait; where it asks for more the channel is left for another run
ATTEMPTS = 5  # at one page; a single one where all of them were in vain for the channel before

log = logging.getLogger(__name__)

Report = Callable[[str, int, datetime | None], None]


class Way(Protocol):
    """Reads a channel backwards."""

    @property
    def source(self) -> Source: ...

    def pages(self, channel: Channel, before: int | None) -> AsyncGenerator[Sequence[NewPost], None]:
        """Pages of posts, newest page first, from message `before`, or from the newest, to the first of all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What became of a channel: posts read, the date that was reached, and why it ended before its time."""

    channel: str
    posts: int = 0
    reached: datetime | None = None
    error: SourceError | None = None


class WebWay:
    """By the public preview, at its own polite pace."""

    source = Source.WEB

    def __init__(self, source: WebSource) -> None:
        self._source = source

    async def pages(self, channel: Channel, before: int | None) -> AsyncGenerator[Sequence[NewPost], None]:
        if before is None:
            newest = await self._source.latest(channel.name, channel.telegram_id)
            yield newest.posts
            before = newest.older_before
        while before is not None:
            batch = await self._source.before(channel.name, before, channel.telegram_id)
            yield batch.posts
            before = batch.older_before


class AccountWay:
    """By an account that is connected; `pause` seconds apart, so that live reading keeps its share."""

    source = Source.ACCOUNT

    def __init__(self, source: TelegramSource, book: AddressBook, *, pause: float = 1.0) -> None:
        self._source, self._book, self._pause = source, book, pause

    async def pages(self, channel: Channel, before: int | None) -> AsyncGenerator[Sequence[NewPost], None]:
        await self._book.refresh()
        peer = self._book.find(channel)
        if peer is None:
            stays, peer = await self._book.look_up(channel)
            if stays != channel.id:
                raise ChannelUnavailable(channel.name, "was known under another name: start again to go on with it")
        async with aclosing(self._source.history(peer, before=before)) as pages:
            async for posts in pages:
                yield posts
                await asyncio.sleep(self._pause)


async def backfill(
    store: Store,
    intake: Intake,
    way: Way,
    channels: Sequence[Channel],
    since: datetime,
    report: Report = lambda channel, posts, reached: None,
    *,
    sleep: Sleep = asyncio.sleep,
) -> tuple[Backfilled, ...]:
    """Read these channels backwards, one after the other, until `since` or their first post.

    `report` is told after each page: channel, posts read so far, date reached. A channel that cannot be read is in the
    result with its error, and the next one goes on. Raises SignedOut and StorageError.
    """
    walks = [_Walk(store, intake, channel, since, report) for channel in channels]
    await _walk_in_turn(walks, way, sleep)
    return tuple(walk.result() for walk in walks)


async def backfill_by_accounts(
    store: Store,
    intake: Intake,
    ways: Mapping[str, Way],
    channels: Sequence[Channel],
    since: datetime,
    report: Report = lambda channel, posts, reached: None,
    *,
    sleep: Sleep = asyncio.sleep,
) -> tuple[Backfilled, ...]:
    """The same by several accounts, `ways` by their names, side by side: each channel by the account that reads it now,
    the others by the one whose they are. What an account that is signed out or banned leaves goes on with the others;
    where none is left, or there is none, it is in the result with SignedOut. Raises StorageError."""
    walks = [_Walk(store, intake, channel, since, report) for channel in channels]
    for walk in walks:
        walk.error = SignedOut(ACCOUNT, "no account is there to read it")
    alive, waiting = dict(ways), walks
    while waiting and alive:
        async with store.read() as tx:
            known = await tx.peers.known()
        shares: dict[str, list[_Walk]] = {name: [] for name in alive}
        for walk in waiting:
            channel = walk.channel
            own = channel.way if channel.way in alive else owner(tuple(alive), channel.id, known)
            shares[own or ""].append(walk)
        left = await _read_shares(shares, alive, sleep)
        alive = {name: way for name, way in alive.items() if name not in left}
        waiting = [walk for name in shares for walk in left.get(name, ())]
    return tuple(walk.result() for walk in walks)


async def _read_shares(
    shares: Mapping[str, Sequence["_Walk"]], ways: Mapping[str, Way], sleep: Sleep
) -> dict[str, Sequence["_Walk"]]:
    """Read the share of each account, side by side; gives what those left that are signed out by now."""
    left: dict[str, Sequence[_Walk]] = {}

    async def read(name: str, walks: Sequence[_Walk]) -> None:
        try:
            await _walk_in_turn(walks, ways[name], sleep)
        except SignedOut as error:
            log.error("account %s reads no history any more: %s", name, error.reason)
            left[name] = [walk for walk in walks if not walk.over]
            for walk in left[name]:
                walk.error = error

    try:
        async with asyncio.TaskGroup() as group:
            for name, walks in shares.items():
                group.create_task(read(name, walks))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return left


async def _walk_in_turn(walks: Sequence["_Walk"], way: Way, sleep: Sleep) -> None:
    """Walk one after the other. Raises SignedOut and StorageError."""
    attempts = ATTEMPTS
    for walk in walks:
        await walk.run(way, sleep, attempts)
        attempts = walk.attempts_after


class _Walk:
    """One channel on its way back, by one way and then perhaps by another: whether it is `over`, and the `error` that
    kept it from going on. `attempts_after` is how often the next one's page may be asked for: where nobody answers, to
    wait as long for each channel would take hours."""

    def __init__(self, store: Store, intake: Intake, channel: Channel, since: datetime, report: Report) -> None:
        self._store, self._intake = store, intake
        self.channel, self._since, self._report = channel, since, report
        self._posts = 0
        self._reached: datetime | None = None
        self.attempts_after = ATTEMPTS
        self.over = False
        self.error: SourceError | None = None

    async def run(self, way: Way, sleep: Sleep, most: int) -> None:
        """Walk as far as it goes, by at most so many attempts at one page. Raises SignedOut and StorageError."""
        attempts = 0
        while True:
            before = self._posts
            try:
                await self._pages(way)
                self._end(None)
                return
            except SignedOut:
                raise
            except SourceError as error:
                went_on = self._posts > before
                answered = isinstance(error, ChannelUnavailable | RateLimited)
                attempts = 0 if went_on else attempts + 1
                most = ATTEMPTS if went_on or answered else most
                wait = error.seconds if isinstance(error, RateLimited) else 2.0**attempts
                if isinstance(error, ChannelUnavailable) or attempts >= most or wait > PATIENCE:
                    self.attempts_after = ATTEMPTS if answered else 1
                    log.warning("history ends early: %s", error)
                    self._end(error)
                    return
            except StorageError:
                raise
            except Exception as error:  # one strange page must not keep the other channels from being read
                log.exception("the history of %s ends early", self.channel.name)
                self._end(SourceError(self.channel.name, f"a page makes no sense ({type(error).__name__})"))
                return
            await sleep(wait)

    def _end(self, error: SourceError | None) -> None:
        self.over, self.error = True, error

    async def _pages(self, way: Way) -> None:
        async with self._store.read() as tx:
            oldest = (await tx.channels.reading(self.channel.id, way.source)).oldest
            if oldest is not None:
                self._reached = await tx.posts.date_of(self.channel.id, oldest)
        if self._is_enough():
            return
        async with aclosing(way.pages(self.channel, oldest)) as pages:
            async for posts in pages:
                await self._store_page(posts, way.source)
                if self._is_enough():
                    return

    async def _store_page(self, posts: Sequence[NewPost], source: Source) -> None:
        dated = [post for post in posts if post.message_id is not None and post.date]
        if not dated:
            return
        await self._intake.take(posts)
        numbers = [number for post in dated for number in post.message_ids]
        async with self._store.begin() as tx:
            oldest = min(post.message_ids[0] for post in dated)
            await tx.channels.went_back(self.channel.id, source, oldest=oldest, newest=max(numbers))
        self._posts += len(dated)
        self._reached = min(post.date for post in dated if post.date)
        self._report(self.channel.name, self._posts, self._reached)

    def _is_enough(self) -> bool:
        return self._reached is not None and self._reached < self._since

    def result(self) -> Backfilled:
        """What has become of it by now."""
        return Backfilled(channel=self.channel.name, posts=self._posts, reached=self._reached, error=self.error)
