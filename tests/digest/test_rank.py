"""Stories are ranked, with reasons whose points are the score."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import StoryId
from digest.rank import (
    PostFacts,
    Ranked,
    ReasonKind,
    StoryFacts,
    Topics,
    attention_of,
    best_first,
    channel_norms,
    for_taste,
    in_order,
    independent,
    weigh,
)

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def rank(stories: Iterable[StoryFacts], now: datetime, norms: Mapping[str, float] | None = None) -> list[Ranked]:
    """The stories, best first; `norms`: as those of `weigh`."""
    weighed = in_order(weigh(story, now, norms or {}) for story in stories)
    return list(best_first(weighed, Topics(weighed)))


def post(
    channel: str, hours: float = 1, fingerprint: int = 0, original: str | None = None, views: int | None = None
) -> PostFacts:
    """A post so many hours before NOW."""
    date = NOW - timedelta(hours=hours)
    return PostFacts(channel=channel, date=date, fingerprint=fingerprint, original=original, attention=views)


def value(ranked: Ranked, kind: ReasonKind) -> float | None:
    return next((reason.value for reason in ranked.reasons if reason.kind is kind), None)


def test_more_independent_channels_come_first() -> None:
    wide = StoryFacts(key=StoryId(1), posts=[post("a"), post("b"), post("c")])
    narrow = StoryFacts(key=StoryId(2), posts=[post("a"), post("a"), post("a")])
    first, second = rank([narrow, wide], NOW)
    assert (first.key, value(first, ReasonKind.BREADTH)) == (wide.key, 3)
    assert (second.key, value(second, ReasonKind.BREADTH)) == (narrow.key, 1)


@pytest.mark.parametrize("first", [7 << 40, -(7 << 40), -1], ids=["plus", "minus", "minus one"])
def test_copies_and_forwards_are_no_further_voices(first: int) -> None:
    posts = [
        post("a", hours=5, fingerprint=first),
        post("b", hours=4, fingerprint=first),
        post("c", hours=3, fingerprint=first ^ 0b110),
        post("d", hours=2, original="https://t.me/a/1"),
        post("e", hours=1, original="https://t.me/a/1"),
        post("f", hours=0, fingerprint=first ^ 0xFFFF),
    ]
    assert [voice.channel for voice in independent(posts)] == ["a", "d", "f"]


def test_a_quick_second_voice_counts_more_than_a_slow_one() -> None:
    quick = StoryFacts(key=StoryId(1), posts=[post("a", hours=5), post("b", hours=4.9), post("a", hours=1)])
    slow = StoryFacts(key=StoryId(2), posts=[post("a", hours=9), post("b", hours=1)])
    first, second = rank([slow, quick], NOW)
    assert (first.key, value(first, ReasonKind.SPEED)) == (quick.key, 6)
    assert (second.key, value(second, ReasonKind.SPEED)) == (slow.key, 480)


def test_the_second_voice_counts_for_speed_and_the_last_post_for_freshness() -> None:
    [item] = rank([StoryFacts(key=StoryId(1), posts=[post("c", 1), post("b", 4.9), post("a", 5)])], NOW)
    assert (value(item, ReasonKind.SPEED), value(item, ReasonKind.FRESHNESS)) == (6, 1)


def test_of_two_copies_the_earlier_is_the_voice() -> None:
    assert [voice.channel for voice in independent([post("a", 1, 7 << 40), post("b", 2, 7 << 40)])] == ["b"]


def test_what_a_channel_comes_back_to_counts_for_more_and_what_it_repeats_does_not() -> None:
    live = StoryFacts(key=StoryId(1), posts=[post("a", hours=hours) for hours in (1, 2, 3, 4)])
    again = StoryFacts(key=StoryId(2), posts=[post("b", hours=hours, fingerprint=5) for hours in (1, 2, 3, 4)])
    once_more = StoryFacts(key=StoryId(3), posts=[post("c", hours=hours) for hours in (1, 2)])
    first, second, third = rank([again, once_more, live], NOW)
    assert (first.key, value(first, ReasonKind.FOLLOWED)) == (live.key, 4)
    assert (second.key, value(second, ReasonKind.FOLLOWED)) == (once_more.key, 2)
    assert (third.key, value(third, ReasonKind.FOLLOWED)) == (again.key, None)


def test_attention_is_measured_against_the_channels_own_norm() -> None:
    norms = channel_norms([*[post("big", views=100_000)] * 3, *[post("small", views=100)] * 3, post("new", views=5)])
    assert norms == {"big": 100_000, "small": 100}
    usual = StoryFacts(key=StoryId(1), posts=[post("big", views=110_000)])
    loved = StoryFacts(key=StoryId(2), posts=[post("small", views=400)])
    unknown = StoryFacts(key=StoryId(3), posts=[post("new", views=9_000_000)])
    ranked = rank([usual, unknown, loved], NOW, norms)
    assert [item.key for item in ranked] == [loved.key, usual.key, unknown.key]
    assert [value(item, ReasonKind.ATTENTION) for item in ranked] == [4, 1.1, None]


def test_less_attention_than_usual_or_from_a_channel_that_has_none_says_nothing() -> None:
    norms = channel_norms([*[post("big", views=1000)] * 3, *[post("still", views=0)] * 3])
    stories = [
        StoryFacts(key=StoryId(1), posts=[post("big", views=500)]),
        StoryFacts(key=StoryId(2), posts=[post("still", views=500)]),
    ]
    assert [value(item, ReasonKind.ATTENTION) for item in rank(stories, NOW, norms)] == [None, None]


def test_eight_channels_are_as_good_as_twenty() -> None:
    for channels in (8, 20):
        [item] = rank([StoryFacts(key=StoryId(1), posts=[post(str(number)) for number in range(channels)])], NOW)
        assert [reason.points for reason in item.reasons if reason.kind is ReasonKind.BREADTH] == [5.0]


def test_a_forward_is_worth_twenty_views_and_a_reaction_five() -> None:
    assert attention_of(100, 2, 3) == 155
    assert attention_of(100, None, 0) == 100
    assert attention_of(0, 2, 3) == 55
    assert attention_of(None, 2, 3) is None, "of a post without views the rest says nothing"


def test_what_more_of_the_readers_lists_tell_comes_first_and_one_list_says_nothing() -> None:
    def story(key: int, *lists: str, of: int) -> StoryFacts:
        return StoryFacts(key=StoryId(key), posts=[post("a")], lists=lists, of_lists=of)

    first, second = rank([story(1, "City", of=2), story(2, "City", "World", of=2)], NOW)
    assert (first.key, value(first, ReasonKind.LISTS), value(second, ReasonKind.LISTS)) == (2, 2, 1)
    assert value(rank([story(1, "City", of=1)], NOW)[0], ReasonKind.LISTS) is None


def test_of_two_equal_stories_the_fresher_comes_first() -> None:
    old, new = (StoryFacts(key=StoryId(hours), posts=[post("a", hours=hours)]) for hours in (20, 2))
    assert [item.key for item in rank([old, new], NOW)] == [2, 20]


def test_of_stories_too_old_to_be_fresher_the_later_come_first() -> None:
    stories = [StoryFacts(key=StoryId(hours), posts=[post("a", hours=hours)]) for hours in (200, 150, 180)]
    repeated = StoryFacts(key=StoryId(160), posts=[post("a", hours=hours, fingerprint=5) for hours in (160, 300)])
    ranked = rank([*stories, repeated], NOW)
    assert {item.score for item in ranked} == {0.0}
    assert [item.key for item in ranked] == [150, 160, 180, 200]


def test_of_stories_that_lose_as_much_the_one_that_stood_first_stays_first() -> None:
    topics = [frozenset({"war", "front"}), frozenset({"budget", "tax"})] * 2
    stories = [
        StoryFacts(key=StoryId(key), posts=[post("a"), post("b")], topic=topic) for key, topic in enumerate(topics)
    ]
    ranked = rank(stories, NOW)
    assert ranked[2].score == ranked[3].score < ranked[0].score
    assert [item.key for item in ranked] == [0, 1, 2, 3]


def test_what_a_reader_wants_less_of_gains_nothing_by_being_told_again() -> None:
    war = frozenset({"war", "front", "army"})
    stories = [StoryFacts(key=StoryId(key), posts=[post("a")], topic=war) for key in range(3)]
    weighed = in_order(for_taste(weigh(story, NOW, {}), (), -1.0) for story in stories)
    scores = [item.score for item in best_first(weighed, Topics(weighed))]
    assert scores == [weighed[0].score] * 3
    assert weighed[0].score < 0


def test_a_post_from_the_future_is_no_fresher_than_now() -> None:
    [item] = rank([StoryFacts(key=StoryId(1), posts=[post("a", hours=-500)])], NOW)
    assert value(item, ReasonKind.FRESHNESS) == 0


def test_one_topic_does_not_fill_the_top() -> None:
    war = frozenset({"war", "front", "army"})
    stories = [StoryFacts(key=StoryId(i), posts=[post("a"), post("b"), post("c")], topic=war) for i in range(4)]
    budget = StoryFacts(key=StoryId(9), posts=[post("a"), post("b")], topic=frozenset({"budget", "tax"}))
    ranked = rank([*stories, budget], NOW)
    assert [item.key for item in ranked].index(budget.key) == 2
    assert [value(item, ReasonKind.TOPIC) for item in ranked if item.key != budget.key] == [None, 1, 2, 3]


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        pytest.param({"war", "truce", "envoy"}, True, id="one word of four"),
        pytest.param({"war", "truce", "envoy", "table"}, False, id="one word of five"),
    ],
)
def test_stories_are_of_one_topic_from_a_quarter_of_their_words_on(other: set[str], alike: bool) -> None:
    stories = [
        StoryFacts(key=StoryId(key), posts=[post("a"), post("b")], topic=frozenset(topic))
        for key, topic in enumerate(({"war", "front"}, other))
    ]
    for either in (stories, stories[::-1]):
        first, second = rank(either, NOW)
        assert value(second, ReasonKind.TOPIC) == (1 if alike else None)
        assert second.score == (round(first.score * 0.8, 2) if alike else first.score)


def test_what_one_channel_alone_tells_again_is_worth_half_each_time_and_what_others_told_above_takes_a_fifth() -> None:
    war = frozenset({"war"})
    told = [
        StoryFacts(key=StoryId(hours), posts=[post(channel, hours)], topic=war) for hours, channel in enumerate("aab")
    ]
    assert [round(item.score, 2) for item in rank(told, NOW)] == [1.0, 0.57, 0.47]


def test_a_readers_first_word_counts_whole_and_each_further_one_half_as_much() -> None:
    weighed = weigh(StoryFacts(key=StoryId(1), posts=[post("a")]), NOW, {})
    points = [for_taste(weighed, ("x",) * words, 0).score - weighed.score for words in (1, 2, 3)]
    assert points == pytest.approx([3.0, 4.5, 5.25])


def test_a_channel_that_alone_tells_a_topic_again_and_again_leaves_the_places_to_others() -> None:
    drones = frozenset({"drones", "region", "governor"})

    def flood(*channels: str) -> list[StoryFacts]:
        return [
            StoryFacts(key=StoryId(hours), posts=[post(channel, hours=hours)], topic=drones)
            for hours, channel in enumerate(channels)
        ]

    others = [
        StoryFacts(key=StoryId(hours), posts=[post("b", hours=hours)], topic=frozenset({f"{hours}"}))
        for hours in (8, 9)
    ]
    alone, shared = ([item.key for item in rank([*flood(*of), *others], NOW)] for of in ("aaaa", "abcd"))
    assert alone == [0, 8, 9, 1, 2, 3]
    assert shared == [0, 1, 8, 9, 2, 3]


POSTS = st.builds(
    post,
    channel=st.sampled_from("abc"),
    hours=st.floats(-10, 1e5),
    fingerprint=st.integers(-(2**63), 2**63 - 1),
    original=st.sampled_from([None, "https://t.me/a/1"]),
    views=st.one_of(st.none(), st.integers(0, 10**9)),
)
STORIES = st.lists(
    st.tuples(st.lists(POSTS, min_size=1, max_size=6), st.frozensets(st.sampled_from("xyz"))), max_size=8
).map(
    lambda items: [StoryFacts(key=StoryId(key), posts=posts, topic=topic) for key, (posts, topic) in enumerate(items)]
)


@given(STORIES)
def test_every_story_is_ranked_once_by_the_points_of_its_reasons(stories: list[StoryFacts]) -> None:
    norms = channel_norms(post for story in stories for post in story.posts)
    ranked = rank(stories, NOW, norms)
    assert sorted(item.key for item in ranked) == [story.key for story in stories]
    assert ranked == rank(stories, NOW, norms)
    assert [item.score for item in ranked] == sorted((item.score for item in ranked), reverse=True)
    for item in ranked:
        assert item.score == pytest.approx(sum(reason.points for reason in item.reasons), abs=1e-3)
