"""Drawn messages of old parts go; that they were sent, and what they said, stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import retention
from bot.corrections import HORIZON
from bot.retention import EVERY, KEPT, Retention
from core.model import DigestId, Reader, ReaderId
from storage.editions import NewEdition
from storage.outbox import HELD
from storage.store import Store, Transaction
from tests.moments import Moment
from tests.work import work


async def written(store: Store, now: datetime, texts: Sequence[str]) -> tuple[Reader, DigestId]:
    """A digest of parts with these texts, the reader's first."""
    async with store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=100), now)
        parts = [{"text": text} for text in texts]
        digest = await tx.outbox.add(reader.id, {"stories": ["said"]}, parts, due_at=now, now=now)
        assert digest
        return reader, digest


async def payloads(store: Store, digest: DigestId) -> list[Any]:
    async with store.read() as tx:
        (pending,) = await tx.outbox.pending([digest])
        return [part.payload for part in pending.parts]


async def test_what_was_sent_a_month_ago_keeps_its_proof_and_loses_its_drawing(any_store: Store, now: datetime) -> None:
    reader, digest = await written(any_store, now, ["sent", "refused", "in doubt", "waits"])
    async with any_store.begin() as tx:
        for end in ("sent", "failed", "doubted"):
            (part,) = await tx.outbox.waiting(now, 1)
            await tx.outbox.begin(part.id)
            match end:
                case "sent":
                    await tx.outbox.sent(part.id, 77, now)
                case "failed":
                    await tx.outbox.fail(part.id, "too long")
                case _:
                    await tx.outbox.doubt(part, None, now, "no answer")
    clock = Moment(now + KEPT)
    tidy = Retention(any_store, clock)
    await tidy.step()
    assert await payloads(any_store, digest) == [{"text": each} for each in ("sent", "refused", "in doubt", "waits")]
    clock.now += EVERY + timedelta(seconds=1)
    for _ in range(3):
        await tidy.step()
    assert await payloads(any_store, digest) == [{}, {}, {"text": "in doubt"}, {"text": "waits"}]
    async with any_store.read() as tx:
        assert await tx.outbox.value(digest, reader.id) == {"stories": ["said"]}
        counts = await tx.outbox.counts()
    assert (counts["parts_sent"], counts["parts_failed"]) == (1, 1)
    async with any_store.begin() as tx:
        again = await tx.outbox.add(reader.id, {}, [{"text": "twice"}], due_at=now, now=clock.now)
    assert again is None, "one digest a reader and moment, however long ago"


async def test_many_parts_go_some_at_a_time_and_then_it_rests(
    any_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    _, digest = await written(any_store, now, list("abcde"))
    async with any_store.begin() as tx:
        for number in range(5):
            (part,) = await tx.outbox.waiting(now, 1)
            await tx.outbox.begin(part.id)
            await tx.outbox.sent(part.id, number, now)
    clock = Moment(now + KEPT + timedelta(seconds=1))
    tidy = Retention(any_store, clock)
    left = []
    for _ in range(4):
        await tidy.step()
        left.append(sum(bool(payload) for payload in await payloads(any_store, digest)))
    assert left == [3, 1, 0, 0]


async def test_what_is_sent_late_loses_its_drawing_a_month_later_too(any_store: Store, now: datetime) -> None:
    reader, digest = await written(any_store, now, ["in doubt", "sent"])
    clock = Moment(now)
    tidy = Retention(any_store, clock)
    async with any_store.begin() as tx:
        (doubted,) = await tx.outbox.waiting(now, 1)
        await tx.outbox.begin(doubted.id)
        await tx.outbox.doubt(doubted, None, now, "no answer")
        (part,) = await tx.outbox.waiting(now, 1)
        await tx.outbox.begin(part.id)
        await tx.outbox.sent(part.id, 7, now)
    for _ in range(9):
        clock.now += KEPT
        await tidy.step()
    assert await payloads(any_store, digest) == [{"text": "in doubt"}, {}]
    async with any_store.begin() as tx:
        await tx.outbox.resend(doubted.id, reader.id, clock.now)
        await tx.outbox.begin(doubted.id)
        await tx.outbox.sent(doubted.id, 8, clock.now)
    clock.now += KEPT + EVERY
    for _ in range(3):
        await tidy.step()
    assert await payloads(any_store, digest) == [{}, {}]


async def test_what_it_takes_to_correct_a_digest_goes_when_it_is_corrected_no_more(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=100), now)
        edition = await tx.editions.publish(NewEdition(value={}, whole={"said": "all"}), now)
        await tx.outbox.give(edition, {reader.id: now}, [], now)
    clock = Moment(now + HORIZON)
    tidy = Retention(store, clock)
    kept = []
    for days in (0, 6, 9):
        clock.passes(days=days)
        await tidy.step()
        async with store.read() as tx:
            kept.append((await tx.editions.whole(edition))[0])
    assert kept == [{"said": "all"}, {"said": "all"}, None]


async def test_what_was_dropped_is_not_looked_at_again(store: Store, now: datetime) -> None:
    await written(store, now, ["text"] * 60)
    async with store.begin() as tx:
        for number in range(60):
            (part,) = await tx.outbox.waiting(now, 1)
            await tx.outbox.begin(part.id)
            await tx.outbox.sent(part.id, number, now)

    async def forget(tx: Transaction) -> None:
        await tx.outbox.forget_payloads(now + KEPT, 99)

    full = await work(store, forget)
    async with store.begin() as tx:
        await forget(tx)
    assert await work(store, forget) < full / 10


async def test_a_clock_that_is_set_back_lets_nothing_rest_for_a_year(store: Store, now: datetime) -> None:
    clock = Moment(now + timedelta(days=400))
    tidy = Retention(store, clock)
    await tidy.step()
    clock.now = now + KEPT + timedelta(minutes=1)
    _, digest = await written(store, now, ["text"])
    async with store.begin() as tx:
        (part,) = await tx.outbox.waiting(now, 1)
        await tx.outbox.begin(part.id)
        await tx.outbox.sent(part.id, 1, now)
    await tidy.step()
    assert await payloads(store, digest) == [{}]


async def test_what_is_held_for_a_reader_who_does_not_come_back_is_given_up_after_a_week(
    store: Store, now: datetime
) -> None:
    reader, _ = await written(store, now, ["one"])
    async with store.begin() as tx:
        await tx.outbox.hold(reader.id, now, "blocked")
    clock = Moment(now + HELD)
    tidy = Retention(store, clock)
    for held in ({"parts_held": 1}, {"parts_failed": 1}):
        await tidy.step()
        async with store.read() as tx:
            assert await tx.outbox.counts() == {"digests": 1, **held}
        clock.now += EVERY
