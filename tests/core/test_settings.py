"""Settings come from the environment and .env, and what cannot be used stops the start with one sentence."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.errors import SettingsError
from core.settings import Settings, load_settings, names, shown


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_everything_has_a_value() -> None:
    settings = load_settings(None)
    assert settings.database_url == "sqlite:///var/courant.db"
    assert settings.preview_url == "https://t.me"
    assert settings.bot_token is None
    assert settings.admins == ()
    assert settings.metrics_host == "127.0.0.1", "nobody else is told how it fares"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COURANT_ADMINS=1\nCOURANT_LOG_FORMAT=json\nPOSTGRES_PASSWORD=of-another-program\n")
    monkeypatch.setenv("COURANT_ADMINS", "5, -100123")
    settings = load_settings(file)
    assert settings.admins == (5, -100123)
    assert settings.log_format == "json"


@pytest.mark.parametrize("nothing", ["", " "])
def test_an_empty_value_is_no_value(nothing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.setenv(name, nothing)
    assert load_settings(None) == Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own


def test_blanks_around_a_value_are_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_BOT_TOKEN", " 123456:ABC\r")
    monkeypatch.setenv("COURANT_PREVIEW_URL", "https://example.org/ ")
    settings = load_settings(None)
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == "123456:ABC"
    assert settings.preview_url == "https://example.org"


@pytest.mark.parametrize("place", ["environment", "file"])
def test_an_unknown_setting_is_refused_with_the_nearest_known_one(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    if place == "file":
        file.write_text("COURANT_DATABSE_URL=x\n")
    else:
        monkeypatch.setenv("COURANT_DATABSE_URL", "x")
    with pytest.raises(SettingsError) as refused:
        load_settings(file)
    assert str(refused.value) == "COURANT_DATABSE_URL: there is no such setting; did you mean COURANT_DATABASE_URL?"


def test_a_setting_like_no_other_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_QWXZ", "x")
    with pytest.raises(SettingsError, match=r"docs/settings\.md lists them all"):
        load_settings(None)


def test_the_folder_of_the_tests_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_DATA", "/somewhere")
    load_settings(None)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("BOT_TOKEN", "secret-and-wrong", "is no token of a bot"),
        ("BOT_TOKEN", "123456:ABC and more", "is no token of a bot"),
        ("BOT_API_URL", "localhost:8081", "is no address"),
        ("BOT_API_URL", "http://:8081", "is no address"),
        ("PREVIEW_URL", "ftp://t.me", "is no address"),
        ("LLM_BASE_URL", "http://host:99999", "is no address"),
        ("DATABASE_URL", "courant.db", "must be sqlite:///FILE or postgresql"),
        ("DATABASE_URL", "mysql://x/y", "must be sqlite:///FILE or postgresql"),
        ("DATABASE_URL", "sqlite:x", "must be sqlite:///FILE or postgresql"),
        ("DATABASE_URL", "postgresqlfoo", "must be sqlite:///FILE or postgresql"),
        ("DATABASE_URL", "'sqlite:///x'", "must be sqlite:///FILE or postgresql"),
        ("ADMINS", "1,someone", "takes numbers with commas between"),
        ("TELEGRAM_API_ID", "-5", "must be greater than 0"),
        ("TELEGRAM_API_ID", "x", "must be a valid integer$"),
        ("TELEGRAM_SESSION", "var/a.session, ~nobody-of-this-name/b", "begins with the home folder"),
        ("TELEGRAM_SERVER", "localhost", "write it as host:port"),
        ("TELEGRAM_SERVER", "localhost:0", "write it as host:port"),
        ("TELEGRAM_SERVER", "localhost:65536", "write it as host:port"),
        ("TELEGRAM_SERVER_KEY", "/no/such/key.pem", "there is no file"),
        ("TELEGRAM_SERVER_KEY", "x" * 5000, "there is no file"),
        ("CONTACT", "me@example.org\nX-Header: 1", "one line"),
        ("SEEDS", "/no/such/folder", "there is no folder"),
        ("SEEDS", "x" * 5000, "there is no folder"),
        ("LLM_PRICE_IN", "inf", "must be a finite number"),
        ("LLM_PRICE_IN", "-1", "must be greater than or equal to 0"),
        ("LLM_PRICE_OUT", "-1", "must be greater than or equal to 0"),
        ("LLM_DAILY_COST", "-1", "must be greater than or equal to 0"),
        ("LLM_DAILY_TOKENS", "-1", "must be greater than or equal to 0"),
        ("LOG_FORMAT", "xml", "must be 'console' or 'json'"),
        ("METRICS_PORT", "70000", "less than or equal to 65535"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"COURANT_{name}", value)
    with pytest.raises(SettingsError, match=reason) as refused:
        load_settings(None)
    assert str(refused.value).startswith(f"COURANT_{name}: ")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("price", ["IN", "OUT"])
def test_one_price_is_enough_to_count_with(price: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_LLM_DAILY_COST", "1")
    monkeypatch.setenv(f"COURANT_LLM_PRICE_{price}", "2")
    assert load_settings(None).llm_daily_cost == 1


def test_the_api_id_goes_with_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_TELEGRAM_API_ID", "12")
    with pytest.raises(SettingsError, match="are set together"):
        load_settings(None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_a_file_in_another_encoding_is_refused_with_its_line(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("\nCOURANT_CONTACT=\u0449\n".encode(encoding))
    with pytest.raises(SettingsError, match=r"line \d: is no UTF-8 text"):
        load_settings(file)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"# ours\nCOURANT_CONTACT=\xff\xfe\n")
    with pytest.raises(SettingsError, match="line 2: is no UTF-8 text"):
        load_settings(file)


def test_a_folder_is_no_file_of_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_settings(tmp_path)


@pytest.mark.parametrize("line", ['COURANT_ADMINS="12', "COURANT_ADMINS", "COURANT_ADMINS 12", "COURANT_ADMINS='1' 2"])
def test_a_line_that_sets_nothing_is_refused_with_its_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# ours\nCOURANT_CONTACT=me@example.org\nOF_OTHERS\n{line}\nCOURANT_LOG_FORMAT=json\n")
    with pytest.raises(SettingsError, match="line 4: write it as NAME=value"):
        load_settings(file)


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "BOT_TOKEN": "123456:TOKENTOKEN",
        "TELEGRAM_API_ID": "77",
        "TELEGRAM_API_HASH": "HASHHASH",
        "TELEGRAM_SESSION": "1" + "SESSION" * 50,
        "LLM_API_KEY": "KEYKEY",
        "DATABASE_URL": "postgresql://me:p/PASSPASS@db/courant?password=ASKEDPASS&sslpassword=KEYPASS",
        "FETCH_ALLOW": "wiki.lan,http://me:HOSTPASS@news.lan:8080,me:OTHERPASS@x.lan,http://me:p@ODDPASS@y.lan",
        "LLM_BASE_URL": "https://user:WORDWORD@llm.example/v1",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(f"COURANT_{name}", value)
    settings = load_settings(None)
    words = "\n".join(f"{name}={value}" for name, value in shown(settings)) + repr(settings.bot_token)
    for secret in (
        "TOKENTOKEN",
        "HASHHASH",
        "SESSIONSESSION",
        "KEYKEY",
        "PASSPASS",
        "ASKEDPASS",
        "KEYPASS",
        "WORDWORD",
        "HOSTPASS",
        "OTHERPASS",
        "ODDPASS",
    ):
        assert secret not in words
    assert settings.shown_database == "postgresql://me:***@db/courant?password=***&sslpassword=***"
    assert f"COURANT_DATABASE_URL={settings.shown_database}" in words


@pytest.mark.parametrize("broken", ['"{}"', "{}*", "x{}", "var/{}"], ids=["in quotes", "cut", "long", "in a folder"])
def test_a_session_that_is_none_is_refused_and_not_shown(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "1" + "SESSION" * 50
    monkeypatch.setenv("COURANT_TELEGRAM_SESSION", f"var/a.session, {broken.format(secret)}")
    with pytest.raises(SettingsError, match="COURANT_TELEGRAM_SESSION: is neither") as refused:
        load_settings(None)
    assert "SESSIONSESSION" not in str(refused.value)


def test_settings_do_not_change() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.contact = "x"
