"""From the posts of one story to what is told of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.model import UNKNOWN, FactCheck, Post, PostId, StoryId
from digest.model import CitedSentence
from digest.summaries.last_word import as_it_stands
from digest.summaries.summarize import summarize
from digest.summaries.written import Written, WrittenSentence
from digest.telling import RankedStory, Views, view_story
from tests.digest.ranked import BRIDGE, NOON, TEXTS, post, the_first


def test_a_story_is_told_with_its_sources_and_who_was_first() -> None:
    view = view_story(BRIDGE, "en", summarize, sentences=3)
    assert view is not None
    assert view.title == "A barge hit the old bridge in Harwick"
    assert view.summary[0] == CitedSentence(text="A barge hit the old bridge in Harwick.", sources=(0, 1, 2))
    assert view.first.channel_title == "Channel 1"
    assert view.opening == (view.title, ".")
    assert (view.score, view.why, view.update) == (5.0, ("3 channels",), False)


def test_where_sources_differ_in_numbers_both_are_quoted() -> None:
    view = view_story(BRIDGE, "en", summarize, sentences=2)
    assert view is not None
    (difference,) = view.differences
    assert (difference.one.text[-25:], difference.one.sources) == ("take 3 weeks, the town says."[-25:], (1,))
    assert (difference.other.text[-25:], difference.other.sources) == ("take 5 weeks, the town says."[-25:], (2,))


def test_a_copy_is_marked_and_counted_as_a_source() -> None:
    story = replace(BRIDGE, posts=(*BRIDGE.posts, post(9, TEXTS[1])))
    view = view_story(story, "en", summarize, sentences=1)
    assert view is not None
    assert [each.copy for each in view.posts] == [False, False, False, True]
    assert 3 in view.summary[0].sources


def test_who_was_first_goes_by_the_time_and_a_channel_without_a_title_by_its_name() -> None:
    early = replace(
        post(9, TEXTS[0], channel="alpha"), date=NOON - timedelta(hours=2), channel_title="", language=UNKNOWN
    )
    view = view_story(replace(BRIDGE, posts=(*BRIDGE.posts, early)), "en", summarize, sentences=3)
    assert view is not None
    assert (view.first.channel, view.first.channel_title, view.first.language) == ("alpha", "alpha", "")
    assert view.posts[1].language == "en"


def test_what_fact_checkers_say_is_told_of_two_posts_at_most_and_of_those_that_are_cited_first() -> None:
    said = ("", "Not so.", "Nor this.", "Nor that.")
    posts = [replace(each, fact_check=FactCheck(text=text)) for each, text in zip(BRIDGE.posts, said, strict=False)]
    last = replace(post(9, TEXTS[2], channel="last"), fact_check=FactCheck(text=said[3], country="DE"))
    view = view_story(replace(BRIDGE, posts=(*posts, last)), "en", third, sentences=1)
    assert view is not None
    assert [(note.text, note.country, note.sources) for note in view.notes] == [
        ("Nor this.", "", (2,)),
        ("Not so.", "", (1,)),
    ]


def third(texts: Sequence[str], *_: Any, **__: Any) -> tuple[CitedSentence, ...]:
    """Sums up by the first sentence of the third text."""
    return (CitedSentence(text=texts[2].partition(". ")[0] + ".", sources=(2,)),)


def test_the_posts_of_a_story_are_those_that_are_of_no_joined_one() -> None:
    own, other = post(1, TEXTS[0]), post(2, TEXTS[1], story=2)
    assert RankedStory(id=StoryId(1), posts=(own, other), joined=(StoryId(2),)).own == (own,)


def test_a_story_is_put_into_words_once_and_anew_where_something_of_it_is_otherwise() -> None:
    views = Views("en")
    view = views.of(BRIDGE, 3)
    assert view is not None
    edited = replace(BRIDGE.posts[0], body="The new bridge in Harwick was opened.", edits=1)
    known = replace(BRIDGE, id=StoryId(8), score=1.0, why=("other",), update=True)
    again = views.of(known, 3)
    assert again == replace(view, id=known.id, score=1.0, why=("other",), update=True)
    for story, sentences in (
        (replace(BRIDGE, posts=(edited, *BRIDGE.posts[1:])), 3),
        (BRIDGE, 1),
        (replace(BRIDGE, since=NOON), 3),
        (replace(BRIDGE, wanted=("repairs",)), 3),
    ):
        assert views.of(story, sentences) == view_story(story, "en", summarize, sentences=sentences)


def test_a_story_that_we_fail_to_put_into_words_leaves_the_others_told(caplog: pytest.LogCaptureFixture) -> None:
    def fails(texts: Sequence[str], *rest: Any, **more: Any) -> tuple[CitedSentence, ...]:
        if "Harwick" not in texts[0]:
            raise StopIteration
        return summarize(texts, *rest, **more)

    views = Views("en", fails)
    other = RankedStory(id=StoryId(2), posts=(post(7, "Rain fell on the northern hills all night.", 2),))
    assert [bool(views.of(story, 3)) for story in (other, BRIDGE, other)] == [False, True, False]
    assert [each.getMessage() for each in caplog.records] == ["story 2 cannot be put into words"]


def lie(*_: Any, **__: Any) -> tuple[CitedSentence, ...]:
    """A summarizer that makes up a number and a source."""
    return (
        CitedSentence(text="A barge hit the bridge 77 times.", sources=(0,)),
        CitedSentence(text="A barge hit the bridge.", sources=()),
        CitedSentence(text="A barge hit the old bridge in Harwick.", sources=(1,)),
    )


def test_a_sentence_that_its_source_does_not_bear_out_is_dropped() -> None:
    view = view_story(BRIDGE, "en", lie, sentences=3)
    assert view is not None
    assert [sentence.text for sentence in view.summary] == ["A barge hit the old bridge in Harwick."]


def test_a_word_that_the_reader_asked_for_stands_in_a_sentence_that_is_told() -> None:
    text = f"{TEXTS[0]} Why so? Ferries carry 200 people an hour to the other bank. The ferry costs 2 euros."
    posts = (post(1, TEXTS[2]), post(2, text))
    views = Views("en")

    def told(*wanted: str) -> list[tuple[str, tuple[int, ...]]]:
        view = views.of(RankedStory(id=StoryId(1), posts=posts, wanted=wanted), 1)
        return [(each.text, each.sources) for each in view.summary] if view else []

    assert len(told()) == len(told("barge")) == len(told("submarine")) == 1
    ferry = ("Ferries carry 200 people an hour to the other bank.", (1,))
    assert told("barges", "ferry", "euros") == [*told(), ferry]
    assert told("so") == told()  # in a question, which nobody can check


def test_a_story_that_went_on_ends_with_its_last_word() -> None:
    early = [
        replace(
            post(n, f"The storm has reached the coast of Vessland, says pilot {n}."), date=NOON - timedelta(hours=4)
        )
        for n in (1, 2)
    ]
    late = replace(post(3, "Half of the homes in the west have power again, the grid says."), date=NOON)
    soon = replace(late, date=early[-1].date + timedelta(minutes=10))
    again = replace(post(3, "Pilots say that the storm has reached the coast."), date=NOON)
    assert told_sources(*early, late) == [(0,), (2,)]
    assert told_sources(*early, soon) == [(0,)]
    assert told_sources(*early, again) == [(0,)]


def test_a_last_word_that_means_what_is_told_is_left_out() -> None:
    early = replace(post(1, "A house burnt in Aldermouth, two children are in hospital."), date=NOON)
    again = replace(post(2, "Kids treated by doctors after a fire at an Aldermouth home."), date=NOON)
    later = replace(post(2, "Kids treated by doctors after a fire at an Aldermouth home are back at school now."))
    hours = timedelta(hours=4)
    assert told_sources(early, replace(again, date=NOON + hours)) == [(0,)]
    assert told_sources(early, replace(later, date=NOON + 2 * hours)) == [(0,), (1,)]


def told_sources(*posts: Post) -> list[tuple[int, ...]]:
    view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", the_first, sentences=3)
    assert view is not None
    return [sentence.sources for sentence in view.summary]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "The bridge to the isle of Sanna is closed to lorries until Thursday evening.",
                "At least four people have died in Vessland as Storm Odile moves inland.",
                "Storm Odile: nine dead, power back in half of the homes. Schools open on Thursday, the mayor says.",
                "Storm Odile: nine dead, power back in half of the homes.",
            ),
        ),
        (
            "ru",
            (
                "Мост на остров Саннё закрыли для грузовиков до вечера четверга.",
                "Шесть человек погибли в Вессланде из-за шторма «Одиль».",
                "Число погибших из-за шторма «Одиль» в Вессланде выросло до девяти. Школы откроют в четверг.",
                "Число погибших из-за шторма «Одиль» в Вессланде выросло до девяти.",
            ),
        ),
    ],
)
def test_a_headline_tells_how_a_story_stands_and_what_is_no_longer_so_is_not_told(
    language: str, texts: Sequence[str]
) -> None:
    posts = [
        replace(post(n, text), language=language, date=NOON + timedelta(hours=n)) for n, text in enumerate(texts, 1)
    ]
    early, late = (
        view_story(RankedStory(id=StoryId(1), posts=tuple(some)), language, summarize, sentences=3)
        for some in (posts[:2], posts)
    )
    assert early is not None
    assert late is not None
    said = texts[3].removesuffix(".")
    assert texts[1] in {sentence.text for sentence in early.told}
    assert (late.title, late.told[0].sources) == (said, (2, 3))
    assert not any(each in sentence.text for sentence in late.told for each in (texts[1], "four", "Шесть"))


def test_headline_and_summary_are_in_one_language_where_no_post_is_in_the_readers() -> None:
    spanish = (
        "Un temporal dejó a doce mil hogares sin luz en la costa de Lissmar. Las escuelas siguen cerradas hoy.",
        "Doce mil hogares de la costa de Lissmar siguen sin luz por el temporal, según la compañía eléctrica.",
        "El temporal de anoche en la costa de Lissmar obligó a cerrar el puerto y las escuelas de la ciudad.",
    )
    german = ("Ein Sturm an der Küste von Lissmar hat in der Nacht zwölftausend Haushalten den Strom genommen.",) * 4
    posts = tuple(
        replace(post(n, text), language=language, date=NOON + timedelta(minutes=n))
        for n, (text, language) in enumerate([*((each, "es") for each in spanish), *((each, "de") for each in german)])
    )
    view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", summarize, sentences=2)
    assert view is not None
    assert {view.posts[source].language for sentence in view.told for source in sentence.sources} == {"es"}


@pytest.mark.parametrize("hours", [1, 20])
def test_what_goes_on_no_longer_is_not_told_below_its_end(hours: int) -> None:
    texts = (
        (
            "Payments through Paylark have been failing for an hour in five countries. "
            "The company, which serves 31 million people, blames maintenance work on a database."
        ),
        "Paylark is working again after an outage of three hours and ten minutes.",
    )
    posts = tuple(replace(post(n, text), date=NOON + timedelta(hours=n * hours)) for n, text in enumerate(texts))
    view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", summarize, sentences=3)
    assert view is not None
    assert [sentence.text for sentence in view.summary] == [texts[1], texts[0].partition(". ")[2]]


def test_that_a_state_is_over_is_borne_out_by_those_who_say_so() -> None:
    texts = (
        "A warehouse is on fire on Salt Quay in Eastport. Twelve fire engines are there.",
        "A large fire on Salt Quay in Eastport is burning, and twelve crews are at work.",
        "The fire on Salt Quay in Eastport is out. Two firefighters were treated for smoke.",
        "The owner is insured. The fire on Salt Quay in Eastport was put out before five.",
    )
    posts = tuple(replace(post(n, text), date=NOON + timedelta(hours=3 * n)) for n, text in enumerate(texts, 1))
    view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", summarize, sentences=3)
    assert view is not None
    assert (view.title, view.title_sources) == ("The fire on Salt Quay in Eastport is out", (2, 3))
    assert not any("engines" in sentence.text for sentence in view.summary)


def test_a_toll_that_has_grown_is_the_headline_whether_the_smaller_one_was_told_or_not() -> None:
    texts = (
        "Storm Odile hits the west coast of Vessland with gusts of 41 metres a second.",
        "Four people have died in Vessland.",
        "Storm Odile: nine dead, power back in half of the homes.",
    )
    posts = tuple(replace(post(n, text), date=NOON + timedelta(hours=n)) for n, text in enumerate(texts, 1))
    view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", the_first, sentences=2)
    assert view is not None
    assert [(each.text, each.sources) for each in view.told] == [(texts[2], (2,))]
    assert view.title == texts[2].removesuffix(".")


def test_how_many_died_is_the_headline_where_another_one_tells_of_no_dead_and_what_was_it_follows() -> None:
    early = "Police in Eastport close Salt Bridge after reports of an attack."
    deaths = "Six people killed after the attack on Salt Bridge, police say."
    arrest = "A student of 23 is arrested in Eastport after the attack, and his flat on Mill Lane is searched."
    named = "Anna Holt, who taught music at a school in Harwick, is the first victim to be named."
    texts = (early, deaths, arrest, named)
    posts = [replace(post(n, text), date=NOON + timedelta(hours=n)) for n, text in enumerate(texts)]
    said = [CitedSentence(text=text, sources=(place,)) for place, text in enumerate(texts)]
    title, summary = as_it_stands(said[2], (said[2], said[0]), posts, range(4), lambda places: said[places[-1] :])
    assert title.text == deaths.removesuffix(".")
    assert summary == (said[1], said[2])


@pytest.mark.parametrize(
    ("headline", "later"),
    [
        ("The crew of the deadly ferry fire in Eastport is named.", "Nine were killed by the ferry fire in Eastport."),
        (
            "A man is arrested after the ferry fire in Eastport.",
            "The ferry fire in Eastport that killed nine was laid.",
        ),
    ],
    ids=["the headline tells of dead", "who died is told by the way"],
)
def test_how_many_died_is_else_no_headline(headline: str, later: str) -> None:
    posts = [replace(post(n, text), date=NOON + timedelta(hours=n)) for n, text in enumerate((headline, later))]
    view = view_story(RankedStory(id=StoryId(1), posts=tuple(posts)), "en", summarize, sentences=3)
    assert view is not None
    assert view.title == headline.removesuffix(".")


@pytest.mark.parametrize(("hours", "kept"), [(5, True), (20, False)])
def test_how_it_began_is_not_told_half_a_day_later_below_what_it_came_to(hours: int, kept: bool) -> None:
    begun = "Storm Odile hits the west coast of Vessland with gusts of 41 metres a second."
    texts = (begun, "Four people have died in Storm Odile.", "Storm Odile: nine dead, power back in half of the homes.")
    dates = (NOON, NOON + timedelta(hours=hours - 3), NOON + timedelta(hours=hours))
    posts = [replace(post(n, text), date=date) for n, (text, date) in enumerate(zip(texts, dates, strict=True), 1)]
    posts.append(replace(post(4, begun), date=NOON))
    view = view_story(RankedStory(id=StoryId(1), posts=tuple(posts)), "en", summarize, sentences=3)
    assert view is not None
    assert view.title == texts[2].removesuffix(".")
    assert (begun in {sentence.text for sentence in view.summary}) is kept


@pytest.mark.parametrize("hours", [1, 20])
def test_what_does_not_say_of_what_it_speaks_is_no_headline(hours: int) -> None:
    mill = "The old mill of Harwick has burned down. Four people have died in the fire at the mill, the mayor says."
    early = replace(post(1, mill), date=NOON)
    late = replace(post(2, "Rescuers confirm: nine dead by the evening."), date=NOON + timedelta(hours=hours))
    view = view_story(RankedStory(id=StoryId(1), posts=(early, late)), "en", summarize, sentences=3)
    assert view is not None
    assert [sentence.text for sentence in view.summary] == [mill.partition(".")[0] + ".", late.text]
    assert view.title == "The old mill of Harwick has burned down"


def test_a_headline_that_came_later_stands_and_only_what_it_has_overtaken_goes() -> None:
    rates = [
        (1, "The dollar is at 105 roubles, the exchange says."),
        (6, "The dollar is at 108 roubles, the exchange says."),
    ]
    rates += [(7, "A dollar costs 113 in Kora, a euro 119.")] * 3
    posts = tuple(replace(post(n, text), date=NOON + timedelta(hours=hour)) for n, (hour, text) in enumerate(rates, 1))
    view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", the_first, sentences=3)
    assert view is not None
    assert view.title == "A dollar costs 113 in Kora, a euro 119"


def test_a_headline_is_not_said_again_by_the_last_sentence_below_it() -> None:
    early = replace(post(1, "Payments through Paylark have been failing in five countries."), date=NOON)
    late = [
        replace(post(n, "Paylark is working again after three hours."), date=NOON + timedelta(hours=3)) for n in (2, 3)
    ]
    view = view_story(RankedStory(id=StoryId(1), posts=(early, *late)), "en", the_first, sentences=3)
    assert view is not None
    assert [sentence.text for sentence in view.told] == ["Paylark is working again after three hours", early.text]


def test_what_a_joined_story_says_is_told_below_unless_it_is_said_or_overtaken() -> None:
    texts = ("The dollar is at 113 roubles in Kora.", "A euro is at 119 roubles in Kora, traders say.")
    own = [replace(post(n, texts[0]), date=NOON) for n in (1, 2)]
    for lesser, told in (
        (texts[1], [texts[0], texts[1]]),
        ("In Kora the dollar is at 113 roubles, traders say.", [texts[0]]),
        ("Traders watched as the dollar rose above 108 roubles.", [texts[0]]),
    ):
        story = RankedStory(id=StoryId(1), posts=(*own, post(3, lesser, story=2)), joined=(StoryId(2),))
        view = view_story(story, "en", the_first, sentences=2)
        assert view is not None
        assert [sentence.text for sentence in view.summary] == told
        assert len(view.posts) == 3


def test_each_joined_story_has_a_sentence_of_its_own() -> None:
    said = ("The dollar is at 113 roubles in Kora.", "A storm closed the port of Ister.", "Hallin elects a mayor.")
    posts = tuple(post(n, text, story=n) for n, text in enumerate(said, 1))
    story = RankedStory(id=StoryId(1), posts=posts, joined=(StoryId(2), StoryId(3)))
    view = view_story(story, "en", the_first, sentences=1)
    assert view is not None
    assert [(sentence.text, sentence.sources) for sentence in view.summary] == [(said[n], (n,)) for n in range(3)]


def test_a_story_is_told_by_posts_in_the_readers_language_and_where_there_are_none_by_all() -> None:
    russian, english = "В Коре открыли новый мост через реку.", "A new bridge over the river was opened in Kora."
    posts = (
        replace(post(1, russian), language="ru", date=NOON - timedelta(minutes=2)),
        replace(post(2, english), language="en", date=NOON - timedelta(minutes=1)),
    )
    for language, told in (("ru", russian), ("en", english), ("de", russian)):
        view = view_story(RankedStory(id=StoryId(1), posts=posts), language, the_first, sentences=1)
        assert view is not None
        assert [sentence.text for sentence in view.summary] == [told]


def test_of_a_models_words_as_many_are_told_as_there_is_room_for_and_none_where_a_post_has_left_the_story() -> None:
    posts = tuple(post(n, text) for n, text in enumerate(TEXTS, 1))
    said = [WrittenSentence(text=f"{each.body.partition('. ')[0]}, it is said.", posts=(each.id,)) for each in posts]
    story = RankedStory(id=StoryId(1), posts=posts, written=Written(title=None, sentences=tuple(said)))
    told = view_story(story, "en", summarize, sentences=2)
    assert told is not None
    assert [sentence.text for sentence in told.summary] == [each.text for each in said[:2]]
    gone = replace(said[0], posts=(PostId(99),))
    left = replace(story, written=Written(title=None, sentences=(gone, said[1])))
    assert view_story(left, "en", the_first, sentences=2) is not None


def test_a_story_that_began_before_the_window_is_told_by_what_came_in_it() -> None:
    old = [post(n, f"Grain ships wait off Eastport for a third day, says pilot {n}.") for n in (1, 2, 3)]
    new = [
        replace(post(n, f"The first grain ships entered Eastport today, pilot {n} says."), date=NOON) for n in (4, 5)
    ]
    story = RankedStory(id=StoryId(1), posts=(*old, *new), since=NOON - timedelta(minutes=30))
    told = view_story(story, "en", summarize, sentences=3)
    one = view_story(replace(story, posts=(*old, new[0])), "en", summarize, sentences=1)
    assert told is not None
    assert one is not None
    assert told.title.startswith("The first grain ships entered Eastport")
    assert {place for each in told.summary for place in each.sources} <= {3, 4}
    assert told.first.channel == "channel_1"
    assert one.title.startswith("Grain ships wait")


def test_what_was_denied_or_counted_otherwise_before_the_window_is_no_voice_in_it() -> None:
    old = [
        post(1, "The town denied that the old bridge in Harwick is closed, Reuters reports."),
        post(2, "Old bridge in Harwick hit by a barge. Repairs of the bridge will take 5 weeks, the town says."),
        post(3, "A barge hit the old bridge in Harwick. Repairs of the bridge will take 3 weeks, the town says."),
    ]
    new = [
        post(31, "The old bridge in Harwick opens again on Monday, the mayor says."),
        post(32, "Harwick opens its old bridge again on Monday. Cyclists may use it tonight."),
    ]
    story = RankedStory(id=StoryId(1), posts=(*old, *new), since=NOON - timedelta(minutes=30))
    whole, fresh = (view_story(each, "en", summarize, sentences=2) for each in (replace(story, since=None), story))
    assert whole is not None
    assert (len(whole.differences), len(whole.denials), len(whole.credits)) == (1, 1, 1)
    assert fresh is not None
    assert (fresh.differences, fresh.denials, fresh.credits) == ((), (), ())
