"""What accounts may not read and call for a while."""

from datetime import datetime, timedelta

from core.model import Refusal
from storage.store import Store


async def test_what_a_clock_that_was_ahead_wrote_is_over_once_it_is_right(any_store: Store, now: datetime) -> None:
    ahead = now + timedelta(days=30)
    async with any_store.begin() as tx:
        channel = (await tx.channels.ensure(["harbour_wire"]))["harbour_wire"]
        until = ahead + timedelta(hours=6)
        refusal = Refusal(channel=channel, account="ann", until=until, reason="is closed")
        await tx.accounts.refuse(refusal, ahead)
        await tx.accounts.refuse_to_join(refusal, ahead)
        await tx.accounts.rest("ann", "resolve", until, "a flood", ahead)
        for clock, held in ((ahead, True), (until, False), (now, False)):
            assert bool(await tx.accounts.refusals(clock)) is held
            assert bool(await tx.accounts.join_refusal("ann", channel, clock)) is held
            assert bool(await tx.accounts.rests(clock)) is held
