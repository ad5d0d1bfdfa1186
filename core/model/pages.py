"""Linked pages, and what stands behind a t.me name."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.model.posts import UNKNOWN


class PlaceKind(StrEnum):
    """What a t.me name turns out to be."""

    CHANNEL = "channel"
    GROUP = "group"
    BOT = "bot"
    PERSON = "person"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why a page gave no article: a part of a sentence that begins with "the page". `passing`: later it may."""

    reason: str
    passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVersion:
    """What a server calls the version of a page: its ETag and its Last-Modified, where it names them."""

    tag: str | None = None
    modified: str | None = None


NO_VERSION: Final = PageVersion()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A linked page, read: `text` is its main text, paragraphs on lines of their own."""

    url: str
    title: str | None
    text: str
    author: str | None = None
    date: datetime | None = None
    language: str = UNKNOWN
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a landing page (t.me/<name>) says of a name. `members` is the number of subscribers or members."""

    name: str
    kind: PlaceKind
    title: str | None = None
    description: str | None = None
    members: int | None = None
    has_preview: bool = False
