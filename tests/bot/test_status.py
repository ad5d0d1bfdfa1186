"""What those who run the place are shown of the reading, over a real Bot API server."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from bot.client import open_bot
from bot.delivery import Sender
from bot.dispatcher import make_dispatcher
from bot.keeper import Keeper
from bot.looks import Looks
from bot.polling import poll
from bot.views.status import MOST, status
from core.list_file import ListFile
from core.model import (
    WEB_WAY,
    AccountState,
    AccountStatus,
    Channel,
    ChannelId,
    ChannelList,
    Folder,
    Reader,
    ReaderId,
    Reading,
    Source,
)
from digest.render.markup import utf16, visible
from storage.store import Store
from tests.bot.running import cancelled
from tests.moments import NOW, Moment
from tests.servers.bot_api import BotApi


async def test_only_those_who_run_the_place_see_how_it_reads(world: Store, clock: Moment, tmp_path: Path) -> None:
    async with world.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire", "meridian_dispatch", "mayak", "city_desk"])
        await tx.channels.change_over(dict.fromkeys(ids.values(), WEB_WAY) | {ids["mayak"]: "ann"}, NOW)
        await tx.channels.was_read(ids["mayak"], Source.ACCOUNT, cursor=1, oldest=1, now=NOW, next_at=NOW)
        late = NOW - timedelta(hours=2)
        await tx.channels.was_read(ids["city_desk"], Source.WEB, cursor=1, oldest=1, now=late, next_at=late)
        await tx.channels.failed(ids["harbour_wire"], Source.WEB, "shows <no> preview", NOW, now=NOW)
        await tx.accounts.fares("ann", AccountState.READING, NOW)
        await tx.accounts.fares("bob", AccountState.SIGNED_OUT, NOW, reason="signed out: sign in")
        await tx.accounts.fares("cyd", AccountState.RESTING, NOW, until=NOW + timedelta(hours=3), reason="a flood")
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        alice, eve = api.person("Alice"), api.person("Eve")
        wake, looks = asyncio.Event(), Looks()
        keeper = Keeper(world, ListFile(tmp_path / "channels.toml"), (alice.id,))
        dispatcher = make_dispatcher(world, clock, wake=wake, looks=looks, keeper=keeper)
        sender = Sender(world, bot, clock, wake=wake, looks=looks)
        admins = (alice.id, 404)  # who has never written to the bot
        async with cancelled(lambda: poll(dispatcher, bot, patience=0.01, admins=admins), sender.run):
            await alice.says("/status")
            told = (await alice.sees("channels are followed")).text
            await alice.says("/add @new_one harbour")
            await alice.presses("＋ harbour")
            await alice.sees("The list harbour is begun with @new_one")
            await eve.says("/status")
            refused = (await eve.sees("/status is for")).text
    menus = {
        (scope, language): [each["command"] for each in commands]
        for (scope, language), commands in api.commands.items()
    }
    own = json.dumps({"type": "chat", "chat_id": alice.id}, sort_keys=True)
    assert menus[own, "ru"][:3] == menus[own, ""][:3] == ["status", "add", "remove"]
    assert (len(menus), "status" in str(menus['{"type": "default"}', ""])) == (4, False)
    async with world.read() as tx:
        assert {each.id: each.channels for each in await tx.channels.lists()} == {"harbour": ("new_one",)}
    assert told.splitlines() == [
        "4 channels are followed, 3 of them by the web preview.",
        "Account ann reads 1 channel.",
        "Account bob is out since 2025-02-18 18:00: signed out: sign in",
        "Account cyd rests until 2025-02-18 21:00: a flood",
        "",
        "Not read as they should be (2):",
        "@harbour_wire, by the web preview, never read, 0 min late: shows <no> preview",
        "@city_desk, by the web preview, last read 2025-02-18 16:00, 120 min late",
    ]
    assert f"your number, {eve.id}, into COURANT_ADMINS" in refused
    assert not [message for message in eve.messages() if "are followed" in message.text]


def test_all_that_goes_wrong_at_once_still_fits_into_a_message() -> None:
    words = "The channel is private, and you lack permission to read it. " * 4
    bad = [
        Reading(
            channel=Channel(id=ChannelId(at), name=f"channel_{at}", title="x", way="ann"),
            source=Source.ACCOUNT,
            failures=3,
            reason=words,
        )
        for at in range(40)
    ]
    accounts = [AccountStatus(name=f"account_{at}", state=AccountState.BANNED, since=NOW, reason=words) for at in "abc"]
    folders = [Folder(slug="x", lists=(f"list_{at}",), failures=1, reason=words) for at in range(12)]

    view = status(Reader(id=ReaderId(1), chat_id=1), accounts, bad, NOW, folders)

    assert 3000 < utf16(visible(view.text)) <= 4096
    named = view.text.count("@channel_")
    assert named > 2
    assert f"… and {40 - named} more" in view.text


def test_folders_are_told_with_what_of_them_is_not_read() -> None:
    folders = (
        Folder(slug="a", lists=("world",), channels=5, closed=1, others=2, read_at=NOW),
        Folder(slug="b", lists=("new", "newer")),
        Folder(slug="c", lists=("dead",), read_at=NOW, failures=2, reason="has <expired>"),
    )
    view = status(Reader(id=ReaderId(1), chat_id=1), (), (), NOW, folders)
    assert view.text.splitlines()[1:] == [
        "The folder of world, read 2025-02-18 18:00: channels 5, of them closed 1, other chats 2.",
        "The folder of new, newer has not been read yet, which needs an account.",
        "The folder of dead could not be read: has &lt;expired&gt;",
    ]
    assert "Папка для world" in status(Reader(id=ReaderId(1), chat_id=1, language="ru"), (), (), NOW, folders).text


async def test_a_long_list_of_troubles_is_cut(world: Store) -> None:
    names = tuple(f"town_{number}" for number in range(200))
    async with world.begin() as tx:
        await tx.channels.take_over([ChannelList(id="all", titles={"": "All"}, channels=names)], {})
        for channel in (await tx.channels.ensure(names)).values():
            await tx.channels.failed(channel, Source.WEB, "x" * 200, NOW, now=NOW)
        readings = await tx.channels.present()
    view = status(Reader(id=ReaderId(1), chat_id=1, language="ru"), (), readings, NOW)
    assert view.text.count("town_") == MOST
    assert len(view.text) < 4096
    assert view.text.endswith("и ещё 188: courant channels")
