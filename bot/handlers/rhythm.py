"""The hour and the zone: chosen by buttons or typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.arrivals import (
    AT,
    AT_LATER,
    OF_HOUR,
    OF_SETTINGS,
    OF_START,
    PRIVATE,
    START_AT,
    START_ZONE,
    ZONE,
    ZONE_LATER,
    arrive,
    due_next,
)
from bot.asides import Aside, aside, is_thanks
from bot.callbacks import Hour, Zone
from bot.handlers import SAID, Says, on_text
from bot.handlers.changes import search_row
from bot.handlers.other import show_help
from bot.hours import hour, hours_moved, shifted
from bot.keeper import Keeper
from bot.outgoing import View
from bot.replies import redraw, reply, tell
from bot.rights import for_admins
from bot.views import start as views
from bot.wishes import hour_said, hour_wished, place_told
from bot.wording import word
from bot.zones import by_clock, zone
from core.clock import Clock
from core.model import Reader, ReaderState
from storage.store import Store, Transaction

_LATER = {START_AT: AT_LATER, START_ZONE: ZONE_LATER}


def router() -> Router:
    router = for_admins(Router(name=__name__))
    router.callback_query.register(press_hour, Hour.filter())
    router.callback_query.register(press_zone, Zone.filter())
    router.message.register(wished, Says(lambda text: hour(hour_wished(text))))
    router.message.register(later, Says(hours_moved))
    router.message.register(moved, Says(lambda text: zone(place_told(text))))
    on_text(router, typed, SAID, MayAnswer())
    router.message.register(wished, Says(lambda text: hour(hour_said(text))))  # where it answers no question
    return router


class MayAnswer(Filter):
    """A text that may answer the open question: any in a private chat, a reply to the question elsewhere."""

    async def __call__(self, message: Message, here: Reader, store: Store) -> bool | dict[str, Reader]:
        if here.kind != PRIVATE and not _answers_question(message):
            return False
        async with store.read() as tx:
            reader = await tx.readers.find(here.chat_id, here.thread_id)
        return {"reader": reader} if reader and reader.asking in OF_START | OF_SETTINGS else False


def _answers_question(message: Message) -> bool:
    """Whether it replies to a message with the buttons of the question: to other messages of the bot people reply what
    they like."""
    keyboard = message.reply_to_message.reply_markup if message.reply_to_message else None
    buttons = [button.callback_data or "" for row in keyboard.inline_keyboard for button in row] if keyboard else []
    return any(data.startswith((f"{Hour.__prefix__}:", f"{Zone.__prefix__}:")) for data in buttons)


async def press_hour(query: CallbackQuery, callback_data: Hour, here: Reader, store: Store, clock: Clock) -> None:
    """Take over the hour of the button, or wait for one to be typed."""
    now = clock()
    at = hour(callback_data.at)
    async with store.begin() as tx:
        before = await tx.readers.find(here.chat_id, here.thread_id)
        starting = callback_data.place == "start" and not (before and before.asking == AT)  # the place is known
        reader = await arrive(tx, here, now)
        if at is None:
            reader = await tx.readers.change(reader.id, asking=START_AT if starting else AT)
        else:
            reader = await _set_hour(tx, reader, at, now, starting=starting)
    await tell(query, word(reader.language, "hour-typed" if at is None else "saved-alert", chat=reader.kind))
    if at is not None:
        await redraw(query, _after_hour(reader, now, starting=starting))


async def press_zone(query: CallbackQuery, callback_data: Zone, here: Reader, store: Store, clock: Clock) -> None:
    """Take over the zone of the button, or wait for one to be typed."""
    now = clock()
    starting = callback_data.place == "start"
    name = zone(callback_data.name) if callback_data.name else None
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        if name is None:
            reader = await tx.readers.change(reader.id, asking=START_ZONE if starting else ZONE)
        else:
            reader = await _set_zone(tx, reader, name, now)
    await tell(query, word(reader.language, "zone-typed" if name is None else "saved-alert", chat=reader.kind))
    if name is not None:
        await redraw(query, views.done(reader, now))


async def wished(message: Message, meant: str, here: Reader, store: Store, clock: Clock) -> View:
    """Take over the hour of "send it at 9 in the morning", whatever is asked, and of "at 9", where nothing is."""
    return await _take_over(message, lambda reader: meant, here, store, clock)


async def later(message: Message, meant: int, here: Reader, store: Store, clock: Clock) -> View:
    """Have the digest so many hours later, or earlier."""
    return await _take_over(message, lambda reader: shifted(reader.at, meant), here, store, clock)


async def _take_over(
    message: Message, hour_for: Callable[[Reader], str], here: Reader, store: Store, clock: Clock
) -> View:
    now = clock()
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        starting = reader.asking in OF_START
        reader = await _set_hour(tx, reader, hour_for(reader), now, starting=starting)
        search = await search_row(tx, reader, message.text or "", now)
    view = _after_hour(reader, now, starting=starting)
    return await reply(message, replace(view, rows=(*view.rows, *search)))


async def moved(message: Message, meant: str, here: Reader, store: Store, clock: Clock) -> View:
    """Take over the clock of the place in "I'm in London now", whatever is asked; the hour is then asked as it is in
    the settings, for the question of the start would go on to the place."""
    now = clock()
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        hour_is_open = reader.asking in OF_HOUR
        reader = await _set_zone(tx, reader, meant, now, asking=AT if hour_is_open else None)
    return await reply(message, views.hour_question(reader, "settings") if hour_is_open else views.done(reader, now))


async def typed(message: Message, reader: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> View | None:
    """Understand the answer to the open question; what is no answer leaves it open, but it is not insisted on again."""
    now, text = clock(), message.text or ""
    at, place = _understood(reader, text, now)
    if at:
        starting = reader.asking in OF_START
        async with store.begin() as tx:
            reader = await _set_hour(tx, reader, at, now, starting=starting)
        return await reply(message, _after_hour(reader, now, starting=starting))
    if place:
        async with store.begin() as tx:
            reader = await _set_zone(tx, reader, place, now)
        return await reply(message, views.done(reader, now))
    return await _no_answer(message, reader, store, clock, keeper)


def _understood(reader: Reader, text: str, now: datetime) -> tuple[str | None, str | None]:
    """The hour, or else the place, by which a text answers the open question. At the start, while it is asked by which
    clock, also another hour than the one before; in the settings what the reader's own clock shows."""
    if reader.asking in OF_HOUR:
        return hour(text), None
    if (place := zone(text)) or text.strip().isdecimal():
        return None, place
    at = hour(text)
    return (at, None) if reader.asking in OF_START else (None, by_clock(at, now, reader.zone) if at else None)


async def _no_answer(
    message: Message, reader: Reader, store: Store, clock: Clock, keeper: Keeper | None
) -> View | None:
    """What was written instead: questions are answered and words looked for, or offered to be. Of a question of the
    start that was passed over once nothing but its answer is taken for an attempt at one."""
    if reader.asking in _LATER.values():
        raise SkipHandler
    text, now, private = message.text or "", clock(), message.chat.type == PRIVATE
    about_hour = reader.asking in OF_HOUR
    said = aside(text, about_hour=about_hour)
    asking = None if said is Aside.LEAVE_IT else _LATER.get(reader.asking or "", reader.asking)
    async with store.begin() as tx:
        reader = await tx.readers.change(reader.id, asking=asking)
        search = await tx.queries.note(reader.id, text, now) if said is Aside.ATTEMPT and private else None
    if said is Aside.LEAVE_IT:
        return await reply(message, views.done(reader, now))
    if private and (said is Aside.WORDS or is_thanks(text)):
        raise SkipHandler  # to the search, or to the kind word
    if said is Aside.QUESTION:
        return await show_help(message, reader, store, clock, keeper)
    return await reply(message, views.no_answer(reader, text, search, about_hour=about_hour))


async def _set_hour(tx: Transaction, reader: Reader, at: str, now: datetime, *, starting: bool) -> Reader:
    asking = START_ZONE if starting else None
    due = await _due(tx, replace(reader, at=at), now)
    return await tx.readers.change(reader.id, at=at, asking=asking, due_at=due)


async def _set_zone(tx: Transaction, reader: Reader, name: str, now: datetime, *, asking: str | None = None) -> Reader:
    due = await _due(tx, replace(reader, zone=name), now)
    return await tx.readers.change(reader.id, zone=name, asking=asking, due_at=due)


async def _due(tx: Transaction, reader: Reader, now: datetime) -> datetime | None:
    """The next digest's moment; none while the reader pauses. One that is due already comes all the same."""
    if reader.state is ReaderState.PAUSED:
        return None
    return reader.due_at if reader.due_at and reader.due_at <= now else await due_next(tx, reader, now)


def _after_hour(reader: Reader, now: datetime, *, starting: bool) -> View:
    return views.zone_question(reader, "start", now) if starting else views.done(reader, now)
