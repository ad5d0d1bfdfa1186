"""The headline of a story: how a post begins, and no caption, list or half of a quotation."""

from collections.abc import Sequence

import pytest

from digest.model import CitedSentence
from digest.summaries.headline import headline

BRIDGE = [
    "⚡️ **The old bridge in Harwick was closed after a barge hit its pillar.** Nobody was hurt, the mayor said.",
    "The old bridge in Harwick is closed: a barge hit a pillar on Monday. Repairs take 3 weeks, cost 40,000 crowns.",
    "A barge hit the old bridge in Harwick. Ferries will carry 2,000 commuters a day. Subscribe to our channel!",
]
MOST = [
    "Старый мост в Заречье закрыли после удара баржи. Пострадавших нет.",
    "Старый мост в Заречье закрыли: баржа ударила опору. Ремонт займёт 3 недели и обойдётся в 40 000 крон.",
]
READ = ("mail", "mail and notes", "mail and plans")


def text_of(texts: Sequence[str], language: str | None = None) -> str | None:
    found = headline(texts, language)
    return found.text if found else None


def test_a_headline_is_the_most_central_lead_trimmed() -> None:
    assert text_of(BRIDGE) == "The old bridge in Harwick was closed after a barge hit its pillar"
    assert text_of(["❗️СРОЧНО! Мост в Заречье закрыт, сообщает ТАСС."]) == "Мост в Заречье закрыт"
    assert headline([]) is None
    assert (text_of(BRIDGE + MOST, language="ru") or "").startswith("Старый мост")


@pytest.mark.parametrize(
    "caption",
    [
        "Кадры из Заречья, где ночью горел склад.",
        "Кадры тушения склада в Заречье на Портовой улице.",
        "СМИ публикуют кадры склада, который ночью горел в Заречье.",
        "Публикуем страшное видео склада, который ночью горел в Заречье.",
        "Публикуем момент пожара на складе, который ночью горел в Заречье.",
        "Момент стрельбы на складе, который ночью горел в Заречье.",
        "Новый выпуск подкаста «Зола» о складе, который ночью горел в Заречье.",
        "Первые последствия 5-балльного шторма для склада, который ночью горел в Заречье.",
    ],
)
def test_a_caption_is_no_headline_where_a_post_begins_otherwise(caption: str) -> None:
    found = headline([caption, "В Заречье ночью горел склад на Портовой улице.", caption])
    alone = headline([caption])
    assert found
    assert alone
    assert found.text == "В Заречье ночью горел склад на Портовой улице"
    assert alone.text == caption[:-1]


@pytest.mark.parametrize(
    "caption",
    [
        "Screenshot of the notice that the harbour office of Harwick sent out at noon",
        "Footage shows moment the harbour office of Harwick was flooded",
        "Aerial video of the flooded harbour office in Harwick",
    ],
)
def test_an_english_caption_is_no_headline_where_a_post_begins_otherwise(caption: str) -> None:
    assert text_of([caption, "Storm floods the harbour office of Harwick", caption]) == (
        "Storm floods the harbour office of Harwick"
    )
    assert text_of([caption]) == caption


def test_the_name_of_a_list_is_no_headline_where_a_post_begins_otherwise() -> None:
    label = "Курсы валют на эту минуту:\n\n- Крона стоит 9,2 марки\n- Гульден стоит 4 марки"
    assert text_of([label, "Крона подешевела к марке впервые с мая", label]) == "Крона подешевела к марке впервые с мая"
    assert text_of([label]) == "Курсы валют на эту минуту"


def test_a_question_is_no_headline_where_a_post_begins_otherwise() -> None:
    for question, told in (
        ("Is the bridge of Harwick closed?", "Harwick closes its bridge"),
        ("桥关闭了吗？", "大桥今天关闭"),
    ):
        assert text_of([question, told, question]) == told


def test_half_of_a_quotation_is_no_headline_where_a_post_begins_otherwise() -> None:
    half = "«Никто нас не предупредил! В Заречье темно», – говорят жители."
    found = headline([half, "В Заречье темно после аварии на подстанции.", half])
    assert found
    assert found.text == "В Заречье темно после аварии на подстанции"


def test_a_headline_names_all_texts_that_begin_with_it() -> None:
    found = headline(["Nothing to see.", "Harwick bridge is closed. More at noon.", "", "HARWICK bridge is closed!"])
    assert found == CitedSentence(text="Harwick bridge is closed", sources=(1, 3))


def test_the_number_of_a_notice_is_no_headline_where_it_says_more() -> None:
    texts = [
        f"CVE-2031-{at}\n\nThe ferry server of Harwick lets anybody read its {what}." for at, what in enumerate(READ)
    ]
    assert text_of(texts) == f"The ferry server of Harwick lets anybody read its {READ[0]}"


def test_a_name_in_the_readers_letters_is_no_headline_where_others_tell_the_news() -> None:
    assert text_of(["The Harwick Letter", *MOST], "en") == text_of(MOST, "en")
    assert text_of([BRIDGE[0], *MOST], "en") == text_of([BRIDGE[0]], "en")
