"""Words: what folds together, what stems together, and where a word stands."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words import LONGEST_WORD, _folded, _stemmed, normal, spans, stem, stems, tokens, unaccented, written


def test_words_are_runs_of_letters_and_digits() -> None:
    assert tokens("G7: «санкции»… 12,5 % snake_case don't") == [
        "g7", "санкции", "12", "5", "snake", "case", "don", "t",
    ]  # fmt: skip


def test_signs_for_vowels_are_part_of_their_word() -> None:
    assert written("हिन्दी में, தமிழ்நாடு!") == ["हिन्दी", "में", "தமிழ்நாடு"]
    assert tokens("दिल दिल्ली") == ["दिल", "दिल्ली"]


def test_each_letter_is_a_word_where_no_blanks_stand_between_words() -> None:
    assert written("北京2024年。東京タワー") == ["北", "京", "2024", "年", "東", "京", "タ", "ワ", "ー"]
    assert written("สะพานใหม่ Bangkok") == ["ส", "ะ", "พ", "า", "น", "ใ", "ห", "ม่", "Bangkok"]


def test_spellings_of_one_word_fold_together() -> None:
    assert tokens("Ёлка елка ЕЛКА") == ["елка"] * 3
    assert tokens("Erdoğan ERDOGAN ｅｒｄｏｇａｎ") == ["erdogan"] * 3
    assert tokens("за\u0301мок замок") == ["замок"] * 2
    assert tokens("и\u0306од йод") == ["йод"] * 2
    assert tokens("۶۶ ٦٦ ६६ ６６ 66") == ["66"] * 5
    assert tokens("محمّد محمد, שָׁלוֹם שלום") == ["محمد"] * 2 + ["שלום"] * 2


@pytest.mark.parametrize("signs", ["\u0301\u0316", "\u05b0\u05b1"], ids=["accents", "points"])
def test_signs_piled_up_on_a_letter_are_no_work_without_end(signs: str) -> None:
    few, pile = f"a{signs * 15} b", f"a{signs * 9_000} b"
    assert normal("NFC", pile) == normal("NFC", few)
    assert unaccented(pile) == unaccented(few)


def test_only_accents_that_are_no_part_of_a_letter_are_taken_off() -> None:
    assert (
        unaccented("за\u0301мок у Кра\u0301йнова, и\u0306од, e\u0301lan, Łódź") == "замок у Крайнова, йод, élan, Łódź"
    )


@pytest.mark.parametrize(
    ("written_so", "word"),
    [
        ("Cнeгoпaд", "снегопад"),
        ("CCCР", "cccp"),
        ("СССP", "ссср"),
        ("Аррle", "apple"),
        ("Аpple", "apple"),
        ("Украiна", "украіна"),
        ("Kиїв", "київ"),
    ],
)
def test_letters_of_the_other_alphabet_that_look_the_same_are_read_as_the_words_own(written_so: str, word: str) -> None:
    assert tokens(written_so) == [word]


def test_a_word_of_two_alphabets_stays_where_its_letters_do_not_look_alike() -> None:
    assert tokens("USBшный PDFки µТоррент") == ["usbшный", "pdfки", "μторрент"]


def test_forms_of_one_word_share_a_stem() -> None:
    assert stem("санкциями") == stem("Санкции")
    assert stem("tariffs") == stem("Tariff")
    assert stem("2024") == "2024"


def test_the_russian_word_for_artificial_intelligence_is_no_and() -> None:
    assert stems("ИИ и ии-модель") == ["ии", "и", "ии", stem("модель")]


def test_stems_come_in_the_order_of_the_words() -> None:
    assert stems("Новые санкции, new tariffs") == [stem(w) for w in ("новые", "санкции", "new", "tariffs")]


def test_a_word_longer_than_any_is_cut() -> None:
    assert tokens("я" * 10_000) == ["я" * LONGEST_WORD]


def test_no_more_words_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.words._CACHED_WORDS", 50)
    for number in range(100):
        assert stem(f"Words{number}") == f"words{number}"
        assert max(len(_stemmed), len(_folded)) <= 50


def test_a_sign_that_folds_to_nothing_stays_itself() -> None:
    assert all(tokens(text) for text in ("\u3164", "\uffa0", "½"))


def test_every_word_has_a_stem_and_nothing_has_none() -> None:
    assert stems("ــــ محمد ـ") == ["ــــ", stem("محمد"), "ـ"]
    assert all(stems(sign) != [""] for sign in map(chr, range(0x11000)))
    assert stem("") == ""


@given(st.text())
def test_spans_slice_to_what_is_stemmed(text: str) -> None:
    found = list(spans(text))
    assert [stem(text[start:end]) for start, end, _ in found] == [word for _, _, word in found] == stems(text)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = tokens(text)
    assert [word for token in once for word in tokens(token)] == once


def test_a_million_signs_take_time_by_their_number_only() -> None:
    for text in ("а\u0301" * 500_000, "a_" * 500_000, "\u0301" * 1_000_000):
        started = time.process_time()
        stems(text)
        assert time.process_time() - started < 10  # by the square of its length it is hours


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("и\u0306од", ["и\u0306од"]),
        ("\u0301а", ["а"]),
        ("ele\u0301ve e\u0301", ["ele\u0301ve", "e\u0301"]),
        ("a\u0301\u0308b\u0301_c", ["a\u0301\u0308b\u0301", "c"]),
    ],
)
def test_marks_stay_inside_the_word_that_carries_them(text: str, words: list[str]) -> None:
    assert written(text) == words
