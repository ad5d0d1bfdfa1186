"""What posts say turned into its opposite, and given to another: seen; the same in other words passes."""

import pytest

from digest.summaries.gate import Flaw
from digest.text.opposites import Opposites
from tests.digest.gated import flaw

BANK = (
    "The central bank of Kestria raised its key rate from 7.5 % to 8.25 % on Tuesday, governor Ida Voss said. Inflation"
    " slowed to 6.1 % in October from 6.8 % in September. Finance minister Karl Brandt criticised the decision. All 40"
    " branches of the north were open; the one in Harwick stays closed on Wednesday."
)
DEAL = (
    "Компания «Норд» купит 30 % акций «Вектора», сообщил гендиректор «Норда» Павел Ершов. Акции «Вектора» выросли на 4"
    " %, акции «Норда» упали на 2 %. Сделку закроют, если её одобрит регулятор. Суд в Тарске приговорил мэра Олега"
    " Рощина к колонии; его заместитель Игорь Кравец проходит по делу свидетелем. Пострадали 12 рабочих «Норда»."
)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("The central bank of Kestria cut its key rate on Tuesday.", Flaw.DENIAL),
        ("The central bank of Kestria raised its key rate from 8.25 % to 7.5 %.", Flaw.DENIAL),
        ("Inflation slowed to 6.8 % in October from 6.1 % in September.", Flaw.DENIAL),
        ("Inflation rose to 6.1 % in October.", Flaw.DENIAL),
        ("Finance minister Karl Brandt praised the decision.", Flaw.DENIAL),
        ("Finance minister Ida Voss spoke of the key rate.", Flaw.ROLE),
        ("The owner of the bank, Karl Brandt, criticised the decision.", Flaw.ROLE),
        ("The branch in Harwick stays open on Wednesday.", Flaw.DENIAL),
        ("Exactly 40 branches were open.", Flaw.MANNER),
        ("Write to voss(at)kestria about the key rate.", Flaw.LINK),
    ],
)
def test_a_turn_is_seen(said: str, wrong: Flaw) -> None:
    assert flaw(said, BANK) == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Компания «Вектор» купит 30 % акций «Норда».", Flaw.ROLE),
        ("Компания «Норд» продаст 30 % акций «Вектора».", Flaw.DENIAL),
        ("Акции «Норда» выросли на 2 %.", Flaw.DENIAL),
        ("Регулятор одобрил сделку «Норда» с «Вектором».", Flaw.MANNER),
        ("Суд в Тарске оправдал мэра Олега Рощина.", Flaw.DENIAL),
        ("Заместитель мэра Игорь Кравец проходит по делу обвиняемым.", Flaw.DENIAL),
        ("Погибли 12 рабочих «Норда».", Flaw.DENIAL),
        ("Пострадали все 12 рабочих «Норда».", Flaw.MANNER),
    ],
)
def test_a_turn_is_seen_in_russian(said: str, wrong: Flaw) -> None:
    assert flaw(said, DEAL, language="ru") == wrong


def test_names_exchanged_are_seen_before_a_short_word_of_who_says_so() -> None:
    post = "Завод «Норд» купит долю «Вектора», сообщил Ершов."
    assert flaw("Завод «Вектор» купит долю «Норда».", post, language="ru") == Flaw.ROLE
    assert flaw("Завод «Норд» купит долю «Вектора».", post, language="ru") is None


def test_numbers_in_each_others_places_are_seen_and_the_same_in_another_order_passes() -> None:
    post = "In the fire in Eastport on Tuesday 2 officers were hurt and 14 people were detained. Some 30 clerks strike."
    assert (
        flaw("In the fire in Eastport on Tuesday 14 officers were hurt and 2 people were detained.", post)
        == Flaw.NUMBER
    )
    assert (
        flaw("In the fire in Eastport on Tuesday 14 officers were hurt and two people detained.", post) == Flaw.NUMBER
    )
    assert flaw("In the fire in Eastport on Tuesday 14 people were detained and 2 officers were hurt.", post) is None
    assert flaw("In the fire in Eastport on Tuesday two officers were hurt and 14 people detained.", post) is None
    assert flaw("Storage is 51% full, a year ago 66%.", "Storage is 66% full, a year ago 51%.") == Flaw.NUMBER
    assert flaw("Twenty-five clerks and 1.9 thousand dockers met.", "1,900 clerks and 25 dockers met.") == Flaw.NUMBER
    assert flaw("25 clerks and 1.9 thousand dockers met.", "25 clerks and 1,900 dockers met.") is None
    assert flaw("They met 2 of the 14 heads.", "They met 14 of the 2 heads, as ever, in the port.") == Flaw.NUMBER
    post = "При пожаре в порту пострадали 2 пожарных, эвакуированы 14 докеров."
    assert flaw("При пожаре в порту пострадали 14 пожарных, эвакуированы 2 докера.", post, language="ru") == Flaw.NUMBER
    assert flaw("При пожаре в порту пострадали 2 пожарных, эвакуированы 14 докеров.", post, language="ru") is None


def test_numbers_that_one_of_the_posts_has_so_are_no_exchange() -> None:
    one = "In Eastport 2 officers were hurt and 14 dockers were detained on Tuesday."
    other = "In Eastport 14 officers were hurt and 2 dockers were detained on Tuesday."
    assert flaw(one, one) is None
    assert flaw(other, one) == Flaw.NUMBER
    assert flaw(other, one, other) is None


def test_a_title_is_not_lent_to_one_who_stands_beside_its_bearer() -> None:
    post = "Governor Ida Voss spoke in Kestria on Tuesday. Finance minister Karl Brandt listened to her."
    assert flaw("Finance minister Ida Voss spoke.", post) == Flaw.ROLE
    assert flaw("Finance minister Karl Brandt listened.", post) is None


def test_a_turn_is_seen_in_a_translation() -> None:
    assert flaw("Центробанк Кестрии снизил ставку с 7,5 % до 8,25 %.", BANK, language="ru") == Flaw.DENIAL
    assert flaw("Министр финансов Карл Брандт поддержал решение.", BANK, language="ru") == Flaw.DENIAL
    assert flaw("Министр финансов Карл Брандт раскритиковал решение.", BANK, language="ru") is None


@pytest.mark.parametrize(
    ("said", "post", "language"),
    [
        ("The key rate is 8.25 %, up from 7.5 %, in Kestria.", BANK, "en"),
        ("The central bank of Kestria raised its rate to 8.25 % from 7.5 %.", BANK, "en"),
        ("Inflation fell to 6.1 % in October from 6.8 % in September.", BANK, "en"),
        ("Governor Ida Voss and finance minister Karl Brandt differ over the key rate.", BANK, "en"),
        ("All 40 branches of the north were open.", BANK, "en"),
        ("Fees rose or stayed in Eastport.", "Fees did not fall in Eastport this year, the town says.", "en"),
        ("Акции «Вектора» подорожали на 4 %, «Норда» — подешевели на 2 %.", DEAL, "ru"),
        (
            "President Ida Voss fell ill.",
            "The president of Kestria, Ida Voss, fell ill. President Karl Brandt left.",
            "en",
        ),
        ("Сделку должен одобрить регулятор.", DEAL, "ru"),
        ("Премьер-министр Олег Рощин открыл порт.", "Премьер Олег Рощин открыл порт Тарска.", "ru"),
        ("Министр обороны Олег Рощин посетил порт.", "Глава Минобороны Олег Рощин посетил порт Тарска.", "ru"),
        ("Министр Олег Рощин посетил порт.", "Глава Минпросвещения Олег Рощин посетил порт Тарска.", "ru"),
        ("Министр Олег Рощин посетил порт.", "Глава МВД Олег Рощин посетил порт Тарска.", "ru"),
        ("Мэра Тарска Олега Рощина осудили, Игорь Кравец — свидетель.", DEAL, "ru"),
    ],
)
def test_the_same_in_other_words_passes(said: str, post: str, language: str) -> None:
    assert flaw(said, post, language=language) is None


@pytest.mark.parametrize(
    ("post", "said", "turned"),
    [
        ("Prices fell. Wages in Kestria rose.", "Wages in Kestria fell.", True),
        ("Wages in Kestria rose.", "Wages in Kestria, unions say, fell.", True),
        ("Wages in Kestria did not rise. Wages in Kestria fell.", "Wages in Kestria rose.", True),
        ("The southern quay was closed.", "The northern quay was opened.", True),
        ("Prices fell. Wages in Kestria rose.", "Taxes fell.", False),
        ("Wages in Kestria rose.", "Wages of teachers fell.", False),
        ("Wages of sailors in Kestria rose in May.", "Taxes of bakers and cooks in Kestria fell in May.", False),
        ("Wages in Kestria rose.", "Wages in Kestria did not fall.", False),
        ("Wages in Kestria fell. Wages in Kestria rose, unions say.", "Wages in Kestria rose.", False),
        (
            (
                "The central bank of Kestria cut its main lending rate on Tuesday."
                " The central bank of Kestria raised its main lending rate."
            ),
            "The central bank of Kestria raised its main lending rate on Tuesday.",
            False,
        ),
        ("Wages in Kestria fell.", "Wages of nurses in Kestria rose after a long strike of dockers.", False),
        ("Fees in Eastport rose in May. Fees in Eastport fell in June.", "Fees in Eastport rose.", False),
        ("", "Wages fell from 8 to 7.", False),
        ("Wages rose from 7 to 8, then went from 8 to 7.", "They went from 8 to 7.", False),
    ],
)
def test_the_opposite_is_looked_for_in_what_says_most_of_the_rest(post: str, said: str, turned: bool) -> None:
    assert Opposites([post]).turned(said) is turned


@pytest.mark.parametrize(
    ("said", "post", "language"),
    [
        ("Концерт Орлова в Заречье закончился.", "Концерт Орлова в Заречье начался вечером.", "ru"),
        ("Начальник порта Орлов начал ремонт.", "Начальник порта Орлов закончил ремонт.", "ru"),
        ("Прекрасный вечер в гавани закончился.", "Прекрасный вечер в гавани начался.", "ru"),
        ("Откровенное собрание Орлова открыли.", "Откровенное собрание Орлова закрыли.", "ru"),
        ("Свидетельство Орлова у свидетеля.", "Свидетельство Орлова у обвиняемого.", "ru"),
        ("Попытка удалить мост Орлова удалась.", "Попытка удалить мост Орлова провалилась.", "ru"),
        ("The opposition of Kestria condemned the mayor.", "The opposition of Kestria backed the mayor.", "en"),
    ],
)
def test_a_word_that_only_begins_like_an_opposite_hides_no_turn(said: str, post: str, language: str) -> None:
    assert flaw(said, post, language=language) == Flaw.DENIAL


def test_a_car_is_no_light_injury() -> None:
    post = "Легковой автомобиль столкнулся с грузовиком в Заречье, водитель тяжело ранен."
    assert flaw("Водитель легкового автомобиля тяжело ранен в Заречье.", post, language="ru") is None
