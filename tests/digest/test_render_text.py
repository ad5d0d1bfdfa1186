"""The plain look and the JSON."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings

from digest.model import CitedSentence, Digest, StoryView
from digest.render import jsonform, text
from tests.digest.render_samples import GRAIN, MENDED, NOON, SAMPLE, TALKS, digests


def test_a_digest_reads_as_designed() -> None:
    assert text.render(SAMPLE) == (
        "World affairs · Tuesday, 18 February\n"
        "41 posts in 5 channels became 2 stories, 1 minute\n"
        "\n"
        "Diplomacy\n"
        "1  Presidents open direct talks\n"
        "   The two presidents agreed by telephone to start negotiations. [1][2]\n"
        "   The rouble rose 5 % after the call. [3]\n"
        "   3 channels, first World Wire at 11:16. They differ: The call took 90 minutes. [1] / The call took\n"
        "   60 minutes. [2]\n"
        "\n"
        "New in a story you know\n"
        "2  Inspectors reach the port, and two ships were cleared at noon. [4]\n"
        "   Earlier, 16 Feb: A corridor for grain [5]\n"
        "   Harbour at 00:20.\n"
        "\n"
        "Left out: 31 advertisements and announcements, 6 items from one source.\n"
        "Not read: @quiet_channel since 06:10.\n"
        "\n"
        "Sources\n"
        "  [1] https://t.me/world_wire/10\n"
        "  [2] https://t.me/gull/8\n"
        "  [3] https://t.me/coin_post/3\n"
        "  [4] https://t.me/harbour/5\n"
        "  [5] https://t.me/harbour/2\n"
        "\n"
        "[More like 1] [Less like 1] [More or less like another…] [Sources] [Settings]\n"
    )


def test_what_is_doubted_and_what_is_no_longer_so_reads_as_designed() -> None:
    shown = text.render(MENDED)
    assert (
        "   60 minutes. [2]\n"
        "   ⚠ Fact-checkers (de) say: The picture /is of 2019. [1]\n"
        "   ⚠ Fact-checkers say: Nobody else has the figure. [3]\n"
        "   Denied or not confirmed: The palace denies /that there was a call. [2]\n"
        "   They name as their source: Morning /Paper [3], A Wire [1][3]\n"
        "\n"
        "New in a story you know\n"
    ) in shown
    assert (
        "   Harbour at 00:20.\n"
        "\n"
        "Corrections\n"
        "   Old /Wire said 12, now says 15: 15 people came. [6]\n"
        "   Old /Wire said: “The bridge is open.” Now it says: “The bridge is not open.” [7]\n"
        "   Old /Wire no longer says: “The /mayor left.” [8]\n"
        "   Deleted by the channel Old /Wire: “It snows.”\n"
        "\n"
        "Left out: 31 advertisements and announcements, 6 items from one source.\n"
        "Not read: @quiet since 07:00, c/12, @never.\n"
    ) in shown
    assert shown.count("https://t.me/old_wire/") == 3  # what is deleted leads nowhere


def test_stories_of_one_topic_are_told_apart_by_an_empty_line_and_their_sources_stand_in_a_column() -> None:
    many = [
        replace(TALKS, posts=tuple(replace(each, url=f"{each.url}{number}") for each in TALKS.posts))
        for number in range(4)
    ]
    shown = text.render(replace(SAMPLE, stories=tuple(many)))
    assert "   60 minutes. [8]\n\n4  Presidents open direct talks\n" in shown
    assert "\n  [9] https://t.me/coin_post/32\n [10] https://t.me/world_wire/103\n" in shown


def test_what_is_one_thing_is_not_divided_between_two_lines() -> None:
    said = "The vote of all the members of all 1 000 clubs was, all agree, well-timed in all of the year 2024 5678"
    story = replace(GRAIN, title="The vote", summary=(CitedSentence(text=said, sources=(0,)),), earlier=None)
    lines = text.render(replace(SAMPLE, stories=(story,)), 38).splitlines()
    assert lines[5:9] == [
        "1  The vote of all the members of all",
        "   1\N{NO-BREAK SPACE}000 clubs was, all agree,",
        "   well-timed in all of the year 2024",
        "   5678 [1]",
    ]
    assert "[More like 1] [Less like 1]\n[More or less like another…] [Sources]\n[Settings]\n" in text.render(SAMPLE, 9)


def test_the_same_digest_in_russian() -> None:
    shown = text.render(replace(SAMPLE, language="ru"))
    assert shown.startswith("World affairs · вторник, 18 февраля\n41 пост в 5 каналах → 2 сюжета, 1 минута\n")
    assert "3 канала, первым – World Wire в 11:16." in shown
    assert "Ранее, 16 февраля: A corridor for grain [5]" in shown
    assert "Не вошло: 31 объявление или реклама, 6 сообщений одного источника." in shown


YESTERDAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("They meet today.", "They meet today (said on 17 Feb). [1]", id="today"),
        pytest.param("They meet tomorrow", "They meet tomorrow (said on 17 Feb). [1]", id="without a full stop"),
        pytest.param("Shall they meet tonight?", "Shall they meet tonight? (said on 17 Feb). [1]", id="a question"),
        pytest.param("They met last night…", "They met last night… (said on 17 Feb). [1]", id="an ellipsis"),
        pytest.param("They meet on Friday.", "They meet on Friday. [1]", id="a day by its name"),
        pytest.param("Todays are many.", "Todays are many. [1]", id="another word"),
    ],
)
def test_what_goes_by_the_day_says_of_which_day_it_is(said: str, shown: str) -> None:
    assert shown in told_by(said, NOON - YESTERDAY)


@pytest.mark.parametrize(
    "word", "сегодня завтра вчера послезавтра позавчера сегодняшней вчерашнюю сьогодні учора".split()
)
def test_so_it_does_in_russian(word: str) -> None:
    digest = replace(a_digest(f"Они встретились {word} в Риге.", NOON - YESTERDAY), language="ru")
    assert f"{word} в Риге (сказано 17 февраля). [1]" in text.render(digest)


def test_what_was_said_on_the_day_of_the_digest_needs_no_day() -> None:
    assert "They meet today. [1]" in told_by("They meet today.", NOON)
    assert "They meet today. [1]" in told_by("They meet today.", NOON - YESTERDAY, NOON)  # nor does one that both say
    evening = NOON.replace(day=17, hour=21, minute=30)  # in Moscow the day has begun
    assert "They meet today. [1]" in told_by("They meet today.", evening)


def test_a_headline_says_of_which_day_it_is() -> None:
    apart = replace(a_story("Talks go on.", NOON - YESTERDAY), title="They meet today", title_sources=(0,))
    assert "1  They meet today (said on 17 Feb) [1]\n" in text.render(replace(SAMPLE, stories=(apart,)))
    opening = replace(a_story("They meet today, as agreed.", NOON - YESTERDAY), title="They meet today")
    assert "1  They meet today, as agreed (said on 17 Feb). [1]\n" in text.render(replace(SAMPLE, stories=(opening,)))
    whole = replace(a_story("They meet today.", NOON - YESTERDAY), title="They meet today")
    assert "1  They meet today (said on 17 Feb). [1]\n" in text.render(replace(SAMPLE, stories=(whole,)))


def test_dots_behind_a_headline_are_no_rest_of_its_sentence() -> None:
    dots = replace(a_story("They meet in Riga...", NOON), title="They meet in Riga")
    assert "1  They meet in Riga [1]\n" in text.render(replace(SAMPLE, stories=(dots,)))


def test_a_day_is_said_once_until_another_was_also_where_that_is_the_digests() -> None:
    dates = (NOON - YESTERDAY, NOON - 2 * YESTERDAY, NOON)
    said = [("It rains today.", 0), ("It rains tonight.", 0), ("It rained last night.", 1), ("Sun tomorrow.", 2)]
    story = a_story("Talks.", *dates)
    summary = tuple(CitedSentence(text=each, sources=(place,)) for each, place in said)
    shown = text.render(replace(SAMPLE, stories=(replace(story, summary=summary),)))
    assert "It rains today (said on 17 Feb). [1]\n   It rains tonight. [1]\n" in shown
    assert "last night (said on 16 Feb). [1]\n   Sun tomorrow (said on 18 Feb). [1]\n" in shown


def told_by(said: str, *dates: datetime) -> str:
    return text.render(a_digest(said, *dates))


def a_digest(said: str, *dates: datetime) -> Digest:
    return replace(SAMPLE, stories=(a_story(said, *dates),))


def a_story(said: str, *dates: datetime) -> StoryView:
    posts = tuple(replace(GRAIN.posts[0], date=date) for date in dates)
    summary = (CitedSentence(text=said, sources=tuple(range(len(dates)))),)
    return replace(GRAIN, title="Talks", title_sources=(0,), summary=summary, posts=posts, update=False, earlier=None)


@settings(max_examples=8)
@given(digests())
def test_every_line_fits_the_terminal(digest: Digest) -> None:
    shown = replace(digest, stories=tuple(replace(story, topic=None) for story in digest.stories))
    body = text.render(shown, 80).split("\n\nSources\n")[0].split("\n\nИсточники\n")[0]
    assert all(len(line) <= 80 or line.startswith("[") for line in body.split("\n"))


def test_the_json_has_the_promised_keys() -> None:
    found = json.loads(jsonform.render(SAMPLE))
    assert list(found) == ["list", "from", "to", "posts", "channels", "stories", "left_out"]
    assert (found["list"], found["to"], found["left_out"]) == ("world", "2025-02-18T09:00:00+00:00", 37)
    assert found["stories"][1] == {
        "id": "9",
        "title": "Inspectors reach the port",
        "summary": [
            {
                "text": "Inspectors reach the port, and two ships were cleared at noon.",
                "sources": ["https://t.me/harbour/5"],
            }
        ],
        "posts": [{"channel": "harbour", "url": "https://t.me/harbour/5", "date": "2025-02-17T21:20:00+00:00"}],
        "score": 0.0,
        "why": [],
        "update": True,
        "earlier": {
            "title": "A corridor for grain",
            "url": "https://t.me/harbour/2",
            "date": "2025-02-16T09:00:00+00:00",
        },
    }
    assert "earlier" not in found["stories"][0]


@settings(max_examples=6)
@given(digests())
def test_any_digest_is_json(digest: Digest) -> None:
    found = json.loads(jsonform.render(digest))
    assert len(found["stories"]) == len(digest.stories)
    assert all(sentence["sources"] for story in found["stories"] for sentence in story["summary"])


def test_what_a_model_took_is_told() -> None:
    assert "model" not in text.render(SAMPLE)
    spent = replace(SAMPLE, tokens=12_345, cost=0.0214)
    assert "A model wrote the summaries, in 12,345 tokens, at 0.021 by its price." in text.render(spent)
    free = replace(SAMPLE, tokens=900, language="ru")
    assert "Тексты писала модель: 900 токенов." in text.render(free)
