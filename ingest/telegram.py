"""A Telegram account as a source: history and live hints of the channels that it can read, through Telethon.

With `telegram_post`, `telegram_rich` and `telegram_login` the only place that knows Telethon. History is the truth; a
live event is only a hint that a channel is worth reading, for Telethon drops long gaps silently and does not ask after
a reconnect.
"""

import asyncio
import logging
import re
import sqlite3
import struct
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from telethon import TelegramClient, errors, events
from telethon.crypto import rsa
from telethon.errors import common
from telethon.sessions import SQLiteSession, StringSession
from telethon.tl import functions as F  # noqa: N812 - the schema's functions, as everyone calls them
from telethon.tl import types as T  # noqa: N812 - the schema's types, as everyone calls them

from core.errors import (
    AccountBanned,
    CannotJoin,
    ChannelUnavailable,
    CourantError,
    RateLimited,
    SettingsError,
    SignedOut,
    SourceError,
)
from core.model import About, Counts, NewPost
from ingest.call_budget import ABOUT, ALL, COUNTS, HISTORY, JOINED, Pace
from ingest.telegram_answers import Unreadable, read_around
from ingest.telegram_post import ALBUM_SIZE, Cast, albums, channel_name, public_name, to_post

log = logging.getLogger(__name__)

PAGE = 100  # messages in one call, Telegram's own limit
MOST_PAGES = 100  # in one go forward
MOST_IN_FOLDER = 500  # channels; Telegram allows some hundred
QUEUE = 10_000  # hints that may wait; one that finds no room is dropped, for history is the truth
PATIENCE = 60.0  # seconds for one call
NO_SENSE = "Telegram's answer cannot be read"
ACCOUNT = "the account"  # what an error names that is about no channel

_GONE = (
    errors.ChannelPrivateError,
    errors.ChannelInvalidError,
    errors.ChannelPublicGroupNaError,
    errors.ChatForbiddenError,
    errors.ChatIdInvalidError,
    errors.PeerIdInvalidError,
    errors.UsernameInvalidError,
    errors.UsernameNotOccupiedError,
    errors.InviteHashEmptyError,
    errors.InviteHashExpiredError,
    errors.InviteHashInvalidError,
)
_BANNED = (
    errors.UserDeactivatedBanError,
    errors.UserDeactivatedError,
    errors.FrozenMethodInvalidError,
    errors.FrozenParticipantMissingError,
)
_PAGES = (T.messages.Messages, T.messages.MessagesSlice, T.messages.ChannelMessages)
_KINDS = {
    F.messages.GetHistoryRequest: HISTORY,
    F.messages.GetMessagesViewsRequest: COUNTS,
    F.channels.GetFullChannelRequest: ABOUT,
}
_LAST_ID = 1 << 31
AHEAD = 86_400  # seconds of the server's clock: a post that is dated later would be the newest for as long
_WHOLE = (T.Message, T.MessageService)  # what a history may hold beside them was deleted
_UNREADABLE = (common.TypeNotFoundError, UnicodeDecodeError, BufferError, struct.error)
_BROKEN = (
    errors.RPCError,
    common.AlreadyInConversationError,
    common.BadMessageError,
    common.InvalidChecksumError,
    common.MultiError,
    common.ReadCancelledError,
    common.SecurityError,
    sqlite3.Error,  # the session file is locked or broken
    *_UNREADABLE,
    OSError,
    ValueError,  # Telethon's word for a request that failed too often, and for an answer that it cannot read
)


@contextmanager
def telegram_errors(channel: str) -> Iterator[None]:
    """Turn what Telethon raises into what we raise."""
    try:
        yield
    except _BANNED as error:
        raise AccountBanned(channel, "banned or frozen by Telegram: a Telegram app on its phone says why") from error
    except (errors.FloodError, errors.rpcerrorlist.SlowModeWaitError) as error:
        raise RateLimited(channel, getattr(error, "seconds", None) or 60) from error
    except _GONE as error:
        raise ChannelUnavailable(channel, _reason(error)) from error
    except (errors.UnauthorizedError, errors.AuthKeyError, common.AuthKeyNotFound) as error:
        raise SignedOut(channel, "the account is signed out: sign in again with `courant login`") from error
    except TimeoutError as error:
        raise SourceError(channel, "Telegram did not answer in time") from error
    except _BROKEN as error:
        if isinstance(error, _UNREADABLE) and not isinstance(error, common.InvalidBufferError):
            raise Unreadable(channel, NO_SENSE) from error
        raise SourceError(channel, _reason(error)) from error


@contextmanager
def _answer_errors(channel: str) -> Iterator[None]:
    """The same around a call: what reading a garbled answer raises is anybody's guess."""
    try:
        with telegram_errors(channel):
            yield
    except CourantError:
        raise
    except Exception as error:
        raise Unreadable(channel, NO_SENSE) from error


@contextmanager
def _joining(channel: str) -> Iterator[None]:
    """What only joining meets becomes a reason of its own."""
    try:
        yield
    except SourceError as error:
        match error.__cause__:
            case errors.InviteRequestSentError():
                raise CannotJoin(channel, "its admins were asked to let the account in", seconds=3600) from error
            case errors.ChannelsTooMuchError():
                reason = "the account is in as many channels as Telegram allows: leave some"
                raise CannotJoin(channel, reason, full=True) from error
            case errors.InviteHashExpiredError():
                raise ChannelUnavailable(channel, "the invite link has expired: ask for a new one") from error
            case errors.InviteHashInvalidError() | errors.InviteHashEmptyError():
                raise ChannelUnavailable(channel, "the invite link is not valid: compare it") from error
            case errors.RPCError(message=str(text)) if text.startswith("INVITE_SLUG_"):
                reason = "the link of the folder has expired or is not valid: ask for a new one"
                raise ChannelUnavailable(channel, reason) from error
            case errors.RPCError(message=str(text)) if text.startswith("CHATLISTS_TOO_MUCH"):
                reason = "the account has as many shared folders as Telegram allows: leave one"
                raise CannotJoin(channel, reason, full=True) from error
        raise


def _reason(error: Exception) -> str:
    return (str(error).partition(" (caused by ")[0] or type(error).__name__)[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How to sign in: the API's id and hash, and a session (a file's path or a StringSession). `name` is what an
    operator calls the account, and under what its addresses are kept.

    `server` ("host:port") and `server_key` (its public key, a PEM file) name another data centre than Telegram's own.
    """

    api_id: int
    api_hash: str
    session: str
    name: str = "main"
    server: str | None = None
    server_key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A channel as an account addresses it, to be stored: resolving a name again costs more than any other call.

    `id` is Telegram's own number and stays when the channel is renamed; `access_hash` holds for one account only.
    """

    channel: str
    title: str
    id: int
    access_hash: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPage:
    """What an account sees of a folder of chats: its channels; by number those of them that open to members only, which
    the account is not (`closed`), and those that do not show themselves to it (`hidden`); how many chats are no
    channels. `title` is empty where the account has the folder already."""

    title: str
    channels: tuple[Peer, ...]
    closed: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    others: int = 0


class HintKind(StrEnum):
    """What was heard."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"
    RECONNECTED = "reconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something happened in a channel: read it. After a reconnect `channel_id` is None: read them all."""

    kind: HintKind
    channel_id: int | None = None
    message_ids: tuple[int, ...] = ()


class TelegramSource:
    """One account's connection: `async with TelegramSource(account) as source`."""

    def __init__(
        self, account: Account, *, patience: float = PATIENCE, page: int = PAGE, pace: Pace | None = None
    ) -> None:
        """`pace` is what its calls wait for; `patience`, in seconds, is for the answer alone."""
        self._patience, self._page, self._pace = patience, page, pace or Pace()
        self._hints: asyncio.Queue[Hint] = asyncio.Queue(QUEUE)
        self.name = account.name
        self.dropped = 0  # hints that found no room
        self.passed_over: Counter[int] = Counter()  # messages that could not be read, by the channel's number
        self._account = account
        self._client: Any = None
        self._closed = False
        self._turn = asyncio.Lock()

    # ---- life
    async def __aenter__(self) -> Self:
        """Connect. Raises SourceError where Telegram cannot be reached, SignedOut where the account is not signed in,
        and SettingsError where its settings cannot be used. May be entered again after it was left."""
        self._client, self._closed = open_client(self._account), False
        try:
            with telegram_errors(ACCOUNT):
                async with asyncio.timeout(self._patience):
                    await self._client.connect()
                    known = await self._client.is_user_authorized()
            if not known:
                raise SignedOut(ACCOUNT, "is not signed in: sign in with `courant login`")
        except BaseException:
            await self.close()
            raise
        kinds = [T.UpdateNewChannelMessage, T.UpdateEditChannelMessage, T.UpdateDeleteChannelMessages]
        self._client.add_event_handler(self._hear, events.Raw(kinds))
        # Telethon tells nobody that it has reconnected, and does not ask for what it missed
        self._after_reconnect = self._client._sender._auto_reconnect_callback
        self._client._sender._auto_reconnect_callback = self._reconnected
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Disconnect; calls under way end with SourceError. May be called twice."""
        self._closed = True
        if self._client is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self._client.disconnect()
        lost = self._client.disconnected
        if lost.done() and not lost.cancelled():
            lost.exception()  # looked at, so that asyncio does not report it as forgotten

    # ---- channels
    async def resolve(self, name: str) -> Peer:
        """The channel of a public name, or of `c/<number>` where the account is a member; to be asked once and kept.

        Raises ChannelUnavailable where there is no such channel, or the name is a group's, a bot's or a person's.
        """
        if name.startswith("c/"):
            for peer in await self.joined():
                if name == f"c/{peer.id}":
                    return peer
            raise ChannelUnavailable(name, "is no channel that the account is a member of")
        result = await self._call(name, F.contacts.ResolveUsernameRequest(name))
        for chat in getattr(result, "chats", ()):
            if chat.id == getattr(result.peer, "channel_id", None):
                return _peer(chat, name)
        raise ChannelUnavailable(name, "is a person or a bot, not a channel")

    async def join(self, peer: Peer) -> None:
        """Become a member. Raises CannotJoin with the reason, and as `history` does."""
        with _joining(peer.channel):
            await self._call(peer.channel, F.channels.JoinChannelRequest(T.InputChannel(peer.id, peer.access_hash)))

    async def invited(self, name: str, invite: str) -> Peer | None:
        """The channel behind an invite link's hash where the account is a member already. Raises ChannelUnavailable
        where the link leads to no channel."""
        with _joining(name):
            answer = await self._call(name, F.messages.CheckChatInviteRequest(invite))
        if isinstance(answer, T.ChatInviteAlready):
            return _peer(answer.chat, name)
        if isinstance(answer, T.ChatInvite) and not answer.broadcast:
            raise ChannelUnavailable(name, "the invite link leads to a group, not a channel")
        return None

    async def enter(self, name: str, invite: str) -> Peer:
        """Become a member by an invite link's hash. Raises as `join` and `invited`."""
        with _joining(name):
            answer = await self._call(name, F.messages.ImportChatInviteRequest(invite))
        for chat in getattr(answer, "chats", ()):
            return _peer(chat, name)
        raise SourceError(name, NO_SENSE)

    async def folder(self, name: str, slug: str) -> FolderPage:
        """What the folder of this link holds; an error calls it `name`. Raises ChannelUnavailable where the link leads
        nowhere, and Unreadable for a folder without any chat, which is none."""
        with _joining(name):
            answer = await self._call(name, F.chatlists.CheckChatlistInviteRequest(slug))
        chats = {chat.id: chat for chat in getattr(answer, "chats", ())}
        told = [getattr(answer, field, ()) for field in ("peers", "already_peers", "missing_peers")]
        numbers: list[Any] = list(dict.fromkeys(getattr(peer, "channel_id", None) for peers in told for peer in peers))
        found = [chats[number] for number in numbers if _is_channel(chats.get(number))][:MOST_IN_FOLDER]
        hidden = frozenset(number for number in numbers if isinstance(chats.get(number), T.ChannelForbidden))
        if not any(told):
            raise Unreadable(name, NO_SENSE)
        return FolderPage(
            title=getattr(getattr(answer, "title", None), "text", ""),
            channels=tuple(_peer(chat, name) for chat in found),
            closed=frozenset(chat.id for chat in found if chat.left and public_name(chat) is None),
            hidden=hidden,
            others=sum(map(len, told)) - len(found) - len(hidden),
        )

    async def join_in_folder(self, peer: Peer, slug: str) -> None:
        """Become a member of one channel of a folder, which is the only way into one without a public name. Raises as
        `join`."""
        channel = T.InputPeerChannel(peer.id, peer.access_hash)
        with _joining(peer.channel):
            await self._call(peer.channel, F.chatlists.JoinChatlistInviteRequest(slug, [channel]))

    async def joined(self) -> tuple[Peer, ...]:
        """The channels that the account is a member of, private ones included."""
        await self._admit(ACCOUNT, JOINED)
        try:
            with _answer_errors(ACCOUNT):
                async with asyncio.timeout(self._patience):
                    await self._reopen()
                    known = [dialog.entity async for dialog in self._client.iter_dialogs()]
        except RateLimited as error:
            self._pace.rest(JOINED, error.seconds)
            raise
        return tuple(_peer(chat, chat.title) for chat in known if isinstance(chat, T.Channel) and chat.broadcast)

    # ---- history
    @property
    def pages_free(self) -> int:
        """How many pages of history may be asked for without a wait for the account's pace."""
        return self._pace.free(HISTORY)

    async def history(
        self,
        peer: Peer,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int | None = None,
        pushed: bool = False,
    ) -> AsyncGenerator[Sequence[NewPost], None]:
        """Pages of posts, each oldest first, at most `limit` posts in all.

        With `after` (a message id) forward from there to the newest; else backward from `before`, or from the newest,
        to the oldest. An album is one post and is never cut by a page; where `after` falls inside one, it comes whole
        (again). The next cursor is the highest of `message_id` and `album_ids`. Forward it ends after MOST_PAGES, for a
        server may go on for ever: who wants more asks again from there. Messages that cannot be read are passed over
        and counted (`passed_over`). What was `pushed` is read at once, whatever the pace of the other calls.
        """
        left = limit if limit is not None else 1 << 31
        pages = self._newer(peer, after, pushed) if after is not None else self._older(peer, before)
        turned = 0
        async with aclosing(pages):
            async for posts in pages:
                turned += 1
                if posts:
                    yield posts[:left] if after is not None else posts[-left:]
                left -= len(posts)
                if left <= 0 or (after is not None and turned == MOST_PAGES):
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
        for messages in groups:
            try:
                posts.append(to_post(messages, peer.channel, peer.title, cast))
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

    async def about(self, peer: Peer) -> About:
        """What the channel says of itself, and how many subscribe to it."""
        request = F.channels.GetFullChannelRequest(T.InputChannel(peer.id, peer.access_hash))
        full = getattr(await self._call(peer.channel, request), "full_chat", None)
        return About(description=getattr(full, "about", None), members=getattr(full, "participants_count", None) or 0)

    async def counts(self, peer: Peer, numbers: Sequence[int]) -> dict[int, Counts]:
        """How often these messages, at most a page of them, were seen and forwarded; nothing is counted by asking."""
        address = T.InputPeerChannel(peer.id, peer.access_hash)
        result = await self._call(peer.channel, F.messages.GetMessagesViewsRequest(address, list(numbers), False))
        told = zip(numbers, getattr(result, "views", None) or (), strict=False)
        return {number: Counts(views=each.views, forwards=each.forwards) for number, each in told}

    async def _read(
        self, peer: Peer, *, offset_id: int, add_offset: int, pushed: bool = False
    ) -> tuple[list[Any], Cast]:
        """One page of messages, oldest first, whole."""
        address = T.InputPeerChannel(peer.id, peer.access_hash)

        async def answer(at: int, count: int) -> Any:
            request = F.messages.GetHistoryRequest(address, offset_id, None, at, count, 0, 0, 0)
            result = await self._call(peer.channel, request, pushed=pushed)
            if not isinstance(result, _PAGES):
                raise Unreadable(peer.channel, f"Telegram answered with {type(result).__name__}, not with messages")
            return result

        answers, holes = await read_around(answer, add_offset, self._page)
        self._pass_over(peer, holes)
        cast = Cast.of(*answers)
        last = self._server_time() + AHEAD
        told = (message for result in answers for message in result.messages)
        known = {message.id: message for message in told if _is_of(message, peer, last)}
        messages = [await self._whole(peer, message) for _, message in sorted(known.items())]
        await self._add_fact_checks(peer, messages)
        return messages, cast

    async def _whole(self, peer: Peer, message: Any) -> Any:
        """The message, with the rest of a rich message of which only the beginning came."""
        if not getattr(getattr(message, "rich_message", None), "part", False):
            return message
        address = T.InputPeerChannel(peer.id, peer.access_hash)
        try:
            result = await self._call(peer.channel, F.messages.GetRichMessageRequest(address, message.id))
        except SourceError as error:
            if isinstance(error, RateLimited) or not isinstance(error.__cause__, errors.RPCError):
                raise
            log.warning("%s/%s: only the beginning can be read: %s", peer.channel, message.id, error.reason)
            return message
        return next((whole for whole in result.messages if whole.id == message.id), message)

    async def _add_fact_checks(self, peer: Peer, messages: Sequence[Any]) -> None:
        """Ask for the notes of fact-checkers of which Telegram only tells that they are there: one call a page."""
        asked = [each for each in messages if getattr(getattr(each, "factcheck", None), "need_check", False)]
        if not asked:
            return
        address = T.InputPeerChannel(peer.id, peer.access_hash)
        request = F.messages.GetFactCheckRequest(address, [message.id for message in asked])
        try:
            notes = await self._call(peer.channel, request)
        except SourceError as error:
            if isinstance(error, RateLimited) or not isinstance(error.__cause__, errors.RPCError):
                raise
            log.warning("%s: fact-check notes cannot be read: %s", peer.channel, error.reason)
            return
        for message, note in zip(asked, notes, strict=False):
            message.factcheck = note

    async def _admit(self, channel: str, kind: str, *, pushed: bool = False) -> None:
        """Hold a call to the account's pace: history waits, unless it was pushed; what the next reading of a channel
        can ask for as well is refused with RateLimited, so that it holds up no reading; what has a budget in the
        tables, or belongs to a page, is only counted."""
        if kind == HISTORY and not pushed:
            await self._pace.turn(kind)
            return
        if kind in (COUNTS, ABOUT, JOINED) and (wait := self._pace.free_in(kind)) > 0:
            raise RateLimited(channel, wait)
        self._pace.count(kind)

    async def _call(self, channel: str, request: Any, *, pushed: bool = False) -> Any:
        kind = _KINDS.get(type(request), ALL)
        await self._admit(channel, kind, pushed=pushed)
        try:
            with _answer_errors(channel):
                async with asyncio.timeout(self._patience):
                    await self._reopen()
                    return await self._client(request)
        except RateLimited as error:
            if kind in (COUNTS, ABOUT):  # a flood of history is about its channel, and who reads parks that
                self._pace.rest(kind, error.seconds)
            # Telethon would refuse the calls about every other channel too; who calls knows better how to wait
            self._client._flood_waited_requests.pop(request.CONSTRUCTOR_ID, None)
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            # Telethon cancels the calls under way when it is disconnected; nobody has cancelled us
            raise SourceError(channel, "the connection was closed") from error

    async def _reopen(self) -> None:
        """Connect again where Telethon has given up, as it does when what it missed cannot be read."""
        if self._client.is_connected() or self._closed:
            return
        async with self._turn:
            if not self._client.is_connected():
                log.warning("the connection to Telegram was given up and is opened again")
                await self._client.connect()
                self._hand_over(Hint(kind=HintKind.RECONNECTED))

    # ---- live
    async def live(self) -> AsyncGenerator[Hint, None]:
        """Hints, as they come, of the joined channels; ends only by being cancelled."""
        while True:
            yield await self._hints.get()

    async def _hear(self, update: Any) -> None:
        """Only hands over: Telethon logs and forgets what a handler raises."""
        if isinstance(update, T.UpdateDeleteChannelMessages):
            self._hand_over(
                Hint(kind=HintKind.DELETED, channel_id=update.channel_id, message_ids=tuple(update.messages))
            )
            return
        kind = HintKind.NEW if isinstance(update, T.UpdateNewChannelMessage) else HintKind.EDITED
        channel = getattr(update.message.peer_id, "channel_id", None)
        if channel is not None:
            self._hand_over(Hint(kind=kind, channel_id=channel, message_ids=(update.message.id,)))

    async def _reconnected(self) -> None:
        self._hand_over(Hint(kind=HintKind.RECONNECTED))
        if self._after_reconnect:
            await self._after_reconnect()

    def _hand_over(self, hint: Hint) -> None:
        try:
            self._hints.put_nowait(hint)
        except asyncio.QueueFull:
            self.dropped += 1


def _peer(chat: Any, name: str) -> Peer:
    if not isinstance(chat, T.Channel):
        raise ChannelUnavailable(name, "is closed to the account")
    if not chat.broadcast:
        raise ChannelUnavailable(name, "is a group, not a channel")
    return Peer(channel=channel_name(chat, chat.id), title=chat.title, id=chat.id, access_hash=chat.access_hash or 0)


def _is_channel(chat: Any) -> bool:
    return isinstance(chat, T.Channel) and bool(chat.broadcast)


def _is_of(message: Any, peer: Peer, last: float) -> bool:
    """Whether this is a message of the channel, with an id that one can have, and not dated after `last`."""
    if not isinstance(message, _WHOLE) or not 0 < message.id < _LAST_ID:
        return False
    return getattr(message.peer_id, "channel_id", None) == peer.id and message.date.timestamp() <= last


def open_client(account: Account) -> Any:
    """Telethon's client of an account, not connected yet. Raises as `open_session` does."""
    return TelegramClient(
        open_session(account),
        account.api_id,
        account.api_hash,
        flood_sleep_threshold=0,  # else waits up to a minute are slept through unseen
        request_retries=1,
        connection_retries=-1,  # for ever: after a last attempt the client would stay dead
        retry_delay=1,
        raise_last_call_error=True,
    )


def open_session(account: Account) -> Any:
    """The session of an account, pointed at `server` where one is named. A session file is its owner's alone, and
    so is its folder where that is made for it.

    Raises SettingsError for a session, a server or a key that cannot be used.
    """
    with _settings_errors("COURANT_TELEGRAM_SESSION"):
        session = _stored(account.session)
    if account.server_key:
        with _settings_errors("COURANT_TELEGRAM_SERVER_KEY"):
            rsa.add_key(account.server_key.read_text(), old=False)
    if account.server:
        host, _, port = account.server.rpartition(":")
        if not host or not port.isdigit():
            raise SettingsError("COURANT_TELEGRAM_SERVER", f"{account.server!r} is not host:port")
        if (session.server_address, session.port) != (host, int(port)):
            session.set_dc(2, host, int(port))
    return session


def is_session_string(session: str) -> bool:
    """Whether this is a session itself, and not the path of a file that keeps one."""
    return re.fullmatch(r"1[\w=-]{300,}", session) is not None


def _stored(session: str) -> Any:
    if is_session_string(session):
        return StringSession(session)
    path = Path(session.removesuffix(".session") + ".session").expanduser()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    return SQLiteSession(str(path))


@contextmanager
def _settings_errors(setting: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, struct.error, sqlite3.Error) as error:
        raise SettingsError(setting, f"cannot be used: {_reason(error)}") from error
