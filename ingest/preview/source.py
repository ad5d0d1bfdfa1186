"""The public web preview as a source, `t.me/s/<name>`: no account, public channels only.

A server shows about twenty posts a page, newest last; `?before=<id>` leads back, and `?after=<id>` on, where the server
knows it. `WebSource` pages, is polite and tells what went wrong; what a page says is read by `ingest.preview.page` and
`ingest.preview.landing`.
"""

import asyncio
import random
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from core.errors import BadInput, ChannelUnavailable, FetchError, HostResting, NameTaken, RateLimited, SourceError
from core.model import About, NewPost, Place, PlaceKind
from ingest.fetch.http import Http, Limits, Reply
from ingest.preview.landing import read_landing
from ingest.preview.page import PageKind, PreviewPage, ids_of, read_preview, under_one_name

T_ME: Final = "https://t.me"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_PAGE: Final = Limits(size=5_000_000, total=15.0, spacing=0.0)  # one slow page must not hold up the channels after it
_VIEW_TOKEN = re.compile(rb' data-view="[^"]*"')
_TIME_TAKEN: Final = b"<!-- page generated in "
_LARGE: Final = 500_000  # bytes: reading more than this in one go would hold up the event loop
_REMEMBERED: Final = 20_000
_NOT_CHANNELS: Final = {
    PlaceKind.GROUP: "is a group, not a channel",
    PlaceKind.BOT: "is a bot, not a channel",
    PlaceKind.PERSON: "is a person, not a channel",
    PlaceKind.MISSING: "does not exist, or is hidden",
    PlaceKind.CHANNEL: "shows no web preview: only an account can read it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Posts of one page, oldest first. `older_before` is where the page before it begins, None at the beginning.
    `cursor` is the message up to which all has been given once this batch is stored, None where it does not move;
    `newest`: there is nothing after this batch, which tells `about` the channel, too."""

    posts: tuple[NewPost, ...]
    older_before: int | None = None
    cursor: int | None = None
    newest: bool = False
    about: About | None = None


@dataclass(frozen=True, slots=True)
class _Same:
    """By what a page that has not changed is known, to one whose `cursor` is its newest post: headers for the server, a
    hash for ourselves."""

    cursor: int
    tags: Mapping[str, str]
    mark: bytes


@dataclass(slots=True)
class _Gap:
    """What is left between what was read and the newest page: messages after `cursor` and before `begins`; and how many
    `pages` may be asked for. `forward`: whether the server led on with `?after=`, None where it was not asked."""

    cursor: int
    begins: int
    pages: int
    forward: bool | None = None

    @property
    def closed(self) -> bool:
        return self.begins <= self.cursor + 1

    def take_page(self) -> bool:
        """Whether something is left, and a request for it, which is then spent."""
        if self.closed or self.pages < 1:
            return False
        self.pages -= 1
        return True


class WebSource:
    """Reads channels through `http`, whose guard must let `base` through (`parse_allow([base])`).

    Requests to the base's host stand `spacing` to `2 * spacing` seconds apart, by `jitter` (0 to 1); without spacing,
    which is for a server of our own, several are under way at once.
    """

    def __init__(
        self,
        http: Http,
        *,
        base: str = T_ME,
        spacing: float = 2.0,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._http, self._base = http, base.rstrip("/")
        self._spacing, self._jitter = spacing, jitter
        self._same: dict[str, _Same] = {}
        self._walked: dict[str, tuple[int, int]] = {}
        self._knows_after = True
        self.served_at: datetime | None = None  # the last answer, by the server's own clock: ours may be wrong

    @property
    def polite(self) -> bool:
        """Whether the server is another's, to be asked for one page at a time."""
        return self._spacing > 0

    async def latest(self, channel: str, number: int | None = None) -> PreviewPage:
        """The newest page of a channel, whole; here as below `number` is the channel's own, where that is known.

        Raises `ChannelUnavailable` with what the name is instead, `NameTaken` where it is a channel of another number,
        `RateLimited`, or `SourceError`.
        """
        return await self._read(channel, await self._ask(channel, f"/s/{channel}"), number)

    async def after(
        self, channel: str, cursor: int | None, *, number: int | None = None, pages: int = 20
    ) -> AsyncGenerator[Batch, None]:
        """What was published after message `cursor`, page by page, by at most `pages` requests.

        Whoever stores each batch, and its cursor where it has one, loses nothing wherever this ends. Batches hold
        older posts as well: they may have been edited. Without a cursor only the newest page is given; nothing is
        given where nothing changed since all of this page was taken. Raises as `latest` does.
        """
        same = self._same.get(channel.lower())
        if same and (cursor is None or cursor < same.cursor):
            same = None
        reply = await self._ask(channel, f"/s/{channel}", same.tags if same else None)
        mark = _mark(reply.body)
        if reply.status == 304 or (same and same.mark == mark):
            return
        page = await self._read(channel, reply, number)
        newest = Batch(
            posts=page.posts,
            older_before=page.older_before,
            cursor=max(ids_of(page.posts), default=cursor),
            newest=True,
            about=page.about,
        )
        if cursor is not None:
            gap = _Gap(cursor, min(ids_of(page.posts), default=0), pages - 1)
            async for batch in self._forward(channel, gap, number):
                yield batch
            async for batch in self._back(channel, gap, number):
                yield batch
            if not gap.closed:
                return
        yield newest
        self._walked.pop(channel.lower(), None)
        self._remember(channel, newest.cursor or 0, reply, mark)

    async def _forward(self, channel: str, gap: _Gap, number: int | None) -> AsyncGenerator[Batch, None]:
        """What a gap holds, oldest first, the cursor following; ends where the server does not lead on."""
        while self._knows_after and channel.lower() not in self._walked and gap.take_page():
            reply = await self._ask(channel, f"/s/{channel}?after={gap.cursor}")
            page = await self._read(channel, reply, number)
            ids = ids_of(page.posts)
            gap.forward = bool(ids) and min(ids) < gap.begins and max(ids) > gap.cursor
            if not gap.forward:
                return
            gap.cursor = max(ids)
            yield Batch(posts=page.posts, older_before=page.older_before, cursor=gap.cursor)

    async def _back(self, channel: str, gap: _Gap, number: int | None) -> AsyncGenerator[Batch, None]:
        """What a gap holds, newest first, the cursor staying: the way that every server knows. How far it was walked
        is remembered, so that a long one goes on where it ended."""
        top = gap.begins - 1
        low, high = self._walked.get(channel.lower(), (0, -1))
        while gap.take_page():
            batch = await self.before(channel, gap.begins, number)
            begins = min(ids_of(batch.posts), default=0)
            if batch.posts:
                yield batch
            if gap.forward is False and any(each > gap.cursor for each in ids_of(batch.posts)):
                self._knows_after = False
            gap.begins = min(begins, low) if begins <= high + 1 else begins
            self._walked[channel.lower()] = gap.begins, top

    async def before(self, channel: str, message_id: int, number: int | None = None) -> Batch:
        """The page of posts older than `message_id`, for a backfill: go on with `older_before` until it is None."""
        page = await self._read(channel, await self._ask(channel, f"/s/{channel}?before={message_id}"), number)
        posts = tuple(post for post in page.posts if post.message_id is None or post.message_id < message_id)
        if page.posts and not posts:
            raise SourceError(channel, f"the page before {message_id} does not lead back", "no way back")
        oldest = min(ids_of(posts), default=None)
        return Batch(posts=posts, older_before=oldest if page.older_before else None)

    async def place(self, name: str) -> Place:
        """What a public name is, by its landing page. Raises `RateLimited` or `SourceError`."""
        reply = await self._ask(name, f"/{name}")
        with _our_errors(name):
            return replace(read_landing(reply.body, name), name=name)

    async def _ask(self, channel: str, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        if not _NAME.fullmatch(channel):
            raise ChannelUnavailable(channel[:80], "is not a public name: the web preview has no page of it")
        limits = replace(_PAGE, spacing=self._spacing * (1 + self._jitter()))
        with _our_errors(channel):
            reply = await self._http.get(f"{self._base}{path}", limits, headers)
        self.served_at = _served_at(reply) or self.served_at
        return reply

    async def _read(self, channel: str, reply: Reply, number: int | None) -> PreviewPage:
        with _our_errors(channel):
            if len(reply.body) > _LARGE:
                page = await asyncio.to_thread(read_preview, reply.body, channel)
            else:
                page = read_preview(reply.body, channel)
            if page.kind is not PageKind.PREVIEW:
                raise _unavailable(channel, reply.body)
        names = {post.channel.lower() for post in page.posts} | {(page.channel or channel).lower()}
        if channel.lower() not in names:
            raise SourceError(channel, f"the server answered with the page of {page.channel}", "the page of another")
        if number is not None and page.about.telegram_id not in (None, number):
            raise NameTaken(channel)
        ids = ids_of(page.posts)
        if any(later <= earlier for earlier, later in pairwise(ids)):
            raise SourceError(channel, "the posts of the page stand in no order")
        return replace(page, posts=under_one_name(page, channel))

    def _remember(self, channel: str, cursor: int, reply: Reply, mark: bytes) -> None:
        """Keep what tells that the next page is the same; forget all when that grows too large."""
        tags = {
            header: reply.headers[name]
            for name, header in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
            if name in reply.headers
        }
        if len(self._same) >= _REMEMBERED:
            self._same.clear()
        self._same[channel.lower()] = _Same(cursor, tags, mark)


def _served_at(reply: Reply) -> datetime | None:
    try:
        moment = parsedate_to_datetime(reply.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _mark(body: bytes) -> bytes:
    """A hash of a page without what is of the moment: the tokens that count views, and how long making it took."""
    return blake2b(_VIEW_TOKEN.sub(b"", body.partition(_TIME_TAKEN)[0]), digest_size=16).digest()


@contextmanager
def _our_errors(channel: str) -> Iterator[None]:
    """What went wrong with a page is, from here on, what went wrong with a channel."""
    try:
        yield
    except HostResting as error:
        raise RateLimited(channel, error.seconds) from error
    except FetchError as error:
        raise SourceError(channel, f"the page {error.reason}") from error
    except BadInput as error:
        raise SourceError(channel, error.reason) from error


def _unavailable(channel: str, body: bytes) -> SourceError:
    """What a page without posts says: that there is no channel, or nothing at all."""
    reason = _NOT_CHANNELS.get(read_landing(body, channel).kind)
    if reason is None:
        return SourceError(channel, "the server answered with a page that is no preview")
    return ChannelUnavailable(channel, reason)
