"""The Bot API server answers as Telegram does, to an unmodified aiogram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputRichBlockButtons,
    InputRichBlockParagraph,
    InputRichBlockUnion,
    InputRichMessage,
    Message,
    RichMessageButton,
)

from tests.servers.bot_api import BotApi
from tests.servers.bot_api_text import Refused, parse_html, parse_text
from tests.servers.played import played


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest_asyncio.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    yield Bot(api.token, session=session)
    # aiogram's own close sleeps a quarter of a second for TLS, which is not spoken here
    if session._session:
        await session._session.close()


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=text, callback_data=data) for text, data in buttons]
    return InlineKeyboardMarkup(inline_keyboard=[row])


@asynccontextmanager
async def polling(bot: Bot) -> AsyncIterator[Dispatcher]:
    """A small bot: echoes, answers presses, edits."""

    async def echo(message: Message) -> None:
        await message.answer(f"<b>{message.text}</b>", parse_mode="HTML", reply_markup=keyboard(("Press me", "x")))

    async def press(query: CallbackQuery) -> None:
        await query.answer("pressed")
        assert isinstance(query.message, Message)
        await query.message.edit_text("edited")

    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.callback_query.register(press)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=2)
        )
        yield dispatcher
        await dispatcher.stop_polling()
        await task


async def test_a_person_talks_to_a_polling_bot(api: BotApi, bot: Bot) -> None:
    alice = api.person("Alice", language="ru")
    async with polling(bot):
        [said] = await alice.asks("/start now")
        assert (said.text, said.source, said.labels) == ("/start now", "<b>/start now</b>", ["Press me"])
        query = await alice.presses("Press")
        assert await alice.answered(query) == "pressed"
        await alice.sees("edited")
        await api.idle()
        assert api.waiting == 0
    assert (alice.inbox, alice.alerts) == (["edited"], ["pressed"])
    assert [call.method for call in api.calls if call.method not in {"getUpdates", "getMe"}] == [
        "sendMessage",
        "answerCallbackQuery",
        "editMessageText",
    ]


async def test_updates_wait_until_they_are_confirmed(api: BotApi, bot: Bot) -> None:
    await api.person().says("one")
    await api.person().says("two")
    first = await bot.get_updates(limit=1)
    assert [u.message and u.message.text for u in first] == ["one"]
    assert [u.message and u.message.text for u in await bot.get_updates()] == ["one", "two"]
    assert [u.message and u.message.text for u in await bot.get_updates(offset=first[0].update_id + 1)] == ["two"]
    assert await bot.get_updates(offset=first[0].update_id + 2) == []


async def test_a_long_poll_ends_when_something_happens(api: BotApi, bot: Bot) -> None:
    async with asyncio.TaskGroup() as group:
        polled = group.create_task(bot.get_updates(timeout=30))
        await api.idle()
        await api.person().says("hello")
        assert len(await polled) == 1


async def test_the_older_of_two_pollers_is_sent_away(api: BotApi, bot: Bot) -> None:
    async def older() -> None:
        with pytest.raises(TelegramConflictError):
            await bot.get_updates(timeout=30)

    async with asyncio.TaskGroup() as group:
        first = group.create_task(older())
        await api.idle()
        newer = group.create_task(bot.get_updates(timeout=30))
        await first
        await api.person().says("hello")
        assert len(await newer) == 1


async def test_updates_that_were_not_asked_for_are_dropped(api: BotApi, bot: Bot) -> None:
    alice = api.person()
    await alice.blocks()
    await alice.says("hi")
    got = await bot.get_updates(allowed_updates=["message"])
    assert [u.event_type for u in got] == ["message"]


async def test_a_wrong_token_is_unauthorized(api: BotApi, bot: Bot) -> None:
    stranger = Bot("43:OTHER", session=bot.session)
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("жж<p>x</p>", 'Unsupported start tag "p" at byte offset 4'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <b", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<!-- x -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<a href>x</a", "Unclosed end tag at byte offset 9"),
    ],
)
def test_html_that_does_not_parse_is_refused_in_telegrams_words(html: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("&lt;b&gt; &amp;&#33;&nbsp;", "<b> &!&nbsp;", []),
        ("😀<B>x</B>", "😀x", [("bold", 2, 1)]),
        ('<a href="https://a.b/?x=1&amp;y">l</a>', "l", [("text_link", 0, 1)]),
        ('<a href="javascript:x">l</a>', "l", []),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">p</code></pre>', "p", [("pre", 0, 1), ("code", 0, 1)]),
        (
            '<tg-emoji emoji-id="1">👍</tg-emoji><span class=tg-spoiler>s</span>',
            "👍s",
            [("custom_emoji", 0, 2), ("spoiler", 2, 1)],
        ),
    ],
)
def test_html_is_read_as_telegram_reads_it(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    shown, found = parse_html(html)
    assert shown == text
    assert sorted((e["type"], e["offset"], e["length"]) for e in found) == sorted(entities)


def test_a_text_is_measured_in_utf_16_after_parsing() -> None:
    assert parse_text("<b>" + "😀" * 2048 + "</b>", "HTML")[0] == "😀" * 2048
    with pytest.raises(Refused, match="message is too long"):
        parse_text("😀" * 2048 + "x", "HTML")


async def test_what_telegram_refuses_is_refused(api: BotApi, bot: Bot) -> None:
    chat = api.person().id
    for text, words in [("<b>", "can't parse entities"), ("x" * 4097, "too long"), (" <b> </b>", "text is empty")]:
        with pytest.raises(TelegramBadRequest, match=words):
            await bot.send_message(chat, text, parse_mode="HTML")
    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await bot.send_message(chat, "x", reply_markup=keyboard(("b", "я" * 33)))
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(77, "x")
    assert api.person().inbox == []
    assert [call.ok for call in api.calls] == [False] * 5


async def test_an_edit_that_changes_nothing_is_refused(api: BotApi, bot: Bot) -> None:
    sent = await bot.send_message(api.person().id, "x", reply_markup=keyboard(("b", "1")))
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_text("x", reply_markup=keyboard(("b", "1")))
    await sent.edit_reply_markup(reply_markup=keyboard(("c", "1")))
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_reply_markup(reply_markup=keyboard(("c", "1")))
    await sent.delete()
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await sent.delete()
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await sent.edit_text("y")


async def test_a_press_is_answered_once_and_in_time(bot: Bot, api: BotApi) -> None:
    alice = api.person()
    await bot.send_message(alice.id, "x", reply_markup=keyboard(("b", "1")))
    query = await alice.presses("b")
    await bot.answer_callback_query(query)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(query)
    late = await alice.presses("b")
    now = api.clock()
    api.clock = lambda: now + 1000
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(late)


async def test_faults_come_as_scripted_and_then_end(api: BotApi, bot: Bot) -> None:
    chat = api.person().id
    api.fault("sendMessage", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(chat, "a")
    assert flood.value.retry_after == 7
    api.fault(chat_id=chat, times=2)
    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await bot.send_message(chat, "b")
    await bot.send_message(chat, "c")
    assert api.person().inbox == ["c"]


async def test_a_line_is_cut_before_or_after_the_message_was_taken(api: BotApi, bot: Bot) -> None:
    alice = api.person()
    for drop in ("before", "after"):
        api.fault("sendMessage", drop=drop)
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(alice.id, drop)
    assert alice.inbox == ["after"]
    assert [call.answer for call in api.of("sendMessage")] == [None, None]


async def test_chats_that_are_closed_to_the_bot(api: BotApi, bot: Bot) -> None:
    alice, old, lost = api.person(), api.group("Old", kind="group"), api.group("Lost")
    await alice.blocks()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(alice.id, "x")
    await alice.unblocks()
    await bot.send_message(alice.id, "y")
    [blocked, unblocked] = await bot.get_updates()
    assert blocked.my_chat_member
    assert unblocked.my_chat_member
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    new = api.upgrade(old)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(old.id, "x")
    assert moved.value.migrate_to_chat_id == new.id
    api.kick(new)
    with pytest.raises(TelegramForbiddenError, match="kicked"):
        await bot.send_message(new.id, "x")
    api.vanish(lost)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(lost.id, "x")


async def test_a_button_inside_a_rich_message_can_be_pressed(api: BotApi, bot: Bot) -> None:
    alice = api.person()
    blocks: list[InputRichBlockUnion] = [
        InputRichBlockParagraph(text=["Hello ", "you"]),
        InputRichBlockButtons(buttons=[RichMessageButton(text="I can read this", callback_data="rich")]),
    ]
    sent = await bot.send_rich_message(alice.id, InputRichMessage(blocks=blocks))
    assert sent.rich_message
    assert alice.inbox == ["Hello you\nI can read this"]
    await alice.presses("I can read this")
    html = '<h1>T</h1><tg-button-row><tg-button type="callback_data" data="d">B</tg-button></tg-button-row>'
    await bot.send_rich_message(alice.id, InputRichMessage(html=html))
    await alice.presses("B")
    got = await bot.get_updates()
    assert [u.callback_query and u.callback_query.data for u in got] == ["rich", "d"]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>" + "x" * 32769 + "</p>", "too long"),
        ("<p>x</p>" * 501, "too many blocks"),
        ("<b>" * 17 + "x" + "</b>" * 17, "too deep"),
        ("x" + "<img/>" * 51, "too many media"),
        ("<table><tr>" + "<td>x</td>" * 21 + "</tr></table>", "too many table columns"),
        ("<script>x</script>", "unsupported start tag"),
        ("<p>x", "can't find end tag"),
        ("<p></p>", "empty"),
    ],
    ids=["long", "blocks", "depth", "media", "columns", "script", "unclosed", "empty"],
)
async def test_a_rich_message_past_a_limit_is_refused(api: BotApi, bot: Bot, html: str, words: str) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_rich_message(api.person().id, InputRichMessage(html=html))


async def test_a_server_may_not_know_rich_messages(api: BotApi, bot: Bot) -> None:
    api.knows_rich = False
    with pytest.raises(TelegramNotFound, match="method not found"):
        await bot.send_rich_message(api.person().id, InputRichMessage(html="<p>x</p>"))


async def test_commands_and_descriptions_are_kept_by_language(api: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand(command="start", description="begin")])
    await bot.set_my_commands([BotCommand(command="start", description="начать")], language_code="ru")
    assert [c.description for c in await bot.get_my_commands(language_code="ru")] == ["начать"]
    assert [c.description for c in await bot.get_my_commands()] == ["begin"]
    await bot.set_my_description("2026")
    assert (await bot.get_my_description()).description == "2026"
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Start!", description="x")])


async def test_a_document_is_taken_with_its_caption(api: BotApi, bot: Bot) -> None:
    alice = api.person()
    sent = await bot.send_document(alice.id, BufferedInputFile(b"data", "x.txt"), caption="<i>c</i>", parse_mode="HTML")
    assert sent.document
    assert (sent.caption, api.files[sent.document.file_id]) == ("c", b"data")
    await bot.send_chat_action(alice.id, "typing")
    assert (await bot.get_chat(alice.id)).id == alice.id
    assert (await bot.get_webhook_info()).url == ""


async def test_the_process_is_played_through_its_control_port() -> None:
    async with played("bot_api") as api:
        assert "token 42:TEST" in api.said
        assert await api.control(op="says", who="Alice", text="hi") == []
        async with api.http.post("/bot42:TEST/sendMessage", json={"chat_id": 1000, "text": "hello"}) as answer:
            assert answer.status == 200
        assert await api.control(op="inbox", who="Alice") == [
            {"id": 2, "text": "hello", "html": "hello", "buttons": [], "rich": False}
        ]
        assert "KeyError" in str(await api.control(op="nonsense"))
