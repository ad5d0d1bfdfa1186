"""`courant backfill`: the history of channels."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import click

from app.account import signed_in
from app.console import SystemExitWith, in_loop, progress, say, some
from app.wiring import open_store, open_web, settle, take_lists, web_source
from core.addresses import channel_name
from core.clock import utc_now
from core.errors import BadInput, SignedOut, SourceError
from core.model import Channel
from core.settings import Settings, load_settings
from ingest.accounts.fares import reason_of
from ingest.accounts.peers import AddressBook
from ingest.backfill import AccountWay, Backfilled, Way, WebWay, backfill, backfill_by_accounts
from ingest.intake import Intake
from ingest.telegram.account import Account
from ingest.telegram.source import TelegramSource
from storage.store import Store


@click.command("backfill")
@click.argument("channels", metavar="[CHANNEL…]", nargs=-1)
@click.option("--days", type=click.IntRange(1, 5000), required=True, help="How far back.")
def command(channels: tuple[str, ...], days: int) -> None:
    """Read the posts of the last days of these channels, or of all that a list names: through the accounts where there
    are any, side by side, else through the web preview. How far is remembered: after a break the same command goes on
    from there."""
    names = [channel_name(name) for name in channels]
    done = in_loop(_backfill(load_settings(), names, utc_now() - timedelta(days=days)))
    for each in done:
        reached = f", back to {each.reached:%Y-%m-%d}" if each.reached else ""
        say(f"{each.channel}: {some(each.posts, 'post')} read{reached}{f'; {each.error.reason}' if each.error else ''}")
    if any(each.error for each in done):
        raise SystemExitWith(1)


async def _backfill(chosen: Settings, names: Sequence[str], since: datetime) -> list[Backfilled]:
    done: list[Backfilled] = []
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(chosen))
        await take_lists(chosen, store)
        wanted = await _wanted(store, names)
        accounts = signed_in(chosen)
        by_web = [each for each in wanted if each.source == "web" or (each.source == "auto" and not accounts)]
        by_account = [each for each in wanted if each not in by_web]
        intake = Intake(store, utc_now)
        tell = stack.enter_context(progress("posts read"))
        read: dict[str, int] = {}

        def report(channel: str, posts: int, _: datetime | None) -> None:
            read[channel] = posts
            tell(sum(read.values()))

        if by_account:
            ways = await _account_ways(accounts, store, stack)
            found = await backfill_by_accounts(store, intake, ways, by_account, since, report)
            left = {each.channel for each in found if isinstance(each.error, SignedOut)}
            taken_over = [each for each in by_account if each.source == "auto" and each.name in left]
            done += [each for each in found if each.channel not in {channel.name for channel in taken_over}]
            by_web += taken_over
        if by_web:
            http = await stack.enter_async_context(open_web(chosen))
            done += await backfill(store, intake, WebWay(web_source(chosen, http)), by_web, since, report)
        await settle(chosen, store)
    return done


async def _account_ways(accounts: Sequence[Account], store: Store, stack: AsyncExitStack) -> Mapping[str, Way]:
    """The accounts that can be reached, by name."""
    ways: dict[str, Way] = {}
    for account in accounts:
        try:
            source = await stack.enter_async_context(TelegramSource(account))
            book = AddressBook(store, source, utc_now)
            await book.refresh()  # before channels are shared out: what an account has joined is its own to read
        except SourceError as error:
            say(f"Account {account.name} reads no history: {reason_of(account.name, error)}")
        else:
            ways[account.name] = AccountWay(source, book)
    return ways


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
