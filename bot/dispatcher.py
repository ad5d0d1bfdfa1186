"""The Dispatcher: every router in its order, and what handlers ask for by name."""

import asyncio
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update

from bot.arrivals import here
from bot.digests import OFTEN, Desk
from bot.handlers import (
    changes,
    digest,
    errors,
    forwards,
    keeping,
    lists,
    other,
    rhythm,
    search,
    settings,
    start,
    status,
    taste,
)
from bot.keeper import Keeper
from bot.limits import Rate
from bot.looks import Looks
from bot.slips import EDITED, Slips
from bot.turns import Turns
from core.clock import Clock
from digest.summaries.writer import Writer
from storage.store import Store


class InTurns(Dispatcher):
    """A Dispatcher that handles the updates of a chat in turn, and hands `here` (the chat as a reader) to handlers.

    No middleware can do that: aiogram handles errors around all of them, and that belongs to the turn, too.
    """

    def __init__(self, turns: Turns, **values: Any) -> None:
        super().__init__(disable_fsm=True, **values)  # open questions live in the readers' table and survive a restart
        self.turns = turns
        self._slips = Slips()
        self._albums: dict[int, str] = {}

    async def feed_update(self, bot: Bot, update: Update, **values: Any) -> Any:
        place = here(update)
        if place is None:
            return None
        async with self.turns.turn(place.chat_id) as mine:
            if not mine or _is_echo(update) or self._is_piece(update, place.chat_id):
                return None
            if (wanted := self._slips.as_new(update, bot)) is None:
                return None
            said = await super().feed_update(bot, wanted, here=place, **values)
            self._slips.note(wanted, said)
            return said

    def resolve_used_update_types(self, skip_events: set[str] | None = None) -> list[str]:
        """What the server is asked for: also edited messages, of which handlers see those that are to be answered, as
        new ones."""
        return [*super().resolve_used_update_types(skip_events), *EDITED]

    def _is_piece(self, update: Update, chat: int) -> bool:
        """Whether this is one more picture of an album, which was answered when its first one came."""
        album = update.message.media_group_id if update.message else None
        last = self._albums.pop(chat, None)
        if album:
            self._albums[chat] = album
        return album is not None and album == last


def _is_echo(update: Update) -> bool:
    """Whether this is a channel's post in the group where it is talked of: it was meant for the channel."""
    return bool(update.message and update.message.is_automatic_forward)


def make_dispatcher(
    store: Store,
    clock: Clock,
    *,
    wake: asyncio.Event,
    looks: Looks,
    writer: Writer | None = None,
    keeper: Keeper | None = None,
    often: Rate | None = OFTEN,
) -> InTurns:
    """A Dispatcher of its own. `wake` tells the sender that something waits; `looks` is shared with it; `writer` is a
    model that puts stories into words; `keeper` knows those who run the place, and changes the lists for them; `often`
    is how often a chat may ask for a digest, None for always."""
    desk = Desk(store, clock, wake, looks, writer, keeper.admins if keeper else (), often=often)
    dispatcher = InTurns(Turns(), store=store, clock=clock, wake=wake, looks=looks, desk=desk, keeper=keeper)
    dispatcher.include_routers(
        errors.router(),
        start.router(),
        start.newcomers(),
        *([keeping.router(keeper)] if keeper else ()),  # before words: the title of a list may be "News"
        lists.router(),
        changes.standing(),
        digest.router(),
        search.router(),
        changes.router(),
        settings.router(),
        status.router(keeper),
        taste.router(),
        other.router(),
        forwards.router(),
        rhythm.router(),
        settings.words(),
        other.small_talk(),
        search.words(),
        other.rest(),
    )
    return dispatcher
