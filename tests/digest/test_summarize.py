"""Summaries: whole sentences, chosen from the posts, each with the posts that bear it out."""

import json
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summaries.lines import summarize_line
from digest.summaries.summarize import most_central, summarize
from digest.text.evidence import bears_out, names, numbers
from digest.text.quotations import within_quotations
from digest.text.tidy import shorten

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
    ("opens", "closes"),
    [("«", "»"), ("“", "”"), ('"', '"')],
    ids=["angles", "curls", "straight"],
)
def test_what_somebody_says_is_not_told_without_who_says_so(opens: str, closes: str) -> None:
    said = f"{opens}We looked for it. The harbour of Harwick fell asleep years ago. Nobody came{closes}, she said."
    post = f"A barge hit the old bridge in Harwick. {said} Ferries will carry 2,000 commuters a day."
    assert [each.text for each in summarize([post])] == [
        "A barge hit the old bridge in Harwick.",
        "Ferries will carry 2,000 commuters a day.",
    ]


def test_a_mark_that_nothing_closes_begins_no_quotation() -> None:
    assert within_quotations(["The ferry «Argo sank.", "Nobody was hurt.", "Ferries wait."]) == frozenset()
    assert within_quotations(['A plank of 5" fell.', "Nobody was hurt.", 'A plank of 6" did not.']) == frozenset()
    assert within_quotations(["Lund: «Go.", *["They wait."] * 20, "Go.» He left."]) == frozenset()
    assert within_quotations(["Lund: «Go.", "Stay.", "Go.» Hale: «No.", "Never.", "No.»"]) == {1, 3}


def test_an_item_of_a_list_is_not_told_without_its_head_but_what_is_written_in_small_letters_is() -> None:
    item = "помощь получат семьи всех паромщиков Заречья."
    for begins, told in (("Совет", False), ("совет", True)):
        found = summarize([f"{begins} утвердил новый список выплат.\n{item}"])
        assert (item in [each.text for each in found]) is told


def test_a_date_alone_is_not_told_below_a_headline_of_few_words() -> None:
    assert [each.text for each in summarize(["О текущей ценовой ситуации\n15 декабря 2021 года."])] == [
        "О текущей ценовой ситуации"
    ]
    assert summarize(["15 декабря 2021 года."]), "where nothing else is said, it is told"


def test_what_the_readers_are_asked_at_the_end_is_not_told_below_a_headline_of_few_words() -> None:
    assert [each.text for each in summarize(["Вышла книга Тороповой.\nКак вам обложка новой книги?"])] == [
        "Вышла книга Тороповой."
    ]
    assert summarize(["Как вам обложка новой книги Тороповой?"]), "where nothing else is said, it is told"


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


GERMAN = "Die alte Brücke über den Fluss ist seit Montag gesperrt, weil ein Pfeiler gerissen ist, teilt die Stadt mit."
SPANISH = (
    "El puente viejo sobre el río está cerrado desde el lunes porque se agrietó un pilar, informa el ayuntamiento."
)
UKRAINIAN = "Старий міст через річку закрито з понеділка, бо тріснула опора, і відкриють його не раніше осені."
CHINESE = "NATO 秘书长周一在哈维克表示，河上的老桥因桥墩开裂而关闭，秋天之前不会重新开放。"
SERBIAN = (
    "Stari most preko reke zatvoren je od ponedeljka jer je pukao stub, saopštio je grad i neće biti otvoren do zime."
)
ENGLISH = "The old bridge across the river has been closed since Monday because a pillar cracked, the town says."
RUSSIAN = "Старый мост через реку закрыт с понедельника: треснула опора, и откроют его не раньше осени."


@pytest.mark.parametrize(
    ("posts", "language", "told"),
    [
        ([GERMAN, SPANISH, ENGLISH], "en", ENGLISH),
        ([UKRAINIAN, UKRAINIAN, RUSSIAN], "ru", RUSSIAN),
        ([GERMAN, UKRAINIAN], "ru", UKRAINIAN),
        ([GERMAN, UKRAINIAN], "en", GERMAN),
        ([SPANISH, GERMAN, UKRAINIAN, "Autos fahren nun über die Autobahn und nicht mehr hier."], "en", GERMAN),
        ([SPANISH, SPANISH, UKRAINIAN], None, SPANISH),
        ([f"{RUSSIAN}\n\n{ENGLISH}"], "en", ENGLISH),
        ([CHINESE, CHINESE.replace("周一", "周二"), GERMAN], "en", GERMAN),
        ([CHINESE, ENGLISH], "en", ENGLISH),
        ([SERBIAN, ENGLISH], "en", ENGLISH),
    ],
    ids=[
        *("English", "Russian", "Cyrillic", "Latin", "that of most", "no reader's", "both in one post"),
        *("Latin, beside other letters with a Latin name", "English, beside such", "English, beside Latin Serbian"),
    ],
)
def test_sentences_are_in_one_language_the_readers_or_one_in_its_letters(
    posts: list[str], language: str | None, told: str
) -> None:
    assert summarize(posts, language=language, sentences=1)[0].text == told
    everything = {each.text for each in summarize(posts, language=language, sentences=3)}
    assert {GERMAN, SPANISH, UKRAINIAN, ENGLISH, RUSSIAN, CHINESE, SERBIAN} & everything == {told}


def test_where_no_sentence_in_the_readers_language_stands_alone_those_of_another_one_are_told() -> None:
    posts = ["What do you say to this bridge of ours?", UKRAINIAN, GERMAN, SPANISH, UKRAINIAN.replace("осені", "зими")]
    assert [each.text for each in summarize(posts, language="en", sentences=3)] == [GERMAN]
    assert [each.text for each in summarize(posts[:1], language="en")] == posts[:1]


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


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Leaders of the G20 met in Harwick on Monday.", "G20"),
        ("A fire began in a freezer of the model FF175BP, police say.", "FF175BP"),
        ("Завод купил сорок 3D-принтеров за год.", ""),
        ("Мастер И\N{COMBINING ACUTE ACCENT}нгвар открыл школу кружева в Заречье.", "И\N{COMBINING ACUTE ACCENT}нгвар"),
    ],
)
def test_a_name_with_a_figure_or_an_accent_in_it_is_one_and_its_own_post_bears_it_out(sentence: str, name: str) -> None:
    assert (name in names(sentence)) is bool(name)
    assert [each.text for each in summarize([sentence])] == [sentence]
    assert not name or not bears_out(sentence, sentence.replace(name, "Vestria"))


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


@pytest.mark.parametrize("language", ["ru", "RU", "ru-RU", "ru_RU"])
def test_a_language_of_a_line_may_name_its_country(language: str) -> None:
    asked = {"id": 1, "texts": BRIDGE + MOST, "language": language}
    assert json.loads(summarize_line(json.dumps(asked)))["summary"].startswith("Старый мост")
