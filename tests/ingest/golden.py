"""A page as it was read, in the keys of an `.expected.json` beside it: the two can be compared field by field."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.model import NewPost, Place, PlaceKind
from ingest.markup import read_count
from ingest.preview.landing import read_landing
from ingest.preview.page import PageKind, PreviewPage, read_preview

PAGES = Path(__file__).parent / "pages"

KINDS = {
    "channel": PlaceKind.CHANNEL,
    "private_invite_channel": PlaceKind.CHANNEL,
    "group": PlaceKind.GROUP,
    "bot": PlaceKind.BOT,
    "user": PlaceKind.PERSON,
    "not_found_or_private": PlaceKind.MISSING,
}


def pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Each page below a folder with the file of its expected values."""
    found = sorted(folder.rglob("*.expected.json"))
    return [(path.with_name(path.name.replace(".expected.json", ".html")), path) for path in found]


def same_text(text: str | None) -> str:
    """A text as it is compared: NFC, without zero-width characters, blanks within a line and around it put aside."""
    plain = unicodedata.normalize("NFC", text or "").replace("\u200b", "").replace("\ufeff", "")
    return "\n".join(re.sub(r"[^\S\n]+", " ", line).strip() for line in plain.split("\n")).strip()


def post_values(post: NewPost) -> dict[str, Any]:
    """A post in the keys of the expected values."""
    preview, poll, forward = post.preview, post.poll, post.forwarded_from
    return {
        "channel": post.channel,
        "id": post.message_id,
        "datetime": post.date.isoformat() if post.date else None,
        "views": post.views,
        "edited": post.edited,
        "service": post.service,
        "author": post.author,
        "text": same_text(post.text),
        "links": sorted(link.url for link in post.links),
        "forwarded_from": forward and {"name": forward.name, "url": forward.url},
        "reply_to": post.reply_to,
        "photos": post.media.photos,
        "videos": post.media.videos,
        "round_videos": post.media.round_videos,
        "voices": post.media.voices,
        "stickers": post.media.stickers,
        "documents": list(post.media.documents),
        "album": post.album,
        "poll": poll and {"question": poll.question, "type": poll.type, "options": list(poll.options)},
        "link_preview": preview
        and {
            "url": preview.url,
            "site": preview.site,
            "title": preview.title,
            "description": preview.description and same_text(preview.description),
        },
        "buttons": [{"text": button.label, "url": button.url} for button in post.buttons],
        "via_bot": post.via_bot,
        "reactions": [(reaction.emoji, reaction.count) for reaction in post.reactions],
        "unsupported": post.unsupported,
    }


def expected_post(message: dict[str, Any]) -> dict[str, Any]:
    """The same of an expected message."""
    preview = message["link_preview"]
    return {
        **{key: value for key, value in message.items() if key not in {"post", "views_text"}},
        "text": same_text(message["text"]),
        "links": sorted(set(message["links"])),
        "link_preview": preview
        and {**preview, "description": preview["description"] and same_text(preview["description"])},
        "reactions": [(reaction["emoji"], read_count(reaction["count_text"])) for reaction in message["reactions"]],
    }


def page_values(page: PreviewPage) -> dict[str, Any]:
    """What a page says of its channel, in the keys of the expected values."""
    return {
        "channel": page.channel if page.kind is PageKind.PREVIEW else None,
        "description": same_text(page.about.description),
        "members": page.about.members,
        "older_before": page.older_before,
    }


def expected_page(expected: dict[str, Any]) -> dict[str, Any]:
    members = expected["counters"].get("subscribers") or expected["counters"].get("subscriber")
    username, messages = expected["channel_username"], expected["messages"]
    return {
        "channel": username[1:] if username else messages[0]["channel"] if expected["og_title"] else None,
        "description": same_text(expected["og_description"]),
        "members": read_count(members),
        "older_before": expected["older_before"],
    }


def landing_values(place: Place) -> dict[str, Any]:
    return {
        "title": place.title,
        "description": same_text(place.description),
        "count": place.members,
        "has_web_preview": place.has_preview,
        "kind": place.kind,
        "invite": place.name.startswith("+"),
    }


def expected_landing(expected: dict[str, Any]) -> dict[str, Any]:
    told = {key: expected[key] for key in ("title", "count", "has_web_preview")}
    return {
        **told,
        "description": same_text(expected["description"]),
        "kind": KINDS[expected["kind"]],
        "invite": expected["kind"] == "private_invite_channel",
    }


def differences(folder: Path) -> tuple[Counter[str], Counter[str], list[str]]:
    """Over all pages of a folder: how often each field was right and was asked, and each value that differs."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    wrong: list[str] = []
    for path, expected_path in pairs(folder):
        for where, field, read, expected in _compared(path, json.loads(expected_path.read_text("utf-8"))):
            asked[field] += 1
            right[field] += read == expected
            if read != expected:
                wrong.append(f"{where} {field}: read {read!r}, expected {expected!r}")
    return right, asked, wrong


def _compared(path: Path, expected: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """(where, field, value read, value expected) of each value of a page."""
    source = path.read_bytes()
    if "messages" not in expected or "kind" in expected:
        read, wanted = landing_values(read_landing(source, path.name)), expected_landing(expected)
        yield from ((path.name, f"landing {key}", read[key], wanted[key]) for key in wanted)
        return
    page = read_preview(source, path.name)
    values, wanted = page_values(page), expected_page(expected)
    yield from ((path.name, f"page {key}", values[key], wanted[key]) for key in wanted)
    posts = {f"{post.channel}/{post.message_id}": post for post in page.posts}
    yield path.name, "messages", list(posts), [message["post"] for message in expected["messages"]]
    for message in expected["messages"]:
        if message["post"] in posts:
            read, wanted = post_values(posts[message["post"]]), expected_post(message)
            yield from ((message["post"], key, read[key], wanted[key]) for key in wanted)
