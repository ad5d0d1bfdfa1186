"""The rich look, measured by the rules of the Bot API."""

import re
from dataclasses import replace

from hypothesis import given, settings

from digest.model import CitedSentence, Digest
from digest.render import rich
from tests.digest.render_samples import SAMPLE, TALKS, digests
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


def test_what_is_folded_away_says_whether_it_denies_something() -> None:
    denial = CitedSentence(text="The palace denies that there was a call.", sources=(2,))
    plain = replace(TALKS, differences=())
    shown = [rich.render(replace(SAMPLE, stories=(each,))) for each in (plain, replace(TALKS, denials=(denial,)))]
    assert "<summary>How it was told</summary>" in shown[0]
    assert "<summary>How it was told, and what is denied or not confirmed</summary>" in shown[1]
    russian = rich.render(replace(SAMPLE, stories=(replace(TALKS, denials=(denial,)),), language="ru"))
    assert "<summary>Кто и когда сообщил и что из этого опровергают или не подтверждают</summary>" in russian


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
