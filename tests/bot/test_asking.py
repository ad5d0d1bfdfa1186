"""A digest now, and the search: what is asked for is brought."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.digests import DAY, Desk
from bot.looks import Looks
from bot.naming import Target, nearest
from bot.windows import Window
from core.errors import StorageUnavailable
from core.model import FactCheck, Keyword, Memory, Post, Reader, ReaderId, StoryId
from digest.build import Made, Wish, known_of, make_digests
from digest.summaries.written import Written
from storage.store import Store
from tests.bot.world import Talk, the_day
from tests.moments import Moment
from tests.posts import a_post


async def test_a_digest_is_brought_now_of_all_of_a_list_or_of_another_span(talk: Talk) -> None:
    await talk.starts()

    assert "World affairs · Tuesday" in await talk.hears("/digest")
    assert "Eastport &lt;city&gt; · Tuesday" in await talk.hears("/digest city")
    assert "News in Russian · 11 Feb to 18 Feb" in await talk.hears("/digest News in Russian 7d")
    assert "World affairs, News in Russian" in await talk.hears("/digest 2d world, novosti")
    assert "A quiet day" in await talk.hears("/digest 1h")
    assert "Nothing was posted on 14 Feb." in await talk.hears("/digest friday")
    assert "I did not understand “moon &lt;b&gt;”" in await talk.hears("/digest moon <b>")


async def test_a_digest_that_is_asked_for_tells_again_what_was_told(talk: Talk, clock: Moment) -> None:
    await talk.starts()

    first = await talk.hears("/digest")
    clock.passes(seconds=11)

    assert await talk.hears("/digest") == first


async def test_who_taps_twice_gets_one_digest_and_who_has_changed_something_another(talk: Talk) -> None:
    await talk.starts()
    assert "World affairs · Tuesday" in await talk.hears("/digest")
    assert "I have just made you this digest" in await talk.hears("/Digest ")
    await talk.says("/keywords -storm")
    assert "World affairs · Tuesday" in await talk.hears("/digest")
    assert "Eastport" in await talk.hears("/digest city")


async def test_a_digest_is_made_again_after_the_clock_was_set_back(talk: Talk, clock: Moment) -> None:
    await talk.starts()
    await talk.says("/digest world")
    clock.passes(hours=-1)
    assert "World affairs · Tuesday" in await talk.hears("/digest world")
    assert "I have just made you this digest" in await talk.hears("/digest world")


async def test_a_digest_that_failed_is_made_when_it_is_asked_for_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*given: object, **values: object) -> AsyncIterator[None]:
        raise StorageUnavailable("gone for a moment")
        yield

    await talk.says("/start")
    with monkeypatch.context() as failing:
        failing.setattr("bot.digests.make_digests", broken)
        assert "Something went wrong" in await talk.hears("/digest")
    assert "World affairs · Tuesday" in await talk.hears("/digest")


class Kitchen:
    """Counts the digests that are being made: `most` at once, `times` in all, for each of `sizes` readers."""

    def __init__(self) -> None:
        self.inside, self.most, self.sizes = 0, 0, list[int]()
        self.failures = 0

    async def __call__(
        self, store: Store, wishes: Mapping[ReaderId, Wish], *given: Any
    ) -> AsyncIterator[tuple[tuple[ReaderId, ...], Made]]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.sizes.append(len(wishes))
        try:
            await asyncio.sleep(0)
            if self.failures:
                self.failures -= 1
                raise StorageUnavailable("gone for a moment")
            async for some in make_digests(store, wishes, *given):
                yield some
        finally:
            self.inside -= 1


@pytest.fixture
def kitchen(monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    kitchen = Kitchen()
    monkeypatch.setattr("bot.digests.make_digests", kitchen)
    return kitchen


async def welcomed(store: Store, clock: Moment, number: int) -> list[Reader]:
    async with store.begin() as tx:
        new = [Reader(id=ReaderId(0), chat_id=chat) for chat in range(2, number + 2)]
        return [(await tx.readers.welcome(each, clock()))[0] for each in new]


async def test_digests_that_many_ask_for_at_once_are_made_a_few_at_a_time(
    talk: Talk, world: Store, clock: Moment, kitchen: Kitchen
) -> None:
    people = await welcomed(world, clock, 7)
    window = Window(clock() - DAY, clock())
    each_another = [replace(window, since=window.since - place * DAY) for place in range(len(people))]
    desk = talk.dispatcher["desk"]
    await asyncio.gather(
        *(desk.now(person, window, lists=["world"]) for person, window in zip(people, each_another, strict=True))
    )

    assert (kitchen.most, kitchen.sizes) == (2, [1] * len(people))
    async with world.read() as tx:
        assert (await tx.outbox.counts())["digests"] == len(people)


async def test_who_asks_for_the_same_at_one_time_is_served_of_one_reading(
    talk: Talk, world: Store, clock: Moment, kitchen: Kitchen
) -> None:
    people = await welcomed(world, clock, 7)
    async with world.begin() as tx:
        await tx.tastes.want(people[-1].id, [Keyword(key="storm", word="storm", wanted=False)])
    wanted = []
    for person in people:
        clock.passes(seconds=0.5)
        wanted.append((person, Window(clock() - DAY, clock())))
    desk = talk.dispatcher["desk"]
    await asyncio.gather(*(desk.now(person, window, lists=["world"]) for person, window in wanted))

    assert kitchen.sizes == [1, 1, 5]  # two are made at once, and the others wait
    async with world.read() as tx:
        parts = await tx.outbox.waiting(clock(), 100)
    parts = tuple(sorted(parts, key=lambda part: part.reader.id))
    assert [part.reader.id for part in parts] == [person.id for person in people]
    assert all("World affairs" in part.payload["text"] for part in parts)
    assert ["12,000 homes" in part.payload["text"] for part in parts] == [True] * 6 + [False]
    assert len({part.edition for part in parts}) == 4  # of those two, of who waited, and of who wants no storm


async def test_what_many_know_who_were_served_together_is_looked_up_for_a_few_at_a_time(
    talk: Talk, world: Store, clock: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, most = 0, 0

    async def counted(*given: Any) -> Mapping[StoryId, Memory]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            return await known_of(*given)
        finally:
            inside -= 1

    monkeypatch.setattr("bot.digests.known_of", counted)
    people = await welcomed(world, clock, 7)
    window = Window(clock() - DAY, clock())
    desk = talk.dispatcher["desk"]
    await asyncio.gather(*(desk.now(person, window, lists=["world"]) for person in people))

    assert most == 2


async def test_what_fails_for_others_is_made_for_who_waited_with_them(
    talk: Talk, world: Store, clock: Moment, kitchen: Kitchen
) -> None:
    kitchen.failures = 3
    people = await welcomed(world, clock, 4)
    window = Window(clock() - DAY, clock())
    desk = talk.dispatcher["desk"]
    failed = await asyncio.gather(
        *(desk.now(person, window, lists=["world"]) for person in people), return_exceptions=True
    )

    assert [type(each) for each in failed] == [StorageUnavailable] * 3 + [type(None)]
    assert kitchen.sizes == [1, 1, 2, 1]


async def test_a_model_that_is_waited_for_by_some_holds_up_nobody_else(world: Store, clock: Moment) -> None:
    class Slow:
        """A model that answers nobody before all have asked."""

        asked = 0
        all_have = asyncio.Event()

        async def write(
            self, stories: Mapping[StoryId, Sequence[Post]], language: str, now: datetime
        ) -> Mapping[StoryId, Written]:
            self.asked += 1
            if self.asked == len(people):
                self.all_have.set()
            await self.all_have.wait()
            return {}

    desk = Desk(world, clock, asyncio.Event(), Looks(), Slow())
    people = await welcomed(world, clock, 5)
    window = Window(clock() - DAY, clock())
    async with asyncio.timeout(60):
        await asyncio.gather(
            *(
                desk.now(person, replace(window, since=window.since - place * DAY), lists=["world"])
                for place, person in enumerate(people)
            )
        )

    async with world.read() as tx:
        assert (await tx.outbox.counts())["digests"] == len(people)


async def test_who_has_all_forgotten_while_their_digest_is_made_gets_none(world: Store, clock: Moment) -> None:
    (reader,) = await welcomed(world, clock, 1)

    class Meanwhile:
        async def write(self, *_: object) -> Mapping[StoryId, Written]:
            async with world.begin() as tx:
                await tx.readers.forget(reader.id)
            return {}

    desk = Desk(world, clock, asyncio.Event(), Looks(), Meanwhile())
    await desk.now(reader, Window(clock() - DAY, clock()), lists=["world"])

    async with world.read() as tx:
        assert await tx.outbox.counts() == {"digests": 0}


@pytest.mark.parametrize("words", ["week", "for the last week", "за неделю", "прошлая неделя"])
async def test_a_week_may_be_asked_for_in_words(talk: Talk, words: str) -> None:
    await talk.starts()
    assert "11 Feb to 18 Feb" in await talk.hears(f"/digest {words}")


async def test_a_span_that_is_too_long_is_told_to_be_cut(talk: Talk) -> None:
    await talk.starts()
    cut, _, digest = await talk.says("/digest 30d")
    assert "A digest covers 7 days at most" in cut["text"]
    assert "11 Feb to 18 Feb" in digest["text"]
    assert "A digest covers" not in await talk.hears("/digest 7d")
    assert "I did not understand" in await talk.hears("/digest 99999999999999999999d")


async def test_the_sources_of_a_digest_are_shown_by_its_button(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/digest")
    _, sources = await talk.presses("Sources")

    assert sources["method"] == "sendMessage"
    assert '<a href="https://t.me/meridian_dispatch/18001">meridian_dispatch</a>' in sources["text"]


async def test_in_a_private_chat_sources_are_shown_as_often_as_they_are_asked_for(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/digest")
    digest = talk.in_sight()
    for _ in range(2):
        _, sources = await talk.presses("Sources")
        assert sources["method"] == "sendMessage"
        talk.scroll_back(digest)


async def test_settings_open_below_a_digest_which_stays(talk: Talk) -> None:
    await talk.starts()
    await talk.says("/digest")
    _, settings = await talk.presses("Settings")

    assert (settings["method"], "Your settings" in settings["text"]) == ("sendMessage", True)


async def test_a_search_shows_excerpts_with_its_words_marked_and_links(talk: Talk) -> None:
    await talk.starts()
    await talk.presses("07:00")
    await talk.presses("Moscow")
    said = await talk.hears("/search tariff")

    assert '<a href="https://t.me/meridian_dispatch/18001">Meridian Dispatch</a> · 18 Feb 11:10' in said
    assert "<b>tariffs</b>" in said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "⚠ Fact-checkers (NO) say: "), ("ru", "⚠ Фактчекеры (NO): ")], ids=["en", "ru"]
)
async def test_what_fact_checkers_say_stands_beside_the_post(
    world: Store, clock: Moment, language: str, said: str
) -> None:
    first, talk = the_day()[0], Talk(world, clock, language)
    note = FactCheck(text="The tariffs\nwere <older>. " + "And so on. " * 40, country="NO")
    async with world.begin() as tx:
        channels = await tx.channels.ensure([first.post.channel])
        await tx.posts.add([replace(first, post=replace(first.post, fact_check=note))], channels, clock())
    await talk.says("/start")
    for asked in ("/search tariff", "/digest world"):
        shown = await talk.hears(asked)
        assert f"{said}The tariffs were &lt;older&gt;. And so on." in shown
        assert shown.count("And so on.") < 20


async def test_a_search_shows_what_a_post_answers(talk: Talk, world: Store, clock: Moment) -> None:
    asked = "When <does> it open? " * 20
    async with world.begin() as tx:
        channels = await tx.channels.ensure(["harbour_wire"])
        await tx.posts.add([a_post(77, "The zeppelin hall opens in May.", quote=asked)], channels, clock())
    await talk.says("/start")
    said = await talk.hears("/search zeppelin")
    assert "<i>In answer to “When &lt;does&gt; it open? When &lt;does&gt; it open?" in said
    assert said.index("In answer to") < said.index("zeppelin</b>", 80)


async def test_the_pages_of_a_search_are_turned(talk: Talk) -> None:
    await talk.starts()
    (first,) = await talk.says("/search pilot")
    assert first["text"].count("https://t.me/") == 10
    assert first["buttons"] == ["2 ▶"]
    _, second = await talk.presses("2 ▶")
    assert (second["method"], second["buttons"]) == ("editMessageText", ["◀ 1", "3 ▶"])
    _, third = await talk.presses("3 ▶")
    assert third["text"].count("https://t.me/") == 5
    assert third["buttons"] == ["◀ 2"]
    links = [set(re.findall(r"t\.me/[a-z_]+/\d+", page["text"])) for page in (first, second, third)]
    assert len(set.union(*links)) == 25


async def test_that_fewer_words_find_more_is_not_said_of_one_word(talk: Talk) -> None:
    await talk.starts()

    assert "Fewer words find more" in await talk.hears("/search zeppelin mast")
    alone = await talk.hears("/search zeppelin")
    assert "/search without words tells how to ask." in alone
    assert "Fewer" not in alone


async def test_a_search_takes_a_list_by_its_title_as_readers_know_it(talk: Talk) -> None:
    await talk.starts()
    for inside in ("список:Мир", "list:WORLD", "-список:Новости", 'list:"World affairs"', "-list:“news in Russian”"):
        assert "Harbour Wire" in await talk.hears(f"/search talks {inside}"), inside
    for outside in ("список:Новости", "-список:мир", 'list:"News in Russian"', "-list:«World affairs»"):
        assert "Harbour Wire" not in await talk.hears(f"/search talks {outside}"), outside


async def test_a_search_without_words_explains_the_language_and_a_wrong_one_gives_examples(talk: Talk) -> None:
    await talk.starts()

    assert "side by side" in await talk.hears("/search")
    assert "“soon” is no time" in await talk.hears("/search storm since:soon")
    assert "“-storm” only says what must not be there" in await talk.hears("/search -storm")
    assert "“since:7d” only says where to look" in await talk.hears("/search since:7d")
    assert "There is no word in “🔥”" in await talk.hears("/search 🔥")
    assert "Nothing here is called nosuch, news." in await talk.hears("/search storm channel:nosuch list:news")
    assert "Nothing was found for <b>zeppelin</b>" in await talk.hears("/search zeppelin")
    for known in ("storm", "zeppelin"):
        assert "There is no filter “lsit:”, so I took that for words. Did you mean “list:”?" in await talk.hears(
            f"/search {known} lsit:world"
        )


async def test_plain_words_are_a_search_once_no_question_is_open(talk: Talk) -> None:
    await talk.starts("07:00", "London")

    said = await talk.hears("storm coast")

    assert "<b>storm</b>" in said
    assert "I took this as a search" in said


async def test_where_nothing_is_found_what_is_called_like_the_words_is_offered(talk: Talk) -> None:
    await talk.starts()
    (nothing,) = await talk.says("Meridian")
    assert 'By name there is <a href="https://t.me/meridian_dispatch">Meridian Dispatch</a>.' in nothing["text"]
    assert nothing["buttons"] == ["＋ Meridian Dispatch"]
    await talk.says("/subscribe meridian_dispatch")
    (nothing,) = await talk.says("Meridian")
    assert ("Meridian Dispatch</a> ✓." in nothing["text"], nothing["buttons"]) == (True, [])
    assert "By name there is <b>World affairs</b> ✓" in await talk.hears("affairs")


async def test_while_names_are_compared_others_are_answered(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    where = []

    def compared(*known: Any) -> list[Target]:
        where.append(threading.current_thread() is threading.main_thread())
        return nearest(*known)

    monkeypatch.setattr("bot.handlers.search.nearest", compared)
    monkeypatch.setattr("bot.handlers.lists.nearest", compared)
    await talk.starts()
    for words in ("Meridian", "/channels merid", "/subscribe merid"):
        assert "Meridian Dispatch" in await talk.hears(words)
    assert where == [False] * 3
