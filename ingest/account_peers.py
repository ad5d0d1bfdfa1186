"""Where an account finds its channels. A name is looked up once and kept: no call is limited more than that one."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import ChannelUnavailable, RateLimited, SignedOut, SourceError
from core.model import Channel, ChannelId, Source
from ingest.telegram import Peer, TelegramSource
from storage.peers import Address
from storage.store import Store

LOOK_UPS = 50  # in an hour: Telegram answers a few hundred a day, and then none for many hours
_HOUR = timedelta(hours=1)

log = logging.getLogger(__name__)


class AddressBook:
    """The channels of one account. `account` is the name under which their addresses are kept."""

    def __init__(self, store: Store, source: TelegramSource, clock: Clock, account: str) -> None:
        self._store, self._source, self._clock, self._account = store, source, clock, account
        self._kept: dict[ChannelId, Address] | None = None
        self._joined: dict[int, Peer] = {}
        self._joined_at: datetime | None = None
        self._looked_up: deque[datetime] = deque(maxlen=LOOK_UPS)
        self._not_before: datetime | None = None
        self._turn = asyncio.Lock()

    def reopen(self) -> None:
        """The connection is a new one, perhaps of another account: what was joined is asked again."""
        self._joined_at = None

    async def refresh(self) -> None:
        """Load what is kept, and hourly which channels the account has joined: these need no looking up."""
        if self._kept is None:
            async with self._store.read() as tx:
                self._kept = await tx.peers.of(self._account)
        now = self._clock()
        if self._joined_at is not None and now - self._joined_at < _HOUR:
            return
        self._joined_at = now
        try:
            self._joined = {peer.id: peer for peer in await self._source.joined()}
        except SignedOut:
            raise
        except SourceError as error:
            log.warning("which channels the account has joined is not known: %s", error)

    def find(self, channel: Channel) -> Peer | None:
        """The channel's peer, where it is known without asking Telegram."""
        if (address := (self._kept or {}).get(channel.id)) is not None:
            joined = self._joined.get(address.telegram_id)
            # a channel without a title has its name there: not worth learning
            title = channel.title if channel.title != channel.name else ""
            known = Peer(channel=channel.name, title=title, id=address.telegram_id, access_hash=address.access_hash)
            return replace(joined, channel=channel.name) if joined else known
        return None

    def is_joined(self, peer: Peer) -> bool:
        """Whether the account is a member, and so hears of what is new."""
        return peer.id in self._joined

    def heard_of(self, telegram_id: int) -> list[ChannelId]:
        """The channels that have this number."""
        return [channel for channel, address in (self._kept or {}).items() if address.telegram_id == telegram_id]

    async def look_up(self, channel: Channel) -> tuple[ChannelId, Peer]:
        """The channel's peer from among those that were joined, or from Telegram; and under which id the channel is
        kept, which changes where it turns out to be one that is known under a former name.

        Raises RateLimited where no name may be looked up for a while, and else as `TelegramSource.resolve`.
        """
        async with self._turn:
            peer = self._among_joined(channel)
            if peer is None:
                self._check_budget(channel.name)
                try:
                    peer = await self._source.resolve(channel.name)
                except RateLimited as error:
                    self._not_before = self._clock() + timedelta(seconds=error.seconds)
                    raise
            if channel.telegram_id not in (None, peer.id):
                raise ChannelUnavailable(channel.name, "is another channel's name now")
            return await self._keep(channel, peer)

    async def forget(self, channel: Channel) -> None:
        """The address leads nowhere: it was another account's, or the channel is closed."""
        if self._kept is not None:
            self._kept.pop(channel.id, None)
        async with self._store.begin() as tx:
            await tx.peers.forget(self._account, channel.id)

    async def unknown(self, ways: Iterable[str]) -> list[ChannelId]:
        """The channels in force that are still to be looked up."""
        async with self._store.read() as tx:
            readings = await tx.channels.readings(Source.ACCOUNT)
        allowed, kept = frozenset(ways), self._kept or {}
        return [
            reading.channel.id
            for reading in readings
            if reading.channel.source in allowed and reading.channel.id not in kept
        ]

    def _among_joined(self, channel: Channel) -> Peer | None:
        if channel.telegram_id is not None:
            return self._joined.get(channel.telegram_id)
        name = channel.name.lower()
        return next((peer for peer in self._joined.values() if peer.channel.lower() == name), None)

    def _check_budget(self, name: str) -> None:
        now = self._clock()
        until = self._not_before
        if len(self._looked_up) == LOOK_UPS:
            until = max(until or now, self._looked_up[0] + _HOUR)
        if until is not None and until > now:
            raise RateLimited(name, (until - now).total_seconds())
        self._looked_up.append(now)

    async def _keep(self, channel: Channel, peer: Peer) -> tuple[ChannelId, Peer]:
        address = Address(telegram_id=peer.id, access_hash=peer.access_hash)
        async with self._store.begin() as tx:
            stays = await tx.channels.identify(channel.id, peer.id)
            await tx.peers.keep(self._account, stays, address)
        if stays != channel.id:
            log.warning("%s is a channel that was known under another name: its posts stay together", channel.name)
        if self._kept is not None:
            self._kept[stays] = address
        # the name as our list spells it: Telegram may show another of the channel's names
        return stays, replace(peer, channel=channel.name)
