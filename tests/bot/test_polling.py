"""The bot as it runs: polling a Bot API server, in a private chat."""

import asyncio
import json
from gc import collect
from typing import Any
from weakref import ref

import pytest
from aiogram.methods import Response
from aiogram.types import User

from bot import polling
from bot.client import open_bot
from bot.commands import introduce, speak
from bot.dispatcher import make_dispatcher
from bot.looks import Looks
from bot.polling import poll
from core.errors import SettingsError
from storage.engine import BUSY_SECONDS
from storage.store import Store
from tests.bot.running import Running, cancelled
from tests.moments import Moment
from tests.servers.bot_api import BotApi
from tests.servers.loopback import held


async def test_a_reader_goes_from_start_to_a_settled_hour(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.says("/start")
    assert "World affairs · Tuesday" in (await alice.sees("1. ")).text
    await alice.sees("At what hour")
    assert await alice.answered(await alice.presses("08:00")) == "Noted"
    await alice.sees("by which clock?")
    await alice.presses("Berlin")

    assert "every day at 08:00 (Berlin)" in (await alice.sees("Settled.")).text


def test_who_taps_together_with_a_thousand_others_waits_no_longer_than_the_database_lets_them() -> None:
    a_tap = 0.1  # seconds on a slow machine; on a busy one of two cores it took 0.04
    assert polling._AT_ONCE * a_tap < BUSY_SECONDS


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
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        api.fault("setMyDescription", **fault)
        dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
        async with cancelled(lambda: poll(dispatcher, bot)):
            await api.until(lambda: bool(api.of("setMyDescription")))
            assert "What I can do" in (await api.person("Alice").asks("/help", 2))[1].text


async def test_a_profile_that_is_there_already_is_not_set_again() -> None:
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        await introduce(bot)
        first = len([call for call in api.calls if call.method.startswith("set")])
        await introduce(bot)

    assert len([call for call in api.calls if call.method.startswith("set")]) == first == 6


async def test_the_menu_of_a_chat_is_in_the_language_that_was_chosen_there(running: Running) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    await alice.asks("/settings")
    await alice.presses("Language")
    await alice.presses("Русский")
    scope = json.dumps({"chat_id": alice.id, "type": "chat"})
    await running.api.until(lambda: (scope, "ru") in running.api.commands)

    for code in ("", "ru"):
        menu = running.api.commands[scope, code]
        assert (menu[0]["description"], len(menu)) == ("Дайджест прямо сейчас", 11)


async def test_the_menu_of_an_administrator_stays_in_the_language_that_was_chosen() -> None:
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        alice = api.person("Alice")
        await speak(bot, alice.id, "ru", admin=True)
        chosen = dict(api.commands)
        await introduce(bot, [alice.id])

    assert {place: menu for place, menu in api.commands.items() if place in chosen} == chosen
    assert {menu[0]["command"] for menu in chosen.values()} == {"status"}


async def test_a_webhook_that_another_program_has_left_is_taken_off(world: Store, clock: Moment) -> None:
    async with BotApi() as api, open_bot(api.token, api.url) as bot:
        api.webhook = "https://example.org/bot"
        dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
        async with cancelled(lambda: poll(dispatcher, bot)):
            await api.person("Alice").asks("/help", 2)


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


async def test_the_server_is_asked_for_edited_messages_which_are_answered_where_the_first_was_a_slip(
    running: Running,
) -> None:
    alice = running.api.person("Alice")
    await alice.asks("/start", 3)
    slip = await alice.says("/lits")
    await alice.sees("I do not know /lits")
    slip.text, slip.edits = "/lists", 1
    await running.api.update("edited_message", slip.tl(running.api.me))

    assert "What you can follow" in (await alice.hears(2))[1].text


async def test_the_type_of_an_answer_is_built_once(running: Running) -> None:
    await running.bot.get_me()
    kept = ref(Response[User])
    collect()
    assert kept() is not None


async def test_a_refused_token_is_told_in_a_sentence(world: Store, clock: Moment) -> None:
    async with BotApi() as api, open_bot("42:WRONG", api.url) as bot:
        dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
        with pytest.raises(SettingsError, match="BotFather"):
            await poll(dispatcher, bot)


async def test_a_server_that_comes_up_late_is_waited_for(world: Store, clock: Moment) -> None:
    api = BotApi()
    await api.start()
    await api.stop()
    dispatcher = make_dispatcher(world, clock, wake=asyncio.Event(), looks=Looks())
    async with open_bot(api.token, api.url) as bot, cancelled(lambda: poll(dispatcher, bot, patience=0.01)):
        with held(api.port):
            await asyncio.sleep(0.02)
            await api.start()
        alice = api.person("Alice")
        await alice.says("/start")
        await alice.sees("I read Telegram channels")
    await api.stop()
