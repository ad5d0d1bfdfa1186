"""The settings of the MTProto account as one value."""

from pathlib import Path

from core.errors import SettingsError
from core.settings import Settings
from ingest.telegram import Account, is_session_string


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


def session_file(settings: Settings) -> Path | None:
    """Where the session is kept; None where the setting is the session itself."""
    session = settings.telegram_session.get_secret_value()
    return None if is_session_string(session) else Path(session.removesuffix(".session") + ".session").expanduser()


def has_account(settings: Settings) -> bool:
    """Whether there is an account to read channels with: the settings name it, and it was signed in once."""
    if settings.telegram_api_id is None:
        return False
    file = session_file(settings)
    return file is None or file.is_file()
