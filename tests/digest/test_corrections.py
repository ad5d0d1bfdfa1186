"""What of a story that was told is no longer so, once its posts have changed."""

from dataclasses import replace
from typing import Any

import pytest

from core.model import Kind, Post, PostId, StoryId
from digest.corrections import corrections, put_right, still_there
from digest.kept import from_kept, to_kept
from digest.model import CitedPost, CitedSentence, Correction, Digest, Earlier, StoryView
from tests.digest.render_samples import SAMPLE
from tests.posts import MORNING

FIRE = "A fire at the Kessel paint works in Ostrava killed 12 people and injured 30, the mayor Jana Novak said."
RUSSIAN = "Пожар на заводе «Кессель» в Остраве: погибли 12 человек, мэр Новак согласилась на расследование."


def a_post(number: int, text: str, **fields: object) -> Post:
    values: dict[str, Any] = {
        "id": PostId(number), "channel": f"wire_{number}", "channel_title": f"Wire {number}", "message_id": number,
        "date": MORNING, "text": text, "body": text, "language": "en", "kind": Kind.NEWS, "fingerprint": 0,
        "story": StoryId(1),
    }  # fmt: skip
    return Post(**{**values, **fields})


def told(sentence: str, *posts: Post) -> StoryView:
    cited = tuple(
        CitedPost(channel=post.channel, channel_title=post.channel_title, url=post.url, date=post.date)
        for post in posts
    )
    summary = (CitedSentence(text=sentence, sources=tuple(range(len(posts)))),)
    return StoryView(id=StoryId(1), title=sentence, summary=summary, posts=cited)


def after_edit(before: str, after: str, *, sentence: str = "") -> tuple[Correction, ...]:
    """What is corrected of a post's only sentence (or of this one) once the post has been edited."""
    post = a_post(1, after, edits=1)
    return corrections(told(sentence or before, post), {post.url: post}, {post.id: before}, ())


@pytest.mark.parametrize(
    ("after", "was", "became"),
    [
        pytest.param(FIRE.replace("12", "14"), ("12",), ("14",), id="a number"),
        pytest.param(FIRE.replace("12", "14").replace("30", "41"), ("12", "30"), ("14", "41"), id="two numbers"),
        pytest.param(FIRE.replace("Ostrava", "Brno"), ("Ostrava",), ("Brno",), id="a place"),
        pytest.param(FIRE.replace("Novak", "Hlava"), ("Novak",), ("Hlava",), id="a person"),
        pytest.param(FIRE.replace("Novak", "Novik"), ("Novak",), ("Novik",), id="a letter of a short name"),
        pytest.param(FIRE.replace("Ostrava", "Ostrow"), ("Ostrava",), ("Ostrow",), id="more letters than one"),
    ],
)
def test_what_stands_in_the_place_of_a_number_or_name_is_told(
    after: str, was: tuple[str, ...], became: tuple[str, ...]
) -> None:
    (found,) = after_edit(FIRE, after)
    assert (found.was, found.became, found.said, found.now) == (was, became, FIRE, after)
    assert (found.post, found.edits, found.deleted) == (1, 1, False)


def test_of_a_post_of_several_sentences_the_one_that_was_told_is_set_against_what_became_of_it() -> None:
    around = (
        "Smoke was seen from ships far out at sea, and sirens were heard in every village along the coast road. {} "
        "Schools in the north stay closed until Monday, while volunteers hand out masks and water at all tram stops."
    )
    before, after = around.format(FIRE), around.format(FIRE.replace("12", "14"))
    (found,) = after_edit(before, after, sentence=FIRE)
    assert (found.was, found.became, found.now) == (("12",), ("14",), FIRE.replace("12", "14"))


def test_a_post_is_corrected_once_whatever_was_told_of_it() -> None:
    gone = a_post(1, FIRE, deleted=True)
    story = told(FIRE, gone)
    two = replace(story, summary=(*story.summary, CitedSentence(text="The works were old.", sources=(0,))))
    assert len(corrections(two, {gone.url: gone}, {gone.id: f"{FIRE} The works were old."}, ())) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The council of Kessel agreed to pay the works.", "The council of Kessel did not agree to pay the works."),
        ("The minister confirmed the talks in Brno on gas.", "The minister denied the talks in Brno on gas."),
        (RUSSIAN, RUSSIAN.replace("согласилась", "не согласилась")),
    ],
    ids=["not", "denied", "не"],
)
def test_a_denial_is_told_with_both_sentences(before: str, after: str) -> None:
    (found,) = after_edit(before, after)
    assert (found.was, found.said, found.now) == ((), before, after)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(FIRE + " Photos follow.", id="a sentence more"),
        pytest.param(FIRE.replace("killed", "has killed"), id="another word"),
        pytest.param(FIRE.replace("Ostrava", "Ostravva"), id="a letter of a name doubled"),
        pytest.param(FIRE.replace("Ostrava", "Ostrva"), id="a letter of a name left out"),
        pytest.param(FIRE.replace("Ostrava", "Ostarva"), id="two letters of a name swapped"),
        pytest.param(FIRE.replace("Kessel", "Kassel"), id="a letter of a name in the place of another"),
        pytest.param(FIRE.replace("Ostrava", "Ostrav"), id="a name without its last letter"),
        pytest.param(FIRE.replace(" and injured 30", "") + " It injured 30 people.", id="moved to another sentence"),
        pytest.param("Fire: " + FIRE.upper(), id="in capitals"),
    ],
)
def test_trifles_are_no_corrections(after: str) -> None:
    assert after_edit(FIRE, after) == ()


def test_what_a_post_says_no_more_is_told() -> None:
    (found,) = after_edit(FIRE, "This post was published by mistake.")
    assert (found.said, found.now, found.deleted) == (FIRE, "", False)


def test_a_translated_sentence_is_held_to_its_numbers() -> None:
    after = RUSSIAN.replace("12", "15")
    (found,) = after_edit(RUSSIAN, after, sentence="A fire at the Kessel works killed 12 people.")
    assert "15" in found.now + "".join(found.became) or found.now == ""


def test_a_deletion_is_told_unless_another_post_still_says_so() -> None:
    gone, other = a_post(1, FIRE, deleted=True), a_post(2, FIRE)
    story = told(FIRE, gone, other)
    posts = {gone.url: gone, other.url: other}
    assert corrections(story, posts, {gone.id: FIRE}, {other.id}) == ()
    found = corrections(story, {**posts, other.url: replace(other, deleted=True)}, {gone.id: FIRE, other.id: FIRE}, ())
    assert [each.deleted for each in found] == [True, True]


def test_what_no_told_sentence_rests_on_may_change() -> None:
    cited, other = a_post(1, FIRE), a_post(2, "Nothing of it.", edits=1)
    story = replace(told(FIRE, cited, other), summary=(CitedSentence(text=FIRE, sources=(0,)),))
    assert corrections(story, {cited.url: cited, other.url: other}, {other.id: FIRE}, {cited.id}) == ()


def test_a_post_that_tells_of_another_event_by_now_leaves_its_story() -> None:
    one, other = a_post(1, FIRE), a_post(2, "A ferry ran aground.", story=StoryId(9), edits=1)
    assert still_there([one, other], {other.id}) == (one,)
    assert still_there([other], {other.id}) == (other,)
    merged = replace(one, story=StoryId(9)), other
    assert still_there(merged, {other.id}) == merged
    assert still_there([replace(one, kind=Kind.PROMO), replace(other, deleted=True)], ()) == ()


def test_what_is_kept_of_a_digest_is_all_of_it() -> None:
    assert from_kept(to_kept(SAMPLE)) == SAMPLE
    assert from_kept({"stories": "of another version"}) is None


def test_only_the_stories_that_changed_are_told_anew() -> None:
    one, *rest = SAMPLE.stories
    right: Digest = put_right(SAMPLE, {one.id: ()})
    assert right.stories == tuple(rest)
    assert right.posts == SAMPLE.posts - len(one.posts)
    assert put_right(SAMPLE, {}).stories == SAMPLE.stories


def test_a_story_that_is_told_anew_stays_under_its_heading_and_beside_what_was_told_before() -> None:
    post = a_post(1, FIRE, edits=1)
    earlier = Earlier(title="Smoke over the port", url="https://t.me/a/1", date=post.date)
    before = replace(told(FIRE, post), topic="Accidents", earlier=earlier)
    now = replace(post, text=FIRE.replace("12", "14"), body=FIRE.replace("12", "14"))
    (story,) = put_right(replace(SAMPLE, stories=(before,)), {before.id: [now]}).stories
    assert ("14" in story.summary[0].text, story.topic, story.earlier) == (True, "Accidents", earlier)


@pytest.mark.parametrize("left", [pytest.param((1, 2), id="merged"), pytest.param((2,), id="the rest deleted")])
def test_a_story_of_which_only_what_was_joined_is_left_is_told_anew_by_that(left: tuple[int, ...]) -> None:
    posts = [a_post(number, FIRE.replace("12", "14"), story=StoryId(2), edits=1) for number in left]
    before = replace(told(FIRE, a_post(1, FIRE), a_post(2, FIRE, story=StoryId(2))), joined=(StoryId(2),))
    (story,) = put_right(replace(SAMPLE, stories=(before,)), {before.id: posts}).stories
    assert ("14" in story.summary[0].text, story.joined, len(story.posts)) == (True, (StoryId(2),), len(left))
