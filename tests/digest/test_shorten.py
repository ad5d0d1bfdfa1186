"""Headlines that are cut say something, and a summary's sentence does not point at what was not told."""

from time import process_time

import pytest

from digest.summaries.headline import as_headline, headline
from digest.text.tidy import plain_sentences, shorten, stands_alone, tidy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            "Член семьи смотрителей маяка, известный в городе как Уилл Торопов, погиб в результате пожара дома в "
            "верхней части посёлка Северный мыс.",
            "Член семьи смотрителей маяка, известный в городе как Уилл Торопов, погиб в результате пожара",
            id="a subject waits for its verb",
        ),
        pytest.param(
            "Министерство добьётся того, чтобы порты «ждали перемен» от того, какими убытками грозит им простой судов, "
            "сказал Хвоин.",
            "Министерство добьётся того, чтобы порты «ждали перемен» от того, какими убытками грозит",
            id="of that which waits for a what",
        ),
        pytest.param(
            "Игры отдают по цене сухариков: настоящая классика Storm Harbour: Absolution и Storm Harbour: Low Tide "
            "обойдётся в сущие копейки.",
            "Игры отдают по цене сухариков: настоящая классика Storm Harbour: Absolution и Storm Harbour: Low Tide",
            id="half of a name with a colon",
        ),
        pytest.param(
            'The mayor of Harwick, Kate Lund, in her evening letter: — "The bridge will be closed for the whole of the '
            "winter and opened in spring.",
            'The mayor of Harwick, Kate Lund, in her evening letter: — "The bridge will be closed for the whole…',
            id="who says before what is said",
        ),
        pytest.param(
            "Поправки, предусматривающие увеличение штрафов за нарушение правил, поступили в парламент, где их "
            "рассмотрят до конца месяца.",
            "Поправки, предусматривающие увеличение штрафов за нарушение правил, поступили в парламент",
            id="a statement between commas",
        ),
        pytest.param(
            "Fire in the port of Brenta: a timber shed on Tar Quay went up shortly after nine in the evening and can "
            "be seen from the other side of the bay.",
            "Fire in the port of Brenta: a timber shed on Tar Quay went up shortly after nine in the evening",
            id="shortly waits for its after",
        ),
        pytest.param(
            "Посол Кестрии в Бренте Стивен Хвоин рассказал капитанам всех судов, что паромы через залив будут ходить "
            "и этой зимой.",
            "Посол Кестрии в Бренте Стивен Хвоин рассказал капитанам всех судов, что паромы",
            id="somebody said waits for what",
        ),
        pytest.param(
            "Бренский судовладелец Стивен Торопов, который двадцать лет торговал лесом в посёлке, заявил, что купит "
            "старую пристань.",
            "Бренский судовладелец Стивен Торопов, который двадцать лет торговал лесом в посёлке, заявил",
            id="a name is no verb",
        ),
        pytest.param(
            "Министерство считает себя вправе останавливать суда тех соседних стран, которые не пускают в порты наши "
            "паромы и баржи.",
            "Министерство считает себя вправе останавливать суда тех соседних стран, которые не пускают",
            id="those countries wait for which ones",
        ),
        pytest.param(
            "По мнению совета старейшин посёлка Северный мыс, паромная переправа через залив для грузовиков должна "
            "работать и зимой.",
            "По мнению совета старейшин посёлка Северный мыс, паромная переправа",
            id="according to somebody waits for what",
        ),
        pytest.param(
            "Парламент на утреннем заседании одобрил во втором и третьем (окончательном) чтении закон, который "
            "запрещает продажу масла для ламп.",
            "Парламент на утреннем заседании одобрил во втором и третьем (окончательном) чтении закон",
            id="a bracket in the midst of a phrase",
        ),
        pytest.param(
            "Избранный глава Кестрии Пётр Хвоин на заседании совета пообещал подготовить указ, который запретит "
            "продавать на пристани масло.",
            "Избранный глава Кестрии Пётр Хвоин на заседании совета пообещал подготовить указ",
            id="an adjective that begins is no attribute",
        ),
        pytest.param(
            "Иностранные производители паромов — Harwick, Brenta и Velmora Ferries — поднимают с весны цены на свои "
            "суда в среднем на десятую часть.",
            "Иностранные производители паромов — Harwick, Brenta и Velmora Ferries — поднимают с весны цены",
            id="producers are no verb",
        ),
    ],
)
def test_a_headline_is_cut_where_it_says_something(text: str, says: str) -> None:
    found = headline([text])
    assert found is not None
    assert found.text.startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            "Парламент Кестрии на утреннем заседании ввёл пошлины на товары из Бренты, Велморы и Харвика, чтобы "
            "остановить торговлю маслом.",
            "Парламент Кестрии на утреннем заседании ввёл пошлины на товары из Бренты, Велморы и Харвика",
            id="a list stays whole",
        ),
        pytest.param(
            "Парламент Кестрии на утреннем заседании лишил государственных наград певцов Николая Сарнова, Филиппа "
            "Торопова, Анну Хвоин и хор.",
            "Парламент Кестрии на утреннем заседании лишил государственных наград певцов Николая Сарнова…",
            id="a list too long shows that it goes on",
        ),
        pytest.param(
            "Парламент Кестрии на утреннем заседании ввёл пошлины на товары из соседних стран, включая Бренту и "
            "Харвик, до конца весны.",
            "Парламент Кестрии на утреннем заседании ввёл пошлины на товары из соседних стран",
            id="what is included may go",
        ),
        pytest.param(
            "Парламент Кестрии на утреннем заседании ввёл пошлины на товары из соседних стран, граничащих с гаванью, "
            "до конца весны.",
            "Парламент Кестрии на утреннем заседании ввёл пошлины на товары из соседних стран",
            id="what describes may go",
        ),
    ],
)
def test_a_list_is_not_cut_to_its_first_item(text: str, says: str) -> None:
    assert shorten(text, 110) == says


@pytest.mark.parametrize(
    "sentence",
    [
        "Погибшим оказался капитан парома Валерий Т.",
        "The ferry is back in the port at 5 a.m.",
        "Билет на паром из Бренты стоит 300 руб.",
    ],
)
def test_a_headline_keeps_the_stop_of_an_abbreviation(sentence: str) -> None:
    assert as_headline(sentence) == sentence


def test_a_headline_keeps_who_claims_it_but_not_who_wrote_of_it() -> None:
    assert as_headline("Выборов до конца осады не будет, заявил мэр.") == "Выборов до конца осады не будет, заявил мэр"
    assert (
        as_headline("No vote before the siege ends, said the mayor.") == "No vote before the siege ends, said the mayor"
    )
    assert as_headline("Мост через залив закрыт, пишет «Вестник».") == "Мост через залив закрыт"


def test_a_headline_does_not_end_with_a_phrase_that_waits_for_its_noun() -> None:
    fog = "Над тремя маяками посёлка Северный мыс с самого утра стояло облако тумана"
    found = headline([f"{fog}, в результате которого паром пришёл с опозданием на три часа."])
    assert found is not None
    assert found.text == fog


@pytest.mark.parametrize(
    "sentence",
    [
        "По их словам, туман не позволил вертолётам подняться над гаванью.",
        "Такой призыв шёл от союзников в связи с нехваткой людей в порту.",
        "Об этом сообщил директор музея на встрече с жителями города.",
        "В конце концов он рассказал об этом директору музея в гавани.",
        "Понятно, скорее всего, он живёт недалеко от гавани в новом доме.",
        "At first they wanted to sell the old ferry to a company abroad.",
        "Указывается, что три лодки пропали у северной пристани.",
        "По их утверждениям, причиной стали бури и нехватка людей.",
        "Плюс с весны начнут принимать грузовики с сушёной рыбой.",
        "Газета уточняет, что мост закрыли ещё в прошлом году.",
        "According to him, the ferry was late by three hours on Monday.",
        "The bridge, she adds, will be closed until March of next year.",
        "The price of fish will fall by the autumn, he said.",
        "Цены на рыбу к осени упадут, считает она.",
    ],
)
def test_what_points_back_does_not_stand_alone(sentence: str) -> None:
    assert not stands_alone(sentence, opens=False)
    assert stands_alone(sentence, opens=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "When the mayor came home, they told him of the fire in the hall.",
        "Мэр подтвердил, что мост, по его словам, закроют до весны.",
    ],
)
def test_who_is_named_before_may_be_he(sentence: str) -> None:
    assert stands_alone(sentence, opens=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ко мне пришёл директор музея и сказал, что паром ещё не продан.",
        "In the evening the director of the museum told me about the ferry.",
    ],
)
def test_what_somebody_says_of_himself_does_not_stand_alone(sentence: str) -> None:
    assert not stands_alone(sentence, opens=True)
    assert stands_alone(f"Moira Penhale said: “{sentence}”", opens=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "A monument to the sailors of World War I was opened in Harwick.",
        "The bridge of road I-95 was closed after a lorry overturned on it.",
        "George I. Penhale was elected mayor of Harwick on Monday evening.",
        "Памятник адмиралу Николаю I открыли в гавани Бренты вчера утром.",
        "Компания My Ferry открыла новую линию из Бренты в Тарск.",
    ],
)
def test_a_numeral_or_a_name_is_nobody_who_speaks_of_himself(sentence: str) -> None:
    assert stands_alone(sentence, opens=True)


def test_a_headline_is_no_sentence_that_points_back_where_another_begins_a_post() -> None:
    back = "Тем временем мост в Тарске закрыт для грузовиков"
    found = headline([back, f"{back}.", "Мост в Тарске закрыт для грузовиков и лодок из-за тумана"])
    assert found is not None
    assert found.text == "Мост в Тарске закрыт для грузовиков и лодок из-за тумана"
    alone = headline([back])
    assert alone is not None
    assert alone.text == back


def test_what_is_still_to_be_told_is_no_statement() -> None:
    assert not stands_alone("Что известно о пожаре на складе в порту Бренты", opens=True)


def test_the_mark_of_an_addition_is_taken_off() -> None:
    assert tidy("UPD: Паром отменён до вторника.") == "Паром отменён до вторника."


def test_calls_to_subscribe_go_and_what_only_looks_like_them_stays() -> None:
    news = ["Глава Кестрии может подписать указ.", "Captain Sheridan left.", "Ten towns sign up to the treaty."]
    calls = ["Подписаться можно здесь.", "Реклама.", "erid: 2Vtzq", "Sign up here.", "Subscribe to our letter."]
    assert plain_sentences("\n".join(news + calls)) == news


@pytest.mark.parametrize("bullet", ["→", "–", "-", "1."])
def test_an_arrow_or_a_bullet_before_a_sentence_is_taken_off(bullet: str) -> None:
    assert tidy(f"{bullet} Паром отменён до вторника.") == "Паром отменён до вторника."


@pytest.mark.parametrize("minus", ["-", "–"])
def test_a_number_that_a_sentence_begins_with_keeps_its_minus(minus: str) -> None:
    assert tidy(f"❄️ {minus}25 °C in Harwick tonight.") == f"{minus}25 °C in Harwick tonight."


def test_a_label_in_a_line_of_its_own_is_no_sentence() -> None:
    assert plain_sentences("[속보]\n하르위크 다리 폐쇄돼") == ["하르위크 다리 폐쇄돼"]
    assert plain_sentences("【速報】\n橋は閉まった。") == ["橋は閉まった。"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("BREAKING: The harbour of Harwick is closed", "The harbour of Harwick is closed"),
        ("JUST IN - Harwick closes its harbour", "Harwick closes its harbour"),
        ("MAJOR ELECTION UPDATE: Vahl is prime minister", "Vahl is prime minister"),
        ("❗️Срочно! Порт закрыт до мая", "Порт закрыт до мая"),
        ("Терміново! Порт закрито до травня", "Порт закрито до травня"),
        ("ÚLTIMA HORA: El puerto de Harwick está cerrado", "El puerto de Harwick está cerrado"),
        ("SON DAKİKA | Harwick limanı mayısa kadar kapalı", "Harwick limanı mayısa kadar kapalı"),
        ("عاجل | إغلاق ميناء هارويك", "إغلاق ميناء هارويك"),
        ("⚡️فووووری؛ بندر هارویک بسته شد", "بندر هارویک بسته شد"),
        ("【突发】港口已关闭", "港口已关闭"),
        ("[속보] 하르위크 다리 폐쇄돼", "하르위크 다리 폐쇄돼"),
        ("【단독·종합】 하르위크 다리 폐쇄돼", "하르위크 다리 폐쇄돼"),
        ("속보: 하르위크 다리 폐쇄돼", "하르위크 다리 폐쇄돼"),
        ("[종합병원] 하르위크 다리 폐쇄돼", "[종합병원] 하르위크 다리 폐쇄돼"),
        ("快讯：港口已关闭", "港口已关闭"),
        ("快讯：5人死亡", "5人死亡"),
        ("Срочно: порт закрыт", "Срочно: порт закрыт"),
        ("Urgent care in Harwick is closed", "Urgent care in Harwick is closed"),
        ("Важливо — не відкривати порт до травня", "Важливо — не відкривати порт до травня"),
        ("Flash – the film about Harwick – opens", "Flash – the film about Harwick – opens"),
        ("Update on the harbour is due", "Update on the harbour is due"),
        ("New-build homes are dear now", "New-build homes are dear now"),
    ],
    ids=[
        *(
            "breaking",
            "just in",
            "update",
            "Russian",
            "Ukrainian",
            "Spanish",
            "Turkish",
            "Arabic",
            "Persian",
            "Chinese",
            "Korean",
            "exclusive in Korean",
            "Korean with a colon",
            "name in brackets",
        ),
        *(
            "Chinese without brackets",
            "a number in Chinese",
            "too little is left",
            "an adjective",
            "a dash for a verb",
            "a name",
            "a word of the sentence",
            "half a word",
        ),
    ],
)
def test_a_rubric_before_the_news_is_none_of_it(said: str, kept: str) -> None:
    assert tidy(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "Главное — результат, а не слова, считает мэр",
        "Молния — предварительная причина пожара в Харвике",
        "Now – more than ever – Harwick needs help",
        '"Now!" the crowd shouted in Harwick',
        "«Срочно: порт закрыт до мая», — написал мэр",
        "Update.exe is no file of theirs",
    ],
)
def test_what_a_rubric_is_called_by_stays_where_it_is_of_the_sentence(said: str) -> None:
    assert tidy(said) == said


def test_a_number_behind_a_rubric_keeps_its_minus() -> None:
    assert tidy("UPDATE: -25 °C in Harwick") == "-25 °C in Harwick"


@pytest.mark.parametrize("piece", ["!", ". ", "Now! ", "now "])
def test_what_seems_a_rubric_takes_time_by_its_length_only(piece: str) -> None:
    text = f"Срочно! {piece * (40_000 // len(piece))}"
    begin = process_time()
    tidy(text)
    assert process_time() - begin < 10


def test_a_long_headline_ends_with_a_clause_or_a_word() -> None:
    assert shorten("The council of Harwick voted for a tram, which the mayor had promised for years", 50) == (
        "The council of Harwick voted for a tram"
    )
    assert (
        shorten("one two three four five six seven eight nine ten eleven", 40)
        == "one two three four five six seven eight…"
    )
    assert shorten("the new line will cost the town about 40 000 crowns", 46) == "the new line will cost the town…"
