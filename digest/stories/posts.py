"""Pure values: a post as the stories take it, and what is to be written down of where posts went."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.stories.terms import Terms

StoryKey = int | str
HOUR = 3600.0  # seconds; with each hour of stream time a merge pass is due
MOST_LINKS = 5  # a post with more is a round-up, and tells of many events
MOST_FILES = 20  # of an album's ten pieces: a film is known again by two


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPost:
    """What the stories need to know of a post. `id` is unique; `text` is its body; `url` its own address; `fingerprint`
    a signed 64-bit simhash, 0 for none; `forwarded_from` the address of the original, or of who wrote it; `links`
    canonical addresses; `reply_to` the address of the post that it answers; `files` what its photos and films are known
    again by; `meaning` a unit vector in float16 bytes, empty where no model has given one."""

    id: Hashable
    channel: str
    date: datetime | None
    text: str
    title: str = ""
    fingerprint: int = 0
    forwarded_from: str | None = None
    links: tuple[str, ...] = ()
    url: str = ""
    reply_to: str | None = None
    files: tuple[str, ...] = ()
    meaning: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A post that went from story `old` into `story` with others. By a merge: `score` is the mean log-odds of the old
    story's posts there, `nearest` the latest post that was there before. Where `began`, a part of the old one left, and
    the rest may go on: into a new story, `nearest` being its first post and None for that post itself; or, where the
    posts of an hour went in again, into one that was there."""

    post: Hashable
    old: StoryKey
    story: StoryKey
    score: float | None = None
    nearest: Hashable | None = None
    began: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a post went. `score`: log-odds of the best story found, joined or not; None without a candidate and for a
    copy. `nearest`: the post that it is a copy of, or the latest of the joined story. `moves`: which posts moved just
    before, in order: as the hour before ended, or to leave this post its name."""

    post: Hashable
    story: StoryKey
    began: bool
    score: float | None = None
    nearest: Hashable | None = None
    copy: bool = False
    moves: tuple[Move, ...] = ()


def apart(posts: Sequence[Hashable], old: StoryKey, new: StoryKey) -> list[Move]:
    """Posts that left story `old` and began the story `new`, the first of them before the others."""
    first, *others = posts
    return [
        Move(post=first, old=old, story=new, began=True),
        *(Move(post=post, old=old, story=new, nearest=first, began=True) for post in others),
    ]


def hour_of(date: datetime | None) -> float | None:
    """The hour of a date, in seconds: what is evidence does not depend on the order within an hour."""
    return None if date is None else date.timestamp() // HOUR * HOUR


def own_order(post: StoryPost) -> tuple[int | str, ...]:
    """Where a post stands among those of its hour: what says most first, for what says less is compared with it."""
    return (
        -len(post.title) - len(post.text),
        post.title,
        post.text,
        post.channel,
        post.url,
        post.reply_to or "",
        post.forwarded_from or "",
        *post.links,
        *post.files,
    )


def articles_of(post: StoryPost) -> tuple[str, ...]:
    """The links of a post that is no round-up."""
    links = tuple(dict.fromkeys(link for link in post.links if _is_article(link) and link != post.reply_to))
    return links if len(links) <= MOST_LINKS else ()


def files_of(post: StoryPost) -> tuple[str, ...]:
    """The photos and films of a post, as many as are looked at."""
    return tuple(dict.fromkeys(post.files[:MOST_FILES]))


def marks_of(post: StoryPost, terms: Terms, links: tuple[str, ...]) -> tuple[str, ...]:
    """What only posts of one event share, the strongest first: an article, a film, a photo, the post itself with those
    that answer it, quotations."""
    posts = dict.fromkeys(filter(None, (post.url, post.reply_to, *filter(_is_telegram, links))))
    files = sorted(f"{'film' if file.startswith('film') else 'shot'} {file}" for file in files_of(post))
    return (
        *(f"link {link}" for link in links if link not in posts),
        *files,
        *(f"post {url}" for url in posts),
        *(f"quote {quote}" for quote in sorted(terms.quotes)),
    )


def _is_article(link: str) -> bool:
    """Whether an address leads past a site's or channel's front page."""
    _, _, path = link.partition("://")[2].rstrip("/").partition("/")
    return ("/" in path) if _is_telegram(link) else bool(path)


def _is_telegram(link: str) -> bool:
    return link.partition("://")[2].partition("/")[0] in ("t.me", "telegram.me")
