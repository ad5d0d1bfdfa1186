"""Pure: which stored posts are gone, by what a source shows of the same range of message ids."""

from collections.abc import Collection
from datetime import timedelta

SWEEP_EVERY = timedelta(hours=3)  # older posts than those of the newest page are compared
SWEEP_BACK = timedelta(days=3)  # posts that may still be edited or deleted
FEW = 3  # posts that may be missing in any case


def missing(stored: Collection[int], shown: Collection[int], there: int) -> frozenset[int] | None:
    """The stored ids that are not shown, though all that is there was asked for; None where more is missing than is
    there (`there` posts, those beside the range included): then something else has happened to the channel, and
    nothing has been deleted."""
    gone = frozenset(stored).difference(shown)
    return gone if len(gone) <= max(FEW, there) else None
