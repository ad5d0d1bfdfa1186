"""A word to those who run the place, through the bot."""

import logging

from core.settings import Settings

log = logging.getLogger(__name__)
_LONGEST = 1000


class Admins:
    """The chats of COURANT_ADMINS. Without a token there is no way to them, and that is no failure."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def tell(self, words: str) -> None:
        """Tell each of them; one who cannot be reached is passed over."""
        if self._settings.bot_token is None or not self._settings.admins:
            return
        from aiogram.exceptions import AiogramError

        from bot.client import open_bot

        async with open_bot(self._settings.bot_token.get_secret_value(), self._settings.bot_api_url) as bot:
            for chat in self._settings.admins:
                try:
                    await bot.send_message(chat, words[:_LONGEST], parse_mode=None)
                except AiogramError as error:
                    log.warning("the administrator %d could not be told: %s", chat, error)
