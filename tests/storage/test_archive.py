"""Search on both databases."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.model import Article, ChannelList, CleanPost, PostId
from core.query import parse
from storage.archive import Page
from storage.keys import NEWEST
from storage.search import _INDEXED, SearchIndex, Where, _within
from storage.store import Store, Transaction
from tests.posts import MORNING, a_post
from tests.storage.revisions import downgrade

POSTS: Sequence[CleanPost] = (
    a_post(1, "Евросоюз ввёл новые санкции против судов теневого флота.", language="ru", channel="vestnik"),
    a_post(2, "Brussels lists 40 more tankers; tariffs on steel stay.", channel="harbour_wire"),
    a_post(3, "Direct talks begin in Riyadh, without sanctions relief.", channel="harbour_wire"),
    a_post(4, "Talks on direct flights stall.", channel="city_desk"),
    a_post(5, "Погода: снег и ветер. О санкциях ни слова.", language="ru", channel="vestnik"),
)


@pytest.fixture
async def archive(any_store: Store, now: datetime) -> Store:
    async with any_store.begin() as tx:
        lists = [
            ChannelList(id="world", titles={"": "World"}, channels=("harbour_wire", "vestnik")),
            ChannelList(id="city", titles={"": "City"}, channels=("city_desk",)),
        ]
        await tx.channels.take_over(lists, {})
        channels = await tx.channels.ensure({post.post.channel for post in POSTS})
        await tx.posts.add(POSTS, channels, now)
    return any_store


async def search(store: Store, words: str, now: datetime, limit: int = 10, offset: int = 0) -> Page:
    async with store.read() as tx:
        return await tx.archive.search(parse(words, now, UTC), now, limit=limit, offset=offset)


PAGE_URL = "https://example.org/a"


async def _read_the_page(tx: Transaction, now: datetime, text: str, title: str = "") -> None:
    """The one page that posts link has been read."""
    (wanted,) = await tx.articles.wanted(now, 10)
    await tx.articles.store(wanted.id, Article(url=PAGE_URL, title=title, text=text, language="en"), now)


FOUND: Sequence[tuple[str, set[int]]] = (
    ("санкциями", {1, 5}),
    ("САНКЦИЯ", {1, 5}),
    ("ввел", {1}),
    ("tariff", {2}),
    ("sanction", {3}),
    ('"direct talks"', {3}),
    ("«новые санкции»", {1}),
    ("санкции -снег", {1}),
    ('talks -"direct talks"', {4}),
    ("санкции channel:vestnik", {1, 5}),
    ("talks channel:https://t.me/City_Desk", {4}),
    ("talks list:world", {3}),
    ("talks list:world channel:city_desk", set()),
    ("talks list:nowhere", set()),
    ("talks -channel:city_desk", {3}),
    ("talks -channel:@harbour_wire -канал:nobody", {4}),
    ("talks -list:World", {4}),
    ("talks list:world -channel:harbour_wire", set()),
    ("talks -list:world -channel:city_desk", set()),
    ("talks direct -channel:city_desk -direct", set()),
    ("санкции lang:ru", {1, 5}),
    ("санкции язык:en", set()),
    ("санкции since:2025-02-18T06:03", {5}),
    ("санкции until:2025-02-18T06:03", {1}),
    ("санкции since:2025-02-18T06:01 until:2025-02-18T06:05", {1}),
    ("'; DROP TABLE post; санкции", {1, 5}),
    ("OR 1 санкции NEAR(a b) words:* ^", {1, 5}),
    ("нетакогослова", set()),
    ('sanctions lang:en")OR("rain', set()),
    ("sanctions lang:e'n", set()),
    ("sanctions lang:e\\", set()),
    ('sanctions lang:"', {3}),
    ("sanctions lang:e\0 channel:\0x", set()),
    ("sanctions channel:\udcff lang:\udcff", set()),
    ("sanction since:0001-01-01 until:9999-12-31", {3}),
)


async def test_words_are_found_in_any_form_and_filtered(archive: Store, now: datetime) -> None:
    for words, found in FOUND:
        page = await search(archive, words, now)
        assert {each.post.message_id for each in page.found} == found, words


IN_OTHER_SCRIPTS = {
    1: "北京市政府今天公布了新的交通计划。",
    2: "東京タワーで火災、けが人なし",
    3: "กรุงเทพมหานครเปิดสะพานใหม่",
    4: "भारत सरकार ने दिल्ली में नया पुल खोला",
    5: "افتُتح جسرٌ جديد في القاهرة، قال محمّد",
    6: "Άνοιξε η νέα γέφυρα",
    7: "پل جدیدی در تهران گشایش یافت",
}


async def _with_other_scripts(store: Store, now: datetime) -> None:
    posts = [a_post(number, words, language="unknown") for number, words in IN_OTHER_SCRIPTS.items()]
    async with store.begin() as tx:
        await tx.posts.add(posts, await tx.channels.ensure(["harbour_wire"]), now)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("北京", {1}),
        ("交通计划", {1}),
        ("京", {1, 2}),
        ("計画", set()),
        ("京北", set()),
        ("京 -火災", {1}),
        ("タワー", {2}),
        ("กรุงเทพ", {3}),
        ("สะพานใหม่", {3}),
        ("दिल्ली", {4}),
        ("दिल", set()),
        ("पुलों", {4}),
        ("افتتح", {5}),
        ("محمد", {5}),
        ("الجسور جديدة", {5, 7}),
        ("γέφυρες νέες", {6}),
        ("جديدي", {5, 7}),  # Persian in Arabic letters
        ("东京消防厅今天发表了什么", {1}),  # a question without blanks: a day and a name
    ],
)
async def test_words_are_found_in_scripts_without_blanks_and_with_signs_for_vowels(
    any_store: Store, now: datetime, words: str, found: set[int]
) -> None:
    await _with_other_scripts(any_store, now)
    page = await search(any_store, words, now)
    assert {each.post.message_id for each in page.found} == found


async def test_a_line_that_lengthens_arabic_words_is_found_though_it_lengthens_none(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, "ــــــ عاجل ــــــ", language="ar")], channels, now)
    assert [each.post.message_id for each in (await search(any_store, "عاجل ــــــ", now)).found] == [1]


async def test_an_upgrade_indexes_what_is_stored_in_such_scripts_anew(own_database: str, now: datetime) -> None:
    store = await Store.open(own_database)
    await _with_other_scripts(store, now)
    async with store.begin() as tx:
        more = [
            a_post(9, "Talks in Riyadh"),
            a_post(10, "路透社Reuters报道，Trump在Truth Social上发文"),  # in English as well
            a_post(11, "#LondonBridge"),
            a_post(12, "Caнкции"),  # with Latin letters
            a_post(13, "Модель ИИ и люди"),
            a_post(14, "Мы и люди"),
        ]
        await tx.posts.add(more, await tx.channels.ensure(["harbour_wire"]), now)
        connection = tx._connection
        await downgrade(connection, "0021")
        await connection.execute(text("UPDATE post_words SET words = 'x'"))
    await store.close()
    store = await Store.open(own_database)
    queries = ("北京", "दिल्ली", "สะพาน", "路透社", "bridge", "санкции", "ИИ", "riyadh")
    assert [len((await search(store, words, now)).found) for words in queries] == [1, 1, 1, 1, 1, 1, 1, 0]
    await store.close()


async def test_posts_with_all_the_words_come_before_those_with_any(archive: Store, now: datetime) -> None:
    page = await search(archive, "direct talks riyadh", now)
    assert [each.post.message_id for each in page.found] == [3, 4]


async def test_more_of_the_words_count_for_more_than_a_later_day(any_store: Store, now: datetime) -> None:
    days_ago = {"Direct talks begin in Riyadh.": 1000, "Talks end in Riyadh.": 900, "Direct flights.": -45}
    posts = [
        a_post(number, words, date=now - timedelta(days=days))
        for number, (words, days) in enumerate(days_ago.items(), 1)
    ]
    async with any_store.begin() as tx:
        await tx.posts.add(posts, await tx.channels.ensure(["harbour_wire"]), now)
    found = (await search(any_store, "direct talks riyadh", now)).found
    assert [each.post.text for each in found] == list(days_ago)


async def test_a_word_in_a_post_counts_for_more_than_in_the_page_it_links(any_store: Store, now: datetime) -> None:
    linking = a_post(2, "Read this.", articles=(PAGE_URL,), date=now - timedelta(days=1))
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([linking, a_post(1, "Lighthouses.", date=now - timedelta(days=2))], channels, now)
        await _read_the_page(tx, now, "Lighthouses.")
    assert [each.post.message_id for each in (await search(any_store, "lighthouse", now)).found] == [1, 2]
    assert not (await search(any_store, "lighthouse -channel:harbour_wire", now)).found


async def test_only_what_filters_posts_makes_more_pages_be_looked_at(
    archive: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    newest = SearchIndex._newest

    async def noted(index: SearchIndex, *given: Any) -> list[list[int]]:
        asked.append((index._table, given[-1]))
        return await newest(index, *given)

    monkeypatch.setattr(SearchIndex, "_newest", noted)
    most = {}
    for words in ("talks", "talks -channel:nobody", "talks -channel:vestnik", "talks channel:vestnik"):
        await search(archive, words, now)
        most[words] = [number for table, number in asked if table == "article_words"]
        asked.clear()

    few, none, but, only = most.values()
    assert few == none
    assert but == only
    assert few < only


async def test_of_two_equal_posts_the_fresher_comes_first(any_store: Store, now: datetime) -> None:
    old = a_post(1, "Grain corridor reopens.", date=now - timedelta(days=90))
    new = a_post(2, "Grain corridor reopens.", date=now - timedelta(days=1))
    async with any_store.begin() as tx:
        await tx.posts.add([old, new], await tx.channels.ensure(["harbour_wire"]), now)
    assert [each.post.message_id for each in (await search(any_store, "grain", now)).found] == [2, 1]


async def test_a_tag_of_several_words_is_found_by_them_and_as_it_stands(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        post = a_post(1, "Ministers arrive for the #RiyadhTalks2025.")
        await tx.posts.add([post], await tx.channels.ensure(["harbour_wire"]), now)
    for words in ("riyadh talk", '"riyadh talks"', "riyadhtalks2025", "-snow ministers riyadh"):
        assert len((await search(any_store, words, now)).found) == 1


async def test_a_rare_words_old_post_is_found_among_many_with_a_common_one(any_store: Store, now: datetime) -> None:
    many = [a_post(n, f"Markets close higher, day {n}.") for n in range(1, 421)]
    old = a_post(999, "A zirconium mine opens.", date=now - timedelta(days=400))
    async with any_store.begin() as tx:
        await tx.posts.add([*many, old], await tx.channels.ensure(["harbour_wire"]), now)
    found = (await search(any_store, "markets zirconium", now)).found
    assert found[0].post.message_id == 999
    assert len(found) == 10


async def test_words_side_by_side_come_before_words_apart(any_store: Store, now: datetime) -> None:
    apart = a_post(2, "Steel prices fall while ministers discuss new import tariffs.")
    beside = a_post(1, "Ministers discuss import quotas while new steel tariffs fall.")
    async with any_store.begin() as tx:
        await tx.posts.add([apart, beside], await tx.channels.ensure(["harbour_wire"]), now)
    assert [each.post.message_id for each in (await search(any_store, "steel tariffs", now)).found] == [1, 2]


async def test_the_words_of_a_question_find_nothing_of_themselves(archive: Store, now: datetime) -> None:
    page = await search(archive, "What is on the agenda in Riyadh?", now)
    assert [each.post.message_id for each in page.found] == [3]
    assert [piece.text for piece in page.found[0].excerpt if piece.found] == ["Riyadh"]
    assert {each.post.message_id for each in (await search(archive, "кто о", now)).found} == {5}


async def test_what_many_say_alike_is_shown_once_and_counted(any_store: Store, now: datetime) -> None:
    reposts = [a_post(n, "The grain corridor reopens.", fingerprint=77) for n in range(1, 6)]
    others = [a_post(n, f"Grain, shipment {n}.", fingerprint=0) for n in (6, 7, 8)]
    async with any_store.begin() as tx:
        await tx.posts.add([*reposts, *others], await tx.channels.ensure(["harbour_wire"]), now)
    pages = [await search(any_store, "grain", now, limit=2, offset=offset) for offset in (0, 2)]
    found = [each for page in pages for each in page.found]
    assert {each.post.message_id: each.copies for each in found} == {5: 4, 6: 0, 7: 0, 8: 0}
    assert [page.more for page in pages] == [True, False]


@given(
    words=st.lists(st.sampled_from(["grain", "corridor", "the", "steel", "сталь"]), min_size=1, max_size=4),
    limit=st.integers(1, 5),
)
@settings(max_examples=8)
async def test_pages_are_the_pieces_of_one_answer(crowded: Store, now: datetime, words: list[str], limit: int) -> None:
    whole = await search(crowded, " ".join(words), now, limit=100)
    found: list[int] = []
    for offset in range(0, 100, limit):
        page = await search(crowded, " ".join(words), now, limit=limit, offset=offset)
        found += [each.post.id for each in page.found]
        if not page.more:
            break
    # the first pages need no posts with any words, so their copies can be fewer, never their order
    assert found == [each.post.id for each in whole.found]


@pytest.fixture
async def crowded(any_store: Store, now: datetime) -> Store:
    words = ["grain corridor", "grain and steel", "the corridor", "сталь", "steel, steel"]
    posts = [a_post(n, words[n % 5], fingerprint=n % 9) for n in range(1, 31)]
    async with any_store.begin() as tx:
        await tx.posts.add(posts, await tx.channels.ensure(["harbour_wire"]), now)
    return any_store


async def test_the_newest_hits_are_found_however_common_a_word_is(
    any_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search._SAMPLE", 40)
    has: dict[str, Callable[[int], bool]] = {
        "always": lambda n: True,
        "second": lambda n: n % 2 == 0,
        "other": lambda n: n % 2 == 1,
        "seventh": lambda n: n % 7 == 0,
        "early": lambda n: n < 50,
        "late": lambda n: n > 270,
        "fiftieth": lambda n: n % 50 == 0,
        "never": lambda n: False,
    }
    channels = ("harbour_wire", "vestnik")
    posts = [
        a_post(n, " ".join(name for name, holds in has.items() if holds(n)), channel=channels[n % 4 == 0])
        for n in range(1, 301)
    ]
    async with any_store.begin() as tx:
        numbers = await tx.channels.ensure(channels)
        await tx.posts.add(posts, numbers, now)
    async with any_store.read() as tx:
        index = SearchIndex(tx._connection, "post_words")
        ids = {post.id: post.message_id async for post in tx.posts.every()}
        at = {number: key for key, number in ids.items()}
        for word, holds in has.items():
            query, hits = parse(word, now, UTC), [n for n in range(300, 0, -1) if holds(n)]
            keys = await index.with_all(query, Where(), 0, NEWEST, 30)
            assert [ids[PostId(key)] for key in keys] == hits[:30], word
            within = [n for n in hits if 10 <= n <= 290]
            keys = await index.with_all(query, Where(only=[numbers["vestnik"]]), at[10], at[290], 30)
            assert [ids[PostId(key)] for key in keys] == [n for n in within if n % 4 == 0][:30], word
            keys = await index.with_all(query, Where(but=[numbers["vestnik"]]), at[10], at[290], 30)
            assert [ids[PostId(key)] for key in keys] == [n for n in within if n % 4][:30], word
        keys, _ = await index.with_any(parse("other second seventh", now, UTC), Where(), 0, NEWEST, 30)
        newest = [[n for n in range(300, 0, -1) if has[word](n)][:30] for word in ("other", "second", "seventh")]
        assert {ids[PostId(key)] for key in keys} == {n for each in newest for n in each}


async def test_where_a_word_stands_is_not_looked_for_among_the_keys_of_all_posts(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    try:
        async with store.read() as tx:
            await tx._connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            explained = text("EXPLAIN " + _INDEXED.format(table="post_words", marked="", within=_within(0, NEWEST)))
            plan = (await tx._connection.scalars(explained, {"matches": ["word"], "most": 400})).all()
    finally:
        await store.close()
    assert "ix_post_words_words" in str(plan)
    assert "pkey" not in str(plan)


async def test_pages_lose_nothing_and_repeat_nothing(archive: Store, now: datetime) -> None:
    pages = [await search(archive, "talks санкции", now, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [page.more for page in pages] == [True, False, False]
    assert [len(page.found) for page in pages] == [2, 2, 0]
    assert len({each.post.id for page in pages for each in page.found}) == 4


async def test_the_excerpt_marks_what_was_sought(archive: Store, now: datetime) -> None:
    (first, *_) = (await search(archive, "санкциями флот", now)).found
    assert [piece.text for piece in first.excerpt if piece.found] == ["санкции", "флота"]


async def test_an_edit_changes_what_is_found_and_a_deletion_ends_it(archive: Store, now: datetime) -> None:
    async with archive.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        edited = a_post(2, "Brussels lists 40 more freighters.", channel="harbour_wire", edited=True)
        await tx.posts.add([edited], channels, now)
        await tx.posts.mark_deleted(channels["harbour_wire"], [3], now)
    assert not (await search(archive, "tankers", now)).found
    assert [each.post.message_id for each in (await search(archive, "freighter", now)).found] == [2]
    assert not (await search(archive, "riyadh", now)).found


async def test_a_post_is_found_by_the_words_of_the_page_it_links(archive: Store, now: datetime) -> None:
    linked = a_post(6, "Read this.", channel="city_desk", articles=(PAGE_URL,))
    async with archive.begin() as tx:
        await tx.posts.add([linked], await tx.channels.ensure(["city_desk"]), now)
        await _read_the_page(tx, now, "The lighthouse keeper retires.", title="Ports")
    (found,) = (await search(archive, "lighthouses", now)).found
    assert (found.post.message_id, found.article) == (6, "Ports")
    assert any(piece.found for piece in found.excerpt)
    assert not (await search(archive, "lighthouses list:world", now)).found
    assert not (await search(archive, f"lighthouses until:{MORNING.date()}", now)).found


async def test_the_place_of_a_linked_page_is_shown_where_the_post_has_the_letters_of_a_word_but_not_the_word(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(1, "京都和北海道的新闻", language="zh", articles=(PAGE_URL,))], channels, now)
        await _read_the_page(tx, now, "北京市公布了计划。", title="交通")
    (found,) = (await search(any_store, "北京", now)).found
    assert found.article == "交通"
    assert [piece.text for piece in found.excerpt if piece.found] == ["北京"]


async def test_a_page_is_found_by_a_post_that_is_there_where_the_first_to_link_it_is_deleted(
    any_store: Store, now: datetime
) -> None:
    async with any_store.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(number, "Read this.", articles=(PAGE_URL,)) for number in (1, 2)], channels, now)
        await _read_the_page(tx, now, "Lighthouses.")
        await tx.posts.mark_deleted(channels["harbour_wire"], [1], now)
    assert [each.post.message_id for each in (await search(any_store, "lighthouse", now)).found] == [2]
