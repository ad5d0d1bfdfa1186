"""`courant digest`: a digest, built and printed."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from shutil import get_terminal_size
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from app.console import in_loop, on_terminal, option, put, put_table, say
from app.wiring import open_store, open_writer, settle, take_lists
from core.clock import utc_now
from core.errors import BadInput, StorageReadOnly
from core.model import ChannelList
from core.moments import moment
from core.settings import Settings, load_settings
from core.texts import LANGUAGES
from digest import explain as reasons
from digest.build import Wish, compose_digest, gather, make_digest, rank_stories, share
from digest.compose import MINUTES
from digest.model import Digest
from digest.render import jsonform, page, text
from digest.telling import Views
from storage.store import Store

_LONGEST_HOURS = 24 * 366


def _in_lines(digest: Digest) -> str:
    """As plain text, as wide as the terminal where it is a narrow one."""
    return text.render(digest, min(text.WIDTH, get_terminal_size().columns) if on_terminal() else text.WIDTH)


_LOOKS = {"text": _in_lines, "html": page.render, "json": jsonform.render}


@click.command("digest")
@click.option(
    "--list", "list_ids", multiple=True, help="Of this list; may be given several times. Else of all channels."
)
@click.option("--from", "since", help="From this moment on: 2025-02-17, 2025-02-17T08:00, yesterday, 24h.")
@click.option("--to", "until", help="Until this moment; now where it is not given.")
@click.option(
    "--hours", type=click.IntRange(1, _LONGEST_HOURS), help="This many hours, until --to or now.  [default: 24]"
)
@click.option("--format", "look", type=click.Choice(list(_LOOKS)), default="text", show_default=True)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="The language of its words; the list's own, else English."
)
@click.option("--zone", default="UTC", show_default=True, help="The zone of its days and hours, as Europe/Riga.")
@click.option("--minutes", type=click.IntRange(1, 60), default=MINUTES, show_default=True, help="The reading time.")
@click.option(
    "--explain", is_flag=True, help="Instead, print why each story ranks where it does, and what was left out."
)
def command(
    list_ids: tuple[str, ...],
    since: str | None,
    until: str | None,
    hours: int | None,
    look: str,
    language: str | None,
    zone: str,
    minutes: int,
    explain: bool,
) -> None:
    """The stories of the last 24 hours, or of another time, as a reader would get them. Nobody's memory is touched."""
    if explain and look != "text":
        raise click.UsageError("--explain prints tables: it goes without --format")
    if since and hours:
        raise click.UsageError("--from and --hours say the same: give one of them")
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter(f"{zone[:40]} is no zone: write it as Europe/Riga", param_hint="'--zone'") from error
    now = utc_now()
    with option("--to"):
        end = moment(until, now, place) if until else now
    with option("--from"):
        begin = moment(since, now, place) if since else end - timedelta(hours=hours or 24)
    if begin >= end:
        raise click.UsageError(f"--from: {begin:%Y-%m-%d %H:%M} is not before {end:%Y-%m-%d %H:%M} UTC")
    wish = Wish(since=begin, until=end, zone=zone, minutes=minutes, language=language or "")
    if explain:
        in_loop(_explain(load_settings(), wish, list_ids, now))
    else:
        put(_LOOKS[look](in_loop(_make(load_settings(), wish, list_ids, now))).rstrip("\n"))


async def _explain(chosen: Settings, wish: Wish, list_ids: tuple[str, ...], now: datetime) -> None:
    """Print the numbers behind the digest: of the stories with their reasons, then of the posts that it leaves out."""
    async with open_store(chosen) as store:
        await _brought_up(chosen, store)
        wish = await _completed(store, wish, list_ids)
        material = await gather(store, wish)
        if not material.posts:
            await _tell_newest(store)
            return
    shared = share(material, wish.until, Views(wish.language))
    ranking = rank_stories(material, wish, shared)
    made = compose_digest(material, wish, now, shared)
    ranks, left = reasons.ranks(material, ranking, made.digest), reasons.left(material, ranking, made.digest)
    if on_terminal():
        put_table(reasons.SHORT_RANKS, reasons.short_ranks(ranks))
        put("")
        put_table(reasons.SHORT_LEFT, reasons.short_left(left))
    else:
        put_table(reasons.RANKS, ranks)
        put("")
        put_table(reasons.LEFT, left)


async def _make(chosen: Settings, wish: Wish, list_ids: tuple[str, ...], now: datetime) -> Digest:
    async with open_store(chosen) as store:
        may_write = await _brought_up(chosen, store)
        async with open_writer(chosen, store) if may_write else nullcontext() as writer:
            made = await make_digest(store, await _completed(store, wish, list_ids), now, writer=writer)
        if not made.digest.posts:
            await _tell_newest(store)
    return made.digest


async def _brought_up(chosen: Settings, store: Store) -> bool:
    """Take the lists over and put what waits into stories; False where the database may only be read, and is taken as
    it stands."""
    try:
        await take_lists(chosen, store)
        await settle(chosen, store)
    except StorageReadOnly:
        say("The database may only be read: its lists and stories are taken as they stand in it.")
        return False
    return True


async def _completed(store: Store, wish: Wish, list_ids: tuple[str, ...]) -> Wish:
    """The wish with its lists, or with every channel there is, and in their language."""
    async with store.read() as tx:
        lists = {each.id: each for each in await tx.channels.lists()}
        channels = [] if list_ids else [channel.name for channel in await tx.channels.all()]
    chosen = [_known(each, lists) for each in list_ids]
    languages = {each.language for each in chosen}
    own = languages.pop() if len(languages) == 1 else None
    language = wish.language or (own if own in LANGUAGES else None) or LANGUAGES[0]
    return replace(wish, lists=list_ids, channels=tuple(channels), language=language)


def _known(list_id: str, lists: dict[str, ChannelList]) -> ChannelList:
    if list_id not in lists:
        raise BadInput(list_id[:40], f"there is no such list; there are: {', '.join(lists) or 'none'}")
    return lists[list_id]


async def _tell_newest(store: Store) -> None:
    async with store.read() as tx:
        newest = next(iter(await tx.posts.days()), None)
    if newest:
        say(f"There are no posts in this time; the newest are of {newest}: try --from {newest}")
    else:
        say("There are no posts yet: `courant run` reads channels, `courant import` reads files.")
