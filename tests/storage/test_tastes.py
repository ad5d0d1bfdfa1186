"""Readers' words and likings."""

from dataclasses import replace
from datetime import timedelta

from core.model import Keyword, Liking, Reader, ReaderId, StoryId, Taste
from storage.store import Store, Transaction
from storage.tastes import MOST_KEYWORDS, MOST_LIKINGS
from tests.moments import NOW

ATOM = Keyword(key="nuclear", word="nuclear")
BALL = Keyword(key="footbal", word="football", wanted=False)


async def a_reader(tx: Transaction, chat: int = 1) -> ReaderId:
    reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), NOW)
    return reader.id


async def test_words_are_kept_changed_and_dropped(any_store: Store) -> None:
    async with any_store.begin() as tx:
        reader, other = await a_reader(tx), await a_reader(tx, 2)
        assert await tx.tastes.want(reader, [ATOM, BALL]) == []
        assert (await tx.tastes.of(reader)).keywords == (BALL, ATOM)
        liked = replace(BALL, wanted=True)
        await tx.tastes.want(reader, [liked])
        assert await tx.tastes.drop(reader, ["nuclear", "unheard of"]) == 1
        assert (await tx.tastes.of(reader)).keywords == (liked,)
        assert await tx.tastes.of(other) == Taste()


async def test_a_reader_has_so_many_words_at_most(any_store: Store) -> None:
    many = [Keyword(key=f"word{n:03}", word=f"word{n:03}") for n in range(MOST_KEYWORDS + 3)]
    async with any_store.begin() as tx:
        reader = await a_reader(tx)
        assert await tx.tastes.want(reader, many) == many[MOST_KEYWORDS:]
        assert await tx.tastes.want(reader, [replace(many[0], wanted=False), ATOM]) == [ATOM]
        assert len((await tx.tastes.of(reader)).keywords) == MOST_KEYWORDS


async def test_a_word_that_is_said_again_takes_no_room_from_a_new_one(any_store: Store) -> None:
    many = [Keyword(key=f"word{n:03}", word=f"word{n:03}") for n in range(MOST_KEYWORDS - 1)]
    async with any_store.begin() as tx:
        reader = await a_reader(tx)
        await tx.tastes.want(reader, many)
        assert await tx.tastes.want(reader, [*many[:3], ATOM, BALL]) == [BALL]
        assert (await tx.tastes.of(reader)).keywords == (ATOM, *many)


async def test_the_last_press_about_a_story_counts_and_can_be_taken_back(any_store: Store) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx)
        await tx.tastes.like(reader, StoryId(7), {"tram": "trams"}, NOW, more=True)
        await tx.tastes.like(reader, StoryId(7), {"tram": "trams"}, NOW, more=False)
        liking = Liking(story=StoryId(7), more=False, terms=(("tram", "trams"),), given_at=NOW)
        assert (await tx.tastes.of(reader)).likings == (liking,)
        assert await tx.tastes.unlike(reader, StoryId(7))
        assert not await tx.tastes.unlike(reader, StoryId(7))


async def test_what_is_taken_back_stays_of_other_stories_and_with_other_readers(any_store: Store) -> None:
    async with any_store.begin() as tx:
        readers = one, other = await a_reader(tx), await a_reader(tx, 2)
        for reader in readers:
            await tx.tastes.want(reader, [ATOM])
            for story in (7, 8):
                await tx.tastes.like(reader, StoryId(story), {"tram": "trams"}, NOW, more=True)
        await tx.tastes.unlike(one, StoryId(7))
        await tx.tastes.drop(one, [ATOM.key])
        tastes = await tx.tastes.of_all(readers)
    assert [each.story for each in tastes[one].likings] == [8]
    assert [each.story for each in tastes[other].likings] == [7, 8]
    assert tastes[other].keywords == (ATOM,)


async def test_the_oldest_presses_go_and_a_forgotten_reader_leaves_none(any_store: Store) -> None:
    async with any_store.begin() as tx:
        reader = await a_reader(tx)
        for n in range(MOST_LIKINGS + 2):
            await tx.tastes.like(reader, StoryId(n), {"tram": "trams"}, NOW + timedelta(minutes=n), more=True)
        await tx.tastes.want(reader, [ATOM])
        assert [each.story for each in (await tx.tastes.of(reader)).likings] == list(range(2, MOST_LIKINGS + 2))
        await tx.readers.forget(reader)
        assert await tx.tastes.of(reader) == Taste()
