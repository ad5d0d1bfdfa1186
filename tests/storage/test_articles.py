"""Linked pages are read once and stored once."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.model import Article, ArticleId, PageVersion
from core.query import parse
from storage.articles import MOST_EDITS
from storage.store import Store
from tests.posts import MORNING, a_post


async def test_a_page_that_two_posts_link_is_wanted_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        posts = [a_post(n, f"Post {n}", articles=("https://a.example/1",)) for n in (1, 2)]
        added = await tx.posts.add(posts, channels, now)
        (wanted,) = await tx.articles.wanted(now, 10)
        page = Article(url="https://a.example/1", title="T", text="Body.", language="en")
        await tx.articles.store(wanted.id, page, now)
        assert await tx.articles.wanted(now, 10) == ()
        articles = await tx.articles.of_posts(added.changed)
    assert [articles[post][0].title for post in added.changed] == ["T", "T"]


async def test_a_page_that_a_post_links_only_since_its_edit_is_wanted_too(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1)], channels, now)
        edited = a_post(1, "Ministers met: more.", edited=True, articles=("https://a.example/1",))
        await tx.posts.add([edited], channels, now)
        assert [each.url for each in await tx.articles.wanted(now, 10)] == ["https://a.example/1"]


async def test_posts_have_the_pages_that_they_link_as_far_as_these_were_read(any_store: Store, now: datetime) -> None:
    read, other, unread = (f"https://a.example/{name}" for name in ("read", "other", "unread"))
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        posts = [a_post(number, articles=(url,)) for number, url in enumerate((read, other, unread), 1)]
        first, _, third = (await tx.posts.add(posts, channels, now)).changed
        wanted = {each.url: each.id for each in await tx.articles.wanted(now, 10)}
        for url in (read, other):
            await tx.articles.store(wanted[url], Article(url=url, title="T", text="Body.", language="en"), now)
        found = await tx.articles.of_posts([first, third])
        pages = [await tx.articles.page(after, 9) for after in (ArticleId(0), *sorted(wanted.values()))]
    assert {post: [each.url for each in articles] for post, articles in found.items()} == {first: [read]}
    assert [len(page) for page in pages] == [2, 1, 0, 0]


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
        first = await tx.articles.store(wanted["https://a.example/page"], page, now)
        second = await tx.articles.store(wanted["https://short.example/x"], page, now)
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
        page = Article(url="https://a.example/page", title=None, text="B.", language="en")
        await tx.articles.store(wanted.id, page, now)
        (article,) = (await tx.articles.of_posts(added.changed))[added.changed[0]]
    assert article.url == "https://a.example/page"


async def test_an_address_that_leads_to_a_page_is_as_good_as_its_own(any_store: Store, now: datetime) -> None:
    old, new, short = "https://a.example/old", "https://a.example/new", "https://short.example/x"
    ids = await linked(any_store, now, old, short)
    page = Article(url=new, title="T", text="Body.", language="en")
    async with any_store.begin() as tx:
        first = await tx.articles.store(ids[old], page, now)
        assert await tx.articles.store(ids[short], replace(page, url=old), now) == first
        assert await tx.articles.store(first, replace(page, url=old, text="Longer."), now) == first
        assert [article.url for _, article in await tx.articles.page(ArticleId(0), 9)] == [new]
        assert [former.text for former in (await tx.articles.former([first]))[first]] == ["Body."]
        found = await tx.articles.of_posts([post.id async for post in tx.posts.every()])
    assert [[each.text for each in some] for some in found.values()] == [["Longer."], ["Longer."]]


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


async def linked(store: Store, now: datetime, *urls: str) -> dict[str, ArticleId]:
    """A post for each address; gives the ids of the pages."""
    async with store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(n, articles=(url,)) for n, url in enumerate(urls, 1)], channels, now)
        return {each.url: each.id for each in await tx.articles.wanted(now, 1000)}


async def test_no_host_takes_more_than_its_share_and_those_in_use_none(any_store: Store, now: datetime) -> None:
    many = [f"https://many.example/{n}" for n in range(10, 30)]  # those of one batch are in the order of their names
    await linked(any_store, now, "https://a.example/1", *many, "https://z.example/1")
    async with any_store.read() as tx:
        found = await tx.articles.wanted(now, 10, each=3)
        assert [each.url[8:] for each in found] == [
            *("z.example/1", "many.example/29", "a.example/1", "many.example/28", "many.example/27")
        ]
        assert [each.host for each in found[:2]] == ["z.example", "many.example"]
        assert found[0].linked == MORNING + timedelta(minutes=22)
        but = await tx.articles.wanted(now, 10, each=3, but={"many.example", "z.example"})
        assert [each.host for each in but] == ["a.example"]


async def test_a_host_in_trouble_is_left_alone_and_then_asked_for_one_page(any_store: Store, now: datetime) -> None:
    await linked(any_store, now, *(f"https://a.example/{n}" for n in range(5)), "https://b.example/1")
    later = now + timedelta(minutes=10)
    async with any_store.begin() as tx:
        await tx.articles.host_failed("a.example", "did not answer in time", now, now)
        await tx.articles.host_failed("a.example", "did not answer in time", now, later)
        assert [each.host for each in await tx.articles.wanted(now, 10)] == ["b.example"]
        (of_a,) = (each for each in await tx.articles.wanted(later, 10) if each.host == "a.example")
        assert of_a.trouble is not None
        assert (of_a.trouble.failures, of_a.trouble.since) == (2, now)
        await tx.articles.host_answered("a.example")
        assert len(await tx.articles.wanted(now, 10)) == 6


async def test_the_pages_of_a_host_are_given_up_at_once(any_store: Store, now: datetime) -> None:
    await linked(any_store, now, "https://a.example/1", "https://a.example/2", "https://b.example/1")
    async with any_store.begin() as tx:
        await tx.articles.host_failed("a.example", "did not answer in time", now, now)
        await tx.articles.give_up("a.example", "it was away")
        assert [each.host for each in await tx.articles.wanted(now, 10)] == ["b.example"]


async def test_old_trouble_is_forgotten(any_store: Store, now: datetime) -> None:
    await linked(any_store, now, "https://a.example/1")
    async with any_store.begin() as tx:
        await tx.articles.host_failed("a.example", "did not answer in time", now, now)
        await tx.articles.host_failed("b.example", "did not answer in time", now + timedelta(days=8), now)
        (wanted,) = await tx.articles.wanted(now, 10)
    assert wanted.trouble is None


async def test_a_page_that_changed_replaces_what_was_read_and_the_former_is_kept(
    any_store: Store, now: datetime
) -> None:
    page = Article(url="https://a.example/1", title="Storm", text="The lighthouse fell.", language="en")
    hour = timedelta(hours=1)
    ids = await linked(any_store, now, page.url)
    async with any_store.begin() as tx:
        key = await tx.articles.store(ids[page.url], page, now, version=PageVersion(tag="1"), next_at=now + hour)
        assert await tx.articles.wanted(now, 9) == ()
        (again,) = await tx.articles.wanted(now + hour, 9)
        assert (again.length, again.checks, again.version) == (len(page.text), 0, PageVersion(tag="1"))
        for n in range(MOST_EDITS + 2):
            text = f"The beacon stands, version {n}."
            newer = Article(url=page.url, title="Storm", text=text, language="en")
            assert await tx.articles.store(key, newer, now + hour, next_at=now + 2 * hour) == key
        former = (await tx.articles.former([key]))[key]
        assert [each.text[-2] for each in former] == ["3", "2", "1"]
        [(number, kept)] = await tx.articles.page(ArticleId(0), 9)
        assert (number, kept.text) == (key, "The beacon stands, version 4.")
        (last,) = await tx.articles.wanted(now + 2 * hour, 9)
        assert last.checks == MOST_EDITS + 2
        await tx.articles.checked(key, None)
        assert await tx.articles.wanted(now + timedelta(days=99), 9) == ()
    async with any_store.read() as tx:
        for word, hits in (("lighthouse", 0), ("beacon", 1)):
            result = await tx.archive.search(parse(word, now, ZoneInfo("UTC")), now, limit=5)
            assert len(result.found) == hits


async def test_a_page_that_is_the_same_leaves_no_former_version(any_store: Store, now: datetime) -> None:
    page = Article(url="https://a.example/1", title="Storm", text="The lighthouse fell.", language="en")
    ids = await linked(any_store, now, page.url)
    async with any_store.begin() as tx:
        key = await tx.articles.store(ids[page.url], page, now)
        await tx.articles.store(key, page, now)
        assert await tx.articles.former([key]) == {}


async def test_a_page_that_claims_the_address_of_another_does_not_replace_it(any_store: Store, now: datetime) -> None:
    page = Article(url="https://a.example/1", title="Storm", text="The lighthouse fell.", language="en")
    ids = await linked(any_store, now, page.url, "https://a.example/liar")
    async with any_store.begin() as tx:
        key = await tx.articles.store(ids[page.url], page, now)
        liar = Article(url=page.url, title="Buy", text="Buy coins.", language="en")
        assert await tx.articles.store(ids["https://a.example/liar"], liar, now) == key
        found = await tx.articles.of_posts([post.id async for post in tx.posts.every()])
    assert list(found.values()) == [(page,), (page,)]


async def test_a_page_that_moves_to_a_known_address_takes_its_posts_and_other_names_along(
    any_store: Store, now: datetime
) -> None:
    old = Article(url="https://a.example/old", title="Storm", text="The lighthouse fell.", language="en")
    new = Article(url="https://a.example/new", title="Storm", text="The tower fell.", language="en")
    ids = await linked(any_store, now, "https://short.example/x", new.url)
    async with any_store.begin() as tx:
        moving = await tx.articles.store(ids["https://short.example/x"], old, now)
        stays = await tx.articles.store(ids[new.url], new, now)
        assert await tx.articles.store(moving, new, now) == stays
        channels = await tx.channels.ensure(["harbour_wire"])
        again = [a_post(9, articles=("https://short.example/x",)), a_post(10, articles=(old.url,))]
        await tx.posts.add(again, channels, now)
        found = await tx.articles.of_posts([post.id async for post in tx.posts.every()])
    assert list(found.values()) == [(new,)] * 4
