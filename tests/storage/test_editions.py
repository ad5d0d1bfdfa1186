"""Editions: a digest kept once for all its readers, and the posts it rests on."""

import json
from datetime import datetime, timedelta

from alembic import command
from sqlalchemy import Connection, bindparam, text

from core.model import ChannelId, DigestId, EditionId, Post, Reader, ReaderId, StoryId
from storage.columns import UtcDateTime
from storage.editions import Cited, Corrected, NewEdition
from storage.engine import open_engine
from storage.lock import changing_tables
from storage.migrate import config
from storage.outbox import Issue
from storage.store import Store, Transaction
from tests.posts import a_post
from tests.work import work

STORY, OTHER = StoryId(7), StoryId(8)
WEEK = timedelta(days=7)
DIGEST = DigestId(41)


async def readers(tx: Transaction, now: datetime, number: int) -> list[ReaderId]:
    welcomed = [await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), now) for chat in range(1, number + 1)]
    return [reader.id for reader, _ in welcomed]


async def three_posts(tx: Transaction, now: datetime) -> tuple[ChannelId, list[Post]]:
    channels = await tx.channels.ensure(["harbour_wire"])
    await tx.posts.add([a_post(n, f"Notice {n} of the harbour.") for n in (1, 2, 3)], channels, now)
    return channels["harbour_wire"], sorted(await tx.posts.waiting(9), key=lambda post: post.message_id)


async def an_edition(tx: Transaction, posts: list[Post], now: datetime) -> EditionId:
    cited = tuple(Cited(post=post.id, story=STORY if post.message_id < 3 else OTHER, edits=0) for post in posts)
    return await tx.editions.publish(NewEdition(value={"stories": []}, whole={"all": True}, cited=cited), now)


async def test_an_edition_is_given_to_many_and_to_each_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        given_to = await readers(tx, now, 3)
        _, posts = await three_posts(tx, now)
        edition = await an_edition(tx, posts, now)
        first = await tx.outbox.give(edition, {given_to[0]: now}, [{"text": "1"}], now)
        rest = await tx.outbox.give(edition, dict.fromkeys(given_to, now), [{"text": "1"}, {"text": "2"}], now)
        parts = await tx.outbox.waiting(now, 9)
        assert list(first) == given_to[:1]
        assert list(rest) == given_to[1:]
        assert [(part.reader.id, part.payload["text"], part.edition) for part in parts] == [
            (reader, "1", edition) for reader in given_to
        ]
        assert await tx.outbox.value(rest[given_to[2]], given_to[2]) == {"stories": []}


async def test_several_editions_go_out_together_each_to_its_readers(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        first, second, third = await readers(tx, now, 3)
        _, posts = await three_posts(tx, now)
        news = [NewEdition(value={"said": n}, cited=(Cited(post=posts[n].id, story=STORY, edits=0),)) for n in range(3)]
        keys = await tx.editions.publish_all(news, now)
        issues = [
            Issue(edition=keys[0], due={first: now}, payloads=[{"text": "a"}, {"text": "b"}]),
            Issue(edition=keys[2], due={second: now, third: now}, payloads=[{"text": "c"}]),
        ]
        given = await tx.outbox.give_all(issues, now)
        assert await tx.outbox.give_all(issues, now) == {}
        said = {reader: await tx.outbox.value(digest, reader) for reader, digest in given.items()}
        assert said == {first: {"said": 0}, second: {"said": 2}, third: {"said": 2}}
        pending = await tx.outbox.pending(list(given.values()))
        parts = {each.reader: [part.payload["text"] for part in each.parts] for each in pending}
        assert parts == {first: ["a", "b"], second: ["c"], third: ["c"]}
        assert [(await tx.editions.whole(key))[1] for key in keys] == [each.cited for each in news]


async def test_an_edition_is_outdated_by_an_edit_and_by_a_deletion(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channel, posts = await three_posts(tx, now)
        edition = await an_edition(tx, posts, now)
        assert await tx.editions.outdated([edition]) == {}
        assert (await tx.editions.whole(edition))[0] == {"all": True}
        edited = a_post(2, "Notice 2 of the port.", edited=True)
        await tx.posts.add([edited], {"harbour_wire": channel}, now + WEEK)
        assert await tx.editions.outdated([edition]) == {edition: {STORY}}
        await tx.posts.mark_deleted(channel, [3], now + WEEK)
        assert await tx.editions.outdated([edition]) == {edition: {STORY, OTHER}}
        changes = (await tx.editions.changes([edition], now))[edition]
        assert [(each.post, each.told, each.edits, each.deleted) for each in changes] == [
            (posts[1].id, 0, 1, False),
            (posts[2].id, 0, 0, True),
        ]
        assert await tx.editions.anything_changed(now)
        assert not await tx.editions.anything_changed(now + 2 * WEEK)
        assert await tx.editions.changes([edition], now + 2 * WEEK) == {}


async def test_counts_do_not_outdate_an_edition(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channel, posts = await three_posts(tx, now)
        edition = await an_edition(tx, posts, now)
        await tx.posts.add([a_post(1, "Notice 1 of the harbour.", views=900)], {"harbour_wire": channel}, now)
        assert await tx.editions.outdated([edition]) == {}
        assert await tx.editions.changes([edition], now) == {}
        assert not await tx.editions.anything_changed(now)


async def test_an_edit_that_came_before_a_post_was_read_outdates_nothing(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        channel, posts = await three_posts(tx, now)
        await tx.posts.add([a_post(1, "Notice 1 of the port.", edited=True)], {"harbour_wire": channel}, now)
        cited = (Cited(post=posts[0].id, story=STORY, edits=1),)
        edition = await tx.editions.publish(NewEdition(value={}, whole={}, cited=cited), now)
        assert await tx.editions.changes([edition], now) == {}
        assert not await tx.editions.anything_changed(now)


async def test_what_is_told_is_what_went_out_or_may_have(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        (reader, other) = await readers(tx, now, 2)
        _, posts = await three_posts(tx, now)
        edition = await an_edition(tx, posts, now)
        await tx.outbox.give(edition, {reader: now, other: now}, [{"text": "1"}], now)
        assert await tx.editions.told([edition], [reader, other]) == ()
        assert await tx.editions.given_to([reader, other], now) == {edition: [reader, other]}
        assert await tx.editions.given_to([reader, other], now + WEEK) == {}
        part = (await tx.outbox.waiting(now, 1))[0]
        await tx.outbox.begin(part.id)
        await tx.outbox.sent(part.id, 5, now)
        (told,) = await tx.editions.told([edition], [reader, other])
        assert (told.reader, told.edition, told.payload) == (part.reader.id, edition, {"text": "1"})
        lost = (await tx.outbox.waiting(now, 1))[0]
        await tx.outbox.begin(lost.id)
        assert len(await tx.editions.told([edition], [reader, other])) == 1
        await tx.outbox.doubt(lost, None, now, "the answer was lost")
        assert [each.reader for each in await tx.editions.told([edition], [reader, other])] == [reader, other]


async def test_an_edition_knows_under_which_name_it_told_of_a_story(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        _, posts = await three_posts(tx, now)
        edition = await an_edition(tx, posts, now)
        other = await tx.editions.publish(NewEdition(value={}), now)
        whole, apart = StoryId(posts[0].id), StoryId(posts[2].id)
        await tx.stories.assign({posts[0].id: whole, posts[1].id: whole, posts[2].id: apart}, {})
        asked = [whole, apart, STORY]
        assert await tx.editions.naming([edition, other], asked) == {edition: {whole: STORY, apart: OTHER}}
        await tx.stories.assign({}, {apart: whole})
        assert await tx.editions.naming([edition, other], asked) == {edition: {whole: STORY}}
        await tx.stories.assign({posts[1].id: apart}, {})
        assert await tx.editions.naming([edition], [whole]) == {edition: {whole: STORY}}  # the older of equals


async def test_a_correction_is_remembered_in_its_last_version(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        (reader, other) = await readers(tx, now, 2)
        _, (post, another, _) = await three_posts(tx, now)
        await tx.editions.remember_corrected({reader: [Corrected(post=post.id, edits=1, deleted=False)]}, now)
        last = Corrected(post=post.id, edits=2, deleted=True)
        await tx.editions.remember_corrected({reader: [last]}, now)
        assert await tx.editions.corrected([reader, other], [post.id]) == {reader: {post.id: last}, other: {}}
        assert await tx.editions.corrected([reader], [another.id]) == {reader: {}}


async def test_old_editions_cite_nothing_and_go_with_their_digests(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        (reader,) = await readers(tx, now, 1)
        channel, posts = await three_posts(tx, now)
        used, unused, fresh = [await an_edition(tx, posts, at) for at in (now, now, now + WEEK)]
        given = await tx.outbox.give(used, {reader: now}, [{"text": "1"}], now)
        await tx.editions.forget(now + WEEK)
        await tx.posts.mark_deleted(channel, [1], now)
        assert set(await tx.editions.outdated([used, unused, fresh])) == {fresh}
        assert await tx.outbox.value(given[reader], reader) == {"stories": []}
        assert await tx.editions.whole(unused) == (None, ())
        assert await tx.editions.whole(used) == (None, ()), "what it would take to correct it"
        assert await tx.editions.whole(fresh) != (None, ())


async def test_what_grew_old_while_nothing_was_delivered_is_forgotten_too(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        (reader,) = await readers(tx, now, 1)
        _, posts = await three_posts(tx, now)
        used, unused = [await an_edition(tx, posts, now) for _ in range(2)]
        await tx.outbox.give(used, {reader: now}, [{"text": "1"}], now)
        await tx.editions.forget(now + 52 * WEEK)
        assert await tx.editions.wholes([used, unused]) == {used: (None, ())}


async def test_old_digests_make_nothing_dearer(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        (reader,) = await readers(tx, now, 1)

    async def add(number: int, at: datetime) -> None:
        async with any_store.begin() as tx:
            editions = await tx.editions.publish_all([NewEdition(value={}, whole={})] * number, at)
            for edition in editions:
                await tx.outbox.give(edition, {reader: None}, [{"text": "1"}], at)
            for part in await tx.outbox.waiting(at, number):
                await tx.outbox.begin(part.id)
                await tx.outbox.sent(part.id, 1, at)
            await tx.editions.forget(at + WEEK)

    async def asked(tx: Transaction) -> None:
        await tx.outbox.counts()
        await tx.editions.given_to([reader], now)
        await tx.editions.forget(now)

    await add(2, now - 10 * WEEK)
    few = await work(any_store, asked)
    await add(40, now - 9 * WEEK)
    assert await work(any_store, asked) <= few + 4  # of PostgreSQL: a page more of what other tests left behind


async def test_digests_of_an_older_database_keep_what_they_said(own_database: str, now: datetime) -> None:
    def older(connection: Connection) -> None:
        made = bindparam("now", now, UtcDateTime())  # Python's own way to write a moment for SQLite is to go
        command.downgrade(config(connection), "0003")
        connection.execute(
            text(
                "INSERT INTO reader (id, chat_id, thread_id, kind, name, language, at, zone, minutes, look, state, "
                "created_at) VALUES (3, 1, 0, 'private', '', 'en', '08:00', 'UTC', 5, 'classic', 'active', :now)"
            ).bindparams(made)
        )
        connection.execute(
            text("INSERT INTO digest (id, reader_id, made_at, value) VALUES (41, 3, :now, :value)").bindparams(made),
            {"value": json.dumps({"said": "long ago"})},
        )
        command.upgrade(config(connection), "head")

    engine = open_engine(own_database)
    async with changing_tables(engine) as connection:
        await connection.run_sync(older)
    await engine.dispose()
    store = await Store.open(own_database)
    async with store.begin() as tx:
        assert await tx.outbox.value(DIGEST, ReaderId(3)) == {"said": "long ago"}
        await tx.editions.publish(NewEdition(value={}), now)
    await store.close()
