"""What the bot answers, a file a subject. Each file has `router()`, made anew for every Dispatcher."""

from collections.abc import Callable

from aiogram import F, Router
from aiogram.filters import Command, Filter
from aiogram.types import Message
from magic_filter import MagicFilter

from bot.arrivals import PRIVATE
from bot.commands import IN_RUSSIAN

Handler = Callable[..., object]
SAID = F.text & (~F.text.startswith("/") | (F.text.lower() == "/cancel"))  # what may answer a question


class Says(Filter):
    """A text of a private chat that says something of a kind; the handler gets what `read` makes of it as `meant`. (A
    plain function as a filter would run in a thread of its own.)"""

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    async def __call__(self, message: Message) -> bool | dict[str, object]:
        meant = message.chat.type == PRIVATE and message.text and self._read(message.text)
        return {"meant": meant} if meant else False


def on_text(router: Router, handler: Handler, *filters: Filter | MagicFilter) -> None:
    """Register a handler for what is written in a chat, and for what is posted in a channel that the bot is in."""
    router.message.register(handler, *filters)
    router.channel_post.register(handler, *filters)


def on_command(router: Router, handler: Handler, name: str) -> None:
    """Register a handler for a command, in whatever case a phone writes it, and in Russian letters."""
    on_text(router, handler, Command(name, *IN_RUSSIAN.get(name, ()), ignore_case=True))
