"""Private channels by invite links, against MiniTelegram."""

import pytest

from core.lists import read_lists
from core.model import invite_name, post_url
from tests.ingest.account_world import PHONE, World
from tests.servers.mtproto_api import Channel

INVITE = "AbCdEfGh123"
NAME = invite_name(INVITE)


@pytest.fixture
def inner(world: World) -> Channel:
    return world.tg.channel(None, "Inner circle", invite=INVITE)


async def listed(world: World, *written: str) -> None:
    names = ", ".join(f'"{each}"' for each in written or (f"https://t.me/+{INVITE}",))
    lists = read_lists(f"[lists.all]\nchannels = [{names}]")
    async with world.store.begin() as tx:
        await tx.channels.take_over(lists.lists, lists.settings)


async def publish(world: World, channel: Channel, count: int) -> None:
    for _ in range(count):
        world.clock.passes(seconds=1)
        await world.tg.post(channel, "Ministers met in Riga.", date=world.clock.now.timestamp(), push=False)


async def members(world: World) -> tuple[str, ...]:
    async with world.store.read() as tx:
        return (await tx.channels.lists())[0].channels


async def test_a_private_channel_is_joined_by_its_link_and_called_by_its_number(
    world: World, inner: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(world, inner, 2)
    await listed(world)
    assert await members(world) == (NAME,)
    own = f"c/{inner.id}"
    for _ in range(2):  # and after a restart, the lists taken over again
        async with world.reading() as reader:
            await reader.step()
        assert (await members(world), await world.ids(own)) == ((own,), [1, 2])
        await listed(world)
    [first, _] = await world.posts(own)
    assert post_url(first.channel, 1) == f"https://t.me/c/{inner.id}/1"
    assert (world.tg.called("CheckChatInvite"), world.tg.called("ImportChatInvite")) == (1, 1)
    assert INVITE not in caplog.text


async def test_a_member_is_not_joined_again(world: World, inner: Channel) -> None:
    world.tg.join(inner, PHONE)
    inner.username = "now_public"
    await publish(world, inner, 1)
    await listed(world)
    async with world.reading() as reader:
        await reader.step()
    assert (await members(world), await world.ids("now_public")) == (("now_public",), [1])
    assert world.tg.called("ImportChatInvite") == 0


async def test_a_link_to_a_channel_that_is_known_already_joins_it(world: World, inner: Channel) -> None:
    own = f"c/{inner.id}"
    world.tg.join(inner, PHONE)
    await publish(world, inner, 1)
    await world.lists(own)
    async with world.reading() as reader:
        await reader.step()
    await listed(world, f"https://t.me/+{INVITE}", own)
    await publish(world, inner, 1)
    world.clock.passes(hours=1)
    async with world.reading() as reader:
        await reader.step()
        world.clock.passes(hours=1)
        await reader.step()
    assert (await members(world), await world.ids(own)) == ((own,), [1, 2])
    assert (await world.channel(own)).invite == INVITE


@pytest.mark.parametrize(
    ("method", "text", "reason"),
    [
        ("CheckChatInvite", "INVITE_HASH_EXPIRED", "the invite link has expired: ask for a new one"),
        ("CheckChatInvite", "INVITE_HASH_INVALID", "the invite link is not valid: compare it"),
        ("ImportChatInvite", "INVITE_REQUEST_SENT", "its admins were asked to let the account in"),
        ("ImportChatInvite", "CHANNELS_TOO_MUCH", "the account is in as many channels as Telegram allows"),
        ("ImportChatInvite", "FLOOD_WAIT_4000", "asked to wait 4000 s"),
    ],
)
async def test_why_nobody_is_let_in_is_told_and_others_are_read(
    world: World, inner: Channel, method: str, text: str, reason: str
) -> None:
    await world.publish(1)
    await listed(world, f"https://t.me/+{INVITE}", "news")
    world.tg.fault(method, code=420 if text.startswith("FLOOD") else 400, text=text)
    async with world.reading() as reader:
        for _ in range(3):
            await reader.step()
            world.clock.passes(minutes=2)
    state = await world.state(NAME)
    assert (await world.ids(), state.failures, reason in (state.reason or "")) == ([1], 1, True)
    assert world.tg.called(method) == 1


async def test_who_was_asked_is_not_asked_again_and_lets_the_account_in_later(world: World, inner: Channel) -> None:
    await publish(world, inner, 1)
    await listed(world)
    world.tg.fault("ImportChatInvite", code=400, text="INVITE_REQUEST_SENT")
    async with world.reading() as reader:
        await reader.step()
        world.clock.passes(hours=1, minutes=1)
        await reader.step()
        assert (await world.state(NAME)).reason == "its admins have not let the account in yet"
        world.tg.join(inner, PHONE)
        world.clock.passes(hours=1, minutes=1)
        await reader.step()
    assert await world.ids(f"c/{inner.id}") == [1]
    assert world.tg.called("ImportChatInvite") == 1


async def test_links_are_followed_as_slowly_as_channels_are_joined(world: World) -> None:
    invites = [f"Invite_{number}" for number in range(3)]
    for invite in invites:
        world.tg.channel(None, invite, invite=invite)
    await listed(world, *(f"https://t.me/+{invite}" for invite in invites))
    async with world.reading() as reader:
        for _ in range(5):
            await reader.step()
            world.clock.passes(minutes=1)
        assert world.tg.called("ImportChatInvite") == 1
        assert world.tg.called("CheckChatInvite") == 3, "those that wait are left alone"
        world.clock.passes(minutes=20)
        await reader.step()
    assert world.tg.called("ImportChatInvite") == 2
    waiting = [each for each in invites if invite_name(each) in await members(world)]
    assert len(waiting) == 1
    assert "waits to be joined" in ((await world.state(invite_name(waiting[0]))).reason or "")


async def test_a_link_to_a_group_is_no_channel(world: World) -> None:
    world.tg.channel(None, "Talk", megagroup=True, invite=INVITE)
    await listed(world)
    async with world.reading() as reader:
        await reader.step()
    assert (await world.state(NAME)).reason == "the invite link leads to a group, not a channel"
    assert world.tg.called("ImportChatInvite") == 0


async def test_the_web_preview_never_tries_a_link(world: World, inner: Channel) -> None:
    await listed(world)
    async with world.store.read() as tx:
        assert (await tx.channels.all())[0].source == "account"
        assert await tx.channels.present()
