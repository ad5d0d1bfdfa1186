"""The rich look, measured by the rules of the Bot API."""

import re
from dataclasses import replace

from hypothesis import given, settings

from digest.model import CitedSentence, Digest
from digest.render import rich
from tests.digest.render_samples import MENDED, SAMPLE, TALKS, digests, post
from tests.servers.bot_api_rich import read_rich


def test_a_digest_has_headings_details_dates_and_buttons() -> None:
    html = rich.render(SAMPLE, lambda button: f"{button.action}:{button.argument}")
    measured = read_rich({"html": html})
    assert html.startswith("<h2>World affairs · Tuesday, 18 February</h2>\n<p>41 posts in 5 channels")
    assert "<h3>Diplomacy</h3>\n<h4>1. Presidents open direct talks</h4>" in html
    assert '<sup><a href="https://t.me/world_wire/10">[1]</a><a href="https://t.me/gull/8">[2]</a></sup>' in html
    assert 'first World Wire at <tg-time unix="1739866560" format="t">11:16</tg-time>.' in html
    assert (
        "<details><summary>How it was told, and where they differ</summary><p>Also reported by Coin Post and Gull.</p>"
        in html
    )
    assert "<p><b>2. Inspectors reach the port</b>, and two ships were cleared at noon. <sup>" in html
    assert '<p>Earlier, 16 Feb: A corridor for grain <sup><a href="https://t.me/harbour/2">[5]</a></sup></p>' in html
    assert "<footer>Left out: 31 advertisements" in html
    assert [button["callback_data"] for button in measured.buttons] == [
        "more:7",
        "less:7",
        "rate:",
        "sources:",
        "settings:",
    ]


def test_a_time_in_the_name_of_a_channel_stays_as_it_is() -> None:
    first = replace(TALKS.posts[0], channel_title="News at 11:16")
    html = rich.render(replace(SAMPLE, stories=(replace(TALKS, posts=(first, *TALKS.posts[1:])),)))
    assert 'first “News at 11:16” at <tg-time unix="1739866560" format="t">11:16</tg-time>.' in html


def test_a_moment_of_another_day_is_shown_with_its_day_by_the_clients_clock_too() -> None:
    posts = tuple(post("wire", number, minutes, "News") for number, minutes in enumerate((780, 750, 660)))
    html = rich.render(replace(SAMPLE, stories=(replace(TALKS, posts=posts, differences=()),)))
    shown = re.findall(r'<tg-time unix="\d+" format="(\w+)">(.*?)</tg-time>', html)
    first = ("dt", "23:00 on 17 Feb")
    assert shown == [first, first, ("t", "23:30"), ("dt", "01:00 on 18 Feb")]


def test_what_is_folded_away_says_whether_it_denies_something() -> None:
    denial = CitedSentence(text="The palace denies that there was a call.", sources=(2,))
    plain = replace(TALKS, differences=())
    shown = [rich.render(replace(SAMPLE, stories=(each,))) for each in (plain, replace(TALKS, denials=(denial,)))]
    assert "<summary>How it was told</summary>" in shown[0]
    assert "<summary>How it was told, and what is denied or not confirmed</summary>" in shown[1]
    russian = rich.render(replace(SAMPLE, stories=(replace(TALKS, denials=(denial,)),), language="ru"))
    assert "<summary>Кто и когда сообщил и что из этого опровергают или не подтверждают</summary>" in russian


def test_what_is_doubted_and_what_is_no_longer_so_reads_as_designed() -> None:
    html = rich.render(MENDED)
    assert (
        "<p>⚠ Fact-checkers (de) say: The picture \u2215is of 2019. "
        '<sup><a href="https://t.me/world_wire/10">[1]</a></sup></p>\n'
        "<p>⚠ Fact-checkers say: Nobody else has the figure. "
        '<sup><a href="https://t.me/coin_post/3">[3]</a></sup></p>\n'
        "<details><summary>How it was told, and what is denied or not confirmed</summary>"
        "<p>Also reported by Coin Post and Gull.</p><p><b>They differ:</b></p>"
        "<table><tr><td>90 minutes</td><td>The call took 90 minutes. "
        '<sup><a href="https://t.me/world_wire/10">[1]</a></sup></td></tr>'
        "<tr><td>60 minutes</td><td>The call took 60 minutes. "
        '<sup><a href="https://t.me/gull/8">[2]</a></sup></td></tr></table>'
        "<p><b>Denied or not confirmed:</b> The palace denies \u2215that there was a call. "
        '<sup><a href="https://t.me/gull/8">[2]</a></sup></p>'
        "<p>They name as their source: Morning \u2215Paper "
        '<sup><a href="https://t.me/coin_post/3">[3]</a></sup>, A Wire '
        '<sup><a href="https://t.me/world_wire/10">[1]</a><a href="https://t.me/coin_post/3">[3]</a></sup></p><ul>'
    ) in html
    assert html.partition("<h3>Corrections</h3>\n")[2] == (
        "<p>Old \u2215Wire said 12, now says 15: 15 people came. "
        '<sup><a href="https://t.me/old_wire/1">[6]</a></sup></p>\n'
        "<p>Old \u2215Wire said: “The bridge is open.” Now it says: “The bridge is not open.” "
        '<sup><a href="https://t.me/old_wire/2">[7]</a></sup></p>\n'
        "<p>Old \u2215Wire no longer says: “The \u2215mayor left.” "
        '<sup><a href="https://t.me/old_wire/3">[8]</a></sup></p>\n'
        "<p>Deleted by the channel Old \u2215Wire: “It snows.”</p>\n"
        "<hr/>\n"
        "<footer>Left out: 31 advertisements and announcements, 6 items from one source.<br/>"
        "Not read: @quiet since 07:00, c/12, @never.</footer>"
    )


def test_the_name_of_a_channel_is_no_command() -> None:
    posts = (TALKS.posts[0], replace(TALKS.posts[1], channel_title="/start here"), TALKS.posts[2])
    html = rich.render(replace(SAMPLE, stories=(replace(TALKS, posts=posts),)))
    assert "<p>Also reported by \u2215start here and Gull.</p>" in html


def test_callback_data_is_written_as_an_attribute() -> None:
    html = rich.render(SAMPLE, lambda button: f'{button.action}"&')
    assert [button["callback_data"] for button in read_rich({"html": html}).buttons][:2] == ['more"&', 'less"&']


def test_all_sentences_and_some_of_a_long_timeline_are_shown() -> None:
    many = tuple(replace(TALKS.summary[0], text=f"Sentence {number}.") for number in range(5))
    posts = tuple(post("wire", number, 60 - number, "A lead") for number in range(10))
    html = rich.render(replace(SAMPLE, stories=(replace(TALKS, summary=many, posts=posts, differences=()),)))
    assert all(f"Sentence {number}." in html for number in range(5))
    assert (html.count("<li>"), "and 2 more posts" in html) == (8, True)


def test_without_callback_data_there_are_no_buttons_inside() -> None:
    assert "tg-button" not in rich.render(SAMPLE)


def test_a_message_past_the_limits_loses_what_is_folded_and_no_story() -> None:
    stories = tuple(replace(TALKS, title=f"Story {number} of many") for number in range(60))
    html = rich.render(replace(SAMPLE, stories=stories))
    assert read_rich({"html": html}).blocks <= 500
    assert all(f"Story {number} of many" in html for number in range(60))
    assert 0 < html.count("<details>") < 60


def test_a_message_past_the_limits_loses_no_more_than_it_must_and_from_its_end() -> None:
    first, *_ = TALKS.summary
    long = replace(first, text=f"The inspectors {'walked along the quay and ' * 12}left.")
    stories = tuple(replace(TALKS, title=f"Story {number}", summary=(first, long)) for number in range(90))
    html = rich.render(replace(SAMPLE, stories=stories))
    kept = html.count("The inspectors")
    assert 10 < kept < 90
    assert html.rindex("The inspectors") < html.index(f"Story {kept}<")
    assert rich.LONGEST - len(long.text) - 200 < len(html) <= rich.LONGEST


@settings(max_examples=8)
@given(digests())
def test_whatever_the_posts_say_the_message_is_taken(digest: Digest) -> None:
    html = rich.render(digest, lambda button: button.action)
    measured = read_rich({"html": html})
    assert len(measured.text) <= 32_768
    assert all(f"{number}." in html for number in range(1, len(digest.stories) + 1))
    assert all(address.startswith(("http://", "https://")) for address in re.findall('<a href="(.*?)"', html))
