"""A channel that a reader shows, by a post of it or by its name: whether it is read here, and what tells the same."""

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import Message, MessageOriginChannel

from bot.arrivals import PRIVATE, arrive
from bot.errands import Errand, addresses
from bot.handlers import Says
from bot.handlers.keeping import or_refused
from bot.handlers.search import search_words
from bot.keeper import Keeper, keeps
from bot.keeping import Keeping
from bot.outgoing import View
from bot.replies import reply
from bot.views import lists as views
from bot.views import search as search_views
from core.addresses import read_address
from core.clock import Clock
from core.lists import listed_name, name_in_file
from core.model import Reader
from storage.store import Store

_CHANNELS = 10**12  # a channel's number is this much further below zero for bots


def router() -> Router:
    router = Router(name=__name__)
    router.message.register(forwarded, F.chat.type == PRIVATE, F.forward_origin.type == "channel")
    router.message.register(linked, Says(addresses, forwarded=True))
    return router


async def forwarded(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> None:
    """Say whether this channel can be followed, and who else tells what the post does: its story, where it is kept
    here, else what its words find."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return
    chat = origin.chat
    name = chat.username or f"c/{-chat.id - _CHANNELS}"
    await _about(message, [name], chat.title or name, here, store, clock, keeper)
    told = await _told(message, name, origin.message_id, here, store)
    if not told and (message.text or message.caption):
        await search_words(message, here, store, clock)


async def linked(
    message: Message, meant: Sequence[str], here: Reader, store: Store, clock: Clock, keeper: Keeper | None
) -> View | None:
    """The same for a channel or a post whose name or link was sent alone; those who run the place may send several."""
    if len(meant) > 1 and not keeps(message, keeper):
        raise SkipHandler
    said = await _about(message, meant, meant[0], here, store, clock, keeper)
    if (address := read_address(message.text or "")) and address.post:
        await _told(message, meant[0], address.post, here, store)
    return said


async def _told(message: Message, name: str, number: int, here: Reader, store: Store) -> bool:
    """Show the story that a channel's post tells, where others tell it, too; whether there is one."""
    async with store.read() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id) or here
        channel = (await tx.channels.by_names([name])).get(name.lower())
        post = await tx.posts.published_as(channel.id, number) if channel else None
        posts = (await tx.posts.of_stories([post.story]))[post.story] if post and post.story is not None else ()
    if len(posts) < 2:
        return False
    await reply(message, search_views.story(reader, posts))
    return True


async def _about(
    message: Message,
    names: Sequence[str],
    title: str,
    here: Reader,
    store: Store,
    clock: Clock,
    keeper: Keeper | None,
) -> View | None:
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, clock())
        found = await tx.channels.by_names(names)
        if any("+" in name for name in names):  # an invite is known by its link, whatever its channel is called by now
            found = {name_in_file(each): each for each in await tx.channels.all(active=True)} | found
    known = {name: channel for name in names if (channel := found.get(listed_name(name).lower())) and channel.active}
    fresh = [name for name in names if name not in known]
    for channel in known.values():
        await reply(message, views.about(reader, channel, title, lists))
    if not fresh:
        return None
    if keeper and keeps(message, keeper):
        errand = Errand(adds=True, entries=tuple(fresh))
        return await reply(message, await or_refused(reader, Keeping(reader, store, clock, keeper).offer(errand)))
    return await reply(message, views.about(reader, None, title, lists))
