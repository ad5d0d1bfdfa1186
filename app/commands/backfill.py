"""`courant backfill`: the history of channels."""

from collections.abc import Sequence
from datetime import timedelta

import click

from app.backfill import Backfill
from app.console import SystemExitWith, in_loop, progress, say, settings
from app.wiring import open_store, open_web, settle, take_lists, web_source
from core.clock import utc_now
from core.errors import BadInput, SourceError
from core.model import Channel
from core.settings import Settings
from ingest.addresses import channel_name
from ingest.intake import Intake
from storage.store import Store


@click.command("backfill", short_help="Read the history of channels.")
@click.argument("channels", metavar="[CHANNEL…]", nargs=-1)
@click.option("--days", type=click.IntRange(1, 5000), required=True, help="How far back.")
def command(channels: tuple[str, ...], days: int) -> None:
    """Read the posts of the last days of these channels, or of all that a list names, through the web preview. What was
    stored is remembered: after a break the same command goes on where it stopped."""
    names = [channel_name(name) for name in channels]
    failed = in_loop(_backfill(settings(), names, timedelta(days=days)))
    if failed:
        raise SystemExitWith(1)


async def _backfill(chosen: Settings, names: Sequence[str], length: timedelta) -> int:
    failed = total = 0
    async with open_store(chosen) as store, open_web(chosen) as http:
        await take_lists(chosen, store)
        wanted = await _wanted(store, names)
        backfill = Backfill(store, web_source(chosen, http), Intake(store, utc_now), utc_now)
        for number, channel in enumerate(wanted, 1):
            with progress(f"{channel.name} ({number} of {len(wanted)}), posts read") as tell:
                try:
                    total += await backfill.channel(channel, utc_now() - length, tell)
                except SourceError as error:
                    failed += 1
                    say(str(error))
        await settle(store)
    say(f"{total} posts read in {len(wanted)} channels")
    return failed


async def _wanted(store: Store, names: Sequence[str]) -> Sequence[Channel]:
    async with store.begin() as tx:
        if names:
            await tx.channels.ensure(names)
            known = await tx.channels.by_names(names)
            return [known[name.lower()] for name in names]
        active = await tx.channels.all(active=True)
    if not active:
        raise BadInput("channels.toml", "names no channel: name one here, or add it with `courant channels add`")
    return active
