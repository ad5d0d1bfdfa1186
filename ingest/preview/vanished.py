"""Posts that the web preview shows no longer: one is believed to be deleted when a second reading does not show it
either."""

import logging
from collections.abc import Collection, Sequence

from core.clock import Clock
from core.model import Channel, ChannelId, NewPost
from ingest.missing import missing
from ingest.troubles import Troubles
from storage.store import Store

log = logging.getLogger(__name__)


class Vanished:
    """Remembers which posts are in doubt."""

    def __init__(self, store: Store, clock: Clock, troubles: Troubles) -> None:
        self._store, self._clock, self._troubles = store, clock, troubles
        self._doubtful: dict[ChannelId, frozenset[int]] = {}
        self._masses: set[ChannelId] = set()

    def doubts(self, channel: ChannelId) -> bool:
        """Whether a post of the channel is in doubt."""
        return channel in self._doubtful

    async def unchanged(self, channel: Channel, first: int) -> None:
        """The page that begins with message `first` is as it was: what it did not show then it does not show again."""
        if doubtful := self._doubtful.get(channel.id):
            await self._delete(channel, {number for number in doubtful if number >= first})

    async def compare(
        self,
        channel: Channel,
        posts: Sequence[NewPost],
        first: int,
        last: int,
        *,
        newest: int,
        beside: int = 0,
        before: Collection[int] = (),
    ) -> bool:
        """Whether a stored post from message `first` to `last` is missing for the first time among these, which are all
        that are there; what is missing for the second time is marked as deleted. Compared are posts that the preview
        gave, or an account up to `newest` (it may be ahead of the page), and those `before` that the preview is known
        to have shown."""
        seen = {number for post in posts for number in post.message_ids}
        async with self._store.read() as tx:
            stored = await tx.posts.numbers_on_preview(channel.id, first, last, newest=newest)
            if vanished := set(before) - seen - stored:
                stored |= vanished & await tx.posts.numbers_of(channel.id, first, last)
        gone = missing(stored, seen, len(posts) + beside)
        if gone is None:
            if channel.id not in self._masses:
                log.warning("many posts of %s are missing, too many to be deleted ones", channel.name)
                self._troubles.count("too many posts missing")
            self._masses.add(channel.id)
            return False
        self._masses.discard(channel.id)
        doubtful = self._doubtful.get(channel.id, frozenset())
        beyond = frozenset(number for number in doubtful if not first <= number <= last)
        self._doubtful[channel.id] = beyond | gone
        await self._delete(channel, gone & doubtful)
        return not gone <= doubtful

    async def _delete(self, channel: Channel, numbers: Collection[int]) -> None:
        """Mark these as deleted; what is still in doubt stays so."""
        if numbers:
            async with self._store.begin() as tx:
                gone = await tx.posts.mark_deleted(channel.id, numbers, self._clock())
            log.info("%s: %d posts deleted", channel.name, gone)
        if left := self._doubtful.get(channel.id, frozenset()).difference(numbers):
            self._doubtful[channel.id] = left
        else:
            self._doubtful.pop(channel.id, None)
