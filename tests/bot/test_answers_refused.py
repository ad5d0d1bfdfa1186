"""What becomes of an answer that Telegram refuses, or takes late."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage
from aiohttp import ConnectionTimeoutError

from bot.client import BotApiSession
from core.model import ReaderState
from tests.bot.running import Running


async def test_a_flood_of_answers_is_waited_out(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    running.api.fault("sendMessage", retry_after=1)

    assert "What I can do" in (await alice.asks("/help"))[0].text


async def test_an_answer_to_which_the_server_is_in_trouble_is_given_again_and_a_lost_one_is_not(
    running: Running,
) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    running.api.fault("sendMessage", code=502)
    assert "What I can do" in (await alice.asks("/help"))[0].text

    running.api.fault("sendMessage", drop="after")
    said = await alice.asks("/help", 2)
    assert ["What I can do" in each.text for each in said] == [True, False]


async def test_an_answer_that_never_left_is_given_again(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    ask = BotApiSession.make_request
    failed: list[SendMessage] = []

    async def unconnected(session: BotApiSession, bot: Bot, method: Any, **rest: Any) -> Any:
        if not isinstance(method, SendMessage) or failed:
            return await ask(session, bot, method, **rest)
        failed.append(method)
        raise TelegramNetworkError(method, "no connection") from ConnectionTimeoutError()

    monkeypatch.setattr(BotApiSession, "make_request", unconnected)
    assert "What I can do" in (await alice.asks("/help"))[0].text
    assert len(failed) == 1


async def test_one_who_blocks_the_bot_is_noticed_at_once_and_welcome_back(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.blocks()
    await running.idle()
    assert await running.state(alice.id) is ReaderState.BLOCKED

    await alice.unblocks()
    await alice.asks("/help")
    assert await running.state(alice.id) is ReaderState.ACTIVE


async def test_a_pause_outlasts_a_blocking(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/stop")
    await alice.answered(await alice.presses("Pause"))
    await alice.blocks()
    await alice.unblocks()

    assert "The digest is paused" in (await alice.asks("/start"))[0].text
    assert await running.state(alice.id) is ReaderState.PAUSED


async def test_one_who_blocks_the_bot_while_it_answers_is_left_alone(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    alice.chat.refuses = (403, "Forbidden: bot was blocked by the user")
    await alice.says("/help")
    await running.refused()

    assert await running.state(alice.id) is ReaderState.BLOCKED


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
    await running.idle()

    assert await running.state(successor.id) is ReaderState.ACTIVE


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


async def test_a_press_below_a_message_that_telegram_shows_no_more_is_answered_by_a_new_one(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    message = {"chat": alice.chat.tl(), "message_id": 1, "date": 0}
    press = {"id": "9", "from": alice.tl(), "message": message, "chat_instance": "1", "data": "show:language"}
    await running.api.update("callback_query", press)

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
