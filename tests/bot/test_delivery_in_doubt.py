"""Messages of which nobody can know whether they arrived: never sent again unasked, never passed over in silence."""

import asyncio
from typing import Any

import pytest

from bot.dispatcher import make_dispatcher
from core.model import PartId
from tests.bot.post_office import Post


async def test_a_lost_answer_is_told_to_the_reader_and_not_sent_again_by_itself(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one", "two")
    post.api.fault("sendMessage", drop="after")

    await post.rounds(6)

    assert alice.inbox[:2] == ["one", "two"]
    assert "part 1 of the digest" in alice.inbox[2]
    assert alice.messages()[2].labels == ["Send it again"]
    assert await post.counts() == {"unsure": 1, "sent": 2}


async def test_a_notice_that_may_have_been_lost_is_not_told_of_by_another_one(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one")
    post.api.fault("sendMessage", drop="after", times=2)

    await post.rounds(6)

    assert len(alice.inbox) == 2
    assert await post.counts() == {"unsure": 2}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"code": 504, "description": "Gateway Timeout"}, id="a gateway that gave up"),
        pytest.param({"code": 200, "page": "<h1>Sign in to this hotel's network</h1>"}, id="a page for an answer"),
    ],
)
async def test_what_may_stand_for_a_lost_answer_is_no_reason_to_send_again(post: Post, fault: dict[str, Any]) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one")
    post.api.fault("sendMessage", **fault)

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


async def test_what_arrives_after_all_is_in_doubt_no_more(post: Post) -> None:
    alice = post.api.person("Alice")
    reader = await post.reader(alice.id)
    await post.write(reader, "one")

    await another_takes_over(post)
    async with post.store.begin() as tx:
        assert not await tx.outbox.resend(PartId(1), reader.id, post.clock())
    await post.rounds(2)

    assert await post.counts() == {"sent": 2}
    assert [alice.inbox[0], len(alice.inbox)] == ["one", 2]


async def test_who_was_asked_about_a_message_by_one_sender_is_not_asked_again_by_another(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one")

    await another_takes_over(post, drop="after")
    await post.rounds(3)

    assert await post.counts() == {"unsure": 1, "sent": 1}
    assert [alice.inbox[0], len(alice.inbox)] == ["one", 2]


async def test_what_was_sent_again_as_was_asked_goes_not_once_more_when_another_sender_hears_that_the_group_moved(
    post: Post,
) -> None:
    group = post.api.group("Readers", kind="group")
    reader = await post.reader(group.id, "group")
    await post.write(reader, "one")
    successor = post.api.upgrade(group)
    answered, before = asyncio.Event(), post.sender
    post.api.fault("sendMessage", until=answered)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(before.round())
        await post.api.until(lambda: bool(post.api.of("sendMessage")))
        post.sender = post.another()
        assert await post.sender.recover() == 1
        async with post.store.begin() as tx:
            assert await tx.outbox.resend(PartId(1), reader.id, post.clock())
        await post.rounds(8, seconds=3)
        answered.set()
    await post.rounds(8, seconds=3)

    assert sorted(message.text == "one" for message in successor.shown) == [False, True]


async def another_takes_over(post: Post, **fault: Any) -> None:
    """While a message of one sender is on its way, another one starts: the database had forgotten whose turn it is."""
    answered = asyncio.Event()
    post.api.fault("sendMessage", until=answered, **fault)
    async with asyncio.TaskGroup() as group:
        group.create_task(post.sender.round())
        await post.api.until(lambda: bool(post.api.of("sendMessage")))
        assert await post.another().recover() == 1
        answered.set()


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

    assert alice.inbox[1:] == ["It is on its way", "It has been sent already", "one"]
    assert post.wake.is_set()
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
