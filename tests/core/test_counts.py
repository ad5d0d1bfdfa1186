"""When counts are looked at again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.counts import AGES, next_count

PUBLISHED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_post_is_counted_at_ages_that_grow_and_then_no_more() -> None:
    now, moments = PUBLISHED, []
    while (at := next_count(PUBLISHED, now)) is not None:
        moments.append(at - PUBLISHED)
        now = at
    assert moments == list(AGES) == sorted(AGES)


@given(st.integers(-86_400, 10 * 86_400))
def test_the_next_count_lies_ahead_and_skips_none_that_does(seconds: int) -> None:
    now = PUBLISHED + timedelta(seconds=seconds)
    ahead = [PUBLISHED + age for age in AGES if PUBLISHED + age > now]
    assert next_count(PUBLISHED, now) == (ahead[0] if ahead else None)
