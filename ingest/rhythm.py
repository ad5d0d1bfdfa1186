"""Pure: when a channel is to be read again, by its own rhythm and by how it failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import floor
from statistics import median

SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=1)
UNKNOWN = timedelta(minutes=10)  # of a channel with too few posts to have a rhythm
LONGEST_WAIT = timedelta(hours=6)
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Rest:
    """A wait from one moment to another. It is over, too, where the clock has been set back to before it began."""

    since: datetime
    until: datetime

    def lasts(self, now: datetime) -> bool:
        return self.since <= now < self.until


def lasting(rest: Rest | None, now: datetime) -> Rest | None:
    """The wait, if there is one and it is not over."""
    return rest if rest is not None and rest.lasts(now) else None


def interval(dates: Sequence[datetime], now: datetime, shortest: timedelta = SHORTEST) -> timedelta:
    """How long to wait before the next reading: half of what usually lies between two of its posts, or a quarter of the
    silence since the last one where that is longer; from `shortest` to an hour."""
    ordered = sorted(dates)
    if len(ordered) < 3:
        return UNKNOWN
    usual = timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(ordered)))
    return min(max(usual / 2, (now - ordered[-1]) / 4, shortest), LONGEST)


def spread(wait: timedelta, channel: int) -> timedelta:
    """A part of the wait, always the same for one channel; channels of neighbouring numbers lie far apart in it."""
    return channel * _GOLDEN % 1.0 * wait


def next_turn(after: datetime, wait: timedelta, channel: int) -> datetime:
    """The channel's first turn after this moment, at most `wait` away.

    Turns stand `wait` apart at a place that the channel's number draws (multiples of the golden ratio, which fill a
    circle evenly): however many channels are read at one moment, their next readings are spread over the whole wait.
    """
    step, place = wait.total_seconds(), spread(wait, channel).total_seconds()
    turn = place + step * (floor((after.timestamp() - place) / step) + 1)
    return max(datetime.fromtimestamp(turn, UTC), after)


def slower(last: timedelta | None) -> timedelta:
    """How long to wait after a reading that found nothing changed; `last` is how long it had waited before it."""
    longer: timedelta = 1.5 * max(last or UNKNOWN, SHORTEST)
    return min(longer, LONGEST)


def back_off(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: a minute, doubled each time."""
    return min(timedelta(minutes=1 << min(failures, 10)), LONGEST_WAIT)
