"""channels.toml is read strictly, refused with line and reason, and edited without losing a comment."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ListsError
from core.list_edits import add, add_channels, add_folder, entry_of, id_for, lists_with, remove_channel, remove_list
from core.lists import LARGEST, fit_title, is_channel_name, read_lists
from core.model import ChannelSettings
from core.toml_lines import line_of

GOOD = """\
# what we follow
[lists.world]
title = { en = "World affairs", ru = "Мир" }
description = "What capitals say"
language = "en"
channels = ["Harbour_Wire", "bbcbreaking", "HARBOUR_wire"] # the best

[lists.small]
channels = [
    "bbcbreaking",  # twice is no harm
    "c/1234567",
]

[channels.bbcbreaking]
source = "web"
every = "5m"
"""


def test_lists_come_in_their_order_with_all_that_was_said() -> None:
    read = read_lists(GOOD)
    world, small = read.lists
    assert (world.id, world.title("ru"), world.title("de"), world.language) == ("world", "Мир", "World affairs", "en")
    assert world.description("ru") == "What capitals say"
    assert world.channels == ("Harbour_Wire", "bbcbreaking")
    assert (small.title("en"), small.channels) == ("small", ("bbcbreaking", "c/1234567"))
    assert read.settings == {"bbcbreaking": ChannelSettings(source="web", every=300)}


def test_an_invite_link_wants_joining_and_stands_under_another_name() -> None:
    text = """[lists.a]
    channels = ["https://t.me/+AbCdEfGh123", "t.me/joinchat/AbCdEfGh123", "good_name"]
    [channels."https://t.me/+AbCdEfGh123"]
    every = "1h"
    """
    read = read_lists(text)
    [inner, name] = read.lists[0].channels
    assert (name, read.written(name), read.written(inner)) == ("good_name", name, "https://t.me/+AbCdEfGh123")
    assert "AbCdEfGh123" not in repr(read)
    assert read.settings == {inner: ChannelSettings(source="account", join=True, every=3600, invite="AbCdEfGh123")}
    with pytest.raises(ListsError, match="line 5: what is behind an invite link cannot be read by the web preview"):
        read_lists(text + 'source = "web"')


def test_a_list_may_have_a_folder_beside_its_channels_or_instead() -> None:
    [alone, beside] = read_lists(
        '[lists.a]\nfolder = "https://t.me/addlist/AbCdEfGh1"\njoin = true\n'
        '[lists.b]\nfolder = "t.me/addlist/Zyxwvut_-9/"\nchannels = ["meridian"]\n'
    ).lists
    assert (alone.folder, alone.join, alone.channels) == ("AbCdEfGh1", True, ())
    assert (beside.folder, beside.join, beside.channels) == ("Zyxwvut_-9", False, ("meridian",))
    assert "AbCdEfGh1" not in repr(alone), "whoever has the link can join"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('folder = "https://t.me/+AbCdEfGh123"', "folder must be the link of one"),
        ("folder = 5", "folder must be the link of one"),
        ('folder = "https://evil.example/addlist/AbCdEfGh1"', "folder must be the link of one"),
        ('join = "yes"\nchannels = []', "join must be true or false"),
        ('channels = ["https://t.me/addlist/AbCdEfGh1"]', "write folder ="),
    ],
)
def test_a_folder_that_is_none_is_refused_with_its_line(line: str, reason: str) -> None:
    with pytest.raises(ListsError, match=reason) as caught:
        read_lists(f"[lists.a]\n{line}\n")
    assert caught.value.line == 2


def test_a_folder_is_added_to_a_list_and_its_comments_stay() -> None:
    text = add_folder(GOOD, "world", "AbCdEfGh1")
    assert text == GOOD.replace("[lists.world]\n", '[lists.world]\nfolder = "https://t.me/addlist/AbCdEfGh1"\n')
    assert add_folder(text, "world", "AbCdEfGh1") == text
    with pytest.raises(ListsError, match="has a folder already"):
        add_folder(text, "world", "Another_12")
    odd = add_folder(f"# one line to TOML:\x85\u2028\u2029\n{GOOD}", "world", "AbCdEfGh1")
    assert odd.endswith(text)
    new = add_folder(GOOD, "fresh", "AbCdEfGh1", title="Fresh")
    assert new.endswith('[lists.fresh]\ntitle = "Fresh"\nfolder = "https://t.me/addlist/AbCdEfGh1"\n')
    [*_, fresh] = read_lists(add_channels(new, "fresh", ["meridian", "mayak"])).lists
    assert (fresh.folder, fresh.channels) == ("AbCdEfGh1", ("meridian", "mayak"))


@pytest.mark.parametrize("title", ["رسانه\u200cهای ایران", "\U0001f468\u200d\U0001f467 Family", "क्\u200dष"])
def test_a_title_may_hold_what_joins_and_parts_its_letters(title: str) -> None:
    assert read_lists(add_channels("", "a", ["good_name"], title)).lists[0].title("en") == title
    assert fit_title(f" {title}\u202e\n\u200b") == title


@pytest.mark.parametrize("joiners", [1, 499, 500])
def test_a_title_of_which_nothing_can_be_seen_as_far_as_a_file_takes_it_is_none(joiners: int) -> None:
    title = fit_title("\u200d" * joiners + "a")
    assert title == ("" if joiners == 500 else "\u200d" * joiners + "a")
    assert not title or read_lists(add_channels("", "a", ["good_name"], title)).lists[0].title("en") == title


def test_an_empty_file_has_no_lists() -> None:
    assert read_lists("# nothing yet\n").lists == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[lists.world\n", 1, "Expected ']'"),
        ("[lists.a]\nchannels = ['good_name'\n", 3, "Unclosed array"),
        ("[lists.a]\nchannels = []\nchannels = []\n", 3, "Cannot overwrite a value"),
        ("[lists.a]\nchannels = []\nchanels = []\n", 3, '"chanels" is not known here'),
        ("\n[lists.'A B']\nchannels = []\n", 2, "no id of a list"),
        ("[lists.a]\ntitle = 5\nchannels = []\n", 2, "title must be a text"),
        ("[lists.a]\ntitle = { english = 'x' }\nchannels = []\n", 2, "no code of a language"),
        ("[lists.a]\ntitle = '  '\nchannels = []\n", 2, "title must be one line"),
        ("[lists.a]\ntitle = 'a\u202eb'\nchannels = []\n", 2, "all of which can be seen"),
        ("[lists.a]\ntitle = '\u200d'\nchannels = []\n", 2, "all of which can be seen"),
        ("[lists.a]\nlanguage = 'English'\nchannels = []\n", 2, "language must be a code"),
        ("[lists.a]\ntitle = 'x'\n", 1, "channels must be a list of names"),
        ("[lists.a]\nchannels = 'bbcbreaking'\n", 2, "channels must be a list of names"),
        ("[lists.a]\nchannels = [\n 'good_name',\n '../../etc/passwd',\n]\n", 4, "is no name of a channel"),
        ('[lists.a]\nchannels = [\n "x\'; DROP TABLE post; --",\n]\n', 3, "is no name of a channel"),
        ("[lists.a]\nchannels = ['https://t.me/good_name']\n", 2, 'write "good_name"'),
        ("[lists.a]\nchannels = ['@good_name']\n", 2, 'write "good_name"'),
        ("[channels.good_name]\nsource = 'rss'\n", 2, "source must be"),
        ("[channels.good_name]\nsource = 'web'\nevery = '5 parsecs'\n", 3, "every must be a time"),
        ("[channels.good_name]\nevery = '0m'\n", 2, "every must be a time"),
        ("[channels.good_name]\nevery = 5\n", 2, "every must be a time"),
        ("[channels.good_name]\nrhythm = '5m'\n", 2, '"rhythm" is not known here; known are source, every, join'),
        ("[channels.x]\n", 1, "is no name of a channel: it has 4 to 32 letters, digits and _, a letter first"),
        ("[channels.good_name]\n[channels.GOOD_NAME]\n", 2, "is there twice"),
        ("[channels]\ngood_name = 1\n", 2, "must be a table"),
        ("lists = 1\n", 1, '"lists" must be tables'),
        ("title = 'x'\n", 1, "is not known here"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(ListsError) as refused:
        read_lists(text, "seeds/channels.toml")
    assert refused.value.line == line
    assert reason in str(refused.value)
    assert str(refused.value).startswith(f"seeds/channels.toml, line {line}: ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#" * (LARGEST + 1), "larger than 1 MB"),
        (f"x = {'[' * 100_000}", "nested too deeply"),
        (f"x = 1\n{'a.' * 400_000}b = 1", "line 2: is nested too deeply"),
        (f"[{'a . ' * 200_000}b]", "nested too deeply"),
        ("x = { " + "'a' . " * 150_000 + '"b".c = 1 }', "nested too deeply"),
        (f"x = {'9' * 5_000}", "a number in it that is too large"),
        ("[lists.a]\nchannels = [" + ",".join(f"'name{n}'" for n in range(20_001)) + "]", "more than 20,000"),
    ],
    ids=["large", "deep", "deep key", "deep table", "deep inside", "digits", "many"],
)
def test_a_file_beyond_measure_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ListsError, match=reason):
        read_lists(text)


@given(st.text(max_size=200))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    with suppress(ListsError):
        assert read_lists(text).lists is not None


def test_a_line_is_found_under_quotes_and_dots() -> None:
    text = '[lists]\n"a b".title = 1\n[ channels . "x" ]\nevery = 1\n'
    assert line_of(text, ("lists", "a b", "title")) == 2
    assert line_of(text, ("channels", "x", "every")) == 4
    assert line_of(text, ("channels", "x", "source")) == 3
    assert line_of(text, ("nothing",)) is None


@pytest.mark.parametrize("name", ["abcd", "a_b_1", "c/1", "A" * 32])
def test_letters_digits_and_underscores_make_a_channels_name(name: str) -> None:
    assert is_channel_name(name)


@pytest.mark.parametrize(
    "name", ["", "abc", "1abcd", "a b c d", "c/0", "c/x", "a/../b", "имя_канала", "A" * 33, "abcd\n"]
)
def test_nothing_else_is_a_channels_name(name: str) -> None:
    assert not is_channel_name(name)


def test_a_channel_is_added_where_it_belongs_and_comments_stay() -> None:
    text = add_channels(GOOD, "world", ["new_one", "bbcbreaking"])
    text = add_channels(text, "small", ["new_two"])
    assert text == GOOD.replace('"HARBOUR_wire"]', '"HARBOUR_wire", "new_one"]').replace(
        '    "c/1234567",\n', '    "c/1234567",\n    "new_two",\n'
    )


def test_a_new_list_is_begun_at_the_end() -> None:
    text = add_channels(GOOD, "more", ["new_one"], 'The "best"')
    assert text == GOOD + '\n[lists.more]\ntitle = "The \\"best\\""\nchannels = ["new_one"]\n'
    assert add_channels("", "first", ["new_one"]) == '[lists.first]\nchannels = ["new_one"]\n'


def test_a_channel_is_removed_with_its_line_and_comma() -> None:
    assert remove_channel(GOOD, "small", "C/1234567") == GOOD.replace('    "c/1234567",\n', "")
    assert remove_channel(GOOD, "world", "bbcbreaking") == GOOD.replace('"bbcbreaking", "HARBOUR', '"HARBOUR')
    assert remove_channel(GOOD, "world", "harbour_wire") == GOOD.replace(
        '["Harbour_Wire", "bbcbreaking", "HARBOUR_wire"]', '["bbcbreaking"]'
    )
    assert remove_channel(GOOD, "world", "not_there") == GOOD
    assert remove_channel(GOOD, "nowhere", "not_there") == GOOD


def test_a_file_written_in_a_rare_way_is_left_to_its_owner() -> None:
    text = "lists = { other = { channels = ['some_name'] }, world = { channels = ['good_name'] } }\n"
    with pytest.raises(ListsError, match="edit it by hand"):
        add_channels(text, "world", ["new_one"])


def test_what_is_no_name_is_not_written() -> None:
    with pytest.raises(ListsError):
        add_channels(GOOD, "world", ['x"]\n[evil]'])
    for begin in (partial(add_channels, names=["new_one"]), partial(add_folder, slug="AbCdEf123456")):
        with pytest.raises(ListsError, match='"World!" is no id of a list'):
            begin(GOOD, "World!")


_names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{3,8}", fullmatch=True)


@given(
    st.lists(_names, max_size=5),
    st.lists(_names, min_size=1, max_size=5),
    st.sampled_from(["[{}]", "[\n  {},\n]", "[ {} ]", "[\n  {}\n]"]),
)
def test_what_was_added_can_be_removed_again(there: list[str], new: list[str], shape: str) -> None:
    array = shape.format(", ".join(f"'{name}'" for name in there)) if there else "[]"
    text = f"[lists.a]\nchannels = {array}\n"
    before = read_lists(text).lists
    known = {name.lower() for name in there}
    fresh = [name for name in {name.lower(): name for name in new}.values() if name.lower() not in known]
    after = add_channels(text, "a", fresh)
    assert [*read_lists(after).lists[0].channels] == [*before[0].channels, *fresh]
    for name in fresh:
        after = remove_channel(after, "a", name)
    assert read_lists(after).lists == before


def test_the_lists_of_the_seeds_are_good() -> None:
    seeds = Path(__file__).parents[2] / "seeds"
    world = read_lists((seeds / "channels.toml").read_text(encoding="utf-8")).of("world")
    assert world is not None
    assert "The_International_Affairs" in world.channels
    assert len(read_lists((seeds / "day" / "channels.toml").read_text(encoding="utf-8")).lists) > 5


def test_a_list_goes_and_what_stands_around_it_stays() -> None:
    world = GOOD[GOOD.index("[lists.world]") : GOOD.index("[lists.small]")]
    assert remove_list(GOOD, "world") == GOOD.replace(world, "\n")
    noted = GOOD.replace("[lists.small]", "# the small ones\n[lists.small]")
    assert remove_list(noted, "world") == noted.replace(world.rstrip() + "\n", "")
    assert remove_list(add_channels(GOOD, "new", ["mayak"], "New"), "new") == GOOD
    assert remove_list(GOOD, "nowhere") == GOOD
    with pytest.raises(ListsError, match="edit it by hand"):
        remove_list("[lists]\na = { channels = ['mayak'] }\n", "a")
    assert remove_list("[lists.a]\nchannels = ['mayak']\n[lists.a.title]\nen = 'A'\n", "a") == ""


def test_entries_are_found_in_whatever_way_they_are_given() -> None:
    slug, invite = "https://t.me/addlist/AbCdEfGh1", "https://t.me/+AbCdEfGh123"
    given = ["@Mayak", "t.me/s/city_desk/5", "https://t.me/joinchat/AbCdEfGh123", f"{slug}?x"]
    entries = [entry_of(each) for each in given]
    assert entries == ["Mayak", "city_desk", invite, slug]
    lists = read_lists(add(GOOD, "small", entries))
    assert [lists_with(lists, each) for each in (*entries, "BBCbreaking")] == [("small",)] * 4 + [("world", "small")]


def test_a_title_becomes_an_id_that_is_free() -> None:
    assert id_for("World affairs & More") == "world-affairs-more"
    assert [id_for("Мир и щи"), id_for("🔥")] == ["mir-i-shchi", "list"]
    assert id_for("World", ["world", "world-2"]) == "world-3"
