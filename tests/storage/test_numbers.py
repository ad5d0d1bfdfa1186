"""Of what is remembered by its number outside the tables, no number ever means another row."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.model import Reader, ReaderId
from storage.engine import open_engine
from storage.lock import changing_tables
from storage.store import Store, Transaction
from storage.tables import metadata
from tests.storage.revisions import downgrade, upgrade

_GIVEN_ONCE = ["channel", "digest", "edition", "outbox", "query", "reader"]
_BEFORE = "0019"  # the last version in which SQLite gave a number again


async def test_a_number_that_was_deleted_does_not_come_back(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        before = await _add(tx, "harbour_wire", 100, now)
        await _delete_all(tx)
    async with any_store.begin() as tx:
        after = await _add(tx, "gull_repeats", 200, now)
    assert [before[name] < after[name] for name in _GIVEN_ONCE] == [True] * len(_GIVEN_ONCE)


async def test_an_upgrade_keeps_all_rows_and_what_refers_to_them(own_database: str, now: datetime) -> None:
    store = await Store.open(own_database)
    async with store.begin() as tx:
        for number, name in enumerate(("harbour_wire", "gull_repeats"), 1):
            await _add(tx, name, number, now)
            await tx.readers.follow(ReaderId(number), channels=[name])
    await store.close()
    engine = open_engine(own_database)
    dumps = []
    for move in (partial(downgrade, revision=_BEFORE), upgrade):
        async with changing_tables(engine) as connection:
            await move(connection)
        async with engine.connect() as connection:
            dumps.append(await _dump(connection))
    await engine.dispose()
    assert dumps[0] == dumps[1]
    assert [len(dumps[1][name]) for name in _GIVEN_ONCE] == [2] * len(_GIVEN_ONCE)

    store = await Store.open(own_database)
    async with store.begin() as tx:
        last = await _numbers(tx)
        await tx.readers.forget(ReaderId(2))
        left = await _dump(tx._connection)
        assert [len(left[name]) for name in ("reader", "subscription", "query", "edition", "digest", "outbox")] == [
            1
        ] * 6
        await tx._connection.execute(text("DELETE FROM channel WHERE key = 'gull_repeats'"))
        new = await _add(tx, "mole_news", 3, now)
    await store.close()
    assert [last[name] < new[name] for name in _GIVEN_ONCE] == [True] * len(_GIVEN_ONCE)


async def test_the_tables_that_give_a_number_once_are_made_so(store: Store) -> None:
    async with store.read() as tx:
        made = await tx._connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        found = sorted(made)
    assert found == sorted(
        each.name for each in metadata.sorted_tables if each.dialect_options["sqlite"]["autoincrement"]
    )
    assert found == _GIVEN_ONCE


async def _add(tx: Transaction, name: str, chat: int, now: datetime) -> dict[str, int]:
    """A row in each of the tables; their numbers."""
    await tx.channels.ensure([name])
    reader, _ = await tx.readers.welcome(Reader(id=ReaderId(0), chat_id=chat), now)
    await tx.queries.note(reader.id, "ferry", now)
    assert await tx.outbox.add(reader.id, {"said": name}, [{"text": name}], due_at=now, now=now)
    return await _numbers(tx)


async def _numbers(tx: Transaction) -> dict[str, int]:
    return {
        name: await tx._connection.scalar(select(func.max(metadata.tables[name].c.id))) or 0 for name in _GIVEN_ONCE
    }


async def _delete_all(tx: Transaction) -> None:
    for name in _GIVEN_ONCE:
        await tx._connection.execute(delete(metadata.tables[name]))


async def _dump(connection: AsyncConnection) -> dict[str, list[tuple[Any, ...]]]:
    rows = {each.name: (await connection.execute(each.select())).all() for each in metadata.sorted_tables}
    return {name: sorted(map(tuple, found), key=repr) for name, found in rows.items()}
