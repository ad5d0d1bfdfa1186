"""Why a story stands where it does, in words."""

import pytest

from digest.rank import Reason, ReasonKind
from digest.reasons import each_in_words, in_words


def test_reasons_are_told_in_the_readers_language_weightiest_first() -> None:
    reasons = [
        Reason(kind=ReasonKind.SPEED, value=12.0, points=0.5),
        Reason(kind=ReasonKind.BREADTH, value=4, points=2.0),
        Reason(kind=ReasonKind.ATTENTION, value=2.46, points=0.4),
        Reason(kind=ReasonKind.FRESHNESS, value=1.0, points=0.9),
        Reason(kind=ReasonKind.TOPIC, value=0, points=0.0),
    ]
    assert in_words(reasons, "en") == (
        "4 independent channels",
        "a second channel after 12 minutes",
        "read 2.5 times as much as usual there",
    )
    assert in_words(reasons, "ru")[0] == "4 независимых канала"


def test_nothing_is_read_one_time_as_much_as_usual() -> None:
    little = [Reason(kind=ReasonKind.ATTENTION, value=1.04, points=0.1)]
    assert each_in_words(little, "en") == ("+0.10 read a little more than usual there",)
    assert each_in_words(little, "ru") == ("+0.10 читают чуть больше обычного",)


def test_the_lists_that_a_story_is_from_are_told() -> None:
    both = Reason(kind=ReasonKind.LISTS, value=2, points=1.0, words=("Politics", "City"))
    one = Reason(kind=ReasonKind.LISTS, value=1, points=0.5, words=("Политика",))
    assert in_words([both], "en") == ("from your lists Politics, City",)
    assert in_words([one], "ru") == ("из вашего списка Политика",)
    divided = Reason(kind=ReasonKind.LISTS, value=2, points=1.0, words=("Мир", "Всё, что есть"))
    assert in_words([divided], "ru") == ("из ваших списков Мир, «Всё, что есть»",)


def test_of_many_lists_and_words_some_are_named() -> None:
    fifty = tuple(f"{'w' * 100} {number}" for number in range(50))
    for kind in (ReasonKind.LISTS, ReasonKind.KEYWORD):
        (told,) = in_words([Reason(kind=kind, value=50, points=1.0, words=fifty)], "en")
        assert told.endswith(", ".join(fifty[:5]))


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "one channel came back to it: 4 posts"), ("ru", "один канал возвращался к этому: 4 поста")],
)
def test_that_one_channel_came_back_to_a_story_is_told_from_three_posts_on(language: str, told: str) -> None:
    assert in_words([Reason(kind=ReasonKind.FOLLOWED, value=4, points=1.0)], language) == (told,)
    assert in_words([Reason(kind=ReasonKind.FOLLOWED, value=2, points=0.7)], language) == in_words([], language)


@pytest.mark.parametrize(("language", "told"), [("en", "there was room for it"), ("ru", "для этого осталось место")])
def test_a_story_for_which_nothing_speaks_is_there_as_there_was_room(language: str, told: str) -> None:
    a_second_channel_hours_later = Reason(kind=ReasonKind.SPEED, value=556, points=0.1)
    assert in_words([a_second_channel_hours_later], language) == (told,)


@pytest.mark.parametrize(
    ("language", "hours", "told"),
    [
        ("en", 0.4, "posted less than an hour before the digest"),
        ("en", 1.2, "posted 1 hour before the digest"),
        ("ru", 0.4, "опубликовано меньше чем за час до дайджеста"),
        ("ru", 3.0, "опубликовано за 3 часа до дайджеста"),
    ],
)
def test_of_a_story_for_which_nothing_else_speaks_it_is_told_how_fresh_it_is(
    language: str, hours: float, told: str
) -> None:
    fresh = Reason(kind=ReasonKind.FRESHNESS, value=hours, points=0.9)
    assert in_words([fresh], language) == (told, *in_words([], language))
    wide = Reason(kind=ReasonKind.BREADTH, value=4, points=2.0)
    assert len(in_words([fresh, wide], language)) == 1
    lower = Reason(kind=ReasonKind.TOPIC, value=1, points=-0.2)  # what speaks against it does not say why it is there
    assert in_words([fresh, lower], language)[:-1] == in_words([fresh], language)


@pytest.mark.parametrize(("times", "words"), [(1.9, "в 1,9 раза"), (2.0, "в 2 раза"), (5.0, "в 5 раз")])
def test_times_have_their_russian_form(times: float, words: str) -> None:
    [told] = in_words([Reason(kind=ReasonKind.ATTENTION, value=times, points=1.0)], "ru")
    assert told == f"читают {words} больше обычного"
