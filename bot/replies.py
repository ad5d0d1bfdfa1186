"""Saying an answer: a new message, a message drawn anew, a word to a press. A short wait that Telegram asks for is
kept; what arrived already, or comes too late, is no error."""

import asyncio
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, InaccessibleMessage, Message

from bot.client import never_left
from bot.outgoing import View
from bot.wording import word
from core.model import DigestId, Reader
from storage.store import Store

T = TypeVar("T")
_LONGEST_WAIT = 20  # seconds that an answer may be late
_ATTEMPTS = 3
_PAUSE = 0.3  # seconds before the second attempt at a server in trouble, and longer before the next
_UNEDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


async def reply(message: Message | InaccessibleMessage, view: View) -> View:
    """Answer with a new message; gives what was said."""
    await patiently(message.answer(view.text, reply_markup=view.keyboard()))
    return view


async def redraw(query: CallbackQuery, view: View) -> None:
    """Put a view in the place of the message whose button was pressed, or behind it where that is too old."""
    message = query.message
    if isinstance(message, Message):
        try:
            await patiently(message.edit_text(view.text, reply_markup=view.keyboard()))
        except TelegramBadRequest as error:
            if "not modified" in error.message:
                return
            if not any(sign in error.message.lower() for sign in _UNEDITABLE):
                raise
        else:
            return
    if message is not None:
        await reply(message, view)


async def about_digest(
    query: CallbackQuery, digest: int, here: Reader, store: Store, view: Callable[[Reader, Mapping[str, Any]], View]
) -> None:
    """Say, behind a digest of this reader's whose button was pressed, what the view makes of it."""
    async with store.read() as tx:
        reader = await tx.readers.find(here.chat_id, here.thread_id)
        value = await tx.outbox.value(DigestId(digest), reader.id) if reader else None
    if reader is None or not value or query.message is None:
        await tell(query, word((reader or here).language, "old-button-alert"))
        return
    await tell(query)
    await reply(query.message, view(reader, value))


async def tell(query: CallbackQuery, text: str = "") -> None:
    """Answer a press with a word, or only stop its clock."""
    try:
        await patiently(query.answer(text[:200]))
    except TelegramBadRequest as error:
        if "too old" not in error.message:
            raise


async def patiently(method: TelegramMethod[T]) -> T:
    """Call a method that is bound to its bot; where Telegram asks to wait a little, or is in trouble, wait and call
    again.

    Such a refusal sent nothing, so that nothing is said twice.
    """
    for attempt in range(_ATTEMPTS - 1):
        try:
            return await method
        except (TelegramRetryAfter, TelegramServerError, TelegramNetworkError) as error:
            seconds = _wait(error, attempt)
            if seconds > _LONGEST_WAIT:
                raise
            await asyncio.sleep(seconds)
    return await method


def _wait(error: TelegramAPIError, attempt: int) -> float:
    """Seconds after which to call again; for ever where the call may have taken effect."""
    if isinstance(error, TelegramRetryAfter):
        return error.retry_after
    if isinstance(error, TelegramNetworkError) and not never_left(error):
        return math.inf
    return _PAUSE * (attempt + 1)
