"""A reader's own settings: language, hour, reading time, look, a pause, and to be forgotten."""

import pytest

from bot.views.settings import languages, minutes, settings
from bot.views.start import hour_question, zone_question
from core.model import Reader, ReaderId, ReaderState
from storage.store import Store
from tests.bot.world import Talk, the_reader
from tests.moments import NOW, Moment


async def test_settings_change_language_and_reading_time(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("/settings")
    await talk.presses("Reading time")
    _, drawn = await talk.presses("8 minutes")
    assert "about 8 minutes" in drawn["text"]
    await talk.presses("Language")
    _, drawn, *menu = await talk.presses("Русский")
    assert ("Ваши настройки" in drawn["text"], {call["method"] for call in menu}) == (True, {"setMyCommands"})
    assert (await the_reader(world)).minutes == 8
    await talk.presses("Списки")
    assert "✓ Мир" in talk.labels


async def test_the_hour_is_changed_in_the_settings_by_button_or_typing(talk: Talk, world: Store) -> None:
    await talk.starts("07:00", "UTC")
    await talk.says("/settings")
    await talk.presses("Hour")
    _, done = await talk.presses("21:00")
    assert "every day at 21:00 (UTC), next today" in done["text"]
    await talk.says("/settings")
    await talk.presses("Hour")
    (alert,) = await talk.presses("Another hour")
    assert "Write the hour" in alert["text"]
    assert "at 06:15 (UTC), next tomorrow" in await talk.hears("6:15")
    await talk.says("/settings")
    _, asked = await talk.presses("Time zone")
    assert "Which clock do you live by?" in asked["text"]
    assert "at 06:15 (UTC+3), next tomorrow" in await talk.hears("UTC+3")
    due = (await the_reader(world)).due_at
    assert due is not None
    assert due.isoformat() == "2025-02-19T03:15:00+00:00"


async def test_a_question_of_the_settings_that_is_not_answered_is_left_alone(talk: Talk, world: Store) -> None:
    await talk.starts("07:00", "UTC")
    for page in ("Hour", "Time zone"):
        await talk.says("/settings")
        await talk.presses(page)
        _, settings = await talk.presses("◀ Settings")
        assert "Your settings" in settings["text"]
        assert (await the_reader(world)).asking is None
        await talk.presses(page)
        (found,) = await talk.says("/search storm")
        assert "<b>storm</b>" in found["text"]
        assert "<b>12,000 homes</b>" in await talk.hears("12,000 homes")


async def test_one_who_follows_nothing_is_promised_no_digest(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/unsubscribe world")

    assert "you follow nothing yet: /lists" in await talk.hears("/settings")
    await talk.says("8:30")
    assert "would come every day at 08:30 (Berlin)" in await talk.hears("Berlin")


async def test_a_pause_keeps_the_digest_away_until_it_is_resumed(talk: Talk, world: Store, clock: Moment) -> None:
    await talk.starts()
    await talk.says("/settings")
    alert, drawn = await talk.presses("Pause")
    assert (alert["text"], "The digest is paused" in drawn["text"]) == ("The digest is paused", True)
    clock.passes(days=2)
    async with world.read() as tx:
        assert await tx.readers.due(clock(), 10) == ()
    await talk.says("/settings")
    alert, drawn = await talk.presses("Resume")
    reader = await the_reader(world)
    assert (alert["text"], reader.state) == ("The digest comes again", ReaderState.ACTIVE)
    assert reader.due_at is not None
    assert reader.due_at > clock()


async def test_one_who_pauses_still_gets_what_is_asked_for(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/settings")
    await talk.presses("Pause")

    assert "World affairs · Tuesday" in await talk.hears("/digest")


async def test_a_reader_is_forgotten_only_after_being_asked_twice(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("/settings")
    await talk.presses("Forget me")
    await talk.presses("No, keep it")
    await talk.presses("Forget me")
    _, done = await talk.presses("Yes, forget it all")

    assert "nothing is kept here" in done["text"]
    async with world.read() as tx:
        assert await tx.readers.all() == ()
    for label in ("Yes, forget it all", "No, keep it"):
        (alert,) = await talk.presses(label)
        assert "/start begins anew" in alert["text"]
    async with world.read() as tx:
        assert await tx.readers.all() == ()  # a button that was left in the chat subscribes nobody
    assert "I am Courant" in await talk.hears("/start")


async def test_the_rich_look_is_turned_on_by_the_button_inside_the_sample(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("/settings")
    _, sample, question = await talk.presses("Look")
    assert (sample["method"], sample["buttons"]) == ("sendRichMessage", ["I can read this"])
    assert "How should digests look?" in question["text"]
    (alert,) = await talk.presses("I can read this")
    assert alert["text"] == "From now on digests come as rich messages"
    (digest,) = [call for call in await talk.says("/digest") if call["method"] != "sendChatAction"]
    assert digest["method"] == "sendRichMessage"
    assert "<h2>World affairs" in digest["text"]
    await talk.says("/settings")
    _, question = await talk.presses("Look")
    assert "could be read here" in question["text"]
    assert "I have sent you a sample" not in question["text"]
    await talk.presses("Classic look")
    assert (await the_reader(world)).look == "classic"


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", ["private", "supergroup"])
def test_buttons_that_stand_side_by_side_can_be_read_on_a_phone(language: str, kind: str) -> None:
    reader = Reader(id=ReaderId(1), chat_id=1, kind=kind, language=language)
    views = (
        hour_question(reader, "settings"),
        zone_question(reader, "start", NOW),
        settings(reader, (), "classic", NOW),
        minutes(reader),
        languages(reader),
    )
    letters = {1: 40, 2: 20, 3: 13, 4: 9}  # of each of so many buttons
    for row in (row for view in views for row in view.rows):
        assert all(len(button.text) <= letters[len(row)] for button in row), row
