"""What keeps a post out of stories, and what must not: pairs of a post and its kind, of our own making."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Kind, Link, NewPost
from ingest.cleaning.cues import wording
from ingest.cleaning.fingerprint import said
from ingest.cleaning.kind import kind_of
from ingest.exports.markdown import from_markdown


def a_post(markdown: str, **more: Any) -> NewPost:
    text, links = from_markdown(markdown)
    return NewPost(channel="somecity", message_id=1, date=None, text=text, links=links, **more)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.PROMO, "Новый вклад под 30 % годовых. [Открыть](https://bank.example/?erid=2VtzqAbc)"),
        (Kind.PROMO, "Пекарня месяца. [Приходите работать](https://work.example/?from=list?erid:2VtzqAbc)"),
        (Kind.PROMO, "Two days of talks on bread. [Come](https://bread.example/?by=post&Erid=2VtzqAbc)"),
        (Kind.PROMO, "Тариф за 299 рублей и 100 гигабайт. [Оформить до пятницы](https://commercial.link/a1)"),
        (
            Kind.PROMO,
            "Тариф за 399 рублей и 100 гигабайт. [Оформить до пятницы](https://phone.example/?ERID%3D2VtzqAbc)",
        ),
        (Kind.PROMO, "Скидки на кухни до конца месяца.\n\nРеклама. ООО «Кухни», ИНН 7700000000, erid: 2Vtzq"),
        (Kind.PROMO, "Концерт органной музыки в субботу, билеты по ссылке.\n\n#реклама"),
        (Kind.PROMO, "A bank account that pays you back. Sponsored post"),
        (Kind.PROMO, "A bank account that pays you back.\n\nSponsored by Eastport Bank"),
        (Kind.PROMO, "Партнёрский материал. Как выбрать кухню и не переплатить."),
        (Kind.PROMO, "Наш партнёрский пост о кухнях: пять советов мастера."),
        (Kind.PROMO, "На правах рекламы: кухни за полцены до конца недели."),
        (Kind.PROMO, "Кухни за полцены, по промокоду ещё дешевле до пятницы."),
        (Kind.PROMO, "Введите промокод KUHNI и получите скидку на первый заказ."),
        (Kind.PROMO, "О рекламодателе: ООО «Кухни». До 40 % дешевле в марте."),
        (Kind.PROMO, "A fifth off your first lamp: use code LAMP20 until Friday."),
        (Kind.ANNOUNCE, "Сегодня в 19:00 выходим в прямой эфир! Говорим о ценах, подключайтесь."),
        (Kind.ANNOUNCE, "We're going live at 6pm with our night editor. Watch on the site."),
        (Kind.ANNOUNCE, "Дарим телефон подписчикам! Условия: подписаться на канал, итоги первого марта."),
        (Kind.ANNOUNCE, "Нас 100 000! Спасибо каждому."),
        (Kind.CHATTER, "С Новым годом, дорогие! 🎄"),
        (Kind.CHATTER, "♈️ Овен. Звёзды советуют не спешить.\n♉️ Телец. Удачный день для покупок."),
        (
            Kind.CHATTER,
            "Что ждёт вас на неделе\n\n♈️ Овен. Звёзды советуют не спешить.\n♉️ Телец. Удачный день для покупок.",
        ),
        (Kind.PROMO, "Собираем на новый паром для Заречья.\n\nКарта Сбербанка: 2202 0000 1111 2222, Анна Т."),
        (Kind.PROMO, "Збираємо на пором. Монобанк: 4441000011112222"),
        (Kind.CHATTER, "[Source here](https://news.example/tram)"),
        (Kind.CHATTER, "Подробности здесь: https://news.example/tram"),
        (Kind.PROMO, "Sponsored. Half price on every lamp until Friday."),
        (Kind.PROMO, "Реклама.\nКухни за полцены до конца недели, замер бесплатно."),
        (Kind.PROMO, "New shoes, free returns. Enter the promo code STEP20 at the till."),
        (Kind.PROMO, "New shoes, free returns. Enter our promocode STEP20 at the till."),
        (Kind.PROMO, "This post is an ad. New shoes, free returns, until Sunday only."),
        (Kind.ANNOUNCE, "We have just passed 50,000 subscribers, thank you all for reading and for your letters."),
        (Kind.ANNOUNCE, "Доллар уже 114. Чтобы не спамить тут, создали для вас свежий канал об экономике."),
        (Kind.ANNOUNCE, "Нас уже 40 тысяч! Спасибо, что читаете и присылаете новости."),
        (
            Kind.ANNOUNCE,
            "Дорогие друзья! По субботам выходит рассылка: три письма и карта. Подписаться можно на сайте.",
        ),
        (Kind.ANNOUNCE, "Dear readers, our weekly newsletter comes out on Fridays now. One link, no noise."),
        (Kind.ANNOUNCE, "Our podcast is back! Every week one price explained."),
        (Kind.ANNOUNCE, "In the new season of “Deep Water” we explain one harbour a week."),
        (Kind.ANNOUNCE, "We are looking for a night editor, three days a week. Write to us by Friday."),
        (Kind.ANNOUNCE, "We're giving away two tickets for the final among those who comment below this post."),
        (Kind.CHATTER, "Гороскоп на вторник. Овнам отложить споры, Тельцам довериться себе, Ракам отдохнуть."),
        (Kind.CHATTER, "Good morning! Today is the day of the lazy Sunday breakfast."),
        (Kind.CHATTER, "Happy Friday, everyone!"),
        (Kind.ANNOUNCE, "Разыгрываем три билета в кино! Результаты в пятницу."),
        (Kind.ANNOUNCE, "До конца розыгрыша два дня.\n\nДля участия нужно:\n\n1. Подписаться на канал"),
        (Kind.ANNOUNCE, "Сегодня выиграл: @name\nЧтобы участвовать в розыгрыше, запусти бота @some_bot"),
        (Kind.ANNOUNCE, "У нас есть еженедельная рассылка о городе. В ней только нужное и ничего лишнего."),
        (Kind.ANNOUNCE, "Привет! Мы готовим статью о дорогах. Нам нужна ваша помощь: расскажите о своих дворах."),
        (Kind.ANNOUNCE, "Что стало с портом? Ответ в новом выпуске.\n\nСмотрите на YouTube и в VK."),
        (Kind.CHATTER, "Сегодня потрясающий закат."),
        (Kind.CHATTER, "🎉 Сегодня отмечается День бабушек и дедушек.\n\nПоздравляйте."),
        (Kind.CHATTER, "Сегодня, 13 ноября, отмечается День лодочника.\n\nПоздравляйте своих лодочников."),
        (Kind.CHATTER, "Всемирный день доброй лодки отмечается сегодня"),
        (Kind.CHATTER, "Также сегодня отмечается Всемирный день весла."),
        (Kind.CHATTER, "В первых числах месяца рождаются тираны, — нумеролог.\n\nОстальным повезло."),
        (Kind.CHATTER, "Меркурий пошёл назад. Астрологи настойчиво советуют не менять работу до весны."),
        (Kind.CHATTER, "Astrologers warn Aries and Leo not to buy a boat this week."),
        (Kind.CHATTER, "Ещё кадры пожара на складе в Заречье"),
        (Kind.CHATTER, "More pictures from the fire in Harwick"),
        (Kind.CHATTER, "Доброе утро! ☀️"),
        (Kind.CHATTER, "Любите дождь?\n\n👍 — да\n🔥 — нет"),
        (Kind.CHATTER, "Когда отработал в субботу и едешь домой"),
        (Kind.CHATTER, "Очередной переполох или правда угроза, как думаете? Поделитесь в комментариях."),
        (Kind.PROMO, "Ставь на финал с промокодом KUHNI и получай бонус за каждый гол."),
        (Kind.PROMO, "Учим варить мыло. 40 видеолекций и 12 заданий, начало в марте."),
        (Kind.PROMO, "Скидка 30 % на курс мыловарения до конца недели, места ещё есть."),
        (Kind.PROMO, "-35% на курс по мыловарению, начало первого марта в семь вечера."),
        (Kind.PROMO, "Приглашаем на бесплатный вебинар о мыле. Ведёт мастер с опытом двадцать лет."),
        (Kind.PROMO, "Запрошуємо на вебінар про мило. Веде майстриня з двадцятирічним досвідом."),
        (Kind.PROMO, "Join us for our free webinar on soap, this Thursday at seven, with two makers."),
        (Kind.PROMO, "Телефон Ромашка 3 уже в продаже. Экран ярче, батарея больше. Оставьте заявку."),
        (Kind.PROMO, "Как ходить в театр дёшево? Рекомендуем канал, где собраны все вечера."),
        (Kind.PROMO, "В магазине началась распродажа: чайники и утюги дешевле вдвое. Подробнее по ссылке."),
        (Kind.PROMO, "Телефон Ромашка 3 можно купить за 15 999 ₽. Яркий экран. Подробности на сайте"),
        (Kind.PROMO, "Телефон Ромашка 3 можно приобрести за 15 999 ₽. Яркий экран. Подробности на сайте"),
        (Kind.PROMO, "Телефон Ромашка 3 можно заказать за 15 999 ₽. Яркий экран. Подробности на сайте"),
        (Kind.PROMO, "Фабрика проводит день мыла для всех. Участие бесплатное, пройдите регистрацию по ссылке"),
        (Kind.PROMO, "Мыло варят и дома. Оставить заявку на консультацию мастера можно до среды."),
        (Kind.PROMO, "Фабрика проводит день мыла. Участие бесплатное. Регистрация доступна по ссылке"),
        (Kind.PROMO, "Чтобы не мылиться зря, регистрируйся на бесплатный онлайн-вебинар о мыле."),
        (Kind.PROMO, "Все записи недели мыла. Оставить заявку на курс можно до среды."),
        (Kind.PROMO, "Весняні знижки на човни -30% на кожен другий"),
        (Kind.PROMO, "CALLS FOR FRIDAY\n" + "t.me/+AbCdEf123456\n" * 3),
        (Kind.ANNOUNCE, "ДАРУЄМО 4 КВИТКИ на концерт у Києві! Заходь і обирай."),
        (Kind.ANNOUNCE, "Заходь в нашу інсту, виконуй умови і чекай на квитки."),
        (Kind.ANNOUNCE, "Сьогодні нам виповнюється 24 роки. Рефлексуємо і дякуємо."),
        (Kind.ANNOUNCE, "Нашему каналу исполнилось пять лет, это 12 тысяч новостей и одна лодка."),
        (Kind.ANNOUNCE, "Спасибо всем, кто пришёл на регату. Кто не смог, смотрите запись до 12 марта."),
        (Kind.PROMO, "Soap has been under pressure. We are hosting a webinar on it, set a reminder."),
        (Kind.ANNOUNCE, "Для участников регаты Пётр записал урок. Мы выложили его на нашем Ютуб-канале, смотрите."),
        (Kind.CHATTER, "Сегодня в России отмечается День отца\n\nС папой веселее."),
        (Kind.CHATTER, "Настроение на пятницу: певица Адель."),
        (Kind.CHATTER, "[\u200b](https://telegra.ph/file/0a1b2c3d.jpg)Трудности честного найма:"),
        (Kind.ANNOUNCE, "Напоминаем про розыгрыш трёх телефонов, итоги в пятницу."),
        (Kind.ANNOUNCE, "Три билета на каток. Чтобы принять участие, нужно:\n• подписаться на канал банка"),
        (Kind.ANNOUNCE, "Даруємо квитки! Умови розіграшу:\n1. Підписатися на канал"),
        (Kind.ANNOUNCE, "Чекаємо на регаті. Для участі потрібно до п'ятниці підписатися на нашу розсилку."),
        (Kind.ANNOUNCE, "Розігруємо три квитки в кіно! Результати у п'ятницю."),
        (Kind.ANNOUNCE, "Любите лодки? Пройдите наш 10-минутный опрос, он поможет нам писать лучше."),
        (Kind.ANNOUNCE, "Друзі! Щосуботи виходить розсилка: три листи й мапа. Підписатися можна на сайті."),
        (Kind.ANNOUNCE, "Дорогие подписчики, мы просим у вас помощи: для расследования нужны ваши чеки."),
        (Kind.ANNOUNCE, "Любишь город? Мы ищем второго админа в наш канал на вечернюю смену."),
        (Kind.ANNOUNCE, "Наша команда шукає охочих вести рубрику про човни."),
        (Kind.ANNOUNCE, "🔴 В ефірі розмова про ціни на хліб, підключайтеся."),
        (Kind.ANNOUNCE, "Порог снизили вдвое. Почему? Разбираем в новом выпуске «Тихой воды»."),
        (Kind.ANNOUNCE, "Свежие выпуски подкаста «Тихая вода» уже можно слушать на всех площадках."),
        (Kind.CHATTER, "Поздравляем всех с днём лодочника! Попутного ветра и тихой воды."),
        (Kind.CHATTER, "Надеемся, ваш вечер будет таким же уютным, как у этой капибары из зоопарка в Заречье."),
        (Kind.CHATTER, "Туман над рекой и лодки у причала в Заречье. Хорошего вечера!"),
        (Kind.CHATTER, "Тем временем до Нового года осталось 37 дней."),
        (Kind.CHATTER, "Сегодня oтмечaeтcя Дeнь тёплыx вapeжeк.\n\nПоздравляйте."),
        (Kind.CHATTER, "Милота дня: бобрёнок Устюжок радуется листьям."),
        (Kind.CHATTER, "Когда осознал, что впереди ещё 3 рабочих дня."),
        (Kind.CHATTER, "Сборная: *забивает на 90-й минуте*.\n\nТренер в этот момент:"),
        (Kind.CHATTER, "Пётр решил сам починить крышу.\n\nТакже крыша:"),
        (Kind.CHATTER, "😁 В Заречье нашли вход для ежей."),
        (Kind.CHATTER, "Перенос сервера в пятницу вечером, версия для Linux\n\n#жиза"),
        (Kind.CHATTER, "Какой лодкой вы ходите?\n\n🌚 — вёсельной\n👏 — парусной\n🥰 — никакой"),
        (Kind.CHATTER, "Самый важный вопрос за всё время. Что выберете?\n\nвёсла — 👍\nпарус — 🔥"),
        (Kind.CHATTER, "🔥🔥204"),
        (Kind.CHATTER, "🤔"),
        (Kind.CHATTER, ""),
    ],
)
def test_what_makes_no_story(kind: Kind, text: str) -> None:
    found, reason = kind_of(a_post(text), from_markdown(text)[0])
    assert found is kind
    assert reason


@pytest.mark.parametrize(
    "text",
    [
        "Крупное ДТП на кольцевой",
        "Москву накрыл снегопад.",
        "Доллар выше 114 рублей",
        "⚡️ Премьер подал в отставку",
        "У метро «Котельники» закрыли выход",
        "Police warn people to avoid Manchester Arena",
        "Слоны узнали сотрудников зоопарка https://example.com/elephants",
        "Совет принял бюджет на год, [пишет](https://paper.example/city/?userid=5) городская газета.",
        "Суд запретил рекламу микрозаймов: закон о рекламе вступит в силу в марте, сообщили в ведомстве.",
        "Компания выплатит 5 млн за рекламу без маркировки. Рекламу сняли, сообщил регулятор вечером в среду.",
        "Сборная узнала соперников: розыгрыш Кубка начнётся в июне, жеребьёвка прошла в Цюрихе накануне.",
        "Сегодня Международный день памяти: в 12:00 страна замерла на минуту молчания, пишут агентства.",
        "Депутаты предложили перенести памятник из центра города, чего давно просят жители.\n\n👍 — верно\n👎 — зря",
        "The city is looking for a night mayor: 40 people have applied since Monday, the council says.",
        "Broadcaster says its podcast is back after a three-year pause; 12 episodes are planned, the editor said.",
        "У банка уже 2 млн клиентов, у нас уже 15 отделений, сообщил на встрече глава банка Пётр Иванов.",
        "У «Почты» появился чат-бот: он отвечает на вопросы о посылках, рассказали в компании.",
        "Gamblers lost 2 billion last year, a sponsored study says; ministers want discount codes banned.",
        "Гороскоп больше не напечатают: газета закрыла рубрику после 40 лет, объявил редактор.",
        "Совет обязал астрологов платить налоги, как все: закон вступит в силу в марте, — газета «Причал».",
        "Ещё кадры с пожара на складе в Заречье: крыша обрушилась, ранены двое, движение по набережной закрыто.",
        "Сегодня день выборов: участки открылись по всей стране.",
        "The bridge will be paid by drivers over ten years, the council decided on Monday.",
        "Militants sponsored by a neighbour attacked the garrison at dawn.",
        "Реклама «Кухни Плюс» нарушила закон, решил регулятор и назначил штраф.",
        "Реклама ООО «Ромашка» признана незаконной, компанию оштрафовали.",
        "Депутаты решили поддержать проект бюджета на три года вперёд.",
        "«Мы запустили новый чат-бот для налогов», — рассказал министр финансов.",
        "We are hiring 500 engineers, the carmaker said in a letter that asks people to apply.",
        "Участие в конкурсе приняли школы из 20 городов страны.",
        "В столице назвали итоги конкурса мостов: победил проект из Перми.",
        "Напоминаем, на дорогах гололёд: за утро столкнулись 14 машин.",
        "Доброе утро. За ночь сбито 36 беспилотников.",
        "Доброе утро. Евро 101,20, юань 11,45.",
        "Доброе утро! Ночью порт атаковали беспилотники.",
        "С Новым годом жителей поздравил мэр: ёлку зажгли в полночь.",
        "В метро давка",
        "Пожежа на складі",
        "The minister resigns at last (:",
        "Скидку на проезд вернут в марте: билет подешевеет на 30 %, сообщил перевозчик.",
        "Чаты домов:\nt.me/+AbCdEf123456\nt.me/+BbCdEf123456\nt.me/+CbCdEf123456\nВ домах 12 и 14 отключат воду.",
        "Мосту исполнилось 100 лет, движение закрыли на два дня.",
        "«Спасибо всем, кто искал», — сказал отец найденного мальчика.",
        "У селі затримали шахрая",
        "Фонд просит оставить в силе скидку 50 % на штрафы: вебинар для водителей проведут в марте.",
        "Компания запустила бесплатный курс о мыле: за неделю записались две тысячи человек.",
        "Мошенники присылают ссылку и промокод, деньги списывают сразу, предупредил банк.",
        "До выборов осталось три дня, участки готовы.",
        "Розыгрыш плей-офф начнётся в субботу: соперников назвали в Цюрихе.",
        "😁 В Заречье подешевел хлеб на 12 рублей",
        "Вот что заявил Пётр Иванов о мосте: «Построим».",
        "Что известно о пожаре на складе в Заречье:",
        "[Почему дорожает хлеб в порту:](https://paper.example/1)",
        "[Перенос](https://paper.example/1) сервера в пятницу вечером, версия для Linux\n\n#жиза",
        "Что Петров взял с собой в лодку " + "и летом, и зимой, " * 10 + "и в марте:",
        "Зима будет не менее, а то и более сложной, — Владимир Лодкин",
        "Мем дня: сеть раздала пустые купоны.\n\nВсе получили по 10 долларов, но ни один магазин их не принял.",
        "Что изменилось?\n\n🔹 — билет дороже на 12 рублей\n🔹 — маршрут длиннее",
        "Главное\n\n"
        + "Открыли мост, движение пустили.\n" * 18
        + "Что с ценой на хлеб, обсуждаем в новом выпуске «Воды».",
        "Рубль падает",
        "Карта паромов Заречья. Рейсов за год, по годам: 2021 2022 2023 2024, сообщил порт.",
        "Сбербанк закрыл карты, номера которых начинаются на 2202 и 4276, сообщил банк.",
        "Подробности здесь, в порту Заречья, не раскрывают: полиция допросила матросов парома.",
        "Паром снова ходит, билеты продают в кассе порта, сообщил мэр. " * 15 + "Помочь: карта 2202000011112222",
    ],
)
def test_news_stay_news(text: str) -> None:
    assert kind_of(a_post(text), from_markdown(text)[0]) == (Kind.NEWS, "")


@pytest.mark.parametrize(
    ("text", "letter", "twin"),
    [
        ("Разыгрываем три билета на паром среди подписчиков", "а", "a"),
        ("Доброе утро, друзья!", "о", "o"),
        ("Гороскоп на сегодня: Овнам стоит отдохнуть", "с", "c"),
    ],
)
def test_a_rule_speaks_also_where_a_letter_is_one_of_the_other_alphabet(text: str, letter: str, twin: str) -> None:
    kind, rule = kind_of(a_post(""), text)
    assert kind is not Kind.NEWS
    assert kind_of(a_post(""), text.replace(letter, twin)) == (kind, rule)


def test_a_service_message_of_telegram_is_service() -> None:
    assert kind_of(a_post("Channel photo updated", service=True), "Channel photo updated")[0] is Kind.SERVICE


def test_a_button_can_give_an_advertisement_away() -> None:
    post = a_post("Новая модель уже в продаже.", buttons=(Link(url="https://e.com/?erid=x", label="Купить"),))
    assert kind_of(post, post.text)[0] is Kind.PROMO


def test_a_mark_that_went_with_the_signature_still_counts() -> None:
    post = a_post("Learn to sail in a weekend, 25% off for our readers.\n\n#ad")
    assert kind_of(post, "Learn to sail in a weekend, 25% off for our readers.")[0] is Kind.PROMO


@given(st.text())
def test_any_text_has_a_kind(text: str) -> None:
    assert kind_of(a_post(""), text)[0] in Kind


@pytest.mark.parametrize(
    "piece", ["сегодня ", "подкаст\n", "👍 — a\n", "конкурс ", "наш ", "поделитесь ", "реклама. ", "для участия ", "ы"]
)
def test_a_long_post_takes_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    kind_of(a_post(""), text, wording(said(text)))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "карта " * 200 + "2202 0000 " * 300,
        "стрим. " * 200 + ".\n" * 1300,
        "podcast " * 200 + "\nwatch " * 350,
        "Who?" + "\n\u1680" * 60 + "\nThe mayor.",
    ],
    ids=["cards without an end", "calls to nothing", "calls to nowhere", "lines of blanks"],
)
def test_a_post_that_is_made_to_hurt_takes_no_time(text: str) -> None:
    kind_of(a_post(""), "Ships left.")  # what is loaded once
    started = time.process_time()
    kind_of(a_post(""), text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Desk lamp with three lights, $12.99 today https://amzn.to/abc123",
        "LED-Lampe mit drei Stufen für nur 12,99 € statt 19,99 €\nhttps://www.amazon.de/dp/B000000000",
        "Lámpara de mesa por 12,99€ (antes 19,99€) https://s.click.aliexpress.com/e/abc",
        "Lampka na biurko za 49 zł https://www.temu.com/x/abc",
    ],
)
def test_a_price_and_a_link_to_a_thing_in_a_shop_are_an_advertisement(text: str) -> None:
    assert kind_of(post := a_post(text), post.text)[0] is Kind.PROMO


@pytest.mark.parametrize(
    "text",
    [
        "Amazon buys the harbour of Harwick for $12 million https://www.aboutamazon.com/news/harwick",
        "Amazon raises its prices in Harwick by $2 a month https://news.example/amazon.de/prices",
        "The novel of the mayor of Harwick came out on Monday https://amzn.to/abc123",
        f"The mayor of Harwick sold a lamp for $12. {'She told the court why she did. ' * 40}https://amzn.to/abc123",
    ],
)
def test_news_of_a_shop_and_a_price_in_it_is_no_advertisement(text: str) -> None:
    assert kind_of(post := a_post(text), post.text)[0] is Kind.NEWS


def test_a_new_episode_of_the_channels_own_podcast_is_announced_where_a_post_begins_with_it() -> None:
    for text in ("Listen to the new episode of our weekly podcast", "Вышел новый выпуск нашего подкаста"):
        begun = f"🎧 {text}: what the strike of the ferries means https://radio.example"
        ended = f"The ferries of Harwick are on strike. {'The mayor has nothing to say. ' * 6}\n{text}."
        assert [kind_of(a_post(each), a_post(each).text)[0] for each in (begun, ended)] == [Kind.ANNOUNCE, Kind.NEWS]
