"""Which stories of a digest tell of one event after all."""

from datetime import UTC, datetime, timedelta

import pytest

from core.model import Post
from digest.one_event import told_twice
from tests.digest.events import BANK, BRIDGES, HALVES, NOISE, OTHER_QUAKE, QUAKE
from tests.posts import a_stored_post

NOON = datetime(2025, 2, 18, 12, tzinfo=UTC)


def stories(*texts: list[str], apart: timedelta = timedelta()) -> dict[str, list[Post]]:
    """A story of each list of texts, named a, b, c, each so long after the one before."""
    return {
        "abcdefgh"[story]: [
            a_stored_post(story * 10 + n, text, channel=f"channel_{n}", date=NOON + story * apart)
            for n, text in enumerate(some)
        ]
        for story, some in enumerate(texts)
    }


@pytest.mark.parametrize(
    ("one", "other"), [(QUAKE[:2], [QUAKE[2], QUAKE[0]]), (BANK[:2], BANK[1:])], ids=["quake", "bank"]
)
def test_whole_stories_of_one_event_find_each_other_among_the_rest(one: list[str], other: list[str]) -> None:
    found = told_twice(stories(one, NOISE[:2], other, NOISE[2:4], NOISE[4:]))
    assert found == {"a": ["c"], "c": ["a"]}


def test_two_events_of_a_kind_are_two() -> None:
    assert told_twice(stories(QUAKE, OTHER_QUAKE, HALVES, BRIDGES, NOISE)).keys() <= {"c", "d"}


def test_what_is_told_in_the_same_words_of_two_places_is_two_events() -> None:
    wells = "The district of {} had 7 wells opened by the council after the drought, and engineers measured the water."
    arlen, borvik = ([wells.format(place)] * 2 for place in ("Arlen", "Borvik"))
    assert told_twice(stories(arlen, borvik, NOISE)) == {}


def test_an_event_of_days_ago_is_another() -> None:
    assert told_twice(stories(QUAKE[:2], [QUAKE[2], QUAKE[0]], apart=timedelta(days=4))) == {}


def test_nothing_is_alike_where_there_is_nothing() -> None:
    assert told_twice({}) == {}
    assert told_twice(stories([""], ["🔥"])) == {}
