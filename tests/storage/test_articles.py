"""Linked pages are read once and stored once."""

from datetime import datetime, timedelta

from core.model import Article
from storage.store import Store
from tests.posts import a_post


async def test_a_page_that_two_posts_link_is_wanted_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        posts = [a_post(n, f"Post {n}", articles=("https://a.example/1",)) for n in (1, 2)]
        added = await tx.posts.add(posts, channels, now)
        (wanted,) = await tx.articles.wanted(now, 10)
        await tx.articles.store(wanted.id, Article(url="https://a.example/1", title="T", text="Body.", language="en"))
        assert await tx.articles.wanted(now, 10) == ()
        articles = await tx.articles.of_posts(added.changed)
    assert [articles[post][0].title for post in added.changed] == ["T", "T"]


async def test_two_addresses_of_one_page_become_one_article(any_store: Store, now: datetime) -> None:
    page = Article(url="https://a.example/page", title="T", text="Body.", language="en")
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        posts = [
            a_post(1, articles=("https://a.example/page",)),
            a_post(2, articles=("https://short.example/x",)),
        ]
        added = await tx.posts.add(posts, channels, now)
        wanted = {each.url: each.id for each in await tx.articles.wanted(now, 10)}
        first = await tx.articles.store(wanted["https://a.example/page"], page)
        second = await tx.articles.store(wanted["https://short.example/x"], page)
        later = await tx.posts.add([a_post(3, articles=("https://short.example/x",))], channels, now)
        articles = await tx.articles.of_posts([*added.changed, *later.changed])
    assert first == second
    assert [len(found) for found in articles.values()] == [1, 1, 1]


async def test_a_page_known_only_by_its_other_address_moves_to_the_canonical_one(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        added = await tx.posts.add([a_post(1, articles=("https://short.example/x",))], channels, now)
        (wanted,) = await tx.articles.wanted(now, 10)
        await tx.articles.store(wanted.id, Article(url="https://a.example/page", title=None, text="B.", language="en"))
        (article,) = (await tx.articles.of_posts(added.changed))[added.changed[0]]
    assert article.url == "https://a.example/page"


async def test_a_page_that_failed_is_tried_later_or_never(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, articles=("https://a.example/1",))], channels, now)
        (wanted,) = await tx.articles.wanted(now, 10)
        await tx.articles.failed(wanted.id, "no answer", now + timedelta(hours=1))
        assert await tx.articles.wanted(now, 10) == ()
        (again,) = await tx.articles.wanted(now + timedelta(hours=1), 10)
        assert again.attempts == 1
        await tx.articles.failed(wanted.id, "gone", None)
        assert await tx.articles.wanted(now + timedelta(days=9), 10) == ()
