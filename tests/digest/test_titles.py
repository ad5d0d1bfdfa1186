"""Under which headline a story is told, and which posts it names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.model import StoryId
from digest.model import CitedSentence
from digest.summaries.headline import opening
from digest.summaries.summarize import summarize
from digest.summaries.written import Written, WrittenSentence
from digest.telling import RankedStory, view_story
from tests.digest.ranked import NOON, TEXTS, post, the_first


def test_a_headline_that_tells_the_first_sentence_in_other_words_gives_way_to_it_unless_it_denies_it() -> None:
    first = "A freight plane fell on a house near Aldermouth."
    for central, title in (
        ("Freight plane crashes during landing at Aldermouth.", "A freight plane fell on a house near Aldermouth"),
        (
            "No freight plane crashes during landing at Aldermouth.",
            "No freight plane crashes during landing at Aldermouth",
        ),
    ):
        others = [replace(post(n, central), date=NOON + timedelta(minutes=n)) for n in (2, 3, 4)]
        view = view_story(RankedStory(id=StoryId(1), posts=(post(1, first), *others)), "en", the_first, sentences=1)
        assert view is not None
        assert view.title == title


def test_a_headline_that_means_what_the_first_sentence_does_gives_way_to_it_unless_that_only_names_the_cause() -> None:
    fire = "A fire broke out in an Aldermouth house at dawn."
    for first, title in (
        (fire, "A fire broke out in an Aldermouth house at dawn"),
        ("The cause of the fire in an Aldermouth house is known.", "An Aldermouth home is in flames"),
    ):
        others = [replace(post(n, "An Aldermouth home is in flames."), date=NOON) for n in (2, 3, 4)]
        story = RankedStory(id=StoryId(1), posts=(replace(post(1, first), date=NOON - timedelta(minutes=1)), *others))
        view = view_story(story, "en", the_first, sentences=1)
        assert view is not None
        assert view.title == title


def test_a_headline_that_says_more_than_the_first_sentence_or_was_cut_short_gives_way_to_it() -> None:
    longer = "The council of Harwick will let shops sell lamp oil on weekdays for two hours only, from noon to two"
    cut = (
        "The pardon of the former mayor of Harwick by the mayor of today for which the council had been asking in vain"
    )
    for central in (longer, f"{cut} since the end of March will have no force."):
        early = replace(post(1, "In Harwick shops will sell lamp oil for two hours only."), date=NOON)
        others = [replace(post(n, central), date=NOON + timedelta(minutes=n)) for n in (2, 3, 4)]
        view = view_story(RankedStory(id=StoryId(1), posts=(early, *others)), "en", the_first, sentences=1)
        assert view is not None
        assert view.title == "In Harwick shops will sell lamp oil for two hours only"


def test_a_headline_is_cut_in_no_quotation_and_a_rather_long_one_not_at_all() -> None:
    long = (
        "The old bridge in the middle of Harwick was closed by the council of the town until the end of the next spring"
    )
    assert opened(f"{long} or later") == f"{long} or later"
    turkish = (
        "Old hundred-dollar notes of the first issue are no longer taken in the exchange offices of the big Turkish"
    )
    assert opened(
        f"{turkish} capital by the order of a bank that has found forgeries among them again in November"
    ) == ("Old hundred-dollar notes of the first issue are no longer taken in the exchange offices…")
    almost = "The ministry advises all citizens of the country to put off journeys, those of tourists included"
    assert opened(f"{almost}, to the island") == f"{almost}, to the island"
    quoting = f"The mayor of Harwick calls the closing of its old bridge by the council of the town «{long}»"
    assert opened(quoting) == "The mayor of Harwick calls the closing of its old bridge by the council of the town…"


def opened(text: str) -> str:
    return opening([CitedSentence(text=text, sources=(0,))]).text


def test_a_headline_that_is_no_sentence_of_the_summary_names_the_posts_that_say_it() -> None:
    failed = "Paylark has failed in five countries"
    texts = ("Shops have gone back to cash.", f"{failed}.", f"{failed}!")
    story = RankedStory(id=StoryId(1), posts=tuple(post(n, text) for n, text in enumerate(texts, 1)))
    view = view_story(story, "en", the_first, sentences=1)
    assert view is not None
    assert (view.title, view.title_sources) == (failed, (1, 2))
    assert view.told[0] == CitedSentence(text=view.title, sources=(1, 2))
    assert view.told[1:] == view.summary


def further_on(texts: Sequence[str], *_: Any, **__: Any) -> tuple[CitedSentence, ...]:
    """What the last text says behind its first sentence."""
    return (CitedSentence(text=texts[-1].partition(". ")[2], sources=(len(texts) - 1,)),)


def test_a_story_told_by_what_stands_further_on_in_a_post_has_the_posts_own_headline() -> None:
    threat = "Ему грозит два года колонии за наезд на толпу людей."
    for lead, title in (
        ("Задержан автоблогер Алмаз Егоров", "Задержан автоблогер Алмаз Егоров"),
        ("За наезд на толпу людей грозит два года колонии", threat[:-1]),  # that is said already
        ("Новости автоблогеров к этому часу", threat[:-1]),
        ("Подкаст «Что это было вчера»", threat[:-1]),
        ("Вы долистали до автоблогеров", threat[:-1]),
        ("Читайте новости автоблогеров", threat[:-1]),
        ("Продолжаем следить за автоблогерами", threat[:-1]),
        ("Делимся новостями этого утра", threat[:-1]),
        ("Такого вы ещё не видели точно", threat[:-1]),
        ("Артем Егоров задержан в городе", "Артем Егоров задержан в городе"),
        ("Суд «Вас вызовут» перенёс дело", "Суд «Вас вызовут» перенёс дело"),
        ("Никите Егорову предъявлено обвинение", "Никите Егорову предъявлено обвинение"),
        ("Он задержан в городе вчера вечером", threat[:-1]),
        ("Задержан автоблогер", threat[:-1]),
    ):
        posts = (post(1, "Автоблогер наехал на людей у рынка."), post(2, f"{lead}. {threat}"))
        view = view_story(RankedStory(id=StoryId(1), posts=posts), "ru", further_on, sentences=2)
        assert view is not None
        assert (view.title, view.title_sources) == (title, (1,))
        assert [sentence.text for sentence in view.summary] == [threat]


def test_a_greeting_or_a_rubric_in_english_is_no_headline() -> None:
    threat = "The driver faces two years in prison for driving into a crowd."
    for lead in ("Good morning from Kora, dear readers", "The news at this hour", "5 things to know today"):
        posts = (post(1, "A car drove into people at the market."), post(2, f"{lead}. {threat}"))
        view = view_story(RankedStory(id=StoryId(1), posts=posts), "en", further_on, sentences=2)
        assert view is not None
        assert view.title == threat[:-1]


def test_a_models_headline_names_the_posts_that_bear_it_out() -> None:
    posts = tuple(post(n, text) for n, text in enumerate(TEXTS, 1))
    said = WrittenSentence(text="A barge hit the old bridge in Harwick.", posts=(posts[1].id,))
    written = Written(title="Repairs in Harwick take 5 weeks", sentences=(said,))
    view = view_story(RankedStory(id=StoryId(1), posts=posts, written=written), "en", summarize, sentences=1)
    assert view is not None
    assert (view.title, view.title_sources) == ("Repairs in Harwick take 5 weeks", (2,))


def test_a_models_headline_that_nothing_is_known_to_bear_out_is_not_told() -> None:
    posts = tuple(post(n, text) for n, text in enumerate(TEXTS, 1))
    said = WrittenSentence(text="Баржа врезалась в старый мост в Харвике.", posts=(posts[1].id,))
    story = RankedStory(id=StoryId(1), posts=posts, written=Written(title="Мост в Полье", sentences=(said,)))
    view = view_story(story, "ru", summarize, sentences=1)
    assert view is not None
    assert (view.title, view.title_sources) == ("Баржа врезалась в старый мост в Харвике", (1,))


def test_a_question_stands_above_an_answer_that_does_not_say_of_what_it_is() -> None:
    asked = "Могут ли паромщики Заречья возить зимой по ночам?"
    for answer, title in (
        ("Идею озвучила Анна Торопова из порта.", "Могут ли паромщики Заречья возить зимой по ночам?"),
        ("Паромщики Заречья зимой не ходят никогда.", "Паромщики Заречья зимой не ходят никогда"),
    ):
        story = RankedStory(id=StoryId(1), posts=(post(1, f"{asked} {answer}"),))
        view = view_story(story, "ru", summarize, sentences=2)
        assert view is not None
        assert view.title == title
