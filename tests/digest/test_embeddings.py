"""With an embedding model, posts of one event join across alphabets; whatever its service does, posts find stories."""

import logging
from array import array
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.model import Kind
from digest.stories import meaning
from digest.stories.embedding import KEPT, REST
from digest.stories.embedding_model import WIDEST, open_embedder, read_vectors
from digest.stories.foreign import Foreign, Side
from digest.stories.meaning import LEAST_KNOWN, Meanings
from digest.stories.service import StoryService
from digest.stories.word_weights import Packed, Said
from storage.store import Store
from tests.digest.events import FIRE
from tests.digest.story_tables import SOME, add, is_sound, kept, of_events, other_matters, stream, told
from tests.moments import Moment
from tests.posts import MORNING
from tests.servers.llm import LlmFault, LlmService, by_events, meaning_of

STRIKE = ["Забастовка водителей остановила трамваи в Заречье", "Tramway strike: drivers halt all lines"]


@asynccontextmanager
async def opened(
    server: LlmService, store: Store, clock: Moment, *, patience: float = 60, key: str = "key"
) -> AsyncIterator[StoryService]:
    async with open_embedder("small", base_url=server.url, api_key=key, patience=patience) as embedder:
        yield StoryService(store, clock, embedder)


@pytest.fixture
async def server() -> AsyncIterator[LlmService]:
    async with LlmService() as running:
        yield running


async def test_posts_of_one_event_in_two_languages_join_and_those_of_two_do_not(
    any_store: Store, now: datetime, server: LlmService
) -> None:
    await add(any_store, [*other_matters(), *stream(*FIRE, *STRIKE)], now)
    async with opened(server, any_store, Moment(now)) as it:
        await it.settle()
        assert await of_events(any_store) == {frozenset({1, 2, 3, 4}), frozenset({5, 6})}
        await add(any_store, [told(90, "Birdwatchers met on a hill")], now)
        await it.settle()
    assert {frozenset({1, 2, 3, 4}), frozenset({5, 6})} <= await of_events(any_store), "nothing splits again"
    assert await is_sound(any_store)
    assert {question.key for question in server.embedded} == {"Bearer key"}


async def test_without_a_model_only_words_join(store: Store, now: datetime) -> None:
    await add(store, [*other_matters(), *stream(*FIRE, *STRIKE)], now)
    await StoryService(store, Moment(now)).settle()
    assert await of_events(store) == {frozenset({1, 2}), frozenset({3, 4}), frozenset({5}), frozenset({6})}


async def test_stories_that_grew_apart_while_the_service_was_away_merge_once_it_is_back(
    store: Store, now: datetime, server: LlmService
) -> None:
    clock = Moment(now)
    server.faults = [LlmFault(status=500)] * 2
    await add(store, stream(*FIRE), now)
    async with opened(server, store, clock) as it:
        await it.settle()
        assert await of_events(store) == {frozenset({1, 2}), frozenset({3, 4})}
        clock.passes(minutes=2)
        more = [
            told(number + 10, f"{text} Подробности" if number > 1 else f"{text} Details")
            for number, text in enumerate(FIRE)
        ]
        await add(store, [*other_matters(), *more], clock())
        await it.settle()
    assert len(await of_events(store)) == 1


async def test_posts_of_an_hour_join_once_it_is_known_how_like_any_two_are(
    store: Store, now: datetime, server: LlmService
) -> None:
    async with opened(server, store, Moment(now)) as it:
        await add(store, [told(1, FIRE[0]), told(2, FIRE[2])], now)
        await it.settle()
        assert await of_events(store) == {frozenset({1}), frozenset({2})}
        others = [told(SOME + place, post.body, date=MORNING) for place, post in enumerate(other_matters())]
        await add(store, others, now)
        await it.settle()
    assert await of_events(store) == {frozenset({1, 2})}


@pytest.mark.parametrize("number", [0, 1])
async def test_numbers_that_differ_keep_apart_what_means_the_same(
    store: Store, now: datetime, server: LlmService, number: int
) -> None:
    fires = [
        "A warehouse fire in Osterby: 12 hurt, 340 left without homes",
        "В порту горел склад: 57 раненых, 918 без крова",
    ]
    await add(store, [*other_matters(), *stream(*(fires[number:] + fires[:number]))], now)
    async with opened(server, store, Moment(now)) as it:
        await it.settle()
    assert await of_events(store) == {frozenset({1}), frozenset({2})}


def spoilt(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Sequence[str]], object]:
    return lambda texts: change(by_events(texts))


def with_vector(vector: object) -> Callable[[Sequence[str]], object]:
    """The same for every text of a known event."""
    return spoilt(lambda data: [{**item, "embedding": vector} for item in data])


@pytest.mark.parametrize(
    "fault",
    [
        LlmFault(status=429),
        LlmFault(status=500),
        LlmFault(status=400),
        LlmFault(drop=True),
        LlmFault(hang=True),
        LlmFault(raw=b"<html>"),
        LlmFault(raw=b"[" * 100_000),
        LlmFault(raw=b'{"data": {"embedding": 7}}'),
        LlmFault(raw=b'["data"]'),
        LlmFault(raw=b" " * 17_000_000),
    ],
    ids=["429", "500", "400", "cut", "hang", "html", "deep", "no list", "no object", "endless"],
)
async def test_a_service_that_fails_leaves_the_stories_to_the_words(
    store: Store, now: datetime, server: LlmService, fault: LlmFault, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults = [fault] * 10
    await add(store, [*other_matters(70), *stream(*FIRE)], now)
    async with opened(server, store, Moment(now), patience=0.3 if fault.hang else 60) as it:
        await it.settle()
    assert await of_events(store) == {frozenset({1, 2}), frozenset({3, 4})}
    assert caplog.text.count("stories go by the words alone") == 1
    assert len(server.embedded) <= 2, "one question with its repeat, and then a rest"


async def test_a_key_that_cannot_be_sent_leaves_the_stories_to_the_words(
    store: Store, now: datetime, server: LlmService, caplog: pytest.LogCaptureFixture
) -> None:
    await add(store, [*other_matters(3), *stream(*FIRE)], now)
    async with opened(server, store, Moment(now), key="sk–with-a-dash") as it:
        assert await it.settle() == 7
    assert await of_events(store) == {frozenset({1, 2}), frozenset({3, 4})}
    assert "COURANT_LLM_API_KEY has letters that no key has: copy it anew" in caplog.text


@pytest.mark.parametrize(
    "vectors",
    [
        with_vector([float("nan")] * 64),
        with_vector([float("inf")] * 64),
        with_vector([0.0] * 64),
        with_vector([1e300] * 63 + [1e308]),
        with_vector([10**400] * 64),
        with_vector(["1"] * 64),
        with_vector([True] * 64),
        with_vector([0.1] * (WIDEST + 1)),
        with_vector([]),
        with_vector(None),
        with_vector("AAAA"),
        spoilt(lambda data: []),
        spoilt(lambda data: [None, 7, *map(str, data)]),
        spoilt(lambda data: [{**item, "index": item["index"] + len(data)} for item in data]),
        spoilt(lambda data: [{**item, "index": True} for item in data]),
    ],
)
async def test_what_is_no_vector_is_none(
    store: Store,
    now: datetime,
    server: LlmService,
    vectors: Callable[[Sequence[str]], object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.vectors = vectors
    await add(store, stream(*FIRE), now)
    async with opened(server, store, Moment(now)) as it:
        await it.settle()
    assert await of_events(store) == {frozenset({1, 2}), frozenset({3, 4})}
    async with store.read() as tx:
        assert await tx.embeddings.find("small", [post.id for post in (await kept(store)).values()]) == []
    assert caplog.text.count("stories go by the words alone") == 1


async def test_a_missing_vector_and_one_of_another_width_cost_only_their_posts(
    store: Store, now: datetime, server: LlmService
) -> None:
    def some(texts: Sequence[str]) -> object:
        data = by_events(texts)
        data[1]["embedding"] = data[1]["embedding"][:10]
        return [item for item in data if item["index"] != 3]

    server.vectors = some
    await add(store, stream(*FIRE), now)
    async with opened(server, store, Moment(now)) as it:
        await it.settle()
    numbers = {post.id: number for number, post in (await kept(store)).items()}
    async with store.read() as tx:
        assert {numbers[each.post] for each in await tx.embeddings.find("small", list(numbers))} == {1, 3}


async def test_a_restart_asks_nothing_again_and_goes_on(any_store: Store, now: datetime, server: LlmService) -> None:
    await add(any_store, [*other_matters(), *stream(*FIRE[:2])], now)
    async with opened(server, any_store, Moment(now)) as it:
        await it.settle()
    server.embedded.clear()
    await add(any_store, [told(3, FIRE[2])], now)
    async with opened(server, any_store, Moment(now)) as it:
        await it.settle()
    assert await of_events(any_store) == {frozenset({1, 2, 3})}
    assert [question.body["input"] for question in server.embedded] == [[FIRE[2]]]


async def test_an_edited_post_is_asked_about_again_and_a_deleted_one_is_forgotten(
    store: Store, now: datetime, server: LlmService
) -> None:
    await add(store, [*other_matters(), *stream(*FIRE)], now)
    async with opened(server, store, Moment(now)) as it:
        await it.settle()
        assert await of_events(store) == {frozenset({1, 2, 3, 4})}
        server.embedded.clear()
        await add(store, [told(3, STRIKE[0], edited=True), told(4, "Реклама", edited=True, kind=Kind.PROMO)], now)
        await it.settle()
        assert await of_events(store) == {frozenset({1, 2}), frozenset({3})}
        await add(store, [told(5, STRIKE[1])], now)
        await it.settle()
    assert await of_events(store) == {frozenset({1, 2}), frozenset({3, 5})}
    assert [question.body["input"] for question in server.embedded] == [[STRIKE[0]], [STRIKE[1]]]


async def test_after_a_failure_the_service_rests_and_is_told_to_be_back(
    store: Store, now: datetime, server: LlmService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = Moment(now)
    server.faults = [LlmFault(status=500)] * 2
    async with opened(server, store, clock) as it:
        for number, wait in enumerate((timedelta(0), REST / 2, REST)):
            clock.passes(seconds=wait.total_seconds())
            await add(store, [told(number, FIRE[number])], clock())
            await it.settle()
    assert len(server.embedded) == 3
    assert "embeddings are back; 2 posts went without" in caplog.text


async def test_the_service_is_asked_again_where_the_clock_was_set_back(
    store: Store, now: datetime, server: LlmService
) -> None:
    clock = Moment(now)
    server.faults = [LlmFault(status=500)] * 2
    async with opened(server, store, clock) as it:
        for number, hours in enumerate((0, -3)):
            clock.passes(seconds=hours * 3600)
            await add(store, [told(number, FIRE[number])], clock())
            await it.settle()
    assert server.embedded[-1].body["input"] == [FIRE[1]]


async def test_posts_of_long_ago_are_not_asked_about_and_old_vectors_are_forgotten(
    any_store: Store, now: datetime, server: LlmService
) -> None:
    clock = Moment(now)
    await add(any_store, [told(1, FIRE[0]), told(2, FIRE[2], date=now - timedelta(days=4))], now)
    async with opened(server, any_store, clock) as it:
        await it.settle()
        assert [question.body["input"] for question in server.embedded] == [[FIRE[0]]]
        clock.passes(seconds=KEPT.total_seconds() + 1)
        await add(any_store, [told(3, FIRE[1], date=clock())], clock())
        await it.settle()
    posts = await kept(any_store)
    async with any_store.read() as tx:
        found = await tx.embeddings.find("small", [post.id for post in posts.values()])
    assert [each.post for each in found] == [posts[3].id]


async def test_the_vectors_of_another_model_are_not_taken(any_store: Store, now: datetime, server: LlmService) -> None:
    await add(any_store, [told(1, FIRE[0])], now)
    async with opened(server, any_store, Moment(now)) as it:
        await it.settle()
    posts = [post.id for post in (await kept(any_store)).values()]
    async with any_store.read() as tx:
        assert [len(await tx.embeddings.find(model, posts)) for model in ("small", "other")] == [1, 0]


def vector_of(text: str) -> bytes:
    (vector,) = read_vectors(b'{"data":[{"index":0,"embedding":%s}]}' % str(meaning_of(text)).encode(), 1)
    return vector or b""


def side(foreign: Foreign, tongue: str, numbers: tuple[int, ...], vector: bytes, names: tuple[str, ...] = ()) -> Side:
    nothing = (b"",) * 8
    packed = Packed(tongue == "ru", tongue, 0, *nothing)
    return foreign.of(packed._replace(numbers=array("i", numbers).tobytes()), names, vector)


def known(foreign: Foreign, text: str, *, tongue: str = "en", names: tuple[str, ...] = ()) -> Side:
    found = side(foreign, tongue, (), vector_of(text), names)
    assert found.meaning is not None
    return found


def with_others(number: int) -> Foreign:
    foreign = Foreign(lambda _: Said({}, {}), Meanings())
    for story in range(number):
        foreign.join(known(foreign, f"matter {story}"), story)
    return foreign


def test_likeness_says_nothing_before_it_is_known_how_like_any_two_posts_are() -> None:
    for number, says in ((LEAST_KNOWN - 2, False), (LEAST_KNOWN, True)):
        foreign = with_others(number)
        foreign.join(known(foreign, FIRE[0]), 1000)
        post = known(foreign, FIRE[2], tongue="ru")
        assert (foreign.weigh(-4.0, post, foreign.whole(1000)) > 0) is says
        assert foreign.near(post)[:1] == ([1000] if says else [])


def test_it_adds_nothing_in_one_language_nor_to_another_event_or_other_numbers() -> None:
    foreign = with_others(30)
    fire = side(foreign, "en", (7, 8), vector_of(FIRE[0]))
    same, other = (side(foreign, "ru", numbers, vector_of(FIRE[2])) for numbers in ((7, 8), (1, 2)))
    assert foreign.weigh(-4.0, known(foreign, FIRE[1]), fire) == -4.0
    assert foreign.weigh(-4.0, same, fire) > 3
    assert foreign.weigh(9.0, same, fire) == 9.0, "it takes nothing from what the words say"
    assert foreign.weigh(-4.0, other, fire) == -4.0
    assert foreign.weigh(-4.0, known(foreign, STRIKE[0], tongue="ru"), fire) == -4.0
    assert foreign.weigh(-4.0, same, foreign.whole(7777)) == -4.0
    assert side(foreign, "ru", (), b"").meaning is None
    assert side(foreign, "ru", (), b"1234").meaning is None


def test_a_name_that_few_posts_have_says_more_than_one_that_many_have() -> None:
    foreign = with_others(30)
    for story in range(100, 120):
        foreign.join(known(foreign, f"matter {story}", names=("mskv",)), story)
    foreign.join(known(foreign, FIRE[0], names=("astrb", "mskv")), 1000)
    fire = foreign.whole(1000)

    def odds(*names: str) -> float:
        return foreign.weigh(-4.0, known(foreign, FIRE[2], tongue="ru", names=names), fire)

    assert odds("other") == odds() < odds("mskv") < odds("astrb") < odds("mskv", "astrb")


def test_what_leaves_leaves_nothing_behind() -> None:
    foreign = with_others(30)
    for text in FIRE[:2]:
        foreign.join(known(foreign, text), 1000)
    stranger = known(foreign, FIRE[3], tongue="ru")
    before = foreign.weigh(-4.0, stranger, foreign.whole(5))
    foreign.leave(known(foreign, FIRE[0]), 1000)
    assert foreign.near(stranger)[0] == 1000
    foreign.leave(known(foreign, FIRE[1]), 1000)
    foreign.drop(1000)
    assert 1000 not in foreign.near(stranger)
    assert foreign.weigh(-4.0, stranger, foreign.whole(5)) == before


def test_a_story_whose_last_vector_leaves_means_nothing_any_more() -> None:
    foreign = with_others(30)
    foreign.join(known(foreign, FIRE[0]), 1000)
    foreign.join(side(foreign, "en", (), b""), 1000)
    foreign.leave(known(foreign, FIRE[0]), 1000)
    assert foreign.whole(1000).meaning is None
    assert 1000 not in foreign.near(known(foreign, FIRE[2], tongue="ru"))


def test_only_the_stories_of_late_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "MOST_STORIES", 25)
    foreign = with_others(24)
    foreign.join(known(foreign, FIRE[0]), 1000)
    stranger = known(foreign, FIRE[2], tongue="ru")
    for story in range(100, 124):
        foreign.join(known(foreign, f"matter {story}"), story)
        assert foreign.near(stranger)[0] == 1000
    foreign.join(known(foreign, FIRE[0]), 2000)
    foreign.drop(1000)
    foreign.drop(2000)
    assert {1000, 2000}.isdisjoint(foreign.near(stranger))
