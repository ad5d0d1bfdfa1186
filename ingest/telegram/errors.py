"""What Telethon raises, turned into what we raise."""

import asyncio
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from telethon import errors
from telethon.errors import common

from core.errors import AccountBanned, CannotJoin, ChannelUnavailable, CourantError, RateLimited, SignedOut, SourceError
from ingest.telegram.answers import Unreadable

NO_SENSE = "Telegram's answer cannot be read"
LONGEST_FLOOD = 7 * 86_400.0  # seconds; a server may say anything, and is asked again after a week
ACCOUNT = "the account"  # what an error names that is about no channel

_GONE = (
    errors.ChannelPrivateError,
    errors.ChannelInvalidError,
    errors.ChannelPublicGroupNaError,
    errors.ChatForbiddenError,
    errors.ChatIdInvalidError,
    errors.PeerIdInvalidError,
    errors.UsernameInvalidError,
    errors.UsernameNotOccupiedError,
    errors.InviteHashEmptyError,
    errors.InviteHashExpiredError,
    errors.InviteHashInvalidError,
)
_BANNED = (
    errors.UserDeactivatedBanError,
    errors.UserDeactivatedError,
    errors.FrozenMethodInvalidError,
    errors.FrozenParticipantMissingError,
)
# not AuthKeyError: it is Telethon's word for all that Telegram does not accept, of a single channel, too
_SIGNED_OUT = (errors.UnauthorizedError, errors.AuthKeyDuplicatedError, common.AuthKeyNotFound)
_UNREADABLE = (common.TypeNotFoundError, UnicodeDecodeError, BufferError, struct.error)
_BROKEN = (
    errors.RPCError,
    common.AlreadyInConversationError,
    common.BadMessageError,
    common.InvalidChecksumError,
    common.MultiError,
    common.ReadCancelledError,
    common.SecurityError,
    sqlite3.Error,  # the session file is locked or broken
    *_UNREADABLE,
    OSError,
    ValueError,  # Telethon's word for a request that failed too often, and for an answer that it cannot read
)


@contextmanager
def telegram_errors(channel: str) -> Iterator[None]:
    """Turn what Telethon raises into what we raise."""
    try:
        yield
    except _BANNED as error:
        raise AccountBanned(channel, "banned or frozen by Telegram: a Telegram app on its phone says why") from error
    except (errors.FloodError, errors.rpcerrorlist.SlowModeWaitError) as error:
        raise RateLimited(channel, min(getattr(error, "seconds", None) or 60, LONGEST_FLOOD)) from error
    except _GONE as error:
        raise ChannelUnavailable(channel, reason_of(error)) from error
    except _SIGNED_OUT as error:
        raise SignedOut(channel, "the account is signed out: sign in again with `courant login`") from error
    except TimeoutError as error:
        raise SourceError(channel, "Telegram did not answer in time") from error
    except asyncio.IncompleteReadError as error:  # in the middle of agreeing on a key, where Telethon lets it through
        raise SourceError(channel, "Telegram closed the connection") from error
    except _BROKEN as error:
        if isinstance(error, _UNREADABLE) and not isinstance(error, common.InvalidBufferError):
            raise Unreadable(channel, NO_SENSE) from error
        raise SourceError(channel, reason_of(error)) from error


@contextmanager
def answer_errors(channel: str) -> Iterator[None]:
    """The same around a call: what reading a garbled answer raises is anybody's guess."""
    try:
        with telegram_errors(channel):
            yield
    except CourantError:
        raise
    except Exception as error:
        raise Unreadable(channel, NO_SENSE) from error


@contextmanager
def joining_errors(channel: str) -> Iterator[None]:
    """What only joining meets becomes a reason of its own."""
    try:
        yield
    except SourceError as error:
        match error.__cause__:
            case errors.InviteRequestSentError():
                raise CannotJoin(channel, "its admins were asked to let the account in", seconds=3600) from error
            case errors.ChannelsTooMuchError():
                reason = "the account is in as many channels as Telegram allows: leave some"
                raise CannotJoin(channel, reason, full=True) from error
            case errors.InviteHashExpiredError():
                raise ChannelUnavailable(channel, "the invite link has expired: ask for a new one") from error
            case errors.InviteHashInvalidError() | errors.InviteHashEmptyError():
                raise ChannelUnavailable(channel, "the invite link is not valid: compare it") from error
            case errors.RPCError(message=str(text)) if text.startswith("INVITE_SLUG_"):
                reason = "the link of the folder has expired or is not valid: ask for a new one"
                raise ChannelUnavailable(channel, reason) from error
            case errors.RPCError(message=str(text)) if text.startswith("CHATLISTS_TOO_MUCH"):
                reason = "the account has as many shared folders as Telegram allows: leave one"
                raise CannotJoin(channel, reason, full=True) from error
        raise


def reason_of(error: Exception) -> str:
    """What Telethon says of an error, without the request that it names, or the name of its kind. Fit to be kept and
    shown: the words of it are a server's."""
    said = str(error).partition(" (caused by ")[0] or type(error).__name__
    return "".join(sign if sign.isprintable() else "?" for sign in said[:200])
