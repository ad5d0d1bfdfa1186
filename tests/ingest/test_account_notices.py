"""What the administrators hear of an account, once each; and what it was refused is remembered across restarts."""

import asyncio
from datetime import timedelta

import pytest

from core.errors import StorageError
from core.model import AccountState, ChannelSettings
from ingest.telegram.source import TelegramSource
from storage.accounts import Accounts
from tests.ingest.account_world import World


async def try_in_vain(world: World, source: TelegramSource, hours: float) -> None:
    """Let an account try for so long, as the clock goes, and end as by a kill."""
    until = world.clock.now + timedelta(hours=hours)

    async def sleep(seconds: float) -> None:
        world.clock.passes(seconds=seconds)
        if world.clock.now > until:
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        await world.reader(source, sleep=sleep).run()


@pytest.mark.parametrize(
    ("code", "text", "waits"),
    [(500, "INTERNAL", [60, 120, 240, 480, 900, 900]), (401, "SESSION_REVOKED", [900, 900])],
    ids=["unreachable", "signed out"],
)
async def test_an_account_that_reads_nothing_is_tried_again_in_minutes_and_one_that_is_signed_out_slowly(
    world: World, code: int, text: str, waits: list[float]
) -> None:
    await world.lists("news")
    world.tg.fault("*", code=code, text=text, times=100_000)
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        world.clock.passes(seconds=seconds)
        if len(waited) == len(waits):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await world.reader(world.source(), sleep=sleep).run()
    assert waited == waits


async def test_an_account_that_cannot_be_reached_for_long_is_told_once_and_when_it_is_back(world: World) -> None:
    await world.publish(1)
    await world.lists("news")
    world.tg.fault("*", code=500, text="INTERNAL", times=100_000)
    began = world.clock.now
    await try_in_vain(world, world.source(), 0.7)
    assert (world.told, (await world.fares())["test"].state) == ([], AccountState.UNREACHABLE)
    for _ in range(2):  # and after a restart
        await try_in_vain(world, world.source(), 3)
    [told] = world.told
    assert told.startswith(f"Account test could not be reached since {began:%Y-%m-%d} 18:")
    world.tg.faults.clear()
    for _ in range(2):
        async with world.reading() as reader:
            await reader.step()
    assert world.told[1:] == ["Account test reads again."]
    assert await world.ids() == [1]


async def test_what_passes_within_the_hour_is_not_told(world: World) -> None:
    await world.lists("news")
    world.tg.fault("*", code=500, text="INTERNAL", times=100_000)
    await try_in_vain(world, world.source(), 0.5)
    world.tg.faults.clear()
    async with world.reading() as reader:
        await reader.step()
    assert world.told == []


async def test_an_account_that_is_back_while_the_database_is_busy_reads_and_is_told_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.publish(1)
    await world.lists("news")
    async with world.store.begin() as tx:
        await tx.accounts.fares("test", AccountState.SIGNED_OUT, world.clock.now, reason="signed out", told=True)

    async def busy(*_: object, **__: object) -> None:
        raise StorageError("the database is locked")

    async with world.reading() as reader:
        with monkeypatch.context() as locked:
            locked.setattr(Accounts, "fares", busy)
            with pytest.raises(StorageError):
                await reader.step()
        await reader.step()
    assert (await world.fares())["test"].state is AccountState.READING
    assert (world.told, await world.ids()) == (["Account test reads again."], [1])


@pytest.mark.parametrize("text", ["INVITE_REQUEST_SENT", "CHANNEL_PRIVATE"])
async def test_a_channel_that_did_not_take_an_account_is_not_asked_again_after_a_restart(
    world: World, text: str
) -> None:
    await world.publish(1)
    await world.lists("news", news=ChannelSettings(join=True))
    world.tg.fault("JoinChannel", code=400, text=text)
    for _ in range(4):
        async with world.reading() as reader:
            await reader.step()
        world.clock.passes(hours=12)
    assert (world.tg.called("JoinChannel"), await world.ids()) == (1, [1])
    world.clock.passes(days=30)
    async with world.reading() as reader:
        await reader.step()
    assert world.tg.called("JoinChannel") == 2, "once more after weeks"
