"""Saved pages, exports and JSON Lines into the archive: streamed, so that memory does not grow with the file."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from core.collecting import seldom_collecting
from core.model import NewPost
from ingest.exports.files import read_path
from ingest.exports.problem import Problem
from ingest.intake import Intake, Taken

BATCH = 1000
MOST_PROBLEMS = 100  # kept to be told; all are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the posts read. `problems` are the first hundred of all that could not be taken."""

    taken: Taken = field(default_factory=Taken)
    channels: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    unreadable: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The counts of `courant import --json`."""
        taken = self.taken
        return {
            "posts": taken.new + taken.edited + taken.unchanged,
            "new": taken.new,
            "edited": taken.edited,
            "unchanged": taken.unchanged,
            "skipped": taken.skipped + self.unreadable,
            "channels": len(self.channels),
        }


async def import_paths(
    intake: Intake,
    paths: Iterable[str | Path],
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Take in all posts of these files and folders, in their order; `progress` is told how many were read so far.

    What cannot be read is counted and skipped. Importing twice changes nothing.
    """
    taken, channels, problems = Taken(), set[str](), list[Problem]()
    read = unreadable = 0
    items = (item for path in paths for item in read_path(path, now))
    with seldom_collecting():
        while batch := await asyncio.to_thread(_next, items):
            wrong = [item for item in batch if isinstance(item, Problem)]
            unreadable += len(wrong)
            problems += wrong[: MOST_PROBLEMS - len(problems)]
            if posts := [item for item in batch if isinstance(item, NewPost)]:
                taken += await intake.take(posts)
                channels.update(post.channel.lower() for post in posts)
            read += len(batch)
            if progress:
                progress(read)
    return Imported(taken=taken, channels=frozenset(channels), problems=tuple(problems), unreadable=unreadable)


def _next(items: Iterator[NewPost | Problem]) -> Sequence[NewPost | Problem]:
    return list(islice(items, BATCH))
