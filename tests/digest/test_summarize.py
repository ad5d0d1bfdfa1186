"""Summaries: whole sentences, chosen from the posts, each with the posts that bear it out."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import CitedSentence
from digest.render.markup import html
from digest.summaries.headline import headline
from digest.summaries.lines import summarize_line
from digest.summaries.repetition import retells, says_again
from digest.summaries.summarize import most_central, summarize
from digest.summaries.voices import Sentence
from digest.text.evidence import bears_out, names, numbers
from digest.text.tidy import plain_sentences, shorten, stands_alone, tidy

BRIDGE = [
    "⚡️ **The old bridge in Harwick was closed after a barge hit its pillar.** Nobody was hurt, the mayor said.",
    "The old bridge in Harwick is closed: a barge hit a pillar on Monday. Repairs take 3 weeks, cost 40,000 crowns.",
    "A barge hit the old bridge in Harwick. Ferries will carry 2,000 commuters a day. Subscribe to our channel!",
]
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
_PIECES = ["Путин", "Kyiv", "5", "1", "000", "2,5", "%", "said", "заявил", ".", "!", "?", "\n", "the", "мост", "NATO"]
_PIECES += ["bridge", "«Арго»", "😀", "#tag", "@x", "—", "(", ")"]
MOST = [
    "Старый мост в Заречье закрыли после удара баржи. Пострадавших нет.",
    "Старый мост в Заречье закрыли: баржа ударила опору. Ремонт займёт 3 недели и обойдётся в 40 000 крон.",
]


def test_a_story_of_several_posts_is_summed_up_with_its_sources() -> None:
    found = summarize(BRIDGE)
    assert [(sentence.text, sentence.sources) for sentence in found] == [
        ("The old bridge in Harwick was closed after a barge hit its pillar.", (0, 1)),
        ("Repairs take 3 weeks, cost 40,000 crowns.", (1,)),
    ]


@pytest.mark.parametrize(
    ("first", "second", "added"),
    [
        (
            "Торопова распорядилась сделать 27 ноября днём паромщика. Праздник отметят впервые.",
            "Анна Торопова подписала указ о дне паромщика 27 ноября. На пристани построят новую площадку для танцев.",
            "На пристани построят новую площадку для танцев.",
        ),
        (
            "A ferry with 31 passengers sank near Aldermouth. The cause is not known to the coast guard.",
            "Near Aldermouth sank a passenger ferry. Divers from three neighbouring towns search the wreck since noon.",
            "Divers from three neighbouring towns search the wreck since noon.",
        ),
    ],
    ids=["ru", "en"],
)
def test_what_another_post_says_in_other_words_gives_way_to_what_it_adds(first: str, second: str, added: str) -> None:
    found = [sentence.text for sentence in summarize([first, second], sentences=3)]
    opens = [text for text in found if text in (first.split(". ")[0] + ".", second.split(". ")[0] + ".")]
    assert len(opens) == 1
    assert added in found


@pytest.mark.parametrize(
    ("one", "other", "again"),
    [
        ("Биткоин поднялся выше 98 тысяч.", "Биткоин поднялся выше 97 тысяч и обновил рекорд.", False),
        ("Биткоин поднялся выше 97 000.", "Биткоин поднялся выше 97 тысяч и обновил рекорд.", False),
        ("Биткоин поднялся выше 97 тысяч.", "Биткоин поднялся выше 97 тысяч и обновил рекорд.", True),
        ("Суда Вессланда освободили порт Тарск.", "Суда Вессланда взяли под контроль порт Ольховка.", False),
        ("Wreck divers of Kestria praised coach Adam Okell.", "Adam Okell met the mayor of Eastport in May.", False),
    ],
)
def test_what_says_the_same_has_its_numbers_names_and_objects(one: str, other: str, again: bool) -> None:
    assert says_again(Sentence(one, 0, 0), Sentence(other, 1, 0)) is again


NIGHT = "В Заречье горит склад на Портовой улице, на месте полиция."


@pytest.mark.parametrize(
    ("told", "sentence", "again"),
    [
        (NIGHT, "Пожар начался на складе в Заречье.", True),
        (NIGHT, "В зареченском складе пожар: огонь заметили жители.", True),
        (NIGHT, "Пожар на складе в Заречье потушен.", False),
        (NIGHT, "Названа причина пожара на складе в Заречье.", False),
        (NIGHT, "Пожар на складе в Заречье охватил 900 метров.", False),
        (NIGHT, "Пожара на складе в Заречье не было, заявили силовики.", False),
        (NIGHT, "Пожар на складе «Ольха» в Заречье: хозяин Анатолий Брусов в больнице.", False),
        ("Мальчик, 9 лет, упал с пирса в Тарске.", "В Тарске 9-летний ребёнок рухнул с пирса.", True),
        ("Девушку сбил трамвай в Тарске.", "Трамвай сбил 19-летнюю россиянку в Тарске.", True),
        ("A fire broke out in a warehouse in Harwick.", "The Harwick warehouse is burning.", True),
        ("A fire broke out in a warehouse in Harwick.", "The Harwick warehouse burnt down, two are dead.", False),
        (NIGHT, "12345", False),
    ],
)
def test_words_that_mean_the_same_say_the_same(told: str, sentence: str, again: bool) -> None:
    assert retells(Sentence(sentence, 1, 0), [Sentence(told, 0, 0)]) is again


@pytest.mark.parametrize(
    ("source", "place", "hours", "again"),
    [(1, 0, 1, True), (0, 0, 1, False), (1, 2, 1, False), (1, 0, 5, False)],
    ids=["how another text begins", "the same text", "further on in it", "hours later"],
)
def test_how_another_text_begins_is_taken_for_the_same_news_before_others(
    source: int, place: int, hours: int, again: bool
) -> None:
    told = Sentence(NIGHT, 0, 0, NOON)
    sentence = Sentence("Пожар на складе сняли на видео моряки.", source, place, NOON + timedelta(hours=hours))
    assert retells(sentence, [told]) is again


def test_what_another_post_says_in_words_that_mean_the_same_is_not_told_again() -> None:
    posts = ["В Заречье нет света на 15 улицах.", "В Заречье массовое отключение электроэнергии."]
    assert [sentence.text for sentence in summarize(posts, [NOON, NOON])] == posts[:1]


def test_a_short_post_is_told_by_its_beginning_though_it_repeats_itself_later() -> None:
    lead = "District number 4 of Arlen had 7 wells opened by the council after the drought of last summer."
    again = " the engineers of Arlen measured the water of Arlen with gauges of Arlen in every village of Arlen." * 3
    found = summarize([lead + again], sentences=2)
    assert found[0].text == lead


_RENTS = "\n- Old Dock: 65 %, one with a bath costs 116 crowns.\n- Mill End: 53 %.\n- Kingsway: 47 %.\n- Locks: 38 %."


@pytest.mark.parametrize(
    ("posts", "title"),
    [
        (
            "В Заречье закрыли старую пристань\n\nТрещины нашли в опорах, ремонт пристани и причала займёт всю зиму.",
            "В Заречье закрыли старую пристань",
        ),
        (
            "Rents in Harwick rose by half within a year. Here is where." + _RENTS + "\n- Weir Road: 31 %.|"
            "A flat in Harwick costs half as much again.\nWhere did rents grow?" + _RENTS.replace("a bath", "any bath"),
            "Rents in Harwick rose by half within a year.",
        ),
    ],
    ids=["one post, five words", "posts that list"],
)
def test_a_story_told_in_one_sentence_is_told_by_how_a_post_begins(posts: str, title: str) -> None:
    assert [sentence.text for sentence in summarize(posts.split("|"), sentences=1)] == [title]


def test_a_long_text_is_told_by_what_matters_in_it_wherever_that_stands() -> None:
    lead = "Grandmothers of the coast used to tell children about giants, wolves, witches and quarrelsome kings."
    news = [
        f"The harbour of Eastport closes its {pier} pier after engineers of the harbour found cracks in the pier."
        for pier in ("northern", "old", "coal", "fish", "stone", "long", "ferry", "grain")
    ]
    assert lead not in {sentence.text for sentence in summarize([" ".join([lead, *news])], sentences=1)}


def test_a_story_opens_with_a_beginning_that_does_not_point_back() -> None:
    found = summarize(
        [
            "Он сел в трамвай и снял новую линию в Заречье на телефон. Запись увидели тысячи человек.",
            "Блогер из Истпорта сел в трамвай и снял новую линию в Заречье. Её открыли в мае.",
        ],
        sentences=2,
    )
    assert found[0].text.startswith("Блогер")


def test_a_beginning_that_is_too_long_for_a_headline_gives_way_to_one_that_says_it_in_fewer_words() -> None:
    long = (
        "The city council of Harwick has taken the decision to close from Monday the second of March until the end of"
        " spring the old bridge that leads across the harbour to the fish market and the town hall."
    )
    other = "The fish market in Norburg sells more herring and less cod than a year ago."
    for short, opening in (
        ("Harwick council will close the old bridge to the fish market until spring ends.", None),
        ("Harwick council will not close the old bridge to the fish market until spring ends.", long),
        (other, long),
        (f"{long[:-1]}, all shops there, the two schools and the hospital.", long),
    ):
        assert summarize([long, short, long], sentences=1)[0].text == (opening or short)
    clause = long.replace("taken the decision to close", "closed the bridge, taking the decision to end")
    assert shorten(clause, 110) == "The city council of Harwick has closed the bridge"
    briefly = "Until spring ends Harwick has closed its old bridge."
    assert summarize([clause, briefly], sentences=1)[0].text == clause


def test_the_readers_language_is_preferred_where_a_source_has_it() -> None:
    assert summarize(BRIDGE + MOST, language="ru")[0].text.startswith("Старый мост")
    assert "bridge" in summarize(BRIDGE + MOST, language="en")[0].text
    assert "bridge" in summarize(BRIDGE, language="ru")[0].text


def test_near_copies_count_as_one_voice_and_are_all_cited() -> None:
    found = summarize([BRIDGE[1], BRIDGE[1], BRIDGE[1]])
    assert all(sentence.sources == (0, 1, 2) for sentence in found)
    assert len({sentence.text for sentence in found}) == len(found)


def test_half_a_quotation_is_not_chosen() -> None:
    text = (
        "В Заречье закрыли старый мост после удара баржи. Мэр сказал: «Мы откроем новый мост к осени этого года. "
        "Старый мост мы снесём уже весной». Паромы ходят каждые полчаса до поздней ночи."
    )
    assert [sentence.text for sentence in summarize([text])] == [
        "В Заречье закрыли старый мост после удара баржи.",
        "Паромы ходят каждые полчаса до поздней ночи.",
    ]


def test_a_sentence_that_points_back_is_not_chosen() -> None:
    text = (
        "The council of Harwick voted for a new tram line. It also said the trams would be green and quiet and cheap."
    )
    assert [sentence.text for sentence in summarize([text])] == ["The council of Harwick voted for a new tram line."]


def test_a_budget_of_words_is_kept() -> None:
    article = " ".join(
        f"The council of town number {n} voted for a new tram line on its main street." for n in range(30)
    )
    found = summarize([article], words=20)
    assert len(found) == 1
    assert len(found[0].text.split()) <= 20


def test_linked_articles_weigh_and_are_not_quoted() -> None:
    post = "The council of Harwick met today. The mayor praised the town choir. A new tram line was approved by all."
    article = (
        "A new tram line was approved. The tram line will cross the river. Trams run in May. The tram line is long."
    )
    assert [sentence.text for sentence in summarize([post], sentences=1)] == ["The council of Harwick met today."]
    found = summarize([post], sentences=1, context=[article] * 3)
    assert [sentence.text for sentence in found] == ["A new tram line was approved by all."]


def test_dates_say_who_spoke_first() -> None:
    noon = datetime(2025, 2, 18, 12, tzinfo=UTC)
    texts = [
        "Fire in the Harwick harbour was put out by dawn today.",
        "Fire in the Harwick harbour was put out by dawn.",
    ]
    assert summarize(texts, [noon, noon - timedelta(hours=1)])[0].text == texts[1]
    assert summarize(texts, [None, None])[0].text == texts[0]


@pytest.mark.parametrize("texts", [[], [""], ["\n\n"], ["😀😀"], ["https://example.org/"], ["Подпишись на наш канал!"]])
def test_nothing_to_say_gives_no_sentence(texts: list[str]) -> None:
    assert summarize(texts) == ()


@given(
    st.lists(
        st.lists(
            st.sampled_from(_PIECES),
            max_size=40,
        ).map(" ".join),
        max_size=6,
    ),
    st.integers(1, 4),
)
def test_each_sentence_resolves_to_texts_that_bear_it_out(texts: list[str], sentences: int) -> None:
    found = summarize(texts, sentences=sentences)
    assert len(found) <= sentences
    for sentence in found:
        assert sentence.sources
        assert all(bears_out(sentence.text, texts[source]) for source in sentence.sources)


def test_a_huge_post_and_a_huge_story_take_little_time() -> None:
    begin = process_time()
    assert summarize(["word " * 200_000])
    assert summarize(["Ship number 5 left Harwick at noon today. " * 24_000])
    posts = [
        f"Ship number {n} left the harbour of Harwick at noon, the port said. Cargo {n}: grain." for n in range(1000)
    ]
    assert summarize(posts)
    assert summarize([f"Ship number {n} left Harwick at noon. " * 1000 for n in range(100)])
    assert process_time() - begin < 15  # each sentence beside each takes minutes


def test_a_text_must_hold_each_number_and_each_name() -> None:
    source = "Встреча Путина с Vance в Эр-Рияде 18 февраля: 1 000 гостей, 2,50 % роста."
    assert bears_out("Путин встретил 1,000 гостей", source)
    assert bears_out("Guests of Putin: 18, growth 2.5 %", source)
    assert not bears_out("Встреча с Путиным 19 февраля", source)
    assert not bears_out("Встреча с Лавровым", source)
    assert numbers("1 000, 1,000.5 and 2,50") == {"1000", "1000.5", "2.5"}
    assert names("Negotiators met John Hale in Riyadh. США молчат.") == ("John", "Hale", "Riyadh", "США")


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
    assert tidy("Мост закрыт — @zarechye") == "Мост закрыт —"
    assert tidy("#NATO says it will come") == "NATO says it will come"
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
    assert not stands_alone("However, the council of Harwick voted for trams.", opens=False)
    assert not stands_alone("Тот пришёл на пристань в назначенный час.", opens=False)
    assert not stands_alone("На этой линии будут ходить новые поезда.", opens=False)
    assert stands_alone("В этом году на линии пойдут новые поезда.", opens=False)
    assert not stands_alone("Так выглядит новый трамвай на линии в Заречье.", opens=True)
    assert not stands_alone("Дополнительные кадры тушения пожара на складе в Заречье.", opens=True)
    assert not stands_alone("Появились шокирующие подробности о пожаре на складе в Заречье.", opens=True)
    assert not stands_alone("Момент взрыва на складе в Заречье сняли рыбаки.", opens=True)
    assert not stands_alone("Кадры из Заречья, где ночью горел склад.", opens=True)
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


def test_a_headline_is_the_most_central_lead_trimmed() -> None:
    assert text_of(BRIDGE) == "The old bridge in Harwick was closed after a barge hit its pillar"
    assert text_of(["❗️СРОЧНО! Мост в Заречье закрыт, сообщает ТАСС."]) == "Мост в Заречье закрыт"
    assert headline([]) is None
    assert (text_of(BRIDGE + MOST, language="ru") or "").startswith("Старый мост")


def text_of(texts: Sequence[str], language: str | None = None) -> str | None:
    found = headline(texts, language)
    return found.text if found else None


@pytest.mark.parametrize(
    "caption",
    [
        "Кадры из Заречья, где ночью горел склад.",
        "Кадры тушения склада в Заречье на Портовой улице.",
        "СМИ публикуют кадры склада, который ночью горел в Заречье.",
        "Публикуем страшное видео склада, который ночью горел в Заречье.",
        "Публикуем момент пожара на складе, который ночью горел в Заречье.",
        "Момент стрельбы на складе, который ночью горел в Заречье.",
        "Новый выпуск подкаста «Зола» о складе, который ночью горел в Заречье.",
        "Первые последствия 5-балльного шторма для склада, который ночью горел в Заречье.",
    ],
)
def test_a_caption_is_no_headline_where_a_post_begins_otherwise(caption: str) -> None:
    found = headline([caption, "В Заречье ночью горел склад на Портовой улице.", caption])
    alone = headline([caption])
    assert found
    assert alone
    assert found.text == "В Заречье ночью горел склад на Портовой улице"
    assert alone.text == caption[:-1]


@pytest.mark.parametrize(
    "caption",
    [
        "Screenshot of the notice that the harbour office of Harwick sent out at noon",
        "Footage shows moment the harbour office of Harwick was flooded",
        "Aerial video of the flooded harbour office in Harwick",
    ],
)
def test_an_english_caption_is_no_headline_where_a_post_begins_otherwise(caption: str) -> None:
    assert text_of([caption, "Storm floods the harbour office of Harwick", caption]) == (
        "Storm floods the harbour office of Harwick"
    )
    assert text_of([caption]) == caption


def test_the_name_of_a_list_is_no_headline_where_a_post_begins_otherwise() -> None:
    label = "Курсы валют на эту минуту:\n\n- Крона стоит 9,2 марки\n- Гульден стоит 4 марки"
    assert text_of([label, "Крона подешевела к марке впервые с мая", label]) == "Крона подешевела к марке впервые с мая"
    assert text_of([label]) == "Курсы валют на эту минуту"


def test_half_of_a_quotation_is_no_headline_where_a_post_begins_otherwise() -> None:
    half = "«Никто нас не предупредил! В Заречье темно», – говорят жители."
    found = headline([half, "В Заречье темно после аварии на подстанции.", half])
    assert found
    assert found.text == "В Заречье темно после аварии на подстанции"


def test_a_headline_names_all_texts_that_begin_with_it() -> None:
    found = headline(["Nothing to see.", "Harwick bridge is closed. More at noon.", "", "HARWICK bridge is closed!"])
    assert found == CitedSentence(text="Harwick bridge is closed", sources=(1, 3))


def test_a_long_headline_ends_with_a_clause_or_a_word() -> None:
    assert shorten("The council of Harwick voted for a tram, which the mayor had promised for years", 50) == (
        "The council of Harwick voted for a tram"
    )
    assert (
        shorten("one two three four five six seven eight nine ten eleven", 40)
        == "one two three four five six seven eight…"
    )
    assert shorten("the new line will cost the town about 40 000 crowns", 46) == "the new line will cost the town…"


def test_the_most_central_is_most_like_the_others() -> None:
    assert most_central([["a"], ["bridg", "close"], ["bridg", "close", "harwick"], ["bridg", "open"]]) in {1, 2}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        json.dumps({"id": 2, "texts": "no list"}),
        json.dumps({"id": 4, "texts": ["x"], "dates": ["yesterday"]}),
        json.dumps({"id": 5, "texts": ["x"], "sentences": 0}),
        "[" * 100_000,
    ],
    ids=["no JSON", "no texts", "no date", "no sentences", "nested"],
)
def test_the_filter_refuses_a_bad_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"must be|is no|no JSON"):
        summarize_line(line)


def test_the_filter_answers_a_line() -> None:
    asked = {"id": "a", "texts": MOST, "language": "ru", "sentences": 1, "more": 1}
    assert json.loads(summarize_line(json.dumps(asked))) == {
        "id": "a",
        "summary": "Старый мост в Заречье закрыли после удара баржи.",
        "sentences": [{"text": "Старый мост в Заречье закрыли после удара баржи.", "sources": [0, 1]}],
    }
    nothing = json.dumps({"id": 3, "texts": [], "dates": []})
    assert json.loads(summarize_line(nothing)) == {"id": 3, "summary": "", "sentences": []}
    odd = {"id": 6, "texts": ["The council voted for a tram line. \ud800"], "dates": ["2025-02-18T10:00:00"]}
    assert summarize_line(json.dumps(odd)).encode()
