"""A Telegram account as a source: history and live hints of the channels that it can read, through Telethon.

With the other modules of this folder the only place that knows Telethon. History is the truth; a live event is only a
hint that a channel is worth reading, for Telethon drops long gaps silently and does not ask after a reconnect.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from telethon.tl import functions as F
from telethon.tl import types as T

from core.errors import ChannelUnavailable, RateLimited, SourceError
from core.model import About, Counts
from ingest.telegram.answers import Unreadable
from ingest.telegram.call_budget import JOINED
from ingest.telegram.errors import ACCOUNT, NO_SENSE, answer_errors, joining_errors
from ingest.telegram.history import TelegramHistory
from ingest.telegram.post import channel_name, public_name
from ingest.telegram.values import FolderPage, Peer

MOST_IN_FOLDER = 500  # channels; Telegram allows some hundred


class TelegramSource(TelegramHistory):
    """One account's connection: `async with TelegramSource(account) as source`."""

    async def resolve(self, name: str) -> Peer:
        """The channel of a public name, or of `c/<number>` where the account is a member; to be asked once and kept.

        Raises ChannelUnavailable where there is no such channel, or the name is a group's, a bot's or a person's.
        """
        if name.startswith("c/"):
            for peer in await self.joined():
                if name == f"c/{peer.id}":
                    return peer
            raise ChannelUnavailable(name, "is no channel that the account is a member of")
        with answer_errors(name):
            result = await self.call(name, F.contacts.ResolveUsernameRequest(name))
            for chat in getattr(result, "chats", ()):
                if chat.id == getattr(result.peer, "channel_id", None):
                    return _peer(chat, name)
        raise ChannelUnavailable(name, "is a person or a bot, not a channel")

    async def join(self, peer: Peer) -> None:
        """Become a member. Raises CannotJoin with the reason, and as `history` does."""
        with joining_errors(peer.channel):
            await self.call(peer.channel, F.channels.JoinChannelRequest(T.InputChannel(peer.id, peer.access_hash)))

    async def invited(self, name: str, invite: str) -> Peer | None:
        """The channel behind an invite link's hash where the account is a member already. Raises ChannelUnavailable
        where the link leads to no channel."""
        with joining_errors(name):
            answer = await self.call(name, F.messages.CheckChatInviteRequest(invite))
        if isinstance(answer, T.ChatInviteAlready):
            return _peer(answer.chat, name)
        if isinstance(answer, T.ChatInvite) and not answer.broadcast:
            raise ChannelUnavailable(name, "the invite link leads to a group, not a channel")
        return None

    async def enter(self, name: str, invite: str) -> Peer:
        """Become a member by an invite link's hash. Raises as `join` and `invited`."""
        with joining_errors(name):
            answer = await self.call(name, F.messages.ImportChatInviteRequest(invite))
        chats = getattr(answer, "chats", ())
        if not chats:
            raise SourceError(name, NO_SENSE)
        return _peer(chats[0], name)

    async def folder(self, name: str, slug: str) -> FolderPage:
        """What the folder of this link holds; an error calls it `name`. Raises ChannelUnavailable where the link leads
        nowhere, and Unreadable for a folder without any chat, which is none."""
        with joining_errors(name), answer_errors(name):
            return _folder_page(name, await self.call(name, F.chatlists.CheckChatlistInviteRequest(slug)))

    async def join_in_folder(self, peer: Peer, slug: str) -> None:
        """Become a member of one channel of a folder, which is the only way into one without a public name. Raises as
        `join`."""
        channel = T.InputPeerChannel(peer.id, peer.access_hash)
        with joining_errors(peer.channel):
            await self.call(peer.channel, F.chatlists.JoinChatlistInviteRequest(slug, [channel]))

    async def joined(self) -> tuple[Peer, ...]:
        """The channels that the account is a member of, private ones included."""
        await self._admit(ACCOUNT, JOINED)
        try:
            with answer_errors(ACCOUNT):
                async with asyncio.timeout(self._patience):
                    await self._reopen()
                    known = [dialog.entity async for dialog in self._client.iter_dialogs()]
        except RateLimited as error:
            self._pace.rest(JOINED, error.seconds)
            raise
        return tuple(_peer(chat, chat.title) for chat in known if _is_channel(chat))

    async def about(self, peer: Peer) -> About:
        """What the channel says of itself, and how many subscribe to it."""
        request = F.channels.GetFullChannelRequest(T.InputChannel(peer.id, peer.access_hash))
        full = getattr(await self.call(peer.channel, request), "full_chat", None)
        return About(description=getattr(full, "about", None), members=getattr(full, "participants_count", None) or 0)

    async def counts(self, peer: Peer, numbers: Sequence[int]) -> dict[int, Counts]:
        """How often these messages, at most a page of them, were seen and forwarded; nothing is counted by asking."""
        address = T.InputPeerChannel(peer.id, peer.access_hash)
        with answer_errors(peer.channel):
            result = await self.call(peer.channel, F.messages.GetMessagesViewsRequest(address, list(numbers), False))
            told = zip(numbers, getattr(result, "views", None) or (), strict=False)
            return {number: Counts(views=each.views, forwards=each.forwards) for number, each in told}


def _peer(chat: Any, name: str) -> Peer:
    if not isinstance(chat, T.Channel):
        raise ChannelUnavailable(name, "is closed to the account")
    if not chat.broadcast:
        raise ChannelUnavailable(name, "is a group, not a channel")
    return Peer(channel=channel_name(chat, chat.id), title=chat.title, id=chat.id, access_hash=chat.access_hash or 0)


def _is_channel(chat: Any) -> bool:
    return isinstance(chat, T.Channel) and bool(chat.broadcast)


def _folder_page(name: str, answer: Any) -> FolderPage:
    chats = {chat.id: chat for chat in getattr(answer, "chats", ())}
    told = [getattr(answer, field, ()) for field in ("peers", "already_peers", "missing_peers")]
    if not any(told):
        raise Unreadable(name, NO_SENSE)
    numbers: list[Any] = list(dict.fromkeys(getattr(peer, "channel_id", None) for peers in told for peer in peers))
    found = [chats[number] for number in numbers if _is_channel(chats.get(number))][:MOST_IN_FOLDER]
    hidden = frozenset(number for number in numbers if isinstance(chats.get(number), T.ChannelForbidden))
    return FolderPage(
        title=getattr(getattr(answer, "title", None), "text", ""),
        channels=tuple(_peer(chat, name) for chat in found),
        closed=frozenset(chat.id for chat in found if chat.left and public_name(chat) is None),
        hidden=hidden,
        others=sum(map(len, told)) - len(found) - len(hidden),
    )
