"""Channels are read through the web preview when they are due, page by page, and lose nothing."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from core.errors import StorageUnavailable
from core.model import WEB_WAY, ChannelSettings, NewPost
from ingest.intake import Intake, Taken
from ingest.preview.pages import SHORTEST
from ingest.preview.reader import AHEAD
from ingest.rhythm import LONGEST, LONGEST_WAIT
from storage.store import Store
from tests.fragile import FragileStore
from tests.ingest.kills import Killed
from tests.ingest.preview_world import MINUTE, NEWEST, Desk, opened


class Dying(Intake):
    """An intake whose process is ended while it takes the page after `pages` others."""

    pages = 0

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        if not self.pages:
            raise Killed
        self.pages -= 1
        return await super().take(posts)


class Renaming(Intake):
    """An intake before which an account finds out that the channel is one that is known under a former name."""

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        async with self._store.begin() as tx:
            channel = (await tx.channels.by_names(["wire"]))["wire"]
            await tx.channels.identify(channel.id, 1_234_567)
        return await super().take(posts)


async def test_a_channel_that_turns_out_to_be_another_while_it_is_read_holds_up_no_others(any_store: Store) -> None:
    async with opened(any_store) as desk:
        async with any_store.begin() as tx:
            former = (await tx.channels.ensure(["old_wire"]))["old_wire"]
            await tx.channels.identify(former, 1_234_567)
        for name in ("wire", "other"):
            desk.site.channel(name, name)
            desk.publish(name, 5)
        await desk.follow("wire", "other")
        reader = desk.make(door=Renaming(any_store, desk.clock))
        assert await reader.step() == 2
        assert ((await desk.reading("wire")).channel.id, (await desk.reading("other")).cursor) == (former, 5)
        assert await reader.step() == 1
        assert ((await desk.reading("wire")).cursor, await desk.kept("wire")) == (5, [1, 2, 3, 4, 5])


async def test_the_first_reading_takes_the_newest_page_and_sets_the_cursor(desk: Desk) -> None:
    assert await desk.make().step() == 1
    reading = await desk.reading()
    assert await desk.kept() == list(range(31, 51))
    assert (reading.cursor, reading.oldest, reading.read_at) == (50, 31, desk.clock())
    assert desk.asked == ["/s/wire"]


async def test_later_readings_page_forward_to_the_newest(desk: Desk) -> None:
    await desk.make().step()
    desk.publish("wire", 65)
    desk.passes(hours=1)
    await desk.make().step()
    assert await desk.kept() == list(range(31, 116))
    assert (await desk.reading()).cursor == 115
    assert desk.asked[1:] == ["/s/wire", "/s/wire?after=50", "/s/wire?after=70", "/s/wire?after=90"]


async def test_what_is_not_due_is_not_read(desk: Desk) -> None:
    reader = desk.make()
    await reader.step()
    assert await reader.step() == 0
    left = await desk.wait()
    assert left is not None
    desk.passes(seconds=left.total_seconds() - 1)
    assert await reader.step() == 0
    desk.passes(seconds=1)
    assert await reader.step() == 1


async def test_a_clock_that_was_ahead_holds_no_channel_up_once_it_is_right(any_desk: Desk) -> None:
    any_desk.passes(days=30)
    await any_desk.make().step()
    any_desk.passes(days=-30)
    any_desk.publish("wire", 1)
    assert await any_desk.make().step() == 1
    assert (await any_desk.reading()).cursor == 51
    assert await any_desk.make().step() == 0


async def test_a_channel_that_failed_while_the_clock_was_ahead_is_read_once_it_is_right(desk: Desk) -> None:
    desk.passes(days=30)
    desk.site.fault(status=500)
    await desk.make().step()
    assert (await desk.reading()).failures == 1
    desk.passes(days=-30)
    assert await desk.make().step() == 1
    assert (await desk.reading()).cursor == 50


async def test_a_clock_that_is_set_back_does_not_make_the_reader_sleep_for_hours(desk: Desk) -> None:
    naps: list[float] = []
    door = Heard(desk)

    async def sleep(seconds: float) -> None:
        if not naps:
            await door.done.wait()
            desk.passes(hours=-3)
        naps.append(seconds)
        desk.passes(seconds=seconds)
        if len(naps) == 3:
            raise Killed  # enough

    with pytest.raises((Killed, BaseExceptionGroup)):
        await desk.make(door=door, sleep=sleep).run()
    assert max(naps) == AHEAD.total_seconds()


@pytest.mark.parametrize("pages", [0, 1, 2, 3])
async def test_a_reader_killed_between_pages_goes_on_where_it_was(desk: Desk, pages: int) -> None:
    await desk.make().step()
    desk.publish("wire", 65)
    desk.passes(hours=1)
    dying = Dying(desk.store, desk.clock)
    dying.pages = pages
    with pytest.raises(BaseExceptionGroup):
        await desk.make(door=dying).step()
    assert (await desk.reading()).cursor == 50 + 20 * pages
    assert await desk.kept() == list(range(31, 51 + 20 * pages))
    assert await desk.make().step() == 1  # at once: it is still due
    assert await desk.kept() == list(range(31, 116))


async def test_a_page_is_stored_before_the_cursor_moves(desk: Desk) -> None:
    """The second transaction of a page, which moves the cursor, is lost: the page comes again and changes nothing."""
    fragile = FragileStore(desk.store, failures=1)
    with pytest.raises(StorageUnavailable):
        await desk.make(store=fragile, door=Intake(desk.store, desk.clock)).step()
    assert (await desk.reading()).cursor is None
    assert len(await desk.kept()) == 20
    await desk.make().step()
    assert (len(await desk.kept()), (await desk.reading()).cursor) == (20, 50)


async def test_an_edit_on_the_newest_page_is_seen(desk: Desk) -> None:
    await desk.make().step()
    desk.site.edit("wire", 50, "Ship 50 came back")
    desk.passes(hours=1)
    await desk.make().step()
    async with desk.store.read() as tx:
        post = [post async for post in tx.posts.every()][-1]
    assert (post.text, post.edits) == ("Ship 50 came back", 1)


@pytest.mark.parametrize(
    ("status", "asked", "waits"),
    [(429, 90, 90), (429, None, 60), (503, 300, 300), (429, 999_999, LONGEST_WAIT.total_seconds())],
    ids=["with Retry-After", "without", "503 with Retry-After", "beyond measure"],
)
async def test_a_channel_waits_as_long_as_the_server_asks(
    desk: Desk, status: int, asked: int | None, waits: float
) -> None:
    desk.site.fault(status=status, retry_after=asked)
    await desk.make().step()
    assert await desk.wait() == timedelta(seconds=waits)
    assert (await desk.reading()).failures == 1
    desk.passes(seconds=waits)
    await desk.make().step()
    reading = await desk.reading()
    assert (reading.cursor, reading.failures, reading.reason) == (50, 0, None)


async def test_the_server_is_left_alone_by_all_channels_while_it_asks_for_it(desk: Desk) -> None:
    desk.site.channel("other")
    await desk.follow("wire", "other")
    desk.site.fault(status=429, retry_after=90)
    await desk.make().step()
    assert len(desk.asked) == 1
    assert await desk.wait("wire") == 1.5 * MINUTE
    assert MINUTE < (await desk.wait("other") or MINUTE) <= 1.5 * MINUTE


async def test_failures_in_a_row_are_waited_out_longer_each_time(desk: Desk) -> None:
    desk.site.fault(status=500, times=4)
    waits = []
    for failures in range(1, 5):
        await desk.make().step()
        waits.append(await desk.wait())
        assert (await desk.reading()).failures == failures
        desk.passes(minutes=8)
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert "500" in str((await desk.reading()).reason)
    await desk.make().step()
    assert ((await desk.reading()).failures, len(await desk.kept())) == (0, 20)


@pytest.mark.parametrize(
    "fault", [{"drop": True, "times": 2}, {"cut": 0}, {"status": 200, "body": "<html>Sign in</html>"}]
)
async def test_a_broken_answer_is_a_failure_that_passes(desk: Desk, fault: dict[str, Any]) -> None:
    desk.site.fault(**fault)
    await desk.make().step()
    assert ((await desk.reading()).failures, await desk.wait()) == (1, MINUTE)
    desk.passes(minutes=1)
    await desk.make().step()
    assert (await desk.reading()).failures == 0


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": "group"}, "is a group, not a channel"),
        ({"kind": "missing"}, "does not exist, or is hidden"),
        ({"preview": False}, "shows no web preview: only an account can read it"),
    ],
    ids=["group", "gone", "without a preview"],
)
async def test_a_name_that_is_no_public_channel_is_asked_for_rarely(
    desk: Desk, values: dict[str, Any], reason: str
) -> None:
    desk.site.channel("wire", **values)
    await desk.make().step()
    assert ((await desk.reading()).reason, await desk.wait()) == (reason, LONGEST_WAIT)
    assert desk.asked == ["/s/wire", "/wire"]


async def test_a_channel_that_went_keeps_its_posts_and_its_cursor(desk: Desk) -> None:
    await desk.make().step()
    posts, desk.site.channels["wire"].kind = desk.site.channels["wire"].posts, "missing"
    desk.passes(hours=1)
    await desk.make().step()
    assert ((await desk.reading()).cursor, len(await desk.kept())) == (50, 20)
    desk.site.channel("wire", posts=posts, next_id=51)
    desk.publish("wire", 1)
    desk.passes(hours=6)
    await desk.make().step()
    assert (await desk.reading()).cursor == 51


async def test_where_nothing_changed_the_next_reading_is_later(store: Store) -> None:
    async with opened(store, etags=True) as desk:
        desk.site.channel("wire")
        desk.publish("wire", 10, minutes=30)
        await desk.follow("wire")
        reader = desk.make()
        waits = []
        for _ in range(24):
            await reader.step()
            waits.append(await desk.wait())
            desk.passes(seconds=(waits[-1] or MINUTE).total_seconds())
        assert 7.5 * MINUTE < (waits[0] or MINUTE) <= 22.5 * MINUTE
        assert waits[-1] == LONGEST
        assert (await desk.reading()).cursor == 10
        desk.publish("wire", 1)
        await reader.step()
        assert (await desk.reading()).cursor == 11


async def test_a_channel_is_read_in_its_own_rhythm_or_in_that_which_the_operator_chose(desk: Desk) -> None:
    desk.site.channel("fast")
    desk.site.channel("slow")
    desk.publish("fast", 20, minutes=0.1)
    desk.publish("slow", 3)
    await desk.follow("wire", "fast", "slow", slow=ChannelSettings(every=7200))
    desk.clock.now = NEWEST
    await desk.make().step()
    for name, wait in (("wire", 2 * MINUTE), ("fast", SHORTEST), ("slow", 120 * MINUTE)):
        first = await desk.wait(name)
        assert first is not None
        assert timedelta() < first <= 1.5 * wait
    desk.passes(seconds=(first or MINUTE).total_seconds())
    await desk.make().step()
    assert await desk.wait("slow") == 120 * MINUTE


async def test_an_empty_channel_is_read_in_vain_without_a_failure(desk: Desk) -> None:
    desk.site.channel("wire")
    await desk.make().step()
    reading = await desk.reading()
    assert (reading.cursor, reading.failures, reading.read_at) == (None, 0, desk.clock())
    desk.publish("wire", 1)
    desk.passes(hours=1)
    await desk.make().step()
    assert await desk.kept() == [1]


class Puzzled(Intake):
    """An intake that stumbles over one channel."""

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        if posts[0].channel == "odd_wire":
            raise RecursionError("too deep")
        return await super().take(posts)


async def test_a_strange_page_does_not_keep_the_next_channels_from_being_read(desk: Desk) -> None:
    for name in ("odd_wire", "fine"):
        desk.site.channel(name)
        desk.publish(name, 3)
    await desk.follow("odd_wire", "wire", "fine")
    assert await desk.make(door=Puzzled(desk.store, desk.clock)).step() == 3
    odd = await desk.reading("odd_wire")
    assert (odd.failures, odd.reason, odd.cursor) == (1, "RecursionError", None)
    assert (len(await desk.kept("wire")), len(await desk.kept("fine"))) == (20, 3)


async def test_a_post_of_an_impossible_date_or_with_impossible_views_keeps_no_other_back(any_desk: Desk) -> None:
    any_desk.site.post("wire", "From beyond", date="9999-12-31T00:00:00+00:00")
    any_desk.site.post("wire", "Seen by more than there are", date=NEWEST, views="999999999999999M")
    any_desk.publish("wire", 1)
    await any_desk.make().step()
    assert await any_desk.kept() == [*range(34, 51), 51, 52, 53]
    assert ((await any_desk.reading()).cursor, (await any_desk.reading()).failures) == (53, 0)


async def test_a_post_from_the_future_came_when_it_was_read(desk: Desk) -> None:
    desk.site.post("wire", "Ship 51 will have left", date="2099-12-31T00:00:00+00:00")
    reader = desk.make()
    await reader.step()
    (post,) = [post for post in await desk.posts() if post.message_id == 51]
    assert post.date == desk.clock()
    assert desk.troubles.counts["a post from the future"] == 1
    assert (await desk.wait() or MINUTE) <= 1.5 * 2 * MINUTE  # the rhythm is that of the others
    desk.passes(hours=1)
    desk.publish("wire", 1)
    await reader.step()
    assert (await desk.reading()).cursor == 52
    (again,) = [post for post in await desk.posts() if post.message_id == 51]
    assert (again.date, again.edits) == (post.date, 0)


async def test_a_post_of_a_day_that_only_the_server_knows_of_keeps_its_date(desk: Desk) -> None:
    """Our clock is behind: it shows a day in February, and the site's answers are of the present."""
    desk.site.post("wire", "Ship 51 has left", date="2025-06-01T00:00:00+00:00")
    await desk.make().step()
    (post,) = [post for post in await desk.posts() if post.message_id == 51]
    assert f"{post.date:%Y-%m-%d}" == "2025-06-01"


async def test_where_channels_wait_their_turn_the_busy_ones_come_first_and_none_waits_for_ever(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve channels, of which one can be read a minute: who is late by most of its own waits is next."""
    async with opened(any_store) as desk:
        busy, calm = ["busy_1", "busy_2"], [f"calm_{n}" for n in range(10)]
        for name in (*busy, *calm):
            desk.site.channel(name)
            desk.publish(name, 1)
        rhythms = dict.fromkeys(busy, 60) | dict.fromkeys(calm, 600)
        settings = {name: ChannelSettings(every=every) for name, every in rhythms.items()}
        await desk.follow(*busy, *calm, **settings)
        monkeypatch.setattr("ingest.preview.reader.BATCH", 1)
        reader = desk.make()
        for _ in range(60):
            desk.passes(minutes=1)
            assert await reader.step() == 1
        asked = [path.removeprefix("/s/") for path in desk.asked[12:]]
    times = {name: asked.count(name) for name in (*busy, *calm)}
    # 3 readings a minute are wanted and 1 is possible: all are read a third as often as they should be
    assert all(12 <= times[name] <= 18 for name in busy)
    assert all(1 <= times[name] <= 3 for name in calm)


async def test_channels_of_an_account_are_left_to_it(any_desk: Desk) -> None:
    names = {"by_web": "web", "by_account": "account", "either": "auto", "not_settled": "auto"}
    for name in names:
        any_desk.site.channel(name)
    await any_desk.follow(*names, **{name: ChannelSettings(source=source) for name, source in names.items()})
    async with any_desk.store.begin() as tx:
        ids = await tx.channels.ensure(names)
        await tx.channels.change_over({ids["by_web"]: WEB_WAY, ids["either"]: "first"}, any_desk.clock())
    await any_desk.make().step()
    assert {path.removeprefix("/s/") for path in any_desk.asked} == {"by_web", "not_settled"}


class Heard(Intake):
    """An intake that tells when it has taken something."""

    def __init__(self, desk: Desk) -> None:
        self.done = asyncio.Event()
        super().__init__(desk.store, desk.clock, self.done.set)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, "channels wait: The database cannot be used"),
        (RuntimeError("odd"), "what became of wire cannot be kept"),
    ],
    ids=["a database that is away", "a mistake of ours"],
)
async def test_the_reader_outlives(
    desk: Desk, caplog: pytest.LogCaptureFixture, error: Exception | None, words: str
) -> None:
    door = Heard(desk)
    dying = FragileStore(desk.store, error=error)
    reader = desk.make(store=dying, door=door)
    desk.site.fault(status=500)
    dying.failures = 2  # the failure cannot be written down at first
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(reader.run())
        await door.done.wait()
        running.cancel()
    assert words in caplog.text


class Counting(Intake):
    """An intake that keeps which posts it was given."""

    given: list[int | None]

    async def take(self, posts: Sequence[NewPost]) -> Taken:
        self.given = [*self.given, *(post.message_id for post in posts)]
        return await super().take(posts)


async def test_where_only_views_changed_they_are_kept_and_no_post_is_read_again(any_desk: Desk) -> None:
    door = Counting(any_desk.store, any_desk.clock)
    reader = any_desk.make(door=door)
    door.given = []
    await reader.step()
    door.given = []
    for post in any_desk.site.channels["wire"].posts.values():
        post.views = "7.5K"
    any_desk.site.channels["wire"].posts[50].views = "999999999999999M"
    any_desk.site.edit("wire", 49, "Ship 49 came back")
    any_desk.publish("wire", 1)
    any_desk.passes(hours=1)
    await reader.step()
    assert door.given == [49, 51]
    views = {post.message_id: post.views for post in await any_desk.posts()}
    assert (views[48], views[49], views[50]) == (7500, 7500, 1)
