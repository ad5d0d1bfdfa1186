"""The digest as a value: everything that any look of it shows, and nothing that depends on the look."""

from dataclasses import astuple, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.model import PostId, ReaderId, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPost:
    """A post of a story. `lead` is its first sentence, tidied and short; `quote` begins the passage that it answers, in
    another's words; `copy`: it says what an earlier one says; `language`: its code, empty where that is not known."""

    channel: str
    channel_title: str
    url: str
    date: datetime
    lead: str = ""
    quote: str = ""
    copy: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """A sentence and the posts it rests on, as places in the story's `posts`; never empty."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two sentences that tell the same with other numbers; `figures` are those two, as written."""

    one: CitedSentence
    other: CitedSentence
    figures: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Whom posts (by their places) name as their source: a newspaper, an agency."""

    name: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What fact-checkers (of a `country`, in two letters) say of posts, by their places; not the channels' words."""

    text: str
    sources: tuple[int, ...]
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a digest told of a story: its headline, and the post that bore it out with its date."""

    title: str
    url: str
    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as a reader gets it. `posts` are ordered by date, so the first is who said it first; `why` are the
    reasons of its rank in words; `denials` are sentences that deny what others tell. `title` may be how the first
    sentence of `summary` begins; `title_sources` are the posts that say it. `joined`: stories of the same event
    whose posts are among these. `earlier`: of an `update`, what its reader was told last."""

    id: StoryId
    title: str
    summary: tuple[CitedSentence, ...]
    posts: tuple[CitedPost, ...]
    score: float = 0.0
    why: tuple[str, ...] = ()
    update: bool = False
    topic: str | None = None
    differences: tuple[Difference, ...] = ()
    denials: tuple[CitedSentence, ...] = ()
    credits: tuple[Credit, ...] = ()
    notes: tuple[Note, ...] = ()
    title_sources: tuple[int, ...] = ()
    joined: tuple[StoryId, ...] = ()
    earlier: Earlier | None = None

    @property
    def told(self) -> tuple[CitedSentence, ...]:
        """All that is said of the story: the title, where it is a sentence of its own, and the summary."""
        title = CitedSentence(text=self.title, sources=self.title_sources)
        return self.summary if self.opening else (title, *self.summary)

    @property
    def first(self) -> CitedPost:
        return self.posts[0]

    @property
    def channels(self) -> tuple[str, ...]:
        """The titles of the story's channels, by who came first; two channels may have one title."""
        return tuple({post.channel: post.channel_title for post in self.posts}.values())

    @property
    def opening(self) -> tuple[str, str] | None:
        """The first sentence as (title, rest) where it begins with the title: then it is said once."""
        if not self.summary:
            return None
        title, sentence = self.title.removesuffix("…"), self.summary[0].text
        return (title, sentence[len(title) :]) if title and sentence.startswith(title) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Posts of the window that are in no story of the digest, by the reason; they add up to all that is missing."""

    ads: int = 0  # advertisements and a channel's announcements about itself
    chatter: int = 0  # greetings, captions, service messages
    known: int = 0  # of stories that the reader has been told, without news
    unwanted: int = 0  # of stories about what the reader never wants
    single: int = 0  # told by one source only
    beyond: int = 0  # of stories for which the reading time did not last

    @property
    def total(self) -> int:
        return sum(astuple(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleChannel:
    """A channel that could not be read; `since`: when it last was, None for never."""

    channel: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRef:
    """A list of channels, by id and title in the reader's language."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A sentence of a digest before that is no longer so. `said` is the sentence as it was told; `now` how the post
    (after so many `edits`) puts it by now, empty where it says nothing of it any more or was `deleted`; `was` and
    `became` the numbers or names that differ, where they are few."""

    story: StoryId
    post: PostId
    edits: int
    channel: str
    url: str
    said: str
    now: str = ""
    was: tuple[str, ...] = ()
    became: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one reader gets for the window from `since` to `until` (UTC). `posts` is how many posts `channels` channels
    published in it: those of `stories` and those of `left_out` together. `channel`: the title of the only channel that
    it is of, where it is of no list. `ended`: the window had ended before the digest was made. `tokens` and
    `cost`: what a model took for its stories, for all readers who get them."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    posts: int
    channels: int
    stories: tuple[StoryView, ...]
    left_out: LeftOut = LeftOut()
    stale: tuple[StaleChannel, ...] = ()
    lists: tuple[ListRef, ...] = ()
    channel: str = ""
    reader: ReaderId | None = None
    language: str = "en"
    ended: bool = False
    minutes: int = 0
    corrections: tuple[Correction, ...] = ()
    tokens: int = 0
    cost: float = 0.0

    @property
    def title(self) -> str:
        """The titles of the lists; empty where there is none."""
        return ", ".join(each.title for each in self.lists)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button below a digest. `action` is "more" or "less" (like the story whose id is `argument`), "rate" (the other
    stories), "sources" or "settings": the bot makes callback data of them."""

    text: str
    action: str
    argument: str = ""


Buttons = tuple[tuple[Button, ...], ...]
