"""What a model says passes only as far as the posts it names bear it out."""

import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summaries.gate import Claim, Evidence, Flaw, check, judge
from digest.summaries.prompt import read_answer
from digest.summaries.unmarked import has_link, unmarked
from digest.text.figures import read_figures
from digest.text.naming import Names, names_in

NOON = datetime(2025, 2, 18, 12, tzinfo=UTC)  # a Tuesday
TALKS = (
    "Дональд Трамп и Владимир Путин договорились о переговорах. 20 февраля в Эр-Рияде встретятся двое министров, "
    "сообщил Джо Байден. Помощь Украине — 2,5 млрд долларов, рубль вырос на 5 %. «Мы готовы ко всему, кроме "
    "молчания», — сказал Песков. Из 1 200 делегатов приехали трое. Начало в 17:00."
)
BRIDGE = (
    "The old bridge in Harwick was closed on Tuesday after a barge hit it at 5:40 a.m. Mayor Anna Tolland said repairs "
    'would cost between 2 and 3 million euros and take "five weeks, if the weather holds". Twenty-five people '
    "were hurt."
)
POSTS = [Evidence(TALKS, NOON), Evidence(BRIDGE, NOON)]


def flaw_of(text: str, source: int, language: str) -> Flaw | None:
    found = check(Claim(text, (source,)), POSTS, language)
    return found if isinstance(found, Flaw) else None


@pytest.mark.parametrize(
    "text",
    [
        "Трамп договорился с Путиным о переговорах.",
        "Министры встретятся в Эр-Рияде 20.02, об этом сообщил Байден.",
        "Два министра встретятся 20 февраля.",
        "Украина получит 2,5 миллиарда долларов.",
        "Помощь составит 2.5 млрд $, рубль вырос на 5 процентов.",
        "Песков сказал: «Мы готовы ко всему, кроме молчания».",
        "Песков сказал, что они готовы «ко всему… кроме молчания».",
        "Из 1200 делегатов приехали 3 человека.",
        "Переговоры начнутся в 17:00.",
        "В феврале пройдут переговоры, сообщил Байден.",
    ],
)
def test_a_true_sentence_in_other_words_passes(text: str) -> None:
    assert flaw_of(text, 0, "ru") is None


@pytest.mark.parametrize(
    "text",
    [
        "Trump and Putin agreed on talks, said Biden.",
        "Two ministers will meet on February 20 in Riyadh.",
        "Ukraine is to get $2.5bn, and the rouble rose by 5%.",
        "Only three of 1,200 delegates came to the talks.",
        "The talks begin at 5 p.m., said Joe Biden.",
    ],
)
def test_a_true_translation_passes(text: str) -> None:
    assert flaw_of(text, 0, "en") is None


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("Трамп и Макрон договорились о переговорах.", Flaw.NAME),
        ("Макрон договорился о переговорах с Путиным.", Flaw.NAME),
        ("Немецкие министры договорились о переговорах.", Flaw.NAME),
        ("Помощь Украине — 2,5 млн долларов.", Flaw.NUMBER),
        ("Помощь Украине — 2,5 млрд евро.", Flaw.NUMBER),
        ("Рубль вырос на 6 %.", Flaw.NUMBER),
        ("На переговоры приехали семеро делегатов.", Flaw.NUMBER),
        ("На переговоры приехали cто делегатов.", Flaw.LANGUAGE),  # with a Latin c
        ("Министры встретятся 21 февраля.", Flaw.DATE),
        ("Министры встретятся 20 марта.", Flaw.DATE),
        ("Министры встретятся в пятницу.", Flaw.DATE),
        ("Министры встретятся в 18:30.", Flaw.DATE),
        ("Песков сказал: «Мы готовы ко всему, кроме войны».", Flaw.QUOTE),
        ("Песков сказал: «Мы не готовы».", Flaw.QUOTE),
        ("Песков сказал: ‹Мы не готовы›.", Flaw.QUOTE),
        ("Песков сказал: 「Мы не готовы」.", Flaw.QUOTE),
        ("Трамп договорился, подробности на evil.example/x.", Flaw.LINK),
        ("Трамп договорился, пишите @evil_bot о переговорах.", Flaw.LINK),
        ("Trump and Putin agreed on talks.", Flaw.LANGUAGE),
        ("Корова перепрыгнула через луну, а собака громко смеялась.", Flaw.SUPPORT),
        ("Да, да.", Flaw.SHAPE),
        ("Переговоры " * 60, Flaw.SHAPE),
    ],
)
def test_an_invention_is_caught(text: str, flaw: Flaw) -> None:
    assert flaw_of(text, 0, "ru") is flaw


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("The bridge in Harwick was closed on Tuesday.", None),
        ("25 people were hurt in Harwick, and repairs cost 2 million euros.", None),
        ("Repairs cost between 2 million and 3 million euros, says Tolland.", None),
        ("Twenty-six people were hurt in Harwick.", Flaw.NUMBER),
        ("A hundred people were hurt in Harwick.", Flaw.NUMBER),
        ("四 people were hurt in Harwick.", Flaw.LANGUAGE),
        ("➒ people were hurt in Harwick.", Flaw.LANGUAGE),
        ("⑨ people were hurt in Harwick.", Flaw.NUMBER),
        ("Ⅳ people were hurt in Harwick.", Flaw.LANGUAGE),
        ("The bridge in Harwick was closed on Wednesday.", Flaw.DATE),
        ("Mayor Anna Holland said repairs take five weeks.", Flaw.NAME),
        ("Tolland said repairs take 'five weeks, if the wind holds'.", Flaw.QUOTE),
        ('Tolland said repairs take "five weeks, ‹if the mayor› holds".', Flaw.QUOTE),
        ("Tolland said repairs take “five weeks, if the weather holds”.", None),
    ],
)
def test_english_is_checked_alike(text: str, flaw: Flaw | None) -> None:
    assert flaw_of(text, 1, "en") is flaw


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Сто человек пострадали на мосту.", "About a hundred people were hurt on the bridge."),
        ("Пострадали 120 человек на мосту.", "Сотня человек пострадали на мосту."),
        ("A hundred people were hurt on the bridge.", "A hundred people were hurt there on the bridge."),
        ("По мосту прошли 100 000 человек.", "A hundred thousand people walked over the bridge."),
        ("300,000 people walked over the bridge.", "По мосту прошли сотни тысяч человек."),
        ("Пожар потушили на вилле Ⅳ.", "Пожар на вилле Ⅳ потушили."),
        ("Акции VКонтакте выросли утром.", "Утром выросли акции VКонтакте."),
    ],
)
def test_what_stands_so_in_a_post_may_be_said_so(written: str, said: str) -> None:
    assert isinstance(check(Claim(said, (0,)), [Evidence(written, NOON)], "ru" if said > "А" else "en"), Claim)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Вице-премье\u0301р Пётр Кра\u0301йнов открыл за\u0301мок.", "Замок открыл вице-премьер Крайнов."),
        ("Вице-премьер Пётр Крайнов открыл замок.", "За\u0301мок открыл вице-премьер Кра\u0301йнов."),
    ],
    ids=["of the post", "of the model"],
)
def test_accents_on_letters_hide_no_name(written: str, said: str) -> None:
    assert check(Claim(said, (0,)), [Evidence(written, NOON)], "ru") == Claim(said, (0,))


@pytest.mark.parametrize("sources", [(), (2,), (-1,), (0, 99)], ids=["none", "beyond", "before", "one beyond"])
def test_a_sentence_names_posts_that_exist(sources: tuple[int, ...]) -> None:
    assert check(Claim("Трамп и Путин договорились о переговорах.", sources), POSTS, "ru") is Flaw.SOURCE


def test_posts_that_do_not_bear_a_sentence_out_are_not_cited() -> None:
    claim = Claim("Two ministers will meet on 20 February.", (1, 0, 0))
    assert check(claim, POSTS, "en") == Claim(claim.text, (0,))


def test_today_in_a_post_is_the_day_it_was_published() -> None:
    today = [Evidence("Сегодня в Харвике закрыли старый мост.", NOON)]
    assert isinstance(check(Claim("Старый мост в Харвике закрыли 18 февраля.", (0,)), today, "ru"), Claim)
    assert check(Claim("Старый мост в Харвике закрыли 25 февраля.", (0,)), today, "ru") is Flaw.DATE


def test_markup_and_what_cannot_be_seen_are_taken_out() -> None:
    said = "**The** <b>old</b> bridge\u202e in &#72;arwick\x07 was \U0001f525 closed\u200b on __Tuesday__ [1][2, 3]."
    assert check(Claim(said, (1,)), POSTS, "en") == Claim("The old bridge in Harwick was closed on Tuesday.", (1,))


@pytest.mark.parametrize(
    "text",
    ["https://a.example", "t.me/x", "a.b.example.com", "see @name", "hxxp://x", "tg://resolve?domain=x", "/start now",
     "[here](x)", "evil。com", "ｗｗｗ.evil.com", "mailto:a@b.example", "bit.ly", "кремль.рф", "1.2.3.4", "h\u200bttps://x"],
)  # fmt: skip
def test_whatever_could_be_a_link_is_one(text: str) -> None:
    assert has_link(f"The bridge {text}")


@pytest.mark.parametrize(
    "text", ["It ended.The next", "1.5 km/h", "U.S. troops", "и/или", "24/7", "т.д.", "9.30", "$5"]
)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert not has_link(f"The bridge {text}")


def test_a_summary_is_sound_while_it_keeps_its_first_sentence_and_two_thirds() -> None:
    true = [Claim("Трамп и Путин договорились о переговорах.", (0,)), Claim("Рубль вырос на 5 %.", (0,))]
    lie = Claim("Рубль упал на 77 %.", (0,))
    title = Claim("Трамп и Макрон договорились", (0,))
    judged = judge(title, [*true, lie], POSTS, "ru")
    assert (judged.sound, len(judged.sentences), judged.title) == (True, 2, None)
    assert judged.dropped == {Flaw.NUMBER: 1, Flaw.NAME: 1}
    assert not judge(None, [lie, *true], POSTS, "ru").sound
    assert not judge(None, [true[0], lie], POSTS, "ru").sound
    assert not judge(None, [], POSTS, "ru").sound
    assert len(judge(None, [true[0]] * 50, POSTS, "ru").sentences) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2,5 млн рублей", "2.5 million roubles"),
        ("1 000 000 человек", "1,000,000 people"),
        ("twenty-five", "25"),
        ("двести сорок один", "241"),
        ("сто двадцать пять тысяч", "125,000"),
        ("two hundred and five", "205"),
        ("one hundred and fifty-five", "155"),
        ("a hundred and twenty thousand", "120,000"),
        ("one hundred", "100"),
        ("between two hundred and three hundred", "from 200 to 300"),
        ("5 %", "five per cent"),
        ("двухлетний", "2 years"),
        ("10 тыс.", "10k"),
    ],
)
def test_notations_of_one_number_are_one(one: str, other: str) -> None:
    first, second = (read_figures(text).numbers for text in (one, other))
    assert {number.unit for number in first} == {number.unit for number in second}
    assert {number.values[-1] for number in first} == {number.values[-1] for number in second}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Магазин закрыл 3 точки в городе.", f"Магазин закрыл {number} точки в городе.")
        for number in (
            "3%",
            "3 ‰",
            "$3",
            "3 рубля",
            "₴3",
            "3 тенге",
            "3k",
            "3к",
            "3м",
            "3 тыс.",
            "-3",
            "минус 3",
            "полтора",
            "полсотни",
        )
    ]
    + [
        ("Магазин закрыл 3 точки в городе.", "Магазин закрыл дюжину точек в городе."),
        ("Магазин закрыл 3 точки в городе.", "Магазин закрыл впятеро больше точек в городе."),
        ("Магазин закрыл половину точек в городе.", "Магазин закрыл полтора десятка точек в городе."),
        ("Ночью в городе до −15.", "Ночью в городе ожидается до +15."),
        ("The city got 5 for the bridge.", "The city got 5m for the bridge."),
        ("The tax rose by 3 percentage points.", "The tax rose by 3 percent."),
        ("The tax rose by 3 percent, and 5 people left.", "The tax rose by 5 percent."),
        ("The tax rose by 3%, 5 people left.", "The tax rose by 5%."),
        ("Город получил 6 млрд рублей и 3 млн книг.", "Город получил 3 млн рублей."),
        ("Город получил 6 млрд рублей. Жителей там 3 млн.", "Город получил 3 млн рублей."),
        ("Жителей там 3 млн, город получил 6 млрд рублей.", "Город получил 3 млн рублей."),
        ("The fund gave 3 dogs, 20 cats to the city.", "The fund gave $3 to the city."),
    ],
)
def test_a_number_of_another_unit_or_sign_is_an_invention(written: str, said: str) -> None:
    language = "ru" if said > "А" else "en"
    assert check(Claim(said, (0,)), [Evidence(written, NOON)], language) is Flaw.NUMBER


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Инфляция выросла с 3 до 5 процентов.", "Инфляция была 3 %."),
        ("Inflation rose to 5% from 3 last year.", "Inflation was 3% last year."),
        ("Цены растут на 3, 4 и 5 процентов.", "Цены растут на 3 процента."),
        ("Ожидается 3-процентный рост цен.", "Ожидается рост цен на 3 %."),
        ("Налог вырос на 3 процентных пункта.", "Налог вырос на 3 п.п."),
        ("Цены упали на 3 % за неделю.", "Цены упали за неделю: -3 %."),
        ("Акции просели на 3 % за неделю.", "Акции за неделю: -3 %."),
        ("Рубль ослаб на 3 % за неделю.", "Рубль за неделю: -3 %."),
        ("Shares slid 3% this week.", "Shares this week: -3%."),
        ("Цены за неделю: −3 %.", "Цены за неделю упали на 3 %."),
        ("Цены выросли на 3 % за неделю.", "Цены выросли за неделю: +3 %."),
        ("Ночью в городе до -15, днём +5.", "Ночью в городе -15 °C, днём 5 градусов."),
        ("Вход стоит от 5 до 10 евро.", "Вход стоит 5€–10€."),
        ("Ночью в городе от 5 до 10 градусов.", "Ночью в городе 5°–10°."),
        ("Рост составил 29% (€469 млн).", "Рост составил 29% (469 млн евро)."),
        ("Выручка выросла на 29 %, до €469 млн.", "Выручка за год: +29 %, 469 млн евро."),
        ("Город получил 6 млрд рублей, из них не потратил 3 млрд.", "Город не потратил 3 млрд рублей."),
        ("The city got $6bn and has not spent 3 billion.", "The city has not spent $3 billion."),
        ("Мэр родился в городе в 1912 году.", "Мэр родился в городе в 1912-м году."),
        ("The fund gave 500 million US dollars to it.", "The fund gave $500m to it."),
        ("Фонд дал ему 3 млн турецких лир.", "Фонд дал ему 3 000 000 ₺."),
        ("The fund gave $3 to 5 million to it.", "The fund gave it $5 million."),
        ("Премия выросла на 1,5 млн рублей.", "Премия выросла на полтора миллиона рублей."),
        ("На парад вышли 50 танков.", "На парад вышли полсотни танков."),
        ("Цены выросли в пять раз за год.", "Цены выросли впятеро за год."),
        ("На парад вышли 14 танков.", "На парад вышла дюжина танков."),
        ("The bridge is 5m long.", "The bridge is 5 metres long."),
        ("The city got 5 million for it.", "The city got 5m for it."),
        ("The city got 10k marks for it.", "The city got ten thousand marks for it."),
        ("Фонд дал ему 5 млн долл. на мост.", "Фонд дал ему $5 млн на мост."),
        ("Фонд дал ему 500 фунтов на мост.", "Фонд дал ему £500 на мост."),
        ("Фонд дал ему 500р. на мост.", "Фонд дал ему 500 рублей на мост."),
        ("Фонд дал ему 500 грн на мост.", "Фонд дал ему 500 гривен на мост."),
        ("Фонд дав йому 500 гривень на міст.", "Фонд дал ему 500 гривен."),
        ("Фонд дав йому 500 доларів на міст.", "Фонд дал ему 500 долларов."),
        ("Цены выросли на 3 проц. за год.", "Цены выросли на 3 % за год."),
        ("Die Preise stiegen um 3 Prozent.", "Prices rose by 3 %."),
        ("Los precios subieron un 3 por ciento.", "Prices rose by 3 %."),
        ("Les prix ont monté de 3 pour cent.", "Prices rose by 3 %."),
        ("La ciudad recibió 3 dólares.", "The city got $3."),
    ],
)
def test_a_unit_may_stand_elsewhere_and_a_sign_be_said(written: str, said: str) -> None:
    assert isinstance(check(Claim(said, (0,)), [Evidence(written, NOON)], "ru" if said > "А" else "en"), Claim)


@pytest.mark.parametrize(
    "text", ["5 марта", "March 5", "5 March", "5th of March", "05.03.2025", "2025-03-05", "March 5, 2025", "4-5 марта"]
)
def test_notations_of_one_date_are_one(text: str) -> None:
    figures = read_figures(text)
    assert (5, 3) in figures.days
    assert figures.numbers == []


def test_a_verb_is_no_month() -> None:
    assert read_figures("They may March on").months == set()
    assert read_figures("in May").months == {5}


def test_months_and_days_in_old_letters_are_read_as_in_new_ones() -> None:
    october, saturday = "\u1c82ктября", "\u1c83убботу"
    figures = read_figures(f"5 {october} встреча, в {saturday} итоги, в {october[:-1]}е всё.")
    assert (figures.days, figures.months, figures.weekdays) == ({(5, 10)}, {10}, {5})


@pytest.mark.parametrize(
    ("written", "said"),
    [("Трамп", "Trump"), ("Байдена", "Biden"), ("Уильям", "William"), ("Вашингтоне", "Washington"), ("Лео", "Leo"),
     ("Германии", "German"), ("США", "U.S."), ("Джонсон", "Johnson"), ("Киева", "Kyiv"), ("Чикаго", "Chicago"),
     ("Минобороны", "Defence Ministry"), ("Ниловым", "Нилов"), ("Ukraine", "Ukrainian"), ("Валь", "Vahl")],
)  # fmt: skip
def test_a_name_is_known_in_other_forms_and_alphabets(written: str, said: str) -> None:
    for here, there in ((written, said), (said, written)):
        assert Names([f"и {here} там"]).lack(f"сказал {there} там") is None


@pytest.mark.parametrize(
    ("written", "said"), [("Путин", "Путилин"), ("Ivanov", "Иванченко"), ("Иран", "Ирак"), ("Mali", "Мальта")]
)
def test_a_name_is_not_taken_for_another(written: str, said: str) -> None:
    assert Names([f"и {written} там"]).lack(f"сказал {said} там") == said


def test_a_common_word_that_begins_a_sentence_is_no_name() -> None:
    assert names_in("Police say that Harwick is closed. Repairs begin in Riga.") == ("Harwick", "Riga")


@given(st.text(max_size=300))
def test_whatever_a_model_writes_can_be_judged_and_shows_nothing_unseen(text: str) -> None:
    found = check(Claim(text, (0, 1)), POSTS, "en")
    shown = unmarked(text)
    assert isinstance(found, Flaw) or (found.text == shown and not has_link(shown))
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in shown)


@given(st.text(max_size=400))
def test_whatever_is_answered_can_be_read(text: str) -> None:
    draft = read_answer(text)
    assert draft is None or judge(draft.title, draft.sentences, POSTS, "ru").sound in (True, False)


@pytest.mark.parametrize(
    "piece",
    ["1 000 ", "«a", "@", "a.b.", "Иван ", "5 ", "two hundred ", "(", "[", "<b", "&#1;", "́", "U.S.", "20 мая ", "xX"],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    begun = time.process_time()
    evidence = [Evidence(piece * 20_000, NOON)]
    check(Claim((piece * 2_000)[:2_000], (0,)), evidence, "en")
    has_link((piece * 2_000)[:2_000])
    assert time.process_time() - begun < 10  # by the square of its length it is minutes
