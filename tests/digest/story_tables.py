"""Posts for the stories, and what the tables say of them then."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from core.model import CleanPost, Memory, Post, PostId, Reader, ReaderId, StoryId
from digest.stories.meaning import LEAST_KNOWN
from digest.stories.service import StoryService
from storage.store import Store, Transaction
from tests.moments import Moment
from tests.posts import MORNING, a_post

SOME = 100  # message ids from here on are of other matters


def told(number: int, text: str, **fields: object) -> CleanPost:
    """Message `number`, of a channel of its own; no copy of another."""
    return a_post(number, text, **{"channel": f"channel_{number}", "fingerprint": 0, **fields})


def stream(*texts: str, first: int = 1) -> list[CleanPost]:
    return [told(number, text) for number, text in enumerate(texts, first)]


async def add(store: Store, posts: Iterable[CleanPost], now: datetime) -> None:
    batch = list(posts)
    async with store.begin() as tx:
        await tx.posts.add(batch, await tx.channels.ensure([post.post.channel for post in batch]), now)


async def kept(store: Store) -> dict[int, Post]:
    async with store.read() as tx:
        return {post.message_id: post async for post in tx.posts.every()}


async def stories(store: Store) -> set[frozenset[int]]:
    """Which messages are together; those in no story are left out."""
    found: dict[StoryId, set[int]] = {}
    for number, post in (await kept(store)).items():
        if post.story is not None:
            found.setdefault(post.story, set()).add(number)
    return {frozenset(numbers) for numbers in found.values()}


async def rows(store: Store) -> dict[StoryId, int]:
    """The living stories and how many posts they say they have."""
    async with store.read() as tx:
        return {key: posts for key, _, _, posts in await tx.stories.page(0, 1000)}


async def is_sound(store: Store) -> bool:
    """Whether the stories' rows say what the posts say."""
    found: dict[StoryId, int] = {}
    for post in (await kept(store)).values():
        if post.story is not None:
            found[post.story] = found.get(post.story, 0) + 1
    return found == await rows(store)


def service(store: Store, now: datetime) -> StoryService:
    return StoryService(store, Moment(now))


async def a_reader(store: Store, now: datetime, **seen: tuple[StoryId, PostId]) -> ReaderId:
    async with store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=5), now)
        await tx.memories.remember(reader.id, {story: Memory(last=last, came=now) for story, last in seen.values()})
    return reader.id


async def told_up_to(tx: Transaction, reader: ReaderId, stories: Sequence[StoryId]) -> dict[StoryId, PostId]:
    return {story: memory.last for story, memory in (await tx.memories.told(reader, stories)).items()}


def other_matters(number: int = LEAST_KNOWN) -> list[CleanPost]:
    """Posts that have nothing in common: only with them is it known how like any two posts are."""
    drawn = random.Random(7)
    words = [["".join(drawn.choices("abdeiklmnorstuv", k=9)) for _ in range(6)] for _ in range(number)]
    texts = enumerate(map(" ".join, words), SOME)
    return [told(number, text, date=MORNING - timedelta(minutes=number)) for number, text in texts]


async def of_events(store: Store) -> set[frozenset[int]]:
    """Which of the messages of our events are together."""
    return {story for story in await stories(store) if min(story) < SOME}
