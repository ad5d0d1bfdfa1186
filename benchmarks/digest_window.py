"""Digests of real windows of hours, judged as a whole: what a reader would miss, meet twice or not believe.

    COURANT_DATA=../shared/data python -m benchmarks.digest_window [WINDOW ...] [--show text|html|json]

Of each window the posts of the 24 Russian news channels (telegram_posts/nktkln) of the week before it and of itself
come in by the front door, as `courant import` takes JSON Lines, into a fresh SQLite database. Then the digest of the
window is built as for a reader with an hour to read. A window is named by its day of November 2024. That of the 28th
is clustering/nktkln_same_story_gold, the other five are labelled in `windows.tsv`:

- every event that three channels or more tell must be told, and exactly once (of an event, the posts in the digest are
  in one story); events of three posts by fewer channels are counted apart;
- no post that is an advertisement or an announcement (by hand: `cleaning`, by rule: the kind) may be in a story;
- each sentence must stand in each post that it cites: its numbers and names there, word for word in one of them.

Exits with 1 where one of these fails. `--show` prints the digest itself.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.data import NotThere, cleaning_gold, nktkln_posts, nktkln_window, window_labels
from core.model import Kind, Post, post_url
from core.words import stems
from digest.build import Material, Wish, compose_digest, gather
from digest.model import Digest
from digest.render import jsonform, page, text
from digest.stories.service import StoryService
from digest.text.evidence import bears_out
from digest.text.tidy import plain_sentences
from ingest.exports.importing import import_paths
from ingest.intake import Intake
from storage.store import Store

HOURS = {28: (10, 13), 19: (9, 13), 21: (16, 20), 23: (8, 14), 25: (14, 18), 27: (6, 9)}  # of each day, UTC
GOLD = 28
BEFORE = timedelta(days=7)  # of posts from which stories and signatures are known when the window begins
FEWEST = 3  # posts, and channels, of an event that must be told
MINUTES = 60
LOOKS = {"text": text.render, "html": page.render, "json": jsonform.render}


@dataclass(frozen=True, slots=True)
class Window:
    """Some hours of a day, and their events of enough posts: the addresses of these by the event's name."""

    begin: datetime
    end: datetime
    events: Mapping[str, Sequence[str]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("windows", nargs="*", type=int, metavar="WINDOW", help="days of November 2024 (all)")
    arguments.add_argument("--show", choices=list(LOOKS))
    given = arguments.parse_args()
    if unknown := set(given.windows) - HOURS.keys():
        arguments.error(f"there is no window of {min(unknown)} November; there are: {', '.join(map(str, HOURS))}")
    failures = 0
    for day in given.windows or HOURS:
        window = labelled(day)
        with tempfile.TemporaryDirectory() as folder:
            digest, material = asyncio.run(build(Path(folder), window))
        if given.show:
            print(LOOKS[given.show](digest))
        print(f"{window.begin:%-d %B, %H:%M} to {window.end:%H:%M}")
        failures += judge(digest, material, window.events)
    sys.exit(1 if failures else 0)


def labelled(day: int) -> Window:
    """The window of this day."""
    events: defaultdict[str, list[str]] = defaultdict(list)
    for name, post in _gold() if day == GOLD else _read_by_hand(day):
        sender, _, message = post.partition("/")
        events[name].append(post_url(_channel(int(sender)), int(message)))
    begin, end = (datetime(2024, 11, day, hour, tzinfo=UTC) for hour in HOURS[day])
    return Window(begin, end, {name: urls for name, urls in events.items() if len(urls) >= FEWEST})


def _gold() -> Iterator[tuple[str, str]]:
    for row in nktkln_window():
        if not row["ambiguous"]:
            yield row["event"].partition(":")[2], row["post"]


def _read_by_hand(day: int) -> Iterator[tuple[str, str]]:
    for post, event, doubtful in window_labels():
        if event.startswith(f"{day} ") and not doubtful:
            yield event.partition(" ")[2], post


async def build(folder: Path, window: Window) -> tuple[Digest, Material]:
    """The digest of the window, and what it was made of."""
    lines = folder / "posts.jsonl"
    lines.write_text("".join(_lines(window)), encoding="utf-8")
    if not lines.stat().st_size:
        raise NotThere(f"a post of the week before {window.end:%-d %B %Y}")
    store = await Store.open(f"sqlite:///{folder}/window.db")
    try:
        began = time.perf_counter()
        await import_paths(Intake(store, lambda: window.end), [lines], window.end)
        await StoryService(store, lambda: window.end).settle()
        read = time.perf_counter()
        async with store.read() as tx:
            channels = tuple(channel.name for channel in await tx.channels.all())
        wish = Wish(
            since=window.begin,
            until=window.end,
            channels=channels,
            language="ru",
            zone="Europe/Moscow",
            minutes=MINUTES,
        )
        material = await gather(store, wish)
        gathered = time.perf_counter()
        made = compose_digest(material, wish, window.end)
        composed = time.perf_counter()
        print(
            f"import and stories {read - began:.1f} s, gathering {gathered - read:.2f} s, "
            f"composing {composed - gathered:.2f} s",
            file=sys.stderr,
        )
        return made.digest, material
    finally:
        await store.close()


def _lines(window: Window) -> Iterator[str]:
    for row in nktkln_posts():
        if row["text"] and window.end - BEFORE <= datetime.fromisoformat(row["date"]) < window.end:
            post = {
                "channel": _channel(row["sender_id"]),
                "channel_title": row["channel"],
                "id": row["message_id"],
                "date": row["date"],
                "markdown": row["text"],
            }
            yield json.dumps(post, ensure_ascii=False) + "\n"


def _channel(sender: int) -> str:
    return f"c/{abs(sender) % 10**10}"


def judge(digest: Digest, material: Material, events: Mapping[str, Sequence[str]]) -> int:
    """Print what was found, one line each; gives the number of failures."""
    told = {post.url: story.id for story in digest.stories for post in story.posts}
    wide = {name: urls for name, urls in events.items() if len({url.rpartition("/")[0] for url in urls}) >= FEWEST}
    missed = [name for name, urls in wide.items() if not any(url in told for url in urls)]
    twice = [name for name, urls in events.items() if len({told[url] for url in urls if url in told}) > 1]
    narrow = [name for name in events if name not in wide]
    narrow_told = sum(any(url in told for url in events[name]) for name in narrow)
    posts = {post.url: post for found in material.stories.values() for post in found}
    ads = [url for url in told if posts[url].kind is not Kind.NEWS or url in _labelled_ads()]
    mixed = _mixed(digest, events)
    unborne = list(_unborne(digest, posts))
    print(f"posts {digest.posts}, channels {digest.channels}, stories told {len(digest.stories)}")
    print(f"events of {FEWEST} channels or more: {len(wide)}, missed {len(missed)}: {', '.join(missed)}")
    print(f"events of {FEWEST} posts or more by fewer channels: {len(narrow)}, told {narrow_told}")
    print(f"events told twice: {len(twice)}: {', '.join(twice)}")
    print(f"stories of several events: {len(mixed)}: {'; '.join(mixed)}")
    print(f"advertisements and announcements told: {len(ads)}: {', '.join(ads)}")
    print(f"sentences {sum(len(s.summary) for s in digest.stories)}, not borne out: {len(unborne)}: {unborne}")
    print(f"headings: {dict(Counter(story.topic or '–' for story in digest.stories))}")
    return len(missed) + len(twice) + len(ads) + len(unborne)


def _labelled_ads() -> frozenset[str]:
    """Posts that people would call an advertisement, from the labelled ones."""
    return frozenset(
        post_url(_channel(row["sender_id"]), row["message_id"])
        for row in cleaning_gold()
        if row["kind"] in {"promo", "announce"} and row.get("sender_id")
    )


def _mixed(digest: Digest, events: Mapping[str, Sequence[str]]) -> list[str]:
    of = {url: name for name, urls in events.items() for url in urls}
    found = []
    for story in digest.stories:
        names = sorted({of[post.url] for post in story.posts if post.url in of})
        if len(names) > 1:
            found.append(" + ".join(names))
    return found


def _unborne(digest: Digest, posts: Mapping[str, Post]) -> Iterator[str]:
    for story in digest.stories:
        for sentence in story.summary:
            cited = [posts[story.posts[place].url] for place in sentence.sources]
            words = stems(sentence.text)
            stands = any(words == stems(each) or sentence.text in each for post in cited for each in _sentences(post))
            if not stands or not all(bears_out(sentence.text, post.body) for post in cited):
                yield sentence.text


def _sentences(post: Post) -> list[str]:
    return plain_sentences(post.body)


if __name__ == "__main__":
    main()
