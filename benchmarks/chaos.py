"""Channels read by an account while everything goes wrong: is anything lost, doubled or stale in the end?

    python -m benchmarks.chaos [--seed N | --seeds 1-20] [--channels 200] [--posts 5000]

A MiniTelegram on loopback publishes, edits and deletes by a script drawn from the seed; between it and the real reader
(Telethon, AccountReader, Intake, SQLite) pushes get lost, lines are cut, the reader is cancelled wherever it is and
begun anew, 500 events come at once, calls meet waits of 1 to 300 s, a channel is closed for a while and the session is
revoked for a while. The reader's clock is the script's, so hours pass in seconds. The script is the same for a seed;
where in its work the reader is hit is not. Then the faults end, the clock moves on by the reader's slow timer, and the
archive is compared with the server, message by message. Exits with 1 where they differ.
"""

import argparse
import asyncio
import heapq
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from core.model import ChannelList, Post
from ingest.account_reader import AccountReader
from ingest.intake import Intake
from ingest.telegram import Account, TelegramSource
from ingest.telegram_post import albums
from ingest.ways import Ways
from storage.store import Store
from tests.servers.mtproto import MiniTelegram
from tests.servers.mtproto_api import Channel

PHONE = "+10000001"
START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
GAP = 500  # events that come at once while nobody listens
PER_ROUND = 150  # posts
PAUSE = 150  # seconds from round to round, on average
JOINED = 0.8  # of the channels: the others are never pushed
LOST = 0.3  # of the pushes
RECENT = 250  # posts of a channel among which edits and deletions happen
COLUMNS = ("posts", "edits", "deletions", "pushes lost", "cuts", "restarts", "in work", "gaps", "floods", "calls")
FAULTS = ("lost", "doubled", "stale")

log = logging.getLogger("chaos")


class Clock:
    """Time that passes when the script says so; who sleeps is woken then."""

    def __init__(self) -> None:
        self.now = START
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + timedelta(seconds=seconds), self._count, woken))
        await woken

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self.now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)

    @property
    def someone_sleeps(self) -> bool:
        return any(not woken.done() for _, _, woken in self._sleepers)


@dataclass
class Run:
    """One seed: the server, the archive, and the reader between them."""

    tg: MiniTelegram
    group: asyncio.TaskGroup
    store: Store
    random: Random
    channels: list[Channel]
    clock: Clock = field(default_factory=Clock)
    done: Counter[str] = field(default_factory=Counter)
    edited: set[tuple[int, int]] = field(default_factory=set)
    reader: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Follow the channels, of which some are joined, and read them for the first time."""
        for channel in self.channels:
            if self.random.random() < JOINED:
                self.tg.join(channel.id, PHONE)
            await self.publish(channel, self.random.randint(0, 3))
        names = tuple(channel.username or "" for channel in self.channels)
        async with self.store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=names)], {})
        self.session = self.tg.mint(PHONE)
        self.start()
        while await self._unread():
            self.clock.passes(3600)  # so many names may be looked up in an hour
            await self.settle()

    async def _unread(self) -> bool:
        async with self.store.read() as tx:
            known = await tx.peers.of("main")
        return len(known) < len(self.channels)

    def start(self) -> None:
        source = TelegramSource(Account(api_id=1, api_hash="x", session=self.session))
        intake = Intake(self.store, self.clock)
        ways = Ways(self.store, self.clock, [source.name])
        reader = AccountReader(self.store, source, intake, self.clock, ways, sleep=self.clock.sleep)
        self.account = reader
        self.reader = self.group.create_task(reader.run())

    async def stop(self) -> None:
        assert self.reader
        self.reader.cancel()
        await asyncio.wait([self.reader])

    async def settle(self, patience: float = 10) -> None:
        """Wait until the reader has nothing to do, in real time."""
        until = time.monotonic() + patience
        quiet = 0
        while quiet < 3 and time.monotonic() < until:
            quiet = quiet + 1 if self.clock.someone_sleeps and not self.account.is_busy else 0
            await asyncio.sleep(0.003)

    # ---- what happens in the channels
    def told(self) -> bool:
        push = self.random.random() >= LOST
        self.done["pushes lost"] += not push
        return push

    async def publish(self, channel: Channel, count: int, push: bool | None = None) -> None:
        for _ in range(count):
            self.done["posts"] += 1
            words = f"Ministers met in town {self.random.randint(1, 10**9)}, part {channel.next_id}."
            album = self.random.getrandbits(40) if self.random.random() < 0.05 else None
            for part in range(self.random.randint(2, 4) if album else 1):
                await self.tg.post(
                    channel.id,
                    "" if part else words,
                    photo=b"x" if album else None,
                    date=self.clock.now.timestamp(),
                    push=self.told() if push is None else push,
                    grouped_id=album,
                )

    async def change(self, channel: Channel, push: bool | None = None) -> None:
        """Edit or delete one of the channel's recent posts."""
        worded = [number for number in sorted(channel.messages)[-RECENT:] if channel.messages[number].message]
        if not worded:
            return
        number = self.random.choice(worded)
        told = self.told() if push is None else push
        if self.random.random() < 0.6:
            self.done["edits"] += 1
            self.edited.add((channel.id, number))
            await self.tg.edit(channel.id, number, f"Ministers left town {self.random.randint(1, 10**9)}.", push=told)
            return
        album = channel.messages[number].grouped_id
        parts = [m.id for m in channel.messages.values() if m.id == number or (album and m.grouped_id == album)]
        self.done["deletions"] += 1
        await self.tg.delete(channel.id, *parts, push=told)

    # ---- what goes wrong
    async def cut(self) -> None:
        self.done["cuts"] += 1
        await asyncio.sleep(self.random.random() * 0.02)
        self.tg.cut()

    async def restart(self) -> None:
        """Cancel the reader wherever it is; the world goes on for up to an hour."""
        self.done["restarts"] += 1
        await asyncio.sleep(self.random.random() * 0.05)
        self.done["in work"] += not self.clock.someone_sleeps
        await self.stop()
        for channel in self.random.choices(self.channels, k=5):
            await self.publish(channel, 1)
            await self.change(channel)
        self.clock.passes(self.random.random() * 3600)
        self.start()

    async def gap(self) -> None:
        """So many events that the account is told that they are too many, with the last one."""
        self.done["gaps"] += 1
        channel = self.random.choice(self.channels)
        for _ in range(10):
            await self.change(channel, push=False)
        for number in range(GAP):
            if number % 10:
                await self.publish(channel, 1, push=False)
            else:
                await self.change(channel, push=False)
        await self.publish(channel, 1, push=True)

    async def flood(self) -> None:
        self.done["floods"] += 1
        method = self.random.choices(("GetHistory", "GetDialogs", "GetChannelDifference"), (8, 1, 1))[0]
        about = self.random.choice(self.channels) if method == "GetHistory" and self.random.random() < 0.7 else None
        wait = self.random.randint(1, 300)
        self.tg.fault(method, channel=about and about.id, text=f"FLOOD_WAIT_{wait}", times=self.random.randint(1, 4))

    async def play(self, posts: int) -> None:
        """The script: `posts` posts, and everything that goes wrong among them."""
        gaps = max(1, posts // 2500)
        rounds = max(6, (posts - gaps * GAP * 9 // 10) // PER_ROUND) if posts > 2 * GAP else 6
        each = max(1, (posts - gaps * GAP * 9 // 10 if posts > 2 * GAP else posts) // rounds)
        gap_at = set(self.random.sample(range(rounds), gaps)) if posts > 2 * GAP else set()
        closed_at, revoked_at = self.random.sample(range(rounds - 2), 2)
        closed = self.random.choice(self.channels)
        for now in range(rounds):
            for _ in range(each):
                await self.publish(self.random.choice(self.channels), 1)
            for _ in range(max(1, each // 4)):
                await self.change(self.random.choice(self.channels))
            if now in gap_at:
                await self.gap()
            if now == closed_at:
                await self.tg.ban(closed.id, PHONE)
            if now == closed_at + 2:
                self.open(closed)
            if now == revoked_at:
                self.tg.revoke(PHONE)
                self.tg.cut()
            if now == revoked_at + 2:
                self.restore()
            if self.random.random() < 0.35:
                await self.flood()
            self.clock.passes(self.random.expovariate(1 / PAUSE))
            if self.random.random() < 0.25:
                await self.cut()
            if self.random.random() < 0.25:
                await self.restart()
            await self.settle(1)
        self.open(closed)
        self.restore()

    def open(self, channel: Channel) -> None:
        channel.banned.clear()
        self.tg.join(channel.id, PHONE)

    def restore(self) -> None:
        for key in self.tg.keys.values():
            key.user = self.tg.user(PHONE)["id"]

    async def reconcile(self) -> None:
        """Let everything be read once more: after the longest wait of a closed channel, and by the slow timer."""
        self.tg.faults.clear()
        for hours in (0.4, 6.1, 0.4):
            self.clock.passes(hours * 3600)
            await self.settle(60)
        assert self.reader
        assert not self.reader.done()

    # ---- what came of it
    async def compare(self) -> Counter[str]:
        found = Counter[str]()
        async with self.store.read() as tx:
            known = await tx.channels.by_names([channel.username or "" for channel in self.channels])
            stored: dict[str, list[Post]] = {name: [] for name in known}
            async for post in tx.posts.every():
                stored[post.channel.lower()].append(post)
            for channel in self.channels:
                found += self._compared(channel, stored[(channel.username or "").lower()])
        return found

    def _compared(self, channel: Channel, posts: list[Post]) -> Counter[str]:
        """What the archive has of a channel, against the messages that are there."""
        found = Counter[str]()
        for name, number in self._faults(channel, posts):
            found[name] += 1
            log.warning("%s: %s/%s of %s", name, channel.username, number, max(channel.messages, default=0))
        return found

    def _faults(self, channel: Channel, posts: list[Post]) -> Iterator[tuple[str, int]]:
        kept = {post.message_id: post for post in posts if not post.deleted}
        there = {group[0].id: group[0].message for group in albums(map(channel.messages.get, sorted(channel.messages)))}
        for number in there.keys() - kept.keys():
            gone = any(post.message_id == number for post in posts)
            yield ("stale" if gone else "lost"), number
        for number, post in kept.items():
            changed = (channel.id, number) in self.edited
            if number not in there:
                yield ("doubled" if number in channel.messages else "stale"), number
            elif post.text != there[number] or (post.edits and not changed):
                yield "stale", number
        for number, times in Counter(post.message_id for post in posts).items():
            if times > 1:
                yield "doubled", number


async def run(seed: int, channels: int, posts: int) -> Counter[str]:
    """Play one seed; gives what happened, and how many messages are lost, doubled and stale."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite:///{Path(folder) / 'chaos.db'}")
        try:
            async with MiniTelegram() as tg, asyncio.TaskGroup() as group:
                world = Run(
                    tg, group, store, Random(seed), [tg.channel(f"town_{number}") for number in range(channels)]
                )
                try:
                    await world.begin()
                    await world.play(posts)
                    await world.reconcile()
                finally:
                    await world.stop()
                return world.done + Counter(calls=len(tg.calls)) + await world.compare()
        finally:
            await store.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--seed", type=int)
    arguments.add_argument("--seeds", default="1-20")
    arguments.add_argument("--channels", type=int, default=200)
    arguments.add_argument("--posts", type=int, default=5000)
    given = arguments.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    log.setLevel(logging.WARNING)
    first, _, last = given.seeds.partition("-")
    seeds = [given.seed] if given.seed is not None else range(int(first), int(last or first) + 1)
    heads = ("seed", *COLUMNS, "seconds", *FAULTS)
    print(f"| {' | '.join(heads)} |\n| {' | '.join('---' for _ in heads)} |")
    total = Counter[str]()
    for seed in seeds:
        began = time.perf_counter()
        row = asyncio.run(run(seed, given.channels, given.posts))
        row["seconds"] = round(time.perf_counter() - began)
        total += row
        show(str(seed), row)
    show("all", total)
    sys.exit(1 if any(total[name] for name in FAULTS) else 0)


def show(name: str, row: Counter[str]) -> None:
    print(f"| {' | '.join((name, *(f'{row[key]:,}' for key in (*COLUMNS, 'seconds', *FAULTS))))} |", flush=True)


if __name__ == "__main__":
    main()
