"""Which sentences of a story a later one has overtaken."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summaries.standing import Standing, latest

NOON = datetime(2025, 2, 18, 12, tzinfo=UTC)
SOON, LATER = timedelta(minutes=30), timedelta(hours=5)


def said(text: str, after: timedelta = timedelta()) -> Standing:
    return Standing(text, NOON + after)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Шесть человек погибли в Вессланде из-за шторма", {"dead": 6}),
        ("Число погибших из-за шторма в Вессланде выросло до девяти.", {"dead": 9}),
        ("2 погибли, ещё 15 ранены", {"dead": 2, "hurt": 15}),
        ("Погибли не менее 9 человек, среди них двое детей", {"dead": 9}),
        ("По меньшей мере 1 200 человек эвакуированы", {"evacuated": 1200}),
        ("Эвакуированы 2,5 тыс. человек, ранены 300", {"evacuated": 2500, "hurt": 300}),
        ("About 12 thousand people were evacuated", {"evacuated": 12_000}),
        ("At least four people have died and 2,300 have left their homes", {"dead": 4}),
        ("The death toll of the fire in Kora rises to 12", {"dead": 12}),
        ("Blast kills nine in Kora, 20 injured", {"dead": 9, "hurt": 20}),
        ("Nineteen confirmed dead and about 50 injured in Kora", {"dead": 19, "hurt": 50}),
        ("One dead and eight hurt in Kora", {"dead": 1, "hurt": 8}),
        ("3 человека пострадали и один погиб после взрыва в Коре", {"hurt": 3, "dead": 1}),
        ("One of the dead was a nurse, одна из погибших", {}),
        ("No one was killed in Kora, 20 injured", {"hurt": 20}),
        ("Not one person died in the fire", {}),
        ("Ни один человек не погиб", {}),
        ("Firefighters saved 12 lives in Kora", {}),
        ("The storm took 12 lives in Kora", {"dead": 12}),
        ("Мужчина 45 лет погиб на 12-м километре", {}),
        ("A 47-year-old man was killed on 3 May at 10:30", {}),
        ("Police closed 12 roads, the driver died", {}),
        ("Погибшей было около 50 лет, она жила в Заречье.", {}),
        ("Killed were 30 per cent of the geese.", {}),
        ("Погибло 30 % гусей в Заречье.", {}),
        ("Погибла 50-летняя жительница Заречья, пострадал 9-месячный мальчик.", {}),
        ("Killed 3 weeks ago: two sailors; missing: 12-year-old girl", {}),
        ("Задержаны 2 дня назад, 5 пострадавших", {"hurt": 5}),
    ],
)
def test_the_dead_and_the_hurt_are_counted_in_digits_and_in_words(text: str, counted: dict[str, int]) -> None:
    assert said(text).tolls == {kind: Decimal(count) for kind, count in counted.items()}


@pytest.mark.parametrize(
    ("before", "later", "after"),
    [
        ("Six people died in the storm.", "The number of dead of the storm has risen to nine.", SOON),
        ("Доллар поднялся выше 105 рублей на бирже.", "Доллар поднялся выше 108 рублей на бирже.", LATER),
        ("The dollar fell to 105 roubles in Kora.", "The dollar fell to 101 roubles in Kora.", LATER),
        (
            "The strike keeps 12 ships at anchor off Eastport.",
            "The strike keeps 19 ships at anchor off Eastport.",
            LATER,
        ),
        ("Курс доллара превысил 108 рублей в Коре.", "Доллар — 113 рублей на бирже, евро — 119 рублей.", SOON),
        ("Биткойн обновил рекорд, превысив 81 тысячу долларов.", "Монета растёт: биткоин поднялся до $82 000.", SOON),
        (
            "A dollar costs 108 roubles, a euro 112 roubles.",
            "A euro is at 119 roubles, the dollar at 113 roubles.",
            SOON,
        ),
    ],
)
def test_a_toll_that_grew_and_a_figure_that_is_another_by_now_overtake(
    before: str, later: str, after: timedelta
) -> None:
    assert said(later, after).overtakes(said(before))
    assert not said(before).overtakes(said(later, after))


@pytest.mark.parametrize(
    ("before", "later", "after"),
    [
        ("Nine people died in the storm.", "Six people died in the storm.", LATER),
        ("Six people died in the storm.", "Nine ships wait off Eastport.", LATER),
        ("Repairs of the bridge take 3 weeks, it says.", "Repairs of the bridge take 5 weeks, it says.", SOON),
        (
            "The strike keeps 19 ships at anchor off Eastport.",
            "The strike keeps 12 ships at anchor off Eastport.",
            LATER,
        ),
        ("The dollar is at 105 roubles.", "Gold has lost 3 per cent since the talks began.", LATER),
        ("Доллар — 113 рублей на бирже.", "ЦБ установил официальный курс доллара в 108 рублей.", SOON),
        ("Доллар — 113 рублей на бирже.", "Доллар подорожал на 5 рублей за день торгов.", SOON),
        ("Доллар — 113 рублей, евро — 119 рублей.", "Доллар поднялся до 114 рублей.", SOON),
        ("Доллар — 113 рублей на бирже.", "На ремонт моста ушло 5 млн долларов, или 500 млн рублей.", SOON),
    ],
)
def test_what_is_smaller_of_another_thing_or_of_the_same_hour_overtakes_nothing(
    before: str, later: str, after: timedelta
) -> None:
    assert not said(later, after).overtakes(said(before))


def test_a_smaller_toll_that_comes_later_is_only_late() -> None:
    nine, eight = said("Nine people died.", SOON), said("Eight people died.", LATER)
    freed = said("Police have arrested 12 people.", LATER)
    assert latest([(1, nine), (2, eight)]) == (1, nine)
    assert latest([(1, eight), (2, said("Nine people died.", 2 * LATER))])[0] == 2
    assert latest([(1, nine), (2, freed)]) == (2, freed)


SENTENCES = st.sampled_from(
    ["Six died.", "Nine died.", "Курс 105 рублей.", "Курс 108 рублей.", "", "\ud800 7 %", "убиты 3"]
)


@given(SENTENCES, SENTENCES, st.timedeltas(-LATER, LATER))
def test_of_two_sentences_one_at_most_is_overtaken(one: str, other: str, apart: timedelta) -> None:
    first, second = said(one), said(other, apart)
    assert not (first.overtakes(second) and second.overtakes(first))
    assert not (first.overtakes(second) and apart >= timedelta())


def test_how_many_died_is_not_told_where_none_did() -> None:
    assert said("Six people died in Kora.").counts_dead
    assert not said("No one was killed in Kora.").counts_dead
    assert not said("Dead: 0, hurt: 5.").counts_dead
