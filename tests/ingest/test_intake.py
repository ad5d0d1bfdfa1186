"""The one door of the archive: what is taken in, once, and what becomes of it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SessionsShared, StorageUnavailable
from core.model import Kind, Link, LinkPreview, NewPost, Source
from core.query import parse
from ingest.cleaning.clean import clean
from ingest.cleaning.signature import SignatureModel
from ingest.intake import _AGAIN, RIPE, Intake, Taken
from storage.store import Store
from tests.databases import opened
from tests.fragile import FragileStore
from tests.ingest.archive import all_posts, intake
from tests.ingest.kills import Killed
from tests.moments import NOW, Moment
from tests.posts import MORNING, a_new_post

TOWNS = "Riga Brenta Haldis Aldermouth Kestria Lindmoor Eastport Marovia Orlenia Zarechensk".split()
FOOTER = "Tides and weather by the harbour master's office"


def news(number: int, **fields: Any) -> NewPost:
    """A post of its own words, so that none is a copy of another."""
    town, other = TOWNS[number % 10], TOWNS[number // 10 % 10]
    text = f"{number} ships left {town} for {other} after the storm of {number + 1000} had passed."
    return a_new_post(number, **{"text": text, **fields})


def signed(number: int, words: str = "", **fields: Any) -> NewPost:
    """The same, or these words, above a line that comes under each post of the channel."""
    return news(number, text=f"{words or news(number).text}\n\n{FOOTER}", **fields)


async def learned(store: Store, channel: str = "harbour_wire") -> Any:
    async with store.read() as tx:
        return (await tx.channels.by_names([channel]))[channel].signature


async def found(store: Store, words: str) -> set[int]:
    async with store.read() as tx:
        page = await tx.archive.search(parse(words, NOW, ZoneInfo("UTC")), NOW, limit=200)
    return {each.post.message_id for each in page.found}


async def wanted(store: Store) -> set[str]:
    async with store.read() as tx:
        return {each.url for each in await tx.articles.wanted(NOW, 99)}


async def test_a_batch_that_comes_twice_changes_nothing(any_store: Store) -> None:
    batch = [signed(n) for n in range(1, 6)]
    assert await intake(any_store).take(batch) == Taken(new=5)
    before = (await all_posts(any_store), await learned(any_store))
    door = intake(any_store)
    assert await door.take(batch) == await door.take(batch) == Taken(unchanged=5)
    assert (await all_posts(any_store), await learned(any_store)) == before
    assert before[1]["posts"] == 5


async def test_a_post_that_stands_twice_in_a_batch_is_kept_and_learned_once(store: Store) -> None:
    first, edited = signed(1), signed(1, "None left.", edited=True)
    assert await intake(store).take([first, edited, first]) == Taken(new=1, edited=1, unchanged=1)
    (post,) = await all_posts(store)
    assert (post.text, post.edits) == (edited.text, 1)
    assert (await learned(store))["posts"] == 1


EXAMPLES = count()  # of the property below: one store serves them all, so each has channels of its own
VERSIONS = st.builds(
    lambda number, edited: news(number, text=f"{news(number).text} Edited.", edited=True) if edited else news(number),
    st.integers(1, 4),
    st.booleans(),
)


async def test_batches_that_wait_are_taken_in_one_transaction_and_each_is_told_its_own(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake(any_store).take([news(1), news(2)])
    door, begun, begin = intake(any_store), count(), any_store.begin
    batches = [
        [news(1), news(3)],
        [news(2, text="None left.", edited=True)],
        [news(3), news(4, date=None)],
        *([news(10 + n)] for n in range(5)),
    ]

    def counted() -> Any:
        next(begun)
        return begin()

    monkeypatch.setattr(any_store, "begin", counted)
    told = await asyncio.gather(*(door.take(batch) for batch in batches))
    assert told == [
        Taken(new=1, unchanged=1),
        Taken(edited=1),
        Taken(unchanged=1, skipped=1),
        *[Taken(new=1)] * 5,
    ]
    assert next(begun) == 2, "the first by itself, and then all that waited; what came twice is the first's"
    assert len(await all_posts(any_store)) == 8


async def test_a_batch_that_cannot_be_taken_holds_up_none_that_waits_with_it(store: Store) -> None:
    class Choosy(Intake):
        async def _take(self, posts: Sequence[NewPost]) -> list[Taken]:
            if any(post.message_id == 2 for post in posts):
                raise ValueError(2)
            return await super()._take(posts)

    door = Choosy(store, Moment(NOW))
    told = await asyncio.gather(*(door.take([news(n)]) for n in (1, 2, 3, 4)), return_exceptions=True)
    assert [isinstance(each, ValueError) for each in told] == [False, True, False, False]
    assert sorted(post.message_id for post in await all_posts(store)) == [1, 3, 4]


async def test_a_post_that_cannot_be_taken_is_passed_over_and_the_others_of_its_batch_are_kept(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    class Choosy(Intake):
        async def _take(self, posts: Sequence[NewPost]) -> list[Taken]:
            if any(post.message_id in (3, 4) for post in posts):
                raise ValueError("it makes no sense")
            return await super()._take(posts)

    door = Choosy(store, Moment(NOW))
    assert await door.take([news(n) for n in range(1, 8)]) == Taken(new=5, skipped=2)
    assert sorted(post.message_id for post in await all_posts(store)) == [1, 2, 5, 6, 7]
    assert "harbour_wire/3" in caplog.text
    assert "harbour_wire/4" in caplog.text
    with pytest.raises(ValueError, match="no sense"):  # where nothing can be taken, it is no fault of the posts
        await door.take([news(3), news(4)])


async def test_a_pooler_that_mixes_sessions_up_is_told_and_no_post_is_passed_over_for_it(postgres_url: str) -> None:
    class Mixed(Intake):
        async def _take(self, posts: Sequence[NewPost]) -> list[Taken]:
            if any(post.message_id == 2 for post in posts):
                async with self._store.begin() as tx:
                    for _ in range(2):
                        await tx._connection.exec_driver_sql("PREPARE _pg3_0 AS SELECT 1")
            return await super()._take(posts)

    async with opened(postgres_url) as store:
        with pytest.raises(SessionsShared):
            await Mixed(store, Moment(NOW)).take([news(1), news(2), news(3)])


async def test_a_batch_whose_caller_is_gone_holds_up_none(store: Store) -> None:
    door = intake(store)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        tasks = [group.create_task(door.take([news(n)])) for n in (1, 2, 3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[1].cancel()
        assert await tasks[2] == Taken(new=1)
    assert door._waiting == []


@settings(max_examples=12)
@given(st.lists(VERSIONS, max_size=12), st.data())
async def test_it_does_not_matter_how_posts_are_cut_into_batches(
    store: Store, posts: list[NewPost], data: st.DataObject
) -> None:
    example = next(EXAMPLES)
    whole, cut = (f"whole_{example}", f"cut_{example}")

    def of(channel: str, batch: Sequence[NewPost]) -> list[NewPost]:
        return [news(0, text=p.text, message_id=p.message_id, edited=p.edited, channel=channel) for p in batch]

    door = intake(store)
    taken = await door.take(of(whole, posts))
    at = data.draw(st.integers(0, len(posts)))
    assert await door.take(of(cut, posts[:at])) + await door.take(of(cut, posts[at:])) == taken
    kept = await all_posts(store)
    one, other = ({p.message_id: p.text for p in kept if p.channel == name} for name in (whole, cut))
    assert one == other
    assert set(one) == {post.message_id for post in posts}
    for post in posts:  # what was edited stays edited
        if post.edited and post.message_id:
            assert one[post.message_id].endswith("Edited.")


async def test_an_edit_is_taken_over_and_the_former_words_are_kept(any_store: Store) -> None:
    door = intake(any_store)
    await door.take([news(1), news(2)])
    edit = news(2, text="The harbour of Riga is closed for ferries until Friday.", edited=True)
    assert await door.take([news(1), edit]) == Taken(edited=1, unchanged=1)
    (_, post) = await all_posts(any_store)
    assert (post.text, post.edits) == (edit.text, 1)
    assert await found(any_store, "ferries") == {2}


@pytest.mark.parametrize(
    ("source", "shown"),
    [(Source.ACCOUNT, ""), (Source.ACCOUNT, "A caption."), (Source.WEB, "")],
    ids=["nothing", "less than an account read", "nothing any more"],
)
async def test_a_post_that_the_preview_cannot_show_keeps_the_words_that_are_known(
    store: Store, source: Source, shown: str
) -> None:
    await intake(store).take([news(1, source=source)])
    hidden = news(1, text=shown, unsupported=True, views=7)
    assert await intake(store).take([hidden]) == Taken(unchanged=1)
    (post,) = await all_posts(store)
    assert (post.text, post.edits, post.views) == (news(1).text, 0, 7)
    assert await found(store, "ships") == {1}


async def test_a_post_that_was_taken_for_deleted_and_shows_without_its_words_is_back_with_them(
    any_store: Store,
) -> None:
    await intake(any_store).take([news(1, source=Source.ACCOUNT)])
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.mark_deleted(channels["harbour_wire"], [1], NOW)
    assert await found(any_store, "ships") == set()
    await intake(any_store).take([news(1, text="", unsupported=True)])
    (post,) = await all_posts(any_store)
    assert (post.text, post.edits) == (news(1).text, 0)
    assert await found(any_store, "ships") == {1}


async def test_a_post_without_an_id_or_with_a_date_that_none_can_have_is_counted_and_passed_over(
    any_store: Store,
) -> None:
    odd = [
        news(2, message_id=None),
        news(3, date=None),
        news(4, date=datetime(9999, 12, 31, tzinfo=UTC)),
        news(5, date=datetime(1, 1, 1, tzinfo=UTC)),
        news(6, message_id=2**63),
        news(7, message_id=-1),
    ]
    assert await intake(any_store).take([*odd, news(1)]) == Taken(new=1, skipped=6)
    assert await intake(any_store).take(odd[:2]) == Taken(skipped=2)
    assert [post.message_id for post in await all_posts(any_store)] == [1]


async def test_a_batch_without_a_post_that_fits_needs_no_database(store: Store) -> None:
    door = intake(FragileStore(store, failures=9))
    assert await door.take([]) == Taken()
    assert await door.take([news(1, date=None)]) == Taken(skipped=1)


async def test_a_hint_is_given_only_where_something_is_new(store: Store) -> None:
    hints: list[str] = []
    door = Intake(store, Moment(NOW), lambda: hints.append("hint"))
    for batch, said in (([news(1)], 1), ([news(1)], 1), ([news(1, text="Gone.", edited=True)], 2), ([], 2)):
        await door.take(batch)
        assert len(hints) == said


async def test_a_signature_is_learned_across_batches_and_earlier_posts_are_read_anew(any_store: Store) -> None:
    door = intake(any_store)
    await door.take([signed(n) for n in range(1, 3)])
    assert all(FOOTER in post.body for post in await all_posts(any_store))
    assert await found(any_store, "tides") == {1, 2}
    for n in range(3, RIPE[0] + 1):
        await door.take([signed(n)])
    posts = await all_posts(any_store)
    assert [post.body for post in posts] == [news(n).text for n in range(1, RIPE[0] + 1)]
    assert all(FOOTER in post.text for post in posts)
    assert await found(any_store, "tides") == set()
    assert await found(any_store, "ships") == set(range(1, RIPE[0] + 1))


async def test_a_signature_survives_a_restart(store: Store) -> None:
    await intake(store).take([signed(n) for n in range(1, RIPE[0] + 1)])
    await intake(store).take([signed(9)])
    assert (await all_posts(store))[-1].body == news(9).text


async def test_what_two_processes_learn_of_a_channel_is_added_up(any_store: Store) -> None:
    """As `courant import` of old posts beside `courant run`: what it learned was undone by the next live post."""
    live, old_posts = intake(any_store), intake(any_store)
    await live.take([signed(100)])
    await old_posts.take([signed(n) for n in range(1, 41)])
    await live.take([signed(101)])
    assert (await learned(any_store))["posts"] == 42
    assert (await all_posts(any_store))[-1].body == news(101).text


async def test_a_signature_of_an_unknown_make_is_learned_anew(store: Store) -> None:
    await intake(store).take([signed(1)])
    async with store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire"])
        await tx.channels.learn({ids["harbour_wire"]: {"version": 99}})
    await intake(store).take([signed(2)])
    assert (await learned(store))["posts"] == 1


async def test_an_edit_that_comes_when_its_channel_ripens_is_not_undone(any_store: Store) -> None:
    door = intake(any_store)
    for n in range(1, RIPE[0]):
        await door.take([signed(n)])
    assert FOOTER in (await all_posts(any_store))[0].body
    await door.take([signed(1, "No ship left.", edited=True), signed(RIPE[0])])
    assert (await all_posts(any_store))[0].body == "No ship left."


async def test_an_advertisement_marked_by_its_button_stays_one_when_it_is_read_anew(store: Store) -> None:
    door = intake(store)
    button = (Link(url="https://shop.example/?erid=2Vabc", label="Buy"),)
    await door.take([signed(1, buttons=button)])
    await door.take([signed(n) for n in range(2, RIPE[0] + 1)])
    advert, *others = await all_posts(store)
    assert (advert.kind, advert.body) == (Kind.PROMO, news(1).text)
    assert {post.kind for post in others} == {Kind.NEWS}


async def test_only_the_newest_posts_are_read_anew(store: Store) -> None:
    """A channel's whole past would be too much work for one batch."""
    number = RIPE[2] + _AGAIN
    old = [signed(n, date=MORNING - timedelta(days=number - n)) for n in range(1, number)]
    async with store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([clean(post, SignatureModel()) for post in old], ids, NOW)
    await intake(store).take([signed(n) for n in range(number, number + RIPE[0])])
    bodies = [FOOTER in post.body for post in await all_posts(store)]
    assert bodies.count(True) == number - 1 - _AGAIN
    assert bodies == sorted(bodies, reverse=True)


HOSTILE = {
    "long": "A ship. " * 125_000,
    "override": "Ships \u202egnisrever\u202c left \u2066Riga\u2069.",
    "nul": "Ships\x00 left\x00 Riga.",
    "surrogate": "Ships \ud83d left \udc00 Riga.",
    "script": "<script>alert(1)</script> & &lt; &#0; </div>",
    "sql": "'); DROP TABLE post; -- %s :id $1",
    "marks": "a" + "\u0301" * 5000,
    "lines": "\n".join("#x" for _ in range(20_000)),
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_posts_are_stored_and_found_beside_others(any_store: Store, name: str) -> None:
    text = HOSTILE[name]
    odd = news(
        2,
        text=text,
        author=text[:5000],
        channel_title=f"Harbour\x00 \ud800Wire {text[:3000]}",
        links=(Link(url=f"https://a.example/{text[:300]}", label=text[:300]),),
        preview=LinkPreview(url="https://a.example/\x00\ud800", title=text[:3000]),
        views=2**70,
    )
    door = intake(any_store)
    assert await door.take([news(1), odd, news(3)]) == Taken(new=3)
    assert await door.take([odd]) == Taken(unchanged=1)
    _, kept, _ = await all_posts(any_store)
    assert not set("\x00\u202e\u2066\ud83d\udc00\ud800") & set(kept.text + kept.body + kept.channel_title)
    assert (len(kept.text) <= 1 << 16, kept.views) == (True, None)
    assert {1, 3} <= await found(any_store, "storm")


async def test_a_post_whose_link_carries_a_nul_in_a_host_is_stored(any_store: Store) -> None:
    wrapped = Link(url="https://vk.com/away?to=http%3A%2F%2Fa%00b.example%2Fstorm", label="ships")
    assert await intake(any_store).take([news(1, date=NOW, links=(wrapped,))]) == Taken(new=1)
    assert await wanted(any_store) == set()


@settings(max_examples=12)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=80), min_size=1, max_size=6))
async def test_whatever_a_post_says_can_be_stored_and_comes_again_unchanged(any_store: Store, texts: list[str]) -> None:
    channel = f"any_{abs(hash(tuple(texts)))}"
    batch = [news(n, text=text, channel=channel, author=text) for n, text in enumerate(texts, 1)]
    door = intake(any_store)
    first = await door.take(batch)
    assert first.skipped == 0
    assert (await door.take(batch)).unchanged == len(texts)


async def test_two_sources_at_the_same_time_neither_lose_nor_double(any_store: Store) -> None:
    door = intake(any_store)
    batches = [[signed(n) for n in range(start, start + 10)] for start in (1, 6, 11, 1, 16)]
    taken = await asyncio.gather(*(door.take(batch) for batch in batches))
    assert sum(taken, Taken()) == Taken(new=25, unchanged=25)
    assert [post.message_id for post in await all_posts(any_store)] == list(range(1, 26))
    assert (await learned(any_store))["posts"] == 25


async def test_two_processes_at_the_same_time_neither_lose_nor_double(any_store: Store) -> None:
    """As `courant import` beside `courant run`: each has an intake of its own."""
    doors = [intake(any_store) for _ in range(4)]
    for start in range(1, 60, 20):
        batches = [[signed(n) for n in range(start, start + 20)] for _ in doors]
        taken = await asyncio.gather(*(door.take(batch) for door, batch in zip(doors, batches, strict=True)))
        assert sum(taken, Taken()) == Taken(new=20, unchanged=60)
    assert [post.message_id for post in await all_posts(any_store)] == list(range(1, 61))


LINKED = {
    "text": "The storm has reached Brenta: more here",
    "links": (Link(url="https://h.example/s", label="more here"),),
}


async def test_pages_are_wanted_that_fresh_news_link(store: Store) -> None:
    await intake(store).take([news(1, **LINKED), news(2, **LINKED)])
    assert await wanted(store) == {"https://h.example/s"}


@pytest.mark.parametrize(
    "fields",
    [
        LINKED | {"date": NOW - timedelta(days=15)},
        LINKED | {"service": True},
        LINKED | {"buttons": (Link(url="https://shop.example/?erid=1", label="Buy"),)},
        {
            "text": "The storm has reached Brenta.\nSubscribe to our channel @harbour_wire",
            "links": (Link(url="https://h.example/s", label="Subscribe to our channel"),),
        },
    ],
    ids=["old", "service", "advertisement", "signature"],
)
async def test_no_pages_are_wanted_of_what_is_not_fresh_news(store: Store, fields: dict[str, object]) -> None:
    await intake(store).take([news(1, **fields)])
    assert await wanted(store) == set()


async def test_a_kill_between_reading_and_writing_is_made_good_by_the_next_run(any_store: Store) -> None:
    batches = [[signed(n) for n in range(1, 6)], [signed(n) for n in range(4, 12)]]
    dying = Intake(FragileStore(any_store, failures=1, error=Killed()), Moment(NOW))
    with pytest.raises(Killed):
        await dying.take(batches[0])
    door = intake(any_store)
    await door.take(batches[0])
    dying = Intake(FragileStore(any_store, failures=1, error=Killed()), Moment(NOW))
    with pytest.raises(Killed):
        await dying.take(batches[1])
    door = intake(any_store)
    assert await door.take(batches[1]) == Taken(new=6, unchanged=2)
    assert [post.body for post in await all_posts(any_store)] == [news(n).text for n in range(1, 12)]
    assert (await learned(any_store))["posts"] == 11


async def test_an_intake_whose_writing_failed_goes_on(store: Store) -> None:
    door = Intake(FragileStore(store, failures=1), Moment(NOW))
    with pytest.raises(StorageUnavailable):
        await door.take([signed(1)])
    assert await door.take([signed(1)]) == Taken(new=1)
    assert (await learned(store))["posts"] == 1


async def test_a_channel_keeps_its_title_where_a_later_post_has_none(store: Store) -> None:
    await intake(store).take([news(1, channel_title="Harbour Wire"), news(2), news(3, channel="HARBOUR_wire")])
    assert {post.channel_title for post in await all_posts(store)} == {"Harbour Wire"}
