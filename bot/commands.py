"""The bot's profile: its commands and what it says of itself, in every language."""

from aiogram import Bot
from aiogram.types import BotCommand

from bot.wording import word
from core.texts import DEFAULT_LANGUAGE, LANGUAGES

COMMANDS = (
    "digest",
    "search",
    "lists",
    "channels",
    "subscribe",
    "unsubscribe",
    "keywords",
    "settings",
    "help",
    "start",
)


async def introduce(bot: Bot) -> None:
    """Register commands and descriptions with Telegram; English serves where a language has none."""
    for language in LANGUAGES:
        code = None if language == DEFAULT_LANGUAGE else language
        commands = [BotCommand(command=name, description=word(language, f"command-{name}")) for name in COMMANDS]
        await bot.set_my_commands(commands, language_code=code)
        await bot.set_my_description(word(language, "about-long"), language_code=code)
        await bot.set_my_short_description(word(language, "about-short"), language_code=code)
