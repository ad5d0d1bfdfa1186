"""Without a model, posts in two alphabets join where they share words, and names or a number."""

import math
import random
from array import array
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words import stem
from digest.stories.foreign import MOST_NEAR, Foreign, Key, Side
from digest.stories.lines import group
from digest.stories.postings import shared_weights
from digest.stories.posts import StoryPost
from digest.stories.weighing import Weighing
from digest.stories.word_weights import WHOLE
from digest.text.meanings import senses
from digest.text.sounds import consonants
from tests.posts import MORNING

VOTE = [
    "Orlenia's parliament elects Henrike Vahl prime minister: 76 of 150 votes",
    "Henrike Vahl won 76 of 150 votes in Orlenia and will form the government this week",
    "Парламент Орлении избрал премьером Хенрике Валь: за неё 76 из 150 депутатов",
    "Хенрике Валь возглавит правительство Орлении, её поддержали 76 из 150 депутатов",
]


def stories(*texts: str, seed: int = 0) -> set[frozenset[int]]:
    """What becomes of posts of one hour that come in any order: their places, by story."""
    posts = [StoryPost(id=place, channel=f"c{place}", date=MORNING, text=text) for place, text in enumerate(texts)]
    random.Random(seed).shuffle(posts)
    placed = group(posts)
    by_story: dict[object, set[int]] = {}
    for post, placement in zip(posts, placed, strict=True):
        by_story.setdefault(placement.story, set()).add(int(str(post.id)))
    return {frozenset(places) for places in by_story.values()}


@pytest.mark.parametrize("seed", range(4))
def test_posts_in_two_alphabets_that_share_names_and_numbers_are_one_story(seed: int) -> None:
    assert stories(*VOTE, seed=seed) == {frozenset(range(4))}
    assert stories(VOTE[0], VOTE[2], seed=seed) == {frozenset({0, 1})}


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        (
            "Fire destroyed two floors of a hotel in Osterby, three guests are in hospital",
            "В Остербю горела гостиница: огонь уничтожил этажи, постояльцы в больнице",
        ),
        (
            "A ferry with 76 passengers lost power last night and was towed to the harbour by noon",
            "Паром, на борту которого 76 пассажиров, ночью потерял ход и доставлен в порт",
        ),
        ("Henrike Vahl spoke to the parliament of Orlenia", "Хенрике Валь выступила в парламенте Орлении"),
    ],
    ids=["words and a name", "words and a number", "words and names"],
)
def test_words_with_a_name_or_a_number_join(english: str, russian: str) -> None:
    assert stories(english, russian) == {frozenset({0, 1})}


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        (
            "Fire destroyed two floors of a hotel, three guests are in hospital",
            "Горела гостиница: огонь уничтожил этажи, постояльцы в больнице",
        ),
        (
            "A ferry with 76 people on board lost power in the strait last night and was towed to the harbour by noon",
            "В школьной столовой отравились 76 детей, врачи ищут причину, кухня закрыта до конца проверки",
        ),
        ("Henrike Vahl of Orlenia keeps bees and paints", "Хенрике Валь из Орлении не любит опаздывать на поезд"),
        (VOTE[0], "Хенрике Валь в Орлении пообещала 9 новых школ и 31 больницу"),
    ],
    ids=["words alone", "a number alone", "names alone", "names and other numbers"],
)
def test_one_kind_of_things_in_common_joins_nothing(english: str, russian: str) -> None:
    assert stories(english, russian) == {frozenset({0}), frozenset({1})}


def test_a_round_up_is_not_the_event_that_it_names() -> None:
    towns = "Альмера Бонгард Висмут Гестель Дорнах Жерарда Зандам Кольмар Лонгви Мюнстер Нантер Ольденбург".split()
    others = "; ".join(f"в городе {town} открыли {number * 7 + 301} мест" for number, town in enumerate(towns))
    assert stories(VOTE[0], f"Главное за день. {VOTE[2]}; {others}") == {frozenset({0}), frozenset({1})}


FOREIGN = Foreign()
SENSES = array("h", [3, 400, 5, 300, 3, 100]).tobytes()
LATIN, CYRILLIC = (FOREIGN.of(cyrillic, ("vl", "hnrk", "arln"), (76, 150), b"", SENSES) for cyrillic in (False, True))


def test_within_one_alphabet_and_against_strong_words_nothing_is_added() -> None:
    assert FOREIGN.weigh(-4.0, LATIN, CYRILLIC) > 0
    assert FOREIGN.weigh(-4.0, LATIN, LATIN) == -4.0
    assert FOREIGN.weigh(20.0, LATIN, CYRILLIC) == 20.0
    assert FOREIGN.weigh(-4.0, LATIN, FOREIGN.whole(7)) == -4.0, "a story without posts"


def test_only_what_shares_a_name_or_a_number_in_the_other_alphabet_is_weighed_beyond_its_words() -> None:
    foreign = Foreign()
    foreign.join(foreign.of(False, ("vl",), (76,), b""), 1)
    asked = [(True, "other", 76), (True, "vl", 9), (True, "other", 9), (False, "vl", 76)]
    may = [foreign.may_add(1, foreign.of(cyrillic, (name,), (number,), b"")) for cyrillic, name, number in asked]
    assert may == [True, True, False, False]


def test_what_many_posts_have_says_less_beside_words() -> None:
    foreign = Foreign()
    for story in range(60):
        foreign.join(foreign.of(True, ("ptn",), (10,), b""), story)

    def odds(*asked: tuple[tuple[str, ...], tuple[int, ...]]) -> list[float]:
        sides = [[foreign.of(cyrillic, *each, b"", SENSES) for cyrillic in (False, True)] for each in asked]
        return [foreign.weigh(-9.0, *both) for both in sides]

    rare_name, common_name, rare_number, common_number = odds((("vl",), ()), (("ptn",), ()), ((), (76,)), ((), (10,)))
    assert rare_name > common_name > -9
    assert rare_number > common_number > -9


def test_looked_at_are_stories_in_the_other_alphabet_with_more_than_a_common_name() -> None:
    foreign, rare = Foreign(), ("hnrk", "arln")
    for story in range(60):
        foreign.join(foreign.of(True, ("ptn",), (), b""), story)
    for story, (cyrillic, names, numbers) in enumerate(
        [(True, rare, (7,)), (True, rare, (8,)), (True, ("ptn",), (7,)), (False, rare, (7,))], 100
    ):
        foreign.join(foreign.of(cyrillic, names, numbers, b""), story)
    assert foreign.near(foreign.of(False, ("ptn", *rare), (7,), b"")) == [100, 101, 102]
    assert foreign.near(foreign.of(False, ("ptn",), (), b"")) == []


def test_what_few_posts_of_a_story_say_finds_no_other() -> None:
    foreign, story = Foreign(), Side()
    foreign.join(foreign.of(True, ("hnrk",), (), b""), 1)
    story.add(foreign.of(False, ("hnrk",), (), b""))
    assert foreign.near(story) == [1]
    for _ in range(5):
        story.add(foreign.of(False, (), (), b""))
    assert foreign.near(story) == []


def test_few_stories_are_weighed_however_many_share_a_name() -> None:
    foreign = Foreign()
    for story in range(2 * MOST_NEAR):
        foreign.join(foreign.of(True, ("hnrk", "arln"), (), b""), story)
    assert foreign.near(foreign.of(False, ("hnrk", "arln"), (), b"")) == [*range(MOST_NEAR)]


def test_numbers_that_differ_speak_against_one_event() -> None:
    silent, other = (FOREIGN.of(True, ("vl", "hnrk", "arln"), numbers, b"", SENSES) for numbers in ((), (9, 31)))
    assert FOREIGN.weigh(-9.0, LATIN, silent) > FOREIGN.weigh(-9.0, LATIN, other) > -9.0


def test_more_than_two_rare_names_or_one_rare_number_counts_no_more() -> None:
    foreign = Foreign()
    for story in range(10_000):
        foreign.join(Side(1, 1), story)
    whole = array("h", [1, WHOLE]).tobytes()
    evidence = foreign.shared(*(foreign.of(cyrillic, "abcdef", range(6), b"", whole) for cyrillic in (False, True)))
    assert evidence is not None
    assert evidence.names == pytest.approx(math.sqrt(2))
    assert evidence.numbers == 1.0


def test_nothing_speaks_for_what_shares_neither_names_nor_numbers() -> None:
    assert (
        FOREIGN.shared(FOREIGN.of(False, ("vl",), (1,), b"", SENSES), FOREIGN.of(True, ("mn",), (2,), b"", SENSES))
        is None
    )


def test_a_post_is_read_by_the_list_of_meanings_but_for_its_names() -> None:
    def said(text: str) -> Mapping[Key, int]:
        weighing = Weighing(forgetful=True)
        post = StoryPost(id=1, channel="c", date=MORNING, text=text)
        member, _ = weighing.weigh(post, weighing.counted(post))
        return FOREIGN.of(False, (), (), b"", member.senses).words()

    english, russian = said("Divers look at the bridge of Osterby"), said("Водолазы смотрят на мост Остербю")
    assert english.keys() & russian.keys() >= {*senses(stem("diver")), *senses(stem("мост"))}
    assert said("They went over the long wooden Bridge at noon today").keys().isdisjoint(senses(stem("bridge")))
    assert [*said("telescope").values()] == [1000]
    assert {*said("strike").values()} == {round(1000 / math.sqrt(len(said("strike"))))} != {1000}, (
        "a blow, or a protest"
    )


def test_what_a_post_says_twice_counts_as_it_weighs_most_and_posts_add_up() -> None:
    one = FOREIGN.of(True, (), (), b"", SENSES)
    assert one.words() == {3: 400, 5: 300}
    both = Side()
    both.add(one)
    both.add(one)
    assert both.words() == {3: 800, 5: 600}
    both.add(one, -1)
    assert both.words() == one.words()


def test_what_the_fewest_have_is_looked_at_first_and_no_more_than_asked_for() -> None:
    one, few, many = (dict.fromkeys(range(size)) for size in (1, 3, 5))
    entries = [(5, 0.1, many), (1, 2.0, one), (3, 1.0, few)]
    assert shared_weights(entries, 100) == {0: 3.1, 1: 1.1, 2: 1.1, 3: 0.1, 4: 0.1}
    assert shared_weights(entries, 8) == {0: 3.0, 1: 1.0, 2: 1.0}
    assert shared_weights(entries, 100, {4: None}) == {4: 0.1}
    assert shared_weights([(5, 0.1, many)], 2) == dict.fromkeys(range(5), 0.1), "one list is looked at, however long"


def test_what_half_of_the_posts_say_counts_as_if_all_said_it() -> None:
    half, third = Side(), Side()
    for side, silent in ((half, 1), (third, 2)):
        side.add(CYRILLIC)
        for _ in range(silent):
            side.add(FOREIGN.of(True, (), (), b"", SENSES))
    whole = FOREIGN.shared(LATIN, CYRILLIC)
    of_half, of_third = FOREIGN.shared(LATIN, half), FOREIGN.shared(LATIN, third)
    assert whole is not None
    assert of_half is not None
    assert of_third is not None
    assert of_third.names < of_half.names == whole.names


_SIDES = st.tuples(
    st.booleans(),
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.integers(0, 5), unique=True),
    st.just(b""),
    st.sampled_from([b"", SENSES]),
)


@given(st.lists(st.tuples(_SIDES, st.integers(0, 3)), max_size=12), st.integers(0, 12))
def test_who_joined_and_left_leaves_no_trace(
    posts: list[tuple[tuple[bool, list[str], list[int], bytes, bytes], int]], stay: int
) -> None:
    """Posts that come and go leave the stories of those that stay as these alone make them."""
    alone, crowded = Foreign(), Foreign()
    for post, story in posts[:stay]:
        alone.join(alone.of(*post), story)
    for post, story in posts:
        crowded.join(crowded.of(*post), story)
    for post, story in posts[stay:]:
        crowded.leave(crowded.of(*post), story)
    for cyrillic in (False, True):
        other = alone.of(cyrillic, "abcdef", range(6), b"", SENSES)
        assert crowded.near(other) == alone.near(other)
        for story in range(4):
            assert crowded.weigh(-9.0, other, crowded.whole(story)) == alone.weigh(-9.0, other, alone.whole(story))


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Трамп", "Trump"),
        ("Путин", "Putin"),
        ("Зеленский", "Zelensky"),
        ("Нетаньяху", "Netanyahu"),
        ("Израиль", "Israel"),
        ("Вашингтон", "Washington"),
        ("Остербю", "Osterby"),
    ],
)
def test_a_name_sounds_alike_in_both_alphabets(russian: str, english: str) -> None:
    assert consonants(stem(russian)) == consonants(stem(english)) != ""


def test_what_is_short_or_no_name_has_no_sound() -> None:
    assert [consonants(name) for name in ("", "ли", "eu", "12", "米")] == [""] * 5
