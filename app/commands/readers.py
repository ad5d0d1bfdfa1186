"""`courant readers`: who gets digests; and forgetting one of them."""

from collections.abc import Mapping
from datetime import datetime

import click

from app.console import in_loop, put_json, put_table, say
from app.post_lines import utc
from app.wiring import open_store
from core.errors import BadInput
from core.model import Reader, ReaderId
from core.settings import Settings, load_settings


@click.group("readers", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Who gets digests: the chats, groups, topics and channels that the bot knows; without a further word they are
    shown."""
    if ctx.invoked_subcommand is None:
        in_loop(_list(load_settings(), as_json=False))


@command.command("list", short_help="All readers, in the order in which they came.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a reader.")
def list_them(as_json: bool) -> None:
    """All readers in the order in which they came: a table, or tab-separated lines in a pipe (id, kind, name, state,
    since when, what is followed, hour, zone, when the last digest was made)."""
    in_loop(_list(load_settings(), as_json=as_json))


@command.command("forget", short_help="Delete all that is kept of a reader.")
@click.argument("reader", metavar="ID", type=click.IntRange(1, 2**63 - 1))
def forget(reader: int) -> None:
    """Delete all that is kept of the reader of this id (see `courant readers`), for good, as "Forget me" in the bot
    does; a running Courant may go on meanwhile. Copies that were made before still hold it."""
    in_loop(_forget(load_settings(), ReaderId(reader)))


async def _list(chosen: Settings, *, as_json: bool) -> None:
    async with open_store(chosen) as store, store.read() as tx:
        readers = await tx.readers.all()
        came = await tx.readers.came()
        last = await tx.outbox.last_made()
    rows = [_row(reader, came.get(reader.id), last.get(reader.id)) for reader in readers]
    if not rows:
        say("The bot has no readers yet.")
    if as_json:
        for row in rows:
            put_json(row)
        return
    head = ("id", "kind", "name", "state", "since", "follows", "hour", "zone", "last")
    follows = [", ".join((*reader.lists, *reader.channels)) for reader in readers]
    shown = [{**row, "follows": names} for row, names in zip(rows, follows, strict=True)]
    put_table(head, [[str(row[key] or "") for key in head] for row in shown])


async def _forget(chosen: Settings, reader: ReaderId) -> None:
    async with open_store(chosen) as store, store.begin() as tx:
        known = await tx.readers.get(reader)
        if known is None:
            raise BadInput(str(reader), "there is no reader of this id: `courant readers` lists them")
        await tx.readers.forget(reader)
    say(f"Nothing is kept of {known.name or known.chat_id} any more.")


def _row(reader: Reader, since: datetime | None, last: datetime | None) -> Mapping[str, object]:
    return {
        "id": reader.id,
        "kind": "topic" if reader.thread_id else reader.kind,
        "name": reader.name,
        "state": reader.state.value,
        "since": utc(since),
        "lists": reader.lists,
        "channels": reader.channels,
        "hour": reader.at,
        "zone": reader.zone,
        "last": utc(last),
    }
