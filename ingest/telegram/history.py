"""The history of a channel by an account: pages of posts, forward and backward, whatever the server answers."""

import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from telethon import errors
from telethon.tl import functions as F
from telethon.tl import types as T

from core.errors import RateLimited, SourceError
from core.model import NewPost, channel_number
from ingest.telegram.account import Account
from ingest.telegram.answers import Unreadable, read_around
from ingest.telegram.call_budget import Pace
from ingest.telegram.line import PATIENCE, TelegramLine
from ingest.telegram.post import ALBUM_SIZE, Cast, albums, public_name, public_names, to_post
from ingest.telegram.values import Peer

log = logging.getLogger(__name__)

PAGE = 100  # messages in one call, Telegram's own limit
MOST_PAGES = 100  # in one go forward
AHEAD = 86_400  # seconds of the server's clock: a post that is dated later would be the newest for as long
_PAGES = (T.messages.Messages, T.messages.MessagesSlice, T.messages.ChannelMessages)
_LAST_ID = 1 << 31
_WHOLE = (T.Message, T.MessageService)  # what a history may hold beside them was deleted


class TelegramHistory(TelegramLine):
    """A line by which history is read."""

    def __init__(
        self, account: Account, *, patience: float = PATIENCE, page: int = PAGE, pace: Pace | None = None
    ) -> None:
        """`page` is how many messages are asked for at once; the rest as for any line."""
        super().__init__(account, patience=patience, pace=pace)
        self._page = page
        self.passed_over: Counter[int] = Counter()  # messages that could not be read, by the channel's number

    async def history(
        self,
        peer: Peer,
        *,
        after: int | None = None,
        before: int | None = None,
        pushed: bool = False,
    ) -> AsyncGenerator[Sequence[NewPost], None]:
        """Pages of posts, each oldest first.

        With `after` (a message id) forward from there to the newest; else backward from `before`, or from the newest,
        to the oldest. An album is one post and is never cut by a page; where `after` falls inside one, it comes whole
        (again). The next cursor is the highest of `message_id` and `album_ids`. Forward it ends after MOST_PAGES, for a
        server may go on for ever: who wants more asks again from there. Messages that cannot be read are passed over
        and counted (`passed_over`). What was `pushed` is read at once, whatever the pace of the other calls.
        """
        pages = self._newer(peer, after, pushed) if after is not None else self._older(peer, before)
        turned = 0
        async with aclosing(pages):
            async for posts in pages:
                turned += 1
                if posts:
                    yield posts
                if after is not None and turned == MOST_PAGES:
                    return

    async def _newer(self, peer: Peer, after: int, pushed: bool) -> AsyncGenerator[Sequence[NewPost], None]:
        cursor, held, back = after, list[Any](), ALBUM_SIZE - 1
        while True:
            # reaching a little behind the cursor costs nothing and finds the beginning of an album
            messages, cast = await self._read(peer, offset_id=cursor + 1, add_offset=back - self._page, pushed=pushed)
            fresh = [message for message in messages if message.id > cursor]
            if not fresh:
                yield self._posts([held] if held else [], peer, cast)
                return
            if back and fresh[0].grouped_id:
                held = [m for m in messages if m.id <= cursor and m.grouped_id == fresh[0].grouped_id]
            groups = albums([*held, *fresh])
            # a page that is not half full is the last: after a push, when one post is new, it is the only call
            last = len(fresh) < (self._page - back) // 2
            held = groups.pop() if groups[-1][0].grouped_id and not last else []
            cursor, back = fresh[-1].id, 0
            yield self._posts(groups, peer, cast)
            if last:
                return

    async def _older(self, peer: Peer, before: int | None) -> AsyncGenerator[Sequence[NewPost], None]:
        cursor, held = before or 0, list[Any]()
        while True:
            messages, cast = await self._read(peer, offset_id=cursor, add_offset=0)
            fresh = [message for message in messages if not cursor or message.id < cursor]
            if not fresh:
                yield self._posts([held] if held else [], peer, cast)
                return
            groups = albums([*fresh, *held])
            held = groups.pop(0) if groups[0][0].grouped_id else []
            cursor = fresh[0].id
            if held and len(messages) < self._page:  # the channel's beginning, it seems: its album is of this page
                older, _ = await self._read(peer, offset_id=cursor, add_offset=0)
                if not any(message.id < cursor for message in older):
                    yield self._posts([held, *groups], peer, cast)
                    return
            yield self._posts(groups, peer, cast)

    def _posts(self, groups: Sequence[Sequence[Any]], peer: Peer, cast: Cast) -> tuple[NewPost, ...]:
        """The posts of these messages; one that makes no sense is passed over."""
        posts: list[NewPost] = []
        title = getattr(cast.chats.get(peer.id), "title", None) or peer.title  # what is known of it may be old
        for messages in groups:
            try:
                posts.append(to_post(messages, peer.channel, title, cast))
            except Exception as error:  # noqa: BLE001 - a message may lack anything that its type promises
                log.debug("%s/%s makes no sense: %r", peer.channel, messages[0].id, error)
                self._pass_over(peer, 1)
        return tuple(posts)

    def _server_time(self) -> float:
        """Seconds of Unix time by the server's own clock: ours may be wrong."""
        return time.time() + float(self._client._sender._state.time_offset)

    def _pass_over(self, peer: Peer, messages: int) -> None:
        """Count what cannot be read, and say so once for each channel."""
        if messages and not self.passed_over[peer.id]:
            log.warning("%s: a message cannot be read and is passed over; so will be others like it", peer.channel)
        self.passed_over[peer.id] += messages
        if messages:
            self.odd(peer.channel, "a message cannot be read", messages)

    async def _read(
        self, peer: Peer, *, offset_id: int, add_offset: int, pushed: bool = False
    ) -> tuple[list[Any], Cast]:
        """One page of messages, oldest first, whole."""
        address = T.InputPeerChannel(peer.id, peer.access_hash)

        async def answer(at: int, count: int) -> Any:
            request = F.messages.GetHistoryRequest(address, offset_id, None, at, count, 0, 0, 0)
            result = await self.call(peer.channel, request, pushed=pushed)
            if not isinstance(result, _PAGES):
                raise Unreadable(peer.channel, f"Telegram answered with {type(result).__name__}, not with messages")
            return result

        answers, holes = await read_around(answer, add_offset, self._page)
        self._pass_over(peer, holes)
        cast = Cast.of(*answers)
        self._look_at_name(peer, cast.chats.get(peer.id))
        last = self._server_time() + AHEAD
        told = (message for result in answers for message in result.messages)
        known = {message.id: message for message in told if _is_of(message, peer, last)}
        messages = [await self._whole(peer, message) for _, message in sorted(known.items())]
        await self._add_fact_checks(peer, messages)
        return messages, cast

    def _look_at_name(self, peer: Peer, channel: Any) -> None:
        """Say where a channel has left the name by which its posts are linked; it is read on by its number."""
        if not isinstance(channel, T.Channel) or channel.min or channel_number(peer.channel) is not None:
            return
        if peer.channel.lower() not in public_names(channel):
            name, so = public_name(channel), "links to its posts lead nowhere"
            now = f"@{name} now: put that into its list, for {so}" if name else f"@{peer.channel} no more: {so}"
            self.odd(peer.channel, f"is called {now}")

    async def _whole(self, peer: Peer, message: Any) -> Any:
        """The message, with the rest of a rich message of which only the beginning came."""
        if not getattr(getattr(message, "rich_message", None), "part", False):
            return message
        request = F.messages.GetRichMessageRequest(T.InputPeerChannel(peer.id, peer.access_hash), message.id)
        result = await self._more(peer, request, "only the beginning of a message can be read")
        return next((whole for whole in result.messages if whole.id == message.id), message) if result else message

    async def _add_fact_checks(self, peer: Peer, messages: Sequence[Any]) -> None:
        """Ask for the notes of fact-checkers of which Telegram only tells that they are there: one call a page."""
        asked = [each for each in messages if getattr(getattr(each, "factcheck", None), "need_check", False)]
        if not asked:
            return
        address, numbers = T.InputPeerChannel(peer.id, peer.access_hash), [message.id for message in asked]
        request = F.messages.GetFactCheckRequest(address, numbers)
        notes = await self._more(peer, request, "notes of fact-checkers cannot be read")
        for message, note in zip(asked, notes or (), strict=False):
            message.factcheck = note

    async def _more(self, peer: Peer, request: Any, refused: str) -> Any:
        """The answer to a request for what a message has beside; None where Telegram refuses it, which is told and
        counted in the words of `refused`."""
        try:
            return await self.call(peer.channel, request)
        except SourceError as error:
            if isinstance(error, RateLimited) or not isinstance(error.__cause__, errors.RPCError):
                raise
            log.warning("%s: %s: %s", peer.channel, refused, error.reason)
            self.odd(peer.channel, refused)
            return None


def _is_of(message: Any, peer: Peer, last: float) -> bool:
    """Whether this is a message of the channel, with an id that one can have, and not dated after `last`."""
    if not isinstance(message, _WHOLE) or not 0 < message.id < _LAST_ID:
        return False
    return getattr(message.peer_id, "channel_id", None) == peer.id and message.date.timestamp() <= last
