"""When a digest is due, by the clock on the reader's wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from digest.due import due_on, next_due

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = """UTC Europe/Berlin Europe/Moscow America/New_York America/Nuuk Australia/Lord_Howe Asia/Kathmandu Asia/Tehran
    America/Sao_Paulo Africa/Casablanca Pacific/Chatham America/Havana Asia/Beirut""".split()


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def test_the_next_digest_is_at_the_readers_hour() -> None:
    assert next_due(time(9), BERLIN, utc(2025, 2, 18, 7, 59)) == utc(2025, 2, 18, 8)
    assert next_due(time(9), BERLIN, utc(2025, 2, 18, 8)) == utc(2025, 2, 19, 8)


def test_an_hour_that_a_spring_night_leaves_out_is_made_up_for_after_the_gap() -> None:
    assert next_due(time(2, 30), BERLIN, utc(2025, 3, 29, 12)) == utc(2025, 3, 30, 1)
    assert next_due(time(2, 30), BERLIN, utc(2025, 3, 30, 1)) == utc(2025, 3, 31, 0, 30)


def test_an_hour_that_an_autumn_night_shows_twice_counts_once() -> None:
    assert next_due(time(2, 30), BERLIN, utc(2025, 10, 25, 12)) == utc(2025, 10, 26, 0, 30)
    assert next_due(time(2, 30), BERLIN, utc(2025, 10, 26, 0, 30)) == utc(2025, 10, 27, 1, 30)


def test_a_day_that_has_had_its_digest_has_no_other() -> None:
    had = utc(2025, 2, 18, 8)
    assert next_due(time(20), BERLIN, utc(2025, 2, 18, 9), had) == utc(2025, 2, 19, 19)
    assert next_due(time(7), BERLIN, utc(2025, 2, 18, 9), had) == utc(2025, 2, 19, 6)
    assert next_due(time(20), BERLIN, utc(2025, 2, 19, 9), had) == utc(2025, 2, 19, 19)
    new_york = ZoneInfo("America/New_York")  # where it was 3 in the morning of that day
    assert next_due(time(9), new_york, utc(2025, 2, 18, 9), had) == utc(2025, 2, 19, 14)


def test_so_it_is_where_a_gap_that_begins_at_midnight_put_the_digest_off() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 25 April 2025 began at one
    had = utc(2025, 4, 24, 22)
    assert due_on(date(2025, 4, 25), time(0, 30), cairo) == had
    assert next_due(time(8), cairo, had, had) == due_on(date(2025, 4, 26), time(8), cairo)


def test_a_gap_over_midnight_skips_no_day() -> None:
    nuuk = ZoneInfo("America/Nuuk")  # 30 March 2024, 23:00 was followed by midnight
    assert due_on(date(2024, 3, 30), time(23, 30), nuuk) == utc(2024, 3, 31, 1)
    assert due_on(date(2024, 3, 31), time(23, 30), nuuk) == utc(2024, 4, 1, 0, 30)


def test_a_day_that_a_zone_left_out_has_no_digest() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert due_on(date(2011, 12, 30), time(9), apia) is None
    before = due_on(date(2011, 12, 29), time(9), apia)
    assert before is not None
    assert next_due(time(9), apia, before) == due_on(date(2011, 12, 31), time(9), apia)


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda found: found.replace(microsecond=0, second=0)),
    start=st.dates(date(1995, 1, 1), date(2035, 1, 1)),
)
@example(zone="America/Nuuk", at=time(23, 30), start=date(2024, 3, 25))
@example(zone="America/Havana", at=time(0, 0), start=date(2025, 3, 5))
def test_each_day_of_the_readers_calendar_has_one_due_moment(zone: str, at: time, start: date) -> None:
    place = ZoneInfo(zone)
    days = [start + timedelta(days=n) for n in range(15)]
    expected = [due_on(day, at, place) for day in days]
    moment = datetime.combine(start, time(0), place).astimezone(UTC) - timedelta(minutes=1)
    found = []
    while (moment := next_due(at, place, moment)) <= (expected[-1] or moment):
        found.append(moment)
    assert found[-15:] == expected
    assert [next_due(at, place, due, had=due) for due in found[:-1]] == found[1:]
    assert len(found) <= 16  # one more where yesterday's digest fell into today's first minutes
    for day, due in zip(days, expected, strict=True):
        assert due is not None
        wall = due.astimezone(place)
        exists = datetime.combine(day, at, place).astimezone(UTC).astimezone(place).replace(tzinfo=None)
        if exists == datetime.combine(day, at):
            assert wall.replace(tzinfo=None, fold=0) == datetime.combine(day, at)
        else:
            assert wall.replace(tzinfo=None, fold=0) > datetime.combine(day, at)
