"""Folders of chats (t.me/addlist/…) as lists, against MiniTelegram."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from telethon.tl import types as T

from core.errors import SignedOut
from core.lists import Lists, read_lists
from core.model import WEB_WAY, AccountState, Folder
from ingest.accounts.folders import FolderReader
from ingest.accounts.reader import AccountReader
from ingest.telegram.source import MOST_IN_FOLDER
from ingest.troubles import Troubles
from ingest.ways import Ways
from storage.store import Store
from tests.ingest.account_world import PHONE, World
from tests.servers.mtproto import MiniTelegram
from tests.servers.mtproto_api import Channel

SLUG = "AbCdEfGh1234"
LISTS = f'[lists.all]\nfolder = "https://t.me/addlist/{SLUG}"\n'
PHONES = {"test": PHONE, "other": "+10000002"}


@dataclass
class FolderWorld(World):
    """Lists with folders, taken over from a file as Courant does."""

    lists_now: Lists = field(default_factory=Lists)

    async def write(self, text: str = LISTS) -> None:
        self.lists_now = read_lists(text)
        await self.take_over()

    async def take_over(self) -> None:
        async with self.store.begin() as tx:
            await tx.channels.take_over(self.lists_now.lists, self.lists_now.settings)

    @asynccontextmanager
    async def accounts(self, *names: str) -> AsyncIterator[list[AccountReader]]:
        """These accounts, as after a restart."""
        ways = Ways(self.store, self.clock, names)
        await ways.begin()
        folders = FolderReader(self.store, self.clock, self.take_over, Troubles(self.clock, self._tell))
        async with AsyncExitStack() as stack:
            sources = [await stack.enter_async_context(self.source(name=name, phone=PHONES[name])) for name in names]
            yield [self.reader(source, ways, folders) for source in sources]

    async def read(self, *, times: int = 1) -> None:
        """Read all that is due with one account, `times` in a row."""
        async with self.accounts("test") as [reader]:
            for _ in range(times):
                await reader.step()
                self.clock.passes(seconds=30)

    async def members(self) -> tuple[str, ...]:
        async with self.store.read() as tx:
            return (await tx.channels.lists())[0].channels

    async def folder(self) -> Folder:
        async with self.store.read() as tx:
            (folder,) = await tx.folders.all()
            return folder


@pytest_asyncio.fixture
async def world(store: Store) -> AsyncIterator[FolderWorld]:
    async with MiniTelegram() as tg:
        for name in ("News", "Other", "Third"):
            tg.channel(name, f"The {name}")
        yield FolderWorld(tg, store)


@pytest.fixture
def inner(world: FolderWorld) -> Channel:
    return world.tg.channel(None, "Inner circle", invite="hash_of_inner")


async def test_the_channels_of_a_folder_are_read_and_none_needs_looking_up(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "News", "Other", title="Papers")
    await world.publish(2)
    await world.write()
    await world.read(times=2)
    assert await world.members() == ("News", "Other")
    assert await world.ids() == [1, 2]
    assert world.tg.called("ResolveUsername") == 0
    assert world.tg.called("CheckChatlistInvite") == 1
    folder = await world.folder()
    assert (folder.title, folder.lists, folder.channels, folder.reason) == ("Papers", ("all",), 2, None)


async def test_a_folder_stands_beside_channels_and_their_settings_hold(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "Other", "News")
    await world.write(f'{LISTS}channels = ["Third", "News"]\n[channels.other]\nsource = "web"\nevery = "5m"\n')
    await world.read(times=2)
    assert await world.members() == ("Third", "News", "Other")
    other = await world.channel("other")
    assert (other.source, other.every, other.way) == ("web", 300, WEB_WAY)


async def test_a_folder_is_read_daily_and_who_leaves_it_leaves_the_list(world: FolderWorld) -> None:
    folder = world.tg.folder(SLUG, "News", "Other")
    await world.publish(1)
    await world.write()
    await world.read()
    folder.channels = [world.tg.find("News"), world.tg.find("Third")]
    world.clock.passes(hours=23)
    await world.read()
    assert await world.members() == ("News", "Other")
    world.clock.passes(hours=2)
    await world.read(times=2)
    assert await world.members() == ("News", "Third")
    assert not (await world.channel("other")).active
    assert await world.ids() == [1], "posts stay"


async def test_what_a_folder_held_is_kept_across_a_restart_and_serves_the_preview_without_accounts(
    world: FolderWorld,
) -> None:
    world.tg.folder(SLUG, "News")
    await world.write()
    await world.read()
    await world.take_over()
    async with world.accounts():
        assert await world.members() == ("News",)
        assert await world.ways() == {"News": WEB_WAY}


async def test_a_channel_that_was_renamed_stays_with_its_posts(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "News")
    await world.publish(2)
    await world.write()
    await world.read(times=2)
    world.tg.find("News").username = "Fresh_News"
    world.clock.passes(days=2)
    await world.read(times=2)
    assert await world.members() == ("Fresh_News",)
    assert await world.ids("Fresh_News") == [1, 2]


async def test_a_link_that_leads_nowhere_is_told_once_and_what_was_known_stays(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "News")
    await world.write()
    await world.read()
    del world.tg.folders[SLUG]
    for _ in range(3):
        world.clock.passes(days=1)
        await world.read()
    folder = await world.folder()
    assert (await world.members(), folder.failures) == (("News",), 3)
    [told] = world.told
    assert told == (
        "the folder of list all: the link of the folder has expired or is not valid: ask for a new one. "
        "Its channels stay as they were read last."
    )
    assert SLUG not in told


@pytest.mark.parametrize("garble", ["half", "noise", "other"])
async def test_a_garbled_folder_changes_nothing_and_is_read_again(world: FolderWorld, garble: str) -> None:
    world.tg.folder(SLUG, "News")
    await world.write()
    await world.read()
    world.clock.passes(days=1)
    world.tg.fault("CheckChatlistInvite", garble=garble)
    await world.read()
    assert (await world.members(), (await world.folder()).failures) == (("News",), 1)
    world.clock.passes(minutes=5)
    await world.read()
    assert (await world.folder()).failures == 0


async def test_names_and_titles_of_a_strange_server_break_nothing(world: FolderWorld) -> None:
    odd = [world.tg.channel(name, title) for name, title in [("../../etc", "x"), ("a b", "y"), ("x'; DROP", "z")]]
    long = world.tg.channel("long_one", "\0\u202e" + "Long" * 1000)
    many = [world.tg.channel(f"many_{number}") for number in range(MOST_IN_FOLDER + 50)]
    world.tg.folder(SLUG, *odd, long, "News", "News", *many, title="\0\n" * 500)
    await world.write()
    await world.read()
    members = await world.members()
    assert members[:3] == ("long_one", "News", "many_0")
    assert MOST_IN_FOLDER - len(odd) == len(members)
    assert (await world.folder()).title == ""
    assert (await world.channel("long_one")).title == ("Long" * 50)


async def test_an_empty_folder_empties_no_list(world: FolderWorld) -> None:
    folder = world.tg.folder(SLUG, "News")
    await world.write()
    await world.read()
    folder.channels = []
    world.clock.passes(days=1)
    await world.read()
    assert (await world.members(), (await world.folder()).reason) == (("News",), "Telegram's answer cannot be read")


async def test_groups_persons_and_closed_channels_are_told_once_and_the_rest_is_read(
    world: FolderWorld, inner: Channel
) -> None:
    folder = world.tg.folder(SLUG, "News", world.tg.channel("Talk", megagroup=True), inner)
    folder.others = [T.PeerUser(5), T.PeerChat(6)]
    await world.write()
    for _ in range(2):
        await world.read()
        world.clock.passes(days=1)
    assert await world.members() == ("News",)
    [told] = world.told
    assert told == (
        "the folder of list all holds 1 channel that anyone reads, 1 that open to members only (read where join = true "
        "of its list lets an account in), 3 other chats, which Courant does not read"
    )


async def test_with_join_its_channels_are_joined_as_slowly_as_an_account_may(
    world: FolderWorld, inner: Channel
) -> None:
    world.tg.folder(SLUG, "News", "Other", inner)
    own = f"c/{inner.id}"
    await world.write(f"{LISTS}join = true\n")
    joined = []
    for _ in range(4):
        await world.read(times=3)
        user = world.tg.user(PHONE)["id"]
        joined.append(sum(user in channel.members for channel in world.tg.channels.values()))
        world.clock.passes(minutes=20)
    assert joined == [1, 2, 3, 3]
    assert world.tg.called("JoinChatlistInvite") == 1, "only what is closed is joined by way of the folder"
    assert await world.members() == ("News", "Other", own)
    await world.tg.post(inner, "Ministers met in Riga.", date=world.clock.now.timestamp(), push=False)
    world.clock.passes(hours=1)
    await world.read(times=2)
    assert await world.ids(own) == [1]
    world.clock.passes(days=1)
    await world.read()
    assert (await world.folder()).closed == 0
    assert await world.members() == ("News", "Other", own)


async def test_closed_channels_that_wait_to_be_joined_cost_no_calls(world: FolderWorld) -> None:
    inner = [world.tg.channel(None, f"Inner {number}", invite=f"hash_{number}") for number in range(6)]
    world.tg.folder(SLUG, *inner)
    await world.write(f"{LISTS}join = true\n")
    for _ in range(4):
        await world.read(times=3)
    assert world.tg.called("JoinChatlistInvite") == 1
    assert world.tg.called("CheckChatlistInvite") == 2, "to read the folder, and to join"


async def test_a_closed_channel_whose_admins_were_asked_is_not_asked_again_after_a_restart(
    world: FolderWorld, inner: Channel
) -> None:
    world.tg.folder(SLUG, inner)
    await world.write(f"{LISTS}join = true\n")
    world.tg.fault("JoinChatlistInvite", code=400, text="INVITE_REQUEST_SENT")
    for _ in range(3):
        await world.read(times=2)
        world.clock.passes(hours=2)
    assert world.tg.called("JoinChatlistInvite") == 1
    assert (await world.state(f"c/{inner.id}")).reason == "its admins have not let the account in yet"


@pytest.mark.parametrize(
    ("method", "text", "reason"),
    [
        ("JoinChatlistInvite", "CHATLISTS_TOO_MUCH", "as many shared folders as Telegram allows: leave one"),
        ("JoinChatlistInvite", "CHANNELS_TOO_MUCH", "in as many channels as Telegram allows: leave some"),
        ("JoinChatlistInvite", "FLOOD_WAIT_4000", "asked to wait 4000 s"),
        ("CheckChatlistInvite", "FLOOD_WAIT_4000", "asked to wait 4000 s"),
    ],
)
async def test_why_a_closed_channel_is_not_joined_is_told_and_others_are_read(
    world: FolderWorld, inner: Channel, method: str, text: str, reason: str
) -> None:
    world.tg.folder(SLUG, "News", inner)
    world.tg.join("News", PHONE)  # else both are joined at once, and one waits for the other
    await world.publish(1)
    await world.write(f"{LISTS}join = true\n")
    await world.read()
    world.tg.fault(method, code=420 if text.startswith("FLOOD") else 400, text=text)
    await world.read(times=3)
    state = await world.state(f"c/{inner.id}")
    assert (reason in (state.reason or ""), await world.ids()) == (True, [1])


async def test_an_account_that_is_signed_out_while_it_reads_a_folder_is_out(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "News")
    await world.write()
    world.tg.fault("CheckChatlistInvite", code=401, text="SESSION_REVOKED")
    with pytest.raises(SignedOut):
        await world.read()
    assert (await world.fares())["test"].state is AccountState.SIGNED_OUT
    world.clock.passes(minutes=1)
    await world.read()
    assert await world.members() == ("News",)


async def test_a_closed_channel_stays_out_where_join_is_taken_back_before_it_was_joined(
    world: FolderWorld, inner: Channel
) -> None:
    world.tg.folder(SLUG, "News", inner)
    await world.write(f"{LISTS}join = true\n")
    await world.read()
    await world.write()
    await world.read(times=2)
    assert (await world.members(), world.tg.called("JoinChatlistInvite")) == (("News",), 0)


async def test_a_second_account_finds_all_channels_of_a_folder_by_one_call(world: FolderWorld) -> None:
    names = await world.towns(30)
    world.tg.folder(SLUG, *names)
    await world.write()
    async with world.accounts("test", "other") as readers:
        for _ in range(3):
            for reader in readers:
                await reader.step()
            world.clock.passes(seconds=30)
    assert set((await world.ways()).values()) == {"test", "other"}
    assert (world.tg.called("CheckChatlistInvite"), world.tg.called("ResolveUsername")) == (2, 0)


async def test_a_channel_that_hides_from_the_account_that_reads_the_folder_stays(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "News", "Other")
    await world.write()
    await world.read()
    await world.tg.ban("Other", PHONE)
    world.clock.passes(days=1)
    await world.read()
    assert await world.members() == ("News", "Other")


async def test_an_account_that_may_not_ask_leaves_the_folder_to_another(world: FolderWorld) -> None:
    world.tg.folder(SLUG, "News")
    await world.write()
    world.tg.fault("CheckChatlistInvite", text="FLOOD_WAIT_9000")
    async with world.accounts("test", "other") as [first, second]:
        await first.step()
        assert await world.members() == ()
        world.clock.passes(seconds=30)
        await first.step()
        assert world.tg.called("CheckChatlistInvite") == 1
        world.clock.passes(seconds=30)
        await second.step()
    assert await world.members() == ("News",)


async def test_a_folder_whose_answer_makes_no_sense_keeps_no_channel_from_being_read(
    world: FolderWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may put anything where a chat belongs."""

    def strange(query: object, key: object) -> object:
        return T.chatlists.ChatlistInvite(T.TextWithEntities("x", []), [T.PeerChannel(1)], [T.InputPeerEmpty()], [])

    monkeypatch.setattr(world.tg, "do_chatlists__check_chatlist_invite", strange)
    await world.publish(1)
    await world.write(f'{LISTS}channels = ["News"]\n')
    await world.read(times=2)
    assert (await world.ids(), (await world.folder()).failures) == ([1], 1)
    assert "cannot be read" in ((await world.folder()).reason or "")
