"""How the channels are read, for those who run the place; others learn how they would become one of them."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.arrivals import PRIVATE, language_of
from bot.handlers import OWN
from bot.keeper import Keeper
from bot.keeping import overview
from bot.outgoing import View
from bot.replies import reply
from bot.wording import say
from core.clock import Clock
from core.model import Reader
from storage.store import Store


def router(keeper: Keeper | None) -> Router:
    router = Router(name=__name__)
    asked, private = Command("status", ignore_case=True), OWN & (F.chat.type == PRIVATE)
    if keeper:
        router.message.register(show, asked, private, F.from_user.id.in_(keeper.admins))
    router.message.register(refuse, asked, private)
    return router


async def show(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """Accounts, ways, folders, the channels that are not read as they should be, and the lists."""
    async with store.read() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id) or here
    await reply(message, await overview(reader, store, clock()))


async def refuse(message: Message, here: Reader, store: Store) -> None:
    """An operator who tries the command for the first time needs a number that Telegram's own programs do not show."""
    language = await language_of(store, here)
    await reply(message, View(say(language, "status-not-yours", person=str(here.chat_id))))
