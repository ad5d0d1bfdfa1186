"""A reader's digest, from the tables to what is to be sent and remembered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.model import Article, Kind, Source, StoryId
from digest.build import LOOK_BACK, STALE_AFTER, Wish, compose_digest, gather, share
from digest.corrections import put_right
from digest.model import CitedSentence
from digest.render.common import heading
from digest.summaries.summarize import summarize
from digest.telling import Views
from tests.digest.desk import DAY, QUAKE_LATER, QUAKE_POSTS, Desk, adds_up, messages, told, up_to
from tests.digest.events import BANK, NOISE, OTHER_QUAKE, QUAKE
from tests.digest.story_tables import kept
from tests.moments import NOW


async def test_a_story_says_from_which_of_several_lists_it_is(desk: Desk) -> None:
    await desk.publish(*QUAKE_POSTS)
    (told_of_two,) = (await desk.digest()).stories
    (told_of_one,) = (await desk.digest(lists=("world",))).stories
    assert "from your list World" in told_of_two.why
    assert not any("list" in why for why in told_of_one.why)


async def test_a_digest_tells_the_stories_of_its_window_best_first(any_desk: Desk) -> None:
    await any_desk.publish(told(9, "delta", NOISE[1]), *QUAKE_POSTS)
    made = await any_desk.make()
    digest = made.digest
    assert messages(digest) == [{1, 2, 3}, {9}]
    assert (digest.posts, digest.channels, digest.title) == (4, 4, "World, City")
    assert [post.channel for post in digest.stories[0].posts] == ["alpha", "beta", "gamma"]
    assert "3" in digest.stories[0].why[0]
    posts = await kept(any_desk.store)
    assert up_to(made) == {StoryId(int(posts[1].id)): posts[3].id, StoryId(int(posts[9].id)): posts[9].id}


async def test_a_window_takes_its_beginning_and_leaves_its_end(any_desk: Desk) -> None:
    dates = [NOW - DAY - timedelta(seconds=1), NOW - DAY, NOW - timedelta(seconds=1), NOW]
    await any_desk.publish(*(told(n, "delta", NOISE[n], date=date) for n, date in enumerate(dates)))
    assert sorted(n for story in messages(await any_desk.digest()) for n in story) == [1, 2]


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
    posts = await kept(desk.store)
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


async def test_a_digest_of_one_channel_alone_bears_its_title(desk: Desk) -> None:
    await desk.publish(told(9, "other", BANK[0]), told(8, "alpha", QUAKE[0]))
    assert heading(await desk.digest(lists=(), channels=("OTHER",))).startswith("other · ")
    assert heading(await desk.digest(lists=("world",), channels=("other",))).startswith("World · ")
    for channels in (("other", "alpha"), ("silent",)):
        assert heading(await desk.digest(lists=(), channels=channels)).startswith("Your digest · ")


async def test_the_beginning_of_a_story_before_the_window_is_told_with_it(any_desk: Desk) -> None:
    early = told(1, "alpha", QUAKE[0], date=NOW - timedelta(hours=30))
    await any_desk.publish(early, *QUAKE_POSTS[1:])
    assert messages(await any_desk.digest()) == [{1, 2, 3}]
    assert messages(await any_desk.digest(hours=1)) == []


async def test_what_is_left_out_is_counted_by_its_reason(any_desk: Desk) -> None:
    await any_desk.publish(
        *QUAKE_POSTS,
        told(11, "delta", "Buy now", kind=Kind.PROMO),
        told(12, "delta", "Our new channel", kind=Kind.ANNOUNCE),
        told(13, "alpha", "Good morning", kind=Kind.CHATTER),
        told(14, "alpha", "pinned", kind=Kind.SERVICE),
        told(15, "other", BANK[0]),
    )
    digest = await any_desk.digest()
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


async def test_a_channel_that_cannot_be_read_is_named(any_desk: Desk) -> None:
    await read(any_desk, "alpha", Source.WEB, NOW - DAY)
    for name, times in (("alpha", STALE_AFTER), ("beta", STALE_AFTER - 1), ("gamma", STALE_AFTER), ("delta", 9)):
        await fail(any_desk, name, times=times)
    digest = await any_desk.digest(lists=("world",))
    assert [(each.channel, each.since) for each in digest.stale] == [("alpha", NOW - DAY), ("gamma", None)]


async def test_a_channel_that_another_source_reads_is_not_stale(desk: Desk) -> None:
    await read(desk, "alpha", Source.WEB, NOW - DAY)
    await read(desk, "alpha", Source.ACCOUNT, NOW)
    await fail(desk, "alpha")
    assert (await desk.digest()).stale == ()
    await fail(desk, "alpha", Source.ACCOUNT)
    assert [(each.channel, each.since) for each in (await desk.digest()).stale] == [("alpha", NOW)]
    await read(desk, "alpha", Source.WEB, NOW + DAY)
    assert (await desk.digest()).stale == ()


class Noting:
    """Sums up, and notes what it was given."""

    def __init__(self) -> None:
        self.contexts: list[Sequence[str]] = []

    def __call__(self, texts: Sequence[str], *given: Any, **named: Any) -> tuple[CitedSentence, ...]:
        self.contexts.append(named["context"])
        return summarize(texts, *given, **named)


async def test_linked_articles_weigh_and_are_never_quoted(any_desk: Desk) -> None:
    page = "https://harbour.example/quake"
    posts = [told(n, post.post.channel, post.body, articles=(page,)) for n, post in enumerate(QUAKE_POSTS, 1)]
    await any_desk.publish(*posts, told(9, "delta", NOISE[1]))
    async with any_desk.store.begin() as tx:
        (wanted,) = await tx.articles.wanted(NOW, 9)
        await tx.articles.store(wanted.id, Article(url=page, title="Quake", text="The mole of Osterby sank."), NOW)
    noting = Noting()
    wish = Wish(since=NOW - DAY, until=NOW, lists=("world", "city"))
    material = await gather(any_desk.store, wish)
    digest = compose_digest(material, wish, NOW, share(material, NOW, Views(wish.language, noting))).digest
    assert noting.contexts == [("The mole of Osterby sank.",), ()]
    assert "mole" not in str(digest.stories)


async def test_words_and_hours_are_the_readers_own(desk: Desk) -> None:
    reader = await desk.reader(language="ru", zone="Asia/Tokyo", minutes=3)
    await desk.publish(*QUAKE_POSTS)
    digest = await desk.digest(reader=reader)
    assert (digest.language, digest.title, digest.zone.key) == ("ru", "Мир", "Asia/Tokyo")
    assert "канал" in digest.stories[0].why[0]


async def test_a_zone_that_there_is_not_is_utc(desk: Desk) -> None:
    await desk.publish(*QUAKE_POSTS)
    for zone in (
        "Mars/Olympus",
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "a" * 5000,
        "Europe",
        "UTC\0",
        "Еuropе/Riga",
        "\ud800",
    ):
        digest = await desk.digest(zone=zone)
        assert (digest.zone.key, len(digest.stories)) == ("UTC", 1), zone[:20]


async def test_the_same_tables_give_the_same_digest(any_desk: Desk) -> None:
    texts = [*QUAKE, *BANK, *OTHER_QUAKE, *NOISE]
    await any_desk.publish(*(told(n, ("alpha", "beta", "gamma", "delta")[n % 4], text) for n, text in enumerate(texts)))
    one, other = await any_desk.make(), await any_desk.make()
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


async def test_a_beginning_from_before_the_look_back_is_not_told(desk: Desk) -> None:
    old = told(1, "alpha", QUAKE[0], date=NOW - DAY - LOOK_BACK - timedelta(hours=1))
    await desk.publish(*QUAKE_POSTS[1:], old)
    posts = await kept(desk.store)
    async with desk.store.begin() as tx:
        await tx.stories.assign({posts[1].id: posts[2].story}, {})
    assert messages(await desk.digest()) == [{2, 3}]
