"""The settings: one message whose pages are turned by buttons, and the proof that a rich message can be read."""

from contextlib import suppress
from datetime import datetime

from aiogram import Bot, Router
from aiogram.enums import ChatType
from aiogram.exceptions import AiogramError, TelegramNotFound
from aiogram.methods import SendRichMessage
from aiogram.types import CallbackQuery, Message

from bot.arrivals import AT, OF_SETTINGS, OF_START, START_AT, ZONE, arrive, arrived, due_next
from bot.asides import is_for_settings, is_stop
from bot.callbacks import Choose, Forget, Readable, Show
from bot.changes import MINUTES, is_name_of_language
from bot.commands import speak
from bot.handlers import Says, on_command
from bot.keeper import Keeper
from bot.looks import CLASSIC, RICH, Looks
from bot.outgoing import View
from bot.replies import patiently, redraw, reply, tell
from bot.rights import for_admins
from bot.views import lists as list_views
from bot.views import settings as views
from bot.views import start as start_views
from bot.views import taste as taste_views
from bot.wording import say, word
from core.clock import Clock
from core.model import Reader, ReaderState, Taste
from storage.store import Store, Transaction


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, show, "settings")
    router.message.register(show, Says(lambda text: is_for_settings(text) and not is_name_of_language(text)))
    on_command(router, stop, "stop")
    changes = for_admins(Router(name=f"{__name__}.changes"))
    changes.callback_query.register(turn, Show.filter())
    changes.callback_query.register(choose, Choose.filter())
    changes.callback_query.register(readable, Readable.filter())
    changes.callback_query.register(forget, Forget.filter())
    router.include_router(changes)
    return router


def words() -> Router:
    """For plain text that asks for an end; before the search."""
    router = Router(name=f"{__name__}.words")
    router.message.register(stop, Says(is_stop))
    return router


async def show(message: Message, here: Reader, store: Store, clock: Clock, looks: Looks) -> None:
    """All settings."""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, clock())
    await reply(message, views.settings(reader, lists, looks.of(reader), clock()))


async def stop(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """How to get fewer digests, or none."""
    reader = await arrived(store, here, clock())
    await reply(message, views.stop(reader))


async def turn(
    query: CallbackQuery, callback_data: Show, here: Reader, store: Store, clock: Clock, looks: Looks, bot: Bot
) -> None:
    """Turn to a page; those of the hour and the zone take a typed answer, too."""
    now, page = clock(), callback_data.page
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, now)
        starting = reader.asking in OF_START
        question = {"hour": START_AT if starting else AT, "zone": ZONE}.get(page)
        if question or reader.asking in OF_SETTINGS:
            reader = await tx.readers.change(reader.id, asking=question)
        taste = await tx.tastes.of(reader.id) if page == "keywords" else Taste()
    await tell(query)
    match page:
        case "hour":
            view = start_views.hour_question(reader, "start" if starting else "settings")
        case "zone":
            view = start_views.zone_question(reader, "settings", now)
        case "minutes":
            view = views.minutes(reader)
        case "language":
            view = views.languages(reader)
        case "lists":
            view = list_views.lists(reader, lists)
        case "keywords":
            view = taste_views.keywords(reader, taste)
        case "forget":
            view = views.forget(reader)
        case "look":
            view = views.look(reader, known=await _sampled(reader, looks, bot))
        case _:
            view = views.settings(reader, lists, looks.of(reader), now)
    if page == "new-settings" and query.message:  # asked for below a digest, which stays
        await reply(query.message, view)
    else:
        await redraw(query, view)


async def choose(
    query: CallbackQuery,
    callback_data: Choose,
    here: Reader,
    store: Store,
    clock: Clock,
    looks: Looks,
    keeper: Keeper | None,
    bot: Bot,
) -> None:
    """Set one thing to one of the values that the buttons offer; others are no longer in use."""
    now = clock()
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await arrive(tx, here, now)
        chosen = await set_one(tx, reader, callback_data.field, callback_data.value, now)
    if chosen is None:
        await tell(query, word(reader.language, "old-button-alert"))
        return
    key = {
        "state": f"{'paused' if chosen.state is ReaderState.PAUSED else 'resumed'}-alert",
        "look": "look-classic-alert",
    }
    await tell(query, word(chosen.language, key.get(callback_data.field, "saved-alert")))
    await redraw(query, views.settings(chosen, lists, looks.of(chosen), now))
    if callback_data.field == "language":
        await show_menu(bot, chosen, keeper)


async def show_menu(bot: Bot, reader: Reader, keeper: Keeper | None) -> None:
    """Have the menu of a chat in the language that was chosen there; in another it is no harm."""
    if reader.kind != ChatType.CHANNEL:
        admin = keeper is not None and reader.chat_id in keeper.admins
        with suppress(AiogramError):
            await speak(bot, reader.chat_id, reader.language, admin=admin)


async def readable(query: CallbackQuery, here: Reader, store: Store, clock: Clock) -> None:
    """The reader has pressed the button inside the rich sample: digests come as rich messages from now on."""
    async with store.begin() as tx:
        reader = await arrive(tx, here, clock())
        await tx.readers.change(reader.id, look=RICH)
    await tell(query, word(reader.language, "look-rich-alert"))


async def forget(
    query: CallbackQuery, callback_data: Forget, here: Reader, store: Store, clock: Clock, looks: Looks
) -> None:
    """Delete all that is kept of the reader, or go back."""
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        reader = await tx.readers.find(here.chat_id, here.thread_id)
        if reader and callback_data.sure:
            await tx.readers.forget(reader.id)
    await tell(query)
    if reader is None or callback_data.sure:
        await redraw(query, View(say(reader.language if reader else here.language, "forget-done")))
    else:
        await redraw(query, views.settings(reader, lists, looks.of(reader), clock()))


async def _sampled(reader: Reader, looks: Looks, bot: Bot) -> bool:
    """Send the rich sample; False where the server does not know rich messages, which holds for all then."""
    if not looks.rich:
        return False
    if reader.look == RICH:
        return True
    try:
        sample = SendRichMessage(
            chat_id=reader.chat_id,
            rich_message=views.sample(reader.language),
            message_thread_id=reader.thread_id or None,
        )
        await patiently(sample.as_(bot))
    except TelegramNotFound:
        looks.rich = False
    return looks.rich


async def set_one(tx: Transaction, reader: Reader, field: str, value: str, now: datetime) -> Reader | None:
    """The reader with one of the settings set, or None where the value is none that is offered."""
    match field:
        case "language" if value in views.LANGUAGES:
            return await tx.readers.change(reader.id, language=value)
        case "minutes" if value.isdecimal() and int(value) in MINUTES:
            return await tx.readers.change(reader.id, minutes=int(value))
        case "look" if value == CLASSIC:
            return await tx.readers.change(reader.id, look=CLASSIC)
        case "state" if value == ReaderState.PAUSED:
            return await tx.readers.change(reader.id, state=ReaderState.PAUSED)
        case "state" if value == ReaderState.ACTIVE and reader.state is ReaderState.ACTIVE:
            return reader
        case "state" if value == ReaderState.ACTIVE:
            due = await due_next(tx, reader, now)
            return await tx.readers.change(reader.id, state=ReaderState.ACTIVE, due_at=due)
    return None
