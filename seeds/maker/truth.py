"""What is true of the day: the contents of `events.json`."""

from collections.abc import Mapping, Sequence
from typing import Any

from seeds.maker.markdown import plain
from seeds.maker.post import Post

FACTS = {  # the name of a list in events.json: the key of the source that puts a post there
    "edited": "edited",
    "albums": "album",
    "photos": "photo",
    "videos": "video",
    "round_videos": "round",
    "voices": "voice",
    "documents": "document",
    "polls": "poll",
    "previews": "preview",
    "buttons": "buttons",
    "service_messages": "service_message",
}


def truth(posts: Sequence[Post], titles: Mapping[str, str], disputes: Mapping[str, str]) -> dict[str, Any]:
    """What tests may rely on; posts are named `channel/id`, all lists run in the order of time."""
    named = {post.raw["name"]: post.address for post in posts if "name" in post.raw}
    events: dict[str, list[Post]] = {slug: [] for slug in titles}
    kinds: dict[str, list[str]] = {kind: [] for kind in ("promo", "announce", "chatter", "service")}
    singles = []
    for post in posts:
        if slug := post.raw.get("event"):
            events[slug].append(post)
        elif kind := post.raw.get("kind"):
            kinds[kind].append(post.address)
        else:
            singles.append(post.address)
    return {
        "from": posts[0].at.isoformat(),
        "to": posts[-1].at.isoformat(),
        "posts": len(posts),
        "channels": dict(sorted(_channels(posts).items())),
        "events": [
            {
                "id": slug,
                "title": title,
                "languages": sorted({post.raw.get("language", post.channel.language) for post in events[slug]}),
                "posts": [post.address for post in events[slug]],
                **({"dispute": disputes[slug]} if slug in disputes else {}),
            }
            for slug, title in titles.items()
        ],
        "singles": singles,
        "kinds": kinds,
        "languages": {post.address: post.raw["language"] for post in posts if "language" in post.raw},
        "reposts": [[post.address, named[post.raw["same_as"]]] for post in posts if "same_as" in post.raw],
        "forwards": [[post.address, named.get(post.raw.get("forward_of", ""))] for post in posts if is_forward(post)],
        "replies": [[post.address, named[post.raw["reply"]]] for post in posts if "reply" in post.raw],
        **{fact: [post.address for post in posts if post.raw.get(key)] for fact, key in FACTS.items()},
    }


def _channels(posts: Sequence[Post]) -> dict[str, dict[str, Any]]:
    """What is true of each channel, by its name."""
    channels: dict[str, dict[str, Any]] = {}
    for post in posts:
        channel = post.channel
        facts = channels.setdefault(
            channel.name,
            {
                "title": channel.title,
                "language": channel.language,
                "signatures": [plain(line) for line in channel.signatures],
                "posts": 0,
                "signed": [],
            },
        )
        facts["posts"] += 1
        if any(post.text.endswith(f"\n\n{line}") for line in channel.signatures):
            facts["signed"].append(post.address)
    return channels


def is_forward(post: Post) -> bool:
    return "forward_of" in post.raw or "forward_from" in post.raw
