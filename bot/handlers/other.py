"""Help, what is understood by nothing else, and what happens to the chat itself."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus, ContentType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.arrivals import PRIVATE, arrive, arrived, language_of
from bot.asides import is_small_talk, is_thanks
from bot.commands import nearest
from bot.delivery import leave
from bot.handlers import OWN, Says, on_command
from bot.keeper import Keeper, keeps
from bot.outgoing import View
from bot.replies import reply, tell
from bot.views import start as views
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
    router.message.register(reopened, F.forum_topic_reopened)
    router.my_chat_member.register(membership)
    return router


def small_talk() -> Router:
    """For plain text in which there is nothing to look for; before the search."""
    router = Router(name=f"{__name__}.small_talk")
    router.message.register(thanked, Says(is_thanks, forwarded=True))
    router.message.register(show_help, Says(is_small_talk, forwarded=True))
    return router


def rest() -> Router:
    """For what no other router has taken; last in the row."""
    router = Router(name=f"{__name__}.rest")
    router.message.register(unknown_command, F.text.startswith("/"), OWN, Addressed())
    router.message.register(wordless, F.chat.type == PRIVATE, F.content_type.in_(WORDLESS))
    router.callback_query.register(old_button)
    return router


class Addressed(Filter):
    """What is written to the bot: anything in a private chat, elsewhere a command with the bot's name behind it."""

    async def __call__(self, message: Message, bot: Bot) -> bool:
        to = (message.text or "").split(maxsplit=1)[0].partition("@")[2]
        return message.chat.type == PRIVATE or to.lower() == ((await bot.me()).username or "").lower() != ""


async def show_help(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> View:
    """What the bot can do."""
    reader = await arrived(store, here, clock())
    text = say(reader.language, "help")
    if keeps(message, keeper):
        text += f"\n\n{say(reader.language, 'keep-help')}"
    return await reply(message, View(text))


async def thanked(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """A kind word back, and where to go on."""
    reader = await arrived(store, here, clock())
    await reply(message, View(say(reader.language, "thanked")))


async def unknown_command(message: Message, here: Reader, store: Store, clock: Clock, keeper: Keeper | None) -> View:
    """Say so, which one may be meant, and where help is."""
    reader = await arrived(store, here, clock())
    command = tame((message.text or "").split(maxsplit=1)[0], 40)
    if near := nearest(command.lstrip("/").partition("@")[0], admin=keeps(message, keeper)):
        text = say(reader.language, "command-near", command=command, near=f"/{near}")
    else:
        text = say(reader.language, "command-unknown", command=command)
    return await reply(message, View(text, missed=True))


async def wordless(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """A voice, a picture, a place: say that only words are read."""
    reader = await arrived(store, here, clock())
    await reply(message, View(say(reader.language, "words-only")))


async def old_button(query: CallbackQuery, here: Reader | None, store: Store) -> None:
    """A button of an older version, or one that nobody made."""
    await tell(query, word(await language_of(store, here), "old-button-alert"))


async def moved(message: Message, store: Store) -> None:
    """The group became a supergroup: its readers live on under the new number."""
    async with store.begin() as tx:
        await tx.readers.moved(message.chat.id, message.migrate_to_chat_id or message.chat.id)


async def reopened(message: Message, here: Reader, store: Store, clock: Clock) -> None:
    """A topic into which nothing could be sent while it was closed is open again."""
    async with store.begin() as tx:
        if await tx.readers.find(here.chat_id, here.thread_id):
            await arrive(tx, here, clock())


async def membership(change: ChatMemberUpdated, here: Reader, store: Store, clock: Clock, bot: Bot) -> None:
    """The bot was blocked or removed: nothing more is sent, to no topic either. Let in, it tells a group how to begin,
    in the language of who has let it in, or that all is as it was."""
    now, out = clock(), change.new_chat_member.status in _OUT
    came = change.old_chat_member.status in _OUT and not out
    async with store.begin() as tx:
        readers = await tx.readers.of_chat(here.chat_id)
        if out:
            for reader in readers:
                await leave(tx, reader, ReaderState.BLOCKED, now, "the bot was blocked or removed")
            return
        if came and here.kind != PRIVATE and not readers:
            readers = (here,)
        present = [await arrive(tx, reader, now) for reader in readers]
    if came and here.kind in {"group", "supergroup"}:
        begun = next((each for each in present if each.due_at or each.state is ReaderState.PAUSED), None)
        view = views.group_again(begun, now) if begun else View(say(present[0].language, "start-group"))
        thread = begun.thread_id if begun else 0
        await bot.send_message(here.chat_id, view.text, message_thread_id=thread or None)
