"""The start: greeting, lists, hour, zone, and the first digest at once."""

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import CommandObject, CommandStart, Filter
from aiogram.types import Message

from bot.arrivals import PRIVATE, START_AT, START_ZONE, arrive, first_lists
from bot.digests import Desk
from bot.handlers import on_text
from bot.hours import next_due
from bot.replies import reply
from bot.rights import for_admins
from bot.views import start as views
from core.clock import Clock
from core.model import Reader, ReaderState
from storage.store import Store

_LIST = "list_"  # a deep link t.me/<bot>?start=list_world


def router() -> Router:
    router = for_admins(Router(name=__name__))
    on_text(router, start, CommandStart(ignore_case=True))
    return router


def newcomers() -> Router:
    """For private chats that write anything before /start."""
    router = Router(name=f"{__name__}.newcomers")
    router.message.register(welcome, Unknown())
    return router


class Unknown(Filter):
    """A private chat that is no reader yet."""

    async def __call__(self, message: Message, here: Reader, store: Store) -> bool:
        if here.kind != PRIVATE or not (message.text or message.caption):
            return False
        async with store.read() as tx:
            return await tx.readers.find(here.chat_id, here.thread_id) is None


async def start(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock, desk: Desk) -> None:
    """Greet; of a new reader ask the hour, behind the first digest."""
    await _begin(message, here, store, clock, desk, wanted=(command.args or "").strip())


async def welcome(message: Message, here: Reader, store: Store, clock: Clock, desk: Desk) -> None:
    """Greet one who wrote something else first; a command is then obeyed, too, if the greeting did not do so."""
    await _begin(message, here, store, clock, desk, wanted="")
    text = (message.text or "").strip()
    if text.startswith("/") and text != "/digest":
        raise SkipHandler


async def _begin(message: Message, here: Reader, store: Store, clock: Clock, desk: Desk, *, wanted: str) -> None:
    now = clock()
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        chosen = wanted.removeprefix(_LIST) if wanted.startswith(_LIST) else None
        reader, first = await arrive(tx, here, now, lists, chosen)
        if chosen in {each.id for each in lists}:
            await tx.readers.follow(reader.id, lists=[chosen or ""])
        if reader.due_at is None and reader.state is ReaderState.ACTIVE:  # a group that nobody has started yet
            first = True
            if not reader.lists and not chosen:
                await tx.readers.follow(reader.id, lists=first_lists(lists, reader.language, None))
        if first:
            due = next_due(reader.at, reader.zone, now)
            await tx.readers.change(reader.id, due_at=due, asking=START_AT if lists else None)
        reader = await tx.readers.get(reader.id) or reader
    try:
        await reply(message, views.hello(reader, lists) if first else views.again(reader, lists, now))
    finally:  # a greeting that did not get through takes nothing else with it
        if first and lists:
            await desk.first(reader, views.hour_question(reader, "start"))
    if first:
        return
    if reader.asking in {START_AT, START_ZONE} and (question := views.open_question(reader, now)):
        await reply(message, question)
