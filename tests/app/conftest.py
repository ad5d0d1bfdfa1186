"""An installation of its own for each test: a working directory, seeds, a database, and the command line over them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli import run
from core.settings import PREFIX
from tests.interpreter import REPOSITORY

SEEDS = REPOSITORY / "seeds"


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def objects(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]


Courant = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory without any setting."""
    import os

    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def courant(home: Path, capfd: pytest.CaptureFixture[str]) -> Courant:
    """The command line, in this process: `courant("search", "oil")`."""

    def call(*arguments: str | Path) -> Said:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def empty(home: Path, sqlite_template: Path) -> Path:
    """A home with the lists of the made-up day and an empty database."""
    (home / "seeds").mkdir()
    shutil.copy(SEEDS / "day" / "channels.toml", home / "seeds")
    (home / "var").mkdir()
    shutil.copy(sqlite_template, home / "var" / "courant.db")
    return home


@pytest.fixture(scope="session")
def day_database(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database that holds the made-up day, imported as a person would."""
    folder = tmp_path_factory.mktemp("day")
    shutil.copy(sqlite_template, folder / "courant.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURANT_DATABASE_URL", f"sqlite:///{folder}/courant.db")
        patch.setenv("COURANT_SEEDS", str(SEEDS / "day"))
        assert run(["import", str(SEEDS / "day")]) == 0
    return folder / "courant.db"


@pytest.fixture
def day(empty: Path, day_database: Path) -> Path:
    """A home with the made-up day in its database."""
    shutil.copy(day_database, empty / "var" / "courant.db")
    return empty


@pytest.fixture(scope="session")
def quiet_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds of which one channel has posts, for tests to which the whole day says no more."""
    folder = tmp_path_factory.mktemp("quiet") / "day"
    folder.mkdir()
    for name in ("channels.toml", "harbour_wire.html"):
        shutil.copy(SEEDS / "day" / name, folder)
    return folder.parent
