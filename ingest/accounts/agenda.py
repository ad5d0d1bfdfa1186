"""What of an account's channels is to be read now: those that are due, those that a hint tells of, those whose address
is to be found.

    hints, the clock ── what is due, what was told ── begun, up to a few ── done: whatever waited for it

Hints only shorten the wait: whatever they miss is found when the channel is due.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from core.clock import Clock, is_within
from core.model import ChannelId, Reading, Source
from ingest.accounts.fares import Fares
from ingest.accounts.pages import Wanted
from ingest.accounts.peers import AddressBook
from ingest.telegram.source import TelegramSource
from ingest.telegram.values import Hint, HintKind
from ingest.ways import Ways
from storage.store import Store

BATCH = 20  # channels that are begun and not done yet
AT_ONCE = 4  # of them
IDLE_SECONDS = 5.0
ALL = Hint(kind=HintKind.RECONNECTED)  # what was told of any channel may be lost
_IDLE = timedelta(seconds=IDLE_SECONDS)


class Agenda:
    """Keeps which channels of an account are begun, and says which come next."""

    def __init__(
        self, store: Store, source: TelegramSource, clock: Clock, ways: Ways, book: AddressBook, fares: Fares
    ) -> None:
        self._store, self._source, self._clock = store, source, clock
        self._ways, self._book, self._fares = ways, book, fares
        self._busy: dict[ChannelId, bool] = {}  # begun and not done; whether they were due
        self._later: list[Hint] = []  # about channels that are busy
        self._awaited: set[ChannelId] = set()  # these channels
        self._again: set[ChannelId] = set()  # channels that were being read when what was told of them was lost
        self._more = False  # due channels wait for others to be done
        self._looked_at: datetime | None = None  # for due channels

    @property
    def is_busy(self) -> bool:
        """Whether channels are begun and not done."""
        return bool(self._busy)

    def begun(self, wanted: Wanted) -> None:
        """The channel is being read from now on."""
        self._busy[wanted.reading.channel.id] = wanted.due

    def done(self, channel: ChannelId) -> bool:
        """The channel is not being read any more; gives whether something has waited for that."""
        del self._busy[channel]
        more = self._more and sum(self._busy.values()) < AT_ONCE
        return more or channel in self._awaited | self._again

    async def choose(self, hints: Sequence[Hint], *, looks_up: bool) -> Sequence[Wanted]:
        """What is to be begun now, as these hints and the clock say; no address is to be found where one `looks_up`
        already. Raises SignedOut and StorageError."""
        hints = [*self._later, *hints]
        self._later = []
        self._awaited.clear()
        await self._fares.remember()
        if self._fares.rests():
            self._later = [ALL]  # those that come meanwhile are not followed
            return ()
        await self._catch_up(hints)
        now = self._clock()
        # what is begun hears no push before it is done, so that few are to wait for the account's pace
        room = max(0, min(BATCH, max(1, self._source.pages_free)) - sum(self._busy.values()))
        names = () if looks_up else self._ways.to_find(self._source.name, self._book.budget.left)
        told = await self._told_of(hints, now)
        again = self._again - self._busy.keys()
        self._again -= again
        asked = told.keys() | again
        looks = self._is_to_look(hints, now)
        async with self._store.read() as tx:
            # one more than can be begun, so that it shows whether others wait
            most = room + len(self._busy) + 1
            due = await tx.channels.due(Source.ACCOUNT, now, most, account=self._source.name) if looks else ()
            unknown = await tx.channels.readings(Source.ACCOUNT, names) if names else ()
            named = await tx.channels.readings(Source.ACCOUNT, asked) if asked else ()
        free = [reading for reading in due if reading.channel.id not in self._busy]
        self._more = len(free) > room
        found = (*free[:room], *(reading for reading in unknown if reading.channel.id not in self._busy))
        wanted = {reading.channel.id: Wanted(reading, due=True) for reading in found}
        for reading in named:
            channel = reading.channel.id
            new, edited = told.get(channel, (False, frozenset()))
            if self._may_be_read(reading, now):
                wanted[channel] = Wanted(reading, channel in wanted or channel in again, new, edited)
        return tuple(wanted.values())

    async def _catch_up(self, hints: Sequence[Hint]) -> None:
        """Learn of addresses and ways what has changed, and have all channels read where hints may be lost."""
        has_changed = await self._book.refresh()
        is_lost = any(hint.channel_id is None for hint in hints)  # what was told of channels meanwhile
        await self._settle(at_once=has_changed, at_leisure=is_lost or not hints)
        if is_lost:
            async with self._store.begin() as tx:
                await tx.channels.all_due(self._source.name, self._clock())
            self._again.update(self._busy)  # when they are done they say when they are due, which undoes this

    async def _settle(self, *, at_once: bool, at_leisure: bool) -> None:
        """Settle the ways: now, or unless that was done a moment ago. What was pushed waits for neither."""
        if await self._fares.reads():
            return  # which settles them
        if at_once:
            await self._ways.settle()
        elif at_leisure:
            await self._ways.keep_settled()

    def _is_to_look(self, hints: Sequence[Hint], now: datetime) -> bool:
        """Whether to look for due channels. That takes longer the more channels there are, and what is pushed says
        nothing of others: where nothing is known to wait, that they are looked for every few seconds is enough."""
        is_pushed = bool(hints) and all(hint.channel_id is not None for hint in hints)
        if is_pushed and is_within(_IDLE, self._looked_at, now) and not self._more:
            return False
        self._looked_at = now
        return True

    async def _told_of(self, hints: Sequence[Hint], now: datetime) -> dict[ChannelId, tuple[bool, frozenset[int]]]:
        """The channels that hints tell of and that are not busy: whether something is new there, and what was edited.
        Deletions are marked at once."""
        told: dict[ChannelId, tuple[bool, frozenset[int]]] = {}
        by_number: dict[int, list[Hint]] = {}
        for hint in hints:
            if hint.channel_id is not None:
                by_number.setdefault(hint.channel_id, []).append(hint)
        gone: dict[ChannelId, frozenset[int]] = {}
        for number, channels in self._book.heard_of(by_number).items():
            own = by_number[number]
            if not self._busy.keys().isdisjoint(channels):
                self._later.extend(own)
                self._awaited.update(channels)
                continue
            deleted = _ids(own, HintKind.DELETED)
            new, edited = any(hint.kind is HintKind.NEW for hint in own), _ids(own, HintKind.EDITED) - deleted
            for channel in channels:
                if deleted:
                    gone[channel] = deleted
                if new or edited:
                    told[channel] = new, edited
        if gone:
            async with self._store.begin() as tx:
                for channel, deleted in gone.items():
                    await tx.posts.mark_deleted(channel, deleted, now)
        return told

    def _may_be_read(self, reading: Reading, now: datetime) -> bool:
        """Whether a hint may shorten the wait: not for a channel that another way reads, nor for one that rests."""
        rests = reading.failures > 0 and reading.next_at is not None and reading.next_at > now
        return reading.channel.way == self._source.name and not rests


def _ids(hints: Iterable[Hint], kind: HintKind) -> frozenset[int]:
    return frozenset(number for hint in hints if hint.kind is kind for number in hint.message_ids)
