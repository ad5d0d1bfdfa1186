"""login, backfill and check: what talks to Telegram from the command line, against servers on loopback."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from app.account import account_of
from app.commands import backfill as backfill_command
from app.commands import check as check_command
from app.commands import login as login_command
from core.clock import utc_now
from core.settings import Settings
from ingest.backfill import AccountWay
from ingest.telegram.login import Question
from storage.store import Store
from tests.app.conftest import Courant
from tests.databases import opened, through_a_pooler
from tests.servers.bot_api import BotApi
from tests.servers.llm import WIDTH, LlmFault, LlmService
from tests.servers.mtproto import MiniTelegram
from tests.servers.preview_site import PreviewSite

PHONE = "+10000001"
LISTS = '[lists.world]\ntitle = "World affairs"\nchannels = ["harbour_wire"]\n'


@pytest.fixture
def installation(empty: Path) -> Path:
    (empty / "seeds" / "channels.toml").write_text(LISTS)
    return empty


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account reads history without the pauses that leave its live reading a share."""
    monkeypatch.setattr(backfill_command, "AccountWay", partial(AccountWay, pause=0.0))


@pytest.fixture
async def telegram() -> AsyncIterator[MiniTelegram]:
    async with MiniTelegram() as server:
        yield server


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What a person answers to the questions of `login`."""

    def give(**given: str) -> None:
        replies: dict[Question, Iterator[str]] = {Question(name): iter([value] * 9) for name, value in given.items()}
        monkeypatch.setattr(login_command, "_prompt", lambda question: next(replies[question]))

    return give


def account(telegram: MiniTelegram, home: Path) -> Settings:
    key = home / "key.pem"
    key.write_text(telegram.rsa.pem)
    return Settings(
        telegram_api_id=1,
        telegram_api_hash=SecretStr("x"),
        telegram_session=SecretStr("var/me.session"),
        telegram_server=f"127.0.0.1:{telegram.port}",
        telegram_server_key=key,
    )


async def test_an_account_is_signed_in_and_its_session_is_its_owners_alone(
    installation: Path, telegram: MiniTelegram, answers: Callable[..., None]
) -> None:
    settings = account(telegram, installation)
    answers(phone=PHONE, code="12345")
    name = await login_command._login(account_of(settings), by_address=False)
    assert name
    file = installation / "var" / "me.session"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finding = await check_command._look("account", check_command._accounts(settings)["account"], settings)
    assert (finding.state, finding.words) == ("ok", "signed in, a member of 0 channels")


async def test_a_sign_in_that_failed_leaves_no_session(
    installation: Path, telegram: MiniTelegram, answers: Callable[..., None]
) -> None:
    answers(phone=PHONE, code="99999")
    settings = account(telegram, installation)
    with pytest.raises(Exception, match="code was wrong"):
        await login_command._login(account_of(settings), by_address=False)
    assert not (installation / "var" / "me.session").exists()
    assert (
        await check_command._look("account", check_command._accounts(settings)["account"], settings)
    ).state == "note"


def test_a_sign_in_needs_the_id_of_the_program(installation: Path, courant: Courant) -> None:
    said = courant("login")
    assert said.code == 1
    assert said.err.startswith("courant: COURANT_TELEGRAM_API_ID: is not set")


def test_a_question_without_an_answer_ends_the_command(
    installation: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    import click

    async def unanswered(*_: object, **__: object) -> str:
        raise click.Abort

    monkeypatch.setattr(login_command, "_login", unanswered)
    monkeypatch.setenv("COURANT_TELEGRAM_API_ID", "1")
    monkeypatch.setenv("COURANT_TELEGRAM_API_HASH", "x")
    said = courant("login")
    assert (said.code, said.err) == (1, "Asking Telegram …\ncourant: Nothing was answered, so nothing was done.\n")


async def test_history_is_read_back_to_a_day_and_goes_on_from_there(installation: Path) -> None:
    now = utc_now()
    async with PreviewSite() as site:
        site.channel("harbour_wire")
        for days in range(60, 0, -1):
            site.post("harbour_wire", f"Story of {days} days ago.", date=now - timedelta(days=days))
        settings = Settings(preview_url=site.url)
        [first] = await backfill_command._backfill(settings, [], now - timedelta(days=25))
        assert first.error is None
        assert 25 <= first.posts < 60
        [again] = await backfill_command._backfill(settings, ["harbour_wire"], now - timedelta(days=25))
        assert again.posts == 0
        [rest] = await backfill_command._backfill(settings, ["harbour_wire"], now - timedelta(days=100))
        assert first.posts + rest.posts == 60
        [nobody] = await backfill_command._backfill(settings, ["nobody_here"], now)
        assert nobody.error is not None


@pytest.mark.usefixtures("hasty")
async def test_history_is_read_by_the_accounts_that_are_there_and_else_by_the_preview(
    installation: Path, telegram: MiniTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    now = utc_now()
    telegram.channel("harbour_wire")
    await telegram.post("harbour_wire", "Told by the account.", date=(now - timedelta(days=2)).timestamp())
    sessions = [telegram.mint(phone) for phone in (PHONE, "+10000002")]
    telegram.revoke(PHONE)
    async with PreviewSite() as site:
        site.channel("harbour_wire")
        site.post("harbour_wire", "Told by the preview.", date=now - timedelta(days=3))
        settings = account(telegram, installation).model_copy(
            update={"telegram_session": SecretStr(",".join(sessions)), "preview_url": site.url}
        )
        [first] = await backfill_command._backfill(settings, [], now - timedelta(days=25))
        assert (first.posts, first.error) == (1, None)
        assert "reads no history: signed out: sign in with `courant login --account session-" in capsys.readouterr().err
        telegram.revoke("+10000002")
        [again] = await backfill_command._backfill(settings, [], now - timedelta(days=25))
        assert (again.posts, again.error) == (1, None)


@pytest.mark.usefixtures("hasty")
async def test_history_of_private_channels_is_read_by_the_account_that_has_joined_them(
    installation: Path, telegram: MiniTelegram
) -> None:
    now = utc_now()  # the command lives by the real clock
    sessions = [telegram.mint(phone) for phone in (PHONE, "+10000002")]
    private = [telegram.channel(None, f"Inner circle {number}") for number in range(6)]
    for channel in private:
        telegram.join(channel, "+10000002")
        await telegram.post(channel, "Told inside.", date=(now - timedelta(days=2)).timestamp())
    names = ", ".join(f'"c/{channel.id}"' for channel in private)
    (installation / "seeds" / "channels.toml").write_text(f"[lists.inner]\nchannels = [{names}]\n")
    settings = account(telegram, installation).model_copy(update={"telegram_session": SecretStr(",".join(sessions))})
    done = await backfill_command._backfill(settings, [], now - timedelta(days=25))
    assert [(each.posts, each.error) for each in done] == [(1, None)] * len(private)


def test_history_of_nothing_is_refused(installation: Path, courant: Courant) -> None:
    (installation / "seeds" / "channels.toml").write_text("")
    said = courant("backfill", "--days", "3")
    assert said.code == 1
    assert "names no channel" in said.err
    assert courant("backfill", "--days", "0").code == 2
    assert courant("backfill", "../x", "--days", "3").code == 1


@asynccontextmanager
async def mute() -> AsyncIterator[str]:
    """The address of a server that takes connections and answers nobody."""
    over = asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        over.set()


async def test_a_server_that_does_not_answer_is_not_waited_for_long(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_command, "_ANSWER", 0.2)
    async with mute() as address:
        settings = Settings(bot_token=SecretStr("42:TEST"), bot_api_url=address, preview_url=address)
        found = await findings(settings)

    words = f"{address}: the Bot API does not answer within 0 s: is there a way to it?"
    assert found["bot"] == ("fail", words)
    assert found["preview"][0] == "fail"
    assert found["preview"][1].endswith(" in time")


async def test_what_does_not_answer_in_time_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_command, "_PATIENCE", 0.0)

    async def silent(_: Settings) -> str:
        await asyncio.Event().wait()
        return "never"

    settings = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own
    finding = await check_command._look("bot", silent, settings)
    assert (finding.state, finding.words) == ("fail", "did not answer within 0 s")


async def test_a_connection_that_is_lost_is_told_in_the_words_that_there_are() -> None:
    async def cut(_: Settings) -> str:
        raise ConnectionResetError("Connection lost")

    finding = await check_command._look("bot", cut, Settings(_env_file=None))  # type: ignore[call-arg] # as above
    assert (finding.state, finding.words) == ("fail", "bot: Connection lost")


async def findings(settings: Settings, *, offline: bool = False) -> dict[str, tuple[str, str]]:
    return {each.subject: (each.state, each.words) async for each in check_command._findings(settings, offline=offline)}


async def test_a_check_of_a_whole_installation(installation: Path) -> None:
    async with BotApi() as api, PreviewSite() as site:
        site.channel("telegram")
        settings = Settings(bot_token=SecretStr(api.token), bot_api_url=api.url, preview_url=site.url)
        found = await findings(settings)
    assert {subject: state for subject, (state, _) in found.items()} == {
        **dict.fromkeys(("settings", "lists", "database", "disk", "preview", "bot"), "ok"),
        "account": "note",
    }
    assert found["lists"][1] == "seeds/channels.toml: lists 1, channels 1"
    assert found["bot"][1] == "@courant_bot"


async def test_a_check_tells_what_is_broken(installation: Path) -> None:
    (installation / "seeds" / "channels.toml").write_text("[lists.world\n")
    async with BotApi() as api:
        settings = Settings(
            bot_token=SecretStr("43:WRONG"),
            bot_api_url=api.url,
            preview_url="http://127.0.0.1:9",
            database_url="sqlite:///seeds/channels.toml",
        )
        async with asyncio.timeout(60):
            found = await findings(settings)
    assert found["lists"] == ("fail", "seeds/channels.toml, line 1: Expected ']' at the end of a table declaration")
    assert found["database"][0] == "fail"
    assert found["preview"][0] == "fail"
    assert found["bot"] == (
        "fail",
        "COURANT_BOT_TOKEN: the server refuses it: take the one that @BotFather gave",
    )


def test_a_check_without_a_network_asks_nothing(installation: Path, courant: Courant) -> None:
    said = courant("check", "--offline")
    assert said.code == 0
    assert [line.split()[:2] for line in said.lines] == [
        ["ok", "settings"],
        ["ok", "lists"],
        ["ok", "database"],
        ["ok", "disk"],
    ]
    (installation / "seeds" / "channels.toml").unlink()
    (installation / "seeds" / "channels.toml").mkdir()
    said = courant("check", "--offline", "--json")
    assert (said.code, [each["state"] for each in said.objects]) == (1, ["ok", "fail", "ok", "ok"])
    assert said.objects[1]["words"] == "seeds/channels.toml: cannot be read: Is a directory"


def test_a_setting_without_its_prefix_is_pointed_out(installation: Path, courant: Courant) -> None:
    (installation / ".env").write_text(
        "COURANT_BOT_TOKEN=\nBOT_TOKEN=1:secret\nLOG_FORMAT=plain\nCOURANT_LOG_FORMAT=console\nPOSTGRES_PASSWORD=x\n"
    )
    words = "BOT_TOKEN in .env is not read: write COURANT_BOT_TOKEN if it is meant for Courant"

    assert courant("check", "--offline").lines[0] == f"note  settings  {words}"
    said = courant("run", "--only", "bot")
    assert (said.code, words in said.err, "secret" in said.err) == (1, True, False)


def test_a_check_looks_at_the_rest_where_the_database_has_no_folder(
    installation: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installation / "file").touch()
    monkeypatch.setenv("COURANT_DATABASE_URL", "sqlite:///file/var/courant.db")
    said = courant("check", "--offline")
    assert said.code == 1
    assert said.lines[2:] == [
        "fail  database  file/var/courant.db: the folder cannot be made: Not a directory",
        "fail  disk      file/var: Not a directory",
    ]


def test_a_database_of_a_server_has_a_disk_that_is_nothing_to_set_up(
    installation: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert courant("check", "--offline").lines[3].startswith("ok    disk      that of the database's server")


def test_a_check_fails_where_a_server_lets_nothing_be_written(
    installation: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("COURANT_DATABASE_URL", f"{postgres_url}&options=-c%20default_transaction_read_only%3Don")
    assert courant("check", "--offline").lines[2].startswith("fail  database  The database may only be read (")


async def test_a_check_fails_where_a_pooler_shares_sessions(
    installation: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    @asynccontextmanager
    async def pooled(_: Settings) -> AsyncIterator[Store]:
        async with opened(postgres_url) as direct:
            store = through_a_pooler(direct)
            yield store
            await store.close()

    monkeypatch.setattr(check_command, "open_store", pooled)
    state, words = (await findings(Settings(), offline=True))["database"]
    assert (state, words.split(":")[0]) == ("fail", "COURANT_DATABASE_URL leads to a pooler that shares sessions")


def test_a_check_fails_where_the_disk_is_full_and_notes_where_it_soon_will_be(
    installation: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_free(megabytes: int) -> str:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=megabytes << 20))
        return courant("check", "--offline").lines[3]

    assert with_free(500) == "ok    disk      500 MB free in var"
    assert with_free(499) == "note  disk      499 MB free in var: that may not last long"
    assert with_free(16).startswith("note")
    assert with_free(15) == "fail  disk      15 MB free in var: what comes in cannot be kept; free some space"


async def test_a_check_asks_the_embedding_model_that_is_named(installation: Path) -> None:
    async with LlmService() as service, PreviewSite() as site:
        site.channel("telegram")
        settings = Settings(embedding_model="small", llm_base_url=service.url, preview_url=site.url)
        assert (await findings(settings))["embedding"] == ("ok", f"small gives vectors of {WIDTH} numbers")
        service.vectors = lambda texts: []
        assert (await findings(settings))["embedding"][0] == "fail"
        assert "embedding" not in await findings(settings, offline=True)
    state, words = (await findings(Settings(embedding_model="local:other"), offline=True))["embedding"]
    assert (state, "local:use-multilingual-3" in words) == ("fail", True)


async def test_a_check_asks_the_model_that_is_named(installation: Path) -> None:
    async with LlmService() as service, PreviewSite() as site:
        site.channel("telegram")
        service.answers = lambda question: {"ok": True}
        settings = Settings(llm_model="small", llm_base_url=service.url, preview_url=site.url)
        assert (await findings(settings))["model"] == ("ok", "small answers")
        service.faults.append(LlmFault(status=401))
        words = f"small at {service.url}: the service answers 401"
        assert (await findings(settings))["model"] == ("fail", words)
        assert "model" not in await findings(settings, offline=True)


def test_a_clock_that_is_off_is_told_of() -> None:
    def off(date: str | None, waited: float = 0.0) -> float:
        return check_command._skew(date, asked, asked + timedelta(seconds=waited))

    asked = datetime(2025, 2, 18, 12, tzinfo=UTC)
    assert off("Tue, 18 Feb 2025 12:05:00 GMT") == 300
    assert off("Tue, 18 Feb 2025 11:55:00 GMT", waited=50) == 300
    assert off("Tue, 18 Feb 2025 12:00:05 GMT") == 0
    assert off("Tue, 18 Feb 2025 12:00:45 GMT", waited=50) == 0  # a slow server, and no wrong clock
    assert off(None) == off("nonsense") == 0
