"""The order in which the posts of an hour arrive changes nothing once the hour is over, and what is told is what is."""

import random
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.stories.cluster import Stories
from digest.stories.posts import Move, Placement, StoryKey, StoryPost
from tests.digest.events import BANK, MURMURS, NOISE, OTHER_QUAKE, QUAKE, START, murmur, stream, together

NEXT = [QUAKE[1] + " Aftershocks.", BANK[2], *NOISE[3:5], OTHER_QUAKE[0] + " Roads are shut."]


class Written:
    """What a table would hold: the story by post, as placements and moves tell it."""

    def __init__(self) -> None:
        self.story: dict[Hashable, StoryKey] = {}

    def place(self, placed: Placement) -> None:
        self.move(placed.moves)
        self.story[placed.post] = placed.story

    def move(self, moves: Iterable[Move]) -> None:
        for move in moves:
            if move.began:
                self.story[move.post] = move.story
            else:  # as in the tables: all that are in the story then
                self.story = {post: move.story if key == move.old else key for post, key in self.story.items()}

    def together(self) -> set[frozenset[Hashable]]:
        keys = set(self.story.values())
        return {frozenset(post for post, key in self.story.items() if key == each) for each in keys}


def name(post: Hashable) -> int:
    return 1000 + int(str(post))


def live(posts: Sequence[StoryPost], order: Sequence[int], early: Iterable[int] = ()) -> tuple[Stories, Written]:
    """Stories into which the posts of one hour came one by one, merging early after some."""
    stories, written, pauses = Stories(named=name), Written(), set(early)
    for place in order:
        written.place(stories.add(posts[place]))
        if place in pauses:
            written.move(stories.settle(early=True))
    return stories, written


def a_live_hour(posts: Sequence[StoryPost], rng: random.Random) -> tuple[Stories, Written]:
    return live(posts, rng.sample(range(MURMURS), MURMURS), rng.sample(range(MURMURS), 4))


RANDOM = st.randoms(use_true_random=False)


@given(rng=RANDOM)
@settings(max_examples=8)
def test_once_the_hour_is_over_its_posts_are_where_the_filter_puts_them(rng: random.Random) -> None:
    posts = stream(*murmur(rng), minutes=2)
    stories, written = a_live_hour(posts, rng)
    written.move(stories.close())
    assert written.together() == together(posts)


def test_until_the_hour_is_over_the_order_matters() -> None:
    posts = stream(*murmur(random.Random(7)), minutes=2)
    found = {frozenset(a_live_hour(posts, random.Random(seed))[1].together()) for seed in range(10)}
    assert len(found) > 1, "else the test above could not fail"


@given(rng=RANDOM)
@settings(max_examples=6)
def test_hours_follow_each_other_and_what_is_written_down_is_what_is(rng: random.Random) -> None:
    texts = murmur(rng)
    first = stream(*texts, minutes=2)
    begin = START + timedelta(hours=1)
    second = [
        StoryPost(id=100 + n, channel=f"later{n}", date=begin, text=text)
        for n, text in enumerate([*(text + " Today." for text in texts[::3]), *NEXT])
    ]
    ends = []
    for _ in range(2):
        stories, written = a_live_hour(first, rng)
        for post in rng.sample(second, len(second)):
            written.place(stories.add(post))
        written.move(stories.close())
        for key in set(written.story.values()):
            assert set(stories.posts(key)) == {post for post, at in written.story.items() if at == key}
            assert key in {name(post) for post in stories.posts(key)}
        ends.append(written.together())
    assert ends[0] == ends[1]


@given(rng=RANDOM)
@settings(max_examples=6)
def test_a_restart_within_the_hour_leaves_nothing_of_the_order_in_which_its_posts_came(rng: random.Random) -> None:
    posts = stream(*murmur(rng), minutes=2)
    order = rng.sample(range(MURMURS), MURMURS)
    sooner, later = order[: MURMURS // 2], order[MURMURS // 2 :]
    _, written = live(posts, sooner, sooner[::5])
    stories = Stories(named=name)
    stories.restore((posts[n], written.story[n]) for n in sorted(sooner))
    for n in later:
        written.place(stories.add(posts[n]))
    written.move(stories.close())
    assert written.together() == together(posts)


@pytest.mark.parametrize("gone", [0, 3, 7])
def test_a_post_that_was_deleted_or_edited_within_its_hour_leaves_no_trace_of_what_it_said(gone: int) -> None:
    posts = stream(*murmur(random.Random(2)), minutes=2)
    said = replace(posts[gone], text=posts[gone - 1].text + posts[gone + 1].text)
    rest = [*posts[:gone], *posts[gone + 1 :]]
    stories, written = a_live_hour([*posts[:gone], said, *posts[gone + 1 :]], random.Random(gone))
    written.place(stories.revise(posts[gone], written.story[gone]))
    written.move(stories.close())
    assert written.together() == together(posts)
    stories, written = a_live_hour([*posts[:gone], said, *posts[gone + 1 :]], random.Random(gone))
    stories.remove([gone])
    del written.story[gone]
    written.move(stories.close())
    assert written.together() == together(rest)


@pytest.mark.parametrize("seed", [16, 23, 24, 30])
def test_an_older_post_that_was_edited_twice_within_the_hour_ends_where_one_edit_puts_it(seed: int) -> None:
    rng = random.Random(seed)
    texts = murmur(rng)
    first = stream(*texts, minutes=2)
    begin = START + timedelta(hours=1)
    second = [
        StoryPost(id=100 + n, channel=f"later{n}", date=begin, text=text + " Today.")
        for n, text in enumerate(texts[:5])
    ]
    edited = rng.randrange(MURMURS)
    new = replace(first[edited], text=texts[(edited + 1) % MURMURS] + " " + texts[edited])
    ends = []
    for times in (1, 2):
        stories, written = live(first, range(MURMURS))
        for post in second:
            written.place(stories.add(post))
        for _ in range(times):
            written.place(stories.revise(new, written.story[edited]))
        written.move(stories.close())
        ends.append(written.together())
    assert ends[0] == ends[1]


@pytest.mark.parametrize("seed", [5, 6, 13])
def test_an_older_post_edited_once_its_story_has_merged_goes_back_to_where_it_was_before_the_hour(
    seed: int,
) -> None:
    texts = murmur(random.Random(seed))
    first = stream(*texts, minutes=2)
    begin = START + timedelta(hours=1)
    between = [
        StoryPost(id=100 + n, channel=f"later{n}", date=begin, text=f"{text} {texts[n - 1]}")
        for n, text in enumerate(texts)
    ]
    ends = []
    for early in (False, True):
        stories, written = live(first, range(MURMURS))
        for post in between:
            written.place(stories.add(post))
        if early:
            apart = written.together()
            written.move(stories.settle(early=True))
            assert written.together() != apart, "else nothing has merged"
        for post in first:
            edited = replace(post, text=f"{post.text} Today.")
            written.place(stories.revise(edited, written.story[post.id]))
        for post in between:
            stories.remove([post.id])
            del written.story[post.id]
        written.move(stories.close())
        ends.append(written.together())
    assert ends[0] == ends[1]


def test_a_post_that_comes_late_is_of_its_hour_and_does_not_end_the_one_that_is_open() -> None:
    posts = stream(*QUAKE, *NOISE[:2], minutes=25)  # two in the first hour, three in the next
    stories, written = live(posts, [0, 2, 3, 1, 4])
    written.move(stories.close())
    assert written.together() == together(posts)
    assert frozenset({0, 1, 2}) in written.together()


def test_stories_that_were_there_before_the_hour_keep_their_names() -> None:
    posts = stream(*QUAKE, *BANK, minutes=25)
    stories, written = live(posts, range(len(posts)))
    names = set(written.story.values())
    written.move(stories.close())
    assert set(written.story.values()) == names
    assert stories.close() == ()
