"""A digest now, the sources of one, and a part that got lost."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from aiogram import Bot, F, Router
from aiogram.enums import ChatAction
from aiogram.exceptions import AiogramError
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from bot.arrivals import PRIVATE, arrive
from bot.asides import is_for_news
from bot.callbacks import Resend, Sources
from bot.digests import DAY, LONGEST, Desk
from bot.handlers import on_command
from bot.outgoing import View
from bot.replies import about_digest, redraw, reply, tell
from bot.views import digest as views
from bot.wording import say, word
from core.clock import Clock
from core.errors import BadInput
from core.model import ChannelList, PartId, Reader
from core.moments import span
from storage.store import Store


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, show_digest, "digest")
    router.message.register(show_digest, F.chat.type == PRIVATE, F.text.func(is_for_news))
    router.callback_query.register(show_sources, Sources.filter())
    router.callback_query.register(resend, Resend.filter())
    return router


async def show_digest(
    message: Message,
    here: Reader,
    store: Store,
    clock: Clock,
    desk: Desk,
    bot: Bot,
    command: CommandObject | None = None,
) -> None:
    """A digest of the last day, or since the last one where that is longer ago; of a list or another span if named."""
    now = clock()
    async with store.begin() as tx:
        all_lists = await tx.channels.lists()
        reader, _ = await arrive(tx, here, now, all_lists)
    words = (command and command.args) or ""
    asked = understood(words, all_lists)
    if asked is None:
        await reply(message, views.unclear(reader, words, all_lists))
        return
    lists, length = asked
    mark = await desk.mark(reader, words.casefold())
    if mark is None:
        await reply(message, View(say(reader.language, "digest-twice")))
        return
    if lists is None and not reader.lists and not reader.channels:
        await reply(message, View(say(reader.language, "digest-nothing-followed")))
        return
    if length and length > LONGEST:
        await reply(message, View(say(reader.language, "digest-cut", days=LONGEST.days)))
        length = LONGEST
    with suppress(AiogramError):  # it only passes the time
        await bot.send_chat_action(here.chat_id, ChatAction.TYPING, message_thread_id=here.thread_id or None)
    since = now - length if length else max(min(reader.told_until or now, now - DAY), now - LONGEST)
    await desk.now(reader, since=since, lists=lists, mark=mark)


async def show_sources(query: CallbackQuery, callback_data: Sources, here: Reader, store: Store) -> None:
    """All posts behind a digest of this reader's, as a message of its own."""
    await about_digest(query, callback_data.digest, here, store, views.sources)


async def resend(
    query: CallbackQuery, callback_data: Resend, here: Reader, store: Store, clock: Clock, wake: asyncio.Event
) -> None:
    """Send a part again that the reader did not get; only once, and only the reader's own."""
    async with store.begin() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id)
        again = await tx.outbox.resend(PartId(callback_data.part), reader.id, clock()) if reader else False
    language = reader.language if reader else here.language
    await tell(query, word(language, "resend-alert" if again else "resend-not-alert"))
    if again:
        wake.set()
    await redraw(query, View(say(language, "resend-alert" if again else "resend-not-alert")))


_SPANS = {
    word: timedelta(days=days)
    for days, words in ((7, "week неделя неделю недели"), (1, "day today день сегодня сутки"))
    for word in words.split()
}
_AROUND = frozenset("for the last past this за на эту прошлую прошлая последнюю последняя последний последние".split())


def understood(args: str, lists: Sequence[ChannelList]) -> tuple[list[str] | None, timedelta | None] | None:
    """The lists and the length of time that `/digest world 7d` asks for; None where a word is neither."""
    length: timedelta | None = None
    rest = []
    for each in args[:200].replace(",", " ").split():
        try:
            length = _SPANS.get(each.casefold()) or span(each)
        except BadInput:
            rest.append(each)
    if length:
        rest = [each for each in rest if each.casefold() not in _AROUND]
    names = {name.casefold(): each.id for each in lists for name in (each.id, *each.titles.values())}
    if not rest:
        return None, length
    if (whole := " ".join(rest).casefold()) in names:  # a title may be of several words
        return [names[whole]], length
    if all(each.casefold() in names for each in rest):
        return [names[each.casefold()] for each in rest], length
    return None
