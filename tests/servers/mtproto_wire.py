"""MTProto 2.0 as a server speaks it: TCP "full" transport, key exchange, encryption, containers, gzip.

Written from the protocol's public description and from what Telethon's code expects; its own AES and TL classes do
the arithmetic. One `Connection` is one client's line; what the calls mean is `mtproto_api`'s matter.
"""

import asyncio
import hashlib
import inspect
import itertools
import os
import random
import struct
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from zlib import crc32

import rsa
from telethon import helpers
from telethon.crypto import AES
from telethon.extensions import BinaryReader
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import TLObject
from telethon.tl import functions as F
from telethon.tl import types as T
from telethon.tl.alltlobjects import LAYER
from telethon.tl.core import GzipPacked, MessageContainer

if TYPE_CHECKING:
    from tests.servers.mtproto import MiniTelegram

DC = 2
# The 2048-bit safe prime and generator that Telegram itself uses; some clients accept no other
PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DB"
    "FA336F6E0AC925139543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"
    "2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B41"
    "0DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"
    "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE2E4E15D04B2454BF"
    "6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)
GENERATOR = 3
P, Q = 32749, 65521  # Telegram's are of 31 bits, for the client to work at; ours are found at once
VECTOR, TRUE, FALSE, RPC_RESULT = (struct.pack("<I", x) for x in (0x1CB5C415, 0x997275B5, 0xBC799737, 0xF35C6D01))
MAX_PACKET = 1 << 22


class RpcRefused(Exception):
    """The error that answers a call."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(code, text)


class Hangup(Exception):
    """Close the line."""


def utc(seconds: float | datetime | None = None) -> datetime:
    """A moment as TL wants it; the present one by default."""
    if isinstance(seconds, datetime):
        return seconds
    return datetime.fromtimestamp(int(time.time() if seconds is None else seconds), UTC)


def big_endian(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def make(kind: Any, **values: Any) -> Any:
    """Build a TL object, giving every required argument that was left out a blank value of its type.

    Arguments that the installed layer does not know are dropped, so that one script serves several layers.
    """
    known, required = _arguments(kind)
    blanks = {name: _blank(annotation) for name, annotation in required if name not in values}
    return kind(**blanks, **{name: value for name, value in values.items() if name in known})


@cache
def _arguments(kind: Any) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """The names of all arguments, and those that have no default, each with its annotation."""
    parameters = [each for each in inspect.signature(kind.__init__).parameters.values() if each.name != "self"]
    required = tuple((each.name, str(each.annotation)) for each in parameters if each.default is each.empty)
    return frozenset(each.name for each in parameters), required


def _blank(annotation: str) -> Any:
    blanks = {"datetime": utc(0), "List": [], "bool": False, "int": 0, "bytes": b""}
    return next((blank for word, blank in blanks.items() if word in annotation), "")


def dump(value: Any) -> bytes:
    """A result as it stands on the wire."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, list):
        return VECTOR + struct.pack("<i", len(value)) + b"".join(map(dump, value))
    return bytes(value)


def short_secret() -> int:
    """A secret exponent as short as is still safe: powers take the time of its length."""
    return int.from_bytes(os.urandom(32), "big")


class ServerKey:
    """The data centre's RSA key; made when first asked for, since a minted session never needs it."""

    @cached_property
    def private(self) -> rsa.PrivateKey:
        command = ["openssl", "genrsa", "-traditional", "2048"]
        try:
            made = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - fixed words
            return rsa.PrivateKey.load_pkcs1(made.stdout)
        except (OSError, subprocess.CalledProcessError):
            return rsa.newkeys(2048)[1]  # the same in pure Python: seconds instead of a tenth of one

    @cached_property
    def fingerprint(self) -> int:
        raw = TLObject.serialize_bytes(big_endian(self.private.n)) + TLObject.serialize_bytes(
            big_endian(self.private.e)
        )
        number: int = struct.unpack("<q", sha1(raw)[-8:])[0]
        return number

    @property
    def pem(self) -> str:
        return str(rsa.PublicKey(self.private.n, self.private.e).save_pkcs1().decode())


SERVER_KEY = ServerKey()  # that of all servers of this process: making one takes longer than most tests


class AuthKey:
    """One authorization key: what a device keeps after signing in. `user` is the account's id, once signed in."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.id: int = struct.unpack("<Q", sha1(key)[12:20])[0]
        self.user: int | None = None
        self.pts = 1
        self.pending: dict[str, Any] | None = None
        self.srp: tuple[int, int, int] | None = None


class Connection:
    """One TCP connection."""

    def __init__(self, server: "MiniTelegram", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.key: AuthKey | None = None
        self.session: int | None = None
        self.exchange: dict[str, Any] = {}
        self.sent, self.last_id, self.sequence, self.wants_updates = itertools.count(), 0, 0, False
        self.salt = random.getrandbits(62)
        self.calls: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Serve until the line ends; the calls under way end with it."""
        try:
            async with asyncio.TaskGroup() as self.calls:
                while True:
                    await self.packet(await self.read())
        except* (asyncio.IncompleteReadError, ConnectionError, Hangup):
            pass
        finally:
            self.writer.close()

    async def read(self) -> bytes:
        head = await self.reader.readexactly(8)
        length = struct.unpack("<ii", head)[0]
        if not 12 <= length <= MAX_PACKET:
            raise Hangup
        body = await self.reader.readexactly(length - 8)
        if struct.unpack("<I", body[-4:])[0] != crc32(head + body[:-4]):
            raise Hangup
        return body[:-4]

    async def write(self, data: bytes) -> None:
        head = struct.pack("<ii", len(data) + 12, next(self.sent)) + data
        self.writer.write(head + struct.pack("<I", crc32(head)))
        await self.writer.drain()

    def new_id(self, *, reply: bool) -> int:
        now = time.time()
        self.last_id = max(self.last_id + 4, (int(now) << 32) | (int(now % 1 * 1e9) & ~3)) & ~3
        return self.last_id | (1 if reply else 3)

    async def packet(self, data: bytes) -> None:
        key_id = struct.unpack("<Q", data[:8])[0]
        if key_id == 0:
            answer = bytes(self.handshake(BinaryReader(data[20:]).tgread_object()))
            await self.write(struct.pack("<qqi", 0, self.new_id(reply=True), len(answer)) + answer)
            return
        key = self.server.keys.get(key_id)
        if key is None:
            await self.write(struct.pack("<i", -404))
            return
        self.key = key
        plain = AES.decrypt_ige(data[24:], *MTProtoState._calc_key(key.key, data[8:24], True))
        if hashlib.sha256(key.key[88:120] + plain).digest()[8:24] != data[8:24]:
            raise Hangup
        salt, session, message_id, sequence, length = struct.unpack("<qqqii", plain[:32])
        if self.session != session:
            self.session = session
            await self.send(T.NewSessionCreated(message_id, random.getrandbits(62), self.salt), content=True)
        if salt != self.salt:
            await self.send(T.BadServerSalt(message_id, sequence, 48, self.salt))
            return
        await self.message(message_id, BinaryReader(plain[32 : 32 + length]).tgread_object())

    async def message(self, message_id: int, query: Any) -> None:
        if isinstance(query, GzipPacked):
            query = BinaryReader(query.data).tgread_object()
        if isinstance(query, MessageContainer):
            for inner in query.messages:
                await self.message(inner.msg_id, inner.obj)
        elif isinstance(query, F.PingRequest | F.PingDelayDisconnectRequest):
            await self.send(T.Pong(message_id, query.ping_id))
        elif not isinstance(query, T.MsgsAck | T.MsgsStateReq | T.MsgResendReq):
            assert self.calls
            self.calls.create_task(self.rpc(message_id, query))

    async def rpc(self, message_id: int, query: Any) -> None:
        assert self.key
        quiet = False
        while hasattr(query, "query"):
            if isinstance(query, F.InvokeWithLayerRequest) and query.layer != LAYER:
                await self.answer(message_id, dump(T.RpcError(406, "UPDATE_APP_TO_LOGIN")))
                return
            quiet |= isinstance(query, F.InvokeWithoutUpdatesRequest)
            query = query.query
        try:
            result = dump(await self.server.call(query, self.key))
        except RpcRefused as refused:
            result = dump(T.RpcError(refused.code, refused.text))
        except Hangup:
            self.writer.close()
            return
        except Exception as error:  # noqa: BLE001 - a bug of this server: say so loudly, to both sides
            traceback.print_exc(file=sys.stderr)
            result = dump(T.RpcError(500, f"SERVER_BUG {type(error).__name__}: {error}"))
        self.wants_updates |= not quiet and self.key.user is not None
        await self.answer(message_id, result)

    async def answer(self, message_id: int, result: bytes) -> None:
        if len(result) > 512:
            result = bytes(GzipPacked(result))
        await self.send(RPC_RESULT + struct.pack("<q", message_id) + result, reply=True, content=True)

    async def send(self, body: Any, *, reply: bool = False, content: bool = False) -> None:
        """Encrypt and send one object."""
        assert self.key
        data = bytes(body)
        sequence = self.sequence * 2 + (1 if content else 0)
        self.sequence += content
        plain = struct.pack("<qqqii", self.salt, self.session, self.new_id(reply=reply), sequence, len(data)) + data
        plain += os.urandom(-(len(plain) + 12) % 16 + 12)
        message_key = hashlib.sha256(self.key.key[96:128] + plain).digest()[8:24]
        sealed = AES.encrypt_ige(plain, *MTProtoState._calc_key(self.key.key, message_key, False))
        await self.write(struct.pack("<Q", self.key.id) + message_key + sealed)

    def handshake(self, query: Any) -> Any:
        """The three steps of the key exchange."""
        if isinstance(query, F.ReqPqMultiRequest):
            number = int.from_bytes(os.urandom(16), "little", signed=True)
            self.exchange = {"nonce": query.nonce, "server": number}
            return T.ResPQ(query.nonce, number, big_endian(P * Q), [self.server.rsa.fingerprint])
        if (query.nonce, query.server_nonce) != (self.exchange.get("nonce"), self.exchange.get("server")):
            raise Hangup
        if isinstance(query, F.ReqDHParamsRequest):
            return self._offer(query)
        if isinstance(query, F.SetClientDHParamsRequest):
            return self._agree(query)
        raise Hangup

    def _offer(self, query: Any) -> Any:
        exchange, private = self.exchange, self.server.rsa.private
        blob = private.blinded_decrypt(int.from_bytes(query.encrypted_data, "big")).to_bytes(255, "big")
        inner = BinaryReader(blob[20:]).tgread_object()
        # Telethon guesses the factors at random, and once in three hundred times gives 1 and the whole number
        if blob[:20] != sha1(bytes(inner)) or int.from_bytes(inner.p, "big") * int.from_bytes(inner.q, "big") != P * Q:
            raise Hangup
        exchange["new"], exchange["a"] = inner.new_nonce, short_secret()
        exchange["aes"] = helpers.generate_key_data_from_nonce(exchange["server"], inner.new_nonce)
        g_a = big_endian(pow(GENERATOR, exchange["a"], PRIME))
        offer = T.ServerDHInnerData(
            exchange["nonce"], exchange["server"], GENERATOR, big_endian(PRIME), g_a, int(time.time())
        )
        data = sha1(bytes(offer)) + bytes(offer)
        sealed = AES.encrypt_ige(data + os.urandom(-len(data) % 16), *exchange["aes"])
        return T.ServerDHParamsOk(exchange["nonce"], exchange["server"], sealed)

    def _agree(self, query: Any) -> Any:
        exchange = self.exchange
        inner = BinaryReader(AES.decrypt_ige(query.encrypted_data, *exchange["aes"])[20:]).tgread_object()
        shared = pow(int.from_bytes(inner.g_b, "big"), exchange["a"], PRIME)
        key = AuthKey(shared.to_bytes(256, "big"))
        self.server.keys[key.id] = key
        new_nonce = exchange["new"].to_bytes(32, "little", signed=True)
        proof = sha1(new_nonce + b"\x01" + sha1(key.key)[:8])[4:20]
        return T.DhGenOk(exchange["nonce"], exchange["server"], int.from_bytes(proof, "little", signed=True))
