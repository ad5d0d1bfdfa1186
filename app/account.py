"""The settings of the MTProto account as one value."""

import re
from pathlib import Path

from core.errors import SettingsError
from core.settings import Settings
from ingest.telegram import Account

_STRING_SESSION = re.compile(r"1[\w=-]{300,}")


def account_of(settings: Settings) -> Account:
    """The account to sign in with. Raises SettingsError where the API's id and hash are not set."""
    if settings.telegram_api_id is None or settings.telegram_api_hash is None:
        raise SettingsError(
            "COURANT_TELEGRAM_API_ID", "is not set: my.telegram.org gives an id and a hash to each account"
        )
    return Account(
        api_id=settings.telegram_api_id,
        api_hash=settings.telegram_api_hash.get_secret_value(),
        session=settings.telegram_session.get_secret_value(),
        server=settings.telegram_server,
        server_key=settings.telegram_server_key,
    )


def is_session_string(settings: Settings) -> bool:
    """Whether the session is given whole, instead of as a file's path."""
    return _STRING_SESSION.fullmatch(settings.telegram_session.get_secret_value()) is not None


def session_file(settings: Settings) -> Path:
    return Path(settings.telegram_session.get_secret_value().removesuffix(".session") + ".session").expanduser()


def has_account(settings: Settings) -> bool:
    """Whether there is an account to read channels with: the settings name it, and it has been signed in once."""
    if settings.telegram_api_id is None:
        return False
    return is_session_string(settings) or session_file(settings).is_file()
