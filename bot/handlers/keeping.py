"""Lists kept from the bot: adding, removing, looking, for those who run the place."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.arrivals import NEW_LIST, PRIVATE, arrived
from bot.asides import Aside, aside
from bot.callbacks import Drop, Put, Shelf, Undo
from bot.errands import addresses, errand_said, title_of
from bot.handlers import OWN, SAID, Says
from bot.keeper import Keeper
from bot.keeping import Keeping
from bot.outgoing import View
from bot.replies import redraw, reply, tell
from bot.views import keeping as views
from bot.wording import say, word
from core.errors import BadInput
from core.model import Reader
from storage.store import Store

Said = TypeVar("Said", View, View | None)


def router(keeper: Keeper) -> Router:
    router = Router(name=__name__)
    mine = F.from_user.id.in_(keeper.admins)
    private, pressed = F.chat.type == PRIVATE, F.message.chat.type == PRIVATE
    router.message.register(change, Command("add", "remove", ignore_case=True), private, mine, OWN)
    router.message.register(begin_list, private, mine, SAID, OWN, Naming())
    router.message.register(said, mine, Says(errand_said))
    for press, data in ((put, Put), (undo, Undo), (look, Shelf), (drop, Drop)):
        router.callback_query.register(press, data.filter(), pressed, mine)
    for events in (router.message, router.callback_query):
        events.middleware(with_keeping)
    return router


async def with_keeping(
    handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]], event: TelegramObject, data: dict[str, Any]
) -> Any:
    """Hand the handler the errands of who has come as `keeping`."""
    store, clock = data["store"], data["clock"]
    reader = await arrived(store, data["here"], clock())
    return await handler(event, {**data, "keeping": Keeping(reader, store, clock, data["keeper"])})


class Naming(Filter):
    """A text that names the list which was to be begun, and asks for nothing else."""

    async def __call__(self, message: Message, here: Reader, store: Store) -> bool | dict[str, int]:
        async with store.read() as tx:
            reader = await tx.readers.find(here.chat_id, here.thread_id)
        asked = (reader.asking or "").split() if reader else []
        text = message.text or ""
        if asked[:1] != [NEW_LIST] or addresses(text) or errand_said(text):
            return False
        return {"errand": int(asked[1])}


async def change(message: Message, command: CommandObject, keeping: Keeping) -> View:
    """Add channels to the list that is named, and where none is, or one that is not there, ask for it; or take channels
    out of the list that is named, or out of all."""
    name = command.command.lower()
    if command.args:
        view = await or_refused(keeping.reader, keeping.answer(f"/{name} {command.args}"))
    else:
        view = views.usage(keeping.reader, adds=name == "add")
    return await reply(message, view)


async def said(message: Message, meant: str, keeping: Keeping) -> View:
    """The same in words: "add @name to World affairs"."""
    return await reply(message, await or_refused(keeping.reader, keeping.answer(meant)))


async def begin_list(message: Message, errand: int, keeping: Keeping) -> None:
    """Begin the list whose title was asked for, with what was to go into it."""
    text = message.text or ""
    title = title_of(text)
    if not title or aside(text, about_hour=False) is Aside.LEAVE_IT:
        await reply(message, View(say(keeping.reader.language, "keep-cancelled")))
        return
    await reply(message, await or_refused(keeping.reader, keeping.begin(errand, title)))


async def put(query: CallbackQuery, callback_data: Put, keeping: Keeping) -> None:
    """Put what was asked for into the list of the button; or ask for the title of one that is to be begun."""
    await _show(query, keeping.reader, keeping.put(callback_data))


async def undo(query: CallbackQuery, callback_data: Undo, keeping: Keeping) -> None:
    """Take back what was done."""
    await _show(query, keeping.reader, keeping.undo(callback_data))


async def look(query: CallbackQuery, callback_data: Shelf, keeping: Keeping) -> None:
    """A page of a list, or how all is read."""
    await _show(query, keeping.reader, keeping.shelf(callback_data.place, callback_data.page))


async def drop(query: CallbackQuery, callback_data: Drop, keeping: Keeping) -> None:
    """Take the channel of the button out of its list; or the list away, where it holds none any more."""
    await _show(query, keeping.reader, keeping.drop(callback_data))


async def or_refused(reader: Reader, doing: Awaitable[Said]) -> Said | View:
    """What comes of it; where the file cannot be read or changed, that."""
    try:
        return await doing
    except BadInput as error:
        return views.refused(reader.language, error)


async def _show(query: CallbackQuery, reader: Reader, doing: Awaitable[View | None]) -> None:
    """Draw what comes of a press in the place of its message; None is a button that is too old."""
    view = await or_refused(reader, doing)
    await tell(query, "" if view else word(reader.language, "old-button-alert"))
    if view:
        await redraw(query, view)
