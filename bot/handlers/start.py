"""The start: greeting, lists, hour, zone, and the first digest at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aiogram import Bot, F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import CommandObject, CommandStart, Filter
from aiogram.types import CallbackQuery, Message

from bot import zones
from bot.arrivals import PRIVATE, START_AT, arrive, due_next, first_lists
from bot.changes import language_asked
from bot.commands import IN_RUSSIAN
from bot.digests import Desk
from bot.handlers import OWN, on_text
from bot.handlers.other import WORDLESS
from bot.handlers.settings import show_menu
from bot.keeper import Keeper, keeps
from bot.outgoing import View
from bot.replies import reply, tell
from bot.rights import for_admins
from bot.views import start as views
from bot.wording import say, word
from core.clock import Clock
from core.model import ChannelList, Reader, ReaderState
from core.texts import LANGUAGES
from storage.store import Store, Transaction

_LIST = "list_"  # a deep link t.me/<bot>?start=list_world


def router() -> Router:
    router = for_admins(Router(name=__name__))
    on_text(router, start, CommandStart(ignore_case=True))
    return router


def newcomers() -> Router:
    """For private chats that write anything before /start, and for buttons pressed where nothing is kept any more."""
    router = Router(name=f"{__name__}.newcomers")
    said = F.text | F.caption | F.content_type.in_(WORDLESS)
    router.message.register(welcome, F.chat.type == PRIVATE, said, Stranger())
    router.callback_query.register(forgotten, Stranger())
    return router


class Stranger(Filter):
    """A chat that is no reader yet, or no longer."""

    async def __call__(self, event: Message | CallbackQuery, here: Reader, store: Store) -> bool:
        async with store.read() as tx:
            return await tx.readers.find(here.chat_id, here.thread_id) is None


async def start(
    message: Message,
    command: CommandObject,
    here: Reader,
    store: Store,
    clock: Clock,
    desk: Desk,
    keeper: Keeper | None,
) -> None:
    """Greet; of a new reader ask the hour, behind the first digest."""
    await _begin(message, here, store, clock, desk, keeper, wanted=(command.args or "").strip())


async def welcome(
    message: Message, here: Reader, store: Store, clock: Clock, desk: Desk, keeper: Keeper | None, bot: Bot
) -> None:
    """Greet one who wrote something else first, in the language that they ask for; a command is then obeyed, too, if
    the greeting did not do so."""
    text = (message.text or "").strip()
    language = language_asked(text) if OWN.resolve(message) else None
    if language in LANGUAGES and language != here.language:
        here = replace(here, language=language, zone=zones.first(language))
        await show_menu(bot, here, keeper)
    await _begin(message, here, store, clock, desk, keeper, wanted="")
    if text.startswith("/") and text[1:].casefold() not in {"digest", *IN_RUSSIAN["digest"]}:
        raise SkipHandler


async def forgotten(query: CallbackQuery, here: Reader) -> None:
    """A button that was left in a chat whose reader had all forgotten: it makes none of it anew."""
    await tell(query, word(here.language, "forgotten-alert"))


async def _begin(
    message: Message, here: Reader, store: Store, clock: Clock, desk: Desk, keeper: Keeper | None, *, wanted: str
) -> None:
    now = clock()
    async with store.begin() as tx:
        lists = await tx.channels.lists()
        chosen = next((each for each in lists if wanted == f"{_LIST}{each.id}"), None)
        reader, first = await _started(tx, here, lists, chosen, now)
    if first:
        greeting = views.hello(reader, lists, keeps=keeps(message, keeper))
    elif chosen:
        followed = say(reader.language, "follow-done", title=chosen.title(reader.language))
        greeting = View(f"{followed}\n{views.rhythm(reader, now)}")
    else:
        greeting = views.again(reader, lists, now)
    if wanted.startswith(_LIST) and not chosen:
        gone = say(reader.language, "start-list-gone", what=wanted.removeprefix(_LIST))
        greeting = replace(greeting, text=f"{gone}\n\n{greeting.text}")
    try:
        await reply(message, greeting)
    finally:  # a greeting that did not get through takes nothing else with it
        if first and lists:
            await desk.first(reader, views.hour_question(reader, "start"))
    if not first and (question := views.open_question(reader, now)):
        await reply(message, question)


async def _started(
    tx: Transaction, here: Reader, lists: Sequence[ChannelList], chosen: ChannelList | None, now: datetime
) -> tuple[Reader, bool]:
    """The reader of the chat, who follows the list that was chosen from now on, and whether it is new here; who is new
    gets the next digest, and is asked for the hour."""
    first = await tx.readers.find(here.chat_id, here.thread_id) is None
    reader = await arrive(tx, here, now, chosen.id if chosen else None)
    if chosen:
        await tx.readers.follow(reader.id, lists=[chosen.id])
    if reader.due_at is None and reader.state is ReaderState.ACTIVE:  # a group that nobody has started yet
        first = True
        if not reader.lists and not chosen:
            await tx.readers.follow(reader.id, lists=first_lists(lists, reader.language, None))
    if first:
        due = await due_next(tx, reader, now)
        await tx.readers.change(reader.id, due_at=due, asking=START_AT if lists else None)
    return await tx.readers.get(reader.id) or reader, first
