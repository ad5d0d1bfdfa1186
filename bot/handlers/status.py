"""How the channels are read, for those who run the place; to others the command does not exist."""

from collections.abc import Collection

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.arrivals import PRIVATE
from bot.replies import reply
from bot.views import status as views
from core.clock import Clock
from core.model import Reader
from storage.store import Store


def router(admins: Collection[int]) -> Router:
    router = Router(name=__name__)
    router.message.register(show, Command("status"), F.chat.type == PRIVATE, F.from_user.id.in_(frozenset(admins)))
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
