import gzip
import io
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import FactCheck, Forward, Link, Media, NewPost, Poll, Reaction, Source
from ingest.exports.files import Problem, read_file, read_path
from ingest.exports.json_stream import BrokenJson, JsonStream
from tests.ingest.golden import DATA

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXPORTS = Path(__file__).parent / "exports"
PAGES = Path(__file__).parent / "pages" / "preview"


def read(data: bytes | str, names: dict[int, str] | None = None) -> tuple[list[NewPost], list[str]]:
    source = io.BytesIO(data.encode() if isinstance(data, str) else data)
    found = list(read_file(source, "it", NOW, names))
    return [one for one in found if isinstance(one, NewPost)], [str(one) for one in found if isinstance(one, Problem)]


def a_line(**more: Any) -> str:
    record = {"channel": "news", "id": 1, "date": "2026-11-20T10:00:00Z", "text": "hello", **more}
    return json.dumps({key: value for key, value in record.items() if value is not ...}) + "\n"


def an_export(*messages: object, **more: Any) -> str:
    chat = {"name": "News", "type": "public_channel", "id": 77, **more, "messages": list(messages)}
    return json.dumps(chat, indent=1)


def a_message(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "type": "message", "date": "2026-11-20T10:00:00", "text": "hello", **more}


def test_a_line_becomes_a_post() -> None:
    posts, problems = read(a_line())
    assert problems == []
    assert posts == [
        NewPost(
            channel="news",
            message_id=1,
            date=datetime(2026, 11, 20, 10, tzinfo=UTC),
            text="hello",
            source=Source.IMPORT,
        )
    ]


def test_a_line_may_carry_all_that_a_post_can_be() -> None:
    line = a_line(
        channel="https://t.me/s/News_of/5",
        date="2026-11-20T13:00:00+03:00",
        text="see https://a.b/c.",
        views=1200,
        edited=True,
        edited_at=1_795_000_000,
        author="Ann",
        forwarded_from={"name": "Other", "url": "https://t.me/other/1"},
        reply_to=4,
        album=True,
        album_ids=[2, 3],
        media={"photos": 3, "documents": ["a.pdf"], "performers": ["Band"], "seconds": 9},
        poll={
            "question": "Who?",
            "type": "Quiz",
            "options": ["a", "b"],
            "votes": [3, 4],
            "correct": 0,
            "explanation": "So.",
        },
        quote="two ships",
        fact_check={"text": "Last year.", "country": "NO"},
        preview={"url": "https://a.b/c", "title": "T"},
        reactions=[{"emoji": "👍", "count": 5}],
        via_bot="@gif",
        body="ignored",
        language="en",
        kind="news",
    )
    (post,), problems = read(line)
    assert problems == []
    assert (post.channel, post.date, post.views, post.author) == (
        "News_of",
        datetime(2026, 11, 20, 10, tzinfo=UTC),
        1200,
        "Ann",
    )
    assert post.links == (Link(url="https://a.b/c"),)
    assert post.forwarded_from == Forward(name="Other", url="https://t.me/other/1")
    assert post.reply_to == "https://t.me/News_of/4"
    assert (post.album, post.album_ids, post.media) == (
        True,
        (2, 3),
        Media(photos=3, documents=("a.pdf",), performers=("Band",), seconds=9),
    )
    assert post.poll == Poll(
        question="Who?", type="Quiz", options=("a", "b"), votes=(3, 4), correct=0, explanation="So."
    )
    assert (post.quote, post.fact_check) == ("two ships", FactCheck(text="Last year.", country="NO"))
    assert post.preview is not None
    assert post.preview.title == "T"
    assert post.reactions == (Reaction(emoji="👍", count=5),)


def test_html_and_markdown_become_plain_text_with_links() -> None:
    posts, problems = read(
        a_line(text=..., html='<b>one</b><br>two <a href="https://a.b/">three</a>')
        + a_line(text=..., markdown="**one** two [three](https://a.b/)")
        + a_line(text="two links", links=["https://a.b/", {"url": "https://c.d/", "label": "links"}])
    )
    assert problems == []
    assert [post.text for post in posts] == ["one\ntwo three", "one two three", "two links"]
    assert posts[0].links == posts[1].links == (Link(url="https://a.b/", label="three"),)
    assert posts[2].links == (Link(url="https://a.b/"), Link(url="https://c.d/", label="links"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken\n", "is no JSON object"),
        ('"a text"\n', "is no JSON object"),
        ("{" * 100_000 + "\n", "is no JSON object"),
        ('{"a":' * 100_000 + "\n", "is no JSON object"),
        ('{"id":' + "9" * 10_000 + "}\n", "is no JSON object"),
        (a_line(channel=...), 'no "channel"'),
        (a_line(channel="../../etc/passwd"), "is no name of a channel"),
        (a_line(channel="a'; DROP TABLE posts; --"), "is no name of a channel"),
        (a_line(channel="https://t.me/+AbCdEfGhIjK"), "link of another kind"),
        (a_line(id=...), 'no "id"'),
        (a_line(id=0), 'no "id"'),
        (a_line(id=2**40), 'no "id"'),
        (a_line(id=True), 'no "id"'),
        (a_line(date=...), 'no "date"'),
        (a_line(date="soon"), 'no "date"'),
        (a_line(date=1e300), 'no "date"'),
        (a_line(date="1970-01-01T00:00:00Z"), "dated 1970-01-01, before there was Telegram"),
        (a_line(date=0), "before there was Telegram"),
        (a_line(date="2106-02-07T06:28:15Z"), "dated 2106-02-07, which is yet to come"),
        (a_line(date="9999-12-31T23:59:59Z"), "yet to come"),
        (a_line(date="0001-01-01T00:00:00+14:00"), 'no "date"'),
        (a_line(text=5), 'something else than text under "text"'),
        (a_line(text="x" * 5_000_000), "5,000,000 characters"),
        (a_line(views="12K"), 'something else than a number under "views"'),
        (a_line(views=-1), 'something else than a number under "views"'),
        (a_line(links="https://a.b"), 'something else than a list under "links"'),
        (a_line(links=[5]), "links"),
        (a_line(media=[]), "media"),
        (a_line(media={"photos": "two"}), "media.photos"),
        (a_line(poll={"question": 5}), "poll.question"),
        (a_line(edited="yes"), "edited"),
        (a_line(edited_at="soon"), "edited_at"),
        (a_line(reactions=[{"emoji": "x", "count": None}]), "reactions"),
    ],
    ids=lambda value: value[:40] if len(value) < 300 else value[:12],
)
def test_a_bad_line_is_named_and_the_next_is_read(line: str, reason: str) -> None:
    posts, problems = read(a_line() + line + a_line(id=3))
    assert [post.message_id for post in posts] == [1, 3]
    (problem,) = problems
    assert problem.startswith("it, line 2: ")
    assert reason in problem
    assert len(problem) < 200


def test_a_post_a_day_ahead_is_taken_for_a_clock_that_is_wrong() -> None:
    ahead = (NOW + timedelta(hours=23)).isoformat()
    assert len(read(a_line(date=ahead))[0]) == 1


def test_a_text_keeps_nothing_that_a_database_refuses() -> None:
    (post,), _ = read(a_line(text="a\0b\ud800c\u202ed<script>", author="\0"))
    assert post.text == "abc\u202ed<script>"
    post.text.encode()
    assert post.author is None


def test_a_line_of_50_megabytes_is_skipped() -> None:
    posts, problems = read(a_line() + "{" + "x" * 50_000_000 + "\n" + a_line(id=2))
    assert [post.message_id for post in posts] == [1, 2]
    assert problems == ["it, line 2: is longer than 8 MB"]


def test_blank_lines_marks_and_missing_line_ends_do_no_harm() -> None:
    posts, problems = read("\ufeff" + a_line() + "\n  \r\n" + a_line(id=2).rstrip())
    assert ([post.message_id for post in posts], problems) == ([1, 2], [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        a_line(text="%").replace("%", "Größe – 🐟") * 999,
        an_export(a_message()),
        (PAGES / "middle.html").read_text("utf-8"),
    ],
    ids=["lines", "export", "page"],
)
def test_what_a_shell_of_windows_wrote_is_read(text: str, encoding: str) -> None:
    assert read(f"\ufeff{text}".encode(encoding)) == read(text)
    assert read(text)[0]


def test_gzip_is_unpacked_and_a_cut_one_gives_what_it_has() -> None:
    packed = gzip.compress("".join(a_line(id=n) for n in range(1, 2001)).encode())
    assert len(read(packed)[0]) == 2000
    posts, problems = read(packed[:-200])
    assert 0 < len(posts) < 2000
    assert problems[-1] == "it: cannot be read to its end: it is cut off or broken"


HTML_EXPORT = (
    b'<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap"><div class="history">'
    b'<div class="message default clearfix" id="message5"><div class="text">Hello</div></div></div></div></body></html>'
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither a saved web page"),
        (b"[{}]", "a JSON array is not read"),
        (b"<html><body>hello</body></html>", "no posts in this page"),
        (HTML_EXPORT, "export it as machine-readable JSON"),
        (b"<html>" + b"x" * 50_000_000, "more than a page may have"),
        (b"<html>" + b"<div>" * 10_000 + b"deep" + b"</div>" * 10_000 + b"</html>", "nested too deeply"),
        (b"<html>\0\0</html>", "binary"),
        (b"<html><p " + b'a=">" ' * 100_000 + b"></html>", "thousands of attributes"),
        (b"\x1f\x8b garbage", "cannot be read to its end"),
    ],
    ids=[
        "empty",
        "blank",
        "picture",
        "array",
        "other page",
        "HTML export",
        "50 MB",
        "deep",
        "binary",
        "swollen tag",
        "no gzip",
    ],
)
def test_what_is_no_format_of_ours_gets_one_sentence(data: bytes, reason: str) -> None:
    posts, problems = read(data)
    assert posts == []
    (problem,) = problems
    assert reason in problem


def test_saved_preview_pages_are_read_from_a_folder_in_order(tmp_path: Path) -> None:
    pages = sorted(PAGES.glob("*.html"))
    assert pages
    for at, page in enumerate(pages):
        (tmp_path / f"{at:02}").mkdir()
        (tmp_path / f"{at:02}" / "page.html").write_bytes(page.read_bytes())
    (tmp_path / "notes.txt").write_text("not ours")
    (tmp_path / "lines.jsonl").write_text(a_line())
    found = list(read_path(tmp_path, NOW))
    posts = [one for one in found if isinstance(one, NewPost)]
    assert len(posts) > 1
    assert {post.source for post in posts} == {Source.IMPORT}
    assert posts[-1].channel == "news"
    assert not any("notes" in str(one) for one in found)


def test_a_folder_of_an_html_export_gets_one_sentence(tmp_path: Path) -> None:
    for name in ("messages.html", "messages2.html"):
        (tmp_path / name).write_bytes(HTML_EXPORT)
    (problem,) = read_path(tmp_path, NOW)
    assert "export it as machine-readable JSON" in str(problem)


def test_a_page_of_a_renamed_channel_comes_under_one_name() -> None:
    page = """<html><body><header class="tgme_header"><div class="tgme_channel_info_header_username">
      <a href="https://t.me/newname">@newname</a></div></header>
      <section class="tgme_channel_history"><div class="tgme_widget_message" data-post="oldname/5">
      <div class="tgme_widget_message_text">hi</div><div class="tgme_widget_message_meta"
      ><a class="tgme_widget_message_date"><time datetime="2026-11-20T10:00:00+00:00"></time></a></div></div>
      <div class="tgme_widget_message" data-post="newname/6"><div class="tgme_widget_message_text">ho</div></div>
      </section></body></html>"""
    posts, problems = read(page)
    assert [(post.channel, post.message_id) for post in posts] == [("newname", 5)]
    assert problems == ['it, post 6: has no "date", or one that is no date']


@pytest.mark.parametrize("path", ["no such file", "nul\0name"])
def test_a_file_that_is_not_there_gets_one_sentence(path: str) -> None:
    (problem,) = read_path(path, NOW)
    assert "cannot be opened" in str(problem)


def test_an_empty_folder_gets_one_sentence(tmp_path: Path) -> None:
    (problem,) = read_path(tmp_path, NOW)
    assert "no .html" in str(problem)


def test_stdin_is_read_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(a_line().encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [type(one) for one in read_path("-", NOW)] == [NewPost]


def test_an_export_of_telegram_desktop_becomes_posts() -> None:
    found = list(read_path(EXPORTS / "result.json", NOW, {1234567890: "courant_test"}))
    posts = [one for one in found if isinstance(one, NewPost)]
    assert found == posts
    assert [post.message_id for post in posts] == [1, 2, 3, 5, 6, 9, 10, 11, 12]
    service, plain, linked, edited, album, document, poll, voice, forward = posts
    assert (service.service, service.text) == (True, "create channel: Courant test")
    assert plain.date == datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
    assert plain.channel_title == "Courant test"
    assert linked.text == "Read more at example.com and here."
    assert [link.url for link in linked.links] == ["http://example.com", "https://example.org/a?b=c"]
    assert linked.reactions == (Reaction(emoji="👍", count=7), Reaction(emoji="⭐", count=2))
    assert linked.buttons == (Link(url="https://example.com/more", label="More"),)
    assert (edited.edited, edited.edited_at) == (True, datetime(2026, 10, 1, 7, 10, tzinfo=UTC))
    assert edited.reply_to == "https://t.me/courant_test/3"
    assert (album.album, album.album_ids, album.text) == (True, (7, 8), "Three pictures")
    assert album.media == Media(photos=2, videos=1)
    assert document.media == Media(documents=("plan.pdf",))
    assert poll.poll == Poll(question="Who?", type="Poll", options=("You", "I"), votes=(1, 2))
    assert voice.media == Media(voices=1, seconds=2)
    assert forward.forwarded_from == Forward(name="Somebody else")
    assert forward.author == "Ann"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real export: {DATA} is absent, see COURANT_DATA")
def test_a_real_export_is_read_whole() -> None:
    found = list(read_path(DATA / "telegram_posts" / "formats" / "telegram_desktop_export" / "result.json", NOW))
    posts = [one for one in found if isinstance(one, NewPost)]
    assert found == posts
    assert (len(posts), {post.channel for post in posts}) == (17, {"c/1292077344"})
    assert [post.album_ids for post in posts if post.album] == [(24, 25)]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"text": "Here", "place_name": "Park", "address": "1st St"}, "Here\n\nPark\n1st St"),
        ({"location_information": {"latitude": 59.91273, "longitude": 10.74609}}, "📍 59.9127, 10.7461"),
        ({"location_information": {"latitude": "north", "longitude": 1}}, ""),
        ({"location_information": {"latitude": 10**400, "longitude": float("nan")}}, ""),
        ({"contact_information": {"first_name": "Ann", "phone_number": "47 11-22"}}, "Ann\n+471122"),
        ({"game_title": "Chess", "game_description": "Mate"}, "Chess\nMate"),
    ],
    ids=["a place", "a point", "a point that is none", "a point off the earth", "a contact", "a game"],
)
def test_what_is_attached_to_an_exported_message_has_words(more: dict[str, Any], text: str) -> None:
    ((post,), _) = read(an_export(a_message(**{"text": "", **more})))
    assert post.text == text


def test_music_and_votes_of_an_export_are_told() -> None:
    song = {"file": "s.mp3", "file_name": "s.mp3", "performer": "Band", "duration_seconds": 61}
    poll = {"question": "Who?", "answers": [{"text": "You", "voters": 2}, {"text": "I", "voters": 0}]}
    ((music, asked), _) = read(an_export(a_message(1, **song), a_message(2, poll=poll)))
    assert music.media == Media(documents=("s.mp3",), performers=("Band",), seconds=61)
    assert asked.poll == Poll(question="Who?", type="Poll", options=("You", "I"), votes=(2, 0))


def test_a_channel_without_a_known_name_goes_by_its_number() -> None:
    (post,), _ = read(an_export(a_message()))
    assert post.channel == "c/77"
    (post,), _ = read(an_export(a_message()), {77: "news"})
    assert post.channel == "news"


def test_of_a_whole_account_only_the_channels_are_read() -> None:
    chats = [
        {"name": "Mum", "type": "personal_chat", "id": 1, "messages": [a_message(text="a secret")] * 3},
        {"name": "News", "type": "public_channel", "id": 77, "messages": [a_message(5)]},
        {"type": "saved_messages", "id": 2, "messages": []},
    ]
    account = {
        "about": "x",
        "personal_information": {"a": [1, {"b": []}]},
        "chats": {"about": "y", "list": chats},
        "left_chats": {"list": [{"name": "Old", "type": "private_channel", "id": 78, "messages": [a_message(6)]}]},
    }
    posts, problems = read(json.dumps(account, indent=1))
    assert [(post.channel, post.message_id) for post in posts] == [("c/77", 5), ("c/78", 6)]
    assert problems == ["it: 2 chats that are not channels were left out"]
    assert read(json.dumps(account)) == (posts, problems)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (an_export(a_message(text="a secret"), type="personal_chat"), "a chat (personal chat), not of a channel"),
        (an_export(a_message(), type="public_supergroup"), "a chat (public supergroup), not of a channel"),
        (an_export(a_message(), type=5), "of an unknown kind"),
        (an_export(a_message(), id="x"), "the channel's number"),
        ('{\n "name": "x"}', "no channel in this file"),
        ('{\n "name": "x", "messages" 5}', "no whole export"),
        ("{\n " + '"a": {' * 300_000, "no whole export"),
    ],
    ids=["private", "group", "odd kind", "no number", "nothing", "broken", "deep"],
)
def test_an_export_that_is_not_of_a_channel_gets_one_sentence(data: str, reason: str) -> None:
    posts, problems = read(data)
    assert posts == []
    (problem,) = problems
    assert reason in problem
    assert "secret" not in problem


def test_of_an_export_that_is_cut_off_the_beginning_is_read() -> None:
    whole = an_export(*(a_message(n) for n in range(1, 101)))
    posts, problems = read(whole[: len(whole) // 2])
    assert 40 < len(posts) < 60
    (problem,) = problems
    assert "cut off; what came before is read" in problem


@given(st.integers(0, 2000))
def test_an_export_cut_anywhere_never_breaks_the_reader(end: int) -> None:
    whole = an_export(*(a_message(n, text=["é", {"type": "bold", "text": "x"}]) for n in range(1, 9)))
    posts, problems = read(whole.encode()[: min(end, len(whole) - 3)])
    assert len(posts) <= 8
    assert len(problems) == 1


def test_an_odd_message_of_an_export_is_named_and_the_next_is_read() -> None:
    posts, problems = read(
        an_export(
            a_message(1),
            a_message(2, date="1970-01-01T00:00:00"),
            a_message(3, date_unixtime="4294967295"),
            a_message(4, text={"what": "ever"}, poll=[], reactions={}, inline_bot_buttons=[5], file=7),
            a_message(5, date=None),
            {"id": "x"},
            5,
            a_message(6, text="x" * 5_000_000),
            a_message(7, type="unsupported"),
        )
    )
    assert [post.message_id for post in posts] == [1, 4, 7]
    assert posts[-1].unsupported
    assert len(problems) == 6
    assert problems[0] == "it, message 2: is dated 1970-01-01, before there was Telegram"


def test_pictures_of_one_second_are_an_album_only_without_words_of_their_own() -> None:
    photo = {"photo": "a.jpg", "text": ""}
    posts, _ = read(
        an_export(
            a_message(1, **photo),
            a_message(2, **photo),
            a_message(4, **photo),
            a_message(5, photo="b.jpg", text="one"),
            a_message(6, photo="b.jpg", text="two"),
            a_message(7, text="words"),
        )
    )
    assert [(post.message_id, post.album_ids) for post in posts] == [(1, (2,)), (4, (5,)), (6, ()), (7, ())]


def test_a_large_export_is_read_in_flat_memory() -> None:
    data = an_export(*(a_message(n, text="word " * 1000) for n in range(1, 2_001))).encode()
    assert len(data) > 10_000_000
    source = io.BytesIO(data)
    tracemalloc.start()
    count = sum(isinstance(one, NewPost) for one in read_file(source, "it", NOW))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 4_000_000


def test_a_stream_refuses_a_single_value_without_end() -> None:
    stream = JsonStream(io.BytesIO(b'{"a": "' + b"x" * 40_000_000))
    assert next(stream.members()) == "a"
    with pytest.raises(BrokenJson, match="too large"):
        stream.skip()


@given(st.recursive(st.none() | st.integers() | st.text() | st.booleans(), lambda inner: st.lists(inner)))
def test_a_stream_gives_what_the_standard_decoder_gives(value: object) -> None:
    text = json.dumps({"before": value, "it": [value, value], "after": 1})
    stream = JsonStream(io.BytesIO(text.encode()))
    found: list[object] = []
    for key in stream.members():
        if key == "it":
            found += [stream.value() for _ in stream.items()]
        else:
            stream.skip()
    assert found == [value, value]
    assert stream.peek() == ""
