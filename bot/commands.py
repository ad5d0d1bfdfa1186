"""The bot's profile: its commands and what it says of itself, in every language."""

import difflib
import logging
from collections.abc import Collection, Sequence

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.wording import word
from core.texts import DEFAULT_LANGUAGE, LANGUAGES

log = logging.getLogger(__name__)
COMMANDS = tuple("digest search lists channels subscribe unsubscribe keywords settings stop help start".split())
IN_RUSSIAN = {  # as people type them: Telegram's menus take Latin letters only
    "digest": ("дайджест", "новости"),
    "search": ("поиск", "найти"),
    "lists": ("списки",),
    "channels": ("каналы",),
    "subscribe": ("подписаться",),
    "unsubscribe": ("отписаться",),
    "keywords": ("слова",),
    "settings": ("настройки",),
    "stop": ("стоп",),
    "help": ("помощь", "справка"),
}
OF_ADMINS = ("status", "add", "remove")  # in private chats with those who run the place
# What people write in the place of a command, in both languages.
_MEANT = {
    "settings": "language lang time hour zone timezone pause mute options язык час время пояс пауза",
    "digest": "news today now daily weekly week yesterday сегодня вчера неделя",
    "search": "find archive искать архив",
    "lists": "list topics follow список темы",
    "channels": "channel канал",
    "subscribe": "add подписка добавить",
    "unsubscribe": "remove отписка убрать",
    "keywords": "words filter block фильтр",
    "stop": "quit exit cancel delete forget выйти отмена удалить",
    "help": "about info commands команды",
    "start": "begin restart старт начать",
}
_ALIKE = 0.7


def nearest(written: str, *, admin: bool = False, alike: float = _ALIKE) -> str | None:
    """The command that someone meant who wrote another name; None where nothing comes near (is so much `alike`)."""
    meant = {word: name for name, words in _MEANT.items() for word in (*words.split(), *IN_RUSSIAN.get(name, ()))}
    meant |= {name: name for name in (*COMMANDS, *(OF_ADMINS if admin else ()))}
    near = difflib.get_close_matches(written.casefold(), meant, n=1, cutoff=alike)
    return meant[near[0]] if near else None


async def introduce(bot: Bot, admins: Collection[int] = ()) -> None:
    """Register commands and descriptions with Telegram, as far as they are not so already: it bears few such changes.
    English serves where a language has none. `admins` see their own commands, too, each in the chat with the bot, in
    the language that was chosen there."""
    of_admins = {language: _menu(OF_ADMINS + COMMANDS, language) for language in LANGUAGES}
    for language in LANGUAGES:
        code = _code(language)
        long, short = word(language, "about-long"), word(language, "about-short")
        menu = _menu(COMMANDS, language)
        if not await _has(bot, (menu,), None, code):
            await bot.set_my_commands(menu, language_code=code)
        for admin in admins:
            scope = BotCommandScopeChat(chat_id=admin)
            try:
                if not await _has(bot, of_admins.values(), scope, code):
                    await bot.set_my_commands(of_admins[language], scope, language_code=code)
            except (TelegramBadRequest, TelegramForbiddenError) as error:  # who has never written has no chat
                log.info("administrator %d has no menu yet: %s", admin, error.message)
        if (await bot.get_my_description(language_code=code)).description != long:
            await bot.set_my_description(long, language_code=code)
        if (await bot.get_my_short_description(language_code=code)).short_description != short:
            await bot.set_my_short_description(short, language_code=code)


async def speak(bot: Bot, chat: int, language: str, *, admin: bool) -> None:
    """Have the menu of one chat in a language, whichever its Telegram is set to."""
    menu = _menu(OF_ADMINS + COMMANDS if admin else COMMANDS, language)
    for each in LANGUAGES:
        await bot.set_my_commands(menu, BotCommandScopeChat(chat_id=chat), language_code=_code(each))


def _code(language: str) -> str | None:
    return None if language == DEFAULT_LANGUAGE else language


def _menu(names: Sequence[str], language: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=word(language, f"command-{name}")) for name in names]


async def _has(
    bot: Bot, menus: Collection[Sequence[BotCommand]], scope: BotCommandScopeChat | None, code: str | None
) -> bool:
    """Whether one of these menus stands there."""
    there = await bot.get_my_commands(scope, language_code=code)
    return any(list(map(_shown, there)) == list(map(_shown, menu)) for menu in menus)


def _shown(command: BotCommand) -> tuple[str, str]:
    return command.command, command.description
