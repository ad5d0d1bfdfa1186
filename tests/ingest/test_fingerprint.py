"""Fingerprints: equal or near for reposts, far for different news, none for too little text."""

import random
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning.cues import wording
from ingest.cleaning.fingerprint import fingerprint, said
from ingest.cleaning.kind import ruled
from ingest.cleaning.kind_model import looks

NEWS = (
    "Президенты России и США провели телефонный разговор, который продлился почти полтора часа. Стороны договорились "
    "начать переговоры об урегулировании и обменяться приглашениями посетить столицы. Пресс-секретарь сообщил, что "
    "работа над личной встречей начнётся в ближайшее время, сроки и место пока обсуждаются."
)
OTHER = (
    "На северо-востоке города ночью загорелся склад с автомобильными шинами. Площадь пожара достигла двух тысяч "
    "квадратных метров, к тушению привлекли вертолёт. Пострадавших нет, жителей соседних домов эвакуировали."
)


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two fingerprints differ."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def test_decoration_changes_nothing() -> None:
    decorated = f"⚡️🔥 {NEWS.upper()} — https://t.me/x/1?utm_source=y #новости @channel!!!".replace("Ё", "Е")
    assert fingerprint(decorated) == fingerprint(NEWS)


def test_a_repost_with_a_word_changed_is_near() -> None:
    assert distance(fingerprint(NEWS), fingerprint(NEWS.replace("ближайшее", "скорое"))) <= 7
    assert distance(fingerprint(NEWS), fingerprint(f"Срочно. {NEWS}")) <= 7


def test_other_news_are_far() -> None:
    assert distance(fingerprint(NEWS), fingerprint(OTHER)) > 16


def test_the_order_of_words_counts() -> None:
    words = NEWS.split()
    random.Random(1).shuffle(words)
    assert distance(fingerprint(NEWS), fingerprint(" ".join(words))) > 7


def test_too_little_text_has_none() -> None:
    assert fingerprint("Москву накрыл снегопад 😶 https://e.com/a/b/c/d/e") == 0


def test_the_value_is_the_same_in_every_process() -> None:
    """A stored fingerprint must be comparable with tomorrow's: change the method only with a migration."""
    assert fingerprint("one two three four five six seven") == -8455428241524123309


@given(st.text(max_size=500))
def test_it_fits_a_signed_64_bit_column(text: str) -> None:
    assert -(2**63) <= fingerprint(text) < 2**63


@pytest.mark.parametrize(
    "read",
    [
        fingerprint,
        lambda text: ruled("", text, wording(said(text)), ()),
        lambda text: [*looks(text, wording(said(text)), ())],
    ],
    ids=["fingerprint", "rules", "looks"],
)
def test_words_of_thousands_of_letters_are_not_kept(read: Callable[[str], object]) -> None:
    def read_all(numbers: range) -> None:
        for number in numbers:
            read(" ".join(f"{letter * 1000}{number}" for letter in "abcde"))

    read_all(range(300))  # what is loaded at the first use, numpy for one, and how the words begin, is kept
    tracemalloc.start()
    read_all(range(300, 1_300))  # 5 MB of words
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4_000_000
