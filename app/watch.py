"""channels.toml, followed while Courant runs: a good one is taken over, a broken one is told of and changes nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from hashlib import blake2b
from pathlib import Path

from core.errors import BadInput
from core.list_file import ListFile, load_text
from core.lists import Lists, read_lists
from core.logs import going_on
from storage.store import Store

log = logging.getLogger(__name__)
SECONDS = 3.0  # between looks at the file


class ListsWatch:
    """Keeps the lists in the database as the file says."""

    def __init__(
        self, store: Store, file: ListFile, tell: Callable[[str], Awaitable[None]], *, has_account: bool = False
    ) -> None:
        """`tell` brings a word to the administrators; `has_account` where one is there to read folders."""
        self._store, self._file, self._tell, self._has_account = store, file, tell, has_account
        self._lists: Lists | None = None
        self._waiting: tuple[str, ...] = ()  # lists whose folder needs an account
        self._seen: tuple[str, int, int] | None = None
        self._hash = b""
        self._broken = ""
        self._turn = asyncio.Lock()  # what a folder holds must not bring back lists that a new file has replaced

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
            with going_on(log, "the lists wait"):
                await self.look()

    async def look(self) -> BadInput | None:
        """Take the file over if it has changed; gives what is wrong with it, told once."""
        async with self._turn:
            return await self._look()

    async def _look(self) -> BadInput | None:
        try:
            path = self._file.present  # a file of one's own takes the place of the one that came with the program
            stamp = _stamp(path)
            if stamp is not None and stamp == self._seen:
                return None
            text = load_text(path)
            digest = blake2b(text.encode("utf-8", "replace")).digest()
            if digest != self._hash:
                await self._check_says_something(path, text)
                lists = read_lists(text, str(path))
                await take_over(self._store, lists)
                self._lists = lists
                log.info("took over %s", path)
                await self._tell_of_folders(lists)
        except BadInput as error:
            await self._refused(error)
            return error
        self._seen, self._hash, self._broken = stamp, digest, ""
        return None

    async def again(self) -> None:
        """Take the lists over again as they were: what their folders hold has changed. Raises StorageError, after which
        the next look does it."""
        async with self._turn:
            if self._lists is None:
                return
            seen, known, self._seen, self._hash = self._seen, self._hash, None, b""
            await take_over(self._store, self._lists)
            self._seen, self._hash = seen, known

    async def _tell_of_folders(self, lists: Lists) -> None:
        waiting = () if self._has_account else lists.folders
        if waiting and waiting != self._waiting:
            words = f"{without_account(waiting)}: sign one in with `courant login`."
            log.warning("%s", words)
            await self._tell(words)
        self._waiting = waiting

    async def _check_says_something(self, path: Path, text: str) -> None:
        """Raise BadInput for an empty file where there are lists in force: a full disk, or a hand that is just
        writing it, leaves one."""
        if text.strip():
            return
        async with self._store.read() as tx:
            if await tx.channels.lists():
                raise BadInput(path, "is empty: write `[lists]` into it to end all lists")

    async def _refused(self, error: BadInput) -> None:
        if str(error) == self._broken:
            return
        self._broken = str(error)
        log.error("the lists stay as they were: %s", error)
        await self._tell(f"The lists stay as they were. {error}")


def _stamp(path: Path) -> tuple[str, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_size


def without_account(lists: Sequence[str]) -> str:
    """What is to be said of lists that have a folder where there is no account."""
    return f"The folder of {', '.join(lists)} needs an account to be read"


async def take_over(store: Store, lists: Lists) -> None:
    """Make these the lists in force."""
    async with store.begin() as tx:
        await tx.channels.take_over(lists.lists, lists.settings)
