"""Exports of Telegram Desktop, whole or cut off, of a channel or a whole account."""

import io
import json
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.data import DATA
from core.model import Forward, Link, Media, NewPost, Poll, Reaction
from ingest.exports.files import read_file, read_path
from ingest.exports.json_stream import BrokenJson, JsonStream
from tests.ingest.files import EXPORTS, NOW, a_message, an_export, read


def test_an_export_of_telegram_desktop_becomes_posts() -> None:
    found = list(read_path(EXPORTS / "result.json", NOW))
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
    assert edited.reply_to == "https://t.me/c/1234567890/3"
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


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("files/plan.pdf", "plan.pdf"),
        ("(File exceeds maximum size. Change data exporting settings to download.)", ""),
        ("(File unavailable, please try again later)", ""),
        ("plan.pdf (File not included. Change data exporting settings to download.)", "plan.pdf"),
    ],
)
def test_why_a_file_was_not_exported_is_no_title_of_it(file: str, title: str) -> None:
    ((post,), _) = read(an_export(a_message(file=file)))
    assert post.media == Media(documents=(title,))


def test_an_old_export_that_dates_the_edit_of_each_message_from_1970_tells_of_no_edit() -> None:
    ((post,), _) = read(an_export(a_message(edited="1970-01-01T03:00:00")))
    assert (post.edited, post.edited_at) == (False, None)


def test_an_old_export_that_tells_a_channel_by_a_number_of_telegram_desktop_is_of_the_same_channel() -> None:
    kept = 8_589_934_592 + 1_494_031_694
    created = a_message(1, type="service", actor_id=kept, action="create_channel")
    posts, _ = read(an_export(created, a_message(2, from_id=kept), a_message(3), id=kept))
    assert {post.channel for post in posts} == {"c/1494031694"}
    later = a_message(1, from_id=f"channel{kept}"), a_message(2, date_unixtime="1795168800")
    posts, _ = read(an_export(*later, id=kept))
    assert {post.channel for post in posts} == {f"c/{kept}"}, "later ones mean what they say"


def test_a_channel_goes_by_its_number() -> None:
    (post,), _ = read(an_export(a_message()))
    assert post.channel == "c/77"


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
    data = an_export(*(a_message(n, text="word " * 1000) for n in range(1, 1_001))).encode()
    assert len(data) > 5_000_000
    source = io.BytesIO(data)
    list(read_file(io.BytesIO(an_export(a_message(1)).encode()), "it", NOW))  # what is loaded at first is no post
    tracemalloc.start()
    count = sum(isinstance(one, NewPost) for one in read_file(source, "it", NOW))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1_000
    assert peak < 4_000_000


def test_what_cannot_be_seen_is_escaped_as_telegram_desktop_does_and_ends_no_export() -> None:
    texts = ["One\x0btwo", "C:\\x0B", *(f"{number}\x0b{'x' * 200}" for number in range(2000))]
    export = an_export(*(a_message(number, text=text) for number, text in enumerate(texts, 1)))
    posts, problems = read(export.replace(r"\u000b", r"\x0B"))
    assert problems == []
    assert [post.text for post in posts] == texts


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
