"""A channel's post that a reader forwards: whether the channel is read here, and what else tells the same."""

from aiogram import F, Router
from aiogram.types import Message, MessageOriginChannel

from bot.arrivals import PRIVATE, arrive
from bot.handlers.rhythm import ask_again
from bot.handlers.search import search_words
from bot.replies import reply
from bot.views import lists as views
from core.clock import Clock
from core.model import Reader
from storage.store import Store

_CHANNELS = 10**12  # a channel's number is this much further below zero for bots


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(forwarded, F.chat.type == PRIVATE, F.forward_origin.type == "channel")
    return router


async def forwarded(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """Say whether this channel can be followed, and look for the words of the post."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return
    chat = origin.chat
    name = (chat.username or f"c/{-chat.id - _CHANNELS}").lower()
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader, _ = await arrive(tx, here, clock(), lists)
        channel = (await tx.channels.by_names([name])).get(name)
    known = channel if channel and channel.active else None
    await reply(message, views.forwarded(reader, known, chat.title or chat.username or "", lists))
    if message.text or message.caption:
        await search_words(message, here, store, clock)
    else:
        await ask_again(message, reader, clock())
