"""A clock that tests move by hand."""

from datetime import UTC, datetime, timedelta


class Moment:
    """Stands still until it is told to pass."""

    def __init__(self, now: datetime = datetime(2025, 2, 18, 18, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Move on by so many `minutes=`, `hours=`, ..."""
        self.now += timedelta(**time)
