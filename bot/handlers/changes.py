"""What is asked in words to be otherwise from now on: the language, the length, the hour, the rhythm."""

from dataclasses import replace
from datetime import datetime

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import Message

from bot.arrivals import AT, OF_START, START_AT, arrive
from bot.changes import (
    MINUTES,
    OTHER,
    Change,
    beside,
    change_asked,
    is_name_of_language,
    language_asked,
    minutes_asked,
    standing_change,
)
from bot.handlers import Says
from bot.handlers.settings import set_one, show_menu
from bot.hours import hours_of
from bot.keeper import Keeper
from bot.looks import Looks
from bot.outgoing import Button, View
from bot.replies import reply
from bot.rights import for_admins
from bot.views import settings as views
from bot.views import start as start_views
from bot.wording import say
from core.clock import Clock
from core.model import Reader, ReaderState
from storage.store import Store, Transaction

_MAY_BE_SEARCH = 3  # words; what is longer is looked for by nobody


def router() -> Router:
    router = for_admins(Router(name=__name__))
    router.message.register(spoken, Says(language_asked))
    router.message.register(changed, Says(change_asked))
    return router


def standing() -> Router:
    """For how digests shall be from now on: before words that ask for one, which may be of the last minutes or weeks
    ("новости раз в неделю")."""
    router = for_admins(Router(name=f"{__name__}.standing"))
    router.message.register(lasting, Says(minutes_asked))
    router.message.register(changed, Says(standing_change))
    return router


async def spoken(
    message: Message,
    meant: str,
    here: Reader,
    store: Store,
    clock: Clock,
    looks: Looks,
    keeper: Keeper | None,
    bot: Bot,
) -> View:
    """Speak the language from now on. Its name, where it is spoken already, is something to look for."""
    now, text = clock(), message.text or ""
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        same = reader.language == meant
        if same and is_name_of_language(text):
            raise SkipHandler
        if meant != OTHER:
            reader = await tx.readers.change(reader.id, language=meant)
        lists = await tx.channels.lists()
        search = await search_row(tx, reader, text, now)
    if meant == OTHER:
        view = replace(views.languages(reader), text=say(reader.language, "language-unknown"))
    else:
        view = start_views.open_question(reader, now) or views.settings(reader, lists, looks.of(reader), now)
        told = say(reader.language, "language-already" if same else "language-done")
        view = replace(view, text=f"{told}\n\n{view.text}")
    said = await reply(message, replace(view, rows=(*view.rows, *search)))
    if not same and meant != OTHER:
        await show_menu(bot, reader, keeper)
    return said


async def lasting(message: Message, meant: int, here: Reader, store: Store, clock: Clock) -> View:
    """Have digests of so many minutes."""
    now = clock()
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        view = await _lasts(tx, reader, min(max(meant, MINUTES[0]), MINUTES[-1]))
        search = await search_row(tx, reader, message.text or "", now)
    return await reply(message, replace(view, rows=(*view.rows, *search)))


async def changed(message: Message, meant: Change, here: Reader, store: Store, clock: Clock) -> View:
    """Have digests shorter, longer, at another hour or again; what cannot be had is told."""
    now = clock()
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        match meant:
            case Change.SHORTER | Change.LONGER:
                view = await _lasts(tx, reader, beside(reader.minutes, 1 if meant is Change.LONGER else -1))
            case Change.HOUR:
                starting = reader.asking in OF_START
                reader = await tx.readers.change(reader.id, asking=START_AT if starting else AT)
                place = "start" if starting else "settings"
                view = start_views.hour_question(reader, place, hours_of(message.text or ""))
            case Change.AGAIN if reader.state is ReaderState.PAUSED:
                view = views.when(await set_one(tx, reader, "state", ReaderState.ACTIVE, now) or reader, now)
            case Change.RHYTHM:
                view = views.other_rhythm(reader)
            case _:
                view = views.when(reader, now)
        search = await search_row(tx, reader, message.text or "", now)
    return await reply(message, replace(view, rows=(*view.rows, *search)))


async def _lasts(tx: Transaction, reader: Reader, minutes: int) -> View:
    return views.lasts(await tx.readers.change(reader.id, minutes=minutes), reader.minutes)


async def search_row(tx: Transaction, reader: Reader, text: str, now: datetime) -> tuple[tuple[Button, ...], ...]:
    """The button that looks for the text instead, where somebody may look for that."""
    if len(text.split()) > _MAY_BE_SEARCH:
        return ()
    return (start_views.search_row(reader, text, await tx.queries.note(reader.id, text, now)),)
