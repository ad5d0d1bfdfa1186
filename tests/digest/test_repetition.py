"""Whether a sentence says again what is told, in the same words or in others."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.summaries.repetition import retells, says_again
from digest.summaries.voices import Sentence

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
NIGHT = "В Заречье горит склад на Портовой улице, на месте полиция."


@pytest.mark.parametrize(
    ("one", "other", "again"),
    [
        ("Биткоин поднялся выше 98 тысяч.", "Биткоин поднялся выше 97 тысяч и обновил рекорд.", False),
        ("Биткоин поднялся выше 97 000.", "Биткоин поднялся выше 97 тысяч и обновил рекорд.", False),
        ("Биткоин поднялся выше 97 тысяч.", "Биткоин поднялся выше 97 тысяч и обновил рекорд.", True),
        ("Суда Вессланда освободили порт Тарск.", "Суда Вессланда взяли под контроль порт Ольховка.", False),
        ("Wreck divers of Kestria praised coach Adam Okell.", "Adam Okell met the mayor of Eastport in May.", False),
    ],
)
def test_what_says_the_same_has_its_numbers_names_and_objects(one: str, other: str, again: bool) -> None:
    assert says_again(Sentence(one, 0, 0), Sentence(other, 1, 0)) is again


@pytest.mark.parametrize(
    ("told", "sentence", "again"),
    [
        (NIGHT, "Пожар начался на складе в Заречье.", True),
        (NIGHT, "В зареченском складе пожар: огонь заметили жители.", True),
        (NIGHT, "Пожар на складе в Заречье потушен.", False),
        (NIGHT, "Названа причина пожара на складе в Заречье.", False),
        (NIGHT, "Пожар на складе в Заречье охватил 900 метров.", False),
        (NIGHT, "Пожара на складе в Заречье не было, заявили силовики.", False),
        (NIGHT, "Пожар на складе «Ольха» в Заречье: хозяин Анатолий Брусов в больнице.", False),
        ("Мальчик, 9 лет, упал с пирса в Тарске.", "В Тарске 9-летний ребёнок рухнул с пирса.", True),
        ("Девушку сбил трамвай в Тарске.", "Трамвай сбил 19-летнюю россиянку в Тарске.", True),
        ("A fire broke out in a warehouse in Harwick.", "The Harwick warehouse is burning.", True),
        ("A fire broke out in a warehouse in Harwick.", "The Harwick warehouse burnt down, two are dead.", False),
        (NIGHT, "12345", False),
    ],
)
def test_words_that_mean_the_same_say_the_same(told: str, sentence: str, again: bool) -> None:
    assert retells(Sentence(sentence, 1, 0), [Sentence(told, 0, 0)]) is again


@pytest.mark.parametrize(
    ("source", "place", "hours", "again"),
    [(1, 0, 1, True), (0, 0, 1, False), (1, 2, 1, False), (1, 0, 5, False)],
    ids=["how another text begins", "the same text", "further on in it", "hours later"],
)
def test_how_another_text_begins_is_taken_for_the_same_news_before_others(
    source: int, place: int, hours: int, again: bool
) -> None:
    told = Sentence(NIGHT, 0, 0, NOON)
    sentence = Sentence("Пожар на складе сняли на видео моряки.", source, place, NOON + timedelta(hours=hours))
    assert retells(sentence, [told]) is again
