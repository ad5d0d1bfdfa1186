"""How like a post is to a story, and which stories it is compared with."""

import math
import statistics
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from types import MappingProxyType
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.stories.foreign import Foreign
from digest.stories.index import MOST_CANDIDATES, Member, StoryIndex
from digest.stories.judging import LARGE, LARGE_BAR, Judge
from digest.stories.likeness import (
    FAINT,
    WEIGHTS,
    StorySums,
    burst,
    cosine_of,
    features,
    likely,
    log_odds,
    mean_cosine,
    most_besides,
    overlap,
)
from digest.stories.lines import group
from digest.stories.splits import SplitWeights
from digest.stories.terms import read_terms
from digest.stories.word_weights import Words
from tests.digest.events import BANK, FIRE, NOISE, OTHER_QUAKE, QUAKE, stories_of, stream

ASH = "Volcano Arvun on Melk threw ash five kilometres high, villages were warned."


def test_a_number_is_the_same_in_the_figures_of_any_script() -> None:
    assert read_terms("۶۶ نفر").numbers == read_terms("66 نفر").numbers == ("66",)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("صدای انفجار در بندر هارویک شنیده شد", ["هارویک"]),
        ("صدای انفجار در بندر harwick شنیده شد", []),
        ("a blast was heard in the port of harwick", []),
    ],
    ids=["Persian", "a small Latin word in Persian", "English without capitals"],
)
def test_where_there_are_no_capitals_a_rare_word_is_a_name(said: str, names: list[str]) -> None:
    words = Words()
    for _ in range(300):
        words.see(read_terms(said.replace("هارویک", "").replace("harwick", "")))
    weighed = words.weigh(words.see(read_terms(said)))
    assert words.names_of(weighed) == names
    assert weighed.names == {name: weighed.lead.terms[name] for name in weighed.names}, "surely, not perhaps"


@pytest.mark.parametrize(("volcano", "island", "same"), [("Arvun", "Melk", True), ("Toskar", "Brend", False)])
def test_leads_that_each_name_what_the_other_post_does_not_know_keep_posts_apart(
    volcano: str, island: str, same: bool
) -> None:
    other = f"Ash of {volcano} rises above {island}, planes go round the volcano."
    placed = stories_of(group(stream(*NOISE, ASH, other)))
    assert (placed[-1] == placed[-2]) is same


@pytest.mark.parametrize(
    ("text", "rivals"),
    [("Ash of Toskar rises above Brend.", True), ("Ash of Arvun rises above Melk.", False), ("Ash rises high.", False)],
)
def test_rivals_are_names_on_both_sides(text: str, rivals: bool) -> None:
    words, story = Words(), StorySums()
    counted = [words.see(read_terms(each)) for each in (*NOISE, ASH, text)]
    story.add(words.weigh(counted[-2]))
    assert (features(words.weigh(counted[-1]), story).rivals > 0.3) is rivals


@pytest.mark.parametrize(
    "line",
    [
        "Хвоин подписал закон о маяках.",
        "Sheridan crossed the bridge.",
        "Лирания присоединилась к Союзу маяков",
        "Подписка на паром подорожала на треть",
        "Velmora loses 200,000 subscribers",
        "Kesland and Velmora join US drills",
    ],
)
def test_a_short_line_that_only_looks_like_a_call_to_subscribe_is_read(line: str) -> None:
    assert len(read_terms(line).counts) >= 3


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Мэр: подпишись под проектом дороги, её построят за пять лет", True),
        ("Мэр: [подпишись](https://example.org/road) под проектом дороги, её построят за пять лет", False),
        ("Мэр: подпишись под проектом дороги, её построят за пять лет, https://example.org/road", False),
        ("Мэр: [подпишись](https://example.org/road) под проектом дороги" + ", её построят за пять лет" * 6, True),
    ],
)
def test_a_long_line_asks_nobody_to_subscribe_and_one_with_a_link_has_to_be_longer(line: str, read: bool) -> None:
    assert (read_terms(f"Ромашки.\n{line}").counts.keys() > {"ромашк"}) is read


@pytest.mark.parametrize(
    "line", ["Подписаться на канал", "Подпишись!", "erid: 2Vtzq", "Erid 2Vtzq", "JOIN US", "Follow us"]
)
def test_a_call_to_subscribe_says_nothing(line: str) -> None:
    assert not read_terms(line).counts


def test_the_less_close_the_posts_of_a_story_the_less_a_post_needs_to_fit_it() -> None:
    post = "Osterby harbour crane ferry closed"
    close = ["Osterby harbour pier ferry strike"] * 3
    broad = [
        "Osterby harbour pier goods strike",
        "ferry crane island winter fares",
        "closed school bridge Osterby lake",
    ]
    words, sums = Words(), []
    counted = [[words.see(read_terms(text)) for text in texts] for texts in ([post], close, broad)]
    for posts in counted[1:]:
        sums.append(StorySums())
        for each in posts:
            sums[-1].add(words.weigh(each))
    weighed = words.weigh(counted[0][0])
    usual = [story.usual for story in sums]
    beside = [each.fit - 2 * math.log(each.cosine) for each in (features(weighed, story) for story in sums)]
    assert usual[0] > 0.8 > 0.3 > usual[1]
    assert beside[0] < beside[1]


@given(
    texts=st.lists(st.lists(st.sampled_from(" ".join(QUAKE).split()), min_size=4, max_size=20), min_size=3, max_size=8)
)
def test_the_sums_of_two_stories_say_the_mean_cosine_of_their_posts_and_hope_for_no_less_than_these_give(
    texts: list[list[str]],
) -> None:
    words, one, other = Words(), StorySums(), StorySums()
    counted = [words.see(read_terms(" ".join(text))) for text in texts]
    here = [words.weigh(each) for each in counted[1:]]
    other.add(words.weigh(counted[0]))
    for each in here:
        one.add(each)
    cosines = [cosine_of(each, other) for each in here]
    assert mean_cosine(one, other) ** 2 == pytest.approx(statistics.fmean(cosine**2 for cosine in cosines))
    if min(cosines) > FAINT:
        given_by_posts = statistics.fmean(likely(cosine, other) for cosine in cosines)
        assert likely(mean_cosine(one, other), other) > given_by_posts - 1e-9


@given(
    texts=st.lists(
        st.lists(st.sampled_from(" ".join((*QUAKE, "7 40")).split()), min_size=4, max_size=20), min_size=2, max_size=5
    )
)
def test_what_all_but_the_cosine_and_the_leads_add_is_bounded(texts: list[list[str]]) -> None:
    words, story = Words(), StorySums()
    counted = [words.see(read_terms(" ".join(text))) for text in texts]
    post, *others = map(words.weigh, counted)
    for each in others:
        story.add(each)
    cosine = cosine_of(post, story)
    if cosine >= FAINT:
        hope = likely(cosine, story) + WEIGHTS.lead * overlap(post.lead, story) + most_besides(WEIGHTS)
        assert log_odds(post, story, 0.0) <= hope + burst(0.0)


def judged(
    texts: Sequence[Sequence[str]], marks: Mapping[int, tuple[str, ...]] = MappingProxyType({})
) -> tuple[Judge, StoryIndex]:
    """Stories of these posts, an hour apart, and who weighs them; `marks` of a post by its place in its story."""
    words = Words()
    index = StoryIndex(Foreign(words.said_by))
    judge = Judge(index, weights=WEIGHTS, split_weights=SplitWeights(constant=1000.0))
    counted = [[words.see(read_terms(text)) for text in event] for event in texts]
    for number, story in enumerate(counted):
        live = index.begin(number)
        for place, weighed in enumerate(map(words.weigh, story)):
            member = Member(
                id=(number, place),
                channel="",
                time=place * 3600.0,
                packed=weighed.packed,
                bag=0,
                original="",
                fingerprint=0,
                marks=marks.get(place, ()),
            )
            index.put(member, weighed, live)
    return judge, index


def test_what_is_given_up_when_stories_are_compared_could_not_have_passed() -> None:
    events = [QUAKE, OTHER_QUAKE, BANK, FIRE]
    texts = [*(list(some) for event in events for size in (1, 2, 3) for some in combinations(event, size)), NOISE]
    judge, index = judged(texts)
    passed = 0
    for one, other in product(index.stories.values(), repeat=2):
        size = len(one.members)
        if one is not other and size <= len(other.members) and one.number != len(texts) - 1:
            scores = [judge.score(member, member.packed.unpacked(), other, {}) for member in one.members]
            mean, bar = sum(scores) / size, LARGE_BAR if size >= LARGE else 0.0  # Python 3.12 adds up more exactly
            assert judge.joined(one, [other]) == ((other, pytest.approx(mean)) if mean > bar else (None, ANY))
            passed += mean > bar
    assert 100 < passed < 500


def test_stories_of_which_posts_share_a_film_and_others_a_quotation_are_not_given_up_for_the_quotation() -> None:
    shares = {0: ("film film 1",), 1: ("quote said so",)}
    passed = 0
    for one, other in product(combinations((*QUAKE, *FIRE), 2), repeat=2):
        judge, index = judged((one, other), shares)
        small, large = index.stories.values()
        scores = [judge.score(each, each.packed.unpacked(), large, index.marked(each)) for each in small.members]
        mean = statistics.fmean(scores)
        assert judge.joined(small, [large]) == ((large, pytest.approx(mean)) if mean > 0 else (None, ANY))
        passed += mean > 0
    assert passed


def test_a_word_weighs_less_as_soon_as_another_post_has_it_and_as_before_when_that_is_forgotten() -> None:
    words = Words()
    counted = words.see(read_terms(ASH))
    before = words.weigh(counted).packed.idf
    other = words.weigh(words.see(read_terms(ASH))).packed
    assert other.idf != before
    words.forget(other)
    assert words.weigh(counted).packed.idf == before


def test_stories_that_have_every_word_once_do_not_crowd_out_the_small_one_that_a_post_belongs_to() -> None:
    words = Words()
    index = StoryIndex(Foreign(words.said_by))
    said = QUAKE[0]
    crowd = [f"{said} " + " ".join(f"w{n}x{k}" for k in range(100)) for n in range(MOST_CANDIDATES + 2)]
    for number, text in enumerate([*crowd, said.rsplit(" ", 1)[0]]):
        weighed = words.weigh(words.see(read_terms(text)))
        member = Member(
            id=number, channel="", time=0.0, packed=weighed.packed, bag=0, original="", fingerprint=0, marks=()
        )
        index.put(member, weighed, index.begin(number))
    post = words.weigh(words.see(read_terms(said)))
    assert index.candidates(post.rare(), 0.0)[0].key == len(crowd)


def test_accents_on_letters_part_no_words() -> None:
    assert read_terms("Ви\u0301це-премье\u0301р Кра\u0301йнов откры\u0301л за\u0301мок.") == read_terms(
        "Вице-премьер Крайнов открыл замок."
    )
