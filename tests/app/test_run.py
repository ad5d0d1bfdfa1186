"""`courant run`, from channels to a digest in a chat: its services over a Bot API server and a t.me on loopback."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.serve import serve
from app.wiring import PARTS, wire
from core.clock import Clock, utc_now
from core.errors import AlreadyRunning, SettingsError, StorageFull
from core.model import ChannelList, Reader, ReaderId, Source
from core.settings import Settings
from storage.engine import open_engine
from storage.store import Store
from tests.app.conftest import Courant
from tests.interpreter import REPOSITORY
from tests.moments import NOW
from tests.servers.bot_api import BotApi
from tests.servers.mtproto import MiniTelegram
from tests.servers.preview_site import PreviewSite

pytestmark = pytest.mark.usefixtures("logs_as_before")
PATIENCE = 120.0  # seconds: a process of ours takes four to start, and ten times as long on a busy machine
LISTS = '[lists.world]\ntitle = "World affairs"\nchannels = ["harbour_wire", "meridian"]\n'


@pytest.fixture
def installation(empty: Path) -> Path:
    (empty / "seeds" / "channels.toml").write_text(LISTS)
    return empty


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks into the tables every few seconds does so ten times a second: these tests wait for it."""
    monkeypatch.setattr("ingest.preview.reader.AHEAD", timedelta(seconds=0.1))
    monkeypatch.setattr("bot.delivery._POLL", 0.1)


@asynccontextmanager
async def running(settings: Settings, parts: tuple[str, ...] = PARTS, *, alone: bool = True) -> AsyncIterator[None]:
    """The services while inside; then they are stopped, twice, and nothing of them may be left. Not `alone`: others
    run meanwhile, and have tasks of their own."""
    before = asyncio.all_tasks()
    stop, began = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        async with wire(settings, parts) as services:
            began.set()
            await serve(services, stop)

    task = asyncio.get_running_loop().create_task(run())
    waiting = asyncio.get_running_loop().create_task(began.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if not task.done():
            yield
    finally:
        stop.set()
        stop.set()
        await task
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not alone or not [task for task in left if "RequestHandler" not in repr(task)]  # those are the test servers'


async def test_from_channels_to_a_digest_in_the_chat_and_through_a_restart(installation: Path) -> None:
    async with BotApi() as api, PreviewSite() as site:
        ago = utc_now() - timedelta(hours=3)
        for name in ("harbour_wire", "meridian"):
            site.channel(name, title=name.title())
            site.post(name, "Dockers have closed the port of Eastport with a strike of 48 hours.", date=ago)
        settings = Settings(
            bot_token=SecretStr(api.token), bot_api_url=api.url, preview_url=site.url, admins=(7,), metrics_port=0
        )
        alice = api.person("Alice")
        async with running(settings):
            await until(lambda posts, stories: (posts, stories) == (2, 1))
            await alice.says("/start")
            digest = await alice.sees("Dockers have closed the port")
            assert "2 posts in 2 channels became 1 story" in digest.text
            await alice.sees("At what hour")
        async with running(settings):
            await alice.says("/search dockers")
            assert "closed the port" in (await alice.sees("dockers")).text
            site.channel("city_desk")
            site.post("city_desk", "Dockers have closed the port of Eastport for two days.", date=ago)
            boss = api.person("Boss", number=7)
            await boss.says("/add t.me/city_desk world")
            await boss.sees("@city_desk is in World affairs now")
            await until(lambda posts, stories: (posts, stories) == (3, 1))  # without a restart


async def test_each_part_can_run_alone(installation: Path) -> None:
    async with BotApi() as api, PreviewSite() as site:
        site.channel("harbour_wire")
        site.channel("meridian")
        ago = utc_now() - timedelta(hours=3)
        site.post("harbour_wire", "Dockers have closed the port of Eastport.", date=ago)
        settings = Settings(bot_token=SecretStr(api.token), bot_api_url=api.url, preview_url=site.url)
        alice = api.person("Alice")
        async with running(settings, ("ingest",)):
            await until(lambda posts, stories: (posts, stories) == (1, 1))
        async with running(settings, ("deliver",)), running(settings, ("bot",), alone=False):
            await alice.says("/start")
            await alice.sees("Dockers have closed the port")


async def test_administrators_hear_of_a_channel_that_cannot_be_read(installation: Path) -> None:
    async with BotApi() as api, PreviewSite() as site:
        site.channel("harbour_wire")
        settings = Settings(bot_token=SecretStr(api.token), bot_api_url=api.url, preview_url=site.url, admins=(7,))
        boss = api.person("Boss", number=7)
        async with running(settings, ("ingest",)):
            await boss.sees("A channel cannot be read. meridian")


@pytest.mark.parametrize("opened", [True, False], ids=["opened", "closed"])
async def test_a_link_leads_to_a_preview_server_of_our_own_only_where_the_settings_open_it(
    installation: Path, opened: bool
) -> None:
    async with PreviewSite() as site:
        for name in ("harbour_wire", "meridian"):
            site.channel(name)
        ago = utc_now() - timedelta(hours=3)
        site.post("harbour_wire", f'The port is closed: <a href="{site.url}/s/secret">report</a>', date=ago)
        settings = Settings(preview_url=site.url, fetch_allow=("127.0.0.1",) if opened else ())
        async with running(settings, ("ingest",)):
            if opened:
                await asked_for(site, "/s/secret")
            else:
                await until_told("SELECT 1 FROM article WHERE attempts > 0")
                assert "/s/secret" not in [request.path for request in site.requests]


async def test_a_folder_of_channels_is_read_by_the_account_and_then_its_channels(installation: Path) -> None:
    (installation / "seeds" / "channels.toml").write_text(
        '[lists.world]\ntitle = "World affairs"\nfolder = "https://t.me/addlist/AbCdEfGh123"\n'
    )
    ago = utc_now() - timedelta(hours=3)
    async with MiniTelegram() as telegram, PreviewSite() as site:
        for name in ("harbour_wire", "meridian"):
            telegram.channel(name)
            await telegram.post(name, "Dockers have closed the port of Eastport.", date=ago.timestamp())
        telegram.folder("AbCdEfGh123", "harbour_wire", "meridian")
        settings = Settings(
            preview_url=site.url,
            telegram_api_id=1,
            telegram_api_hash=SecretStr("x"),
            telegram_session=SecretStr(telegram.mint("+10000001")),
        )
        async with running(settings, ("ingest",), alone=False):
            await until(lambda posts, stories: (posts, stories) == (2, 1))


async def test_a_second_one_on_the_same_database_is_told_so(installation: Path) -> None:
    async with PreviewSite() as site:
        settings = Settings(preview_url=site.url)
        async with running(settings, ("ingest",)):
            with pytest.raises(AlreadyRunning, match="already runs 'ingest' on this database"):
                async with wire(settings, PARTS):
                    pass
        async with wire(settings, ("ingest",)):  # what was held is free again
            pass


async def test_a_refused_token_ends_everything_with_one_sentence(installation: Path) -> None:
    async with BotApi() as api, PreviewSite() as site:
        settings = Settings(bot_token=SecretStr("43:WRONG"), bot_api_url=api.url, preview_url=site.url)
        with pytest.raises(SettingsError, match="the server refuses it"):
            async with asyncio.timeout(PATIENCE), wire(settings, PARTS) as services:
                await serve(services, asyncio.Event())


async def test_a_signal_ends_the_process_cleanly(installation: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURANT_")}
    async with PreviewSite() as site:
        site.channel("harbour_wire")
        site.post("harbour_wire", "The ferry to Sando runs again.")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", "run"),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={
                **environment,
                "PYTHONPATH": str(REPOSITORY),
                "COURANT_PREVIEW_URL": site.url,
                "COURANT_LOG_FORMAT": "json",
            },
        )
        try:
            await until(lambda posts, stories: (posts, stories) == (1, 1))
            process.send_signal(signal.SIGINT)  # asyncio has a way of its own with this one
        finally:
            if process.returncode is None and sys.exc_info()[0]:
                process.kill()
            async with asyncio.timeout(PATIENCE):
                _, log = await process.communicate()
        lines = log.decode().splitlines()
        assert process.returncode == 0
        assert "COURANT_BOT_TOKEN is not set" in lines[0]
        assert any("running ingest on sqlite:///var/courant.db" in line for line in lines)
        assert '"message": "stopped"' in lines[-1]
        assert not [line for line in lines if '"level": "error"' in line]


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (("--only", "bot"), {}, "courant: COURANT_BOT_TOKEN: is not set"),
        ((), {"METRICS_PORT": "1", "METRICS_HOST": "192.0.2.1"}, "courant: COURANT_METRICS_PORT: 1 cannot be used"),
        ((), {"FETCH_ALLOW": "a b"}, "FETCH_ALLOW: 'a b' is not a host"),
        ((), {"DATABASE_URL": "mysql://x/y"}, "courant: COURANT_DATABASE_URL: must be sqlite"),
        ((), {"TOKEN": "x"}, "courant: COURANT_TOKEN: there is no such setting"),
    ],
    ids=["token", "port", "hosts", "database", "unknown"],
)
def test_what_cannot_run_says_why_in_one_sentence(
    arguments: tuple[str, ...],
    settings: dict[str, str],
    sentence: str,
    installation: Path,
    courant: Courant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"COURANT_{name}", value)
    said = courant("run", *arguments)
    assert said.code == 1
    assert sentence in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("error", "told"), [(AlreadyRunning("bot"), {"message"}), (ZeroDivisionError("by zero"), {"message", "error"})]
)
def test_where_a_machine_reads_the_log_it_reads_there_why_it_ended(
    error: Exception, told: set[str], home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setenv("COURANT_LOG_FORMAT", "json")
    monkeypatch.setattr("app.commands.run._run", fails)
    said = courant("run")
    [line] = map(json.loads, said.err.splitlines())
    assert (said.code, line["level"], line["message"]) == (1, "critical", str(error))
    assert line.keys() - {"time", "level", "logger"} == told


def test_the_address_of_the_metrics_can_be_opened_by_whoever_reads_it_in_the_log() -> None:
    from app.metrics import address

    assert (address("127.0.0.1", 80), address("::", 80)) == ("http://127.0.0.1:80", "http://[::]:80")


async def test_a_monitor_sees_what_there_is(day: Path) -> None:
    store = await Store.open("sqlite:///var/courant.db")
    async with watched(store, troubles={'a "wall"': 2}, account_troubles={"noise": 3}) as address:
        said = await get(f"{address}/metrics")
        assert "\ncourant_posts 230\n" in said
        assert "\ncourant_channels_late 0\n" in said
        assert '\ncourant_preview_troubles_total{cause="a \\"wall\\""} 2\n' in said
        assert '\ncourant_account_troubles_total{cause="noise"} 3\n' in said
        assert all(line.startswith(("# ", "courant_")) for line in said.splitlines())
        page = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
        assert [
            line for line in said.splitlines() if line.startswith("# TYPE") and f"`{line.split()[2]}" not in page
        ] == []
        assert await get(f"{address}/healthz") == "ok\n"


async def test_whatever_a_server_calls_a_cause_the_monitor_can_read_the_page(empty: Path) -> None:
    store = await Store.open("sqlite:///var/courant.db")
    async with watched(store, troubles={f"it says\n{quoted * 200}": 1 for quoted in '"\\'}) as address:
        said = [line for line in (await get(f"{address}/metrics")).splitlines() if "it says" in line]
    assert said == [f'courant_preview_troubles_total{{cause="it says {quoted * 92}"}} 1' for quoted in ('\\"', "\\\\")]


async def test_a_monitor_sees_how_channels_readers_and_messages_fare(empty: Path) -> None:
    store = await Store.open("sqlite:///var/courant.db")
    names = ("harbour_wire", "city_desk", "meridian_dispatch")
    async with store.begin() as tx:
        await tx.channels.take_over([ChannelList(id="world", titles={"": "World"}, channels=names)], {})
        ids = await tx.channels.ensure(names)
        for name, late in (("harbour_wire", 60), ("city_desk", 61)):
            due = NOW - timedelta(seconds=late)
            await tx.channels.was_read(ids[name], Source.WEB, cursor=1, oldest=1, now=due, next_at=due)
        long_ago = NOW - timedelta(hours=1)
        await tx.channels.failed(ids["meridian_dispatch"], Source.WEB, "no answer", long_ago, now=long_ago)
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=1), NOW)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}, {"text": "2"}], due_at=NOW, now=NOW)
    async with watched(store, clock=lambda: NOW) as address:
        said = (await get(f"{address}/metrics")).splitlines()
    assert [line for line in said if not line.startswith("#")] == [
        "courant_posts 0",
        "courant_stories 0",
        "courant_digests 1",
        'courant_readers{state="active"} 1',
        'courant_parts{state="waiting"} 2',
        "courant_channels 3",
        "courant_channels_failing 1",
        "courant_reading_late_seconds 61",
        "courant_channels_late 1",
    ]
    assert said[:2] == ["# HELP courant_posts Posts in the archive.", "# TYPE courant_posts gauge"]


async def test_a_monitor_is_told_of_a_full_disk_while_it_refuses_what_is_written(day: Path) -> None:
    seconds = 1000.0
    store = Store(open_engine("sqlite:///var/courant.db"), monotonic=lambda: seconds)
    async with watched(store) as address:
        async with store.begin() as tx:  # a pool of one connection: the limit is that connection's
            pages = await tx._connection.scalar(text("PRAGMA page_count"))
            await tx._connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        assert await get(f"{address}/healthz") == "ok\n"
        with pytest.raises(StorageFull):
            async with store.begin() as tx:
                await tx.channels.ensure([f"channel_{n}" for n in range(2000)])
        seconds += 59
        with pytest.raises(aiohttp.ClientResponseError, match="503"):
            await get(f"{address}/healthz")
        seconds += 1
        assert await get(f"{address}/healthz") == "ok\n"


@asynccontextmanager
async def watched(
    store: Store,
    troubles: dict[str, int] | None = None,
    account_troubles: dict[str, int] | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[str]:
    """The address at which a monitor asks about this store while inside; it is closed then."""
    from app.metrics import Metrics

    metrics = Metrics(store, "127.0.0.1", 0, troubles or {}, account_troubles or {}, clock)
    task = asyncio.get_running_loop().create_task(metrics.run())
    try:
        async with asyncio.timeout(PATIENCE):
            await metrics.started.wait()
        yield metrics.address
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.close()


async def until(enough: Callable[[int, int], bool]) -> None:
    """Wait until the database, seen from outside, holds enough posts and stories."""
    store = await Store.open("sqlite:///var/courant.db")
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with store.read() as tx:
                    posts, stories = await tx.posts.count(), await tx.stories.counts()
                if enough(posts, stories):
                    return
                await asyncio.sleep(0.05)
    finally:
        await store.close()


async def asked_for(site: PreviewSite, path: str) -> None:
    """Wait until the site was asked for this page."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if path in [request.path for request in site.requests]:
                return
            await asyncio.sleep(0.05)


async def until_told(question: str) -> None:
    """Wait until the database, seen from outside, has an answer."""
    store = await Store.open("sqlite:///var/courant.db")
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with store.read() as tx:
                    if await tx._connection.scalar(text(question)):
                        return
                await asyncio.sleep(0.05)
    finally:
        await store.close()


async def get(address: str) -> str:
    async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(address) as response:
        return await response.text()
