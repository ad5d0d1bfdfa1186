"""Delivery over a real connection to a Bot API server: never twice, never lost silently, within the limits."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError, TelegramEntityTooLarge
from aiogram.methods import GetMe

from bot.client import open_bot
from bot.delivery import Sender
from bot.dispatcher import make_dispatcher
from bot.looks import Looks
from bot.outgoing import Button, View, payload, plain, units
from bot.verdicts import Refused, Unsure, verdict
from core.errors import StorageFull
from core.model import Reader, ReaderId, ReaderState
from storage.store import Store, Transaction
from tests.bot.world import Moment
from tests.servers.bot_api import BotApi

pytestmark = pytest.mark.enable_socket


class Post:
    """A sender on a store, a Bot API server and the readers there."""

    def __init__(self, store: Store, api: BotApi, bot: Bot, clock: Moment) -> None:
        self.store, self.api, self.bot, self.clock = store, api, bot, clock
        self.wake, self.looks = asyncio.Event(), Looks()
        self.sender = self.another()

    def another(self) -> Sender:
        """A new sender on the same store, as after a restart."""
        return Sender(
            self.store,
            self.bot,
            self.clock,
            wake=self.wake,
            looks=self.looks,
            ticks=self.seconds,
        )

    def seconds(self) -> float:
        return self.clock().timestamp()

    async def reader(self, chat: int, kind: str = "private", thread: int = 0) -> Reader:
        async with self.store.begin() as tx:
            new = Reader(id=ReaderId(0), chat_id=chat, kind=kind, thread_id=thread)
            return (await tx.readers.welcome(new, self.clock()))[0]

    async def write(self, reader: Reader, *parts: str | dict[str, Any]) -> None:
        payloads = [payload(View(part)) if isinstance(part, str) else part for part in parts]
        async with self.store.begin() as tx:
            assert await tx.outbox.add(reader.id, {}, payloads, due_at=None, now=self.clock())

    async def state(self, reader: Reader) -> ReaderState:
        async with self.store.read() as tx:
            found = await tx.readers.get(reader.id)
        assert found
        return found.state

    async def counts(self) -> dict[str, int]:
        async with self.store.read() as tx:
            counts = await tx.outbox.counts()
        return {name.removeprefix("parts_"): number for name, number in counts.items() if name != "digests"}

    async def rounds(self, number: int, seconds: float = 1.0) -> None:
        for _ in range(number):
            await self.sender.round()
            self.clock.pass_(seconds=seconds)


@pytest.fixture
async def post(store: Store, clock: Moment) -> AsyncIterator[Post]:
    async with BotApi() as api:
        bot = open_bot(api.token, api.url, timeout=5)
        yield Post(store, api, bot, clock)
        await bot.session.close()


async def test_the_parts_of_a_digest_arrive_once_and_in_their_order(post: Post) -> None:
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    await post.write(reader, "<b>one</b> &amp; more", "two", "three")

    await post.rounds(6)

    assert alice.inbox == ["one & more", "two", "three"]
    assert await post.counts() == {"sent": 3}


async def test_a_chat_gets_one_message_a_second_while_others_go_on(post: Post) -> None:
    people = [post.api.person(name) for name in ("Alice", "Bob", "Carol")]
    for person in people:
        await post.write(await post.reader(person.id), "one", "two")

    await post.sender.round()
    await post.sender.round()
    assert [person.inbox for person in people] == [["one"]] * 3
    post.clock.pass_(seconds=1)
    await post.sender.round()
    assert [person.inbox for person in people] == [["one", "two"]] * 3


async def test_one_who_must_wait_waits_as_long_as_told_and_others_go_on(post: Post) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    for person in (alice, bob):
        await post.write(await post.reader(person.id), "hello")
    post.api.fault("sendMessage", retry_after=7, chat_id=alice.id)

    await post.rounds(6)
    assert (alice.inbox, bob.inbox) == ([], ["hello"])
    await post.rounds(3)

    assert alice.inbox == ["hello"]
    assert len(post.api.of("sendMessage")) == 3


async def test_when_several_chats_are_told_to_wait_the_whole_bot_waits(post: Post) -> None:
    people = [post.api.person(name) for name in ("Alice", "Bob", "Carol", "Dan")]
    post.api.fault("sendMessage", retry_after=20, times=3)
    for person in people[:3]:
        await post.write(await post.reader(person.id), "hello")
    await post.rounds(2)
    await post.write(await post.reader(people[3].id), "hello")

    await post.rounds(10)
    assert len(post.api.of("sendMessage")) == 3
    await post.rounds(12)

    assert [person.inbox for person in people] == [["hello"]] * 4


async def test_a_reader_who_blocked_the_bot_is_left_alone(post: Post) -> None:
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    await post.write(reader, "one", "two")
    await post.write(reader, "three")
    await alice.blocks()

    await post.rounds(5)

    assert await post.state(reader) is ReaderState.BLOCKED
    assert await post.counts() == {"failed": 3}
    assert len(post.api.of("sendMessage")) == 1


@pytest.mark.parametrize(
    ("code", "description", "state"),
    [
        (400, "Bad Request: chat not found", ReaderState.GONE),
        (403, "Forbidden: user is deactivated", ReaderState.GONE),
        (403, "Forbidden: bot was kicked from the group chat", ReaderState.BLOCKED),
        (400, "Bad Request: not enough rights to send text messages to the chat", ReaderState.BLOCKED),
        (400, "Bad Request: message thread not found", ReaderState.BLOCKED),
    ],
)
async def test_a_chat_that_cannot_be_reached_any_more_is_left_alone(
    post: Post, code: int, description: str, state: ReaderState
) -> None:
    reader = await post.reader(post.api.person("Alice").id)
    await post.write(reader, "one", "two")
    post.api.fault("sendMessage", code=code, description=description)

    await post.rounds(3)

    assert await post.state(reader) is state
    assert await post.counts() == {"failed": 2}


async def test_a_group_that_became_a_supergroup_gets_its_digest_there(post: Post) -> None:
    group = post.api.group("Readers", kind="group")
    reader = await post.reader(group.id, "group")
    await post.write(reader, "one", "two")
    successor = post.api.upgrade(group)

    await post.rounds(8, seconds=3)

    assert [message.text for message in successor.shown] == ["one", "two"]
    async with post.store.read() as tx:
        moved = await tx.readers.get(reader.id)
    assert moved
    assert moved.chat_id == successor.id


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_a_server_in_trouble_is_tried_again_later_and_later(post: Post, code: int) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    post.api.fault("sendMessage", code=code, description="Bad Gateway", times=3)

    await post.rounds(4)
    assert len(post.api.of("sendMessage")) == 3
    await post.rounds(6)

    assert alice.inbox == ["hello"]
    assert await post.counts() == {"sent": 1}


@pytest.mark.parametrize("code", [403, 404, 502])
async def test_a_gateway_that_turns_messages_away_is_waited_for_by_all(post: Post, code: int) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    post.api.fault("sendMessage", code=code, page="<h1>Under maintenance</h1>")

    await post.sender.round()
    assert await post.counts() == {"waiting": 1}
    await post.rounds(3)

    assert alice.inbox == ["hello"]


async def test_a_page_that_may_stand_for_a_lost_answer_is_no_reason_to_send_again(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    post.api.fault("sendMessage", code=200, page="<h1>Sign in to this hotel's network</h1>")

    await post.rounds(3)

    assert await post.counts() == {"unsure": 1, "sent": 1}


async def test_a_server_that_is_not_there_is_waited_for(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    await post.api.stop()
    await post.rounds(2)
    assert await post.counts() == {"waiting": 1}

    await post.api.start()
    await post.rounds(4)

    assert alice.inbox == ["hello"]


async def test_a_lost_answer_is_told_to_the_reader_and_not_sent_again_by_itself(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one", "two")
    post.api.fault("sendMessage", drop="after")

    await post.rounds(6)

    assert alice.inbox[:2] == ["one", "two"]
    assert "part 1 of the digest" in alice.inbox[2]
    assert alice.messages()[2].labels == ["Send it again"]
    assert await post.counts() == {"unsure": 1, "sent": 2}


async def test_a_gateway_that_gives_up_may_have_delivered(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one")
    post.api.fault("sendMessage", code=504, description="Gateway Timeout")

    await post.rounds(3)

    assert await post.counts() == {"unsure": 1, "sent": 1}
    assert "may not have reached you" in alice.inbox[0]


async def test_what_was_being_sent_when_the_process_died_is_asked_about_once(post: Post) -> None:
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    await post.write(reader, "one", "two")
    async with post.store.begin() as tx:
        (part,) = await tx.outbox.waiting(post.clock(), 10)
        assert await tx.outbox.begin(part.id)  # and here the process dies

    post.sender = post.another()
    assert await post.sender.recover() == 1
    assert await post.another().recover() == 0
    await post.rounds(4)

    assert alice.inbox[0] == "two"
    assert "part 1 of the digest" in alice.inbox[1]
    assert len(alice.inbox) == 2


async def test_the_reader_may_have_a_lost_part_sent_again_but_only_once(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one")
    post.api.fault("sendMessage", drop="before")
    await post.rounds(3)
    notice = alice.messages()[0]
    dispatcher = make_dispatcher(post.store, post.clock, wake=post.wake, looks=post.looks)
    for _ in range(2):
        await press(dispatcher, post, alice.id, notice.buttons[0][0]["callback_data"])
    await post.rounds(3)

    assert [text for text in alice.inbox if text == "one"] == ["one"]
    assert await post.counts() == {"sent": 2}


async def test_a_part_of_another_reader_cannot_be_sent_again(post: Post) -> None:
    alice, mallory = post.api.person("Alice"), post.api.person("Mallory")
    await post.write(await post.reader(alice.id), "secret")
    await post.reader(mallory.id)
    post.api.fault("sendMessage", drop="before")
    await post.rounds(1)
    dispatcher = make_dispatcher(post.store, post.clock, wake=post.wake, looks=post.looks)

    for part in (1, 2, -1, 10**30):
        await press(dispatcher, post, mallory.id, f"resend:{part}")
    await post.rounds(3)

    assert (await post.counts())["unsure"] == 1
    assert "secret" not in mallory.inbox


async def press(dispatcher: Any, post: Post, person: int, data: str) -> None:
    chat = {"id": person, "type": "private", "first_name": "x"}
    user = {"id": person, "is_bot": False, "first_name": "x"}
    message = {"message_id": 1, "date": 0, "chat": chat}
    query = {"id": "1", "from": user, "chat_instance": "1", "message": message, "data": data}
    await dispatcher.feed_raw_update(post.bot, {"update_id": 1, "callback_query": query})


async def test_markup_that_telegram_refuses_goes_out_as_plain_words(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "<b>one</i> &lt; 2", "two")

    await post.rounds(4)

    assert alice.inbox == ["one < 2", "two"]
    assert len(post.api.of("sendMessage")) == 3


async def test_a_part_that_no_form_can_save_fails_and_the_next_ones_go_on(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "", {"text": "no method"}, "three")

    with caplog.at_level(logging.WARNING):
        await post.rounds(6)

    assert alice.inbox == ["three"]
    assert await post.counts() == {"failed": 2, "sent": 1}
    assert len([record for record in caplog.records if "Refused" in record.getMessage()]) == 2


def a_rich_part() -> dict[str, Any]:
    classic = [payload(View("classic one")), payload(View("classic two"))]
    return {"method": "sendRichMessage", "rich": {"html": "<h2>rich</h2>"}, "buttons": [], "otherwise": classic}


async def test_a_rich_digest_arrives_as_one_message(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), a_rich_part())

    await post.rounds(2)

    assert alice.inbox == ["rich"]
    assert post.looks.rich


async def test_a_server_without_rich_messages_turns_them_off_and_gets_the_classic_form(post: Post) -> None:
    alice = post.api.person("Alice")
    post.api.knows_rich = False
    await post.write(await post.reader(alice.id), a_rich_part())

    await post.rounds(5)

    assert alice.inbox == ["classic one", "classic two"]
    assert not post.looks.rich


@pytest.mark.parametrize(
    "fault",
    [{"retry_after": 3}, {"drop": "after"}, {"code": 502}, {"code": 400, "description": "Bad Request: chat not found"}],
    ids=["flood", "lost", "gateway", "gone"],
)
async def test_only_the_refusal_of_the_method_turns_rich_messages_off(post: Post, fault: dict[str, Any]) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), a_rich_part())
    post.api.fault("sendRichMessage", **fault)

    await post.rounds(8)

    assert post.looks.rich
    assert "classic one" not in alice.inbox
    assert alice.inbox.count("rich") <= 1


async def test_a_topic_gets_its_digest_in_the_topic(post: Post) -> None:
    group = post.api.group("Forum")
    await post.write(await post.reader(group.id, "supergroup", thread=77), "hello")

    await post.rounds(2)

    assert post.api.of("sendMessage")[0].params["message_thread_id"] == 77


async def test_a_sender_that_is_stopped_finishes_what_is_on_its_way(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    task = asyncio.get_running_loop().create_task(post.sender.run())
    await post.api.until(lambda: bool(post.api.of("sendMessage")))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await post.counts() == {"sent": 1}


async def test_a_running_sender_is_woken_by_a_hint(post: Post) -> None:
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    task = asyncio.get_running_loop().create_task(post.sender.run())
    await asyncio.sleep(0)
    await post.write(reader, "hello")
    post.wake.set()
    await alice.hears(patience=1.9)  # sooner than the next look without a hint
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_fifty_readers_are_served_within_the_limits(post: Post) -> None:
    people = [post.api.person(f"Reader {number}") for number in range(50)]
    for person in people:
        await post.write(await post.reader(person.id), "hello")

    await post.sender.round()
    assert sum(len(person.inbox) for person in people) == 30
    await post.rounds(3)

    assert all(person.inbox == ["hello"] for person in people)


class Failing:
    """A store whose next `failures` writing transactions are refused; reading goes on."""

    def __init__(self, store: Store, error: type[Exception] = StorageFull) -> None:
        self._store, self._error, self.after, self.failures = store, error, 0, 0
        self.read = store.read

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        self.after -= 1
        if self.after < 0 and self.failures:
            self.failures -= 1
            raise self._error
        return self._store.begin()


async def test_what_became_of_a_message_is_written_down_once_the_disk_has_room_again(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello", "more")
    store = Failing(post.store)
    store.after, store.failures = 1, 2  # the beginning is kept, its end is refused twice
    sender = Sender(cast(Store, store), post.bot, post.clock, wake=post.wake, looks=post.looks)

    assert [await sender.round() for _ in range(2)] == [2.0, 2.0]  # nobody hurries while nothing can be written
    assert await post.counts() == {"sending": 1, "waiting": 1}
    await sender.round()

    assert (await post.counts())["sent"] >= 1
    assert alice.inbox.count("hello") == 1


async def test_a_beginning_that_fails_in_an_unforeseen_way_tears_no_other_sending(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    for person in (alice, bob):
        await post.write(await post.reader(person.id), "hello")
    store = Failing(post.store, ZeroDivisionError)
    store.failures = 1
    sender = Sender(cast(Store, store), post.bot, post.clock, wake=post.wake, looks=post.looks, ticks=post.seconds)

    with caplog.at_level(logging.ERROR):
        await sender.round()

    assert [alice.inbox, bob.inbox] == [[], ["hello"]]
    assert await post.counts() == {"waiting": 1, "sent": 1}
    assert caplog.records[0].exc_info


async def test_what_cannot_be_written_down_for_a_mistake_of_ours_is_asked_about_at_the_next_start(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.write(await post.reader(post.api.person("Alice").id), "hello")
    store = Failing(post.store, ZeroDivisionError)
    store.after, store.failures = 1, 1
    sender = Sender(cast(Store, store), post.bot, post.clock, wake=post.wake, looks=post.looks)

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
    ],
    ids=["unreadable", "too large", "of another kind"],
)
def test_a_rare_failure_says_whether_the_message_may_have_arrived(error: AiogramError, said: type) -> None:
    assert isinstance(verdict(error, 0), said)


async def test_nothing_is_sent_while_its_beginning_cannot_be_written_down(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    store = Failing(post.store)
    store.failures = 1
    sender = Sender(cast(Store, store), post.bot, post.clock, wake=post.wake, looks=post.looks, ticks=post.seconds)

    assert await sender.round() == 2.0
    assert (await post.counts(), alice.inbox) == ({"waiting": 1}, [])
    post.clock.pass_(seconds=2)
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


def test_a_text_that_is_too_long_is_cut_and_keeps_its_beginning() -> None:
    given = plain(payload(View("<b>" + "😀" * 5_000 + "</b>", ((Button("x", "y"),),))))

    assert 4_000 <= units(given["text"]) <= 4_096
    assert given["text"].endswith("😀…")
    assert given["buttons"] == []
