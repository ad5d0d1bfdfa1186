"""Readers, what they want, and the parts of digests that wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.model.ids import DigestId, EditionId, PartId, PostId, ReaderId, StoryId


class ReaderState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    BLOCKED = "blocked"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat, group, topic or channel that receives digests at `at` (HH:MM) by the clock of `zone`.

    `look` is classic or rich; `asking` the question that is open (at, zone) or None; `lists` and `channels` what the
    reader follows, `titles` what those of the channels are called that have no public name, by their names;
    `told_until` the end of the last digest that came at its hour."""

    id: ReaderId
    chat_id: int
    thread_id: int = 0
    kind: str = "private"
    name: str = ""
    language: str = "en"
    at: str = "08:00"
    zone: str = "UTC"
    minutes: int = 5
    look: str = "classic"
    state: ReaderState = ReaderState.ACTIVE
    asking: str | None = None
    due_at: datetime | None = None
    told_until: datetime | None = None
    lists: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a reader has been told of a story: its posts up to `last`, as far as they had come to us by `came`."""

    last: PostId
    came: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A word or phrase as a reader wrote it that is `wanted`, or else never; `key` is its stems with blanks between."""

    key: str
    word: str
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Liking:
    """A reader's press below a digest: more (or less) like this story. `terms` are what the story was about, each a
    stem and the word that it came from."""

    story: StoryId
    more: bool
    terms: tuple[tuple[str, str], ...]
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """What a reader wants more and less of."""

    keywords: tuple[Keyword, ...] = ()
    likings: tuple[Liking, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of a digest in the outbox. `payload` is what the bot wrote there to be sent; `edition` is what the
    digest says."""

    id: PartId
    digest: DigestId
    reader: Reader
    part: int
    payload: Mapping[str, Any]
    attempts: int = 0
    edition: EditionId | None = None
