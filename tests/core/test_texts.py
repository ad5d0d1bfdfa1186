"""Words in the reader's language."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message

from core.texts import LANGUAGES, best_language, texts

LOCALES = Path(__file__).resolve().parents[2] / "core" / "locales"
MORNING = datetime(2025, 2, 18, 6, 5, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 post"),
        ("en", 2, "2 posts"),
        ("ru", 1, "1 пост"),
        ("ru", 3, "3 поста"),
        ("ru", 11, "11 постов"),
        ("ru", 21, "21 пост"),
    ],
)
def test_plurals_are_right(language: str, count: int, expected: str) -> None:
    assert texts(language)("posts", count=count) == expected


def test_dates_are_told_by_the_readers_clock_and_calendar() -> None:
    english, russian = texts("en"), texts("ru")
    assert english.day(MORNING, MOSCOW) == "Tuesday, 18 February"
    assert russian.day(MORNING, MOSCOW) == "вторник, 18 февраля"
    assert english.clock(MORNING, MOSCOW) == "09:05"
    assert english.date(MORNING, MOSCOW) == "18 February 2025"
    assert english.short_day(MORNING, MOSCOW) == "18 Feb"
    assert russian.short_day(MORNING, MOSCOW) == "18 февраля"
    assert russian.day(MORNING, MOSCOW, seen=MORNING + timedelta(days=400)) == "вторник, 18 февраля 2025 г."


def test_names_are_joined() -> None:
    assert texts("en").join(["a", "b", "c"]) == "a, b and c"
    assert texts("ru").join(("a", "b")) == "a и b"
    assert texts("en").join(["a"]) == "a"
    assert texts("en").join([]) == ""


@pytest.mark.parametrize(
    ("code", "expected"), [("ru-RU", "ru"), ("EN_us", "en"), ("kk", "ru"), ("de", "en"), (None, "en")]
)
def test_a_language_of_ours_is_found_for_any_code(code: str | None, expected: str) -> None:
    assert best_language(code) == expected


def test_a_wrong_key_and_a_missing_value_are_errors() -> None:
    with pytest.raises(KeyError):
        texts("en")("no-such-message")
    with pytest.raises(ValueError, match="digest-heading"):
        texts("en")("digest-heading")


@pytest.mark.parametrize("file", sorted({path.name for path in LOCALES.rglob("*.ftl")}))
def test_each_message_is_there_in_each_language(file: str) -> None:
    keys: dict[str, set[str]] = {}
    for language in LANGUAGES:
        body = FluentParser().parse((LOCALES / language / file).read_text("utf8")).body
        assert not [entry for entry in body if isinstance(entry, Junk)]
        keys[language] = {entry.id.name for entry in body if isinstance(entry, Message)}
    every = set[str]().union(*keys.values())
    assert {language: every - there for language, there in keys.items() if every - there} == {}
