"""channels.toml, followed while Courant runs: a good one is taken over, a broken one is told of and changes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path

from app.seeds import load_text
from core.errors import BadInput, StorageError
from core.lists import Lists, read_lists
from storage.store import Store

log = logging.getLogger(__name__)
SECONDS = 3.0  # between looks at the file


class ListsWatch:
    """Keeps the lists in the database as the file says."""

    def __init__(self, store: Store, path: Path, tell: Callable[[str], Awaitable[None]]) -> None:
        """`tell` brings a word to the administrators."""
        self._store, self._path, self._tell = store, path, tell
        self._seen: tuple[int, int] | None = None
        self._hash = b""
        self._broken = ""

    async def begin(self) -> None:
        """Take the file over. A broken one is passed over where there are lists in force already, and raised as
        BadInput where there are none."""
        async with self._store.read() as tx:
            in_force = await tx.channels.lists()
        if (error := await self.look()) and not in_force:
            raise error

    async def run(self) -> None:
        """Look at the file every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            try:
                await self.look()
            except StorageError as error:
                log.error("the lists wait: %s", error)

    async def look(self) -> BadInput | None:
        """Take the file over if it has changed; gives what is wrong with it, told once."""
        try:
            stamp = self._stamp()
            if stamp is not None and stamp == self._seen:
                return None
            text = load_text(self._path)
            digest = blake2b(text.encode("utf-8", "replace")).digest()
            if digest != self._hash:
                await take_over(self._store, read_lists(text, str(self._path)))
                log.info("took over %s", self._path)
        except BadInput as error:
            await self._refused(error)
            return error
        self._seen, self._hash, self._broken = stamp, digest, ""
        return None

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    async def _refused(self, error: BadInput) -> None:
        if str(error) == self._broken:
            return
        self._broken = str(error)
        log.error("the lists stay as they were: %s", error)
        await self._tell(f"The lists stay as they were. {error}")


async def take_over(store: Store, lists: Lists) -> None:
    """Make these the lists in force."""
    async with store.begin() as tx:
        await tx.channels.take_over(lists.lists, lists.settings)
