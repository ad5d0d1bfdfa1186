"""Folders of chats (t.me/addlist/…) that lists name, read once a day by whichever account comes first.

    what a folder holds ── its channels, in the tables ── the lists taken over again

What is known of a folder stays while it cannot be read, and serves the web preview where there is no account any more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from core.clock import Clock, is_within
from core.errors import ChannelUnavailable, RateLimited, SignedOut, SourceError
from core.lists import is_channel_name
from core.model import Folder, FolderChannel
from ingest.accounts.folder_words import name_of, said_of
from ingest.accounts.peers import AddressBook
from ingest.rhythm import LONGEST_WAIT, back_off
from ingest.telegram.values import FolderPage
from ingest.troubles import Troubles
from storage.store import Store

EVERY = timedelta(days=1)
LOOK_EVERY = timedelta(seconds=10)  # at the table
PATIENT = 3  # failures in a row that pass by themselves, as a rule
_LONGEST_TITLE = 200

log = logging.getLogger(__name__)


class FolderReader:
    """Keeps what folders hold, and has the lists taken over again where that has changed."""

    def __init__(self, store: Store, clock: Clock, changed: Callable[[], Awaitable[None]], troubles: Troubles) -> None:
        """`changed` takes the lists over again; `troubles` counts what goes wrong, and tells the administrators."""
        self._store, self._clock, self._changed, self._troubles = store, clock, changed, troubles
        self._looked_at: datetime | None = None
        self._turn = asyncio.Lock()

    def is_to_look(self) -> bool:
        """Whether it is time to look for folders that are due, and nobody does."""
        if self._turn.locked():
            return False
        return not is_within(LOOK_EVERY, self._looked_at, self._clock())

    async def read(self, book: AddressBook) -> bool:
        """Read the folders that are due with the account of these addresses; gives whether lists have changed. Raises
        SignedOut and StorageError."""
        has_changed = False
        async with self._turn:
            now = self._looked_at = self._clock()
            async with self._store.read() as tx:
                folders = [each for each in await tx.folders.all() if _is_due(each, now)]
            for folder in folders:
                try:
                    page = await book.folder(name_of(folder), folder.slug)
                    has_changed |= await self._keep(folder, page, book)
                except RateLimited as error:
                    log.info("folders wait for another account, or for this one: %s", error)
                    break
                except SignedOut:
                    raise
                except SourceError as error:
                    await self._failed(folder, error)
        return has_changed

    async def _keep(self, folder: Folder, page: FolderPage, book: AddressBook) -> bool:
        now = self._clock()
        title = _tame(page.title) or folder.title
        async with self._store.begin() as tx:
            before = {each.telegram_id: each for each in (await tx.folders.channels()).get(folder.slug, ())}
            members = [
                FolderChannel(
                    telegram_id=peer.id,
                    name=peer.channel,
                    title=_tame(peer.title),
                    closed=peer.id in page.closed,
                )
                for peer in page.channels
                if is_channel_name(peer.channel)
            ]
            members += [before[number] for number in sorted(page.hidden & before.keys())]
            has_changed = await tx.folders.was_read(folder.slug, title, members, page.others, now, now + EVERY)
            after = next((each for each in await tx.folders.all() if each.slug == folder.slug), None)
        if has_changed:
            await self._changed()
            await book.keep_folder(page)
        if after is not None and _counts(after) != _counts(folder):
            words = said_of(after)
            log.info("%s", words)
            if after.closed or after.others:
                await self._troubles.tell(words)
        return has_changed

    async def _failed(self, folder: Folder, error: SourceError) -> None:
        lasting = isinstance(error, ChannelUnavailable)
        wait = LONGEST_WAIT if lasting else back_off(folder.failures)
        log.warning("%s; again in %s", error, wait)
        self._troubles.count(error.cause)
        async with self._store.begin() as tx:
            await tx.folders.failed(folder.slug, error.reason, self._clock() + wait)
        if folder.failures == (0 if lasting else PATIENT - 1):
            await self._troubles.tell(f"{error}. Its channels stay as they were read last.")


def _is_due(folder: Folder, now: datetime) -> bool:
    """Whether it is time to read the folder; it is, too, where the clock has been set back since it was read."""
    return folder.next_at is None or folder.next_at <= now or (folder.read_at is not None and folder.read_at > now)


def _tame(title: str) -> str:
    """A title as it may be kept: some databases refuse what no one sees."""
    return "".join(each for each in title if each.isprintable())[:_LONGEST_TITLE].strip()


def _counts(folder: Folder) -> tuple[int, int, int]:
    return folder.channels, folder.closed, folder.others
