"""How an account becomes a member of channels: as seldom as an account may, and not again soon where it was refused."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from core.clock import Clock
from core.errors import CannotJoin, ChannelUnavailable, RateLimited, SignedOut, SourceError
from core.model import Channel, Refusal
from ingest.telegram.call_budget import DAY, JOIN, CallBudget
from storage.store import Store

LOOKS_AGAIN = timedelta(hours=1)  # until an account that was refused looks whether it may ask again
ASKED = timedelta(days=30)  # after which a channel's admins are asked once more: who never looked may look now
REFUSED = timedelta(days=7)  # after which a channel that cannot be joined is tried again

Entered = TypeVar("Entered")


class Joining:
    """What one account joins. Refusals and calls are in the tables, so that it does not ask again after a restart."""

    def __init__(self, store: Store, clock: Clock, account: str) -> None:
        self._store, self._clock, self._account = store, clock, account
        self._budget = CallBudget(store, clock, account, JOIN)
        self._turn = asyncio.Lock()

    async def may_join(self) -> bool:
        """Whether a channel may be joined now, which is then counted."""
        async with self._turn:  # channels are read side by side: one must not spend what another counts on
            await self._budget.load()
            if not self._budget.left:
                return False
            await self._budget.spend()
            return True

    async def refusal(self, channel: Channel) -> Refusal | None:
        """Why the account is not to ask to become a member of the channel, and until when."""
        async with self._store.read() as tx:
            return await tx.accounts.join_refusal(self._account, channel.id, self._clock())

    async def check_may_ask(self, channel: Channel) -> None:
        """Raise CannotJoin where the account is not to ask to become a member now."""
        if (refusal := await self.refusal(channel)) is not None:
            wait = min((refusal.until - self._clock()).total_seconds(), LOOKS_AGAIN.total_seconds())
            raise CannotJoin(channel.name, refusal.reason, seconds=wait)
        await self._budget.load()
        if not self._budget.left:
            raise self._waits(channel)

    async def enter(self, channel: Channel, call: Callable[[], Awaitable[Entered]]) -> Entered:
        """Become a member by this call, unless the channel was asked before or the account has joined enough. Raises
        CannotJoin with what to wait for."""
        await self.check_may_ask(channel)
        if not await self.may_join():
            raise self._waits(channel)
        try:
            return await call()
        except SignedOut:
            raise
        except SourceError as error:
            await self.failed(channel, error)
            raise

    async def failed(self, channel: Channel, error: SourceError) -> None:
        """Remember why the account is no member."""
        if isinstance(error, RateLimited):
            await self._budget.rest(error.seconds, error.reason)
        elif isinstance(error, CannotJoin) and error.full:
            await self._budget.rest(DAY.total_seconds(), error.reason)
        else:
            now, reason = self._clock(), error.reason
            if isinstance(error, CannotJoin):
                until, reason = now + ASKED, "its admins have not let the account in yet"
            else:  # whatever it is: one channel must not use up what an account may join in a day
                until = now + (REFUSED if isinstance(error, ChannelUnavailable) else LOOKS_AGAIN)
            refusal = Refusal(channel=channel.id, account=self._account, until=until, reason=reason)
            async with self._store.begin() as tx:
                await tx.accounts.refuse_to_join(refusal, now)

    def _waits(self, channel: Channel) -> CannotJoin:
        wait = (self._budget.free_at - self._clock()).total_seconds()
        return CannotJoin(channel.name, "waits to be joined: an account joins few channels a day", seconds=wait)
