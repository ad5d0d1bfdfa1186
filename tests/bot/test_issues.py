"""One edition for several readers, of whom one may go before the others have got it."""

import asyncio
from datetime import datetime

from sqlalchemy import text

from bot.issues import Draft, publish
from core.model import Reader, ReaderId
from storage.editions import NewEdition
from storage.store import Store, Transaction

SAID = {"said": "the ferry sails"}


async def two_readers(tx: Transaction, now: datetime) -> list[ReaderId]:
    return [(await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), now))[0].id for chat in (1, 2)]


def a_draft() -> Draft:
    return Draft(made=None, readers=(), new=NewEdition(value=SAID))


async def give(tx: Transaction, draft: Draft, reader: ReaderId, now: datetime) -> None:
    keys = await publish(tx, [draft], now)
    await tx.outbox.give(keys[draft], {reader: now}, [{"text": "the ferry"}], now)
    draft.key = keys[draft]


async def said_to(store: Store, reader: ReaderId, now: datetime) -> object:
    async with store.read() as tx:
        (part,) = await tx.outbox.waiting(now, 9)
        return await tx.outbox.value(part.digest, reader)


async def test_what_the_only_one_who_had_got_it_took_along_is_kept_for_the_next(
    any_store: Store, now: datetime
) -> None:
    draft = a_draft()
    async with any_store.begin() as tx:
        first, second = await two_readers(tx, now)
        await give(tx, draft, first, now)
    async with any_store.begin() as tx:
        await tx.readers.forget(first)
    async with any_store.begin() as tx:
        await give(tx, draft, second, now)

    assert await said_to(any_store, second, now) == SAID


async def test_who_has_all_forgotten_takes_along_nothing_that_is_being_given_to_another(
    postgres_url: str, now: datetime
) -> None:
    store, draft = await Store.open(postgres_url), a_draft()
    try:
        async with store.begin() as tx:
            first, second = await two_readers(tx, now)
            await give(tx, draft, first, now)

        async def forget() -> None:
            async with store.begin() as tx:
                await tx.readers.forget(first)

        async with asyncio.timeout(60), asyncio.TaskGroup() as group, store.begin() as tx:
            await give(tx, draft, second, now)
            group.create_task(forget())
            async with store.read() as other:
                while not await other._connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                    pass

        assert await said_to(store, second, now) == SAID
    finally:
        await store.close()
