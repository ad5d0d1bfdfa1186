"""`courant try`: the real bot over the made-up day, from a pipe."""

import asyncio
import io
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.commands.try_out import next_line
from tests.app.conftest import Courant, Said
from tests.interpreter import REPOSITORY
from tests.screens import Keyboard

Typed = Callable[..., Said]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, courant: Courant, home: Path) -> Typed:
    """A conversation: lines that come through a pipe, or another source of lines."""

    def call(*words: str, options: tuple[str, ...] = (), source: type[io.TextIOWrapper] = io.TextIOWrapper) -> Said:
        typed = io.BytesIO(("\n".join(words) + "\n").encode(errors="surrogateescape"))
        monkeypatch.setattr(sys, "stdin", source(typed, "utf-8", errors="surrogateescape"))
        return courant("try", *options)

    return call


@pytest.fixture
def quietly(quiet_day: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """A conversation over a day on which one channel has posts."""
    monkeypatch.setenv("COURANT_SEEDS", str(quiet_day))
    return typed


def test_the_main_job_in_one_line(typed: Typed) -> None:
    said = typed("/start", "/lists", "/subscribe world", "/digest", "/search sanctions")
    assert said.code == 0
    assert said.err == ""
    for words in (
        "I am Courant.",
        "What would you like to follow?",
        "World affairs · Tuesday, 18 February",
        "posts in 5 channels became",
        "https://t.me/harbour_wire/",
        "At what hour should the digest come",
        "Left out:",
        "\nsanctions",
    ):
        assert words in said.out
    assert "<b>" not in said.out
    assert _not_said(README.partition("courant try\n\n    I am")[2].partition("\n## ")[0], said.out) == []


def test_who_gives_no_line_is_shown_what_may_be_written_and_what_the_bot_answers(
    courant: Courant, home: Path, quiet_day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURANT_SEEDS", str(quiet_day))
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    said = courant("try")
    assert said.code == 0
    assert said.err.splitlines() == ["> /start", "> /subscribe world", "> /digest", "> /search sanctions"]
    for words in ("I am Courant.", "World affairs · Tuesday, 18 February", "\nsanctions"):
        assert words in said.out


def _not_said(example: str, out: str) -> list[str]:
    """The pieces of an example, between its "…", that do not stand in what was said, one after the other."""
    said, at, missing = " ".join(out.split()), 0, []
    for piece in (" ".join(part.split()) for part in example.split("…")):
        found = said.find(piece, at)
        if found < 0:
            missing.append(piece)
        else:
            at = found + len(piece)
    return missing


def test_buttons_are_pressed_by_their_numbers(quietly: Typed) -> None:
    said = quietly("/start", "9:00", "\udcff\udcfe", "/lists", "#2", "#999", "/channels", source=Keyboard)
    assert "Something went wrong" not in said.out  # in another encoding: words like any others
    waiting, hint = said.err.splitlines()[:2]
    assert waiting.startswith("Reading a made-up day")  # at once, while everything else is loaded
    assert hint.startswith("Write to the bot (/start, /lists,")
    assert "✓ Economy" in said.out
    assert "There is no button #999." in said.out


def test_calls_come_as_json_where_that_is_wanted(quietly: Typed) -> None:
    said = quietly("/start", "/lists", options=("--json", "--language", "ru"))
    assert said.code == 0
    assert all(list(each) == ["method", "text", "buttons"] for each in said.objects)
    assert said.objects[0]["method"] == "sendMessage"
    assert "Courant" in said.objects[0]["text"]
    assert any("Мир" in button for button in said.objects[-1]["buttons"])


def test_seeds_that_are_not_there_are_told_of(typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "seeds" / "day"
    folder.mkdir(parents=True)
    (folder / "channels.toml").write_text("[lists.a]\nchannels = []\n")
    monkeypatch.setenv("COURANT_SEEDS", str(folder.parent))
    said = typed("/start")
    assert said.code == 1
    assert "there are no pages with posts in this folder" in said.err


def test_the_first_answer_comes_before_the_input_ends_and_who_has_heard_enough_may_go(
    home: Path, quiet_day: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app", "try"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=home,
        # unbuffered, as containers have it: the pipe breaks in the middle of a message
        env={"PYTHONPATH": str(REPOSITORY), "COURANT_SEEDS": str(quiet_day), "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"/start\n")
        process.stdin.flush()
        assert b"Courant" in process.stdout.readline()  # while the input is still open
        process.stdout.close()
        _, said = process.communicate(b"/help\n", 120)
    assert (process.returncode, said) == (0, b"")
    assert not list(home.iterdir())  # nothing is kept


class Pipe:
    """A pipe through which nothing comes; Ctrl-C is pressed while it is waited for."""

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        signal.raise_signal(signal.SIGINT)
        return "/start"


async def test_ctrl_c_ends_the_waiting_for_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe())
    with pytest.raises(KeyboardInterrupt):
        await next_line()


async def test_a_ctrl_c_that_came_while_nothing_was_awaited_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("/start"))

    async def converse() -> None:
        if task := asyncio.current_task():
            task.cancel()  # as asyncio takes a Ctrl-C
        await next_line()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.get_running_loop().create_task(converse())
    assert sys.stdin.read() == "/start"
