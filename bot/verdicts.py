"""Pure: what an answer or a failed call says of the message that was to be sent.

Arrived   it is there
Wait      refused for now, certainly not there: again later
Moved     the group has another number: again there
Closed    nobody may write there now: again in an hour, or, where that has been so for a day, the next day
Left      nothing more can be sent to this chat
Unread    its markup was refused: another form of it may pass
Unknown   this server knows no rich messages
Refused   refused for good
Unsure    it may have arrived: not again unless the reader asks
"""

from dataclasses import dataclass

from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendRichMessage

from bot.client import TurnedAway, never_left
from core.model import ReaderState
from storage.outbox import LONGEST_WAIT

_LONGEST_PAUSE = 900
_MOST_ATTEMPTS = 100  # with the pauses between them about a day
# Attempts at what is closed, an hour apart, and then a day apart: the last one while what is held is still sent.
_MOST_CLOSED, _MOST_ASLEEP = 24, 6
# What Telegram's words hold, as it writes them and in its codes ("TOPIC_CLOSED"), whose lines are blanks here.
_GONE = (
    "chat not found",
    "user not found",
    "peer id invalid",
    "chat id invalid",
    "channel invalid",
    "channel private",
    "deactivated",
    "chat was deleted",
    "chat was upgraded",  # where it is not told into which
)
_CLOSED = (  # opened again, as in the morning of a group that is closed at night, of which no bot is told
    "not enough rights",
    "no rights",
    "need administrator rights",
    "forbidden",
    "chat restricted",
    "chat admin required",
    "topic closed",
)
_SHUT = (
    "banned in channel",
    "topic deleted",
    "thread not found",
    "user is blocked",
    "bot is not a member",
    "payment required",
    "premium required",
)
_UNREAD = (
    "can't parse",
    "message is too long",
    "message too long",
    "entity",
    "entities",
    "rich message",
    "button",
    "reply markup",
)


@dataclass(frozen=True, slots=True)
class Arrived:
    message_id: int
    reason: str = "sent"


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float
    reason: str
    everyone: bool = False  # the trouble is not this chat's: nobody is sent to for a while


@dataclass(frozen=True, slots=True)
class Moved:
    chat_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    reason: str
    asleep: bool = False  # for a day already: over a weekend, a holiday


@dataclass(frozen=True, slots=True)
class Left:
    state: ReaderState
    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    reason: str


Verdict = Arrived | Wait | Moved | Closed | Left | Unread | Unknown | Refused | Unsure


def verdict(error: AiogramError, attempts: int) -> Verdict:
    """What this failure of a sending says; `attempts` is how often the message was begun before."""
    reason = str(getattr(error, "message", error)).partition("\n")[0][:200]
    match error:
        case TelegramRetryAfter():
            return Wait(min(error.retry_after, LONGEST_WAIT.total_seconds()), reason)
        case TelegramMigrateToChat():
            return Moved(error.migrate_to_chat_id, reason)
        case TelegramForbiddenError():
            return Left(ReaderState.GONE if "deactivated" in reason else ReaderState.BLOCKED, reason)
        case TelegramNotFound() if isinstance(error.method, SendRichMessage):
            return Unknown(reason)
        case TelegramUnauthorizedError() | TelegramNotFound():  # of what every server knows: token or address is wrong
            return Wait(60, reason, everyone=True)
        case TelegramBadRequest():
            return _of_bad_request(reason, attempts)
        case TelegramEntityTooLarge():
            return Refused(reason)
        case TelegramNetworkError():
            return Wait(pause(attempts), reason, everyone=True) if never_left(error) else Unsure(reason)
        case TurnedAway():
            return Wait(pause(attempts), reason, everyone=True)
        case TelegramServerError():
            return _of_trouble(reason, attempts)
        case TelegramAPIError():  # a flood, too, where it is not told how long to wait
            return Wait(pause(attempts), reason) if "too many requests" in reason.lower() else Refused(reason)
        case _:  # an answer that cannot be read
            return Unsure(reason)


def pause(attempts: int) -> float:
    """Seconds until the next attempt: 1, 2, 4 ... up to a quarter of an hour."""
    return float(min(2 ** min(attempts, 16), _LONGEST_PAUSE))


def _of_trouble(reason: str, attempts: int) -> Verdict:
    if attempts >= _MOST_ATTEMPTS:  # it is this message that the server fails over
        return Refused(f"given up after {attempts} attempts: {reason}")
    return Wait(pause(attempts), reason)


def _of_bad_request(reason: str, attempts: int) -> Verdict:
    words = reason.lower().replace("_", " ")
    if any(sign in words for sign in _GONE):
        return Left(ReaderState.GONE, reason)
    if any(sign in words for sign in _CLOSED):
        if attempts >= _MOST_CLOSED + _MOST_ASLEEP:
            return Refused(f"closed for a week: {reason}")
        return Closed(reason, asleep=attempts >= _MOST_CLOSED)
    if any(sign in words for sign in _SHUT):
        return Left(ReaderState.BLOCKED, reason)
    return Unread(reason) if any(sign in words for sign in _UNREAD) else Refused(reason)
