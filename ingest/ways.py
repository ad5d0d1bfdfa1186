"""By what way each channel is read: by one of the accounts, or by the web preview.

    how channels and accounts stand ── settle (pure) ── the way of each channel, in the tables

The readers take the channels whose way is theirs. A change of ways is one transaction in which whoever takes over gets
the cursor of whoever read before, so that a kill at any point loses nothing.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

from core.clock import Clock, is_within
from core.logs import going_on
from core.model import WEB_WAY, AccountState, AccountStatus, ChannelId
from ingest.rhythm import Rest
from storage.readings import Standing
from storage.store import Store

FORMER_NAME = "main"  # of the account, when there could be only one
EVERY = timedelta(seconds=10)  # what nobody told of, as new lists or a wait that is over, is seen then

log = logging.getLogger(__name__)

Known = Mapping[str, Mapping[ChannelId, bool]]  # by account: the channels it has addresses of, and whether it joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The ways that change, and by account the channels whose address it is to find, the most urgent first."""

    changes: Mapping[ChannelId, str]
    to_find: Mapping[str, Sequence[ChannelId]]


def settle(
    standings: Iterable[Standing],
    accounts: Collection[str],
    out: Collection[str],
    known: Known,
    refused: Collection[tuple[str, ChannelId]],
) -> Settled:
    """Give each channel its way. `out` are the accounts that cannot read now, `refused` what single ones cannot read.

    Of the accounts that can read a channel those that have joined it come first, and among equals the one that
    rendezvous hashing draws: when an account comes or goes, only channels that it gains or loses change over. An
    account reads what it has the address of; meanwhile another that has it reads, or the web preview.
    """
    changes: dict[ChannelId, str] = {}
    to_find: dict[str, list[Standing]] = {}
    for each in standings:
        channel = each.channel
        able = [name for name in accounts if name not in out and (name, channel) not in refused]
        own = owner(able, channel, known) if each.source != WEB_WAY else None
        way = WEB_WAY if each.source != "account" else None
        if own is not None:
            if channel not in known.get(own, ()):
                to_find.setdefault(own, []).append(each)
            readers = [name for name in able if channel in known.get(name, ())]
            way = own if own in readers else _drawn(readers, channel) or way or own
        if way is None:
            way = each.way if each.way in accounts else _drawn(accounts, channel)
        if way is not None and way != each.way:
            changes[channel] = way
    return Settled(
        changes=changes,
        to_find={name: [each.channel for each in sorted(some, key=_urgency)] for name, some in to_find.items()},
    )


def owner(able: Sequence[str], channel: ChannelId, known: Known) -> str | None:
    """The account whose channel this is, of those that are able to read it."""
    return _drawn([name for name in able if known.get(name, {}).get(channel)] or able, channel)


def _drawn(names: Collection[str], channel: ChannelId) -> str | None:
    return max(names, key=lambda name: _weight(name, channel), default=None)


@lru_cache(maxsize=1 << 16)
def _weight(name: str, channel: ChannelId) -> bytes:
    return blake2b(f"{name}/{channel}".encode(), digest_size=8).digest()


def _urgency(each: Standing) -> tuple[bool, float, ChannelId]:
    """What nothing else can read comes first, then what was not read for longest."""
    read_at = each.read_at.timestamp() if each.read_at else 0.0
    return each.source != "account" and not each.fails_by_web, read_at, each.channel


class Ways:
    """Keeps the ways in the tables as the accounts fare."""

    def __init__(self, store: Store, clock: Clock, accounts: Collection[str]) -> None:
        """`accounts` are the names of all that there are."""
        self._store, self._clock, self._accounts = store, clock, tuple(accounts)
        self._settled_at: datetime | None = None
        self._to_find: dict[str, dict[ChannelId, None]] = {}  # in order
        self._turn = asyncio.Lock()

    async def begin(self) -> None:
        """Take over how things were before a restart, of the accounts that there are now."""
        async with self._store.begin() as tx:
            await tx.accounts.begin(self._accounts, self._clock())
            if self._accounts and FORMER_NAME not in self._accounts:
                await tx.peers.belong_to(self._accounts[0], FORMER_NAME)
        await self.settle()

    async def run(self) -> None:
        """Settle the ways every few seconds, until cancelled."""
        while True:
            with going_on(log, "the ways of channels wait"):
                await self.settle()
            await asyncio.sleep(EVERY.total_seconds())

    async def keep_settled(self) -> None:
        """Settle the ways, unless that was done a moment ago."""
        if not is_within(EVERY, self._settled_at, self._clock()):
            await self.settle()

    async def settle(self, channels: Collection[ChannelId] | None = None) -> None:
        """Settle the ways as everything stands now: of all channels, which reads how each of them stands, or of these
        only, after something that happened to them alone."""
        async with self._turn:
            now = self._clock()
            async with self._store.read() as tx:
                standings = await tx.channels.standings(channels)
                statuses = await tx.accounts.all() if self._accounts else ()
                known = await tx.peers.known(channels) if self._accounts else {}
                refusals = await tx.accounts.refusals(now, channels) if self._accounts else ()
            out = {status.name for status in statuses if _is_out(status, now)}
            refused = {(each.account, each.channel) for each in refusals}
            settled = settle(standings, self._accounts, out, known, refused)
            if settled.changes:
                async with self._store.begin() as tx:
                    await tx.channels.change_over(settled.changes, now)
                self._tell(settled.changes)
            if channels is None:
                self._to_find = {name: dict.fromkeys(some) for name, some in settled.to_find.items()}
                self._settled_at = now
            else:
                self._find_too(settled.to_find, channels)

    def _find_too(self, to_find: Mapping[str, Sequence[ChannelId]], settled: Collection[ChannelId]) -> None:
        """These channels were settled again: until all are, what is still to be found of them comes last."""
        for name in self._accounts:
            own = self._to_find.setdefault(name, {})
            for channel in settled:
                own.pop(channel, None)
            own.update(dict.fromkeys(to_find.get(name, ())))

    def to_find(self, account: str, most: int | None = None) -> Sequence[ChannelId]:
        """The channels whose address this account is to find, or the first of them, the most urgent first."""
        return tuple(islice(self._to_find.get(account, ()), most))

    def _tell(self, changes: Mapping[ChannelId, str]) -> None:
        for way in sorted(set(changes.values())):
            count = sum(each == way for each in changes.values())
            log.info("%d channels are read by %s now", count, "the web preview" if way == WEB_WAY else f"account {way}")


def _is_out(status: AccountStatus, now: datetime) -> bool:
    if status.state is AccountState.RESTING:
        return status.until is not None and Rest(status.since, status.until).lasts(now)
    return status.state is not AccountState.READING
