"""Readers, subscriptions, memory."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from core.errors import StorageError, StorageUnavailable
from core.model import ChannelList, Memory, PostId, Reader, ReaderId, ReaderState, StoryId
from storage.editions import NewEdition
from storage.store import Store, Transaction
from tests.posts import a_post
from tests.storage.revisions import downgrade, upgrade

PATIENCE = 30.0  # seconds
ANNA = Reader(id=ReaderId(0), chat_id=100, name="Anna", language="ru", zone="Europe/Moscow")


async def test_a_reader_is_welcomed_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        first, is_new = await tx.readers.welcome(ANNA, now)
        await tx.readers.change(first.id, at="09:30", due_at=now, asking="zone")
        again, is_new_again = await tx.readers.welcome(ANNA, now)
        topic, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=100, thread_id=7), now)
    assert (is_new, is_new_again) == (True, False)
    assert (again.id, again.at, again.asking, again.name) == (first.id, "09:30", "zone", "Anna")
    assert topic.id != first.id


async def test_a_reader_who_blocked_the_bot_is_active_again_when_back(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        blocked = await tx.readers.change(reader.id, state=ReaderState.BLOCKED, due_at=None)
        assert blocked.state is ReaderState.BLOCKED
        back, _ = await tx.readers.welcome(ANNA, now)
    assert back.state is ReaderState.ACTIVE


WORLD, CITY = (ChannelList(id=each, titles={"": each}, channels=()) for each in ("world", "city"))


async def test_subscriptions_are_kept_once_and_end(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD, CITY], {})
        reader, _ = await tx.readers.welcome(ANNA, now)
        await tx.readers.follow(reader.id, lists=["world", "city"], channels=["Harbour_Wire"])
        await tx.readers.follow(reader.id, lists=["world"], channels=["harbour_wire"])
        assert await tx.readers.unfollow(reader.id, lists=["city", "nowhere"]) == 1
        known = await tx.readers.find(100)
    assert known is not None
    assert (known.lists, known.channels) == (("world",), ("harbour_wire",))


async def test_what_one_reader_ends_is_of_that_kind_and_others_follow_it_still(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.channels.take_over([WORLD], {})
        for each in (ANNA, replace(ANNA, chat_id=200)):
            reader, _ = await tx.readers.welcome(each, now)
            await tx.readers.follow(reader.id, lists=["world"], channels=["world"])
        assert await tx.readers.unfollow(reader.id, lists=["world"]) == 1
        assert [(each.lists, each.channels) for each in await tx.readers.all()] == [
            (("world",), ("world",)),
            ((), ("world",)),
        ]


async def test_a_list_that_is_gone_for_a_while_is_followed_again_when_it_is_back(
    any_store: Store, now: datetime
) -> None:
    followed = []
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        await tx.readers.follow(reader.id, lists=["world", "city"], channels=["harbour_wire"])
        for lists in ([WORLD, CITY], [], [WORLD]):
            await tx.channels.take_over(lists, {})
            known = await tx.readers.get(reader.id)
            assert known is not None
            assert known.channels == ("harbour_wire",)
            followed.append(known.lists)
    assert followed == [("city", "world"), (), ("world",)]


async def test_readers_are_due_at_their_moment(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        for number, minutes in enumerate((5, -5, -9, -7)):
            due_at = now + timedelta(minutes=minutes)
            reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=number, due_at=due_at), now)
        await tx.readers.change(reader.id, state=ReaderState.PAUSED)
        due = await tx.readers.due(now, 10)
    assert [reader.chat_id for reader in due] == [2, 1]


async def test_memory_holds_the_last_that_was_told(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        early, late = (Memory(last=PostId(last), came=now + timedelta(hours=last)) for last in (10, 15))
        await tx.memories.remember(reader.id, {StoryId(1): early, StoryId(2): late})
        await tx.memories.remember(reader.id, {StoryId(1): late, StoryId(2): early})
        assert await tx.memories.told(reader.id, [StoryId(1), StoryId(2), StoryId(3)]) == {1: late, 2: late}


async def test_a_group_that_moves_keeps_its_reader(any_store: Store, now: datetime) -> None:
    small, large = -4_512_345_678, -1_002_345_678_901  # as large as Telegram's numbers are
    async with any_store.begin() as tx:
        group, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=small, kind="group"), now)
        other, _ = await tx.readers.welcome(ANNA, now)
        await tx.readers.moved(small, large)
        moved = await tx.readers.find(large)
        assert moved is not None
        assert moved.id == group.id
        assert await tx.readers.find(other.chat_id) == other
        await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=small, kind="group"), now)
        await tx.readers.moved(small, large)
        left = await tx.readers.find(small)
    assert left is not None
    assert left.state is ReaderState.GONE


async def test_a_group_that_moves_takes_the_place_of_one_that_nobody_has_started(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        kept = {}
        for thread, due in ((0, now), (1, now), (2, None), (3, now)):
            before = Reader(id=ReaderId(0), chat_id=-5, thread_id=thread, kind="group", due_at=due)
            there = replace(before, chat_id=-1005, due_at=now if thread == 1 else None)
            old, new = [(await tx.readers.welcome(each, now))[0].id for each in (before, there)]
            kept[thread] = new if thread in (1, 2) else old
        await tx.outbox.add((await tx.readers.of_chat(-1005))[0].id, {}, [{"text": "1"}], due_at=None, now=now)
        for _ in range(2):  # by whichever update tells it first, and once more
            await tx.readers.moved(-5, -1005)
            assert {reader.thread_id: reader.id for reader in await tx.readers.of_chat(-1005)} == kept


async def test_a_group_may_move_to_where_its_readers_are_just_being_welcomed(postgres_url: str, now: datetime) -> None:
    def there(chat: int, topic: int) -> Reader:
        return Reader(id=ReaderId(0), chat_id=chat, thread_id=topic, kind="supergroup")

    async def welcome(topic: int) -> None:
        async with store.begin() as tx:
            await tx.readers.welcome(there(-1005, topic), now)

    async def move(chat: int) -> None:
        async with store.begin() as tx:
            await tx.readers.moved(chat, -1005)

    store = await Store.open(postgres_url)
    try:
        async with store.begin() as tx:
            for topic in range(9):
                await tx.readers.welcome(there(-topic, topic), now)
        await asyncio.gather(*(do(topic) for topic in range(9) for do in (lambda topic: move(-topic), welcome)))
        async with store.read() as tx:
            assert len(await tx.readers.of_chat(-1005)) == 9
    finally:
        await store.close()


async def somebody_waits(store: Store) -> None:
    async with store.read() as tx:
        while not await tx._connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            pass


async def test_a_group_that_moves_holds_no_chat_while_it_waits_for_another(postgres_url: str, now: datetime) -> None:
    async def move() -> None:
        async with store.begin() as tx:
            await tx.readers.moved(-5, -9)

    store = await Store.open(postgres_url)
    try:
        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE), store.begin() as tx:
            await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=-9, kind="group"), now)
            group.create_task(move())
            await somebody_waits(store)
            await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=-5, kind="group"), now)
        async with store.read() as tx:
            assert [reader.chat_id for reader in await tx.readers.all()] == [-9, -5]
    finally:
        await store.close()


async def test_a_group_that_moves_holds_no_reader_while_it_waits_for_one_before(
    postgres_url: str, now: datetime
) -> None:
    def topic(number: int) -> Reader:
        return Reader(id=ReaderId(0), chat_id=-5, thread_id=number, kind="supergroup")

    async def move() -> None:
        async with store.begin() as tx:
            await tx.readers.moved(-5, -1005)

    store = await Store.open(postgres_url)
    try:
        async with store.begin() as tx:  # the second is met first, by its topic as by its place in the table
            first, second = [(await tx.readers.welcome(topic(number), now))[0].id for number in (2, 1)]
            await tx.readers.change(first, minutes=9)
        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE), store.begin() as tx:
            await tx.readers.hold([first])
            group.create_task(move())
            await somebody_waits(store)
            await tx.readers.hold([second])
        async with store.read() as tx:
            assert [each.id for each in await tx.readers.of_chat(-1005)] == [first, second]
    finally:
        await store.close()


async def test_nothing_is_left_of_a_reader_who_is_forgotten(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        await tx.readers.follow(reader.id, lists=["world"])
        await tx.memories.remember(reader.id, {StoryId(1): Memory(last=PostId(10), came=now)})
        await tx.outbox.add(reader.id, {}, [{"text": "x"}], due_at=now, now=now)
        await tx.queries.note(reader.id, "oil", now)
        await tx.readers.forget(reader.id)
        assert await tx.readers.find(100) is None
        assert await tx.memories.told(reader.id, [StoryId(1)]) == {}
        assert (await tx.outbox.counts())["digests"] == 0


async def test_what_only_a_forgotten_reader_got_goes_too(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        anna, _ = await tx.readers.welcome(ANNA, now)
        bert, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=200), now)
        alone, shared = await tx.editions.publish_all([NewEdition(value={}, whole={"a": 1})] * 2, now)
        await tx.outbox.give(alone, {anna.id: None}, [], now)
        await tx.outbox.give(shared, {anna.id: None, bert.id: None}, [], now)
        await tx.readers.forget(anna.id)
        assert (await tx.editions.wholes([alone, shared])).keys() == {shared}


async def test_who_was_told_a_story_is_forgotten_when_the_story_has_ended(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        await tx.posts.add([a_post(n) for n in (1, 2, 3)], await tx.channels.ensure(["harbour_wire"]), now)
        posts = await tx.posts.waiting(9)
        ended, lives = (StoryId(post.id) for post in posts[:2])
        await tx.stories.assign({posts[0].id: ended, posts[1].id: lives, posts[2].id: lives}, {})
        memory = {story: Memory(last=posts[0].id, came=now) for story in (ended, lives)}
        await tx.memories.remember(reader.id, memory)
        assert await tx.memories.forget(posts[0].date, 9) == 0
        assert await tx.memories.forget(posts[2].date, 9) == 1
        assert (await tx.memories.told(reader.id, [ended, lives])).keys() == {lives}
        assert await tx.memories.forget(posts[2].date + timedelta(days=30), 9) == 1


async def test_the_last_searches_are_kept_for_their_reader_only(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        other, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=2), now)
        numbers = [await tx.queries.note(reader.id, f"oil {n}", now) for n in range(25)]
        kept = [await tx.queries.text(reader.id, number) for number in numbers]
        assert kept == [None] * 5 + [f"oil {n}" for n in range(5, 25)]
        assert await tx.queries.text(other.id, numbers[-1]) is None


async def test_whether_this_very_thing_was_asked_of_late_is_known(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        reader, _ = await tx.readers.welcome(ANNA, now)
        await tx.queries.note(reader.id, "oil", now)
        day = timedelta(days=1)
        assert await tx.queries.asked_within(reader.id, "oil", day, now)
        assert await tx.queries.asked_within(reader.id, "oil", day, now + day)
        assert not await tx.queries.asked_within(reader.id, "oil", day, now + day + timedelta(seconds=1))
        assert not await tx.queries.asked_within(reader.id, "oil", day, now - timedelta(seconds=1))  # a clock set back
        assert not await tx.queries.asked_within(reader.id, "gas", day, now)
        assert not await tx.queries.asked_within(ReaderId(reader.id + 1), "oil", day, now)


async def test_who_has_had_all_forgotten_is_changed_no_more(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        anna, _ = await tx.readers.welcome(ANNA, now)
        await tx.readers.forget(anna.id)
    with pytest.raises(StorageError, match="forgotten meanwhile"):
        async with any_store.begin() as tx:
            await tx.readers.change(anna.id, minutes=9)


async def test_who_had_paused_before_they_blocked_the_bot_still_pauses_after_an_upgrade(
    own_database: str, now: datetime
) -> None:
    store = await Store.open(own_database)
    kinds = [("private", None), ("private", now), ("group", None)]  # a group has no hour before it is started, either
    async with store.begin() as tx:
        for chat, (kind, due) in enumerate(kinds):
            reader, _ = await tx.readers.welcome(replace(ANNA, chat_id=chat, kind=kind), now)
            await tx.readers.change(reader.id, state=ReaderState.BLOCKED, due_at=due)
        for move in (partial(downgrade, revision="0020"), upgrade):
            await move(tx._connection)
        found = await tx.readers.all()
    await store.close()

    assert [each.state for each in found] == [ReaderState.PAUSED, ReaderState.BLOCKED, ReaderState.BLOCKED]


async def test_readers_are_counted_by_state(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.readers.welcome(ANNA, now)
        assert await tx.readers.counts() == {"active": 1}
        assert [reader.name for reader in await tx.readers.all()] == ["Anna"]


async def _impatient(store: Store, write: Callable[[Transaction], Awaitable[object]]) -> None:
    async with store.begin() as tx:
        await tx._connection.execute(text("SET LOCAL lock_timeout = 1"))
        await write(tx)


async def test_who_is_given_a_digest_is_neither_changed_nor_forgotten_meanwhile(
    postgres_url: str, now: datetime
) -> None:
    store = await Store.open(postgres_url)
    try:
        async with store.begin() as tx:
            anna, _ = await tx.readers.welcome(ANNA, now)
        async with store.begin() as tx:
            assert await tx.readers.hold([anna.id, 99]) == (anna,)
            with pytest.raises(StorageUnavailable, match="lock timeout"):
                await _impatient(store, lambda tx: tx.readers.change(anna.id, minutes=9))
            with pytest.raises(StorageUnavailable, match="lock timeout"):
                await _impatient(store, lambda tx: tx.readers.forget(anna.id))
            await _impatient(store, lambda tx: tx.queries.note(anna.id, "grain", now))
    finally:
        await store.close()
