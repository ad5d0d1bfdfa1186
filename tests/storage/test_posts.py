"""Posts: kept once, edits kept, counts refreshed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from core.model import (
    CleanPost,
    Counts,
    FactCheck,
    Forward,
    Kind,
    Link,
    LinkPreview,
    Media,
    Poll,
    Post,
    Reaction,
    Source,
)
from core.query import parse
from storage.incoming import Added
from storage.keys import first_key, key_time, post_key
from storage.store import Store, Transaction
from tests.moments import MOMENTS
from tests.posts import MORNING, a_post
from tests.work import work


async def add(store: Store, posts: Sequence[CleanPost], now: datetime) -> Added:
    async with store.begin() as tx:
        channels = await tx.channels.ensure({post.post.channel for post in posts})
        return await tx.posts.add(posts, channels, now)


async def all_posts(store: Store) -> list[Post]:
    async with store.read() as tx:
        return [post async for post in tx.posts.every(batch=2)]


async def test_a_post_is_kept_once(any_store: Store, now: datetime) -> None:
    first = await add(any_store, [a_post(1), a_post(2)], now)
    again = await add(any_store, [a_post(1), a_post(2), a_post(3)], now)
    assert (first.new, first.unchanged) == (2, 0)
    assert (again.new, again.unchanged) == (1, 2)
    assert [post.message_id for post in await all_posts(any_store)] == [1, 2, 3]


async def test_a_post_that_stands_twice_in_a_batch_is_kept_once(any_store: Store, now: datetime) -> None:
    added = await add(any_store, [a_post(1), a_post(1)], now)
    assert added.new == 1


async def test_everything_a_post_has_comes_back(any_store: Store, now: datetime) -> None:
    given_post = a_post(
        7,
        "Видео: мост\x00 открыт\ud800".replace("\x00", "").replace("\ud800", ""),
        body="Мост открыт",
        language="ru",
        kind=Kind.ANNOUNCE,
        rule="giveaway or contest",
        fingerprint=-(2**63),
        links=(Link(url="https://example.org/a?b=1", label="тут\x00\ud800"), Link(url="https://example.org/2")),
        views=1200,
        forwards=3,
        author="A. B.",
        album=True,
        media=Media(photos=2, documents=("plan.pdf",), performers=("Band",), seconds=9),
        files=("photo 7",),
        poll=Poll(question="?", type="Quiz", options=("a", "b"), votes=(1, 0), correct=0, explanation="So."),
        quote="two ships",
        fact_check=FactCheck(text="Last year.", country="NO"),
        preview=LinkPreview(url="https://example.org", site="Example", title="T", description=None),
        reactions=(Reaction(emoji="👍", count=10),),
        forwarded_from=Forward(name="Other", url=None),
        reply_to="https://t.me/harbour_wire/3",
    )
    await add(any_store, [given_post], now)
    (post,) = await all_posts(any_store)
    source = given_post.post
    assert post.url == "https://t.me/harbour_wire/7"
    assert (post.text, post.body, post.language, post.kind) == (source.text, "Мост открыт", "ru", Kind.ANNOUNCE)
    assert (post.fingerprint, post.views, post.forwards, post.author) == (-(2**63), 1200, 3, "A. B.")
    assert (post.media, post.poll, post.preview, post.reactions) == (
        source.media,
        source.poll,
        source.preview,
        source.reactions,
    )
    assert (post.quote, post.fact_check, post.rule) == (source.quote, source.fact_check, "giveaway or contest")
    assert (post.forwarded_from, post.reply_to, post.album) == (source.forwarded_from, source.reply_to, True)
    assert [link.url for link in post.links] == ["https://example.org/a?b=1", "https://example.org/2"]
    assert post.date == source.date


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (r"JSON writes it \u0000", r"JSON writes it \u0000"),
        (r"\\u0000, \\\u0000", r"\\u0000, \\\u0000"),
        ("\0\\\0\0u\\u0000\0", r"\u\u0000"),
    ],
    ids=["once", "behind others", "beside real ones"],
)
async def test_a_nul_that_is_only_written_about_is_text_like_any_other(
    any_store: Store, now: datetime, written: str, kept: str
) -> None:
    await add(any_store, [a_post(1, author=written), a_post(2, "A second one.")], now)
    assert [post.author for post in await all_posts(any_store)] == [kept, None]


async def test_an_edit_keeps_the_former_words(any_store: Store, now: datetime) -> None:
    await add(any_store, [a_post(1, "Five ships sailed.")], now)
    added = await add(any_store, [a_post(1, "Six ships sailed.", edited=True)], now)
    (post,) = await all_posts(any_store)
    assert (added.edited, added.new) == (1, 0)
    assert (post.text, post.edited, post.edits) == ("Six ships sailed.", True, 1)
    async with any_store.read() as tx:
        assert await tx.posts.edits([post.id]) == {post.id: ((now, "Five ships sailed."),)}


async def test_of_a_post_that_is_edited_for_ever_the_last_versions_are_kept(
    any_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.incoming.MOST_EDITS", 3)
    for number in range(6):
        await add(any_store, [a_post(n, f"{number} ships sailed.", edited=number > 0) for n in (1, 2)], now)
    posts = await all_posts(any_store)
    assert [(post.text, post.edits) for post in posts] == [("5 ships sailed.", 5)] * 2
    async with any_store.read() as tx:
        found = await tx.posts.edits([post.id for post in posts])
    kept = [f"{number} ships sailed." for number in (2, 3, 4)]
    assert [[said for _, said in found[post.id]] for post in posts] == [kept, kept]


async def test_a_page_saved_before_an_edit_does_not_undo_it(any_store: Store, now: datetime) -> None:
    await add(any_store, [a_post(1, "Six ships sailed.", edited=True)], now)
    added = await add(any_store, [a_post(1, "Five ships sailed.")], now)
    assert added.unchanged == 1
    assert [post.text for post in await all_posts(any_store)] == ["Six ships sailed."]


WEB, ACCOUNT, IMPORT = Source.WEB, Source.ACCOUNT, Source.IMPORT
UNEDITED, SOME_TIME = "", "edited at a time that is not told"


@pytest.mark.parametrize(
    ("stored", "came", "is_edit"),
    [
        ((WEB, UNEDITED), UNEDITED, False),  # the same, read otherwise
        ((WEB, SOME_TIME), "16:59", False),  # the page, read at 18:00, shows what was edited until then
        ((ACCOUNT, "16:00"), "15:00", False),
        ((ACCOUNT, "16:00"), "16:00", False),
        ((IMPORT, "16:00"), "15:00", False),
        ((WEB, SOME_TIME), "18:01", True),
        ((WEB, UNEDITED), SOME_TIME, True),
        ((ACCOUNT, "16:00"), "17:00", True),
        ((IMPORT, "16:00"), "17:00", True),
        ((IMPORT, "16:00"), "16:00", True),  # the same, read better by now
        ((IMPORT, UNEDITED), UNEDITED, True),
    ],
)
async def test_an_import_is_an_edit_where_it_may_be_newer(
    store: Store, now: datetime, stored: tuple[Source, str], came: str, is_edit: bool
) -> None:
    def version(text: str, source: Source, edited: str) -> CleanPost:
        at = None
        if edited not in (UNEDITED, SOME_TIME):
            at = datetime.combine(now, time.fromisoformat(edited), UTC)
        return a_post(1, text, source=source, edited=edited != UNEDITED, edited_at=at)

    source, edited = stored
    await add(store, [version("Six ships sailed.", source, edited)], now)
    added = await add(store, [version("Five ships sailed.", IMPORT, came)], now + timedelta(days=1))
    assert (added.edited, added.unchanged) == (int(is_edit), int(not is_edit))


async def test_other_line_breaks_are_no_edit(any_store: Store, now: datetime) -> None:
    await add(any_store, [a_post(1, "One.\n\nTwo.")], now)
    assert (await add(any_store, [a_post(1, "One.\nTwo. ")], now)).unchanged == 1


async def test_counts_are_refreshed_and_a_missing_count_erases_none(any_store: Store, now: datetime) -> None:
    await add(any_store, [a_post(1, views=10, forwards=1)], now)
    await add(any_store, [a_post(1, views=25)], now)
    (post,) = await all_posts(any_store)
    assert (post.views, post.forwards) == (25, 1)


async def test_reactions_votes_and_notes_are_refreshed_and_are_no_edit(any_store: Store, now: datetime) -> None:
    poll = Poll(question="?", type="Quiz", options=("a", "b"))
    await add(any_store, [a_post(1, poll=poll, reactions=(Reaction(emoji="👍", count=1),), author="Ann")], now)
    note = FactCheck(text="Last year.", country="NO")
    card = LinkPreview(url="https://example.org", title="T")
    voted = replace(poll, votes=(3, 4), type="Final Results")
    later = a_post(1, poll=voted, reactions=(Reaction(emoji="👍", count=9),), fact_check=note, preview=card)
    for given_post in (later, a_post(1, poll=poll)):
        assert (await add(any_store, [given_post], now)).unchanged == 1
    (post,) = await all_posts(any_store)
    assert post.reactions == (Reaction(emoji="👍", count=9),)
    assert (post.poll, post.fact_check, post.preview) == (replace(voted, type="Quiz"), note, card)
    assert (post.author, post.edits, post.media) == ("Ann", 0, later.post.media)


async def test_an_album_grows_while_its_pieces_come_and_that_is_no_edit(store: Store, now: datetime) -> None:
    def album(pieces: int, source: Source = Source.ACCOUNT) -> CleanPost:
        more = tuple(range(2, pieces + 1))
        return a_post(1, album=pieces > 1, album_ids=more, media=Media(photos=pieces), source=source)

    shown = []
    for each in (album(1), album(2), album(3), album(2), album(9, Source.IMPORT)):
        await add(store, [each], now)
        (post,) = await all_posts(store)
        shown.append((post.media.photos, post.album, post.edits))
    assert shown == [(1, False, 0), (2, True, 0), (3, True, 0), (3, True, 0), (3, True, 0)]


async def test_an_import_fills_counts_and_lowers_none(any_store: Store, now: datetime) -> None:
    heart = (Reaction(emoji="❤", count=5),)
    await add(any_store, [a_post(1, views=100, reactions=heart), a_post(2)], now)
    old: dict[str, Any] = {
        "views": 10,
        "forwards": 3,
        "reactions": (Reaction(emoji="❤", count=1),),
        "source": Source.IMPORT,
    }
    await add(any_store, [a_post(1, **old), a_post(2, **old)], now)
    one, two = await all_posts(any_store)
    assert (one.views, one.forwards, one.reactions) == (100, 3, heart)
    assert (two.views, two.forwards, two.reactions) == (10, 3, old["reactions"])


async def test_a_page_that_says_nothing_new_writes_nothing(any_store: Store, now: datetime) -> None:
    full = a_post(
        1,
        views=1,
        poll=Poll(question="?", type="Quiz", options=("a",), votes=(2,)),
        media=Media(documents=("a.pdf",)),
        reactions=(Reaction(emoji="❤", count=5),),
        links=(Link(url="https://example.org", label="x"),),
    )
    await add(any_store, [full], now)
    async with any_store.begin() as tx:
        written: list[str] = []
        connection = tx.posts._connection.sync_connection
        event.listen(connection, "before_cursor_execute", lambda *call: written.append(call[2]))
        await tx.posts.add([full], await tx.channels.ensure(["harbour_wire"]), now + timedelta(seconds=1))
    assert not [words for words in written if words.startswith("UPDATE post")]


async def test_counts_fall_due_with_age_and_are_kept_without_an_edit(any_store: Store) -> None:
    await add(any_store, [a_post(1, date=MORNING, views=5), a_post(2, date=MORNING - timedelta(days=9))], MORNING)
    async with any_store.begin() as tx:
        channel = (await tx.channels.ensure(["harbour_wire"]))["harbour_wire"]
        assert await tx.posts.to_count(channel, MORNING + timedelta(minutes=14), 9) == ()
        quarter = MORNING + timedelta(minutes=15)
        assert await tx.posts.to_count(channel, quarter, 9) == (1,)
        assert await tx.posts.were_counted(channel, {1: Counts(views=50), 7: Counts(views=1)}, quarter) == 1
        assert await tx.posts.to_count(channel, quarter, 9) == ()
        hour = MORNING + timedelta(hours=1)
        assert await tx.posts.to_count(channel, hour, 9) == (1,)
        assert await tx.posts.were_counted(channel, {1: Counts(forwards=2)}, hour) == 1
    async with any_store.begin() as tx:
        await tx.posts.mark_deleted(channel, [1], hour)
        assert await tx.posts.to_count(channel, MORNING + timedelta(days=8), 9) == ()
    first = next(post for post in await all_posts(any_store) if post.message_id == 1)
    assert (first.views, first.forwards, first.edits) == (50, 2, 0)


async def test_a_post_without_an_id_or_a_date_is_not_taken(any_store: Store, now: datetime) -> None:
    added = await add(any_store, [a_post(1, message_id=None), a_post(2, date=None)], now)
    assert added == Added()


async def test_a_deleted_post_keeps_its_words_but_is_told_no_more(any_store: Store, now: datetime) -> None:
    await add(any_store, [a_post(1), a_post(2)], now)
    async with any_store.begin() as tx:
        channel = (await tx.channels.ensure(["harbour_wire"]))["harbour_wire"]
        assert await tx.posts.mark_deleted(channel, [2, 99], now) == 1
        assert await tx.posts.mark_deleted(channel, [2], now) == 0
    async with any_store.read() as tx:
        assert [post.message_id for post in await tx.posts.between(MORNING, now)] == [1]
        published = [await tx.posts.published_as(channel, number) for number in (1, 2, 99)]
        assert [post and post.message_id for post in published] == [1, None, None]
        assert await tx.posts.any_of([channel])
    assert [post.deleted for post in await all_posts(any_store)] == [False, True]
    async with any_store.begin() as tx:
        await tx.posts.mark_deleted(channel, [1], now)
        assert not await tx.posts.any_of([channel])


@pytest.mark.parametrize("words", ["Ministers met in Riga.", "Ministers met."], ids=["the same words", "other words"])
async def test_a_deleted_post_comes_back_where_it_is_read_again_and_not_by_an_import(
    any_store: Store, now: datetime, words: str
) -> None:
    await add(any_store, [a_post(1)], now)
    async with any_store.begin() as tx:
        await tx.posts.mark_deleted((await tx.channels.ensure(["harbour_wire"]))["harbour_wire"], [1], now)
    for edited in (False, True):
        imported = a_post(1, words, source=Source.IMPORT, edited=edited)
        assert (await add(any_store, [imported], now)).unchanged == 1
        assert [post.deleted for post in await all_posts(any_store)] == [True]
    await add(any_store, [a_post(1, words)], now)
    assert [post.deleted for post in await all_posts(any_store)] == [False]


async def test_a_deleted_post_is_not_brought_back_by_what_was_published_before_its_edit(
    any_store: Store, now: datetime
) -> None:
    await add(any_store, [a_post(1)], now)
    await add(any_store, [a_post(1, "Ministers met in Oslo.", edited=True)], now)
    async with any_store.begin() as tx:
        await tx.posts.mark_deleted((await tx.channels.ensure(["harbour_wire"]))["harbour_wire"], [1], now)
    await add(any_store, [a_post(1)], now)
    assert [post.deleted for post in await all_posts(any_store)] == [True]


async def test_a_window_takes_its_beginning_and_leaves_its_end(any_store: Store, now: datetime) -> None:
    await add(any_store, [a_post(n) for n in range(5)], now)
    async with any_store.read() as tx:
        window = await tx.posts.between(MORNING + timedelta(minutes=1), MORNING + timedelta(minutes=3))
    assert [post.message_id for post in window] == [1, 2]


async def test_a_window_takes_what_came_late_where_that_is_wanted(any_store: Store, now: datetime) -> None:
    since = MORNING + timedelta(minutes=5)
    await add(any_store, [a_post(1)], since - timedelta(minutes=2))
    await add(any_store, [a_post(2)], since - timedelta(seconds=1))  # it may have been written down after a reading
    await add(any_store, [a_post(3), a_post(6)], since + timedelta(minutes=5))
    async with any_store.read() as tx:
        on_time = await tx.posts.between(since, now)
        with_late = await tx.posts.between(since, now, late=timedelta(days=1))
    assert [post.message_id for post in on_time] == [6]
    assert [post.message_id for post in with_late] == [2, 3, 6]


async def test_posts_whose_keys_would_be_equal_are_all_kept(any_store: Store, now: datetime) -> None:
    twins = [a_post(1, f"Text {n}", message_id=1 + n * 2**18, date=MORNING) for n in range(3)]
    behind = a_post(2, "Whose key is the next", message_id=2, date=MORNING)
    await add(any_store, [twins[0], behind], now)
    await add(any_store, twins, now)
    assert [post.message_id for post in await all_posts(any_store)] == [1, 2, 1 + 2**18, 1 + 2 * 2**18]


async def test_a_post_whose_key_would_be_that_of_the_newest_is_kept_beside_it(any_store: Store, now: datetime) -> None:
    for number in range(2):
        await add(any_store, [a_post(1, f"Text {number}", message_id=1 + number * 2**18, date=MORNING)], now)
    assert [post.text for post in await all_posts(any_store)] == ["Text 0", "Text 1"]


async def test_a_better_known_signature_rewrites_bodies(any_store: Store, now: datetime) -> None:
    added = await add(any_store, [a_post(1, "News.\nSubscribe!")], now)
    async with any_store.begin() as tx:
        await tx.posts.rewrite({added.changed[0]: a_post(1, body="News.", kind=Kind.CHATTER, language="de")})
        assert await tx.posts.known([("HARBOUR_wire", 1), ("harbour_wire", 2), ("x", 1)]) == {("harbour_wire", 1)}
        sought = [parse(words, now, UTC) for words in ("news lang:de", "subscribe")]
        found = [await tx.archive.search(query, now, limit=5) for query in sought]
    assert [len(each.found) for each in found] == [1, 0]
    (post,) = await all_posts(any_store)
    assert (post.body, post.text) == ("News.", "News.\nSubscribe!")
    assert (post.kind, post.language) == (Kind.CHATTER, "de")


async def test_an_unknown_channel_is_refused(any_store: Store, now: datetime) -> None:
    with pytest.raises(KeyError):
        async with any_store.begin() as tx:
            await tx.posts.add([a_post(1)], {}, now)


@settings(max_examples=200)
@given(
    MOMENTS,
    st.integers(1, 2**31),
    st.integers(1, 2**40),
)
def test_a_key_orders_by_time(date: datetime, channel: int, message: int) -> None:
    key = post_key(date, channel, message)
    assert key_time(key) == date.replace(microsecond=0)
    assert first_key(date.replace(microsecond=0)) <= key < first_key(date.replace(microsecond=0) + timedelta(seconds=1))
    assert key < 2**63


async def test_comparing_a_long_history_costs_no_more_than_a_short_one(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        channel = channels["harbour_wire"]
        await tx.posts.add([a_post(n) for n in range(1, 1501)], channels, now)
    since = MORNING + timedelta(minutes=1400)

    async def compared(last: int) -> int:
        async def ask(tx: Transaction) -> None:
            assert await tx.posts.numbers_of(channel, 1, last, since) == set(range(1400, last + 1))
            assert await tx.posts.numbers_on_preview(channel, 1, last, since, newest=last) == set(range(1400, last + 1))

        async with any_store.begin() as tx:
            await tx._connection.execute(text("ANALYZE"))
        return await work(any_store, ask)

    short = await compared(1500)
    async with any_store.begin() as tx:
        await tx.posts.add([a_post(n) for n in range(1501, 4001)], channels, now)
    async with any_store.begin() as tx:
        await tx.posts.mark_deleted(channel, range(1501, 2001), now)
    assert await compared(1500) < 1.5 * short
    async with any_store.read() as tx:
        assert await tx.posts.numbers_of(channel, 1, 4000) == set(range(3001, 4001))
