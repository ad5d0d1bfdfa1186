"""What is kept of a run measures what a new run would."""

import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 12):
    pytest.skip("SlipCover needs no probes from Python 3.12 on", allow_module_level=True)

import slipcover

from tests.probes import Probed

SOURCE = """
def sign(number):
    if number < 0:
        return -1
    for _ in range(number):
        return 1
    return 0

print(sign({number}))
"""


def measured(folder: Path, file: Path) -> Any:
    """What a process says of the file that it has run."""
    measure = slipcover.Slipcover(branch=True, d_miss_threshold=-1)
    exec(Probed(measure, folder).code(file), {})  # noqa: S102 - the words above
    measure.deinstrument_seen()
    (reached,) = measure.get_coverage()["files"].values()
    return reached


@pytest.mark.parametrize("number", ["-3", "0", "3"])
def test_code_that_was_kept_is_measured_like_new(number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sign.py"
    file.write_text(SOURCE.format(number=number))
    new = measured(tmp_path / "kept", file)
    assert new["missing_lines"]
    assert new["missing_branches"]
    monkeypatch.delattr(slipcover.Slipcover, "instrument")
    assert measured(tmp_path / "kept", file) == new


def test_a_file_that_changed_is_not_taken_for_what_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sign.py"
    for number in "3", "0":
        file.write_text(SOURCE.format(number=number))
        measured(tmp_path / "kept", file)
    assert capsys.readouterr().out == "1\n0\n"


def test_what_others_made_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    files = [tmp_path / f"{each}.py" for each in range(4)]
    for file in files:
        file.write_text("x = 1")
    made: list[Path] = []

    class Noting(Probed):
        def code(self, path: Path) -> Any:
            made.append(path)
            if path == files[3]:  # another process, which began at the first
                Probed(slipcover.Slipcover(branch=True), tmp_path / "kept").keep(files[:2], 0)
            return super().code(path)

    Noting(slipcover.Slipcover(branch=True), tmp_path / "kept").keep(files, 2)
    assert made == files[2:]
