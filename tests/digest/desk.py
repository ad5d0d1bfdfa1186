"""A store with lists, and the ways to fill it and to ask it for digests."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from core.model import ChannelList, CleanPost, PostId, Reader, ReaderId, StoryId
from digest.build import Made, Wish, make_digest, wish_of
from digest.model import Digest
from digest.stories.service import StoryService
from storage.store import Store
from tests.digest.events import QUAKE
from tests.digest.story_tables import add, kept
from tests.moments import NOW, Moment
from tests.posts import a_post

DAY = timedelta(days=1)
LISTS = (
    ChannelList(id="world", titles={"en": "World", "ru": "Мир"}, channels=("alpha", "beta", "gamma")),
    ChannelList(id="city", titles={"": "City"}, channels=("delta",)),
)
UPDATE = (
    "Velmora quake, after two days: engineers began to repair 14 bridges, schools open again, tents were delivered."
)
QUAKE_LATER = "Earthquake off Velmora: schools in Osterby stay closed until Friday, the Seismic Institute reports."


def told(number: int, channel: str, text: str, **fields: object) -> CleanPost:
    """A post of ten hours ago, and so many minutes."""
    date = NOW - timedelta(hours=10) + timedelta(minutes=number)
    return a_post(number, text, **{"channel": channel, "fingerprint": 0, "date": date, **fields})


QUAKE_POSTS = [
    told(n, channel, text) for n, channel, text in zip((1, 2, 3), ("alpha", "beta", "gamma"), QUAKE, strict=True)
]


@dataclass
class Desk:
    """A store with lists, and the ways to fill it and to ask of it."""

    store: Store
    clock: Moment = field(default_factory=lambda: Moment(NOW))

    async def publish(self, *posts: CleanPost) -> None:
        await add(self.store, posts, self.clock())
        await StoryService(self.store, self.clock).settle()

    async def make(self, *, reader: Reader | None = None, hours: float = 24, **wishes: Any) -> Made:
        since = self.clock() - timedelta(hours=hours)
        if reader:
            wish = wish_of(reader, since, self.clock(), repeat=bool(wishes.pop("repeat", False)))
        else:
            wish = Wish(since=since, until=self.clock(), lists=("world", "city"))
        return await make_digest(self.store, replace(wish, **wishes), self.clock())

    async def digest(self, **wishes: Any) -> Digest:
        return (await self.make(**wishes)).digest

    async def reader(self, **values: object) -> Reader:
        async with self.store.begin() as tx:
            reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=7), NOW)
            await tx.readers.follow(reader.id, lists=["world"])
            return await tx.readers.change(reader.id, **values) if values else replace(reader, lists=("world",))

    async def remember(self, reader: Reader, made: Made) -> None:
        async with self.store.begin() as tx:
            await tx.memories.remember(reader.id, made.told)

    async def told_reader(self) -> Reader:
        """A reader who has been told of the quake."""
        reader = await self.reader()
        await self.publish(*QUAKE_POSTS)
        await self.remember(reader, await self.make(reader=reader))
        return reader

    async def part(self, *numbers: int) -> None:
        """Make a story of its own of these messages."""
        posts = await kept(self.store)
        async with self.store.begin() as tx:
            own = StoryId(int(posts[numbers[0]].id))
            await tx.stories.assign({posts[number].id: own for number in numbers}, {})


def messages(digest: Digest) -> list[set[int]]:
    """Which messages each story of the digest shows."""
    return [{int(post.url.rpartition("/")[2]) for post in story.posts} for story in digest.stories]


def adds_up(digest: Digest) -> bool:
    return digest.posts == sum(len(story.posts) for story in digest.stories) + digest.left_out.total


def up_to(made: Made) -> dict[StoryId, PostId]:
    return {story: memory.last for story, memory in made.told.items()}
