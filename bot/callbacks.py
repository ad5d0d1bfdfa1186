"""What buttons carry: one class a kind of button. Telegram takes 64 bytes; the longest id is shortened to fit."""

import hashlib
from collections.abc import Iterable
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from core.model import ChannelList

Number = Annotated[int, Field(ge=0, lt=2**63)]  # as a database takes it
_LONGEST_ID = 32  # bytes of a list's id that stand in a button as they are


class Follow(CallbackData, prefix="follow"):
    """Follow a list (`on`) or not; a press says what shall be, so that a second one changes nothing."""

    target: str
    on: bool
    place: str = "lists"  # the message the button stands in, to be drawn anew: see `press_follow`


class Hour(CallbackData, prefix="hour"):
    """The digest's hour, as HHMM; empty asks for it to be typed."""

    at: str
    place: str = "settings"


class Zone(CallbackData, prefix="zone"):
    """The reader's zone by its IANA name; empty asks for it to be typed."""

    name: str
    place: str = "settings"


class Show(CallbackData, prefix="show"):
    """Turn to a page of the settings, or to another command's message."""

    page: str


class Choose(CallbackData, prefix="set"):
    """Set one of the settings: language, minutes, look or state."""

    field: str
    value: str


class Forget(CallbackData, prefix="forget"):
    """Delete all that is kept of the reader, after being asked once more."""

    sure: bool


class Readable(CallbackData, prefix="readable"):
    """Pressed inside a rich message: its reader can see it."""


class Turn(CallbackData, prefix="turn"):
    """Turn to a page of a search that is kept under its number."""

    query: Number
    page: Annotated[int, Field(ge=0, lt=100)]


class Like(CallbackData, prefix="like"):
    """More (or less) like this story from now on; pressed once more, no longer."""

    story: Number
    more: bool


class Rate(CallbackData, prefix="rate"):
    """More or less like any of a digest's stories."""

    digest: Number


class Unlearn(CallbackData, prefix="unlearn"):
    """Forget a word of the reader's (`word`, see `target_of_word`), or what they said of a story."""

    word: str = ""
    story: Number = 0


class Sources(CallbackData, prefix="sources"):
    """All posts behind a digest."""

    digest: Number


class Resend(CallbackData, prefix="resend"):
    """The part that may have been lost did not arrive: send it again."""

    part: Number


class Put(CallbackData, prefix="put"):
    """Put the channels of a kept errand into the list `place`; empty stands for the one that the errand names, which is
    begun, or, where it names none, for one whose title is asked for."""

    errand: Number
    place: str = ""


class Undo(CallbackData, prefix="undo"):
    """Carry out the errands that are kept under this number: they take back what was done."""

    errands: Number


class Shelf(CallbackData, prefix="shelf"):
    """Show those who run the place a list with its channels; empty for all lists."""

    place: str = ""
    page: Annotated[int, Field(ge=0, lt=10_000)] = 0


class Drop(CallbackData, prefix="drop"):
    """Take a channel out of a list (see `target_of_word`); empty for the list itself, which holds none any more."""

    place: str
    channel: str = ""
    page: Annotated[int, Field(ge=0, lt=10_000)] = 0


def target_of(list_id: str) -> str:
    """How a list's id stands in a button."""
    if len(list_id.encode()) <= _LONGEST_ID and ":" not in list_id and not list_id.startswith("~"):
        return list_id
    return "~" + hashlib.blake2s(list_id.encode(), digest_size=8).hexdigest()


def target_of_word(key: str) -> str:
    """How a reader's word, or a channel's name, stands in a button."""
    return hashlib.blake2s(key.encode(), digest_size=8).hexdigest()


def list_of(target: str, lists: Iterable[ChannelList]) -> ChannelList | None:
    """The list that a button stands for, if it is still there."""
    return next((each for each in lists if target_of(each.id) == target), None)
