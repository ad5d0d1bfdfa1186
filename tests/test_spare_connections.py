"""A connection that one test leaves to the next is as good as a new one."""

from tests.databases import opened

_SELDOM, _OFTEN = 1, 9  # the driver prepares what it is asked for the sixth time


async def test_what_one_test_had_prepared_does_not_fail_the_next(postgres_url: str) -> None:
    # the first connection of an engine is asked what the server is, and forgets by that; the second is not
    for times in (_SELDOM, _OFTEN, _OFTEN):
        async with opened(postgres_url) as store, store.read(), store.read() as tx:
            for _ in range(times):
                await tx._connection.exec_driver_sql("SELECT 'asked for again and again'")
