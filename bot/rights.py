"""Who may change what a chat receives: in private everyone, in groups and channels its admins."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, Message, TelegramObject

from core.errors import CourantError

_ADMINS = {ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR}
_NO_MEMBER = ("user not found", "participant_id_invalid", "user_not_participant")


class NotAllowed(CourantError):
    """Someone who is no admin of the chat asked to change it."""


class Unseen(CourantError):
    """Telegram does not tell a bot who is an admin of this chat, as where members are hidden from the others."""


def for_admins(router: Router) -> Router:
    """Let only those who may change a chat through to this router's handlers; NotAllowed for others."""
    for observer in (router.message, router.channel_post, router.callback_query):
        observer.middleware(_gate)
    return router


async def may_change(bot: Bot, event: Message | CallbackQuery) -> bool:
    """Whether the one who wrote or pressed may change the chat's settings; Unseen where that cannot be known."""
    message = event if isinstance(event, Message) else event.message
    if message is None:
        return False
    chat, user = message.chat, event.from_user
    if chat.type == ChatType.PRIVATE:
        return True
    if isinstance(event, Message):
        if chat.type == ChatType.CHANNEL:
            return True
        if event.sender_chat:  # an admin may write in the chat's own name, others in the name of a channel of theirs
            return event.sender_chat.id == chat.id
    if user is None:
        return False
    try:
        return (await bot.get_chat_member(chat.id, user.id)).status in _ADMINS
    except TelegramBadRequest as error:
        if any(sign in error.message.lower() for sign in _NO_MEMBER):
            return False
        raise Unseen(error.message) from error


async def _gate(
    handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]], event: TelegramObject, data: dict[str, Any]
) -> Any:
    if isinstance(event, Message | CallbackQuery) and not await may_change(data["bot"], event):
        raise NotAllowed
    return await handler(event, data)
