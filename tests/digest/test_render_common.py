"""What all looks of a digest share, line by line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.model import StoryId
from digest.model import CitedSentence, Credit, Difference, Digest, Note, StoryView
from digest.render import common
from tests.digest.render_samples import EARLIER, GRAIN, NOON, SAMPLE, TALKS, correction, post


def on_topics(*topics: str | None, update: bool = False) -> Digest:
    stories = [replace(TALKS, id=StoryId(at), topic=topic, update=update) for at, topic in enumerate(topics)]
    return replace(SAMPLE, stories=tuple(stories))


def test_stories_on_no_topic_have_a_heading_where_they_follow_others() -> None:
    headings = [each.heading for each in common.sections(on_topics(None, "Diplomacy", "Diplomacy", None))]
    assert headings == ["", "Diplomacy", "Other news"]


def test_source_marks_are_numbered_as_a_reader_meets_them() -> None:
    def on(source: int) -> CitedSentence:
        return CitedSentence(text="It is so.", sources=(source,))

    story = replace(
        TALKS,
        posts=tuple(post("wire", number, 60) for number in range(7)),
        summary=(on(6),),
        earlier=EARLIER,
        notes=(Note(text="It is not so.", sources=(5,)),),
        differences=(Difference(one=on(4), other=on(3), figures=("1", "2")),),
        denials=(on(2),),
        credits=(Credit(name="Paper", sources=(1,)),),
    )
    digest = replace(
        SAMPLE, stories=(story,), corrections=(correction(8, "It was."), correction(9, "No.", deleted=True))
    )
    numbers = common.marks(digest)
    assert list(numbers) == [
        "https://t.me/wire/6",
        EARLIER.url,
        *(f"https://t.me/wire/{place}" for place in (5, 4, 3, 2, 1)),
        "https://t.me/old_wire/8",
    ]
    assert list(numbers.values()) == list(range(1, 9))


def test_a_sentence_of_many_posts_has_the_marks_of_four_in_the_order_of_their_numbers() -> None:
    posts = tuple(post("wire", number, 60) for number in range(6))
    sentences = (CitedSentence(text="So.", sources=(2,)), CitedSentence(text="Thus.", sources=(4, 3, 2, 1, 0)))
    story = replace(TALKS, posts=posts, summary=sentences, differences=())
    numbers = common.marks(replace(SAMPLE, stories=(story,)))
    marks = list(common.sentence_marks(story, (4, 3, 2, 1, 0), numbers))
    assert marks == [(f"https://t.me/wire/{place}", f"[{at}]") for at, place in enumerate((2, 4, 3, 1), 1)]


@pytest.mark.parametrize(
    ("hours", "heading"),
    [(30, "World affairs · Tuesday, 18 February"), (37, "World affairs · 16 Feb to 18 Feb")],
    ids=["a day and a bit", "more than a day and a half"],
)
def test_a_window_of_more_than_a_day_and_a_half_is_named_by_its_days(hours: int, heading: str) -> None:
    assert common.heading(replace(SAMPLE, since=NOON - timedelta(hours=hours))) == heading


def test_a_day_that_ends_at_midnight_is_named_by_itself() -> None:
    midnight = datetime(2025, 2, 17, 21, 0, tzinfo=UTC)  # in Moscow
    assert common.heading(replace(SAMPLE, until=midnight)) == "World affairs · Monday, 17 February"
    assert common.moment(replace(SAMPLE, until=midnight), midnight - timedelta(hours=1)) == "23:00"


def test_what_is_read_in_no_time_takes_a_minute() -> None:
    assert common.made_of(replace(SAMPLE, minutes=0)).endswith("became 2 stories, 1 minute")


def test_the_opening_line_names_four_topics_where_one_stands_above_the_others() -> None:
    many = ["One"] * 4 + ["Two"] * 3 + ["Three"] * 2 + ["Four", "Five"]
    assert common.above_all(on_topics(*many)) == "Above all: One (4), Two (3), Three (2), Four (1)."
    assert common.above_all(on_topics(*["One"] * 3, "Two", None)) == "Above all: One (3), Two (1)."
    for fewer in (["One"] * 4, ["One", "One", "Two", "Two"], []):
        assert common.above_all(on_topics(*fewer)) == ""
    assert common.above_all(on_topics(*many, update=True)) == ""


def test_of_many_channels_that_report_it_too_five_are_named() -> None:
    def reported(channels: int) -> str:
        posts = tuple(post(f"c{number}", 1, 60) for number in range(channels))
        return common.also_reported(SAMPLE, replace(TALKS, posts=posts))

    assert reported(1) == ""
    assert reported(3) == "Also reported by C1 and C2."
    assert reported(6) == "Also reported by C1, C2, C3, C4 and C5."
    assert reported(9) == "Also reported by C1, C2, C3, C4, C5 and 3 more."


def test_two_channels_of_one_title_are_two() -> None:
    posts = (post("news", 1, 60), replace(post("other_news", 1, 50), channel_title="News"), post("news", 2, 40))
    story = replace(TALKS, posts=posts)
    assert common.who_told(SAMPLE, story) == "2 channels, first News at 11:00."
    assert common.also_reported(SAMPLE, story) == "Also reported by News."


def test_a_long_name_is_cut_wherever_it_stands() -> None:
    long, short = "name " * 60, ("name " * 12 + "nam…")
    posts = tuple(replace(each, channel_title=long + each.channel) for each in TALKS.posts)
    story = replace(TALKS, posts=posts, topic=long, earlier=replace(EARLIER, title=long), why=(long,))
    digest = replace(SAMPLE, stories=(story,) * 3, channel=long, lists=())
    drawn = (
        common.heading(digest),
        common.who_told(digest, story),
        common.also_reported(digest, story),
        common.why(digest, story),
        common.sections(digest)[0].heading,
        common.entry(digest, story, posts[0]).link,
    )
    assert [line.count("name") for line in drawn] == [12, 12, 24, 12, 12, 12]
    assert all(short in line for line in drawn)
    line, _ = common.earlier(digest, story) or ("", "")
    assert line == f"Earlier, 16 Feb: {('name ' * 48).strip()}…"


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("It is over", "It is over."),
        ("It is over.", "It is over."),
        ("It is over..", "It is over.."),
        ("And then:", "And then:"),
        ("यह खत्म है।", "यह खत्म है।"),
        ("", ""),
    ],
)
def test_a_sentence_ends_with_one_full_stop(text: str, ended: str) -> None:
    assert common.stopped(CitedSentence(text=text, sources=(0,))).text == ended


def test_a_post_without_words_of_its_own_is_told_by_its_channel_and_what_it_answers() -> None:
    bare = replace(GRAIN.posts[0], quote="Is it so?")
    entry = common.entry(SAMPLE, GRAIN, bare)
    assert (entry.link, entry.rest) == ("Harbour", " (in answer to “Is it so?”)")


@pytest.mark.parametrize(
    ("was", "became", "line"),
    [
        (("12",), ("15",), "Old /Wire said 12, now says 15: Now."),
        (("12",), (), "Old /Wire said: “Then.” Now it says: “Now.”"),
        ((), ("15",), "Old /Wire said: “Then.” Now it says: “Now.”"),
    ],
)
def test_a_correction_sets_values_against_each_other_where_it_has_both(
    was: tuple[str, ...], became: tuple[str, ...], line: str
) -> None:
    corrected = replace(correction(1, "Then.", "Now."), was=was, became=became)
    assert list(common.corrected(replace(SAMPLE, corrections=(corrected,)))) == [(line, corrected.url)]


def test_a_timeline_has_words_before_copies_and_first_ones_before_later_ones() -> None:
    def numbers(story: StoryView, most: int) -> list[int]:
        return [int(each.url.rpartition("/")[2]) for each in common.timeline(story, most)[0]]

    first = [post("a", 1, 60, copy=True), post("b", 2, 50), post("c", 3, 40)]
    later = [post("b", 4, 30, copy=True), post("b", 5, 20), post("b", 6, 10)]
    story = replace(TALKS, posts=(*first, *later))
    assert [numbers(story, most) for most in (1, 2, 3, 4, 5, 6)] == [
        [2],
        [2, 3],
        [1, 2, 3],
        [1, 2, 3, 6],
        [1, 2, 3, 5, 6],
        [1, 2, 3, 4, 5, 6],
    ]
    assert common.timeline(replace(TALKS, posts=(first[0],))) == ((), 0)


def test_little_money_is_not_named() -> None:
    spent = [common.tail(replace(SAMPLE, tokens=9, cost=cost))[-1] for cost in (0.0004, 0.0005)]
    assert [" at 0.0" in line for line in spent] == [False, True]
