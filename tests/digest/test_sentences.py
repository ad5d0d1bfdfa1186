"""Sentences of posts, in Russian and English."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.data import DATA
from digest.text.sentences import split_sentences

TREEBANKS = DATA / "sentences"

PAIRS = {
    "two plain sentences": ("The port is open. Ships wait.", ["The port is open.", "Ships wait."]),
    "an abbreviation that never ends": ("Mr. Hale met Dr. Voss.", ["Mr. Hale met Dr. Voss."]),
    "one that ends before a capital": (
        "Ущерб — 5 млн руб. Дело передано в суд.",
        ["Ущерб — 5 млн руб.", "Дело передано в суд."],
    ),
    "one that does not before a small letter": ("Около 5 тыс. человек пришли.", ["Около 5 тыс. человек пришли."]),
    "initials": ("Выступил А. С. Громов. Зал молчал.", ["Выступил А. С. Громов.", "Зал молчал."]),
    "a year": ("Завод открыт в 1999 г. Он стоит в г. Туле.", ["Завод открыт в 1999 г.", "Он стоит в г. Туле."]),
    "a station, and metres": (
        "Сдаётся в р-не Заречье, м. Речная, дом 5. Потолки 3 м. Вид на порт.",
        ["Сдаётся в р-не Заречье, м. Речная, дом 5.", "Потолки 3 м.", "Вид на порт."],
    ),
    "a list in one line": (
        "Отвечаем на вопросы: 1. Да, паром ходит. 2. Нет, не весь день.",
        ["Отвечаем на вопросы:", "1. Да, паром ходит.", "2. Нет, не весь день."],
    ),
    "a number behind a colon where no list goes on": (
        "Число погибших: 1. Ранены пятеро.",
        ["Число погибших: 1.", "Ранены пятеро."],
    ),
    "an article of a law": (
        "Осуждён по ч. 2 ст. 275 УК РФ. Дело вёл суд.",
        ["Осуждён по ч. 2 ст. 275 УК РФ.", "Дело вёл суд."],
    ),
    "a decimal number": ("Rates rose by 2.8 percent.", ["Rates rose by 2.8 percent."]),
    "a question that is said": (
        "«Что это?» — спросила она. Никто не знал.",
        ["«Что это?» — спросила она.", "Никто не знал."],
    ),
    "who said it": (
        '"It is over." - Ann Lee, mayor of Harwick. «Мы победим!» — Зеленин. Зал встал.',
        ['"It is over." - Ann Lee, mayor of Harwick.', "«Мы победим!» — Зеленин.", "Зал встал."],
    ),
    "a dash behind what is bold": (
        "**Порт закрыт до мая.** — Паром стоит у причала. **Ferries wait!** - The mayor left.",
        ["**Порт закрыт до мая.**", "— Паром стоит у причала.", "**Ferries wait!**", "- The mayor left."],
    ),
    "a list": ("1. Хлеб\n2. Соль", ["1. Хлеб", "2. Соль"]),
    "a wrapped line": ("The council met\nin the evening.", ["The council met in the evening."]),
    "a headline without a stop": ("Мост закрыт\nРемонт до мая.", ["Мост закрыт", "Ремонт до мая."]),
    "emoji": ("Мы победили 🎉 Спасибо всем!", ["Мы победили 🎉", "Спасибо всем!"]),
    "a name with stops in it": (
        "Игроки «Что? Где? Когда?» собрались в Заречье. Урок «Зима! Спорт! Я!» прошёл.",
        ["Игроки «Что? Где? Когда?» собрались в Заречье.", "Урок «Зима! Спорт! Я!» прошёл."],
    ),
    "who says more than a name": (
        "«Мост в Заречье закрыт! Паром стоит у причала до самой весны!» Зал встал.",
        ["«Мост в Заречье закрыт!", "Паром стоит у причала до самой весны!»", "Зал встал."],
    ),
    "a flag amid a phrase": (
        "A plane left for 🇰🇪 Kestria, 🇧🇷 Brenta and 🇻🇦 Vallmark 🇰🇪 Kestria denies it",
        ["A plane left for 🇰🇪 Kestria, 🇧🇷 Brenta and 🇻🇦 Vallmark 🇰🇪", "Kestria denies it"],
    ),
    "emoji in brackets": (
        "The island (a 🌍 Union member) is taken 🎉 Ships wait",
        ["The island (a 🌍 Union member) is taken 🎉", "Ships wait"],
    ),
    "a stop in brackets before a small letter": (
        "Индекс (с учётом вечерн. сессий) упал. Доп. офис закрыт.",
        ["Индекс (с учётом вечерн. сессий) упал.", "Доп. офис закрыт."],
    ),
    "closing brackets of joy": ("Весна пришла)) Ура!", ["Весна пришла))", "Ура!"]),
    "ellipsis": ("Он ждал… и дождался.", ["Он ждал… и дождался."]),
    "initials without a blank": ("Прибыл В.В. Громов. Зал встал.", ["Прибыл В.В. Громов.", "Зал встал."]),
    "initials of a country": (
        "The U.S. Senate voted. It sat in the U.S. He left.",
        ["The U.S. Senate voted.", "It sat in the U.S.", "He left."],
    ),
    "an hour and its day": ("It opens at 5 p.m. Monday. Come.", ["It opens at 5 p.m. Monday.", "Come."]),
    "a currency": ("Ущерб — 5 млн долл. США. Он растёт.", ["Ущерб — 5 млн долл. США.", "Он растёт."]),
    "an address": ("Пожар на ул. Ленина, д. 5, кв. 7. Жертв нет.", ["Пожар на ул. Ленина, д. 5, кв. 7.", "Жертв нет."]),
    "that is": ("Цена, т.е. тариф, выше. Т.е. платят больше.", ["Цена, т.е. тариф, выше.", "Т.е. платят больше."]),
    "a time": ("Сеанс с 12:00 до 14:00. Вход свободный.", ["Сеанс с 12:00 до 14:00.", "Вход свободный."]),
    "a time of a zone": ("Старт в 10.30 мск. Эфир открыт.", ["Старт в 10.30 мск.", "Эфир открыт."]),
    "bold that ends with its stop": ("Вход до **14:00.** Потом закрыто.", ["Вход до **14:00.**", "Потом закрыто."]),
    "emoji without blanks": ("Мост открыт❗️Движение пошло❗️", ["Мост открыт❗️", "Движение пошло❗️"]),
    "emoji as bullets": ("✅ Мост открыт\n✅ Порт закрыт", ["✅ Мост открыт", "✅ Порт закрыт"]),
    "an address of the web": (
        "Читайте на https://example.org/a Мост закрыт.",
        ["Читайте на https://example.org/a", "Мост закрыт."],
    ),
    "a domain": ("Сайт example.com открыт. Заходите.", ["Сайт example.com открыт.", "Заходите."]),
    "hash tags": ("Мост закрыт. #новости #мост", ["Мост закрыт. #новости #мост"]),
    "a quotation of two sentences": (
        "Он сказал: «Я приду. Я обещаю». Зал молчал.",
        ["Он сказал: «Я приду.", "Я обещаю».", "Зал молчал."],
    ),
    "a question in Persian": ("آیا پل بسته است؟ بله. تا سه‌شنبه.", ["آیا پل بسته است؟", "بله.", "تا سه‌شنبه."]),
    "stops in Hindi and Armenian": (
        "पुल बंद है। कल खुलेगा।\nԿամուրջը փակ է։ Վաղը կբացվի։",
        [
            "पुल बंद है।",
            "कल खुलेगा।",
            "Կամուրջը փակ է։",
            "Վաղը կբացվի։",
        ],
    ),
    "stops in Chinese, which no blank follows": (
        "桥已关闭。明天开放！好吗？",
        ["桥已关闭。", "明天开放！", "好吗？"],
    ),
    "a quotation in Japanese, and who said it": (
        "「橋は閉まった。」と市長は述べた。明日開く。",
        ["「橋は閉まった。」と市長は述べた。", "明日開く。"],
    ),
    "Japanese sentences that begin as what follows a quotation": (
        "雨です。では次です。とても強い！はい。",
        ["雨です。", "では次です。", "とても強い！", "はい。"],
    ),
    "the fourteenth in German": (
        "Die Brücke ist seit dem 14. Mai gesperrt. Das sagt die Stadt. Bis 2027. Dann öffnet sie wieder.",
        [
            "Die Brücke ist seit dem 14. Mai gesperrt.",
            "Das sagt die Stadt.",
            "Bis 2027.",
            "Dann öffnet sie wieder.",
        ],
    ),
    "millions in German": (
        "Sie kostet 5 Mio. Euro, der Hafen 1,2 Mrd. Euro. So sagt es die Stadt.",
        ["Sie kostet 5 Mio. Euro, der Hafen 1,2 Mrd. Euro.", "So sagt es die Stadt."],
    ),
    "what is mine in Italian": (
        "Il sindaco è un amico mio. Lo conosco da anni.",
        ["Il sindaco è un amico mio.", "Lo conosco da anni."],
    ),
    "a number at an end in German": (
        "Die Frist endet am 12. Der Hafen bleibt im 3. Jahr zu, die 2. Liga auch. Betroffen sind 14. Sie warten.",
        [
            "Die Frist endet am 12.",
            "Der Hafen bleibt im 3. Jahr zu, die 2. Liga auch.",
            "Betroffen sind 14.",
            "Sie warten.",
        ],
    ),
    "a number at an end in Polish": (
        "Wypadek był na drodze nr 14. Po godzinie, podczas burzy, zamknięto też drogę nr 15. Nie ma rannych.",
        [
            "Wypadek był na drodze nr 14.",
            "Po godzinie, podczas burzy, zamknięto też drogę nr 15.",
            "Nie ma rannych.",
        ],
    ),
    "the fourteenth in Polish": (
        "Most został zamknięty 14. raz. To już koniec.",
        ["Most został zamknięty 14. raz.", "To już koniec."],
    ),
    "a number at an end in English": ("It was his 14. Then it rained.", ["It was his 14.", "Then it rained."]),
    "nothing": (" \n ", []),
}


@pytest.mark.parametrize("name", PAIRS)
def test_sentences_end_where_a_reader_ends_them(name: str) -> None:
    text, expected = PAIRS[name]
    assert split_sentences(text) == expected


@given(st.text(alphabet=st.sampled_from('aБя1 .!?…)("»«—:-\n😀г@#'), max_size=60))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    found = split_sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence and sentence == sentence.strip() for sentence in found)


@pytest.mark.parametrize(
    "piece", [".", "1. ", "😀", ")", "www.", ". ", '?" — ', "a. ", "(:( ", ". 😀 ", "т. г. ", ":) А ", "\n", "1 :) A "]
)
def test_a_hostile_text_takes_time_by_its_length_only(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begin = process_time()
    split_sentences(text)
    assert process_time() - begin < 10


@pytest.mark.skipif(
    not TREEBANKS.is_dir(), reason="The treebanks are not there: set COURANT_DATA to measure against them."
)
def test_sentence_ends_are_found_as_well_as_promised() -> None:
    benchmark = pytest.importorskip("benchmarks.summaries")
    assert benchmark.sentence_ends([TREEBANKS / "ru_gsd-ud-dev.conllu.gz"], split_sentences, whole=True)[2] >= 0.984
    assert benchmark.sentence_ends([TREEBANKS / "ru_taiga-ud-test.conllu.gz"], split_sentences, whole=False)[2] >= 0.965
    assert benchmark.sentence_ends([TREEBANKS / "en_ewt-ud-dev.conllu.gz"], split_sentences, whole=False)[2] >= 0.937
