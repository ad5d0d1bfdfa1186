"""Lists and channels: looking, following, stopping."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.arrivals import arrive
from bot.callbacks import Follow, list_of
from bot.handlers import Says, on_command
from bot.keeper import Keeper, keeps
from bot.naming import Target, find, name_in, nearest
from bot.outgoing import View
from bot.replies import redraw, reply, tell
from bot.rights import for_admins
from bot.views import lists as views
from bot.views import start as start_views
from bot.views.keeping import opening, usage
from bot.views.settings import stop
from bot.wishes import Following, following, is_all, is_for_adding, is_for_channels, is_for_lists
from bot.wording import word
from core.clock import Clock
from core.model import Channel, ChannelList, Reader
from storage.store import Store, Transaction


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, show_lists, "lists")
    on_command(router, show_channels, "channels")
    router.message.register(show_lists, Says(is_for_lists))
    router.message.register(show_channels, Says(is_for_channels))
    router.message.register(adding, Says(is_for_adding))
    changes = for_admins(Router(name=f"{__name__}.changes"))
    on_command(changes, subscribe, "subscribe")
    on_command(changes, unsubscribe, "unsubscribe")
    changes.message.register(wished, Says(following))
    changes.callback_query.register(press_follow, Follow.filter())
    router.include_router(changes)
    return router


async def show_lists(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> None:
    """What can be followed, with buttons to follow or stop; those who run the place get to what the lists hold."""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, clock())
    view = views.lists(reader, lists)
    await reply(message, replace(view, rows=(*view.rows, opening(reader))) if keeps(message, keeper) else view)


async def show_channels(
    message: Message, here: Reader, store: Store, clock: Clock, command: CommandObject | None = None
) -> View:
    """The channels of all lists, or of the one that is named; of a channel, where it stands."""
    what = name_in(command.args) if command else ""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, clock())
        known = await tx.channels.by_names({name for each in lists for name in each.channels})
        present = await tx.channels.all(active=True) if what else ()
    target = find(what, lists, present) if what else None
    if target and target.channel:
        view = views.about(reader, target.channel, target.channel.title, lists)
    elif target and target.list:
        view = views.channels(reader, [target.list], known)
    elif what:
        view = await _said(reader, what, lists, present, on=True)
    else:
        view = views.channels(reader, lists, known)
    return await reply(message, view)


async def adding(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> View:
    """How a channel is added, to those who run the place; to others who does it, and what there is to follow."""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, clock())
    return await reply(message, usage(reader, adds=True) if keeps(message, keeper) else views.adding(reader, lists))


async def subscribe(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """Follow a list or a channel by name; without a name, choose by buttons."""
    return await _change(message, command, here, store, clock, on=True)


async def unsubscribe(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """Follow it no longer; without a name, choose by buttons."""
    return await _change(message, command, here, store, clock, on=False)


async def wished(message: Message, meant: Following, here: Reader, store: Store, clock: Clock) -> View:
    """The same in words: "subscribe to economy". What may mean something else does so unless a list or a channel is
    called like that."""
    what = name_in(meant.name)
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        if not meant.certain and find(what, lists, await tx.channels.all(active=True)) is None:
            raise SkipHandler
        reader = await arrive(tx, here, clock())
        found = await _changed(tx, reader, what, lists, on=meant.on)
    return await reply(message, await _said(reader, what, lists, found, on=meant.on))


async def press_follow(query: CallbackQuery, callback_data: Follow, here: Reader, store: Store, clock: Clock) -> None:
    """What the button says shall be; the message is drawn anew with the marks as they are then."""
    now, on = clock(), callback_data.on
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, now)
        target = await _target_pressed(tx, callback_data.target, lists, on=on)
        if target:
            await _follow(tx, reader, target, on=on)
            reader = await tx.readers.get(reader.id) or reader
    if target is None:
        await tell(query, word(reader.language, "old-button-alert"))
    else:
        await tell(query, views.alert(reader.language, target.title(reader.language), on=on))
    match callback_data.place:
        case "start":
            view = start_views.hello(reader, lists)
        case "again":
            view = start_views.again(reader, lists, now)
        case "offer" if target:
            view = views.pressed(reader, target, on=on)
        case "subscribe" | "leave" as place:
            view = views.question(reader, lists, on=place == "subscribe")
        case _:
            view = views.lists(reader, lists)
    await redraw(query, view)


async def _change(
    message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock, *, on: bool
) -> View:
    what = name_in(command.args)
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, clock())
        if not what:
            found: View | Sequence[Channel] = views.question(reader, lists, on=on)
        else:
            found = await _changed(tx, reader, what, lists, on=on)
    return await reply(message, await _said(reader, what, lists, found, on=on))


async def _changed(
    tx: Transaction, reader: Reader, what: str, lists: Sequence[ChannelList], *, on: bool
) -> View | Sequence[Channel]:
    """What is to be said of the change; where nothing is called so, the channels that it may have been meant for."""
    channels: Sequence[Channel] = await tx.channels.all(active=True)
    if not on:  # what is read no longer can still be left
        channels = (*channels, *(await tx.channels.by_names(reader.channels)).values())
    target = find(what, lists, channels)
    if target is None and not on and is_all(what):
        return stop(reader)
    if target is None:
        return channels
    before = target.followed(reader)
    await _follow(tx, reader, target, on=on)
    reader = await tx.readers.get(reader.id) or reader
    key = ("follow-already" if before else "follow-done") if on else ("follow-ended" if before else "follow-not")
    return views.changed(reader, target.title(reader.language), key)


async def _said(
    reader: Reader, what: str, lists: Sequence[ChannelList], found: View | Sequence[Channel], *, on: bool
) -> View:
    """The view, or that nothing is called so, and which of the channels comes near. That is for after the transaction:
    of thousands it takes half a second, in which nobody else could write."""
    if isinstance(found, View):
        return found
    return views.unknown(reader, what, await asyncio.to_thread(nearest, what, lists, found), lists, on=on)


async def _follow(tx: Transaction, reader: Reader, target: Target, *, on: bool) -> None:
    lists = [target.list.id] if target.list else []
    channels = [target.channel.name] if target.channel else []
    if on:
        await tx.readers.follow(reader.id, lists=lists, channels=channels)
    else:
        await tx.readers.unfollow(reader.id, lists=lists, channels=channels)


async def _target_pressed(tx: Transaction, target: str, lists: Sequence[ChannelList], *, on: bool) -> Target | None:
    """What a button stands for; a channel that is read no longer can be left, but not followed."""
    if target.startswith("@"):
        name = target[1:].lower()
        channel = (await tx.channels.by_names([name])).get(name)
        return Target(channel=channel) if channel and (channel.active or not on) else None
    found = list_of(target, lists)
    return Target(list=found) if found else None
