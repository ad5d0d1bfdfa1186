"""What holds for stories of any posts, in any order and however hostile."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.stories.cluster import Stories
from digest.stories.lines import group
from digest.stories.posts import Move, StoryPost
from tests.digest.events import BANK, NOISE, OTHER_QUAKE, QUAKE, START, stream, together


@given(st.randoms(use_true_random=False))
def test_the_order_within_an_hour_changes_nothing(rng: random.Random) -> None:
    texts = [*QUAKE, *BANK, *OTHER_QUAKE, *NOISE, QUAKE[0]]
    hours = [0, 1, 0, 0, 1, 2, 1, 0, *[number % 3 for number in range(len(NOISE))], 1]

    def stories(order: Sequence[int], minutes: Sequence[int]) -> set[frozenset[str]]:
        posts = [
            StoryPost(
                id=number,
                channel=f"channel{number}",
                date=START + timedelta(hours=hours[number], minutes=minutes[number]),
                text=texts[number],
            )
            for number in order
        ]
        return {frozenset(f"channel{number}" for number in ids) for ids in together(posts)}

    places = range(len(texts))
    assert stories(rng.sample(places, len(places)), [rng.randrange(60) for _ in places]) == stories(
        places, [0] * len(places)
    )


WORDS = [
    "fire",
    "Velmora",
    "bank",
    "Пожар",
    "ставка",
    "Орест",
    "42",
    "7,5",
    "coast",
    "мост",
    "🎉",
    "«",
    "\n",
    "https://x.y/z",
]


TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))


DATES = st.one_of(st.none(), st.integers(0, 4_300_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))


POSTS = st.lists(st.tuples(TEXTS, DATES), max_size=25).map(
    lambda items: [StoryPost(id=i, channel="c", date=date, text=text) for i, (text, date) in enumerate(items)]
)


@given(POSTS)
def test_each_post_is_in_exactly_one_story_and_the_same_input_gives_the_same_stories(posts: list[StoryPost]) -> None:
    placed = group(posts)
    assert [item.post for item in placed] == [post.id for post in posts]
    assert placed == group(posts)


CHANGES = st.lists(st.tuples(st.integers(0, 24), st.one_of(st.none(), TEXTS)), max_size=10)


@given(POSTS, CHANGES)
def test_what_a_live_service_has_is_what_its_placements_and_moves_said(
    posts: list[StoryPost], changes: list[tuple[int, str | None]]
) -> None:
    stories = Stories(named=lambda post: int(str(post)))
    where: dict[object, int | str] = {}

    def follow(moves: Sequence[Move]) -> None:
        for move in moves:
            assert where[move.post] == move.old
            where[move.post] = move.story

    for post in posts:
        placed = stories.add(post)
        follow(placed.moves)
        where[post.id] = placed.story
    follow(stories.settle(early=True))
    for number, text in changes:
        if number in where and text is not None:
            placed = stories.revise(replace(posts[number], text=text), where[number])
            follow(placed.moves)
            where[number] = placed.story
        elif number in where:
            stories.remove([number])
            del where[number]
    follow(stories.settle())
    alive = {key: {post for post in where if where[post] == key} for key in where.values()}
    assert alive == {key: set(stories.posts(key)) for key in alive}
    assert len(stories) == len(alive)
    stories.expire(datetime(2200, 1, 1, tzinfo=UTC))
    undated = [post for post in posts if post.date is None]
    assert undated or len(stories) == stories.known_terms == 0


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "слово " * 170_000,
        "Пожар! " * 150_000,
        "«" * 500_000,
        "[" * 1_000_000,
        "[a](" * 250_000,
        " " * 1_000_000,
        "t.me/" * 200_000,
        "\n" * 1_000_000,
        ".\"'" * 300_000,
        "ﷺ" * 300_000,
        "1" * 1_000_000,
        "\u202e<script>&#x" * 80_000,
    ],
    ids=[
        "one word",
        "word",
        "name",
        "quotes",
        "bracket",
        "link",
        "blank",
        "host",
        "lines",
        "stops",
        "wide",
        "digits",
        "rtl",
    ],
)
def test_a_million_characters_cost_no_more_than_a_long_post(text: str) -> None:
    begin = time.process_time()
    [placed, other] = group(stream(text, "An ordinary post about a bridge in Holm."))
    assert placed.story != other.story
    assert time.process_time() - begin < 3


def test_a_flood_of_one_text_and_of_one_word_stays_linear() -> None:
    begin = time.process_time()
    group(stream(*(f"Пожар {i} {i * 7} {i * 13}" for i in range(600)), *["Пожар на складе в Заречье сегодня"] * 600))
    assert time.process_time() - begin < 4


def test_a_post_from_2106_retires_no_story_of_a_service() -> None:
    stories = Stories()
    key = stories.add(stream(QUAKE[0])[0]).story
    stories.add(StoryPost(id="far", channel="c", date=datetime(2106, 2, 7, tzinfo=UTC), text=NOISE[0]))
    assert stories.posts(key) == (0,)
    assert stories.add(StoryPost(id="next", channel="d", date=START + timedelta(minutes=9), text=QUAKE[1])).story == key
