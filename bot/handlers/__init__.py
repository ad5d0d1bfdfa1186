"""What the bot answers, a file a subject. Each file has `router()`, made anew for every Dispatcher."""

from collections.abc import Callable

from aiogram import Router
from aiogram.filters import Filter
from magic_filter import MagicFilter

Handler = Callable[..., object]


def on_text(router: Router, handler: Handler, *filters: Filter | MagicFilter) -> None:
    """Register a handler for what is written in a chat, and for what is posted in a channel that the bot is in."""
    router.message.register(handler, *filters)
    router.channel_post.register(handler, *filters)
