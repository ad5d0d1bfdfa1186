"""The bot as it runs: polling a Bot API server, in private chats, groups, topics and channels."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from gc import collect
from typing import Any
from weakref import ref

import pytest
from aiogram import Bot
from aiogram.methods import Response
from aiogram.types import User

from bot.client import open_bot
from bot.commands import introduce
from bot.delivery import Sender
from bot.dispatcher import InTurns, make_dispatcher
from bot.limits import Limits, Window
from bot.looks import Looks
from bot.polling import poll
from core.errors import SettingsError
from core.model import ReaderState
from storage.store import Store
from tests.bot.world import Moment
from tests.servers.bot_api import BotApi

pytestmark = pytest.mark.enable_socket


@dataclass
class Running:
    api: BotApi
    bot: Bot
    dispatcher: InTurns
    store: Store
    looks: Looks


@asynccontextmanager
async def cancelled(*services: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """The services while inside; they are cancelled then, and nothing of them may be left."""
    before = asyncio.all_tasks()
    tasks = [asyncio.get_running_loop().create_task(service()) for service in services]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not [task for task in left if "RequestHandler" not in repr(task)]  # those are the test server's


@pytest.fixture
async def running(world: Store, clock: Moment) -> AsyncIterator[Running]:
    async with BotApi() as api:
        bot = open_bot(api.token, api.url, timeout=5)
        wake, looks = asyncio.Event(), Looks()
        dispatcher = make_dispatcher(world, clock, wake=wake, looks=looks)
        limits = Limits(Window(1000, 1.0), Window(1000, 1.0), Window(1000, 60.0))  # what they are is tested elsewhere
        sender = Sender(world, bot, clock, wake=wake, looks=looks, limits=limits)
        async with cancelled(lambda: poll(dispatcher, bot, patience=0.01), sender.run):
            yield Running(api, bot, dispatcher, world, looks)
        await bot.session.close()


async def test_a_reader_goes_from_start_to_a_settled_hour(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.says("/start")
    assert "World affairs · Tuesday" in (await alice.sees("1. ")).text
    await alice.sees("At what hour")
    assert await alice.answered(await alice.presses("08:00")) == "Noted"
    await alice.sees("by which clock?")
    await alice.presses("Berlin")

    assert "every day at 08:00 (Berlin)" in (await alice.sees("Settled.")).text


async def test_the_bot_introduces_itself_in_both_languages(running: Running) -> None:
    await running.api.until(lambda: ("short_description", "ru") in running.api.profile)

    default = '{"type": "default"}'
    assert [command["command"] for command in running.api.commands[default, "ru"]][:2] == ["digest", "search"]
    assert running.api.commands[default, ""][0]["description"] == "A digest right now"
    assert "телеграм-каналов" in running.api.profile["short_description", "ru"]
    assert "Every sentence links" in running.api.profile["description", ""]


@pytest.mark.parametrize(
    "fault", [{"retry_after": 9_000}, {"code": 404, "description": "Not Found"}], ids=["flood", "old"]
)
async def test_the_bot_answers_also_where_telegram_does_not_take_its_profile(
    world: Store, clock: Moment, fault: dict[str, Any]
) -> None:
    async with BotApi() as api:
        api.fault("setMyDescription", **fault)
        bot = open_bot(api.token, api.url)
        dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
        async with cancelled(lambda: poll(dispatcher, bot)):
            await api.until(lambda: bool(api.of("setMyDescription")))
            assert "What I can do" in (await api.person("Alice").asks("/help", 2))[1].text
        await bot.session.close()


async def test_a_profile_that_is_there_already_is_not_set_again() -> None:
    async with BotApi() as api:
        bot = open_bot(api.token, api.url)
        await introduce(bot)
        first = len([call for call in api.calls if call.method.startswith("set")])
        await introduce(bot)
        await bot.session.close()

    assert len([call for call in api.calls if call.method.startswith("set")]) == first == 6


async def test_a_webhook_that_another_program_has_left_is_taken_off(world: Store, clock: Moment) -> None:
    async with BotApi() as api:
        api.webhook = "https://example.org/bot"
        bot = open_bot(api.token, api.url)
        dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
        async with cancelled(lambda: poll(dispatcher, bot)):
            await api.person("Alice").asks("/help", 2)
        await bot.session.close()


async def test_a_message_of_a_kind_that_is_not_known_yet_does_not_silence_the_bot(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    alice, mallory = running.api.person("Alice"), running.api.person("Mallory")
    await mallory.says("a secret", forward_origin={"type": "nebula", "date": 1})

    assert "I am Courant" in (await alice.asks("/help", 2))[0].text
    assert "an update (message) that cannot be read is passed over: message.forward_origin" in caplog.text
    assert "secret" not in caplog.text


async def test_answers_come_in_the_order_of_the_questions(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    for text in ("8:30", "Berlin", "/help", "/lists"):
        await alice.says(text)
    heard = [message.text for message in await alice.hears(4)]

    assert ["by which clock" in heard[0], "Settled" in heard[1], "What I can do" in heard[2]] == [True] * 3
    assert "What you can follow" in heard[3]


async def test_edited_messages_are_passed_over(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    body = {"message_id": 1, "date": 1, "edit_date": 2, "chat": alice.chat.tl(), "from": alice.tl(), "text": "/help"}
    await running.api.update("edited_message", body)

    assert "What you can follow" in (await alice.asks("/lists"))[0].text


async def test_a_flood_of_answers_is_waited_out(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    running.api.fault("sendMessage", retry_after=1)

    assert "What I can do" in (await alice.asks("/help"))[0].text


async def test_one_who_blocks_the_bot_is_noticed_at_once_and_welcome_back(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.blocks()
    await running.api.idle()
    await running.dispatcher.turns.idle()
    assert await the_state(running, alice.id) is ReaderState.BLOCKED

    await alice.unblocks()
    await alice.asks("/help")
    assert await the_state(running, alice.id) is ReaderState.ACTIVE


async def test_a_pause_outlasts_a_blocking(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/stop")
    await alice.answered(await alice.presses("Pause"))
    await alice.blocks()
    await alice.unblocks()

    assert "The digest is paused" in (await alice.asks("/start"))[0].text
    assert await the_state(running, alice.id) is ReaderState.PAUSED


async def test_a_group_in_which_the_bot_may_not_write_is_left_alone(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    group.refuses = (400, "Bad Request: not enough rights to send text messages to the chat")
    await alice.says("/help", group)
    await running.api.until(lambda: any(call.answer and not call.ok for call in running.api.of("sendMessage")))
    await running.dispatcher.turns.idle()

    assert await the_state(running, group.id) is ReaderState.BLOCKED
    assert not [call for call in running.api.of("sendMessage") if "Something went wrong" in call.params["text"]]


async def the_state(running: Running, chat: int, thread: int = 0) -> ReaderState | None:
    async with running.store.read() as tx:
        reader = await tx.readers.find(chat, thread)
    return reader.state if reader else None


async def test_one_who_blocks_the_bot_while_it_answers_is_left_alone(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    alice.chat.refuses = (403, "Forbidden: bot was blocked by the user")
    await alice.says("/help")
    await running.api.until(lambda: any(call.answer and not call.ok for call in running.api.of("sendMessage")))
    await running.dispatcher.turns.idle()

    assert await the_state(running, alice.id) is ReaderState.BLOCKED


async def test_an_answer_for_which_telegram_asks_to_wait_long_is_given_up(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    running.api.fault("sendMessage", retry_after=600)
    await alice.says("/lists")

    assert "What I can do" in (await alice.asks("/help"))[0].text
    assert "an answer was given up: Telegram asks to wait 600 s" in caplog.text


async def test_a_group_that_has_moved_when_it_is_answered_keeps_its_reader(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", kind="group", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    successor = running.api.upgrade(group)
    await alice.says("/help", group)
    await running.api.idle()
    await running.dispatcher.turns.idle()

    assert await the_state(running, successor.id) is ReaderState.ACTIVE


async def test_an_answer_that_fails_is_told_and_the_next_one_comes(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    running.api.fault("sendMessage", code=400, description="Bad Request: something new")

    assert "Something went wrong on my side" in (await alice.asks("/help"))[0].text
    assert "What I can do" in (await alice.asks("/help"))[0].text


async def test_a_message_that_was_deleted_meanwhile_is_answered_by_a_new_one(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    (menu,) = await alice.asks("/settings")
    menu.deleted = True
    await alice.presses("Language", message=menu)

    assert "Which language" in (await alice.hears())[0].text


async def test_a_press_that_changes_nothing_or_comes_too_late_is_no_error(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    (menu,) = await alice.asks("/settings")
    await alice.presses("Pause", message=menu)
    await running.api.until(lambda: menu.edits == 1)
    running.api.fault("answerCallbackQuery", code=400, description="Bad Request: query is too old and so on")
    await running.api.pressed(alice, menu, "show:settings")

    assert "What I can do" in (await alice.asks("/help"))[0].text
    assert "Something went wrong" not in "".join(alice.inbox)


async def test_an_admin_may_write_in_the_groups_own_name(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors")
    await alice.says("/start", group, sender_chat=group.tl())

    await alice.sees("At what hour", group)


async def test_in_a_group_only_admins_change_settings_and_everyone_may_look(running: Running) -> None:
    alice, bob = running.api.person("Alice"), running.api.person("Bob")
    group = running.api.group("Editors", admins=(alice,))
    await bob.says("/start@courant_bot", group)
    assert "Only admins" in (await bob.hears(1, group))[0].text
    await alice.says("/start@courant_bot", group)
    await alice.sees("At what hour", group)
    assert await bob.answered(await bob.presses("20:00", group)) == "Only admins of this chat can change that."
    assert await alice.answered(await alice.presses("20:00", group)) == "Noted"
    assert "tariffs" in (await bob.asks("/search@courant_bot tariff", 1, group))[0].text
    async with running.store.read() as tx:
        reader = await tx.readers.find(group.id)
    assert reader
    assert (reader.at, reader.kind, reader.lists) == ("20:00", "supergroup", ("world",))


async def test_in_a_group_other_bots_commands_and_chatter_are_left_alone(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    for text in ("/start@other_bot", "good morning", "/fly"):
        await alice.says(text, group)
    await running.api.idle()
    await running.dispatcher.turns.idle()

    assert not [message for message in group.shown if message.by_bot]
    assert await the_state(running, group.id) is None


async def test_a_question_in_a_group_is_answered_by_a_reply(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    await alice.says("/start", group)
    question = await alice.sees("At what hour", group)
    await alice.says("7:15", group)
    await alice.says("7:45", group, reply_to_message=question.tl(running.api.me))

    assert "7:45 by which clock" in (await alice.sees("by which clock", group)).text


async def test_a_question_in_a_channel_is_answered_by_a_reply(running: Running) -> None:
    alice = running.api.person("Alice")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))

    async def posts(text: str, **more: object) -> None:
        post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl(), "text": text}
        await running.api.update("channel_post", post | more)

    await posts("/start")
    question = await alice.sees("answer this message with it", channel)
    asked = question.tl(running.api.me)
    del asked["from"]
    await posts("7:15")
    await posts("7:45", reply_to_message=asked)

    assert "7:45 by which clock" in (await alice.sees("by which clock", channel)).text


async def test_who_writes_in_the_name_of_another_channel_is_no_admin(running: Running) -> None:
    alice, bob = running.api.person("Alice"), running.api.person("Bob")
    group = running.api.group("Editors", admins=(alice,))
    bobs = running.api.group("Bob's channel", kind="channel")
    await bob.says("/start", group, sender_chat=bobs.tl())

    assert "Only admins" in (await bob.hears(1, group))[0].text


async def test_where_a_bot_cannot_see_the_admins_it_says_what_would_help(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    running.api.fault("getChatMember", code=400, description="Bad Request: CHAT_ADMIN_REQUIRED")
    await alice.says("/start", group)

    assert "Make me one of its admins" in (await alice.hears(1, group))[0].text


async def test_the_topics_of_a_group_sleep_and_wake_with_the_bots_place_in_it(running: Running) -> None:
    alice = running.api.person("Alice")
    forum = running.api.group("Forum", admins=(alice,))
    await alice.says("/lists", forum, message_thread_id=5, is_topic_message=True)
    await alice.sees("What you can follow", forum)
    for before, after, state in (("member", "left", ReaderState.BLOCKED), ("left", "member", ReaderState.ACTIVE)):
        change = {"chat": forum.tl(), "from": alice.tl(), "date": 1}
        change["old_chat_member"] = {"user": running.api.me, "status": before}
        change["new_chat_member"] = {"user": running.api.me, "status": after}
        await running.api.update("my_chat_member", change)
        await running.api.idle()
        await running.dispatcher.turns.idle()
        assert await the_state(running, forum.id, 5) is state
    async with running.store.read() as tx:
        (topic,) = await tx.readers.of_chat(forum.id)
    assert topic.due_at is None  # nobody has started it yet


async def test_each_topic_is_a_reader_of_its_own(running: Running) -> None:
    alice = running.api.person("Alice")
    forum = running.api.group("Forum", admins=(alice,))
    for thread in (5, 6):
        await alice.says("/start", forum, message_thread_id=thread, is_topic_message=True)
    await running.api.until(
        lambda: (
            {call.params.get("message_thread_id") for call in running.api.of("sendMessage") if call.ok} == {5, 6}
            and len([message for message in forum.shown if "At what hour" in message.text]) == 2
        )
    )

    assert await the_state(running, forum.id, 5) is ReaderState.ACTIVE
    assert await the_state(running, forum.id) is None


async def test_a_channel_that_the_bot_posts_in_can_be_a_reader(running: Running) -> None:
    alice = running.api.person("Alice")
    channel = running.api.group("Our digest", kind="channel", admins=(alice,))
    post = {"message_id": 9, "date": 1, "chat": channel.tl(), "sender_chat": channel.tl(), "text": "/start"}
    post["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
    await running.api.update("channel_post", post)
    await alice.sees("At what hour", channel)

    assert await the_state(running, channel.id) is ReaderState.ACTIVE


async def test_a_group_that_moves_keeps_its_reader(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", kind="group", admins=(alice,))
    await alice.says("/start", group)
    await alice.sees("At what hour", group)
    successor = running.api.upgrade(group)
    await alice.says("", group, migrate_to_chat_id=successor.id)
    await running.api.idle()
    await running.dispatcher.turns.idle()

    assert await the_state(running, successor.id) is ReaderState.ACTIVE


async def test_being_let_into_a_group_the_bot_says_how_to_begin(running: Running) -> None:
    alice = running.api.person("Alice")
    group = running.api.group("Editors", admins=(alice,))
    me = running.api.me
    change = {"chat": group.tl(), "from": alice.tl(), "date": 1}
    change["old_chat_member"] = {"user": me, "status": "left"}
    change["new_chat_member"] = {"user": me, "status": "member"}
    await running.api.update("my_chat_member", change)

    assert "begin with /start" in (await alice.hears(1, group))[0].text


async def test_a_server_without_rich_messages_turns_the_look_off_for_all(running: Running) -> None:
    running.api.knows_rich = False
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    await alice.presses("Look")

    await alice.sees("does not know rich messages")
    assert not running.looks.rich


@pytest.mark.parametrize(
    "fault",
    [{"code": 400, "description": "Bad Request: chat not found"}, {"drop": "after"}, {"code": 502}],
    ids=["gone", "lost", "gateway"],
)
async def test_another_failure_of_the_sample_leaves_the_look_on(running: Running, fault: dict[str, object]) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    running.api.fault("sendRichMessage", **fault)
    await alice.presses("Look")
    await running.api.idle()
    await running.dispatcher.turns.idle()

    assert running.looks.rich


async def test_the_look_is_proven_by_the_button_inside_the_sample(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    await alice.presses("Look")
    sample = await alice.sees("If you can read this")
    assert sample.rich
    assert not sample.markup
    await alice.answered(await alice.presses("I can read this", message=sample))
    async with running.store.read() as tx:
        reader = await tx.readers.find(alice.id)
    assert reader
    assert reader.look == "rich"
    await alice.says("/digest")
    digest = await alice.sees("World affairs · Tuesday")
    await running.api.until(lambda: any(message.rich for message in alice.messages()[-1:]))
    assert digest.text


async def test_the_type_of_an_answer_is_built_once(running: Running) -> None:
    await running.bot.get_me()
    kept = ref(Response[User])
    collect()
    assert kept() is not None


async def test_a_refused_token_is_told_in_a_sentence(world: Store, clock: Moment) -> None:
    async with BotApi() as api:
        bot = open_bot("42:WRONG", api.url)
        dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
        with pytest.raises(SettingsError, match="BotFather"):
            await poll(dispatcher, bot)
        await bot.session.close()


async def test_a_server_that_comes_up_late_is_waited_for(world: Store, clock: Moment) -> None:
    api = BotApi()
    await api.start()
    await api.stop()
    bot = open_bot(api.token, api.url)
    dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
    async with cancelled(lambda: poll(dispatcher, bot, patience=0.01)):
        await asyncio.sleep(0.02)
        await api.start()
        alice = api.person("Alice")
        await alice.says("/start")
        await alice.sees("I read Telegram channels")
    await bot.session.close()
    await api.stop()
