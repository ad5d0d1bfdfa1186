"""The one home of the present moment: everything else takes a `Clock` or a `now`, and what waits a `Sleep`."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

Clock = Callable[[], datetime]
Monotonic = Callable[[], float]  # seconds that only grow, whatever becomes of the clock
Sleep = Callable[[float], Coroutine[Any, Any, object]]


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


def is_within(span: timedelta, since: datetime | None, now: datetime) -> bool:
    """Whether less than `span` has passed since a moment; not where there was none. Nor where that is still to come:
    the clock was ahead then and has been set back, and what is done every so often must not wait until it is there
    again."""
    return since is not None and timedelta() <= now - since < span
