"""What holds for a digest of whatever posts and stories."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Kind, Post, PostId, StoryId, Taste
from digest import explain
from digest.build import Material, Wish, compose_digest, rank_stories, share
from digest.compose import Views
from digest.taste import read_keywords
from tests.digest.desk import DAY, NOW, UPDATE, adds_up, up_to
from tests.digest.events import BANK, NOISE, OTHER_QUAKE, QUAKE


def a_stored(number: int, channel: str, story: int, kind: Kind, text: str) -> Post:
    return Post(
        id=PostId(number),
        channel=channel,
        channel_title=channel,
        message_id=number,
        date=NOW - timedelta(minutes=600 - number),
        text=text,
        body=text,
        language="en",
        kind=kind,
        fingerprint=0,
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
    ranking = rank_stories(given, wish, NOW)
    rules = [row[0] for row in explain.left(given, ranking, made.digest)]
    assert len(rules) == made.digest.left_out.total
    assert rules.count("known") == made.digest.left_out.known
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
    places = [row[0] for row in explain.ranks(given, rank_stories(given, wish, NOW), made.digest)]
    assert sorted(places) == ["1"] * 5 + ["2"] * 2
    assert list(explain.left(given, rank_stories(given, wish, NOW), made.digest)) == []


MEMORIES = st.dictionaries(st.integers(1, 5).map(StoryId), st.integers(1, 25).map(PostId), max_size=4)
WISHED = st.sampled_from(("", "+quake -bank", "-quake +bank"))


@settings(max_examples=20)
@given(POSTS, st.lists(st.tuples(MEMORIES, WISHED), min_size=2, max_size=4))
def test_a_digest_is_the_same_whether_others_share_its_stories_or_not(
    posts: list[Post], readers: list[tuple[dict[StoryId, PostId], str]]
) -> None:
    wish = Wish(since=NOW - DAY, until=NOW)
    shared = share(material(posts, {}), NOW, Views("en"))
    for memory, words in readers:
        given = replace(material(posts, memory), taste=Taste(keywords=read_keywords(words)))
        assert compose_digest(given, wish, NOW, shared) == compose_digest(given, wish, NOW)
