"""What a post's words and looks say of its kind where no rule speaks: posts of our own making, and what must hold."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import UNKNOWN, Kind, Link
from core.words import stem
from ingest.cleaning.clean import clean
from ingest.cleaning.cues import wording
from ingest.cleaning.fingerprint import said
from ingest.cleaning.kind import kind_of, weighed
from ingest.cleaning.kind_model import BAR, KINDS, KindModel, kind_model, looks, word_traits
from ingest.cleaning.signature import SignatureModel
from tests.ingest.test_kind import a_post


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            Kind.PROMO,
            "Подборка вакансий: менеджер, опыт от 2 лет, можно без опыта. Откликайтесь в личку @oars_job",
        ),
        (Kind.PROMO, "Grab this oak oar deal now, buy it here, only $12 with free shipping!"),
        (Kind.ANNOUNCE, "Наш новый канал о вёслах открыт! Подпишитесь, там мы будем рассказывать о лодках."),
        (Kind.ANNOUNCE, "Join us live tonight! Our new podcast is here, listen to the full interview on our channel."),
        (Kind.CHATTER, "Вот такой вот Пётр сегодня гулял, как вам? Всем хорошего настроения 😁"),
        (Kind.CHATTER, "lol this is so good, I love how Ann looks here 😂"),
    ],
)
def test_what_sells_announces_or_chats_is_seen_by_its_words_and_looks(kind: Kind, text: str) -> None:
    found, reason = kind_model().verdict(text, wording(said(text)), ()) or (Kind.NEWS, "")
    assert (found, reason.split(":")[0]) == (
        kind,
        {
            Kind.PROMO: "reads like an advertisement",
            Kind.ANNOUNCE: "reads like the channel about itself",
            Kind.CHATTER: "reads like chatter",
        }[kind],
    )


@pytest.mark.parametrize(
    "text",
    [
        "Бровары: замечен пуск ракеты",
        "Fire at the port",
        "Парламент Орлении принял закон о рыбной ловле: за голосовали 76 депутатов из 150.",
        "The council of Eastport closed the old bridge for two years; ferries will run every ten minutes.",
        "Канал «Вода» купила верфь Истпорта за 40 миллионов, сообщил владелец.",
        "Скидки на хлеб запретили: закон подписал министр Иван Петров.",
        "Google drops AMP pages from search results",
    ],
)
def test_news_as_short_or_as_commercial_are_news(text: str) -> None:
    assert kind_of(a_post(text), text) == (Kind.NEWS, "")


def test_a_reason_names_the_words_that_speak_most_as_they_stand_in_the_post() -> None:
    text = "Друзья, приходите на наш ВЕБИНАР о лодках: регистрация открыта, присоединяйтесь!"
    _, reason = weighed(kind_model(), text, wording(said(text)), (), "ru")
    assert "вебинар" in reason


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("عملية نسف في بنت جبيل", "ar"),
        ("Der Hafen am Abend, einfach schön!", "de"),
        ("北京市政府今天公布了新的交通计划", "zh"),
        ("दिल्ली में नया पुल खोला", UNKNOWN),
    ],
)
def test_in_a_language_that_the_weights_do_not_know_words_and_looks_say_nothing(text: str, language: str) -> None:
    cleaned = clean(a_post(text), SignatureModel())
    assert (cleaned.language, cleaned.kind) == (language, Kind.NEWS)
    assert kind_of(a_post(text), text, language="ru")[0] is Kind.CHATTER


def test_the_title_of_a_page_is_no_chatter_however_short() -> None:
    assert kind_of(a_post("[Просто красивый закат](https://paper.example/1)"), "Просто красивый закат") == (
        Kind.NEWS,
        "",
    )


def test_two_words_and_a_link_offer_nothing() -> None:
    text = "Post 1 https://paper.example/crane"
    assert kind_of(a_post(text), text) == (Kind.NEWS, "")


@pytest.mark.parametrize(
    "text",
    ["Elon Musk leaves Twitter", "Merger creates largest banana supplier", "Рубль дешевеет, рынок ждёт решения банка"],
)
def test_a_headline_is_no_caption_and_no_chatter_whomever_it_names(text: str) -> None:
    assert kind_of(a_post(text), text) == (Kind.NEWS, "")


def test_what_a_post_cannot_be_it_is_not() -> None:
    used = wording(said(text := "lol this is so good, I love how Ann looks here 😂"))
    assert kind_model().verdict(text, used, ()) is not None
    assert kind_model().verdict(text, used, (), lambda: KINDS) is None
    assert (kind_model().verdict(text, used, (), lambda: {Kind.CHATTER}) or (None,))[0] is not Kind.CHATTER


def test_one_word_decides_less_the_more_known_words_a_text_has() -> None:
    others = [stem(f"{one}{other}") for one in "bcdfgklm" for other in ("ark", "olt", "int")]
    plain, loud = (0.0, 0.0, 0.0), (3.0 * BAR, 0.0, 0.0)
    model = KindModel((-1.0, -9.0, -9.0), {"oar": loud, **dict.fromkeys(others, plain)})
    assert model.verdict("oar", wording(["oar"]), ()) is not None
    assert model.verdict("oar", wording(["oar", *others]), ()) is None


def test_links_to_telegram_and_to_the_web_are_told_apart() -> None:
    to_telegram, to_the_web = Link(url="https://t.me/boats"), Link(url="https://paper.example/?utm_source=tg")
    used = wording(["x"])
    without = {*looks("x", used, [])}
    assert {*looks("x", used, [to_telegram])} - without == {":to Telegram"}
    assert {*looks("x", used, [to_the_web])} - without == {":to the web", ":tracked"}
    assert ":to the web 2" in looks("x", used, [to_the_web] * 2)


def test_a_number_a_call_and_capitals_are_seen_however_long_the_word_is() -> None:
    long_call, long_number, capitals = "о" * 100 + "йте", "1" * 100, "О" * 100
    without = {*looks("x", wording(["о" * 103]), [])}
    for _ in ("first", "remembered"):
        assert {*looks("x", wording([long_call]), [])} - without == {":call"}
        assert ":number" in looks("x", wording([long_number]), [])
        assert ":name" in looks("x", wording([capitals]), [])
        assert ":no name" in looks("x", wording([capitals + "о", "О"]), [])
        assert ":number" not in looks("x", wording([long_number + "x"]), [])


def test_of_a_long_text_the_beginning_and_the_end_are_looked_at() -> None:
    traits = word_traits(["first", *["between"] * 200, "middle", *["between"] * 200, "last"], "")
    assert ("first" in traits, "last" in traits, "middl" in traits) == (True, True, False)


def test_the_weights_are_whole_numbers_and_each_trait_stands_once() -> None:
    lines = (files("ingest.cleaning") / "kind_weights.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.rsplit("\t", 3) for line in lines if not line.startswith("//")]
    assert all(len(row) == 4 for row in rows)
    assert len({row[0] for row in rows}) == len(rows) == len(kind_model().traits) + 1


@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    kind, reason = kind_of(a_post(text), text)
    assert (kind is Kind.NEWS) is (not reason)
