"""The bot in a terminal: the real Dispatcher and the real Bot, with a Telegram of one private chat behind it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TextIO, cast

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    GetChatMember,
    GetMe,
    SendMessage,
    SendRichMessage,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberOwner,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)

from bot.client import properties
from bot.delivery import Sender
from bot.dispatcher import make_dispatcher
from bot.keeper import Keeper
from bot.looks import Looks
from bot.printing import Printer
from core.clock import Clock
from core.list_file import ListFile
from core.texts import texts
from storage.store import Store

_TOKEN = "42:terminal"  # noqa: S105 - no server will ever see it
_READER = 1


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the bot made: its method, the text as sent, its buttons by row."""

    method: str
    text: str = ""
    rows: tuple[tuple[InlineKeyboardButton, ...], ...] = ()

    @property
    def buttons(self) -> list[InlineKeyboardButton]:
        return [button for row in self.rows for button in row]

    def line(self) -> str:
        """The call as a line of JSON."""
        shown = {"method": self.method, "text": self.text, "buttons": [button.text for button in self.buttons]}
        return json.dumps(shown, ensure_ascii=False)


class OwnTelegram(BaseSession):
    """Answers every method as the Bot API does, for one private chat, and hands each call on to be shown."""

    def __init__(self, clock: Clock, shown: Callable[[Call, int], None]) -> None:
        """`shown` takes each call and the number of the message it is about (0 for none)."""
        super().__init__()
        self._clock, self._shown = clock, shown
        self._messages = 0

    def next_message(self) -> int:
        self._messages += 1
        return self._messages

    async def close(self) -> None:
        """There is nothing to close."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's
    ) -> TelegramType:
        return cast(TelegramType, self._answer(bot, method))

    async def stream_content(self, *args: object, **values: object) -> AsyncGenerator[bytes, None]:
        """There is nothing to download."""
        yield b""

    def _answer(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        match method:
            case SendMessage() | SendRichMessage():
                number = self.next_message()
            case EditMessageText() | EditMessageReplyMarkup():
                number = method.message_id or 0
            case GetMe():
                return _me()
            case GetChatMember():
                return ChatMemberOwner(user=_person("en"), is_anonymous=False)
            case AnswerCallbackQuery():
                self._shown(Call("answerCallbackQuery", method.text or ""), 0)
                return True
            case _:
                self._shown(Call(method.__api_method__), 0)
                return True
        call = _call(method)
        self._shown(call, number)
        keyboard = InlineKeyboardMarkup(inline_keyboard=[list(row) for row in call.rows]) if call.rows else None
        return _message(number, self._clock(), _me(), call.text, reply_markup=keyboard).as_(bot)


def make_terminal(
    store: Store,
    clock: Clock,
    out: TextIO,
    *,
    as_json: bool = False,
    language: str = "en",
    lists: ListFile | None = None,
) -> "Terminal":
    """The whole bot over this store, talking to `out`; `language` is what the person's Telegram is set to. With a file
    of `lists` the person is one who runs the place, and may change them."""
    wake, looks = asyncio.Event(), Looks()
    keeper = Keeper(store, lists, (_READER,)) if lists else None
    dispatcher = make_dispatcher(store, clock, wake=wake, looks=looks, keeper=keeper, often=None)  # nobody else waits
    return Terminal(
        dispatcher, lambda bot: Sender(store, bot, clock, wake=wake, looks=looks), clock, out, as_json, language
    )


@dataclass(slots=True)
class Terminal:
    """A conversation: `line` takes what a person types and prints what the bot answers."""

    dispatcher: Dispatcher
    sender: Callable[[Bot], Sender]
    clock: Clock
    out: TextIO
    as_json: bool = False
    language: str = "en"
    bot: Bot = field(init=False)
    _telegram: OwnTelegram = field(init=False)
    _sender: Sender = field(init=False)
    _printer: Printer = field(init=False)
    _buttons: list[tuple[int, InlineKeyboardButton]] = field(default_factory=list)
    _fresh: bool = True
    _updates: int = 0
    _unheard: BrokenPipeError | None = None

    def __post_init__(self) -> None:
        self._telegram = OwnTelegram(self.clock, self._show)
        self.bot = Bot(_TOKEN, session=self._telegram, default=properties())
        self._sender = self.sender(self.bot)
        self._printer = Printer(self.out)

    async def line(self, text: str) -> None:
        """Send a line to the bot, or press the button of `#N`; print all that comes back. Raises BrokenPipeError where
        nobody reads it any more."""
        text = (
            text.rstrip("\r\n").encode("utf-8", "replace").decode()
        )  # as a server's answer, see `bot.client.read_json`
        if not text.strip():
            return
        self._fresh = True
        if text.startswith("#") and text[1:].strip().isdecimal():
            update = self._press(int(text[1:].strip()[:9]))  # of thousands of digits Python makes no number
        else:
            person, number = _person(self.language), self._telegram.next_message()
            update = self._update(message=_message(number, self.clock(), person, text).as_(self.bot))
        if update:
            await self.dispatcher.feed_update(self.bot, update)
            await self._sender.drain()
        if self._unheard:
            raise self._unheard
        self.out.flush()

    def _press(self, number: int) -> Update | None:
        if not 1 <= number <= len(self._buttons):
            self._note("terminal-no-button" if self._buttons else "terminal-no-buttons", number=str(number))
            return None
        message, button = self._buttons[number - 1]
        query = CallbackQuery.model_construct(
            id=str(self._updates),
            from_user=_person(self.language),
            chat_instance="terminal",
            message=_message(message, self.clock(), _me(), "").as_(self.bot),
            data=button.callback_data,
        )
        return self._update(callback_query=query.as_(self.bot))

    def _show(self, call: Call, message: int) -> None:
        first = 1
        if call.buttons:
            if self._fresh:
                self._buttons, self._fresh = [], False
            self._buttons = [each for each in self._buttons if each[0] != message]  # drawn anew: its old ones are gone
            first = len(self._buttons) + 1
            self._buttons += [(message, button) for button in call.buttons]
        try:
            self._print(call, first)
        except BrokenPipeError as error:  # raised by `line`: the bot would take it for a failure of Telegram's
            self._unheard = error

    def _print(self, call: Call, first: int) -> None:
        if self.as_json:
            self.out.write(call.line() + "\n")
        elif call.method == "answerCallbackQuery":
            self._printer.note(call.text)
        elif call.text:
            if "edit" in call.method:
                self._note("terminal-changed")
            self._printer.message(call.text, [[button.text for button in row] for row in call.rows], first)

    def _note(self, key: str, **values: str) -> None:
        self._printer.note(texts(self.language)(key, **values))

    def _update(self, **event: Message | CallbackQuery) -> Update:
        self._updates += 1
        return Update.model_construct(None, update_id=self._updates, **event).as_(self.bot)


def _call(method: SendMessage | SendRichMessage | EditMessageText | EditMessageReplyMarkup) -> Call:
    text = getattr(method, "text", None) or ""
    rows = method.reply_markup.inline_keyboard if isinstance(method.reply_markup, InlineKeyboardMarkup) else []
    if isinstance(method, SendRichMessage):
        rich: Mapping[str, Any] = method.rich_message.model_dump(exclude_none=True, mode="json")
        text = rich.get("html") or "\n".join(_words(block) for block in rich.get("blocks", ()))
        rows = [*_inside(rich), *rows]
    return Call(method.__api_method__, text, tuple(tuple(row) for row in rows))


def _inside(rich: Mapping[str, Any]) -> list[list[InlineKeyboardButton]]:
    """The buttons inside a rich message that is given as blocks."""
    return [
        [InlineKeyboardButton(text=each["text"], callback_data=each.get("callback_data")) for each in block["buttons"]]
        for block in rich.get("blocks", ())
        if block["type"] == "buttons"
    ]


def _words(block: Mapping[str, Any]) -> str:
    words = [block[key] for key in ("summary", "text") if isinstance(block.get(key), str)]
    return "\n".join([*words, *(_words(inner) for inner in block.get("blocks", ()))])


# These values are our own: pydantic need not look at them, for which it would first build most of aiogram's types.


def _message(number: int, date: datetime, sender: User, text: str, **more: object) -> Message:
    chat = Chat.model_construct(id=_READER, type="private", first_name="You")
    return Message.model_construct(None, message_id=number, date=date, chat=chat, from_user=sender, text=text, **more)


def _person(language: str) -> User:
    return User.model_construct(id=_READER, is_bot=False, first_name="You", language_code=language)


def _me() -> User:
    return User.model_construct(id=42, is_bot=True, first_name="Courant", username="courant_bot")
