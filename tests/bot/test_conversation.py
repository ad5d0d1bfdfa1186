"""The start of the conversation and its words, through the real Dispatcher, Bot, store and digest."""

import html
import re
from collections.abc import AsyncIterator

import pytest

from core.errors import StorageUnavailable
from core.model import Source
from core.texts import Texts
from storage.store import Store
from tests.bot.world import LISTS, Talk, a_forward, the_reader
from tests.moments import Moment


async def test_the_start_greets_shows_the_lists_and_brings_a_digest_before_it_asks_the_hour(talk: Talk) -> None:
    greeting, digest, question = await talk.says("/start")

    assert "I read Telegram channels" in greeting["text"]
    assert greeting["buttons"] == ["✓ World affairs", "News in Russian", "Eastport <city>"]
    assert "World affairs · Tuesday, 18 February" in digest["text"]
    assert re.search(r"talks.*<a href=\"https://t.me/harbour_wire/18000\">\[\d+\]</a>", digest["text"])
    assert "At what hour" in question["text"]
    assert question["buttons"][:7] == ["07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "21:00"]


async def test_hour_and_zone_are_chosen_by_buttons(talk: Talk, world: Store) -> None:
    await talk.starts()
    saved, zones = await talk.presses("20:00")
    _, done = await talk.presses("London")

    assert (saved["text"], zones["method"]) == ("Noted", "editMessageText")
    assert "20:00 by which clock?" in zones["text"]
    assert "every day at 20:00 (London), next today" in done["text"]
    reader = await the_reader(world)
    assert (reader.at, reader.zone, reader.asking) == ("20:00", "Europe/London", None)
    assert reader.due_at is not None
    assert reader.due_at.isoformat() == "2025-02-18T20:00:00+00:00"


async def test_hour_and_zone_are_understood_when_typed_and_nonsense_leaves_the_question_open(
    talk: Talk, world: Store
) -> None:
    await talk.starts()

    assert "I did not recognise an hour" in await talk.hears("some time in the morning")
    assert "7:45 by which clock?" in await talk.hears("7.45")
    assert "I do not know a place" in await talk.hears("Atlantis")
    assert "every day at 07:45 (Berlin), next tomorrow" in await talk.hears("berlin")
    assert (await the_reader(world)).zone == "Europe/Berlin"


@pytest.mark.parametrize("text", ["what is this?", "hello", "🙂", "/help", "Why do you need the hour?"])
async def test_who_asks_while_asked_is_answered_and_not_asked_again(talk: Talk, text: str) -> None:
    await talk.starts()

    (answer,) = await talk.says(text)

    assert "one digest of their news a day" in answer["text"]
    assert "7:45 by which clock?" in await talk.hears("7.45")


async def test_a_question_that_was_passed_over_takes_its_answer_and_nothing_else(talk: Talk) -> None:
    await talk.starts()
    (found,) = await talk.says("direct talks between presidents")
    (unknown,) = await talk.says("/frobnicate")
    assert "direct talks between presidents" in found["text"]
    assert "I do not know /frobnicate" in unknown["text"]
    assert "<b>12,000 homes</b>" in await talk.hears("12,000 homes")  # no hour, and not taken for one
    assert "At what hour" in await talk.hears("/start")

    assert "20:00 by which clock?" in await talk.hears("8 pm")
    assert "one digest of their news a day" in await talk.hears("what?")
    assert "<b>storm</b>" in await talk.hears("storm coast")
    assert "every day at 20:00 (Berlin)" in await talk.hears("Berlin")


async def test_while_the_place_is_asked_another_hour_may_be_typed(talk: Talk) -> None:
    await talk.starts()
    await talk.presses("07:00")
    assert "10:30 by which clock?" in await talk.hears("10:30")
    assert "I do not know a place" in await talk.hears("3")  # an hour, or three hours ahead?
    assert "every day at 10:30 (London)" in await talk.hears("London")


@pytest.mark.parametrize("answer", ["9:30", "a button"])
async def test_who_tells_the_place_while_the_hour_is_asked_is_still_asked_the_hour_and_not_the_place_again(
    talk: Talk, world: Store, answer: str
) -> None:
    await talk.starts()
    first = talk.in_sight()

    asked = await talk.hears("I'm in London")

    assert "At what hour should the digest come?" in asked
    assert "at 08:00 (London)" in asked
    if answer == "a button":  # of the first question, above
        talk.scroll_back(first)
        _, done = await talk.presses("09:00")
        assert "every day at 09:00 (London), next tomorrow" in done["text"]
    else:
        assert "every day at 09:30 (London), next tomorrow" in await talk.hears(answer)
    assert (await the_reader(world)).asking is None


async def test_a_place_may_be_told_by_what_its_clock_shows(talk: Talk) -> None:
    await talk.starts("20:00", "Berlin")
    await talk.says("/settings")
    await talk.presses("Time zone")
    assert "I do not know a place" in await talk.hears("21:20")  # no clock shows that now
    assert "every day at 20:00 (UTC+3)" in await talk.hears("21:02")


@pytest.mark.parametrize("text", ["storm coast", "25:99"])
async def test_what_is_taken_for_an_attempt_at_an_answer_can_be_looked_for_with_one_tap(talk: Talk, text: str) -> None:
    await talk.starts()
    if ":" not in text:
        await talk.presses("07:00")
    (unclear,) = await talk.says(text)
    assert unclear["buttons"] == [f"🔍 Search for “{text}”"]
    _, found = await talk.presses("Search for")
    assert text in found["text"]


async def test_the_hour_may_be_said_at_any_time(talk: Talk, world: Store) -> None:
    await talk.starts()
    assert "9:30 by which clock?" in await talk.hears("send it at half past nine")
    assert "Your settings" in await talk.hears("where are my settings?")
    await talk.says("London")
    assert "every day at 20:00 (London)" in await talk.hears("присылай в 8 вечера")
    assert "Your settings" in await talk.hears("change the language, please")
    assert "send it at the harbour" in await talk.hears("send it at the harbour")  # a search
    assert (await the_reader(world)).at == "20:00"


async def test_thanks_and_cancel_are_understood_while_something_is_asked(talk: Talk, world: Store) -> None:
    await talk.starts()
    assert "You are welcome" in await talk.hears("thanks!")
    await talk.says("/start")
    assert (await the_reader(world)).asking
    await talk.presses("Another hour")
    assert "every day at 08:00" in await talk.hears("/Cancel")
    assert (await the_reader(world)).asking is None


async def test_who_has_paused_is_not_asked_for_the_hour_again(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/stop")
    await talk.presses("Pause")
    (again,) = await talk.says("/start")
    assert "paused" in again["text"]


@pytest.mark.parametrize("text", ["not now", "не знаю"])
async def test_who_leaves_the_question_open_keeps_the_usual_hour(talk: Talk, world: Store, text: str) -> None:
    await talk.starts()

    assert "every day at 08:00" in await talk.hears(text)
    assert (await the_reader(world)).asking is None
    assert "You are welcome" in await talk.hears("thanks!")


async def test_an_open_question_survives_a_restart(talk: Talk, world: Store, clock: Moment) -> None:
    await talk.starts()

    again = Talk(world, clock)

    assert "8:30 by which clock?" in await again.hears("8:30")


async def test_a_second_start_resets_nothing_and_asks_again_what_is_open(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.presses("07:00")
    await talk.says("/subscribe city")
    before = await the_reader(world)

    said = await talk.hears("/start")

    assert "You follow: World affairs, Eastport &lt;city&gt;" in said
    assert "by which clock" in said
    assert await the_reader(world) == before


async def test_a_deep_link_starts_with_its_list(talk: Talk, world: Store) -> None:
    greeting, *_ = await talk.says("/start list_city")

    assert (await the_reader(world)).lists == ("city",)
    assert "✓ Eastport <city>" in greeting["buttons"]


async def test_a_deep_link_adds_its_list_to_what_a_reader_follows(talk: Talk, world: Store) -> None:
    await talk.starts()

    said = await talk.hears("/start list_city")
    assert "You now follow <b>Eastport &lt;city&gt;</b>.\nThe digest comes every day at 08:00" in said
    assert (await the_reader(world)).lists == ("city", "world")


async def test_a_deep_link_tells_one_who_pauses_so_once(talk: Talk, world: Store) -> None:
    await talk.starts("07:00", "London")
    await talk.says("/stop")
    await talk.presses("Pause")
    said = await talk.hears("/start list_city")
    assert said == "You now follow <b>Eastport &lt;city&gt;</b>.\nThe digest is paused. /settings starts it again."


async def test_a_deep_link_to_a_list_that_is_gone_says_so_and_starts_as_usual(talk: Talk, world: Store) -> None:
    greeting, *_ = await talk.says("/start list_gone")

    assert greeting["text"].startswith("The list “gone” of your link is not here any more.")
    assert (await the_reader(world)).lists == ("world",)


async def test_one_who_writes_anything_first_is_welcomed_and_a_command_is_obeyed_too(talk: Talk) -> None:
    said = [call["text"] for call in await talk.says("/lists")]

    assert "I am Courant" in said[0]
    assert "What you can follow" in said[1]


@pytest.mark.parametrize("command", ["/digest", "/Digest", "/дайджест"])
async def test_a_newcomer_who_asks_for_a_digest_gets_one_and_not_two(talk: Talk, command: str) -> None:
    greeting, digest, question = await talk.says(command)

    assert ("World affairs · Tuesday" in digest["text"], "At what hour" in question["text"]) == (True, True)
    assert "I am Courant" in greeting["text"]


async def test_plain_words_of_a_newcomer_are_a_greeting(talk: Talk, world: Store) -> None:
    assert "I am Courant" in await talk.hears("hello?")
    assert len((await the_reader(world)).lists) == 1


async def test_a_newcomer_is_greeted_in_the_language_that_the_first_words_ask_for(talk: Talk, world: Store) -> None:
    said = await talk.hears("по-русски, пожалуйста")
    assert "Я Courant" in said
    assert "В котором часу" in said
    reader = await the_reader(world)
    assert (reader.language, reader.lists) == ("ru", ("novosti",))


async def test_what_a_newcomer_forwards_asks_for_no_language(talk: Talk, world: Store) -> None:
    await talk.gets(**a_forward("mayak", 1, text="русский"))
    assert (await the_reader(world)).language == "en"


async def test_russian_readers_are_spoken_to_in_russian(world: Store, clock: Moment) -> None:
    talk = Talk(world, clock, "ru-RU")

    said = await talk.hears("/start")

    assert "Я Courant" in said
    assert "В котором часу" in said
    reader = await the_reader(world)
    assert (reader.language, reader.zone, reader.lists) == ("ru", "Europe/Moscow", ("novosti",))
    assert "2 канала" in await talk.hears("/lists")


async def test_help_and_an_unknown_command(talk: Talk) -> None:
    await talk.starts()

    assert "What I can do" in await talk.hears("/help")
    assert "I do not know /fly_to_the_moon" in await talk.hears("/fly_to_the_moon")


async def test_where_no_digest_can_be_built_the_start_still_asks_its_question(
    world: Store, clock: Moment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*given: object, **values: object) -> AsyncIterator[None]:
        raise StorageUnavailable("gone for a moment")
        yield

    talk = Talk(world, clock)
    monkeypatch.setattr("bot.digests.make_digests", broken)
    greeting, question = await talk.says("/start")

    assert ("I am Courant" in greeting["text"], "At what hour" in question["text"]) == (True, True)
    assert "Something went wrong" in await talk.hears("/digest")
    assert caplog.records[-1].getMessage().startswith("an update failed: The database cannot be used")
    assert caplog.records[-1].exc_info is None


async def test_just_after_the_first_start_nobody_is_told_of_a_quiet_day(store: Store, clock: Moment) -> None:
    async with store.begin() as tx:
        await tx.channels.take_over(LISTS, {})
    talk = Talk(store, clock)
    _, digest, question = await talk.says("/start")
    assert "not been read for the first time yet" in digest["text"]
    assert "At what hour" in question["text"]
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.channels.was_read(
            channels["harbour_wire"], Source.WEB, cursor=1, oldest=1, now=clock(), next_at=clock()
        )
    assert "A quiet day" in await talk.hears("/digest")


async def test_without_lists_the_start_says_so_and_nothing_breaks(store: Store, clock: Moment) -> None:
    talk = Talk(store, clock)

    assert "No lists of channels have been set up" in await talk.hears("/start")
    assert "No channels" in await talk.hears("/lists")
    assert "No channels" in await talk.hears("/channels")
    assert "No channels" in await talk.hears("/subscribe")


def test_both_languages_say_everything_the_bot_says() -> None:
    def keys(language: str) -> set[str]:
        from importlib.resources import files

        text = (files("core") / "locales" / language / "bot.ftl").read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z][\w-]*) *=", text, re.MULTILINE))

    assert keys("en") == keys("ru")
    for language in ("en", "ru"):
        for command in ("digest", "search", "settings"):
            assert Texts(language)(f"command-{command}")


async def test_every_message_is_html_that_telegram_takes(talk: Talk) -> None:
    for line in (
        "/start",
        "/lists",
        "/channels",
        "/settings",
        "/help",
        "/search <b>&",
        "/digest <i>",
        "/subscribe <a>",
    ):
        for call in await talk.says(line):
            rest = re.sub(r"</?(b|i|u|a|code|blockquote)( href=\"[^\"<>]*\"| expandable)?>", "", call["text"])
            assert "<" not in rest or call["method"] == "sendRichMessage", rest
            assert len(html.unescape(rest)) <= 4096
    assert len(LISTS) == 3
