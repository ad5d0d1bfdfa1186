"""Who has heard enough waits for no more input."""

import os
import sys
from pathlib import Path

import pytest

from app.console import BadLines, json_lines


def test_a_filter_that_nobody_hears_does_not_wait_for_input(monkeypatch: pytest.MonkeyPatch) -> None:
    (asked, asks), (heard, hears) = os.pipe(), os.pipe()
    os.set_blocking(asked, False)
    with os.fdopen(asked, "rb") as file, os.fdopen(asks, "wb", 0) as shell, os.fdopen(hears, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        lines = json_lines(file, BadLines(file))
        shell.write(b'{"id": 1}\n')
        assert next(lines) == (1, '{"id": 1}\n')
        os.close(heard)
        with pytest.raises(BrokenPipeError):
            next(lines)


def test_what_lies_in_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("1\n\n" * 9_999 + "last")
    with path.open("rb") as file:
        assert [line for _, line in json_lines(file, BadLines(file))] == ["1\n"] * 9_999 + ["last"]
