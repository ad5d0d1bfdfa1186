"""Signatures: what a channel puts under its posts goes, what it says stays. Posts of our own making."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Link
from ingest.cleaning.signature import MOST_FORMS, SignatureModel, learn, strip
from ingest.exports.markdown import from_markdown

NEW = SignatureModel()
SAID = [
    "Мост через реку закрыли на ремонт до весны.",
    "Министр подал в отставку после доклада.",
    "Цены на хлеб выросли вдвое за месяц.",
    "Учёные описали неизвестный вид жуков.",
    "Порт принял первое судно после шторма.",
    "Суд отложил заседание на четверг.",
]


def kept(model: SignatureModel) -> Any:
    """The model as PostgreSQL gives it back: its JSON does not keep the order of keys."""
    return json.loads(json.dumps(model.document(), sort_keys=True))


def learned(footer: str, posts: list[str] = SAID) -> SignatureModel:
    return learn(NEW, [from_markdown(f"{post}\n\n{footer.format(n=n)}") for n, post in enumerate(posts)])


def stripped(markdown: str, model: SignatureModel = NEW, own: tuple[str, ...] = ()) -> str:
    return strip(*from_markdown(markdown), model, own)


@pytest.mark.parametrize(
    "footer",
    [
        "❤ [Подписаться](https://t.me/somecity) | [Прислать новость](https://t.me/somecity_bot)",
        "👉 Подписывайтесь на наш канал https://t.me/somecity",
        "[Топ-новости. Подписаться](https://t.me/+AbCdEf123456)",
        "Read more in our Telegram-channel https://t.me/Some_Affairs",
        "Join us: @some_affairs",
        "Прислать новость: @city_news_bot",
        "😎 [Отдай свой буст нам](https://t.me/boost/somecity)",
        "Читать нас без VPN можно здесь: bit.ly/somecity",
        "Распространите.\n\n🔴 [Подписаться](https://t.me/somecity)",
        "#новости #город",
        "[Telegram](https://t.me/somecity) | [VK](https://vk.com/somecity) | [Дзен](https://dzen.ru/somecity)",
        "[📈Экономика —\nПодписаться](https://t.me/somecity)",
        "Мы в [MAX](https://max.ru/somecity)",
        "Мы есть в Дзене: https://dzen.ru/somecity",
        "Есть новость? Пиши нам: @somecity_bot",
        "Поддержать редакцию: [донат](https://boosty.to/somecity)",
        "💳 Поддержать канал: 2200 1234 5678 9012",
        "Обсудить в [чате](https://t.me/somecity_chat)",
        "Резервный канал: https://t.me/somecity2",
        "Support independent journalism: https://paper.example/donate",
        "Sign up for our [morning letter](https://paper.example/letter)",
        "For more news, join our WhatsApp channel: https://whatsapp.com/channel/abc",
        "[Підписатися](https://t.me/somecity) | [Надіслати новину](https://t.me/somecity_bot)",
        "Приєднуйтесь до нашого каналу: @somecity",
        "[Падпісацца](https://t.me/somecity)",
        "Вы можете подписаться на email-рассылку [здесь](https://paper.example/letter)",
        "🩵 Patreon: patreon.com/c/somecity",
        "☕️ Buy the editor a coffee: buymeacoffee.com/somecity",
        "Подписывайтесь на наш канал:\nhttps://t.me/somecity",
        "Подписывайтесь:\nhttps://t.me/somecity",
        "Чтобы не спамить тут, остальное о хлебе и ценах пишем в нашем Причале 👇\n\n@somepier",
        "Вся информация про регату в [Тихой воде](https://t.me/+AbCdEf123456).",
        "🇷🇺 [ТИХАЯ ВОДА](https://t.me/somewater)",
        "[@somewater](https://t.me/+AbCdEf123456)",
        "[Вода](https://t.me/somewater) | [Тихая Вода](https://t.me/stillwater)",
    ],
)
def test_what_any_channel_writes_below_its_posts_goes_at_first_sight(footer: str) -> None:
    assert stripped(f"{SAID[0]}\n\n{footer}") == SAID[0]


@pytest.mark.parametrize(
    "line",
    [
        "Источник: [агентство](https://example.com/news/1)",
        "🔗 [Читать статью](https://example.com/a)",
        "Фото: пресс-служба порта",
        "— РИА Новости",
        "Подробнее: https://example.com/b?id=5",
        "Об этом мы писали вчера: https://t.me/somecity/123",
        "А вы что думаете?",
        "Возможно, это даст буст всей отрасли.",
        "1. Подписаться на [канал](https://t.me/somecity)",
        "Чтобы участвовать в розыгрыше, запусти бота @somecity_bot",
        "Присоединиться к поискам можно, написав координатору: @search_city",
        "Подписать петицию: @petition_bot",
        "Глава ведомства подписывает соглашение с @somebank",
        "Минфин готов предложить странам сотрудничество: @somebank",
        "Прислать помощь просят волонтёры: @help_city",
        "Об этом мэр написал в своём телеграм-канале: https://t.me/somemayor",
        "The minister announced it in his Telegram channel: https://t.me/minister",
        "Portugal asks to join the union: https://t.me/someunion",
        "Донат игроку вырос вдвое: https://games.example",
        "Support us or we fall, he told parliament: https://paper.example/1",
        "Support us, the envoy told Riga: https://paper.example/1",
        "Support our troops in the north.",
        "Read us the letter, said the judge: https://paper.example/1",
        "📷 [Тихая вода](https://t.me/somewater)",
        "[Тихая вода](https://t.me/somewater/12)",
        "Снял [Пётр](https://t.me/somewater)",
        "Новый роман выложен на patreon.com/posts/1234567",
        "Роман о порте и море, от начала до конца: patreon.com/somewriter",
        "Патреон patreon.com/somecity закрыли, сообщил автор",
        "Список погибших:\nhttps://t.me/somewater",
        "Наш розыгрыш:\n@somecity_bot",
        "Наши соседи построили мост\n@somebridge",
        "### ###",
    ],
)
def test_sources_credits_and_questions_stay(line: str) -> None:
    assert stripped(f"{SAID[0]}\n\n{line}") == from_markdown(f"{SAID[0]}\n\n{line}")[0]


def test_a_line_that_keeps_coming_back_with_one_target_is_learned() -> None:
    footer = "С любовью, ваша [Редакция](https://t.me/somecity)"
    assert stripped(f"{SAID[0]}\n\n{footer}").endswith("Редакция")
    assert stripped(f"Новое.\n\n{footer}", learned(footer)) == "Новое."
    assert stripped("Новое.\n\n💙💙 С любовью, ваша [Редакция](https://t.me/+other12345)!", learned(footer)) == "Новое."


def test_the_same_words_with_another_target_each_time_are_a_source() -> None:
    footer = "Полностью на [нашем сайте](https://example.com/{n})"
    post = "Новое.\n\nПолностью на [нашем сайте](https://example.com/99)"
    assert stripped(post, learned(footer)) == "Новое.\n\nПолностью на нашем сайте"


def test_a_text_posted_again_and_again_is_not_learned() -> None:
    again = ["Приходите на [лекцию](https://example.com/l) в среду."] * 6
    model = learn(NEW, [from_markdown(f"О лекции\n{text}") for text in again])
    assert stripped(f"Новое.\n{again[0]}", model) == "Новое.\nПриходите на лекцию в среду."


def test_a_handle_after_the_last_sentence_is_learned() -> None:
    model = learn(NEW, [from_markdown(f"{post} @somebank") for post in SAID])
    assert stripped("Курс вырос. @somebank", model) == "Курс вырос."
    assert stripped("Курс вырос. @otherbank", model) == "Курс вырос. @otherbank"


def test_a_call_after_the_last_sentence_goes() -> None:
    text = "The talks go on in Geneva. Read more in our Telegram-channel https://t.me/Some_Affairs"
    assert stripped(text) == "The talks go on in Geneva."


def test_the_name_of_the_channel_as_a_last_line_goes() -> None:
    assert stripped("Новое.\n\n@SomeCity", own=("somecity", "Город")) == "Новое."
    assert stripped("Новое.\n\nГород 🏙", own=("somecity", "Город")) == "Новое."


@pytest.mark.parametrize(
    "footer",
    [
        "تابعونا على قناتنا: https://t.me/somecity",
        "Abonniert unseren Kanal: @somecity",
        "🔔 ¡Suscríbete a nuestro canal! https://t.me/somecity",
        "به کانال ما بپیوندید 👈 @somecity",
        "Abonnez-vous : https://t.me/somecity",
        "הצטרפו לערוץ שלנו: https://t.me/somecity",
        "हमारे चैनल से जुड़ें: https://t.me/somecity",
        "Ikuti channel kami: @somecity",
        "Iscriviti al nostro canale https://t.me/somecity",
        "Dołącz do nas: @somecity",
        "Inscreva-se no nosso canal: https://t.me/somecity",
        "Bizi takip edin: @somecity",
        "Kanalimizga obuna bo‘ling: https://t.me/somecity",
        "Каналимизга обуна бўлинг: https://t.me/somecity",
        "¡Comparte y difunde!",
        "Partagez !",
    ],
)
def test_calls_in_other_languages_go_at_first_sight(footer: str) -> None:
    assert stripped(f"1.000 casas sin luz.\n\n{footer}") == "1.000 casas sin luz."


def test_a_call_above_a_lone_address_goes_with_it() -> None:
    assert stripped("1.000 casas sin luz.\n\n🔔 Únete al canal\n@somecity\n🇪🇸") == "1.000 casas sin luz."
    says = "El alcalde pidió a los vecinos que esperan en la plaza: únete a la fila sin prisa\n@somecity"
    assert stripped(f"1.000 casas sin luz.\n\n{says}").startswith("1.000 casas sin luz.\n\nEl alcalde")


def test_an_article_in_one_line_with_a_call_stays() -> None:
    line = "https://paper.example/2026/puente Únete a Ciudad: https://t.me/somecity"
    assert stripped(f"1.000 casas sin luz.\n\n{line}").endswith(line)


def test_an_address_of_the_channel_itself_as_a_last_line_goes() -> None:
    own = ("somecity", "Город")
    for address in ("https://t.me/SomeCity", "t.me/somecity", "@somecity"):
        assert stripped(f"Новое.\n\n{address}", own=own) == "Новое."
    assert stripped("Новое.\n\nhttps://t.me/somecity/17", own=own).endswith("/17")  # one post of it
    assert stripped("Новое.\n\nhttps://t.me/somecity2", own=own).endswith("somecity2")


def test_a_signature_of_many_lines_is_learned_whole() -> None:
    places = ("Telegram", "Safechat", "Facebook", "Instagram", "Rumble", "Gab")
    footer = "\n".join(["🛎 Город пишет здесь:", *(f"{place}: https://bit.example/{place}" for place in places)])
    model = learned(footer)
    assert stripped(f"Новое.\n\n{footer}", model) == "Новое."


def test_few_words_that_keep_coming_back_above_a_signature_go_with_it() -> None:
    footer = "Наши страницы:\n[Город](https://somecity.example/pages)"
    others = [(f"Новость номер {'ещё ' * n}из порта.", ()) for n in range(50)]
    model = learn(learned(footer), others)
    assert stripped(f"Новое.\n\n{footer}", model) == "Новое."
    assert stripped("Новое.\n\nНаши страницы:\nсгорели.", model).endswith("сгорели.")


@pytest.mark.parametrize(
    ("label", "posts"),
    [
        ("О ремонте моста через реку до весны писал:", 50),  # as long as what tells something
        ("Пострадавших нет", 20),  # words that point at nothing
        ("Условия конкурса:", 50),
    ],
)
def test_words_above_a_signature_that_may_tell_something_stay(label: str, posts: int) -> None:
    footer = f"{label}\n[Город](https://somecity.example/pages)"
    others = [(f"Новость номер {'ещё ' * n}из порта.", ()) for n in range(posts)]
    model = learn(learned("[Город](https://somecity.example/pages)"), others)
    model = learn(model, [from_markdown(f"{post}\n\n{footer}") for post in SAID])
    assert stripped(f"Новое.\n\n{footer}", model) == f"Новое.\n\n{label}"


def test_a_table_whose_numbers_change_stays() -> None:
    posts = [(f"{post}\n\nДоллар: {90 + n}\nЕвро: {100 + n}\nЮань: {11 + n}", ()) for n, post in enumerate(SAID)]
    table = "Доллар: 91\nЕвро: 101\nЮань: 12"
    assert stripped(f"Новое.\n\n{table}", learn(NEW, posts)) == f"Новое.\n\n{table}"


def test_prose_far_above_the_end_is_no_signature_however_often_it_comes() -> None:
    prose = "Мост через реку закрыт до весны, и автобусы идут в объезд по набережной мимо порта, рынка и новой школы."
    footer = f"{prose}\nРаз.\nДва.\nТри.\nЧетыре."
    assert stripped(f"Новое.\n\n{footer}", learned(footer)) == f"Новое.\n\n{prose}"


def test_a_label_with_a_link_of_its_own_above_a_signature_stays() -> None:
    posts = [
        from_markdown(f"{post}\n\n[Источник:](https://paper.example/{n})\n[Город](https://somecity.example/pages)")
        for n, post in enumerate(SAID)
    ]
    post = "Новое.\n\n[Источник:](https://paper.example/9)\n[Город](https://somecity.example/pages)"
    assert stripped(post, learn(NEW, posts)) == "Новое.\n\nИсточник:"


def test_an_address_that_is_written_in_more_ways_than_one_is_learned() -> None:
    ways = ("https://t.me/somecity", "https://t.me/SomeCity", "https://t.me/SOMECITY")
    posts = [from_markdown(f"{post}\n\n{ways[n % 3]}") for n, post in enumerate(SAID)]
    assert stripped("Новое.\n\nhttps://t.me/SomeCity", learn(NEW, posts)) == "Новое."


def test_long_addresses_of_one_beginning_are_sources() -> None:
    long = f"https://paper.example/{'section/' * 15}"
    posts = [from_markdown(f"{post}\n\n{long}{n}") for n, post in enumerate(SAID)]
    assert stripped(f"Новое.\n\n{long}99", learn(NEW, posts)) == f"Новое.\n\n{long}99"


def test_hashtags_above_a_source_or_a_link_go_and_those_far_from_the_end_stay() -> None:
    assert stripped(f"{SAID[0]}\n\n#порт\n\nФото: порт\nhttps://example.com/1") == (
        f"{SAID[0]}\n\n\nФото: порт\nhttps://example.com/1"
    )
    text = "\n".join([SAID[0], "#порт", *SAID[1:4]])
    assert stripped(text) == text


def test_posts_that_only_their_figures_tell_apart_keep_what_they_say() -> None:
    days = [
        from_markdown(f"Rate {n} of the day is {n * 7}.\n\nRead us → [Tidings](https://t.me/tidings)") for n in range(9)
    ]
    assert strip(*days[7], learn(NEW, days)) == "Rate 7 of the day is 49."


def test_a_long_line_of_a_campaign_is_not_a_footer_by_coming_back_a_few_times() -> None:
    line = "До конца недели с ребятами можно поговорить в чате и задать вопросы про лодки, вёсла, причалы и тихую воду"
    others = [f"Новость номер {'ещё ' * n}из порта." for n in range(150)]
    posts = [from_markdown(f"{post}\n\n[{line}](https://t.me/somegame)") for post in SAID[:3]]
    model = learn(NEW, [*posts, *((other, ()) for other in others)])
    assert stripped(f"{SAID[4]} И ещё.\n\n[{line}](https://t.me/somegame)", model).endswith("воду")


def test_a_line_of_hashtags_or_a_rubric_above_the_post_goes() -> None:
    assert stripped("#go #tip\n\nДва способа проверить код.") == "Два способа проверить код."
    assert stripped("__[АРХИВ]__\n\nДва способа.") == "Два способа."
    assert stripped("#Referendum:\nPM says yes") == "#Referendum:\nPM says yes"


def test_an_advertisement_keeps_its_pitch() -> None:
    pitch = "Лучшие скидки города.\n\nПодписывайтесь: @best_discounts\n\n#промо"
    assert stripped(pitch) == "Лучшие скидки города.\n\nПодписывайтесь: @best_discounts"


def test_a_post_of_nothing_else_stays_whole() -> None:
    for text in ("#memes", "❤ [Подписаться](https://t.me/somecity)", "", "🤔", "@somecity"):
        assert stripped(text, own=("somecity",)) == from_markdown(text)[0]


def test_a_model_survives_being_written_down() -> None:
    model = learned("❤ [Подписаться](https://t.me/somecity) | {n}")
    assert SignatureModel.from_document(kept(model)) == model
    assert SignatureModel.from_document(kept(NEW)) == NEW
    former = {"posts": 1, "forms": {form: list(seen) for form, seen in model.forms.items()}}
    assert SignatureModel.from_document(former).forms == model.forms


def test_what_was_seen_last_is_known_where_a_database_has_an_order_of_keys_of_its_own() -> None:
    model = learn(NEW, [(f"{post}\n\n{footer}", ()) for post in SAID[:2] for footer in ("Zebra", "Apple tree", "Oak")])
    assert list(SignatureModel.from_document(kept(model)).forms) == list(model.forms)


@pytest.mark.parametrize("text", ["[]", "{}", '{"posts": 1, "forms": {"a": 1}}', '{"posts": null, "forms": {}}'])
def test_a_model_that_was_not_written_by_us_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SignatureModel.from_document(json.loads(text))


def test_learning_in_pieces_finds_the_same_footer_and_stays_small() -> None:
    model = NEW
    for n in range(3000):
        words = f"Событие {chr(1072 + n % 32)}{chr(1072 + n // 32 % 32)}{chr(1072 + n // 1024)} случилось."
        model = learn(model, [from_markdown(f"{words}\n\nВаш [Город {n}](https://t.me/somecity)")])
    assert len(model.forms) <= MOST_FORMS
    assert len(json.dumps(model.document())) < 100_000
    assert stripped("Новое.\n\nВаш [Город](https://t.me/somecity)", model) == "Новое."


@given(
    st.lists(
        st.sampled_from([*SAID, "#tag", "@name", "Подписаться @somecity", "", "—", "🔥 https://t.me/somecity"]),
        max_size=6,
    )
)
def test_stripping_adds_nothing_and_repeats_to_the_same(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = strip(text, (), NEW)
    below = iter(text.split("\n"))
    assert all(line in below for line in once.split("\n"))
    assert strip(once, (), NEW) == once


@pytest.mark.parametrize("piece", ["подписаться ", "a. ", "@name ", "#tag ", "\n", "a\n", "[a]", "t.me/"])
def test_a_long_post_takes_linear_time(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    links = tuple(Link(url=f"https://t.me/{n}", label=piece) for n in range(500))
    started = time.process_time()
    strip(text, links, learn(NEW, [(text, links)] * 3))
    assert time.process_time() - started < 1
