"""`courant channels`: the lists of channels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from app.commands.channels_discover import discover
from app.commands.channels_files import export_lists, import_lists
from app.console import in_loop, put_json, put_table, say
from app.post_lines import utc
from app.seeds import lists_file, load_lists, own_lists
from app.wiring import open_store
from core.clock import utc_now
from core.errors import BadInput
from core.list_edits import add as add_entries
from core.list_edits import channel_of, entry_of, lists_with, remove_channel
from core.lists import Lists, folder_slug, held_by_folder, name_in_file, of_folder, read_lists
from core.model import (
    WEB_WAY,
    AccountState,
    AccountStatus,
    Channel,
    ChannelId,
    ChannelList,
    ChannelSettings,
    Folder,
    Reading,
    Refusal,
    Source,
)
from core.moments import written_span
from core.settings import Settings, load_settings
from ingest.accounts.folder_words import said_of


@click.group("channels", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """The lists of channels in seeds/channels.toml; without a further word they are shown. A running Courant takes
    changes over within seconds."""
    if ctx.invoked_subcommand is None:
        _list(as_json=False)


@command.command("list", short_help="The channels of all lists, and how they were read last.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a channel and list.")
def list_them(as_json: bool) -> None:
    """The channels of all lists, and how they were read last: a table, or tab-separated lines in a pipe (list,
    channel, source, every, last read, trouble, the way by which it is read now, by how many seconds it is late, why it
    goes by this way and not by an account)."""
    _list(as_json=as_json)


@command.command("add", short_help="Add channels to a list.")
@click.argument("names", metavar="CHANNEL…", nargs=-1, required=True)
@click.option("--list", "list_id", help="The list; needed where there are several. A new one is begun.")
@click.option("--title", default="", help="The title of a new list.")
def add(names: tuple[str, ...], list_id: str | None, title: str) -> None:
    """Add channels, written as name, @name, https://t.me/name or an invite link, or the folder behind a link
    https://t.me/addlist/…, to a list. Comments in the file stay."""
    file = own_lists(load_settings())
    what = str(file.path)
    entries = [entry_of(name) for name in names]
    told: list[str] = []

    def change(text: str) -> str:
        lists = read_lists(text, what)
        target = list_id or _only(lists)
        before = lists.of(target)
        if before is not None and title and title not in before.titles.values():
            raise BadInput("--title", f"{target} is there already: its title is changed in {what}")
        if before is None:  # which a slip in the id of another would begin as well
            told.append(f"{target} is a new list" + (f", beside {_ids(lists)}" if lists.lists else ""))
        for each in entries:
            since = "already" if target in lists_with(lists, each) else "now"
            if folder_slug(each):
                told.append(f"the folder is {since} in {target}; an account reads what it holds")
            else:
                told.append(f"{each} is {since} in {target}")
        return add_entries(text, target, entries, title, what)

    file.edit(change)
    for words in told:
        say(words)


@command.command("remove", short_help="Take channels out of the lists.")
@click.argument("names", metavar="CHANNEL…", nargs=-1, required=True)
@click.option("--list", "list_id", help="Only out of this list, else out of all.")
def remove(names: tuple[str, ...], list_id: str | None) -> None:
    """Take channels out of the lists. Their posts stay in the archive; they are not read any more."""
    chosen = load_settings()
    file = own_lists(chosen)
    what = str(file.path)
    entries = [channel_of(name) for name in names]
    told: list[str] = []

    def change(text: str) -> str:
        lists = read_lists(text, what)
        if list_id and lists.of(list_id) is None:
            raise BadInput(list_id[:40], f"there is no such list; there are: {_ids(lists)}")
        for name in entries:
            holding = [each for each in lists_with(lists, name) if list_id in (None, each)]
            if not holding and (folder := in_loop(_folder_with(chosen, lists, name))):
                raise BadInput(name, f"is in {folder} by its folder: it leaves when the folder drops it")
            if not holding:
                raise BadInput(name, f"is not in {list_id}" if list_id else "is in none of the lists")
            for each in holding:
                text = remove_channel(text, each, name, what)
                told.append(f"{name} is no longer in {each}")
        return text

    file.edit(change)
    for words in told:
        say(words)


async def _folder_with(chosen: Settings, lists: Lists, name: str) -> str | None:
    """The list that has the channel because its folder holds it."""
    async with open_store(chosen) as store, store.read() as tx:
        found = held_by_folder(lists, await tx.channels.lists(), name)
    return found.id if found else None


command.add_command(discover)
command.add_command(import_lists)
command.add_command(export_lists)


def _list(*, as_json: bool) -> None:
    chosen = load_settings()
    lists = load_lists(lists_file(chosen))
    stand = in_loop(_stand(chosen))
    rows = [
        _row(lists, each.id, name, stand, utc_now())
        for each in lists.lists
        for name in (*each.channels, *_in_folder(each, stand))
    ]
    for words in _folders(lists, stand):
        say(words)
    if not rows:
        say("No channel is listed yet: `courant channels add NAME --list ID` begins a list.")
    if as_json:
        for row in rows:
            put_json(row)
        return
    head = ("list", "channel", "source", "every", "read", "trouble", "way", "late", "why")
    keys = ("list", "channel", "source", "every", "read_at", "trouble", "way", "late", "why")
    put_table(head, [[str(row[key] or "") for key in keys] for row in rows])


@dataclass(frozen=True, slots=True)
class _Stand:
    """How everything stands: by channel in lower case how it is read now and when it was last, whatever the way."""

    readings: Mapping[str, Reading]
    read_at: Mapping[str, datetime]
    accounts: Sequence[AccountStatus]
    refusals: Mapping[ChannelId, Sequence[Refusal]]
    lists: Mapping[str, ChannelList]
    folders: Mapping[str, Folder]


async def _stand(chosen: Settings) -> _Stand:
    now = utc_now()
    async with open_store(chosen) as store, store.read() as tx:
        read_at: dict[str, datetime] = {}
        for source in (Source.WEB, Source.ACCOUNT):
            for each in await tx.channels.readings(source):
                if each.read_at:
                    name = name_in_file(each.channel)
                    read_at[name] = max(each.read_at, read_at.get(name, each.read_at))
        refusals: dict[ChannelId, list[Refusal]] = {}
        for refusal in await tx.accounts.refusals(now):
            refusals.setdefault(refusal.channel, []).append(refusal)
        present = {name_in_file(each.channel): each for each in await tx.channels.present()}
        in_force = {each.id: each for each in await tx.channels.lists()}
        folders = {each.slug: each for each in await tx.folders.all()}
        return _Stand(present, read_at, await tx.accounts.all(), refusals, in_force, folders)


def _in_folder(each: ChannelList, stand: _Stand) -> list[str]:
    """The channels that are in the list because its folder holds them."""
    return [found.channel.name for found in of_folder(each, stand.lists.get(each.id), stand.readings.values())]


def _folders(lists: Lists, stand: _Stand) -> Iterator[str]:
    """How each list's folder was read last, as far as there is something to say."""
    for each in lists.lists:
        folder = stand.folders.get(each.folder or "")
        if each.folder is None:
            continue
        if folder is not None and folder.reason:
            yield f"{each.id}: its folder could not be read: {folder.reason}"
        if folder is None or folder.read_at is None:
            yield f"{each.id}: its folder has not been read yet, which needs an account: see `courant login`"
        elif folder.closed or folder.others:
            yield f"{each.id}: {said_of(folder)}"


def _row(lists: Lists, list_id: str, name: str, stand: _Stand, now: datetime) -> Mapping[str, object]:
    own = lists.settings.get(name.lower(), ChannelSettings())
    reading, read_at = stand.readings.get(name.lower()), stand.read_at.get(name.lower())
    return {
        "list": list_id,
        "channel": name,
        "title": reading.channel.title if reading else name,
        "url": None if own.invite else f"https://t.me/{name}",
        "source": own.source,
        "every": written_span(timedelta(seconds=own.every)) if own.every else None,
        "read_at": utc(read_at.replace(microsecond=0)) if read_at else None,
        "trouble": reading.reason if reading and reading.failures else None,
        "way": reading.channel.way if reading else None,
        "late": round(reading.late(now).total_seconds()) if reading else None,
        "why": _why(reading, stand) if reading else None,
        **(_about(reading.channel) if reading else {}),
    }


def _why(reading: Reading, stand: _Stand) -> str | None:
    """Why no account reads a channel that one could read, or none can."""
    channel = reading.channel
    out = {each.name: each.reason or each.state.value for each in stand.accounts if each.state != AccountState.READING}
    if channel.source == WEB_WAY or not stand.accounts or (channel.way not in (None, WEB_WAY) and not out):
        return None
    out |= {each.account: each.reason for each in stand.refusals.get(channel.id, ())}
    if channel.way in {each.name for each in stand.accounts} - out.keys():
        return None
    if len(out) < len(stand.accounts):
        return "no account has looked it up yet"
    return "; ".join(f"{name}: {reason}" for name, reason in sorted(out.items()))


def _about(channel: Channel) -> dict[str, object]:
    """What the channel says of itself, as far as it has told."""
    about = {"description": channel.description, "members": channel.members}
    return {name: value for name, value in about.items() if value}


def _only(lists: Lists) -> str:
    if len(lists.lists) == 1:
        return lists.lists[0].id
    raise click.UsageError(f"say which list with --list; there are: {_ids(lists)}")


def _ids(lists: Lists) -> str:
    return ", ".join(each.id for each in lists.lists) or "none"
