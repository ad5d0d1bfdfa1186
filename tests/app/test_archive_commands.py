"""import, search, digest, stats, export, backup: the archive from the command line."""

import asyncio
import gzip
import importlib.util
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from core.model import Article, Source
from ingest.markup import MAX_POST
from storage.store import Store
from tests.app.conftest import SEEDS, Courant
from tests.app.records import a_record, lines
from tests.posts import a_post
from tests.read_only import only_read
from tests.screens import Screen


def test_importing_twice_changes_nothing(empty: Path, courant: Courant) -> None:
    first = courant("import", SEEDS / "day" / "harbour_wire.html", "--json")
    counts = first.objects[0]
    assert first.code == 0
    assert list(counts) == ["posts", "new", "edited", "unchanged", "skipped", "channels"]
    assert counts["new"] == counts["posts"] > 15
    assert counts["channels"] == 1
    again = courant("import", SEEDS / "day" / "harbour_wire.html", "--json").objects[0]
    assert (again["new"], again["unchanged"]) == (0, counts["posts"])
    assert "0 new" in courant("import", SEEDS / "day" / "harbour_wire.html").out


RIGHT = "Two sailors are missing after the ferry sank off Sando."


def test_an_edit_is_seen_and_exported(empty: Path, courant: Courant) -> None:
    courant("import", lines(empty / "a.jsonl", a_record(1, "Nine sailors are missing after the ferry sank off Sando.")))
    counts = courant("import", lines(empty / "a.jsonl", a_record(1, RIGHT, edited=True)), "--json").objects[0]
    assert counts["edited"] == 1
    [post] = courant("export").objects
    assert (post["text"], post["edited"], post["edits"], post["deleted"]) == (RIGHT, True, 1, False)
    assert post["story"].isdigit()
    [found] = courant("search", "ferry", "--json").objects
    assert found["story"] == post["story"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "cut.json",
            '{"name": "N", "type": "public_channel", "id": 5, "messages": [{"id": 1, "type": "mess',
            "cut off",
        ),
        ("chat.json", '{"name": "Bob", "type": "personal_chat", "id": 5, "messages": []}', "export of a chat"),
        ("empty.html", "", "is empty"),
        ("cut.html", "<html><body><div class='tgme_channel_history'>", "cut off"),
        ("binary.html", "<\x00\x01\x02\x03" * 100, ""),
        pytest.param("deep.html", "<html>" + "<div>" * 10_000 + "</html>", "", id="deep.html"),
        pytest.param("large.html", "<html>" + "<p>x</p>" * 6_500_000 + "</html>", "MB", id="large.html"),
        ("notes.txt", "just some notes", "neither a saved web page"),
        ("array.json", "[1, 2]", "JSON array is not read"),
        ("old.jsonl", json.dumps(a_record(1, "x") | {"date": "1970-01-01"}), "before there was Telegram"),
        pytest.param(
            "long.jsonl", json.dumps(a_record(1, "x" * (MAX_POST + 1))), "more than a post can have", id="long.jsonl"
        ),
        ("sql.jsonl", json.dumps(a_record(1, "x", channel="x'; DROP TABLE post")), "DROP TABLE"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_and_harms_nothing_else(
    name: str, content: str, words: str, empty: Path, courant: Courant
) -> None:
    (empty / name).write_text(content)
    good = lines(empty / "good.jsonl", a_record(7, "Good news."))
    alone = courant("import", empty / name, "--json")
    assert alone.code == 1
    assert alone.objects[0]["posts"] == 0
    assert alone.objects[0]["skipped"] == 1
    assert name in alone.err
    assert words in alone.err
    assert alone.err.count("\n") == 1
    assert "Traceback" not in alone.err
    both = courant("import", empty / name, good, "--json")
    assert (both.code, both.objects[0]["new"]) == (0, 1)


def test_a_file_that_is_not_there_is_told_of(empty: Path, courant: Courant) -> None:
    said = courant("import", "nowhere.html")
    assert said.code == 1
    assert "nowhere.html: cannot be opened: No such file" in said.err


def test_packed_files_and_stdin_are_read(empty: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = empty / "posts.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(a_record(1, "One.")).encode()))
    with packed.open("rb") as file, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", type("Stdin", (), {"buffer": file}))
        assert courant("import", "-", "--json").objects[0]["new"] == 1


def test_a_search_finds_word_forms_in_both_languages(day: Path, courant: Courant) -> None:
    said = courant("search", "sanctions", "--limit", "3", "--json")
    assert said.code == 0
    assert len(said.objects) == 3
    assert all(each["url"] == f"https://t.me/{each['channel']}/{each['id']}" for each in said.objects)
    assert all(word.lower().startswith("sanction") for each in said.objects for word in each["words"])
    russian = courant("search", "санкциями", "--json").objects
    assert russian
    assert {each["language"] for each in russian} == {"ru"}
    assert "Nothing was found" in courant("search", "zyzzyva").err


def test_who_searches_an_empty_archive_is_told_what_fills_it(empty: Path, courant: Courant) -> None:
    said = courant("search", "sanctions")
    assert (said.code, said.out) == (0, "")
    assert "courant run" in said.err


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (("sanctions list:wrld",), "there is no list wrld; there are: world, economy"),
        (("sanctions", "--channel", "@No_Such"), "no post of no_such was read"),
        (("zyzzyva list:world channel:harbour_wire",), "Nothing was found."),
        (("zyzzyva list:Экономика",), "Nothing was found."),
        (("zyzzyva", "list:World affairs"), "Nothing was found."),
        (("zyzzyva", "list:Nowhere at all"), "there is no list nowhere at all; there are: world, economy"),
    ],
)
def test_a_search_in_what_is_not_there_says_so(
    day: Path, courant: Courant, query: tuple[str, ...], sentence: str
) -> None:
    said = courant("search", *query)
    assert (said.code, said.out) == (0, "")
    assert sentence in said.err


def test_a_misspelt_filter_is_told_and_sought_as_words(day: Path, courant: Courant) -> None:
    said = courant("search", "sanctions", "form:yesterday", "--json")
    assert said.objects
    assert said.err == 'There is no filter "form:", so that is sought as words; did you mean "from:"?\n'


def test_a_search_is_narrowed_by_options_as_by_its_language(day: Path, courant: Courant) -> None:
    by_options = courant(
        *("search", "sanctions", "--json", "--channel", "https://t.me/Harbour_Wire", "--since", "2025-02-17"),
        *("--until", "2025-02-18", "--lang", "EN"),
    )
    by_query = courant("search", "sanctions channel:harbour_wire since:2025-02-17 until:2025-02-18 lang:en", "--json")
    assert by_options.objects == by_query.objects
    assert {each["channel"] for each in by_options.objects} == {"harbour_wire"}


def test_words_of_the_shell_are_one_query(day: Path, courant: Courant) -> None:
    both = courant("search", "sanctions", "cheese", "--json").objects
    without = courant("search", "sanctions", "-cheese", "--limit", "50", "--json").objects
    assert "cheese" in {word.lower() for word in both[0]["words"]}
    assert both[0]["url"] not in {each["url"] for each in without}
    phrase = courant("search", "saldania", "ghost grain", "--json").objects
    assert phrase == courant("search", 'saldania "ghost grain"', "--json").objects != []
    assert courant("search", "sanctions", "--limt", "5").code == 2


def test_a_post_of_a_million_characters_is_one_post(empty: Path, courant: Courant) -> None:
    counts = courant("import", lines(empty / "a.jsonl", a_record(1, "word " * 200_000)), "--json").objects[0]
    assert counts["new"] == 1
    [post] = courant("export").objects
    assert 4_000 < len(post["text"]) <= 1_000_000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("search", "!!!"), "courant: !!!: names nothing to look for"),
        (("search", "oil", "since:soon"), "courant: soon: is no time"),
        (("digest", "--list", "nope"), "courant: nope: there is no such list; there are: world, economy"),
    ],
)
def test_what_makes_no_sense_gets_one_sentence(
    arguments: tuple[str, ...], sentence: str, day: Path, courant: Courant
) -> None:
    said = courant(*arguments)
    assert said.code == 1
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("search", "oil", "--since", "soon"), "Invalid value for '--since': soon: is no time"),
        (("search", "oil", "--until", "32d 1h"), "Invalid value for '--until': 32d 1h: is no time"),
        (("digest", "--from", "tomorrowish"), "Invalid value for '--from': tomorrowish: is no time"),
        (("digest", "--to", "2025-02-30"), "Invalid value for '--to': 2025-02-30: is no time"),
        (("digest", "--from", "2025-02-19", "--to", "2025-02-18"), "is not before"),
        (("digest", "--zone", "../../etc/passwd"), "is no zone"),
        (("digest", "--zone", "Mars/Base"), "Invalid value for '--zone': Mars/Base is no zone"),
        (("digest", "--hours", "x"), "Invalid value for '--hours'"),
    ],
)
def test_an_option_that_cannot_be_read_is_bad_usage(
    arguments: tuple[str, ...], sentence: str, day: Path, courant: Courant
) -> None:
    said = courant(*arguments)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


DAY = ("--from", "2025-02-17T18:00", "--to", "2025-02-18T18:05")
HOURS = ("--from", "2025-02-18T08:00", "--to", "2025-02-18T10:00")  # where fewer stories say as much


def test_a_digest_as_json_has_the_promised_keys(day: Path, courant: Courant) -> None:
    said = courant("digest", "--list", "world", *DAY, "--format", "json")
    assert said.code == 0
    digest = json.loads(said.out)
    assert list(digest) == ["list", "from", "to", "posts", "channels", "stories", "left_out"]
    assert (digest["list"], digest["from"]) == ("world", "2025-02-17T18:00:00+00:00")
    assert digest["channels"] == 5
    for story in digest["stories"]:
        assert list(story) == ["id", "title", "summary", "posts", "score", "why", "update"]
        known = {post["url"] for post in story["posts"]}
        assert all(sentence["sources"] and set(sentence["sources"]) <= known for sentence in story["summary"])


def test_a_digest_of_a_list_speaks_its_language(day: Path, courant: Courant) -> None:
    russian = courant("digest", "--list", "mir", *DAY)
    assert russian.out.startswith("Мир · вторник, 18 февраля")
    assert courant("digest", "--list", "mir", *DAY, "--language", "en").out.startswith("World affairs, in Russian")
    assert courant("digest", *DAY).out.startswith("Your digest")


@pytest.mark.parametrize("more", [(), ("--explain",)], ids=["told", "explained"])
def test_a_digest_of_a_database_that_may_only_be_read_is_made_of_it_as_it_stands(
    day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    asked = ("digest", "--list", "world", *HOURS, *more)
    written = courant(*asked)
    with only_read(day) as folder:
        monkeypatch.chdir(folder)
        said = courant(*asked)
    assert (said.code, said.out) == (0, written.out)
    assert "may only be read: its lists and stories are taken as they stand" in said.err
    assert written.err == ""


def test_a_digest_is_explained_in_numbers_and_what_was_left_out_with_its_rule(day: Path, courant: Courant) -> None:
    said = courant("digest", "--list", "world", *DAY, "--explain")
    assert said.code == 0
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert rows[0][0] == "1"
    assert rows[0][2].startswith("+")
    rules = {row[0].partition(":")[0] for row in rows if len(row) == 4}  # before the colon the kind, behind it the rule
    assert "single" in rules
    assert rules <= {"promo", "announce", "chatter", "service", "known", "unwanted", "single", "beyond"}
    assert courant("digest", "--explain", "--format", "json").code == 2


def test_on_a_terminal_a_digest_is_explained_in_words(
    day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "80")
    assert courant("digest", "--list", "world", *DAY, "--explain").code == 0
    lines = click.unstyle(screen.getvalue()).splitlines()
    assert lines[0].split() == ["place", "score", "posts", "story"]
    assert max(map(len, lines)) == 80
    assert "+2.64 3 independent channels, +1.00 a second channel after" in screen.getvalue()
    assert "https://t.me/harbour_wire/40242" in screen.getvalue()


def test_on_a_narrow_terminal_a_digest_is_narrow(day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, widest in (("60", 60), ("200", 100)):
        screen = Screen()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("COLUMNS", columns)
        assert courant("digest", "--list", "world", *DAY).code == 0
        assert max(len(line) for line in screen.getvalue().splitlines() if "://" not in line) in (widest, widest - 1)


def test_what_was_looked_for_stands_out_where_the_terminal_can_show_it(
    day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for terminal, found in (("xterm", "\x1b[1msanctions\x1b[0m"), ("dumb", "put sanctions on")):
        screen = Screen()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("TERM", terminal)
        assert courant("search", "sanctions").code == 0
        assert found in screen.getvalue()


def test_a_digest_as_a_page_is_html(day: Path, courant: Courant) -> None:
    page = courant("digest", *DAY, "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "<script>alert" not in page


def test_a_digest_of_a_time_without_posts_says_where_there_are_some(day: Path, courant: Courant) -> None:
    said = courant("digest", "--hours", "3")
    assert said.code == 0
    assert "the newest are of 2025-02-18: try --from 2025-02-18" in said.err


def test_what_explains_a_digest_of_a_time_without_posts_is_that_alone(day: Path, courant: Courant) -> None:
    said = courant("digest", "--hours", "3", "--explain")
    assert (said.code, said.out) == (0, "")
    assert "the newest are of 2025-02-18" in said.err


def test_a_digest_of_an_empty_archive_says_what_to_do(empty: Path, courant: Courant) -> None:
    assert "There are no posts yet" in courant("digest").err


def test_a_digest_goes_on_with_the_lists_in_force_where_the_file_is_broken(day: Path, courant: Courant) -> None:
    courant("digest", "--list", "world", *HOURS)
    (day / "seeds" / "channels.toml").write_text("[lists.world\n")
    said = courant("digest", "--list", "world", *HOURS)
    assert said.code == 0
    assert said.out.startswith("World affairs")


def test_a_command_in_another_folder_leaves_the_lists_in_force(
    day: Path, courant: Courant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_DATABASE_URL", f"sqlite:///{day}/var/courant.db")
    monkeypatch.chdir(tmp_path)
    assert courant("digest", "--list", "world", *HOURS).out.startswith("World affairs")
    assert courant("stats", "--json").objects[0]["channels"] == 15


def test_stats_count_what_there_is(day: Path, courant: Courant) -> None:
    stats = courant("stats", "--json").objects[0]
    assert stats["posts"] == sum(stats["days"].values()) == 230
    assert list(stats["days"]) == ["2025-02-17", "2025-02-18"]
    assert stats["channels"] == 15
    assert (stats["readers"], stats["digests"], stats["messages"]) == ({}, 0, {})
    said = courant("stats")
    assert "posts     230" in said.lines
    assert said.out.count("▇▇▇") >= 2


def test_a_channel_fails_where_the_way_that_reads_it_now_fails(day: Path, courant: Courant) -> None:
    async def fail(source: Source) -> None:
        store = await Store.open(f"sqlite:///{day}/var/courant.db")
        async with store.begin() as tx:
            for channel in (await tx.channels.all(active=True))[:2]:
                await tx.channels.failed(
                    channel.id,
                    source,
                    "is closed",
                    datetime(2025, 2, 19, tzinfo=UTC),
                    now=datetime(2025, 2, 18, tzinfo=UTC),
                )
        await store.close()

    asyncio.run(fail(Source.ACCOUNT))  # as it went before the preview took over
    assert courant("stats", "--json").objects[0]["failing"] == 0
    asyncio.run(fail(Source.WEB))
    assert courant("stats", "--json").objects[0]["failing"] == 2


def test_a_chart_is_drawn_or_its_package_named(day: Path, courant: Courant) -> None:
    said = courant("stats", "--png", day / "chart.png")
    if importlib.util.find_spec("matplotlib") is None:
        assert said.code == 1
        assert "`make charts`, or `pip install -e '.[charts]'`" in said.err
    else:
        assert (day / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_stories_and_readers_are_exported(day: Path, courant: Courant) -> None:
    stories = courant("export", "stories").objects
    assert list(stories[0]) == ["id", "first", "last", "posts"]
    posts = courant("export", "posts").objects
    assert sum(each["posts"] for each in stories) == sum(each["story"] is not None for each in posts)
    assert courant("export", "readers").out == ""
    assert courant("export", "everything").code == 2


def _a_post_whose_page_is_read(home: Path, *said: Article) -> None:
    """An archive of one post, with what the page that it links `said`, one after the other."""
    when = datetime(2025, 2, 18, tzinfo=UTC)

    async def read() -> None:
        store = await Store.open(f"sqlite:///{home}/var/courant.db")
        async with store.begin() as tx:
            channels = await tx.channels.ensure(["harbour_wire"])
            await tx.posts.add([a_post(1, articles=(said[0].url,))], channels, when)
            (wanted,) = await tx.articles.wanted(when, 1)
            key = wanted.id
            for article in said:
                key = await tx.articles.store(key, article, when)
        await store.close()

    asyncio.run(read())


def test_articles_are_exported_with_what_they_said_before(empty: Path, courant: Courant) -> None:
    page = Article(url="https://a.example/1", title="Storm", text="The lighthouse fell.", language="en")
    changed = Article(url=page.url, title="Storm over", text="The lighthouse stands.", language="en")
    _a_post_whose_page_is_read(empty, page, changed)
    [article] = courant("export", "articles").objects
    assert (article["title"], article["text"]) == ("Storm over", "The lighthouse stands.")
    assert article["former"] == [
        {"until": "2025-02-18T00:00:00+00:00", "title": "Storm", "text": "The lighthouse fell."}
    ]


def test_what_a_linked_page_says_moves_no_cursor(empty: Path, courant: Courant) -> None:
    page = Article(url="https://a.example/1", title="Storm \x9b2J over \u202eevil", text="The lighthouse \x9b2J fell.")
    _a_post_whose_page_is_read(empty, page)
    said = courant("search", "lighthouse")
    assert "in the linked page: Storm \\x9b2J over \\u202eevil" in said.out
    assert "lighthouse \\x9b2J" in said.out
    assert not set(said.out) & set("\x9b\u202e")


def test_a_backup_is_the_database_and_overwrites_nothing(day: Path, courant: Courant) -> None:
    said = courant("backup", day / "copy.db")
    assert said.code == 0
    with sqlite3.connect(day / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM post").fetchone() == (230,)
    copy.close()
    again = courant("backup", day / "copy.db")
    assert again.code == 1
    assert "exists already" in again.err
    assert courant("backup", day / "nowhere" / "copy.db").code == 1


def test_a_backup_is_made_before_an_upgrade_though_the_new_courant_makes_it(day: Path, courant: Courant) -> None:
    database = day / "var" / "courant.db"
    with closing(sqlite3.connect(database)) as old, old:
        old.execute("UPDATE alembic_version SET version_num = '0021'")
    assert courant("backup", day / "copy.db").code == 0
    for file in (database, day / "copy.db"):
        with closing(sqlite3.connect(file)) as now:
            assert now.execute("SELECT version_num FROM alembic_version").fetchone() == ("0021",)


def test_of_no_database_no_copy_is_made(empty: Path, courant: Courant) -> None:
    (empty / "var" / "courant.db").unlink()
    said = courant("backup", empty / "copy.db")
    assert said.code == 1
    assert "there is no database to be copied" in said.err
    assert not list(empty.rglob("*.db"))
