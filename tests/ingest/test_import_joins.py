"""What is imported lands in the channel that is read live, whichever came first, and nothing comes in twice."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.model import About, ChannelId, Reader, ReaderId, Source, StoryId
from core.query import parse
from ingest.about import keep_about
from ingest.exports.importing import Imported, import_paths
from ingest.intake import Intake
from storage.store import Store
from tests.ingest.account_world import World
from tests.ingest.archive import all_posts, intake
from tests.moments import NOW, Moment
from tests.posts import a_new_post

NUMBER = 1_000_001  # what MiniTelegram gives its first channel


def export(path: Path, *numbers: int, **more: Any) -> Path:
    messages = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": str(int((NOW - timedelta(days=1)).timestamp()) + number),
            "text": f"Ministers met in Riga, part {number}.",
            **({"reply_to_message_id": number - 1} if number > 1 else {}),
        }
        for number in numbers
    ]
    chat = {"name": "The News", "type": "public_channel", "id": NUMBER, "messages": messages, **more}
    path.write_text(json.dumps(chat, indent=1), encoding="utf-8")
    return path


async def bring_in(store: Store, *paths: Path, now: datetime = NOW) -> Imported:
    return await import_paths(Intake(store, Moment(now)), paths, now)


async def channels(store: Store) -> list[tuple[str, int | None]]:
    async with store.read() as tx:
        return [(channel.name, channel.telegram_id) for channel in await tx.channels.all()]


async def found(store: Store, words: str) -> set[str]:
    async with store.read() as tx:
        page = await tx.archive.search(parse(words, NOW, ZoneInfo("UTC")), NOW, limit=50)
    return {each.post.url for each in page.found}


async def publish_dated(world: World, *numbers: int) -> None:
    for number in numbers:
        date = (NOW - timedelta(days=1)).timestamp() + number
        await world.tg.post("News", f"Ministers met in Riga, part {number}.", date=date, push=False)


async def test_an_export_joins_the_channel_that_was_read_before(world: World, tmp_path: Path) -> None:
    await publish_dated(world, 1, 2, 3)
    await world.lists("News")
    async with world.reading() as reader:
        await reader.step()
    done = await bring_in(world.store, export(tmp_path / "result.json", 2, 3, 4))
    assert (done.taken.new, done.taken.unchanged) == (1, 2)
    posts = await all_posts(world.store)
    assert [post.url for post in posts] == [f"https://t.me/News/{number}" for number in (1, 2, 3, 4)]
    assert posts[3].reply_to == "https://t.me/News/3"
    assert await channels(world.store) == [("News", NUMBER)]


async def test_a_channel_read_after_its_export_goes_on_with_the_posts_of_that(world: World, tmp_path: Path) -> None:
    await bring_in(world.store, export(tmp_path / "result.json", 1, 2, 3))
    assert await channels(world.store) == [(f"c/{NUMBER}", NUMBER)]
    await publish_dated(world, 1, 2, 3, 4)
    await world.lists("News")
    async with world.reading() as reader:
        await reader.step()
    assert [post.url for post in await all_posts(world.store)] == [f"https://t.me/News/{n}" for n in (1, 2, 3, 4)]
    assert await channels(world.store) == [("News", NUMBER)]


async def test_a_renamed_channel_is_still_joined(world: World, tmp_path: Path) -> None:
    await publish_dated(world, 1, 2)
    await world.lists("News")
    async with world.reading() as reader:
        await reader.step()
        world.tg.find("News").username = "Bulletin"
        await world.lists("Bulletin")
        world.clock.passes(hours=1)
        await reader.step()
    await bring_in(world.store, export(tmp_path / "result.json", 2, 3))
    assert [post.url for post in await all_posts(world.store)] == [f"https://t.me/Bulletin/{n}" for n in (1, 2, 3)]


async def test_lines_that_name_the_channel_by_its_number_join_it_too(any_store: Store, tmp_path: Path) -> None:
    await intake(any_store).take([a_new_post(1, channel="News")])
    async with any_store.begin() as tx:
        await tx.channels.identify((await tx.channels.ensure(["News"]))["news"], NUMBER)
    line = {"channel": f"https://t.me/c/{NUMBER}/2", "id": 2, "date": "2025-02-18T07:00:00Z", "text": "More."}
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert (await bring_in(any_store, file)).taken.new == 1
    assert [post.url for post in await all_posts(any_store)] == ["https://t.me/News/1", "https://t.me/News/2"]


async def test_two_halves_of_a_channel_are_joined_when_its_number_becomes_known(
    any_store: Store, tmp_path: Path
) -> None:
    await bring_in(any_store, export(tmp_path / "result.json", 1, 2, 3))
    live = a_new_post(3, channel="News", text="Ministers met in Riga, part 3, it is said.")
    other = a_new_post(3, channel="Wire", text="Rain in Vilnius.")
    await intake(any_store).take([live, a_new_post(4, channel="News", text="Part 4."), other])
    async with any_store.begin() as tx:
        ids = await tx.channels.ensure([f"c/{NUMBER}", "News"])
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=1), NOW)
        await tx.readers.follow(reader.id, channels=[f"c/{NUMBER}"])
        posts = await tx.posts.latest_of(ids[f"c/{NUMBER}"], 9)
        await tx.stories.assign({post.id: StoryId(posts[-1].id) for post in posts}, {})
        assert await tx.channels.identify(ids["news"], NUMBER) == ids["news"]
    kept = await all_posts(any_store)
    assert sorted(post.url for post in kept if post.channel != "Wire") == [
        f"https://t.me/News/{n}" for n in (1, 2, 3, 4)
    ]
    assert {post.channel: post.text for post in kept if post.message_id == 3} == {"News": live.text, "Wire": other.text}
    assert sorted(await channels(any_store)) == [("News", NUMBER), ("Wire", None)]
    assert await found(any_store, "Ministers channel:News") == {f"https://t.me/News/{n}" for n in (1, 2, 3)}
    async with any_store.read() as tx:
        (story,) = await tx.stories.page(0, 9)
        (reader,) = await tx.readers.all()
        reading = await tx.channels.reading(ChannelId(ids["news"]), Source.WEB)
    assert story[3] == 2
    assert reader.channels == ("news",)
    assert reading.channel.telegram_id == NUMBER


async def test_what_a_channel_says_of_itself_is_kept_and_its_number_joins_an_import(
    store: Store, tmp_path: Path
) -> None:
    await bring_in(store, export(tmp_path / "result.json", 1, 2))
    await intake(store).take([a_new_post(2, channel="News"), a_new_post(3, channel="News")])
    for about in (About(description="All the\0 news", members=1200, telegram_id=NUMBER), About(), About(members=1300)):
        async with store.read() as tx:
            channel = (await tx.channels.by_names(["News"]))["news"]
        await keep_about(store, channel, about)
    async with store.read() as tx:
        (channel,) = await tx.channels.all()
    assert (channel.name, channel.description, channel.members) == ("News", "All the news", 1300)
    assert channel.telegram_id == NUMBER
    assert sorted(post.message_id for post in await all_posts(store)) == [1, 2, 3]


async def test_an_account_asks_once_what_a_channel_says_of_itself(world: World) -> None:
    world.tg.find("News").about = "All the news"
    await publish_dated(world, 1)
    await world.lists("News")
    async with world.reading() as reader:
        for fault in (True, False, False):
            if fault:
                world.tg.fault(
                    "GetFullChannel", code=400, text="CHANNEL_ODD"
                )  # after a 500 Telethon waits and asks again
            await reader.step()
            world.clock.passes(hours=2)
    channel = await world.channel()
    assert (channel.description, channel.members) == ("All the news", 1000)
    assert world.tg.called("GetFullChannel") == 2, "once more for the one that failed"


@pytest.mark.parametrize(
    ("kind", "words"),
    [("private_supergroup", "private supergroup"), ("personal_chat", "personal chat"), ("saved_messages", "saved")],
)
async def test_the_export_of_a_group_or_a_chat_is_refused_in_one_sentence(
    store: Store, tmp_path: Path, kind: str, words: str
) -> None:
    done = await bring_in(store, export(tmp_path / "result.json", 1, 2, type=kind))
    assert (done.taken.new, len(done.problems)) == (0, 1)
    assert words in str(done.problems[0])
    assert "only channels are read" in str(done.problems[0])
    assert await all_posts(store) == []
