"""What is edited and deleted in a channel is seen on its preview pages, and nothing else is taken for a deletion."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from core.model import ChannelSettings, NewPost, Reader, ReaderId, Source
from ingest.intake import Intake
from ingest.missing import SWEEP_EVERY
from ingest.preview.pages import SHORTEST
from ingest.preview.reader import WebReader
from storage.store import Store
from tests.ingest.preview_world import NEWEST, Desk, one_channel, opened
from tests.servers.preview_pages import SiteChannel, preview_page

SLOW = ChannelSettings(every=900)


@pytest.fixture
async def slow(store: Store) -> AsyncIterator[Desk]:
    """The channel is read every quarter of an hour."""
    async with one_channel(store, wire=SLOW) as desk:
        yield desk


async def read(desk: Desk, reader: WebReader, times: int = 1, name: str = "wire") -> None:
    """Let the reader read a channel as it becomes due."""
    for _ in range(times):
        wait = await desk.wait(name)
        desk.passes(seconds=max(0.0, wait.total_seconds()) if wait else 0.0)
        assert await reader.step() >= 1


def short_page(desk: Desk, *ids: int, name: str = "wire") -> str:
    """The channel's page with these posts alone."""
    posts = {number: desk.site.channels["wire"].posts[number] for number in ids}
    return preview_page(SiteChannel(name, "The Wire", posts=posts))


@pytest.mark.parametrize("number", [50, 40, 31], ids=["newest", "in between", "oldest of the page"])
async def test_a_post_that_two_readings_do_not_show_is_deleted(desk: Desk, number: int) -> None:
    reader = desk.make()
    await read(desk, reader)
    desk.site.delete("wire", number)
    await read(desk, reader)
    assert await desk.gone() == []
    wait = await desk.wait()
    assert wait is not None
    assert wait <= 1.5 * SHORTEST  # it is looked at again soon
    await read(desk, reader)
    assert await desk.gone() == [number]
    assert number in await desk.kept()


async def test_a_page_that_the_server_calls_unchanged_is_a_second_reading(store: Store) -> None:
    async with opened(store, etags=True) as desk:
        desk.site.channel("wire")
        desk.publish("wire", 10)
        await desk.follow("wire")
        reader = desk.make()
        await read(desk, reader)
        desk.site.delete("wire", 5)
        await read(desk, reader, 2)
        assert await desk.gone() == [5]


async def test_a_post_that_shows_again_is_not_deleted_any_more(desk: Desk) -> None:
    reader = desk.make()
    await read(desk, reader)
    post = desk.site.channels["wire"].posts[40]
    desk.site.delete("wire", 40)
    await read(desk, reader, 2)
    assert await desk.gone() == [40]
    desk.site.channels["wire"].posts[40] = post
    await read(desk, reader)
    assert await desk.gone() == []
    async with desk.store.read() as tx:
        (found,) = [each for each in await tx.posts.waiting(100) if each.message_id == 40]
    assert (found.text, found.edits) == ("Ship 40 left Riga", 0)


async def test_what_one_reading_did_not_show_and_the_next_does_was_never_deleted(desk: Desk) -> None:
    reader = desk.make()
    await read(desk, reader)
    for missing in (40, 41, 42):  # another one each time
        desk.site.fault(status=200, body=short_page(desk, *(n for n in range(31, 51) if n != missing)))
        await read(desk, reader)
    await read(desk, reader, 2)
    assert await desk.gone() == []


async def test_what_is_in_doubt_when_the_process_ends_is_looked_at_twice_again(desk: Desk) -> None:
    await read(desk, desk.make())
    desk.site.delete("wire", 40)
    await read(desk, desk.make())
    later = desk.make()
    await read(desk, later)
    assert await desk.gone() == []
    await read(desk, later)
    assert await desk.gone() == [40]


@pytest.mark.parametrize("kind", ["a few posts", "no posts", "landing", "another", "half", "wall", "garbage"])
async def test_a_mass_disappearance_is_taken_for_no_deletions(desk: Desk, kind: str) -> None:
    reader = desk.make()
    await read(desk, reader)
    whole = short_page(desk, *range(31, 51))
    bodies = {
        "a few posts": short_page(desk, 31, 32, 33, 34, 35),
        "no posts": short_page(desk),
        "landing": "<html><body><div class='tgme_page'></div></body></html>",
        "another": short_page(desk, 31, 50, name="another_one"),
        "half": whole[: len(whole) // 2],
        "garbage": "<html><body>\1\2 %%%% </body></html>",
        "wall": "",
    }
    desk.site.fault(status=403 if kind == "wall" else 200, body=bodies[kind], times=4)
    await read(desk, reader, 4)
    assert await desk.gone() == []
    assert (await desk.reading()).cursor == 50
    await read(desk, reader, 2)
    assert ((await desk.reading()).failures, await desk.gone()) == (0, [])
    desk.site.delete("wire", 40)
    await read(desk, reader, 2)
    assert await desk.gone() == [40]


async def test_ids_without_a_post_are_no_deletions(desk: Desk) -> None:
    """The further pieces of an album, and messages that a preview does not show or does not show yet."""
    desk.site.post("wire", "Three pictures", photos=3, date=NEWEST)
    desk.publish("wire", 5)
    reader = desk.make()
    await read(desk, reader)
    given: dict[str, Any] = {"channel": "wire", "date": NEWEST, "source": Source.ACCOUNT}
    piece = NewPost(**given, message_id=52, text="By the account")
    pinned = NewPost(**given, message_id=60, text="The Wire pinned a message", service=True)
    ahead = NewPost(**given, message_id=61, text="Ship 61 left Riga")
    desk.site.channels["wire"].next_id = 61
    await Intake(desk.store, desk.clock).take([piece, pinned, ahead])
    await read(desk, reader, 3)
    assert await desk.gone() == []
    desk.site.post("wire", "Ship 61 left Riga", date=NEWEST)
    await read(desk, reader, 3)
    assert await desk.gone() == []


async def test_what_an_account_read_and_the_preview_does_not_show_is_deleted(desk: Desk) -> None:
    reader = desk.make()
    await read(desk, reader)
    desk.site.channels["wire"].next_id = 52
    desk.publish("wire", 1)
    by_account = NewPost(channel="wire", message_id=51, date=NEWEST, text="Ship 51", source=Source.ACCOUNT)
    await Intake(desk.store, desk.clock).take([by_account])
    await read(desk, reader, 2)
    assert await desk.gone() == [51]


async def test_a_post_of_another_source_that_the_preview_showed_is_deleted_with_it(desk: Desk) -> None:
    imported = NewPost(channel="wire", message_id=45, date=NEWEST, text="Ship 45 left Riga", source=Source.IMPORT)
    await Intake(desk.store, desk.clock).take([imported])
    reader = desk.make()
    await read(desk, reader)
    desk.site.delete("wire", 45)
    await read(desk, reader, 2)
    assert await desk.gone() == [45]
    await Intake(desk.store, desk.clock).take([imported])
    assert await desk.gone() == [45]  # an export may be older than the deletion


async def watched(desk: Desk, reader: WebReader, hours: float) -> None:
    """So many hours, in which the channel publishes a post from time to time."""
    until = desk.clock() + timedelta(hours=hours)
    while desk.clock() < until:
        desk.site.post("wire", f"Hourly {desk.clock():%d %H:%M}", date=desk.clock())
        await read(desk, reader)


async def test_older_posts_are_compared_in_slow_turn(slow: Desk) -> None:
    reader = slow.make()
    await read(slow, reader)
    slow.publish("wire", 65)
    await read(slow, reader)
    slow.site.edit("wire", 60, "Ship 60 came back")
    slow.site.delete("wire", 70, 71, 90)
    await watched(slow, reader, 2 * SWEEP_EVERY / timedelta(hours=1))
    assert await slow.gone() == [70, 71, 90]
    (edited,) = [post for post in await slow.posts() if post.message_id == 60]
    assert (edited.text, edited.edits) == ("Ship 60 came back", 1)
    back = [path for path in slow.asked if "before" in path]
    assert len(back) <= 2 * 2 * 115 / 20  # each page at most twice, in two turns
    assert min(await slow.kept()) == 31  # what was published before the channel was followed stays where it is


async def test_an_older_post_is_missed_though_all_that_the_page_shows_is_older_still(slow: Desk) -> None:
    reader = slow.make()
    await read(slow, reader)
    slow.publish("wire", 20)
    await read(slow, reader)
    slow.site.delete("wire", *range(31, 51))
    await watched(slow, reader, SWEEP_EVERY / timedelta(hours=1) + 2)
    assert await slow.gone() == [*range(31, 51)]


async def test_older_posts_are_compared_once_a_clock_that_was_ahead_is_right(slow: Desk) -> None:
    reader = slow.make()
    slow.passes(days=30)
    await read(slow, reader)
    slow.passes(days=-30)
    slow.publish("wire", 20)
    assert await reader.step() == 1
    slow.site.delete("wire", 40)
    await watched(slow, reader, SWEEP_EVERY / timedelta(hours=1) + 2)
    assert await slow.gone() == [40]


async def test_posts_of_more_than_three_days_ago_are_not_asked_for(slow: Desk) -> None:
    reader = slow.make()
    await read(slow, reader)
    slow.publish("wire", 40)
    await read(slow, reader)
    slow.passes(days=4)
    await watched(slow, reader, 5)
    assert [path for path in slow.asked if "before" in path] == []


async def test_a_reader_that_is_late_compares_no_older_posts(slow: Desk) -> None:
    reader = slow.make()
    await read(slow, reader)
    slow.publish("wire", 40)
    for _ in range(5):
        slow.passes(hours=1)
        await reader.step()
        slow.publish("wire", 1)
    assert [path for path in slow.asked if "before" in path] == []


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 200, "body": "<html>gone"}])
async def test_an_older_page_that_cannot_be_read_fails_nothing(slow: Desk, fault: dict[str, object]) -> None:
    reader = slow.make()
    await read(slow, reader)
    slow.publish("wire", 40)
    slow.site.fault(query="before", times=100, **fault)
    await watched(slow, reader, 5)
    assert ((await slow.reading()).failures, await slow.gone()) == (0, [])


async def test_a_name_that_another_channel_took_over_is_read_as_another_channel(any_desk: Desk) -> None:
    any_desk.site.channels["wire"].number = 1_000_001
    async with any_desk.store.begin() as tx:
        reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=7), any_desk.clock())
        await tx.readers.follow(reader.id, lists=["all"], channels=["wire"])
    web = any_desk.make()
    await read(any_desk, web)
    any_desk.site.channel("wire", "Other Wire", number=1_000_002)
    any_desk.publish("wire", 45)  # ids that the former channel had, too
    await read(any_desk, web, 2)
    former, now = await any_desk.posts("c/1000001"), await any_desk.posts()
    assert ([post.message_id for post in former], {post.channel_title for post in former}) == (
        [*range(31, 51)],
        {"The Wire"},
    )
    assert not any(post.edits or post.deleted for post in former)
    assert [post.message_id for post in now] == [*range(26, 46)]
    assert "another channel has this name now" in any_desk.told[0]
    async with any_desk.store.read() as tx:
        assert (
            list(await tx.channels.followed(["all"], [])) == list(await tx.channels.followed([], ["wire"])) == ["wire"]
        )
    any_desk.site.channels["wire"].number = 1_000_001  # it was a slip: both are one channel
    any_desk.publish("wire", 1)
    await read(any_desk, web, 3)
    assert (await any_desk.posts("c/1000001"), len(await any_desk.posts())) == ([], 24)


async def test_a_channel_that_is_listed_under_its_new_name_goes_on_where_it_ended(any_desk: Desk) -> None:
    any_desk.site.channels["wire"].number = 1_000_001
    await any_desk.make().step()
    channel = any_desk.site.channels["quay_wire"] = any_desk.site.channels.pop("wire")
    channel.name = "quay_wire"
    any_desk.publish("quay_wire", 45)
    await any_desk.follow("quay_wire")
    reader = any_desk.make()
    any_desk.passes(hours=1)
    assert await reader.step() == 1
    assert await reader.step() == 1
    assert await any_desk.kept("quay_wire") == list(range(31, 96))
    assert await any_desk.kept("wire") == []
    reading = await any_desk.reading("quay_wire")
    assert (reading.cursor, reading.oldest, reading.channel.telegram_id) == (95, 31, 1_000_001)
