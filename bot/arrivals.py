"""Who speaks: an update's chat and topic as a reader, known or new."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from aiogram.types.update import UpdateTypeLookupError

from bot import zones
from bot.hours import next_due
from bot.wording import tame
from core.errors import CourantError
from core.model import ChannelList, Reader, ReaderId, ReaderState
from core.texts import DEFAULT_LANGUAGE, best_language
from storage.store import Store, Transaction

PRIVATE = "private"
START_AT, START_ZONE, AT, ZONE = "start-at", "start-zone", "at", "zone"  # the questions that may be open
AT_LATER, ZONE_LATER = "start-at-later", "start-zone-later"  # of the start, not answered when they were asked
OF_START = frozenset({START_AT, AT_LATER, START_ZONE, ZONE_LATER})  # while it is not known yet by which clock
OF_SETTINGS = frozenset({AT, ZONE})
OF_HOUR = frozenset({START_AT, AT_LATER, AT})
NEW_LIST = "list"  # the title of a list that is to be begun; behind it, the number of the errand


def here(update: Update) -> Reader | None:
    """The chat and topic of an update as a reader with the values a new one begins with; None where there is none."""
    try:
        event = update.event
    except UpdateTypeLookupError:  # of a kind that this aiogram does not know yet
        return None
    match event:
        case Message() as message:
            return _reader(message.chat, message.from_user, _thread(message))
        case CallbackQuery(message=Message() as message, from_user=user):
            return _reader(message.chat, user, _thread(message))
        case CallbackQuery(message=message, from_user=user) if message:
            return _reader(message.chat, user, 0)
        case ChatMemberUpdated() as change:
            return _reader(change.chat, change.from_user, 0)
    return None


async def arrived(store: Store, new: Reader, now: datetime) -> Reader:
    """The reader of this chat (see `arrive`), where nothing else is to be looked up."""
    async with store.begin() as tx:
        return await arrive(tx, new, now)


async def arrive(tx: Transaction, new: Reader, now: datetime, wanted: str | None = None) -> Reader:
    """The reader of this chat, known or new, under the name that it has now; one who had blocked the bot is as before
    again and gets what was held, and in a private chat a question of the settings that was not answered is closed.

    A new private chat follows the `wanted` list, else the first that fits its language, and has its digest due; a
    group waits until one of its admins starts it.
    """
    reader = await tx.readers.find(new.chat_id, new.thread_id)
    if reader is None:
        if new.thread_id and (group := await tx.readers.find(new.chat_id)):  # a topic begins as its group is
            new = replace(new, language=group.language, zone=group.zone)
        due = next_due(new.at, new.zone, now) if new.kind == PRIVATE else None
        reader, added = await tx.readers.welcome(replace(new, due_at=due), now)
        if added and new.kind == PRIVATE:
            lists = await tx.channels.lists()
            await tx.readers.follow(reader.id, lists=first_lists(lists, reader.language, wanted))
            reader = await tx.readers.get(reader.id) or reader
        return reader
    if new.name not in {"", reader.name}:
        reader = await tx.readers.change(reader.id, name=new.name)
    if reader.state is not ReaderState.ACTIVE:
        reader = await come_back(tx, reader, now)
    asked = (reader.asking or "").split(" ")[0]
    if reader.kind == PRIVATE and asked in {*OF_SETTINGS, NEW_LIST}:  # what is written next is not meant as its answer
        reader = await tx.readers.change(reader.id, asking=None)
    return reader


async def come_back(tx: Transaction, reader: Reader, now: datetime) -> Reader:
    """The reader can be sent to again: all is as before, and what was held waits again. Who has paused still does."""
    if reader.state is not ReaderState.PAUSED:
        due = await due_next(tx, reader, now) if reader.due_at else None  # of a group that nobody has started
        reader = await tx.readers.change(reader.id, state=ReaderState.ACTIVE, due_at=due)
    await tx.outbox.unhold(reader.id, now)  # after the reader, as everybody goes: else two would wait for each other
    return reader


async def due_next(tx: Transaction, reader: Reader, now: datetime) -> datetime:
    """When the reader's next digest is due: one a day, so an hour that is moved to later in a day on which it has come
    is that of the next."""
    return next_due(reader.at, reader.zone, now, (await tx.outbox.last_due([reader.id], now)).get(reader.id))


async def language_of(store: Store, here: Reader | None) -> str:
    """The language that the reader of this chat has chosen, else their Telegram's; that, too, where the store is what
    fails."""
    if here is None:
        return DEFAULT_LANGUAGE
    with suppress(CourantError):
        async with store.read() as tx:
            reader = await tx.readers.find(here.chat_id, here.thread_id)
        if reader:
            return reader.language
    return here.language


def first_lists(lists: Sequence[ChannelList], language: str, wanted: str | None) -> list[str]:
    """What a new reader follows: the list asked for, else the first in their language, else the first."""
    ids = [each.id for each in lists]
    if wanted in ids:
        return [wanted]
    return ([each.id for each in lists if each.language == language] or ids)[:1]


def _reader(chat: Chat, user: User | None, thread: int) -> Reader:
    language = best_language(user.language_code if user else None)
    return Reader(
        id=ReaderId(0),
        chat_id=chat.id,
        thread_id=thread,
        kind=chat.type,
        name=tame(chat.title or " ".join(filter(None, (chat.first_name, chat.last_name))), 100),
        language=language,
        zone=zones.first(language),
    )


def _thread(message: Message) -> int:
    """The topic of a message; the threads of replies in ordinary groups are no topics."""
    return message.message_thread_id or 0 if message.is_topic_message else 0
