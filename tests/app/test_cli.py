"""How commands end: exit codes, sentences, help, and what a person can do wrong."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from shlex import quote

import pytest
from sqlalchemy import create_engine, text

from app.cli import _MODULES, COMMANDS, run
from tests.app.conftest import Courant
from tests.interpreter import REPOSITORY, modules_after

ENVIRONMENT = {"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_the_words_of_the_overview(name: str, courant: Courant) -> None:
    said = courant(name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: courant {name}")
    assert import_module(_MODULES[name]).command.get_short_help_str(200).rstrip(".")


def test_the_overview_names_every_command(courant: Courant) -> None:
    said = courant("--help")
    assert said.code == 0
    assert all(f"  {name} " in said.out for name in COMMANDS)
    assert courant().code == 2


def test_the_overview_loads_no_command() -> None:
    modules = modules_after("from app.cli import run; run(['--help'])")
    assert "click" in modules
    assert not {"aiogram", "sqlalchemy", "pydantic", "telethon", "trafilatura", "aiohttp", "rich"} & modules


def test_what_reads_the_preview_needs_no_telethon() -> None:
    """Nor aiogram: each is 25 MB or more."""
    modules = modules_after("import app.wiring, ingest.preview.reader")
    assert not {"aiogram", "telethon", "trafilatura", "py3langid"} & modules


def test_the_version_is_told(courant: Courant) -> None:
    assert courant("--version").out.startswith("courant ")


def test_bad_usage_is_2(courant: Courant) -> None:
    assert courant("nonsense").code == 2
    assert "No such command 'digset': did you mean 'digest'?" in courant("digset").err
    assert courant("search").code == 2
    assert courant("run", "--only", "everything").code == 2
    said = courant("digest", "--from", "24h", "--hours", "5")
    assert said.code == 2
    assert "--from and --hours say the same" in said.err


def test_an_unknown_setting_stops_every_command_with_one_sentence(
    courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_BOT_TOKN", "x")
    for name in ("config", "run", "stats", "try"):
        said = courant(name)
        assert said.code == 1
        assert said.out == ""
        assert said.err == "courant: COURANT_BOT_TOKN: there is no such setting; did you mean COURANT_BOT_TOKEN?\n"


def test_a_database_of_a_newer_version_is_refused(empty: Path, courant: Courant) -> None:
    engine = create_engine(f"sqlite:///{empty}/var/courant.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'x99'"))
    engine.dispose()
    said = courant("stats")
    assert said.code == 1
    assert said.err.startswith("courant: The database is of a newer version (x99)")
    assert said.err.count("\n") == 1


def test_a_file_that_is_no_database_is_refused(home: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "notes.txt").write_text("these are my notes, and not a database at all\n" * 50)
    monkeypatch.setenv("COURANT_DATABASE_URL", "sqlite:///notes.txt")
    said = courant("stats")
    assert said.code == 1
    assert said.err.startswith("courant: The database cannot be used (file is not a database): see whether")
    assert said.err.count("\n") == 1
    assert "notes, and not a database" in (home / "notes.txt").read_text()


def test_a_reader_that_has_heard_enough_is_no_failure(day: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        ["/bin/bash", "-c", f"set -o pipefail; {quote(sys.executable)} -m app export | head -n 1"],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT | {"PYTHONUNBUFFERED": "1"},  # as containers have it
        cwd=day,
    )
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["stories <&-", "config >&-", "config <&- >&- 2>&-"])
def test_what_the_shell_has_closed_is_no_failure(home: Path, command: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        ["/bin/bash", "-c", f"{quote(sys.executable)} -m app {command}"],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
        cwd=home,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, courant: Courant) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.commands.config.load_settings", interrupted)
    said = courant("config")
    assert said.code == 130
    assert said.err.strip() == ""


def test_a_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch, courant: Courant) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.commands.config.load_settings", full)
    assert courant("config").err == "courant: There is no room left on the disk.\n"


def test_a_full_disk_under_the_output_is_not_laid_to_the_database(
    day: Path, monkeypatch: pytest.MonkeyPatch, courant: Courant
) -> None:
    with TextIOWrapper(Path("/dev/full").open("wb", buffering=0), write_through=True) as full:
        monkeypatch.setattr("sys.stdout", full)
        assert courant("export").err == "courant: stdout: there is no room left for what is written\n"


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr("app.commands.config.load_settings", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(["config"])


def test_python_m_app_is_courant() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.startswith("Usage: courant")


def test_the_settings_in_force_are_shown_without_secrets(courant: Courant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURANT_BOT_TOKEN", "123456:SECRETSECRET")
    said = courant("config")
    assert "COURANT_BOT_TOKEN=(set, hidden)" in said.lines
    assert "COURANT_PREVIEW_URL=https://t.me" in said.lines
    assert courant("config", "--json").objects[0]["COURANT_BOT_TOKEN"] == "(set, hidden)"
    assert "SECRET" not in said.out


# a process that runs tests hears no Ctrl-C, nor do those that it starts
_HEARS = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from app.__main__ import main; "


_DROPPED = """
class Dropped:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)  # what is raised in here goes no further

class Finder:
    def find_spec(self, name, path, target=None):
        if name == {name!r}:
            Dropped()

sys.meta_path.insert(0, Finder())
main()
"""


@pytest.mark.parametrize("name", ["app.cli", "app.commands.config"])
def test_ctrl_c_is_heard_while_modules_are_loaded(empty: Path, name: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _HEARS + _DROPPED.format(name=name), "config"],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        cwd=empty,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_command_may_be_run_by_a_thread_which_hears_no_ctrl_c(courant: Courant) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(courant, "config").result().code == 0
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_a_command_that_waits_for_a_line(empty: Path) -> None:
    os.mkfifo(empty / "pipe")
    running = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", f"{_HEARS}main()", "import", "pipe"],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd=empty,
    )
    with running, (empty / "pipe").open("wb"):  # which the command has opened then
        running.send_signal(signal.SIGINT)
        try:
            _, said = running.communicate(timeout=120)
        finally:
            running.kill()
    assert (running.returncode, said.strip()) == (130, b"")
