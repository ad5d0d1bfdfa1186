"""Readers as an operator sees them, and forgetting one."""

import asyncio
from pathlib import Path

from core.model import Keyword, Reader, ReaderId, ReaderState, StoryId
from storage.store import Store
from tests.app.conftest import Courant
from tests.moments import NOW


async def two_readers() -> None:
    store = await Store.open("sqlite:///var/courant.db")
    async with store.begin() as tx:
        ann, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=11, name="Ann", at="07:30"), NOW)
        await tx.readers.follow(ann.id, channels=["harbour_wire"])
        await tx.outbox.add(ann.id, {}, [{"method": "sendMessage", "text": "x"}], due_at=None, now=NOW)
        await tx.tastes.want(ann.id, [Keyword(key="oil", word="oil", wanted=False)])
        await tx.tastes.like(ann.id, StoryId(5), {"storm": "storms"}, NOW, more=True)
        await tx.queries.note(ann.id, "harbour fees", NOW)
        await tx.readers.change(ann.id, state=ReaderState.BLOCKED)
        await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=-5, thread_id=3, kind="supergroup", due_at=NOW), NOW)
    await store.close()


def test_all_that_is_kept_of_what_a_reader_wanted_and_asked_for_is_exported(empty: Path, courant: Courant) -> None:
    asyncio.run(two_readers())
    ann, topic = courant("export", "readers").objects
    came = NOW.isoformat()
    assert ann["channels"] == ["harbour_wire"]
    assert ann["keywords"] == [{"word": "oil", "wanted": False}]
    assert ann["likings"] == [{"more": True, "words": ["storms"], "date": came}]
    assert ann["asked"] == [{"text": "harbour fees", "date": came}]
    assert (topic["keywords"], topic["likings"], topic["asked"]) == ([], [], [])


def test_readers_are_listed_and_one_is_forgotten(empty: Path, courant: Courant) -> None:
    assert courant("readers").err == "The bot has no readers yet.\n"
    asyncio.run(two_readers())
    came = NOW.isoformat()
    lines = [line.split("\t") for line in courant("readers").lines]
    assert lines[0] == ["1", "private", "Ann", "blocked", came, "harbour_wire", "07:30", "UTC", came]
    assert lines[1] == ["2", "topic", "", "active", came, "", "08:00", "UTC", ""]
    shown = courant("readers", "list", "--json").objects
    assert (shown[0]["id"], shown[0]["channels"], shown[1]["last"]) == (1, ["harbour_wire"], None)

    assert "Nothing is kept of Ann any more." in courant("readers", "forget", "1").err
    assert [row["id"] for row in courant("readers", "list", "--json").objects] == [2]
    exported = [(row["chat_id"], row["due_at"], row["told_until"]) for row in courant("export", "readers").objects]
    assert exported == [(-5, came, None)]
    assert "Nothing is kept of -5 any more." in courant("readers", "forget", "2").err
    refused = courant("readers", "forget", "1")
    assert (refused.code, "there is no reader of this id" in refused.err) == (1, True)
    assert [courant("readers", "forget", str(number)).code for number in (2**63 - 1, 2**63, 0)] == [1, 2, 2]
