"""What goes wrong with a source of posts: counted by cause, logged and told once for each."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import ChannelUnavailable, SourceError

PATIENCE = 2  # failures of a channel in a row that pass by themselves, as a rule
MOST = 100  # causes that are told apart: a server may word each of its answers otherwise
OTHERS = "other causes"
QUIET = timedelta(days=1)  # after which a cause that was told comes as a new one

log = logging.getLogger(__name__)


class Troubles:
    """Counts causes. The administrators hear of each once: of a channel that cannot be read at all at once, of
    what may pass when it came three times running."""

    def __init__(self, clock: Clock, tell: Callable[[str], Awaitable[None]] | None = None) -> None:
        """`tell` brings a word to the administrators."""
        self._clock, self._tell = clock, tell
        self._logged: dict[str, datetime] = {}
        self._told: dict[str, datetime] = {}
        self.counts: Counter[str] = Counter()

    def count(self, cause: str, number: int = 1) -> None:
        """Something odd was met that needs no word."""
        self.counts[self._known(cause)] += number

    def met(self, error: SourceError, failures: int, wait: timedelta) -> str | None:
        """A channel could not be read, after so many failures in a row; it is tried again after `wait`. Gives what is
        to be told, if it is."""
        self.count(error.cause)
        lasting = isinstance(error, ChannelUnavailable)
        if not failures:
            new = self._is_new(self._logged, self._known(error.cause))
            log.log(logging.WARNING if lasting or new else logging.DEBUG, "%s; again in %s", error, wait)
        return self.again(error, failures)

    def again(self, error: SourceError, failures: int) -> str | None:
        """What is to be told of a failure that was counted and logged, after so many in a row, if it is."""
        lasting = isinstance(error, ChannelUnavailable)
        if (lasting or failures >= PATIENCE) and self._is_new(self._told, self._known(error.cause)):
            return f"A channel cannot be read. {error}. More on it: courant channels"
        return None

    def odd(self, cause: str, number: int, words: str) -> str | None:
        """Something odd was met so many times in what was read all the same. Gives the words if they are to be told."""
        self.count(cause, number)
        return f"{words}." if self._is_new(self._told, self._known(cause)) else None

    async def tell(self, words: str) -> None:
        """Tell the administrators; that may fail, and is no failure of the reading."""
        if self._tell is None:
            return
        try:
            await self._tell(words)
        except Exception:  # whatever keeps the word from its way, the channels are to be read
            log.exception("the administrators could not be told")

    def _known(self, cause: str) -> str:
        return cause if cause in self.counts or len(self.counts) < MOST else OTHERS

    def _is_new(self, seen: dict[str, datetime], cause: str) -> bool:
        now = self._clock()
        last = seen.get(cause)
        seen[cause] = now
        return last is None or not timedelta() <= now - last <= QUIET
