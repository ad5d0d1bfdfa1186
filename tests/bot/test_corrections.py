"""Posts that change after they were written into a digest: before it is sent, and after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.arrivals import come_back
from bot.corrections import Mender
from bot.delivery import leave
from bot.outgoing import View
from bot.windows import Window
from core.model import Part, Reader, ReaderState
from tests.bot.town import LONG, Town
from tests.bot.world import STORM, the_day

NOW_14 = STORM[0].replace("12,000", "14,000")


async def test_a_digest_that_waits_says_what_its_posts_say_by_now(any_town: Town) -> None:
    alice = any_town.api.person("Alice")
    await any_town.follower(alice)
    await any_town.write_digests()
    await any_town.recount("14,000")

    await any_town.send()

    (message,) = alice.inbox
    assert "14,000 homes" in message
    assert "12,000" not in message
    assert "harbour tariffs" in message
    assert await any_town.write_digests() == 1
    await any_town.send()
    assert "Corrections" not in alice.inbox[1]


async def test_a_story_whose_posts_are_all_deleted_leaves_the_digest_that_waits(any_town: Town) -> None:
    alice = any_town.api.person("Alice")
    reader = await any_town.follower(alice)
    await any_town.write_digests()
    storm = await any_town.story_of(STORM[0])
    await any_town.delete(*STORM)

    await any_town.send()

    (message,) = alice.inbox
    assert "storm" not in message
    assert "harbour tariffs" in message
    async with any_town.store.read() as tx:
        assert storm not in await tx.memories.told(reader.id, [storm])


async def test_of_a_story_that_lost_one_post_the_others_tell(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.delete(STORM[0])

    await town.send()

    (message,) = alice.inbox
    assert "Power was cut to 12,000 homes" in message
    assert "along the coast near Eastport overnight" not in message


async def test_a_digest_that_has_lost_everything_says_that_the_day_was_quiet(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    town_posts = [post.post.text for post in the_day() if post.post.channel != "mayak"]
    await town.delete(*town_posts)

    await town.send()

    assert ["quiet day" in message for message in alice.inbox] == [True]


async def test_what_waits_behind_a_digest_still_comes_behind_it(town: Town) -> None:
    alice = town.api.person("Alice")
    reader = await town.follower(alice)
    town.clock.passes(hours=1)
    await town.desk.first(reader, View("And when shall the next one come?"))
    await town.edit(STORM[0], NOW_14)

    await town.send()

    digest, question = alice.inbox
    assert "14,000" in digest
    assert question == "And when shall the next one come?"


async def knocks(town: Town, reader: Reader) -> Part:
    """Let nobody write in the reader's group any more: the first part knocks, the others are held."""
    (first,) = await town.parts()
    async with town.store.begin() as tx:
        assert await tx.outbox.begin(first.id)
        await leave(tx, reader, ReaderState.BLOCKED, town.clock(), "closed")
        await tx.outbox.again(first.id, town.clock(), "closed")
    return first


async def test_who_is_back_while_what_waited_for_them_is_made_anew_gets_all_of_it_once(
    any_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = any_town.api.person("Alice")
    reader = await any_town.follower(alice)
    await any_town.tell_much()
    await any_town.write_digests()
    first = await knocks(any_town, reader)
    told = LONG[next(n for n, text in enumerate(LONG) if f"number {n} " in first.payload["text"])]
    await any_town.edit_long(told, told.replace("7 wells", "9 wells"))
    write = Mender._write

    async def back_meanwhile(mender: Mender, *given: Any) -> None:
        monkeypatch.undo()
        async with any_town.store.begin() as tx:
            await come_back(tx, replace(reader, state=ReaderState.BLOCKED), any_town.clock())
        await write(mender, *given)

    monkeypatch.setattr(Mender, "_write", back_meanwhile)
    await any_town.send()

    whole = "\n".join(alice.inbox)
    once = 2  # in the headline, and in what is told
    assert [whole.count(f"District number {n} ") for n in range(len(LONG))] == [once] * len(LONG)
    assert "9 wells" in whole


async def test_a_digest_that_knocks_at_a_closed_group_is_corrected_whole_and_comes_in_its_order(any_town: Town) -> None:
    alice = any_town.api.person("Alice")
    reader = await any_town.follower(alice)
    await any_town.tell_much()
    await any_town.write_digests()
    await knocks(any_town, reader)
    await any_town.edit_long(LONG[0], LONG[0].replace("7 wells", "9 wells"))
    await any_town.edit_long(LONG[9], LONG[9].replace("7 wells", "8 wells"))

    await any_town.send()

    assert alice.inbox[0].startswith("World affairs · Tuesday, 18 February\n")
    assert ["continued" in part.splitlines()[0] for part in alice.inbox] == [False, True]
    whole = "\n".join(alice.inbox)
    assert [whole.count(f"District number {n} ") for n in range(len(LONG))] == [2] * len(LONG)
    assert "9 wells" in whole
    assert "8 wells" in whole


async def test_of_a_digest_that_is_half_sent_the_rest_is_corrected_and_nothing_comes_twice(any_town: Town) -> None:
    alice = any_town.api.person("Alice")
    await any_town.follower(alice)
    await any_town.tell_much()
    await any_town.write_digests()
    await any_town.sender.round()  # the first part is there
    first = alice.inbox[0]
    (rest,) = await any_town.parts()
    last = LONG[next(n for n, text in enumerate(LONG) if f"number {n} " in rest.payload["text"])]
    told = LONG[next(n for n, text in enumerate(LONG) if f"number {n} " in first)]
    await any_town.edit_long(told, told.replace("7 wells", "9 wells"))
    await any_town.edit_long(last, last.replace("7 wells", "8 wells"))

    any_town.clock.passes(seconds=1)
    await any_town.send()

    whole = "\n".join(alice.inbox)
    for number in range(len(LONG)):
        assert whole.count(f"{number}. ") >= 1
    assert alice.inbox[0] == first
    assert "continued" in alice.inbox[1].splitlines()[0]
    assert "8 wells" in "\n".join(alice.inbox[1:])
    assert await any_town.write_digests() == 1
    await any_town.send()
    assert "said 7, now says 9" in alice.inbox[-1]
    assert "8 wells" not in alice.inbox[-1]


async def test_killed_while_it_corrects_nothing_is_lost_and_nothing_comes_twice(
    any_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = any_town.api.person("Alice")
    await any_town.follower(alice)
    await any_town.write_digests()
    await any_town.edit(STORM[0], NOW_14)
    (part,) = await any_town.parts()

    class Killed(BaseException):
        pass

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("storage.outbox.Outbox.renew", killed)
        with pytest.raises(Killed):
            await Mender(any_town.store, any_town.clock).mend([part])
    assert [each.id for each in await any_town.parts()] == [part.id]

    any_town.sender = any_town.another()
    await any_town.send()
    assert ["14,000" in message for message in alice.inbox] == [True]


async def test_what_cannot_be_corrected_goes_as_it_is(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.edit(STORM[0], NOW_14)
    monkeypatch.setattr("bot.corrections.put_right", None)

    await town.send()

    assert len(alice.inbox) == 1
    assert "sent as it is" in caplog.text


async def test_a_rich_digest_is_corrected_with_the_classic_form_that_it_carries(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice, look="rich")
    await town.write_digests()
    await town.recount("14,000")
    (part,) = await town.parts()

    assert await Mender(town.store, town.clock).mend([part]) == {part.digest}

    (anew,) = await town.parts()
    assert "12,000" not in str(anew.payload)
    assert str(anew.payload["otherwise"]).count("14,000 homes") >= 1
    assert await town.numbers(part.digest) == [0]


async def test_a_number_that_changed_after_it_was_told_is_corrected_once_in_the_next_digest(any_town: Town) -> None:
    alice, bob = any_town.api.person("Alice"), any_town.api.person("Bob")
    await any_town.follower(alice)
    await any_town.follower(bob, language="ru")
    await any_town.write_digests()
    await any_town.send()
    await any_town.recount("14,000")

    for _ in range(2):
        await any_town.write_digests()
        await any_town.send()

    told, corrected, quiet = alice.inbox
    assert "12,000 homes" in told
    assert "Corrections" in corrected
    assert "said 12,000, now says 14,000: A storm cut power to 14,000 homes" in corrected
    assert "Corrections" not in quiet
    assert "было 12,000, стало 14,000" in bob.inbox[1]


async def test_what_a_channel_said_that_bears_another_name_by_now_is_corrected(any_town: Town) -> None:
    alice = any_town.api.person("Alice")
    await any_town.follower(alice)
    await any_town.write_digests()
    await any_town.send()
    await any_town.recount("14,000")
    async with any_town.store.begin() as tx:
        ids = await tx.channels.ensure([any_town.told(text).post.channel for text in STORM])
        for number, channel in enumerate(ids.values(), 70):
            await tx.channels.admit(channel, number, f"renamed_{number}")
    await any_town.write_digests()
    await any_town.send()
    assert "now says 14,000: A storm cut power to 14,000 homes" in alice.inbox[-1]


async def test_what_waits_and_is_corrected_still_says_what_of_the_last_digest_is_no_longer_so(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.send()
    await town.edit(STORM[0], NOW_14)
    await town.tell_much()
    assert await town.write_digests() == 1
    await town.edit_long(LONG[0], LONG[0].replace("7 wells", "8 wells"))

    await town.send()

    news = "\n".join(alice.inbox[1:])
    assert ("8 wells" in news, news.count("said 12,000, now says 14,000")) == (True, 1)


async def test_a_second_change_is_told_as_well(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.send()
    for number in ("14,000", "15,000"):
        await town.recount(number)
        await town.write_digests()
        await town.send()
    assert "now says 14,000" in alice.inbox[1]
    assert "now says 15,000" in alice.inbox[2]


async def test_what_was_told_is_known_though_older_versions_are_not_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.incoming.MOST_EDITS", 1)
    alice = town.api.person("Alice")
    await town.follower(alice)
    for number in ("13,000", "14,000"):
        await town.recount(number)
        await town.write_digests()
        await town.send()
    assert "said 13,000, now says 14,000" in alice.inbox[1]


async def test_a_deletion_after_the_telling_is_told_once(any_town: Town) -> None:
    alice = any_town.api.person("Alice")
    await any_town.follower(alice)
    await any_town.write_digests()
    await any_town.send()
    await any_town.delete(*STORM)

    for _ in range(2):
        await any_town.write_digests()
        await any_town.send()

    assert "Deleted by the channel" in alice.inbox[1]
    assert "12,000 homes" in alice.inbox[1]
    assert "Deleted" not in alice.inbox[2]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text + " Source: the grid.", id="a line added"),
        pytest.param(lambda text: text.replace("overnight", "over night"), id="a slip mended"),
        pytest.param(lambda text: text.replace("near", "close to"), id="a word for a word"),
    ],
)
async def test_trifles_are_not_told(town: Town, change: Callable[[str], str]) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.send()
    for text in STORM:
        await town.edit(text, change(text))
    await town.write_digests()
    await town.send()
    assert "Corrections" not in alice.inbox[1]


async def test_one_who_was_not_told_is_not_corrected(town: Town) -> None:
    alice, bob = town.api.person("Alice"), town.api.person("Bob")
    await town.follower(alice)
    await town.write_digests()
    await town.send()
    await town.follower(bob)
    await town.recount("14,000")
    await town.write_digests()
    await town.send()
    assert "Corrections" in alice.inbox[1]
    assert "Corrections" not in bob.inbox[0]


async def test_a_digest_that_is_asked_for_tells_the_corrections_too_and_the_next_does_not(town: Town) -> None:
    alice = town.api.person("Alice")
    reader = await town.follower(alice)
    await town.write_digests()
    await town.send()
    await town.recount("14,000")
    town.clock.passes(hours=1)
    now = town.clock()
    await town.desk.now(reader, Window(now - timedelta(hours=1), now))
    await town.send()
    await town.write_digests()
    await town.send()
    assert ["now says 14,000" in message for message in alice.inbox] == [False, True, False]
