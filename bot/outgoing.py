"""Messages as data: what stands in the outbox, and the call that sends it.

A payload is `{"method": "sendMessage", "text": HTML, "buttons": [[{"text", "data"}]]}`, or
`{"method": "sendRichMessage", "rich": {...}, "buttons": [...], "otherwise": [payload, ...]}`, where `otherwise` is the
same in messages of the classic look. `"plain": true` marks a text without markup. A button with `"of_digest"` in the
place of data is about the digest that the message belongs to, whose number is known only once it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.methods import SendMessage, SendRichMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, InputRichMessage

from bot.callbacks import Rate, Sources
from digest.render.markup import utf16, visible

Payload = Mapping[str, Any]
MOST_UNITS = 4096  # UTF-16 units of a message, after its markup is read


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message, that tells the bot `data`."""

    text: str
    data: str


@dataclass(frozen=True, slots=True)
class View:
    """A message: its HTML and the rows of buttons below it. It has `missed` where it only says that what was asked for
    is not understood, or not there."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    missed: bool = False

    def keyboard(self) -> InlineKeyboardMarkup | None:
        return _keyboard(payload(self)["buttons"])


def in_rows(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """The buttons in rows of this many."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def turns(at: int, page: Callable[[int], CallbackData], *, more: bool) -> tuple[tuple[Button, ...], ...]:
    """The row of buttons, if any, that lead from page `at` (from 0) to the one before and, where there are `more`, to
    the next; `page` makes what one carries."""
    before = [Button(f"◀ {at}", page(at - 1).pack())] if at else []
    after = [Button(f"{at + 2} ▶", page(at + 1).pack())] if more else []
    return in_rows([*before, *after], 2)


def payload(view: View) -> dict[str, Any]:
    """A view as it stands in the outbox."""
    buttons = [[{"text": button.text, "data": button.data} for button in row] for row in view.rows]
    return {"method": "sendMessage", "text": view.text, "buttons": buttons}


def plain(given: Payload) -> dict[str, Any]:
    """The same message without markup and buttons, whichever was refused: the words are what must not be lost."""
    text = visible(given["text"])
    while utf16(text) > MOST_UNITS:
        text = text[: len(text) - (utf16(text) - MOST_UNITS + 1) // 2 - 1] + "…"
    return {**given, "text": text, "buttons": [], "plain": True}


def without_buttons(given: Payload) -> Payload:
    """A part of a digest without what stands below it; any other message as it is."""
    return {**given, "buttons": []} if "stories" in given else given


def shown_length(markup: str) -> int:
    """The length of a message in HTML as Telegram counts it."""
    return utf16(visible(markup))


def fitting(lines: Sequence[str], reserved: int = 0) -> list[str]:
    """As many of the first lines as one message takes beside `reserved` UTF-16 units."""
    kept: list[str] = []
    room = MOST_UNITS - reserved
    for line in lines:
        room -= shown_length(line) + 2
        if room < 0:
            break
        kept.append(line)
    return kept


def call(given: Payload, chat: int, thread: int = 0, digest: int = 0) -> SendMessage | SendRichMessage:
    """The call that sends a payload to a chat and topic. Raises KeyError or ValueError for what is no payload."""
    keyboard = _keyboard([[_numbered(button, digest) for button in row] for row in given.get("buttons") or []])
    if given["method"] == "sendRichMessage":
        return SendRichMessage(
            chat_id=chat,
            message_thread_id=thread or None,
            rich_message=InputRichMessage.model_validate(given["rich"]),
            reply_markup=keyboard,
        )
    values = {"parse_mode": None} if given.get("plain") else {}
    return SendMessage(
        chat_id=chat, message_thread_id=thread or None, text=given["text"], reply_markup=keyboard, **values
    )


def _numbered(button: Mapping[str, str], digest: int) -> Mapping[str, str]:
    match button.get("of_digest"):
        case None:
            return button
        case "rate":
            return {"text": button["text"], "data": Rate(digest=digest).pack()}
        case _:
            return {"text": button["text"], "data": Sources(digest=digest).pack()}


def _keyboard(rows: Sequence[Sequence[Mapping[str, str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=each["text"], callback_data=each["data"]) for each in row] for row in rows
        ]
    )
