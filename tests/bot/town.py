"""The small world of the bot's tests with its scheduler and its sender, where posts change after they were told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiogram import Bot

from bot.client import open_bot
from bot.digests import Desk
from bot.hours import next_due
from bot.schedule import Schedule
from core.model import CleanPost, DigestId, Part, Reader, ReaderId, StoryId
from storage.store import Store
from tests.bot.post_office import Post
from tests.bot.world import STORM, settle, the_day
from tests.moments import Moment
from tests.posts import MORNING, a_post
from tests.servers.bot_api import BotApi
from tests.servers.bot_api_chats import Person

LONG = [
    f"District number {n} {word} had 7 wells opened by the {word} council after the drought, {'and ' * 3}" + filler
    for n, (word, filler) in enumerate(
        (word, f"the {word} engineers measured the {word} water with {word} gauges in every {word} village. " * 3)
        for word in ("Arlen", "Borvik", "Castra", "Dunmore", "Elsta", "Farrow", "Gorse", "Hallin", "Ister", "Jorda")
    )
]


class Town(Post):
    """The small world and its scheduler besides."""

    def __init__(self, store: Store, api: BotApi, bot: Bot, clock: Moment) -> None:
        super().__init__(store, api, bot, clock)
        self.desk = Desk(store, clock, self.wake, self.looks)
        self.schedule = Schedule(store, clock, self.desk)

    async def follower(self, person: Person, **fields: str) -> Reader:
        """One who follows the world, at eight in the evening."""
        async with self.store.begin() as tx:
            reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=person.id), self.clock())
            await tx.readers.follow(reader.id, lists=["world"])
            due = next_due("20:00", "UTC", self.clock())
            return await tx.readers.change(reader.id, at="20:00", due_at=due, **fields)

    async def write_digests(self) -> int:
        """Let the hour come, or the next day's; how many digests were written."""
        self.clock.passes(hours=2 if self.clock().hour < 20 else 24)
        return await self.schedule.deliver_due()

    async def send(self) -> None:
        while await self.parts():
            await self.sender.round()
            self.clock.passes(seconds=1)

    def told(self, text: str) -> CleanPost:
        """The post of the small world that says so."""
        return next(post for post in the_day() if post.post.text == text)

    async def recount(self, homes: str) -> None:
        """Let the posts of the storm count so many homes."""
        for text in STORM:
            await self.edit(text, text.replace("12,000", homes))

    async def edit(self, text: str, becomes: str) -> None:
        old = self.told(text)
        await self.publish(a_post(old.post.message_id or 0, becomes, channel=old.post.channel, date=old.post.date))

    async def tell_much(self) -> None:
        """Ten more stories, enough for a digest of two parts."""
        for number, text in enumerate(LONG):
            posts = self._long(number, text)
            async with self.store.begin() as tx:
                ids = await tx.channels.ensure([post.post.channel for post in posts])
                added = await tx.posts.add(posts, ids, self.clock())
                await tx.stories.assign(dict.fromkeys(added.changed, StoryId(min(added.changed))), {})

    async def edit_long(self, text: str, becomes: str) -> None:
        await self.publish(*self._long(LONG.index(text), becomes))

    def _long(self, number: int, text: str) -> list[CleanPost]:
        date = MORNING + timedelta(hours=5, minutes=number)
        return [
            a_post(500 + 2 * number + at, text, channel=channel, date=date)
            for at, channel in enumerate(("harbour_wire", "meridian_dispatch"))
        ]

    async def publish(self, *posts: CleanPost) -> None:
        async with self.store.begin() as tx:
            ids = await tx.channels.ensure([post.post.channel for post in posts])
            await tx.posts.add(posts, ids, self.clock())

    async def delete(self, *texts: str) -> None:
        async with self.store.begin() as tx:
            for text in texts:
                old = self.told(text).post
                ids = await tx.channels.ensure([old.channel])
                await tx.posts.mark_deleted(ids[old.channel.lower()], [old.message_id or 0], self.clock())

    async def story_of(self, text: str) -> StoryId:
        async with self.store.read() as tx:
            found = [post.story async for post in tx.posts.every() if post.text == text]
        assert found[0] is not None
        return found[0]

    async def parts(self) -> list[Part]:
        async with self.store.read() as tx:
            return list(await tx.outbox.waiting(self.clock(), 100))

    async def numbers(self, digest: DigestId) -> list[int]:
        async with self.store.read() as tx:
            (pending,) = await tx.outbox.pending([digest])
        return [part.number for part in pending.parts]


@asynccontextmanager
async def opened_town(store: Store, clock: Moment) -> AsyncIterator[Town]:
    await settle(store)
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        yield Town(store, api, bot, clock)
