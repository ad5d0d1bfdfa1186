"""Sentences made of what the posts say, and yet not what they say; and posts in other languages than the reader's."""

import pytest

from digest.summaries.gate import Flaw
from tests.digest.gated import flaw

TALKS = (
    "President Adam Okell of Kestria met mayor Lena Brandt in Eastport on Tuesday. The council did not agree to close"
    " the harbour before October. The fee will rise by 5 per cent in 30 days, Brandt said. The engineer Tomas Vik"
    " measured a 30-kilometre crack. Okell praised Brandt."
)
RUSSIAN = (
    "Мэр Зареченска Анна Торопова заявила: мост не закроют раньше октября. Ремонт обойдётся в 5 млн рублей и займёт"
    " 30 дней. Лесник Хвоин прошёл 12 километров. Торопова поблагодарила Хвоина."
)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("The council agreed to close the harbour.", Flaw.DENIAL),
        ("Adam Okell of Kestria did not meet Lena Brandt on Tuesday.", Flaw.DENIAL),
        ("The fee will not rise by 5 per cent in 30 days.", Flaw.DENIAL),
        ("The fee will rise by 5 percentage points in 30 days.", Flaw.NUMBER),
        ("The fee will rise by 5 per cent in 30 weeks.", Flaw.NUMBER),
        ("The engineer measured a crack of 30 metres.", Flaw.NUMBER),
        ("The fee will double in Eastport in 30 days.", Flaw.NUMBER),
        ("The governor Lena Brandt met Okell in Eastport.", Flaw.ROLE),
        ("The fee will rise by 5 per cent, Tomas Vik said.", Flaw.ROLE),
        ("There are not no fees.", Flaw.DENIAL),
        ("Brandt praised Okell.", Flaw.ROLE),
    ],
)
def test_a_twist_in_english_is_seen(said: str, wrong: Flaw) -> None:
    assert flaw(said, TALKS) == wrong


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Мост закроют раньше октября, заявила Торопова.", Flaw.DENIAL),
        ("Ремонт обойдётся в 5 млрд рублей.", Flaw.NUMBER),
        ("Ремонт моста займёт 30 месяцев.", Flaw.NUMBER),
        ("Ремонт моста обойдётся вдвое дороже.", Flaw.NUMBER),
        ("Губернатор Анна Торопова говорит о ремонте моста.", Flaw.ROLE),
        ("Хвоин поблагодарил Торопову.", Flaw.ROLE),
        ("Хвоина поблагодарила Торопова.", Flaw.ROLE),
    ],
)
def test_a_twist_in_russian_is_seen(said: str, wrong: Flaw) -> None:
    assert flaw(said, RUSSIAN, language="ru") == wrong


@pytest.mark.parametrize(
    "said",
    [
        "The council did not agree to close the harbour before October.",
        "The harbour will not be closed before October.",
        "President Okell met Brandt, the mayor, in Eastport on Tuesday.",
        "In thirty days the fee rises by five percent, says Brandt.",
        "The two leaders met in Eastport on Tuesday.",
        "Vik measured a crack of 30 kilometres.",
        "The council did not ever agree to close the harbour.",
    ],
)
def test_what_is_only_put_otherwise_passes(said: str) -> None:
    assert flaw(said, TALKS) is None


def test_what_a_speaker_who_is_heard_beside_it_did_not_say_still_passes() -> None:
    assert flaw("The engineer Tomas Vik measured a 30-kilometre crack, Brandt said.", TALKS) is None


FOREIGN = {
    "uk": "У Харкові внаслідок удару загинули троє людей, ще 15 дістали поранення, повідомив Ігор Терехов.",
    "de": "Der Bundestag hat am Dienstag in Hamburg zwölf Milliarden Euro für die Bahn beschlossen, sagte Wissing.",
    "fr": "Le président Emmanuel Macron a annoncé mardi à Paris 2,5 milliards d'euros pour les agriculteurs.",
    "es": "El presidente de Chile, Gabriel Boric, visitó el lunes Valparaíso tras los incendios con 131 muertos.",
    "en": "UK prime minister Keir Starmer told the BBC that Britain would double aid to £3bn.",
}


LOST = [
    ("Совет города не согласился закрыть порт.", "The city council agreed to close the port."),
    ("Президент Торопова не подписала закон о рынке.", "President Toropova signed the market law."),
    ("Договор пока не подписан.", "The treaty has already been signed."),
    ("Никто не пострадал, сообщили спасатели.", "Some people were hurt, rescuers said."),
    ("Погибших нет.", "Several people were killed there."),
    ("Мост не откроют до апреля.", "They opened the bridge for April."),
    ("Компания отказалась выплатить штраф.", "The company paid the whole fine."),
    ("Суд не признал её виновной.", "She admitted it, says the court."),
    ("Торопова не приехала на встречу.", "Toropova arrived for the meeting."),
]
KEPT = [
    ("Совет города не согласился закрыть порт.", "The city council did not agree to close the port."),
    ("Совет города не согласился закрыть порт.", "The city council refused to close the port."),
    ("Погибших нет.", "Nobody was killed there at all."),
    ("Пострадавших не было.", "No one was hurt in it."),
    ("Торопова подписала закон, который раньше не одобрили.", "Toropova signed the law."),
    ("Мост закрыли, а рынок не закрыли.", "The bridge was closed by them."),
    ("Они не только подписали договор, но и открыли мост.", "They signed the treaty and opened the bridge."),
    ("Договор вступит в силу не раньше мая.", "The treaty takes effect in May at the earliest."),
]


@pytest.mark.parametrize(("post", "said"), LOST)
def test_a_not_that_a_translation_lost_is_seen(post: str, said: str) -> None:
    assert flaw(said, post) == Flaw.DENIAL


@pytest.mark.parametrize(("post", "said"), KEPT)
def test_a_translation_that_denies_what_the_post_denies_passes(post: str, said: str) -> None:
    assert flaw(said, post) is None


@pytest.mark.parametrize(
    ("post", "language", "said"),
    [
        ("uk", "en", "A strike on Kharkiv killed three people."),
        ("uk", "ru", "В Харькове погибли 3 человека и ещё пятнадцать ранены."),
        ("de", "en", "The Bundestag approved 12 billion euros on Tuesday, Wissing said."),
        ("de", "ru", "В Гамбурге бундестаг выделил двенадцать миллиардов евро."),
        ("fr", "en", "President Emmanuel Macron announced on Tuesday in Paris 2.5 billion euros for farmers."),
        ("es", "en", "Chile's president Gabriel Boric visited Valparaíso on Monday after fires with 131 dead."),
        ("en", "ru", "Премьер-министр Великобритании Кир Стармер: помощь удвоят до 3 млрд фунтов."),
    ],
)
def test_a_post_in_another_language_bears_its_translation_out(post: str, language: str, said: str) -> None:
    assert flaw(said, FOREIGN[post], language=language) is None


@pytest.mark.parametrize(
    ("post", "language", "said"),
    [
        ("uk", "en", "A strike on Kharkiv killed five people."),
        ("uk", "ru", "В Одессе погибли 3 человека и ещё пятнадцать ранены."),
        ("uk", "en", "Three people were killed in Kharkiv, president Terekhov said."),
        ("de", "en", "The Bundestag approved 12 million euros on Tuesday."),
        ("de", "en", "The Bundestag approved 12 billion euros on Friday."),
        ("de", "ru", "В Мюнхене бундестаг выделил двенадцать миллиардов евро."),
        ("fr", "en", "President Emmanuel Macron announced on Tuesday in Paris 3.5 billion euros for farmers."),
        ("fr", "en", "President Emmanuel Macron did not announce 2.5 billion euros in Paris."),
        ("es", "en", "Gabriel Boric visited Valparaíso on Sunday after the fires."),
        ("en", "ru", "Президент Стармер: помощь удвоят до 3 млрд фунтов."),
        ("en", "ru", "Премьер-министр Кир Стармер: помощь утроят до 3 млрд фунтов."),
    ],
)
def test_an_invention_about_a_post_in_another_language_is_seen(post: str, language: str, said: str) -> None:
    assert flaw(said, FOREIGN[post], language=language) is not None
