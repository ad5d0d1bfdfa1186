"""When the counts of a post are worth looking at again: they grow fast at first, and hardly at all after days."""

from datetime import datetime, timedelta

AGES = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 4 * 60, 12 * 60, 24 * 60, 3 * 24 * 60))


def next_count(published: datetime, now: datetime) -> datetime | None:
    """The next age at which to count, seen from `now`; None past the last. It follows from the two moments alone, so
    that a restart neither forgets a count nor asks for many at once."""
    return next((published + age for age in AGES if published + age > now), None)
