"""How much a database does for an answer, by its own count: so that a test of cost needs no clock."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event

from storage.store import Store, Transaction


async def work(store: Store, ask: Callable[[Transaction], Awaitable[object]]) -> int:
    """Steps of SQLite's machine, in hundreds, or the pages that PostgreSQL looks at."""
    async with store.read() as tx:
        connection = tx._connection
        if connection.dialect.name == "sqlite":
            driver: Any = (await connection.get_raw_connection()).driver_connection
            steps: list[None] = []
            await driver.set_progress_handler(lambda: steps.append(None), 100)
            await ask(tx)
            await driver.set_progress_handler(None, 0)
            return len(steps)
        asked: list[tuple[str, Any]] = []

        def note(_1: object, _2: object, statement: str, parameters: Any, *_: object) -> None:
            asked.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await ask(tx)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        pages = 0
        for statement, parameters in asked:
            told = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
            plan = (await connection.exec_driver_sql(told, parameters)).scalar_one()
            top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
            pages += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        return pages
