"""Listening for updates until cancelled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import User

from bot.commands import introduce
from bot.dispatcher import InTurns
from bot.turns import Turns
from core.errors import SettingsError

log = logging.getLogger(__name__)
T = TypeVar("T")
_REFUSALS = (TelegramBadRequest, TelegramNotFound, TelegramUnauthorizedError)
_LONGEST_PAUSE = 60.0
_GRACE = 10.0  # seconds that updates in hand are given at the end
_AT_ONCE = 200  # updates handled side by side; what comes on top of them waits at Telegram, which keeps it for a day


async def poll(dispatcher: InTurns, bot: Bot, *, patience: float = 1.0, admins: Collection[int] = ()) -> None:
    """Poll for updates and handle them until cancelled; updates in hand are then finished.

    A server that does not answer yet is waited for, first `patience` seconds; `admins` get a menu of their own. Raises
    SettingsError for a token that the server refuses.
    """
    try:
        me = await _done(lambda: _ready(bot), patience, TelegramUnauthorizedError)
    except TelegramUnauthorizedError as error:
        raise SettingsError("COURANT_BOT_TOKEN", "the server refuses it: take the one that @BotFather gave") from error
    log.info("the bot is @%s", me.username)
    async with asyncio.TaskGroup() as group:
        introducing = group.create_task(_introduced(bot, admins, patience))
        polling = group.create_task(
            dispatcher.start_polling(
                bot, handle_signals=False, close_bot_session=False, tasks_concurrency_limit=_AT_ONCE, polling_timeout=30
            )
        )
        try:
            await asyncio.shield(polling)
        except asyncio.CancelledError:
            introducing.cancel()
            await dispatcher.stop_polling()
            await _finished(dispatcher.turns)
            raise


async def _ready(bot: Bot) -> User:
    """Who the bot is; what another program has left in the way of polling is taken off."""
    me = await bot.me()
    if (await bot.get_webhook_info()).url:
        log.warning("a webhook was set for @%s, which keeps a bot from polling: it is taken off", me.username)
        await bot.delete_webhook()
    return me


async def _introduced(bot: Bot, admins: Collection[int], patience: float) -> None:
    """Register the bot's profile while it answers already: Telegram may ask to wait for hours with it."""
    try:
        await _done(lambda: introduce(bot, admins), patience, *_REFUSALS)
    except TelegramAPIError as error:
        log.warning("the bot's commands and description stay as they were: %s", error)


async def _done(what: Callable[[], Awaitable[T]], pause: float, *refusals: type[TelegramAPIError]) -> T:
    """What a call of the Bot API gives, once the server answers; raises what is a refusal for good."""
    while True:
        try:
            return await what()
        except refusals:
            raise
        except TelegramRetryAfter as error:
            log.warning("Telegram asks to wait %d s before the bot is set up", error.retry_after)
            await asyncio.sleep(error.retry_after)
        except TelegramAPIError as error:
            log.warning("the Bot API does not answer, trying again in %.0f s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _finished(turns: Turns) -> None:
    await asyncio.sleep(0)  # updates that were just taken from the server begin
    try:
        async with asyncio.timeout(_GRACE):
            await turns.idle()
    except TimeoutError:
        log.warning("an update was still in hand when the bot stopped")
