"""What a film that several channels show gives to stories, and how large stories become.

    python -m benchmarks.films POSTS.jsonl      (post objects as `courant export posts` writes them, with "files")

Prints a Markdown table: the pairs of posts of two channels within 72 hours that show one film, how many of them are in
one story by their words and with the films, and how many posts are in stories of more than a hundred.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

from benchmarks.data import json_lines
from core.clock import utc_now
from core.model import CleanPost, Kind
from digest.stories.lines import group_lines
from ingest.cleaning.clean import clean_all
from ingest.exports.post_object import post_of

BEFORE = timedelta(hours=72)  # as long as a service keeps a story alive
LARGE = 100  # posts of a story


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("posts", type=Path)
    given = parser.parse_args()
    cleaned, _ = clean_all([post_of(row, utc_now()) for row in json_lines(given.posts)])
    news = [clean for clean in cleaned if clean.kind is Kind.NEWS]
    pairs = shared(news)
    print(
        f"| stories of {len(news)} posts | {len(pairs)} pairs: in one story | stories | posts in stories over {LARGE} |"
    )
    print("| --- | --- | --- | --- |")
    for name, posts in (("by words", [without_films(clean) for clean in news]), ("with films", news)):
        story = stories(posts)
        sizes = Counter(story.values())
        together = sum(story[one] == story[other] for one, other in pairs)
        print(f"| {name} | {together} | {len(sizes)} | {sum(size for size in sizes.values() if size > LARGE)} |")


def shared(posts: Iterable[CleanPost]) -> set[tuple[int, int]]:
    """The places of two posts, of two channels, that show one film."""
    shown: defaultdict[str, list[tuple[int, str, datetime]]] = defaultdict(list)
    for place, clean in enumerate(posts):
        if clean.post.date is not None:
            for file in clean.post.files:
                shown[file].append((place, clean.post.channel, clean.post.date))
    return {
        (one[0], other[0])
        for every in shown.values()
        for one, other in combinations(every, 2)
        if one[1] != other[1] and abs(one[2] - other[2]) <= BEFORE
    }


def stories(posts: Sequence[CleanPost]) -> Mapping[int, object]:
    """The story of each post, by its place."""
    lines = (
        json.dumps(
            {
                "id": str(place),  # no address of its own: words and films alone are looked at
                "channel": clean.post.channel,
                "date": clean.post.date.isoformat() if clean.post.date else None,
                "text": clean.body,
                "files": clean.post.files,
            }
        )
        for place, clean in enumerate(posts)
    )
    answers, _ = group_lines(lines)
    return {int(row["id"]): row["story"] for row in map(json.loads, answers)}


def without_films(clean: CleanPost) -> CleanPost:
    return replace(clean, post=replace(clean.post, files=()))


if __name__ == "__main__":
    main()
