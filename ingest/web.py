"""The public web preview as a source, `t.me/s/<name>`: no account, public channels only.

A server shows about twenty posts a page, newest last; `?after=<id>` and `?before=<id>` lead on. `WebSource` pages, is
polite and tells what went wrong; what a page says is read by `ingest.preview` and `ingest.landing`.
"""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from core.errors import BadInput, ChannelUnavailable, FetchError, HostResting, RateLimited, SourceError
from core.model import NewPost, Place, PlaceKind
from ingest.http import Http, Limits, Reply
from ingest.importer import under_one_name
from ingest.landing import read_landing
from ingest.preview import PageKind, PreviewPage, read_preview

T_ME: Final = "https://t.me"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_PAGE: Final = Limits(size=5_000_000, total=30.0, spacing=0.0)
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
    """Posts of one page, oldest first. `older_before` is where the page before it begins, None at the beginning."""

    posts: tuple[NewPost, ...]
    older_before: int | None = None


class WebSource:
    """Reads channels through `http`, whose guard must let `base` through (`parse_allow([base])`).

    Requests to the base's host stand `spacing` to `2 * spacing` seconds apart, by `jitter` (0 to 1).
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
        self._tags: dict[str, dict[str, str]] = {}

    async def latest(self, channel: str) -> PreviewPage:
        """The newest page of a channel, whole.

        Raises `ChannelUnavailable` with what the name is instead, `RateLimited`, or `SourceError`.
        """
        return await self._read(channel, await self._ask(channel, f"/s/{channel}"))

    async def after(self, channel: str, cursor: int | None, *, pages: int = 20) -> AsyncIterator[Batch]:
        """What was published after message `cursor`, page by page, oldest first, by at most `pages` requests.

        Whoever stores each batch and its newest id as the new cursor loses nothing, wherever this ends. Batches hold
        older posts as well: they may have been edited. Without a cursor only the newest page is given; nothing is
        given where the server says that nothing changed. Raises as `latest` does.
        """
        reply = await self._ask(channel, f"/s/{channel}", self._tags.get(channel.lower(), {}) if cursor else {})
        if reply.status == 304:
            return
        newest = await self._read(channel, reply)
        begins = min(_ids(newest.posts), default=0)
        while cursor is not None and cursor + 1 < begins:
            pages -= 1
            if pages < 1:
                return
            page = await self._read(channel, await self._ask(channel, f"/s/{channel}?after={cursor}"))
            reached = max(_ids(page.posts), default=0)
            if reached <= cursor:
                raise SourceError(channel, f"the page after {cursor} does not lead on")
            yield Batch(posts=page.posts, older_before=page.older_before)
            cursor = reached
        yield Batch(posts=newest.posts, older_before=newest.older_before)
        self._remember(channel, reply)

    async def before(self, channel: str, message_id: int) -> Batch:
        """The page of posts older than `message_id`, for a backfill: go on with `older_before` until it is None."""
        page = await self._read(channel, await self._ask(channel, f"/s/{channel}?before={message_id}"))
        posts = tuple(post for post in page.posts if post.message_id is None or post.message_id < message_id)
        oldest = min(_ids(posts), default=None)
        return Batch(posts=posts, older_before=oldest if page.older_before else None)

    async def place(self, name: str) -> Place:
        """What a public name is, by its landing page. Raises `RateLimited` or `SourceError`."""
        reply = await self._ask(name, f"/{name}")
        with _our_errors(name):
            return replace(read_landing(reply.body, name).place, name=name)

    async def _ask(self, channel: str, path: str, headers: dict[str, str] | None = None) -> Reply:
        if not _NAME.fullmatch(channel):
            raise ChannelUnavailable(channel[:80], "is not a public name: the web preview has no page of it")
        limits = replace(_PAGE, spacing=self._spacing * (1 + self._jitter()))
        with _our_errors(channel):
            return await self._http.get(f"{self._base}{path}", limits, headers)

    async def _read(self, channel: str, reply: Reply) -> PreviewPage:
        with _our_errors(channel):
            if len(reply.body) > _LARGE:
                page = await asyncio.to_thread(read_preview, reply.body, channel)
            else:
                page = read_preview(reply.body, channel)
            if page.kind is not PageKind.PREVIEW:
                raise _unavailable(channel, reply.body)
        names = {post.channel.lower() for post in page.posts} | {(page.channel or channel).lower()}
        if channel.lower() not in names:
            raise SourceError(channel, f"the server answered with the page of {page.channel}")
        return replace(page, posts=under_one_name(page, channel))

    def _remember(self, channel: str, reply: Reply) -> None:
        """Keep what makes the next request conditional; forget all when that grows too large."""
        tags = {
            header: reply.headers[name]
            for name, header in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
            if name in reply.headers
        }
        if tags:
            if len(self._tags) >= _REMEMBERED:
                self._tags.clear()
            self._tags[channel.lower()] = tags


@contextmanager
def _our_errors(channel: str) -> Iterator[None]:
    """What went wrong with a page is, from here on, what went wrong with a channel."""
    try:
        yield
    except HostResting as error:
        raise RateLimited(channel, error.seconds) from error
    except (FetchError, BadInput) as error:
        raise SourceError(
            channel, f"the page {error.reason}" if isinstance(error, FetchError) else error.reason
        ) from error


def _unavailable(channel: str, body: bytes) -> SourceError:
    """What a page without posts says: that there is no channel, or nothing at all."""
    place = read_landing(body, channel).place
    reason = _NOT_CHANNELS.get(place.kind)
    if reason is None:
        return SourceError(channel, "the server answered with a page that is no preview")
    return ChannelUnavailable(channel, reason)


def _ids(posts: Iterable[NewPost]) -> Iterator[int]:
    return (post.message_id for post in posts if post.message_id is not None)
