"""A small world for the bot's tests: three lists, five channels, a day with two events, and a conversation about it."""

import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.terminal import make_terminal
from core.list_file import ListFile
from core.model import ChannelList, CleanPost, PostId, Reader, StoryId
from storage.store import Store
from tests.moments import NOW
from tests.posts import a_post

LISTS = (
    ChannelList(
        id="world",
        titles={"en": "World affairs", "ru": "Мир"},
        descriptions={"": "What capitals say & do"},
        language="en",
        channels=("harbour_wire", "meridian_dispatch"),
    ),
    ChannelList(id="novosti", titles={"en": "News in Russian", "ru": "Новости"}, language="ru", channels=("mayak",)),
    ChannelList(id="city", titles={"": "Eastport <city>"}, language="en", channels=("city_desk", "harbour_wire")),
)
TALKS = (
    "Ministers of Norway and Latvia opened direct talks in Riga on Tuesday about the harbour tariffs.",
    "Direct talks about harbour tariffs between Norway and Latvia opened in Riga, ministers said.",
    "In Riga, ministers of Latvia and Norway began direct talks about tariffs in harbours on Tuesday.",
)
STORM = (
    "A storm cut power to 12,000 homes along the coast near Eastport overnight.",
    "Power was cut to 12,000 homes near Eastport after a storm on the coast, the grid said.",
)


def the_day(day: datetime = NOW) -> list[CleanPost]:
    """The posts of a day: two events told by several channels, and many single ones that are in no story."""
    morning = day.replace(hour=8, minute=0)

    def post(number: int, channel: str, text: str, minutes: int) -> CleanPost:
        date = morning + timedelta(minutes=minutes)
        return a_post(number, text, channel=channel, channel_title=channel.replace("_", " ").title(), date=date)

    first = day.day * 1000
    channels = ("harbour_wire", "meridian_dispatch", "city_desk")
    talks = [post(first + at, channels[at], text, at * 10) for at, text in enumerate(TALKS)]
    storm = [post(first + 10 + at, channels[at], text, 60 + at * 10) for at, text in enumerate(STORM)]
    single = [
        post(first + 100 + at, "harbour_wire", f"Notice {at}: the pilot boat of pier {at} sails early.", 90 + at)
        for at in range(25)
    ]
    russian = post(first + 50, "mayak", "Министры Норвегии и Латвии начали прямые переговоры в Риге о пошлинах.", 30)
    return [*talks, *storm, *single, russian]


async def tell(store: Store, day: datetime = NOW) -> None:
    """Store the posts of a day, each event as a story."""
    await publish(store, day)
    await place(store)


async def publish(store: Store, day: datetime) -> None:
    """Store the posts of a day, which then wait for the stories."""
    posts = the_day(day)
    async with store.begin() as tx:
        names = {post.post.channel: post.post.channel_title or "" for post in posts}
        ids = await tx.channels.ensure(names, {name.lower(): title for name, title in names.items()})
        await tx.posts.add(posts, ids, day)


async def place(store: Store) -> None:
    """Make a story of each event whose posts wait."""
    async with store.begin() as tx:
        waiting = await tx.posts.waiting(1000)
        placed: dict[PostId, StoryId | None] = {post.id: None for post in waiting}
        for run in (TALKS, STORM):
            same = [post.id for post in waiting if post.text in run]
            placed |= {post: StoryId(min(same)) for post in same}
        await tx.stories.assign(placed, {})
        await tx.posts.went_through(waiting)


async def settle(store: Store) -> None:
    """Make the lists of this world those in force, and tell its day."""
    async with store.begin() as tx:
        await tx.channels.take_over(LISTS, {})
    await tell(store)


@dataclass(frozen=True, slots=True)
class Started:
    """What a beginning left in the database, which is kept in memory, and in the terminal."""

    database: sqlite3.Connection
    buttons: tuple[list[Any], list[str]]
    messages: int


_started: dict[tuple[object, ...], Started] = {}


class Talk:
    """A conversation with the bot in memory: what is said and pressed, and what comes back, call by call."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], language: str = "en", lists: ListFile | None = None
    ) -> None:
        self.out = io.StringIO()
        self.terminal = make_terminal(store, clock, self.out, as_json=True, language=language, lists=lists)
        self.dispatcher = self.terminal.dispatcher
        self.labels: list[str] = []
        self._path = Path(store._engine.url.database or "")
        self._set = (language, clock(), lists.text() if lists else "")

    async def starts(self, *answers: str) -> None:
        """Say /start, as the first that happens in a world, and press or say these answers: what comes of it is played
        once, and then copied."""
        written = self._path.with_name(f"{self._path.name}-wal")
        assert not written.exists() or not written.stat().st_size, "something has happened in this world"
        first = (self._path.read_bytes(), *self._set, *answers)
        with closing(sqlite3.connect(self._path)) as database:
            if known := _started.get(first):
                known.database.backup(database)
                self.scroll_back(known.buttons)
                self.terminal._telegram._messages = known.messages
                return
            await self.says("/start")
            for answer in answers:
                await (self.presses(answer) if any(answer in each for each in self.labels) else self.says(answer))
            kept = sqlite3.connect(":memory:")
            database.backup(kept)
        _started[first] = Started(kept, self.in_sight(), self.terminal._telegram._messages)

    async def says(self, text: str) -> list[dict[str, Any]]:
        """Say a line; the calls that the bot makes."""
        await self.terminal.line(text)
        return self._heard()

    def _heard(self) -> list[dict[str, Any]]:
        """The calls that the bot has made since one last looked."""
        calls = [json.loads(line) for line in self.out.getvalue().splitlines()]
        self.out.seek(0)
        self.out.truncate()
        if labels := [label for call in calls for label in call["buttons"]]:
            self.labels = labels
        return calls

    async def hears(self, text: str) -> str:
        """Say a line; the words of all messages that come back, one after the other."""
        return "\n".join(call["text"] for call in await self.says(text))

    async def gets(self, update: str = "message", **content: Any) -> str:
        """Send a message of any kind, by its fields in the Bot API, or what became of it; the words that come back."""
        chat, me = {"id": 1, "type": "private"}, {"id": 1, "is_bot": False, "first_name": "You", "language_code": "en"}
        message = {"message_id": 900, "date": 1, "chat": chat, "from": me, **content}
        self.terminal._fresh = True
        await self.dispatcher.feed_raw_update(self.terminal.bot, {"update_id": 900, update: message})
        return "\n".join(call["text"] for call in self._heard())

    async def presses(self, label: str) -> list[dict[str, Any]]:
        """Press the first button whose words hold `label`."""
        place = next((at for at, each in enumerate(self.labels, 1) if label in each), None)
        assert place, f"no button {label!r} among {self.labels}"
        return await self.says(f"#{place}")

    def in_sight(self) -> tuple[list[Any], list[str]]:
        """The buttons of now, for `scroll_back`."""
        return list(self.terminal._buttons), list(self.labels)

    def scroll_back(self, buttons: tuple[list[Any], list[str]]) -> None:
        """Have buttons before one that others have followed since."""
        self.terminal._buttons, self.labels = map(list, buttons)


async def the_reader(store: Store) -> Reader:
    """The only reader that there is."""
    async with store.read() as tx:
        (reader,) = await tx.readers.all()
    return reader


def a_forward(name: str | None, channel: int, number: int = 5, **said: Any) -> dict[str, Any]:
    """What a message says that is forwarded from a channel."""
    chat: dict[str, Any] = {"id": -1_000_000_000_000 - channel, "type": "channel", "title": "A <channel>"}
    if name:
        chat["username"] = name
    return {"forward_origin": {"type": "channel", "date": 1, "chat": chat, "message_id": number}, **said}
