"""Lists kept from the bot by those who run the place: what is asked, what stands in the file then, what is in force."""

from pathlib import Path

import pytest

from bot.errands import Errand, addresses, read_errand
from core.errors import BadInput
from core.list_file import ListFile
from core.lists import read_lists
from core.model import ChannelList, FolderChannel, Source
from storage.store import Store
from tests.bot.world import LISTS, Talk, a_forward
from tests.moments import NOW, Moment

FILE = """\
# what we follow
[lists.world]
title = { en = "World affairs", ru = "Мир" }
channels = ["harbour_wire", "meridian_dispatch"] # the best

[lists.novosti]
title = "News in Russian"
channels = ["mayak"]
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("channels.toml")  # however deep temporary files lie: what is told of it is cut
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
async def keeping(world: Store, clock: Moment, path: Path) -> Talk:
    """A private chat of one who runs the place."""
    talk = Talk(world, clock, lists=ListFile(path))
    await talk.starts("not now")
    return talk


def listed(path: Path) -> dict[str, tuple[str, ...]]:
    return {each.id: each.channels for each in read_lists(said_in(path)).lists}


def said_in(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def write(path: Path, text: str | None) -> None:
    """Another text, or none that could be changed."""
    if text is None:
        path.chmod(0o444)
    else:
        path.write_text(text, encoding="utf-8")


async def in_force(store: Store) -> dict[str, tuple[str, ...]]:
    async with store.read() as tx:
        return {each.id: each.channels for each in await tx.channels.lists()}


async def test_channels_are_added_to_a_list_and_are_in_force_at_once(keeping: Talk, path: Path, world: Store) -> None:
    said = await keeping.hears("/add @city_desk https://t.me/s/Tin_Ticker/5 harbour_wire to world affairs")
    assert "@city_desk, @Tin_Ticker are in <b>World affairs</b> now" in said
    said = await keeping.hears("/ADD t.me/harbour_wire, t.me/city_desk мир")
    assert "@harbour_wire, @city_desk were in <b>World affairs</b> already" in said
    wanted = ("harbour_wire", "meridian_dispatch", "city_desk", "Tin_Ticker")
    assert listed(path)["world"] == (await in_force(world))["world"] == wanted
    assert said_in(path).startswith("# what we follow")


async def test_who_runs_the_place_and_asks_for_another_channel_is_told_the_command(keeping: Talk) -> None:
    assert "<code>/add @name world</code>" in await keeping.hears("как добавить канал?")


async def test_lists_are_kept_in_words_by_those_who_run_the_place(keeping: Talk, path: Path) -> None:
    assert "@fresh_one is in <b>World affairs</b> now" in await keeping.hears("add @fresh_one to World affairs")
    assert "fresh_one" in said_in(path)
    assert "no longer in <b>World affairs</b>" in await keeping.hears("убери канал @fresh_one из world")
    assert "fresh_one" not in said_in(path)
    assert "Which list" in await keeping.hears("добавь t.me/fresh_one")
    assert "Harbour" in await keeping.hears("remove @harbour_wire")  # by a reader, who follows it no longer
    assert "harbour_wire" in said_in(path)
    assert "took this as a search" in await keeping.hears("add @fresh_one bridges")


@pytest.mark.parametrize(
    "text",
    [
        "please add @fresh_one to world",
        "add @fresh_one to world, please",
        "добавь, пожалуйста, @fresh_one в Мир",
        "add @fresh_one to the list World affairs",
        "put @fresh_one into the world list.",
    ],
)
async def test_who_keeps_the_lists_may_say_please_and_that_a_list_is_one(keeping: Talk, path: Path, text: str) -> None:
    assert "@fresh_one is in <b>World affairs</b> now" in await keeping.hears(text)
    assert "fresh_one" in listed(path)["world"]
    assert len(listed(path)) == 2


async def test_nobody_else_keeps_lists_in_words(settled: Talk) -> None:
    assert "took this as a search" in await settled.hears("add @fresh_one to World affairs")


async def test_a_slip_in_a_command_of_those_who_run_the_place_is_known(keeping: Talk) -> None:
    assert "Did you mean /status?" in await keeping.hears("/statis")


async def test_an_addition_is_taken_back_by_its_button(keeping: Talk, path: Path, world: Store) -> None:
    await keeping.says("/add city_desk world")
    _, undone = await keeping.presses("Undo")
    assert "@city_desk is no longer in <b>World affairs</b>" in undone["text"]
    assert said_in(path) == FILE
    _, again = await keeping.presses("Undo")
    assert "@city_desk is in" in again["text"]
    assert "city_desk" in (await in_force(world))["world"]


async def test_what_was_taken_out_of_several_lists_is_put_back_where_it_stood_with_its_comments(
    keeping: Talk, path: Path
) -> None:
    text = FILE.replace('["mayak"]', '[\n  "harbour_wire", # first, for its speed\n  "mayak",\n]')
    write(path, text)
    removed = await keeping.hears("/remove harbour_wire")
    assert removed.count("stays in searches") == 1
    assert listed(path) == {"world": ("meridian_dispatch",), "novosti": ("mayak",)}
    await keeping.presses("Undo")
    assert said_in(path) == text


async def test_what_others_have_changed_since_stays_when_something_is_put_back(keeping: Talk, path: Path) -> None:
    await keeping.says("/remove harbour_wire")
    buttons = keeping.in_sight()
    await keeping.says("/add city_desk world")
    keeping.scroll_back(buttons)
    await keeping.presses("Undo")
    assert listed(path)["world"] == ("meridian_dispatch", "city_desk", "harbour_wire")


async def test_a_folder_that_was_added_is_taken_out_by_hand_only(keeping: Talk, path: Path) -> None:
    (added,) = await keeping.says("/add https://t.me/addlist/AbCdEfGh1 world")
    assert "AbCdEfGh1" in said_in(path)
    assert "↶ Undo" not in added["buttons"]


async def test_where_no_list_is_named_it_is_asked_for(keeping: Talk, path: Path) -> None:
    (asked,) = await keeping.says("/add @city_desk @tin_ticker")
    assert "Which list shall I add @city_desk, @tin_ticker to?" in asked["text"]
    assert asked["buttons"] == ["World affairs", "News in Russian", "New list…"]
    await keeping.presses("News in Russian")
    assert listed(path)["novosti"] == ("mayak", "city_desk", "tin_ticker")


async def test_a_list_that_is_not_there_is_offered_to_be_begun(keeping: Talk, path: Path, world: Store) -> None:
    (asked,) = await keeping.says('/add @city_desk Наш "город"')
    assert "There is no list “Наш &quot;город&quot;” yet" in asked["text"]
    _, begun = await keeping.presses("＋")
    assert "Readers can type it as <code>nash-gorod</code>" in begun["text"]
    assert (await in_force(world))["nash-gorod"] == ("city_desk",)
    assert begun["buttons"] == ["↶ Undo", "Follow it"]
    _, undone = await keeping.presses("Undo")
    assert undone["buttons"] == ["↶ Undo", "◀ All lists"]
    assert said_in(path) == FILE
    _, again = await keeping.presses("Undo")
    assert "is begun with @city_desk" in again["text"]
    await keeping.says("/remove city_desk")
    _, gone = await keeping.presses("Remove the empty list")
    assert "is gone" in gone["text"]
    assert said_in(path) == FILE


async def test_another_list_may_be_chosen_than_the_one_that_is_not_there(keeping: Talk, path: Path) -> None:
    await keeping.says("/add @city_desk Town")
    await keeping.presses("News in Russian")
    assert listed(path) == {"world": ("harbour_wire", "meridian_dispatch"), "novosti": ("mayak", "city_desk")}


@pytest.mark.parametrize(
    "meanwhile",
    [FILE, FILE.replace('channels = ["mayak"]', 'channels = []\nfolder = "https://t.me/addlist/AbCdEfGh1"')],
    ids=["a channel", "a folder"],
)
async def test_a_list_that_holds_something_again_is_not_removed_by_a_button_of_when_it_was_empty(
    keeping: Talk, path: Path, meanwhile: str
) -> None:
    await keeping.says("/status")
    await keeping.presses("News in Russian")
    await keeping.presses("✕ @mayak")
    write(path, meanwhile)
    await keeping.presses("Remove the empty list")
    assert said_in(path) == meanwhile


async def test_channels_are_taken_out_by_buttons_however_they_are_written(
    keeping: Talk, path: Path, world: Store
) -> None:
    text = FILE.replace('"mayak"', '"Harbour_Wire", "https://t.me/+AbCdEfGh123"')
    write(path, text)
    before = listed(path)["novosti"]
    async with world.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire"])
        await tx.channels.was_read(ids["harbour_wire"], Source.WEB, cursor=1, oldest=1, now=NOW, next_at=NOW)
    await keeping.says("/status")
    _, shown = await keeping.presses("News in Russian")
    assert "@Harbour_Wire, by the web preview, read 2025-02-18 18:00" in shown["text"]
    for button in shown["buttons"][:2]:
        await keeping.presses(button)
        assert len(listed(path)["novosti"]) == 1
        write(path, f"{said_in(path)}# changed since by hand\n")
        await keeping.presses("Undo")
        assert sorted(listed(path)["novosti"]) == sorted(before)
        await keeping.says("/status")
        await keeping.presses("News in Russian")


async def test_a_title_that_stands_in_the_command_is_made_fit_for_the_file(keeping: Talk, path: Path) -> None:
    await keeping.says(f"/add @city_desk Our\u200b town {'and more ' * 60}")
    _, begun = await keeping.presses("＋")
    assert "is begun with @city_desk" in begun["text"]
    (title,) = read_lists(said_in(path)).lists[-1].titles.values()
    assert (title.startswith("Our town and more"), len(title)) == (True, 80)


@pytest.mark.parametrize("text", ["/add @evil_one world", "/remove @harbour_wire", "/ADD @evil_one", "/status"])
async def test_a_command_in_a_post_that_is_forwarded_is_not_obeyed(keeping: Talk, path: Path, text: str) -> None:
    before = said_in(path)
    assert "<b>Mayak</b> is" in await keeping.gets(**a_forward("mayak", 1, text=text))
    assert "Which list shall I add @evil_two to?" in await keeping.gets(**a_forward("evil_two", 2, text=text))
    assert said_in(path) == before


async def test_a_new_list_is_asked_for_its_title(keeping: Talk, path: Path) -> None:
    await keeping.says("/add @city_desk")
    _, question = await keeping.presses("New list")
    assert "What is the new list called?" in question["text"]
    assert "The list <b>News</b> is begun" in await keeping.hears("News")  # else it would ask for the digest
    await keeping.presses("Undo")
    await keeping.says("/add @city_desk")
    await keeping.presses("New list")
    assert "Nothing has changed" in await keeping.hears("cancel")
    await keeping.says("/add @city_desk")
    await keeping.presses("New list")
    assert "The list <b>Town</b> is begun with @city_desk" in await keeping.hears("Town\u200b")
    assert listed(path)["town"] == ("city_desk",)
    assert "You are welcome" in await keeping.hears("thanks")  # nothing is asked any more


@pytest.mark.parametrize("asked", ["/lists", "/help", "/unknown"])
async def test_a_title_is_not_waited_for_once_something_else_is_asked(keeping: Talk, path: Path, asked: str) -> None:
    await keeping.says("/add @city_desk")
    await keeping.presses("New list")
    await keeping.says(asked)
    assert "<b>storm</b>" in await keeping.hears("storm")
    assert said_in(path) == FILE


@pytest.mark.parametrize(
    "shown",
    [{"text": "@third_one"}, {"text": "add @third_one"}, a_forward("third_one", 1, text="A storm cut power.")],
)
async def test_a_channel_that_is_shown_is_no_title_of_a_list(keeping: Talk, path: Path, shown: dict[str, str]) -> None:
    await keeping.says("/add @city_desk")
    await keeping.presses("New list")
    assert "Which list shall I add @third_one to?" in await keeping.gets(**shown)
    assert said_in(path) == FILE


async def test_channels_are_removed_from_all_lists_or_from_one_and_come_back(
    keeping: Talk, path: Path, world: Store
) -> None:
    await keeping.says("/add harbour_wire novosti")
    before = listed(path)
    said = await keeping.hears("/remove @harbour_wire from novosti")
    assert "@harbour_wire is no longer in <b>News in Russian</b>" in said
    await keeping.says("#1")
    assert listed(path) == before
    assert (await keeping.hears("/remove t.me/harbour_wire")).count("is no longer in") == 2
    assert "harbour_wire" not in str(await in_force(world))
    assert "<b>storm</b>" in await keeping.hears("/search storm")  # what was published stays


async def test_what_is_in_no_list_is_told(keeping: Talk, path: Path, world: Store) -> None:
    write(path, f"{FILE}[lists.papers]\nfolder = 'https://t.me/addlist/AbCdEfGh1'\nchannels = ['mayak']\n")
    lists = read_lists(said_in(path))
    async with world.begin() as tx:
        await tx.channels.take_over(lists.lists, lists.settings)
        await tx.folders.was_read("AbCdEfGh1", "", [FolderChannel(telegram_id=7, name="held_one")], 0, NOW, NOW)
    said = await keeping.hears("/remove @held_one @nobody_here")
    assert "@held_one is in <b>papers</b> by its folder" in said
    assert "@nobody_here is in none of the lists" in said
    assert "@held_one is in <b>papers</b> by its folder" in await keeping.hears("/remove @held_one papers")
    assert "@mayak is not in <b>World affairs</b>" in await keeping.hears("/remove mayak world")
    assert "There is no list “moon”" in await keeping.hears("/remove @mayak moon")
    await keeping.says("/status")
    _, shown = await keeping.presses("papers")
    assert "@held_one, not read yet (by the folder)" in shown["text"]
    assert shown["buttons"] == ["✕ @mayak", "◀ All lists"]
    assert said_in(path).startswith(FILE)


async def test_what_was_not_there_is_told_beside_what_was_removed(keeping: Talk) -> None:
    said = await keeping.hears("/remove @mayak @nobody_here @harbour_wire")
    assert "@mayak is no longer in <b>News in Russian</b>" in said
    assert "@harbour_wire is no longer in <b>World affairs</b>" in said
    assert said.endswith("@nobody_here is in none of the lists.")


async def test_a_list_is_looked_at_page_by_page_and_cleared_by_buttons(keeping: Talk, path: Path, world: Store) -> None:
    names = [f"town_{number:02}" for number in range(12)]
    await keeping.says(f"/add {' '.join(f'@{name}' for name in names)} world")
    async with world.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire", "meridian_dispatch"])
        await tx.channels.was_read(ids["harbour_wire"], Source.WEB, cursor=1, oldest=1, now=NOW, next_at=NOW)
        await tx.channels.failed(ids["meridian_dispatch"], Source.WEB, "shows <no> preview", NOW, now=NOW)
    await keeping.says("/lists")
    _, *status = await keeping.presses("Edit the lists")
    assert status[0]["buttons"] == ["World affairs · 14", "News in Russian · 1"]
    _, shown = await keeping.presses("World affairs")
    assert "<b>World affairs</b> (<code>world</code>) · 14 channels" in shown["text"]
    assert "@harbour_wire, by the web preview, read 2025-02-18 18:00" in shown["text"]
    assert "@meridian_dispatch, by the web preview, never read, 0 min late: shows &lt;no&gt; preview" in shown["text"]
    assert "@town_00, not read yet" in shown["text"]
    assert shown["buttons"][-2:] == ["2 ▶", "◀ All lists"]
    _, second = await keeping.presses("2 ▶")
    assert second["buttons"] == ["✕ @town_08", "✕ @town_09", "✕ @town_10", "✕ @town_11", "◀ 1", "◀ All lists"]
    _, dropped = await keeping.presses("✕ @town_09")
    assert "@town_09 is no longer in <b>World affairs</b>" in dropped["text"]
    assert dropped["buttons"][:2] == ["↶ Undo", "✕ @town_08"]
    assert "town_09" not in listed(path)["world"]
    await keeping.presses("Undo")
    assert listed(path)["world"][2:] == tuple(names)
    await keeping.says("/status")
    await keeping.presses("News in Russian")
    _, empty = await keeping.presses("✕ @mayak")
    assert empty["buttons"] == ["↶ Undo", "✕ Remove the empty list News in Russian", "◀ All lists"]
    _, back = await keeping.presses("◀ All lists")
    assert "channels are followed" in back["text"]


async def test_a_channel_that_an_invite_led_to_stands_in_its_list_once(keeping: Talk, world: Store) -> None:
    await keeping.says("/add https://t.me/+AbCdEfGh123 novosti")
    async with world.begin() as tx:
        (invited,) = [each for each in await tx.channels.present() if each.channel.invite]
        await tx.channels.admit(invited.channel.id, 77, "behind_it")
    await keeping.says("/status")
    _, shown = await keeping.presses("News in Russian")
    assert "· 2 channels" in shown["text"]
    assert ("by the folder" in shown["text"], len(shown["buttons"])) == (False, 3)


async def test_the_channel_of_a_forwarded_post_or_of_a_link_is_offered_to_be_added(keeping: Talk, path: Path) -> None:
    said = await keeping.gets(**a_forward("somebody_else", 1, text="A storm cut power."))
    assert "Which list shall I add @somebody_else to?" in said
    assert "<b>storm</b>" in said
    await keeping.says("t.me/third_one/12 @fourth_one")
    await keeping.presses("World affairs")
    assert listed(path)["world"][-2:] == ("third_one", "fourth_one")
    await keeping.gets(**a_forward(None, 77))
    _, added = await keeping.presses("World affairs")
    assert "read by an account only" in added["text"]
    assert listed(path)["world"][-1] == "c/77"
    await keeping.presses("Undo")
    assert listed(path)["world"][-1] == "fourth_one"
    assert "is read here" in await keeping.hears("@mayak")


async def test_readers_may_send_the_name_of_a_channel_too(talk: Talk) -> None:
    await talk.starts("not now")
    assert "<b>City Desk</b> is read here" in await talk.hears("https://t.me/city_desk")
    (unknown,) = await talk.says("@somebody_else")
    assert ("is not read here" in unknown["text"], unknown["buttons"]) == (True, [])
    assert "Nothing was found for <b>@city_desk @mayak</b>" in await talk.hears("@city_desk @mayak")


async def test_others_are_not_shown_that_there_is_such_a_thing(talk: Talk, keeping: Talk, path: Path) -> None:
    await keeping.says("/add @city_desk")
    assert "I do not know /add. Did you mean /subscribe?" in await talk.hears("/add @city_desk world")
    assert "I do not know /remove." in await talk.hears("/remove mayak")
    assert "/add" not in await talk.hears("/help")
    assert "/add" in await keeping.hears("/help")
    await keeping.says("/add @city_desk")
    talk.scroll_back(keeping.in_sight())
    assert "no longer in use" in (await talk.presses("World affairs"))[0]["text"]
    assert said_in(path) == FILE


async def test_in_a_group_there_is_no_such_thing_for_anybody(keeping: Talk, path: Path) -> None:
    group = {"id": -100, "type": "supergroup", "title": "Editors"}
    assert await keeping.gets(chat=group, text="/add @city_desk world") == ""
    assert await keeping.gets(chat=group, text="/remove mayak") == ""
    assert "/add" not in await keeping.gets(chat=group, text="/help")
    assert said_in(path) == FILE


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("[lists.world\n", "line 1: Expected"),
        (FILE.replace("mayak", "../x"), "line 8: &quot;../x&quot; is no name of a channel"),
        (None, "is read-only"),
    ],
    ids=["broken", "wrong", "read-only"],
)
async def test_a_file_that_cannot_be_changed_is_told_in_one_sentence(
    keeping: Talk, path: Path, broken: str | None, words: str
) -> None:
    await keeping.says("/status")
    buttons = keeping.in_sight()
    write(path, broken)
    before = said_in(path)
    said = await keeping.hears("/add @city_desk world")
    assert said.startswith("Nothing has changed, for I")
    assert words in said
    keeping.scroll_back(buttons)
    if broken:
        assert "Nothing has changed" in (await keeping.presses("World affairs"))[1]["text"]
    assert said_in(path) == before


async def test_whatever_is_pressed_a_broken_file_stays_as_it_is(keeping: Talk, path: Path) -> None:
    await keeping.says("/add @city_desk world")
    undo = keeping.in_sight()
    await keeping.says("/lists")
    await keeping.presses("Edit the lists")
    await keeping.presses("World affairs")
    drop = keeping.in_sight()
    await keeping.says("/add @tin_ticker")
    put = keeping.in_sight()
    await keeping.presses("New list")
    write(path, "[lists.world\n")
    assert "Nothing has changed" in await keeping.hears("Town")
    for buttons, label in ((undo, "Undo"), (drop, "✕ @mer"), (put, "World"), (drop, "All lists")):
        keeping.scroll_back(buttons)
        assert "Nothing has changed" in (await keeping.presses(label))[-1]["text"]
    assert "Nothing has changed" in await keeping.gets(**a_forward("somebody_else", 1))
    assert said_in(path) == "[lists.world\n"


async def test_what_was_pressed_already_or_is_gone_changes_nothing(keeping: Talk, path: Path) -> None:
    await keeping.says("/status")
    await keeping.presses("News in Russian")
    buttons = keeping.in_sight()
    await keeping.presses("✕ @mayak")
    keeping.scroll_back(buttons)
    _, again = await keeping.presses("✕ @mayak")
    assert "0 channels" in again["text"]
    await keeping.presses("Remove the empty list")
    keeping.scroll_back(buttons)
    _, gone = await keeping.presses("✕ @mayak")
    assert "channels are followed" in gone["text"]
    assert listed(path) == {"world": ("harbour_wire", "meridian_dispatch")}


async def test_a_button_whose_errand_or_list_is_gone_is_old(keeping: Talk, path: Path, world: Store) -> None:
    await keeping.says("/add @city_desk")
    write(path, "[lists.novosti]\nchannels = ['mayak']\n")
    assert "no longer in use" in (await keeping.presses("World affairs"))[0]["text"]
    async with world.begin() as tx:
        reader = (await tx.readers.all())[0]
        for _ in range(20):
            await tx.queries.note(reader.id, "storm", NOW)
    assert "no longer in use" in (await keeping.presses("New list"))[0]["text"]


async def test_it_is_all_said_in_russian_too(world: Store, clock: Moment, path: Path) -> None:
    talk = Talk(world, clock, "ru", ListFile(path))
    await talk.starts()
    assert "Для вас: вы этим управляете" in await talk.hears("/help")
    assert "Теперь в списке <b>«Мир»</b>: @city_desk" in await talk.hears("/add @city_desk в мир")
    assert "Больше не в списке <b>«Мир»</b>: @city_desk" in await talk.hears("/remove @city_desk из мир")
    assert "добавляет канал" in await talk.hears("/add")


async def test_where_nothing_is_set_up_yet_it_is_told_how_to_begin(store: Store, clock: Moment, tmp_path: Path) -> None:
    talk = Talk(store, clock, lists=ListFile(tmp_path / "new" / "channels.toml"))
    assert "That is you: <code>/add @name World</code> begins the first list" in await talk.hears("/start")
    await talk.says("/add @city_desk World")
    await talk.presses("World")
    alert, _ = await talk.presses("Follow it")
    assert alert["text"] == "Following World"
    assert await in_force(store) == {"world": ("city_desk",)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/add world affairs", "<code>/add @name world</code> puts a channel into a list"),
        ("/remove novosti", "<code>/remove @name</code> takes a channel out of all lists"),
    ],
)
async def test_who_names_a_list_and_no_channel_is_told_how_to(keeping: Talk, path: Path, line: str, words: str) -> None:
    assert words in await keeping.hears(line)
    assert said_in(path) == FILE


LINKS = ("c/77", "https://t.me/+AbCdEfGh123")
LINES = {
    "/add @mayak world": Errand(adds=True, entries=("mayak",), place="world"),
    "/add mayak city_desk": Errand(adds=True, entries=("mayak", "city_desk")),
    "/add mayak Новый список": Errand(adds=True, entries=("mayak",), place="Новый список"),
    "/add mayak World  affairs": Errand(adds=True, entries=("mayak",), place="world"),
    "/add t.me/c/77/5 https://t.me/+AbCdEfGh123 in world": Errand(adds=True, entries=LINKS, place="world"),
    "/remove @mayak, @mayak from world": Errand(adds=False, entries=("mayak",), place="world"),
}


@pytest.mark.parametrize("line", LINES)
def test_an_errand_is_read_as_it_is_meant_and_kept_as_it_was_read(line: str) -> None:
    errand = read_errand(line, LISTS)
    assert errand == LINES[line]
    assert read_errand(errand.line(), LISTS) == errand


def test_a_list_is_named_by_a_title_with_commas_too() -> None:
    lists = [ChannelList(id="science", titles={"": "Science, nature,  and all"})]
    for title in ("science, Nature, and all", "science nature and all"):
        assert read_errand(f"/add @mayak {title}", lists).place == "science"


def test_none_of_many_channels_is_passed_over() -> None:
    names = tuple(f"town_{number:03}" for number in range(300))  # about what a message holds
    assert read_errand(f"/add {' '.join(names)} world", LISTS).entries == names
    assert addresses(" ".join(f"@{name}" for name in names)) == names


@pytest.mark.parametrize("line", ["/add !", "/add t.me/share/url?url=x", "/remove t.me/addlist/AbCdEfGh1"])
def test_what_is_no_channel_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        read_errand(line, LISTS)


def test_only_a_text_of_nothing_but_names_names_channels() -> None:
    assert addresses("@mayak, t.me/city_desk/5\nhttps://t.me/mayak") == ("mayak", "city_desk")
    assert [addresses(text) for text in ("", "see @mayak", "mayak", "t.me/some_bot?start=1", "t.me/addstickers/x")] == [
        ()
    ] * 5


async def test_a_list_whose_errand_is_too_old_is_not_begun(
    keeping: Talk, path: Path, clock: Moment, world: Store
) -> None:
    await keeping.says("/add @city_desk")
    buttons = keeping.in_sight()
    await keeping.presses("New list")
    async with world.begin() as tx:
        (reader,) = await tx.readers.all()
        for number in range(20):
            await tx.queries.note(reader.id, f"storm {number}", clock())
    assert "Nothing has changed" in await keeping.hears("Our town")
    keeping.scroll_back(buttons)
    (pressed,) = await keeping.presses("World affairs")
    assert "no longer in use" in pressed["text"]
    assert said_in(path) == FILE


async def test_what_is_no_channel_is_told_so(keeping: Talk, path: Path) -> None:
    assert "“@x” is no channel" in await keeping.hears("/add @x world")
    assert said_in(path) == FILE
