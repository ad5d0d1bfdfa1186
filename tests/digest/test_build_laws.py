"""What holds for a digest of whatever posts and stories."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Forward, Kind, Post, PostId, StoryId, Taste
from digest import explain
from digest.build import Material, Wish, compose_digest, rank_stories, share
from digest.rank import ReasonKind
from digest.taste import read_keywords
from digest.telling import Views
from tests.digest.desk import DAY, UPDATE, adds_up, up_to
from tests.digest.events import BANK, NOISE, OTHER_QUAKE, QUAKE
from tests.moments import NOW
from tests.posts import a_stored_post


def a_stored(number: int, channel: str, story: int, kind: Kind, text: str) -> Post:
    return a_stored_post(
        number,
        text,
        channel=channel,
        date=NOW - timedelta(minutes=600 - number),
        kind=kind,
        story=StoryId(story) if story and kind is Kind.NEWS else None,
    )


POSTS = st.lists(
    st.tuples(
        st.sampled_from(["alpha", "beta", "gamma"]),
        st.integers(0, 5),
        st.sampled_from([Kind.NEWS, Kind.NEWS, Kind.NEWS, Kind.PROMO, Kind.CHATTER]),
        st.sampled_from([*QUAKE, *BANK, *OTHER_QUAKE, *NOISE, UPDATE, "", "🔥"]),
    ),
    max_size=25,
).map(lambda found: [a_stored(n, *fields) for n, fields in enumerate(found, 1)])


def material(posts: Iterable[Post], known: dict[StoryId, PostId]) -> Material:
    stories: dict[StoryId, list[Post]] = {}
    for post in posts:
        if post.story is not None:
            stories.setdefault(post.story, []).append(post)
    return Material(
        posts=tuple(posts),
        stories={key: tuple(found) for key, found in stories.items()},
        told=known,
        articles={},
        stale=(),
        lists=(),
    )


@given(POSTS, st.dictionaries(st.integers(1, 5), st.integers(1, 25), max_size=4), st.integers(0, 6), st.booleans())
def test_every_post_is_told_or_left_out_and_what_was_told_stays_told(
    posts: list[Post], known: dict[int, int], minutes: int, repeat: bool
) -> None:
    memory = {StoryId(story): PostId(last) for story, last in known.items()}
    wish = Wish(since=NOW - DAY, until=NOW, minutes=minutes, repeat=repeat)
    made = compose_digest(material(posts, memory), wish, NOW)
    assert made.digest.posts == len(posts)
    assert adds_up(made.digest)
    assert set(made.told) == {key for story in made.digest.stories for key in (story.id, *story.joined)}
    given = material(posts, memory)
    ranking = rank_stories(given, wish)
    rules = Counter(row[0] for row in explain.left(given, ranking, made.digest))
    left = made.digest.left_out
    assert rules.total() == left.total
    assert (rules["known"], rules["single"], rules["beyond"]) == (left.known, left.single, left.beyond)
    rows = list(explain.ranks(given, ranking, made.digest))
    assert [row for row in rows if len(row) != len(explain.RANKS)] == []
    assert sum(bool(row[0]) for row in rows) == len(made.told)
    again = compose_digest(material(posts, {**memory, **up_to(made)}), replace(wish, repeat=False), NOW)
    assert not set(made.told) & {story.id for story in again.digest.stories}
    for story in made.digest.stories:
        assert story.update is (not repeat and story.id in memory)
        assert all(sentence.sources for sentence in story.summary)


def test_a_few_stories_at_most_are_told_below_another_and_explained_by_its_place() -> None:
    posts = [
        a_stored(10 * story + n, channel, story, Kind.NEWS, QUAKE[n])
        for story in range(1, 8)
        for n, channel in ((0, "alpha"), (2, "beta"))
    ]
    given, wish = material(posts, {}), Wish(since=NOW - DAY, until=NOW)
    made = compose_digest(given, wish, NOW)
    assert [len(story.joined) for story in made.digest.stories] == [4, 1]
    places = [row[0] for row in explain.ranks(given, rank_stories(given, wish), made.digest)]
    assert sorted(places) == ["1"] * 5 + ["2"] * 2
    assert list(explain.left(given, rank_stories(given, wish), made.digest)) == []


def test_as_many_stories_as_are_told_are_asked_whether_they_tell_of_one_event() -> None:
    posts = [
        a_stored(10 * story + n, channel, story, Kind.NEWS, QUAKE[n])
        for story in (1, 2)
        for n, channel in ((0, "alpha"), (2, "beta"))
    ]
    better = [  # of more channels
        a_stored(1000 + 10 * story + n, channel, story, Kind.NEWS, " ".join(f"{word}{story}" for word in "abcdef"))
        for story in range(3, 50)
        for n, channel in enumerate(("alpha", "beta", "gamma"))
    ]
    given = material([*posts, *better], {})

    def joined(most: int) -> list[tuple[StoryId, ...]]:
        ranking = rank_stories(given, Wish(since=NOW - DAY, until=NOW))
        return [others for _, others in ranking.entries(most) if others]

    assert joined(20) == joined(48) == []
    assert joined(49) == [(StoryId(1),)]


@pytest.mark.parametrize(
    ("earlier", "now", "copies", "single"),
    [
        pytest.param(0, 3, False, False, id="it comes back"),
        pytest.param(0, 2, False, True, id="hardly"),
        pytest.param(2, 1, False, True, id="days ago it did"),
        pytest.param(0, 3, True, True, id="it says the same again"),
    ],
)
def test_what_one_channel_comes_back_to_in_the_window_is_told_as_what_several_tell(
    earlier: int, now: int, copies: bool, single: bool
) -> None:
    story = [a_stored(n, "alpha", 1, Kind.NEWS, NOISE[0]) for n in range(1, earlier + now + 1)]
    story = [replace(post, fingerprint=77 if copies else int(post.id) << 40) for post in story]
    others = [a_stored(100 + n, "beta", 100 + n, Kind.NEWS, NOISE[1]) for n in range(12)]
    given = material([*story, *others], {})
    given = replace(given, posts=given.posts[earlier:])
    ranking = rank_stories(given, Wish(since=NOW - DAY, until=NOW))
    assert (StoryId(1) in ranking.single()) is single
    assert {post.story for post in others} <= ranking.single()


@pytest.mark.parametrize(
    ("words", "memory", "single"),
    [("", {}, True), ("+quake", {}, False), ("", {StoryId(1): PostId(1)}, False)],
    ids=["by the way", "asked for", "an update"],
)
def test_an_update_and_what_a_reader_asked_for_are_told_though_one_channel_alone_tells_them(
    words: str, memory: dict[StoryId, PostId], single: bool
) -> None:
    told = [a_stored(n, "alpha", 1, Kind.NEWS, text) for n, text in ((1, QUAKE[1]), (2, UPDATE))]
    given = material([*told, a_stored(3, "beta", 0, Kind.CHATTER, NOISE[1])], memory)
    given = replace(given, taste=Taste(keywords=read_keywords(words)))
    ranking = rank_stories(given, Wish(since=NOW - DAY, until=NOW))
    assert ranking.tellable.keys() == {StoryId(1)}
    assert (StoryId(1) in ranking.single()) is single


@pytest.mark.parametrize(
    ("channels", "minutes", "told"),
    [("alpha", 2, 8), ("alpha beta", 2, 6), ("alpha beta", 20, 30)],
    ids=["of one", "of two", "of two, long"],
)
def test_what_one_channel_tells_fills_the_time_where_all_is_of_that_channel(
    channels: str, minutes: int, told: int
) -> None:
    names = channels.split()
    posts = [
        a_stored(n, names[n % len(names)], n, Kind.NEWS, f"Notice {n}: pier {n} of Eastport opens {'again ' * n}")
        for n in range(1, 33)
    ]
    digest = compose_digest(material(posts, {}), Wish(since=NOW - DAY, until=NOW, minutes=minutes), NOW).digest
    assert (len(digest.stories), digest.left_out.single + digest.left_out.beyond) == (told, 32 - told)
    assert (digest.left_out.single == 0) is (len(names) == 1)


def test_an_update_keeps_its_place_before_what_the_only_channel_tells_by_the_way() -> None:
    """However fresh that is."""
    old = [a_stored(n, "alpha", 1, Kind.NEWS, text) for n, text in ((1, QUAKE[1]), (2, UPDATE))]
    fresh = [
        a_stored(600 - n, "alpha", n, Kind.NEWS, f"Notice {n}: pier {n} of Eastport opens {'again ' * n}")
        for n in range(11, 21)
    ]
    given = material([*old, *fresh], {StoryId(1): PostId(1)})
    digest = compose_digest(given, Wish(since=NOW - DAY, until=NOW, minutes=1), NOW).digest
    assert [story.update for story in digest.stories] == [False, False, False, True]
    assert (digest.left_out.single, digest.left_out.beyond) == (0, 7)


@pytest.mark.parametrize("word", ["tent", "US"])
def test_a_reader_who_asked_for_a_word_reads_it(word: str) -> None:
    tents = "Tents and blankets of the US went to the town at noon."
    posts = [
        a_stored(n, channel, 1, Kind.NEWS, f"{QUAKE[n]}\n\nThe mayor told us of it.\n\n{tents}")
        for n, channel in enumerate("ab")
    ]
    given = replace(material(posts, {}), taste=Taste(keywords=read_keywords(f"+{word}")))
    [story] = compose_digest(given, Wish(since=NOW - DAY, until=NOW, minutes=0), NOW).digest.stories
    assert f"your word: {word}" in story.why
    assert tents in [each.text for each in story.summary]


def test_an_explanation_counts_a_post_that_is_left_out_by_the_same_rule_as_the_digest() -> None:
    told = [
        a_stored(n, channel, 1, Kind.NEWS, QUAKE[n - 1]) for n, channel in ((1, "alpha"), (2, "beta"), (3, "gamma"))
    ]
    begun_by_another = [a_stored(n, channel, 4, Kind.NEWS, BANK[0]) for n, channel in ((4, "beta"), (5, "alpha"))]
    given = material([*told, *begun_by_another], {})
    given = replace(given, posts=tuple(post for post in given.posts if post.id != begun_by_another[0].id))
    wish = Wish(since=NOW - DAY, until=NOW, minutes=0)
    digest = compose_digest(given, wish, NOW).digest
    assert (digest.left_out.beyond, digest.left_out.single) == (2, 0)
    assert [row[0] for row in explain.left(given, rank_stories(given, wish), digest)] == ["beyond"]


def test_a_digest_of_days_ago_ranks_as_it_did_then() -> None:
    posts = [
        a_stored(10 * story + n, channel, story, Kind.NEWS, text)
        for story, texts in ((1, QUAKE), (2, BANK))
        for n, channel, text in zip(range(2), ("alpha", "beta"), texts, strict=False)
    ]
    given, wish = material(posts, {}), Wish(since=NOW - DAY, until=NOW)
    assert compose_digest(given, wish, NOW + 30 * DAY).digest.stories == compose_digest(given, wish, NOW).digest.stories


def test_an_explanation_says_each_reason_in_words_with_points_that_add_up_to_the_score() -> None:
    posts = [a_stored(n, channel, 1, Kind.NEWS, QUAKE[n]) for n, channel in ((0, "alpha"), (1, "alpha"), (2, "beta"))]
    posts += [a_stored(100 + n, "beta", 100 + n, Kind.NEWS, NOISE[1]) for n in range(9)]
    given, wish = material(posts, {}), Wish(since=NOW - DAY, until=NOW, minutes=3)
    ranking, digest = rank_stories(given, wish), compose_digest(given, wish, NOW).digest
    rows = list(explain.ranks(given, ranking, digest))
    for row in rows:
        _, score, *points, _, _, why = row
        assert sum(float(each) for each in points if each) == pytest.approx(float(score))
        assert all(each in why for each in points if each)
    short, *_ = explain.short_ranks(rows)
    assert (*short[:3], short[3].split("\n")[1]) == ("1", rows[0][1], "3", rows[0][-1])
    assert "2 independent channels" in short[3]
    [(rule, post)] = explain.short_left(explain.left(given, ranking, digest))
    assert (rule, post.split("\n")[1]) == ("single", posts[3].url)


def test_a_forward_of_a_post_too_short_for_a_fingerprint_is_no_further_voice() -> None:
    first, forward = (
        replace(a_stored(n, channel, 1, Kind.NEWS, "Storm hits Osterby"), fingerprint=0)
        for n, channel in ((0, "alpha"), (1, "beta"))
    )
    for origin, voices in ((Forward(name="Alpha", url=first.url), 1), (Forward(name="Ana Lee"), 2), (None, 2)):
        given = material([first, replace(forward, forwarded_from=origin)], {})
        (story,) = rank_stories(given, Wish(since=NOW - DAY, until=NOW)).best_first()
        assert (story.reasons[0].kind, story.reasons[0].value) == (ReasonKind.BREADTH, voices)


MEMORIES = st.dictionaries(st.integers(1, 5).map(StoryId), st.integers(1, 25).map(PostId), max_size=4)
WISHED = st.sampled_from(("", "+quake -bank", "-quake +bank"))


@settings(max_examples=12)
@given(POSTS, st.lists(st.tuples(MEMORIES, WISHED), min_size=2, max_size=4))
def test_a_digest_is_the_same_whether_others_share_its_stories_or_not(
    posts: list[Post], readers: list[tuple[dict[StoryId, PostId], str]]
) -> None:
    wish = Wish(since=NOW - DAY, until=NOW)
    shared = share(material(posts, {}), NOW, Views("en"))
    for memory, words in readers:
        given = replace(material(posts, memory), taste=Taste(keywords=read_keywords(words)))
        assert compose_digest(given, wish, NOW, shared) == compose_digest(given, wish, NOW)
