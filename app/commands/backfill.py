"""`courant backfill`: the history of channels."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import click

from app.account import signed_in
from app.console import SystemExitWith, in_loop, progress, say, settings
from app.wiring import open_store, open_web, settle, take_lists, web_source
from core.clock import utc_now
from core.errors import BadInput
from core.model import Channel
from core.settings import Settings
from ingest.addresses import channel_name
from ingest.backfill import Backfilled, Way, WebWay, backfill
from ingest.intake import Intake
from storage.store import Store


@click.command("backfill", short_help="Read the history of channels.")
@click.argument("channels", metavar="[CHANNEL…]", nargs=-1)
@click.option("--days", type=click.IntRange(1, 5000), required=True, help="How far back.")
def command(channels: tuple[str, ...], days: int) -> None:
    """Read the posts of the last days of these channels, or of all that a list names: through the account where there
    is one, else through the web preview. How far is remembered: after a break the same command goes on from there."""
    names = [channel_name(name) for name in channels]
    done = in_loop(_backfill(settings(), names, utc_now() - timedelta(days=days)))
    for each in done:
        reached = f", back to {each.reached:%Y-%m-%d}" if each.reached else ""
        say(f"{each.channel}: {each.posts} posts read{reached}{f'; {each.error.reason}' if each.error else ''}")
    if any(each.error for each in done):
        raise SystemExitWith(1)


async def _backfill(chosen: Settings, names: Sequence[str], since: datetime) -> list[Backfilled]:
    done: list[Backfilled] = []
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(chosen))
        await take_lists(chosen, store)
        wanted = await _wanted(store, names)
        account = signed_in(chosen)
        by_web = [each for each in wanted if each.source == "web" or (each.source == "auto" and not account)]
        by_account = [each for each in wanted if each not in by_web]
        intake = Intake(store, utc_now)
        tell = stack.enter_context(progress("posts read"))
        read: dict[str, int] = {}

        def report(channel: str, posts: int, _: datetime | None) -> None:
            read[channel] = posts
            tell(sum(read.values()))

        if by_web:
            http = await stack.enter_async_context(open_web(chosen))
            way: Way = WebWay(web_source(chosen, http))
            done += await backfill(store, intake, way, by_web, since, report)
        if by_account:
            way = await _account_way(chosen, store, stack)
            done += await backfill(store, intake, way, by_account, since, report)
        await settle(chosen, store)
    return done


async def _account_way(chosen: Settings, store: Store, stack: AsyncExitStack) -> Way:
    from ingest.account_peers import AddressBook
    from ingest.backfill import AccountWay
    from ingest.telegram import TelegramSource

    source = await stack.enter_async_context(TelegramSource(signed_in(chosen)[0]))
    return AccountWay(source, AddressBook(store, source, utc_now))


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
