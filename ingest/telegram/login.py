"""Signing an account in: by phone, code and the password of the second step, or by opening an address on a phone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum, auto
from typing import Any

from telethon import errors, utils

from core.errors import RateLimited, SettingsError, SourceError
from core.sessions import is_session_string
from ingest.telegram.account import Account
from ingest.telegram.errors import ACCOUNT, telegram_errors
from ingest.telegram.line import PATIENCE
from ingest.telegram.session import connect, disconnect, open_client

TRIES = 3
ADDRESSES = 10  # one after the other, each good for half a minute
_AGAIN = "start again with `courant login`"


class Question(StrEnum):
    """What is asked of whoever signs in."""

    PHONE = auto()
    CODE = auto()
    PASSWORD = auto()


Ask = Callable[[Question], Awaitable[str]]
Tell = Callable[[str], None]


async def sign_in(
    account: Account,
    ask: Ask,
    tell: Tell = lambda sentence: None,
    *,
    by_address: bool = False,
    draw: Tell = lambda address: None,
    patience: float = PATIENCE,
) -> str:
    """Sign the account in and keep its session; gives the account's name.

    `ask` brings the answers, `tell` says what went wrong on the way. With `by_address` a `tg://login` address is told
    instead of asking for phone and code, and given to `draw` to be shown as a QR code. Does nothing where the account
    is signed in already. Raises SourceError with what to do, and SettingsError for settings that cannot be used.
    """
    client = open_client(account)
    try:
        with _login_errors():
            async with asyncio.timeout(patience):
                try:
                    user = await _known(client)
                except errors.AuthKeyDuplicatedError:  # as where two machines have used the session at once
                    _check_is_kept(account)
                    await _forget_key(client)
                    user = await _known(client)
            if user is None:
                _check_is_kept(account)
                user = await _Login(client, ask, tell, draw, patience).run(by_address=by_address)
        return _name(user)
    finally:
        await disconnect(client)


async def _known(client: Any) -> Any:
    """Connect; gives the user of an account that is signed in."""
    await connect(client)
    return await client.get_me()


async def _forget_key(client: Any) -> None:
    """Disconnect, and have the session agree on another key when it is connected again."""
    await disconnect(client)
    client.session.auth_key = client._sender.auth_key.key = None
    client.session.save()


class _Login:
    """The steps of signing in; each gives the account's user, and raises SourceError after too many attempts."""

    def __init__(self, client: Any, ask: Ask, tell: Tell, draw: Tell, patience: float) -> None:
        self._client, self._ask, self._tell, self._draw, self._patience = client, ask, tell, draw, patience

    async def run(self, *, by_address: bool) -> Any:
        try:
            return await (self._by_address() if by_address else self._by_phone())
        except errors.SessionPasswordNeededError:
            return await self._by_password()

    async def _answer(self, call: Awaitable[Any]) -> Any:
        """Telegram's answer to a call, which takes no longer than there is patience."""
        async with asyncio.timeout(self._patience):
            return await call

    async def _by_phone(self) -> Any:
        phone = await self._send_code()
        for left in reversed(range(TRIES)):
            code = "".join((await self._ask(Question.CODE)).split()).replace("-", "")
            try:
                return await self._answer(self._client.sign_in(phone, code or "0"))
            except (errors.PhoneCodeInvalidError, errors.PhoneCodeEmptyError):
                if left:
                    self._tell("This is not the code: type the digits of the newest message from Telegram.")
            except errors.PhoneCodeExpiredError:
                if left:
                    self._tell("The code has expired: a new one is on its way.")
                    await self._answer(self._client.send_code_request(phone))
        raise SourceError(ACCOUNT, f"the code was wrong {TRIES} times: {_AGAIN}")

    async def _send_code(self) -> str:
        for left in reversed(range(TRIES)):
            phone = utils.parse_phone(await self._ask(Question.PHONE))
            with suppress(errors.PhoneNumberInvalidError):
                if phone:
                    self._tell(_where(await self._answer(self._client.send_code_request(phone))))
                    return str(phone)
            if left:
                self._tell("This is no phone number: write it with its country's code, as +12025550123.")
        raise SourceError(ACCOUNT, f"there was no phone number: {_AGAIN}")

    async def _by_password(self) -> Any:
        self._tell("The account has a second step: its password is needed, too.")
        for left in reversed(range(TRIES)):
            password = await self._ask(Question.PASSWORD)
            with suppress(errors.PasswordHashInvalidError):
                if password:
                    return await self._answer(self._client.sign_in(password=password))
            if left:
                self._tell("This is not the password.")
        raise SourceError(ACCOUNT, f"the password was wrong {TRIES} times: {_AGAIN}")

    async def _by_address(self) -> Any:
        for _ in range(ADDRESSES):
            login = await self._answer(self._client.qr_login())
            self._tell(f"In Telegram on a phone: Settings, Devices, Link a device; or open this there: {login.url}")
            self._draw(login.url)
            try:
                return await login.wait()
            except TimeoutError:
                self._tell("The address has expired: here is a new one.")
        raise SourceError(ACCOUNT, f"nobody opened the address: {_AGAIN}")


def _check_is_kept(account: Account) -> None:
    if is_session_string(account.session):
        raise SettingsError(
            "COURANT_TELEGRAM_SESSION", "is a session that was signed out: name a file in which to keep a new one"
        )


def _where(sent: Any) -> str:
    kind = type(sent.type).__name__.removeprefix("SentCodeType")
    if kind == "App":
        return "Telegram has sent a code to the account's other devices, as a message from Telegram."
    if kind in ("Sms", "SmsWord", "SmsPhrase", "FirebaseSms", "FragmentSms"):
        return "Telegram has sent a code in a text message."
    if kind == "EmailCode":
        return "Telegram has sent a code to the account's e-mail address."
    if kind in ("Call", "FlashCall", "MissedCall"):
        return "Telegram tells the code in a call."
    return "Telegram has sent a code."


def _name(user: Any) -> str:
    named = utils.get_display_name(user) or "an account without a name"
    return f"{named} (@{user.username})" if user.username else named


@contextmanager
def _login_errors() -> Iterator[None]:
    """What only signing in meets becomes a sentence of its own."""
    try:
        with telegram_errors(ACCOUNT):
            try:
                yield
            except (errors.ApiIdInvalidError, errors.ApiIdPublishedFloodError) as error:
                raise SettingsError(
                    "COURANT_TELEGRAM_API_ID", "is refused by Telegram: compare it and the hash with my.telegram.org"
                ) from error
            except (errors.PhoneNumberFloodError, errors.PhonePasswordFloodError) as error:
                raise SourceError(ACCOUNT, "there were too many attempts: try again tomorrow") from error
            except errors.SendCodeUnavailableError as error:
                reason = "Telegram sends no more codes for now: try again tomorrow, or with `courant login --qr`"
                raise SourceError(ACCOUNT, reason) from error
            except errors.UpdateAppToLoginError as error:
                raise SourceError(ACCOUNT, "Telegram lets newer programs sign in only: update Telethon") from error
            except errors.PhoneNumberBannedError as error:
                raise SourceError(ACCOUNT, "Telegram has banned this phone number") from error
            except (errors.PhoneNumberUnoccupiedError, errors.PhoneNumberAppSignupForbiddenError) as error:
                raise SourceError(
                    ACCOUNT, "nobody has this number: make the account in a Telegram app first"
                ) from error
    except RateLimited as error:
        raise SourceError(ACCOUNT, f"Telegram asks to wait {_long(error.seconds)} before another attempt") from error


def _long(seconds: float) -> str:
    for unit, size in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{-(-seconds // size):.0f} {unit}"
    return f"{seconds:.0f} seconds"
