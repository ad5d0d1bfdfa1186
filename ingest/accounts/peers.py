"""Where an account finds its channels. A name is looked up once and kept: no call is limited more than that one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from core.clock import Clock, is_within
from core.errors import CannotJoin, ChannelUnavailable, NameTaken, RateLimited, SignedOut, SourceError
from core.model import WEB_WAY, Channel, ChannelId
from ingest.accounts.joining import Joining
from ingest.telegram.call_budget import FOLDER, RESOLVE, CallBudget
from ingest.telegram.source import TelegramSource
from ingest.telegram.values import FolderPage, Peer
from storage.peers import Address
from storage.store import Store, Transaction

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)

log = logging.getLogger(__name__)


class AddressBook:
    """The channels of one account, kept under its name."""

    def __init__(self, store: Store, source: TelegramSource, clock: Clock) -> None:
        self._store, self._source, self._clock, self._account = store, source, clock, source.name
        self._kept: dict[ChannelId, Address] | None = None
        self._joined: dict[int, Peer] = {}
        self._joined_at: datetime | None = None
        self.budget = CallBudget(store, clock, source.name, RESOLVE)
        self.folders = CallBudget(store, clock, source.name, FOLDER)
        self._joining = Joining(store, clock, source.name)
        self._turn = asyncio.Lock()

    def reopen(self) -> None:
        """The connection is a new one, perhaps of another account: what was joined is asked again."""
        self._joined_at = None

    async def refresh(self) -> bool:
        """Load what is kept, and hourly which channels the account has joined: these need no looking up. Where that is
        not told, it is asked again as soon as it may be. Gives whether it has changed."""
        await self.budget.load()
        if self._kept is None:
            async with self._store.read() as tx:
                self._kept = await tx.peers.of(self._account)
        now = self._clock()
        if is_within(_HOUR, self._joined_at, now):
            return False
        self._joined_at = now
        try:
            self._joined = {peer.id: peer for peer in await self._source.joined()}
        except SignedOut:
            raise
        except SourceError as error:
            wait = timedelta(seconds=error.seconds) if isinstance(error, RateLimited) else _MINUTE
            self._joined_at = now - _HOUR + min(wait, _HOUR)
            log.warning("which channels account %s has joined is not known: %s", self._account, error)
            return False
        return await self._take_joined()

    async def _take_joined(self) -> bool:
        """Keep the addresses of what was joined, and which channels these are; gives whether that has changed."""
        kept = self._kept if self._kept is not None else {}
        before = len(kept)
        by_name = self._joined_by_name()
        async with self._writing() as tx:
            for channel in await tx.channels.all(active=True):
                peer = self._among_joined(channel, by_name)
                if peer is not None and channel.id not in kept:
                    await self._keep(tx, channel, peer)
            member = {key for key, address in kept.items() if address.telegram_id in self._joined}
            was = {key for key, address in kept.items() if address.joined}
            await tx.peers.joined(self._account, member - was, was - member)
        for key in (member ^ was) & kept.keys():  # meanwhile one may have been forgotten
            kept[key] = replace(kept[key], joined=key in member)
        return member != was or len(kept) > before

    def find(self, channel: Channel) -> Peer | None:
        """The channel's peer, where it is known without asking Telegram."""
        address = (self._kept or {}).get(channel.id)
        if address is None:
            return None
        if (joined := self._joined.get(address.telegram_id)) is not None:
            return replace(joined, channel=channel.name)
        # a channel without a title has its name there: not worth learning
        title = channel.title if channel.title != channel.name else ""
        return Peer(channel=channel.name, title=title, id=address.telegram_id, access_hash=address.access_hash)

    def is_joined(self, peer: Peer) -> bool:
        """Whether the account is a member, and so hears of what is new."""
        return peer.id in self._joined

    async def join(self, channel: Channel) -> None:
        """Become a member of a channel whose address is known, as seldom as an account may; to fail at it is no failure
        of reading."""
        peer = self.find(channel)
        if peer is None or self.is_joined(peer) or await self._joining.refusal(channel) is not None:
            return
        if not await self._joining.may_join():
            return
        try:
            await self._source.join(peer)
        except SignedOut:
            raise
        except SourceError as error:
            level = logging.INFO if isinstance(error, RateLimited) else logging.WARNING
            log.log(level, "account %s has not joined %s", self._account, error)
            await self._joining.failed(channel, error)
            return
        await self._has_joined(channel, peer)
        log.info("account %s has joined %s", self._account, channel.name)

    async def _has_joined(self, channel: Channel, peer: Peer) -> None:
        self._joined[peer.id] = peer
        if self._kept is not None and channel.id in self._kept:
            self._kept[channel.id] = replace(self._kept[channel.id], joined=True)
        async with self._writing() as tx:
            await tx.peers.joined(self._account, [channel.id], ())

    def heard_of(self, numbers: Container[int]) -> dict[int, list[ChannelId]]:
        """The channels that have these numbers, by number."""
        found: dict[int, list[ChannelId]] = {}
        for channel, address in (self._kept or {}).items():
            if address.telegram_id in numbers:
                found.setdefault(address.telegram_id, []).append(channel)
        return found

    async def look_up(self, channel: Channel) -> tuple[ChannelId, Peer]:
        """The channel's peer from among those that were joined, or from Telegram; and under which id the channel is
        kept, which changes where it turns out to be one that is known under a former name.

        Raises RateLimited where no name may be looked up for a while, and else as `TelegramSource.resolve`; for what is
        behind an invite, CannotJoin where the account is not let in for a while.
        """
        async with self._turn:
            peer = self._among_joined(channel, self._joined_by_name())
            if peer is None and channel.invite is not None:
                peer = await self._let_in(channel, channel.invite)
            elif peer is None:
                peer = await self._in_folder(channel) or await self._resolve(channel.name)
            if channel.telegram_id not in (None, peer.id):
                if channel.invite is not None:
                    raise ChannelUnavailable(channel.name, "its invite link leads to another channel now")
                async with self._writing() as tx:
                    await tx.channels.leave_name(channel.id)
                raise NameTaken(channel.name)
            async with self._writing() as tx:
                return await self._keep(tx, channel, peer)

    async def folder(self, name: str, slug: str) -> FolderPage:
        """What a folder of chats holds, which errors call `name`; the addresses of those of its channels that are known
        here are kept, so that none of them needs looking up. Raises RateLimited where none may be asked for now, and as
        `TelegramSource.folder`."""
        await self._spend(name, self.folders)
        try:
            page = await self._source.folder(name, slug)
        except RateLimited as error:
            await self.folders.rest(error.seconds, error.reason)
            raise
        await self.keep_folder(page)
        return page

    async def keep_folder(self, page: FolderPage) -> None:
        """Keep the addresses of the channels of a folder that are known here and open to this account."""
        kept = self._kept if self._kept is not None else {}
        found = {
            peer.id: Address(telegram_id=peer.id, access_hash=peer.access_hash, joined=peer.id in self._joined)
            for peer in page.channels
            if peer.id not in page.closed
        }
        async with self._writing() as tx:
            ids = await tx.channels.ids_of(found)
            new = {key: found[number] for number, key in ids.items() if kept.get(key) != found[number]}
            await tx.peers.keep_all(self._account, new)
        kept.update(new)

    async def _in_folder(self, channel: Channel) -> Peer | None:
        """The channel's peer where it stands in a folder that may be asked for: one call tells of all its channels. An
        account becomes a member of one that opens to members only."""
        if channel.telegram_id is None:
            return None
        async with self._store.read() as tx:
            slug = await tx.folders.of(channel.telegram_id)
        await self.folders.load()
        closed = channel.name.startswith("c/")
        if slug is None or not (self.folders.left or closed):
            return None
        try:
            if closed:
                await self._joining.check_may_ask(channel)  # before a call is spent on it
            page = await self.folder(channel.name, slug)
            peer = next((each for each in page.channels if each.id == channel.telegram_id), None)
            if peer is None or peer.id not in page.closed:
                return peer
            if not channel.join:
                reason = "opens to members only: join = true of its list lets an account in"
                raise ChannelUnavailable(channel.name, reason)
            await self._joining.enter(channel, lambda: self._source.join_in_folder(peer, slug))
        except RateLimited as error:
            if closed:  # there is no other way to it, but others wait for nothing here
                raise CannotJoin(channel.name, error.reason, seconds=error.seconds) from error
            return None
        self._joined[peer.id] = peer
        return peer

    async def _resolve(self, name: str) -> Peer:
        await self._spend(name, self.budget)
        try:
            return await self._source.resolve(name)
        except RateLimited as error:
            await self.budget.rest(error.seconds, error.reason)
            raise

    async def _spend(self, name: str, budget: CallBudget) -> None:
        await budget.load()
        if not budget.left:
            raise RateLimited(name, (budget.free_at - self._clock()).total_seconds())
        await budget.spend()

    async def _let_in(self, channel: Channel, invite: str) -> Peer:
        """The channel behind an invite, of which the account becomes a member where it is none."""
        await self._spend(channel.name, self.budget)
        try:
            peer = await self._source.invited(channel.name, invite)
            if peer is None:
                peer = await self._joining.enter(channel, lambda: self._source.enter(channel.name, invite))
        except RateLimited as error:
            raise CannotJoin(channel.name, error.reason, seconds=error.seconds) from error
        self._joined[peer.id] = peer
        return peer

    async def forget(self, channel: Channel) -> None:
        """The address leads nowhere: it was another account's, or the channel is closed."""
        if self._kept is not None and (known := self._kept.pop(channel.id, None)) is not None:
            self._joined.pop(known.telegram_id, None)
        async with self._writing() as tx:
            await tx.peers.forget(self._account, channel.id)

    async def unknown(self, wanted: Collection[ChannelId]) -> list[ChannelId]:
        """The channels that wait for a look-up: those that are this account's to read, and of the `wanted` those that
        no other account reads meanwhile."""
        async with self._store.read() as tx:
            channels = await tx.channels.all(active=True)
        kept, wanted = self._kept or {}, frozenset(wanted)
        return [
            each.id
            for each in channels
            if each.id not in kept
            and (each.way == self._account or (each.id in wanted and each.way in (None, WEB_WAY)))
        ]

    def _among_joined(self, channel: Channel, by_name: Mapping[str, Peer]) -> Peer | None:
        if channel.telegram_id is not None:
            return self._joined.get(channel.telegram_id)
        return by_name.get(channel.name.lower())

    def _joined_by_name(self) -> dict[str, Peer]:
        return {peer.channel.lower(): peer for peer in self._joined.values()}

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Transaction]:
        """A transaction; where it fails, what is known here may be ahead of the tables and is loaded again."""
        try:
            async with self._store.begin() as tx:
                yield tx
        except BaseException:
            self._kept = self._joined_at = None
            raise

    async def _keep(self, tx: Transaction, channel: Channel, peer: Peer) -> tuple[ChannelId, Peer]:
        address = Address(telegram_id=peer.id, access_hash=peer.access_hash, joined=peer.id in self._joined)
        if channel.name.startswith("+"):  # the link's name stands only until the channel's own is known
            channel = replace(channel, name=peer.channel)
            stays = await tx.channels.admit(channel.id, peer.id, peer.channel)
        else:
            stays = await tx.channels.identify(channel.id, peer.id)
        await tx.peers.keep(self._account, stays, address)
        if stays != channel.id:
            log.warning("%s is a channel that was known under another name: its posts stay together", channel.name)
        if self._kept is not None:
            same = [each for each, known in self._kept.items() if known.telegram_id == peer.id]
            for each in same:  # under another name it may have been joined to this one just now
                del self._kept[each]
            self._kept[stays] = address
        # the name as our list spells it: Telegram may show another of the channel's names
        return stays, replace(peer, channel=channel.name)
