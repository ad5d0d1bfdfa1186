"""A disk that is full, a server that always fails, what nobody foresaw: nothing is sent twice and nothing forgotten."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
)
from aiogram.methods import GetMe
from sqlalchemy import text

from bot.arrivals import arrive
from bot.client import open_bot
from bot.verdicts import Closed, Left, Refused, Unread, Unsure, Wait, verdict
from core.errors import StorageFull
from core.model import PartId, ReaderState
from storage.outbox import Outbox
from storage.readers import Readers
from storage.store import Store
from tests.bot.post_office import Post
from tests.fragile import FragileStore


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a round see the end of all its messages, however slow the machine is."""
    monkeypatch.setattr("bot.delivery._PATIENCE", 60.0)


@pytest.mark.usefixtures("patient")
async def test_what_became_of_a_message_is_written_down_once_the_disk_has_room_again(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello", "more")
    # the beginning is kept, its end is refused twice
    store = FragileStore(post.store, spared=1, failures=2, error=StorageFull())
    sender = post.another(store)

    assert [await sender.round() for _ in range(2)] == [2.0, 2.0]  # nobody hurries while nothing can be written
    assert await post.counts() == {"sending": 1, "waiting": 1}
    await sender.round()

    assert (await post.counts())["sent"] >= 1
    assert alice.inbox.count("hello") == 1

    post.clock.passes(seconds=2)
    await sender.round()
    assert await post.counts() == {"sent": 2}
    store.spared = 1
    await sender.round()
    assert store.spared, "once is enough"


async def test_a_beginning_that_fails_in_an_unforeseen_way_tears_no_other_sending(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    for person in (alice, bob):
        await post.write(await post.reader(person.id), "hello")
    sender = post.another(FragileStore(post.store, failures=1, error=ZeroDivisionError()))

    with caplog.at_level(logging.ERROR):
        await sender.round()

    assert [alice.inbox, bob.inbox] == [[], ["hello"]]
    assert await post.counts() == {"waiting": 1, "sent": 1}
    assert caplog.records[0].exc_info


async def test_what_cannot_be_written_down_for_a_mistake_of_ours_is_asked_about_at_the_next_start(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.write(await post.reader(post.api.person("Alice").id), "hello")
    sender = post.another(FragileStore(post.store, spared=1, failures=1, error=ZeroDivisionError()))

    with caplog.at_level(logging.ERROR):
        await sender.round()
        await sender.round()

    assert caplog.text.count("stays as it is until the next start") == 1
    assert await post.another().recover() == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AiogramError("an answer that is no answer"), Unsure),
        (TelegramEntityTooLarge(method=GetMe(), message="Request Entity Too Large"), Refused),
        (TelegramConflictError(method=GetMe(), message="Conflict"), Refused),
        (TelegramAPIError(method=GetMe(), message="Too Many Requests: retry later"), Wait),
    ],
    ids=["unreadable", "too large", "of another kind", "a flood of unknown length"],
)
def test_a_rare_failure_says_whether_the_message_may_have_arrived(error: AiogramError, said: type) -> None:
    assert isinstance(verdict(error, 0), said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("group chat was upgraded to a supergroup chat", Left),
        ("CHANNEL_PRIVATE", Left),
        ("CHAT_SEND_PLAIN_FORBIDDEN", Closed),
        ("USER_BANNED_IN_CHANNEL", Left),
        ("TOPIC_CLOSED", Closed),
        ("PRIVACY_PREMIUM_REQUIRED", Left),
        ("MESSAGE_TOO_LONG", Unread),
        ("REPLY_MARKUP_INVALID", Unread),
        ("can't parse entities: Unsupported start tag", Unread),
        ("message text is empty", Refused),
    ],
)
def test_what_telegram_says_in_words_and_in_codes_is_understood(words: str, said: type) -> None:
    assert isinstance(verdict(TelegramBadRequest(method=GetMe(), message=f"Bad Request: {words}"), 0), said)


@pytest.mark.usefixtures("patient")
async def test_nothing_is_sent_while_its_beginning_cannot_be_written_down(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    sender = post.another(FragileStore(post.store, failures=1, error=StorageFull()))

    assert await sender.round() == 2.0
    assert not post.wake.is_set()  # or the next round would follow at once
    assert (await post.counts(), alice.inbox) == ({"waiting": 1}, [])
    post.clock.passes(seconds=2)
    await sender.round()
    assert alice.inbox == ["hello"]


async def test_a_sending_that_fails_in_an_unforeseen_way_may_have_arrived(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one", "two")

    async def break_down(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(post.bot.session, "make_request", break_down)
    with caplog.at_level(logging.ERROR):
        await post.rounds(6)

    assert alice.inbox[0] == "two"
    assert "part 1 of the digest" in alice.inbox[1]
    assert "a mistake of ours" in caplog.text


async def test_of_one_who_had_all_forgotten_while_a_message_was_on_its_way_nothing_is_left(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader = await post.reader(post.api.person("Alice").id)
    await post.write(reader, "one")
    await post.api.person("Alice").blocks()
    request = post.bot.session.make_request

    async def forgotten_meanwhile(*given: Any, **values: Any) -> Any:
        async with post.store.begin() as tx:
            await tx.readers.forget(reader.id)
        return await request(*given, **values)

    monkeypatch.setattr(post.bot.session, "make_request", forgotten_meanwhile)
    with caplog.at_level(logging.ERROR):
        await post.rounds(2)

    assert await post.counts() == {}
    assert not caplog.records


@pytest.fixture
async def office(postgres_url: str, post: Post) -> AsyncIterator[Post]:
    """A sender on PostgreSQL, where who writes waits for the rows of others."""
    store = await Store.open(postgres_url)
    yield Post(store, post.api, post.bot, post.clock)
    await store.close()


def meanwhile(name: str, other: Callable[[], Coroutine[Any, Any, None]], store: Store, group: asyncio.TaskGroup) -> Any:
    """This method of the outbox, after which somebody does something other, and has begun to wait when it ends."""
    method = getattr(Outbox, name)

    async def instead(outbox: Outbox, *given: Any, **values: Any) -> None:
        await method(outbox, *given, **values)
        group.create_task(other())
        async with store.read() as tx:
            while not await tx._connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                pass

    return instead


@pytest.mark.parametrize("lost", [False, True], ids=["who has blocked the bot", "whose message may have arrived"])
async def test_the_sender_waits_for_nobody_who_has_all_forgotten_and_waits_for_it(
    office: Post, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    alice = office.api.person("Alice")
    reader = await office.reader(alice.id)
    await office.write(reader, "one")
    if lost:
        office.api.fault("sendMessage", drop="after")
    else:
        await alice.blocks()

    async def forget() -> None:
        async with office.store.begin() as tx:
            await tx.readers.forget(reader.id)

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        monkeypatch.setattr(Outbox, "_end", meanwhile("_end", forget, office.store, group))
        await office.sender.round()

    assert await office.counts() == {}


@pytest.mark.parametrize("found", [False, True], ids=["while what was interrupted is found", "once it is found"])
async def test_who_has_all_forgotten_while_a_sender_starts_is_asked_about_nothing(
    office: Post, monkeypatch: pytest.MonkeyPatch, found: bool
) -> None:
    reader = await office.reader(office.api.person("Alice").id)
    await office.write(reader, "one")
    async with office.store.begin() as tx:
        assert await tx.outbox.begin(PartId(1))
    name = "hold" if found else "by_ids"
    asked = getattr(Readers, name)

    async def once_forgotten(readers: Readers, keys: Any) -> Any:
        async with office.store.begin() as tx:
            await tx.readers.forget(reader.id)
        return await asked(readers, keys)

    monkeypatch.setattr(Readers, name, once_forgotten)

    assert await office.sender.recover() == 0


async def test_who_comes_back_waits_for_no_sender_that_waits_for_them(
    office: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = office.api.person("Alice")
    reader = await office.reader(alice.id)
    await office.write(reader, "one")
    await alice.blocks()
    await office.sender.round()
    assert await office.counts() == {"held": 1}

    unhold = Outbox.unhold

    async def write_down() -> None:  # as of what arrived in a group that counts as blocked
        async with office.store.begin() as tx:
            await tx.readers.hold([reader.id])
            await unhold(tx.outbox, reader.id, office.clock())

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        monkeypatch.setattr(Outbox, "unhold", meanwhile("unhold", write_down, office.store, group))
        async with office.store.begin() as tx:
            await arrive(tx, reader, office.clock())

    assert await office.state(reader) is not ReaderState.BLOCKED


async def test_a_message_over_which_the_server_always_fails_is_given_up_in_the_end(post: Post) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    for person in (alice, bob):
        await post.write(await post.reader(person.id), "hello")
    async with post.store.begin() as tx:
        for part in await tx.outbox.waiting(post.clock(), 2):
            for _ in range(100):
                assert await tx.outbox.begin(part.id)
                await tx.outbox.again(part.id, post.clock(), "busy")
    post.api.fault("sendMessage", code=500, description="Internal Server Error", chat_id=alice.id)
    post.api.fault("sendMessage", code=401, description="Unauthorized", chat_id=bob.id)

    await post.rounds(70)

    assert (alice.inbox, bob.inbox) == ([], ["hello"])  # a token that was wrong for days loses nothing
    assert await post.counts() == {"failed": 1, "sent": 1}


@pytest.mark.parametrize(("code", "description"), [(401, "Unauthorized"), (404, "Not Found")], ids=["token", "address"])
async def test_a_wrong_token_or_address_makes_all_wait_and_loses_nothing(
    post: Post, code: int, description: str
) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    post.api.fault("sendMessage", code=code, description=description)

    await post.rounds(30)
    assert (alice.inbox, len(post.api.calls)) == ([], 1)
    await post.rounds(35)
    assert alice.inbox == ["hello"]


async def test_a_server_that_speaks_no_http_learns_the_token_and_nobody_else() -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        writer.close()

    async with await asyncio.start_server(other, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        async with open_bot("42:SECRET", f"http://127.0.0.1:{port}") as bot:
            with pytest.raises(TelegramNetworkError, match=r"Bad status line.*/bot…/getMe") as failed:
                await bot.get_me()
    assert "SECRET" not in str(failed.value)
    assert "SECRET" not in verdict(failed.value, 0).reason
