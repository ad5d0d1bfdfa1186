"""Signing an account in: phone, code, password. What is asked goes through `ask`, so that no terminal is known here."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from telethon import TelegramClient, errors

from core.errors import BadInput
from ingest.telegram import ACCOUNT, Account, open_session, telegram_errors

_ATTEMPTS = 3


class Question(StrEnum):
    """What a person is asked."""

    PHONE = "phone"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - the name of a question


Ask = Callable[[Question], Awaitable[str]]


async def sign_in(account: Account, ask: Ask) -> str:
    """Sign the account in and keep its session; gives its name. One that is signed in already is asked nothing.

    Raises BadInput for an answer that is wrong for the third time, SourceError where Telegram refuses or is not there.
    """
    client = TelegramClient(open_session(account), account.api_id, account.api_hash, flood_sleep_threshold=0)
    try:
        with telegram_errors(ACCOUNT):
            await client.connect()
            if not await client.is_user_authorized():
                await _sign_in(client, ask)
            me = await client.get_me()
    finally:
        await client.disconnect()
    return f"@{me.username}" if me.username else f"{me.first_name or ''} {me.last_name or ''}".strip() or str(me.id)


async def _sign_in(client: TelegramClient, ask: Ask) -> None:
    phone = (await ask(Question.PHONE)).strip()
    try:
        sent = await client.send_code_request(phone)
    except (errors.PhoneNumberInvalidError, errors.PhoneNumberBannedError, TypeError) as error:
        raise BadInput("the phone", "Telegram does not take this number; it is written as +12025550123") from error
    for attempt in range(_ATTEMPTS):
        try:
            await client.sign_in(phone, (await ask(Question.CODE)).strip(), phone_code_hash=sent.phone_code_hash)
        except errors.SessionPasswordNeededError:
            await _password(client, ask)
        except (errors.PhoneCodeInvalidError, errors.PhoneCodeEmptyError) as error:
            if attempt == _ATTEMPTS - 1:
                raise BadInput("the code", "is not the one that Telegram sent") from error
            continue
        except errors.PhoneCodeExpiredError as error:
            raise BadInput("the code", "has expired: begin again") from error
        return


async def _password(client: TelegramClient, ask: Ask) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            await client.sign_in(password=await ask(Question.PASSWORD))
        except errors.PasswordHashInvalidError as error:
            if attempt == _ATTEMPTS - 1:
                raise BadInput("the password", "is not the one of this account") from error
            continue
        return
