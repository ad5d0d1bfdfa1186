"""When a page or a host that failed is asked again, and when a page that was read is looked at once more. Pure.

`jitter` is a number from 0 to 1, so that what failed together does not come back together.
"""

from datetime import datetime, timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(minutes=5)  # before a page's second attempt; each further one waits six times as long
MOST_ATTEMPTS: Final = 4
PATIENCE: Final = 3  # failures in a row that a host is forgiven before it is left alone
LONGEST_REST: Final = timedelta(hours=6)
LONGEST_ASKED: Final = timedelta(days=1)  # a host that asks for more does not mean it
GIVEN_UP: Final = timedelta(days=2)  # of trouble without an answer in between
CHECKS: Final = (timedelta(hours=1), timedelta(days=1))  # after which a page is looked at again
YOUNG: Final = timedelta(days=2)  # no page is that is linked by older posts only

_SPREAD: Final = 0.25


def page_again(attempts: int, now: datetime, jitter: float) -> datetime | None:
    """When a page that failed once more is tried again, `attempts` times before; None where that is enough."""
    if attempts + 1 >= MOST_ATTEMPTS:
        return None
    return now + FIRST_WAIT * int(6**attempts) * (1 + _SPREAD * jitter)


def host_again(failures: int, asked: float, now: datetime, jitter: float) -> datetime:
    """When a host that failed once more, `failures` times before, is asked again; it asked for so many seconds."""
    rest = timedelta()
    if failures + 1 >= PATIENCE:
        doubled = min(failures + 1 - PATIENCE, 10)
        rest = min(FIRST_WAIT * 2**doubled * (1 + _SPREAD * jitter), LONGEST_REST)
    return now + max(rest, min(timedelta(seconds=asked), LONGEST_ASKED))


def next_check(checks: int, linked: datetime | None, now: datetime, jitter: float) -> datetime | None:
    """When a page that was looked at `checks` times since it was read is looked at again, if at all; `linked` is the
    moment of the newest post that links it."""
    if checks >= len(CHECKS) or linked is None or linked < now - YOUNG:
        return None
    since = CHECKS[checks - 1] if checks else timedelta()
    return now + (CHECKS[checks] - since) * (1 + _SPREAD * jitter)
