"""What newcomers do that nobody told them to: other commands, other kinds of messages, leaving."""

import re
from typing import Any

import pytest

from bot.arrivals import START_AT
from bot.views.search import story
from core.model import Reader, ReaderId, ReaderState, StoryId
from storage.store import Store
from tests.bot.world import Talk, a_forward, the_reader
from tests.moments import Moment
from tests.posts import a_stored_post


async def test_who_goes_to_the_settings_for_the_hour_is_asked_by_which_clock_all_the_same(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/settings")
    await talk.presses("Hour")

    assert "07:30 by which clock?" in await talk.hears("half past seven")


async def test_one_who_sends_a_sticker_first_is_welcomed_and_asked_as_well(talk: Talk, world: Store) -> None:
    said = await talk.gets(dice={"emoji": "🎲", "value": 3})

    assert "I am Courant" in said
    assert (await the_reader(world)).asking == START_AT


async def test_who_has_another_name_by_now_is_known_by_it(settled: Talk, world: Store) -> None:
    await settled.gets(text="/help", chat={"id": 1, "type": "private", "first_name": "Ann", "last_name": "Lee"})
    assert (await the_reader(world)).name == "Ann Lee"


async def test_commands_are_obeyed_in_any_case(settled: Talk) -> None:
    assert "What I can do" in await settled.hears("/HELP")
    assert "World affairs" in await settled.hears("/Digest world")
    assert "12,000" in await settled.hears("/поиск storm")


@pytest.mark.parametrize("words", ["digest", "What's new?", "новости за сегодня"])
async def test_the_digest_comes_for_words_too_whatever_is_asked(talk: Talk, words: str) -> None:
    await talk.starts()
    await talk.presses("07:00")  # and now: by which clock?

    assert "World affairs · Tuesday" in await talk.hears(words)


async def test_a_slip_in_a_command_is_told_with_the_one_that_is_meant(settled: Talk) -> None:
    assert "I do not know /digset. Did you mean /digest?" in await settled.hears("/digset 7d")
    assert "Your settings" in await settled.hears("/language")
    assert "Did you mean /lists?" in await settled.hears("/topics")
    assert "/help shows what I can do" in await settled.hears("/frobnicate")


@pytest.mark.parametrize("said", ["/stop", "stop", "how do I unsubscribe?"])
async def test_who_wants_to_stop_is_shown_how_and_may_pause(settled: Talk, world: Store, said: str) -> None:
    (asked,) = await settled.says(said)
    assert asked["buttons"] == ["Pause", "Lists", "Forget me"]

    await settled.presses("Pause")

    assert (await the_reader(world)).state is ReaderState.PAUSED
    assert (await settled.says("/stop"))[0]["buttons"][0] == "Resume"


async def test_russian_titles_stand_in_quotation_marks(world: Store, clock: Moment) -> None:
    talk = Talk(world, clock, language="ru")
    await talk.starts()

    assert "Теперь вы читаете <b>«Мир»</b>." in await talk.hears("/subscribe мир")


async def test_a_refusal_is_in_the_language_that_the_reader_has_chosen(settled: Talk) -> None:
    await settled.says("/settings")
    await settled.presses("Language")
    await settled.presses("Русский")

    assert "для тех, кто этим управляет" in await settled.hears("/status")


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "1", "file_unique_id": "1", "duration": 1}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"contact": {"phone_number": "1", "first_name": "x"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"game": {"title": "x", "description": "x", "photo": []}},
        {"video_note": {"file_id": "1", "file_unique_id": "1", "duration": 1, "length": 1}},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_what_has_no_words_is_answered_that_words_are_read(settled: Talk, content: dict[str, Any]) -> None:
    assert "I can read words only" in await settled.gets(**content)


async def test_an_album_is_answered_once(settled: Talk) -> None:
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    assert "<b>storm</b>" in await settled.gets(photo=photo, caption="storm coast", media_group_id="7")
    assert await settled.gets(photo=photo, media_group_id="7") == ""
    assert "words only" in await settled.gets(photo=photo, media_group_id="8")
    assert "words only" in await settled.gets(photo=photo)


async def test_the_words_below_a_picture_are_looked_for(settled: Talk) -> None:
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]

    assert "<b>storm</b>" in await settled.gets(photo=photo, caption="storm coast")


async def test_a_forwarded_post_tells_whether_its_channel_can_be_followed(settled: Talk, world: Store) -> None:
    said = await settled.gets(**a_forward("City_Desk", 1, text="A storm cut power near Eastport."))
    assert "<b>City Desk</b> is read here" in said
    assert "<b>storm</b>" in said

    await settled.presses("Follow it")

    assert (await the_reader(world)).channels == ("city_desk",)
    assert "<b>City Desk</b> is among what you follow" in await settled.gets(**a_forward("City_Desk", 1, text="Storm"))


async def test_a_post_that_others_tell_of_is_answered_with_its_story(settled: Talk, world: Store) -> None:
    async with world.begin() as tx:
        channel = (await tx.channels.by_names(["harbour_wire"]))["harbour_wire"]
        alone = await tx.posts.published_as(channel.id, 18100)
        assert alone
        await tx.stories.assign({alone.id: StoryId(int(alone.id))}, {})
    _, said = (await settled.gets(**a_forward("harbour_wire", 1, number=18000, text="Talks"))).split("is told here")
    links = re.findall(r'https://t.me/(\w+)/(\d+)"', said)
    assert links == [("harbour_wire", "18000"), ("meridian_dispatch", "18001"), ("city_desk", "18002")]
    assert "This story, as it is told here" in await settled.hears("https://t.me/city_desk/18002")
    assert "This story" not in await settled.hears("https://t.me/harbour_wire/18100")  # which nobody else tells


def test_of_a_long_story_the_first_posts_are_shown_and_the_others_counted() -> None:
    reader = Reader(id=ReaderId(1), chat_id=1)
    said = story(reader, [a_stored_post(number, "Rain <b>again</b>.") for number in range(12)]).text
    assert ("10. <a" in said, "11. <a" in said, "…and 2 more posts." in said, "&lt;b&gt;" in said) == (
        True,
        False,
        True,
        True,
    )


@pytest.mark.parametrize("name", ["somebody_else", None])
async def test_a_post_of_a_channel_that_is_not_read_is_told_so(settled: Talk, name: str | None) -> None:
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]

    assert "<b>A &lt;channel&gt;</b> is not read here" in await settled.gets(**a_forward(name, 77, photo=photo))
