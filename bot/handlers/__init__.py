"""What the bot answers, a file a subject. Each file has `router()`, made anew for every Dispatcher."""

from collections.abc import Callable

from aiogram import F, Router
from aiogram.filters import Command, Filter
from aiogram.types import Message
from magic_filter import MagicFilter

from bot.arrivals import PRIVATE
from bot.commands import IN_RUSSIAN

Handler = Callable[..., object]
FORWARDED = F.forward_origin | F.forward_date  # the latter alone where the server is older
OWN = ~FORWARDED  # what is forwarded was written by others and for others: it asks the bot for nothing
SAID = F.text & (~F.text.startswith("/") | (F.text.lower() == "/cancel"))  # what may answer a question


class Says(Filter):
    """A text of a private chat that says something of a kind; the handler gets what `read` makes of it as `meant`. One
    that is `forwarded` does so only where nothing is changed by it. (A plain function as a filter would run in a thread
    of its own.)"""

    def __init__(self, read: Callable[[str], object], *, forwarded: bool = False) -> None:
        self._read, self._forwarded = read, forwarded

    async def __call__(self, message: Message) -> bool | dict[str, object]:
        heard = message.chat.type == PRIVATE and (self._forwarded or OWN.resolve(message))
        meant = heard and message.text and self._read(message.text)
        return {"meant": meant} if meant else False


def on_text(router: Router, handler: Handler, *filters: Filter | MagicFilter) -> None:
    """Register a handler for what is written in a chat, and for what is posted in a channel that the bot is in."""
    router.message.register(handler, OWN, *filters)
    router.channel_post.register(handler, OWN, *filters)


def on_command(router: Router, handler: Handler, name: str) -> None:
    """Register a handler for a command, in whatever case a phone writes it, and in Russian letters."""
    on_text(router, handler, Command(name, *IN_RUSSIAN.get(name, ()), ignore_case=True))
