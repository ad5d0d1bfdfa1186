"""From a post that is published to a post that a search finds: how long an account's live reading takes.

    python -m benchmarks.live [--channels N] [--posts N] [--burst N]

A Telegram server of our own runs beside, as a process; an account is in all the channels. Posts come one at a time into
channels chosen at random, then in bursts; each holds a word of its own, and is there when a search of the archive
(SQLite, in a file) finds that word. The baseline is what no reader can beat: a bare Telethon client that only notes
when it hears of the post. Prints rows of the table in docs/benchmarks.md.
"""

import argparse
import asyncio
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from telethon import TelegramClient, events
from telethon.sessions import StringSession

from core.clock import utc_now
from core.model import ChannelList, Source
from core.query import parse
from ingest.accounts.reader import AccountReader
from ingest.intake import Intake
from ingest.telegram.account import Account
from ingest.telegram.source import TelegramSource
from ingest.ways import Ways
from storage.store import Store

PHONE = "+10000001"
PATIENCE = 30.0  # seconds for one post
WORDS = "ministers met in the harbour town and spoke of grain ships rails bread winter and the price of oil".split()

Wait = Callable[[str], Awaitable[float]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--channels", type=int, default=200)
    arguments.add_argument("--posts", type=int, default=200, help="posts of each kind of run")
    arguments.add_argument("--burst", type=int, default=10, help="posts at one moment in the second run")
    given = arguments.parse_args()
    asyncio.run(_measure(given.channels, given.posts, given.burst))


async def _measure(channels: int, posts: int, burst: int) -> None:
    print("| measure | p50 | p95 | most | on |")
    print("| --- | --- | --- | --- | --- |")
    async with _server() as play:
        names = [f"channel{number:03}" for number in range(channels)]
        for name in names:
            await play(op="channel", username=name)
            await play(op="join", channel=name, phone=PHONE)
            await play(op="post", channel=name, text=f"The first words of {name}.")
        session = await play(op="mint", phone=PHONE)
        for kind, together in (("one at a time", 1), (f"{burst} at once", burst)):
            on = f"{posts} posts, {kind}, {channels} channels"
            async with _bare(session) as wait:
                _tell("heard by a bare Telethon client", await _run(play, names, posts, together, wait), on)
            async with _ours(session, names) as wait:
                _tell("found by a search", await _run(play, names, posts, together, wait), on)


def _tell(what: str, seconds: list[float], on: str) -> None:
    p95 = quantiles(seconds, n=20)[-1]
    print(f"| a post is {what} after | {_ms(median(seconds))} | {_ms(p95)} | {_ms(max(seconds))} | {on} |", flush=True)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


async def _run(play: Any, names: list[str], posts: int, together: int, wait: Wait) -> list[float]:
    """Seconds from the publishing of each post until `wait` says that it is there."""
    chance = random.Random(7)  # the same posts each time
    taken: list[float] = []

    async def one(number: int) -> float:
        word = f"quay{number}x{chance.randrange(1 << 40)}"
        text = f"{word} {' '.join(chance.sample(WORDS, 12))}."
        async with asyncio.timeout(PATIENCE):
            there = wait(word)
            began = time.perf_counter()
            await play(op="post", channel=chance.choice(names), text=text, date=time.time())
            return await there - began

    for at in range(0, posts, together):
        taken += await asyncio.gather(*(one(at + place) for place in range(together)))
        await asyncio.sleep(0.05)
    return taken


@asynccontextmanager
async def _server() -> AsyncIterator[Any]:
    """The server as a process; gives what plays it through its control port."""
    port, control = _free_port(), _free_port()
    command = (sys.executable, "-m", "tests.servers.mtproto", "--port", str(port), "--ctl", str(control))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        await process.stdout.readline()
        async with aiohttp.ClientSession() as http:

            async def play(**asked: object) -> Any:
                async with http.post(f"http://127.0.0.1:{control}/ctl", json=asked) as answer:
                    answer.raise_for_status()
                    return (await answer.json())["result"]

            yield play
    finally:
        process.terminate()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def _bare(session: str) -> AsyncIterator[Wait]:
    heard: dict[str, asyncio.Future[float]] = {}
    client = TelegramClient(StringSession(session), 1, "x")
    await client.connect()
    await client.get_dialogs()

    async def hear(update: Any) -> None:
        if waiting := heard.get(update.message.message.split(" ")[0]):
            waiting.set_result(time.perf_counter())

    client.add_event_handler(hear, events.NewMessage())
    try:
        yield lambda word: heard.setdefault(word, asyncio.get_running_loop().create_future())
    finally:
        await client.disconnect()


@asynccontextmanager
async def _ours(session: str, names: list[str]) -> AsyncIterator[Wait]:
    """The account's reader over a new database; what it stores is searched for at once."""
    stored = asyncio.Event()
    waiting: dict[str, asyncio.Future[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'courant.db'}")
        async with store.begin() as tx:
            await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=tuple(names))], {})
        source = TelegramSource(Account(api_id=1, api_hash="x", session=session))
        ways = Ways(store, utc_now, [source.name])
        reader = AccountReader(store, source, Intake(store, utc_now, stored.set), utc_now, ways)

        async def look() -> None:
            while True:
                await stored.wait()
                stored.clear()
                for word in list(waiting):
                    async with store.read() as tx:
                        page = await tx.archive.search(parse(word, utc_now(), ZoneInfo("UTC")), utc_now(), limit=1)
                    if page.found:
                        waiting.pop(word).set_result(time.perf_counter())

        async with asyncio.TaskGroup() as group:
            running = [group.create_task(reader.run()), group.create_task(look())]
            while await _unread(store):  # noqa: ASYNC110 - nothing tells that the first reading is done
                await asyncio.sleep(0.1)
            await asyncio.sleep(1)
            yield lambda word: waiting.setdefault(word, asyncio.get_running_loop().create_future())
            for task in running:
                task.cancel()
        await store.close()


async def _unread(store: Store) -> bool:
    async with store.read() as tx:
        return any(each.read_at is None for each in await tx.channels.readings(Source.ACCOUNT))


if __name__ == "__main__":
    main()
