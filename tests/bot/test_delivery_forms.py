"""In what form a part goes out: as drawn, in plain words where that is refused, rich where the server knows it."""

import logging
from typing import Any

import pytest

from bot.outgoing import Button, View, payload, plain
from digest.render.markup import utf16
from tests.bot.post_office import Post


async def test_markup_that_telegram_refuses_goes_out_as_plain_words(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), '<a href="https://a.b/c">one</i> &lt;b&gt; 2', "two")

    await post.rounds(4)

    assert alice.inbox == ["one <b> 2", "two"]
    assert len(post.api.of("sendMessage")) == 3


async def test_plain_words_that_are_refused_as_well_are_not_tried_for_ever(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), "one")
    post.api.fault("sendMessage", code=400, description="Bad Request: can't parse entities", times=9)

    await post.rounds(6)

    assert len(post.api.of("sendMessage")) == 2
    assert await post.counts() == {"failed": 1}


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
    buttons = [[{"text": "Sources", "of_digest": "sources"}]]
    return {"method": "sendRichMessage", "rich": {"html": "<h2>rich</h2>"}, "buttons": buttons, "otherwise": classic}


async def test_a_rich_digest_arrives_as_one_message(post: Post) -> None:
    alice = post.api.person("Alice")
    await post.write(await post.reader(alice.id), a_rich_part())

    await post.rounds(2)

    assert alice.inbox == ["rich"]
    assert alice.messages()[0].labels == ["Sources"]
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


@pytest.mark.parametrize("long", ["😀" * 3_000, "x" * 4_097], ids=["in units", "by one"])
def test_a_text_that_is_too_long_is_cut_and_keeps_its_beginning(long: str) -> None:
    given = plain(payload(View(f"<b>{long}</b>", ((Button("x", "y"),),))))

    assert 4_000 <= utf16(given["text"]) <= 4_096
    assert given["text"].endswith(f"{long[0]}…")
    assert given["buttons"] == []
