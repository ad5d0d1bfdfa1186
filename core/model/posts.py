"""Posts: as a source yields them, cleaned, and as they are kept."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from core.model.ids import PostId, StoryId

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a post as published; `label` is the text that carries it, empty where the address stands bare."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """How many pieces of each kind a post carries; documents, music among them, by their titles, and music by its
    `performers`, too. `seconds` is how long all that sounds or moves lasts, 0 where the source does not tell."""

    photos: int = 0
    videos: int = 0
    round_videos: int = 0
    voices: int = 0
    stickers: int = 0
    documents: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()
    seconds: int = 0

    def __add__(self, other: "Media") -> "Media":
        """The media of both, as of the pieces of an album."""
        return Media(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """`votes` stand beside the options, `correct` is the place of a quiz's right one; both where they are shown."""

    question: str
    type: str
    options: tuple[str, ...] = ()
    votes: tuple[int, ...] = ()
    correct: int | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCheck:
    """What fact-checkers of a country say of a post. Never the channel's own words."""

    text: str
    country: str = ""


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
class Counts:
    """How often a post was seen and forwarded, None where it is not told."""

    views: int | None = None
    forwards: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """What every source yields, before cleaning.

    `channel` is the public name as Telegram spells it, or `c/<number>` for a private channel. `text` is the visible
    text whole, with line breaks; `links` in order of first appearance, addresses as published. `message_id` and
    `date` are None where a saved page lacks them: such a post can be shown but not stored. `album_ids` are the
    message ids of an album beyond the first. `files`: what its photos and films are known again by in other posts,
    where the source tells. `quote` is the passage that a reply answers, in another's words.
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
    files: tuple[str, ...] = ()
    poll: Poll | None = None
    preview: LinkPreview | None = None
    buttons: tuple[Link, ...] = ()
    via_bot: str | None = None
    reactions: tuple[Reaction, ...] = ()
    quote: str | None = None
    fact_check: FactCheck | None = None

    @property
    def message_ids(self) -> tuple[int, ...]:
        """The ids of all its messages; 0 stands for one that a saved page lacks."""
        return (self.message_id or 0, *self.album_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPost:
    """A post after cleaning: `body` is the text without the channel's signature and without tracking parameters,
    `language` a two-letter code or "unknown", `fingerprint` a signed 64-bit simhash (0: too little text), `articles`
    the canonical addresses of linked pages that are worth reading, `rule` the name of the rule that makes it no
    news. `stems` are those of the body's words, for whoever would take it apart again; None where that gives others
    (tags are words, too)."""

    post: NewPost
    body: str
    language: str
    fingerprint: int
    kind: Kind
    rule: str = ""
    articles: tuple[str, ...] = ()
    stems: tuple[str, ...] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A stored post. `url` is its address on t.me; `files` as those of `NewPost`; `story` is None until it has been
    through the stories; `rule` is the name of the rule that makes it no news; `stored` is when it came to us, None
    where that is not known."""

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
    files: tuple[str, ...] = ()
    poll: Poll | None = None
    preview: LinkPreview | None = None
    quote: str | None = None
    fact_check: FactCheck | None = None
    story: StoryId | None = None
    edits: int = 0
    rule: str = ""
    stored: datetime | None = None

    @property
    def url(self) -> str:
        return post_url(self.channel, self.message_id)


def post_url(channel: str, message_id: int) -> str:
    """The address of a post on t.me."""
    return f"https://t.me/{channel}/{message_id}"
