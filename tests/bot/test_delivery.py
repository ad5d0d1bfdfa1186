"""Delivery over a real connection to a Bot API server: never twice, never lost silently, within the limits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.arrivals import arrive
from core.model import Reader, ReaderState
from tests.bot.post_office import Post
from tests.bot.running import cancelled
from tests.servers.bot_api_chats import Chat
from tests.servers.loopback import held


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
    post.clock.passes(seconds=1)
    await post.sender.round()
    assert [person.inbox for person in people] == [["one", "two"]] * 3


async def test_the_next_look_is_worth_it_when_a_chat_may_have_its_next_message(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one", "two")

    assert await post.sender.round() == 0  # there may be more
    assert await post.sender.round() == 1


async def test_a_group_of_many_topics_holds_up_nobody_else(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery._BATCH", 3)
    alice = post.api.person("Alice")
    group = post.api.group("Editors", admins=(alice,))
    for topic in range(1, 5):
        await post.write(await post.reader(group.id, "supergroup", topic), f"topic {topic}")
    await post.write(await post.reader(alice.id), "hello")

    await post.sender.round()
    seconds = await post.sender.round()
    assert alice.inbox == ["hello"]
    assert seconds <= 1  # when the group may be sent to again
    await post.rounds(6)
    assert await post.counts() == {"sent": 5}


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


async def test_a_wait_that_is_over_does_not_end_that_of_the_whole_bot(post: Post) -> None:
    people = [post.api.person(name) for name in ("Alice", "Bob", "Carol", "Dan")]
    dan = await post.reader(people[3].id)
    await post.write(dan, "hello")
    post.api.fault("sendMessage", retry_after=2)
    await post.rounds(4)
    assert people[3].inbox == ["hello"]

    post.api.fault("sendMessage", retry_after=20, times=3)
    for person in people[:3]:
        await post.write(await post.reader(person.id), "hello")
    await post.rounds(2)
    await post.write(dan, "again")
    await post.rounds(10)

    assert people[3].inbox == ["hello"]


async def test_a_shorter_wait_of_the_whole_bot_does_not_end_a_longer_one(post: Post) -> None:
    people = [post.api.person(name) for name in ("Alice", "Bob", "Carol")]
    for person in people:
        await post.write(await post.reader(person.id), "hello")
    for chat in (people[0].id, people[2].id):
        post.api.fault("sendMessage", code=502, page="<h1>Under maintenance</h1>", chat_id=chat)
    post.api.fault("sendMessage", code=401, description="Unauthorized", chat_id=people[1].id)

    await post.rounds(30)
    assert len(post.api.of("sendMessage")) == 3
    await post.rounds(40)

    assert [person.inbox for person in people] == [["hello"]] * 3


async def test_chats_that_are_told_to_wait_while_others_get_theirs_hold_up_nobody(post: Post) -> None:
    people = [post.api.person(name) for name in ("Alice", "Bob", "Carol")]
    for person in people:
        group = post.api.group(f"{person.name}'s group")
        post.api.fault("sendMessage", chat_id=group.id, retry_after=3600)
        await post.write(await post.reader(group.id, "supergroup"), "hello")
        await post.rounds(1)
        await post.write(await post.reader(person.id), "hello")
        await post.rounds(1)
        assert person.inbox == ["hello"]


async def test_whether_all_must_wait_is_tried_again_after_a_minute(post: Post) -> None:
    for number in range(3):
        group = post.api.group(f"Group {number}")
        post.api.fault("sendMessage", chat_id=group.id, retry_after=3600)
        await post.write(await post.reader(group.id, "supergroup"), "hello")
    await post.rounds(1)
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")

    await post.rounds(2, seconds=29)
    assert alice.inbox == []
    await post.rounds(2)
    assert alice.inbox == ["hello"]


async def test_a_reader_who_blocked_the_bot_is_left_alone(post: Post) -> None:
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    await post.write(reader, "one", "two")
    await post.write(reader, "three")
    await alice.blocks()

    await post.rounds(5)

    assert await post.state(reader) is ReaderState.BLOCKED
    assert await post.counts() == {"held": 3}
    assert len(post.api.of("sendMessage")) == 1


@pytest.mark.parametrize(
    ("code", "description", "state"),
    [
        (400, "Bad Request: chat not found", ReaderState.GONE),
        (403, "Forbidden: user is deactivated", ReaderState.GONE),
        (403, "Forbidden: bot was kicked from the group chat", ReaderState.BLOCKED),
        (400, "Bad Request: USER_BANNED_IN_CHANNEL", ReaderState.BLOCKED),
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
    assert await post.counts() == {"held": 2}


@pytest.mark.parametrize(
    ("days", "inbox"), [(6, ["one", "two", "three"]), (8, ["one"])], ids=["within a week", "after a week"]
)
async def test_who_leaves_in_the_middle_of_a_digest_gets_the_rest_once_they_are_back(
    post: Post, days: int, inbox: list[str]
) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    await post.write(await post.reader(alice.id), "one", "two", "three")
    await post.write(await post.reader(bob.id), "uno", "due", "tre")
    await post.rounds(1)
    alice.chat.refuses = (403, "Forbidden: bot was blocked by the user")
    await post.rounds(5)
    assert (alice.inbox, bob.inbox) == (["one"], ["uno", "due", "tre"])

    post.clock.passes(days=days)
    alice.chat.refuses = None
    async with post.store.begin() as tx:
        (reader,) = await tx.readers.of_chat(alice.id)
        await arrive(tx, reader, post.clock())
    await post.rounds(5)

    assert alice.inbox == inbox


async def a_closed_group(post: Post) -> tuple[Chat, Reader]:
    """A group in which the bot may not write, with a digest in two parts to come."""
    group = post.api.group("Readers")
    reader = await post.reader(group.id, "supergroup")
    await post.write(reader, "one", "two")
    group.refuses = (400, "Bad Request: not enough rights to send text messages to the chat")
    return group, reader


async def test_a_group_that_is_closed_for_the_night_gets_its_digest_in_the_morning(post: Post) -> None:
    group, reader = await a_closed_group(post)
    await post.rounds(90, seconds=300)
    assert len(post.api.of("sendMessage")) == 8
    assert await post.state(reader) is ReaderState.ACTIVE

    group.refuses = None
    await post.rounds(20, seconds=300)
    assert [message.text for message in group.shown] == ["one", "two"]


async def test_a_chat_that_stays_closed_for_a_day_is_knocked_at_once_a_day_for_a_week(post: Post) -> None:
    channel = post.api.group("Ours", kind="channel")
    reader = await post.reader(channel.id, "channel")
    await post.write(reader, "one", "two")
    channel.refuses = (400, "Bad Request: need administrator rights in the channel chat")

    await post.rounds(25, seconds=3600)
    assert len(post.api.of("sendMessage")) == 25
    assert await post.state(reader) is ReaderState.BLOCKED  # no digest is made for it meanwhile
    assert await post.counts() == {"waiting": 1, "held": 1}
    await post.rounds(12 * 24, seconds=3600)

    assert len(post.api.of("sendMessage")) == 31
    assert await post.state(reader) is ReaderState.BLOCKED
    assert await post.counts() == {"failed": 1, "held": 1}


async def test_a_group_that_is_opened_again_after_days_gets_its_digest_and_the_next_ones(post: Post) -> None:
    group, reader = await a_closed_group(post)
    async with post.store.begin() as tx:
        await tx.readers.change(reader.id, due_at=post.clock() + timedelta(hours=20))
    await post.rounds(3 * 24, seconds=3600)
    assert await post.state(reader) is ReaderState.BLOCKED

    group.refuses = None
    await post.rounds(26, seconds=3600)

    assert [message.text for message in group.shown] == ["one", "two"]
    async with post.store.read() as tx:
        again = await tx.readers.get(reader.id)
    assert again
    assert again.state is ReaderState.ACTIVE
    assert again.due_at
    assert again.due_at > post.clock() - timedelta(days=1)  # and not of the day on which it was closed


async def test_a_group_that_is_opened_before_it_is_given_up_gets_all_parts_of_its_digest(post: Post) -> None:
    def knocks() -> int:
        return len(post.api.of("sendMessage"))

    await a_closed_group(post)
    while "failed" not in await post.counts():
        await post.rounds(1, seconds=3601)
    every = knocks()

    group, _ = await a_closed_group(post)
    while knocks() < 2 * every - 1:  # but the last
        await post.rounds(1, seconds=3601)
    group.refuses = None
    await post.rounds(30, seconds=3601)

    assert [message.text for message in group.shown] == ["one", "two"]


async def test_a_group_that_pauses_and_is_closed_for_days_gets_what_was_asked_for_and_still_pauses(post: Post) -> None:
    group, reader = await a_closed_group(post)
    async with post.store.begin() as tx:
        await tx.readers.change(reader.id, state=ReaderState.PAUSED, due_at=post.clock())
    await post.rounds(2 * 24, seconds=3600)
    assert await post.counts() == {"held": 1, "waiting": 1}

    group.refuses = None
    await post.rounds(26, seconds=3600)

    assert [message.text for message in group.shown] == ["one", "two"]
    assert await post.state(reader) is ReaderState.PAUSED


async def test_the_week_for_which_a_digest_is_held_is_that_of_all_its_parts(post: Post) -> None:
    group, reader = await a_closed_group(post)
    await post.rounds(30, seconds=3600)
    assert await post.counts() == {"held": 1, "waiting": 1}

    post.clock.passes(days=6)
    group.refuses = None
    async with post.store.begin() as tx:
        await arrive(tx, reader, post.clock())
    await post.rounds(20)

    assert [message.text for message in group.shown] == ["one", "two"]


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


@pytest.mark.parametrize(("code", "encoding"), [(403, "utf-8"), (404, "utf-8"), (502, "utf-8"), (502, "cp1251")])
async def test_a_gateway_that_turns_messages_away_is_waited_for_by_all(post: Post, code: int, encoding: str) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    post.api.fault("sendMessage", code=code, page="<h1>Технические работы</h1>", encoding=encoding)

    await post.sender.round()
    assert await post.counts() == {"waiting": 1}
    await post.rounds(3)

    assert alice.inbox == ["hello"]


async def test_a_server_that_is_not_there_is_waited_for(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    await post.api.stop()
    with held(post.api.port):
        await post.rounds(2)
        assert await post.counts() == {"waiting": 1}
        await post.api.start()

    await post.rounds(4)

    assert alice.inbox == ["hello"]


async def test_a_sender_that_is_stopped_finishes_what_is_on_its_way(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "hello")
    task = asyncio.get_running_loop().create_task(post.sender.run())
    await post.api.until(lambda: bool(post.api.of("sendMessage")))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await post.counts() == {"sent": 1}


@asynccontextmanager
async def sending(post: Post) -> AsyncIterator[None]:
    """The sender runs while inside, waits for no message for long, and is cancelled then. A call takes as long as it
    takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.delivery._PATIENCE", 0.001)
        patch.setattr(post.bot.session, "timeout", 3600.0)
        async with cancelled(post.sender.run):
            yield


async def test_a_message_that_takes_long_holds_up_its_own_chat_only(post: Post) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    answered = asyncio.Event()
    post.api.fault("sendMessage", chat_id=alice.id, until=answered)
    for text in ("one", "two"):  # in digests of their own
        await post.write(await post.reader(alice.id), text)
    async with sending(post):
        await post.api.until(lambda: bool(post.api.of("sendMessage")))
        for _ in range(3):
            post.clock.passes(seconds=1)
            await post.write(await post.reader(bob.id), "hello")
            post.wake.set()
            await bob.hears()
        assert len(post.api.of("sendMessage")) == 4  # nothing more to Alice

        answered.set()
        await post.api.until(lambda: alice.inbox == ["one", "two"])

    assert await post.counts() == {"sent": 5}


async def test_only_so_many_messages_are_on_their_way_at_a_time(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery._MOST_ON_THEIR_WAY", 2)
    answered = asyncio.Event()
    people = [post.api.person(name) for name in ("Alice", "Bob", "Carol", "Dan")]
    for person in people:
        post.api.fault("sendMessage", chat_id=person.id, until=answered)
        await post.write(await post.reader(person.id), "hello")
    async with sending(post):
        await post.api.until(lambda: len(post.api.of("sendMessage")) == 2)
        async with post.store.begin():  # whoever was to write before has written
            pass
        assert await post.counts() == {"sending": 2, "waiting": 2}

        answered.set()
        await post.api.until(lambda: all(person.inbox == ["hello"] for person in people))


async def test_a_sender_that_is_stopped_waits_for_a_message_that_takes_long(post: Post) -> None:
    alice, bob = post.api.person("Alice"), post.api.person("Bob")
    answered = asyncio.Event()
    post.api.fault("sendMessage", chat_id=alice.id, until=answered)
    await post.write(await post.reader(alice.id), "hello")
    async with sending(post):
        await post.api.until(lambda: bool(post.api.of("sendMessage")))
        await post.write(await post.reader(bob.id), "hello")
        post.wake.set()
        await bob.hears()  # in another round
        asyncio.get_running_loop().call_later(0.01, answered.set)  # while it stops

    assert await post.counts() == {"sent": 2}


async def test_a_running_sender_is_woken_by_a_hint(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery._POLL", 3600.0)  # without a hint nobody looks today
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    task = asyncio.get_running_loop().create_task(post.sender.run())
    await asyncio.sleep(0)
    await post.write(reader, "hello")
    post.wake.set()
    await alice.hears()
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
