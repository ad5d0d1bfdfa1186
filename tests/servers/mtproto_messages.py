"""The MTProto server's methods about messages and updates."""

import copy
import time
from collections.abc import Iterable
from typing import Any

from telethon.tl import types as T

from tests.servers.mtproto_api import Api, Channel
from tests.servers.mtproto_wire import AuthKey, RpcRefused, make, utc

MAX_PAGE = 100


def origins(message: Any) -> Iterable[int]:
    """The channels that a message speaks of: Telegram sends them along."""
    forward, reply = getattr(message, "fwd_from", None), getattr(message, "reply_to", None)
    for peer in (getattr(forward, "from_id", None), getattr(reply, "reply_to_peer_id", None)):
        if isinstance(peer, T.PeerChannel):
            yield peer.channel_id


class MessagesApi(Api):
    """History, single messages, files, and what an account missed."""

    rich: dict[tuple[int, int], Any]
    notes: dict[tuple[int, int], Any]

    def channel_messages(self, channel: Channel, key: AuthKey, messages: list[Any], total: int) -> Any:
        around = {number for message in messages for number in origins(message)} - {channel.id}
        chats = [channel.tl(key.user)] + [self.channels[n].tl(key.user) for n in sorted(around) if n in self.channels]
        people = [self.user_tl(user, key.user) for user in self.users.values() if self.speaks_of(messages, user["id"])]
        return make(
            T.messages.ChannelMessages, pts=channel.pts, count=total, messages=messages, chats=chats, users=people
        )

    @staticmethod
    def speaks_of(messages: list[Any], number: int) -> bool:
        return any(number == getattr(message, "via_bot_id", None) for message in messages)

    def do_messages__get_history(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.peer, key)
        newest_first = sorted(channel.messages.values(), key=lambda m: -m.id)
        at = 0
        if query.offset_id:
            at = sum(message.id >= query.offset_id for message in newest_first)
        elif query.offset_date and query.offset_date.timestamp() > 0:
            at = sum(message.date >= query.offset_date for message in newest_first)
        start = at + query.add_offset
        stop = start + min(query.limit or MAX_PAGE, MAX_PAGE)
        page = [
            message
            for message in newest_first[max(start, 0) : max(stop, 0)]
            if (not query.max_id or message.id < query.max_id) and message.id > query.min_id
        ]
        return self.channel_messages(channel, key, page, len(newest_first))

    def do_messages__search(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.peer, key)
        hits = [
            message
            for message in sorted(channel.messages.values(), key=lambda m: -m.id)
            if query.q.lower() in message.message.lower() and (not query.offset_id or message.id < query.offset_id)
        ]
        return self.channel_messages(channel, key, hits[: query.limit], len(hits))

    def do_channels__get_messages(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.channel, key)
        found = [
            channel.messages.get(wanted.id) or make(T.MessageEmpty, id=wanted.id, peer_id=T.PeerChannel(channel.id))
            for wanted in query.id
        ]
        return self.channel_messages(channel, key, found, len(found))

    def do_messages__get_rich_message(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.peer, key)
        whole = self.rich.get((channel.id, query.id))
        if whole is None:
            raise RpcRefused(400, "MESSAGE_ID_INVALID")
        message = copy.copy(channel.messages[query.id])
        message.rich_message = whole
        return self.channel_messages(channel, key, [message], 1)

    def do_messages__get_messages_views(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.peer, key)
        told = []
        for number in query.id[:MAX_PAGE]:
            message = channel.messages.get(number)
            if message is not None and query.increment:
                message.views += 1
            told.append(T.MessageViews(getattr(message, "views", None), getattr(message, "forwards", None)))
        return T.messages.MessageViews(views=told, chats=[], users=[])

    def do_messages__get_fact_check(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.peer, key)
        return [self.notes.get((channel.id, number)) or T.FactCheck(0) for number in query.msg_id]

    def dialog(self, channel: Channel) -> Any:
        top = max(channel.messages, default=0)
        settings = T.PeerNotifySettings()
        return make(
            T.Dialog, peer=T.PeerChannel(channel.id), top_message=top, notify_settings=settings, pts=channel.pts
        )

    def do_messages__get_dialogs(self, query: Any, key: AuthKey) -> Any:
        mine = [channel for channel in self.channels.values() if key.user in channel.members]
        return T.messages.Dialogs(
            dialogs=[self.dialog(channel) for channel in mine],
            messages=[channel.messages[max(channel.messages)] for channel in mine if channel.messages],
            chats=[channel.tl(key.user) for channel in mine],
            users=[],
        )

    def do_channels__read_history(self, query: Any, key: AuthKey) -> Any:
        return True

    def do_upload__get_file(self, query: Any, key: AuthKey) -> Any:
        data = self.files.get(getattr(query.location, "id", 0))
        if data is None:
            raise RpcRefused(400, "LOCATION_INVALID")
        piece = data[query.offset : query.offset + query.limit]
        return T.upload.File(type=T.storage.FileJpeg(), mtime=int(time.time()), bytes=piece)

    # ---- what was missed
    def state(self, key: AuthKey) -> Any:
        return T.updates.State(pts=key.pts, qts=0, date=utc(), seq=1, unread_count=0)

    def do_updates__get_state(self, query: Any, key: AuthKey) -> Any:
        return self.state(key)

    def do_updates__get_difference(self, query: Any, key: AuthKey) -> Any:
        since = query.date.timestamp()
        mine = [channel for channel in self.channels.values() if key.user in channel.members]
        late = [channel for channel in mine if channel.log and channel.log[-1][1] >= since]
        if not late:
            return T.updates.DifferenceEmpty(date=utc(), seq=1)
        return T.updates.Difference(
            new_messages=[],
            new_encrypted_messages=[],
            users=[],
            other_updates=[make(T.UpdateChannelTooLong, channel_id=c.id, pts=c.pts) for c in late],
            chats=[channel.tl(key.user) for channel in late],
            state=self.state(key),
        )

    def do_updates__get_channel_difference(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.channel, key)
        news = [update for pts, _, update in channel.log if pts > query.pts]
        if not news:
            return make(T.updates.ChannelDifferenceEmpty, final=True, pts=channel.pts, timeout=30)
        if len(news) > self.page:
            last = [channel.messages[number] for number in sorted(channel.messages)[-10:][::-1]]
            return make(
                T.updates.ChannelDifferenceTooLong,
                final=True,
                timeout=30,
                dialog=self.dialog(channel),
                messages=last,
                chats=[channel.tl(key.user)],
                users=[],
            )
        arrivals = [update for update in news if isinstance(update, T.UpdateNewChannelMessage)]
        return make(
            T.updates.ChannelDifference,
            final=True,
            pts=channel.pts,
            timeout=30,
            new_messages=[update.message for update in arrivals if update.message.id in channel.messages],
            other_updates=[update for update in news if not isinstance(update, T.UpdateNewChannelMessage)],
            chats=[channel.tl(key.user)],
            users=[],
        )
