"""How the channels are read, for those who run the place; others learn how they would become one of them."""

from collections.abc import Collection

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.arrivals import PRIVATE, language_of
from bot.outgoing import View
from bot.replies import reply
from bot.views import status as views
from bot.wording import say
from core.clock import Clock
from core.model import Reader
from storage.store import Store


def router(admins: Collection[int]) -> Router:
    router = Router(name=__name__)
    asked, private = Command("status", ignore_case=True), F.chat.type == PRIVATE
    router.message.register(show, asked, private, F.from_user.id.in_(frozenset(admins)))
    router.message.register(refuse, asked, private)
    return router


async def show(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """Accounts, ways, folders, and the channels that are not read as they should be."""
    now = clock()
    async with store.read() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id) or here
        accounts = await tx.accounts.all()
        readings = await tx.channels.present()
        folders = await tx.folders.all()
    await reply(message, views.status(reader, accounts, readings, now, folders))


async def refuse(message: Message, here: Reader, store: Store) -> None:
    """An operator who tries the command for the first time needs a number that Telegram's own programs do not show."""
    language = await language_of(store, here)
    await reply(message, View(say(language, "status-not-yours", person=str(here.chat_id))))
