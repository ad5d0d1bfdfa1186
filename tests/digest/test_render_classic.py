"""The classic look: what Telegram's own parser makes of it."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from digest.model import CitedSentence, Digest, LeftOut
from digest.render import classic, common, page, rich
from tests.digest.render_samples import GRAIN, SAMPLE, TALKS, digests, post
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


def test_no_word_of_a_post_is_a_command_that_a_tap_sends_to_the_bot() -> None:
    story = replace(
        TALKS,
        title="Talks: /stop them?",
        summary=(
            CitedSentence(text="Send /forget or /\u200bstart to 24/7 help, http://a.example/stop said.", sources=(0,)),
        ),
        posts=tuple(replace(each, lead="/unsubscribe now", channel_title="/start") for each in TALKS.posts),
    )
    digest = replace(SAMPLE, stories=(story,), lists=(), channel="/digest of ours")
    for drawn in ("\n".join(part.html for part in classic.render(digest)), rich.render(digest)):
        shown = re.sub(r"<a .*?</a>|<[^>]*>", "", drawn)
        assert re.findall(r"(?<![\w/])/\w+", shown) == []
        assert "\u2215forget or \u2215start to 24/7 help, http://a.example/stop" in shown


def test_each_sentence_has_a_full_stop_and_no_line_has_two() -> None:
    texts = ("It began at noon", "Was it so?", "«Да»", 'He said: "It is over."', "It ended.")
    bare = [CitedSentence(text=text, sources=(0,)) for text in texts]
    names = (TALKS.posts[0], replace(TALKS.posts[1], channel_title="Before all. Well, nearly."))
    story = replace(TALKS, summary=tuple(bare), posts=names, differences=(), denials=(), credits=())
    html = classic.render(replace(SAMPLE, stories=(story,)))[0].html
    assert "It began at noon. <a" in html
    assert "Was it so? <a" in html
    assert "«Да». <a" in html
    assert "He said: &quot;It is over.&quot; <a" in html
    assert "It ended. <a" in html
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


def test_many_stories_go_on_in_further_parts_between_stories() -> None:
    stories = tuple(replace(TALKS, title=f"Story of number {number} of all") for number in range(40))
    parts = classic.render(replace(SAMPLE, stories=stories))
    assert len(parts) > 2
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    for number in range(40):
        (whole,) = [part.html for part in parts if f"Story of number {number} of all" in part.html]
        after = whole.split(f"Story of number {number} of all")[1]
        assert "11:40" in after


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
