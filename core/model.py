"""The values that cross a package's door: frozen, keyword-only, times aware and in UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

PostId = NewType("PostId", int)
StoryId = NewType("StoryId", int)
ChannelId = NewType("ChannelId", int)
ArticleId = NewType("ArticleId", int)
ReaderId = NewType("ReaderId", int)
DigestId = NewType("DigestId", int)
PartId = NewType("PartId", int)

UNKNOWN = "unknown"  # the language of a text that is too short, or in none that we know


class Source(StrEnum):
    """Where a post came from."""

    WEB = "web"
    ACCOUNT = "account"
    IMPORT = "import"


class Kind(StrEnum):
    """`NEWS`, or what keeps a post out of stories."""

    NEWS = "news"
    PROMO = "promo"
    ANNOUNCE = "announce"
    CHATTER = "chatter"
    SERVICE = "service"


class PlaceKind(StrEnum):
    """What a t.me name turns out to be."""

    CHANNEL = "channel"
    GROUP = "group"
    BOT = "bot"
    PERSON = "person"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a post as published; `label` is the text that carries it, empty where the address stands bare."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """How many pieces of each kind a post carries; documents by their titles."""

    photos: int = 0
    videos: int = 0
    round_videos: int = 0
    voices: int = 0
    stickers: int = 0
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    question: str
    type: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPreview:
    """The card Telegram draws below a post for one of its links."""

    url: str
    site: str | None = None
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """Where a forwarded post came from; `url` is None where the origin is hidden."""

    name: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    emoji: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """What every source yields, before cleaning.

    `channel` is the public name as Telegram spells it, or `c/<number>` for a private channel. `text` is the visible
    text whole, with line breaks; `links` in order of first appearance, addresses as published. `message_id` and
    `date` are None where a saved page lacks them: such a post can be shown but not stored. `album_ids` are the
    message ids of an album beyond the first.
    """

    channel: str
    message_id: int | None
    date: datetime | None
    text: str = ""
    links: tuple[Link, ...] = ()
    source: Source = Source.WEB
    channel_title: str | None = None
    edited: bool = False
    edited_at: datetime | None = None
    service: bool = False
    unsupported: bool = False
    author: str | None = None
    views: int | None = None
    forwards: int | None = None
    forwarded_from: Forward | None = None
    reply_to: str | None = None
    album: bool = False
    album_ids: tuple[int, ...] = ()
    media: Media = field(default_factory=Media)
    poll: Poll | None = None
    preview: LinkPreview | None = None
    buttons: tuple[Link, ...] = ()
    via_bot: str | None = None
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPost:
    """A post after cleaning: `body` is the text without the channel's signature and without tracking parameters,
    `language` a two-letter code or "unknown", `fingerprint` a signed 64-bit simhash (0: too little text)."""

    post: NewPost
    body: str
    language: str
    fingerprint: int
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A stored post. `url` is its address on t.me; `story` is None until it has been through the stories."""

    id: PostId
    channel: str
    channel_title: str
    message_id: int
    date: datetime
    text: str
    body: str
    language: str
    kind: Kind
    fingerprint: int
    edited: bool = False
    deleted: bool = False
    author: str | None = None
    links: tuple[Link, ...] = ()
    views: int | None = None
    forwards: int | None = None
    reactions: tuple[Reaction, ...] = ()
    forwarded_from: Forward | None = None
    reply_to: str | None = None
    album: bool = False
    media: Media = field(default_factory=Media)
    poll: Poll | None = None
    preview: LinkPreview | None = None
    story: StoryId | None = None
    edits: int = 0

    @property
    def url(self) -> str:
        return post_url(self.channel, self.message_id)


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
    verified: bool = False
    has_preview: bool = False


def post_url(channel: str, message_id: int) -> str:
    """The address of a post on t.me."""
    return f"https://t.me/{channel}/{message_id}"
