"""What the MTProto server's methods mean: `do_<namespace>__<method>` answers the call of that name.

Written from what Telethon's code expects; never compared with Telegram itself.
"""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from telethon import password as tg_password
from telethon.tl import types as T

from tests.servers.mtproto_wire import DC, GENERATOR, PRIME, AuthKey, RpcRefused, big_endian, make, short_secret, utc

User = dict[str, Any]
Method = TypeVar("Method", bound=Callable[..., Any])

ALGORITHM = T.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
    b"s" * 8, b"t" * 16, GENERATOR, big_endian(PRIME)
)


@cache
def verifier_of(password: str) -> int:
    """What a server keeps of a password: to make it takes long on purpose, so each is made once."""
    return pow(GENERATOR, int.from_bytes(tg_password.compute_hash(ALGORITHM, password), "big"), PRIME)


@dataclass(eq=False)
class Channel:
    """A channel with its posts and its log of events (pts, time, update)."""

    id: int
    username: str | None
    title: str
    about: str = ""
    megagroup: bool = False
    invite: str | None = None
    date: float = field(default_factory=time.time)
    pts: int = 1
    next_id: int = 1
    messages: dict[int, Any] = field(default_factory=dict)
    log: list[tuple[int, float, Any]] = field(default_factory=list)
    members: set[int] = field(default_factory=set)
    banned: set[int] = field(default_factory=set)

    @property
    def hash(self) -> int:
        return self.id * 7919 + 13

    def tl(self, user: int | None) -> Any:
        """The channel as this account sees it."""
        if user in self.banned:
            return make(T.ChannelForbidden, id=self.id, access_hash=self.hash, title=self.title, broadcast=True)
        return make(
            T.Channel,
            id=self.id,
            title=self.title,
            photo=T.ChatPhotoEmpty(),
            date=utc(self.date),
            broadcast=not self.megagroup,
            megagroup=self.megagroup,
            left=user not in self.members,
            access_hash=self.hash,
            username=self.username,
        )

    def event(self, update: Any, count: int = 1) -> Any:
        """Give the update its place in the channel's sequence."""
        self.pts += count
        update.pts, update.pts_count = self.pts, count
        self.log.append((self.pts, time.time(), update))
        return update


@dataclass
class ChatFolder:
    """A folder of chats behind a link; `others` are peers in it that are no channels. Its channels without a username
    open by it to those who come with its slug."""

    title: str
    channels: list[Channel]
    others: list[Any] = field(default_factory=list)
    holders: set[int] = field(default_factory=set)


def without_account(method: Method) -> Method:
    """Mark a method that may be called before signing in."""
    method.open = True  # type: ignore[attr-defined] # a mark on a function
    return method


class Api:
    """The methods, over the state that `MiniTelegram` keeps."""

    host: str
    port: int
    code: str
    page: int
    users: dict[str, User]
    channels: dict[int, Channel]
    files: dict[int, bytes]
    folders: dict[str, ChatFolder]

    def user(self, phone: str, **values: Any) -> User:
        """The account of a phone number, made when new."""
        number = re.sub(r"\D", "", phone)
        blank = {"id": 1000 + len(self.users), "first_name": "U" + number[-4:], "username": None, "phone": number}
        user = self.users.setdefault(number, blank | {"bot": False, "password": None})
        user.update(values)
        return user

    def me(self, key: AuthKey) -> User:
        return next(user for user in self.users.values() if user["id"] == key.user)

    def user_tl(self, user: User, own: int | None) -> Any:
        return make(
            T.User,
            id=user["id"],
            is_self=user["id"] == own,
            access_hash=user["id"] * 31,
            bot=user["bot"],
            first_name=user["first_name"],
            username=user["username"],
            phone=None if user["bot"] else user["phone"],
        )

    def peer(self, peer: Any, key: AuthKey) -> Channel:
        """The channel that a call is about, if this account may read it."""
        channel = self.channels.get(getattr(peer, "channel_id", 0))
        if channel is None or getattr(peer, "access_hash", channel.hash) != channel.hash:
            raise RpcRefused(400, "CHANNEL_INVALID")
        if key.user in channel.banned or (channel.invite and key.user not in channel.members):
            raise RpcRefused(400, "CHANNEL_PRIVATE")
        return channel

    @without_account
    def do_help__get_config(self, query: Any, key: AuthKey) -> Any:
        return make(
            T.Config,
            date=utc(),
            expires=utc(time.time() + 3600),
            this_dc=DC,
            dc_options=[make(T.DcOption, id=DC, ip_address=self.host, port=self.port)],
            chat_size_max=200,
            megagroup_size_max=200000,
            message_length_max=4096,
            caption_length_max=1024,
            webfile_dc_id=DC,
            me_url_prefix="https://t.me/",
        )

    # ---- signing in
    @without_account
    def do_auth__send_code(self, query: Any, key: AuthKey) -> Any:
        self.user(query.phone_number)
        kind = T.auth.SentCodeTypeApp(len(self.code))
        return make(T.auth.SentCode, type=kind, phone_code_hash="h" * 16, timeout=60)

    @without_account
    def do_auth__sign_in(self, query: Any, key: AuthKey) -> Any:
        user = self.user(query.phone_number)
        if query.phone_code != self.code:
            raise RpcRefused(400, "PHONE_CODE_INVALID")
        if user["password"]:
            key.pending = user
            raise RpcRefused(401, "SESSION_PASSWORD_NEEDED")
        key.user = user["id"]
        return make(T.auth.Authorization, user=self.user_tl(user, key.user))

    @without_account
    def do_account__get_password(self, query: Any, key: AuthKey) -> Any:
        user = key.pending or self.me(key)
        verifier = verifier_of(user["password"] or "")
        secret = short_secret()
        multiplier = hashlib.sha256(big_endian(PRIME) + GENERATOR.to_bytes(256, "big")).digest()
        public = (int.from_bytes(multiplier, "big") * verifier + pow(GENERATOR, secret, PRIME)) % PRIME
        key.srp = (verifier, secret, public)
        return make(
            T.account.Password,
            has_password=bool(user["password"]),
            current_algo=ALGORITHM,
            srp_B=public.to_bytes(256, "big"),
            srp_id=1,
            new_algo=T.PasswordKdfAlgoUnknown(),
            new_secure_algo=T.SecurePasswordKdfAlgoUnknown(),
            secure_random=b"r" * 32,
        )

    @without_account
    def do_auth__check_password(self, query: Any, key: AuthKey) -> Any:
        """The server's half of SRP, as core.telegram.org/api/srp describes it."""
        if key.srp is None or key.pending is None:
            raise RpcRefused(400, "SRP_ID_INVALID")

        def digest(*parts: bytes) -> bytes:
            return hashlib.sha256(b"".join(parts)).digest()

        verifier, secret, public = key.srp
        server, client = public.to_bytes(256, "big"), int.from_bytes(query.password.A, "big")
        scramble = int.from_bytes(digest(query.password.A, server), "big")
        shared = pow(client * pow(verifier, scramble, PRIME), secret, PRIME)
        prime, generator = digest(big_endian(PRIME)), digest(GENERATOR.to_bytes(256, "big"))
        mask = bytes(x ^ y for x, y in zip(prime, generator, strict=True))
        salts = digest(ALGORITHM.salt1), digest(ALGORITHM.salt2)
        if digest(mask, *salts, query.password.A, server, digest(shared.to_bytes(256, "big"))) != query.password.M1:
            raise RpcRefused(400, "PASSWORD_HASH_INVALID")
        key.user = key.pending["id"]
        return make(T.auth.Authorization, user=self.user_tl(key.pending, key.user))

    @without_account
    def do_auth__import_bot_authorization(self, query: Any, key: AuthKey) -> Any:
        user = self.user(query.bot_auth_token.split(":")[0], bot=True, username="mini_bot")
        key.user = user["id"]
        return make(T.auth.Authorization, user=self.user_tl(user, key.user))

    def do_auth__log_out(self, query: Any, key: AuthKey) -> Any:
        key.user = None
        return make(T.auth.LoggedOut)

    # ---- who and where
    def do_users__get_users(self, query: Any, key: AuthKey) -> Any:
        return [self.user_tl(self.me(key), key.user) for peer in query.id if isinstance(peer, T.InputUserSelf)]

    def do_contacts__resolve_username(self, query: Any, key: AuthKey) -> Any:
        if not re.fullmatch(r"[A-Za-z]\w{3,31}", query.username):
            raise RpcRefused(400, "USERNAME_INVALID")
        wanted = query.username.lower()
        for channel in self.channels.values():
            if channel.username and channel.username.lower() == wanted:
                return T.contacts.ResolvedPeer(peer=T.PeerChannel(channel.id), chats=[channel.tl(key.user)], users=[])
        for user in self.users.values():
            if user["username"] and user["username"].lower() == wanted:
                told = [self.user_tl(user, key.user)]
                return T.contacts.ResolvedPeer(peer=T.PeerUser(user["id"]), chats=[], users=told)
        raise RpcRefused(400, "USERNAME_NOT_OCCUPIED")

    def do_channels__get_channels(self, query: Any, key: AuthKey) -> Any:
        known = [self.channels[peer.channel_id] for peer in query.id if peer.channel_id in self.channels]
        return T.messages.Chats(chats=[channel.tl(key.user) for channel in known])

    def do_channels__get_full_channel(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.channel, key)
        full = make(
            T.ChannelFull,
            id=channel.id,
            about=channel.about,
            chat_photo=T.PhotoEmpty(0),
            pts=channel.pts,
            notify_settings=T.PeerNotifySettings(),
            participants_count=len(channel.members) + 1000,
        )
        return make(T.messages.ChatFull, full_chat=full, chats=[channel.tl(key.user)], users=[])

    def membership(self, channel: Channel, key: AuthKey) -> Any:
        update = T.UpdateChannel(channel.id)
        return T.Updates(updates=[update], users=[], chats=[channel.tl(key.user)], date=utc(), seq=0)

    def do_channels__join_channel(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.channel, key)
        assert key.user
        channel.members.add(key.user)
        return self.membership(channel, key)

    def do_channels__leave_channel(self, query: Any, key: AuthKey) -> Any:
        channel = self.peer(query.channel, key)
        if key.user not in channel.members:
            raise RpcRefused(400, "USER_NOT_PARTICIPANT")
        channel.members.discard(key.user)
        return self.membership(channel, key)

    def invited(self, query: Any) -> Channel:
        for channel in self.channels.values():
            if channel.invite == query.hash:
                return channel
        raise RpcRefused(400, "INVITE_HASH_EXPIRED")

    def do_messages__check_chat_invite(self, query: Any, key: AuthKey) -> Any:
        channel = self.invited(query)
        if key.user in channel.members:
            return T.ChatInviteAlready(chat=channel.tl(key.user))
        photo = T.PhotoEmpty(0)
        kind = {"channel": True, "broadcast": not channel.megagroup}
        return make(T.ChatInvite, title=channel.title, photo=photo, participants_count=1, color=0, **kind)

    def do_messages__import_chat_invite(self, query: Any, key: AuthKey) -> Any:
        channel = self.invited(query)
        if key.user in channel.members:
            raise RpcRefused(400, "USER_ALREADY_PARTICIPANT")
        assert key.user
        channel.members.add(key.user)
        return self.membership(channel, key)

    # ---- folders
    def folder_of(self, query: Any) -> ChatFolder:
        if query.slug not in self.folders:
            raise RpcRefused(400, "INVITE_SLUG_EXPIRED")
        return self.folders[query.slug]

    def do_chatlists__check_chatlist_invite(self, query: Any, key: AuthKey) -> Any:
        folder = self.folder_of(query)
        chats = [channel.tl(key.user) for channel in folder.channels]
        peers = [T.PeerChannel(channel.id) for channel in folder.channels]
        if key.user not in folder.holders:
            title = T.TextWithEntities(folder.title, [])
            return T.chatlists.ChatlistInvite(title=title, peers=peers + folder.others, chats=chats, users=[])
        own = [T.PeerChannel(channel.id) for channel in folder.channels if key.user in channel.members]
        missing = [peer for peer in peers if peer not in own]
        return T.chatlists.ChatlistInviteAlready(7, missing + folder.others, own, chats, [])

    def do_chatlists__join_chatlist_invite(self, query: Any, key: AuthKey) -> Any:
        folder = self.folder_of(query)
        wanted = {peer.channel_id for peer in query.peers}
        joined = [channel for channel in folder.channels if channel.id in wanted]
        if not joined:
            raise RpcRefused(400, "FILTER_INCLUDE_EMPTY")
        assert key.user
        folder.holders.add(key.user)
        for channel in joined:
            channel.members.add(key.user)
        updates = [T.UpdateChannel(channel.id) for channel in joined]
        return T.Updates(updates, users=[], chats=[each.tl(key.user) for each in joined], date=utc(), seq=0)
