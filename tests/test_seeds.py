"""The seeds hold what they promise: the pages are read here with lxml alone, apart from the product's own reader."""

import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from seeds.make_day import build

SEEDS = Path(__file__).parent.parent / "seeds"
DAY = SEEDS / "day"
ARTICLE = "https://en.interaffairs.ru/article/view-from-london-a-single-call-can-change-the-course-of-history/"
TRUTH: dict[str, Any] = json.loads((DAY / "events.json").read_text(encoding="utf-8"))
LIST_FILES = [pytest.param(SEEDS / "channels.toml", id="real"), pytest.param(DAY / "channels.toml", id="day")]
MARKUP = {  # a list of events.json: what a message in it carries on the page
    "edited": ".//*[contains(@class, 'tgme_widget_message_meta')][contains(., 'edited')]",
    "albums": ".//*[contains(@class, 'tgme_widget_message_grouped_wrap')]",
    "videos": ".//*[contains(@class, 'tgme_widget_message_video_player')]",
    "round_videos": ".//*[contains(@class, 'tgme_widget_message_roundvideo_player')]",
    "voices": ".//*[contains(@class, 'tgme_widget_message_voice_player')]",
    "documents": ".//*[contains(@class, 'tgme_widget_message_document_wrap')]",
    "polls": ".//*[contains(@class, 'tgme_widget_message_poll_question')]",
    "previews": ".//*[contains(@class, 'tgme_widget_message_link_preview')]",
    "buttons": ".//*[contains(@class, 'tgme_widget_message_inline_button url_button')]",
    "service_messages": "self::*[contains(@class, 'service_message')]",
    "forwards": ".//*[contains(@class, 'tgme_widget_message_forwarded_from ')]",
    "replies": ".//a[contains(@class, 'tgme_widget_message_reply')]",
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A message as it stands on a page."""

    element: html.HtmlElement
    at: datetime
    text: str

    def has(self, xpath: str) -> bool:
        return bool(self.element.xpath(xpath))


def visible(element: html.HtmlElement) -> str:
    pieces = element.xpath(".//text() | .//br")
    return "".join("\n" if not isinstance(piece, str) else piece for piece in pieces).strip()


@cache
def pages() -> dict[str, html.HtmlElement]:
    return {path.name: html.document_fromstring(path.read_bytes()) for path in sorted(DAY.glob("*.html"))}


@cache
def messages() -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    for page in pages().values():
        for element in page.xpath("//div[@data-post]"):
            (stamp,) = element.xpath(".//a[@class='tgme_widget_message_date']/time/@datetime")
            texts = element.xpath(".//div[contains(@class, 'js-message_text')]")
            address = str(element.get("data-post"))
            assert address not in seen
            text = visible(texts[0]) if texts else ""
            seen[address] = Seen(element=element, at=datetime.fromisoformat(stamp), text=text)
    return seen


def body(address: str) -> str:
    """A post's text without its channel's signature."""
    text = messages()[address].text
    for signature in TRUTH["channels"][address.split("/")[0]]["signatures"]:
        text = text.removesuffix(signature)
    return text.strip()


def listed(fact: str) -> list[str]:
    return [item if isinstance(item, str) else item[0] for item in TRUTH[fact]]


def test_the_day_is_what_its_source_makes(tmp_path: Path) -> None:
    made = build(SEEDS / "source")
    assert {name: (DAY / name).read_text(encoding="utf-8") for name in made} == made
    assert {path.name for path in DAY.glob("*.html")} == {name for name in made if re.fullmatch(r"[^/]+\.html", name)}


def test_the_day_is_as_large_as_promised() -> None:
    events = TRUTH["events"]
    assert len(TRUTH["channels"]) >= 12
    assert len(messages()) == TRUTH["posts"] >= 170
    assert len(events) >= 28
    assert sum(len(event["posts"]) >= 6 for event in events) >= 3
    assert sum(len(event["posts"]) <= 3 for event in events) >= 15
    assert sum(event["languages"] == ["en", "ru"] for event in events) >= 3
    assert len(TRUTH["singles"]) >= 30
    assert {kind: len(posts) >= 5 for kind, posts in TRUTH["kinds"].items()} == dict.fromkeys(TRUTH["kinds"], True)
    assert len(TRUTH["edited"]) >= 3
    assert len(TRUTH["albums"]) >= 2
    assert len(TRUTH["forwards"]) >= 3
    assert len(TRUTH["polls"]) == 2


def test_half_of_the_channels_write_russian() -> None:
    languages = Counter(channel["language"] for channel in TRUTH["channels"].values())
    assert languages == {"en": 8, "ru": 7}


def test_every_event_is_told_by_two_channels_or_more() -> None:
    for event in TRUTH["events"]:
        assert len({address.split("/")[0] for address in event["posts"]}) >= 2, event["id"]


def test_every_post_is_in_one_event_alone_or_no_news() -> None:
    places = [address for event in TRUTH["events"] for address in event["posts"]]
    places += TRUTH["singles"]
    places += [address for posts in TRUTH["kinds"].values() for address in posts]
    assert Counter(places) == Counter(messages().keys())


def test_ids_rise_with_time_and_lie_within_the_day() -> None:
    by_channel: dict[str, list[tuple[int, datetime]]] = {}
    for address, seen in messages().items():
        channel, number = address.split("/")
        by_channel.setdefault(channel, []).append((int(number), seen.at))
        assert datetime(2025, 2, 17, tzinfo=UTC) <= seen.at <= datetime(2025, 2, 18, 18, tzinfo=UTC)
    for own in by_channel.values():
        assert sorted(own) == sorted(own, key=lambda pair: pair[1])
    times = [seen.at for seen in messages().values()]
    assert (min(times).isoformat(), max(times).isoformat()) == (TRUTH["from"], TRUTH["to"])


@pytest.mark.parametrize("fact", MARKUP)
def test_the_truth_names_exactly_the_messages_that_carry_it(fact: str) -> None:
    on_pages = {address for address, seen in messages().items() if seen.has(MARKUP[fact])}
    assert on_pages == set(listed(fact)) != set()


def test_a_repost_is_word_for_word_minutes_later_under_another_signature() -> None:
    assert TRUTH["reposts"]
    for copy, origin in TRUTH["reposts"]:
        assert body(copy) == body(origin)
        assert messages()[copy].text != messages()[origin].text
        assert timedelta() < messages()[copy].at - messages()[origin].at < timedelta(minutes=30)


def test_a_forward_links_its_origin_unless_that_is_hidden() -> None:
    named = [(copy, origin) for copy, origin in TRUTH["forwards"] if origin]
    assert 0 < len(named) < len(TRUTH["forwards"])
    for copy, origin in named:
        assert messages()[copy].text == messages()[origin].text
        assert messages()[copy].has(f".//a[contains(@class, 'forwarded_from_name')][@href='https://t.me/{origin}']")


def test_rewrites_of_an_event_are_not_copies() -> None:
    copies = {copy for copy, _ in TRUTH["reposts"]} | {copy for copy, _ in TRUTH["forwards"]}
    for event in TRUTH["events"]:
        texts = [body(address) for address in event["posts"] if address not in copies]
        assert len(set(texts)) == len(texts) >= 2, event["id"]


def test_sources_disagree_on_a_figure_and_on_a_cause() -> None:
    assert {event["id"] for event in TRUTH["events"] if "dispute" in event} == {
        "sanctions",
        "storm",
        "cable",
        "warehouse",
    }
    told = {event["id"]: " ".join(body(address) for address in event["posts"]) for event in TRUTH["events"]}
    assert "14 shipping companies" in told["sanctions"]
    assert "Sixteen" in told["sanctions"]
    assert "blames" in told["cable"]
    assert "denies" in told["cable"]


def test_news_is_long_enough_to_sum_up_and_short_enough_to_read() -> None:
    news = [address for event in TRUTH["events"] for address in event["posts"]] + TRUTH["singles"]
    lengths = {address: len(body(address).split()) for address in news}
    assert {address: words for address, words in lengths.items() if not 20 <= words <= 110} == {}


def test_sanctions_can_be_searched_in_both_languages() -> None:
    texts = [seen.text.lower() for seen in messages().values()]
    assert sum("sanction" in text for text in texts) >= 8
    assert len({form for text in texts for form in re.findall(r"санкци\w+", text)}) >= 5


def test_a_channel_signs_as_the_truth_says() -> None:
    for channel in TRUTH["channels"].values():
        assert len(channel["signed"]) >= channel["posts"] / 2
        for address in channel["signed"]:
            assert messages()[address].text.endswith(tuple(channel["signatures"])), address


def test_nothing_on_a_page_could_run() -> None:
    for page in pages().values():
        assert page.xpath("//script | //iframe | //@*[starts-with(name(), 'on')]") == []


def test_text_that_looks_like_a_script_is_text() -> None:
    assert any('<script>alert("stars & stripes")</script>' in seen.text for seen in messages().values())


def test_some_posts_are_in_other_languages_and_one_runs_from_right_to_left() -> None:
    assert set(TRUTH["languages"].values()) >= {"de", "uk", "ar"}
    arabic = [address for address, language in TRUTH["languages"].items() if language == "ar"]
    assert all(re.search("[\u0600-\u06ff]{4}", messages()[address].text) for address in arabic)


@pytest.mark.parametrize(
    "xpath",
    [
        pytest.param(".//i[@class='emoji']/b", id="emoji"),
        pytest.param(".//tg-emoji", id="custom emoji"),
        pytest.param(".//blockquote", id="quotation"),
        pytest.param(".//blockquote[@expandable]", id="folded quotation"),
        pytest.param(".//a[contains(@href, 'utm_source=')]", id="tracking"),
        pytest.param(".//a[starts-with(@href, '?q=%23')]", id="hashtag"),
        pytest.param(".//a[.='\u200b']", id="hidden link"),
        pytest.param(".//*[contains(@class, 'js-message_reactions')]/span[@class='tgme_reaction']", id="reactions"),
        pytest.param(".//*[@class='tgme_widget_message_views'][contains(., 'K')]", id="views"),
        pytest.param(".//*[@class='tgme_widget_message_from_author']", id="author"),
    ],
)
def test_posts_show_what_real_posts_show(xpath: str) -> None:
    assert any(seen.has(xpath) for seen in messages().values())


def test_pages_are_split_and_linked_as_the_site_does() -> None:
    for name, page in pages().items():
        posts = page.xpath("//div[@data-post]/@data-post")
        assert 0 < len(posts) <= 20
        channel = name.removesuffix(".html").partition("-before-")[0]
        assert page.xpath("//div[@class='tgme_channel_info_header_username']/a/text()") == [f"@{channel}"]
        (before,) = page.xpath("//a[contains(@class, 'js-messages_more')]/@data-before")
        assert posts[0] == f"{channel}/{before}"
        channel_total = TRUTH["channels"][channel]["posts"]
        if name == f"{channel}.html" and channel_total > 20:
            assert f"{channel}-before-{before}.html" in pages()


@pytest.mark.parametrize("path", LIST_FILES)
def test_lists_keep_to_the_format(path: Path) -> None:
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    assert next(iter(settings["lists"])) == "world"
    for name, entry in settings["lists"].items():
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", name)
        assert set(entry) <= {"title", "description", "language", "channels"}
        assert isinstance(entry["title"], str) or set(entry["title"]) == {"en", "ru"}
        assert len(entry["channels"]) == len(set(entry["channels"])) > 0
        assert all(re.fullmatch(r"[A-Za-z]\w{3,31}", channel) for channel in entry["channels"])
    followed = {channel for entry in settings["lists"].values() for channel in entry["channels"]}
    assert set(settings.get("channels", {})) <= followed


def test_the_first_real_list_follows_the_channel_of_the_article() -> None:
    lists = tomllib.loads((SEEDS / "channels.toml").read_text(encoding="utf-8"))["lists"]
    assert {"The_International_Affairs", "bbcbreaking"} <= set(lists["world"]["channels"])


def test_every_listed_channel_of_the_day_has_a_page_and_every_page_a_list() -> None:
    lists = tomllib.loads((DAY / "channels.toml").read_text(encoding="utf-8"))["lists"]
    followed = {channel for entry in lists.values() for channel in entry["channels"]}
    assert (
        followed == set(TRUTH["channels"]) == {name.removesuffix(".html") for name in pages() if "-before-" not in name}
    )


def test_the_seed_article_links_its_channel_as_page_and_as_text() -> None:
    page = html.document_fromstring((SEEDS / "view-from-london.html").read_bytes())
    text = (SEEDS / "view-from-london.txt").read_text(encoding="utf-8")
    (link,) = page.xpath("//article//p[starts-with(., 'read more in our Telegram-channel')]/a/@href")
    assert link == "https://t.me/The_International_Affairs"
    assert text.endswith(link)
    on_page = " ".join(page.text_content().split())
    for paragraph in re.split(r"\n\s*\n", text):
        for line in paragraph.splitlines():
            assert " ".join(line.split()) in on_page


def test_the_seed_article_is_linked_by_the_day() -> None:
    links = {link.partition("?")[0] for seen in messages().values() for link in seen.element.xpath(".//a/@href")}
    assert ARTICLE in links


def test_every_saved_article_is_linked_by_a_post_and_looks_like_a_page() -> None:
    index = tomllib.loads((DAY / "articles" / "index.toml").read_text(encoding="utf-8"))["articles"]
    links = {link.partition("?")[0] for seen in messages().values() for link in seen.element.xpath(".//a/@href")}
    assert len(index) >= 4
    assert set(index) <= links
    assert {path.name for path in (DAY / "articles").glob("*.html")} == set(index.values())
    for url, file in index.items():
        page = html.document_fromstring((DAY / "articles" / file).read_bytes())
        assert page.xpath("//link[@rel='canonical']/@href") == [url]
        assert page.xpath("boolean(//header) and boolean(//nav) and boolean(//footer) and boolean(//article)")
        assert len(page.xpath("//article//p")) >= 5
