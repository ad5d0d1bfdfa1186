"""A store whose writing can be made to fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import StorageUnavailable
from storage.store import Store, Transaction


class FragileStore(Store):
    """The same database as `store`; the next `failures` transactions that write are rolled back with `error` when they
    are about to be committed, as by a kill or a lost connection."""

    def __init__(self, store: Store, *, failures: int = 0, error: BaseException | None = None) -> None:
        super().__init__(store._engine)
        self.failures = failures
        self.error = error or StorageUnavailable("the connection was lost")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        async with super().begin() as tx:
            yield tx
            if self.failures:
                self.failures -= 1
                raise self.error
