"""The Bot API server as a process, played through its control port.

Operations (`POST /ctl`, JSON; `who` is a name, a new one becomes a new person):

    {"op":"says","who":"Alice","text":"/start","wait":1}   -> the bot's next `wait` messages (5 s at most)
    {"op":"presses","who":"Alice","label":"World","wait":1}
    {"op":"inbox","who":"Alice"}          -> messages with their buttons
    {"op":"blocks","who":"Alice"}, {"op":"unblocks","who":"Alice"}
    {"op":"calls","since":0,"method":null} -> every call of the bot with its answer
    {"op":"fault","method":"sendMessage","retry_after":3,"times":2}   keys of `bot_api.Fault`
    {"op":"rich","knows":false}           -> a server that does not know sendRichMessage
    {"op":"forget"}                       -> the calls on record are cleared
"""

import argparse
from typing import Any

from tests.servers.bot_api import BotApi
from tests.servers.bot_api_chats import Sent
from tests.servers.bot_api_text import Json
from tests.servers.control import Operation, open_control, run_until_killed


def told(sent: Sent) -> Json:
    """A message as the control port shows it."""
    return {
        "id": sent.id,
        "text": sent.text,
        "html": sent.source,
        "buttons": sent.labels,
        "rich": sent.rich is not None,
    }


def operations(api: BotApi) -> dict[str, Operation]:
    """What the control port can do."""

    async def says(who: str, text: str, wait: int = 0, language: str = "en") -> list[Json]:
        person = api.person(who, language)
        await person.says(text)
        return [told(sent) for sent in await person.hears(wait)] if wait else []

    async def presses(who: str, label: str, wait: int = 0) -> list[Json]:
        person = api.person(who)
        await person.presses(label)
        return [told(sent) for sent in await person.hears(wait)] if wait else []

    def inbox(who: str, last: int = 50) -> list[Json]:
        return [told(sent) for sent in api.person(who).messages()[-last:]]

    def calls(since: int = 0, method: str | None = None) -> list[Json]:
        chosen = [call for call in api.calls[since:] if method in (None, call.method)]
        return [{"method": call.method, "params": call.params, "answer": call.answer} for call in chosen]

    def fault(**values: Any) -> None:
        api.fault(**values)

    def rich(knows: bool) -> None:
        api.knows_rich = knows

    return {
        "says": says,
        "presses": presses,
        "inbox": inbox,
        "calls": calls,
        "fault": fault,
        "rich": rich,
        "blocks": lambda who: api.person(who).blocks(),
        "unblocks": lambda who: api.person(who).unblocks(),
        "forget": api.calls.clear,
    }


def main() -> None:
    """The process."""
    parser = argparse.ArgumentParser(description="A Bot API server on loopback for trying a bot.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--ctl", type=int, default=8082)
    parser.add_argument("--token", default="42:TEST")
    asked = parser.parse_args()

    async def start() -> str:
        api = await BotApi(asked.port, asked.token).start()
        control = await open_control(operations(api), asked.ctl)
        return f"Bot API on {api.url}, token {api.token}, control on {control}"

    run_until_killed(start)
