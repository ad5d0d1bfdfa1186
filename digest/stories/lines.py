"""Pure: JSON Lines of posts in, JSON Lines with their stories out: what `courant stories` does."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.json_lines import line_of, read_object
from core.model import post_url
from core.moments import read_date
from digest.stories.cluster import Stories
from digest.stories.foreign import Foreign, Read
from digest.stories.likeness import WEIGHTS, Weights
from digest.stories.posts import HOUR, MOST_FILES, Move, Placement, StoryPost, own_order
from digest.stories.splits import SPLIT_WEIGHTS, SplitWeights

MOST_LINKS_READ = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is skipped: its number, from 1, and why."""

    line: int
    reason: str


def group_lines(lines: Iterable[str], *, explain: bool = False) -> tuple[list[str], list[BadLine]]:
    """The stories of a whole input of posts, each line one object `{"id","channel","date","text","title"?}`.

    Gives `{"id","story"}` lines in the order of the input, and the lines that could not be read. `explain` adds
    `"score"` (log-odds of the best story found) and `"with"` (the id of a post there; null for the first of a story). A
    post without a date stands where it stands. `"links"`, `"files"`, `"forwarded_from"` and `"reply_to"` as `courant
    clean` writes them count as evidence, for which a whole number as `"id"` is the message's in its channel; other keys
    are passed over.
    """
    ids: list[int | str] = []
    posts: list[StoryPost] = []
    bad: list[BadLine] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = read_object(line)
            posts.append(read_post(row, len(posts)))
        except ValueError as error:
            bad.append(BadLine(line=number, reason=str(error)))
        else:
            ids.append(row["id"])
    return [_answer(ids, position, placed, explain) for position, placed in enumerate(group(posts))], bad


def group(
    posts: Sequence[StoryPost],
    weights: Weights = WEIGHTS,
    split_weights: SplitWeights = SPLIT_WEIGHTS,
    foreign: Callable[[Read], Foreign] = Foreign,
) -> list[Placement]:
    """Where each post of a batch ends, in the given order. Words are counted over the whole batch first; then the posts
    go in by the hour, one without a date in the hour of the one before it, and within an hour in an order of their own,
    so that the order of arrival does not matter. Ids must be unique. `foreign`: as that of `Stories`."""
    stories = Stories(forgetful=False, weights=weights, split_weights=split_weights, foreign=foreign)
    ordered = _in_order(posts)
    stories.learn(ordered)
    placed: dict[Any, Placement] = {}
    for post in ordered:
        placement = stories.add(post)
        _follow(placed, placement.moves)
        placed[post.id] = placement
    _follow(placed, stories.settle())
    _name_the_first(placed, _in_time(posts))
    return [placed[post.id] for post in posts]


def _name_the_first(placed: dict[Any, Placement], posts: Iterable[StoryPost]) -> None:
    """Let the earliest post of a story be the one that began it, and the one that did be found with it."""
    begun = {placement.story: placement for placement in placed.values() if placement.nearest is None}
    for post in posts:
        first, other = placed[post.id], begun.pop(placed[post.id].story, None)
        if other is not None and other.post != first.post:
            placed[first.post] = replace(first, began=True, copy=False, score=other.score, nearest=None)
            placed[other.post] = replace(other, began=False, copy=first.copy, score=first.score, nearest=first.post)


def _follow(placed: dict[Any, Placement], moves: Iterable[Move]) -> None:
    for move in moves:
        placed[move.post] = replace(placed[move.post], story=move.story, score=move.score, nearest=move.nearest)


def _in_time(posts: Sequence[StoryPost]) -> list[StoryPost]:
    """By the time; one without a date after the one before it."""
    times = _times(posts)
    return [posts[place] for place in sorted(range(len(posts)), key=times.__getitem__)]


def _in_order(posts: Sequence[StoryPost]) -> list[StoryPost]:
    """By the hour; within it, what says most comes first: what says less is then compared with it."""
    times = _times(posts)
    places = sorted(range(len(posts)), key=lambda place: (times[place] // HOUR, *own_order(posts[place])))
    return [posts[place] for place in places]


def _times(posts: Sequence[StoryPost]) -> list[float]:
    """In seconds; of a post without a date that of the post before it, and before the first date that one."""
    last = min((post.date for post in posts if post.date), default=None)
    times = []
    for post in posts:
        last = post.date or last
        times.append(last.timestamp() if last else 0.0)
    return times


def read_post(row: dict[str, Any], position: int) -> StoryPost:
    """The post that an object tells, known by its place in the input. Raises ValueError for what is missing or of a
    wrong type."""
    identity = row.get("id")
    if isinstance(identity, bool) or not isinstance(identity, int | str):
        raise ValueError('"id" must be a string or a whole number')
    text, title = row.get("text"), row.get("title") or ""
    if not isinstance(text, str) or not isinstance(title, str):
        raise ValueError('"text" must be a string, and "title" one where it is given')
    forward, links = row.get("forwarded_from"), row.get("links")
    url = forward.get("url") if isinstance(forward, dict) else forward
    read = links[:MOST_LINKS_READ] if isinstance(links, list) else []
    channel, reply = str(row.get("channel") or ""), row.get("reply_to")
    files = row.get("files")
    shown = files[:MOST_FILES] if isinstance(files, list) else []
    return StoryPost(
        id=position,
        channel=channel,
        date=_date(row.get("date")),
        text=text,
        title=title,
        forwarded_from=url if isinstance(url, str) else None,
        links=tuple(link for link in read if isinstance(link, str)),
        url=post_url(channel, identity) if channel and isinstance(identity, int) else "",
        reply_to=reply if isinstance(reply, str) else None,
        files=tuple(file for file in shown if isinstance(file, str)),
    )


def _date(value: object) -> datetime | None:
    """ISO 8601 (UTC where no zone is named), or seconds since 1970; None for nothing."""
    if value is None or value == "":
        return None
    date = None
    if isinstance(value, str):
        date = read_date(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(ValueError, OverflowError, OSError):
            date = datetime.fromtimestamp(value, UTC)
    if date is None:
        raise ValueError('"date" is no date in ISO 8601')
    return date


def _answer(ids: Sequence[int | str], position: int, placed: Placement, explain: bool) -> str:
    answer: dict[str, Any] = {"id": ids[position], "story": placed.story}
    if explain:
        answer["score"] = None if placed.score is None else round(placed.score, 3)
        answer["with"] = ids[placed.nearest] if isinstance(placed.nearest, int) else None
    return line_of(answer)
