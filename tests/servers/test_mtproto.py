"""MiniTelegram is Telegram enough for an unmodified Telethon."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import rsa
from telethon import TelegramClient, errors, events
from telethon.crypto import rsa as tg_rsa
from telethon.sessions import MemorySession, StringSession
from telethon.tl import functions as F

from tests.servers.mtproto import MiniTelegram
from tests.servers.played import played

PHONE = "+10000001"


@pytest_asyncio.fixture
async def tg() -> AsyncIterator[MiniTelegram]:
    async with MiniTelegram() as server:
        server.channel("news", "News")
        yield server


@asynccontextmanager
async def signed_in(tg: MiniTelegram) -> AsyncIterator[Any]:
    client = TelegramClient(StringSession(tg.mint(PHONE)), 1, "x", retry_delay=0, request_retries=1)
    await client.connect()
    try:
        yield client
    finally:
        await client.disconnect()


async def test_posts_are_read_back_with_their_formatting(tg: MiniTelegram) -> None:
    await tg.post("news", html="<b>hi</b>")
    await tg.post("news", "there", reply_to_id=1)
    async with signed_in(tg) as client:
        messages = await client.get_messages("news", limit=10)
    assert [message.text for message in messages] == ["there", "**hi**"]
    assert messages[0].reply_to.reply_to_msg_id == 1


async def test_a_joined_channel_pushes_posts_edits_and_deletions(tg: MiniTelegram) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(event: Any) -> None:
        await heard.put(type(event).__qualname__.split(".")[0])

    tg.join("news", PHONE)
    async with signed_in(tg) as client:
        for kind in (events.NewMessage, events.MessageEdited, events.MessageDeleted):
            client.add_event_handler(hear, kind())
        await client.get_dialogs()
        number = await tg.post("news", "one")
        assert await asyncio.wait_for(heard.get(), 60) == "NewMessage"
        await tg.edit("news", number, "two")
        assert await asyncio.wait_for(heard.get(), 60) == "MessageEdited"
        await tg.delete("news", number)
        assert await asyncio.wait_for(heard.get(), 60) == "MessageDeleted"


async def test_an_account_signs_in_with_code_and_password(tg: MiniTelegram) -> None:
    tg.user(PHONE, password="secret")
    tg_rsa.add_key(tg.rsa.pem, old=False)
    session = MemorySession()
    session.set_dc(2, tg.host, tg.port)
    client = TelegramClient(session, 1, "x")
    await client.connect()
    try:
        await client.send_code_request(PHONE)
        with pytest.raises(errors.PhoneCodeInvalidError):
            await client.sign_in(PHONE, "00000")
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(PHONE, "12345")
        with pytest.raises(errors.PasswordHashInvalidError):
            await client.sign_in(password="wrong")
        assert (await client.sign_in(password="secret")).phone == "10000001"
    finally:
        await client.disconnect()


async def test_a_private_channel_opens_by_invitation_and_closes_by_a_ban(tg: MiniTelegram) -> None:
    channel = tg.channel(None, "Secret", invite="hash")
    await tg.post(channel, "psst")
    async with signed_in(tg) as client:
        await client(F.messages.ImportChatInviteRequest("hash"))
        [dialog] = await client.get_dialogs()
        assert dialog.message.message == "psst"
        await tg.ban(channel, PHONE)
        with pytest.raises(errors.ChannelPrivateError):
            await client.get_messages(dialog.entity, limit=1)


async def test_faults_come_as_scripted(tg: MiniTelegram) -> None:
    async with signed_in(tg) as client:
        tg.fault("ResolveUsername", text="FLOOD_WAIT_300", channel=None)
        with pytest.raises(errors.FloodWaitError):
            await client.get_entity("news")
        tg.revoke(PHONE)
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client(F.channels.GetChannelsRequest([]))
        with pytest.raises(errors.RPCError, match="METHOD_NOT_IMPLEMENTED_GETNEARESTDC"):
            await client(F.help.GetNearestDcRequest())


async def test_garbage_on_the_line_closes_that_line_only(tg: MiniTelegram) -> None:
    for junk in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 64, b"\x10\0\0\0\0\0\0\0" + b"x" * 8):
        reader, writer = await asyncio.open_connection(tg.host, tg.port)
        writer.write(junk)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()
        await writer.wait_closed()
    async with signed_in(tg) as client:
        assert (await client.get_me()).phone == "10000001"


async def test_a_stopped_server_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with MiniTelegram() as server:
        server.fault("GetDialogs", delay=60)
        client = TelegramClient(StringSession(server.mint(PHONE)), 1, "x")
        await client.connect()
        async with asyncio.TaskGroup() as group:
            busy = group.create_task(client.get_dialogs())
            await server.until_called("GetDialogs")
            busy.cancel()
        await client.disconnect()
    assert asyncio.all_tasks() == before, "a call was still under way when the server stopped"


async def test_the_process_is_played_through_its_control_port(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    async with played("mtproto", "--pubkey", str(key)) as tg:
        assert "MTProto layer" in tg.said
        assert rsa.PublicKey.load_pkcs1(key.read_bytes()).n.bit_length() == 2048
        await tg.control(op="channel", username="news")
        assert await tg.control(op="post", channel="news", html="<i>x</i>", photo_b64="eA==") == 1
        await tg.control(op="fault", method="GetDialogs", text="FLOOD_WAIT_300")
        minted = await tg.control(op="mint", phone=PHONE)
        async with TelegramClient(StringSession(minted), 1, "x") as client:
            [message] = await client.get_messages("news", limit=1)
            assert (message.text, await message.download_media(bytes)) == ("__x__", b"x")
        assert "KeyError" in await tg.control(op="post", channel="nonsense")
        assert [fault["method"] for fault in await tg.control(op="calm")] == ["GetDialogs"]
