"""The classic look: what Telegram's own parser makes of it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings

from core.model import StoryId
from digest.model import CitedSentence, Credit, Digest, LeftOut, ListRef, StaleChannel, StoryView
from digest.render import classic, common, page, rich
from tests.digest.render_samples import GRAIN, MENDED, SAMPLE, TALKS, digests, post
from tests.servers.bot_api_text import parse_html, units


def test_a_digest_reads_as_designed() -> None:
    (part,) = classic.render(SAMPLE)
    assert part.html == (
        "<b>World affairs · Tuesday, 18 February</b>\n"
        "41 posts in 5 channels became 2 stories, 1 minute\n"
        "\n"
        "<b><u>Diplomacy</u></b>\n"
        "<b>1. Presidents open direct talks</b>\n"
        "The two presidents agreed by telephone to start negotiations. "
        '<a href="https://t.me/world_wire/10">[1]</a><a href="https://t.me/gull/8">[2]</a> '
        'The rouble rose 5 % after the call. <a href="https://t.me/coin_post/3">[3]</a>\n'
        "<i>3 channels, first World Wire at 11:16.</i>\n"
        '<blockquote expandable>They differ: The call took 90 minutes. <a href="https://t.me/world_wire/10">[1]</a> / '
        'The call took 60 minutes. <a href="https://t.me/gull/8">[2]</a>\n'
        "Also reported by Coin Post and Gull.\n"
        '11:16 <a href="https://t.me/world_wire/10">World Wire</a>: Presidents agree to talk\n'
        '11:30 <a href="https://t.me/coin_post/3">Coin Post</a>: The rouble rose 5 %\n'
        '11:40 <a href="https://t.me/gull/8">Gull</a> – the same words\n'
        "Why here: 3 independent channels.</blockquote>\n"
        "\n"
        "<b><u>New in a story you know</u></b>\n"
        "<b>2. Inspectors reach the port</b>, and two ships were cleared at noon. "
        '<a href="https://t.me/harbour/5">[4]</a>\n'
        'Earlier, 16 Feb: A corridor for grain <a href="https://t.me/harbour/2">[5]</a>\n'
        "<i>Harbour at 00:20.</i>\n"
        "\n"
        "<i>Left out: 31 advertisements and announcements, 6 items from one source.</i>\n"
        "\n"
        "<i>Not read: @quiet_channel since 06:10.</i>"
    )
    assert [[(button.text, button.action, button.argument) for button in row] for row in part.buttons] == [
        [("More like 1", "more", "7"), ("Less like 1", "less", "7")],
        [("More or less like another…", "rate", "")],
        [("Sources", "sources", "")],
        [("Settings", "settings", "")],
    ]


def test_what_is_doubted_and_what_is_no_longer_so_reads_as_designed() -> None:
    (part,) = classic.render(MENDED)
    assert part.html.partition("first World Wire at 11:16.</i>\n")[2] == (
        "⚠ Fact-checkers (de) say: The picture \u2215is of 2019. "
        '<a href="https://t.me/world_wire/10">[1]</a>\n'
        '⚠ Fact-checkers say: Nobody else has the figure. <a href="https://t.me/coin_post/3">[3]</a>\n'
        '<blockquote expandable>They differ: The call took 90 minutes. <a href="https://t.me/world_wire/10">[1]</a> / '
        'The call took 60 minutes. <a href="https://t.me/gull/8">[2]</a>\n'
        "Denied or not confirmed: The palace denies \u2215that there was a call. "
        '<a href="https://t.me/gull/8">[2]</a>\n'
        "Also reported by Coin Post and Gull.\n"
        'They name as their source: Morning \u2215Paper <a href="https://t.me/coin_post/3">[3]</a>, '
        'A Wire <a href="https://t.me/world_wire/10">[1]</a><a href="https://t.me/coin_post/3">[3]</a>\n'
        '11:16 <a href="https://t.me/world_wire/10">World Wire</a>: Presidents agree to talk\n'
        '11:30 <a href="https://t.me/coin_post/3">Coin Post</a>: The rouble rose 5 %\n'
        '11:40 <a href="https://t.me/gull/8">Gull</a> – the same words\n'
        "Why here: 3 independent channels.</blockquote>\n"
        "\n"
        "<b><u>New in a story you know</u></b>\n"
        "<b>2. Inspectors reach the port</b>, and two ships were cleared at noon. "
        '<a href="https://t.me/harbour/5">[4]</a>\n'
        'Earlier, 16 Feb: A \u2215corridor for grain <a href="https://t.me/harbour/2">[5]</a>\n'
        "<i>Harbour at 00:20.</i>\n"
        "\n"
        "<b><u>Corrections</u></b>\n"
        "Old \u2215Wire said 12, now says 15: 15 people came. "
        '<a href="https://t.me/old_wire/1">[6]</a>\n'
        "\n"
        "Old \u2215Wire said: “The bridge is open.” Now it says: “The bridge is not open.” "
        '<a href="https://t.me/old_wire/2">[7]</a>\n'
        "\n"
        'Old \u2215Wire no longer says: “The \u2215mayor left.” <a href="https://t.me/old_wire/3">[8]</a>\n'
        "\n"
        "Deleted by the channel Old \u2215Wire: “It snows.”\n"
        "\n"
        "<i>Left out: 31 advertisements and announcements, 6 items from one source.</i>\n"
        "\n"
        "<i>Not read: @quiet since 07:00, c/12, @never.</i>"
    )
    assert (part.stories, part.corrections) == ((7, 9), True)


def test_no_word_of_a_post_is_a_command_that_a_tap_sends_to_the_bot() -> None:
    story = replace(
        TALKS,
        title="Talks: /stop them?",
        summary=(
            CitedSentence(text="Send /forget or /\u200bstart to 24/7 help, http://a.example/stop said.", sources=(0,)),
        ),
        posts=tuple(
            replace(each, lead="/unsubscribe now", channel_title=f"/start {each.channel}") for each in TALKS.posts
        ),
    )
    digest = replace(SAMPLE, stories=(story,), lists=(), channel="/digest of ours")
    for drawn in ("\n".join(part.html for part in classic.render(digest)), rich.render(digest)):
        shown = re.sub(r"<a .*?</a>|<[^>]*>", "", drawn)
        assert re.findall(r"(?<![\w/])/\w+", shown) == []
        assert "\u2215forget or \u2215start to 24/7 help, http://a.example/stop" in shown


def test_each_sentence_has_a_full_stop_and_no_line_has_two() -> None:
    texts = ["It began at noon", "Was it so?", "«Да»", 'He said: "It is over."', "It ended."]
    texts += ["桥已关闭。", "明日開く", "市長「橋は閉まった」"]
    bare = [CitedSentence(text=text, sources=(0,)) for text in texts]
    names = (TALKS.posts[0], replace(TALKS.posts[1], channel_title="Before all. Well, nearly."))
    story = replace(TALKS, summary=tuple(bare), posts=names, differences=(), denials=(), credits=())
    html = classic.render(replace(SAMPLE, stories=(story,)))[0].html
    assert "It began at noon. <a" in html
    assert "Was it so? <a" in html
    assert "«Да». <a" in html
    assert "He said: &quot;It is over.&quot; <a" in html
    assert "It ended. <a" in html
    assert "桥已关闭。 <a" in html
    assert "明日開く <a" in html
    assert "市長「橋は閉まった」 <a" in html
    assert "Also reported by “Before all. Well, nearly.”.\n" in html


def test_a_story_that_one_channel_alone_tells_does_not_repeat_its_name() -> None:
    posts = [post("wire", number, 60 - number, f"News {number}", copy=number == 2) for number in (1, 2, 3)]
    posts[2] = replace(posts[2], quote="Is it so?")
    html = classic.render(replace(SAMPLE, stories=(replace(TALKS, posts=tuple(posts)),)))[0].html
    assert '11:01 <a href="https://t.me/wire/1">News 1</a>\n' in html
    assert '11:02 <a href="https://t.me/wire/2">Wire</a> – the same words\n' in html
    assert '11:03 <a href="https://t.me/wire/3">News 3</a> (in answer to “Is it so?”)\n' in html


def test_a_timeline_says_the_day_where_it_is_another_than_on_the_line_before() -> None:
    posts = [post("wire", number, minutes, "News") for number, minutes in enumerate((780, 750, 660, 600))]
    digest = replace(SAMPLE, stories=(replace(TALKS, posts=tuple(posts), differences=(), why=()),))
    moments = ["23:00 on 17 Feb", "23:30", "01:00 on 18 Feb", "02:00"]
    (part,) = classic.render(digest)
    (fold,) = re.findall(r"<blockquote expandable>(.*)</blockquote>", part.html, re.DOTALL)
    assert [line.partition(" <a")[0] for line in fold.splitlines()] == moments
    assert re.findall(r"<li><bdi><time[^>]*>(.*?)</time>", page.render(digest)) == moments
    assert re.findall(r"<li><tg-time[^>]*>(.*?)</tg-time>", rich.render(digest)) == moments


def test_that_there_was_room_is_not_said_of_each_story_of_one_channel() -> None:
    story = replace(GRAIN, why=("posted 3 hours before the digest", "there was room for it"))
    alone = replace(SAMPLE, stories=(story,), channels=1)
    assert "<blockquote" not in classic.render(alone)[0].html
    assert "Why here: posted 3 hours before" in classic.render(replace(alone, channels=2))[0].html
    assert "Why here: 3 ind" in classic.render(replace(alone, stories=(replace(story, why=TALKS.why),)))[0].html


def test_a_long_timeline_has_the_first_of_each_channel_and_of_later_ones_some_of_all_hours() -> None:
    wire = [post("wire", number, 60 - number, copy=number == 12) for number in range(1, 13)]
    story = replace(TALKS, posts=(*wire, post("gull", 1, 5)))
    shown, missing = common.timeline(story, 5)
    assert [each.url.rpartition("t.me/")[2] for each in shown] == ["wire/1", "wire/5", "wire/8", "wire/11", "gull/1"]
    assert missing == 8
    assert len(common.timeline(story, 12)[0]) == 12
    assert [each.channel for each in common.timeline(story, 1)[0]] == ["wire"]
    assert common.timeline(story, 13) == (story.posts, 0)


def test_a_quiet_day_says_so_in_one_line() -> None:
    quiet = replace(SAMPLE, stories=(), stale=(), left_out=LeftOut(), posts=3, channels=1, language="ru")
    (part,) = classic.render(quiet)
    assert "Тихий день: 3 поста в 1 канале" in part.html
    silent = classic.render(replace(quiet, posts=0, language="en"))[0].html
    assert silent.endswith("A quiet day: nothing was posted since 12:00 on 17 Feb.")


def test_where_nothing_was_posted_in_a_time_that_has_ended_it_is_said_in_which() -> None:
    midnight = datetime(2025, 2, 15, tzinfo=SAMPLE.zone)
    friday = replace(SAMPLE, stories=(), stale=(), left_out=LeftOut(), posts=0, ended=True, until=midnight)
    friday = replace(friday, since=midnight - timedelta(days=1))
    weekend = replace(friday, since=midnight - timedelta(days=2))
    hours = replace(friday, since=midnight - timedelta(hours=8), until=midnight - timedelta(hours=6))

    assert classic.render(friday)[0].html.endswith("\nNothing was posted on 14 Feb.")
    assert classic.render(weekend)[0].html.endswith("\nNothing was posted from 13 Feb to 14 Feb.")
    assert classic.render(hours)[0].html.endswith("\nNothing was posted from 16:00 to 18:00.")
    said = [classic.render(replace(each, language="ru"))[0].html.split("\n")[-1] for each in (friday, weekend, hours)]
    assert said == [
        "14 февраля ничего не опубликовано.",
        "С 13 февраля по 14 февраля ничего не опубликовано.",
        "С 16:00 до 18:00 ничего не опубликовано.",
    ]


def test_a_digest_of_several_days_names_the_first_and_the_last() -> None:
    week = replace(SAMPLE, since=SAMPLE.until - timedelta(days=7))
    assert common.heading(week) == "World affairs · 11 Feb to 18 Feb"
    assert common.heading(replace(week, language="ru")) == "World affairs · 11 февраля – 18 февраля"


def test_a_story_too_long_for_a_message_is_shortened_and_not_cut() -> None:
    wordy = CitedSentence(text="слово " * 500, sources=(0,))
    long = replace(TALKS, title="Заголовок", summary=(wordy, wordy, wordy), differences=())
    (part,) = classic.render(replace(SAMPLE, stories=(long,)))
    assert 3000 < units(parse_html(part.html)[0]) <= 4096
    assert part.html.count("слово") == 500


BARE = replace(TALKS, topic=None, why=(), differences=(), posts=TALKS.posts[:1], title_sources=(0,), summary=())
ALONE = replace(SAMPLE, stale=(), left_out=LeftOut())


def _of_length(number: int, letters: int) -> StoryView:
    sentence = CitedSentence(text=("Tit & tat " * 400)[:letters].strip(), sources=(0,))
    return replace(BARE, id=StoryId(number), summary=(sentence,))


def test_a_part_is_as_long_as_telegram_takes_and_no_longer() -> None:
    def parts(more: int) -> tuple[classic.Part, ...]:
        stories = (_of_length(0, 1800), _of_length(1, 1800 + more))
        return classic.render(replace(ALONE, stories=stories))

    too_much = next(more for more in count() if len(parts(more)) > 1)
    assert [units(parse_html(part.html)[0]) for part in parts(too_much - 1)] == [4096]
    assert [part.stories for part in parts(too_much)] == [(0,), (1,)]


def test_a_part_has_as_many_links_as_stay_links() -> None:
    stories = tuple(replace(BARE, id=StoryId(number)) for number in range(1, 41))
    parts = classic.render(replace(ALONE, stories=stories))
    assert [len(parse_html(part.html)[1]) for part in parts] == [100, 22]  # a head, and three a story


def test_what_was_left_out_is_said_also_where_the_last_part_is_full() -> None:
    full = replace(ALONE, stories=tuple(_of_length(number, 1930) for number in range(2)))
    assert [units(parse_html(part.html)[0]) > 4000 for part in classic.render(full)] == [True]
    first, last = classic.render(replace(full, left_out=LeftOut(ads=31)))
    assert (first.buttons, last.html) == ((), "<i>Left out: 31 advertisements and announcements.</i>")
    assert last.buttons


def test_of_many_channels_that_cannot_be_read_and_of_many_lists_some_are_named_and_the_others_counted() -> None:
    stale = tuple(StaleChannel(channel=f"channel_of_number_{number}", since=SAMPLE.since) for number in range(200))
    lists = tuple(ListRef(id=str(number), title=f"{'A list ' * 6}{number}") for number in range(99))
    digest = replace(SAMPLE, stale=stale, lists=lists)
    (part,) = classic.render(digest)
    unread = [f"@channel_of_number_{number} since 12:00 on 17 Feb" for number in range(20)]
    assert common.tail(digest)[-1] == f"Not read: {', '.join(unread)}, 180 more."
    assert part.html.endswith("180 more.</i>")
    assert "A list 19, 79 more · Tuesday, 18 February</b>\n41 posts" in part.html


def test_a_part_that_goes_on_names_so_few_lists_that_the_longest_story_has_room_beside_them() -> None:
    lists = tuple(ListRef(id=str(number), title=f"{'A list ' * 8}{number}") for number in range(20))
    parts = classic.render(replace(SAMPLE, lists=lists, stories=tuple(_of_length(3 * n, 3300) for n in (1, 2))))
    heads = [part.html.partition("\n")[0] for part in parts]
    assert [head.count("A list 3") + head.count("A list 4") for head in heads] == [2, 1, 1]
    assert heads[1].endswith("A list 3, 16 more · Tuesday, 18 February · continued</i>")
    assert max(units(parse_html(part.html)[0]) for part in parts) <= 4096


def test_what_is_left_to_say_takes_a_part_of_a_message_at_most() -> None:
    stale = tuple(StaleChannel(channel=f"{'long' * 20}_{number}") for number in range(20))
    (part,) = classic.render(replace(SAMPLE, stale=stale))
    last = part.html.rpartition("\n\n")[2]
    assert (len(last) < 1040, last.endswith("…</i>")) == (True, True)


@pytest.mark.parametrize(
    ("letters", "sentences", "posts", "doubts"),
    [
        pytest.param(400, 3, 8, True, id="whole"),
        pytest.param(700, 3, 4, True, id="with a shorter timeline"),
        pytest.param(900, 3, 0, True, id="without a timeline"),
        pytest.param(1080, 3, 0, False, id="without what the sources say of each other"),
        pytest.param(1300, 2, 0, False, id="without the last sentence"),
    ],
)
def test_a_long_story_is_told_shorter_and_what_matters_least_goes_first(
    letters: int, sentences: int, posts: int, doubts: bool
) -> None:
    timeline = tuple(post(f"channel_{number}", number, 60 - number, "A lead. " * 15) for number in range(10))
    summary = tuple(CitedSentence(text="Tit & tat " * (letters // 10), sources=(0,)) for _ in range(3))
    story = replace(TALKS, summary=summary, posts=timeline, credits=(Credit(name="Paper", sources=(0,)),))
    (part,) = classic.render(replace(SAMPLE, stories=(story,)))
    assert part.html.count("Tit &amp; tat") == sentences * (letters // 10)
    assert part.html.count(": A lead.") == posts
    assert (f"and {10 - posts} more" in part.html) is (posts > 0)
    assert ("They differ" in part.html, "as their source" in part.html) == (doubts, doubts)
    assert units(parse_html(part.html)[0]) <= 4096


def test_many_stories_go_on_in_further_parts_between_stories() -> None:
    stories = tuple(replace(TALKS, title=f"Story of number {number} of all") for number in range(40))
    parts = classic.render(replace(SAMPLE, stories=stories))
    assert len(parts) > 2
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    head, again = (
        "<b>World affairs · Tuesday, 18 February</b>",
        "<i>World affairs · Tuesday, 18 February · continued</i>",
    )
    assert [part.html.partition("\n")[0] for part in parts] == [head] + [again] * (len(parts) - 1)
    for number in range(40):
        (whole,) = [part.html for part in parts if f"Story of number {number} of all" in part.html]
        after = whole.split(f"Story of number {number} of all")[1]
        assert "11:40" in after


def test_what_follows_parts_that_were_sent_goes_on_where_they_ended() -> None:
    (part,) = classic.render(SAMPLE, {TALKS.id}, begun=True)
    assert part.html.startswith(
        "<i>World affairs · Tuesday, 18 February · continued</i>\n\n"
        "<b><u>New in a story you know</u></b>\n<b>2. Inspectors reach the port</b>"
    )
    assert (part.stories, part.corrections, bool(part.buttons)) == ((GRAIN.id,), False, True)


@settings(max_examples=8)
@given(digests())
def test_whatever_the_posts_say_telegram_takes_each_part_and_no_story_is_lost(digest: Digest) -> None:
    parts = classic.render(digest)
    numbers = 0
    for part in parts:
        text, entities = parse_html(part.html)
        assert 0 < units(text) <= 4096
        assert len(entities) <= 100
        numbers += sum(entity["type"] == "bold" for entity in entities)
        for entity in entities:
            if entity["type"] == "text_link":
                assert entity["url"].startswith(("http://", "https://"))
        assert "\u202e" not in text
    headings = sum(bool(section.heading) for section in common.sections(digest))
    assert numbers == 1 + headings + len(digest.stories)
