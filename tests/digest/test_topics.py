"""Stories under headings of one or two words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import StoryId
from digest.compose import in_topics
from digest.model import CitedSentence, StoryView
from digest.render import text
from digest.render.common import above_all, sections
from digest.topics import first_sentence, subject, topics
from tests.digest.render_samples import SAMPLE, post

KYIV = ["Kyiv and three other cities were shelled overnight, the governor said."] * 2
UKRAINE = ["A truce in Ukraine is near, envoys say.", "Envoys of the US and Ukraine speak of a truce."]
STORM = ["A storm with heavy snow reached the coast of Harwick."] * 2
FROST = ["Снег и мороз до -20 ожидаются в Заречье, предупреждают синоптики."] * 2
MATCH = ["Eastport won the match by a goal of its new striker."] * 2
RIVER = ["The river ferry has a new captain."]


def headings(stories: list[list[str]], language: str) -> list[str | None]:
    return topics([subject(posts) for posts in stories], language)


def test_stories_of_one_place_stand_under_its_name_and_others_under_their_field() -> None:
    assert headings([UKRAINE, STORM, MATCH, KYIV, FROST], "en") == ["Ukraine", "Weather", None, "Ukraine", "Weather"]


def test_headings_are_in_the_readers_language() -> None:
    assert headings([UKRAINE, STORM, MATCH, KYIV, FROST], "ru") == ["Украина", "Погода", None, "Украина", "Погода"]


def test_a_short_digest_has_no_headings() -> None:
    assert headings([UKRAINE, KYIV, STORM], "en") == [None] * 3


def test_a_heading_stands_over_two_stories_at_least() -> None:
    assert headings([UKRAINE, STORM, MATCH, RIVER], "en") == [None] * 4


def test_a_place_that_most_stories_name_tells_them_not_apart() -> None:
    everywhere = [[f"{text} So it is in Latvia."] for text in ("Snow fell.", "Snow lies.", "A goal fell.", "Ferry.")]
    assert headings(everywhere, "en")[2:] == [None, None]


def test_what_a_post_mentions_further_on_is_no_heading() -> None:
    cocoa = ["Cocoa has lost 6.3 per cent. Rain fell in both growing regions, twice the forecast."] * 2
    moose = ["Лось вышел на проспект и дошёл до театра. Снег и мороз его не смутили."] * 2
    artist = ["Худрук театра кошек госпитализирован с проблемами сердца. Он живёт в Москве."] * 2
    assert headings([STORM, FROST, cocoa, moose], "en") == ["Weather", "Weather", None, None]
    assert headings([["В Москве открыли каток."], ["Москву ждёт гость."], artist, MATCH], "en")[2] is None


def test_a_story_stands_under_the_place_that_it_names_first() -> None:
    envoy = ["Kyiv and three other cities were shelled, the White House says."] * 2
    senate = ["The Pentagon has asked for more ships, a senator says."] * 2
    calls = ["Washington calls on Ukraine to hold on."] * 2
    found = headings([UKRAINE, envoy, senate, calls, MATCH, STORM, RIVER, FROST], "en")
    assert found[:4] == ["Ukraine", "Ukraine", "United States", "United States"]
    assert headings([UKRAINE, envoy, calls, MATCH, STORM, RIVER], "en")[:3] == ["Ukraine", "Ukraine", "Ukraine"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Give us your news, us all.", None),
        ("US senators met.", "United States"),
        ("Из вены течёт кровь.", None),
        ("Премьера в Вене отложена.", "Австрия"),
        ("Украинские и польские фермеры.", "Украина"),
        ("Переговоры в Киеве продолжаются.", "Украина"),
        ("Украинские беспилотники упали на улицу.", "Украина"),
        ("Бои идут на киевском направлении.", "Украина"),
        ("Поезда Киевского направления опаздывают.", None),
        ("Поезда Киевского и Горьковского направлений опаздывают.", None),
        ("Эвакуирован Белорусский вокзал.", None),
        ("Си Цзиньпина ждут гости.", "Китай"),
        ("Российский завод.", None),
        ("Рим принял гостей.", "Италия"),
        ("Nato ships met at sea.", "NATO"),
        ("Данные о погоде уточняются.", None),
        ("Даня поёт на площади.", None),
        ("В Дании открыли мост.", "Дания"),
        ("Дело передано в суд.", None),
        ("Мода меняется с годами.", None),
        ("Из Дели прилетел самолёт.", "Индия"),
        ("Газ снова подорожал.", None),
        ("В Газе откроют школу.", "Израиль"),
        ("Груз доставлен в порт.", None),
        ("Али выиграл бой.", None),
        ("Цены на всю мебель выросли.", None),
        ("В Афинах открыт музей.", "Греция"),
        ("Сербы выбирают президента.", "Сербия"),
        ("Сербию ждут выборы.", "Сербия"),
        ("Китайца встретили в порту.", None),
        ("В Кишиневе и в Кишинёве тихо.", "Молдавия"),
        ("Кишинев открыл мост.", "Молдавия"),
        ("В Египте открыли мост.", "Египет"),
    ],
)
def test_a_place_is_known_in_its_forms(text: str, found: str | None) -> None:
    language = "ru" if text[0] > "z" else "en"
    assert headings([[text], [text], RIVER, MATCH], language)[0] == found


SENTENCES = st.sampled_from([*KYIV, *STORM, *FROST, *MATCH, *RIVER, "", "\ud800 <b>", "США. УКРАИНА"])


@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=3), max_size=8), st.sampled_from(["en", "ru"]))
def test_any_texts_have_a_heading_or_none(stories: list[list[str]], language: str) -> None:
    found = headings(stories, language)
    assert len(found) == len(stories)
    assert all(heading is None or found.count(heading) > 1 for heading in found)


def view(number: int, *, update: bool = False) -> StoryView:
    return StoryView(
        id=StoryId(number),
        title=f"Story {number}",
        summary=(CitedSentence(text=f"Story {number}.", sources=(0,)),),
        posts=(post("wire", number, 10),),
        update=update,
    )


def test_topics_come_by_their_best_story_and_the_best_story_comes_first() -> None:
    told = [view(1), view(2), view(3, update=True), view(4), view(5), view(6), view(7)]
    texts = [MATCH, STORM, UKRAINE, UKRAINE, RIVER, FROST, KYIV]
    ordered = in_topics(told, [subject(posts) for posts in texts], "en")
    assert [(story.id, story.topic) for story in ordered] == [
        (1, None),
        (2, "Weather"),
        (6, "Weather"),
        (4, "Ukraine"),
        (7, "Ukraine"),
        (5, None),
        (3, None),
    ]


def test_the_best_story_comes_first_also_where_an_update_is_better() -> None:
    told = [view(1, update=True), view(2), view(3), view(4), view(5), view(6)]
    texts = [RIVER, MATCH, STORM, UKRAINE, FROST, KYIV]
    ordered = in_topics(told, [subject(posts) for posts in texts], "en")
    assert [(story.id, story.topic) for story in ordered[:2]] == [(2, None), (3, "Weather")]
    assert ordered[-1].id == 1


def test_no_topic_lifts_its_lesser_stories_above_the_best_of_all() -> None:
    texts = [STORM, RIVER, MATCH, *[UKRAINE, FROST, KYIV, STORM] * 3]
    told = [view(number) for number in range(1, len(texts) + 1)]
    long = in_topics(told, [subject(posts) for posts in texts], "en")
    assert [(story.id, story.topic) for story in long[:4]] == [(1, None), (2, None), (3, None), (4, "Ukraine")]
    short = in_topics(told[:14], [subject(posts) for posts in texts[:14]], "en")
    assert [(story.id, story.topic) for story in short[:3]] == [(1, "Weather"), (5, "Weather"), (7, "Weather")]
    assert in_topics([], [], "en") == ()


def test_an_update_that_is_among_the_best_of_a_long_digest_stands_there() -> None:
    texts = [UKRAINE, STORM, MATCH, *[UKRAINE, FROST, KYIV, STORM] * 3]
    told = [view(number, update=number in (2, 5)) for number in range(1, len(texts) + 1)]
    long = in_topics(told, [subject(posts) for posts in texts], "en")
    assert [(story.id, story.topic) for story in long[:3]] == [(1, None), (2, None), (3, None)]
    assert [story.id for story in long if story.update] == [2, 5]
    assert long[-1].id == 5
    headings = [(section.heading, len(section.stories)) for section in sections(replace(SAMPLE, stories=long))]
    assert (headings[0], headings[-1]) == (("", 3), ("New in a story you know", 1))
    short = in_topics(told[:14], [subject(posts) for posts in texts[:14]], "en")
    assert [story.id for story in short[-2:]] == [2, 5]


def test_the_opening_line_says_what_most_is_about() -> None:
    topics = ("Ukraine", "Weather", "Ukraine", "Ukraine", None)
    digest = replace(SAMPLE, stories=tuple(replace(view(n), topic=topic) for n, topic in enumerate(topics)))
    assert above_all(digest) == "Above all: Ukraine (3), Weather (1)."
    assert text.render(digest).splitlines()[2] == "Above all: Ukraine (3), Weather (1)."
    assert above_all(replace(digest, language="ru")) == "Больше всего: Ukraine (3), Weather (1)."
    assert above_all(replace(digest, stories=digest.stories[1:])) == ""  # two of four are not above all
    assert above_all(SAMPLE) == ""


def test_a_child_named_after_a_missile_is_no_war() -> None:
    child = ["Многодетная семья из Татарстана назовёт новорождённого в честь российской ракеты «Орешник»."] * 3
    assert subject(child).field != "war"
    assert subject(["Армия сбила ракету и два беспилотника над морем, сообщило минобороны."] * 3).field == "war"


def test_south_america_is_not_the_united_states() -> None:
    birds = ["В Южной Америке нашли кости птиц."] * 2
    assert headings([birds, birds, FROST, MATCH], "ru")[:2] == ["Южная Америка"] * 2


def test_a_name_of_two_words_names_one_place() -> None:
    assert len(subject(["Birds of South America sing in the morning."]).places) == 1


def test_a_first_sentence_says_something_from_four_words_on() -> None:
    assert first_sentence("Rain fell in Kyiv. Riga waits for it.") == "Rain fell in Kyiv."
    assert first_sentence("Rain in Kyiv. Riga waits for it. So does Oslo.") == "Rain in Kyiv. Riga waits for it."


def test_a_place_is_a_storys_where_half_of_its_posts_name_it() -> None:
    assert len(subject([KYIV[0], RIVER[0]]).places) == 1
    assert subject([KYIV[0], RIVER[0], MATCH[0]]).places == ()


def test_russia_is_the_home_of_stories_that_are_told_in_russian_above_all() -> None:
    russian, english = "Россия ждёт гостей, сказал посол.", "Russia waits for guests, the envoy said."
    assert len(subject([russian, english]).places) == 1
    assert subject([russian, english, russian]).places == ()


def test_of_a_storys_places_the_one_that_is_named_first_most_comes_first_and_then_the_one_named_most() -> None:
    riga, kyiv = (subject([f"{city} waits for guests, an envoy said."]).places for city in ("Riga", "Kyiv"))
    first = ["Riga met Kyiv at the table.", "Riga met Kyiv at the table.", "Kyiv alone was at the table."]
    assert subject(first).places == riga + kyiv
    most = ["Riga met Kyiv at the table.", "Kyiv met Riga at the table.", "Oslo met Riga at the table."]
    assert subject(most).places == riga + kyiv


def test_a_field_is_a_storys_where_enough_of_its_posts_begin_with_it_and_no_other_has_as_many_words() -> None:
    snow, village = "Snow lies on the hills, herders say.", "The village waits for bread and salt."
    assert subject([snow, snow, village]).field is None  # too few words
    assert subject([f"{snow} Snow is deep there."] * 2 + [village]).field is None  # a word counts once
    assert subject([f"{snow} Frost is hard there."] * 2 + [village]).field == "weather"
    later = f"{village} Snow and frost are hard there."
    assert subject([snow, snow, later, later, later]).field is None  # most begin with something else
    assert subject(["The court is closed by snow, herders say."] * 3).field is None
    assert subject(["A goal of the new striker won the day."] * 3).field == "sport"  # strikers are on strike, too


def test_a_sum_of_money_is_no_economy() -> None:
    assert subject(["Парень обманул гадалку на 2 миллиона рублей и уехал к морю."] * 3).field is None
    assert subject(["Thieves took 400,000 dollars out of a safe in Harwick."] * 3).field is None
    assert subject(["Доллар поднялся выше 104 рублей впервые с марта."] * 3).field == "economy"


def test_words_of_one_stem_are_told_apart_where_they_mean_other_things() -> None:
    assert subject(["Обыски прошли в доме организатора голой вечеринки."] * 3).field is None
    assert subject(["В сети полюбили кота, который плакал, когда поел впервые за долгое время."] * 3).field is None
    assert subject(["Соседи молчат о долге пекарни.", "Пекарня закрыта, а о долге молчат."]).field == "economy"
    assert subject(["Пловец доплыл до Воробьёвых гор и вышел на берег."] * 3).field is None
    assert subject(["Сборная забила два гола и победила в матче."] * 3).field == "sport"
