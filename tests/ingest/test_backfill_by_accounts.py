"""History read by several accounts side by side, against MiniTelegram."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest

from core.errors import AccountBanned, SignedOut
from core.model import Channel
from ingest.accounts.peers import AddressBook
from ingest.backfill import AccountWay, Backfilled, Way, backfill_by_accounts
from tests.ingest.account_world import World
from tests.moments import NOW

PHONES = {"ann": "+10000001", "bob": "+10000002"}
NAMES = tuple(f"town_{number}" for number in range(6))
COUNT = 7
ALL_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def ways(world: World, *names: str) -> AsyncIterator[Mapping[str, Way]]:
    """These accounts, a few posts a page."""
    async with AsyncExitStack() as stack:
        found: dict[str, Way] = {}
        for name in names:
            source = await stack.enter_async_context(world.source(3, name, PHONES[name]))
            found[name] = AccountWay(source, AddressBook(world.store, source, world.clock), pause=0)
        yield found


@pytest.fixture
async def channels(world: World) -> Sequence[Channel]:
    for name in NAMES:
        world.tg.channel(name)
        await world.publish(COUNT, name)
    await world.lists(*NAMES)
    return [await world.channel(name) for name in NAMES]


async def run(world: World, found: Mapping[str, Way], channels: Sequence[Channel]) -> tuple[Backfilled, ...]:
    async def sleep(_: float) -> None:
        pass

    intake = world.intake_kind(world.store, world.clock)
    return await backfill_by_accounts(world.store, intake, found, channels, ALL_TIME, sleep=sleep)


def readers(world: World) -> set[int | None]:
    """The accounts that asked for history."""
    return {user for _, method, user in world.tg.calls if method == "GetHistory"}


async def whole(world: World) -> bool:
    return all([await world.ids(name) == list(range(1, COUNT + 1)) for name in NAMES])


async def test_channels_are_shared_by_the_accounts_and_come_out_in_their_order(
    world: World, channels: Sequence[Channel]
) -> None:
    async with ways(world, "ann", "bob") as found:
        done = await run(world, found, channels)
    assert [(each.channel, each.posts, each.error) for each in done] == [(name, COUNT, None) for name in NAMES]
    assert len(readers(world)) == 2
    assert await whole(world)


async def test_a_channel_is_read_by_the_account_whose_way_it_is(world: World, channels: Sequence[Channel]) -> None:
    async with world.store.begin() as tx:
        await tx.channels.change_over({channel.id: "bob" for channel in channels}, NOW)
    async with ways(world, "ann", "bob") as found:
        await run(world, found, [await world.channel(name) for name in NAMES])
    assert readers(world) == {world.tg.user(PHONES["bob"])["id"]}
    assert await whole(world)


@pytest.mark.parametrize("after", [0, 1, 4])
async def test_what_a_banned_account_leaves_goes_on_with_another(
    world: World, channels: Sequence[Channel], after: int
) -> None:
    if after:
        world.tg.fault("GetHistory", code=0, times=after)
    world.tg.fault("GetHistory", code=401, text="USER_DEACTIVATED_BAN")
    async with ways(world, "ann", "bob") as found:
        done = await run(world, found, channels)
    assert [(each.channel, each.posts, each.error) for each in done] == [(name, COUNT, None) for name in NAMES]
    assert await whole(world)


async def test_where_no_account_is_left_a_second_run_goes_on_from_there(
    world: World, channels: Sequence[Channel]
) -> None:
    world.tg.fault("GetHistory", code=0, times=4)
    world.tg.fault("GetHistory", code=401, text="USER_DEACTIVATED_BAN", times=2)
    async with ways(world, "ann", "bob") as found:
        done = await run(world, found, channels)
    assert any(isinstance(each.error, AccountBanned) for each in done)
    first = sum(each.posts for each in done)
    world.tg.faults.clear()
    async with ways(world, "ann", "bob") as found:
        again = await run(world, found, channels)
    assert [each.error for each in again] == [None] * len(NAMES)
    assert first + sum(each.posts for each in again) == COUNT * len(NAMES)
    assert await whole(world)


async def test_without_any_account_each_channel_says_so(world: World, channels: Sequence[Channel]) -> None:
    done = await run(world, {}, channels)
    assert all(isinstance(each.error, SignedOut) and each.posts == 0 for each in done)
