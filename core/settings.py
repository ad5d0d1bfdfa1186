"""The settings: environment or `.env`, prefix COURANT_, one frozen object, made once in `app/`.

docs/settings.md is the operator's page of it.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, ValidatorFunctionWrapHandler, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingsError
from core.sessions import is_broken, session_file

PREFIX = "COURANT_"
_FILE = Path(".env")
OF_TESTS = frozenset({"COURANT_DATA"})  # where the tests find real pages; no setting of ours
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,100}")
_DATABASE = re.compile(r"(?:sqlite|postgres(?:ql)?)(?:\+\w+)?://")
_SERVER = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5})")
_PASSWORD = re.compile(r"(?<=://)([^:@/\s]*):.*@", re.DOTALL)  # up to the last @: it may hold any sign
_USER = re.compile(r"\A(\w+://)?.*@", re.DOTALL)
_ASKED_PASSWORD = re.compile(r"(?<=[?&])((?:ssl)?password)=[^&\s]*")  # as PostgreSQL takes it, too
_LAST_PORT = 65_535


class Settings(BaseSettings):
    """What an operator may set. Each package is handed only the values that it needs."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="ignore",
        str_strip_whitespace=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///var/courant.db"
    bot_token: SecretStr | None = None
    bot_api_url: str | None = None
    admins: Annotated[tuple[int, ...], NoDecode] = ()
    telegram_api_id: int | None = Field(default=None, gt=0)
    telegram_api_hash: SecretStr | None = None
    telegram_session: SecretStr = SecretStr("var/account.session")
    telegram_server: str | None = None
    telegram_server_key: Path | None = None
    preview_url: str = "https://t.me"
    fetch_allow: Annotated[tuple[str, ...], NoDecode] = ()
    contact: str = ""
    llm_base_url: str | None = None
    llm_api_key: SecretStr | None = None
    llm_model: str | None = None
    llm_daily_tokens: int = Field(default=300_000, ge=0)
    llm_daily_cost: float | None = Field(default=None, ge=0)
    llm_price_in: float = Field(default=0.0, ge=0)
    llm_price_out: float = Field(default=0.0, ge=0)
    embedding_model: str | None = None
    seeds: Path | None = None
    log_format: Literal["console", "json"] = "console"
    metrics_port: int | None = Field(default=None, ge=0, le=_LAST_PORT)
    metrics_host: str = "127.0.0.1"

    @model_validator(mode="before")
    @classmethod
    def _without_blank(cls, values: Mapping[str, object]) -> Mapping[str, object]:
        return {name: value for name, value in values.items() if not (isinstance(value, str) and not value.strip())}

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not _DATABASE.match(value):
            raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/NAME")
        return value

    @field_validator("admins", "fetch_allow", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("admins", mode="wrap")
    @classmethod
    def _are_numbers(cls, value: object, read: ValidatorFunctionWrapHandler) -> object:
        try:
            return read(value)
        except ValidationError:
            raise ValueError(
                "takes numbers with commas between: the bot tells you yours when you send it /status"
            ) from None

    @field_validator("bot_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is no token of a bot: @BotFather gives one like 123456:ABC-def")
        return value

    @field_validator("telegram_session")
    @classmethod
    def _is_session(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip(" ,"):
            raise ValueError("names no session: write a file's path, or several with commas between")
        parts = [part.strip() for part in value.get_secret_value().split(",")]
        if any(map(is_broken, parts)):
            raise ValueError("is neither a file's path nor a whole session: it is cut off, or stands in quotes")
        try:
            for part in parts:
                session_file(part)
        except RuntimeError as error:
            raise ValueError("begins with the home folder of one who has none here: write the whole path") from error
        return value

    @field_validator("bot_api_url", "preview_url", "llm_base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            fit = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            fit = False
        if not fit:
            raise ValueError("is no address: write it as https://host or http://host:port")
        return value.rstrip("/")

    @field_validator("contact")
    @classmethod
    def _is_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line of plain characters: it goes into a header of HTTP")
        return value

    @field_validator("telegram_server")
    @classmethod
    def _is_server(cls, value: str | None) -> str | None:
        match = _SERVER.fullmatch(value) if value is not None else None
        if value is not None and (match is None or not 0 < int(match[1]) <= _LAST_PORT):
            raise ValueError("is no server: write it as host:port")
        return value

    @field_validator("telegram_server_key")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not os.path.isfile(value):  # noqa: PTH113 - one that may not be asked for is none
            raise ValueError(f"there is no file {value} that can be read")
        return value

    @field_validator("seeds")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not os.path.isdir(value):  # noqa: PTH112 - one that may not be asked for is none
            raise ValueError(f"there is no folder {value} that can be read")
        return value

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if (self.telegram_api_id is None) != (self.telegram_api_hash is None):
            raise ValueError("COURANT_TELEGRAM_API_ID and COURANT_TELEGRAM_API_HASH are set together or not at all")
        if self.llm_daily_cost is not None and not self.llm_price_in and not self.llm_price_out:
            raise ValueError(
                "COURANT_LLM_DAILY_COST needs COURANT_LLM_PRICE_IN and COURANT_LLM_PRICE_OUT to count with"
            )
        return self

    @property
    def telegram_sessions(self) -> tuple[str, ...]:
        """The accounts' sessions, each a file's path or a StringSession."""
        return tuple(part.strip() for part in self.telegram_session.get_secret_value().split(",") if part.strip())

    @property
    def llm_key(self) -> str | None:
        """The key of the model's service, in the open: for whoever asks it, and not to be told."""
        return self.llm_api_key.get_secret_value() if self.llm_api_key else None

    @property
    def shown_database(self) -> str:
        """The database's address without its password."""
        return _without_password(self.database_url)


def names() -> tuple[str, ...]:
    """Every setting by its name in the environment."""
    return tuple(f"{PREFIX}{field.upper()}" for field in Settings.model_fields)


def load_settings(env_file: Path | None = _FILE) -> Settings:
    """The settings in force. Raises SettingsError for an unknown name or a value that cannot be used."""
    try:
        for key in (*os.environ, *_keys(env_file)):
            _check_known(key)
        return Settings(_env_file=env_file, _env_file_encoding="utf-8")  # type: ignore[call-arg] # pydantic-settings' own
    except ValidationError as error:
        raise _ours(error) from None  # its own words would show the value
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(env_file or _FILE, "is no UTF-8 text", line) from error
    except OSError as error:
        raise SettingsError(env_file or _FILE, f"cannot be read: {error.strerror}") from error


def _keys(env_file: Path | None) -> Iterator[str]:
    """The names in the file. Raises SettingsError for a line that python-dotenv would pass over with a shrug."""
    if env_file is None or not env_file.exists():
        return
    with env_file.open(encoding="utf-8-sig") as file:
        for binding in parse_stream(file):
            if "\0" in binding.original.string:  # every second byte of a text in UTF-16
                raise SettingsError(env_file, "is no UTF-8 text", binding.original.line)
            key = binding.key or ""
            if binding.error or (key.upper().startswith(PREFIX) and binding.value is None):
                raise SettingsError(env_file, "write it as NAME=value, with two quotes or none", binding.original.line)
            yield key


def without_prefix(settings: Settings) -> Iterator[str]:
    """What to write instead of a name in the file that is a setting's but for the prefix, where that is not set: a
    sentence each. Such a name may as well be another program's, so none is refused."""
    keys = {key.upper() for key in _keys(_FILE)}
    for field in Settings.model_fields:
        if (name := field.upper()) in keys and field not in settings.model_fields_set:
            yield f"{name} in {_FILE} is not read: write {PREFIX}{name} if it is meant for Courant"


def shown(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each setting's name and value as an operator may see it: secrets are told to be set, no more."""
    for field in Settings.model_fields:
        yield f"{PREFIX}{field.upper()}", _shown(getattr(settings, field))


def _shown(value: Any) -> str:
    match value:
        case None | () | "":
            return ""
        case SecretStr():
            # a session is a secret where it is one itself, and may be told where it is a file's name
            parts = [part.strip() for part in value.get_secret_value().split(",")]
            shown = [part if len(part) < 300 and part.endswith(".session") else "(set, hidden)" for part in parts]
            return ",".join(dict.fromkeys(shown))
        case tuple():
            return ",".join(_USER.sub(r"\1***@", str(each)) for each in value)
        case _:
            return _without_password(str(value))


def _without_password(address: str) -> str:
    return _ASKED_PASSWORD.sub(r"\1=***", _PASSWORD.sub(r"\1:***@", address))


def _check_known(key: str) -> None:
    name = key.upper()
    if not name.startswith(PREFIX) or name in OF_TESTS or name in names():
        return
    raise SettingsError(key, f"there is no such setting{_nearest(name, names())}")


def _nearest(name: str, known: Iterable[str]) -> str:
    # the common beginning says nothing: without it a slip stands out
    short = {each.removeprefix(PREFIX): each for each in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), short, n=1, cutoff=0.5)
    return f"; did you mean {short[near[0]]}?" if near else "; docs/settings.md lists them all"


def _ours(error: ValidationError) -> SettingsError:
    first = error.errors(include_url=False, include_input=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return SettingsError("settings", reason)
    # pydantic's own words are of inputs and parsing
    reason = reason.replace("Input should be", "must be").partition(", unable to parse")[0]
    return SettingsError(f"{PREFIX}{str(first['loc'][0]).upper()}", reason)
