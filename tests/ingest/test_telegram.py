"""The account source, against MiniTelegram over a real socket."""

import asyncio
import inspect
import os
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telethon import errors
from telethon.errors import common, rpcbaseerrors, rpcerrorlist
from telethon.tl import functions as F
from telethon.tl import types as T

from core.errors import ChannelUnavailable, RateLimited, SettingsError, SourceError
from core.model import Link, NewPost
from ingest.telegram.account import Account
from ingest.telegram.answers import Unreadable
from ingest.telegram.errors import telegram_errors
from ingest.telegram.session import open_session
from ingest.telegram.source import TelegramSource
from ingest.telegram.values import Hint, HintKind, Peer
from tests.servers.mtproto import MiniTelegram
from tests.servers.mtproto_wire import make

PHONE = "+10000001"


@pytest_asyncio.fixture
async def tg() -> AsyncIterator[MiniTelegram]:
    async with MiniTelegram() as server:
        server.channel("News", "The News")
        server.join("News", PHONE)
        yield server


def account(tg: MiniTelegram) -> Account:
    return Account(api_id=1, api_hash="x", session=tg.mint(PHONE))


@asynccontextmanager
async def source(tg: MiniTelegram, page: int = 100) -> AsyncIterator[TelegramSource]:
    async with TelegramSource(account(tg), patience=60, page=page) as opened:
        yield opened


async def read(opened: TelegramSource, peer: Peer, **asked: int) -> list[Sequence[NewPost]]:
    return [page async for page in opened.history(peer, after=asked.get("after"), before=asked.get("before"))]


def ids(pages: list[Sequence[NewPost]]) -> list[list[int | None]]:
    return [[post.message_id for post in page] for page in pages]


def flat(pages: list[Sequence[NewPost]]) -> list[int | None]:
    return [post.message_id for page in pages for post in page]


async def test_history_after_a_cursor_comes_in_order_and_whole(tg: MiniTelegram) -> None:
    for number in range(1, 251):
        await tg.post("News", f"post {number}")
    await tg.delete("News", *range(100, 120))
    async with source(tg) as opened:
        peer = await opened.resolve("news")
        assert peer == Peer(channel="News", title="The News", id=1_000_001, access_hash=tg.find("News").hash)
        pages = await read(opened, peer, after=0)
        assert flat(pages) == [*range(1, 100), *range(120, 251)]
        assert len(pages) == 3
        assert flat(await read(opened, peer, after=249)) == [250]
        assert await read(opened, peer, after=250) == []
        assert flat(await read(opened, peer, after=10)) == [*range(11, 100), *range(120, 251)]


async def test_history_before_a_post_goes_back_to_the_first(tg: MiniTelegram) -> None:
    for number in range(1, 26):
        await tg.post("News", f"post {number}")
    async with source(tg, page=10) as opened:
        peer = await opened.resolve("News")
        assert ids(await read(opened, peer)) == [[*range(16, 26)], [*range(6, 16)], [*range(1, 6)]]
        assert ids(await read(opened, peer, before=12)) == [[*range(2, 12)], [1]]


async def test_an_album_at_a_channels_beginning_is_of_its_newest_page(tg: MiniTelegram) -> None:
    await album(tg, 3)
    await tg.post("News", "after")
    async with source(tg) as opened:
        peer = await opened.resolve("News")
        assert ids(await read(opened, peer)) == [[1, 4]]


async def album(tg: MiniTelegram, size: int, group: int = 7) -> None:
    for number in range(size):
        await tg.post("News", "caption" if number == 1 else "", photo=b"x", grouped_id=group)


@pytest.mark.parametrize("page", [10, 11, 12, 13, 100])
async def test_an_album_is_one_post_wherever_a_page_ends(tg: MiniTelegram, page: int) -> None:
    for _ in range(8):
        await tg.post("News", "before")
    await album(tg, 4)
    await album(tg, 2, group=8)
    await tg.post("News", "after")
    async with source(tg, page=page) as opened:
        peer = await opened.resolve("News")
        whole = [*range(1, 10), 13, 15]
        assert flat(await read(opened, peer, after=0)) == whole
        assert sorted(number or 0 for number in flat(await read(opened, peer))) == whole
        [first, *_] = (await read(opened, peer, after=8))[0]
        assert (first.message_id, first.album_ids, first.album) == (9, (10, 11, 12), True)
        assert (first.text, first.media.photos) == ("caption", 4)
        assert flat(await read(opened, peer, after=11)) == [9, 13, 15], "a cursor inside an album finds it whole"
        assert flat(await read(opened, peer, after=12)) == [13, 15]


async def test_a_live_post_an_edit_and_a_deletion_are_hinted(tg: MiniTelegram) -> None:
    async with source(tg) as opened, asyncio.timeout(60):
        await opened.resolve("News")
        hints = opened.live()
        number = await tg.post("News", "now")
        channel = tg.find("News").id
        assert await anext(hints) == Hint(kind=HintKind.NEW, channel_id=channel, message_ids=(number,))
        await tg.edit("News", number, "then")
        assert await anext(hints) == Hint(kind=HintKind.EDITED, channel_id=channel, message_ids=(number,))
        await tg.delete("News", number)
        assert await anext(hints) == Hint(kind=HintKind.DELETED, channel_id=channel, message_ids=(number,))
        await hints.aclose()


async def test_hints_that_find_no_room_are_dropped_and_counted(tg: MiniTelegram) -> None:
    async with source(tg) as opened:
        opened._hints = asyncio.Queue(1)
        for _ in range(3):
            opened._hand_over(Hint(kind=HintKind.NEW))
        assert [opened.take_odd().total() for _ in range(2)] == [2, 0]


async def test_after_a_cut_connection_history_finds_the_missing_post(tg: MiniTelegram) -> None:
    await tg.post("News", "one")
    async with source(tg) as opened, asyncio.timeout(60):
        peer = await opened.resolve("News")
        hints, asked = opened.live(), tg.called("GetUsers")
        tg.cut()
        await tg.post("News", "two", push=False)
        assert (await anext(hints)).kind == HintKind.RECONNECTED
        assert [post.text for page in await read(opened, peer, after=1) for post in page] == ["two"]
        await tg.until_called("GetUsers", asked + 1)  # without a question Telegram tells nothing of what is new
        await hints.aclose()


async def test_a_flood_is_told_and_not_slept_through(tg: MiniTelegram) -> None:
    async with source(tg) as opened:
        peer = await opened.resolve("News")
        tg.fault("GetHistory", text="FLOOD_WAIT_30")
        with pytest.raises(RateLimited) as limited:
            await read(opened, peer, after=0)
        assert (limited.value.seconds, limited.value.channel) == (30, "News")


@pytest.mark.parametrize("name", ["nobody_here", "1bad", "Chat", "Someone"])
async def test_a_name_that_is_no_channel_is_unavailable(tg: MiniTelegram, name: str) -> None:
    tg.channel("Chat", megagroup=True)
    tg.user("+2", username="Someone")
    async with source(tg) as opened:
        with pytest.raises(ChannelUnavailable):
            await opened.resolve(name)


async def test_a_private_channel_is_read_by_its_members_only(tg: MiniTelegram) -> None:
    secret = tg.channel(None, "Secret", invite="hash")
    for one in (secret, tg.channel("Chat", megagroup=True)):
        tg.join(one, PHONE)
    await tg.post(secret, "psst", reply_to_id=1)
    async with source(tg) as opened:
        peer = await opened.resolve(f"c/{secret.id}")
        assert [peer.channel for peer in await opened.joined()] == ["News", f"c/{secret.id}"]
        [[post]] = await read(opened, peer, after=0)
        assert (post.channel, post.reply_to) == (f"c/{secret.id}", f"https://t.me/c/{secret.id}/1")
        await tg.ban(secret, PHONE)
        with pytest.raises(ChannelUnavailable):
            await read(opened, peer, after=0)
        with pytest.raises(ChannelUnavailable):
            await opened.resolve("c/77")


async def test_what_opens_to_members_only_is_open_to_who_is_one(tg: MiniTelegram) -> None:
    own, other = (tg.channel(None, title, invite=title) for title in ("Own", "Other"))
    tg.join(own, PHONE)
    tg.folder("AbCdEfGh1", "News", own, other)
    async with source(tg) as opened:
        page = await opened.folder("the folder", "AbCdEfGh1")
    assert {peer.title for peer in page.channels} == {"The News", "Own", "Other"}
    assert page.closed == {other.id}


async def test_an_account_that_is_signed_out_says_what_to_do(tg: MiniTelegram) -> None:
    async with source(tg) as opened:
        peer = await opened.resolve("News")
        tg.revoke(PHONE)
        with pytest.raises(SourceError, match="courant login"):
            await read(opened, peer, after=0)
    stranger = account(tg)
    tg.revoke(PHONE)
    with pytest.raises(SourceError, match="courant login"):
        async with TelegramSource(stranger, patience=60):
            pass


async def test_fact_check_notes_that_are_only_announced_are_asked_for_in_one_call(tg: MiniTelegram) -> None:
    channel = tg.find("News")
    for number in (1, 2):
        await tg.post("News", f"claim {number}", factcheck=T.FactCheck(number, need_check=True))
        tg.notes[channel.id, number] = T.FactCheck(1, country="NO", text=T.TextWithEntities(f"note {number}", []))
    await tg.post("News", "plain")
    async with source(tg) as opened:
        peer = await opened.resolve("News")
        (page,) = await read(opened, peer)
        assert [post.text for post in page] == ["claim 1", "claim 2", "plain"]
        notes = [post.fact_check and post.fact_check.text for post in page]
        assert notes == ["note 1", "note 2", None]
        assert tg.called("GetFactCheck") == 1
        tg.fault("GetFactCheck", code=400, text="MSG_ID_INVALID")
        (again,) = await read(opened, peer)
        assert [post.fact_check for post in again] == [None, None, None]


async def test_the_rest_of_a_long_rich_message_is_fetched(tg: MiniTelegram) -> None:
    def rich(*words: str, part: bool) -> Any:
        blocks = [T.PageBlockParagraph(T.TextPlain(word)) for word in words]
        return make(T.RichMessage, blocks=blocks, part=part)

    for _ in range(2):
        await tg.post("News", rich_message=rich("begin", part=True))
    channel = tg.find("News")
    tg.rich[channel.id, 1] = rich("begin", "end", part=False)
    async with source(tg) as opened:
        [[whole, cut]] = await read(opened, await opened.resolve("News"), after=0)
        assert (whole.text, cut.text) == ("begin\n\nend", "begin")
        tg.fault("GetRichMessage", text="FLOOD_WAIT_9")
        with pytest.raises(RateLimited):
            await read(opened, await opened.resolve("News"), after=0)


async def test_it_stops_while_busy_and_twice_and_leaves_nothing_behind(tg: MiniTelegram) -> None:
    before = asyncio.all_tasks()
    opened = TelegramSource(account(tg), patience=60)
    async with opened:
        peer = await opened.resolve("News")
        tg.fault("GetHistory", delay=60)

        async def busy() -> None:
            with pytest.raises(SourceError, match="closed"):
                await read(opened, peer, after=0)

        async with asyncio.TaskGroup() as group:
            group.create_task(busy())
            await tg.until_called("GetHistory")
            await opened.close()
        with pytest.raises(SourceError):  # who comes later opens nothing again
            await opened.resolve("News")
    await tg.stop()
    assert asyncio.all_tasks() == before


async def test_it_stops_while_reconnecting_and_leaves_nothing_behind(tg: MiniTelegram) -> None:
    before = asyncio.all_tasks()
    async with source(tg) as opened:
        peer = await opened.resolve("News")
        opened._patience = 0.1
        await tg.stop()
        with pytest.raises(SourceError):
            await read(opened, peer, after=0)
    assert asyncio.all_tasks() == before
    with pytest.raises(SourceError):
        async with TelegramSource(account(tg), patience=0.1):
            pass
    assert asyncio.all_tasks() == before


async def test_who_is_cancelled_while_a_line_is_opened_or_closed_does_not_go_on(tg: MiniTelegram) -> None:
    given = account(tg)

    async def open_and_close() -> None:
        async with TelegramSource(given, patience=60):
            pass

    cancelled = 0
    for steps in range(1, 200):  # one is cancelled after each step that there is
        async with asyncio.TaskGroup() as group:
            task = group.create_task(open_and_close())
            for _ in range(steps):
                await asyncio.sleep(0)
            if not task.cancel():
                break
        cancelled += 1
        assert task.cancelled(), steps
    assert cancelled > 20


async def test_a_call_that_hangs_ends_in_time_and_one_that_is_cancelled_at_once(tg: MiniTelegram) -> None:
    async with source(tg) as opened:
        peer = await opened.resolve("News")
        opened._patience = 0.2
        tg.fault("GetHistory", delay=60, times=2)
        with pytest.raises(SourceError, match="in time"):
            await read(opened, peer, after=0)
        opened._patience = 60
        async with asyncio.TaskGroup() as group:
            task = group.create_task(read(opened, peer, after=0))
            await tg.until_called("GetHistory", 2)
            task.cancel()
        assert task.cancelled()


async def test_a_session_file_belongs_to_its_owner_and_finds_a_test_server(tg: MiniTelegram, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(tg.rsa.pem)
    file = tmp_path / "inner" / "courant"
    settings = Account(api_id=1, api_hash="x", session=str(file), server=f"127.0.0.1:{tg.port}", server_key=key)
    with pytest.raises(SourceError, match="courant login"):
        async with TelegramSource(settings, patience=60):
            pass
    assert stat.S_IMODE(file.with_suffix(".session").stat().st_mode) == 0o600
    session = open_session(settings)
    assert (session.server_address, session.port) == ("127.0.0.1", tg.port)
    assert session.auth_key, "the key that was agreed on is kept"
    session.close()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"server": "nonsense"}, "COURANT_TELEGRAM_SERVER: 'nonsense' is not host:port"),
        ({"server_key": Path("no/such/file")}, "COURANT_TELEGRAM_SERVER_KEY: cannot be used"),
        ({"session": "1" + "x" * 351}, "COURANT_TELEGRAM_SESSION: cannot be used"),
        ({"session": "broken"}, "COURANT_TELEGRAM_SESSION: cannot be used"),
    ],
    ids=["server", "key", "string", "file"],
)
def test_settings_that_cannot_be_used_are_told(
    tg: MiniTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.session").write_bytes(b"no database at all" * 100)
    asked: dict[str, Any] = {"api_id": 1, "api_hash": "x", "session": tg.mint(PHONE)} | values
    with pytest.raises(SettingsError) as told:
        open_session(Account(**asked))
    assert str(told.value).startswith(words)


@pytest.mark.parametrize("values", [{}, {"server": "nonsense"}, {"server_key": Path("no/such/file")}], ids=str)
def test_a_session_file_does_not_stay_open_where_a_setting_cannot_be_used(
    tmp_path: Path, values: dict[str, Any]
) -> None:
    file = tmp_path / "account.session"
    if not values:
        file.write_bytes(b"no database at all" * 100)
    with pytest.raises(SettingsError):
        open_session(Account(api_id=1, api_hash="x", session=str(file), **values))
    assert not (file.exists() and is_open(file))


def is_open(file: Path) -> bool:
    """Whether this process has the file open."""
    for opened in list(Path("/dev/fd").iterdir()):
        with suppress(OSError):  # the one that listed them is closed by now
            if os.path.samestat(os.fstat(int(opened.name)), file.stat()):
                return True
    return False


def foreign_errors() -> Iterator[Exception]:
    """One of each of Telethon's exceptions."""
    for module in (common, rpcbaseerrors, rpcerrorlist):
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ == module.__name__:
                yield instance(kind)


def instance(kind: type[Exception]) -> Exception:
    if issubclass(kind, errors.RPCError):
        error = kind.__new__(kind)
        error.args = ("told",)
        vars(error).update(request=None, code=400, message="X", seconds=30)
        return error
    special: dict[type[Exception], tuple[Any, ...]] = {
        common.TypeNotFoundError: (1, b""),
        common.InvalidChecksumError: (1, 2),
        common.InvalidBufferError: (b"\xf4\xff\xff\xff",),
        common.BadMessageError: (None, 16),
        common.MultiError: ([ValueError()], [None], [F.PingRequest(1)]),
    }
    return kind(*special.get(kind, ()))


def test_each_of_telethons_errors_becomes_one_of_ours() -> None:
    walked = 0
    for error in foreign_errors():
        with pytest.raises(SourceError) as ours, telegram_errors("news"):
            raise error
        walked += 1
        slow = isinstance(error, errors.FloodError | rpcerrorlist.SlowModeWaitError)
        frozen = isinstance(error, errors.FrozenMethodInvalidError)  # has the code of a flood, and no end
        assert isinstance(ours.value, RateLimited) == (slow and not frozen), error
    assert walked > 500
    for plain in (ConnectionError(), TimeoutError(), ValueError("Request was unsuccessful 2 time(s)")):
        with pytest.raises(SourceError), telegram_errors("news"):
            raise plain


def test_what_telethon_says_of_an_error_is_told_without_the_request_that_met_it() -> None:
    with pytest.raises(SourceError) as ours, telegram_errors("news"):
        raise errors.RPCError(F.PingRequest(1), "PEER_FLOOD", 400)
    assert ours.value.reason == "RPCError 400: PEER_FLOOD"


def test_a_connection_that_is_refused_is_no_answer_that_cannot_be_read() -> None:
    for error, kind in ((common.InvalidBufferError(b"\xf4\xff\xff\xff"), SourceError), (BufferError(), Unreadable)):
        with pytest.raises(SourceError) as ours, telegram_errors("news"):
            raise error
        assert type(ours.value) is kind


async def test_posts_carry_their_channel_and_links(tg: MiniTelegram) -> None:
    await tg.post("News", html='<b>Hi</b> <a href="https://e.org/x">there</a> @other', date=1_700_000_000)
    await tg.post("News", kind=T.MessageService, action=T.MessageActionPinMessage())
    async with source(tg) as opened:
        [[post, pinned]] = await read(opened, await opened.resolve("News"))
    assert (pinned.service, pinned.text) == (True, "The News pinned a message")
    assert (post.channel, post.channel_title, post.text) == ("News", "The News", "Hi there @other")
    assert post.links == (Link(url="https://e.org/x", label="there"),)
    assert post.date is not None
    assert post.date.isoformat() == "2023-11-14T22:13:20+00:00"
