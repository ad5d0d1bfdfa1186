"""The values that cross a package's door: frozen, keyword-only, times aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final, NewType

PostId = NewType("PostId", int)
StoryId = NewType("StoryId", int)
ChannelId = NewType("ChannelId", int)
ArticleId = NewType("ArticleId", int)
ReaderId = NewType("ReaderId", int)
DigestId = NewType("DigestId", int)
EditionId = NewType("EditionId", int)
PartId = NewType("PartId", int)

WEB_WAY = "web"  # the way of a channel that the web preview reads; no account has this name
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
    message ids of an album beyond the first. `quote` is the passage that a reply answers, in another's words.
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
    quote: str | None = None
    fact_check: FactCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPost:
    """A post after cleaning: `body` is the text without the channel's signature and without tracking parameters,
    `language` a two-letter code or "unknown", `fingerprint` a signed 64-bit simhash (0: too little text), `articles`
    the canonical addresses of linked pages that are worth reading, `rule` the name of the rule that makes it no
    news."""

    post: NewPost
    body: str
    language: str
    fingerprint: int
    kind: Kind
    rule: str = ""
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A stored post. `url` is its address on t.me; `story` is None until it has been through the stories; `rule` is the
    name of the rule that makes it no news."""

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
    quote: str | None = None
    fact_check: FactCheck | None = None
    story: StoryId | None = None
    edits: int = 0
    rule: str = ""

    @property
    def url(self) -> str:
        return post_url(self.channel, self.message_id)


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why a page gave no article: a part of a sentence that begins with "the page"."""

    reason: str


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
    verified: bool = False
    has_preview: bool = False


def post_url(channel: str, message_id: int) -> str:
    """The address of a post on t.me."""
    return f"https://t.me/{channel}/{message_id}"


def channel_number(name: str) -> int | None:
    """Telegram's own number of a channel that is named by it, `c/<number>`; None of one with a public name."""
    digits = name[2:] if name[:2] in ("c/", "C/") else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


def invite_name(invite: str) -> str:
    """What the channel behind an invite is called until its own name is known; nobody can join by it."""
    return f"+{blake2b(invite.encode(), digest_size=5).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as it is kept. `source` is auto, web or account; `every` seconds between readings, None for the
    channel's own rhythm; `active` where a list names it; `signature` what the cleaning has learned (its own JSON);
    `way` what reads it now: WEB_WAY, the name of an account, or None where that is not settled yet; `join` where an
    account is to become a member, `invite` the hash of the link that lets it in: whoever has it can join."""

    id: ChannelId
    name: str
    title: str
    description: str = ""
    kind: PlaceKind = PlaceKind.CHANNEL
    members: int | None = None
    telegram_id: int | None = None
    source: str = "auto"
    every: int | None = None
    active: bool = False
    signature: Mapping[str, Any] | None = None
    way: str | None = None
    join: bool = False
    invite: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a source tells of a channel, None where it does not: its own words, how many subscribe, its number."""

    description: str | None = None
    members: int | None = None
    telegram_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What channels.toml says of one channel beyond its name; `join`: an account is to become a member, by `invite`
    where that is the hash of a link."""

    source: str = "auto"
    every: int | None = None
    join: bool = False
    invite: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelList:
    """A named set of channels. Titles and descriptions by language; the key "" serves where a language is missing.
    `folder` is the slug of a folder's link (t.me/addlist/<slug>) whose channels belong to it, too: whoever has it can
    join them; `join` where an account is to become a member of all."""

    id: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    channels: tuple[str, ...] = ()
    folder: str | None = field(default=None, repr=False)
    join: bool = False

    def title(self, language: str) -> str:
        return _worded(self.titles, language) or self.id

    def description(self, language: str) -> str:
        return _worded(self.descriptions, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderChannel:
    """A channel in a folder: Telegram's own number of it, its name and title; `closed` where nobody reads it who is no
    member, and no account is one."""

    telegram_id: int
    name: str
    title: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of chats that a list names, as it was read last: how many of its chats are channels (`closed` of them
    to who is no member) and how many `others`; `failures` in a row, the last with its `reason`."""

    slug: str = field(repr=False)
    lists: tuple[str, ...] = ()
    title: str = ""
    channels: int = 0
    closed: int = 0
    others: int = 0
    read_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far a channel has been read by one source. `cursor` is the newest message id that was read, `oldest` the
    oldest; `failures` in a row, the last with its `reason`."""

    channel: Channel
    source: Source
    cursor: int | None = None
    oldest: int | None = None
    read_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    reason: str | None = None

    def late(self, now: datetime) -> timedelta:
        """For how long its reading is overdue."""
        return max(now - self.next_at, timedelta()) if self.next_at else timedelta()


class AccountState(StrEnum):
    READING = "reading"
    RESTING = "resting"  # Telegram asked it to wait
    UNREACHABLE = "unreachable"  # Telegram does not answer
    SIGNED_OUT = "signed_out"
    BANNED = "banned"  # or frozen: only its owner and Telegram can settle it


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """How an account fares `since` when, and why; `until` when it rests; `told` where the administrators know that it
    reads nothing."""

    name: str
    state: AccountState
    since: datetime
    until: datetime | None = None
    reason: str | None = None
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A channel that an account cannot read before `until`."""

    channel: ChannelId
    account: str
    until: datetime
    reason: str


class ReaderState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    BLOCKED = "blocked"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat, group, topic or channel that receives digests at `at` (HH:MM) by the clock of `zone`.

    `look` is classic or rich; `asking` the question that is open (at, zone) or None; `lists` and `channels` what the
    reader follows; `told_until` the end of the last digest that came at its hour."""

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


def _worded(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("") or next(iter(words.values()), "")
