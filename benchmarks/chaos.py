"""Channels read by two accounts and the web preview while everything goes wrong: is anything lost, doubled or stale?

    python -m benchmarks.chaos [--seed N | --seeds 1-20] [--channels 200] [--posts 5000]

A MiniTelegram on loopback, and a t.me that shows the same channels, publish, edit and delete by a script drawn from
the seed; between them and the real readers (Telethon, AccountReader, WebReader, Ways, Intake, SQLite) pushes get lost,
lines are cut, the readers are cancelled wherever they are and begun anew, 500 events come at once, calls meet waits of
1 to 300 s and now and then of hours, a channel is closed to an account for a while, and the sessions of one account,
then of both, are revoked for a while, so that channels change over between the accounts and the preview. The readers'
clock is the script's, so hours pass in seconds. The script is the same for a seed; where in their work the readers are
hit is not. Then the faults end, the clock moves on by the readers' slow timers, and the archive is compared with the
server, message by message. Exits with 1 where they differ.
"""

import argparse
import asyncio
import heapq
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from random import Random

from aiohttp import web
from telethon.sessions import StringSession

from core.model import WEB_WAY, ChannelId, ChannelList, Post
from ingest.accounts.reader import AccountReader
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import open_http
from ingest.intake import Intake
from ingest.preview.reader import WebReader
from ingest.preview.source import WebSource
from ingest.telegram.account import Account
from ingest.telegram.call_budget import Pace
from ingest.telegram.post import albums
from ingest.telegram.source import TelegramSource
from ingest.ways import Ways
from storage.store import Store
from tests.servers.mtproto import MiniTelegram
from tests.servers.mtproto_api import Channel
from tests.servers.preview_pages import SitePost
from tests.servers.preview_site import PreviewSite

PHONES = {"ann": "+10000001", "bob": "+10000002"}
START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
GAP = 500  # events that come at once while nobody listens
PER_ROUND = 150  # posts
PAUSE = 150  # seconds from round to round, on average
JOINED = 0.8  # of the channels: the others are never pushed
LOST = 0.3  # of the pushes
RECENT = 250  # posts of a channel among which edits and deletions happen
COLUMNS = (
    "posts",
    "edits",
    "deletions",
    "pushes lost",
    "cuts",
    "restarts",
    "in work",
    "gaps",
    "floods",
    "changes",
    "calls",
    "pages",
)
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
    def sleeping(self) -> int:
        return sum(not woken.done() for _, _, woken in self._sleepers)


class Mirror(PreviewSite):
    """A t.me that shows the channels of a MiniTelegram."""

    def __init__(self, tg: MiniTelegram) -> None:
        super().__init__()
        self._tg = tg

    async def _preview(self, request: web.Request) -> web.StreamResponse:
        channel = self._tg.find(request.match_info["name"])
        shown = self.channel(channel.username or "", channel.title)
        for group in albums(map(channel.messages.get, sorted(channel.messages))):
            first = group[0]
            shown.posts[first.id] = SitePost(
                first.id,
                escape(first.message),
                date=first.date,
                edited=first.edit_date is not None,
                photos=len(group) if first.grouped_id else 0,
            )
        return await super()._preview(request)


class CountedWays(Ways):
    """Counts how often a channel changed over."""

    def __init__(self, store: Store, clock: Clock, accounts: list[str], done: Counter[str]) -> None:
        super().__init__(store, clock, accounts)
        self._done = done

    def _tell(self, changes: Mapping[ChannelId, str]) -> None:
        self._done["changes"] += len(changes)


@dataclass
class Run:
    """One seed: the servers, the archive, and the readers between them."""

    tg: MiniTelegram
    web: WebSource
    group: asyncio.TaskGroup
    store: Store
    random: Random
    channels: list[Channel]
    clock: Clock = field(default_factory=Clock)
    done: Counter[str] = field(default_factory=Counter)
    edited: set[tuple[int, int]] = field(default_factory=set)
    readers: list[AccountReader | WebReader] = field(default_factory=list)
    running: list[asyncio.Task[None]] = field(default_factory=list)
    paces: list[Pace] = field(default_factory=list)

    async def begin(self) -> None:
        """Follow the channels, of which some are joined, and read them for the first time."""
        for channel in self.channels:
            if self.random.random() < JOINED:
                self.tg.join(channel.id, self.random.choice(list(PHONES.values())))
            await self.publish(channel, self.random.randint(0, 3))
        names = tuple(channel.username or "" for channel in self.channels)
        async with self.store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=names)], {})
        self.sessions = {name: self.tg.mint(phone) for name, phone in PHONES.items()}
        self.paces = [Pace(monotonic=lambda: self.clock().timestamp(), sleep=self.clock.sleep) for _ in PHONES]
        self.start()
        while await self._unread():
            self.clock.passes(3600)  # so many names may be looked up in an hour
            await self.settle()

    async def _unread(self) -> bool:
        async with self.store.read() as tx:
            return any(each.channel.way in (None, WEB_WAY) or not each.read_at for each in await tx.channels.present())

    def start(self) -> None:
        intake, ways = Intake(self.store, self.clock), CountedWays(self.store, self.clock, [*PHONES], self.done)
        self.readers = [WebReader(self.store, self.web, intake, self.clock, sleep=self.clock.sleep)]
        for name, session in self.sessions.items():
            account = Account(api_id=1, api_hash="x", session=session, name=name)
            source = TelegramSource(account, pace=self.paces[len(self.readers) - 1])
            self.readers.append(AccountReader(self.store, source, intake, self.clock, ways, sleep=self.clock.sleep))
        self.running = [self.group.create_task(reader.run()) for reader in self.readers]

    async def stop(self) -> None:
        for task in self.running:
            task.cancel()
        await asyncio.wait(self.running)

    @property
    def is_busy(self) -> bool:
        # the preview's reader keeps a channel before its moment comes, which is a wait like any other
        return any(reader.is_busy for reader in self.readers if isinstance(reader, AccountReader))

    async def settle(self, patience: float = 10, still: int = 3) -> None:
        """Wait until the readers have nothing to do, in real time: `still` looks in a row must say so, for a page of
        the preview may be on its way while its reader waits for the moment of another channel."""
        until = time.monotonic() + patience
        quiet = 0
        while quiet < still and time.monotonic() < until:
            quiet = quiet + 1 if self.clock.sleeping >= len(self.readers) and not self.is_busy else 0
            if any(pace.waiting for pace in self.paces):
                self.clock.passes(0.2)
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
        """Cancel the readers wherever they are; the world goes on for up to an hour."""
        self.done["restarts"] += 1
        await asyncio.sleep(self.random.random() * 0.05)
        self.done["in work"] += self.is_busy
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
        wait = self.random.randint(1, 300) if self.random.random() < 0.8 else self.random.randint(1, 3) * 3600
        self.tg.fault(method, channel=about and about.id, text=f"FLOOD_WAIT_{wait}", times=self.random.randint(1, 4))

    async def play(self, posts: int) -> None:
        """The script: `posts` posts, and everything that goes wrong among them."""
        gaps = max(1, posts // 2500)
        rounds = max(6, (posts - gaps * GAP * 9 // 10) // PER_ROUND) if posts > 2 * GAP else 6
        each = max(1, (posts - gaps * GAP * 9 // 10 if posts > 2 * GAP else posts) // rounds)
        gap_at = set(self.random.sample(range(rounds), gaps)) if posts > 2 * GAP else set()
        closed_at, revoked_at, all_revoked_at = self.random.sample(range(rounds - 2), 3)
        closed, phones = self.random.choice(self.channels), [*PHONES.values()]
        one = self.random.choice(phones)
        for now in range(rounds):
            for _ in range(each):
                await self.publish(self.random.choice(self.channels), 1)
            for _ in range(max(1, each // 4)):
                await self.change(self.random.choice(self.channels))
            if now in gap_at:
                await self.gap()
            if now == closed_at:
                await self.tg.ban(closed.id, one)
            if now == closed_at + 2:
                self.open(closed, one)
            if now in (revoked_at + 2, all_revoked_at + 2):
                self.restore()
            if now in (revoked_at, all_revoked_at):
                self.revoke(phones if now == all_revoked_at else [one])
            if self.random.random() < 0.35:
                await self.flood()
            self.clock.passes(self.random.expovariate(1 / PAUSE))
            if self.random.random() < 0.25:
                await self.cut()
            if self.random.random() < 0.25:
                await self.restart()
            await self.settle(1)
        self.open(closed, one)
        self.restore()

    def open(self, channel: Channel, phone: str) -> None:
        channel.banned.clear()
        self.tg.join(channel.id, phone)

    def revoke(self, phones: Iterable[str]) -> None:
        for phone in phones:
            self.tg.revoke(phone)
        self.tg.cut()

    def restore(self) -> None:
        users = {StringSession(session).auth_key.key: PHONES[name] for name, session in self.sessions.items()}
        for key in self.tg.keys.values():
            if key.key in users:
                key.user = self.tg.user(users[key.key])["id"]

    async def reconcile(self) -> None:
        """Let everything be read once more: after the longest wait of a closed channel, and by the slow timer."""
        self.tg.faults.clear()
        for hours in (0.4, 6.1, 0.4, 0.4, 4, 0.4):
            self.clock.passes(hours * 3600)
            await self.settle(60, still=20)
        assert not any(task.done() for task in self.running)

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
            async with AsyncExitStack() as stack:
                tg = await stack.enter_async_context(MiniTelegram())
                site = await stack.enter_async_context(Mirror(tg))
                guard = Guard(parse_allow([site.url]))
                http = await stack.enter_async_context(open_http(agent="chaos", guard=guard))
                group = await stack.enter_async_context(asyncio.TaskGroup())
                towns = [tg.channel(f"town_{number}") for number in range(channels)]
                web = WebSource(http, base=site.url, spacing=0.0)
                world = Run(tg, web, group, store, Random(seed), towns)
                try:
                    await world.begin()
                    await world.play(posts)
                    await world.reconcile()
                finally:
                    await world.stop()
                made = Counter(calls=len(tg.calls), pages=len(site.requests))
                return world.done + made + await world.compare()
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
