"""Lists and channels are followed and left, by button, name and link."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from bot.naming import Target, find, nearest
from bot.views import lists as views
from bot.views.start import MOST_LISTS, again, hello
from core.lists import read_lists
from core.model import ChannelList, Reader, ReaderId
from storage.store import Store
from tests.bot.world import LISTS, Talk, a_forward, the_reader
from tests.moments import NOW


async def test_what_is_read_no_longer_can_be_left_but_not_followed(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("/subscribe mayak")
    await talk.gets(**a_forward("city_desk", 1, text="storm"))
    buttons = talk.in_sight()
    async with world.begin() as tx:
        await tx.channels.take_over(LISTS[:1], {})

    assert "You no longer follow <b>Mayak</b>" in await talk.hears("/unsubscribe @mayak")
    talk.scroll_back(buttons)
    assert "no longer in use" in (await talk.presses("Follow it"))[0]["text"]
    assert (await the_reader(world)).channels == ()


@pytest.mark.parametrize("said", ["/subscribe", "/unsubscribe", "subscribe to"])
async def test_others_can_write_while_it_is_looked_for_what_comes_near(
    settled: Talk, world: Store, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def look(what: str, *of: Any) -> list[Target]:
        with closing(sqlite3.connect(world._engine.url.database or "", timeout=0)) as another:
            another.execute("BEGIN IMMEDIATE")
        return nearest(what, *of)

    monkeypatch.setattr("bot.handlers.lists.nearest", look)
    assert "Did you mean <code>mayak</code>" in await settled.hears(f"{said} mayakk")


async def test_a_channel_that_is_read_is_known_by_its_invite_link_before_and_after_an_account_was_let_in(
    talk: Talk, world: Store
) -> None:
    await talk.starts()
    link = "https://t.me/+AbCdEfGh123"
    private = read_lists(f'[lists.private]\ntitle = "Ours"\nchannels = ["{link}"]')
    async with world.begin() as tx:
        await tx.channels.take_over(private.lists, private.settings)
    assert "is read here. You can follow it on its own." in await talk.hears(link)
    async with world.begin() as tx:
        (channel,) = [each for each in await tx.channels.all(active=True) if each.invite]
        await tx.channels.admit(channel.id, 77, "c/77")

    assert "is read here. You can follow it on its own." in await talk.hears("t.me/joinchat/AbCdEfGh123")
    assert "is not read here" in await talk.hears("https://t.me/+AbCdEfGh124")
    assert "You now follow" in await talk.hears(f"/subscribe {link}")
    assert (await the_reader(world)).channels == ("c/77",)


async def test_who_follows_a_channel_without_a_public_name_reads_its_title(talk: Talk, world: Store) -> None:
    await talk.starts("07:00", "London")
    async with world.begin() as tx:
        await tx.channels.ensure(["c/77"], {"c/77": "The <inner> circle"})
        await tx.channels.take_over([*LISTS, ChannelList(id="inner", titles={}, channels=("c/77",))], {})
    await talk.says("/subscribe c/77")

    for said in ("/start", "/lists", "/settings"):
        shown = await talk.hears(said)
        assert "The &lt;inner&gt; circle" in shown, said
        assert "c/77" not in shown, said
    await talk.says("/unsubscribe")
    assert "✕ The <inner> circle" in talk.labels
    await talk.presses("circle")
    assert (await the_reader(world)).channels == ()


async def test_lists_are_toggled_by_their_buttons(talk: Talk, world: Store) -> None:
    await talk.starts()
    await talk.says("/lists")
    alert, drawn = await talk.presses("News in Russian")

    assert alert["text"] == "Following News in Russian"
    assert drawn["buttons"] == ["✓ World affairs", "✓ News in Russian", "Eastport <city>"]
    alert, drawn = await talk.presses("✓ World affairs")
    assert alert["text"] == "No longer following World affairs"
    assert (await the_reader(world)).lists == ("novosti",)


async def test_the_greetings_buttons_follow_lists_as_well(talk: Talk, world: Store) -> None:
    await talk.starts()
    _, drawn = await talk.presses("Eastport")

    assert "I am Courant" in drawn["text"]
    assert (await the_reader(world)).lists == ("city", "world")


async def test_lists_tell_their_size_and_description(talk: Talk) -> None:
    await talk.starts()
    said = await talk.hears("/lists")

    assert "✓ <b>World affairs</b> · 2 channels\nWhat capitals say &amp; do" in said
    assert "<b>News in Russian</b> · one channel" in said
    assert "Eastport &lt;city&gt;" in said


async def test_channels_are_shown_with_links_for_all_lists_or_one(talk: Talk) -> None:
    await talk.starts()

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
    await talk.starts()

    assert "You now follow" in await talk.hears(f"/subscribe {what}")
    assert "already" in await talk.hears(f"/subscribe {what}")
    reader = await the_reader(world)
    assert "city" in reader.lists or reader.channels == ("city_desk",)
    assert "You no longer follow" in await talk.hears(f"/unsubscribe {what}")
    assert "You were not following" in await talk.hears(f"/unsubscribe {what}")


async def test_an_unknown_name_is_told_with_the_nearest_ones(talk: Talk) -> None:
    await talk.starts()

    assert "<code>novosti</code>" in await talk.hears("/subscribe novost")
    assert "Did you mean <code>harbour_wire</code>" in await talk.hears("/subscribe harbor_wire")
    assert "Did you mean <code>novosti</code> (News in Russian)?" in await talk.hears("/subscribe russian stories")
    assert "There is: <code>world</code> (World affairs), <code>novosti</code>" in await talk.hears("/subscribe qqqqqq")


async def test_only_channels_that_the_administrator_follows_can_be_followed(talk: Talk, world: Store) -> None:
    await talk.starts()
    async with world.begin() as tx:
        await tx.channels.ensure(["nobodys_channel"])

    assert "I know no list" in await talk.hears("/subscribe nobodys_channel")
    assert "added by the one who runs this bot" in await talk.hears("/subscribe https://t.me/nobodys_channel")


async def test_subscribe_and_unsubscribe_without_a_name_ask_with_buttons(talk: Talk, world: Store) -> None:
    await talk.starts()
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
    await talk.starts()

    assert "no digest will come" in await talk.hears("/unsubscribe world")
    assert "nothing to tell" in await talk.hears("/digest")
    assert "You follow nothing" in await talk.hears("/unsubscribe")


async def test_a_name_that_is_nearly_right_is_offered_by_a_button_which_can_be_taken_back(
    talk: Talk, world: Store
) -> None:
    await talk.starts()
    (unknown,) = await talk.says("/subscribe meridian")
    assert ("Did you mean" in unknown["text"], unknown["buttons"]) == (True, ["＋ Meridian Dispatch"])
    _, followed = await talk.presses("Meridian Dispatch")
    assert "You now follow <b>Meridian Dispatch</b>" in followed["text"]
    assert (await the_reader(world)).channels == ("meridian_dispatch",)
    (unknown,) = await talk.says("/unsubscribe meridian")
    assert unknown["buttons"] == ["✕ Meridian Dispatch"]
    talk.scroll_back(talk.in_sight())
    await talk.presses("✕ Meridian Dispatch")
    assert (await the_reader(world)).channels == ()
    await talk.says("/subscribe meridian")
    await talk.presses("Meridian Dispatch")
    _, undone = await talk.presses("Undo")
    assert "You no longer follow <b>Meridian Dispatch</b>" in undone["text"]
    assert (await talk.says("/unsubscribe meridian"))[0]["buttons"] == []


async def test_who_follows_something_while_no_digest_comes_is_told_so(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/stop")
    await talk.presses("Pause")
    assert "You now follow <b>Eastport &lt;city&gt;</b>.\nThe digest is paused" in await talk.hears("/subscribe city")


async def test_of_a_channel_it_is_told_in_which_lists_it_is(talk: Talk) -> None:
    await talk.starts()
    said = await talk.hears("/channels harbour wire")
    assert "<b>Harbour Wire</b> is among what you follow" in said
    assert "In the lists: <b>World affairs</b>, <b>Eastport &lt;city&gt;</b>." in said
    assert "Did you mean <code>harbour_wire</code>" in await talk.hears("/channels harbour")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Subscribe to Eastport <city>", "You now follow <b>Eastport"),
        ("please follow city", "You now follow <b>Eastport"),
        ("подпишись на Новости", "You now follow <b>News in Russian"),
        ("subscribe to the moon", "I know no list or channel called “the moon”"),
        ("follow the storm", "<b>storm</b>"),
        ("unsubscribe from world", "You no longer follow <b>World affairs"),
        ("не читать Мир", "You no longer follow <b>World affairs"),
        ("отпиши от мира", "You no longer follow <b>World affairs"),
        ("добавь новость", "<b>добавь новость</b>"),
        ("add the list about world affairs", "You follow <b>World affairs</b> already"),
        ("remove the world list", "You no longer follow <b>World affairs"),
        ("stop world", "You no longer follow <b>World affairs"),
        ("stop the storm", "<b>stop the storm</b>"),
    ],
)
async def test_lists_and_channels_are_followed_and_left_in_words(talk: Talk, words: str, answer: str) -> None:
    await talk.starts()
    assert answer in await talk.hears(words)


@pytest.mark.parametrize("text", ["what channels?", "Какие у тебя каналы?", "откуда ты берёшь новости", "my channels"])
async def test_who_asks_for_the_channels_is_shown_them(settled: Talk, text: str) -> None:
    assert "<b>World affairs</b>" in await settled.hears(text)
    assert "/subscribe with a name follows one channel" in await settled.hears(text)
    assert f"<b>{text.strip('?')} tv" in await settled.hears(f"{text.strip('?')} tv")


@pytest.mark.parametrize("text", ["what can I follow?", "какие темы есть", "на что можно подписаться?"])
async def test_who_asks_what_there_is_to_follow_is_shown_the_lists(settled: Talk, text: str) -> None:
    assert "What you can follow" in await settled.hears(text)


@pytest.mark.parametrize("text", ["add a channel", "can I add my own channel?", "как добавить свой канал"])
async def test_who_wants_a_channel_added_is_told_who_does_it_and_what_there_is(settled: Talk, text: str) -> None:
    assert "added by the one who runs this bot" in await settled.hears(text)
    assert "✓ World affairs" in settled.labels


@pytest.mark.parametrize("typed", ["«Ёлки, сосны»", "елки сосны", "ЁЛКИ СОСНЫ!", "Trees"])
def test_a_list_is_known_however_its_title_is_typed(typed: str) -> None:
    trees = ChannelList(id="trees", titles={"ru": "Ёлки, сосны"})
    found = find(typed, [ChannelList(id="world", titles={}), trees], ())
    assert found
    assert found.list is trees
    assert find("ёлок и сосен", [trees], ()) is None
    assert [each.list for each in nearest("про сосны", [trees], ())] == [trees]
    assert find("елкам, соснам", [trees], ()) == found
    assert find("елкам, соснам", [trees, ChannelList(id="two", titles={"": "Ёлка, сосна"})], ()) is None


def test_of_more_lists_than_a_message_holds_it_is_told_how_many_are_left() -> None:
    some = [ChannelList(id=f"list{number}", titles={"": f"List {number}"}) for number in range(MOST_LISTS + 5)]
    reader = Reader(id=ReaderId(1), chat_id=1)

    more = "…and 5 more lists: /subscribe with its name."
    assert more in views.lists(reader, some).text
    assert more in hello(reader, some).text
    assert more in again(reader, some, NOW).text
    assert more in views.question(reader, some, on=True).text
    for told in (views.lists, hello):
        assert "more" not in told(reader, some[:MOST_LISTS]).text


def test_of_more_that_is_followed_than_a_message_holds_it_is_told_how_many_are_left() -> None:
    channels = tuple(f"channel_{number}" for number in range(MOST_LISTS + 2))
    reader = Reader(id=ReaderId(1), chat_id=1, channels=channels)

    assert "…and 2 more: /unsubscribe with the name." in views.question(reader, (), on=False).text
    assert "more" not in views.question(replace(reader, channels=channels[2:]), (), on=False).text
