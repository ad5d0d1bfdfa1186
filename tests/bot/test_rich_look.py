"""The rich look is offered, proven and taken back, over a real Bot API server."""

import pytest

from tests.bot.running import Running


async def test_a_server_without_rich_messages_turns_the_look_off_for_all(running: Running) -> None:
    running.api.knows_rich = False
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    await alice.presses("Look")

    await alice.sees("does not know rich messages")
    assert not running.looks.rich


@pytest.mark.parametrize(
    "fault",
    [{"code": 400, "description": "Bad Request: chat not found"}, {"drop": "after"}, {"code": 502}],
    ids=["gone", "lost", "gateway"],
)
async def test_another_failure_of_the_sample_leaves_the_look_on(running: Running, fault: dict[str, object]) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    running.api.fault("sendRichMessage", **fault)
    await alice.presses("Look")
    await running.idle()

    assert running.looks.rich


async def test_the_look_is_proven_by_the_button_inside_the_sample(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    await alice.presses("Look")
    sample = await alice.sees("If you can read this")
    assert sample.rich
    assert not sample.markup
    await alice.answered(await alice.presses("I can read this", message=sample))
    async with running.store.read() as tx:
        reader = await tx.readers.find(alice.id)
    assert reader
    assert reader.look == "rich"
    await alice.says("/digest")
    digest = await alice.sees("World affairs · Tuesday")
    await running.api.until(lambda: any(message.rich for message in alice.messages()[-1:]))
    assert digest.text
