"""The conversation, through the real Dispatcher, Bot, store and digest."""

import html
import re
from dataclasses import replace

import pytest

from core.errors import StorageUnavailable
from core.model import FactCheck, Reader, ReaderState, Source
from core.texts import Texts
from storage.store import Store
from tests.bot.world import LISTS, Moment, Talk, the_day
from tests.posts import a_post


async def the_reader(store: Store) -> Reader:
    async with store.read() as tx:
        (reader,) = await tx.readers.all()
    return reader


async def test_the_start_greets_shows_the_lists_and_brings_a_digest_before_it_asks_the_hour(talk: Talk) -> None:
    greeting, digest, question = await talk.says("/start")

    assert "I read Telegram channels" in greeting["text"]
    assert greeting["buttons"] == ["✓ World affairs", "News in Russian", "Eastport <city>"]
    assert "World affairs · Tuesday, 18 February" in digest["text"]
    assert re.search(r"talks.*<a href=\"https://t.me/harbour_wire/18000\">\[\d+\]</a>", digest["text"])
    assert "At what hour" in question["text"]
    assert question["buttons"][:7] == ["07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "21:00"]


async def test_hour_and_zone_are_chosen_by_buttons(talk: Talk, world: Store) -> None:
    await talk.says("/start")
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
    await talk.says("/start")

    assert "I did not recognise an hour" in await talk.hears("some time in the morning")
    assert "7:45 by which clock?" in await talk.hears("7.45")
    assert "I do not know a place" in await talk.hears("Atlantis")
    assert "every day at 07:45 (Berlin), next tomorrow" in await talk.hears("berlin")
    assert (await the_reader(world)).zone == "Europe/Berlin"


@pytest.mark.parametrize("text", ["what is this?", "hello", "🙂", "/help", "Why do you need the hour?"])
async def test_who_asks_while_asked_is_answered_and_not_asked_again(talk: Talk, world: Store, text: str) -> None:
    await talk.says("/start")

    (answer,) = await talk.says(text)

    assert "one digest of their news a day" in answer["text"]
    assert "7:45 by which clock?" in await talk.hears("7.45")


async def test_a_question_that_was_passed_over_takes_its_answer_and_nothing_else(talk: Talk, world: Store) -> None:
    await talk.says("/start")
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


async def test_who_leaves_the_question_open_keeps_the_usual_hour(talk: Talk, world: Store) -> None:
    await talk.says("/start")

    assert "every day at 08:00" in await talk.hears("not now")
    assert (await the_reader(world)).asking is None
    assert "one digest of their news a day" in await talk.hears("thanks!")


async def test_an_open_question_survives_a_restart(talk: Talk, world: Store, clock: Moment) -> None:
    await talk.says("/start")

    again = Talk(world, clock)

    assert "8:30 by which clock?" in await again.hears("8:30")


async def test_a_second_start_resets_nothing_and_asks_again_what_is_open(talk: Talk, world: Store) -> None:
    await talk.says("/start")
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
    await talk.says("/start")

    said = await talk.hears("/start list_city")
    assert "You now follow <b>Eastport &lt;city&gt;</b>.\nThe digest comes every day at 08:00" in said
    assert (await the_reader(world)).lists == ("city", "world")


async def test_what_is_read_no_longer_can_be_left_but_not_followed(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.says("/subscribe mayak")
    await talk.gets(
        forward_origin={"type": "channel", "date": 1, "chat": {"id": -1, "type": "channel", "username": "city_desk"}}
        | {"message_id": 5},
        text="storm",
    )
    labels = talk.labels
    async with world.begin() as tx:
        await tx.channels.take_over(LISTS[:1], {})

    assert "You no longer follow <b>Mayak</b>" in await talk.hears("/unsubscribe @mayak")
    talk.labels = labels
    assert "no longer in use" in (await talk.presses("Follow it"))[0]["text"]
    assert (await the_reader(world)).channels == ()


async def test_a_deep_link_to_a_list_that_is_gone_starts_as_usual(talk: Talk, world: Store) -> None:
    await talk.says("/start list_gone")

    assert (await the_reader(world)).lists == ("world",)


async def test_one_who_writes_anything_first_is_welcomed_and_a_command_is_obeyed_too(talk: Talk) -> None:
    said = [call["text"] for call in await talk.says("/lists")]

    assert "I am Courant" in said[0]
    assert "What you can follow" in said[1]


async def test_a_newcomer_who_asks_for_a_digest_gets_one_and_not_two(talk: Talk) -> None:
    greeting, digest, question = await talk.says("/digest")

    assert ("World affairs · Tuesday" in digest["text"], "At what hour" in question["text"]) == (True, True)
    assert "I am Courant" in greeting["text"]


async def test_plain_words_of_a_newcomer_are_a_greeting(talk: Talk, world: Store) -> None:
    assert "I am Courant" in await talk.hears("hello?")
    assert len((await the_reader(world)).lists) == 1


async def test_russian_readers_are_spoken_to_in_russian(world: Store, clock: Moment) -> None:
    talk = Talk(world, clock, "ru-RU")

    said = await talk.hears("/start")

    assert "Я Courant" in said
    assert "В котором часу" in said
    reader = await the_reader(world)
    assert (reader.language, reader.zone, reader.lists) == ("ru", "Europe/Moscow", ("novosti",))
    assert "2 канала" in await talk.hears("/lists")


async def test_lists_are_toggled_by_their_buttons(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.says("/lists")
    alert, drawn = await talk.presses("News in Russian")

    assert alert["text"] == "Following News in Russian"
    assert drawn["buttons"] == ["✓ World affairs", "✓ News in Russian", "Eastport <city>"]
    alert, drawn = await talk.presses("✓ World affairs")
    assert alert["text"] == "No longer following World affairs"
    assert (await the_reader(world)).lists == ("novosti",)


async def test_the_greetings_buttons_follow_lists_as_well(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    _, drawn = await talk.presses("Eastport")

    assert "I am Courant" in drawn["text"]
    assert (await the_reader(world)).lists == ("city", "world")


async def test_lists_tell_their_size_and_description(talk: Talk) -> None:
    await talk.says("/start")
    said = await talk.hears("/lists")

    assert "✓ <b>World affairs</b> · 2 channels\nWhat capitals say &amp; do" in said
    assert "<b>News in Russian</b> · one channel" in said
    assert "Eastport &lt;city&gt;" in said


async def test_channels_are_shown_with_links_for_all_lists_or_one(talk: Talk) -> None:
    await talk.says("/start")

    every = await talk.hears("/channels")
    one = await talk.hears("/channels мир")

    assert '<a href="https://t.me/mayak">Mayak</a>' in every
    assert '<a href="https://t.me/meridian_dispatch">Meridian Dispatch</a>' in one
    assert "mayak" not in one
    assert "no list or channel called “moon”" in await talk.hears("/channels moon")


@pytest.mark.parametrize(
    "what",
    ["city", "CITY", "Eastport <city>", "@city_desk", "https://t.me/s/city_desk/12", "City Desk", "t.me/city_desk"],
)
async def test_lists_and_channels_are_followed_by_name_and_link(talk: Talk, world: Store, what: str) -> None:
    await talk.says("/start")

    assert "You now follow" in await talk.hears(f"/subscribe {what}")
    assert "already" in await talk.hears(f"/subscribe {what}")
    reader = await the_reader(world)
    assert "city" in reader.lists or reader.channels == ("city_desk",)
    assert "You no longer follow" in await talk.hears(f"/unsubscribe {what}")
    assert "You were not following" in await talk.hears(f"/unsubscribe {what}")


async def test_an_unknown_name_is_told_with_the_nearest_ones(talk: Talk) -> None:
    await talk.says("/start")

    assert "<code>novosti</code>" in await talk.hears("/subscribe novost")
    assert "Did you mean <code>harbour_wire</code>" in await talk.hears("/subscribe harbor_wire")
    assert "Did you mean <code>novosti</code> (News in Russian)?" in await talk.hears("/subscribe russian stories")
    assert "There is: <code>world</code> (World affairs), <code>novosti</code>" in await talk.hears("/subscribe qqqqqq")


async def test_only_channels_that_the_administrator_follows_can_be_followed(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    async with world.begin() as tx:
        await tx.channels.ensure(["nobodys_channel"])

    assert "I know no list" in await talk.hears("/subscribe nobodys_channel")
    assert "added by the one who runs this bot" in await talk.hears("/subscribe https://t.me/nobodys_channel")


async def test_subscribe_and_unsubscribe_without_a_name_ask_with_buttons(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.says("/subscribe")
    await talk.presses("News in Russian")
    await talk.says("/subscribe city_desk")
    await talk.says("/unsubscribe")
    assert talk.labels == ["✕ World affairs", "✕ News in Russian", "✕ @city_desk"]
    await talk.presses("World")
    await talk.presses("city_desk")
    _, drawn = await talk.presses("News")

    assert "You follow nothing" in drawn["text"]
    reader = await the_reader(world)
    assert (reader.lists, reader.channels) == ((), ())


async def test_one_who_follows_nothing_is_told_that_no_digest_will_come(talk: Talk) -> None:
    await talk.says("/start")

    assert "no digest will come" in await talk.hears("/unsubscribe world")
    assert "nothing to tell" in await talk.hears("/digest")
    assert "You follow nothing" in await talk.hears("/unsubscribe")


async def test_a_digest_is_brought_now_of_all_of_a_list_or_of_another_span(talk: Talk) -> None:
    await talk.says("/start")

    assert "World affairs · Tuesday" in await talk.hears("/digest")
    assert "Eastport &lt;city&gt; · Tuesday" in await talk.hears("/digest city")
    assert "News in Russian · 11 Feb to 18 Feb" in await talk.hears("/digest News in Russian 7d")
    assert "World affairs, News in Russian" in await talk.hears("/digest 2d world novosti")
    assert "A quiet day" in await talk.hears("/digest 1h")
    assert "I did not understand “moon &lt;b&gt;”" in await talk.hears("/digest moon <b>")


async def test_a_digest_that_is_asked_for_tells_again_what_was_told(talk: Talk, clock: Moment) -> None:
    await talk.says("/start")

    first = await talk.hears("/digest")
    clock.pass_(seconds=11)

    assert await talk.hears("/digest") == first


async def test_who_taps_twice_gets_one_digest_and_who_has_changed_something_another(talk: Talk) -> None:
    await talk.says("/start")
    assert "World affairs · Tuesday" in await talk.hears("/digest")
    assert "I have just made you this digest" in await talk.hears("/Digest ")
    await talk.says("/keywords -storm")
    assert "World affairs · Tuesday" in await talk.hears("/digest")
    assert "Eastport" in await talk.hears("/digest city")


async def test_a_digest_that_failed_is_made_when_it_is_asked_for_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*given: object, **values: object) -> None:
        raise StorageUnavailable("gone for a moment")

    await talk.says("/start")
    with monkeypatch.context() as failing:
        failing.setattr("bot.digests.make_digest", broken)
        assert "Something went wrong" in await talk.hears("/digest")
    assert "World affairs · Tuesday" in await talk.hears("/digest")


@pytest.mark.parametrize("words", ["week", "for the last week", "за неделю", "прошлая неделя"])
async def test_a_week_may_be_asked_for_in_words(talk: Talk, words: str) -> None:
    await talk.says("/start")
    assert "11 Feb to 18 Feb" in await talk.hears(f"/digest {words}")


async def test_a_span_that_is_too_long_is_told_to_be_cut(talk: Talk) -> None:
    await talk.says("/start")
    cut, _, digest = await talk.says("/digest 30d")
    assert "A digest covers 7 days at most" in cut["text"]
    assert "11 Feb to 18 Feb" in digest["text"]
    assert "A digest covers" not in await talk.hears("/digest 7d")
    assert "I did not understand" in await talk.hears("/digest 99999999999999999999d")


async def test_the_sources_of_a_digest_are_shown_by_its_button(talk: Talk) -> None:
    await talk.says("/start")
    await talk.says("/digest")
    _, sources = await talk.presses("Sources")

    assert sources["method"] == "sendMessage"
    assert '<a href="https://t.me/meridian_dispatch/18001">meridian_dispatch</a>' in sources["text"]


async def test_settings_open_below_a_digest_which_stays(talk: Talk) -> None:
    await talk.says("/start")
    await talk.says("/digest")
    _, settings = await talk.presses("Settings")

    assert (settings["method"], "Your settings" in settings["text"]) == ("sendMessage", True)


async def test_a_search_shows_excerpts_with_its_words_marked_and_links(talk: Talk) -> None:
    await talk.says("/start")
    await talk.presses("07:00")
    await talk.presses("Moscow")
    said = await talk.hears("/search tariff")

    assert '<a href="https://t.me/meridian_dispatch/18001">Meridian Dispatch</a> · 18 Feb 11:10' in said
    assert "<b>tariffs</b>" in said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "⚠ Fact-checkers (NO) say: "), ("ru", "⚠ Фактчекеры (NO): ")], ids=["en", "ru"]
)
async def test_what_fact_checkers_say_stands_beside_the_post(
    world: Store, clock: Moment, language: str, said: str
) -> None:
    first, talk = the_day()[0], Talk(world, clock, language)
    note = FactCheck(text="The tariffs\nwere <older>. " + "And so on. " * 40, country="NO")
    async with world.begin() as tx:
        channels = await tx.channels.ensure([first.post.channel])
        await tx.posts.add([replace(first, post=replace(first.post, fact_check=note))], channels, clock())
    await talk.says("/start")
    for asked in ("/search tariff", "/digest world"):
        shown = await talk.hears(asked)
        assert f"{said}The tariffs were &lt;older&gt;. And so on." in shown
        assert shown.count("And so on.") < 20


async def test_a_search_shows_what_a_post_answers(talk: Talk, world: Store, clock: Moment) -> None:
    asked = "When <does> it open? " * 20
    async with world.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(77, "The zeppelin hall opens in May.", quote=asked)], channels, clock())
    await talk.says("/start")
    said = await talk.hears("/search zeppelin")
    assert "<i>In answer to “When &lt;does&gt; it open? When &lt;does&gt; it open?" in said
    assert said.index("In answer to") < said.index("zeppelin</b>", 80)


async def test_the_pages_of_a_search_are_turned(talk: Talk) -> None:
    await talk.says("/start")
    (first,) = await talk.says("/search pilot")
    assert first["text"].count("https://t.me/") == 10
    assert first["buttons"] == ["2 ▶"]
    _, second = await talk.presses("2 ▶")
    assert (second["method"], second["buttons"]) == ("editMessageText", ["◀ 1", "3 ▶"])
    _, third = await talk.presses("3 ▶")
    assert third["text"].count("https://t.me/") == 5
    assert third["buttons"] == ["◀ 2"]
    links = [set(re.findall(r"t\.me/[a-z_]+/\d+", page["text"])) for page in (first, second, third)]
    assert len(set.union(*links)) == 25


async def test_a_search_without_words_explains_the_language_and_a_wrong_one_gives_examples(talk: Talk) -> None:
    await talk.says("/start")

    assert "side by side" in await talk.hears("/search")
    assert "“soon” is no time" in await talk.hears("/search storm since:soon")
    assert "“-storm” only says what must not be there" in await talk.hears("/search -storm")
    assert "“since:7d” only says where to look" in await talk.hears("/search since:7d")
    assert "There is no word in “🔥”" in await talk.hears("/search 🔥")
    assert "Nothing here is called nosuch, news." in await talk.hears("/search storm channel:nosuch list:news")
    assert "Nothing was found for <b>zeppelin</b>" in await talk.hears("/search zeppelin")


async def test_plain_words_are_a_search_once_no_question_is_open(talk: Talk) -> None:
    await talk.says("/start")
    await talk.presses("07:00")
    await talk.presses("London")

    said = await talk.hears("storm coast")

    assert "<b>storm</b>" in said
    assert "I took this as a search" in said


async def test_settings_change_language_and_reading_time(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.says("/settings")
    await talk.presses("Reading time")
    _, drawn = await talk.presses("8 minutes")
    assert "about 8 minutes" in drawn["text"]
    await talk.presses("Language")
    _, drawn = await talk.presses("Русский")
    assert "Ваши настройки" in drawn["text"]
    assert (await the_reader(world)).minutes == 8
    await talk.presses("Списки")
    assert "✓ Мир" in talk.labels


async def test_the_hour_is_changed_in_the_settings_by_button_or_typing(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.presses("07:00")
    await talk.presses("UTC")
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
    (due,) = {(await the_reader(world)).due_at}
    assert due is not None
    assert due.isoformat() == "2025-02-19T03:15:00+00:00"


async def test_a_question_of_the_settings_that_is_not_answered_is_left_alone(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.presses("07:00")
    await talk.presses("UTC")
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
    await talk.says("/start")
    await talk.says("/unsubscribe world")

    assert "you follow nothing yet: /lists" in await talk.hears("/settings")
    await talk.says("8:30")
    assert "would come every day at 08:30 (Berlin)" in await talk.hears("Berlin")


async def test_a_pause_keeps_the_digest_away_until_it_is_resumed(talk: Talk, world: Store, clock: Moment) -> None:
    await talk.says("/start")
    await talk.says("/settings")
    alert, drawn = await talk.presses("Pause")
    assert (alert["text"], "The digest is paused" in drawn["text"]) == ("The digest is paused", True)
    clock.pass_(days=2)
    async with world.read() as tx:
        assert await tx.readers.due(clock(), 10) == ()
    await talk.says("/settings")
    alert, drawn = await talk.presses("Resume")
    reader = await the_reader(world)
    assert (alert["text"], reader.state) == ("The digest comes again", ReaderState.ACTIVE)
    assert reader.due_at is not None
    assert reader.due_at > clock()


async def test_one_who_pauses_still_gets_what_is_asked_for(talk: Talk) -> None:
    await talk.says("/start")
    await talk.says("/settings")
    await talk.presses("Pause")

    assert "World affairs · Tuesday" in await talk.hears("/digest")


async def test_a_reader_is_forgotten_only_after_being_asked_twice(talk: Talk, world: Store) -> None:
    await talk.says("/start")
    await talk.says("/settings")
    await talk.presses("Forget me")
    await talk.presses("No, keep it")
    await talk.presses("Forget me")
    _, done = await talk.presses("Yes, forget me")

    assert "nothing is kept here" in done["text"]
    async with world.read() as tx:
        assert await tx.readers.all() == ()
    for label in ("Yes, forget me", "No, keep it"):
        (alert,) = await talk.presses(label)
        assert "/start begins anew" in alert["text"]
    async with world.read() as tx:
        assert await tx.readers.all() == ()  # a button that was left in the chat subscribes nobody
    assert "I am Courant" in await talk.hears("/start")


async def test_the_rich_look_is_turned_on_by_the_button_inside_the_sample(talk: Talk, world: Store) -> None:
    await talk.says("/start")
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
    await talk.presses("Look")
    await talk.presses("Classic look")
    assert (await the_reader(world)).look == "classic"


async def test_help_and_an_unknown_command(talk: Talk) -> None:
    await talk.says("/start")

    assert "What I can do" in await talk.hears("/help")
    assert "I do not know /fly_to_the_moon" in await talk.hears("/fly_to_the_moon")


async def test_where_no_digest_can_be_built_the_start_still_asks_its_question(
    world: Store, clock: Moment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*given: object, **values: object) -> None:
        raise StorageUnavailable("gone for a moment")

    talk = Talk(world, clock)
    monkeypatch.setattr("bot.digests.make_digest", broken)
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
