"""MiniTelegram as a process, played through its control port.

    curl -d '{"op":"channel","username":"news","title":"News"}'  127.0.0.1:14432/ctl
    curl -d '{"op":"post","channel":"news","html":"<b>hi</b>"}'  127.0.0.1:14432/ctl     -> the message's id
    curl -d '{"op":"mint","phone":"+10000001"}'                  127.0.0.1:14432/ctl     -> a StringSession

Also `edit` {channel, id, text|html}, `delete` {channel, ids}, `folder` {slug, channels, title}, `join`, `ban` {channel,
phone}, `revoke` {phone}, `user` {phone, password, …}, `fault` (keys of `mtproto.Fault`), `calm` (forget the faults,
told), `drop` (cut every line) and `calls`. A program signs in with the code 12345; `--pubkey` writes the key that it
must trust.
"""

import argparse
import base64
from dataclasses import asdict
from pathlib import Path
from typing import Any

from telethon.tl.alltlobjects import LAYER

from tests.servers.control import Operation, open_control, run_until_killed
from tests.servers.mtproto import MiniTelegram


def operations(tg: MiniTelegram) -> dict[str, Operation]:
    """What the control port can do."""

    async def post(channel: str, photo_b64: str | None = None, **values: Any) -> int:
        if photo_b64:
            values["photo"] = base64.b64decode(photo_b64)
        return await tg.post(channel, **values)

    async def edit(channel: str, id: int, **values: Any) -> None:  # noqa: A002 - the key of the control port
        await tg.edit(channel, id, **values)

    async def delete(channel: str, ids: list[int], push: bool = True) -> None:
        await tg.delete(channel, *ids, push=push)

    def calm() -> list[Any]:
        left, tg.faults = tg.faults, []
        return [asdict(fault) for fault in left]

    return {
        "channel": lambda **values: tg.channel(**values).id,
        "post": post,
        "edit": edit,
        "delete": delete,
        "folder": lambda slug, channels, title="Folder": tg.folder(slug, *channels, title=title).title,
        "join": lambda channel, phone: tg.join(channel, phone),
        "ban": lambda channel, phone: tg.ban(channel, phone),
        "mint": tg.mint,
        "user": tg.user,
        "revoke": tg.revoke,
        "fault": tg.fault,
        "calm": calm,
        "drop": tg.cut,
        "calls": lambda: tg.calls,
    }


def main() -> None:
    """The process."""
    parser = argparse.ArgumentParser(description="A Telegram (MTProto) server on loopback.")
    parser.add_argument("--port", type=int, default=14431)
    parser.add_argument("--ctl", type=int, default=14432)
    parser.add_argument("--pubkey", type=Path, help="write the server's public key here")
    asked = parser.parse_args()

    async def start() -> str:
        tg = await MiniTelegram(port=asked.port).start()
        if asked.pubkey:
            asked.pubkey.write_text(tg.rsa.pem)
        control = await open_control(operations(tg), asked.ctl)
        return f"MTProto layer {LAYER} on 127.0.0.1:{tg.port}, control on {control}"

    run_until_killed(start)
