"""Lists and channels: looking, following, stopping."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.arrivals import arrive
from bot.callbacks import Follow, list_of
from bot.handlers import on_command
from bot.keeper import Keeper, keeps
from bot.outgoing import View
from bot.replies import redraw, reply, tell
from bot.rights import for_admins
from bot.views import lists as views
from bot.views import start as start_views
from bot.views.keeping import opening
from bot.wording import word
from core.addresses import read_address
from core.clock import Clock
from core.model import Channel, ChannelList, Reader
from storage.store import Store, Transaction

_LONGEST = 80  # characters of a name that are looked at
_SHORTEST = 3  # of a word by which a name is known


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, show_lists, "lists")
    on_command(router, show_channels, "channels")
    changes = for_admins(Router(name=f"{__name__}.changes"))
    on_command(changes, subscribe, "subscribe")
    on_command(changes, unsubscribe, "unsubscribe")
    changes.callback_query.register(press_follow, Follow.filter())
    router.include_router(changes)
    return router


async def show_lists(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> None:
    """What can be followed, with buttons to follow or stop; those who run the place get to what the lists hold."""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader, _ = await arrive(tx, here, clock(), lists)
    view = views.lists(reader, lists)
    await reply(message, replace(view, rows=(*view.rows, opening(reader))) if keeps(message, keeper) else view)


async def show_channels(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """The channels of all lists, or of the one that is named."""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader, _ = await arrive(tx, here, clock(), lists)
        known = await tx.channels.by_names({name for each in lists for name in each.channels})
    if not (what := _name(command.args)):
        view = views.channels(reader, lists, known)
    elif chosen := _list_named(what, lists):
        view = views.channels(reader, [chosen], known)
    else:
        view = views.unknown(reader, what, _nearest(what, lists, ()), lists)
    return await reply(message, view)


async def subscribe(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """Follow a list or a channel by name; without a name, choose by buttons."""
    return await _change(message, command, here, store, clock, on=True)


async def unsubscribe(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """Follow it no longer; without a name, choose by buttons."""
    return await _change(message, command, here, store, clock, on=False)


async def press_follow(query: CallbackQuery, callback_data: Follow, here: Reader, store: Store, clock: Clock) -> None:
    """What the button says shall be; the message is drawn anew with the marks as they are then."""
    now, on = clock(), callback_data.on
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader, _ = await arrive(tx, here, now, lists)
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
        case "subscribe" | "leave" as place:
            view = views.question(reader, lists, on=place == "subscribe")
        case _:
            view = views.lists(reader, lists)
    await redraw(query, view)


@dataclass(frozen=True, slots=True)
class _Target:
    """A list, or a channel on its own."""

    list: ChannelList | None = None
    channel: Channel | None = None

    def title(self, language: str) -> str:
        if self.list:
            return self.list.title(language)
        return self.channel.title if self.channel else ""


async def _change(
    message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock, *, on: bool
) -> View:
    what = _name(command.args)
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader, _ = await arrive(tx, here, clock(), lists)
        if not what:
            view = views.question(reader, lists, on=on)
        else:
            view = await _changed(tx, reader, what, lists, on=on)
    return await reply(message, view)


async def _changed(tx: Transaction, reader: Reader, what: str, lists: Sequence[ChannelList], *, on: bool) -> View:
    channels = await tx.channels.all(active=True)
    if not on:  # what is read no longer can still be left
        channels = (*channels, *(await tx.channels.by_names(reader.channels)).values())
    target = _find(what, lists, channels)
    if target is None:
        return views.unknown(reader, what, _nearest(what, lists, channels), lists)
    before = _followed(reader, target)
    await _follow(tx, reader, target, on=on)
    reader = await tx.readers.get(reader.id) or reader
    key = ("follow-already" if before else "follow-done") if on else ("follow-ended" if before else "follow-not")
    return views.changed(reader, target.title(reader.language), key)


async def _follow(tx: Transaction, reader: Reader, target: _Target, *, on: bool) -> None:
    lists = [target.list.id] if target.list else []
    channels = [target.channel.name] if target.channel else []
    if on:
        await tx.readers.follow(reader.id, lists=lists, channels=channels)
    else:
        await tx.readers.unfollow(reader.id, lists=lists, channels=channels)


def _followed(reader: Reader, target: _Target) -> bool:
    if target.list:
        return target.list.id in reader.lists
    return bool(target.channel and target.channel.name.lower() in reader.channels)


async def _target_pressed(tx: Transaction, target: str, lists: Sequence[ChannelList], *, on: bool) -> _Target | None:
    """What a button stands for; a channel that is read no longer can be left, but not followed."""
    if target.startswith("@"):
        name = target[1:].lower()
        channel = (await tx.channels.by_names([name])).get(name)
        return _Target(channel=channel) if channel and (channel.active or not on) else None
    found = list_of(target, lists)
    return _Target(list=found) if found else None


def _find(what: str, lists: Sequence[ChannelList], channels: Sequence[Channel]) -> _Target | None:
    """A list by id or title, or a channel in force by name, link or title."""
    if found := _list_named(what, lists):
        return _Target(list=found)
    name = _channel_name(what)
    by_name = {channel.name.lower(): channel for channel in channels}
    by_title = {channel.title.casefold(): channel for channel in channels}
    channel = by_name.get(name) or by_title.get(what.casefold())
    return _Target(channel=channel) if channel else None


def _list_named(what: str, lists: Sequence[ChannelList]) -> ChannelList | None:
    wanted = what.casefold()
    for each in lists:
        if wanted in {each.id.casefold(), *(title.casefold() for title in each.titles.values())}:
            return each
    return None


def _nearest(what: str, lists: Sequence[ChannelList], channels: Sequence[Channel]) -> list[str]:
    """Names that come near, as they would be typed: those with a word of `what` in them, then those spelt alike."""
    names: dict[str, str] = {}
    for each in lists:
        names |= {title.casefold(): each.id for title in (each.id, *each.titles.values())}
    for channel in channels:
        names |= {channel.name.casefold(): channel.name, channel.title.casefold()[:_LONGEST]: channel.name}
    wanted = [word for word in what.casefold().split() if len(word) >= _SHORTEST]
    begun = [name for name in names if any(f" {word}" in f" {name}" for word in wanted)]
    near = [*begun[:3], *difflib.get_close_matches(what.casefold(), names, n=4, cutoff=0.6)]
    return list(dict.fromkeys(names[name] for name in near))[:3]


def _channel_name(what: str) -> str:
    """The name in @name, t.me/name, https://t.me/s/name/123."""
    address = read_address(what)
    return (address.name if address and address.name else what.removeprefix("@")).lower()


def _name(args: str | None) -> str:
    return " ".join((args or "")[: _LONGEST * 2].split())[:_LONGEST]
