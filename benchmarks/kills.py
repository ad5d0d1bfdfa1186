"""`courant run --only deliver` killed with SIGKILL while it sends, again and again: does any part come twice, or never?

    python -m benchmarks.kills [--kills 50] [--readers 400] [--seed 1]

A Bot API server of ours on loopback keeps what it has taken and answers a moment later. Digests of three parts wait for
each reader, every part with words of its own. The process is killed after a number of messages, and a moment, both
drawn from the seed; now and then while it starts. The next begins on the same database. At last one is left alone until
nothing waits. Then what the server took is compared with the outbox: a part that was sent must have come once, one that
is in doubt at most once, and its reader must have been told. Exits with 1 where that is not so.
"""

import argparse
import asyncio
import multiprocessing
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from app.cli import run
from bot.outgoing import View, payload
from core.clock import utc_now
from core.model import Reader, ReaderId
from core.settings import PREFIX
from storage.store import Store
from tests.servers.bot_api import BotApi, Call

PARTS = 3
LONGEST = 10.0  # seconds that one process lives
PATIENCE = 300.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--kills", type=int, default=50)
    arguments.add_argument("--readers", type=int, default=400)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "courant.db"
        found = asyncio.run(kill_again_and_again(path, given.kills, given.readers, Random(given.seed)))
    print(", ".join(f"{name.replace('_', ' ')} {number}" for name, number in asdict(found).items()))
    sys.exit(bool(found.twice or found.never or found.untold or found.unsettled))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of the parts: messages that came once more than they should, parts that are marked as sent and never
    came, those in doubt (and those of them that had come), those of which their reader has no notice."""

    kills: int
    parts: int
    twice: int
    never: int
    doubted: int
    doubted_and_came: int
    untold: int
    unsettled: int


async def kill_again_and_again(path: Path, kills: int, readers: int, random: Random) -> Found:
    """Send these readers' digests through so many processes, each on the same database."""
    address = f"sqlite:///{path}"
    store = await Store.open(address)
    try:
        async with _SlowApi(random) as api:
            await _write_down(store, [api.person(f"Reader {number}").id for number in range(readers)])
            for number in range(kills + 1):
                process = _process(address, api)
                await (_for_a_while(api, random) if number < kills else _settled(store))
                process.kill()
                await asyncio.to_thread(process.join)
            return _compared(path, api, kills)
    finally:
        await store.close()


class _SlowApi(BotApi):
    """Takes a message at once and answers later, so that a kill may fall in between."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    async def _tell(self) -> None:
        await super()._tell()
        await asyncio.sleep(self._random.uniform(0.0, 0.05))

    @property
    def messages(self) -> list[Call]:
        return self.of("sendMessage")


async def _write_down(store: Store, chats: list[int]) -> None:
    now = utc_now()
    async with store.begin() as tx:
        for chat in chats:
            reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), now)
            parts = [payload(View(f"part {number} for {chat}")) for number in range(PARTS)]
            await tx.outbox.add(reader.id, {}, parts, due_at=None, now=now)


def _process(address: str, api: BotApi) -> BaseProcess:
    settings = {"DATABASE_URL": address, "BOT_TOKEN": api.token, "BOT_API_URL": api.url}
    process = _FORKS.Process(target=_deliver, args=(settings,), daemon=True)
    process.start()
    return process


def _deliver(settings: dict[str, str]) -> None:
    os.environ.update({PREFIX + name: value for name, value in settings.items()})
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # its log
    sys.exit(run(["run", "--only", "deliver"]))


_FORKS = multiprocessing.get_context("forkserver")  # all is loaded once: a process begins in a moment
_FORKS.set_forkserver_preload(["app.wiring", "app.commands.run", "bot.delivery", "bot.schedule", "bot.client"])


async def _for_a_while(api: _SlowApi, random: Random) -> None:
    """A few messages long, or for a fraction of a second, in which it may not even have begun."""
    if random.random() < 0.2:
        await asyncio.sleep(random.uniform(0.0, 1.0))
        return
    wanted = len(api.messages) + random.randint(1, 40)
    with suppress(TimeoutError):  # so many may not wait any more
        async with asyncio.timeout(LONGEST):
            await api.until(lambda: len(api.messages) >= wanted, PATIENCE)
    await asyncio.sleep(random.uniform(0.0, 0.06))


async def _settled(store: Store) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            async with store.read() as tx:
                counts = await tx.outbox.counts()
            if not counts.get("parts_waiting") and not counts.get("parts_sending"):
                return
            await asyncio.sleep(0.2)


def _compared(path: Path, api: _SlowApi, kills: int) -> Found:
    came = Counter((call.params["chat_id"], call.params["text"]) for call in api.messages)
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT outbox.id, chat_id, payload ->> 'text', outbox.state, payload ->> 'about' "
            "FROM outbox JOIN reader ON reader.id = outbox.reader_id"
        ).fetchall()
    doubted = {part for part, _, _, state, about in rows if state == "unsure" and about is None}
    return Found(
        kills=kills,
        parts=sum(about is None for *_, about in rows),
        twice=sum(number - 1 for number in came.values()),
        never=sum(state == "sent" and not came[chat, text] for _, chat, text, state, _ in rows),
        doubted=len(doubted),
        doubted_and_came=sum(part in doubted and came[chat, text] == 1 for part, chat, text, *_ in rows),
        untold=len(doubted - {about for *_, about in rows}),
        unsettled=sum(state not in {"sent", "unsure"} for *_, state, _ in rows),
    )


if __name__ == "__main__":
    main()
