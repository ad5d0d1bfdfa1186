"""When a channel is read again."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rhythm import LONGEST, LONGEST_WAIT, SHORTEST, UNKNOWN, back_off, interval, next_turn, slower, spread
from tests.moments import MOMENTS, NOW


def every(minutes: float, *, since: float = 0, number: int = 20) -> Sequence[datetime]:
    """Dates that stand so far apart, the last one `since` minutes ago."""
    return [NOW - timedelta(minutes=since + minutes * n) for n in range(number)]


@pytest.mark.parametrize(
    ("minutes", "since", "wait"),
    [(10, 0, 5), (1, 0, 2), (600, 0, 60), (10, 40, 10), (10, 12, 5), (10, 10_000, 60)],
    ids=["half the usual", "never too often", "never too rarely", "silent", "not yet silent", "long silent"],
)
def test_a_channel_is_read_in_its_own_rhythm(minutes: float, since: float, wait: float) -> None:
    assert interval(every(minutes, since=since), NOW) == timedelta(minutes=wait)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_channel_with_few_posts_has_no_rhythm(number: int) -> None:
    assert interval(every(3, number=number), NOW) == UNKNOWN


@given(st.lists(MOMENTS, max_size=30), MOMENTS, st.randoms(use_true_random=False))
def test_an_interval_is_bounded_and_knows_no_order(dates: list[datetime], now: datetime, random: Random) -> None:
    wait = interval(dates, now)
    assert SHORTEST <= wait <= LONGEST
    random.shuffle(dates)
    assert interval(dates, now) == wait


def test_a_channel_where_nothing_changes_is_read_less_and_less() -> None:
    waits = [slower(None)]
    for _ in range(9):
        waits.append(slower(waits[-1]))
    assert waits[0] == 1.5 * UNKNOWN
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST
    assert slower(timedelta(seconds=1)) == 1.5 * SHORTEST


@given(MOMENTS, st.integers(60, 86_400), st.integers(1, 10**6))
def test_turns_stand_a_wait_apart_and_the_next_is_never_farther(after: datetime, seconds: int, channel: int) -> None:
    wait, slip = timedelta(seconds=seconds), timedelta(milliseconds=1)  # of reckoning with fractions
    turn = next_turn(after, wait, channel)
    assert after <= turn <= after + wait + slip
    assert abs(next_turn(turn + slip, wait, channel) - turn - wait) <= slip


def test_channels_read_at_one_moment_are_spread_over_the_whole_wait() -> None:
    hour = timedelta(hours=1)
    turns = sorted(next_turn(NOW, hour, channel) for channel in range(1, 6001))
    minutes = Counter(int((turn - NOW) / timedelta(minutes=1)) for turn in turns)
    assert set(minutes) >= set(range(60))
    assert max(minutes.values()) <= 110
    assert spread(hour, 7) == spread(hour, 7) != spread(hour, 8)


def test_failures_in_a_row_wait_twice_as_long_each_time() -> None:
    waits = [back_off(failures) for failures in range(12)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits[-1] == LONGEST_WAIT == back_off(10**9)
