"""Whatever is written or pressed, the bot answers in bounds, and nobody reaches what is another's."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from aiogram.methods import GetChatMember, GetUpdates
from aiogram.types import ChatMemberAdministrator, ResultChatMemberUnion
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import Choose, Follow, Forget, Hour, Readable, Resend, Show, Sources, Turn, Zone, list_of, target_of
from bot.client import AnswerLost, BotApiSession, open_bot
from bot.turns import Turns
from bot.views.digest import sources
from bot.views.lists import lists as lists_view
from bot.views.search import PER_PAGE, page, story, taken
from bot.views.start import hello
from bot.views.taste import rate
from bot.wording import say, tame
from core.excerpt import Piece
from core.model import Channel, ChannelId, ChannelList, FactCheck, Reader, ReaderId
from core.texts import LANGUAGES
from digest.render.markup import utf16, visible
from storage.archive import Found, Page
from storage.store import Store
from tests.bot.world import Talk, a_forward
from tests.moments import Moment
from tests.posts import a_stored_post

NASTY = (
    "x" * 100_000,
    "😀" * 5_000,
    "<script>alert(1)</script> & </b><b>",
    "\u202egnirts\u202c \u2066x\u2069",
    "'; DROP TABLE reader; --",
    "\x00\x01\x02",
    "\ud800",
    '"' * 999,
    "(" * 5_000 + "^NEAR/2*",
    "/" * 300,
    "@" * 100,
    "-" * 300,
    "../../../etc/passwd",
    "%s{0}{n}${jndi}",
)


def test_half_a_sign_that_a_server_sends_comes_in_as_a_question_mark() -> None:
    chat = {"id": 1, "type": "private", "first_name": "\udfff"}
    sent = [{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "text": "hi \ud83d 😀 \\ud83d"}}]
    content = json.dumps({"ok": True, "result": sent})
    updates = BotApiSession().check_response(open_bot("42:x"), GetUpdates(), 200, content).result
    assert updates
    assert updates[0].message
    assert (updates[0].message.text, updates[0].message.chat.first_name) == ("hi ? 😀 \\ud83d", "?")


def test_rights_that_a_server_does_not_know_yet_are_had_by_nobody() -> None:
    person = {"id": 1, "is_bot": False, "first_name": "You"}
    member = {"status": "administrator", "user": person, "can_be_edited": False, "is_anonymous": False}

    def answered(**more: object) -> ResultChatMemberUnion | None:
        content = json.dumps({"ok": True, "result": member | more})
        return (
            BotApiSession().check_response(open_bot("42:x"), GetChatMember(chat_id=1, user_id=1), 200, content).result
        )

    admin = answered(can_change_info=True)
    assert isinstance(admin, ChatMemberAdministrator)
    assert (admin.can_change_info, admin.can_invite_users) == (True, False)
    with pytest.raises(AnswerLost):
        answered(user={})


@pytest.mark.parametrize("content", ["[]", "null", "5", '{"ok": true, "result": 5}'])
def test_an_answer_that_is_no_answer_is_a_lost_one(content: str) -> None:
    with pytest.raises(AnswerLost):
        BotApiSession().check_response(open_bot("42:x"), GetChatMember(chat_id=1, user_id=1), 200, content)


async def test_half_a_sign_is_no_place(talk: Talk) -> None:
    await talk.starts()
    await talk.presses("07:00")
    assert "Something went wrong" not in await talk.hears("\ud83d")


def in_bounds(calls: list[dict[str, Any]]) -> None:
    for call in calls:
        assert utf16(visible(call["text"])) <= 4096
        assert not set(call["text"]) & set("\u202e\u2066\x00")


@pytest.mark.parametrize("command", ["/start", "/search", "/subscribe", "/unsubscribe", "/digest", "/channels", ""])
async def test_no_words_break_a_command(talk: Talk, world: Store, command: str) -> None:
    await talk.starts("07:00", "London")
    for text in NASTY:
        calls = await talk.says(f"{command} {text}" if command else f"{text} ")
        in_bounds(calls)
        assert not any("Something went wrong" in call["text"] for call in calls), text[:40]
    async with world.read() as tx:
        assert len(await tx.readers.all()) == 1


async def test_no_words_break_an_open_question(talk: Talk) -> None:
    await talk.starts()
    for text in NASTY:
        calls = await talk.says(f"{text} ") if not text.startswith("/") else []
        in_bounds(calls)
        assert not any("Something went wrong" in call["text"] for call in calls), text[:40]
    assert "8:30 by which clock" in await talk.hears("8:30")


FORGED = (
    "",
    "x",
    "follow",
    "follow:world",
    "follow:world:maybe:lists",
    "follow:nothing:1:lists",
    "follow:@nobody:1:leave",
    "follow:~0000:0:start",
    "hour:99:start",
    "hour:<b>:nowhere",
    "zone:../../etc:start",
    "zone:Mars/Olympus:settings",
    "set:state:gone",
    "set:state:blocked",
    "set:minutes:1000000",
    "set:minutes:²",
    "set:language:xx",
    "set:look:rich",
    "set:id:7",
    "show:everything",
    "turn:1:0",
    "turn:999999999999999999999999:1",
    "turn:1:-1",
    "turn:1:99999999999",
    "resend:1",
    "resend:999999999999999999999999",
    "sources:1",
    "sources:-99999999999999999999999",
    "readable:x",
    "forget:maybe",
    "😀" * 16,
)


async def test_forged_buttons_change_nothing_that_is_not_offered(talk: Talk, world: Store) -> None:
    await talk.starts()
    async with world.read() as tx:
        before = await tx.readers.all()

    for data in FORGED:
        said = "".join(await press(talk, data))
        assert "went wrong" not in said, data
        async with world.read() as tx:
            assert [replace(reader, asking=None) for reader in await tx.readers.all()] == [
                replace(reader, asking=None) for reader in before
            ], data


async def press(talk: Talk, data: str, chat: int = 1) -> list[str]:
    """Press a button that nobody made."""
    who = {"id": chat, "is_bot": False, "first_name": "You"}
    message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private", "first_name": "You"}, "text": "x"}
    query = {"id": "1", "from": who, "chat_instance": "1", "message": message, "data": data}
    await talk.dispatcher.feed_raw_update(talk.terminal.bot, {"update_id": 1, "callback_query": query})
    said = talk.out.getvalue()
    talk.out.seek(0)
    talk.out.truncate()
    return said.splitlines()


async def test_a_search_or_a_digest_of_another_reader_cannot_be_turned_to(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/search pilot secret")

    for data in ("turn:1:0", "sources:1"):
        said = "\n".join(await press(talk, data, chat=2))
        assert "pilot" not in said
        assert "harbour_wire" not in said


async def test_a_chat_that_floods_is_passed_over_beyond_a_bound_and_others_are_answered(
    world: Store, clock: Moment
) -> None:
    talk = Talk(world, clock)
    await talk.starts()

    async def say_help(number: int, chat: int) -> None:
        where = {"id": chat, "type": "private", "first_name": "You"}
        message = {"message_id": number, "date": 1, "chat": where, "from": {**where, "is_bot": False}, "text": "/help"}
        await talk.dispatcher.feed_raw_update(talk.terminal.bot, {"update_id": number, "message": message})

    await asyncio.gather(*(say_help(number, 1) for number in range(1, 51)), say_help(51, 2))

    said = talk.out.getvalue()
    assert said.count("What I can do") == 20 + 1


async def test_many_chats_that_flood_leave_room_for_others() -> None:
    turns = Turns()
    over = asyncio.Event()
    passed = Counter[int]()

    async def update(chat: int) -> None:
        async with turns.turn(chat) as mine:
            passed[chat] += not mine
            if mine:
                await over.wait()

    async with asyncio.TaskGroup() as group:
        for chat in range(25):
            for _ in range(20 if chat < 5 else 8):
                group.create_task(update(chat))
        await asyncio.sleep(0)  # all have come
        over.set()

    assert [passed[chat] for chat in range(25)] == [0] * 5 + [3] * 20  # five who came before it was a crowd
    await turns.idle()
    async with turns.turn(1) as mine:
        assert mine


@given(st.text(min_size=1, max_size=200))
def test_every_button_of_a_list_fits_and_leads_to_its_list(name: str) -> None:
    each = ChannelList(id=name, titles={"": name})
    data = Follow(target=target_of(name), on=True, place="subscribe").pack()

    assert len(data.encode()) <= 64
    assert list_of(Follow.unpack(data).target, [each]) is each


def test_every_other_button_fits_into_64_bytes() -> None:
    most = 2**63 - 1
    for data in (
        Hour(at="2359", place="settings"),
        Zone(name="America/Argentina/ComodRivadavia", place="settings"),
        Follow(target="@" + "n" * 32, on=False, place="subscribe"),
        Show(page="new-settings"),
        Choose(field="language", value="en"),
        Forget(sure=True),
        Readable(),
        Turn(query=most, page=99),
        Resend(part=most),
        Sources(digest=most),
    ):
        assert len(data.pack().encode()) <= 64


READER = Reader(id=ReaderId(1), chat_id=1)
WORDS = st.text(max_size=300)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=60))
def test_lists_of_any_names_fit_into_a_message(names: list[tuple[str, str]]) -> None:
    lists = [
        ChannelList(id=str(at), titles={"": title}, descriptions={"": words}) for at, (title, words) in enumerate(names)
    ]
    for view in (lists_view(READER, lists), hello(READER, lists)):
        assert utf16(visible(view.text)) <= 4096
        assert sum(len(row) for row in view.rows) <= 100


@given(
    st.lists(st.tuples(WORDS, st.lists(st.tuples(st.text(max_size=400), st.booleans()), max_size=5)), max_size=10),
    WORDS,
)
def test_a_page_of_any_posts_fits_into_a_message(posts: list[tuple[str, list[tuple[str, bool]]]], query: str) -> None:
    found = tuple(
        Found(
            post=a_stored_post(at, "", channel_title=title),
            excerpt=tuple(Piece(text=text, found=hit) for text, hit in pieces),
            article=title,
            copies=9_999,
        )
        for at, (title, pieces) in enumerate(posts)
    )
    view = page(READER, query, 1, 1, Page(found=found, more=True), hint=taken(READER, "subscribe"))

    assert utf16(visible(view.text)) <= 4096
    assert view.text.count("and 9,999 more in the same words") >= len(found)


@pytest.mark.parametrize("letter", ["x", "😀"])
def test_the_longest_names_there_can_be_take_no_post_off_a_page(letter: str) -> None:
    words = letter * 300
    own = {"channel_title": words, "quote": words, "fact_check": FactCheck(text=words, country="XX")}
    posts = [a_stored_post(at, words, **own) for at in range(PER_PAGE)]
    pieces = (Piece(text=words),)
    found = tuple(Found(post=post, excerpt=pieces, article=words, copies=9_999) for post in posts)

    for language in LANGUAGES:
        reader = replace(READER, language=language)
        hint = taken(reader, "subscribe")
        for view in (page(reader, words, 1, 0, Page(found=found, more=True), hint=hint), story(reader, posts)):
            assert utf16(visible(view.text)) <= 4096
            assert [f"{place}. <a" in view.text for place in range(1, PER_PAGE + 1)] == [True] * PER_PAGE


def test_no_word_of_a_post_that_is_found_is_a_command_that_a_tap_sends() -> None:
    post = a_stored_post(1, "Say /forget now.", channel_title="A", quote="/stop it")
    pieces = (Piece(text="Say /"), Piece(text="forget", found=True), Piece(text=" or /start."))
    found = Found(post=post, excerpt=pieces, article="/unsubscribe from it")
    shown = page(READER, "forget", 1, 1, Page(found=(found,), more=False)).text + story(READER, [post]).text
    assert not any(f"/{word}" in visible(shown) for word in ("forget", "stop", "start", "unsubscribe"))
    assert "\u2215<b>forget</b> or \u2215start." in shown


def test_no_headline_below_a_digest_is_a_command_that_a_tap_sends() -> None:
    value = {
        "stories": [{"id": "1", "title": "Say /forget now", "posts": [{"channel": "A", "url": "https://a.example"}]}]
    }
    assert "Say \u2215forget now" in rate(READER, value).text
    assert "Say \u2215forget now" in sources(READER, value).text


@given(st.text(max_size=500))
def test_tamed_text_is_one_bounded_line(text: str) -> None:
    tamed = tame(text, 50)

    assert utf16(tamed) <= 50
    assert "\n" not in tamed
    assert "<" not in say("en", "command-unknown", command=text)


ASKING = """/unsubscribe world; /subscribe mayak; /start list_mayak; /keywords -storm; /digest; /settings
unsubscribe from world; send it at 9; no more about storms; speak russian; shorter; I live in Tokyo"""


@pytest.mark.parametrize("text", ASKING.replace("\n", "; ").split("; "))
async def test_nothing_that_is_forwarded_is_obeyed(settled: Talk, world: Store, text: str) -> None:
    async def kept() -> object:
        async with world.read() as tx:
            (reader,) = await tx.readers.all()
            return reader, await tx.tastes.of(reader.id)

    before = await kept()
    user = {"type": "user", "date": 1, "sender_user": {"id": 7, "is_bot": False, "first_name": "Eve"}}
    for origin in (a_forward("mayak", 1), a_forward("evil_one", 2), {"forward_origin": user}, {"forward_date": 1}):
        said = await settled.gets(**origin, text=text)
        assert "I took this as a search" in said or "Nothing was found" in said
        assert "World affairs · Tuesday" not in said
        assert text not in said or not text.startswith("/"), "a tap would send it"
    assert await kept() == before


async def test_words_of_no_width_are_none(talk: Talk) -> None:
    await talk.starts()
    assert "Search everything" in await talk.hears("/search \u200b\u2060\u00ad")
    assert "<b>hid den</b>" in await talk.hears("/search hi\u200bd\u202eden")


def test_a_thousand_channels_are_shown_as_far_as_they_fit() -> None:
    from bot.views.lists import channels

    names = tuple(f"channel_{number}" for number in range(1000))
    known = {name: Channel(id=ChannelId(at), name=name, title=f"Channel {at}") for at, name in enumerate(names)}
    view = channels(READER, [ChannelList(id="big", titles={"": "Big"}, channels=names)], known)

    assert utf16(visible(view.text)) <= 4096
    shown = view.text.count("<a ")
    assert f"…and {1000 - shown} more channels." in view.text
