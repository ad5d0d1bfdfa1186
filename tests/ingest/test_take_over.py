"""Channels that change over between accounts and the web preview, and back: nothing lost, nothing twice."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio

from core.errors import AccountBanned, SignedOut
from core.model import WEB_WAY, AccountState, ChannelSettings
from ingest.accounts.reader import AccountReader
from ingest.fetch.guard import Guard, parse_allow
from ingest.fetch.http import Http, open_http
from ingest.intake import Intake
from ingest.preview.reader import WebReader
from ingest.preview.source import WebSource
from ingest.telegram.values import Hint, HintKind
from ingest.ways import Ways
from storage.store import Store
from tests.ingest.account_world import World
from tests.servers.mtproto import MiniTelegram
from tests.servers.preview_site import PreviewSite

PHONES = {"ann": "+10000001", "bob": "+10000002", "main": "+10000003"}
RECONNECTED = Hint(kind=HintKind.RECONNECTED)


@dataclass
class TwoWays(World):
    """The same channels at an MTProto server and at a t.me; accounts and the preview read them."""

    site: PreviewSite = field(default_factory=PreviewSite)
    http: Http | None = None

    async def publish(self, count: int, name: str = "News") -> None:
        for _ in range(count):
            self.clock.passes(minutes=1)
            number = self.tg.find(name).next_id
            text = f"Ministers met in Riga & Oslo, part {number}."
            await self.tg.post(name, text, date=self.clock.now.timestamp(), push=False)
            self.site.post(name, text.replace("&", "&amp;"), id=number, date=self.clock.now)

    def web(self) -> WebReader:
        assert self.http
        source = WebSource(self.http, base=self.site.url, spacing=0)
        return WebReader(self.store, source, Intake(self.store, self.clock), self.clock)

    @asynccontextmanager
    async def accounts(self, *names: str) -> AsyncIterator[Sequence[AccountReader]]:
        """These accounts, as after a restart; the tables know of no others."""
        ways = Ways(self.store, self.clock, names)
        await ways.begin()
        async with AsyncExitStack() as stack:
            sources = [await stack.enter_async_context(self.source(name=name, phone=PHONES[name])) for name in names]
            yield [self.reader(source, ways) for source in sources]


@pytest_asyncio.fixture
async def world(store: Store) -> AsyncIterator[TwoWays]:
    async with MiniTelegram() as tg, PreviewSite() as site:
        for name in ("News", "Other"):
            tg.channel(name, f"The {name}")
            site.channel(name, f"The {name}")
        async with open_http(agent="Courant/test", guard=Guard(parse_allow([site.url]))) as http:
            yield TwoWays(tg, store, site=site, http=http)


async def whole(world: TwoWays, name: str = "News") -> bool:
    """Whether each message is there once and none was taken for an edit."""
    posts = await world.posts(name)
    there = sorted(world.tg.find(name).messages)
    return [(post.message_id, post.edits, post.deleted) for post in posts] == [(number, 0, False) for number in there]


async def test_the_preview_takes_over_from_an_account_that_is_signed_out_and_gives_back(world: TwoWays) -> None:
    await world.publish(50)
    await world.lists("News")
    await world.web().step()
    assert await world.ids() == [*range(31, 51)], "the preview reads what no account has found yet"
    async with world.accounts("ann") as [ann]:
        await world.publish(60)
        await ann.step()
        assert await world.ways() == {"News": "ann"}
        await world.publish(70)
        world.tg.revoke(PHONES["ann"])
        with pytest.raises(SignedOut):
            await ann.step([RECONNECTED])
        fares = (await world.fares())["ann"]
        assert (fares.state, fares.reason) == (
            AccountState.SIGNED_OUT,
            "signed out: sign in with `courant login --account ann`",
        )
    assert await world.ways() == {"News": WEB_WAY}
    await world.web().step()
    assert await world.ids() == [*range(11, 181)], "from where the account ended, whose page was longer"
    await world.publish(90)
    async with world.accounts("ann") as [ann]:
        assert await world.ways() == {"News": WEB_WAY}, "a restart forgets nothing"
        await ann.step()
        assert await world.ways() == {"News": "ann"}
        await ann.step()
    assert await world.ids() == [*range(11, 271)]
    posts = await world.posts()
    assert {post.edits for post in posts} == {0}
    assert (await world.fares())["ann"].state is AccountState.READING


@pytest.mark.parametrize(
    ("code", "text", "error"),
    [
        (401, "USER_DEACTIVATED_BAN", AccountBanned),
        (420, "FROZEN_METHOD_INVALID", AccountBanned),
        (401, "SESSION_REVOKED", SignedOut),
        (406, "AUTH_KEY_DUPLICATED", SignedOut),
    ],
)
async def test_a_second_account_takes_over_where_the_first_is_out(
    world: TwoWays, code: int, text: str, error: type[SignedOut]
) -> None:
    await world.publish(10)
    await world.lists("News")
    async with world.accounts("ann", "bob") as readers:
        for reader in (*readers, *readers):
            await reader.step()
        first = (await world.ways())["News"]
        own, other = sorted(readers, key=lambda reader: reader.name != first)
        await world.publish(10)
        world.tg.fault("GetHistory", code=code, text=text)
        with pytest.raises(error):
            await own.step([RECONNECTED])
        state = AccountState.BANNED if error is AccountBanned else AccountState.SIGNED_OUT
        assert (await world.fares())[own.name].state is state
        await other.step()  # it has to find the address
        assert await world.ways() == {"News": other.name}
        assert await whole(world)
        await world.publish(3)
        await own.step()
        assert await world.ways() == {"News": own.name}, "it can again"
        await own.step()
    assert await whole(world)


@pytest.mark.parametrize(("former", "gets"), [(True, ["ann"]), (False, ["main"])], ids=["gone", "still there"])
async def test_only_an_account_that_is_gone_leaves_its_addresses_to_the_first(
    world: TwoWays, former: bool, gets: list[str]
) -> None:
    await world.publish(1)
    await world.lists("News")
    async with world.accounts("main") as (reader,):
        await reader.step()
    async with world.accounts("ann", *(() if former else ("main",))):
        pass
    async with world.store.read() as tx:
        assert [*await tx.peers.known()] == gets


async def test_a_channel_that_throws_one_account_out_is_read_by_another(world: TwoWays) -> None:
    for phone in PHONES.values():
        world.tg.join("News", phone)
    await world.publish(5)
    await world.lists("News")
    async with world.accounts("ann", "bob") as readers:
        for reader in readers:
            await reader.step()
        first = (await world.ways())["News"]
        own, other = sorted(readers, key=lambda reader: reader.name != first)
        await world.tg.ban("News", PHONES[own.name])
        await world.publish(5)
        await own.step([RECONNECTED])
        assert await world.ways() == {"News": other.name}
        await other.step()
        assert await whole(world)
        world.tg.find("News").banned.clear()
        world.tg.join("News", PHONES[own.name])
        await world.publish(5)
        world.clock.passes(hours=7)
        await own.step()
        assert await world.ways() == {"News": own.name}, "and back where it was joined"
        await own.step()
    assert await whole(world)


async def test_what_telegram_limits_for_long_is_read_by_the_preview_meanwhile(world: TwoWays) -> None:
    await world.publish(5)
    await world.publish(5, "Other")
    await world.lists("News", "Other")
    async with world.accounts("ann") as [ann]:
        await ann.step()
        world.tg.fault("GetHistory", channel="News", text="FLOOD_WAIT_7200")
        await world.publish(5)
        await ann.step([RECONNECTED])
        assert await world.ways() == {"News": WEB_WAY, "Other": "ann"}
        await world.web().step()
        assert await whole(world)
        await world.publish(2)
        world.clock.passes(hours=2, minutes=1)
        await ann.step()
        assert await world.ways() == {"News": "ann", "Other": "ann"}
        await ann.step()
    assert await whole(world)


async def test_an_account_that_rests_for_long_gives_all_away_and_takes_them_back(world: TwoWays) -> None:
    await world.publish(5)
    await world.publish(5, "Other")
    await world.lists("News", "Other")
    async with world.accounts("ann") as [ann]:
        await ann.step()
        world.tg.fault("GetHistory", text="FLOOD_WAIT_3600", times=2)
        await ann.step([RECONNECTED])
        fares = (await world.fares())["ann"]
        assert (fares.state, fares.until) == (AccountState.RESTING, world.clock.now + timedelta(hours=1))
        assert set((await world.ways()).values()) == {WEB_WAY}
    calls = world.tg.called("GetHistory")
    async with world.accounts("ann") as [ann]:
        world.clock.passes(minutes=50)
        assert await ann.step([RECONNECTED]) == 0, "it rests on after a restart"
        await world.publish(3)
        await world.web().step()
        world.clock.passes(minutes=11)
        await ann.step()
        assert set((await world.ways()).values()) == {"ann"}
        await ann.step()
    assert world.tg.called("GetHistory") > calls
    assert await whole(world)
    assert await whole(world, "Other")


async def test_a_channel_that_only_an_account_may_read_waits_for_it(world: TwoWays) -> None:
    await world.publish(5)
    await world.lists("News", news=ChannelSettings(source="account"))
    async with world.accounts("ann") as [ann]:
        await ann.step()
        world.tg.revoke(PHONES["ann"])
        with pytest.raises(SignedOut):
            await ann.step([RECONNECTED])
    assert await world.ways() == {"News": "ann"}
    assert await world.web().step() == 0


async def test_where_the_accounts_are_taken_out_of_the_settings_the_preview_goes_on(world: TwoWays) -> None:
    await world.publish(40)
    await world.lists("News")
    async with world.accounts("ann") as [ann]:
        await ann.step()
    await world.publish(40)
    async with world.accounts():
        await world.web().step()
    assert await whole(world)
    assert await world.fares() == {}


async def test_the_administrators_are_told_once_what_went_out_and_what_closed(world: TwoWays) -> None:
    world.tg.join("News", PHONES["ann"])
    await world.publish(5)
    await world.lists("News", "nobody_has_this")
    async with world.accounts("ann") as [ann]:
        await ann.step()
        await world.tg.ban("News", PHONES["ann"])
        for _ in range(3):
            await ann.step([RECONNECTED])
            world.clock.passes(hours=7)
    assert world.told == [
        "Account ann cannot read News: is closed to the account (it could before). More on it: courant channels"
    ]
    world.told.clear()
    for _ in range(2):  # and a restart
        async with world.accounts("ann") as [ann]:
            for _ in range(2):
                world.tg.fault("GetDialogs", code=401, text="SESSION_REVOKED")
                world.clock.passes(hours=2)
                with pytest.raises(SignedOut):
                    await ann.step([RECONNECTED])
    assert world.told == ["Account ann reads nothing any more. Signed out: sign in with `courant login --account ann`."]


async def test_what_an_account_read_is_compared_by_the_preview_that_takes_over(world: TwoWays) -> None:
    await world.publish(80)
    await world.lists("News")
    async with world.accounts("ann") as [ann]:
        await world.web().step()
        await ann.step()
    async with world.store.begin() as tx:
        (channel,) = (await tx.channels.ensure(["News"])).values()
        await tx.channels.change_over({channel: WEB_WAY}, world.clock.now)
    assert min(await world.ids()) < 61, "the account's page was longer than the preview's"
    world.site.delete("News", 1, 20, 60)
    web = world.web()
    for _ in range(40):
        world.clock.passes(hours=1)
        await web.step()
    assert await world.ids() == [number for number in range(1, 81) if number not in (1, 20, 60)]
