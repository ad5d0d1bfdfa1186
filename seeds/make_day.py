"""Makes `seeds/day/` out of `seeds/source/`: preview pages, linked articles and the truth about them for tests.

    python -m seeds.make_day [FOLDER]

The same source gives the same bytes. The keys of a post are told in `seeds/source/channels.toml`. A post gets its
message id from its place among its channel's posts, so ids move when one is put in between; `events.json` follows.
"""

import json
import re
import sys
import tomllib
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from seeds.maker.articles import article_html
from seeds.maker.pages import pages
from seeds.maker.post import Channel, Post
from seeds.maker.truth import truth

HOME = Path(__file__).parent

YEAR_MONTH = (2025, 2)

SEED_ARTICLE = "https://en.interaffairs.ru/article/view-from-london-a-single-call-can-change-the-course-of-history/"

INDEX_HEAD = "# The pages that posts of the day link to: canonical address = file in this folder.\n\n[articles]"


def at_time(stamp: str, channel: str) -> datetime:
    """`17 11:24` in the month of the day; the seconds are thrown, the same way each time."""
    day, hour, minute = (int(part) for part in re.split("[ :]", stamp))
    return datetime(*YEAR_MONTH, day, hour, minute, crc32(f"{channel} {stamp}".encode()) % 60, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All source files together: `events` and `disputes` by event id, `posts` and `articles` as they stand."""

    channels: Mapping[str, Channel]
    events: Mapping[str, str]
    disputes: Mapping[str, str]
    posts: Sequence[Mapping[str, Any]]
    articles: Sequence[Mapping[str, Any]]


def read_sources(folder: Path) -> Sources:
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    channels: dict[str, Channel] = {}
    for data in files:
        for name, facts in data.get("channels", {}).items():
            facts |= {"signatures": tuple(facts["signatures"]), "reactions": tuple(facts["reactions"])}
            channels[name] = Channel(name=name, **facts)
    return Sources(
        channels=channels,
        events=dict(ChainMap(*(data.get("events", {}) for data in reversed(files)))),
        disputes=dict(ChainMap(*(data.get("disputes", {}) for data in reversed(files)))),
        posts=[post for data in files for post in data.get("posts", [])],
        articles=[article for data in files for article in data.get("articles", [])],
    )


def whole_text(
    raw: Mapping[str, Any], channel: Channel, named: Mapping[str, Mapping[str, Any]], channels: Mapping[str, Channel]
) -> str:
    """A post's markdown: its own, a repost's original under another signature, or a forward's original whole."""
    if origin := raw.get("forward_of"):
        return whole_text(named[origin], channels[named[origin]["channel"]], named, channels)
    text = str(named[raw["same_as"]]["text"] if "same_as" in raw else raw.get("text", "")).strip("\n")
    sign = raw.get("sign", 0)
    if sign is False or not text:
        return text
    return f"{text}\n\n{channel.signatures[sign]}"


def place_posts(raws: Sequence[Mapping[str, Any]], channels: Mapping[str, Channel]) -> list[Post]:
    """Give each post its id and time, in the order of time."""
    named = {raw["name"]: raw for raw in raws if "name" in raw}
    next_id = {name: channel.first_id for name, channel in channels.items()}
    timed = sorted(((at_time(raw["at"], raw["channel"]), raw["channel"], raw) for raw in raws), key=lambda row: row[:2])
    posts = []
    for at, name, raw in timed:
        text = whole_text(raw, channels[name], named, channels)
        posts.append(Post(channel=channels[name], id=next_id[name], at=at, text=text, raw=raw))
        next_id[name] += max(1, raw.get("album", 1))
    return posts


def build(source: Path) -> dict[str, str]:
    """All files of the day by their names, relative to its folder; `channels.toml` is written by hand and stays."""
    sources = read_sources(source)
    posts = place_posts(sources.posts, sources.channels)
    files = dict(pages(posts))
    files["events.json"] = (
        json.dumps(truth(posts, sources.events, sources.disputes), ensure_ascii=False, indent=1) + "\n"
    )
    seed = "articles/view-from-london.html"
    files[seed] = (source.parent / "view-from-london.html").read_text(encoding="utf-8")
    index = {SEED_ARTICLE: seed}
    for article in sources.articles:
        index[article["url"]] = f"articles/{article['file']}"
        files[index[article["url"]]] = article_html(article)
    lines = [f'"{url}" = "{file.removeprefix("articles/")}"' for url, file in index.items()]
    files["articles/index.toml"] = "\n".join([INDEX_HEAD, *lines, ""])
    return files


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0]) if arguments else HOME / "day"
    files = build(HOME / "source")
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    if not arguments:  # a folder that was named may hold other people's pages
        for stale in {*folder.glob("*.html"), *folder.glob("articles/*.html")} - {folder / name for name in files}:
            stale.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
