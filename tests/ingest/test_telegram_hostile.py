"""A server that answers strangely: what it spoils is counted and told once, the rest is read, and nothing goes on for
ever."""

import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from telethon.tl import types as T

from core.errors import SourceError
from ingest.cleaning.clean import LONGEST_TEXT
from ingest.telegram.answers import MOST_CALLS, Unreadable, read_around
from ingest.telegram.history import MOST_PAGES
from ingest.telegram.post import Cast
from ingest.telegram.values import Hint, HintKind
from storage.store import Store
from tests.ingest.account_world import PHONE, World
from tests.moments import NOW
from tests.servers.mtproto import SPOILED, MiniTelegram
from tests.servers.mtproto_wire import make, utc


class StrangeTelegram(MiniTelegram):
    """Shuffles its pages, forgets whom they are of, or goes on for ever."""

    backwards = without_chats = endless = False

    def do_messages__get_history(self, query: Any, key: Any) -> Any:
        if self.endless:
            return self._invented(query, key)
        page = super().do_messages__get_history(query, key)
        if self.backwards:
            page.messages.reverse()
        if self.without_chats:
            page.chats = []
        return page

    def _invented(self, query: Any, key: Any) -> Any:
        channel = self.peer(query.peer, key)
        first = query.offset_id or 1
        messages = [
            make(T.Message, id=number, peer_id=T.PeerChannel(channel.id), date=utc(NOW), message=f"more {number}")
            for number in range(first, first + query.limit)
        ]
        return self.channel_messages(channel, key, messages, 1 << 30)


@dataclass
class StrangeWorld(World):
    tg: StrangeTelegram


@pytest_asyncio.fixture
async def strange(store: Store) -> AsyncIterator[StrangeWorld]:
    async with StrangeTelegram() as tg:
        tg.channel("News", "The News")
        tg.channel("Other", "Another")
        yield StrangeWorld(tg, store)


async def follow(world: World, *names: str) -> None:
    await world.lists(*names)
    for name in names:
        world.tg.join(name, PHONE)


async def test_a_message_of_an_unknown_type_is_passed_over_and_told_once(
    strange: World, caplog: pytest.LogCaptureFixture
) -> None:
    await strange.publish(120)
    strange.tg.make_strange("News", 40, 41, 90)
    await follow(strange, "News")
    with caplog.at_level(logging.WARNING):
        async with strange.reading() as reader:
            await reader.step()
            await strange.publish(3)
            strange.clock.passes(hours=1)
            await reader.step()
    expected = [number for number in range(21, 124) if number not in (40, 41, 90)]
    assert await strange.ids() == expected
    state = await strange.state()
    assert (state.cursor, state.failures) == (123, 0)
    assert [record.message for record in caplog.records] == [
        "News: a message cannot be read and is passed over; so will be others like it"
    ]
    assert strange.troubles.counts["a message cannot be read"] >= 3
    assert strange.told == [
        "Account test, News: a message cannot be read. This is told once, and counted where it comes again."
    ]


async def test_a_post_that_can_no_longer_be_read_is_not_taken_for_deleted(strange: World) -> None:
    await strange.publish(10)
    await follow(strange, "News")
    async with strange.reading() as reader:
        await reader.step()
        strange.tg.make_strange("News", 5)
        await strange.tg.delete("News", 7, push=False)
        strange.clock.passes(hours=1)
        await reader.step()
    assert 5 in await strange.ids()


@pytest.mark.parametrize("garble", sorted(SPOILED))
async def test_a_garbled_answer_fails_its_channel_and_no_other(strange: World, garble: str) -> None:
    for name in ("News", "Other"):
        await strange.publish(3, name)
    await follow(strange, "News", "Other")
    async with strange.reading() as reader:
        strange.tg.fault("GetHistory", channel="News", garble=garble, times=1000)
        await reader.step()
        assert await strange.ids("other") == [1, 2, 3]
        state = await strange.state()
        assert (state.failures, await strange.ids()) == (1, [])
        assert "cannot be read" in (state.reason or "") or "not with messages" in (state.reason or "")
        assert strange.tg.called("GetHistory") <= MOST_CALLS + 2
        strange.tg.faults.clear()
        strange.clock.passes(hours=1)
        await reader.step()
    assert await strange.ids() == [1, 2, 3]


async def test_what_no_screen_shows_in_a_refusal_fails_its_channel_and_no_other(any_store: Store) -> None:
    async with StrangeTelegram() as tg:
        for name in ("News", "Other"):
            tg.channel(name, name)
            await tg.post(name, "Ships left.")
        world = StrangeWorld(tg, any_store)
        await follow(world, "News", "Other")
        tg.fault("GetHistory", channel="News", code=400, text="ODD\0\x1b[31m", times=1000)
        async with world.reading() as reader:
            await reader.step()
        assert ((await world.state()).reason, await world.ids("other")) == ("RPCError 400: ODD??[31m", [1])


async def test_a_channel_whose_answers_stay_garbled_is_told_once(strange: World) -> None:
    await strange.publish(3)
    await follow(strange, "News")
    async with strange.reading() as reader:
        strange.tg.fault("GetHistory", channel="News", garble="noise", times=10_000)
        for _ in range(4):  # each takes sixty calls, and a fifth would wait for the pace
            await reader.step()
            strange.clock.passes(hours=1)
    assert strange.troubles.counts["Telegram's answer cannot be read"] == 4
    assert strange.told == [
        "A channel cannot be read. News: Telegram's answer cannot be read. More on it: courant channels"
    ]


@pytest.mark.parametrize("garble", sorted(SPOILED))
async def test_a_garbled_answer_to_the_first_questions_is_an_error_of_ours(strange: World, garble: str) -> None:
    await follow(strange, "News")
    await strange.publish(1)
    strange.tg.join("News", PHONE)  # half of an answer without a channel is so short that what pads it may end it well
    async with strange.source() as source:
        for method in ("ResolveUsername", "GetDialogs"):
            strange.tg.fault(method, garble=garble, times=1000)  # who reconnects asks again
        with pytest.raises(SourceError):
            await source.resolve("News")
        with pytest.raises(SourceError):
            await source.joined()
        strange.tg.faults.clear()
        assert (await source.resolve("News")).title == "The News"


async def test_an_answer_with_something_else_where_a_chat_belongs_is_an_error_of_ours(
    strange: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(query: object, key: object) -> object:
        return T.contacts.ResolvedPeer(T.PeerChannel(1), [T.InputPeerEmpty()], [])

    def views(query: object, key: object) -> object:
        return T.messages.MessageViews([T.InputPeerEmpty()], [], [])

    async with strange.source() as source:
        peer = await source.resolve("News")
        monkeypatch.setattr(strange.tg, "do_contacts__resolve_username", answer)
        monkeypatch.setattr(strange.tg, "do_messages__get_messages_views", views)
        with pytest.raises(Unreadable, match="cannot be read"):
            await source.resolve("News")
        with pytest.raises(Unreadable, match="cannot be read"):
            await source.counts(peer, [1])


async def test_pages_out_of_order_and_without_their_channel_are_read_all_the_same(strange: StrangeWorld) -> None:
    strange.tg.backwards = strange.tg.without_chats = True
    await strange.publish(130)
    await follow(strange, "News")
    async with strange.reading(page=50) as reader:
        await reader.step()
        await strange.publish(120)
        strange.clock.passes(hours=1)
        await reader.step()
    assert await strange.ids() == [*range(81, 251)]


async def test_a_history_without_end_is_left_after_so_many_pages(strange: StrangeWorld) -> None:
    await strange.publish(1)
    await follow(strange, "News")
    async with strange.source(page=20) as source:
        peer = await source.resolve("News")
        strange.tg.endless = True
        pages = [page async for page in source.history(peer, after=5)]
    assert len(pages) == MOST_PAGES
    numbers = [post.message_id or 0 for page in pages for post in page]
    assert numbers == sorted(set(numbers))


async def test_messages_of_other_channels_and_from_impossible_times_are_left_out(strange: World) -> None:
    await strange.publish(1)
    await strange.tg.post("News", "from the future", date=time.time() + 2 * 86_400)
    await strange.tg.post("News", "before there were dates", date=-5.0)
    await strange.tg.post("News", "of another channel", peer_id=T.PeerChannel(77))
    await strange.publish(1)
    strange.tg.find("News").messages[-4] = make(
        T.Message, id=-4, peer_id=T.PeerChannel(strange.tg.find("News").id), date=utc(NOW), message="below"
    )
    await follow(strange, "News")
    async with strange.reading() as reader:
        await reader.step()
    assert await strange.ids() == [1, 5]
    assert (await strange.state()).cursor == 5


async def test_a_huge_text_is_cut_and_what_holds_it_is_read(strange: World) -> None:
    await strange.tg.post("News", "x" * (4 * LONGEST_TEXT), date=strange.clock.now.timestamp())
    await strange.tg.post("News", "nul\0 and so on", date=strange.clock.now.timestamp())
    await follow(strange, "News")
    async with strange.reading() as reader:
        await reader.step()
    first, second = await strange.posts()
    assert len(first.text) == LONGEST_TEXT
    assert second.text == "nul and so on"


async def test_a_message_without_what_its_type_promises_is_passed_over(strange: World) -> None:
    await strange.publish(3)
    await follow(strange, "News")
    async with strange.source() as source:
        peer = await source.resolve("News")
        poll = make(T.MessageMediaPoll, poll=None, results=None)
        broken = make(T.Message, id=9, peer_id=T.PeerChannel(peer.id), date=utc(NOW), message="x", media=poll)
        assert source._posts([[broken]], peer, Cast()) == ()
        assert source.passed_over[peer.id] == 1


async def test_the_connection_that_telethon_gives_up_is_opened_again(strange: World) -> None:
    await strange.publish(1)
    await follow(strange, "News")
    async with strange.reading() as reader:
        await reader.step()
        await reader._source._client.disconnect()  # as Telethon does where what it missed cannot be read
        await strange.publish(2)
        await reader.step([Hint(kind=HintKind.RECONNECTED)])
        assert await strange.ids() == [1, 2, 3]
        await strange.tg.post("News", "pushed", date=strange.clock.now.timestamp())
        hints = [await anext(reader._source.live()) for _ in range(2)]
    assert {hint.kind for hint in hints} == {HintKind.RECONNECTED, HintKind.NEW}


async def test_reading_around_asks_for_halves_and_gives_up_where_nothing_can_be_read() -> None:
    async def read(at: int, count: int, bad: frozenset[int] = frozenset({3, 64})) -> list[int]:
        if bad & set(range(at, at + count)):
            raise Unreadable("news", "x")
        return [*range(at, at + count)]

    answers, holes = await read_around(read, 0, 100)
    assert sorted(number for answer in answers for number in answer) == [n for n in range(100) if n not in (3, 64)]
    assert holes == 2

    async def never(at: int, count: int) -> None:
        raise Unreadable("news", "x")

    with pytest.raises(Unreadable):
        await read_around(never, 0, 100)
