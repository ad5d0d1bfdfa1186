"""A digest now, the sources of one, and a part that got lost."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, tzinfo

from aiogram import Bot, Router
from aiogram.enums import ChatAction, ChatType
from aiogram.exceptions import AiogramError
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot import zones
from bot.arrivals import PRIVATE, arrive
from bot.asides import is_for_news
from bot.callbacks import Resend, Sources
from bot.digests import DAY, LONGEST, Desk
from bot.handlers import Says, on_command
from bot.outgoing import View
from bot.replies import about_digest, redraw, reply, tell
from bot.rights import NotAllowed, may_change
from bot.views import digest as views
from bot.windows import Window, beside_window, read_window
from bot.wording import say, word
from core.clock import Clock
from core.list_names import bare, lists_by_name
from core.model import ChannelList, PartId, Reader
from storage.store import Store


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, show_digest, "digest")
    router.message.register(show_digest, Says(asks_for_news))
    router.callback_query.register(show_sources, Sources.filter())
    router.callback_query.register(resend, Resend.filter())
    return router


def asks_for_news(text: str) -> bool:
    """Whether someone asks for the digest in words, of whichever days."""
    return is_for_news(beside_window(text)) or is_for_news(text)


async def show_digest(
    message: Message,
    here: Reader,
    store: Store,
    clock: Clock,
    desk: Desk,
    bot: Bot,
    command: CommandObject | None = None,
) -> View | None:
    """A digest of the last day, or since the last one where that is longer ago; of lists or of other days if named."""
    now = clock()
    async with store.begin() as tx:
        all_lists = await tx.channels.lists()
        reader = await arrive(tx, here, now)
    words = (command.args or "") if command else message.text or ""
    asked = understood(words, all_lists, now, zones.tz(reader.zone))
    if asked is None:
        return await reply(message, views.unclear(reader, words, all_lists))
    lists, window = asked
    mark = await desk.mark(reader, words.casefold())
    if mark is None:
        return await reply(message, View(say(reader.language, "digest-twice")))
    if lists is None and not reader.lists and not reader.channels:
        return await reply(message, View(say(reader.language, "digest-nothing-followed")))
    if seconds := desk.asks(here.chat_id):
        return await reply(message, views.enough(reader, seconds))
    if window and window.until - window.since > LONGEST:
        await reply(message, View(say(reader.language, "digest-cut", days=LONGEST.days)))
        window = replace(window, since=window.until - LONGEST)
    with suppress(AiogramError):  # it only passes the time
        await bot.send_chat_action(here.chat_id, ChatAction.TYPING, message_thread_id=here.thread_id or None)
    if window is None:
        window = Window(max(min(reader.told_until or now, now - DAY), now - LONGEST), now)
    await desk.now(reader, window, lists=lists, mark=mark)
    return None


async def show_sources(
    query: CallbackQuery, callback_data: Sources, here: Reader, store: Store, clock: Clock, bot: Bot
) -> None:
    """All posts behind a digest of this reader's, as a message of its own; where many can press, once a day, and in a
    channel for its admins, since there it is a message to everybody."""
    if here.kind == ChatType.CHANNEL and not await may_change(bot, query):
        raise NotAllowed
    if here.kind != PRIVATE and (reader := await _shown_to(callback_data.digest, here, store, clock())):
        await tell(query, word(reader.language, "sources-twice-alert"))
        return
    await about_digest(query, callback_data.digest, here, store, views.sources)


async def _shown_to(digest: int, here: Reader, store: Store, now: datetime) -> Reader | None:
    """The reader of this chat, if the sources of this digest were asked for in the last day; from now on they were."""
    mark = f"sources {digest}"
    async with store.begin() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id)
        if reader is None or await tx.queries.asked_within(reader.id, mark, DAY, now):
            return reader
        await tx.queries.note(reader.id, mark, now)
    return None


async def resend(
    query: CallbackQuery, callback_data: Resend, here: Reader, store: Store, clock: Clock, wake: asyncio.Event
) -> None:
    """Send a part again that the reader did not get; only once, and only the reader's own."""
    async with store.begin() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id)
        again = await tx.outbox.resend(PartId(callback_data.part), reader.id, clock()) if reader else False
    said = word((reader or here).language, "resend-alert" if again else "resend-not-alert")
    await tell(query, said)
    if again:
        wake.set()
    await redraw(query, View(said))


def understood(
    args: str, lists: Sequence[ChannelList], now: datetime, zone: tzinfo
) -> tuple[list[str] | None, Window | None] | None:
    """The lists and the window that `/digest world yesterday` asks for; None where some of it is neither. What names a
    list is one, whatever else it may mean."""
    names = lists_by_name(lists)
    if found := _named(bare(args), names):
        return found, None
    window, rest = read_window(args, now, zone)
    if not rest or is_for_news(rest) or is_for_news(args):
        return None, window
    found = _named(rest, names)
    return (found, window) if found else None


def _named(text: str, names: Mapping[str, ChannelList]) -> list[str]:
    """The lists of these ids and titles, of which one may be of several words; none where any word is of no list."""
    if text in names:
        return [names[text].id]
    words = text.split()
    return [names[each].id for each in words] if all(each in names for each in words) else []
