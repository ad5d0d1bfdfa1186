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


@pytest.mark.parametrize(
    ("one", "next_one"),
    [
        (["Биткоин уже не остановить: монета прошла 91 000."], ["Стоимость биткойна впервые выше 92 тысяч долларов."]),
        (["Доллар поднялся выше 103 рублей."], ["ЦБ установил официальные курсы: евро 107,42 рубля."]),
        (["Москву накрыл снегопад."] * 2, ["Гололёд ждёт водителей Москвы к вечеру.", "Синоптики ждут метель ночью."]),
        (["Snow has stopped the trams of London."], ["Forecasters expect frost in the south."]),
    ],
    ids=["price", "rate", "weather", "weather of no place"],
)
def test_the_next_of_what_is_told_anew_all_day_goes_with_it(one: list[str], next_one: list[str]) -> None:
    found = told_twice(stories(NOISE[:2], one, NOISE[2:4], next_one))
    assert found == {"b": ["d"], "d": ["b"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["В Москве выпал снег."] * 2, ["В Лондоне выпал снег, какого не было десять лет."]),
        (["Доллар поднялся выше 103 рублей."], ["Туристам обещают по 400 долларов и ужин."]),
        (["Доллар поднялся выше 103 рублей."], ["Турист заплатил за ужин 400 долларов, или 40 тыс. рублей."]),
        (["Биткоин прошёл 91 000 долларов."], ["Грабители забрали у семьи из Коры 12 биткоинов."]),
        (
            ["Биткоин прошёл 91 000 долларов."],
            ["Хакер осуждён в США за кражу кошельков.", "Он украл биткоины, пишет BBC."],
        ),
        (
            ["Rain fell on the harbour all day."],
            ["The ferry is late, passengers say.", "It will run from noon.", "Rain."],
        ),
    ],
    ids=[
        "another place",
        "a sum of money",
        "a sum in two currencies",
        "so many of them",
        "by the way",
        "in one post of three",
    ],
)
def test_what_only_speaks_of_weather_and_money_stands_by_itself(one: list[str], other: list[str]) -> None:
    assert told_twice(stories(NOISE[:2], one, NOISE[2:4], other)) == {}


def test_an_event_of_days_ago_is_another() -> None:
    assert told_twice(stories(QUAKE[:2], [QUAKE[2], QUAKE[0]], apart=timedelta(days=4))) == {}


def test_nothing_is_alike_where_there_is_nothing() -> None:
    assert told_twice({}) == {}
    assert told_twice(stories([""], ["🔥"])) == {}
