"""What commands show on a terminal, and in a pipe."""

import io
import os
import sys
import termios
from contextlib import suppress

import click
import pytest
import segno

from app.console import draw_code, put_table, same_terminal, say
from tests.screens import Screen

ADDRESS = "tg://login?token=dG9rZW4"
HALVES = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0), "\xa0": (0, 0)}


def test_an_address_is_drawn_as_the_code_that_a_phone_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    draw_code(ADDRESS)
    lines = [line for line in click.unstyle(screen.getvalue()).splitlines() if line]
    rows = [[HALVES[sign][half] for sign in line] for line in lines for half in (0, 1)]
    code = [[1 - dark for dark in row] for row in segno.make(ADDRESS, error="L", micro=False).matrix_iter(border=4)]
    assert rows[: len(code)] == code
    assert all(line.startswith("\x1b[") for line in screen.getvalue().splitlines()), "on any colours of the terminal"


def test_a_pipe_gets_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    draw_code(ADDRESS)
    assert pipe.getvalue() == ""


def test_a_terminal_gets_back_the_echo_that_a_password_took(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs) as screen, os.fdopen(ours):
        monkeypatch.setattr(sys, "stdin", screen)
        before = termios.tcgetattr(screen)
        silent = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
        with suppress(KeyboardInterrupt), same_terminal():
            termios.tcsetattr(screen, termios.TCSANOW, silent)
            raise KeyboardInterrupt
        assert termios.tcgetattr(screen) == before


def test_a_table_has_no_empty_columns_on_a_terminal_and_all_of_them_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (Screen(), io.StringIO()):
        monkeypatch.setattr(sys, "stdout", stream)
        put_table(("place", "taste", "story"), [("1", "", "A strike"), ("2", "", "A storm")])
        if stream.isatty():
            assert click.unstyle(stream.getvalue()).split() == "place story 1 A strike 2 A storm".split()
        else:
            assert stream.getvalue() == "1\t\tA strike\n2\t\tA storm\n"


@pytest.mark.parametrize("screen", [Screen(), io.StringIO()])
def test_what_others_wrote_moves_about_on_no_terminal(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", screen)
    put_table(("title",), [["\x1b]0;owned\x07 news"]])
    say("What \x9b2J is could not be asked")
    assert "\\x1b]0;owned\\x07 news" in screen.getvalue()
    assert "What \\x9b2J is" in screen.getvalue()


def test_a_pipe_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with same_terminal():
        pass
