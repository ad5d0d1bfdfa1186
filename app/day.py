"""The made-up day of `courant try`: pages through the importer, articles from files, the clock at its evening."""

import asyncio
import tempfile
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from app.seeds import load_lists, seeds_folder, shipped
from app.watch import take_over
from bot.terminal import Terminal, make_terminal
from core.clock import Clock, utc_now
from core.errors import BadInput
from core.list_file import ListFile
from core.model import Article
from core.settings import Settings
from digest.stories.service import StoryService
from ingest.articles.article import read_article
from ingest.exports.importing import import_paths
from ingest.intake import Intake
from ingest.urls import canonical
from storage.store import Store

_AFTER = timedelta(minutes=5)  # from the day's last post to "now"
_MOST_ARTICLES = 100


@asynccontextmanager
async def open_day(settings: Settings, out: TextIO, *, as_json: bool, language: str) -> AsyncIterator[Terminal]:
    """A conversation over the day with one who runs the place; its database and its lists are gone afterwards. Raises
    BadInput where the seeds are not there."""
    folder = _folder(settings)
    with tempfile.TemporaryDirectory(prefix="courant-try-") as temporary:
        store = await Store.open(f"sqlite:///{temporary}/day.db")
        try:
            clock = shifted(await fill(store, folder))
            lists = ListFile(Path(temporary) / "channels.toml", shipped=folder / "channels.toml")
            yield make_terminal(store, clock, out, as_json=as_json, language=language, lists=lists)
        finally:
            await store.close()


async def fill(store: Store, folder: Path) -> datetime:
    """Take the day in as `courant run` would, without a network; gives the moment just after its last post."""
    await take_over(store, load_lists(folder / "channels.toml"))
    pages = await asyncio.to_thread(lambda: sorted(folder.glob("*.html")))
    arrival = utc_now()
    done = await import_paths(Intake(store, lambda: arrival), pages, arrival)
    if not done.counts["posts"]:
        raise BadInput(folder, "there are no pages with posts in this folder")
    async with store.read() as tx:
        newest = max([post.date async for post in tx.posts.every()])
    now = newest + _AFTER
    await _read_articles(store, folder / "articles", now)
    await StoryService(store, lambda: now).settle()
    return now


def shifted(begin: datetime) -> Clock:
    """A clock that shows `begin` now and goes on from there."""
    distance = utc_now() - begin
    return lambda: utc_now() - distance


async def _read_articles(store: Store, folder: Path, now: datetime) -> None:
    """Read the linked pages that lie beside the day, as if they had been fetched."""
    files = _index(folder)
    async with store.read() as tx:
        wanted = await tx.articles.wanted(now, _MOST_ARTICLES)
    for each in wanted:
        article = await asyncio.to_thread(_read, files.get(each.url), each.url)
        async with store.begin() as tx:
            if article:
                await tx.articles.store(each.id, article, now)
            else:
                await tx.articles.failed(each.id, "is not among the seeds", None)


def _index(folder: Path) -> Mapping[str, Path]:
    try:
        found = tomllib.loads((folder / "index.toml").read_text(encoding="utf-8"))["articles"]
    except (OSError, ValueError, KeyError):
        return {}
    return {canonical(url) or url: folder / Path(name).name for url, name in found.items()}


def _read(path: Path | None, url: str) -> Article | None:
    return read_article(path.read_bytes(), url) if path is not None and path.is_file() else None


def _folder(settings: Settings) -> Path:
    for seeds in (seeds_folder(settings), shipped()):
        if (seeds / "day" / "channels.toml").is_file():
            return seeds / "day"
    raise BadInput(
        seeds_folder(settings) / "day", "the made-up day is not there: COURANT_SEEDS names the folder of seeds"
    )
