"""Settings to running parts. Each is opened in one place and closed by the AsyncExitStack it was opened in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from app.account import signed_in
from app.admins import tell_admins
from app.cli import our_version
from app.console import progress
from app.seeds import lists_file, load_lists, own_lists, shipped
from app.serve import Service
from app.watch import ListsWatch, take_over
from core.clock import utc_now
from core.errors import AlreadyRunning, BadInput, SettingsError
from core.settings import Settings
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import Http, open_http, user_agent
from ingest.intake import Intake
from ingest.preview.source import T_ME, WebSource
from ingest.troubles import Troubles
from storage.store import Store

if TYPE_CHECKING:  # it takes a third of a second that most commands have not got
    from digest.stories.embedding import Embedder
    from digest.summaries.writer import Writer
    from ingest.articles.service import ArticleService

log = logging.getLogger(__name__)
PARTS = ("ingest", "bot", "deliver")
LOCAL_MODEL = "local:"  # how the name of an embedding model begins that runs in this process


@asynccontextmanager
async def open_store(settings: Settings, *, as_it_is: bool = False) -> AsyncIterator[Store]:
    """The database, brought to the present version unless left `as_it_is`, and closed at the end."""
    store = await Store.open(settings.database_url, as_it_is=as_it_is)
    try:
        yield store
    finally:
        await store.close()


def open_web(settings: Settings) -> AbstractAsyncContextManager[Http]:
    """The one client for whatever is fetched; only what the settings open leads into the private network."""
    guard = Guard(parse_allow((*settings.fetch_allow, settings.preview_url)))
    return open_http(agent=user_agent(our_version(), settings.contact), guard=guard)


def web_source(settings: Settings, http: Http) -> WebSource:
    """The public preview. A server of our own needs no politeness."""
    if settings.preview_url == T_ME:
        return WebSource(http)
    return WebSource(http, base=settings.preview_url, spacing=0.0)


@asynccontextmanager
async def open_writer(settings: Settings, store: Store) -> AsyncIterator["Writer | None"]:
    """The model that puts stories into words, or None where the settings name none."""
    if settings.llm_model is None:
        yield None
        return
    from digest.summaries import writer
    from digest.summaries.budget import Budget

    budget = Budget(
        tokens=settings.llm_daily_tokens,
        cost=settings.llm_daily_cost,
        price_in=settings.llm_price_in,
        price_out=settings.llm_price_out,
    )
    address, key = settings.llm_base_url, settings.llm_key
    async with writer.open_writer(store, settings.llm_model, budget, base_url=address, api_key=key) as opened:
        yield opened


@asynccontextmanager
async def open_embedder(settings: Settings) -> AsyncIterator["Embedder | None"]:
    """The model that says which posts mean the same, or None where the settings name none. Raises SettingsError."""
    name = settings.embedding_model
    if name is None:
        yield None
        return
    if name.startswith(LOCAL_MODEL):
        from digest.stories.embedding_local import local_model

        yield local_model(name)
        return
    from digest.stories import embedding_model

    address, key = settings.llm_base_url, settings.llm_key
    async with embedding_model.open_embedder(name, base_url=address, api_key=key) as opened:
        yield opened


@asynccontextmanager
async def wire(settings: Settings, parts: tuple[str, ...]) -> AsyncIterator[Mapping[str, Service]]:
    """The services of these parts, by name; what they need is open, and held for this process alone.

    Raises AlreadyRunning, SettingsError, StorageError and, where there are no lists at all, BadInput.
    """
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings))
        services: dict[str, Service] = {}
        for part in parts:
            services[f"hold of {part}"] = (await stack.enter_async_context(store.sole(part))).keep
        troubles, of_accounts = (Troubles(utc_now, partial(tell_admins, settings)) for _ in range(2))
        if "ingest" in parts:
            services |= await _ingest(settings, store, stack, troubles, of_accounts)
        if "bot" in parts or "deliver" in parts:
            services |= await _bot(settings, store, stack, parts)
        if settings.metrics_port is not None:
            from app.metrics import Metrics

            metrics = Metrics(
                store,
                settings.metrics_host,
                settings.metrics_port,
                troubles=troubles.counts,
                account_troubles=of_accounts.counts,
            )
            services["metrics"] = metrics.run
        yield services


async def _ingest(
    settings: Settings, store: Store, stack: AsyncExitStack, troubles: Troubles, of_accounts: Troubles
) -> dict[str, Service]:
    from digest.stories.service import StoryService
    from ingest.preview.reader import WebReader
    from ingest.ways import Ways

    accounts = signed_in(settings)
    watch = ListsWatch(store, own_lists(settings), partial(tell_admins, settings), has_account=bool(accounts))
    await watch.begin()
    http = await stack.enter_async_context(open_web(settings))
    stories = StoryService(store, utc_now, await stack.enter_async_context(open_embedder(settings)))
    articles = await _articles(settings, store, stack)

    def hint() -> None:
        stories.hint()
        articles.hint()

    intake = Intake(store, utc_now, hint)
    ways = Ways(store, utc_now, [account.name for account in accounts])
    await ways.begin()
    web = WebReader(store, web_source(settings, http), intake, utc_now, troubles=troubles)
    services: dict[str, Service] = {
        "lists": watch.run,
        "ways": ways.run,
        "web": web.run,
        "stories": stories.run,
        "articles": articles.run,
    }
    if not accounts:
        return services
    from ingest.accounts.folders import FolderReader
    from ingest.accounts.reader import AccountReader
    from ingest.telegram.source import TelegramSource

    folders = FolderReader(store, utc_now, watch.again, of_accounts)
    for account in accounts:
        source = TelegramSource(account)
        reader = AccountReader(store, source, intake, utc_now, ways, folders=folders, troubles=of_accounts)
        services[f"account {account.name}"] = reader.run
    return services


async def _articles(settings: Settings, store: Store, stack: AsyncExitStack) -> "ArticleService":
    """What reads linked pages, by a client of its own: their slow hosts must not hold up the preview, and a link of a
    stranger must not reach a preview server that runs in the private network."""
    from ingest.articles.pages import fetch_changed
    from ingest.articles.reader import ArticleReader
    from ingest.articles.service import HOSTS_AT_ONCE, ArticleService
    from ingest.fetch.robots_files import RobotsFiles

    guard = Guard(parse_allow(settings.fetch_allow))
    agent = user_agent(our_version(), settings.contact)
    http = await stack.enter_async_context(open_http(agent=agent, guard=guard, at_once=HOSTS_AT_ONCE))
    reader = await stack.enter_async_context(ArticleReader())
    admit = RobotsFiles(http).admit
    return ArticleService(store, utc_now, lambda url, known: fetch_changed(http, url, known, admit), reader)


async def _bot(settings: Settings, store: Store, stack: AsyncExitStack, parts: tuple[str, ...]) -> dict[str, Service]:
    from bot.client import open_bot
    from bot.delivery import Sender
    from bot.digests import Desk
    from bot.dispatcher import make_dispatcher
    from bot.keeper import Keeper
    from bot.looks import Looks
    from bot.polling import poll
    from bot.schedule import Schedule

    if settings.bot_token is None:
        raise SettingsError("COURANT_BOT_TOKEN", "is not set: @BotFather gives one to a new bot")
    bot = await stack.enter_async_context(open_bot(settings.bot_token.get_secret_value(), settings.bot_api_url))
    wake, looks = asyncio.Event(), Looks()
    writer = await stack.enter_async_context(open_writer(settings, store))
    services: dict[str, Service] = {}
    if "bot" in parts:
        keeper = Keeper(store, own_lists(settings), settings.admins)
        dispatcher = make_dispatcher(store, utc_now, wake=wake, looks=looks, writer=writer, keeper=keeper)
        services["bot"] = lambda: poll(dispatcher, bot, admins=settings.admins)
    if "deliver" in parts:
        desk = Desk(store, utc_now, wake, looks, writer, settings.admins)
        services["schedule"] = Schedule(store, utc_now, desk).run
        services["sender"] = Sender(store, bot, utc_now, wake=wake, looks=looks).run
    return services


async def take_lists(settings: Settings, store: Store) -> None:
    """Take channels.toml over for a single command; one that cannot be read is told of, and what is in force stays. So
    it does where the command finds only the lists that came with the program: it may be run in another folder."""
    path = lists_file(settings)
    async with store.read() as tx:
        if path.parent == shipped() and await tx.channels.lists():
            return
    try:
        await take_over(store, load_lists(path))
    except BadInput as error:
        log.warning("the lists stay as they were: %s", error)


async def settle(settings: Settings, store: Store) -> None:
    """Put what waits into stories, unless a running Courant on this database does so anyway."""
    from digest.stories.service import StoryService

    try:
        async with store.sole("ingest"), open_embedder(settings) as embedder:
            with progress("posts put into stories") as tell:
                await StoryService(store, utc_now, embedder).settle(tell)
    except AlreadyRunning:
        log.info("the running Courant puts the posts into stories")
