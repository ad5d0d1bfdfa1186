"""Pure: when a reader's digest is due, by the reader's own clock.

Time lives in the data: the scheduler only asks. A day whose clock never shows the hour (the gap of a spring night) has
its digest at the first moment after the gap; a day whose clock shows it twice, at the first of the two.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_STEP = timedelta(seconds=1)


def next_due(at: time, zone: ZoneInfo, after: datetime, had: datetime | None = None) -> datetime:
    """The first moment strictly after `after` (aware) at which the clock of `zone` shows `at`, in UTC.

    One due moment for each day of the reader's calendar; a day that the zone leaves out as a whole has none, nor has
    the day of `had`, the moment at which the last digest was due, and each before it.
    """
    day = after.astimezone(zone).date() - _DAY
    if had is not None:
        day = max(day, _day_of(had, zone) + _DAY)
    while True:
        moment = due_on(day, at, zone)
        if moment is not None and moment > after:
            return moment
        day += _DAY


def due_on(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The due moment of one day of the reader's calendar, in UTC; None for a day that the zone leaves out."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _after_gap(wall, zone, day)


def _day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day of the reader's calendar whose digest is due at this moment; of the end of a gap, that on which the gap
    began."""
    return ((moment - _STEP).astimezone(zone).replace(tzinfo=None) + _STEP).date()


def _after_gap(wall: datetime, zone: ZoneInfo, day: date) -> datetime | None:
    """The first moment after the gap that a wall time fell into; None if the whole day did."""
    # In a gap fold=0 takes the old offset, which lands past the gap, and fold=1 the new one, which lands before it.
    late, early = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    while late - early > _STEP:
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    moment = late.replace(microsecond=0)
    return moment if day in {side.astimezone(zone).date() for side in (moment, moment - _STEP)} else None
