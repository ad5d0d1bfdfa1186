"""MiniTelegram: a small Telegram (MTProto 2.0) server on loopback; an unmodified Telethon is its client.

In a test::

    async with MiniTelegram() as tg:
        tg.channel("news")
        session = StringSession(tg.mint("+10000001"))     # names address and key by itself
        async with TelegramClient(session, 1, "x") as client:
            await tg.post("news", html="<b>hi</b>")

As a process, played through its control port (`mtproto_control`)::

    python -m tests.servers.mtproto --port 14431 --ctl 14432 --pubkey key.pem

A method that it lacks answers METHOD_NOT_IMPLEMENTED_<NAME>; adding one takes a few lines in `mtproto_api` or
`mtproto_messages`. The wire was checked against a second, independent client; the behaviour (pts rules, error texts)
is written from what Telethon's code expects and was never compared with Telegram itself.
"""

import asyncio
import base64
import os
import random
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from telethon.extensions import html as tg_html
from telethon.tl import types as T

from tests.servers.mtproto_api import Channel, ChatFolder, User
from tests.servers.mtproto_messages import MessagesApi
from tests.servers.mtproto_wire import DC, SERVER_KEY, AuthKey, Connection, Hangup, RpcRefused, dump, make, utc


@dataclass(slots=True)
class Fault:
    """What the next `times` calls of `method` (TL name without "Request"; "*" is any) meet, if about `channel`.

    `garble` spoils the answer instead: it comes "half", as "noise", or as something "other" than was asked for."""

    method: str = "*"
    code: int = 420
    text: str = "FLOOD_WAIT_1"
    times: int = 1
    drop: bool = False
    delay: float = 0
    channel: int | None = None
    garble: str = ""


class Raw:
    """Bytes that stand for an answer as they are."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __bytes__(self) -> bytes:
        return self.data


class Strange:
    """A message of a type that no client knows."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __getattr__(self, name: str) -> Any:
        return getattr(self.message, name)

    def _bytes(self) -> bytes:
        return b"\xde\xad\xbe\xef" + b"\x2a" * 16


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "noise": lambda data: bytes(range(1, 100)),
    "other": lambda data: dump(True),
}


class MiniTelegram(MessagesApi):
    """The server and what a test does with it. Channels are named by username, number or the `Channel` itself."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, code: str = "12345") -> None:
        self.host, self.port, self.code = host, port, code
        self.keys: dict[int, AuthKey] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, bytes] = {}
        self.folders: dict[str, ChatFolder] = {}
        self.rich: dict[tuple[int, int], Any] = {}
        self.notes: dict[tuple[int, int], Any] = {}
        self.rsa = SERVER_KEY
        self.faults: list[Fault] = []
        self.calls: list[tuple[float, str, int | None]] = []
        self.push = True
        self.page = 100  # getChannelDifference answers TooLong past this many events
        self.connections: dict[Connection, asyncio.Task[Any] | None] = {}
        self.changed = asyncio.Condition()
        self._server: asyncio.Server | None = None

    # ---- life
    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Close every line and wait until each has ended."""
        if self._server:
            self._server.close()
        tasks = [task for task in self.connections.values() if task]
        self.cut()
        if tasks:
            await asyncio.wait(tasks, timeout=5)

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        self.connections[connection] = asyncio.current_task()
        try:
            await connection.run()
        finally:
            del self.connections[connection]

    def cut(self) -> None:
        """Cut every line, as a bad network would."""
        for connection in list(self.connections):
            connection.writer.close()

    # ---- the cast
    def mint(self, phone: str) -> str:
        """A StringSession already signed in; it names this server, so that the client needs no other set-up."""
        key = AuthKey(os.urandom(256))
        self.keys[key.id], key.user = key, self.user(phone)["id"]
        packed = struct.pack(">B4sH256s", DC, socket.inet_aton(self.host), self.port, key.key)
        return "1" + base64.urlsafe_b64encode(packed).decode()

    def channel(self, username: str | None, title: str | None = None, **values: Any) -> Channel:
        """A channel; with `invite` it is private and opens to those who come with that hash."""
        number = 1_000_000 + len(self.channels) + 1
        channel = self.channels[number] = Channel(number, username, title or username or "Private", **values)
        return channel

    def folder(self, slug: str, *names: Channel | int | str, title: str = "Folder") -> ChatFolder:
        """A folder of these channels behind the link t.me/addlist/<slug>."""
        folder = self.folders[slug] = ChatFolder(title, [self.find(name) for name in names])
        return folder

    def find(self, name: Channel | int | str) -> Channel:
        if isinstance(name, Channel):
            return name
        if isinstance(name, int):
            return self.channels[name]
        for channel in self.channels.values():
            if (channel.username or "").lower() == name.lower():
                return channel
        raise KeyError(name)

    def join(self, name: Channel | int | str, phone: str) -> None:
        self.find(name).members.add(self.user(phone)["id"])

    # ---- what happens
    async def post(
        self,
        name: Channel | int | str,
        text: str = "",
        *,
        html: str | None = None,
        date: float | None = None,
        photo: bytes | None = None,
        push: bool = True,
        **values: Any,
    ) -> int:
        """Publish a message; more fields of `Message` may be given, and `reply_to_id`. Gives its id."""
        channel = self.find(name)
        entities = None
        if html is not None:
            text, entities = tg_html.parse(html)
        if photo is not None:
            values["media"] = self._photo(photo, date)
        if "reply_to_id" in values:
            values["reply_to"] = make(T.MessageReplyHeader, reply_to_msg_id=values.pop("reply_to_id"))
        number, channel.next_id = channel.next_id, channel.next_id + 1
        defaults: dict[str, Any] = {"post": not channel.megagroup, "views": 1, "forwards": 0, "entities": entities}
        defaults["peer_id"] = T.PeerChannel(channel.id)
        message = make(values.pop("kind", T.Message), id=number, date=utc(date), message=text, **(defaults | values))
        channel.messages[number] = message
        await self._announce(channel, channel.event(T.UpdateNewChannelMessage(message, 0, 0)), push=push)
        return number

    def _photo(self, photo: bytes, date: float | None) -> Any:
        number = random.getrandbits(60)
        self.files[number] = photo
        size = make(T.PhotoSize, type="x", w=8, h=8, size=len(photo))
        return T.MessageMediaPhoto(
            photo=make(T.Photo, id=number, access_hash=1, file_reference=b"r", date=utc(date), dc_id=DC, sizes=[size])
        )

    def make_strange(self, name: Channel | int | str, *numbers: int) -> None:
        """Let these messages be of a type that no client knows."""
        messages = self.find(name).messages
        for number in numbers:
            messages[number] = Strange(messages[number])

    async def edit(
        self, name: Channel | int | str, number: int, text: str = "", *, html: str | None = None, push: bool = True
    ) -> None:
        channel = self.find(name)
        message = channel.messages[number]
        message.message, message.entities = tg_html.parse(html) if html is not None else (text, None)
        message.edit_date = utc()
        await self._announce(channel, channel.event(T.UpdateEditChannelMessage(message, 0, 0)), push=push)

    async def delete(self, name: Channel | int | str, *numbers: int, push: bool = True) -> None:
        channel = self.find(name)
        gone = [number for number in numbers if channel.messages.pop(number, None)]
        update = T.UpdateDeleteChannelMessages(channel.id, gone, 0, 0)
        await self._announce(channel, channel.event(update, len(gone)), push=push)

    async def ban(self, name: Channel | int | str, phone: str) -> None:
        """Throw the account out of the channel."""
        channel, user = self.find(name), self.user(phone)
        channel.banned.add(user["id"])
        channel.members.discard(user["id"])
        await self._send_updates(user["id"], [T.UpdateChannel(channel.id)], [channel])

    def revoke(self, phone: str) -> None:
        """Sign every session of the account out: its next call answers 401."""
        for key in self.keys.values():
            if key.user == self.user(phone)["id"]:
                key.user = None

    def fault(self, method: str = "*", *, channel: Channel | int | str | None = None, **values: Any) -> None:
        """Script a failure; see `Fault`."""
        about = None if channel is None else self.find(channel).id
        self.faults.append(Fault(method, channel=about, **values))

    def called(self, method: str) -> int:
        """How often a method was called so far."""
        return sum(name == method for _, name, _ in self.calls)

    async def until_called(self, method: str, times: int = 1, patience: float = 60) -> None:
        """Wait until a method has been called so often."""
        async with self.changed, asyncio.timeout(patience):
            await self.changed.wait_for(lambda: self.called(method) >= times)

    async def _announce(self, channel: Channel, update: Any, *, push: bool) -> None:
        if push and self.push:
            for user in list(channel.members):
                await self._send_updates(user, [update], [channel])

    async def _send_updates(self, user: int, updates: list[Any], channels: list[Channel]) -> None:
        chats = [channel.tl(user) for channel in channels]
        body = T.Updates(updates=updates, users=[], chats=chats, date=utc(), seq=0)
        for connection in list(self.connections):
            if connection.key and connection.key.user == user and connection.wants_updates:
                await connection.send(body, content=True)

    # ---- the calls
    async def call(self, query: Any, key: AuthKey) -> Any:
        """Answer one call, or raise `RpcRefused` or `Hangup`."""
        name = type(query).__name__.removesuffix("Request")
        self.calls.append((time.time(), name, key.user))
        async with self.changed:
            self.changed.notify_all()
        garble = await self._fail(name, query)
        words = f"{type(query).__module__.split('.')[-1]}_{name}"
        method = getattr(self, "do_" + re.sub(r"(?<!^)(?=[A-Z])", "_", words).lower(), None)
        if method is None:
            raise RpcRefused(400, "METHOD_NOT_IMPLEMENTED_" + name.upper())
        if key.user is None and not getattr(method, "open", False):
            raise RpcRefused(401, "AUTH_KEY_UNREGISTERED")
        answer = method(query, key)
        return Raw(SPOILED[garble](dump(answer))) if garble else answer

    async def _fail(self, name: str, query: Any) -> str:
        about = getattr(getattr(query, "peer", None) or getattr(query, "channel", None), "channel_id", None)
        for fault in self.faults:
            if fault.method in ("*", name) and fault.channel in (None, about):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                await asyncio.sleep(fault.delay)
                if fault.drop:
                    raise Hangup
                if fault.garble:
                    return fault.garble
                if fault.code:
                    raise RpcRefused(fault.code, fault.text)
                return ""
        return ""


if __name__ == "__main__":
    from tests.servers.mtproto_control import main

    main()
