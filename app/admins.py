"""A word to those who run the place, through the bot."""

import logging

from core.settings import Settings

log = logging.getLogger(__name__)
_LONGEST = 1000


async def tell_admins(settings: Settings, words: str) -> None:
    """Tell each of the chats of COURANT_ADMINS: it is told once only, so a short wait that Telegram asks for is kept.
    One that cannot be reached is passed over. Without a token there is no way to them, and that is no failure."""
    if settings.bot_token is None or not settings.admins:
        return
    from aiogram.exceptions import AiogramError
    from aiogram.methods import SendMessage

    from bot.client import open_bot
    from bot.replies import patiently

    async with open_bot(settings.bot_token.get_secret_value(), settings.bot_api_url) as bot:
        for chat in settings.admins:
            try:
                await patiently(SendMessage(chat_id=chat, text=words[:_LONGEST], parse_mode=None).as_(bot))
            except AiogramError as error:
                log.warning("the administrator %d could not be told: %s", chat, error)
