"""Searching the archive, page by page; plain words in a private chat are a search, too."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime

from aiogram import F, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot import zones
from bot.arrivals import PRIVATE, arrive
from bot.callbacks import Turn
from bot.commands import nearest as nearest_command
from bot.handlers import FORWARDED, on_command
from bot.hours import hour
from bot.naming import nearest
from bot.outgoing import View
from bot.replies import redraw, reply, tell
from bot.views import search as views
from bot.views import start as start_views
from bot.wishes import looked_for
from bot.wording import tame, word
from core import query as language
from core.clock import Clock
from core.errors import BadQuery
from core.list_names import by_ids
from core.model import Reader
from storage.store import Store, Transaction

_SLIP, _SLIPS_FROM = 0.83, 6  # how like a command a word must be, and how long, to be one with a slip: "snow" is not
_YEAR = re.compile(r"(?:19|20)\d\d")  # is not said to be an hour, as 20:26
_LONGEST_NAME = 40  # characters that may be the name of a channel


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, search, "search")
    router.callback_query.register(turn, Turn.filter())
    return router


def words() -> Router:
    """For plain text that nothing else has taken."""
    router = Router(name=f"{__name__}.words")
    no_command = ~F.text.startswith("/") | FORWARDED  # what is forwarded is none
    router.message.register(search_words, F.chat.type == PRIVATE, F.text | F.caption, no_command)
    return router


async def search(message: Message, command: CommandObject, here: Reader, store: Store, clock: Clock) -> View:
    """The first page of what was found; without words, how to ask."""
    return await _search(message, command.args or "", here, store, clock)


async def search_words(message: Message, here: Reader, store: Store, clock: Clock) -> View:
    """The same for words without a command, with a hint that they were taken so."""
    return await _search(message, looked_for(message.text or message.caption or ""), here, store, clock, hint=True)


async def turn(query: CallbackQuery, callback_data: Turn, here: Reader, store: Store, clock: Clock) -> None:
    """Another page of a search of this reader's that is still kept."""
    at, now = callback_data.page, clock()
    async with store.read() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id)
        text = await tx.queries.text(reader.id, callback_data.query) if reader else None
        if reader is None or text is None:
            view = None
        else:
            view = await _page(tx, reader, text, callback_data.query, at, now)
    if view is None or reader is None:
        await tell(query, word((reader or here).language, "search-old-alert"))
        return
    await tell(query)
    await redraw(query, view)


async def _search(message: Message, text: str, here: Reader, store: Store, clock: Clock, *, hint: bool = False) -> View:
    now = clock()
    text = tame(text, language.LONGEST)
    async with store.begin() as tx:
        reader = await arrive(tx, here, now)
        number = await tx.queries.note(reader.id, text, now) if text else 0
    if not text:
        return await reply(message, views.help_text(reader))
    async with store.read() as tx:  # no writer has to wait for a search
        said = views.taken(reader, _command_meant(text)) if hint else ""
        view = await _page(tx, reader, text, number, 0, now, hint=said)
    if hint and (at := hour(text)) and not _YEAR.fullmatch(text):
        view = replace(view, rows=(*view.rows, start_views.hour_offer(reader, at)))
    return await reply(message, view)


async def _page(
    tx: Transaction, reader: Reader, text: str, number: int, at: int, now: datetime, *, hint: str = ""
) -> View:
    try:
        query = language.parse(text, now, zones.tz(reader.zone))
    except BadQuery as error:
        return views.unclear(reader, text, error)
    if query.lists or query.but_lists:
        query = by_ids(query, await tx.channels.lists())
    found = await tx.archive.search(query, now, limit=views.PER_PAGE, offset=at * views.PER_PAGE)
    if not found.found and (unknown := await _unknown(tx, query)):
        return views.nowhere(reader, unknown)
    if not found.found and not at and len(text) <= _LONGEST_NAME:
        lists, channels = await tx.channels.lists(), await tx.channels.all(active=True)
        named = await asyncio.to_thread(nearest, text, lists, channels)  # of thousands it takes half a second
        return views.none(reader, text, named, hint=hint)
    return views.page(reader, text, number, at, found, hint=hint)


def _command_meant(text: str) -> str | None:
    """The command that one word may have been meant for, written without its stroke, or with a slip."""
    word = text.strip(" .!?")
    if not word.isalpha() or len(word) > _LONGEST_NAME:
        return None
    return nearest_command(word, alike=_SLIP if len(word) >= _SLIPS_FROM else 1)


async def _unknown(tx: Transaction, query: language.Query) -> list[str]:
    """The names of channels and lists in the query that nothing has."""
    channels = await tx.channels.by_names(query.channels)
    lists = {each.id.lower() for each in await tx.channels.lists()} if query.lists else set()
    return [*(each for each in query.channels if each not in channels), *(set(query.lists) - lists)]
