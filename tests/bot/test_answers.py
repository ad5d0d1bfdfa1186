"""Hours and zones as people write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import hour, next_due
from bot.zones import LIKELY, by_clock, label, local, tz, zone


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("8", "08:00"),
        ("8:30", "08:30"),
        ("0830", "08:30"),
        ("830", "08:30"),
        ("20.15", "20:15"),
        ("8 pm", "20:00"),
        ("8 o’clock", "08:00"),
        ("8AM", "08:00"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("at 7:45", "07:45"),
        ("8h30", "08:30"),
        ("noon", "12:00"),
        ("в 9", "09:00"),
        ("в 9 вечера", "21:00"),
        ("7 утра", "07:00"),
        ("11 ночи", "23:00"),
        ("2 ночи", "02:00"),
        ("в полдень", "12:00"),
        ("8 часов", "08:00"),
        ("24", "00:00"),
        ("  8 : 30 ", "08:30"),
        ("16ч 30м", "16:30"),
        ("at nine", "09:00"),
        ("every morning at 7", "07:00"),
        ("around 8 in the evening", "20:00"),
        ("half past seven", "07:30"),
        ("a quarter to one", "12:45"),
        ("в восемь утра", "08:00"),
        ("9 часов утра пожалуйста", "09:00"),
        ("половина восьмого вечера", "19:30"),
        ("без четверти восемь", "07:45"),
        ("час дня", "13:00"),
        ("8 утра по Москве", "08:00"),
        ("19:00 мск", "19:00"),
        ("20 00", "20:00"),
        ("полдевятого", "08:30"),
        ("в половине девятого", "08:30"),
        ("восемь тридцать", "08:30"),
        ("seven thirty pm", "19:30"),
        ("7 часов 30 минут", "07:30"),
        ("часов в 9", "09:00"),
        ("утром в 8", "08:00"),
        ("каждый вечер в 9", "21:00"),
        ("every evening at 9", "21:00"),
        ("в 11 дня", "11:00"),
        ("12 дня", "12:00"),
        ("12 вечера", "00:00"),
        ("12 in the evening", "00:00"),
    ],
)
def test_an_hour_is_understood_as_people_write_it(typed: str, understood: str) -> None:
    assert hour(typed) == understood


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "25",
        "8:60",
        "quarter to 25",
        "morning",
        "every day",
        "утро",
        "пол",
        "7 8",
        "8 dead",
        "13 am",
        "0 pm",
        "soon",
        "8 or 9",
        "-8",
        "8" * 1000,
        "\x00",
        "9999",
    ],
)
def test_what_is_no_hour_is_not_guessed(typed: str) -> None:
    assert hour(typed) is None


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_can_be_chosen(hours: int, minutes: int) -> None:
    for form in (f"{hours}:{minutes:02}", f"{hours:02}{minutes:02}", f"{hours}.{minutes:02}"):
        assert hour(form) == f"{hours:02}:{minutes:02}"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_hours_and_zones(text: str) -> None:
    at, name = hour(text), zone(text)
    assert at is None or next_due(at, "UTC", datetime(2025, 1, 1, tzinfo=UTC)).strftime("%H:%M") == at
    assert name is None or tz(name).key == name


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("los angeles", "America/Los_Angeles"),
        ("Москва", "Europe/Moscow"),
        ("санкт-петербург", "Europe/Moscow"),
        ("Кишинев", "Europe/Chisinau"),
        ("UTC", "UTC"),
        ("UTC+3", "Etc/GMT-3"),
        ("gmt-5", "Etc/GMT+5"),
        ("+03:00", "Etc/GMT-3"),
        ("МСК+2", "Etc/GMT-5"),
        ("+5:30", "Asia/Kolkata"),
        ("UTC−3", "Etc/GMT+3"),
        ("London, UK", "Europe/London"),
        ("I’m in London", "Europe/London"),
        ("St. John’s", "America/St_Johns"),
        ("N'Djamena", "Africa/Ndjamena"),
        ("in São Paulo", "America/Sao_Paulo"),
        ("Moscow time", "Europe/Moscow"),
        ("по Москве", "Europe/Moscow"),
        ("я в Тбилиси", "Asia/Tbilisi"),
        ("Германия", "Europe/Berlin"),
        ("EST", "America/New_York"),
        ("в Нью-Йорке", "America/New_York"),
        ("я живу в Каире", "Africa/Cairo"),
        ("из Омска", "Asia/Omsk"),
        ("Куала-Лумпур", "Asia/Kuala_Lumpur"),
        ("Краков", "Europe/Warsaw"),
        ("по московскому времени", "Europe/Moscow"),
        ("NYC", "America/New_York"),
        ("Köln", "Europe/Berlin"),
    ],
)
def test_a_zone_is_understood_by_city_or_difference(typed: str, understood: str) -> None:
    assert zone(typed) == understood


@pytest.mark.parametrize("typed", ["", "Atlantis", "UTC+25", "+3:99", "../../etc/passwd", "x" * 100_000])
def test_what_is_no_zone_is_not_guessed(typed: str) -> None:
    assert zone(typed) is None


@pytest.mark.parametrize(
    ("shown", "zone"),
    [
        ("15:02", "Etc/GMT-3"),
        ("12:00", "UTC"),
        ("07:00", "Etc/GMT+5"),
        ("17:31", "Asia/Kolkata"),
        ("00:58", "Etc/GMT-13"),
        ("13:03", "Europe/Berlin"),
        ("12:20", None),
        ("15:05", None),
        ("12:45", None),
    ],
)
def test_a_zone_is_understood_by_what_its_clock_shows_now(shown: str, zone: str | None) -> None:
    assert by_clock(shown, datetime(2025, 2, 18, 12, 0, tzinfo=UTC), "Europe/Berlin") == zone


def test_an_offset_is_shown_as_people_write_it() -> None:
    moment = datetime(2025, 2, 18, 12, 0, tzinfo=UTC)

    assert label("Etc/GMT-3", "en") == "UTC+3"
    assert f"{local(moment, 'Etc/GMT-3'):%H:%M}" == "15:00"
    assert [label("America/New_York", language) for language in ("ru", "en")] == ["Нью-Йорк", "New York"]
    assert [label("Africa/Cairo", language) for language in ("ru", "en")] == ["Каир", "Cairo"]


def test_every_zone_that_is_offered_exists_and_a_vanished_one_is_utc() -> None:
    assert all(tz(name).key == name for names in LIKELY.values() for name in names)
    assert tz("Mars/Olympus").key == "UTC"
