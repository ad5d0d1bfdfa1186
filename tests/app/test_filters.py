"""The three pure stages as filters: one object a line, order kept, a bad line told and skipped."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from app.commands.clean import reading
from core.errors import FetchError
from ingest.articles.filter import ArticleFilter
from tests.app.conftest import SEEDS, Courant
from tests.app.records import a_record, lines
from tests.interpreter import REPOSITORY

POST_KEYS = [
    *("channel", "id", "date", "edited", "service", "author", "text", "body", "links", "views", "forwarded_from"),
    *("reply_to", "album", "media", "poll", "preview", "reactions", "language", "kind"),
]


def test_posts_come_out_with_the_promised_keys_in_order(home: Path, courant: Courant) -> None:
    file = lines(home / "in", a_record(2, "Second"), {"id": "page", "html": page("harbour_wire")}, a_record(1, "First"))
    said = courant("clean", "--posts", file)
    assert (said.code, said.err) == (0, "")
    assert all(list(each) == POST_KEYS for each in said.objects)
    assert [said.objects[0]["text"], said.objects[-1]["text"]] == ["Second", "First"]
    assert said.objects[0]["date"] == "2025-02-18T07:02:00+00:00"
    of_page = [each for each in said.objects if each["channel"] == "harbour_wire"]
    assert len(of_page) == len(said.objects) - 2 > 15
    assert all(isinstance(each["views"], int) for each in of_page)


def test_what_few_posts_have_is_told_only_of_those(home: Path, courant: Courant) -> None:
    more = {
        "media": {"voices": 1, "seconds": 9},
        "poll": {"question": "?", "type": "Quiz", "options": ["a"], "votes": [2], "correct": 0},
        "quote": "two ships",
        "fact_check": {"text": "Last year.", "country": "NO"},
    }
    plain, full = courant(
        "clean", "--posts", lines(home / "in", a_record(1, "First", poll=None), a_record(2, "Second", **more))
    ).objects
    assert set(plain["media"]) == {"photos", "videos", "round_videos", "voices", "stickers", "documents"}
    assert full["media"]["seconds"] == 9
    assert full["poll"] == {"question": "?", "type": "Quiz", "options": ["a"], "votes": [2], "correct": 0}
    assert list(full) == [*POST_KEYS, "quote", "fact_check"]
    assert (full["quote"], full["fact_check"]) == (more["quote"], more["fact_check"])


def test_a_signature_is_learned_from_the_whole_input(home: Path, courant: Courant) -> None:
    footer = "\n\nRead us → Tidings of the bay"
    posts = [
        a_record(n, f"Story {n} of the day tells of event {n * 7}.{footer}", channel="tidings") for n in range(1, 30)
    ]
    links = [{"url": "https://t.me/tidings_bay", "label": "Tidings of the bay"}]
    said = courant("clean", "--posts", lines(home / "in", *({**post, "links": links} for post in posts)))
    first = said.objects[0]
    assert first["text"].endswith("Tidings of the bay")
    assert first["body"] == "Story 1 of the day tells of event 7."


def test_what_clean_gives_import_takes(day: Path, courant: Courant) -> None:
    exported = courant("export", "posts")
    (day / "again.jsonl").write_text(exported.out, encoding="utf-8")
    counts = courant("import", day / "again.jsonl", "--json").objects[0]
    assert counts["posts"] == len(exported.lines) == counts["unchanged"]


def test_what_moves_to_another_database_keeps_the_titles_of_channels(
    day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, exported = courant("search", "sanctions").lines, courant("export", "posts").out
    monkeypatch.setenv("COURANT_DATABASE_URL", "sqlite:///another.db")
    courant("import", lines(day / "again.jsonl", *map(json.loads, exported.splitlines())))

    assert courant("search", "sanctions").lines == before
    assert "Meridian Dispatch" in before[0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("not json", "no JSON object"),
        ("[1]", "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        (json.dumps({"id": "x"}), 'no "channel"'),
        (json.dumps({"channel": "abcd", "id": 1, "text": "x"}), 'no "date"'),
        (json.dumps({"channel": "../../etc", "id": 1, "date": "2025-02-18", "text": "x"}), "'../../etc': is no name"),
        (json.dumps(a_record(1, "x") | {"date": "1970-01-01"}), "before there was Telegram"),
        (json.dumps(a_record(1, "x") | {"date": "2106-01-01"}), "yet to come"),
        (json.dumps({"id": "p", "html": "<html><p>hello</p></html>"}), "no preview of a channel"),
        (json.dumps({"id": "p", "html": ""}), "empty"),
        (json.dumps({"id": "p", "html": "<div>" * 10_000}), "the page"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_skipped(bad: str, reason: str, home: Path, courant: Courant) -> None:
    said = courant("clean", "--posts", lines(home / "in.jsonl", a_record(1, "one"), "", bad, a_record(2, "two")))
    assert said.code == 1
    assert [each["id"] for each in said.objects] == [1, 2]
    assert "in.jsonl, line 3: " in said.err
    assert reason in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", [["clean", "--posts"], ["clean"], ["stories"], ["summarize"]])
def test_a_line_that_is_too_long_is_told_as_that_and_skipped(
    command: list[str], home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.console.MAX_LINE", 1 << 20)
    short = a_record(1, "One.") | {"html": "<p>x", "texts": ["One."]}
    said = courant(*command, lines(home / "in", {**short, "more": "x" * (1 << 20)}, short))
    assert (said.code, said.err) == (1, f"{home / 'in'}, line 1: is longer than 1 MB\n")
    assert len(said.objects) == 1


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5_000])
@pytest.mark.parametrize(
    ("command", "rest"), [("summarize", '"texts":["A."]'), ("clean", '"html":"<p>x"'), ("stories", '"text":"A."')]
)
def test_a_number_that_json_does_not_know_is_no_line(
    command: str, rest: str, number: str, home: Path, courant: Courant
) -> None:
    said = courant(command, lines(home / "in", f'{{"id":{number},{rest}}}'))
    assert (said.code, said.out) == (1, "")
    assert "no JSON object: a number in it is none of JSON, or too large" in said.err


def test_a_hostile_post_comes_out_as_text(home: Path, courant: Courant) -> None:
    nasty = "<script>alert(1)</script> \u202eevil\u202c &broken \x00 \ud800 end"
    said = courant(
        "clean", "--posts", lines(home / "in", a_record(1, nasty), a_record(2, "", html="a <b>b &nbsp; <i>c"))
    )
    assert said.code == 0
    assert "<script>alert(1)</script>" in said.objects[0]["text"]
    assert not set("\u202e\x00\ud800") & set(said.objects[0]["text"])


def test_articles_are_read_and_an_empty_page_gives_an_empty_text(home: Path, courant: Courant) -> None:
    article = (SEEDS / "view-from-london.html").read_text(encoding="utf-8")
    day = '<head><meta property="article:published_time" content="2026-03-04T10:00:00Z"></head>'
    words = "The council met on Tuesday and agreed to mend the Łódź’s bridge before the winter comes. " * 9
    file = lines(
        home / "in",
        {"id": 7, "html": article, "url": "https://e.example/a"},
        {"id": "e", "html": "<p>x"},
        "x",
        {"id": None, "url": 3, "more": 1, "html": f"\ufeff<html>{day}<article><h1>The bridge</h1><p>{words}\ud800\0"},
        {"id": "none"},
        {"id": "odd", "html": 3},
    )
    said = courant("clean", file)
    assert said.code == 1
    assert all(list(each) == ["id", "title", "author", "date", "text", "language", "links"] for each in said.objects)
    found, empty, odd = said.objects
    assert found["id"] == 7
    assert "single call can change the course of history" in found["text"]
    assert found["language"] == "en"
    assert (empty["id"], empty["text"], empty["links"]) == ("e", "", [])
    assert (odd["id"], odd["title"], odd["date"], odd["language"]) == (None, "The bridge", "2026-03-04", "en")
    assert "mend the Łódź’s bridge" in odd["text"]
    assert all(f"line {number}: " in said.err for number in (3, 5, 6))


def test_a_page_whose_reader_cannot_be_started_is_told_at_once_and_skipped(
    home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.articles.reader._CHILD", "{nice}")  # it ends without an answer
    said = courant("clean", lines(home / "in", {"id": 1, "html": "<p>x"}, {"id": 2, "html": "<p>y"}))
    assert (said.code, said.out) == (1, "")
    assert [line.partition(", ")[2] for line in said.err.splitlines()] == [
        "line 1: the reader: could not be started",
        "line 2: the reader: could not be started",
    ]


def test_whoever_leaves_by_ctrl_c_waits_for_no_page() -> None:
    waiting: list[Future[object]] = []
    left: list[ArticleFilter] = []

    def leave() -> None:
        with ArticleFilter(1) as articles, reading(articles) as readers:
            readers.submit(articles.read, {}, "<p>x").result()  # its process is there
            left.append(articles)
            held = articles._all[0][1]._process
            assert held is not None
            os.kill(held.pid, signal.SIGSTOP)
            waiting.extend(readers.submit(articles.read, {}, "<p>x") for _ in range(3))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
    assert waiting[-1].cancelled()
    with pytest.raises(FetchError):
        left[0].read({}, "<p>x")


def test_many_articles_come_out_in_the_order_of_their_lines(
    home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.articles.filter.ALONE", 3)  # the second reader begins
    words = "The council met on Tuesday and agreed to mend the bridge before the winter comes. "
    pages = [
        {"id": n, "html": f"<html><body><article><h1>Bridge</h1><p>{words * (12 - n)}</p></article></body></html>"}
        for n in range(9)
    ]
    said = courant("clean", lines(home / "in", *pages))
    assert [each["id"] for each in said.objects] == list(range(9))
    assert [each["text"].count("council") for each in said.objects] == list(range(12, 3, -1))


def test_stories_tell_which_posts_belong_together(home: Path, courant: Courant) -> None:
    event = "A strike by 1,900 dockers has closed the container port of Eastport since Tuesday morning"
    file = lines(
        home / "in",
        {"id": "a", "channel": "one", "date": "2025-02-18T10:00:00Z", "text": event},
        "oops",
        {"id": "b", "channel": "two", "date": "2025-02-18T10:05:00Z", "text": f"{event}."},
        {"id": "c", "channel": "two", "date": "2025-02-18T11:00:00Z", "text": "Snow petrels were counted from space."},
    )
    said = courant("stories", file)
    assert said.code == 1
    assert "in, line 2: no JSON object: Expecting value, at column 1" in said.err
    assert [each["id"] for each in said.objects] == ["a", "b", "c"]
    assert [list(each) for each in said.objects] == [["id", "story"]] * 3
    stories = [each["story"] for each in said.objects]
    assert stories[0] == stories[1] != stories[2]
    explained = courant("stories", "--explain", file).objects
    assert list(explained[0]) == ["id", "story", "score", "with"]
    assert explained[1]["with"] == "a"


def test_summaries_name_their_sources(home: Path, courant: Courant) -> None:
    texts = ["The port of Eastport closed on Tuesday after a strike.", "The port of Eastport closed on Tuesday."]
    said = courant(
        "summarize", lines(home / "in", {"id": 1, "texts": texts, "sentences": 1}, {"id": 2}, {"id": 3, "texts": []})
    )
    assert said.code == 1
    assert "in, line 2: " in said.err
    first, last = said.objects
    assert list(first) == ["id", "summary", "sentences"]
    assert first["summary"] == first["sentences"][0]["text"] in texts
    assert set(first["sentences"][0]["sources"]) <= {0, 1}
    assert last == {"id": 3, "summary": "", "sentences": []}


@pytest.mark.parametrize("command", [["clean", "--posts"], ["clean"], ["stories"], ["summarize"]])
def test_an_empty_input_gives_an_empty_output(command: list[str], home: Path, courant: Courant) -> None:
    (home / "in").write_bytes(b"\xef\xbb\xbf\n\n")
    said = courant(*command, home / "in")
    assert (said.code, said.out) == (0, "")


@pytest.mark.parametrize("command", ["summarize", "clean"])
def test_an_answer_comes_before_the_next_line_is_asked_for(command: str) -> None:
    process = subprocess.Popen(  # noqa: S603 - one of the two words above
        [sys.executable, "-m", "app", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            record = {"id": number, "texts": ["The port of Eastport closed."], "html": "<p>The port closed.</p>"}
            process.stdin.write(json.dumps(record).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(120) == 0


def page(name: str) -> str:
    return (SEEDS / "day" / f"{name}.html").read_text(encoding="utf-8")


def test_reactions_come_out_as_pages_write_them_and_are_taken_back_in(home: Path, courant: Courant) -> None:
    reactions = [{"emoji": "👍", "count": 999}, {"emoji": "❤", "count": 1200}, {"emoji": "🔥", "count": 28_000}]
    first = courant("clean", "--posts", lines(home / "in", a_record(1, "One.", reactions=reactions))).objects[0]
    assert [each["count_text"] for each in first["reactions"]] == ["999", "1.2K", "28K"]
    again = courant("clean", "--posts", lines(home / "again", first)).objects[0]
    assert again["reactions"] == first["reactions"]
