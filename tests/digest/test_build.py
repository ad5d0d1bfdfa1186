"""A reader's digest, from the tables to what is to be sent and remembered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import (
    Article,
    ChannelList,
    CleanPost,
    Kind,
    Post,
    PostId,
    Reader,
    ReaderId,
    Source,
    StoryId,
    Taste,
)
from digest import explain
from digest.build import (
    LOOK_BACK,
    STALE_AFTER,
    Made,
    Material,
    Wish,
    compose_digest,
    make_digest,
    make_digests,
    rank_stories,
    share,
    wish_of,
)
from digest.compose import Views
from digest.corrections import put_right
from digest.model import Digest
from digest.stories.service import StoryService
from digest.summaries.summarize import SummarySentence, summarize
from digest.taste import read_keywords
from storage.store import Store
from tests.digest.events import BANK, NOISE, OTHER_QUAKE, QUAKE
from tests.moments import Moment
from tests.posts import a_post

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)
DAY = timedelta(days=1)
LISTS = (
    ChannelList(id="world", titles={"en": "World", "ru": "Мир"}, channels=("alpha", "beta", "gamma")),
    ChannelList(id="city", titles={"": "City"}, channels=("delta",)),
)
UPDATE = (
    "Velmora quake, after two days: engineers began to repair 14 bridges, schools open again, tents were delivered."
)
QUAKE_LATER = "Earthquake off Velmora: schools in Osterby stay closed until Friday, the Seismic Institute reports."


def told(number: int, channel: str, text: str, **fields: object) -> CleanPost:
    """A post of ten hours ago, and so many minutes."""
    date = NOW - timedelta(hours=10) + timedelta(minutes=number)
    return a_post(number, text, **{"channel": channel, "fingerprint": 0, "date": date, **fields})


QUAKE_POSTS = [
    told(n, channel, text) for n, channel, text in zip((1, 2, 3), ("alpha", "beta", "gamma"), QUAKE, strict=True)
]


@dataclass
class Desk:
    """A store with lists, and the ways to fill it and to ask of it."""

    store: Store
    clock: Moment = field(default_factory=lambda: Moment(NOW))

    async def publish(self, *posts: CleanPost) -> None:
        async with self.store.begin() as tx:
            ids = await tx.channels.ensure([post.post.channel for post in posts])
            await tx.posts.add(posts, ids, self.clock())
        await StoryService(self.store, self.clock).settle()

    async def make(self, *, reader: Reader | None = None, hours: float = 24, **wishes: Any) -> Made:
        since = self.clock() - timedelta(hours=hours)
        if reader:
            wish = wish_of(reader, since, self.clock(), repeat=bool(wishes.pop("repeat", False)))
        else:
            wish = Wish(since=since, until=self.clock(), lists=("world", "city"))
        return await make_digest(self.store, replace(wish, **wishes), self.clock())

    async def digest(self, **wishes: Any) -> Digest:
        return (await self.make(**wishes)).digest

    async def reader(self, **values: object) -> Reader:
        async with self.store.begin() as tx:
            reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=7), NOW)
            await tx.readers.follow(reader.id, lists=["world"])
            return await tx.readers.change(reader.id, **values) if values else replace(reader, lists=("world",))

    async def remember(self, reader: Reader, made: Made) -> None:
        async with self.store.begin() as tx:
            await tx.readers.remember(reader.id, made.told)

    async def told_reader(self) -> Reader:
        """A reader who has been told of the quake."""
        reader = await self.reader()
        await self.publish(*QUAKE_POSTS)
        await self.remember(reader, await self.make(reader=reader))
        return reader

    async def part(self, *numbers: int) -> None:
        """Make a story of its own of these messages."""
        posts = await self.keys()
        async with self.store.begin() as tx:
            own = StoryId(int(posts[numbers[0]].id))
            await tx.stories.assign({posts[number].id: own for number in numbers}, {})

    async def keys(self) -> dict[int, Post]:
        async with self.store.read() as tx:
            return {post.message_id: post async for post in tx.posts.every()}


@pytest.fixture
async def desk(any_store: Store) -> Desk:
    async with any_store.begin() as tx:
        await tx.channels.take_over(LISTS, {})
    return Desk(any_store)


def messages(digest: Digest) -> list[set[int]]:
    """Which messages each story of the digest shows."""
    return [{int(post.url.rpartition("/")[2]) for post in story.posts} for story in digest.stories]


def adds_up(digest: Digest) -> bool:
    return digest.posts == sum(len(story.posts) for story in digest.stories) + digest.left_out.total


async def test_a_story_says_from_which_of_several_lists_it_is(desk: Desk) -> None:
    await desk.publish(*QUAKE_POSTS)
    (told_of_two,) = (await desk.digest()).stories
    (told_of_one,) = (await desk.digest(lists=("world",))).stories
    assert "from your list World" in told_of_two.why
    assert not any("list" in why for why in told_of_one.why)


async def test_a_digest_tells_the_stories_of_its_window_best_first(desk: Desk) -> None:
    await desk.publish(told(9, "delta", NOISE[1]), *QUAKE_POSTS)
    made = await desk.make()
    digest = made.digest
    assert messages(digest) == [{1, 2, 3}, {9}]
    assert (digest.posts, digest.channels, digest.title) == (4, 4, "World, City")
    assert [post.channel for post in digest.stories[0].posts] == ["alpha", "beta", "gamma"]
    assert "3" in digest.stories[0].why[0]
    posts = await desk.keys()
    assert up_to(made) == {StoryId(int(posts[1].id)): posts[3].id, StoryId(int(posts[9].id)): posts[9].id}


async def test_a_window_takes_its_beginning_and_leaves_its_end(desk: Desk) -> None:
    dates = [NOW - DAY - timedelta(seconds=1), NOW - DAY, NOW - timedelta(seconds=1), NOW]
    await desk.publish(*(told(n, "delta", NOISE[n], date=date) for n, date in enumerate(dates)))
    assert sorted(n for story in messages(await desk.digest()) for n in story) == [1, 2]


async def test_an_event_whose_posts_are_two_stories_is_told_once_and_both_are_remembered(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.publish(*QUAKE_POSTS, told(4, "delta", QUAKE_LATER), told(5, "alpha", QUAKE_LATER + " Ferries wait."))
    await desk.part(4, 5)
    made = await desk.make(reader=reader, lists=("world", "city"))
    (story,) = made.digest.stories
    assert (messages(made.digest), story.update) == ([{1, 2, 3, 4, 5}], False)
    assert [post.channel for post in story.posts] == ["alpha", "beta", "gamma", "delta", "alpha"]
    assert (story.summary[-1].text, story.summary[-1].sources) == (QUAKE_LATER, (3, 4))
    assert set(made.told) == {story.id, *story.joined}
    assert {each.story for each in made.cited} == {story.id}
    assert adds_up(made.digest)
    posts = await desk.keys()
    gone = put_right(made.digest, {story.id: [posts[number] for number in (1, 2, 4)]})
    assert [sentence.sources for sentence in gone.stories[0].summary][-1] == (2,)
    await desk.remember(reader, made)
    assert (await desk.digest(reader=reader, lists=("world", "city"))).stories == ()


async def test_only_what_the_reader_follows_is_told(desk: Desk) -> None:
    await desk.publish(*QUAKE_POSTS, told(8, "delta", QUAKE[1] + " Ferries wait."), told(9, "other", BANK[0]))
    assert messages(await desk.digest(lists=("world",))) == [{1, 2, 3}]
    assert messages(await desk.digest(lists=("city",))) == [{8}]
    assert messages(await desk.digest(lists=(), channels=("OTHER",))) == [{9}]
    assert messages(await desk.digest(lists=("nothing",))) == []


async def test_the_beginning_of_a_story_before_the_window_is_told_with_it(desk: Desk) -> None:
    early = told(1, "alpha", QUAKE[0], date=NOW - timedelta(hours=30))
    await desk.publish(early, *QUAKE_POSTS[1:])
    assert messages(await desk.digest()) == [{1, 2, 3}]
    assert messages(await desk.digest(hours=1)) == []


async def test_what_was_told_does_not_come_back(desk: Desk) -> None:
    reader = await desk.told_reader()
    digest = await desk.digest(reader=reader)
    assert (digest.stories, digest.left_out.known, digest.posts) == ((), 3, 3)
    assert adds_up(digest)
    await desk.publish(told(4, "alpha", QUAKE[1]))  # a rewrite brings no news
    digest = await desk.digest(reader=reader)
    assert (digest.stories, digest.left_out.known) == ((), 4)


async def test_a_told_story_comes_back_with_its_news_alone(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.publish(*QUAKE_POSTS)
    first = await desk.make(reader=reader)
    await desk.remember(reader, first)
    desk.clock.passes(hours=1)
    posts = await desk.keys()
    async with desk.store.begin() as tx:
        ids = await tx.channels.ensure(["beta"])
        more = [told(60, "beta", UPDATE), told(61, "beta", QUAKE[2])]
        added = await tx.posts.add(more, ids, NOW)
        await tx.stories.assign(dict.fromkeys(added.changed, posts[1].story), {})
    made = await desk.make(reader=reader)
    (story,) = made.digest.stories
    assert (story.update, messages(made.digest)) == (True, [{60}])
    assert [sentence.sources for sentence in story.summary] == [(0,)] * len(story.summary)
    assert up_to(made) == {story.id: max(added.changed)}
    assert adds_up(made.digest)
    await desk.remember(reader, made)
    assert (await desk.digest(reader=reader)).stories == ()


async def test_a_digest_that_was_asked_for_shows_all_again(desk: Desk) -> None:
    reader = await desk.told_reader()
    made = await desk.make(reader=reader, repeat=True)
    assert (messages(made.digest), made.digest.stories[0].update) == ([{1, 2, 3}], False)
    assert made.digest.left_out.total == 0


async def test_looking_back_takes_nothing_from_what_was_told(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.publish(*QUAKE_POSTS)
    now = await desk.make(reader=reader)
    await desk.remember(reader, now)
    desk.clock.now = NOW - timedelta(hours=10) + timedelta(minutes=1.5)  # only the first post was there
    then = await desk.make(reader=reader, repeat=True)
    assert messages(then.digest) == [{1}]
    desk.clock.now = NOW
    await desk.remember(reader, then)
    async with desk.store.read() as tx:
        assert await tx.readers.told(reader.id, list(now.told)) == now.told


async def test_what_came_only_after_the_digest_is_news_though_it_is_older_than_what_was_told(desk: Desk) -> None:
    reader = await desk.told_reader()
    desk.clock.passes(minutes=15)
    before = QUAKE_POSTS[1].post.date
    await desk.publish(told(20, "beta", f"{QUAKE[1]} {UPDATE}", date=before), told(21, "alpha", QUAKE[0], date=before))
    wish = replace(wish_of(reader, NOW, desk.clock()), reader=None)
    [(_, among)] = [each async for each in make_digests(desk.store, {reader.id: wish}, desk.clock(), Views("en"))]
    alone = await desk.make(reader=reader, hours=0.25)
    assert messages(among.digest) == messages(alone.digest) == [{20}]
    assert alone.digest.stories[0].update
    await desk.remember(reader, alone)
    desk.clock.passes(minutes=15)
    await desk.publish(told(3, "delta", NOISE[1]))
    assert messages(await desk.digest(reader=reader)) == []


async def test_a_digest_is_whole_only_up_to_the_first_post_that_still_waits_for_the_stories(desk: Desk) -> None:
    await desk.publish(*QUAKE_POSTS)
    assert (await desk.make()).whole_until == NOW
    desk.clock.passes(minutes=5)
    async with desk.store.begin() as tx:
        ids = await tx.channels.ensure(["alpha"])
        await tx.posts.add([told(40, "alpha", NOISE[1])], ids, desk.clock())
        await tx.posts.add([told(1, "alpha", QUAKE[0] + " Ferries wait.", edited=True)], ids, desk.clock())
    desk.clock.passes(minutes=5)
    assert (await desk.make()).whole_until == NOW + timedelta(minutes=5)
    await desk.publish()
    assert (await desk.make()).whole_until == desk.clock()


async def test_posts_of_a_new_channel_that_are_days_old_are_no_news_of_what_was_told(desk: Desk) -> None:
    reader = await desk.reader()
    long_ago = NOW - DAY * 2
    channels = enumerate(LISTS[0].channels, 1)
    await desk.publish(*(told(n, name, QUAKE[n - 1], date=long_ago + DAY / 48 * n) for n, name in channels))
    await desk.remember(reader, await desk.make(reader=reader, hours=72))
    desk.clock.passes(minutes=15)
    await desk.publish(told(60, "beta", f"{QUAKE[1]} {UPDATE}", date=long_ago + DAY / 48 * 2))
    assert len({post.story for post in (await desk.keys()).values()}) == 1
    assert messages(await desk.digest(reader=reader, hours=0.25)) == []


async def test_what_came_late_is_told_to_who_has_a_memory_alone_or_among_others(desk: Desk) -> None:
    reader = await desk.reader()
    channels = enumerate(LISTS[0].channels)
    await desk.publish(*(told(n, name, QUAKE[n], date=NOW - DAY - DAY / 4) for n, name in channels))
    wish = replace(wish_of(reader, NOW - DAY, NOW), reader=None)
    [(_, among)] = [each async for each in make_digests(desk.store, {reader.id: wish}, NOW, Views("en"))]
    alone = await desk.make(reader=reader)
    assert messages(among.digest) == messages(alone.digest) == [{0, 1, 2}]
    assert messages(await desk.digest()) == []


async def test_one_readers_memory_is_not_anothers(desk: Desk) -> None:
    await desk.told_reader()
    assert len((await desk.digest()).stories) == 1
    async with desk.store.begin() as tx:
        other, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=8), NOW)
    assert len((await desk.digest(reader=replace(other, lists=("world",)))).stories) == 1


async def test_what_is_left_out_is_counted_by_its_reason(desk: Desk) -> None:
    await desk.publish(
        *QUAKE_POSTS,
        told(11, "delta", "Buy now", kind=Kind.PROMO),
        told(12, "delta", "Our new channel", kind=Kind.ANNOUNCE),
        told(13, "alpha", "Good morning", kind=Kind.CHATTER),
        told(14, "alpha", "pinned", kind=Kind.SERVICE),
        told(15, "other", BANK[0]),
    )
    digest = await desk.digest()
    assert (digest.left_out.ads, digest.left_out.chatter, digest.left_out.total) == (2, 2, 4)
    assert (digest.posts, adds_up(digest)) == (7, True)


async def test_a_quiet_day_is_a_digest_too(desk: Desk) -> None:
    made = await desk.make()
    assert (made.digest.stories, made.digest.posts, made.told) == ((), 0, {})
    assert (made.digest.since, made.digest.until) == (NOW - DAY, NOW)


async def fail(desk: Desk, name: str, source: Source = Source.WEB, times: int = STALE_AFTER) -> None:
    async with desk.store.begin() as tx:
        channel = (await tx.channels.ensure([name]))[name]
        for _ in range(times):
            await tx.channels.failed(channel, source, "is gone", NOW, now=NOW)


async def read(desk: Desk, name: str, source: Source, at: datetime) -> None:
    async with desk.store.begin() as tx:
        channel = (await tx.channels.ensure([name]))[name]
        await tx.channels.was_read(channel, source, cursor=1, oldest=1, now=at, next_at=None)


async def test_a_channel_that_cannot_be_read_is_named(desk: Desk) -> None:
    await read(desk, "alpha", Source.WEB, NOW - DAY)
    for name, times in (("alpha", STALE_AFTER), ("beta", STALE_AFTER - 1), ("gamma", STALE_AFTER), ("delta", 9)):
        await fail(desk, name, times=times)
    digest = await desk.digest(lists=("world",))
    assert [(each.channel, each.since) for each in digest.stale] == [("alpha", NOW - DAY), ("gamma", None)]


async def test_a_channel_that_another_source_reads_is_not_stale(desk: Desk) -> None:
    await read(desk, "alpha", Source.WEB, NOW - DAY)
    await read(desk, "alpha", Source.ACCOUNT, NOW)
    await fail(desk, "alpha")
    assert (await desk.digest()).stale == ()
    await fail(desk, "alpha", Source.ACCOUNT)
    assert [(each.channel, each.since) for each in (await desk.digest()).stale] == [("alpha", NOW)]


class Noting:
    """Sums up, and notes what it was given."""

    def __init__(self) -> None:
        self.contexts: list[Sequence[str]] = []

    def __call__(self, texts: Sequence[str], *given: Any, **named: Any) -> tuple[SummarySentence, ...]:
        self.contexts.append(named["context"])
        return summarize(texts, *given, **named)


async def test_linked_articles_weigh_and_are_never_quoted(desk: Desk) -> None:
    page = "https://harbour.example/quake"
    posts = [told(n, post.post.channel, post.body, articles=(page,)) for n, post in enumerate(QUAKE_POSTS, 1)]
    await desk.publish(*posts, told(9, "delta", NOISE[1]))
    async with desk.store.begin() as tx:
        (wanted,) = await tx.articles.wanted(NOW, 9)
        await tx.articles.store(wanted.id, Article(url=page, title="Quake", text="The mole of Osterby sank."), NOW)
    noting = Noting()
    wish = Wish(since=NOW - DAY, until=NOW, lists=("world", "city"))
    digest = (await make_digest(desk.store, wish, NOW, noting)).digest
    assert noting.contexts == [("The mole of Osterby sank.",), ()]
    assert "mole" not in str(digest.stories)


async def test_words_and_hours_are_the_readers_own(desk: Desk) -> None:
    reader = await desk.reader(language="ru", zone="Asia/Tokyo", minutes=3)
    await desk.publish(*QUAKE_POSTS)
    digest = await desk.digest(reader=reader)
    assert (digest.language, digest.title, digest.zone.key) == ("ru", "Мир", "Asia/Tokyo")
    assert "канал" in digest.stories[0].why[0]


@pytest.mark.parametrize(
    "zone",
    ["Mars/Olympus", "", "../../etc/passwd", "/etc/passwd", "a" * 5000, "Europe", "UTC\0", "Еuropе/Riga", "\ud800"],
)
async def test_a_zone_that_there_is_not_is_utc(desk: Desk, zone: str) -> None:
    await desk.publish(*QUAKE_POSTS)
    digest = await desk.digest(zone=zone)
    assert (digest.zone.key, len(digest.stories)) == ("UTC", 1)


async def test_the_same_tables_give_the_same_digest(desk: Desk) -> None:
    texts = [*QUAKE, *BANK, *OTHER_QUAKE, *NOISE]
    await desk.publish(*(told(n, ("alpha", "beta", "gamma", "delta")[n % 4], text) for n, text in enumerate(texts)))
    one, other = await desk.make(), await desk.make()
    assert one == other
    assert adds_up(one.digest)
    assert len(one.digest.stories) > 3


async def test_a_short_reading_time_leaves_the_rest_out(desk: Desk) -> None:
    texts = [*QUAKE, *BANK, *OTHER_QUAKE, *NOISE]
    await desk.publish(*(told(n, ("alpha", "beta", "gamma", "delta")[n % 4], text) for n, text in enumerate(texts)))
    made = await desk.make(minutes=0)
    assert len(made.digest.stories) == 1
    assert adds_up(made.digest)
    assert set(made.told) == {made.digest.stories[0].id}


def a_stored(number: int, channel: str, story: int, kind: Kind, text: str) -> Post:
    return Post(
        id=PostId(number),
        channel=channel,
        channel_title=channel,
        message_id=number,
        date=NOW - timedelta(minutes=600 - number),
        text=text,
        body=text,
        language="en",
        kind=kind,
        fingerprint=0,
        story=StoryId(story) if story and kind is Kind.NEWS else None,
    )


POSTS = st.lists(
    st.tuples(
        st.sampled_from(["alpha", "beta", "gamma"]),
        st.integers(0, 5),
        st.sampled_from([Kind.NEWS, Kind.NEWS, Kind.NEWS, Kind.PROMO, Kind.CHATTER]),
        st.sampled_from([*QUAKE, *BANK, *OTHER_QUAKE, *NOISE, UPDATE, "", "🔥"]),
    ),
    max_size=25,
).map(lambda found: [a_stored(n, *fields) for n, fields in enumerate(found, 1)])


def up_to(made: Made) -> dict[StoryId, PostId]:
    return {story: memory.last for story, memory in made.told.items()}


def material(posts: Iterable[Post], known: dict[StoryId, PostId]) -> Material:
    stories: dict[StoryId, list[Post]] = {}
    for post in posts:
        if post.story is not None:
            stories.setdefault(post.story, []).append(post)
    return Material(
        posts=tuple(posts),
        stories={key: tuple(found) for key, found in stories.items()},
        told=known,
        articles={},
        stale=(),
        lists=(),
    )


@given(POSTS, st.dictionaries(st.integers(1, 5), st.integers(1, 25), max_size=4), st.integers(0, 6), st.booleans())
def test_every_post_is_told_or_left_out_and_what_was_told_stays_told(
    posts: list[Post], known: dict[int, int], minutes: int, repeat: bool
) -> None:
    memory = {StoryId(story): PostId(last) for story, last in known.items()}
    wish = Wish(since=NOW - DAY, until=NOW, minutes=minutes, repeat=repeat)
    made = compose_digest(material(posts, memory), wish, NOW)
    assert made.digest.posts == len(posts)
    assert adds_up(made.digest)
    assert set(made.told) == {key for story in made.digest.stories for key in (story.id, *story.joined)}
    given = material(posts, memory)
    ranking = rank_stories(given, wish, NOW)
    rules = [row[0] for row in explain.left(given, ranking, made.digest)]
    assert len(rules) == made.digest.left_out.total
    assert rules.count("known") == made.digest.left_out.known
    rows = list(explain.ranks(given, ranking, made.digest))
    assert [row for row in rows if len(row) != len(explain.RANKS)] == []
    assert sum(bool(row[0]) for row in rows) == len(made.told)
    again = compose_digest(material(posts, {**memory, **up_to(made)}), replace(wish, repeat=False), NOW)
    assert not set(made.told) & {story.id for story in again.digest.stories}
    for story in made.digest.stories:
        assert story.update is (not repeat and story.id in memory)
        assert all(sentence.sources for sentence in story.summary)


def test_a_few_stories_at_most_are_told_below_another_and_explained_by_its_place() -> None:
    posts = [
        a_stored(10 * story + n, channel, story, Kind.NEWS, QUAKE[n])
        for story in range(1, 8)
        for n, channel in ((0, "alpha"), (2, "beta"))
    ]
    given, wish = material(posts, {}), Wish(since=NOW - DAY, until=NOW)
    made = compose_digest(given, wish, NOW)
    assert [len(story.joined) for story in made.digest.stories] == [4, 1]
    places = [row[0] for row in explain.ranks(given, rank_stories(given, wish, NOW), made.digest)]
    assert sorted(places) == ["1"] * 5 + ["2"] * 2
    assert list(explain.left(given, rank_stories(given, wish, NOW), made.digest)) == []


MEMORIES = st.dictionaries(st.integers(1, 5).map(StoryId), st.integers(1, 25).map(PostId), max_size=4)
WISHED = st.sampled_from(("", "+quake -bank", "-quake +bank"))


@settings(max_examples=20)
@given(POSTS, st.lists(st.tuples(MEMORIES, WISHED), min_size=2, max_size=4))
def test_a_digest_is_the_same_whether_others_share_its_stories_or_not(
    posts: list[Post], readers: list[tuple[dict[StoryId, PostId], str]]
) -> None:
    wish = Wish(since=NOW - DAY, until=NOW)
    shared = share(material(posts, {}), NOW, Views("en"))
    for memory, words in readers:
        given = replace(material(posts, memory), taste=Taste(keywords=read_keywords(words)))
        assert compose_digest(given, wish, NOW, shared) == compose_digest(given, wish, NOW)


async def test_a_beginning_from_before_the_look_back_is_not_told(desk: Desk) -> None:
    old = told(1, "alpha", QUAKE[0], date=NOW - DAY - LOOK_BACK - timedelta(hours=1))
    await desk.publish(*QUAKE_POSTS[1:], old)
    posts = await desk.keys()
    async with desk.store.begin() as tx:
        await tx.stories.assign({posts[1].id: posts[2].story}, {})
    assert messages(await desk.digest()) == [{2, 3}]
