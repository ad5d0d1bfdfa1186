"""What is to be sent is written down first, and sent once."""

from datetime import datetime, timedelta
from typing import Any

from core.model import Part, PartId, Reader, ReaderId, ReaderState
from storage.editions import NewEdition
from storage.outbox import HELD, LONGEST_WAIT
from storage.store import Store, Transaction

MINUTE = timedelta(minutes=1)


async def a_reader(tx: Transaction, now: datetime, chat_id: int = 100) -> Reader:
    reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat_id), now)
    return reader


async def first_waiting(tx: Transaction, now: datetime) -> Part:
    return (await tx.outbox.waiting(now, 10))[0]


async def test_one_digest_a_reader_and_moment(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        first = await tx.outbox.add(reader.id, {"a": 1}, [{"text": "1"}], due_at=now, now=now)
        again = await tx.outbox.add(reader.id, {"a": 2}, [{"text": "2"}], due_at=now, now=now)
        asked = await tx.outbox.add(reader.id, {}, [{"text": "3"}], due_at=None, now=now)
        asked_again = await tx.outbox.add(reader.id, {}, [{"text": "4"}], due_at=None, now=now)
        assert first is not None
        assert await tx.outbox.value(first, reader.id) == {"a": 1}
        assert await tx.outbox.value(first, ReaderId(99)) is None
    assert again is None
    assert asked is not None
    assert asked_again is not None


async def test_a_moment_to_come_for_which_a_digest_was_made_can_be_released(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        for due_at in (now, now + MINUTE):
            await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=due_at, now=now)
        await tx.outbox.release(now)

        assert await tx.outbox.add(reader.id, {}, [], due_at=now, now=now) is None
        assert await tx.outbox.add(reader.id, {}, [], due_at=now + MINUTE, now=now)


async def test_parts_of_a_digest_go_one_after_the_other(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}, {"text": "2"}], due_at=now, now=now)
        (part,) = await tx.outbox.waiting(now, 10)
        assert part.payload == {"text": "1"}
        assert await tx.outbox.begin(part.id)
        assert not await tx.outbox.begin(part.id)
        assert await tx.outbox.waiting(now, 10) == ()
        await tx.outbox.sent(part.id, 77, now)
        assert (await first_waiting(tx, now)).payload == {"text": "2"}


async def test_no_part_waits_for_one_of_another_digest(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        for chat in (1, 2):
            reader = await a_reader(tx, now, chat)
            await tx.outbox.add(reader.id, {}, [{"text": "first"}, {"text": "second"}], due_at=now, now=now)
        one, other = await tx.outbox.waiting(now, 10)
        await tx.outbox.begin(one.id)
        await tx.outbox.sent(one.id, 11, now)
        waiting = {(part.reader.chat_id, part.payload["text"]) for part in await tx.outbox.waiting(now, 10)}
    assert waiting == {(one.reader.chat_id, "second"), (other.reader.chat_id, "first")}


async def test_a_part_that_was_written_by_a_clock_ahead_of_ours_does_not_wait_for_it(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=now, now=now + 30 * LONGEST_WAIT)
        assert (await first_waiting(tx, now)).payload == {"text": "1"}


async def test_a_part_refused_for_now_waits(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=now, now=now)
        part = await first_waiting(tx, now)
        await tx.outbox.begin(part.id)
        await tx.outbox.again(part.id, now + MINUTE, "flood")
        assert await tx.outbox.waiting(now, 10) == ()
        assert (await first_waiting(tx, now + MINUTE)).attempts == 1


async def test_a_part_that_may_have_arrived_is_not_sent_again_by_itself(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=now, now=now)
        part = await first_waiting(tx, now)
        await tx.outbox.begin(part.id)
    async with any_store.begin() as tx:  # as after a restart
        (interrupted,) = await tx.outbox.interrupted()
        await tx.outbox.doubt(interrupted, {"notice": 1}, now, "the process ended")
        notice = await first_waiting(tx, now)
        assert notice.payload == {"notice": 1}
        assert await tx.outbox.interrupted() == ()
        assert not await tx.outbox.resend(part.id, ReaderId(99), now)
        assert not await tx.outbox.resend(PartId(99), reader.id, now)
        assert await tx.outbox.resend(part.id, reader.id, now)
        assert not await tx.outbox.resend(part.id, reader.id, now)
        assert [each.payload for each in await tx.outbox.waiting(now, 10)] == [{"text": "1"}]


async def test_nothing_goes_to_a_reader_who_is_not_active(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=now, now=now)
        await tx.readers.change(reader.id, state=ReaderState.BLOCKED)
        assert await tx.outbox.waiting(now, 10) == ()
        await tx.outbox.drop_waiting(reader.id, "blocked")
        await tx.readers.change(reader.id, state=ReaderState.ACTIVE)
        assert await tx.outbox.waiting(now, 10) == ()
        assert await tx.outbox.counts() == {"digests": 1, "parts_failed": 1}


async def test_what_is_held_for_a_reader_waits_again_unless_it_was_given_up(any_store: Store, now: datetime) -> None:
    later = now + HELD
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        for number in range(2):
            moment = now + timedelta(hours=number)
            await tx.outbox.add(reader.id, {}, [{"text": str(number)}], due_at=moment, now=now)
            await tx.outbox.hold(reader.id, moment, "blocked")
        assert await tx.outbox.waiting(later, 10) == ()
        assert await tx.outbox.counts() == {"digests": 2, "parts_held": 2}
        await tx.outbox.give_up(now + timedelta(minutes=1))
        assert await tx.outbox.counts() == {"digests": 2, "parts_failed": 1, "parts_held": 1}
        await tx.outbox.unhold(reader.id, later)
        assert [each.payload for each in await tx.outbox.waiting(later, 10)] == [{"text": "1"}]
        assert await tx.outbox.counts() == {"digests": 2, "parts_failed": 1, "parts_waiting": 1}


async def test_a_part_refused_for_good_does_not_hold_back_the_next(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}, {"text": "2"}], due_at=now, now=now)
        part = await first_waiting(tx, now)
        await tx.outbox.begin(part.id)
        await tx.outbox.fail(part.id, "can't parse entities")
        second = await first_waiting(tx, now)
        await tx.outbox.begin(second.id)
        await tx.outbox.rewrite(second.id, {"text": "two"})
        assert (await first_waiting(tx, now)).payload == {"text": "two"}


async def test_a_part_that_is_made_anew_stands_behind_those_that_went_before_it_was_asked_for_again(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        stories: list[dict[str, Any]] = [{"text": text, "stories": []} for text in ("1", "2")]
        digest = await tx.outbox.add(reader.id, {"said": "first"}, stories, due_at=now, now=now)
        assert digest
        lost = await first_waiting(tx, now)
        await tx.outbox.begin(lost.id)
        await tx.outbox.doubt(lost, {"text": "did 1 arrive?"}, now, "the answer was lost")
        next_one = await first_waiting(tx, now)
        await tx.outbox.begin(next_one.id)
        await tx.outbox.sent(next_one.id, 77, now)
        await tx.outbox.resend(lost.id, reader.id, now)

        edition = await tx.editions.publish(NewEdition(value={"said": "anew"}), now)
        await tx.outbox.renew((await tx.outbox.pending([digest]))[0], edition, [{"text": "1 anew"}])

        (pending,) = await tx.outbox.pending([digest])
        parts = [(part.number, part.payload["text"], part.waits) for part in pending.parts]
        assert parts == [(1, "2", False), (2, "1 anew", True), (3, "did 1 arrive?", True)]
        assert await tx.outbox.value(digest, reader.id) == {"said": "anew"}
        other = await tx.outbox.add(reader.id, {"said": "later"}, [], due_at=None, now=now)
        assert other
        assert await tx.outbox.value(other, reader.id) == {"said": "later"}


async def test_what_is_made_anew_takes_the_place_of_all_that_waits_and_tells_stories_and_of_nothing_else(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        question, one, two, notice = "what now?", "1", "2", "did it arrive?"
        payloads = [{"text": text, **({"stories": []} if text in (one, two) else {})} for text in (question, one, two)]
        digest = await tx.outbox.add(reader.id, {}, [*payloads, {"text": notice}], due_at=now, now=now)
        assert digest
        first = await first_waiting(tx, now)
        await tx.outbox.begin(first.id)
        await tx.outbox.sent(first.id, 7, now)
        tried = await first_waiting(tx, now)
        await tx.outbox.begin(tried.id)
        await tx.outbox.again(tried.id, now + MINUTE, "busy")

        edition = await tx.editions.publish(NewEdition(value={}), now)
        await tx.outbox.renew((await tx.outbox.pending([digest]))[0], edition, [{"text": "anew"}])

        (pending,) = await tx.outbox.pending([digest])
    assert [part.payload["text"] for part in pending.parts] == [question, "anew", notice]
    anew = pending.parts[1]
    assert (anew.attempts, anew.not_before) == (1, now + MINUTE)


async def test_who_is_back_gets_at_once_what_knocked_meanwhile_and_what_was_held_for_too_long_has_failed(
    any_store: Store, now: datetime
) -> None:
    late = now + HELD + MINUTE
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        for text in ("knocks", "is held"):
            await tx.outbox.add(reader.id, {}, [{"text": text}], due_at=None, now=now)
        await tx.outbox.hold(reader.id, now, "blocked")
        await tx.outbox.unhold(reader.id, now)
        knocking, _ = await tx.outbox.waiting(now, 10)
        await tx.outbox.begin(knocking.id)
        await tx.outbox.hold(reader.id, now, "blocked")
        await tx.outbox.again(knocking.id, late + MINUTE, "closed")

        await tx.outbox.unhold(reader.id, late)

        assert [part.payload["text"] for part in await tx.outbox.waiting(late, 10)] == ["knocks"]
        counts = await tx.outbox.counts()
    assert (counts["parts_waiting"], counts["parts_failed"]) == (1, 1)


async def test_what_waits_is_not_given_up_with_what_is_held(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        for chat in (1, 2):
            reader = await a_reader(tx, now, chat)
            await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=None, now=now)
        await tx.outbox.hold(reader.id, now, "blocked")
        await tx.outbox.give_up(now)
        assert (await tx.outbox.counts())["parts_held"] == 1
        await tx.outbox.give_up(now + MINUTE)
        counts = await tx.outbox.counts()
    assert (counts["parts_waiting"], counts["parts_failed"]) == (1, 1)


async def test_a_reader_who_paused_gets_what_they_asked_for(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        await tx.readers.change(reader.id, state=ReaderState.PAUSED)
        await tx.outbox.add(reader.id, {}, [{"text": "1"}], due_at=None, now=now)
        assert len(await tx.outbox.waiting(now, 10)) == 1


async def test_the_last_digest_that_was_due_is_none_of_a_moment_to_come(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx, now)
        for due_at in (now - MINUTE, now, now + MINUTE, None):
            await tx.outbox.add(reader.id, {}, [], due_at=due_at, now=now)
        assert await tx.outbox.last_due([reader.id], now) == {reader.id: now}
