"""From ranked stories and a window's posts to one reader's digest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.model import Kind, Post, StoryId
from digest.compose import compose, worth_telling
from digest.model import Digest, LeftOut, ListRef
from digest.telling import RankedStory, Views
from tests.digest.ranked import BRIDGE, NOON, TEXTS, post


def digest_of(ranked: list[RankedStory], posts: list[Post], minutes: int = 5) -> Digest:
    news = {post for story in ranked for post in story.posts}
    told = {StoryId(4), *(story.id for story in ranked if story.update)}
    window = Digest(
        since=NOON - timedelta(days=1),
        until=NOON,
        zone=ZoneInfo("UTC"),
        posts=0,
        channels=0,
        stories=(),
        lists=(ListRef(id="world", title="World"),),
    )
    return compose(
        window,
        ranked,
        posts,
        Views("en"),
        several=len(ranked) - len(single(ranked)),
        single={*single(ranked), StoryId(5)},
        known={post.id for post in posts if post.story in told and post not in news},
        minutes=minutes,
    )


def single(ranked: Sequence[RankedStory]) -> set[StoryId]:
    return {story.id for story in ranked if len(story.posts) == 1 and not story.update}


def worth(ranked: Sequence[RankedStory], enough: int = 10) -> list[RankedStory]:
    return list(worth_telling(ranked, single(ranked), len(ranked) - len(single(ranked)), enough))


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    posts = [
        *BRIDGE.posts,
        post(11, "Buy our tea!", None, kind=Kind.PROMO),
        post(12, "Our channel has a new name", None, kind=Kind.ANNOUNCE),
        post(13, "Good morning!", None, kind=Kind.CHATTER),
        post(14, "The tram line was opened by the mayor.", 4),
        post(15, "A cat sat on the roof of the town hall.", 5),
        post(16, "Rain fell on the northern hills all night.", 6),
        post(17, "It rained all night over the northern hills.", 6),
        post(18, "What waits for its story yet.", None),
    ]
    made = digest_of([BRIDGE], posts)
    assert made.left_out == LeftOut(ads=2, chatter=1, known=1, single=2, beyond=2)
    assert (made.posts, made.channels, len(made.stories)) == (11, 11, 1)
    assert made.minutes == 1


def test_a_story_whose_posts_say_nothing_is_not_told() -> None:
    empty = RankedStory(id=StoryId(8), posts=(post(20, "", 8),))
    made = digest_of([empty, BRIDGE], [*empty.posts, *BRIDGE.posts])
    assert [story.id for story in made.stories] == [1]
    assert made.left_out.single == 1


@given(st.lists(st.integers(1, 3), max_size=12), st.integers(1, 3))
def test_each_post_is_told_or_counted_and_the_best_come_first(sizes: list[int], minutes: int) -> None:
    ranked = [
        RankedStory(
            id=StoryId(100 + place),
            posts=tuple(
                post(place * 10 + n, f"Town number {place} opened a new tram line, said witness {n}. " * 3, 100 + place)
                for n in range(size)
            ),
        )
        for place, size in enumerate(sizes)
    ]
    posts = [each for story in ranked for each in story.posts]
    made = digest_of(ranked, posts, minutes)
    assert made.posts == len(posts) == sum(len(story.posts) for story in made.stories) + made.left_out.total
    best = [story.id for story in worth(ranked, min(3 * minutes, 30))]
    assert {story.id for story in made.stories} == set(best[: len(made.stories)])
    assert [story.id for story in made.stories[:1]] == best[:1]
    assert len(made.stories) <= 4 * minutes
    assert len(made.stories) >= min(1, len(sizes))
    assert made.minutes <= minutes or len(made.stories) == 1


def test_the_best_stories_one_a_minute_are_told_in_three_sentences_and_the_others_in_two() -> None:
    long = (
        "The mayor of town {0} opened quay {0}. Ferries will cross the bay at noon. Repairs cost forty crowns in all."
    )
    posts = [post(number, long.format(number), number, kind) for number in range(1, 8) for kind in ("one", "two")]
    ranked = [RankedStory(id=StoryId(n), posts=tuple(posts[2 * n - 2 : 2 * n])) for n in range(1, 8)]
    told = digest_of(ranked, posts, minutes=2).stories
    assert [len(story.summary) for story in told] == [3, 3, 2, 2, 2, 2]


def test_what_one_channel_alone_tells_only_fills_a_digest_up() -> None:
    one_channel = [RankedStory(id=StoryId(n), posts=(post(n + 1, "Alone."),)) for n in range(12)]
    several = [
        RankedStory(id=StoryId(n), posts=(post(2 * n, "Told."), post(2 * n + 1, "Told."))) for n in range(20, 28)
    ]
    assert [story.id for story in worth(one_channel)] == list(range(10))
    assert [story.id for story in worth([*one_channel, *several])] == [0, 1, *range(20, 28)]
    news = [replace(story, update=True) for story in one_channel]
    assert len(worth(news)) == 12


def test_what_was_told_of_an_updated_story_is_left_out_as_known() -> None:
    old, new = post(1, TEXTS[0]), post(2, TEXTS[1])
    update = RankedStory(id=StoryId(1), posts=(new,), update=True)
    made = digest_of([update], [old, new])
    assert made.left_out == LeftOut(known=1)
