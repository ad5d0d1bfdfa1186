"""What a reader wants more and less of."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Keyword, Liking, StoryId, Taste
from core.words import stem
from digest.rank import PostFacts, ReasonKind, StoryFacts, Topics, Weighed, best_first, for_taste, in_order, weigh
from digest.reasons import in_words
from digest.taste import Concerned, Gist, about, liking, read_keywords, topic_stems, unwanted, wanted_words
from tests.moments import NOW

REACTOR = ["A nuclear reactor was started in Harwick.", "Harwick starts the second reactor of its nuclear plant."]
MATCH = ["Eastport won the football match.", "The footballers of Eastport won."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+nuclear -football", ["+nuclear", "-football"]),
        ("nuclear, — футбола; «чемпионат мира»", ["+nuclear", "-футбола", "+чемпионат мира"]),
        ('-"world cup"', ["-world cup"]),
        ('"bank of Alderland"', ["+bank of Alderland"]),
        ('"alpha beta gamma delta epsilon"', ["+alpha beta gamma delta"]),
        ("covid-19", ["+covid 19"]),
        ("the и + - \u202e", []),
        ("trams TRAM -tram", ["-tram"]),
        ("ИИ", ["+ИИ"]),
        ("<b>x</b>", ["+b x b"]),
        ("US, -WHO, +U.S. us who", ["+US", "-WHO"]),
        ("WHO", ["+WHO"]),
        ("US, WHO", ["+US", "+WHO"]),
        ("NOT ABOUT SPORT", ["+SPORT"]),
    ],
)
def test_words_are_read_with_their_signs(text: str, words: list[str]) -> None:
    assert [("+" if each.wanted else "-") + each.word for each in read_keywords(text)] == words


def test_what_is_written_without_end_is_not_read_to_its_end() -> None:
    assert read_keywords("; " * 1000 + "reactor") == ()


def test_whoever_wishes_for_hundreds_of_words_gets_fifty() -> None:
    read = read_keywords(" ".join(f"word{number}" for number in range(100)))
    assert [each.word for each in read] == [f"word{number}" for number in range(50)]


@given(st.text(max_size=3000))
def test_any_text_gives_words_that_a_database_takes(text: str) -> None:
    for each in read_keywords(text):
        assert each.key.split()
        assert len(each.word) <= 128
        assert "\x00" not in each.key + each.word


def taste(wanted: str = "", *likings: Liking) -> Taste:
    return Taste(keywords=read_keywords(wanted), likings=likings)


def gist(bodies: list[str]) -> Gist:
    return Gist(bodies=tuple(bodies))


def test_a_word_is_found_in_any_form() -> None:
    assert wanted_words(taste("+reactors +trams"), gist(REACTOR)) == ("reactors",)
    assert wanted_words(taste('"nuclear reactor"'), gist(REACTOR)) == ("nuclear reactor",)
    assert wanted_words(taste("-reactors"), gist(REACTOR)) == ()
    assert unwanted(taste("-footballs"), gist(MATCH))
    assert not unwanted(taste("-footballs"), gist(REACTOR))
    assert not unwanted(taste(), gist(MATCH))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("The US has moved its ships.", ("US",)),
        ("Tariffs of the U.S. are to rise.", ("US",)),
        ("They told us that it was over.", ()),
        ("WHO TOLD US?\nNobody has said it.", ()),
        ("AT&T is sold, and US-led talks begin.", ("US",)),
    ],
)
def test_a_name_in_capitals_is_no_small_word(body: str, found: tuple[str, ...]) -> None:
    assert wanted_words(taste("+US +IT"), gist([body])) == found
    assert unwanted(taste("-US"), gist([body])) == bool(found)


def test_a_story_that_mentions_an_unwanted_word_once_is_told() -> None:
    assert not unwanted(taste("-football"), gist([*REACTOR, MATCH[0]]))


def test_a_story_is_of_what_half_of_its_posts_say_and_has_what_a_third_of_them_do() -> None:
    assert unwanted(taste("-football"), gist([REACTOR[0], MATCH[0]]))
    assert wanted_words(taste("football"), gist([*REACTOR, MATCH[0]])) == ("football",)
    assert wanted_words(taste("football"), gist([*REACTOR, REACTOR[0], MATCH[0]])) == ()


def test_a_story_is_like_another_from_three_words_of_eight_on() -> None:
    def alike(common: int) -> float:
        terms = tuple((f"word{number}", f"word{number}") for number in range(8))
        press = Liking(story=StoryId(1), more=True, terms=terms, given_at=NOW)
        topic = frozenset(f"{'word' if number < common else 'other'}{number}" for number in range(8))
        return liking(taste("", press), topic, NOW)

    assert [alike(common) for common in (2, 3, 4)] == [0.0, 0.375, 0.5]
    few = Liking(story=StoryId(1), more=True, terms=(("tram", "tram"),), given_at=NOW)
    assert liking(taste("", few), frozenset({"tram", *"abcdefg"}), NOW) == 1.0  # all that it was about


@pytest.mark.parametrize(("before", "never", "wanted"), [(290, True, True), (310, False, True), (610, False, False)])
def test_what_is_unwanted_is_looked_for_at_the_beginning_and_what_is_wanted_also_further_on(
    before: int, never: bool, wanted: bool
) -> None:
    said = gist(["x" * (before - 1) + " trams"])
    assert unwanted(taste("-trams"), said) is never
    assert wanted_words(taste("+trams"), said) == (("trams",) if wanted else ())


def test_of_a_story_of_hundreds_of_posts_the_first_forty_say_what_it_is_about() -> None:
    said = gist([*MATCH * 20, *REACTOR * 100])
    assert unwanted(taste("-football"), said)
    assert wanted_words(taste("football reactor"), said) == ("football",)


def test_a_unit_a_sum_and_a_pronoun_are_nothing_that_a_story_is_about() -> None:
    wind = "В Заречье ветер до 27 м/с; летний причал, о котором есть данные, занесло на 5 млн."
    assert set(about([wind]).values()) == {"Заречье", "ветер", "причал", "занесло"}


def test_a_story_is_about_the_commonest_words_of_its_posts_and_of_equal_ones_always_the_same() -> None:
    trees = (
        "alder ash birch cedar cypress elm fir hazel juniper larch lime maple oak pine poplar rowan spruce willow yew"
    )
    assert topic_stems([trees]) == frozenset(map(stem, trees.split()[:8]))
    assert topic_stems([trees, "Willow, yew."]) == frozenset(map(stem, [*trees.split()[:6], "willow", "yew"]))
    assert list(about([trees, "Willow, yew.", "Yew."]).values()) == ["yew", "willow", *trees.split()[:6]]


def test_a_press_teaches_what_a_story_is_about_and_fades() -> None:
    terms = about(REACTOR)
    assert terms["harwick"] == "Harwick"
    press = Liking(story=StoryId(1), more=True, terms=tuple(terms.items()), given_at=NOW)
    same = topic_stems(REACTOR)
    now, later = (liking(taste("", press), same, NOW + timedelta(days=days)) for days in (0, 30))
    assert now == pytest.approx(2 * later)
    assert now > 0.8
    assert liking(taste("", press), topic_stems(MATCH), NOW) == 0
    less = Liking(story=StoryId(1), more=False, terms=press.terms, given_at=NOW)
    assert liking(taste("", less), same, NOW) == -now


WORDS = ("reactor", "football", "Harwick", "Eastport", "plant", "the", "won", "trams")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@given(
    st.dictionaries(st.integers(1, 5).map(StoryId), st.lists(TEXTS, min_size=1, max_size=3)),
    st.lists(st.sampled_from([f"{sign}{word}" for sign in "+-" for word in WORDS]), max_size=3).map(" ".join),
    st.lists(TEXTS, max_size=2),
)
def test_whoever_a_taste_concerns_is_looked_at(
    stories: dict[StoryId, list[str]], words: str, pressed: list[str]
) -> None:
    presses = [
        Liking(story=StoryId(9), more=True, terms=tuple(about([each]).items()), given_at=NOW) for each in pressed
    ]
    wish = taste(words, *presses)
    gists = {key: gist(bodies) for key, bodies in stories.items()}
    looked_at = Concerned(gists).by(wish)
    for key, each in gists.items():
        concerned = unwanted(wish, each) or wanted_words(wish, each) or liking(wish, each.topic, NOW)
        assert key in looked_at or not concerned


def test_wishes_move_stories_and_say_so() -> None:
    def story(key: StoryId, keywords: tuple[str, ...] = (), share: float = 0.0) -> Weighed:
        posts = [PostFacts(channel=each, date=NOW - timedelta(hours=1)) for each in ("a", "b")]
        return for_taste(weigh(StoryFacts(key=key, posts=posts), NOW, {}), keywords, share)

    less, plain, liked, word = map(StoryId, range(4))
    wished = in_order([story(less, share=-0.5), story(plain), story(liked, share=0.5), story(word, ("tram",))])
    ranked = list(best_first(wished, Topics(wished)))
    assert [each.key for each in ranked] == [word, liked, plain, less]
    why = {each.key: in_words(each.reasons, "en") for each in ranked}
    assert "your word: tram" in why[word]
    assert "like what you wanted more of" in why[liked]
    assert "lower, as you wanted less of this" in why[less]
    assert all(each.score == pytest.approx(sum(reason.points for reason in each.reasons)) for each in ranked)
    assert next(r.words for each in ranked for r in each.reasons if r.kind is ReasonKind.KEYWORD) == ("tram",)


def test_a_second_word_counts_half_as_much_as_the_first() -> None:
    def points(*words: str) -> float:
        weighed = weigh(StoryFacts(key=StoryId(1), posts=[PostFacts(channel="a", date=NOW)]), NOW, {})
        wished = for_taste(weighed, words, 0.0)
        return sum(reason.points for reason in wished.reasons if reason.kind is ReasonKind.KEYWORD)

    assert points("a") == 3.0
    assert points("a", "b") == 4.5
    assert Keyword(key="a", word="a").wanted
