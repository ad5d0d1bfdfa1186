"""The one place where errors of the conversation become words."""

import logging

from aiogram import Router
from aiogram.exceptions import AiogramError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import ErrorEvent, Update

from bot.arrivals import language_of
from bot.delivery import leave
from bot.outgoing import View
from bot.replies import reply, tell
from bot.rights import NotAllowed, Unseen
from bot.verdicts import Closed, Left, Moved, verdict
from bot.wording import say, word
from core.clock import Clock
from core.errors import StorageError
from core.model import Reader
from storage.store import Store

log = logging.getLogger(__name__)
_FORESEEN = (TelegramNetworkError, TelegramServerError, StorageError)  # a sentence says all that is to be said of them


def router() -> Router:
    router = Router(name=__name__)
    router.errors.register(on_error)
    return router


async def on_error(event: ErrorEvent, store: Store, clock: Clock, here: Reader | None = None) -> bool:
    """Tell the reader what went wrong, as far as there is something to do about it; note the rest in the log."""
    error = event.exception
    said = verdict(error, 0) if isinstance(error, AiogramError) else None
    match error:
        case NotAllowed():
            await _say(event.update, await language_of(store, here), "admins-only", "admins-only")
        case Unseen():
            await _say(event.update, await language_of(store, here), "admins-unseen", "admins-unseen")
        case AiogramError() if here and isinstance(said, Left | Moved):
            log.info("the chat of an update cannot be answered: %s", said.reason)
            async with store.begin() as tx:
                if isinstance(said, Moved):
                    await tx.readers.moved(here.chat_id, said.chat_id)
                elif reader := await tx.readers.find(here.chat_id, here.thread_id):
                    await leave(tx, reader, said.state, clock(), said.reason)
        case AiogramError() if isinstance(said, Closed):
            log.info("an update cannot be answered where it came from: %s", said.reason)
        case TelegramRetryAfter():  # saying so would only make the flood worse
            log.warning("an answer was given up: Telegram asks to wait %d s", error.retry_after)
        case _:
            log.error("an update failed: %s", error, exc_info=None if isinstance(error, _FORESEEN) else error)
            await _say(event.update, await language_of(store, here), "trouble", "trouble-alert")
    return True


async def _say(update: Update, language: str, text: str, alert: str) -> None:
    try:
        if update.callback_query:
            await tell(update.callback_query, word(language, alert))
        elif message := update.message or update.channel_post:
            await reply(message, View(say(language, text)))
    except AiogramError as error:
        log.warning("nor could that be said: %s", error)
