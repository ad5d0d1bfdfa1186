"""`courant check`: a look at everything that a running Courant needs."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.account import signed_in
from app.console import SystemExitWith, in_loop, put, put_json, some
from app.seeds import load_lists, own_lists
from app.watch import without_account
from app.wiring import LOCAL_MODEL, open_embedder, open_store, open_web
from core.clock import utc_now
from core.errors import BadInput, CourantError, ModelError, SettingsError
from core.settings import Settings, load_settings, without_prefix
from ingest.fetch.guard import parse_allow
from ingest.fetch.http import Limits
from storage.engine import sqlite_file

if TYPE_CHECKING:
    from ingest.telegram.account import Account

_ENOUGH_ROOM, _NO_ROOM = 500 << 20, 16 << 20  # bytes; the other is soon needed beside the database itself
_MOST_SKEW = 30.0  # seconds that our clock may be off
_OK = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}
_PATIENCE = 60.0  # seconds for one look; a small machine spends half of it on loading what asks
_ANSWER = 10.0  # seconds in which the preview and the Bot API are to answer; both do within one


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found. `state` is ok, note (works, but not all of it) or fail."""

    subject: str
    state: str
    words: str


class _Note(Exception):
    """What is missing, and what it would bring."""


@click.command("check")
@click.option("--offline", is_flag=True, help="Ask nothing over the network.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(offline: bool, as_json: bool) -> None:
    """Settings, lists, database, disk, clock, web preview, bot and account: a line each, and what to do about it.
    Fails where something is broken; what is merely not set up is a note."""
    failed = in_loop(_check(load_settings(), offline=offline, as_json=as_json))
    if failed:
        raise SystemExitWith(1)


async def _check(chosen: Settings, *, offline: bool, as_json: bool) -> int:
    failed = 0
    async for finding in _findings(chosen, offline=offline):
        failed += finding.state == "fail"
        if as_json:
            put_json({"subject": finding.subject, "state": finding.state, "words": finding.words})
        else:
            put(f"{finding.state:4}  {finding.subject:9} {finding.words}")
    return failed


async def _findings(chosen: Settings, *, offline: bool) -> AsyncIterator[Finding]:
    looks: dict[str, Callable[[Settings], Awaitable[str]]] = {
        "settings": _settings,
        "lists": _lists,
        "database": _database,
        "disk": _disk,
    }
    if chosen.embedding_model and (not offline or chosen.embedding_model.startswith(LOCAL_MODEL)):
        looks["embedding"] = _embedding
    if not offline:
        model = {"model": _model} if chosen.llm_model else {}
        looks |= {**model, "preview": _preview, "bot": _bot, **_accounts(chosen)}
    for subject, look in looks.items():
        yield await _look(subject, look, chosen)


async def _look(subject: str, look: Callable[[Settings], Awaitable[str]], chosen: Settings) -> Finding:
    try:
        async with asyncio.timeout(_PATIENCE):
            return Finding(subject, "ok", await look(chosen))
    except _Note as note:
        return Finding(subject, "note", str(note))
    except CourantError as error:
        return Finding(subject, "fail", " ".join(str(error).split()))
    except TimeoutError:
        return Finding(subject, "fail", f"did not answer within {_PATIENCE:.0f} s")
    except OSError as error:  # a TimeoutError is one, too
        return Finding(subject, "fail", f"{error.filename or subject}: {error.strerror or error}")


async def _settings(chosen: Settings) -> str:
    parse_allow(chosen.fetch_allow)
    if overlooked := list(without_prefix(chosen)):
        raise _Note("; ".join(overlooked))
    return "all of them can be used"


async def _lists(chosen: Settings) -> str:
    file = own_lists(chosen)
    path = file.present
    lists = await asyncio.to_thread(load_lists, path)
    channels = {name.lower() for each in lists.lists for name in each.channels}
    if lists.folders and not signed_in(chosen):
        raise _Note(f"{without_account(lists.folders)}: sign one in with `courant login`")
    if not channels and not lists.folders:
        raise _Note(f"{path} names no channel: add one with `courant channels add NAME --list ID`")
    if idle := sorted(lists.settings.keys() - channels) if not lists.folders else []:
        raise _Note(f"{path} sets something for {', '.join(idle)}, which no list names: is the name right?")
    if chosen.admins and not await asyncio.to_thread(file.may_be_edited):
        words = "may not be written from here: the bot's /add and /remove need that, file and folder alike"
        raise _Note(f"{file.path} {words}")
    return f"{path}: lists {len(lists.lists)}, channels {len(channels)}"


async def _database(chosen: Settings) -> str:
    async with open_store(chosen) as store:
        await store.ping()
        await store.try_lock()
        await store.look_through()
        async with store.read() as tx:
            posts = await tx.posts.count()
            readers = sum((await tx.readers.counts()).values())
    file = sqlite_file(chosen.database_url)
    if file and not await asyncio.to_thread(_may_be_written, file):
        raise BadInput(file, "may be read, but not written by this user: Courant writes it, and beside it")
    return f"{chosen.shown_database}: posts {posts:,}, readers {readers:,}"


def _may_be_written(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


async def _disk(chosen: Settings) -> str:
    file = sqlite_file(chosen.database_url)
    if file is None:
        return "that of the database's server, which is not looked at"
    folder = file.parent
    free = (await asyncio.to_thread(shutil.disk_usage, folder)).free
    return _room(free, folder)


def _room(free: int, folder: Path) -> str:
    size = f"{free / 1024**3:.1f} GB" if free >= 1 << 30 else f"{free >> 20} MB"
    words = f"{size} free in {folder}"
    if free < _NO_ROOM:
        raise BadInput(words, "what comes in cannot be kept; free some space")
    if free < _ENOUGH_ROOM:
        raise _Note(f"{words}: that may not last long")
    return words


async def _embedding(chosen: Settings) -> str:
    async with open_embedder(chosen) as embedder:
        vectors = await embedder.embed(["Courant"]) if embedder else []
    if not vectors or not vectors[0]:
        raise ModelError("the embedding model gives no vector that can be used")
    return f"{chosen.embedding_model} gives vectors of {len(vectors[0]) // 2} numbers"


async def _model(chosen: Settings) -> str:
    from digest.llm import OPENAI, open_model
    from digest.summaries.prompt import MOST_TOKENS

    name, address = str(chosen.llm_model), chosen.llm_base_url
    async with open_model(name, most_tokens=MOST_TOKENS, base_url=address, api_key=chosen.llm_key) as model:
        try:
            await model.ask("Answer in JSON.", 'Say {"ok": true}', _OK)
        except ModelError as error:
            raise ModelError(f"{name} at {address or OPENAI}: {error}") from error
    return f"{name} answers"


async def _preview(chosen: Settings) -> str:
    async with open_web(chosen) as http:
        asked = utc_now()
        reply = await http.get(
            f"{chosen.preview_url}/s/telegram", Limits(total=_ANSWER, types=frozenset({"text/html"}))
        )
    words = f"{chosen.preview_url} answers"
    if skew := _skew(reply.headers.get("date"), asked, utc_now()):
        raise _Note(f"{words}, but by its clock ours is {skew:.0f} s off: set the clock of this machine")
    return words


def _skew(date: str | None, asked: datetime, answered: datetime) -> float:
    """By how many seconds our clock is off; 0 where that is too little to matter, or nobody says. A server may have
    dated its answer at any moment until it came: a slow one does not make a clock wrong."""
    try:
        told = parsedate_to_datetime(date or "")
        off = max((asked - told).total_seconds(), (told - answered).total_seconds())
    except (TypeError, ValueError):
        return 0.0
    return off if off > _MOST_SKEW else 0.0


async def _bot(chosen: Settings) -> str:
    if chosen.bot_token is None:
        raise _Note("COURANT_BOT_TOKEN is not set: there is no bot; @BotFather gives one")
    from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError

    from bot.client import open_bot

    where = chosen.bot_api_url or "https://api.telegram.org"
    try:
        async with open_bot(chosen.bot_token.get_secret_value(), chosen.bot_api_url) as bot, asyncio.timeout(_ANSWER):
            me = await bot.me()
    except TelegramUnauthorizedError as error:
        raise SettingsError("COURANT_BOT_TOKEN", "the server refuses it: take the one that @BotFather gave") from error
    except TimeoutError as error:
        raise BadInput(where, f"the Bot API does not answer within {_ANSWER:.0f} s: is there a way to it?") from error
    except TelegramAPIError as error:
        raise BadInput(where, f"the Bot API does not answer: {error}") from error
    return f"@{me.username}"


async def _account(chosen: Settings, account: "Account | None" = None) -> str:
    if account is None:
        raise _Note("no account is signed in: channels without a web preview cannot be read; see `courant login`")
    from ingest.telegram.source import TelegramSource

    async with TelegramSource(account) as source:
        return f"signed in, a member of {some(len(await source.joined()), 'channel')}"


def _accounts(chosen: Settings) -> dict[str, Callable[[Settings], Awaitable[str]]]:
    accounts = signed_in(chosen)
    if len(accounts) < 2:
        return {"account": partial(_account, account=next(iter(accounts), None))}
    return {f"account {each.name}": partial(_account, account=each) for each in accounts}
