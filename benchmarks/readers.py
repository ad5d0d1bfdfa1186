"""Readers who are all due at one minute: digests written down a second, memory, and how long the event loop is held.

    python -m benchmarks.readers [--readers 1000 10000] [--posts 1000] [--only sqlite|postgresql]

A made-up day of posts of 60 channels in stories of one to nine posts; the readers have five kinds of wishes. The first
evening nobody has been told anything; the second evening brings another day. On the third up to a
thousand readers each have a memory of their own, and on the fourth they have got what was told the evening before, of
which posts have been edited meanwhile. As a baseline some readers want a digest of a window of their own each, so that
nothing is shared. Prints rows of the table in docs/benchmarks.md.

A beat of the loop is late because the loop, or a thread with the interpreter's lock, is at work, or because other
programs have the cores. The last column tells which: it is the most processor time that all threads of this process
together took within one beat, and bounds what the work of the process itself holds the loop for, waits aside.
"""

import argparse
import asyncio
import gc
import random
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.databases import databases
from bot.digests import Desk
from bot.looks import Looks
from bot.schedule import Schedule
from core.model import ChannelList, CleanPost, Kind, Memory, NewPost, PostId, Reader, ReaderId, StoryId
from storage.store import Store, Transaction
from tests.moments import Moment

EVENING = datetime(2025, 2, 18, 18, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
CHANNELS = 60
ALONE = 30  # readers of the baseline
OWN = 1000  # readers with a memory of their own
EDITED = 100  # posts that are edited after they were told
BEAT = 0.002  # seconds
WISHES = (("world", "en"), ("world", "ru"), ("city", "en"), ("sport", "en"), ("city", "ru"))
WORDS = """harbour council minister fire bridge storm match election budget strike river airport school verdict grain
    talks flood market museum hospital railway treaty orchard satellite tunnel festival miners glacier""".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--readers", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    names = (
        "database, readers, what, digests a second, processor time (ms each), peak MB, longest hold (ms), of it ours"
    )
    print(f"| {names.replace(', ', ' | ')} |")
    print("|---" * len(names.split(", ")) + "|")
    for number in given.readers:
        for name, address in databases(given.only):
            asyncio.run(measure(name, address, number, given.posts))


async def measure(name: str, address: str, number: int, posts: int) -> None:
    clock = Moment(EVENING)
    store = await Store.open(address)
    random.seed(7)
    await fill(store, posts, EVENING)
    await welcome(store, number)
    wake = asyncio.Event()
    schedule = Schedule(store, clock, Desk(store, clock, wake, Looks()))
    await row(name, number, "five wishes, first evening", schedule)
    clock.passes(days=1)
    await fill(store, posts, clock.now)
    await row(name, number, "five wishes, second evening", schedule)
    clock.passes(days=1)
    await fill(store, posts, clock.now)
    some, alone = min(number, OWN), min(number, ALONE)
    async with store.begin() as tx:
        readers = await tx.readers.all()
        # the others are not due on the two evenings that follow, nor so late that a clock set back must be the reason
        await tx.readers.served({reader.id: clock.now + DAY + timedelta(hours=1) for reader in readers[some:]}, {})
        await scatter(tx, readers[:some], clock.now)
    await row(name, some, "five wishes, a memory each", schedule)
    await send(store, clock.now)
    await edit(store, clock.now)
    clock.passes(days=1)
    await fill(store, posts, clock.now)
    await row(name, some, "the same, 100 told posts edited", schedule)
    async with store.begin() as tx:
        for place, reader in enumerate(readers[:alone]):
            since = clock.now - DAY - place * MINUTE
            await tx.readers.change(reader.id, due_at=clock.now - MINUTE, told_until=since)
    await row(name, alone, "nothing shared", schedule)
    await store.close()


async def row(name: str, number: int, what: str, schedule: Schedule) -> None:
    gc.collect()
    gc.freeze()  # as the service does when it has started
    async with held() as longest:
        begin, busy = time.perf_counter(), time.process_time()
        brought = await schedule.deliver_due()
        took, busy = time.perf_counter() - begin, time.process_time() - busy
    assert brought == number, (brought, number)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    holds = (f"{longest.late * 1000:.0f}", f"{longest.own * 1000:.0f}")
    cells = (f"{number / took:.0f}", f"{1000 * busy / number:.1f}", memory, *holds)
    print(f"| {name} | {number:,} | {what} | {' | '.join(map(str, cells))} |", flush=True)


@dataclass(slots=True)
class Held:
    """The longest time, in seconds, for which a beat of the event loop was late, and the most processor time of all
    threads within a late beat."""

    late: float = 0.0
    own: float = 0.0


@asynccontextmanager
async def held() -> AsyncIterator[Held]:
    """How long the event loop is held at most."""
    longest = Held()

    async def beat() -> None:
        while True:
            before, busy = time.perf_counter(), time.process_time()
            await asyncio.sleep(BEAT)
            late = time.perf_counter() - before - BEAT
            longest.late = max(longest.late, late)
            longest.own = max(longest.own, min(time.process_time() - busy, late))

    async with asyncio.TaskGroup() as group:
        task = group.create_task(beat())
        yield longest
        task.cancel()


async def fill(store: Store, number: int, evening: datetime) -> None:
    """Posts of the day before `evening`, each event told by one to nine channels."""
    lists = [
        ChannelList(id=name, titles={"": name}, channels=tuple(f"channel_{n}" for n in range(first, CHANNELS, 3)))
        for first, name in enumerate(("world", "city", "sport"))
    ]
    begun = int(evening.timestamp())
    posts: list[CleanPost] = []
    events: list[int] = []
    while len(posts) < number:
        event = len(events)
        subject = random.sample(WORDS, 6)
        for voice in range(random.choice((1, 1, 1, 2, 3, 5, 9))):
            text = (
                f"The {subject[0]} of district {event} and its {subject[1]} were told of {event * 7 + 3} changes to the"
                f" {subject[2]} by voice {voice}. Later the {subject[3]} agreed on the {subject[4]}. "
                f"Nobody in district {event} had asked for a {subject[5]} of {voice + 2} floors."
            )
            date = evening - timedelta(seconds=random.randrange(60, 85_000))
            post = NewPost(
                channel=f"channel_{random.randrange(CHANNELS)}", message_id=begun + len(posts), date=date, text=text
            )
            posts.append(CleanPost(post=post, body=text, language="en", fingerprint=0, kind=Kind.NEWS))
            events.append(event)
    async with store.begin() as tx:
        if not await tx.channels.lists():
            await tx.channels.take_over(lists, {})
        channels = await tx.channels.ensure([f"channel_{n}" for n in range(CHANNELS)])
        await tx.posts.add(posts, channels, evening)
        waiting = await tx.posts.waiting(2 * number + EDITED)
        keys = {post.message_id - begun: post.id for post in waiting}
        first: dict[int, PostId] = {}
        for place, event in enumerate(events):
            first.setdefault(event, keys[place])
        await tx.stories.assign({keys[place]: StoryId(first[event]) for place, event in enumerate(events)}, {})
        await tx.posts.went_through(waiting)


async def send(store: Store, now: datetime) -> None:
    """Everything that waits arrives."""
    while True:
        async with store.begin() as tx:
            parts = await tx.outbox.waiting(now, 2000)
            for part in parts:
                await tx.outbox.begin(part.id)
                await tx.outbox.sent(part.id, part.id, now)
        if not parts:
            return


async def edit(store: Store, now: datetime) -> None:
    """The figures of posts of the evening change."""
    async with store.begin() as tx:
        every = await tx.posts.between(now - DAY, now)
        posts = every[:: max(1, len(every) // EDITED)]
        channels = await tx.channels.ensure({post.channel for post in posts})
        changed = [
            CleanPost(
                post=NewPost(
                    channel=post.channel,
                    message_id=post.message_id,
                    date=post.date,
                    text=post.text.replace("told of ", "told of 9"),
                    edited=True,
                ),
                body=post.text.replace("told of ", "told of 9"),
                language="en",
                fingerprint=0,
                kind=Kind.NEWS,
            )
            for post in posts
        ]
        await tx.posts.add(changed, channels, now)


async def welcome(store: Store, number: int) -> None:
    for begin in range(0, number, 500):
        async with store.begin() as tx:
            for chat in range(begin + 1, min(begin + 500, number) + 1):
                list_id, language = WISHES[chat % len(WISHES)]
                new = Reader(id=ReaderId(0), chat_id=chat, language=language, at="18:00", due_at=EVENING)
                reader, _ = await tx.readers.welcome(new, EVENING)
                await tx.readers.follow(reader.id, lists=[list_id])


async def scatter(tx: Transaction, readers: tuple[Reader, ...], evening: datetime) -> None:
    """Let each of these readers know another story of the day."""
    posts = await tx.posts.between(evening - DAY, evening)
    for place, reader in enumerate(readers):
        post = posts[place % len(posts)]
        if post.story is not None:
            await tx.memories.remember(reader.id, {post.story: Memory(last=post.id, came=evening)})


if __name__ == "__main__":
    main()
