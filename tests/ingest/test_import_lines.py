"""JSON Lines: each line becomes a post, or is named."""

from datetime import UTC, datetime, timedelta

import pytest

from core.model import FactCheck, Forward, Link, Media, NewPost, Poll, Reaction, Source
from tests.ingest.files import NOW, PAGES, a_line, a_message, an_export, read


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
        files=["film 7"],
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
    assert post.files == ("film 7",)
    assert post.poll == Poll(
        question="Who?", type="Quiz", options=("a", "b"), votes=(3, 4), correct=0, explanation="So."
    )
    assert (post.quote, post.fact_check) == ("two ships", FactCheck(text="Last year.", country="NO"))
    assert post.preview is not None
    assert post.preview.title == "T"
    assert post.reactions == (Reaction(emoji="👍", count=5),)


def test_a_channel_may_be_told_by_the_number_that_bots_know_it_by() -> None:
    posts, problems = read(a_line(channel=-1001394050290) + a_line(channel="-1000000000123") + a_line(channel="c/123"))
    assert problems == []
    assert [post.channel for post in posts] == ["c/1394050290", "c/123", "c/123"]


def test_html_and_markdown_become_plain_text_with_links() -> None:
    posts, problems = read(
        a_line(text=..., html='<b>one</b><br>two <a href="https://a.b/">three</a>')
        + a_line(text=..., markdown="**one** two [three](https://a.b/)")
        + a_line(text="two links", links=["https://a.b/", "?q=%23ad", "/a", {"url": "https://c.d/", "label": "links"}])
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
        (a_line(channel=5), "'5': is no name of a channel"),
        (a_line(channel="-1000000000000"), "is no name of a channel"),
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
        (a_line(buttons="https://a.b"), 'something else than a list under "buttons"'),
        (a_line(buttons=[{"url": 5}]), 'something else than text under "buttons.url"'),
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


def test_names_of_reactions_are_no_way_to_store_megabytes() -> None:
    posts, problems = read(a_line(reactions={"x" * 1_000_000: 1, "👍": 2}))
    assert not problems
    assert posts[0].reactions == (Reaction(emoji="x" * 2000, count=1), Reaction(emoji="👍", count=2))


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


def test_what_a_shell_of_windows_wrote_is_read_whole_however_little_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = a_line(text="%").replace("%", "Größe – 文字 🐟") * 99
    monkeypatch.setattr("ingest.exports.files._HEAD", 2)
    assert read(f"\ufeff{lines}".encode("utf-16-le")) == read(lines)
