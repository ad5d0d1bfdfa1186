"""What was told of a story before, beside its news."""

from dataclasses import replace
from datetime import timedelta

from core.model import StoryId
from digest.earlier import LONGEST, headlines, with_earlier
from digest.model import Earlier
from tests.digest.render_samples import GRAIN, NOON, SAMPLE, TALKS

BEFORE = Earlier(title="Ships wait at the port", url="https://t.me/harbour/1", date=NOON - timedelta(days=1))


def test_a_headline_is_told_again_with_the_post_that_bore_it_out() -> None:
    story = replace(TALKS, title_sources=(2, 0))
    found = headlines(replace(SAMPLE, stories=(story, GRAIN)))
    assert found[TALKS.id] == Earlier(title=TALKS.title, url="https://t.me/gull/8", date=TALKS.posts[2].date)
    assert found[GRAIN.id].url == GRAIN.first.url


def test_a_headline_is_told_again_with_a_post_that_is_still_there_or_not_at_all() -> None:
    digest = replace(SAMPLE, stories=(replace(TALKS, title_sources=(2, 0)), replace(GRAIN, title_sources=())))
    there, gone = TALKS.posts[0], TALKS.posts[2]
    found = headlines(digest, {gone.url})
    assert (found[TALKS.id].url, found[TALKS.id].date) == (there.url, there.date)
    assert headlines(digest, {gone.url, there.url, GRAIN.first.url}) == {}


def test_a_long_headline_is_told_again_in_one_line() -> None:
    title = "Inspectors of four ministries reach the port of Velmora and open " + "one warehouse of grain and " * 4
    assert len(headlines(replace(SAMPLE, stories=(replace(GRAIN, title=title),)))[GRAIN.id].title) <= LONGEST


def test_news_stands_beside_what_was_told_before() -> None:
    digest = with_earlier(SAMPLE, {GRAIN.id: BEFORE, StoryId(404): BEFORE})
    assert [story.earlier for story in digest.stories] == [None, BEFORE]
