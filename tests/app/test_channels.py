"""The lists of channels from the command line: shown, changed, discovered, imported, exported."""

import asyncio
import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.commands import channels as channels_command
from app.opml import read_opml, write_opml
from app.seeds import load_lists
from core.clock import utc_now
from core.errors import BadInput
from core.lists import Lists, read_lists
from core.model import AccountState, ChannelList, FolderChannel, Refusal, Source, invite_name
from core.settings import Settings
from storage.store import Store
from tests.app.conftest import SEEDS, Courant
from tests.servers.preview_site import PreviewSite

FILE = Path("seeds/channels.toml")


def lists() -> dict[str, tuple[str, ...]]:
    return {each.id: each.channels for each in read_lists(FILE.read_text(encoding="utf-8")).lists}


def test_the_lists_are_shown_in_their_order(day: Path, courant: Courant) -> None:
    said = courant("channels")
    assert said.code == 0
    assert said.out == courant("channels", "list").out
    assert said.lines[0].split("\t")[:3] == ["world", "harbour_wire", "auto"]
    shown = courant("channels", "list", "--json").objects
    assert list(shown[0]) == [
        "list",
        "channel",
        "title",
        "url",
        "source",
        "every",
        "read_at",
        "trouble",
        "way",
        "late",
        "why",
    ]
    assert (shown[0]["title"], shown[0]["url"]) == ("Harbour Wire", "https://t.me/harbour_wire")
    assert shown[0]["every"] is None
    FILE.write_text('[lists.a]\nchannels = ["harbour_wire"]\n[channels.harbour_wire]\nevery = "60m"\n')
    assert courant("channels", "list", "--json").objects[0]["every"] == "1h"


def test_a_channel_is_added_and_removed_in_any_spelling(empty: Path, courant: Courant) -> None:
    said = courant("channels", "add", "@new_one", "https://t.me/s/Harbour_Wire/12", "--list", "world")
    assert said.code == 0
    assert "new_one is now in world" in said.err
    assert "Harbour_Wire is already in world" in said.err
    assert lists()["world"][-1] == "new_one"
    assert "# Lists over the made-up channels" in FILE.read_text(encoding="utf-8")
    refused = courant("channels", "remove", "t.me/new_one", "never_there")
    assert (refused.code, "no longer" in refused.err, lists()["world"][-1]) == (1, False, "new_one")
    assert "new_one is no longer in world" in courant("channels", "remove", "t.me/new_one").err
    assert FILE.read_text(encoding="utf-8") == (SEEDS / "day" / "channels.toml").read_text(encoding="utf-8")


def test_a_new_list_is_begun_with_its_title(empty: Path, courant: Courant) -> None:
    FILE.write_text("")
    begun = courant("channels", "add", "new_one", "--list", "mine", "--title", "My own")
    assert (begun.code, begun.err.splitlines()[0]) == (0, "mine is a new list")
    again = courant("channels", "add", "new_two")  # there is only one list, so it is meant
    assert (again.code, again.err) == (0, "new_two is now in mine\n")
    assert lists() == {"mine": ("new_one", "new_two")}
    assert courant("channels", "add", "new_two", "--title", "My own").code == 0
    refused = courant("channels", "add", "new_two", "--title", "Ours")
    assert (refused.code, "mine is there already: its title is changed in seeds" in refused.err) == (1, True)
    assert "mne is a new list, beside mine" in courant("channels", "add", "new_two", "--list", "mne").err


def test_where_no_channel_is_listed_the_way_to_begin_is_told(empty: Path, courant: Courant) -> None:
    FILE.write_text("")
    said = courant("channels")
    assert (said.code, said.out) == (0, "")
    assert "courant channels add NAME --list ID" in said.err


def test_a_check_names_settings_of_a_channel_that_no_list_names(empty: Path, courant: Courant) -> None:
    FILE.write_text('[lists.mine]\nchannels = ["new_one"]\n[channels.nwe_one]\nevery = "5m"\n')
    said = courant("check", "--offline")
    assert said.code == 0
    assert "sets something for nwe_one, which no list names" in said.out


def test_a_check_leaves_folders_and_what_they_hold_to_an_account_that_is_signed_in(
    empty: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILE.write_text('[lists.papers]\nfolder = "https://t.me/addlist/AbCdEfGh1"\n[channels.held_by_it]\nevery = "5m"\n')
    assert "note  lists     The folder of papers needs an account" in courant("check", "--offline").out
    for name, value in (("API_ID", "1"), ("API_HASH", "x"), ("SESSION", "ann.session")):
        monkeypatch.setenv(f"COURANT_TELEGRAM_{name}", value)
    Path("ann.session").touch()
    assert "ok    lists     seeds/channels.toml: lists 1, channels 0" in courant("check", "--offline").out


def test_a_check_tells_that_the_bot_may_not_change_the_lists(
    empty: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    FILE.chmod(0o444)
    assert "may not be written" not in courant("check", "--offline").out
    monkeypatch.setenv("COURANT_ADMINS", "7")
    assert "note  lists     seeds/channels.toml may not be written from here" in courant("check", "--offline").out


def test_a_check_names_the_file_that_the_bot_would_write(
    home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_ADMINS", "7")
    monkeypatch.setattr("core.list_file.ListFile.may_be_edited", lambda file: False)
    assert "note  lists     seeds/channels.toml may not be written from here" in courant("check", "--offline").out
    assert not FILE.exists(), "the lists in force came with the program"


def test_a_check_refuses_what_a_run_would_refuse(
    empty: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_FETCH_ALLOW", "a b")
    said = courant("check", "--offline")
    assert (said.code, "fail  settings  COURANT_FETCH_ALLOW: 'a b' is not a host" in said.out) == (1, True)


def test_a_check_knows_no_disk_of_a_database_whose_address_is_none(
    empty: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_DATABASE_URL", "sqlite://")
    assert courant("check", "--offline").out.count("COURANT_DATABASE_URL: must be sqlite:///FILE") == 2


def test_a_check_tells_of_a_database_that_may_only_be_read(
    empty: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).suffix != ".db")  # whoever tests may write anything
    said = courant("check", "--offline")
    assert (said.code, "fail  database  var/courant.db: may be read, but not written" in said.out) == (1, True)


def test_a_check_tells_of_tables_that_are_not_ours(empty: Path, courant: Courant) -> None:
    courant("stats")  # which makes them
    with closing(sqlite3.connect("var/courant.db")) as database:
        database.execute("ALTER TABLE post DROP COLUMN stored_at")
    said = courant("check", "--offline")
    assert (said.code, "fail  database  The tables of the database are not as this" in said.out) == (1, True)


def test_lists_that_came_with_the_program_are_the_beginning_of_ones_own(home: Path, courant: Courant) -> None:
    shipped = SEEDS / "channels.toml"
    before = shipped.read_text(encoding="utf-8")
    assert courant("channels", "remove", "bbcbreaking").code == 0
    assert shipped.read_text(encoding="utf-8") == before
    assert lists()["world"] == ("The_International_Affairs",)


def test_lists_of_ones_own_that_cannot_be_read_are_not_replaced_by_others(home: Path, courant: Courant) -> None:
    (home / "seeds").mkdir(exist_ok=True)
    (home / "seeds" / "channels.toml").mkdir()
    for command in (["list"], ["add", "harbour_wire", "--list", "world"]):
        said = courant("channels", *command)
        assert (said.code, said.out) == (1, "")
        assert "channels.toml: cannot be read" in said.err


def test_a_folder_of_ones_own_begins_empty(home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "mine").mkdir()
    monkeypatch.setenv("COURANT_SEEDS", str(home / "mine"))
    assert courant("channels", "add", "new_one", "--list", "a").code == 0
    assert (home / "mine" / "channels.toml").read_text() == '[lists.a]\nchannels = ["new_one"]\n'
    assert not FILE.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("add", "new_one"), 2, "say which list with --list; there are: world, economy"),
        (("add", "../../etc", "--list", "world"), 1, "courant: "),
        (("add", "x'; DROP TABLE post", "--list", "world"), 1, "courant: "),
        (("add", "new_one", "--list", "No Such!"), 1, "no id of a list"),
        (("remove", "never_there"), 1, "is in none of the lists"),
        (("remove", "tin_ticker", "--list", "city"), 1, "is not in city"),
        (("remove", "tin_ticker", "--list", "nope"), 1, "there is no such list"),
        (("import", "nowhere.opml"), 1, "cannot be read: No such file"),
        (("discover", "nowhere.html"), 1, "cannot be read: No such file"),
        (("discover", "https://192.168.0.1/"), 1, "https://192.168.0.1"),
        (("discover", "http://localhost/"), 1, "http://localhost"),
    ],
)
def test_what_cannot_be_done_gets_one_sentence(
    arguments: tuple[str, ...], code: int, words: str, empty: Path, courant: Courant
) -> None:
    before = FILE.read_text(encoding="utf-8")
    said = courant("channels", *arguments)
    assert said.code == code
    assert words in said.err
    assert FILE.read_text(encoding="utf-8") == before


def test_a_broken_file_is_neither_shown_nor_edited(empty: Path, courant: Courant) -> None:
    FILE.write_text("[lists.world]\nchannels = ['good_name', '../x']\n")
    for arguments in (("list",), ("add", "new_one", "--list", "world"), ("export",)):
        said = courant("channels", *arguments)
        assert said.code == 1
        assert said.err == 'courant: seeds/channels.toml, line 2: "../x" is no name of a channel\n'


def test_lists_go_out_as_toml_and_opml_and_come_back(empty: Path, courant: Courant) -> None:
    assert courant("channels", "export").out == FILE.read_text(encoding="utf-8")
    opml = courant("channels", "export", "--format", "opml").out
    (empty / "feeds.opml").write_text(opml, encoding="utf-8")
    before = lists()
    assert courant("channels", "import", empty / "feeds.opml").err == "0 channels added\n"
    assert FILE.read_text(encoding="utf-8") == (SEEDS / "day" / "channels.toml").read_text(encoding="utf-8")
    FILE.write_text("")
    said = courant("channels", "import", empty / "feeds.opml")
    assert (said.code, said.err) == (0, f"{sum(map(len, before.values()))} channels added\n")
    assert list(lists().values()) == list(before.values())
    assert "0 channels added" in courant("channels", "import", empty / "feeds.opml").err
    FILE.write_text("")
    assert courant("channels", "import", SEEDS / "day" / "channels.toml").code == 0
    assert lists() == before
    assert courant("channels", "import", SEEDS / "channels.toml", "--list", "all").code == 0
    assert "bbcbreaking" in lists()["all"]


def test_an_invite_link_is_listed_as_it_is_and_told_to_nobody(empty: Path, courant: Courant) -> None:
    link = "https://t.me/+AbCdEfGh123"
    assert courant("channels", "add", "https://t.me/joinchat/AbCdEfGh123", "--list", "inner").code == 0
    assert f'[lists.inner]\nchannels = ["{link}"]' in FILE.read_text(encoding="utf-8")
    assert "is already in inner" in courant("channels", "add", link, "--list", "inner").err
    shown = courant("channels").out
    assert "AbCdEfGh123" not in shown
    [row] = [each for each in courant("channels", "list", "--json").objects if each["list"] == "inner"]
    assert (row["channel"], row["url"], row["source"]) == (invite_name("AbCdEfGh123"), None, "account")
    (empty / "feeds.opml").write_text(courant("channels", "export", "--format", "opml").out, encoding="utf-8")
    before = FILE.read_text(encoding="utf-8")
    (empty / "other.toml").write_text(before, encoding="utf-8")
    for file in ("feeds.opml", "other.toml"):
        FILE.write_text("")
        assert courant("channels", "import", empty / file).code == 0
        assert f'channels = ["{link}"]' in FILE.read_text(encoding="utf-8")
    assert courant("channels", "remove", "t.me/+AbCdEfGh123").code == 0
    assert link not in FILE.read_text(encoding="utf-8")


def test_a_list_of_a_feed_reader_is_the_one_that_is_called_so_however_it_is_written(
    empty: Path, courant: Courant
) -> None:
    folder = '<outline text="world AFFAIRS."><outline xmlUrl="https://t.me/s/new_one"/></outline>'
    (empty / "feeds.opml").write_text(f"<opml><body>{folder}</body></opml>", encoding="utf-8")
    before = lists()
    assert courant("channels", "import", empty / "feeds.opml").err == "1 channel added\n"
    assert lists().keys() == before.keys()
    assert "new_one" in lists()["world"]


def test_lists_whose_titles_have_no_latin_letters_stay_apart(empty: Path, courant: Courant) -> None:
    titles = ("新闻", "科技", "\U0001f468\u200d\U0001f467 \u2066Family\n", f"long {'x' * 600}", "\u200b")
    folders = "".join(
        f'<outline text="{title}"><outline xmlUrl="https://t.me/s/new_one_{at}"/></outline>'
        for at, title in enumerate(titles)
    )
    (empty / "feeds.opml").write_text(f"<opml><body>{folders}</body></opml>", encoding="utf-8")
    FILE.write_text("")
    for added in (5, 0):
        assert courant("channels", "import", empty / "feeds.opml").err == f"{added} channels added\n"
        assert list(lists().values()) == [(f"new_one_{at}",) for at in (0, 1, 2, 3, 4)], "the last has no title"
    text = FILE.read_text(encoding="utf-8")
    assert all(f'title = "{title}"' in text for title in ("新闻", "科技", "\U0001f468\u200d\U0001f467 Family"))


def test_opml_of_feed_readers_is_understood() -> None:
    document = b"""<?xml version="1.0"?><opml version="1.1"><head><title>x</title></head><body>
      <outline text="World &amp; more"><outline text="a" type="rss" xmlUrl="https://rsshub.app/telegram/channel/Harbour_Wire"/>
        <outline text="deeper"><outline xmlUrl="https://t.me/s/meridian"/></outline>
        <outline text="a blog" xmlUrl="https://blog.example/feed.xml"/></outline>
      <outline text="b" htmlUrl="https://t.me/harbour_wire/12"/></body></opml>"""
    assert read_opml(document, "x") == {"World & more": ["Harbour_Wire"], "deeper": ["meridian"], "": ["harbour_wire"]}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<html></html>", "but no OPML"),
        (b"<opml>", "is no OPML"),
        (b"", "is no OPML"),
        (
            b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>',
            "type",
        ),
        (b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml/>', "type"),
        (b"<opml>" + b" " * (5 << 20) + b"</opml>", "larger than 4 MB"),
    ],
    ids=["html", "cut", "empty", "file", "bomb", "large"],
)
def test_what_is_no_opml_is_refused(document: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_opml(document, "feeds.opml")


def test_opml_is_escaped() -> None:
    assert "&lt;b&gt;" in write_opml(Lists(lists=(ChannelList(id="a", titles={"": "<b>"}, channels=("abcd",)),)))


def test_the_channel_of_the_seed_article_is_discovered(empty: Path, courant: Courant) -> None:
    said = courant("channels", "discover", SEEDS / "view-from-london.html", "--offline")
    assert said.code == 0
    assert said.lines[-1] == 'channels = ["The_International_Affairs"]'
    [find] = courant("channels", "discover", SEEDS / "view-from-london.txt", "--offline", "--json").objects
    assert list(find) == ["form", "url", "name", "post", "kind", "title", "members", "preview", "context", "line"]
    assert (find["form"], find["name"], find["kind"]) == ("name", "The_International_Affairs", "unknown")
    assert find["line"] == '"The_International_Affairs"'


def test_forms_are_told_apart(empty: Path, courant: Courant) -> None:
    (empty / "a.txt").write_text(
        "t.me/good_name t.me/good_name/5 t.me/+AAAAAAAAAAA t.me/share/url?url=x t.me/some_bot t.me/c/12345/6"
    )
    found = {find["form"]: find for find in courant("channels", "discover", "a.txt", "--offline", "--json").objects}
    assert {"name", "post", "invite", "bot", "private_post"} <= set(found)
    assert found["post"]["post"] == 5
    assert found["bot"]["kind"] == "bot"
    assert found["bot"]["line"] is None
    assert "no Telegram address" in courant("channels", "discover", "seeds/channels.toml", "--offline").err


async def test_landing_pages_tell_channels_from_groups_and_a_page_may_be_an_address(empty: Path) -> None:
    import asyncio

    from app.commands.channels_discover import _discover, _may_be_channel, _object
    from core.settings import Settings

    async with PreviewSite() as site:
        site.channel("good_name", title="Good")
        site.post("good_name", "See t.me/some_group and t.me/nobody_here and t.me/good_name")
        site.channel("some_group", kind="group")
        settings = Settings(preview_url=site.url)
        async with asyncio.timeout(60):
            seen = await _discover(settings, f"{site.url}/s/good_name", offline=False)
    kinds = {find["name"]: find["kind"] for find in map(_object, seen) if find["form"] == "name"}
    assert kinds["good_name"] == "channel"
    assert kinds["some_group"] == "group"
    assert kinds["nobody_here"] == "missing"
    assert [name for name in map(str, kinds) if _may_be_channel(name, seen)] == ["good_name"]
    assert json.dumps([_object(each) for each in seen])


async def test_it_is_shown_by_what_way_each_channel_is_read_and_why(day: Path) -> None:
    now = utc_now()
    store = await Store.open("sqlite:///var/courant.db")
    async with store.begin() as tx:
        await tx.channels.take_over(load_lists(FILE).lists, {})
        ids = await tx.channels.ensure(["harbour_wire", "meridian_dispatch", "tin_ticker"])
        ways = {ids["harbour_wire"]: "ann", ids["meridian_dispatch"]: "web", ids["tin_ticker"]: "web"}
        await tx.channels.change_over(ways, now - timedelta(hours=1))
        await tx.accounts.fares("ann", AccountState.READING, now)
        later = now + timedelta(hours=1)
        refusal = Refusal(channel=ids["meridian_dispatch"], account="ann", until=later, reason="a flood")
        await tx.accounts.refuse(refusal, now)
        read = datetime(2025, 2, 18, 7, 0, 5, 12, UTC)
        await tx.channels.was_read(
            ids["tin_ticker"], Source.WEB, cursor=1, oldest=1, now=read, next_at=now + timedelta(minutes=5)
        )
    await store.close()
    chosen = Settings()
    lists, stand = load_lists(FILE), await channels_command._stand(chosen)
    rows = {name: channels_command._row(lists, "world", name, stand, now) for name in ids}
    assert {name: (row["way"], row["late"], row["why"]) for name, row in rows.items()} == {
        "harbour_wire": ("ann", 3600, None),
        "meridian_dispatch": ("web", 0, "ann: a flood"),
        "tin_ticker": ("web", 0, "no account has looked it up yet"),
    }
    assert rows["tin_ticker"]["read_at"] == "2025-02-18T07:00:05+00:00"


def test_a_folder_is_added_and_what_it_holds_is_shown(empty: Path, courant: Courant) -> None:
    said = courant(
        "channels", "add", "https://t.me/addlist/AbCdEfGh1", "mayak", "--list", "papers", "--title", "Papers"
    )
    assert said.code == 0
    assert "the folder is now in papers; an account reads what it holds" in said.err
    assert "its folder has not been read yet, which needs an account" in courant("channels").err
    assert "needs an account to be read: sign one in with `courant login`" in courant("check", "--offline").out
    taken = read_lists(FILE.read_text(encoding="utf-8"))

    async def read() -> None:
        store = await Store.open("sqlite:///var/courant.db")
        async with store.begin() as tx:
            await tx.channels.take_over(taken.lists, taken.settings)
            members = [FolderChannel(telegram_id=7, name="Meridian"), FolderChannel(telegram_id=8, name="Mayak")]
            await tx.folders.was_read("AbCdEfGh1", "Papers", members, 2, utc_now(), utc_now())
            await tx.channels.take_over(taken.lists, taken.settings)
        await store.close()

    asyncio.run(read())
    said = courant("channels", "list", "--json")
    assert [row["channel"] for row in said.objects if row["list"] == "papers"] == ["mayak", "Meridian"]
    assert "the folder of list papers holds 2 channels that anyone reads, 2 other chats" in said.err
    assert "is in papers by its folder" in courant("channels", "remove", "meridian", "--list", "papers").err
    assert courant("channels", "add", "meridian", "--list", "world").code == 0
    assert "is not in world" in courant("channels", "remove", "mayak", "--list", "world").err


def test_a_folder_goes_along_with_the_lists_of_another_file(empty: Path, courant: Courant) -> None:
    (empty / "other.toml").write_text('[lists.papers]\nfolder = "https://t.me/addlist/AbCdEfGh1"\n')
    assert courant("channels", "import", "other.toml").code == 0
    [*_, papers] = read_lists(FILE.read_text(encoding="utf-8")).lists
    assert (papers.id, papers.folder) == ("papers", "AbCdEfGh1")


def test_a_folder_that_a_page_links_is_offered(empty: Path, courant: Courant) -> None:
    (empty / "page.html").write_text('<p>All of them: <a href="https://t.me/addlist/AbCdEfGh1">here</a></p>')
    assert 'folder = "https://t.me/addlist/AbCdEfGh1"' in courant("channels", "discover", "page.html", "--offline").out


def test_lists_in_a_pipe_are_not_waited_for(empty: Path, courant: Courant) -> None:
    (empty / "seeds" / "channels.toml").unlink()
    os.mkfifo(empty / "seeds" / "channels.toml")
    for command in (["channels"], ["channels", "add", "bbcbreaking"]):
        said = courant(*command)
        assert (said.code, said.err) == (
            1,
            "courant: seeds/channels.toml: is a pipe or a device: lists are kept in a file\n",
        )


def test_lists_are_taken_from_a_pipe(empty: Path, courant: Courant) -> None:
    os.mkfifo(empty / "theirs.toml")
    theirs = "[lists.theirs]\r\nchannels = ['bbcbreaking']\r\n"
    with ThreadPoolExecutor() as writer:
        writer.submit((empty / "theirs.toml").write_text, theirs, newline="")
        assert courant("channels", "import", "theirs.toml").err == "1 channel added\n"
