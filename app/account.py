"""The settings of the MTProto accounts as values."""

from hashlib import blake2b

from core.errors import SettingsError
from core.model import WEB_WAY
from core.sessions import session_file
from core.settings import Settings
from ingest.telegram.account import Account


def accounts_of(settings: Settings) -> tuple[Account, ...]:
    """The accounts to sign in with, as COURANT_TELEGRAM_SESSION names them. A session file gives an account its name.

    Raises SettingsError where the API's id and hash are not set, and for two accounts of one name.
    """
    if settings.telegram_api_id is None or settings.telegram_api_hash is None:
        raise SettingsError(
            "COURANT_TELEGRAM_API_ID", "is not set: my.telegram.org gives an id and a hash to each account"
        )
    accounts = tuple(
        Account(
            api_id=settings.telegram_api_id,
            api_hash=settings.telegram_api_hash.get_secret_value(),
            session=session,
            name=_name(session),
            server=settings.telegram_server,
            server_key=settings.telegram_server_key,
        )
        for session in settings.telegram_sessions
    )
    names = [account.name for account in accounts]
    for name in names:
        if names.count(name) > 1 or name == WEB_WAY:
            raise SettingsError(
                "COURANT_TELEGRAM_SESSION", f'"{name}" cannot name an account here: give each file a name of its own'
            )
    return accounts


def account_of(settings: Settings, name: str | None = None) -> Account:
    """The account of this name; without one the first that was not signed in yet, else the first of all.

    Raises SettingsError as `accounts_of`, and for a name that none has.
    """
    accounts = accounts_of(settings)
    for account in accounts:
        if account.name == name or (name is None and not _was_signed_in(account)):
            return account
    if name is None:
        return accounts[0]
    known = ", ".join(account.name for account in accounts)
    raise SettingsError("COURANT_TELEGRAM_SESSION", f'names no account "{name}"; there are: {known}')


def signed_in(settings: Settings) -> tuple[Account, ...]:
    """The accounts to read channels with: those that the settings name and that were signed in once."""
    if settings.telegram_api_id is None:
        return ()
    return tuple(account for account in accounts_of(settings) if _was_signed_in(account))


def _was_signed_in(account: Account) -> bool:
    file = session_file(account.session)
    return file is None or file.is_file()


def _name(session: str) -> str:
    file = session_file(session)
    return file.stem if file else f"session-{blake2b(session.encode(), digest_size=3).hexdigest()}"
