"""The lists as those who run the place keep them from the bot: written into channels.toml and in force at once."""

import asyncio
from collections.abc import Callable, Collection

from aiogram.types import Message

from core.list_file import ListFile
from core.lists import Lists, read_lists
from storage.store import Store


class Keeper:
    """Changes the file of lists for `admins`."""

    def __init__(self, store: Store, file: ListFile, admins: Collection[int]) -> None:
        self.admins = frozenset(admins)
        self.what = str(file.path)
        self._store, self._file = store, file

    async def lists(self) -> Lists:
        """The lists as the file has them. Raises BadInput where it is broken or cannot be read."""
        return read_lists(await asyncio.to_thread(self._file.text), self.what)

    async def change(self, make: Callable[[str], str]) -> Lists:
        """Put what `make` makes of the file's text in its place; gives the lists then, which are in force. Raises what
        ListFile.edit and `make` do."""
        await asyncio.to_thread(self._file.edit, make)
        async with self._store.begin() as tx:  # read once nobody else takes lists over: what is newest stays
            lists = await self.lists()
            await tx.channels.take_over(lists.lists, lists.settings)
        return lists


def keeps(message: Message, keeper: Keeper | None) -> bool:
    """Whether this was written in private by one who runs the place."""
    person = message.from_user
    return keeper is not None and person is not None and message.chat.id == person.id and person.id in keeper.admins
