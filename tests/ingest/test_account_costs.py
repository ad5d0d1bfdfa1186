"""What a failure costs, or a push, does not depend on how many channels there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.model import WEB_WAY, ChannelList, FolderChannel
from ingest.telegram.values import Hint, HintKind
from ingest.ways import Ways
from storage.peers import Address
from storage.store import Store
from tests.ingest.account_world import PHONE, World
from tests.moments import NOW


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """All that the database is asked meanwhile."""
    asked: list[str] = []

    def keep(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    engine = store._engine.sync_engine
    event.listen(engine, "before_cursor_execute", keep)
    yield asked
    event.remove(engine, "before_cursor_execute", keep)


async def fail(world: World, place: str, count: int) -> tuple[float, int]:
    """Let so many channels fail until the preview takes them over; gives statements a channel, and how often all
    channels were looked at."""
    names = [f"{place}_{number:03}" for number in range(count)]
    await world.lists(*names)
    async with world.store.begin() as tx:
        for name, channel in (await tx.channels.ensure(names)).items():
            address = Address(telegram_id=world.tg.channel(name).id, access_hash=world.tg.find(name).hash)
            await tx.peers.keep("test", channel, address)
    world.tg.fault("GetHistory", code=400, text="MSG_ID_INVALID", times=3 * count)
    async with world.source() as source:
        reader = world.reader(source, Ways(world.store, world.clock, ["test"]))
        with statements(world.store) as asked:
            for _ in range(3):
                while await reader.step():
                    pass
                world.clock.passes(hours=1)
    assert set((await world.ways()).values()) == {WEB_WAY}
    whole = [each for each in asked if "web_read_at" in each and "channel.id IN" not in each]
    return len(asked) / count, len(whole)


async def test_a_failure_settles_the_way_of_its_own_channel_only(world: World) -> None:
    few, many = await fail(world, "town", 4), await fail(world, "city", 16)
    assert many[1] == few[1], "all channels are looked at as time passes, not as channels fail"
    assert many[0] <= few[0] * 1.2


async def test_a_large_folder_is_taken_over_by_as_few_statements_as_a_small_one(store: Store) -> None:
    asked: list[int] = []
    for slug, count in (("AbCdEfGh1", 4), ("AbCdEfGh2", 64)):
        lists = [ChannelList(id="all", titles={"": "All"}, folder=slug)]
        held = [FolderChannel(telegram_id=count + n, name=f"city_{count + n:03}", title="City") for n in range(count)]
        async with store.begin() as tx:
            await tx.channels.take_over(lists, {})
            await tx.folders.was_read(slug, "Papers", held, 0, NOW, NOW)
        with statements(store) as each:
            async with store.begin() as tx:
                await tx.channels.take_over(lists, {})
        asked.append(len(each))
        async with store.read() as tx:
            assert await tx.channels.names_of([one.telegram_id for one in held]) == {
                one.telegram_id: one.name for one in held
            }
    assert asked[1] == asked[0]


async def test_deletions_that_are_pushed_together_are_written_together(world: World) -> None:
    names = await world.towns(5, posts=2, joined=True)
    await world.lists(*names)
    gone = [Hint(kind=HintKind.DELETED, channel_id=world.tg.find(name).id, message_ids=(1,)) for name in names]
    commits, written = list[bool](), list[int]()
    async with world.reading() as reader:
        while await reader.step():
            pass
        event.listen(world.store._engine.sync_engine, "commit", lambda _: commits.append(True))
        for hints in (gone[:1], gone[1:]):
            commits.clear()
            await reader.step(hints)
            written.append(len(commits))
    assert written[0] == written[1]
    assert [await world.ids(name) for name in names] == [[2]] * len(names)


async def test_a_push_does_not_look_through_all_channels_for_those_that_are_due(world: World) -> None:
    world.tg.join("News", PHONE)
    await world.publish(1)
    await world.lists("news", "other")
    pushed = Hint(kind=HintKind.NEW, channel_id=world.tg.find("News").id, message_ids=(2,))
    async with world.reading() as reader:
        while await reader.step():
            pass
        looks = []
        for _ in range(2):
            await world.publish(1)
            with statements(world.store) as asked:
                await reader.step([pushed])
            looks.append(sum("julianday" in each for each in asked))
            world.clock.passes(seconds=5)
    assert looks == [0, 1], "once in a few seconds is enough"
    assert await world.ids() == [1, 2, 3]
