"""A store whose writing can be made to fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import StorageUnavailable
from storage.store import Store, Transaction


class FragileStore(Store):
    """The same database as `store`; `failures` transactions that write, after `spared` others, are rolled back with
    `error` when they are about to be committed, as by a kill or a lost connection."""

    def __init__(self, store: Store, *, failures: int = 0, spared: int = 0, error: BaseException | None = None) -> None:
        super().__init__(store._engine)
        self.failures, self.spared = failures, spared
        self.error = error or StorageUnavailable("the connection was lost")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        async with super().begin() as tx:
            yield tx
            if self.spared:
                self.spared -= 1
            elif self.failures:
                self.failures -= 1
                raise self.error
