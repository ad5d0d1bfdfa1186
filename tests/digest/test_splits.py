"""A story that turns out to be two events is parted; one that is one event is not."""

import pytest

from digest.stories.cluster import Stories
from digest.stories.posts import StoryPost
from digest.stories.splits import Part, sides_of, split_features
from digest.stories.terms import read_terms
from digest.stories.word_weights import Words
from tests.digest.events import BANK, OTHER_QUAKE, QUAKE, START, stream


def mixed(*texts: str) -> tuple[Stories, list[StoryPost]]:
    """Stories that hold these texts as one, named "mixed"."""
    stories, posts = Stories(), stream(*texts)
    stories.restore((post, "mixed") for post in posts)
    return stories, posts


def test_a_story_that_is_two_events_splits_and_does_not_merge_again() -> None:
    stories, _ = mixed(*QUAKE, *OTHER_QUAKE)
    assert [(move.post, move.old, move.story, move.began, move.nearest) for move in stories.split()] == [
        (3, "mixed", 1, True, None),
        (4, "mixed", 1, True, 3),
    ]
    assert (stories.posts("mixed"), stories.posts(1)) == ((0, 1, 2), (3, 4))
    assert stories.settle() == stories.settle() == ()


@pytest.mark.parametrize("texts", [QUAKE, BANK, [QUAKE[0]] * 50], ids=["quake", "bank", "copies"])
def test_a_story_of_one_event_does_not_split(texts: list[str]) -> None:
    stories, _ = mixed(*texts)
    assert stories.split() == ()


def test_of_a_large_story_all_posts_are_parted_though_some_are_looked_at() -> None:
    quakes = [f"{text} Report {i}." for i in range(30) for text in (QUAKE[0], QUAKE[0], OTHER_QUAKE[0])]
    stories, posts = mixed(*quakes)
    assert [move.post for move in stories.split()] == [post.id for post in posts[2::3]]


def test_posts_that_share_an_article_are_not_parted() -> None:
    posts = [
        StoryPost(id=i, channel=str(i), date=START, text=text, links=("https://news.example/2026/rate",))
        for i, text in enumerate([BANK[0], BANK[1], "The regulator of Lirania raised its rate: why it had to act now"])
    ]
    stories = Stories()
    stories.restore((post, "rate") for post in posts)
    assert stories.split() == ()


def test_the_part_with_the_post_that_names_a_story_keeps_its_key() -> None:
    posts = stream(*QUAKE, *OTHER_QUAKE)
    stories = Stories(named=lambda post: int(str(post)))
    stories.restore((post, 3) for post in posts)
    assert {(move.old, move.story) for move in stories.split()} == {(3, 0)}
    assert (stories.posts(3), stories.posts(0)) == ((3, 4), (0, 1, 2))


def test_a_name_that_more_posts_lack_parts_more() -> None:
    words = Words()
    counted = [words.see(read_terms(text)) for text in (QUAKE[0], OTHER_QUAKE[0])]
    here, there = (words.weigh(each) for each in counted)
    own = [split_features(Part([here] * n, []), Part([there] * n, [])).own_names for n in (1, 2, 4)]
    assert 0 < own[0] < own[1] < own[2]


def test_a_word_that_was_rare_and_is_in_every_post_parts_nothing() -> None:
    words = Words()
    counted = [words.see(read_terms(f"Osterby {text}")) for text in ("crane", "ferry", "rudder", "anchor")]
    early = [words.weigh(each) for each in counted[:2]]
    for _ in range(300):
        words.see(read_terms("Osterby"))
    late = [words.weigh(each) for each in counted[2:]]
    assert set(sides_of([*early, *late])) == {True, False}
