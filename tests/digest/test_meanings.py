"""Words of news mean the same in both languages, whatever their form; the list is one that people can mend."""

import re
from functools import cache
from importlib.resources import files

import pytest

from core.words import fold, stem
from digest.text.languages import languages
from digest.text.meanings import senses
from digest.text.word_lists import lines_of

OTHERS = sorted(each.name[9:-4] for each in files("digest.text").iterdir() if each.name.startswith("meanings_"))


def shared(russian: str, english: str) -> set[int]:
    return {*senses(stem(russian))} & {*senses(stem(english))}


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("пожара", "fires"),
        ("землетрясение", "earthquake"),
        ("эвакуированы", "evacuated"),
        ("эвакуации", "evacuation"),
        ("переговоров", "negotiations"),
        ("взрывом", "explosions"),
        ("забастовку", "strike"),
        ("удары", "strikes"),
        ("судебный", "trial"),
        ("проиграли", "lost"),
        ("причиной", "cause"),
        ("стране", "country"),
        ("утвердили", "appointed"),
        ("согласился", "agreed"),
        ("признали", "admits"),
        ("очевидцев", "witness"),
        ("восстановили", "restored"),
        ("виновным", "guilty"),
        ("осенью", "autumn"),
    ],
)
def test_forms_of_words_that_mean_the_same_share_a_sense(russian: str, english: str) -> None:
    assert shared(russian, english)


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("пожара", "flood"),
        ("рисковал", "rice"),
        ("рынок", "rocket"),
        ("марта", "market"),
        ("произошло", "lost"),
        ("причём", "cause"),
        ("новости", "new"),
        ("успели", "success"),
        ("страница", "country"),
        ("командир", "team"),
        ("принципы", "prince"),
        ("поэтому", "poet"),
        ("признаки", "admits"),
        ("утверждает", "appointed"),
        ("согласно", "agreed"),
        ("очевидно", "witness"),
        ("очередной", "queue"),
        ("секретарь", "secret"),
        ("остальные", "remain"),
        ("осталось", "stop"),
        ("кровля", "blood"),
        ("стало", "steel"),
        ("тонн", "sank"),
        ("убил", "loss"),
        ("забыли", "goal"),
        ("могу", "grave"),
        ("евро", "jewish"),
        ("страх", "insurance"),
        ("загородный", "fire"),
        ("уволен", "fire"),
        ("нога", "legal"),
        ("тяжёлые", "several"),
    ],
)
def test_words_that_do_not_share_none(russian: str, english: str) -> None:
    assert not shared(russian, english)


def test_a_word_that_is_not_listed_and_one_of_few_letters_mean_nothing() -> None:
    assert [senses(term) for term in ("", "q", "кружев", "76", "米")] == [()] * 5


def test_each_line_has_russian_words_on_its_left_and_english_ones_on_its_right() -> None:
    for line in lines_of("meanings.txt"):
        assert re.fullmatch(r"(?:[а-я-]+\.? )+;(?: [a-z-]+\.?)+", line), line


def test_no_line_stands_twice_nor_a_word_twice_in_a_line() -> None:
    lines = [tuple(line.replace(";", " ").split()) for line in lines_of("meanings.txt")]
    assert len({*lines}) == len(lines)
    assert [words for words in lines if len({word.removesuffix(".") for word in words}) < len(words)] == []


def test_each_list_is_of_a_language_that_is_known() -> None:
    assert [tongue for tongue in OTHERS if tongue not in {language.code for language in languages()}] == []


@cache
def lines_with() -> dict[str, set[int]]:
    """The lines of the first list in which each English word stands."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines_of("meanings.txt")):
        for word in line.partition(";")[2].split():
            found.setdefault(word, set()).add(number)
    return found


@pytest.mark.parametrize("tongue", OTHERS)
def test_each_line_of_another_list_leads_to_a_line_of_the_first(tongue: str) -> None:
    for line in lines_of(f"meanings_{tongue}.txt"):
        words, _, key = line.partition(" ; ")
        assert words.split(), line
        assert len({*words.split()}) == len(words.split()), line
        assert set.intersection(*(lines_with().get(word, set()) for word in key.split())), line


def read_as(tongue: str, word: str) -> set[int]:
    language = next(each for each in languages() if each.code == tongue)
    return {*senses(language.stem(language.bare(fold(word))), tongue)}


@pytest.mark.parametrize(
    ("tongue", "word", "english"),
    [
        ("az", "ayaqqabı", "leg"),
        ("cs", "šachta", "chess"),
        ("de", "Müller", "garbage"),
        ("fr", "cash", "species"),
        ("it", "vietnamita", "ban"),
        ("it", "autorità", "writer"),
        ("pt", "moçambicano", "girl"),
        ("pt", "bola", "cake"),
        ("tr", "ayakkabı", "leg"),
        ("tr", "aşırı", "century"),
        ("tr", "kurum", "shot"),
        ("tr", "çiftlik", "double"),
    ],
)
def test_words_that_begin_as_others_do_mean_something_else(tongue: str, word: str, english: str) -> None:
    assert read_as(tongue, word).isdisjoint(senses(stem(english)))


@pytest.mark.parametrize(
    ("tongue", "word", "english"),
    [
        ("az", "qan", "blood"),
        ("az", "ayaqlanma", "riot"),
        ("cs", "šachy", "chess"),
        ("it", "vietato", "ban"),
        ("nl", "politiek", "politics"),
        ("pt", "moça", "girl"),
        ("tr", "ayağı", "leg"),
        ("tr", "kanunu", "law"),
        ("tr", "gölü", "lake"),
        ("tr", "çiftliği", "farm"),
    ],
)
def test_words_that_are_cut_down_as_others_are_keep_their_meaning(tongue: str, word: str, english: str) -> None:
    assert read_as(tongue, word) & {*senses(stem(english))}
