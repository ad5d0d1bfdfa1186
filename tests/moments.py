"""The moment at which tests begin, a clock that they move by hand, and when Telegram may have had channels."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

NOW = datetime(2025, 2, 18, 18, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2013, 8, 1), datetime(2106, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - `timezones` adds it


class Moment:
    """Stands still until it is told to pass."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Move on by so many `minutes=`, `hours=`, ..."""
        self.now += timedelta(**time)
