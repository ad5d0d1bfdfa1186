"""`courant channels discover`: the channels that an article or a page links."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from app.console import in_loop, progress, put, put_json, put_table, say
from app.wiring import open_web, web_source
from core.addresses import Form
from core.errors import BadInput, RateLimited, SourceError
from core.model import Place, PlaceKind
from core.settings import Settings, load_settings
from ingest.articles.pages import fetch_page
from ingest.discover import Find, channel_names
from ingest.discover import discover as finds_in
from ingest.fetch.http import Limits
from ingest.markup import MAX_PAGE
from ingest.preview.source import WebSource

_NAMED = frozenset({Form.NAME, Form.POST, Form.MENTION, Form.BOOST})
_MOST_ASKED = 50  # landing pages, seconds apart


@dataclass(frozen=True, slots=True)
class _Seen:
    """A find, and what its landing page says of the name (None: not asked, or no answer)."""

    find: Find
    place: Place | None


@click.command("discover", short_help="Find the channels that an article or page links.")
@click.argument("source", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a find.")
@click.option("--offline", is_flag=True, help="Tell channels from groups, bots and people by their form alone.")
def discover(source: str, as_json: bool, offline: bool) -> None:
    """Find every Telegram address in a file (- is stdin) or a web page, and offer the line for channels.toml.

    Names, posts, invites and share links are told apart by their form; a channel from a group, a bot or a person by its
    page on t.me, where the network allows.
    """
    seen = in_loop(_discover(load_settings(), source, offline=offline))
    if as_json:
        for each in seen:
            put_json(_object(each))
        return
    if not seen:
        say("There is no Telegram address in it.")
        return
    put_table(("form", "address", "kind", "title", "words around it"), [_row(each) for each in seen])
    names = [name for name in channel_names(each.find for each in seen) if _may_be_channel(name, seen)]
    names += [each.find.url for each in seen if each.find.form is Form.INVITE]
    if names:
        line = ", ".join(f'"{name}"' for name in names)
        say("\nFor a list in channels.toml (or: courant channels add NAME --list ID):")
        put(f"channels = [{line}]")
    for each in seen:
        if each.find.form is Form.FOLDER:
            say("\nA folder of channels, for a list of its own (or: courant channels add LINK --list ID):")
            put(f'folder = "{each.find.url}"')


async def _discover(chosen: Settings, source: str, *, offline: bool) -> list[_Seen]:
    async with open_web(chosen) as http:
        if source.startswith(("http://", "https://")):
            page = await fetch_page(http, source, Limits(size=MAX_PAGE))
            finds = finds_in(page.html, source)
        else:
            finds = finds_in(await asyncio.to_thread(_read, source), source)  # which Ctrl-C can leave behind
        places: dict[str, Place] = {}
        if not offline:
            places = await _places(web_source(chosen, http), channel_names(finds)[:_MOST_ASKED])
    return [_Seen(find, places.get((find.name or "").lower())) for find in finds]


async def _places(web: WebSource, names: Sequence[str]) -> dict[str, Place]:
    """What these names are, by name in lower case, as far as they can be asked."""
    places: dict[str, Place] = {}
    with progress("names asked for") as tell:
        for number, name in enumerate(names, 1):
            try:
                places[name.lower()] = await web.place(name)
            except RateLimited as error:
                say(f"{error}; the rest is told by its form alone")
                break
            except SourceError as error:
                say(f"What {name} is could not be asked: {error.reason}")
                if not places:  # the first question failed: there is no network
                    break
            tell(number)
    return places


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(MAX_PAGE + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_PAGE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "there is no such file"
        raise BadInput(source[:200], f"cannot be read: {reason}") from error


def _kind(seen: _Seen) -> PlaceKind:
    if seen.place is not None:
        return seen.place.kind
    return PlaceKind.BOT if seen.find.form is Form.BOT else PlaceKind.UNKNOWN


def _may_be_channel(name: str, seen: Sequence[_Seen]) -> bool:
    kinds = {_kind(each) for each in seen if (each.find.name or "").lower() == name.lower()}
    return bool(kinds & {PlaceKind.CHANNEL, PlaceKind.UNKNOWN})


def _row(seen: _Seen) -> list[str]:
    kind = _kind(seen)
    told = "" if kind is PlaceKind.UNKNOWN else kind.value
    return [
        seen.find.form.value,
        seen.find.url,
        told,
        (seen.place.title or "") if seen.place else "",
        seen.find.context,
    ]


def _object(seen: _Seen) -> dict[str, object]:
    find, place = seen.find, seen.place
    named = find.form in _NAMED and _kind(seen) in (PlaceKind.CHANNEL, PlaceKind.UNKNOWN)
    written = find.url if find.form is Form.INVITE else find.name if named else None
    return {
        "form": find.form.value,
        "url": find.url,
        "name": find.name,
        "post": find.post,
        "kind": _kind(seen).value,
        "title": place.title if place else None,
        "members": place.members if place else None,
        "preview": place.has_preview if place else None,
        "context": find.context,
        "line": f'"{written}"' if written else None,
    }
