"""In what manner a thing is claimed: guesses, bounds, causes, records, times, and another name in one's place."""

import pytest

from digest.summaries.gate import Flaw
from tests.digest.gated import flaw

HARBOUR = (
    "The council of Eastport may close the harbour on Salt Quay. At least 40 ships wait there, fewer than 12 of them"
    " with coffee. Mayor Lena Brandt plans to visit Aldermouth. The crane in Aldermouth fell into the water. Adam Okell"
    " repaired the tram line in Eastport. The tram carries 900 people."
)
BRIDGE = (
    "Власти Зареченска могут закрыть Садовый мост. Ремонт займёт более 30 дней. В Истпорте открыли новую"
    " линию трамвая. Мэр Торопов планирует отменить плату за проезд. Снег завалил улицы Олдермута."
)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("The council of Eastport closed the harbour on Salt Quay.", Flaw.MANNER),
        ("At most 40 ships wait there, fewer than 12 of them with coffee.", Flaw.MANNER),
        ("At Salt Quay 40 ships wait.", Flaw.MANNER),
        ("The tram carries more than 900 people.", Flaw.MANNER),
        ("The crane in Aldermouth fell into the water because of the ships.", Flaw.MANNER),
        ("The crane in Aldermouth fell into the water, the largest of its kind.", Flaw.MANNER),
        ("The crane in Aldermouth fell into the water for the first time.", Flaw.MANNER),
        ("The crane in Aldermouth fell into the water last week.", Flaw.MANNER),
        ("The tram will carry 900 people next month.", Flaw.MANNER),
        ("Adam Okell repaired the only tram line in Eastport.", Flaw.MANNER),
        ("The crane in Eastport fell into the water.", Flaw.ROLE),
        ("Lena Brandt repaired the tram line in Eastport.", Flaw.ROLE),
    ],
)
def test_a_claim_in_another_manner_is_seen(said: str, wrong: Flaw) -> None:
    assert flaw(said, HARBOUR) == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Власти Зареченска закрыли Садовый мост.", Flaw.MANNER),
        ("Ремонт займёт менее 30 дней.", Flaw.MANNER),
        ("Ремонт моста займёт 30 дней.", Flaw.MANNER),
        ("Торопов отменил плату за проезд.", Flaw.MANNER),
        ("Снег завалил улицы Олдермута из-за ремонта.", Flaw.MANNER),
        ("Снег завалил улицы Олдермута, и это рекорд.", Flaw.MANNER),
        ("Снег завалил улицы Олдермута на прошлой неделе.", Flaw.MANNER),
        ("Снег завалил улицы Олдермута впервые.", Flaw.MANNER),
        ("Снег завалил улицы Зареченска.", Flaw.ROLE),
    ],
)
def test_a_claim_in_another_manner_is_seen_in_russian(said: str, wrong: Flaw) -> None:
    assert flaw(said, BRIDGE, language="ru") == wrong


@pytest.mark.parametrize(
    ("said", "post", "language"),
    [
        ("The council of Eastport could close the harbour on Salt Quay.", HARBOUR, "en"),
        ("At Salt Quay more than 40 ships wait.", HARBOUR, "en"),
        ("Lena Brandt intends to visit Aldermouth.", HARBOUR, "en"),
        ("В Олдермуте в воду упал кран.", HARBOUR, "ru"),
        ("В гавани ждут не менее 40 судов.", HARBOUR, "ru"),
        ("The council could close the Sadovy bridge in Zarechensk.", BRIDGE, "en"),
        ("Repairs will take more than 30 days.", BRIDGE, "en"),
        ("Власти Зареченска хотят закрыть Садовый мост.", BRIDGE, "ru"),
        ("The council closed the bridge because of the flood.", "A flood led the council to close the bridge.", "en"),
        ("Мост закрыт впервые за 30 лет.", "The bridge is closed, the first time in 30 years.", "ru"),
        ("The storm is the worst in 10 years.", "Это сильнейший шторм за 10 лет.", "en"),
        (
            "More than 40 ships wait.",
            "In dem Hafen warten mehr als 40 Schiffe auf das Ende.",
            "en",
        ),
    ],
)
def test_the_same_in_other_words_passes(said: str, post: str, language: str) -> None:
    assert flaw(said, post, language=language) is None
