"""How an account fares: whether it reads, rests or is out, and what it cannot read.

It is kept in the tables, and told to the administrators where it reads nothing.
"""

import logging
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import (
    AccountBanned,
    CannotJoin,
    ChannelUnavailable,
    CourantError,
    RateLimited,
    SettingsError,
    SignedOut,
    SourceError,
    StorageError,
)
from core.model import WEB_WAY, AccountState, ChannelId, Reading, Refusal, Source
from ingest.rhythm import Rest, lasting
from ingest.telegram.answers import Unreadable
from ingest.troubles import Troubles
from ingest.ways import Ways
from storage.store import Store

LONG_SILENCE = timedelta(hours=1)  # after which the administrators hear that an account cannot be reached
LONG = timedelta(minutes=5)  # what has to wait longer is read by another way meanwhile
PATIENT = 3  # failures in a row after which a channel, or all of them, are read by another way

log = logging.getLogger(__name__)


class Fares:
    """How one account fares; the ways are settled where that changes."""

    def __init__(self, account: str, store: Store, clock: Clock, ways: Ways, troubles: Troubles) -> None:
        """`troubles` tells the administrators."""
        self._account, self._store, self._clock, self._ways, self._troubles = account, store, clock, ways, troubles
        self._flooded: tuple[ChannelId, datetime] | None = None
        self._rest: Rest | None = None
        self._state: AccountState | None = None
        self._since: datetime | None = None  # it is in this state
        self._is_known = False  # to the administrators, that it reads nothing
        self._logged: str | None = None

    async def remember(self) -> None:
        """How the account fared before a restart; to be called before all else."""
        if self._state is not None:
            return
        async with self._store.read() as tx:
            before = {each.name: each for each in await tx.accounts.all()}.get(self._account)
        if before is not None:
            self._state, self._since, self._is_known = before.state, before.since, before.told
            if before.state is AccountState.RESTING and before.until is not None:
                self._rest = Rest(before.since, before.until)

    def rests(self) -> bool:
        """Whether nothing is to be asked by this account now."""
        self._rest = lasting(self._rest, self._clock())
        return self._rest is not None

    async def flooded(self, channel: ChannelId, error: RateLimited) -> None:
        """One channel that has to wait holds up no other; a second one at the same time means that all have to."""
        now = self._clock()
        until = now + timedelta(seconds=error.seconds)
        if self._flooded is not None and self._flooded[0] != channel and self._flooded[1] > now:
            rest = lasting(self._rest, now)
            self._rest = Rest(now, max(until, rest.until) if rest else until)
            log.info("account %s rests until %s: %s", self._account, self._rest.until, error.reason)
            if self._rest.until - now > LONG:
                await self._change(AccountState.RESTING, until=self._rest.until, reason=error.reason)
        self._flooded = channel, until

    async def failed(self, reading: Reading, error: SourceError, wait: timedelta) -> None:
        """A channel could not be read: keep why and for how long; what takes long is refused, so that another way takes
        it over."""
        channel, now, closed = reading.channel.id, self._clock(), False
        until = now + wait
        self._troubles.count(error.cause)
        if not reading.failures:
            # Telegram's limits are daily bread, and one is told for each channel that it holds up
            level = logging.INFO if isinstance(error, RateLimited) else logging.WARNING
            log.log(level, "%s; again in %s", error, wait)
        async with self._store.begin() as tx:
            for by_now in await tx.channels.readings(Source.ACCOUNT, [channel]):  # its way may have changed meanwhile
                if by_now.channel.way in (self._account, WEB_WAY, None):
                    await tx.channels.failed(channel, Source.ACCOUNT, error.reason, until, now=now)
                if by_now.channel.way != self._account or _takes_long(error, wait, by_now.failures + 1):
                    refusal = Refusal(channel=channel, account=self._account, until=until, reason=error.reason)
                    new = await tx.accounts.refuse(refusal, now)
                    closed = new and by_now.read_at is not None and isinstance(error, ChannelUnavailable)
        await self._ways.settle([channel])
        if isinstance(error, Unreadable) and (words := self._troubles.again(error, reading.failures)):
            await self._troubles.tell(words)
        if closed:
            words = f"Account {self._account} cannot read {error} (it could before). More on it: courant channels"
            await self._troubles.tell(words)

    async def reads(self) -> bool:
        """The account reads; gives whether that is news, after which the ways are settled."""
        is_new = self._state is not AccountState.READING
        if is_new:
            await self._change(AccountState.READING)
        return is_new

    def is_in(self) -> None:
        """What kept the account from reading is over: it is logged as news where it comes again."""
        if self._logged is not None:
            log.info("account %s reads again", self._account)
        self._logged = None

    async def is_out(self, error: CourantError, failures: int) -> None:
        """Nothing can be read, so many times in a row: say so once, and let the other ways take over, where that is no
        passing thing."""
        words = reason_of(self._account, error)
        if words != self._logged:
            log.error("account %s: %s", self._account, words)
        self._logged = words
        if isinstance(error, AccountBanned):
            state = AccountState.BANNED
        elif isinstance(error, SignedOut | SettingsError):
            state = AccountState.SIGNED_OUT
        elif failures >= PATIENT:
            state = AccountState.UNREACHABLE
        else:
            return
        try:
            await self.remember()
            await self._change(state, reason=words)
        except StorageError as failed:
            log.error("how account %s fares cannot be kept: %s", self._account, failed)

    async def _change(self, state: AccountState, *, until: datetime | None = None, reason: str | None = None) -> None:
        """Keep how the account fares; the administrators are told where it reads nothing, and when it reads again."""
        now = self._clock()
        is_new = self._state is not state
        since = now if is_new or self._since is None else self._since
        news = None
        if state is AccountState.READING and self._is_known:
            news = f"Account {self._account} reads again."
        elif state in (AccountState.SIGNED_OUT, AccountState.BANNED) and is_new and reason:
            news = f"Account {self._account} reads nothing any more. {reason[0].upper()}{reason[1:]}."
        elif state is AccountState.UNREACHABLE and not self._is_known and now - since >= LONG_SILENCE:
            news = f"Account {self._account} could not be reached since {since:%Y-%m-%d %H:%M} UTC: {reason}."
        is_known = state is not AccountState.READING if news else self._is_known
        async with self._store.begin() as tx:
            await tx.accounts.fares(self._account, state, now, until=until, reason=reason, told=is_known)
        # not before: what could not be kept is to be news the next time, too
        self._state, self._since, self._is_known = state, since, is_known
        await self._ways.settle()
        if news:
            await self._troubles.tell(news)


def _takes_long(error: SourceError, wait: timedelta, failures: int) -> bool:
    if isinstance(error, CannotJoin):  # another account may be let in meanwhile
        return True
    return wait > LONG if isinstance(error, RateLimited | ChannelUnavailable) else failures >= PATIENT


def reason_of(account: str, error: CourantError) -> str:
    """Why an account cannot read, and what to do about it."""
    if isinstance(error, AccountBanned):
        return error.reason
    if isinstance(error, SignedOut):
        return f"signed out: sign in with `courant login --account {account}`"
    return error.reason if isinstance(error, SourceError) else str(error)
