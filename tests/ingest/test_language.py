"""The language of a text: by its letters, by the model, or not known."""

import gzip
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import UNKNOWN
from ingest.cleaning.language import (
    _SCRIPTS,
    LANGUAGES,
    _by_alphabet,
    _foreign,
    _script,
    _surely_russian,
    language_of,
)
from tests.interpreter import modules_after


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Совет Безопасности соберётся вечером, чтобы обсудить выборы.", "ru"),
        ("Рада безпеки збереться ввечері, щоб обговорити її рішення.", "uk"),
        ("Савет бяспекі збярэцца ўвечары, каб абмеркаваць выбары.", "be"),
        ("Съветът за сигурност ще се събере вечерта, за да обсъди избора.", "bg"),
        ("Советот за безбедност ќе се состане вечерва за да разговара.", "mk"),
        ("Савет безбедности ће се састати вечерас да расправља о одлуци.", "sr"),
        ("Қауіпсіздік кеңесі кешке сайлауды талқылау үшін жиналады.", "kk"),
        (
            "Мэр объявил, что выставка «Зимові міста і річки» открыта в музее, вход на неё до конца марта свободный.",
            "ru",
        ),
        ("Выставу «Кам’янець зимовий» открыли в музее: мэр Вінниці объявил, что вход бесплатный до конца марта.", "ru"),
        (
            "У місті відкрили виставку «Зима в Выборге»: міський голова оголосив, що вхід вільний до кінця березня.",
            "uk",
        ),
        ("The Security Council meets tonight to discuss the vote.", "en"),
        ("Der Sicherheitsrat tritt heute Abend zusammen, um zu beraten.", "de"),
        ("Le Conseil de sécurité se réunit ce soir pour en discuter.", "fr"),
        ("El Consejo de Seguridad se reúne esta noche para debatir.", "es"),
        ("Il Consiglio di sicurezza si riunisce stasera per discutere.", "it"),
        ("Rada Bezpieczeństwa zbierze się dziś wieczorem na obrady.", "pl"),
        ("Güvenlik Konseyi bu akşam oylamayı görüşmek üzere toplanıyor.", "tr"),
        ("Təhlükəsizlik Şurası bu axşam səsverməni müzakirə edəcək.", "az"),
        ("يجتمع مجلس الأمن الليلة لمناقشة التصويت", "ar"),
        ("شورای امنیت امشب برای بررسی رأی‌گیری تشکیل جلسه می‌دهد", "fa"),
        ("Անվտանգության խորհուրդը", "hy"),
        ("უშიშროების საბჭო", "ka"),
        ("מועצת הביטחון תתכנס הערב", "he"),
        ("Το Συμβούλιο Ασφαλείας συνεδριάζει", "el"),
        ("คณะมนตรีความมั่นคงประชุมคืนนี้", "th"),
        ("안전보장이사회가 오늘 밤 열린다", "ko"),
        ("安全理事会今晚开会", "zh"),
        ("安全保障理事会は今夜開かれる", "ja"),
    ],
)
def test_each_language_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "🤔", "12 345", "План:", "https://example.com/russian-news", "@name #тег", "दिल्ली में नया पुल"]
)
def test_what_is_too_short_or_in_another_script_is_unknown(text: str) -> None:
    assert language_of(text) == UNKNOWN


def test_a_russian_post_full_of_latin_names_is_russian() -> None:
    assert language_of("Вышел Python 3.13: Free-threaded CPython, JIT, новый REPL и PEP 703") == "ru"


def test_a_quoted_name_from_another_alphabet_changes_nothing() -> None:
    assert language_of("Канал «Київ» сообщил, что вчера вечером были выбиты окна в посольстве") == "ru"


def test_the_shortcut_for_russian_says_what_the_alphabets_say() -> None:
    taken = 0
    for parts in product(
        ["", "latin " * 30, "«1» 😂 " * 40, "ა" * 200],
        ["да" * times for times in (15, 42, 45, 60)],
        ["", "ы", "Ё" * 20, "э" * 3],  # letters that most other alphabets lack
        ["", "щ", "И" * 20, "ъ" * 3],  # that Belarusian lacks
        ["", "'", "і" * 40, "ў", "Ђ"],  # that Russian lacks
    ):
        if _surely_russian(head := "".join(parts)):
            taken += 1
            languages, words = _script(head)
            sample = " ".join(words).lower()
            assert languages == _SCRIPTS[0][1]
            assert _by_alphabet(_foreign(sample, languages), len(sample)) == "ru"
    assert taken


def test_a_russian_text_takes_the_shortcut() -> None:
    assert _surely_russian(
        "Вчера вечером мы объявили о новом мосте через самую широкую реку города "
        "и обещали открыть его весной будущего года"
    )


def test_only_the_beginning_is_read() -> None:
    started = time.process_time()
    assert language_of("Это начало длинного текста, каких мы не читаем. " * 10 + "x" * 10_000_000) == "ru"
    assert time.process_time() - started < 1


def test_the_model_is_not_loaded_before_it_is_asked_for() -> None:
    modules = modules_after(
        "import ingest.cleaning.clean; from ingest.cleaning.language import language_of;"
        "language_of('Это было вчера вечером, и мы всё видели своими глазами из окна')"
    )
    assert "ingest.cleaning.language" in modules
    assert "py3langid" not in modules


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert language_of(text) in {*LANGUAGES, UNKNOWN}


@pytest.mark.parametrize(("language", "least"), [("ru", 0.98), ("en", 0.99), ("uk", 0.97), ("de", 0.99), ("kk", 0.99)])
def test_real_sentences_are_told(language: str, least: float, data: Path) -> None:
    lines = gzip.decompress((data / f"langid/sentences/{language}.txt.gz").read_bytes()).decode().splitlines()
    assert sum(language_of(line) == language for line in lines) >= least * len(lines)
