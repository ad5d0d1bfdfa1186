"""Who talks to the bot: people, their chats and what stands in them; a test speaks and reads through `Person`."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.servers.bot_api_text import Json, units

if TYPE_CHECKING:
    from tests.servers.bot_api import BotApi

PATIENCE = 60.0  # seconds a test waits for the bot before it fails
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?")


@dataclass(slots=True)
class Sent:
    """A message of a chat. `source` is the HTML as the bot gave it, `text` what the chat shows."""

    id: int
    chat: "Chat"
    date: int
    text: str
    by_bot: bool = True
    sender: "Person | None" = None
    source: str = ""
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    rich: Json | None = None
    rich_buttons: list[Json] = field(default_factory=list)
    document: Json | None = None
    photo: Json | None = None
    params: Json = field(default_factory=dict)
    deleted: bool = False
    edits: int = 0

    @property
    def buttons(self) -> list[list[Json]]:
        """Rows of buttons, those inside a rich message first."""
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return [[button] for button in self.rich_buttons] + rows

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]

    def tl(self, bot: Json) -> Json:
        """The message as the Bot API tells it."""
        sender = bot if self.by_bot else (self.sender.tl() if self.sender else None)
        body: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.tl()}
        captioned = bool(self.document or self.photo)
        optional = {
            "from": sender,
            "edit_date": self.date if self.edits else None,
            "caption" if captioned else "text": None if self.rich else self.text,
            "caption_entities" if captioned else "entities": self.entities,
            "rich_message": self.rich,
            "document": self.document,
            "photo": [self.photo] if self.photo else None,
            "reply_markup": self.markup if self.markup and "inline_keyboard" in self.markup else None,
            "message_thread_id": self.params.get("message_thread_id"),
        }
        return body | {name: value for name, value in optional.items() if value}


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, group, supergroup or channel."""

    id: int
    type: str
    title: str = ""
    username: str | None = None
    messages: dict[int, Sent] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    refuses: tuple[int, str] | None = None
    moved_to: int | None = None
    next_id: int = 1

    def tl(self) -> Json:
        name = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        return {"id": self.id, "type": self.type} | name | ({"username": self.username} if self.username else {})

    @property
    def shown(self) -> list[Sent]:
        """What a reader sees: every message that was not deleted, in order."""
        return [message for message in self.messages.values() if not message.deleted]


@dataclass(slots=True, eq=False)
class Person:
    """Someone with a Telegram account; `inbox` is what the bot has said in their private chat."""

    api: "BotApi"
    id: int
    name: str
    chat: Chat
    language: str = "en"
    username: str | None = None
    alerts: list[str] = field(default_factory=list)
    read: dict[int, int] = field(default_factory=dict)

    def tl(self) -> Json:
        body = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}
        return body | ({"username": self.username} if self.username else {})

    # ---- what the person sees
    def messages(self, chat: Chat | None = None) -> list[Sent]:
        """The bot's messages that stand in the chat."""
        return [message for message in (chat or self.chat).shown if message.by_bot]

    @property
    def inbox(self) -> list[str]:
        return [message.text for message in self.messages()]

    async def hears(self, count: int = 1, chat: Chat | None = None, patience: float = PATIENCE) -> list[Sent]:
        """The next `count` messages of the bot that were not yet heard; fails after `patience` seconds."""
        where = chat or self.chat
        fresh: list[Sent] = []

        def arrived() -> bool:
            fresh[:] = [m for m in self.messages(where) if m.id > self.read.get(where.id, 0)][:count]
            return len(fresh) >= count

        await self.api.until(
            arrived, patience, lambda: f"{self.name} heard {[m.text for m in fresh]}, not {count} messages"
        )
        self.read[where.id] = fresh[-1].id
        return fresh

    async def sees(self, text: str, chat: Chat | None = None, patience: float = PATIENCE) -> Sent:
        """The newest message of the bot that holds `text`, waited for (edits count)."""
        found: list[Sent] = []

        def shown() -> bool:
            found[:] = [message for message in self.messages(chat) if text in message.text][-1:]
            return bool(found)

        await self.api.until(shown, patience, lambda: f"{self.name} never saw {text!r}, only {self.inbox[-3:]}")
        return found[0]

    # ---- what the person does
    async def says(self, text: str, chat: Chat | None = None, **extra: object) -> Sent:
        """Write to the bot, in the private chat or in `chat`; more keys of a Bot API Message may be given."""
        where = chat or self.chat
        entities = [
            {"type": "bot_command", "offset": units(text[: m.start()]), "length": len(m[0])}
            for m in _COMMAND.finditer(text)
            if m.start() == 0
        ]
        sent = self.api.put(where, text, by_bot=False, sender=self, entities=entities)
        self.read[where.id] = sent.id
        await self.api.update("message", sent.tl(self.api.me) | extra)
        return sent

    async def asks(self, text: str, replies: int = 1, chat: Chat | None = None) -> list[Sent]:
        """Write to the bot and wait for its next `replies` messages."""
        await self.says(text, chat)
        return await self.hears(replies, chat)

    async def presses(self, label: str, chat: Chat | None = None, message: Sent | None = None) -> str:
        """Press the button whose text is (or else holds) `label`, in the newest message that has one; gives the
        id of the callback query. Waits for the button to appear."""
        where = chat or self.chat
        hit: list[tuple[Sent, Json]] = []

        def found() -> bool:
            among = [message] if message else list(reversed(self.messages(where)))
            pairs = [(sent, button) for sent in among for row in sent.buttons for button in row]
            exact = [pair for pair in pairs if pair[1]["text"] == label]
            hit[:] = (exact or [pair for pair in pairs if label in pair[1]["text"]])[:1]
            return bool(hit)

        def why() -> str:
            labels = [text for sent in self.messages(where) for text in sent.labels]
            return f"{self.name} finds no button {label!r} among {labels}"

        await self.api.until(found, PATIENCE, why)
        sent, button = hit[0]
        if "callback_data" not in button:
            raise AssertionError(f"the button {label!r} opens {button}, it tells the bot nothing")
        self.read[where.id] = max(self.read.get(where.id, 0), max(where.messages))
        return await self.api.pressed(self, sent, button["callback_data"])

    async def answered(self, query: str, patience: float = PATIENCE) -> str:
        """The text with which the bot answered a press ("" where it only stopped the clock)."""
        await self.api.until(lambda: query in self.api.answers, patience, lambda: "the press was never answered")
        return str(self.api.answers[query].get("text", ""))

    async def blocks(self) -> None:
        """Block the bot: it learns by an update, and each later call to this chat answers 403."""
        self.chat.refuses = (403, "Forbidden: bot was blocked by the user")
        await self._membership("member", "kicked")

    async def unblocks(self) -> None:
        self.chat.refuses = None
        await self._membership("kicked", "member")

    async def _membership(self, before: str, after: str) -> None:
        def status(name: str) -> Json:
            return {"user": self.api.me, "status": name} | ({"until_date": 0} if name == "kicked" else {})

        body = {"chat": self.chat.tl(), "from": self.tl(), "date": self.api.now()}
        await self.api.update(
            "my_chat_member", body | {"old_chat_member": status(before), "new_chat_member": status(after)}
        )


async def wait_for(
    condition: asyncio.Condition, ready: Callable[[], bool], seconds: float, why: Callable[[], str]
) -> None:
    """Wait on `condition` until `ready`; after `seconds` fail with the words of `why`."""
    try:
        async with condition, asyncio.timeout(seconds):
            await condition.wait_for(ready)
    except TimeoutError:
        raise AssertionError(why()) from None
