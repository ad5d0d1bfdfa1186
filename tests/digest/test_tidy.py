"""What of a post's text is left out, and which sentences of it can stand alone."""

from time import process_time

import pytest

from digest.render.markup import html
from digest.stories.terms import read_terms
from digest.text.tidy import plain_sentences, stands_alone, tidy


def test_a_call_to_listen_behind_a_sign_is_no_sentence() -> None:
    assert plain_sentences("Суд выдал ордер.\n\n🎧Слушайте новый выпуск подкаста") == ["Суд выдал ордер."]


def test_joiners_stay_where_letters_and_emoji_are_joined_by_them_and_hide_no_words() -> None:
    assert tidy("پل تا سه\u200cشنبه بسته می\u200cماند.") == "پل تا سه\u200cشنبه بسته می\u200cماند."
    assert tidy("The bri\u200cdge is clo\u200dsed\u200d.") == "The bridge is closed."
    assert html("👨\u200d👩\u200d👧 پل می\u200cماند") == "👨\u200d👩\u200d👧 پل می\u200cماند"
    assert html("🙂\u200d↔️ 🐦\u200d⬛") == "🙂\u200d↔️ 🐦\u200d⬛"


def test_tidying_deletes_and_adds_nothing() -> None:
    assert tidy("⚡️ **Срочно**: [мост](https://t.me/a/1) закрыт #Заречье @zarechye") == "Срочно: мост закрыт"
    assert tidy("🚨: Мост закрыт") == tidy("<…> Мост закрыт") == tidy("1️⃣ Мост закрыт") == "Мост закрыт"
    assert tidy("RT @wire: Harbour to close after #Storm2026 http://a.org") == "Harbour to close after Storm2026"
    assert tidy("Harbour master quits following #Storm2026") == "Harbour master quits following Storm2026"
    assert tidy("Harbour to close in Harwick, #Kestria") == "Harbour to close in Harwick, Kestria"
    assert tidy('"Nobody will pay" - @mayor_lund… https://a.org/1') == '"Nobody will pay" - @mayor_lund…'
    assert tidy("March in the port of St. #Alder. @wire") == "March in the port of St. Alder."
    assert tidy("Мост закрыт — @zarechye") == "Мост закрыт —"
    assert tidy("#NATO says it will come") == "NATO says it will come"
    assert tidy("#Заречье — родина слонов") == "Заречье — родина слонов"
    assert tidy("#عاجل | مقتل ثلاثة أشخاص") == "مقتل ثلاثة أشخاص"
    assert tidy("#Storm2026 #Harwick — Harbour closed") == "Harbour closed"
    assert tidy("#Storm2026 |") == ""
    assert tidy("В рубрике #Люди_Заречья — пекарь") == "В рубрике Люди Заречья — пекарь"
    assert tidy(".@mayor_lund says it will come") == "@mayor_lund says it will come"
    assert tidy("a\u202eb\u0000c") == "abc"
    assert tidy("Политика Шлосберга* и «Талибан»* ждут, бл*") == "Политика Шлосберга и «Талибан» ждут, бл*"
    assert tidy("Ранен Максим (на фото), мост (видео ниже) закрыт") == "Ранен Максим, мост (видео ниже) закрыт"
    assert tidy("Mayor Anna Lund (pictured left) and a gull (малышка на фото)") == "Mayor Anna Lund and a gull"
    assert tidy("Счёт 😀 5 😀 000") == "Счёт 5 😀 000"
    assert tidy("Цена https://a.org 5 https://a.org/b 000 рублей (t.me/a)") == "Цена 5 https://a.org/b 000 рублей"


def test_only_a_statement_stands_alone() -> None:
    assert stands_alone("The council of Harwick voted for trams.", opens=False)
    assert not stands_alone("Who will pay for the new trams of Harwick?", opens=True)
    assert stands_alone("哈维克的港口已经关闭。", opens=True)
    assert not stands_alone("哈维克的港口关闭了吗？", opens=True)
    assert not stands_alone("哈维克的港口今天表示：", opens=True)
    assert not stands_alone("However, the council of Harwick voted for trams.", opens=False)
    assert not stands_alone("Тот пришёл на пристань в назначенный час.", opens=False)
    assert not stands_alone("На этой линии будут ходить новые поезда.", opens=False)
    assert stands_alone("В этом году на линии пойдут новые поезда.", opens=False)
    assert not stands_alone("Так выглядит новый трамвай на линии в Заречье.", opens=True)
    assert not stands_alone("Дополнительные кадры тушения пожара на складе в Заречье.", opens=True)
    assert not stands_alone("Появились шокирующие подробности о пожаре на складе в Заречье.", opens=True)
    assert not stands_alone("Момент взрыва на складе в Заречье сняли рыбаки.", opens=True)
    assert not stands_alone("Кадры из Заречья, где ночью горел склад.", opens=True)
    assert not stands_alone("Кадры урагана в Заречье публикуют местные жители.", opens=True)
    assert not stands_alone("Так депутат Анна Торопова прокомментировала новый закон о мостах.", opens=False)
    assert stands_alone("Так депутат Анна Торопова прокомментировала новый закон о мостах.", opens=True)
    assert not stands_alone("Лунд: „Мы построим новый мост. Он «Арго» зовётся.", opens=True)
    assert not stands_alone("Lund erklärte: „Wir bauen in Harwick eine neue Brücke.", opens=True)
    for closes in '“”"':
        assert stands_alone(f"Lund nennt die neue Brücke in Harwick „ein Wunder{closes}.", opens=True)
    assert not stands_alone('Lund nennt die neue Brücke „ein Wunder" und in Harwick das "Tor.', opens=True)
    assert not stands_alone("Момент пролёта беспилотника над складом в Заречье.", opens=True)
    assert not stands_alone("Все, что известно о пожаре на складе в Заречье.", opens=True)
    assert not stands_alone("Everything we know about the fire at Harwick docks.", opens=True)
    assert not stands_alone("Так, в Заречье заработал новый причал для паромов.", opens=False)
    assert not stands_alone("Предварительно сообщается, что сторож склада в Заречье спал.", opens=False)
    assert not stands_alone("По словам его соседей, склад горел и раньше.", opens=False)
    assert not stands_alone("Речь идёт о складе на улице Ткачей в Заречье.", opens=False)
    assert not stands_alone("«Мы построим новую линию трамвая к осени», — сказал мэр.", opens=True)
    assert stands_alone("«Мы построим новую линию трамвая к осени», — сказал мэр Заречья Торопов.", opens=True)
    assert not stands_alone("«Мы построим новую линию трамвая к осени», — сказал мэр Заречья Торопов.", opens=False)
    assert not stands_alone("Мэр Заречья ответил: «Мы построим новую линию» — и ушёл.", opens=True)
    for told in (
        "В Заречье вышел на линию паром «Арго» — он возит людей и трамваи.",
        "Парому дали имя «Арго», — сообщили в порту Заречья.",
        'Паром "Старый Арго" - это гордость порта, заявил мэр.',
    ):
        assert stands_alone(told, opens=True)
        assert not stands_alone(told, opens=False)
    assert not stands_alone("Думаю, новая линия трамвая в Заречье нужна всем.", opens=True)
    assert not stands_alone("Ты должен отвечать как опытный машинист трамвая.", opens=True)
    assert stands_alone("«Думаю, ты должен уйти» — спектакль по пьесе Марты Гиллоуэй.", opens=True)
    assert not stands_alone("Ставьте лайк, кто ездил на трамвае в Заречье.", opens=True)
    assert not stands_alone("Где впервые за век выпало три месячных нормы дождя.", opens=False)
    assert not stands_alone("В ходе которого вскрыл тайник прежнего хозяина дома.", opens=False)
    assert not stands_alone("То есть за день выпало три месячных нормы дождя.", opens=False)
    assert not stands_alone("За то, что она ругала его за прогулы школы.", opens=False)
    assert stands_alone("Дом, в котором живёт мэр Заречья, остался без воды.", opens=False)


def test_numbers_and_dates_alone_say_nothing() -> None:
    assert not stands_alone("Понедельник, 3 мая 2031 г., 12:00", opens=True)
    assert not stands_alone("CVE-2031-40048 (2031.05.03, 16:18)", opens=True)
    assert stands_alone("Harwick beat Eastport 2:1 on 3 May.", opens=True)
    assert stands_alone("哈维克的港口已经关闭。", opens=True)


@pytest.mark.parametrize(
    "call",
    [
        "Не рискуйте своим здоровьем и оставайтесь дома до утра.",
        "Переходите по ссылке и слушайте выпуск о пароме.",
        "Будьте внимательны на дорогах Заречья этой ночью.",
    ],
)
def test_what_the_reader_is_to_do_stands_not_alone_below_the_news(call: str) -> None:
    assert stands_alone(call, opens=True)
    assert not stands_alone(call, opens=False)


def test_a_call_that_leads_on_to_what_is_so_stands_alone() -> None:
    assert stands_alone("Представьте себе: паром из Заречья возит уже тысячу человек.", opens=False)
    assert stands_alone("Защитники порта вышли на набережную Заречья.", opens=False)


def test_a_name_or_a_noun_that_ends_as_a_call_does_is_none() -> None:
    assert stands_alone("Никите Ивову из Заречья грозит до двух лет.", opens=False)
    assert stands_alone("Элите гребного спорта вручили награды в Заречье.", opens=False)


def test_an_item_of_a_list_whose_head_is_lost_stands_not_alone() -> None:
    assert not stands_alone("29,3%— от сорока шести до шестидесяти пяти лет.", opens=False)
    assert not stands_alone("5 БПЛА – над территорией Заречного района.", opens=False)
    assert stands_alone("18 марта – годовщина открытия порта в Заречье.", opens=False)


def test_what_rests_on_a_decision_or_sums_told_before_points_back() -> None:
    assert not stands_alone("За счёт этих средств в Заречье отремонтируют причал.", opens=False)
    assert not stands_alone("Благодаря этому жильцам не придётся искать объявления.", opens=False)
    assert not stands_alone("Более того, фрески в старом порту отслаиваются.", opens=False)
    assert stands_alone("По итогам этого года паром перевёз тысячу человек.", opens=False)


def test_a_reason_an_instance_and_the_rest_of_a_sentence_point_back() -> None:
    assert not stands_alone("Ведь паром в Заречье ходит каждый час.", opens=False)
    assert not stands_alone("В частности, паром в Заречье отменён.", opens=False)
    assert not stands_alone("Особенно если паром в Заречье отменён.", opens=False)
    assert not stands_alone("… который особенно хорош во время шторма.", opens=False)
    assert not stands_alone("Или как паромщики Заречья зимуют без парома.", opens=False)
    assert stands_alone("… Паром в Заречье отменён до утра.", opens=False)
    assert stands_alone("Особенно пострадал от шторма порт Заречья.", opens=False)


@pytest.mark.parametrize(
    "plug",
    [
        "Подробный доклад доступен на нашем закрытом канале.",
        "Ещё больше новостей в нашем канале в MAX.",
        "Чтобы добавить папку с нашими каналами, нажмите сюда.",
        "Список причалов опубликован на нашем сайте.",
        "Очередной шторм обсуждаем в нашем новом подкасте.",
        "Видео смотрите в нашем телеграм-канале.",
        "More about the ferry is to be read on our new website.",
    ],
)
def test_what_a_channel_has_beside_itself_is_not_told(plug: str) -> None:
    assert plain_sentences(f"Порт закрыт до утра. {plug}") == ["Порт закрыт до утра."]


@pytest.mark.parametrize(
    "news",
    [
        "Смотритель рассказал нашему каналу о шторме.",
        "Читательница написала в наш чат о шторме.",
        "Очевидцы сообщили в наш чат о взрыве в порту.",
        "Подписчики прислали в наш бот видео взрыва.",
        "В нашей стране сайт порта взломали хакеры.",
        "Танкер вернулся на нашу сторону канала.",
    ],
)
def test_what_somebody_told_a_channel_and_what_is_not_its_own_is_news(news: str) -> None:
    assert plain_sentences(news) == [news]


LAW = (
    (
        "ДАННОЕ СООБЩЕНИЕ (МАТЕРИАЛ) СОЗДАНО И (ИЛИ) РАСПРОСТРАНЕНО ИНОСТРАННЫМ СРЕДСТВОМ, ВЫПОЛНЯЮЩИМ "
        "ФУНКЦИИ ИНОСТРАННОГО АГЕНТА"
    ),
    "18+ НАСТОЯЩИЙ МАТЕРИАЛ (ИНФОРМАЦИЯ) ПРОИЗВЕДЕН И (ИЛИ) НАПРАВЛЕН ИНОСТРАННЫМ АГЕНТОМ «ЗАРЕЧЬЕ».",
    "Настоящий материал (информация) произведен и (или) направлен иностранным агентом Иваном Заречным.",
)


@pytest.mark.parametrize("words", LAW)
def test_what_the_law_puts_above_a_post_is_not_told_and_brings_no_posts_together(words: str) -> None:
    news = "Порт Заречья закрыт до утра."
    assert plain_sentences(f"{words}\n\n{news}") == [news]
    assert read_terms(f"{words}\n\n{news}").counts == read_terms(news).counts


def test_a_wall_of_the_beginnings_of_a_plug_costs_no_more_than_its_length() -> None:
    begun = process_time()
    plain_sentences(f"Наш {'папк' * 100_000}", 400_000)
    assert process_time() - begun < 10  # by the square of its length it is half a minute


@pytest.mark.parametrize("words", [*(each.removesuffix(".") + "." for each in LAW), f"{LAW[0]}. 18+"])
@pytest.mark.parametrize("news", ["Порт Заречья закрыт.", "МИД Вестрии отозвал посла.", "12 рыбаков спасены."])
def test_news_in_the_line_of_the_law_is_told(words: str, news: str) -> None:
    assert plain_sentences(f"{words} {news}") == [news]


def test_a_number_that_begins_news_is_no_part_of_the_law_and_initials_end_it_not() -> None:
    assert plain_sentences(f"{LAW[0]} 12 рыбаков спасены.") == ["12 рыбаков спасены."]
    assert plain_sentences(f"{LAW[2][:-16]}И. И. Заречным. Порт закрыт.") == ["Порт закрыт."]


def test_a_court_that_quotes_the_law_is_told() -> None:
    news = "Суд решил, кто создал и (или) распространил сообщение иностранного агента."
    assert plain_sentences(news) == [news]


def test_where_more_is_to_be_found_is_no_sentence() -> None:
    text = "Порт закрыт до утра. Подробности — в нашем видео. Подробности на сайте порта и по телефону 117."
    assert plain_sentences(text) == ["Порт закрыт до утра."]
    assert plain_sentences("Подробности происшествия уточняются.") == ["Подробности происшествия уточняются."]


@pytest.mark.parametrize(
    "news",
    [
        "Allies follow US in closing their airspace.",
        "Children read more books than their parents did.",
        "Подписка на паром подорожает с первого декабря.",
        "В Лирании запретили подписываться на каналы агентов.",
        "Учёные решили подробнее разобраться в природе шторма.",
        "Депутаты подробнее рассмотрят закон о мостах в среду.",
        "Источник: переговоры в Заречье продолжатся во вторник.",
        "Слушайте, это абсурд, ответил мэр Заречья.",
    ],
)
def test_news_in_the_words_of_a_call_is_told(news: str) -> None:
    assert plain_sentences(news) == [news]


@pytest.mark.parametrize(
    "call",
    [
        "Follow us for more on the ferry.",
        "Read more about the ferry here.",
        "Подробнее о пароме — в нашей статье.",
        "__Подробнее читайте здесь.__",
        "А подробнее о пароме рассказали в статье.",
        "Подпишитесь на рассылку о паромах.",
        "Источник: Речная газета.",
    ],
)
def test_a_call_or_where_more_is_to_be_read_is_not_told(call: str) -> None:
    assert plain_sentences(f"Порт закрыт до утра. {call}") == ["Порт закрыт до утра."]


@pytest.mark.parametrize(
    "greeting",
    [
        "Привет, на связи футбольный клуб из Заречья!",
        "Good morning to all who wait for the ferry!",
        "Hi all, the ferry of Harwick is late!",
    ],
)
def test_a_greeting_is_no_statement(greeting: str) -> None:
    assert not stands_alone(greeting, opens=True)
    assert stands_alone("Приветливый мэр Заречья открыл новый причал.", opens=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Hello Kitty has been on the ferry of Harwick since May.",
        "Good Morning Britain told the mayor of Harwick that it was wrong.",
    ],
)
def test_a_name_that_begins_as_a_greeting_does_is_none(sentence: str) -> None:
    assert stands_alone(sentence, opens=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Він додав, що новий пором у Заріччі ходитиме щодня.",
        "Також у порту Заріччя відкрили новий причал для поромів.",
        "Водночас у порту Заріччя закрили старий причал для поромів.",
        "За його словами, пором у Заріччі ходитиме щодня до вечора.",
        "Цього причалу в Заріччі чекали понад сорок довгих років.",
        "Новий пором у Заріччі ходитиме щодня, зазначив він.",
        "Підпишіться на новини порту Заріччя в застосунку мерії.",
        "В нас у Заріччі новий пором ходить щодня.",
    ],
)
def test_what_points_back_in_ukrainian_stands_not_alone(sentence: str) -> None:
    assert not stands_alone(sentence, opens=False)


def test_what_speaks_of_this_year_or_begins_with_a_name_that_looks_like_a_pronoun_stands_alone() -> None:
    assert stands_alone("Цього року в Заріччі відкриють новий причал для поромів.", opens=False)
    assert stands_alone("У цьому році в Заріччі відкриють новий причал для поромів.", opens=False)
    assert stands_alone("Ми-8 сел на новую площадку у порта Заречья.", opens=False)
    assert stands_alone("Таким поромом у Заріччі перевезли тисячу людей за день.", opens=False)
    assert not stands_alone("Вважаю, що новий пором у Заріччі потрібен усім.", opens=True)
    assert not stands_alone("Привіт усім, хто чекає на пором у Заріччі!", opens=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Er sagte auch, dass die neue Fähre in Harwick täglich fahren wird.",
        "Sie fügte hinzu, dass die Fähre in Harwick täglich fahren soll.",
        "Außerdem soll die neue Fähre in Harwick bis zum Abend fahren.",
        "Diese Fähre soll in Harwick von Mai an täglich fahren.",
        "Das teilte die Hafenbehörde von Harwick am Montag mit.",
        "Il a ajouté que le nouveau ferry de Harwick partira chaque jour.",
        "Selon elle, le nouveau ferry de Harwick partira tous les jours.",
        "Ce dernier partira de Harwick tous les jours à midi.",
        "También dijo que el nuevo ferry de Harwick saldrá cada día.",
        "Añadió que el nuevo ferry de Harwick saldrá todos los días.",
        "Según él, el ferry de Harwick saldrá todos los días.",
        "Além disso, a nova balsa de Harwick sairá todos os dias.",
        "Ele disse que a nova balsa de Harwick sairá todos os dias.",
        "Ha aggiunto che il nuovo traghetto di Harwick partirà ogni giorno.",
        "Questo traghetto di Harwick partirà ogni giorno a mezzogiorno.",
        "Lui ha detto che il traghetto di Harwick partirà ogni giorno.",
        "Dodał, że nowy prom w Harwick będzie kursował codziennie.",
        "Ponadto nowy prom w Harwick będzie kursował aż do wieczora.",
        "Buna görə də Harwick limanından hər gün yeni bərə yola düşəcək.",
        "Ayrıca Harwick'teki yeni feribot her gün öğlen kalkacak.",
        "Bu kapsamda Harwick'teki yeni feribot her gün öğlen kalkacak.",
        "وی همچنین گفت که کشتی جدید هر روز حرکت خواهد کرد.",
        "به گفته وی کشتی جدید هر روز ظهر حرکت خواهد کرد.",
    ],
)
def test_what_points_back_in_other_languages_stands_not_alone(sentence: str) -> None:
    assert not stands_alone(sentence, opens=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Diese Woche fährt die neue Fähre in Harwick jeden Tag.",
        "Il est interdit de pêcher dans le port de Harwick.",
        "Il presidente di Harwick ha aperto il nuovo porto lunedì.",
        "Mais de 200 pessoas usaram a nova balsa de Harwick hoje.",
        "Questa mattina il nuovo traghetto di Harwick è partito tardi.",
        "Ma Liwen opened the new harbour of Harwick on Monday morning.",
        "Lei Fang opened the new harbour of Harwick on Monday morning.",
        "Esta semana el ferry de Harwick no saldrá del puerto.",
        "Powiedział to burmistrz Harwick podczas otwarcia nowego portu.",
        "Bu yıl Harwick limanından her gün bir feribot kalkacak.",
        "این هفته کشتی جدید هر روز ظهر حرکت خواهد کرد.",
        "On Monday the new ferry of Harwick left the harbour late.",
        "Er zijn vandaag drie mensen omgekomen bij een brand in Harwick.",
        "Ma reggel tűz ütött ki a harwicki kikötőben, hárman megsérültek.",
        "این ڈی ایم اے کے مطابق بارشوں سے تین افراد ہلاک ہو گئے۔",
        "Elle Fanning opened the new harbour of Harwick on Monday.",
        "ESA запустила новый спутник с космодрома Куру.",
        "ESA lanza hoy un nuevo satélite para la costa de Harwick.",
        "ER doctors say the flu season began early in Harwick.",
        "Ces dernières années, le port de Harwick a perdu la moitié de ses navires.",
        "De plus en plus de navires quittent le port de Harwick.",
        "Dieser Sommer war in Harwick der heißeste seit hundert Jahren.",
        "Además de la sequía, los incendios dañan la costa de Harwick.",
        "Questo weekend il traghetto di Harwick resterà chiuso per uno sciopero.",
        "در ادامه حملات به بندر هارویک سه نفر در این شهر کشته شدند.",
    ],
)
def test_what_begins_as_a_word_that_points_back_in_another_language_stands_alone(sentence: str) -> None:
    assert stands_alone(sentence, opens=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "На родине он обвиняется во взяточничестве и хищениях.",
        "С 2022 года он находится в розыске за кражу парома.",
        "В какой-то момент они вышли на палубу нового парома.",
        "Після затримання він визнав, що викрав новий пором у порту.",
        "In 2022 he was accused of stealing the ferry of Harwick.",
        "On Monday she told the court of the ferry she stole.",
        "At home they are accused of stealing the ferry.",
        "After the trial ended, he was accused of stealing the ferry.",
        "Since he took office, four schools have been closed.",
        "После того как он вступил в должность, закрыли четыре школы.",
    ],
)
def test_who_a_pronoun_is_behind_a_time_or_a_place_is_told_by_the_sentence_before(sentence: str) -> None:
    assert not stands_alone(sentence, opens=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "После ареста Торопова он признался в краже нового парома.",
        "В катере было пятеро рыбаков – они и пострадали.",
        "На паром сели рыбаки, которых он ждал до вечера.",
        "Після арешту Торопова він визнав, що викрав новий пором.",
        "After the arrest of Anna Lee she told the court everything.",
        "In Harwick the mayor said that she would open the ferry.",
        "On Monday police said they had arrested three men in Harwick.",
        "After the storm the driver admitted he had lost his ferry.",
        "Since he took office, Mayor Lund has closed four schools in Harwick.",
        "In the days since he took office, Lund has closed four schools.",
        "После того как он вступил в должность, мэр Торопов закрыл школы.",
    ],
)
def test_who_is_named_before_the_pronoun_needs_no_sentence_before(sentence: str) -> None:
    assert stands_alone(sentence, opens=False)
