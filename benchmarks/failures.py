"""Many channels fail at once, as when an account is thrown out of them.

    python -m benchmarks.failures [--channels 6000]

Channels whose addresses two accounts have, on SQLite. One account is refused one channel after the other, each refusal
written down and the ways settled after it, as the reader of an account does: of that channel, and for comparison of all
channels, which a hundred failures measure. Seconds of the clock for a failure, and what that makes for all channels.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from core.clock import utc_now
from core.model import ChannelId, ChannelList, Refusal
from ingest.ways import Ways
from storage.peers import Address
from storage.store import Store

ACCOUNTS = ("ann", "bob")
SETTLED_WHOLE = 100  # failures after which all channels are settled, which takes long


async def prepared(store: Store, count: int) -> tuple[Ways, list[ChannelId]]:
    names = [f"channel_{number}" for number in range(count)]
    async with store.begin() as tx:
        await tx.channels.take_over([ChannelList(id="all", titles={}, channels=tuple(names))], {})
        ids = list((await tx.channels.ensure(names)).values())
        for account in ACCOUNTS:
            for number, channel in enumerate(ids, 1):
                await tx.peers.keep(account, channel, Address(telegram_id=number, access_hash=number))
    ways = Ways(store, utc_now, ACCOUNTS)
    await ways.begin()
    async with store.read() as tx:
        return ways, [each.id for each in await tx.channels.all() if each.way == ACCOUNTS[0]]


async def failing(store: Store, ways: Ways, channels: Sequence[ChannelId], *, whole: bool) -> float:
    """Seconds a failure."""
    until = utc_now() + timedelta(hours=6)
    began = time.perf_counter()
    for channel in channels:
        async with store.begin() as tx:
            refusal = Refusal(channel=channel, account=ACCOUNTS[0], until=until, reason="is closed")
            await tx.accounts.refuse(refusal, utc_now())
        await ways.settle(None if whole else [channel])
    return (time.perf_counter() - began) / len(channels)


async def measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{Path(folder) / 'courant.db'}")
        ways, channels = await prepared(store, count)
        print(f"{len(channels)} of {count} channels fail\n")
        print("| settled | ms a failure | s for all |\n| --- | --- | --- |")
        few = min(len(channels) // 2, SETTLED_WHOLE)
        own = await failing(store, ways, channels[few:], whole=False)
        whole = await failing(store, ways, channels[:few], whole=True)
        for words, seconds in (("the channel alone", own), ("all channels", whole)):
            print(f"| {words} | {seconds * 1000:.1f} | {seconds * len(channels):.0f} |")
        await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=6000)
    asyncio.run(measure(parser.parse_args().channels))
