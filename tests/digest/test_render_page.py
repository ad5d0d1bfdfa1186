"""The HTML page."""

import re
from dataclasses import replace

from hypothesis import given, settings
from lxml import etree

from core.model import StoryId
from digest.model import Digest
from digest.render import page
from tests.digest.render_samples import MENDED, SAMPLE, TALKS, digests, post

TAGS = set(
    """html head meta title style body main header footer h1 h2 h3 p article span a details summary ul li time b table
    tbody tr td bdi section""".split()
)


def test_a_page_is_complete_and_needs_nothing_else() -> None:
    shown = page.render(SAMPLE)
    assert shown.startswith('<!doctype html>\n<html lang="en">')
    assert "<h1>World affairs\N{NO-BREAK SPACE}· Tuesday, 18 February</h1>" in shown
    assert (
        '<h3 class="story" dir="auto">2. Inspectors reach the port'
        '<span class="rest">, and two ships were cleared at noon.</span> '
        '<span class="marks"><a rel="noopener noreferrer" title="Harbour" href="https://t.me/harbour/5">[4]</a></span></h3>'
    ) in shown
    assert (
        '<p class="soft">Earlier, 16 Feb: A corridor for grain <span class="marks"><a rel="noopener noreferrer" href='
        in shown
    )
    assert not re.search(r"<script|<img|<link|url\(", shown)


def test_what_is_doubted_and_what_is_no_longer_so_reads_as_designed() -> None:
    shown = re.sub(r'<span class="marks">(.*?)</span>', r"\1", re.sub(r"</?a\b[^>]*>", "", page.render(MENDED)))
    assert (
        "<p>⚠ Fact-checkers (de) say: The picture /is of 2019. [1]</p>\n"
        "<p>⚠ Fact-checkers say: Nobody else has the figure. [3]</p>\n"
        "<details><summary>How it was told, and what is denied or not confirmed</summary><p><b>They differ:</b></p>"
        "<table><tr><td>90 minutes</td><td>The call took 90 minutes. [1]</td></tr>"
        "<tr><td>60 minutes</td><td>The call took 60 minutes. [2]</td></tr></table>"
        "<p><b>Denied or not confirmed:</b> The palace denies /that there was a call. [2]</p>"
        "<p>They name as their source: Morning /Paper [3], A Wire [1][3]</p><ul>"
    ) in shown
    assert (
        '<h2 class="topic">Corrections</h2>\n'
        "<p>Old /Wire said 12, now says 15: 15 people came. [6]</p>\n"
        "<p>Old /Wire said: “The bridge is open.” Now it says: “The bridge is not open.” [7]</p>\n"
        "<p>Old /Wire no longer says: “The /mayor left.” [8]</p>\n"
        "<p>Deleted by the channel Old /Wire: “It snows.”</p>\n"
        "</main>\n"
        "<footer><p>Left out: 31 advertisements and announcements, 6 items from one source.</p>"
        "<p>Not read: @quiet since 07:00, c/12, @never.</p></footer>"
    ) in shown


def test_a_name_is_no_markup_of_an_attribute() -> None:
    posts = tuple(replace(each, channel_title='A "wire"', language='d"e') for each in TALKS.posts)
    tree = etree.fromstring(page.render(replace(SAMPLE, stories=(replace(TALKS, posts=posts),))), etree.HTMLParser())
    assert {each.get("title") for each in tree.iterfind(".//article//a[@title]")} == {'A "wire"'}
    assert {each.get("lang") for each in tree.iterfind(".//article//*[@lang]")} == {'d"e'}


def test_a_page_has_room_for_a_longer_timeline_whose_copies_are_told_in_our_words() -> None:
    posts = tuple(replace(post("wire", at, 90 - at, "Hi", copy=at == 3), language="ru") for at in range(50))
    shown = page.render(replace(SAMPLE, stories=(replace(TALKS, posts=posts, differences=(), summary=TALKS.summary),)))
    items = re.findall(r"<li>.*?</li>", shown)
    assert (len(items), "and 10 more posts" in shown) == (40, True)
    assert ['lang="ru"' in each for each in items] == ["the same words" not in each for each in items]


@settings(max_examples=8)
@given(digests())
def test_whatever_the_posts_say_the_markup_is_ours(digest: Digest) -> None:
    tree = etree.fromstring(page.render(digest), etree.HTMLParser())
    assert tree is not None
    assert {str(element.tag) for element in tree.iter()} <= TAGS
    assert len(tree.findall(".//article")) == len(digest.stories)
    for anchor in tree.iter("a"):
        assert {"rel", "href"} <= set(anchor.keys()) <= {"rel", "href", "title"}
        assert str(anchor.get("href")).startswith(("http://", "https://"))


def test_words_of_another_language_than_the_pages_say_which() -> None:
    russian = replace(TALKS.summary[0], text="Президенты говорили по телефону.")
    posts = tuple(replace(post, language="ru") for post in TALKS.posts)
    denial = replace(russian, text="Помощник это отрицает.")
    words = (russian, TALKS.summary[1])  # the second in a model's
    mixed = replace(TALKS, summary=words, posts=posts, denials=(denial,))

    shown = page.render(replace(SAMPLE, stories=(mixed,)))

    assert '<span lang="ru">Президенты говорили по телефону.</span>' in shown
    assert '<p dir="auto"><span lang="ru">' in shown
    assert '<span lang="ru">Помощник это отрицает.</span> ' in shown
    assert " The rouble rose 5 % after the call. " in shown
    assert 'lang="ru"' not in page.render(replace(SAMPLE, stories=(mixed,), language="ru")).split("<body>")[1]


def test_the_headings_of_a_page_leave_out_no_level_and_its_parts_are_landmarks() -> None:
    plain = replace(TALKS, id=StoryId(5), topic=None)
    tree = etree.fromstring(page.render(replace(SAMPLE, stories=(plain, *SAMPLE.stories))), etree.HTMLParser())
    levels = [int(str(each.tag)[1]) for each in tree.iter("h1", "h2", "h3")]
    assert levels == [1, 2, 2, 3, 2, 3]  # the page; a story by itself; twice a topic and its story
    assert [each.tag for each in tree.iterfind("body/*")] == ["header", "main", "footer", "section"]


def test_only_what_others_wrote_may_run_from_right_to_left() -> None:
    arabic = replace(TALKS.summary[0], text="وقال المدير إن الدخول مجاني.")
    shown = page.render(replace(SAMPLE, stories=(replace(TALKS, summary=(arabic,)),)))
    tree = etree.fromstring(shown, etree.HTMLParser())
    turned = ["".join(each.itertext()) for each in tree.iterfind(".//*[@dir='auto']")]
    assert ["وقال" in text or TALKS.title in text for text in turned] == [True, True]
    assert all("Why here" not in text and "3 channels" not in text for text in turned)
    assert all(len(each.findall("bdi")) == 1 for each in tree.iter("li"))


def test_on_paper_a_mark_leads_to_an_address() -> None:
    assert '<section class="paper"><p>[1] https://t.me/world_wire/10</p>' in page.render(SAMPLE)
    assert '<section class="paper">' not in page.render(replace(SAMPLE, stories=()))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_all_that_is_written_stands_out_from_the_page_by_light_and_in_the_dark() -> None:
    palettes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", line)) for line in page.render(SAMPLE).splitlines()]
    palettes = [palette for palette in palettes if palette]
    assert len(palettes) == 2
    for palette in palettes:
        for part in ("ink", "soft", "link"):
            dark, light = sorted(_luminance(palette[each]) for each in (part, "paper"))
            assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3, level AA
