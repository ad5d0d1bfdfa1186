"""A sentence of a post said again with a word more or less: a doubt, a title, a cause, a record, a time."""

import pytest

from digest.summaries.gate import Flaw
from tests.digest.gated import flaw

DEPOT = (
    "The council of Eastport will reportedly close the old tram depot, where 200 people think they are safe. The crane"
    " has stood on Salt Quay since nine in the evening. Visitors came from the west through the forest. The drivers'"
    " union met Lena Brandt on Monday. Twelve crews fought the fire after the storm in the coffee warehouse; a broken"
    " lamp led to it, the fire service says. Mayor Adam Okell thanked them for the “long night”. Two trams were late in"
    " the morning. The chairman Tomas Vik spoke to the drivers."
)
BRIDGE = (
    "Два пролёта моста, вероятно, столкнулись с баржей, считает капитан Хвоин. Машины пустили через Новый рынок."
    " Движение на Портовой улице вернулось к вечеру. Анна Торопова открыла новую столовую для строителей моста."
    " Мэр Кирилл Ясенев объяснил задержку дождями. Цены на рынке выросли на 0,5 %. Половину стоянки займут автобусы."
    " Рыбаки из порта продают улов на набережной. Администрация города обещает ответить жителям."
)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (
            "The council of Eastport will close the old tram depot, where 200 people think they are safe.",
            Flaw.MANNER,
        ),
        ("The crane has stood on Salt Quay, the largest of its kind.", Flaw.MANNER),
        ("Visitors came from the west through the forest, the worst in years.", Flaw.MANNER),
        ("Two trams were late in the morning because of drivers.", Flaw.MANNER),
        ("The drivers' union met governor Lena Brandt on Monday.", Flaw.ROLE),
        ("The drivers' union met mayor Lena Brandt on Monday.", Flaw.ROLE),
        ("Two trams were late in the morning, said Brandt.", Flaw.ROLE),
        ("The drivers' union met Лена Брандт on Monday.", Flaw.LANGUAGE),
    ],
)
def test_an_echo_with_something_added_is_seen(said: str, wrong: Flaw) -> None:
    assert flaw(said, DEPOT) == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Два пролёта моста столкнулись с баржей, считает капитан Хвоин.", Flaw.MANNER),
        ("Машины пустили через Новый рынок в ближайшие дни.", Flaw.MANNER),
        ("Рыбаки из порта продают улов на набережной из-за столовой.", Flaw.MANNER),
        ("Движение на Портовой улице вернулось к вечеру, это половина из них.", Flaw.MANNER),
        ("Мэр Анна Торопова открыла новую столовую для строителей моста.", Flaw.ROLE),
        ("Анна Торопова открыла новую столовую для строителей моста, заявил Ясенев.", Flaw.ROLE),
    ],
)
def test_an_echo_with_something_added_is_seen_in_russian(said: str, wrong: Flaw) -> None:
    assert flaw(said, BRIDGE, language="ru") == wrong


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("The council of Eastport will possibly close the old tram depot.", "en"),
        ("Twelve crews fought the fire in the coffee warehouse because of a broken lamp.", "en"),
        ("Mayor Okell thanked the twelve crews for the “long night”.", "en"),
        ("Капитан Хвоин: два пролёта моста, видимо, столкнулись с баржей.", "ru"),
        ("Задержка — из-за дождей, объяснил мэр Ясенев.", "ru"),
        ("Автобусы займут половину стоянки.", "ru"),
    ],
)
def test_the_same_with_nothing_added_passes(said: str, language: str) -> None:
    assert flaw(said, DEPOT if language == "en" else BRIDGE, language=language) is None


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("The site is made with Vue.js and Next.js, says Lena Brandt.", False),
        ("All settings are in one file config.json, says Lena Brandt.", False),
        ("All settings are at config.json/evil, says Lena Brandt.", True),
        ("All settings are at vue.page, says Lena Brandt.", True),
    ],
)
def test_a_file_is_no_link(said: str, links: bool) -> None:
    post = "Lena Brandt says: the site is made with Vue.js and Next.js. All settings are in one file config.json."
    assert (flaw(said, post) == Flaw.LINK) is links


def test_a_numbered_sign_is_taken_off() -> None:
    post = "1️⃣Установка моста займёт два месяца.\n2️⃣Ремонт дороги займёт три месяца."
    assert flaw("1️⃣Установка моста займёт два месяца.", post, language="ru") is None
    assert flaw("2⃣Ремонт дороги займёт три месяца.", post, language="ru") is None


def test_a_russian_sentence_full_of_foreign_names_is_russian() -> None:
    post = "В Steam выйдет смесь из Dead Space и Resident Evil, называется The Black Ice."
    assert flaw("В Steam выйдет смесь из Dead Space и Resident Evil.", post, language="ru") is None
    assert flaw("The Black Ice is a mix of Dead Space and Resident Evil.", post, language="ru") == Flaw.LANGUAGE
