"""An account's line to Telegram, through Telethon: opened and closed, its calls, and the hints that come by it."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any, Self

from telethon import events
from telethon.tl import functions as F
from telethon.tl import types as T

from core.errors import RateLimited, SignedOut, SourceError
from ingest.telegram.account import Account
from ingest.telegram.call_budget import ABOUT, ALL, COUNTS, HISTORY, JOINED, Pace
from ingest.telegram.errors import ACCOUNT, answer_errors, telegram_errors
from ingest.telegram.session import connect, disconnect, open_client
from ingest.telegram.values import Hint, HintKind

log = logging.getLogger(__name__)

QUEUE = 10_000  # hints that may wait; one that finds no room is dropped, for history is the truth
PATIENCE = 60.0  # seconds for one call

_KINDS = {
    F.messages.GetHistoryRequest: HISTORY,
    F.messages.GetMessagesViewsRequest: COUNTS,
    F.channels.GetFullChannelRequest: ABOUT,
}


class TelegramLine:
    """One account's line to Telegram: `async with` opens it."""

    def __init__(self, account: Account, *, patience: float = PATIENCE, pace: Pace | None = None) -> None:
        """`pace` is what its calls wait for; `patience`, in seconds, is for the answer alone."""
        self._patience, self._pace = patience, pace or Pace()
        self._hints: asyncio.Queue[Hint] = asyncio.Queue(QUEUE)
        self.name = account.name
        self._odd: Counter[tuple[str, str]] = Counter()
        self._account = account
        self._client: Any = None
        self._closed = False
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Connect. Raises SourceError where Telegram cannot be reached, SignedOut where the account is not signed in,
        and SettingsError where its settings cannot be used. May be entered again after it was left."""
        self._client, self._closed = open_client(self._account), False
        try:
            with telegram_errors(ACCOUNT):
                async with asyncio.timeout(self._patience):
                    await connect(self._client)
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
        await disconnect(self._client)
        lost = self._client.disconnected
        if lost.done() and not lost.cancelled():
            lost.exception()  # looked at, so that asyncio does not report it as forgotten

    def odd(self, channel: str, what: str, number: int = 1) -> None:
        """Something odd was met so many times, and passed over."""
        self._odd[channel, what] += number

    def take_odd(self) -> Counter[tuple[str, str]]:
        """What odd was met since this was asked last: how often, by channel and what it was."""
        taken, self._odd = self._odd, Counter()
        return taken

    @property
    def pages_free(self) -> int:
        """How many pages of history may be asked for without a wait for the account's pace."""
        return self._pace.free(HISTORY)

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

    async def call(self, channel: str, request: Any, *, pushed: bool = False) -> Any:
        """Telegram's answer to a request, once the account's pace lets it be made; what was `pushed` waits for none.
        Errors name the `channel`. Raises RateLimited, ChannelUnavailable, SignedOut, SourceError."""
        kind = _KINDS.get(type(request), ALL)
        await self._admit(channel, kind, pushed=pushed)
        try:
            with answer_errors(channel):
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
                self.odd(ACCOUNT, "the connection was given up and is opened again")
                await connect(self._client)
                self._hand_over(Hint(kind=HintKind.RECONNECTED))

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
            self.odd(ACCOUNT, "more is pushed than can be followed at once")
