"""Channels that an account is to join, against MiniTelegram."""

import pytest

from core.model import ChannelSettings
from tests.ingest.account_world import PHONE, World

JOIN = ChannelSettings(join=True)


async def test_only_what_is_wanted_is_joined_and_slowly(world: World) -> None:
    names = await world.towns(8, posts=1)
    await world.lists("news", *names, **dict.fromkeys(names, JOIN))
    user, joined = world.tg.user(PHONE)["id"], list[int]()
    for _ in range(3):
        async with world.reading() as reader:  # a restart begins no new day
            for _ in range(4):
                await reader.step()
                joined.append(sum(user in world.tg.find(name).members for name in names))
                world.clock.passes(minutes=21)
    assert joined == [1, 2, 3, 4, *[5] * 8], "five a day, one in twenty minutes"
    assert user not in world.tg.find("News").members
    world.clock.passes(days=1)
    async with world.reading() as reader:
        await reader.step()
    assert world.tg.called("JoinChannel") == 6


async def test_a_channel_that_is_refused_for_an_odd_reason_uses_up_no_joins_of_others(world: World) -> None:
    names = await world.towns(3, posts=1)
    await world.lists(*names, **dict.fromkeys(names, JOIN))
    world.tg.fault("JoinChannel", code=400, text="SOMETHING_ELSE", times=1)
    async with world.reading() as reader:
        for _ in range(3):
            await reader.step()
            world.clock.passes(minutes=21)
    user = world.tg.user(PHONE)["id"]
    assert [user in world.tg.find(name).members for name in names] == [False, True, True]
    assert [(await world.state(name)).failures for name in names] == [0, 0, 0], "they are read all the same"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("INVITE_REQUEST_SENT", "its admins were asked to let the account in"),
        ("CHANNELS_TOO_MUCH", "the account is in as many channels as Telegram allows: leave some"),
        ("CHANNEL_PRIVATE", "is private"),
    ],
)
async def test_what_cannot_be_joined_is_read_all_the_same(
    world: World, caplog: pytest.LogCaptureFixture, text: str, reason: str
) -> None:
    await world.publish(2)
    await world.lists("news", news=JOIN)
    world.tg.fault("JoinChannel", code=400, text=text)
    async with world.reading() as reader:
        for _ in range(3):
            await reader.step()
            world.clock.passes(hours=1)
    assert (await world.ids(), (await world.state()).failures) == ([1, 2], 0)
    assert world.tg.called("JoinChannel") == 1
    assert reason in caplog.text
