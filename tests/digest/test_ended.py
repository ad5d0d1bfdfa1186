"""Which states a sentence says go on, and which are over."""

import pytest

from digest.text.ended import lasting, over


@pytest.mark.parametrize(
    ("goes_on", "is_over"),
    [
        ("A warehouse is on fire on Salt Quay.", "The fire on Salt Quay was put out at dawn."),
        ("Flames have broken through the roof; twelve fire engines are there.", "The fire on Salt Quay is now out."),
        ("Склад горит на площади 500 кв. м.", "Пожар на складе потушили к утру."),
        ("На складе тушат пожар.", "Пожар на складе на юге города локализован на площади 3000 кв. м."),
        ("Payments through Paylark have been failing for an hour.", "Paylark is working again after three hours."),
        ("Castle Hill is without water.", "Water is back on Castle Hill."),
        ("Приложение банка не работает с утра.", "Приложение банка снова работает."),
        ("Посёлок остался без света.", "Электроснабжение посёлка восстановлено."),
        ("The bridge is closed to lorries.", "The bridge has reopened to lorries."),
        ("Мост перекрыт до вечера.", "Движение по мосту открыто."),
        ("Аэропорт не принимает рейсы.", "Аэропорт снова принимает рейсы."),
        ("Работа аэропортов Бренты и Тарска ограничена.", "В аэропорту Бренты сняты все ограничения на приём судов."),
        ("Divers are searching for the pilot.", "The pilot was found alive."),
        ("Пилота ищут водолазы.", "Пилот нашёлся: он вышел на берег сам."),
        ("The trawler is held in Brenta.", "The trawler was released on Tuesday."),
        ("Капитана удерживают в Бренте.", "Капитана отпустили утром."),
        ("Объявлена ракетная опасность.", "Отбой ракетной опасности."),
        ("The coast is under a storm warning.", "The storm warning has been called off."),
    ],
)
def test_a_state_that_goes_on_is_over_when_the_words_for_its_end_are_said(goes_on: str, is_over: str) -> None:
    assert lasting(goes_on) & over(is_over)
    assert not over(goes_on)
    assert not lasting(is_over)


@pytest.mark.parametrize(
    "text",
    [
        "The fire on Salt Quay is not yet under control.",
        "The fire on Salt Quay is out of control.",
        "The chief of the fire brigade is out of town.",
        "Пожар на складе пока не потушен.",
        "Пожар могут потушить только к утру.",
        "The bridge will be closed until it is reopened in May.",
        "The warning is called off if the wind falls.",
        "Музей открыл выставку старинных воротников.",
        "Divers found debris of the boat.",
    ],
)
def test_what_is_denied_awaited_or_of_another_kind_ends_nothing(text: str) -> None:
    assert not over(text)


@pytest.mark.parametrize("text", ["A shed caught fire on Salt Quay.", "Женщина пропала в лесу.", "Мост закрыли утром."])
def test_what_happened_stays_true_whatever_came_after(text: str) -> None:
    assert not lasting(text)
