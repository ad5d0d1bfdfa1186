"""The Dispatcher: every router in its order, and what handlers ask for by name."""

import asyncio

from aiogram import Dispatcher

from bot.digests import Desk
from bot.handlers import digest, errors, lists, other, rhythm, search, settings, start
from bot.looks import Looks
from bot.turns import Turns
from core.clock import Clock
from storage.store import Store


def make_dispatcher(store: Store, clock: Clock, *, wake: asyncio.Event, looks: Looks) -> Dispatcher:
    """A Dispatcher of its own. `wake` tells the sender that something waits; `looks` is shared with it."""
    turns = Turns()
    dispatcher = Dispatcher(
        disable_fsm=True,  # open questions live in the readers' table, where a restart does not lose them
        store=store,
        clock=clock,
        wake=wake,
        looks=looks,
        desk=Desk(store, clock, wake, looks),
        turns=turns,
    )
    dispatcher.update.outer_middleware(turns)
    dispatcher.include_routers(
        errors.router(),
        start.router(),
        start.newcomers(),
        lists.router(),
        digest.router(),
        search.router(),
        settings.router(),
        other.router(),
        rhythm.router(),
        search.words(),
        other.rest(),
    )
    return dispatcher
