"""Help, what is understood by nothing else, and what happens to the chat itself."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus, ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.arrivals import PRIVATE, arrive, language_of
from bot.asides import is_small_talk, is_thanks
from bot.commands import nearest
from bot.delivery import leave
from bot.handlers import on_command
from bot.keeper import Keeper, keeps
from bot.outgoing import View
from bot.replies import reply, tell
from bot.wording import say, tame, word
from core.clock import Clock
from core.model import Reader, ReaderState
from storage.store import Store

WORDLESS = {
    ContentType.ANIMATION,
    ContentType.AUDIO,
    ContentType.CHECKLIST,
    ContentType.CONTACT,
    ContentType.DICE,
    ContentType.DOCUMENT,
    ContentType.GAME,
    ContentType.LOCATION,
    ContentType.PAID_MEDIA,
    ContentType.PHOTO,
    ContentType.POLL,
    ContentType.STICKER,
    ContentType.STORY,
    ContentType.VENUE,
    ContentType.VIDEO,
    ContentType.VIDEO_NOTE,
    ContentType.VOICE,
}
_OUT = {ChatMemberStatus.LEFT, ChatMemberStatus.KICKED}


def router() -> Router:
    router = Router(name=__name__)
    on_command(router, show_help, "help")
    router.message.register(moved, F.migrate_to_chat_id)
    router.my_chat_member.register(membership)
    return router


def small_talk() -> Router:
    """For plain text in which there is nothing to look for; before the search."""
    router = Router(name=f"{__name__}.small_talk")
    router.message.register(thanked, F.chat.type == PRIVATE, F.text, F.text.func(is_thanks))
    router.message.register(show_help, F.chat.type == PRIVATE, F.text, F.text.func(is_small_talk))
    return router


def rest() -> Router:
    """For what no other router has taken; last in the row."""
    router = Router(name=f"{__name__}.rest")
    router.message.register(unknown_command, F.chat.type == PRIVATE, F.text.startswith("/"))
    router.message.register(wordless, F.chat.type == PRIVATE, F.content_type.in_(WORDLESS))
    router.callback_query.register(old_button)
    return router


async def show_help(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> View:
    """What the bot can do."""
    async with store.begin() as tx:
        reader, _ = await arrive(tx, here, clock(), await tx.channels.lists())
    text = say(reader.language, "help")
    if keeps(message, keeper):
        text += f"\n\n{say(reader.language, 'keep-help')}"
    return await reply(message, View(text))


async def thanked(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """A kind word back, and where to go on."""
    async with store.begin() as tx:
        reader, _ = await arrive(tx, here, clock(), await tx.channels.lists())
    await reply(message, View(say(reader.language, "thanked")))


async def unknown_command(message: Message, here: Reader, store: Store, clock: Clock) -> View:
    """Say so, which one may be meant, and where help is."""
    async with store.begin() as tx:
        reader, _ = await arrive(tx, here, clock(), await tx.channels.lists())
    command = tame((message.text or "").split(maxsplit=1)[0], 40)
    if near := nearest(command.lstrip("/").partition("@")[0]):
        text = say(reader.language, "command-near", command=command, near=f"/{near}")
    else:
        text = say(reader.language, "command-unknown", command=command)
    return await reply(message, View(text, missed=True))


async def wordless(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """A voice, a picture, a place: say that only words are read."""
    async with store.begin() as tx:
        reader, _ = await arrive(tx, here, clock(), await tx.channels.lists())
    await reply(message, View(say(reader.language, "words-only")))


async def old_button(query: CallbackQuery, here: Reader | None, store: Store) -> None:
    """A button of an older version, or one that nobody made."""
    await tell(query, word(await language_of(store, here), "old-button-alert"))


async def moved(message: Message, store: Store) -> None:
    """The group became a supergroup: its readers live on under the new number."""
    async with store.begin() as tx:
        await tx.readers.moved(message.chat.id, message.migrate_to_chat_id or message.chat.id)


async def membership(change: ChatMemberUpdated, here: Reader, store: Store, clock: Clock, bot: Bot) -> None:
    """The bot was blocked or removed: nothing more is sent, to no topic either. Let in again: it says how to begin."""
    out = change.new_chat_member.status in _OUT
    async with store.begin() as tx:
        readers = await tx.readers.of_chat(here.chat_id)
        for reader in readers:
            if out:
                await leave(tx, reader, ReaderState.BLOCKED, "the bot was blocked or removed")
            else:
                await arrive(tx, reader, clock(), ())
    came = change.old_chat_member.status in _OUT and not out
    if came and here.kind in {"group", "supergroup"}:
        language = readers[0].language if readers else here.language
        await bot.send_message(here.chat_id, say(language, "start-group"))
