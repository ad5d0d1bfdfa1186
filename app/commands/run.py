"""`courant run`: everything until a signal."""

import asyncio
import logging

import click

from app.console import SystemExitWith, in_loop
from app.serve import serve, signals
from app.wiring import PARTS, wire
from core.errors import CourantError
from core.logs import set_up
from core.settings import Settings, load_settings, without_prefix

log = logging.getLogger(__name__)


@click.command("run")
@click.option("--only", type=click.Choice(PARTS), help="Run this part alone, for one process a part.")
def command(only: str | None) -> None:
    """Read the channels, talk to readers and bring them their digests, until Ctrl-C or SIGTERM.

    ingest reads channels and linked pages and makes stories; bot is the conversation; deliver brings digests at their
    hour and sends what waits. Each part runs once on a database. Without COURANT_BOT_TOKEN only ingest runs.
    """
    chosen = load_settings()
    set_up(chosen.log_format)
    for overlooked in without_prefix(chosen):
        log.warning(overlooked)
    try:
        in_loop(_run(chosen, (only,) if only else PARTS, alone=only is not None))
    except Exception as error:
        if chosen.log_format == "console":
            raise
        log.critical("%s", error, exc_info=not isinstance(error, CourantError))  # a machine reads this line, too
        raise SystemExitWith(1) from error


async def _run(chosen: Settings, parts: tuple[str, ...], *, alone: bool) -> None:
    if not alone and chosen.bot_token is None:
        log.warning("COURANT_BOT_TOKEN is not set: channels are read, but there is no bot and no digest is sent")
        parts = ("ingest",)
    stop = asyncio.Event()
    with signals(stop):
        try:
            async with wire(chosen, parts) as services:
                log.info("running %s on %s", ", ".join(parts), chosen.shown_database)
                await serve(services, stop)
        except asyncio.CancelledError:
            if not stop.is_set():
                raise
    log.info("stopped")
