"""Pure: when a channel is to be read again, by its own rhythm and by how it failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=1)
UNKNOWN = timedelta(minutes=10)  # of a channel with too few posts to have a rhythm
LONGEST_WAIT = timedelta(hours=6)


def interval(dates: Sequence[datetime], now: datetime) -> timedelta:
    """How long to wait before the next reading: half of what usually lies between two of its posts, or a quarter of the
    silence since the last one where that is longer."""
    ordered = sorted(dates)
    if len(ordered) < 3:
        return UNKNOWN
    usual = timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(ordered)))
    return min(max(usual / 2, (now - ordered[-1]) / 4, SHORTEST), LONGEST)


def slower(last: timedelta | None) -> timedelta:
    """The same after a reading that found nothing changed; `last` is how long it had waited."""
    longer: timedelta = 1.5 * max(last or UNKNOWN, SHORTEST)
    return min(longer, LONGEST)


def back_off(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: a minute, doubled each time."""
    return min(timedelta(minutes=1 << min(failures, 10)), LONGEST_WAIT)
